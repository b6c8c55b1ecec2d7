"""Anybody with the API key can read the whole schema.

## What it does

Reports an API that takes API keys, can be reached from the internet and leaves introspection on.

## Why it matters

Introspection answers every caller who is let into the API with the whole schema, the administrators' mutations and
internal types included: directives do not narrow it. That tells an attacker where to look.

## Bad

```yaml
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: API_KEY
introspectionConfig: ENABLED
#                    ^^^^^^^
```

```graphql
type Query {
  news: [String] @aws_api_key
}
```

## Good

```yaml
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: API_KEY
introspectionConfig: DISABLED
```

```graphql
type Query {
  news: [String] @aws_api_key
}
```

## Limits

An API that is meant for other people's programs wants its schema known. A schema that is no secret loses nothing.
Reported only where the description says that introspection is on, or is one in which leaving it out means that.

## References

- [Run complexity, query depth and introspection](https://docs.aws.amazon.com/appsync/latest/devguide/configuration-limits.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place


class IntrospectionOpenToPublic(Rule):
    name = "introspection-open-to-public"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 3.7
    cwe = (200,)
    since = "0.1.0"
    enabled = False
    pedantic = True
    facts = ("2.12", "8.1", "8.4")

    def check(self, subject: Subject) -> Iterator[Finding]:
        settings = subject.api.settings
        if Mode.API_KEY not in subject.api.modes or (settings.visibility and settings.visibility.value == "PRIVATE"):
            return
        written = settings.introspection
        if written.value != "ENABLED" if written is not None else not settings.whole:
            return
        provider = subject.api.provider(Mode.API_KEY)
        yield self.finding(
            first_place(subject, written.span if written else None, provider.span if provider else None),
            "whoever has the API key can read the whole schema, whatever its directives say",
            label="introspection is on" if written else "introspection is on unless it is turned off",
            coordinate="",
            help="set introspectionConfig (IntrospectionConfig, introspection_config) to DISABLED",
            causes=("api:introspection",),
        )
