"""A ttlOverride that AppSync does not take.

## What it does

Reports a `ttlOverride` that is negative, above 3600, not a whole number, or a text.

## Why it matters

AppSync takes whole seconds from 0 to 3600. A value in milliseconds is the usual mistake: 300000 is more than three
days, and the answer is not kept as long as somebody thought, or at all.

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

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  return { isAuthorized: (await isMember(event.authorizationToken)) === true, ttlOverride: 5 * 60 * 1000 };
  //                                                                                       ^^^^^^^^^^^^^
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

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  return { isAuthorized: (await isMember(event.authorizationToken)) === true, ttlOverride: 5 * 60 };
};
```

## Limits

Times that are worked out while the function runs are not judged.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaTtlOverrideInvalid(AuthorizerRule):
    name = "lambda-ttl-override-invalid"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "ttl-override-invalid"):
            problem = {"milliseconds": "looks like milliseconds", "over 3600": "is above 3600"}.get(
                item.detail, f"is {item.detail}"
            )
            yield self.finding(
                item.span,
                f"ttlOverride {problem}: AppSync takes whole seconds from 0 to 3600, and does not keep the answer as "
                "meant",
                label=problem,
                help="write whole seconds from 0 to 3600; 0 asks the function on every request",
                subject=item.detail,
                causes=(f"ttl-override:{item.span.path}:{item.span.start_offset}",),
            )
