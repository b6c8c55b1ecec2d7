"""The Lambda authorizer lets everybody in.

## What it does

Reports a function all of whose answers are `isAuthorized: true`.

## Why it matters

The mode then admits whoever sends any text as a token. Every field that admits `@aws_lambda` is public.

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
    return {"isAuthorized": True, "resolverContext": {"tenant": "acme"}}
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
from tokens import tenant_of


def handler(event, context):
    tenant = tenant_of(event["authorizationToken"])
    if tenant is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "resolverContext": {"tenant": str(tenant)}}
```

## Limits

A function that refuses by throwing is not reported. Neither is one that restricts with `deniedFields` alone.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaAlwaysAllows(AuthorizerRule):
    name = "lambda-always-allows"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 7.5
    cwe = (862,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "constant-allow"):
            yield self.finding(
                item.span,
                "every answer of this function lets in: whoever sends any token at all may call what admits the "
                "Lambda mode",
                label="no path refuses",
                help="verify the token and answer isAuthorized: false for what does not verify; if the API is to be "
                "public, say so with an API key (@aws_api_key)",
                subject=case.analysis.handler,
            )
