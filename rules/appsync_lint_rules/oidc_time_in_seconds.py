"""A time of the OpenID Connect provider is so short that it must have been meant in seconds.

## What it does

Reports an `iatTTL` or `authTTL` below 60,000.

## Why it matters

Both are in milliseconds. `3600`, meant as an hour, is 3.6 seconds: AppSync refuses a user's token almost as soon as
it was issued, and it looks as if sign-in were broken.

## Bad

```yaml
authenticationType: OPENID_CONNECT
#                   ^^^^^^^^^^^^^^
openIDConnectConfig:
  issuer: https://id.example.com
  clientId: ^shop-web$
  iatTTL: 3600
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: OPENID_CONNECT
openIDConnectConfig:
  issuer: https://id.example.com
  clientId: ^shop-web$
  iatTTL: 3600000
```

```graphql
type Query {
  me: String
}
```

## Limits

Somebody may really want tokens to be good for a few seconds only.
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by

#: In milliseconds: nobody signs in anew every minute.
SHORTEST = 60_000


class OidcTimeInSeconds(Rule):
    name = "oidc-time-in-seconds"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("8.11",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.providers:
            oidc = provider.oidc
            if provider.mode is not Mode.OPENID_CONNECT or oidc is None:
                continue
            for name, time in (("iatTTL", oidc.issued_ttl_ms), ("authTTL", oidc.auth_ttl_ms)):
                # 0 stands for no limit.
                if isinstance(time, int) and 0 < time < SHORTEST:
                    yield self.finding(
                        first_place(subject, provider.span),
                        f"AppSync refuses a token {time / 1000:g} seconds after it was made: {name} is {time}, "
                        "and it is in milliseconds",
                        label=f"{name} is {time}" + given_by(provider),
                        coordinate="",
                        subject=f"{oidc.issuer} {name}",
                        help=f"write {time * 1000} if {time} seconds are meant",
                        causes=(f"api:oidc-{name}",),
                    )
