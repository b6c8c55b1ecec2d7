"""The Lambda authorizer compares a secret with `==`.

## What it does

Notes a comparison of the token with a value of the environment by `==` or `===`.

## Why it matters

Such a comparison stops at the first character that differs. How long it takes tells an attacker with many attempts how
far a guess is right.

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
import os


def handler(event, context):
    return {"isAuthorized": event["authorizationToken"] == os.environ["API_TOKEN"]}
    #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
import hmac
import os


def handler(event, context):
    return {"isAuthorized": hmac.compare_digest(event["authorizationToken"], os.environ["API_TOKEN"])}
```

## Limits

Over a network the difference is small against the noise; that is why this is information.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaSecretComparedDirectly(AuthorizerRule):
    name = "lambda-secret-compared-directly"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 3.7
    cwe = (208,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        python = case.analysis.language == "python"
        function = "hmac.compare_digest" if python else "crypto.timingSafeEqual"
        for item in seen(case.analysis, "secret-compared-directly"):
            yield self.finding(
                item.span,
                "the token is compared with a secret by a comparison that stops at the first difference: its time "
                "tells how much of a guess is right",
                label="not in constant time",
                help=f"compare with {function}, which takes the same time for every text",
                subject=case.analysis.handler,
            )
