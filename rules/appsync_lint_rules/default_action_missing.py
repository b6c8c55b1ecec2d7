"""The user pool that is an API's only mode is described without its defaultAction.

## What it does

Reports an API whose only mode is a Cognito user pool and whose description gives the pool no `defaultAction`.

## Why it matters

The default pool's `defaultAction` says what happens to a root field without `@aws_auth`. The service requires it and
refuses the API without it. Until it is written nobody can say who may call such a field: appsync-lint answers
`unknown`.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^
```

```graphql
type Query {
  me: ID
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: ID
}
```

## Limits

Some tools write ALLOW on their own; those that are known to are read so. If yours does, write the same in the
description. With additional modes the action decides nothing, and nothing is reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by


class DefaultActionMissing(Rule):
    name = "default-action-missing"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("3.6",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if api.default_mode is not Mode.AMAZON_COGNITO_USER_POOLS or api.default_action is not None:
            return
        if subject.model.is_multi is not False:
            return
        yield self.finding(
            first_place(subject, api.default.span),
            "the default user pool is described without a defaultAction, which AppSync requires: who may call a root "
            "field that has no @aws_auth is not known",
            label="no defaultAction" + given_by(api.default),
            coordinate="",
            help="write defaultAction: ALLOW in userPoolConfig, or DENY to close every root field without @aws_auth",
            causes=("api:default-action",),
        )
