"""A type admits a mode on some fields, and forgets it on others.

## What it does

Reports the fields of a type that a mode is refused on only because neither they nor their type carry a
directive, while other fields of the type name the mode. There is one finding for each type and mode.

## Why it matters

A directive on a field admits callers to that field alone. The fields beside it still fall to the default mode:
the caller gets `null` and "Not Authorized to access body on type Post" for each of them, while the rest of the
object arrives. It looks like missing data.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  post(id: ID!): Post @aws_api_key @aws_cognito_user_pools
}
type Post {
  id: ID @aws_api_key @aws_cognito_user_pools
  body: String
# ^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  post(id: ID!): Post @aws_api_key @aws_cognito_user_pools
}
type Post @aws_api_key @aws_cognito_user_pools {
  id: ID
  body: String
}
```

## Limits

A field whose own directives leave the mode out is taken as meant and not reported. Leaving a directive off can be
meant too: write the default mode's directive on the field to say so.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, listing
from appsync_lint_rules._coverage import SHOWN, cause, default_label, entry_labels, mode_label
from appsync_lint_rules.nonnull_field_denied import undirected


class PartialModeCoverage(Rule):
    name = "partial-mode-coverage"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("2.1", "2.2")
    yields_to = ("nonnull-field-denied",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for gap in subject.model.gaps():
            if gap.total:
                continue
            forgotten = undirected(subject, gap)
            if not forgotten:
                continue
            mode, definition = gap.mode, gap.definition
            named = next((field for field in gap.admitted if subject.model.grant(field).origin == "field"), None)
            related = entry_labels([named] if named else [], f"this field admits {mode.who}")
            related += [item for field in forgotten[1 : SHOWN + 1] for item in entry_labels([field], "so is this one")]
            related += default_label(subject) or mode_label(subject, mode, "the mode")
            names = listing(field.name for field in forgotten)
            yield self.finding(
                forgotten[0],
                f"{mode.who} get {listing(field.name for field in gap.admitted)} of {definition.name}, "
                f"but AppSync refuses them {names}",
                label="no directive, so only the default mode is admitted",
                related=related,
                help=f"name the mode on type {definition.name}, with the default mode, instead of field by field; "
                f"or write the default mode's directive on {names} if {'it is' if len(forgotten) == 1 else 'they are'} "
                "not for them",
                subject=mode.value,
                causes=[cause(definition, mode)],
            )
