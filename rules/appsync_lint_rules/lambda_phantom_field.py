"""The Lambda authorizer reads a field that AppSync never sends.

## What it does

Reports reads of fields that are not in the event of an AppSync authorizer, such as `event.headers`,
`requestContext.identity`, `methodArn` or `httpMethod`.

## Why it matters

They are undefined, always. A check on one of them (an address, an origin, a method) either refuses everybody or,
written the other way around, checks nothing.

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
import { isMember } from "./tokens";

export const handler = async (event: any) => {
  const address = event.requestContext.identity?.sourceIp;
  //              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  if (address && address.startsWith("203.0.113.")) {
    return { isAuthorized: false, ttlOverride: 0 };
  }
  return { isAuthorized: (await isMember(event.authorizationToken)) === true, ttlOverride: 0 };
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
import { isMember } from "./tokens";

export const handler = async (event: any) => {
  return { isAuthorized: (await isMember(event.authorizationToken)) === true, ttlOverride: 0 };
};
```

## Limits

AppSync sends authorizationToken, requestHeaders and requestContext with apiId, accountId, requestId, queryString,
operationName and variables; what it adds in future is not known here. A function that serves several protocols and
tells them apart by such a field is not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen, shortened

_NEAR = {
    "headers": "the headers are in event.requestHeaders, and an answer that depends on them needs ttlOverride: 0",
    "sourceIp": "AppSync does not tell the address; restrict addresses with AWS WAF in front of the API",
    "methodArn": "this is an API Gateway event's; AppSync's answer is {isAuthorized: true or false}",
    "httpMethod": "this is an API Gateway event's; AppSync sends the query in requestContext.queryString",
}


class LambdaPhantomField(AuthorizerRule):
    name = "lambda-phantom-field"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 5.3
    cwe = (1108,)
    since = "0.1.0"
    facts = ("5.8",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "phantom-field"):
            name = shortened(item.detail) or "this field"
            near = _NEAR.get(name.partition(".")[0]) or _NEAR.get(name.rpartition(".")[2])
            yield self.finding(
                item.span,
                f"AppSync never sends {name} to a Lambda authorizer, so a check on it never sees a value and decides "
                "the same for every request",
                label="never there",
                help=near
                or "AppSync sends authorizationToken, requestHeaders and requestContext (apiId, accountId, requestId, "
                "queryString, operationName, variables)",
                subject=name,
            )
