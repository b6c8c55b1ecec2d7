"""The Lambda authorizer's refusal outlives the fault that caused it.

## What it does

Notes a refusal that comes from an exception's handler and is kept, and one that its own `ttlOverride` keeps for a
minute or longer.

## Why it matters

A key set that could not be fetched once, a store that was slow once, a user who was just added: for as long as AppSync
keeps the refusal, a token that is good again is refused.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
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
    except TimeoutError:
        return {"isAuthorized": False}
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
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
    except TimeoutError:
        return {"isAuthorized": False, "ttlOverride": 0}
```

## Limits

Only refusals that are certainly kept are reported. Keeping refusals of tokens that can never become good saves calls
and is fine.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity, Span

from ._authorizers import AuthorizerRule, Case, denial, kept, seen

#: In seconds: a refusal that is kept longer outlives a passing fault.
LONG = 60


class LambdaDenialCached(AuthorizerRule):
    name = "lambda-denial-cached"
    severity = Severity.INFO
    confidence = "medium"
    since = "0.1.0"
    facts = ("5.1", "5.3")
    yields_to = ("lambda-cache-hazard",)

    def judge(self, case: Case) -> Iterator[Finding]:
        told: set[Span] = set()
        observed = {item.span for item in seen(case.analysis, "denial-cached")}
        for returned in case.analysis.returns:
            place = returned.span
            seconds, origin = kept(case.authorizer, returned)
            if returned.is_authorized != "false" or seconds is None or seconds <= 0 or place in told:
                continue
            own = isinstance(returned.ttl, int | float) and seconds >= LONG
            if place not in observed or not (own or returned.after_exception):
                continue
            told.add(place)
            cause = " comes from an error" if returned.after_exception else " may have a cause that passes"
            yield self.finding(
                place,
                f"this refusal{cause}, and AppSync keeps it for {seconds:g} s ({origin}): a token that is good again "
                "meanwhile is refused all the same",
                label=f"kept for {seconds:g} s",
                help="put ttlOverride: 0 into this answer, or a few seconds",
                subject=case.analysis.handler,
                causes=(denial(place),),
            )
