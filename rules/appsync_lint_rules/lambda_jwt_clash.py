"""A token that another mode recognises never reaches the Lambda authorizer.

## What it does

Reports an API that has a Lambda authorizer beside Cognito user pools, OpenID Connect or IAM, and whose authorizer has
no `identityValidationExpression` that would tell its tokens from theirs.

## Why it matters

AppSync tells the modes apart by the `Authorization` header. A JWT of the user pool or the issuer goes to that mode and
a signed request to IAM: the Lambda authorizer is not asked, and clients that send it such a token are refused or
judged by the other mode's rules. Its own tokens need a form of their own, a prefix for example, which the function
strips.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
  #                     ^^^^^^^^^^
    lambdaAuthorizerConfig:
      authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
      authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  me: ID @aws_cognito_user_pools @aws_lambda
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig:
      authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
      authorizerResultTtlInSeconds: 0
      identityValidationExpression: ^partner-.+$
```

```graphql
type Query {
  me: ID @aws_cognito_user_pools @aws_lambda
}
```

## Limits

Whether the clients send tokens of their own form is not to be seen in an API's description: where they do, nothing
goes wrong, and the expression only writes it down. Any expression counts as one that tells the tokens apart, unless it
plainly matches every text; it is not run. Beside IAM alone the finding is only noted (info): signed requests are
rarely meant for an authorizer. A provider whose configuration is not described at all is not judged.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Rule, Severity, Subject, listing

from ._places import first_place, given_by

_CLAIMS = {
    Mode.AMAZON_COGNITO_USER_POOLS: "a JWT of the user pool",
    Mode.OPENID_CONNECT: "a JWT of the OIDC issuer",
    Mode.AWS_IAM: "a signed request",
}
_MATCHES_ALL = frozenset(["", ".*", ".+", "^.*$", "^.+$", "^.*", "^.+", ".*$", ".+$", "(.*)", "^(.*)$"])


class LambdaJwtClash(Rule):
    name = "lambda-jwt-clash"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("4.5", "4.1", "5.5")

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        provider = api.provider(Mode.AWS_LAMBDA)
        if provider is None or provider.authorizer is None:
            return
        expression = provider.authorizer.identity_validation
        if expression is not None and (not isinstance(expression, str) or expression.strip() not in _MATCHES_ALL):
            return
        rivals = [mode for mode in _CLAIMS if mode in api.modes]
        if not rivals:
            return
        others = [rival.span for mode in rivals if (rival := api.provider(mode)) is not None and rival.span is not None]
        yield self.finding(
            first_place(subject, provider.span, provider.authorizer.span),
            f"the Lambda authorizer never sees {listing((_CLAIMS[mode] for mode in rivals), conjunction='or')}: "
            f"AppSync hands {'it' if len(rivals) == 1 else 'them'} to {listing(mode.value for mode in rivals)}, and no "
            "identityValidationExpression tells the authorizer's own tokens apart",
            label="asked only for tokens that no other mode recognises" + given_by(provider),
            coordinate="",
            related=[Label(span, "recognises its tokens first") for span in others],
            help="give the authorizer's tokens a prefix that the function strips, and demand it: "
            "identityValidationExpression: ^prefix-.+$",
            causes=("api:lambda-tokens",),
            severity=Severity.INFO if rivals == [Mode.AWS_IAM] else None,
        )
