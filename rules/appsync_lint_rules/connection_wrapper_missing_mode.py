"""A list's wrapper type refuses callers whom the list's operation admits.

## What it does

Reports a connection, edge, page or page-info type that callers of some mode get to although none of its
fields admits that mode. There is one finding for each type and mode.

## Why it matters

Pagination wraps a list in a type of its own, such as `PostConnection { items nextToken }`. That type needs the
modes too: AppSync asks each field on the way, and `items` of a wrapper without a directive admits the default
mode only. The caller gets `null` and "Not Authorized to access items on type PostConnection" although both the
operation and the items admit the mode. The caller loses the whole list.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  posts(nextToken: String): PostConnection @aws_api_key @aws_cognito_user_pools
}
type PostConnection {
#    ^^^^^^^^^^^^^^
  items: [Post]
  nextToken: String
}
type Post @aws_api_key @aws_cognito_user_pools {
  id: ID!
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  posts(nextToken: String): PostConnection @aws_api_key @aws_cognito_user_pools
}
type PostConnection @aws_api_key @aws_cognito_user_pools {
  items: [Post]
  nextToken: String
}
type Post @aws_api_key @aws_cognito_user_pools {
  id: ID!
}
```

## Limits

A wrapper is recognised by its fields (`items`, `edges`, `nodes`, `node`, `nextToken`, `pageInfo` ...), all of which
must be of that kind; any other type is reported by `return-type-unreachable`. Where the type's own directives leave
the mode out, that may be meant: the finding is a warning then.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject
from appsync_lint_rules._coverage import admission, is_page, refused_type, ways


class ConnectionWrapperMissingMode(Rule):
    name = "connection-wrapper-missing-mode"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("2.5",)
    yields_to = ("field-unreachable", "unknown-auth-directive", "extension-fields-dropped")
    unsafe_fix = "names the missing modes, and the default one, on a wrapper without a directive"

    def check(self, subject: Subject) -> Iterator[Finding]:
        for gap in subject.model.gaps():
            if gap.total and is_page(gap.definition):
                message = (
                    f"{gap.mode.who} are admitted to {ways(gap.entries)}, "
                    f"but AppSync refuses them the list's wrapper {gap.definition.name}"
                )
                yield refused_type(self, subject, gap, message, admission(subject, gap.definition))
