"""A list of Cognito groups names a group twice.

## What it does

Notes a name that stands more than once in one `cognito_groups`.

## Why it matters

A user passes with any one of the groups, so the second time changes nothing. Often another group was meant there, and
its members are refused.

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
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admins", "Auditors", "Admins"])
  #                                                                              ^^^^^^^^
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
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admins", "Auditors"])
}
```

## Limits

Names that differ in case are two groups; see `group-spelled-two-ways`. Where AppSync does not read the directive at
all, the rule that says so speaks.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Directive, Edit, Finding, Fix, Label, Rule, Severity, Subject, count

from ._consequence import AUTH, POOLS, cause
from ._groups import group_nodes


class DuplicateGroup(Rule):
    name = "duplicate-group"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("3.11",)
    needs_api = False
    safe_fix = "removes the repetition"
    yields_to = (
        "aws-auth-ignored",
        "directive-mode-not-configured",
        "misplaced-auth-directive",
        "nested-aws-auth-dead",
        "user-pools-directive-ignored",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied(POOLS, AUTH):
            nodes = group_nodes(directive) if directive.arguments else []
            by_name: dict[str, list[Any]] = {}
            for node in nodes:
                by_name.setdefault(node.value, []).append(node)
            if len(by_name) == len(nodes):
                continue
            for name, same in by_name.items():
                if len(same) == 1:
                    continue
                first, second, *others = same
                often = "twice" if not others else count(2 + len(others), "time")
                yield self.finding(
                    directive.place_of(second),
                    f'cognito_groups on {directive.owner} names the group "{name}" {often}, which admits nobody more',
                    label="named before",
                    coordinate=directive.owner,
                    related=[Label(directive.place_of(first), "the first time")],
                    help="remove it, or name the group that was meant here",
                    subject=name,
                    causes=(cause(directive),),
                    fix=_fix(directive, name, [second, *others]),
                )


def _fix(directive: Directive, name: str, again: list[Any]) -> Fix | None:
    argument = directive.argument("cognito_groups")
    values = getattr(argument.value, "values", ()) if argument is not None else ()
    edits = [Edit.removing_one(directive, values, node) for node in again]
    return Fix.of(f'name "{name}" once', edits, safe=True)
