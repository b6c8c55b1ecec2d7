"""The Lambda authorizer believes a token whose signature it never checks.

## What it does

Reports a decision by the claims of a token that is decoded, while nothing in the function verifies a signature.

## Why it matters

Decoding a JWT is reading base64. Anybody can write a token with any user and any group in it; the function lets it in,
and the resolvers work with what it says.

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
import jwt


def handler(event, context):
    claims = jwt.decode(event["authorizationToken"], options={"verify_signature": False})
    #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    return {"isAuthorized": claims["role"] == "member", "ttlOverride": 0}
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
import jwt

from keys import ISSUER, public_key


def handler(event, context):
    token = event["authorizationToken"]
    claims = jwt.decode(token, public_key(), algorithms=["RS256"], audience="blog", issuer=ISSUER)
    return {"isAuthorized": claims["role"] == "member", "ttlOverride": 0}
```

## Limits

A token that is handed to a function which is not here counts as verified there. A function that decodes first (to find
the key) and verifies then is fine.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen


class LambdaTokenNotVerified(AuthorizerRule):
    name = "lambda-token-not-verified"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 9.1
    cwe = (347,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "token-not-verified"):
            yield self.finding(
                item.span,
                "the function decodes the token and decides by its claims, and nothing verifies its signature: "
                "anybody can write such a token and is let in as whoever it names",
                label="read, never verified",
                related=related(item, answer="the answer that rests on it"),
                help="verify the signature with the issuer's key before any claim counts, with the algorithms named",
                subject=case.analysis.handler,
            )
