"""The Lambda authorizer's cache time is impossible, or so long that withdrawn rights live on.

## What it does

Reports an `authorizerResultTtlInSeconds` below 0 or above 3600 as an error, above 300 as a warning.

## Why it matters

AppSync takes 0 to 3600 seconds. For as long as an answer is cached, AppSync does not ask the function about that token
again: a user who was locked out, or lost a right, still gets in.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 7200
  #                             ^^^^
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
  authorizerResultTtlInSeconds: 60
```

```graphql
type Query {
  me: ID
}
```

## Limits

The function can override the time in each answer (`ttlOverride`), which this rule does not see. A time that only
deployment knows is not judged. That 300 seconds are long is a judgement, not a limit of AppSync.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by

LONGEST = 3600
LONG = 300


class LambdaCacheTtlOutOfRange(Rule):
    name = "lambda-cache-ttl-out-of-range"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 4.3
    cwe = (613,)
    since = "0.1.0"
    facts = ("5.1", "5.2", "5.3")

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.providers:
            authorizer = provider.authorizer
            if provider.mode is not Mode.AWS_LAMBDA or authorizer is None:
                continue
            ttl = authorizer.ttl
            if not isinstance(ttl, int) or 0 <= ttl <= LONG:
                continue
            possible = 0 <= ttl <= LONGEST
            message = (
                f"AppSync reuses the Lambda authorizer's answers for {ttl} seconds: a token whose rights are withdrawn "
                "gets in until then"
                if possible
                else f"AppSync refuses a cache time of {ttl} seconds for the Lambda authorizer: it takes 0 to {LONGEST}"
            )
            yield self.finding(
                first_place(subject, authorizer.ttl_span, authorizer.span, provider.span),
                message,
                label=("long" if possible else "out of range") + given_by(provider),
                coordinate="",
                help=f"write a time of 0 to {LONG} seconds",
                causes=("api:lambda-ttl",),
                severity=Severity.WARNING if possible else None,
            )
