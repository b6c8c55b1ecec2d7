"""The Lambda authorizer verifies a JWT without asking who it was made for, and by whom.

## What it does

Notes a verification of a JWT that checks neither its issuer nor its audience.

## Why it matters

A token that the same issuer made for another application, with the same key, verifies as well: a user of that
application is let in here.

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

from keys import public_key


def handler(event, context):
    claims = jwt.decode(event["authorizationToken"], public_key(), algorithms=["RS256"])
    #        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    return {"isAuthorized": claims["role"] == "member"}
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
    return {"isAuthorized": claims["role"] == "member"}
```

## Limits

An issuer that signs for one application only needs no audience. A check of the claims after the verification is not
seen.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaJwtAnyAudience(AuthorizerRule):
    name = "lambda-jwt-any-audience"
    severity = Severity.INFO
    confidence = "medium"
    security_severity = 4.3
    cwe = (345,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "jwt-without-audience"):
            yield self.finding(
                item.span,
                "the token is verified without its issuer and audience: one that the same key signed for another "
                "application is let in, too",
                label="for whom, and by whom, is not asked",
                help="give the expected issuer and audience to the verification",
                subject=case.analysis.handler,
            )
