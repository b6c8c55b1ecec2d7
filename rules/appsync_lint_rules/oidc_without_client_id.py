"""Every token of the OpenID Connect issuer is accepted, for whichever application it was made.

## What it does

Reports an `OPENID_CONNECT` provider without a `clientId`.

## Why it matters

Without a client id AppSync does not look at a token's audience: a token that the same issuer made for any other
application gets its holder into this API.

## Bad

```yaml
authenticationType: OPENID_CONNECT
#                   ^^^^^^^^^^^^^^
openIDConnectConfig:
  issuer: https://id.example.com
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
```

```graphql
type Query {
  me: String
}
```

## Limits

An issuer that serves this API alone makes tokens for nobody else. What a resolver checks is not seen. Not reported
where the description does not hold the provider's settings.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by


class OidcWithoutClientId(Rule):
    name = "oidc-without-client-id"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 5.4
    cwe = (287,)
    since = "0.1.0"
    facts = ("8.11",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for provider in subject.api.providers:
            oidc = provider.oidc
            if provider.mode is not Mode.OPENID_CONNECT or oidc is None or oidc.issuer is None:
                continue
            if oidc.client_id is None or oidc.client_id == "":
                yield self.finding(
                    first_place(subject, provider.span),
                    "AppSync takes any token of this issuer, for whichever application it was made: no clientId is set",
                    label="any audience" + given_by(provider),
                    coordinate="",
                    subject=str(oidc.issuer),
                    help="set clientId to the client's id, anchored: ^my-client$",
                    causes=("api:oidc-client",),
                )
