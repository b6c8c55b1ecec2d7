"""The Lambda authorizer hands a secret to the resolvers.

## What it does

Reports the token itself, the whole event or a value that is named like a secret in `resolverContext`.

## Why it matters

Whatever a resolver's template writes into a log, a request to a data source or an error carries it on. With caching on
AppSync keeps it as well.

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
from tokens import tenant_of


def handler(event, context):
    token = event["authorizationToken"]
    #       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    tenant = tenant_of(token)
    if tenant is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "resolverContext": {"tenant": str(tenant), "jwt": token}}
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
    token = event["authorizationToken"]
    tenant = tenant_of(token)
    if tenant is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "resolverContext": {"tenant": str(tenant)}}
```

## Limits

By the key's name for what is not the token itself: apiKey, secret, password, credential, token and the like.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen, shortened


class LambdaContextSecret(AuthorizerRule):
    name = "lambda-context-secret"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 4.3
    cwe = (200,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "context-secret"):
            what = shortened(item.detail, 40)
            named = {"token": "the token itself", "the whole event": "the whole event, with the token in it,"}.get(
                what, f"{what}, a secret by its name,"
            )
            yield self.finding(
                item.span,
                f"{named} goes into resolverContext: every resolver, its log and its errors carry it on",
                label="a secret for every resolver",
                help="give the resolvers what they need to know (a user, a tenant), and let the one that needs the "
                "secret fetch it",
                subject=what,
            )
