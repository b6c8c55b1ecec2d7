"""Every app client of the user pool gets its users into the API.

## What it does

Reports a user pool without an `appIdClientRegex`, and one that matches everything.

## Why it matters

A pool often serves several applications. Without a regular expression for the client's id AppSync accepts the tokens
of all of them, also of one with looser sign-up or weaker settings.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
#                   ^^^^^^^^^^^^^^^^^^^^^^^^^
userPoolConfig:
  userPoolId: eu-west-1_pool
  defaultAction: ALLOW
  appIdClientRegex: .*
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  userPoolId: eu-west-1_pool
  defaultAction: ALLOW
  appIdClientRegex: ^4abcdef$
```

```graphql
type Query {
  me: String
}
```

## Limits

Most pools have one application, and then this changes nothing.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by

_EVERYTHING = ("", ".*", "^.*$", ".+", "^.+$")


class UserPoolAnyClient(Rule):
    name = "user-pool-any-client"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 3.1
    cwe = (287,)
    since = "0.1.0"
    enabled = False
    pedantic = True
    facts = ("8.11",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.providers:
            pool = provider.user_pool
            if provider.mode is not Mode.AMAZON_COGNITO_USER_POOLS or pool is None or pool.pool_id is None:
                continue
            if pool.app_client_regex is None or pool.app_client_regex in _EVERYTHING:
                yield self.finding(
                    first_place(subject, provider.span),
                    "AppSync takes the tokens of every app client of this user pool",
                    label="any app client" + given_by(provider),
                    coordinate="",
                    subject=str(pool.pool_id),
                    help="set appIdClientRegex to the ids of this API's clients, anchored: ^id-of-the-client$",
                    causes=("api:user-pool-client",),
                )
