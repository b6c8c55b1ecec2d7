"""A resource can be listed by callers who may not get one of it.

## What it does

Compares the queries for one resource that return one type: `getX`, `batchGetX`, `listX`, `searchX`, `syncX`, with `X`
in the singular or the plural. Reports, once for each resource, queries that admit all callers of a mode (anybody with
the API key, every signed-in user) whom another one refuses, where everybody whom that one admits has both. To list
more narrowly than to get is no defect and is not reported.

## Why it matters

A directive protects one operation, not what it returns. Whoever is refused by `getInvoice` and admitted by
`listInvoices` reads the same invoices. Mostly somebody restricted the one and forgot the other.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  getInvoice(id: ID!): Invoice @aws_cognito_user_pools(cognito_groups: ["Finance"])
  listInvoices: [Invoice]
# ^^^^^^^^^^^^
}
type Invoice {
  total: Int
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
  getInvoice(id: ID!): Invoice @aws_cognito_user_pools(cognito_groups: ["Finance"])
  listInvoices: [Invoice] @aws_cognito_user_pools(cognito_groups: ["Finance"])
}
type Invoice {
  total: Int
}
```

## Limits

The names are a convention, and a resolver may return only what belongs to the caller: the confidence is medium.
Queries with other names are not compared, nor are groups with groups, nor IAM callers, whom a policy restricts. Where
the type itself refuses the callers in question, nothing is reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from re import compile as regex

from appsync_lint.plugin import Caller, Field, Finding, Label, Mode, Rule, Severity, Subject, listing

from ._consequence import COGNITO, short
from ._coverage import is_page

_NAME = regex(r"(?P<verb>batchGet|get|list|search|sync)_?(?P<resource>[A-Z0-9].*)")
#: The fields of a page type, or of an edge, that hold what is listed.
_CONTENTS = ("items", "nodes", "edges", "node")


class InconsistentReadGates(Rule):
    name = "inconsistent-read-gates"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.3
    cwe = (863,)
    since = "0.1.0"
    facts = ("2.5", "2.6")

    def check(self, subject: Subject) -> Iterator[Finding]:
        root = subject.schema.root("query")
        if root is None:
            return
        families: dict[tuple[str, str], list[tuple[Field, bool]]] = {}
        folded = subject.api.tool.folds_extensions
        for field in root.fields.values():
            found = _NAME.match(field.name)
            if found is None or subject.model.doubtful(field) or (field.from_extension and not folded):
                continue
            content = _content(subject, field)
            many = content != field.type_name or (field.is_list and found["verb"] != "batchGet")
            families.setdefault((_singular(found["resource"]), content), []).append((field, many))
        readable: dict[str, int] = {}
        for (_, content), family in families.items():
            if len({subject.model.allowed(field) for field, _ in family}) > 1:
                if content not in readable:
                    readable[content] = _readable(subject, content)
                yield from self._compare(subject, content, family, readable[content])

    def _compare(
        self, subject: Subject, content: str, family: list[tuple[Field, bool]], readable: int
    ) -> Iterator[Finding]:
        """Report the queries that are wider than the narrowest one that they may not exceed."""
        allowed = subject.model.allowed
        for narrow, many in sorted(family, key=lambda item: allowed(item[0]).bit_count()):
            inside = allowed(narrow)
            wide = [
                field
                for field, also_many in family
                if (also_many or not many)
                and inside & ~allowed(field) == 0
                and _whole_modes(subject, allowed(field) & ~inside & readable)
            ]
            if inside and wide:
                yield self._finding(subject, narrow, wide, content, readable)
                return

    def _finding(self, subject: Subject, narrow: Field, wide: list[Field], content: str, readable: int) -> Finding:
        model = subject.model
        first, others = wide[0], wide[1:]
        who = _who(subject, narrow, _whole_modes(subject, model.allowed(first) & ~model.allowed(narrow) & readable))
        gate = model.deciding(narrow)
        written = " ".join(short(item) for item in gate)
        related = [Label(narrow.span, f"{written or 'the default mode'} decides here")]
        related += [Label(field.span, "so does this") for field in others[:3]]
        names = listing((field.coordinate for field in wide), limit=4)
        return self.finding(
            first,
            f"{narrow.coordinate} refuses {who}, but AppSync lets them read the same {content} through {names}",
            label=f"open to {who}",
            related=related,
            help=f"write {written} on {names} too" if written else f"restrict {names} as {narrow.coordinate} is",
            causes=[f"open-read:{content}", *(f"open-read:{field.coordinate}" for field in wide)],
        )


def _content(subject: Subject, field: Field) -> str:
    """Return the type that a query is about: its own, or what its page or the page's edges hold."""
    name = field.type_name
    for _ in range(2):
        definition = subject.schema.types.get(name)
        if definition is None or definition.kind != "object" or not is_page(definition):
            break
        inner = next((definition.fields[key] for key in _CONTENTS if key in definition.fields), None)
        if inner is None:
            break
        name = inner.type_name
    return name


def _singular(resource: str) -> str:
    """Return what a resource's name in the singular and in the plural have in common."""
    name = resource.removesuffix("ById").casefold().replace("_", "")
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    return name.rstrip("es") or name


def _readable(subject: Subject, content: str) -> int:
    """Return who may have at least one field of an object of a type."""
    schema, allowed = subject.schema, subject.model.allowed
    mask = 0
    for name in schema.possible_types(content):
        for field in schema.types[name].fields.values():
            mask |= allowed(field)
    return mask


def _whole_modes(subject: Subject, mask: int) -> tuple[Caller, ...]:
    """Return the callers of a mask who stand for a whole mode: those in no group; without IAM's."""
    return tuple(item for item in subject.model.unmask(mask) if not item.groups and item.mode is not Mode.AWS_IAM)


def _who(subject: Subject, narrow: Field, callers: Iterable[Caller]) -> str:
    """Name callers whom a query refuses."""
    groups = sorted(subject.model.grant(narrow).gate(COGNITO).groups)
    outside = f" outside {listing(groups)}" if groups else ""
    return listing((f"{item.mode.who}{outside if item.mode is COGNITO else ''}" for item in callers), limit=5)
