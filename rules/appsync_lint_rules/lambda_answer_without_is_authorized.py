"""The Lambda authorizer has a path whose answer has no isAuthorized.

## What it does

Reports answers without the key `isAuthorized`: an empty object, nothing at all, an HTTP response.

## Why it matters

AppSync takes such an answer for a failure and refuses the request. If that is what is meant, nobody can see it; if
not, a caller who should get in is locked out.

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
```

```python
from tokens import is_member


def handler(event, context):
    if not is_member(event["authorizationToken"]):
        return {"statusCode": 401}
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^
    return {"isAuthorized": True}
```

## Good

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
```

```python
from tokens import is_member


def handler(event, context):
    if not is_member(event["authorizationToken"]):
        return {"isAuthorized": False}
    return {"isAuthorized": True}
```

## Limits

An answer that is put together by code which is not here is not judged. An empty object is information: it plainly is a
refusal.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen, shortened


class LambdaAnswerWithoutIsAuthorized(AuthorizerRule):
    name = "lambda-answer-without-is-authorized"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "missing-is-authorized"):
            keys = shortened(item.detail.replace(",", ", "))
            yield self.finding(
                item.span,
                (f"this answer has {keys} and no isAuthorized" if keys else "this answer has no isAuthorized")
                + ": AppSync takes it for a failure of the function and refuses the request",
                label="no isAuthorized",
                help="answer isAuthorized: false where the request is to be refused, true where it is not",
                subject=keys,
                severity=Severity.INFO if item.span.text.rstrip(" ;").endswith("{}") else None,
            )
