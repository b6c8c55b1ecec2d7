"""A directive about access stands where AppSync never looks.

## What it does

Reports AppSync's authorization directives on interfaces and their fields, unions, inputs and their fields, enums and
their values, scalars, arguments and the `schema` block. There is one finding for each type. It is a warning where the
directive was to keep somebody out who gets in, and only noted where it changes nothing. An interface or union whose
object types carry the same directives is not reported.

## Why it matters

AppSync decides on the fields of object types. What it returns for an interface or union is decided on the object's own
type; what a caller sends, inputs and arguments, is never checked. The schema deploys with such a directive, and it
restricts nobody: whoever may call `createUser` may set every field of its input.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
type Mutation {
  saveUser(input: UserInput!): ID
}
input UserInput {
  name: String
  role: String @aws_cognito_user_pools(cognito_groups: ["Admins"])
  #            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
type Mutation {
  saveUser(input: UserInput!): ID
  setRole(user: ID!, role: String!): ID @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
input UserInput {
  name: String
}
```

## Limits

The confidence is medium: the service declares the directives for object types and fields, and schemas that carry them
elsewhere are known to deploy, but nobody has published a measurement for interfaces and unions. `@aws_auth` on object
types is the matter of `nested-aws-auth-dead` and `aws-auth-on-root-type`.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from appsync_lint.plugin import (
    Caller,
    Directive,
    Edit,
    Field,
    Finding,
    Fix,
    Label,
    Mode,
    Rule,
    Severity,
    Subject,
    listing,
)

from ._consequence import AUTH, COGNITO, POOLS, cause, groups_of, on_object
from ._groups import elsewhere
from ._names import AUTH_DIRECTIVES

_WHAT = {
    "INPUT_OBJECT": "what callers send",
    "INPUT_FIELD_DEFINITION": "what callers send",
    "ARGUMENT_DEFINITION": "arguments",
    "ENUM": "enums",
    "ENUM_VALUE": "enums",
    "SCALAR": "scalars",
}


class MisplacedAuthDirective(Rule):
    name = "misplaced-auth-directive"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.3
    cwe = (862,)
    since = "0.1.0"
    facts = ("1.3", "1.4", "2.7", "2.8")
    needs_api = False
    yields_to = ("connection-wrapper-missing-mode", "nonnull-field-denied", "return-type-unreachable")
    safe_fix = "removes it from inputs, arguments, enums and scalars where it was hardly meant to keep anybody out"

    def check(self, subject: Subject) -> Iterator[Finding]:
        folded = subject.described is not None and subject.api.tool.folds_extensions
        unread: dict[str, list[Directive]] = {}
        abstract: dict[str, dict[str, list[Directive]]] = {}
        for directive in subject.schema.applied(*AUTH_DIRECTIVES):
            if on_object(subject, directive) or (directive.from_extension and not folded):
                continue
            name = directive.owner.partition(".")[0]
            if directive.place == "SCHEMA":
                unread.setdefault("", []).append(directive)
            elif directive.place in _WHAT:
                unread.setdefault(name, []).append(directive)
            else:
                abstract.setdefault(name, {}).setdefault(directive.owner, []).append(directive)
        for name, found in unread.items():
            yield self._on_unread(subject, found) if name else self._on_schema(found)
        for name, by_owner in abstract.items():
            yield from self._on_abstract(subject, name, by_owner)

    def _on_schema(self, found: list[Directive]) -> Finding:
        names = listing((f"@{item.name}" for item in found), limit=5)
        return self.finding(
            found[0],
            f"AppSync does not read {names} on the schema block: who gets in by default is a setting of the API",
            label="does nothing",
            help="remove it; set the API's default mode, or write the directives on the types and fields",
            causes=[cause(item) for item in found],
        )

    def _on_unread(self, subject: Subject, found: list[Directive]) -> Finding:
        named: dict[str, set[str]] = {}
        for item in found:
            named.setdefault(item.owner, set()).add(item.name)
        meant = [item for item in found if _was_to_restrict(subject, item, named[item.owner])]
        first = (meant or found)[0]
        others = list({item.owner: item for item in found if item.owner != first.owner}.values())
        names = listing((f"@{item.name}" for item in found if item.owner == first.owner), limit=5)
        return self.finding(
            first,
            f"AppSync never checks {_WHAT[first.place]}: {names} on {first.owner}{elsewhere(len(others))} keeps nobody "
            "from using it",
            label="is not checked",
            related=[Label(item.span, "nor is this") for item in others[:3]],
            help="remove it; to restrict what may be sent, give it an operation of its own with the directive, or "
            "check in the resolver",
            causes=[cause(item) for item in found],
            severity=None if meant else Severity.INFO,
            fix=None if meant else Fix.of(f"remove {names}", Edit.removing_all(found), safe=True),
        )

    def _on_abstract(self, subject: Subject, name: str, by_owner: dict[str, list[Directive]]) -> Iterator[Finding]:
        """Report the directives of an interface or union once, with what weighs most."""
        open_to: dict[str, str] = {}
        closed: set[str] = set()
        left: list[list[Directive]] = []
        grouped = False
        for owner, directives in by_owner.items():
            members = _members(subject, name, owner.partition(".")[2])
            if members and all(_said(directives) == _said(found) for _, _, found in members):
                continue
            left.append(directives)
            grouped = grouped or any(groups_of(item) for item in directives)
            if subject.described is not None and subject.model.is_multi:
                wanted = _admitted(subject, directives)
                for member, fields, _ in members:
                    extra, lacking = _compare(subject, fields, wanted)
                    closed.update(f"mode-missing:{member}:{mode.value}" for mode in lacking)
                    if extra:
                        open_to.setdefault(member, extra)
        if not left:
            return
        first, others = left[0], left[1:]
        kind = subject.schema.types[name].kind
        names = listing((f"@{item.name}" for item in first), limit=5)
        effect = f"{names} on the {kind} {first[0].owner}{elsewhere(len(others))} decides nothing"
        if open_to:
            member, who = next(iter(open_to.items()))
            more = f", and more of {listing(list(open_to)[1:])}" if len(open_to) > 1 else ""
            effect = f"{effect}, and {who} get {member}{more}"
        yield self.finding(
            first[0],
            f"AppSync decides on the object's own type: {effect}",
            label="is not read, as far as is known",
            related=[Label(item[0].span, "nor is this") for item in others[:3]],
            help=f"write the directives on the object types of {name} "
            f"({listing(subject.schema.possible_types(name)) or 'there are none'})",
            causes=[*(cause(item) for found in left for item in found), *sorted(closed)],
            severity=None if open_to or (grouped and subject.described is None) else Severity.INFO,
        )


def _was_to_restrict(subject: Subject, directive: Directive, named: set[str]) -> bool:
    """Whether a directive on something that is never checked was hardly written but to keep somebody out.

    ``named`` are the directives that stand there, itself included.
    """
    if groups_of(directive):
        return True
    if directive.place not in ("INPUT_FIELD_DEFINITION", "ARGUMENT_DEFINITION") or subject.described is None:
        return False
    return any(mode.directive not in named for mode in subject.api.modes)


def _members(subject: Subject, name: str, field_name: str) -> list[tuple[str, list[Field], tuple[Directive, ...]]]:
    """Return the object types of an interface or union: the fields that are meant, and the directives that stand there.

    For a field of the interface these are the objects' field of that name and its directives.
    """
    schema = subject.schema
    found: list[tuple[str, list[Field], tuple[Directive, ...]]] = []
    for member in schema.possible_types(name):
        definition = schema.types[member]
        if not field_name:
            found.append((member, list(definition.fields.values()), definition.directives))
        elif field_name in definition.fields:
            field = definition.fields[field_name]
            found.append((f"{member}.{field_name}", [field], field.directives))
    return found


def _said(directives: Iterable[Directive]) -> frozenset[tuple[str, str]]:
    """Return what directives about access say, for comparison."""
    return frozenset((item.name, " ".join(sorted(groups_of(item) or ()))) for item in directives if _is_auth(item))


def _is_auth(directive: Directive) -> bool:
    return directive.name in AUTH_DIRECTIVES


def _admitted(subject: Subject, directives: list[Directive]) -> int:
    """Return the mask of the callers whom directives admit where AppSync reads them."""
    model = subject.model
    mask = 0
    for directive in directives:
        mode = COGNITO if directive.name == AUTH else Mode.of_directive(directive.name)
        groups = groups_of(directive) if directive.name in (AUTH, POOLS) else None
        if groups is not None:
            mask |= model.mask(caller for group in groups if model.bit(caller := Caller(COGNITO, frozenset((group,)))))
        elif mode is not None:
            mask |= model.members(mode)
    return mask


def _compare(subject: Subject, fields: list[Field], wanted: int) -> tuple[str, list[Mode]]:
    """Name the callers who get to fields without being wanted there, and the modes that are wanted and refused."""
    model = subject.model
    allowed = possible = 0
    for field in fields:
        allowed |= model.allowed(field)
        possible |= model.possible(field)
    unwanted = allowed & ~wanted
    extra = [mode for mode in model.modes_in(unwanted) if unwanted & model.bit(Caller(mode))]
    lacking = [mode for mode in model.modes_in(wanted) if not possible & model.members(mode)]
    return listing((mode.who for mode in extra), limit=5), lacking
