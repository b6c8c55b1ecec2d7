"""The Lambda authorizer expects a Bearer token beside a mode that takes those tokens first.

## What it does

Reports a function that expects or strips `Bearer` while the API has user pools or OpenID Connect beside it, and notes
a `split` whose second part nobody checks.

## Why it matters

AppSync tells the modes apart by the token. A JWT that a user pool or an issuer could have made goes to that mode, with
or without `Bearer`: the function is never asked about it.

## Bad

```yaml
authenticationType: OPENID_CONNECT
openIDConnectConfig:
  issuer: https://login.example.com
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig:
      authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
      authorizerResultTtlInSeconds: 0
      identityValidationExpression: ^partner-.+$
```

```graphql
type Query {
  me: ID @aws_oidc @aws_lambda
}
```

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  const token = event.authorizationToken.replace("Bearer ", "");
  //            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  return { isAuthorized: (await isMember(token)) === true };
};
```

## Good

```yaml
authenticationType: OPENID_CONNECT
openIDConnectConfig:
  issuer: https://login.example.com
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig:
      authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
      authorizerResultTtlInSeconds: 0
      identityValidationExpression: ^partner-.+$
```

```graphql
type Query {
  me: ID @aws_oidc @aws_lambda
}
```

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  const token = event.authorizationToken.replace("partner-", "");
  return { isAuthorized: (await isMember(token)) === true };
};
```

## Limits

Tokens that are no JWTs reach the function whatever stands before them.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Severity, listing

from ._authorizers import AuthorizerRule, Case, seen

_RIVALS = (Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT)


class LambdaBearerClash(AuthorizerRule):
    name = "lambda-bearer-clash"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("4.5", "5.5")

    def judge(self, case: Case) -> Iterator[Finding]:
        rivals = [mode for mode in _RIVALS if mode in case.subject.api.modes]
        for item in seen(case.analysis, "bearer-expected", "bearer-split"):
            if item.kind != "bearer-expected":
                yield self.finding(
                    item.span,
                    "the second word of the token is taken without a check: a token of one word becomes undefined, "
                    "or an error",
                    label="may not be there",
                    help="refuse a token that has no second word before it is used",
                    subject=item.kind,
                    severity=Severity.INFO,
                )
            elif rivals:
                names = listing(mode.value for mode in rivals)
                yield self.finding(
                    item.span,
                    f"the function expects Bearer tokens, and the API has {names}, too: AppSync hands a JWT to that "
                    "mode, and the function is never asked about it",
                    label="such a token goes elsewhere",
                    help="give the function's tokens a prefix of their own, and demand it with "
                    "identityValidationExpression",
                    subject=item.kind,
                )
