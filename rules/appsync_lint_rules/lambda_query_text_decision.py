"""The Lambda authorizer looks for words in the query's text to decide.

## What it does

Reports a decision by a substring or a regular expression on `requestContext.queryString`.

## Why it matters

The text is the client's to write. An alias, a comment, a fragment, a second operation or the word inside a string
argument make the search find what is not there, or miss what is: the refused mutation runs.

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
import { isEditor } from "./tokens.mjs";

export const handler = async (event) => {
  if (event.requestContext.queryString.includes("deletePost")) {
  //  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    return { isAuthorized: await isEditor(event.authorizationToken), ttlOverride: 0 };
  }
  return { isAuthorized: true, ttlOverride: 0 };
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
import { isEditor } from "./tokens.mjs";

export const handler = async (event) => {
  const editor = await isEditor(event.authorizationToken);
  return { isAuthorized: true, deniedFields: editor ? [] : ["Mutation.deletePost"], ttlOverride: 0 };
};
```

## Limits

A search whose outcome only leads to more refusals than necessary is reported like any other. Whether a query is empty
is no search in its text.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Severity

from ._authorizers import AuthorizerRule, Case, related, seen


class LambdaQueryTextDecision(AuthorizerRule):
    name = "lambda-query-text-decision"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 7.1
    cwe = (863,)
    since = "0.1.0"
    facts = ("5.3", "5.4")

    def judge(self, case: Case) -> Iterator[Finding]:
        for item in seen(case.analysis, "query-text-decision"):
            plain = item.detail == "substring"
            yield self.finding(
                item.span,
                "the function decides by words in the query's text, which the client writes: an alias, a comment, a "
                "fragment, a second operation or a string argument make it find or miss whatever the client wants",
                label="searches the query's text",
                related=related(item, answer="the answer that rests on it"),
                help="deny fields by the token (deniedFields: Type.field), or let the schema's @aws_* directives and "
                "the resolvers decide",
                subject=case.analysis.handler,
                severity=Severity.ERROR if plain else None,
            )
