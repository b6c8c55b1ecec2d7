"""The Lambda authorizer answers in the words of API Gateway.

## What it does

Reports answers with `policyDocument` or `principalId`.

## Why it matters

AppSync wants `isAuthorized`. It takes a policy document for a failure of the function, and every request is refused.

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

```python
from tokens import is_member


def handler(event, context):
    effect = "Allow" if is_member(event["authorizationToken"]) else "Deny"
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": "*"}
    return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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

A function that serves several protocols has a good reason for such answers; it is reported all the same if nothing
tells that the answer is for another one.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, seen


class LambdaApiGatewayShape(AuthorizerRule):
    name = "lambda-api-gateway-shape"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("5.9",)

    def judge(self, case: Case) -> Iterator[Finding]:
        mixed = any(returned.is_authorized != "missing" for returned in case.analysis.returns)
        for item in seen(case.analysis, "api-gateway-shape"):
            yield self.finding(
                item.span,
                "this is an answer for API Gateway: AppSync looks for isAuthorized, finds none and refuses the request",
                label="AppSync reads none of this",
                help="answer {isAuthorized: true or false}, with deniedFields and resolverContext where they are "
                "needed",
                subject=case.analysis.handler,
                severity=Severity.INFO if mixed else None,
            )
