"""The Lambda authorizer's permission is kept for so long that it outlives the token.

## What it does

Notes an answer that can let in and that its own `ttlOverride` keeps for half an hour or longer.

## Why it matters

A token that expires, is revoked or loses a right meanwhile still gets in, until AppSync asks again.

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
    return {"isAuthorized": is_member(event["authorizationToken"]) is True, "ttlOverride": 3600}
    #                                                                                      ^^^^
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
    return {"isAuthorized": is_member(event["authorizationToken"]) is True, "ttlOverride": 300}
```

## Limits

Tokens whose lifetime is longer than the time, and that nobody can revoke, lose nothing. A time that is worked out from
the token's expiry is not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity, Span

from ._authorizers import AuthorizerRule, Case

#: In seconds.
LONG = 1800
#: A time from here on, three days, was meant in milliseconds: another rule's matter.
MILLISECONDS = 259_200


class LambdaAnswerOutlivesToken(AuthorizerRule):
    name = "lambda-answer-outlives-token"
    severity = Severity.INFO
    confidence = "medium"
    security_severity = 3.7
    cwe = (613,)
    since = "0.1.0"
    facts = ("5.1", "5.3")
    yields_to = ("lambda-ttl-override-invalid",)

    def judge(self, case: Case) -> Iterator[Finding]:
        told: set[Span] = set()
        for returned in case.analysis.returns:
            seconds, place = returned.ttl, returned.ttl_span or returned.span
            if (
                returned.is_authorized not in ("true", "depends")
                or not isinstance(seconds, int | float)
                or not LONG <= seconds < MILLISECONDS
                or place in told
            ):
                continue
            told.add(place)
            yield self.finding(
                place,
                f"AppSync keeps this permission for {seconds:g} s: a token that expires or is revoked meanwhile still "
                "gets in",
                label="long",
                help="write a few minutes at most, or the time that the token has left: min(exp - now, 300)",
                subject=case.analysis.handler,
                causes=(f"ttl-override:{place.path}:{place.start_offset}",),
            )
