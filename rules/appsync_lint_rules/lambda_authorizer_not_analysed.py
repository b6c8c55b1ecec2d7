"""The Lambda authorizer's code is not analysed, so nothing is known about its cached answers.

## What it does

Notes an authorizer whose code was not found, is not named, is written in a language that is not read, or could not be
read, and says which it is.

## Why it matters

Whether the answers that AppSync keeps are right for the next request is decided in that code. A report without
findings says nothing about it.

## Bad

```yaml
authenticationType: AWS_LAMBDA
#                   ^^^^^^^^^^
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
```

```graphql
type Query {
  me: ID
}
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

```python
from tokens import is_member


def handler(event, context):
    return {"isAuthorized": is_member(event["authorizationToken"]) is True}
```

## Limits

Python, JavaScript and TypeScript are read; the last two need `pip install 'appsync-lint[js]'`. An authorizer that the
command line describes (`--default-mode`) is not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject

from ._authorizers import shortened
from ._places import first_place


class LambdaAuthorizerNotAnalysed(Rule):
    name = "lambda-authorizer-not-analysed"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("5.2",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for authorizer in subject.authorizers:
            provider, settings = authorizer.provider, authorizer.settings
            if authorizer.analysis is not None or provider.origin:
                continue
            yield self.finding(
                first_place(subject, provider.span, settings.span),
                "the Lambda authorizer was not analysed, so nothing is said about the answers that AppSync keeps: "
                + shortened(authorizer.why, 220),
                label="not analysed",
                coordinate="",
                help="install the parsers: pip install 'appsync-lint[js]'"
                if "pip install" in authorizer.why
                else "name the function's file in an appsync-lint.yaml (lambdaAuthorizerConfig: source), or look at "
                "it alone: appsync-lint authorizer FILE",
            )
