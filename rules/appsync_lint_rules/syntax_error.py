"""The schema is not valid GraphQL, so AppSync refuses it.

## What it does

Reports each place at which the text of the schema is not GraphQL. The definitions around it are linted all the same.

## Why it matters

AppSync answers "Failed to parse schema document" and deploys nothing. What the linter says about the rest of a schema
with such a mistake leaves out what could not be read.

## Bad

```graphql
type Query {
  me(id ID!): ID
  #     ^^
  you: ID
}
```

## Good

```graphql
type Query {
  me(id: ID!): ID
  you: ID
}
```

## Limits

After twenty mistakes a file is read no further. What AppSync accepts although GraphQL does not (semicolons, commas
between interfaces) is reported by `nonstandard-syntax`.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject


class SyntaxMistake(Rule):
    name = "syntax-error"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("9.5",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        for problem in subject.schema.problems:
            if problem.kind == "syntax":
                yield self.finding(
                    problem.span,
                    f"this is not GraphQL, and AppSync refuses the schema: {problem.message}",
                    label=problem.message,
                    help="correct it; the definitions around it are linted",
                    subject=problem.message,
                )
