"""Amplify Gen 2 deploys the API in sandbox mode, where the API key opens every model without rules.

## What it does

Reports an app of Amplify Gen 2 that has neither `authorizationModes` in `defineData` nor a user pool (`defineAuth`,
`referenceAuth`).

## Why it matters

Without either, Amplify makes an API key the default, and each model without rules of its own can be read, changed and
deleted by everybody who has it. The key is in `amplify_outputs.json`, which is shipped with the app.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
amplify:
  sandbox: true
#          ^^^^
```

```graphql
type Query {
  listTides: [String]
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
amplify:
  sandbox: false
```

```graphql
type Query {
  listTides: [String]
}
```

## Limits

It is reported even where each model has rules of its own: the next one may not. Where `backend.ts` does not tell what
it hands to `defineBackend`, nothing is reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place


class AmplifySandboxMode(Rule):
    name = "amplify-sandbox-mode"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 6.5
    cwe = (1188, 862)
    since = "0.1.0"
    facts = ("9.10",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        amplify = subject.api.settings.amplify
        sandbox = amplify.sandbox if amplify is not None else None
        if sandbox is None or sandbox.value is not True or Mode.API_KEY not in subject.api.modes:
            return
        yield self.finding(
            first_place(subject, sandbox.span),
            "everybody who has the API key may read, change and delete each model that has no rules of its own: the "
            "app has neither authorizationModes nor a user pool, so Amplify deploys it in sandbox mode",
            label="opens them all",
            coordinate="",
            help="hand defineBackend a user pool (defineAuth), or write authorizationModes",
            causes=("amplify:sandbox",),
        )
