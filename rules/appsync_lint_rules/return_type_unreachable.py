"""Callers are admitted to an operation but refused every field of the type it returns.

## What it does

Reports an object type that callers of some mode get to, through fields that admit them, although not one
field of the type admits that mode. The object types that an interface or a union can be count too. There is one
finding for each type and mode, however many fields lead to the type.

## Why it matters

A directive on an operation does not flow into the types that the operation returns. AppSync checks each
field on its way, and a type without a directive admits the default mode only. The caller gets `null` and
"Not Authorized to access title on type Post" for every field that the query selects. Nobody is let in who
should not be; somebody is kept out who should be let in, and it works in every test that uses the default
mode.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  product(id: ID!): Product @aws_iam @aws_cognito_user_pools
}
type Product @aws_iam @aws_cognito_user_pools {
  id: ID!
  slots: [Slot]
}
type Slot {
#    ^^^^
  day: AWSDate
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
  product(id: ID!): Product @aws_iam @aws_cognito_user_pools
}
type Product @aws_iam @aws_cognito_user_pools {
  id: ID!
  slots: [Slot]
}
type Slot @aws_iam @aws_cognito_user_pools {
  day: AWSDate
}
```

## Limits

A client that selects nothing but `__typename` notices nothing. Where the directives of the type, or those of each of
its fields, leave the mode out, that may be meant as protection: the finding is a warning then. What a subscription
delivers is resolved with the publisher's rights, so ways through a subscription do not count.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, count
from appsync_lint_rules._coverage import is_page, refused_type, ways


class ReturnTypeUnreachable(Rule):
    name = "return-type-unreachable"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("2.5", "2.1", "2.3")
    yields_to = (
        "field-unreachable",
        "unknown-auth-directive",
        "extension-fields-dropped",
        "publisher-mode-missing",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for gap in subject.model.gaps():
            definition = gap.definition
            if gap.total and not is_page(definition):
                message = (
                    f"{gap.mode.who} get to {definition.name} through {ways(gap.entries)}, "
                    f"but AppSync refuses them every field of it ({count(len(gap.refused), 'field')})"
                )
                yield refused_type(self, subject, gap, message)
