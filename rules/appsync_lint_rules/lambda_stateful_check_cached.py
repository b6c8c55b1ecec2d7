"""The Lambda authorizer counts or uses something up, and AppSync does not ask it again.

## What it does

Reports an answer that depends on a rate limit, a one-time ticket, a nonce or a replay store and is kept.

## Why it matters

For as long as AppSync keeps the answer it does not call the function: requests are not counted, and a ticket that is
good for once is good for the whole time.

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
from limits import consume_ticket


def handler(event, context):
    if consume_ticket(event["authorizationToken"]):
    #  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        return {"isAuthorized": True}
    return {"isAuthorized": False, "ttlOverride": 0}
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
from limits import consume_ticket


def handler(event, context):
    if consume_ticket(event["authorizationToken"]):
        return {"isAuthorized": True, "ttlOverride": 0}
    return {"isAuthorized": False, "ttlOverride": 0}
```

## Limits

By names: jti, nonce, replay, consume, rate limit, one-time and the like. Only answers that are certainly kept are
reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, is_kept, kept, related, seen, shortened


class LambdaStatefulCheckCached(AuthorizerRule):
    name = "lambda-stateful-check-cached"
    severity = Severity.WARNING
    confidence = "low"
    security_severity = 5.3
    cwe = (799,)
    since = "0.1.0"
    facts = ("5.1", "5.2", "5.3")

    def judge(self, case: Case) -> Iterator[Finding]:
        answers = {returned.span: returned for returned in case.analysis.returns}
        for item in seen(case.analysis, "stateful-check"):
            places = dict(item.related)
            returned = answers.get(places.get("answer", item.span))
            if returned is None or not is_kept(case.authorizer, returned):
                continue
            seconds, origin = kept(case.authorizer, returned)
            yield self.finding(
                item.span,
                f"AppSync keeps the answer for {seconds:g} s ({origin}) and does not ask again meanwhile: what is "
                "counted or used up here happens once, and every further request with the same token gets in",
                label="not asked while the answer is kept",
                related=related(item, answer="the answer that is kept"),
                help="put ttlOverride: 0 into every answer that rests on this check",
                subject=shortened(item.detail),
            )
