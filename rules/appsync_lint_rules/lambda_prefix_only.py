"""The Lambda authorizer checks how the token begins, and nothing else.

## What it does

Reports an allow for which the start of the token is all that was tested.

## Why it matters

A prefix such as `Bearer ` or `custom-` is no secret. Whoever writes it in front of anything is let in.

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
def handler(event, context):
    if event["authorizationToken"].startswith("custom-"):
    #  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        return {"isAuthorized": True}
    return {"isAuthorized": False}
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
from tokens import verify


def handler(event, context):
    token = event["authorizationToken"]
    if not token.startswith("custom-"):
        return {"isAuthorized": False}
    return {"isAuthorized": verify(token.removeprefix("custom-")) is True}
```

## Limits

A token that is handed to a function which is not here counts as verified there.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen


class LambdaPrefixOnly(AuthorizerRule):
    name = "lambda-prefix-only"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 8.1
    cwe = (287,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "prefix-only"):
            yield self.finding(
                item.span,
                "the start of the token is all that is checked: whoever writes it in front of anything is let in",
                label="a prefix is no secret",
                related=related(item, answer="lets in"),
                help="verify what follows the prefix: a signature, or a look into the store of tokens",
                subject=case.analysis.handler,
            )
