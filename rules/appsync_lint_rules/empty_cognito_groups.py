"""A list of Cognito groups is empty, or holds an empty name.

## What it does

Reports `cognito_groups` whose value is an empty list or `null`, and items that are `null` or an empty name.

## Why it matters

Nobody has measured what AppSync makes of an empty list: it admits every signed-in user or none, and the schema does
not say which. A group without a name cannot exist, so such an item admits nobody.

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
  audit: [String] @aws_cognito_user_pools(cognito_groups: [])
  #                                                       ^^
}
```

## Good

A group that does not exist says clearly that nobody is meant:

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Auditors"])
  hidden: String @aws_cognito_user_pools(cognito_groups: ["__deny_all__"])
}
```

## Limits

Names that a template fills in before the upload (`"${ADMINS}"`) are taken as names.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Finding, Rule, Severity, Subject

from ._consequence import AUTH, POOLS, cause


class EmptyCognitoGroups(Rule):
    name = "empty-cognito-groups"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 6.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("3.10",)
    needs_api = False
    yields_to = (
        "aws-auth-ignored",
        "directive-mode-not-configured",
        "misplaced-auth-directive",
        "nested-aws-auth-dead",
        "user-pools-directive-ignored",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied(POOLS, AUTH):
            argument = directive.argument("cognito_groups")
            if argument is None:
                continue
            value: Any = argument.value
            if value.kind == "null_value" or (value.kind == "list_value" and not value.values):
                written = "null" if value.kind == "null_value" else "an empty list"
                yield self.finding(
                    directive.place_of(value),
                    f"cognito_groups is {written} on {directive.owner}: whether AppSync then admits every signed-in "
                    "user or none is not known",
                    label="names no group",
                    coordinate=directive.owner,
                    help=f"name the groups; for every user write @{directive.name}, for nobody a group that does not "
                    f'exist: @{directive.name}(cognito_groups: ["__deny_all__"])',
                    causes=(cause(directive), f"field:{directive.owner}"),
                    subject=directive.name,
                )
                continue
            for item in getattr(value, "values", ()):
                if item.kind == "null_value" or (item.kind == "string_value" and not item.value.strip()):
                    yield self.finding(
                        directive.place_of(item),
                        f"cognito_groups on {directive.owner} holds an empty name, which no group can have",
                        label="admits nobody",
                        coordinate=directive.owner,
                        help="remove it, or name the group",
                        causes=(cause(directive),),
                        subject=directive.name,
                    )
