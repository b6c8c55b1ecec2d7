"""The Lambda authorizer lets every WebSocket connection in.

## What it does

Reports an answer that lets in without looking at the token because the request looks like a WebSocket connection: its
query is empty, or its operation is called `DeepDish:Connect`.

## Why it matters

Anybody can send a request that looks so. Where AppSync keeps the answer, it is reused for the queries that follow with
the same token, and nothing has checked that token.

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

```typescript
import { isMember } from "./tokens";

export const handler = async (event: any) => {
  if (event.requestContext.operationName === "DeepDish:Connect") {
    return { isAuthorized: true };
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  }
  return { isAuthorized: (await isMember(event.authorizationToken)) === true };
};
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

```typescript
import { isMember } from "./tokens";

export const handler = async (event: any) => {
  return { isAuthorized: (await isMember(event.authorizationToken)) === true };
};
```

## Limits

Where AppSync does not keep the answer (`ttlOverride: 0`, or a cache time of 0), only the connection itself is open to
everybody, and the finding is information.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, kept, related, seen, telling_field


class LambdaConnectAllowed(AuthorizerRule):
    name = "lambda-connect-allowed"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 8.1
    cwe = (862,)
    since = "0.1.0"
    facts = ("5.2", "5.3", "5.6")

    def judge(self, case: Case) -> Iterator[Finding]:
        answers = {returned.span: returned for returned in case.analysis.returns}
        for item in seen(case.analysis, "connect-allowed"):
            returned = answers.get(item.span)
            unsure = case.authorizer.ttl, case.authorizer.ttl_origin
            seconds, origin = kept(case.authorizer, returned) if returned is not None else unsure
            harmless = seconds is not None and seconds <= 0
            time = f"for {seconds:g} s" if seconds is not None else "for a time that only deployment knows"
            yield self.finding(
                item.span,
                "every WebSocket connection is let in without a look at its token"
                + (
                    ": whoever connects holds a connection, and each subscription is asked about again"
                    if harmless
                    else f"; AppSync reuses the answer {time} ({origin}), so {telling_field(case.subject)} with the "
                    "same token gets in unchecked"
                ),
                label="lets in whatever the token is",
                related=related(item, test="takes the request for a connection"),
                help="check the token here as everywhere: AppSync sends it with the connection, too",
                subject=case.analysis.handler,
                severity=Severity.INFO if harmless else None,
            )
