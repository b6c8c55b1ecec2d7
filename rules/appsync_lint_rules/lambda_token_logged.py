"""The Lambda authorizer writes tokens into its log.

## What it does

Notes once per file that the whole event, or the token itself, is logged. The event contains the token and the
request's headers.

## Why it matters

Whoever may read the log group can use the tokens in it for as long as they are valid. Logs are read by more people
than tokens are meant for, and live longer.

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
    print(event)
#   ^^^^^^^^^^^^
    return {"isAuthorized": is_member(event["authorizationToken"]) is True}
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
    print(event["requestContext"]["requestId"])
    return {"isAuthorized": is_member(event["authorizationToken"]) is True}
```

## Limits

Loggers are known by their names. What a logger leaves out by its configuration is not seen.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaTokenLogged(AuthorizerRule):
    name = "lambda-token-logged"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 3.1
    cwe = (532,)
    since = "0.1.0"
    facts = ("5.8",)

    def judge(self, case: Case) -> Iterator[Finding]:
        files: set[str] = set()
        for item in seen(case.analysis, "event-logged", "token-logged"):
            if item.span.path in files:
                continue
            files.add(item.span.path)
            what = (
                "the token"
                if item.kind == "token-logged"
                else "the event, with the token and the request's headers in it,"
            )
            yield self.finding(
                item.span,
                f"{what} goes into the log: whoever may read the log group can use the tokens in it while they are "
                "valid",
                label="logged",
                help="log requestContext.requestId and what was decided, not the event",
                subject=item.kind,
            )
