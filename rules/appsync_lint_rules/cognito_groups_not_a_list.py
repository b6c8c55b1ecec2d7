"""The Cognito groups are not written as a list of names.

## What it does

Reports `cognito_groups` whose value is no list, and items of the list that are no text.

## Why it matters

GraphQL would read a single value as a list of one, but AppSync refuses it for `@aws_subscribe`, and what it does
here is not known. A local emulator takes the text apart into letters: it refuses the group "staff" and admits a
group "s".

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
  audit: [String] @aws_cognito_user_pools(cognito_groups: "Auditors")
  #                                                       ^^^^^^^^^^
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
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Auditors"])
}
```

## Limits

An empty list and `null` are reported by `empty-cognito-groups`.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Directive, Finding, Rule, Severity, Subject

from ._consequence import AUTH, POOLS, cause
from ._fixes import list_of_texts


class CognitoGroupsNotAList(Rule):
    name = "cognito-groups-not-a-list"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 6.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("1.11",)
    needs_api = False
    unsafe_fix = "writes a list of texts: who then gets in is certain, and was not before"
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
            if argument is None or argument.value.kind == "null_value":
                continue
            value: Any = argument.value
            if value.kind != "list_value":
                items, wrong, problem = [value], value, "is no list"
            else:
                items = list(value.values)
                odd = [item for item in items if item.kind not in ("string_value", "null_value")]
                if not odd:
                    continue
                wrong, problem = odd[0], "holds what is no text"
            names = ", ".join(_quoted(directive, item) for item in items)
            yield self.finding(
                directive.place_of(wrong),
                f"cognito_groups {problem} on {directive.owner}: whether AppSync refuses the schema, or whom it then "
                "admits, is not known",
                label="write a list of texts",
                coordinate=directive.owner,
                help=f"write @{directive.name}(cognito_groups: [{names}])",
                causes=(cause(directive), f"field:{directive.owner}"),
                subject=directive.name,
                fix=list_of_texts(directive, value),
            )


def _quoted(directive: Directive, node: Any) -> str:
    """Return a name as a text, whatever it was written as."""
    if node.kind == "string_value":
        return directive.place_of(node).text
    if node.kind in ("enum_value", "int_value", "float_value", "boolean_value"):
        return f'"{directive.place_of(node).text}"'
    return "..."
