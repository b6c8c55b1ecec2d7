"""The Lambda authorizer compares the token with a text that stands in its source.

## What it does

Reports a comparison of the token with a literal.

## Why it matters

Whoever can read the repository, the deployed package or a log of either has the token, and changing it takes a
deployment.

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
exports.handler = async (event) => {
  const allowed = event.authorizationToken === "9f8d1f6c-27ab";
  //                                           ^^^^^^^^^^^^^^^
  return { isAuthorized: allowed };
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

Words that plainly are no secret (`anonymous`, `null`, an empty text) are not reported; other constants that are none
are.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaLiteralToken(AuthorizerRule):
    name = "lambda-literal-token"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 7.5
    cwe = (798,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "literal-token"):
            yield self.finding(
                item.span,
                "the token is compared with a text in the source: whoever can read the repository or the deployed "
                "package is let in with it",
                label="a secret in the source",
                help="verify a signed token, or read the secret from AWS Secrets Manager and compare it in constant "
                "time; then replace this one, it is known",
                subject=case.analysis.handler,
            )
