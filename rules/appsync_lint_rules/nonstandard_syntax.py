"""The schema is written in a way that GraphQL does not allow.

## What it does

Notes, once for each file and kind, semicolons after fields, interfaces separated by commas (`implements A, B`) and
empty bodies (`interface Node {}`).

## Why it matters

AppSync deploys such schemas, and writes commas itself when a schema is exported from it. Other tools refuse them: code
generators, editors, and every validator that follows the specification. For an empty body reports differ: AppSync
accepted an empty interface and refused an empty type.

## Bad

```graphql
type Query {
  me: ID;
  #     ^
}
```

## Good

```graphql
type Query {
  me: ID
}
```

## Limits

None of this changes who may call what.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, count

_KINDS = {
    "semicolon": (
        "a semicolon stands where GraphQL has none; AppSync accepts it, other tools refuse the file",
        "remove it: fields are separated by line ends",
    ),
    "implements": (
        "interfaces are separated by commas; AppSync accepts it, other tools refuse the file",
        "write implements A & B",
    ),
    "empty-body": (
        "an empty body is not GraphQL; AppSync accepted empty interfaces and refused empty types",
        "remove the braces, or the definition",
    ),
}


class NonstandardSyntax(Rule):
    name = "nonstandard-syntax"
    severity = Severity.INFO
    confidence = "medium"
    since = "0.1.0"
    facts = ("A3", "9.5", "9.7")
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        found: dict[tuple[object, str], list[Finding]] = {}
        for problem in subject.schema.problems:
            if problem.kind in _KINDS:
                message, advice = _KINDS[problem.kind]
                one = self.finding(problem.span, message, label=problem.message, help=advice, subject=problem.kind)
                found.setdefault((problem.span.source, problem.kind), []).append(one)
        for (_, kind), places in found.items():
            message, advice = _KINDS[kind]
            more = f" ({count(len(places), 'place')} in this file)" if len(places) > 1 else ""
            yield self.finding(places[0].span, message + more, label=places[0].label, help=advice, subject=kind)
