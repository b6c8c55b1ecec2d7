"""isAuthorized is not a truth value.

## What it does

Reports an `isAuthorized` that can be a text, a number, an object, undefined or a promise.

## Why it matters

AppSync wants true or false. `undefined` drops the key from the answer, `token && token.user` sends a text, and an
async check without `await` sends an empty object: the request is refused although the check says yes.

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

```typescript
import { lookUp } from "./tokens";

const isMember = async (token: string) => (await lookUp(token)) !== undefined;

export const handler = async (event: any) => {
    return { isAuthorized: isMember(event.authorizationToken) };
//  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
};
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

```typescript
import { lookUp } from "./tokens";

const isMember = async (token: string) => (await lookUp(token)) !== undefined;

export const handler = async (event: any) => {
    return { isAuthorized: await isMember(event.authorizationToken) };
};
```

## Limits

What code that is not here returns is believed to be a truth value.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaIsAuthorizedNotBoolean(AuthorizerRule):
    name = "lambda-is-authorized-not-boolean"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "not-awaited", "not-boolean"):
            promise = item.kind == "not-awaited"
            yield self.finding(
                item.span,
                "isAuthorized is a promise that nobody awaits: in the answer it is an empty object, and AppSync "
                "refuses every request"
                if promise
                else "isAuthorized can be something else than true or false here: AppSync then takes the answer for "
                "a failure and refuses the request",
                label="a promise" if promise else "not always true or false",
                help="await it" if promise else "make it a truth value: === true, !!value or bool(value)",
                subject=item.kind,
                severity=Severity.ERROR if promise else None,
            )
