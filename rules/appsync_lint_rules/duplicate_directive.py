"""A directive stands twice on one type or field.

## What it does

Reports one of AppSync's directives that is applied more than once to the same field, or to the same definition of a
type. Where they are about access and differ it is a warning; otherwise it is only noted.

## Why it matters

By their definitions none of the directives may be repeated. Nobody has published what AppSync does with such a schema:
whether it refuses it, takes the applications together or reads one of them. With two lists of groups nobody can tell
from the schema who gets in.

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
  audit: [String]
    @aws_cognito_user_pools(cognito_groups: ["Admins"])
    @aws_cognito_user_pools(cognito_groups: ["Auditors"])
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
  audit: [String]
    @aws_cognito_user_pools(cognito_groups: ["Admins", "Auditors"])
}
```

## Limits

Amplify Gen 2 writes a bare and a grouped `@aws_cognito_user_pools` on one type, and expects both to count. All other
rules take such directives together too: whom one of them admits gets in. Applications on different blocks of one
type (`type Query` in two files, or an `extend` block) are not reported. Arguments, enum values and the directives that
AppSync does not know are left out.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import (
    DIRECTIVES,
    Directive,
    Edit,
    Finding,
    Fix,
    Label,
    Rule,
    Severity,
    Subject,
    TypeDefinition,
    count,
)

from ._consequence import cause, groups_of, with_groups
from ._names import AUTH_DIRECTIVES


class DuplicateDirective(Rule):
    name = "duplicate-directive"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.3
    cwe = (863,)
    since = "0.1.0"
    facts = ("1.10",)
    needs_api = False
    safe_fix = "removes all but one that say the same"
    yields_to = (
        "aws-auth-ignored",
        "directive-mode-not-configured",
        "misplaced-auth-directive",
        "nested-aws-auth-dead",
        "user-pools-directive-ignored",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        nodes: dict[str, dict[int, int]] = {}
        for name in schema.directive_names():
            if name not in DIRECTIVES:
                continue
            applied = schema.applied(name)
            if len({directive.owner for directive in applied}) == len(applied):
                continue
            by_owner: dict[str, list[Directive]] = {}
            for directive in applied:
                by_owner.setdefault(directive.owner, []).append(directive)
            for owner, found in by_owner.items():
                type_name = owner.partition(".")[0]
                if len(found) == 1 or type_name not in schema.types:
                    continue
                if type_name not in nodes:
                    nodes[type_name] = _carriers(schema.types[type_name])
                by_node: dict[int, list[Directive]] = {}
                for directive in found:
                    carrier = nodes[type_name].get(id(directive.node))
                    if carrier is not None:
                        by_node.setdefault(carrier, []).append(directive)
                for together in by_node.values():
                    if len(together) > 1:
                        yield self._finding(together)

    def _finding(self, together: list[Directive]) -> Finding:
        first, second = together[0], together[1]
        name = first.name
        texts = {item.text for item in together}
        differ = len(texts) > 1 and name in AUTH_DIRECTIVES
        often = "twice" if len(together) == 2 else count(len(together), "time")
        groups = [groups_of(item) for item in together]
        if differ and all(group is not None for group in groups):
            merged = tuple(dict.fromkeys(item for group in groups for item in group or ()))
            advice = f"write one of them: {with_groups(name, merged)} admits the members of all these groups"
        else:
            advice = "keep the one that is meant" if len(texts) > 1 else "remove one of them"
        return self.finding(
            second,
            f"@{name} stands {often} on {first.owner}: whether AppSync refuses the schema, takes them together or "
            f"reads one of them is not known{', and with it who gets in' if differ else ''}",
            label="applied again",
            related=[Label(first.span, "the first time")],
            help=advice,
            causes=(cause(first),),
            severity=None if differ else Severity.INFO,
            fix=Fix.of(f"remove the second @{name}", Edit.removing_all(together[1:]), safe=True)
            if len(texts) == 1
            else None,
        )


def _carriers(definition: TypeDefinition) -> dict[int, int]:
    """Return on which node each directive of a type and of its fields stands, both by their identity."""
    fields = (*definition.fields.values(), *definition.duplicates)
    bearing = [part.node for part in definition.parts] + [field.node for field in fields if field.directives]
    return {id(item): id(node) for node in bearing for item in getattr(node, "directives", None) or ()}
