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

Somebody may really want tokens to be good for a few seconds only. Amplify Gen 2 takes seconds and says so in the
names of its settings, so nothing is reported there.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject, listing

from ._places import first_place, given_by

#: In milliseconds: nobody signs in anew every minute.
SHORTEST = 60_000
#: The tool whose settings are in seconds, and say so in their names.
_IN_SECONDS = "Amplify Gen 2"


class OidcTimeInSeconds(Rule):
    name = "oidc-time-in-seconds"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("8.11",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        tool = subject.api.tool
        if tool is not None and tool.name == _IN_SECONDS:
            return
        for provider in subject.api.providers:
            oidc = provider.oidc
            if provider.mode is not Mode.OPENID_CONNECT or oidc is None:
                continue
            known = (
                ("iatTTL", oidc.issued_ttl_ms, "it was issued"),
                ("authTTL", oidc.auth_ttl_ms, "its user signed in"),
            )
            # 0 stands for no limit.
            short = [
                (name, time, since) for name, time, since in known if isinstance(time, int) and 0 < time < SHORTEST
            ]
            if not short:
                continue
            ends = listing(f"{time / 1000:g} seconds after {since}" for _, time, since in short)
            written = listing(f"{name} is {time}" for name, time, _ in short)
            yield self.finding(
                first_place(subject, provider.span),
                f"AppSync refuses a token {ends}: {written}, in milliseconds",
                label=written + given_by(provider),
                coordinate="",
                subject=str(oidc.issuer),
                help="write "
                + listing(f"{name} {time * 1000}" for name, time, _ in short)
                + f" if {listing(dict.fromkeys(str(time) for _, time, _ in short))} seconds are meant",
                causes=[f"api:oidc-{name}" for name, _, _ in short],
            )
