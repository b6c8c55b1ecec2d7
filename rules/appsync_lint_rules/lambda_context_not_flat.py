"""The Lambda authorizer puts a list, an object or nothing into resolverContext.

## What it does

Reports values in `resolverContext` that are lists, objects, whole decoded tokens or table rows, and notes `None` and
`undefined`.

## Why it matters

`resolverContext` is a flat map of texts, numbers and truth values. AppSync refuses the request, or the resolvers miss
the value, and what they decide by it is wrong.

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
from tokens import user_of


def handler(event, context):
    user = user_of(event["authorizationToken"])
    if user is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "resolverContext": {"groups": [user.group, "everybody"]}}
    #                                                           ^^^^^^^^^^^^^^^^^^^^^^^^^
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
from tokens import user_of


def handler(event, context):
    user = user_of(event["authorizationToken"])
    if user is None:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "resolverContext": {"groups": ",".join([user.group, "everybody"])}}
```

## Limits

Values that come from code which is not here are believed to be flat. Numbers and truth values are fine.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen, shortened


class LambdaContextNotFlat(AuthorizerRule):
    name = "lambda-context-not-flat"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "context-nested", "context-null"):
            key = shortened(item.detail, 40)
            empty = item.kind == "context-null"
            what = {"spread": "what is spread into it", "claims": "a whole decoded token", "": "a value"}.get(key, key)
            yield self.finding(
                item.span,
                f"resolverContext is a flat map of texts, numbers and truth values, and {what} is "
                + (
                    "nothing: the resolvers do not get it"
                    if empty
                    else "none of them: the resolvers do not get it as it stands"
                ),
                label="nothing" if empty else "not flat",
                help="leave the key out, or give a text"
                if empty
                else "write it as a text (json.dumps, JSON.stringify) and read it in the resolver, or give the few "
                "values that the resolvers need",
                subject=key,
                severity=Severity.INFO if empty else None,
            )
