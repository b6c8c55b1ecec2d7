"""A Lambda provider has no function of its own.

## What it does

Reports an `AWS_LAMBDA` provider without `lambdaAuthorizerConfig`.

## Why it matters

Each provider carries its own settings. Where `AWS_LAMBDA` is an additional provider, a `lambdaAuthorizerConfig` beside
the API's default mode is not its own, and AppSync refuses the API.

## Bad

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: news
authenticationType: API_KEY
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
#                       ^^^^^^^^^^
```

```graphql
type Query {
  news: [String] @aws_api_key @aws_lambda
}
```

## Good

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: news
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig:
      authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
      authorizerResultTtlInSeconds: 0
      identityValidationExpression: ^van-[a-z0-9]+$
```

```graphql
type Query {
  news: [String] @aws_api_key @aws_lambda
}
```

## Limits

Not reported for descriptions that never hold these settings, such as one by hand or Amplify's.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place


class LambdaConfigMissing(Rule):
    name = "lambda-config-missing"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("5.5",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if not api.settings.whole:
            return
        for provider in api.providers:
            if provider.mode is Mode.AWS_LAMBDA and provider.authorizer is None:
                misplaced = api.default.authorizer is not None and provider is not api.default
                yield self.finding(
                    first_place(subject, provider.span),
                    "AppSync refuses this API: the AWS_LAMBDA provider names no function"
                    + (", and the one beside the default mode is not its own" if misplaced else ""),
                    label="no lambdaAuthorizerConfig here",
                    coordinate="",
                    help="put the function's settings into this provider",
                    causes=("api:lambda-config",),
                )
