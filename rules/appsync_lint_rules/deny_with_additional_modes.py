"""AppSync refuses defaultAction DENY on an API with additional authorization modes.

## What it does

Reports an API whose default mode is a Cognito user pool with `defaultAction: DENY` and that has additional modes.

## Why it matters

AppSync refuses the API when it is created or updated: "Additional authentication providers cannot be specified when
setting DENY for top level user pool authentication type". With `ALLOW` the fields without a directive are open to
every signed-in user, so the change must come together with directives.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  defaultAction: DENY
  #              ^^^^
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
```

## Limits

A `defaultAction` or a list of modes that only deployment knows is not judged. Since such an API does not exist, no
other rule says who may call what on it.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._consequence import AUTH, COGNITO, second_mode
from ._places import first_place


class DenyWithAdditionalModes(Rule):
    name = "deny-with-additional-modes"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("3.7",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if api.default_mode is not COGNITO or api.default_action != "DENY" or not api.is_multi:
            return
        pool = api.default.user_pool
        related, note = second_mode(subject)
        modes = ", ".join(mode.value for mode in Mode if mode in api.modes and mode is not COGNITO)
        beside = f" ({modes})" if modes else ""
        dead = subject.schema.applied(AUTH)
        switch = "; replace every @aws_auth by it, since @aws_auth counts on no API with several modes" if dead else ""
        yield self.finding(
            first_place(subject, pool.default_action_span if pool else None, api.default.span),
            f"AppSync refuses this API: its default pool's defaultAction is DENY beside additional modes{beside}",
            label="is not deployed" + note,
            coordinate="",
            related=related,
            help="write defaultAction: ALLOW, and on each root field that is not for every signed-in user "
            f"@aws_cognito_user_pools(cognito_groups: [...]){switch}",
            causes=("api:deny-with-additional-modes",),
        )
