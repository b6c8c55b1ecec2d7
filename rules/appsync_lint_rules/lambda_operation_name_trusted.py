"""The Lambda authorizer trusts the operation's name, which the client chooses.

## What it does

Reports an answer that can let somebody in and is decided by `requestContext.operationName`.

## Why it matters

The name is a label that the client writes in front of any operation: `query listPosts { ... }` may select every field
there is. Whoever knows the name that is let through, calls whatever he wants under it.

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
    if event["requestContext"].get("operationName") == "ListPosts":
    #  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        return {"isAuthorized": True, "ttlOverride": 0}
    return {"isAuthorized": is_member(event["authorizationToken"]), "ttlOverride": 0}
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
    return {"isAuthorized": is_member(event["authorizationToken"]), "ttlOverride": 0}
```

## Limits

A name that has to equal a claim of a verified token is fine. The name that a WebSocket connection comes with is the
matter of `lambda-connect-allowed`.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen


class LambdaOperationNameTrusted(AuthorizerRule):
    name = "lambda-operation-name-trusted"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.1
    cwe = (807, 863)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "operation-name-trusted"):
            yield self.finding(
                item.span,
                "the function lets requests in by their operation's name, which the client chooses: any query or "
                "mutation gets in under the name that is let through",
                label="a name that the client writes",
                related=related(item, answer="the answer that rests on it"),
                help="decide by the token; what is public belongs under another mode (@aws_api_key)",
                subject=case.analysis.handler,
            )
