"""The default mode is API_KEY, so every field without a directive is open to whoever has the key.

## What it does

Reports an API whose default authorization mode is `API_KEY`: a warning where there are further modes, since
forgetting a directive then opens a field, information where the key is the only mode.

## Why it matters

An API key is no identity: it is shipped in web pages and apps, where anybody can read it. A field without a directive
admits the default mode, so each new field is public until somebody remembers a directive. With another mode as the
default it is the other way round: a field is public only where `@aws_api_key` says so.

## Bad

```yaml
authenticationType: API_KEY
#                   ^^^^^^^
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  news: [String]
  drafts: [String] @aws_iam
}
```

## Good

```yaml
authenticationType: AWS_IAM
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  news: [String] @aws_api_key
  drafts: [String]
}
```

## Limits

An API that publishes nothing but public data may well have the key as its only mode. The rule knows the modes, not
who holds the key: one that never leaves a back end is a secret, though one that cannot be told from a leaked one.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place, given_by


class ApiKeyDefault(Rule):
    name = "api-key-default"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 5.3
    cwe = (1188,)
    since = "0.1.0"
    enabled = False
    pedantic = True
    facts = ("2.1", "4.2", "8.6")

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if api.default_mode is not Mode.API_KEY:
            return
        alone = api.is_multi is False
        yield self.finding(
            first_place(subject, api.default.span),
            "whoever has the API key may call every field of this API"
            if alone
            else "whoever has the API key may call every field that has no directive, new ones included",
            label="the default mode" + given_by(api.default),
            coordinate="",
            help="give callers that matter a mode with an identity"
            if alone
            else "make another mode the default, and mark what is meant for the public with @aws_api_key",
            causes=("api:default-mode",),
            severity=Severity.INFO if alone else None,
        )
