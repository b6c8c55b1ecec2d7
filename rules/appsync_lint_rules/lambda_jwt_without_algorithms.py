"""The Lambda authorizer verifies a JWT without saying which algorithms count.

## What it does

Reports a verification of a JWT that names no list of algorithms.

## Why it matters

The token's own header then chooses. Where the key can be read as a shared secret, a token signed with the public key
as that secret verifies; old libraries take `none`.

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
const jwt = require("jsonwebtoken");
const { publicKey, issuer } = require("./keys");

exports.handler = async (event) => {
  const claims = jwt.verify(event.authorizationToken, publicKey, { issuer, audience: "blog" });
  //             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  return { isAuthorized: claims.role === "member" };
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
const jwt = require("jsonwebtoken");
const { publicKey, issuer } = require("./keys");

exports.handler = async (event) => {
  const options = { algorithms: ["RS256"], issuer, audience: "blog" };
  const claims = jwt.verify(event.authorizationToken, publicKey, options);
  return { isAuthorized: claims.role === "member" };
};
```

## Limits

Known for PyJWT, python-jose and jsonwebtoken. Options that are put together elsewhere are believed.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaJwtWithoutAlgorithms(AuthorizerRule):
    name = "lambda-jwt-without-algorithms"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 6.5
    cwe = (347,)
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "jwt-without-algorithms"):
            yield self.finding(
                item.span,
                "the token is verified by whatever algorithm its own header names: with the wrong key type, a token "
                "that somebody signed with the public key verifies",
                label="no algorithms are named",
                help='name the algorithm that the issuer uses: algorithms: ["RS256"]',
                subject=case.analysis.handler,
            )
