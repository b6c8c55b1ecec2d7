"""deniedFields names a non-null field, and its parent disappears with it.

## What it does

Reports entries of the authorizer's `deniedFields` whose type in the schema ends in `!`.

## Why it matters

AppSync answers null for a denied field. A field that must not be null hands the null on to the object that it belongs
to: a client that asks for it gets nothing of that object, and an error.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  user: User
}

type User {
  name: String
  salary: Int!
}
```

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  const member = await isMember(event.authorizationToken);
  return { isAuthorized: member === true, deniedFields: ["User.salary"] };
  //                                                     ^^^^^^^^^^^^^
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
  user: User
}

type User {
  name: String
  salary: Int
}
```

```javascript
const { isMember } = require("./tokens");

exports.handler = async (event) => {
  const member = await isMember(event.authorizationToken);
  return { isAuthorized: member === true, deniedFields: ["User.salary"] };
};
```

## Limits

Clients that never ask for the field lose nothing.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Severity

from ._authorizers import AuthorizerRule, Case
from ._denied_fields import entries, named


class LambdaDeniedNonnullField(AuthorizerRule):
    name = "lambda-denied-nonnull-field"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("5.4", "7.1")

    def judge(self, case: Case) -> Iterator[Finding]:
        for entry in entries(case.analysis):
            found = named(entry)
            field = found.in_schema(case.subject) if found is not None else None
            if field is None or not field.non_null:
                continue
            yield self.finding(
                entry.span,
                f"{field.coordinate} must not be null, so AppSync drops the whole {field.parent} where a client asks "
                "for the denied field, up to the next thing that may be null",
                label="cannot be null",
                coordinate=field.coordinate,
                related=[Label(field.span, "the field")],
                help=f"let {field.coordinate} be null in the schema (no ! behind its type)",
                subject=field.coordinate,
            )
