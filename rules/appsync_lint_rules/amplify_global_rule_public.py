"""Amplify's global rule opens every model without rules of its own to the API key.

## What it does

Reports `globalAuthRule: AuthRule = { allow: public }` in the source schema of an API that takes API keys.

## Why it matters

Amplify writes this line into a new schema so that the first try works. While it is there, each `@model` type without
`@auth` can be read, changed and deleted by everybody who has the API key, and the next type that somebody adds, too.

## Bad

```yaml
authenticationType: API_KEY
amplify:
  globalAuthRule: public
#                 ^^^^^^
```

```graphql
type Query {
  listSongs: [String]
}
```

## Good

```yaml
authenticationType: API_KEY
amplify:
  globalAuthRule: none
```

```graphql
type Query {
  listSongs: [String]
}
```

## Limits

It is reported even where each model has rules of its own: the next one may not.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place


class AmplifyGlobalRulePublic(Rule):
    name = "amplify-global-rule-public"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 6.5
    cwe = (1188, 862)
    since = "0.1.0"
    facts = ("9.8", "9.10")

    def check(self, subject: Subject) -> Iterator[Finding]:
        amplify = subject.api.settings.amplify
        rule = amplify.global_public if amplify is not None else None
        if rule is None or rule.value is not True or Mode.API_KEY not in subject.api.modes:
            return
        yield self.finding(
            first_place(subject, rule.span),
            "everybody who has the API key may read, change and delete each model that has no @auth rules",
            label="opens them all",
            coordinate="",
            help="give each model its own @auth rules, and delete input AMPLIFY",
            causes=("amplify:sandbox",),
        )
