"""A directive for merging APIs lacks what it needs, or contradicts another one.

## What it does

Reports `@renamed` without `to`, or with a `to` that can be no name, and `@canonical` or `@renamed` beside `@hidden`.

## Why it matters

These directives say what becomes of a type or field when its API is merged into another one. `@renamed` requires the
new name. What `@hidden` keeps out of the merged API is neither its main definition nor renamed there: one of the two
directives says what the author did not mean.

## Bad

```graphql
type Query {
  user: User
}
type User @renamed {
#         ^^^^^^^^
  id: ID
}
```

## Good

```graphql
type Query {
  user: User
}
type User @renamed(to: "Customer") {
  id: ID
}
```

## Limits

Whether two types end up with one name is not seen: that takes the schemas of all merged APIs. In an API that is never
merged the directives do nothing.

## References

- [Merging APIs in AWS AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/merged-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from re import fullmatch
from typing import Any

from appsync_lint.plugin import Directive, Finding, Label, Rule, Severity, Subject

from ._consequence import beside

_IDENTIFIER = r"[_A-Za-z][_0-9A-Za-z]*"


class MergeDirectiveMisused(Rule):
    name = "merge-directive-misused"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("8M.3", "9.2")
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        for renamed in schema.applied("renamed"):
            if _new_name(renamed) is None and renamed.argument("to") is None:
                yield self.finding(
                    renamed,
                    f"@renamed on {renamed.owner} gives no new name, which AppSync requires",
                    label="no new name",
                    help='write @renamed(to: "NewName")',
                )
            elif _new_name(renamed) is None:
                yield self.finding(
                    renamed,
                    f"@renamed on {renamed.owner} gives a new name that no type or field can have",
                    label="no name for a type or field",
                    help='write @renamed(to: "NewName"), a text of letters, digits and underscores',
                )
        hidden_twins = schema.applied("canonical", "renamed") if schema.applied("hidden") else ()
        for other in hidden_twins:
            hidden = beside(subject, other, "hidden")
            if hidden is not None:
                yield self.finding(
                    other,
                    f"@hidden keeps {other.owner} out of the merged API, so @{other.name} on it does nothing there",
                    label="says what becomes of it in a merged API",
                    related=[Label(hidden.span, "keeps it out of there")],
                    help=f"keep @hidden or @{other.name}, whichever is meant",
                    severity=Severity.WARNING,
                    confidence="medium",
                    subject="hidden",
                )


def _new_name(directive: Directive) -> str | None:
    """Return the name that ``@renamed`` gives; None where it gives none, or none that could be one."""
    argument = directive.argument("to")
    value: Any = argument.value if argument is not None else None
    if value is None or value.kind != "string_value" or not fullmatch(_IDENTIFIER, value.value):
        return None
    return str(value.value)
