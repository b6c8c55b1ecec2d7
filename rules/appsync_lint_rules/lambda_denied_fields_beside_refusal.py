"""The Lambda authorizer refuses a request and lists fields to deny in it.

## What it does

Notes an answer with a constant `isAuthorized: false` and entries in `deniedFields`.

## Why it matters

A refused request gets nothing at all; the list has no effect. Whoever wrote it may have meant to let the request in
without these fields.

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
    if is_member(event["authorizationToken"]):
        return {"isAuthorized": True}
    return {"isAuthorized": False, "deniedFields": ["Query.me"]}
    #                                               ^^^^^^^^^^
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
    if is_member(event["authorizationToken"]):
        return {"isAuthorized": True}
    return {"isAuthorized": False}
```

## Limits

None known.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaDeniedFieldsBesideRefusal(AuthorizerRule):
    name = "lambda-denied-fields-beside-refusal"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("5.3", "5.4")

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "denied-fields-useless"):
            yield self.finding(
                item.span,
                "this answer refuses the whole request, so AppSync never looks at its deniedFields",
                label="has no effect beside isAuthorized: false",
                help="leave deniedFields out, or answer isAuthorized: true if the rest of the request is to be served",
                subject=case.analysis.handler,
            )
