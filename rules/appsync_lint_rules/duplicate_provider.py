"""An authorization mode, a user pool or an issuer is configured twice.

## What it does

Reports an API that has API_KEY, AWS_IAM or AWS_LAMBDA more than once among its default and additional providers, or the
same Cognito user pool or OpenID Connect issuer.

## Why it matters

AppSync takes these three modes once and refuses the API otherwise. Several user pools and several issuers are allowed;
the same one twice changes nothing, so another one was most likely meant.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  userPoolId: eu-west-1_customers
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
  #                     ^^^^^^^^^^^^^^^^^^^^^^^^^
    userPoolConfig:
      userPoolId: eu-west-1_customers
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
  userPoolId: eu-west-1_customers
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig:
      userPoolId: eu-west-1_staff
```

```graphql
type Query {
  me: ID @aws_cognito_user_pools
}
```

## Limits

Ids that only deployment knows are not compared, unless both are written alike. In the linter's own description of an
API a mode that can be there only once is an error of the file, and the run ends there.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Provider, Rule, Severity, Subject

from ._places import first_place, given_by

_ONCE = (Mode.API_KEY, Mode.AWS_IAM, Mode.AWS_LAMBDA)


class DuplicateProvider(Rule):
    name = "duplicate-provider"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("1.13",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        seen: dict[tuple[Mode, str], Provider] = {}
        for provider in subject.api.providers:
            mode = provider.mode
            if not isinstance(mode, Mode):
                continue
            identity = "" if mode in _ONCE else _identity(provider)
            if identity is None:
                continue
            first = seen.setdefault((mode, identity), provider)
            if first is provider:
                continue
            once = mode in _ONCE
            what = mode.value if once else f"{'the user pool' if provider.user_pool else 'the issuer'} {identity}"
            effect = "AppSync refuses an API that has it twice" if once else "the second time changes nothing"
            yield self.finding(
                first_place(subject, provider.span),
                f"{what} is configured twice: {effect}",
                label="the second time" + given_by(provider),
                coordinate="",
                related=[Label(first.span, "the first time")] if first.span is not None else (),
                help="remove one of them" if once else "remove one of them, or name the other one that was meant",
                subject=f"{mode.value} {identity}".strip(),
                causes=(f"api:duplicate-{mode.value}",),
                severity=None if once else Severity.WARNING,
            )


def _identity(provider: Provider) -> str | None:
    """Return what tells two providers of one mode apart, None where that is not written."""
    if provider.user_pool is not None and provider.user_pool.pool_id is not None:
        return str(provider.user_pool.pool_id)
    if provider.oidc is not None and provider.oidc.issuer is not None:
        return str(provider.oidc.issuer)
    return None
