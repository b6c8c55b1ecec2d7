"""deniedFields names a field of Query, Mutation or Subscription, which a directive protects better.

## What it does

Notes entries of the authorizer's `deniedFields` that are fields of a root type.

## Why it matters

It works: AppSync answers null with an error for such a field. But who may call an operation is then decided in code
that nobody sees in the schema, and a new operation is open until somebody adds it to the list. A directive on the
field says it where the field is, and where this tool can check it.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  me: ID
}

type Mutation {
  deletePost(id: ID!): ID
}
```

```python
from tokens import is_member


def handler(event, context):
    member = is_member(event["authorizationToken"]) is True
    return {"isAuthorized": member, "deniedFields": ["Mutation.deletePost"]}
    #                                                ^^^^^^^^^^^^^^^^^^^^^
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 0
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID @aws_lambda
}

type Mutation {
  deletePost(id: ID!): ID @aws_iam
}
```

```python
from tokens import is_member


def handler(event, context):
    return {"isAuthorized": is_member(event["authorizationToken"]) is True}
```

## Limits

Which token may call what cannot be said by a directive for the Lambda mode alone: for that, the list is right.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case
from ._denied_fields import entries, is_root, named


class LambdaDeniedRootField(AuthorizerRule):
    name = "lambda-denied-root-field"
    severity = Severity.INFO
    confidence = "medium"
    since = "0.1.0"
    facts = ("5.4",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for entry in entries(case.analysis):
            found = named(entry)
            field = found.in_schema(case.subject) if found is not None else None
            if found is None or field is None or not is_root(case.subject, found.type):
                continue
            yield self.finding(
                entry.span,
                f"whether a token may call {field.coordinate} is decided here, where nobody who reads the schema sees "
                "it, and an operation that is added later is open until it is listed, too",
                label="an operation",
                coordinate=field.coordinate,
                help="where whole modes are meant, say it in the schema with @aws_* directives; keep the list for "
                "what differs from token to token",
                subject=field.coordinate,
            )
