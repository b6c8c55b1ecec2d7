"""AppSync ignores @aws_auth on an API with more than one authorization mode.

## What it does

Reports every `@aws_auth` in the schema of an API that has additional authorization modes.

## Why it matters

AppSync reads `@aws_auth` only on an API whose single mode is a Cognito user pool. The first additional mode
switches every `@aws_auth` of the schema off, silently: it deploys, it shows in the schema, it restricts
nobody. The field falls to its type's directives or to the default mode. With a user pool as the default,
that is every signed-in user, whatever the groups say.

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
  deleteUser(id: ID!): ID @aws_auth(cognito_groups: ["Admins"])
  #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
  deleteUser(id: ID!): ID @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

A resolver may check the groups again; the rule cannot see that. Where `@aws_cognito_user_pools` with the same
groups stands beside `@aws_auth`, the field is safe in both kinds of API and nothing is reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject


class AwsAuthIgnored(Rule):
    name = "aws-auth-ignored"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.8
    cwe = (863, 862)
    since = "0.1.0"
    facts = ("3.3", "1.12")

    def check(self, subject: Subject) -> Iterator[Finding]:
        if not subject.model.is_multi:
            return
        for directive in subject.schema.directives():
            if directive.name == "aws_auth":
                yield self.finding(directive, "placeholder")
