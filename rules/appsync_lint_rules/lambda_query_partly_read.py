"""The Lambda authorizer looks at a part of the query only, and AppSync runs all of it.

## What it does

Reports a function that parses the query and then looks at its first definition or first selected field only, or reads
an argument's literal value and not the variable that can stand in its place.

## Why it matters

A request can hold several operations, an operation several root fields, and an argument can be a variable. The client
puts something harmless where the function looks and the rest where it does not.

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

type Mutation {
  deletePost(id: ID!): ID
}
```

```javascript
import { parse } from "graphql";
import { mayCall } from "./tokens.mjs";

export const handler = async (event) => {
  const document = parse(event.requestContext.queryString);
  const names = document.definitions[0].selectionSet.selections.map((field) => field.name.value);
  //            ^^^^^^^^^^^^^^^^^^^^^^^
  const allowed = await mayCall(event.authorizationToken, names);
  return { isAuthorized: allowed === true, ttlOverride: 0 };
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

type Mutation {
  deletePost(id: ID!): ID
}
```

```javascript
import { mayDelete } from "./tokens.mjs";

export const handler = async (event) => {
  const allowed = await mayDelete(event.authorizationToken);
  return { isAuthorized: true, deniedFields: allowed ? [] : ["Mutation.deletePost"], ttlOverride: 0 };
};
```

## Limits

A function that refuses whatever has more than one definition before it looks at the first one is reported all the
same.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen


class LambdaQueryPartlyRead(AuthorizerRule):
    name = "lambda-query-partly-read"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 7.1
    cwe = (863,)
    since = "0.1.0"
    facts = ("5.3", "5.4")

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "query-first-definition-only", "query-argument-literal"):
            literal = item.kind != "query-first-definition-only"
            yield self.finding(
                item.span,
                "the function reads an argument's literal value: where the client writes a variable instead, it sees "
                "none, and AppSync uses the variable's value"
                if literal
                else "the function looks at the first part of the query only, and AppSync runs all of it: the client "
                "puts what is refused behind something harmless",
                label="no variable is looked up" if literal else "the rest is never looked at",
                related=related(item, answer="the answer that rests on it"),
                help="deny fields by the token (deniedFields: Type.field) instead of judging the query",
                subject=item.kind,
            )
