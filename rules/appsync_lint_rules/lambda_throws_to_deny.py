"""The Lambda authorizer refuses by throwing.

## What it does

Notes an exception that the function throws itself and nothing catches, as a warning if its text holds the token.

## Why it matters

AppSync refuses the request, but the refusal looks like a broken function: it counts as an error in the metrics, raises
alarms, and is not kept, so that every further request with a bad token runs the function again.

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
        raise PermissionError("unknown token")
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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

Exceptions that other code throws are not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaThrowsToDeny(AuthorizerRule):
    name = "lambda-throws-to-deny"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        secret = {item.span for item in seen(case.analysis, "throw-with-secret")}
        for item in seen(case.analysis, "throw-to-deny"):
            told = item.span in secret
            yield self.finding(
                item.span,
                "this exception refuses the request as a failure of the function: it counts as an error, raises "
                "alarms, and is not "
                "kept" + (", and its text, with the token in it, goes into the log" if told else ""),
                label="the token goes into the log" if told else "a refusal that looks like a failure",
                help="answer isAuthorized: false",
                subject="token" if told else "",
                severity=Severity.WARNING if told else None,
            )
