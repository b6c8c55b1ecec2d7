"""A `defaultAction` is written in an additional provider, where there is none.

## What it does

Reports a `defaultAction` (`DefaultAction`, `default_action`) in an additional user pool.

## Why it matters

Only the default pool has a default action. In an additional provider CloudFormation refuses it, SAM and others drop
it without a word: a `DENY` there closes nothing, and signed-in users of that pool get every field whose directives
admit them.

## Bad

```yaml
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig:
      userPoolId: eu-west-1_pool
      defaultAction: DENY
#                    ^^^^
```

```graphql
type Query {
  me: String @aws_iam @aws_cognito_user_pools
}
```

## Good

```yaml
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig:
      userPoolId: eu-west-1_pool
```

```graphql
type Query {
  me: String @aws_iam @aws_cognito_user_pools(cognito_groups: ["Staff"])
}
```

## Limits

None known.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject


class DefaultActionInAdditional(Rule):
    name = "default-action-in-additional"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("2.10",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.additional:
            span = provider.user_pool.default_action_span if provider.user_pool else None
            if span is not None:
                yield self.finding(
                    span,
                    "AppSync has no default action for an additional user pool: this one is refused at deployment or "
                    "dropped, and closes nothing",
                    label="does nothing here",
                    coordinate="",
                    help="remove it, and close fields with @aws_cognito_user_pools(cognito_groups: [...])",
                    causes=("api:default-action",),
                )
