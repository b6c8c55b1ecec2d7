"""An API cannot be merged: the merged API lacks its default mode.

## What it does

Reports a source API whose default authorization mode is none of the merged API's modes.

## Why it matters

A merged API has modes of its own. AppSync refuses to merge a source whose default mode is not among them, and the
merged API goes on with what it had before.

## Bad

```yaml
authenticationType: AWS_LAMBDA
#                   ^^^^^^^^^^
lambdaAuthorizerConfig:
  authorizerResultTtlInSeconds: 0
mergedInto:
  - name: all
    authenticationType: API_KEY
```

```graphql
type Query {
  news: [String]
}
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerResultTtlInSeconds: 0
mergedInto:
  - name: all
    authenticationType: API_KEY
    additionalAuthenticationProviders:
      - authenticationType: AWS_LAMBDA
```

```graphql
type Query {
  news: [String]
}
```

## Limits

Seen only where the description knows both APIs.

## References

- [Merging APIs](https://docs.aws.amazon.com/appsync/latest/devguide/merged-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Rule, Severity, Subject, listing

from ._places import first_place, given_by


class MergedApiLacksMode(Rule):
    name = "merged-api-lacks-mode"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("8M.1",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        default = api.default_mode
        for merged in api.settings.merged_into if default is not None else ():
            if default in merged.modes or not merged.complete or default is None:
                continue
            yield self.finding(
                first_place(subject, api.default.span),
                f"AppSync cannot merge this API into {merged.name}: its default mode {default.value} is none of the "
                f"modes there ({listing(mode.value for mode in merged.modes)})",
                label="the default mode" + given_by(api.default),
                coordinate="",
                subject=merged.name,
                related=[Label(merged.span, "merged here")] if merged.span is not None else [],
                help=f"add {default.value} to the modes of {merged.name}",
                causes=(f"api:merged:{merged.name}",),
            )
