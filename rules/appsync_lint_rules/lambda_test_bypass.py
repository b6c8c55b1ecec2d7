"""The Lambda authorizer lets everybody in when it runs in a certain environment.

## What it does

Reports a constant allow behind a test of an environment variable such as `STAGE` or `SKIP_AUTH`, without a look at the
token.

## Why it matters

The door is one setting away from production: a stage that is copied, a variable that is forgotten or set to the wrong
value, and every token is let in.

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
  if (process.env.STAGE === "dev") {
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
  return { isAuthorized: (await isMember(event.authorizationToken)) === true };
};
```

## Limits

By the variable's name only: STAGE, ENV, DEV, TEST, LOCAL, BYPASS, SKIP, DEBUG, MOCK, OFFLINE and DISABLE in any
spelling.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen, shortened


class LambdaTestBypass(AuthorizerRule):
    name = "lambda-test-bypass"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 6.5
    cwe = (489, 287)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "test-bypass"):
            name = shortened(item.detail) or "an environment variable"
            yield self.finding(
                item.span,
                f"where {name} has the right value, every token is let in: one copied or forgotten setting opens the "
                "API",
                label="lets in without a look at the token",
                related=related(item, test=f"tests {name}"),
                help="give the test environment tokens of its own that the same check verifies, and remove this path",
                subject=name,
            )
