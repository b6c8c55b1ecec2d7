"""The Lambda authorizer lets in when something goes wrong.

## What it does

Reports an allow in the handler of an exception.

## Why it matters

Whoever can make the check fail gets in: a malformed token, a store that is slow or down, a key that cannot be fetched.

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
    try:
        return {"isAuthorized": is_member(event["authorizationToken"]) is True}
    except Exception:
        return {"isAuthorized": True}
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
    try:
        return {"isAuthorized": is_member(event["authorizationToken"]) is True}
    except Exception:
        return {"isAuthorized": False, "ttlOverride": 0}
```

## Limits

An error that is turned into a yes in code which is not here is not seen.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaFailOpen(AuthorizerRule):
    name = "lambda-fail-open"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.1
    cwe = (636,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "fail-open"):
            yield self.finding(
                item.span,
                "an error lets the request in: a token that makes the check fail is as good as a valid one",
                label="lets in after an exception",
                help="answer isAuthorized: false here, with ttlOverride: 0, so that a passing fault does not lock "
                "the token out",
                subject=case.analysis.handler,
            )
