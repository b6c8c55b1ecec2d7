"""The description does not say how long AppSync may reuse the Lambda authorizer's answers.

## What it does

Reports a Lambda authorizer whose configuration has no `authorizerResultTtlInSeconds`.

## Why it matters

What an absent time means depends on the tool that deploys it: AppSync itself, CloudFormation, SAM, the CDK and the
Serverless plugin do not cache, Terraform caches for 300 seconds, Amplify Gen 2 for 60. While an answer is cached, a
token whose rights were withdrawn still gets in, and AppSync looks at the token only: an answer that depended on the
operation or its variables is reused for the next, different one.

## Bad

```yaml
authenticationType: AWS_LAMBDA
#                   ^^^^^^^^^^
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
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
  authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  me: ID
}
```

## Limits

Where the tool is known to deploy 0, the finding is only noted (info). The function can override the time in each
answer (`ttlOverride`), which this rule does not see. A provider whose configuration is not described at all is not
judged.

## References

- [AWS Lambda authorization](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by


class LambdaCacheTtlImplicit(Rule):
    name = "lambda-cache-ttl-implicit"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 3.1
    cwe = (613,)
    since = "0.1.0"
    facts = ("5.1", "5.2", "A6")

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.providers:
            authorizer = provider.authorizer
            if provider.mode is not Mode.AWS_LAMBDA or authorizer is None or authorizer.ttl is not None:
                continue
            tool = subject.api.tool
            seconds = tool.unset_lambda_ttl
            if seconds is None:
                effect = "AppSync itself then does not cache, Terraform deploys 300 seconds, Amplify Gen 2 deploys 60"
            elif seconds == 0:
                effect = f"{tool.name} then deploys 0, so AppSync asks the function on every request"
            else:
                effect = (
                    f"{tool.name} then deploys {seconds}, so a token whose rights are withdrawn gets in for up to "
                    f"{seconds} seconds more"
                )
            yield self.finding(
                first_place(subject, provider.span, authorizer.span),
                f"the Lambda authorizer's cache time is not written: {effect}",
                label="no authorizerResultTtlInSeconds" + given_by(provider),
                coordinate="",
                help="write it: 0 asks the function on every request; more only if it decides by the token alone",
                causes=("api:lambda-ttl",),
                severity=Severity.INFO if seconds == 0 else None,
            )
