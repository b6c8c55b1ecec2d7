"""No operation leads to a type.

## What it does

Reports object types that no field leads to from the roots, whoever calls. Fields that only an `extend` block declares
count.

## Why it matters

AppSync keeps such a type and nobody can ever ask for it. Usually an operation was removed and its types were
forgotten, or the operation stands in a file that is not uploaded.

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Post {
  id: ID!
}
type Draft {
#    ^^^^^
  id: ID!
}
```

## Good

```graphql
type Query {
  post(id: ID!): Post
  drafts: [Draft]
}
type Post {
  id: ID!
}
type Draft {
  id: ID!
}
```

## Limits

Pedantic: a leftover does no harm. A type may be there for a merged API, in which another source refers to it.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Schema, Severity, Subject


class OrphanType(Rule):
    name = "orphan-type"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("9.3", "9.4")
    enabled = False
    pedantic = True
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        # What a syntax error took away may be what leads to a type.
        if not schema.roots or any(problem.kind == "syntax" for problem in schema.problems):
            return
        reached = _reached(schema)
        for definition in schema.objects:
            if definition.name not in reached:
                yield self.finding(
                    definition,
                    f"nobody can ask for {definition.name}: no field leads to it from an operation",
                    label="not used by any operation",
                    help="remove the type, or let a field return it",
                )


def _reached(schema: Schema) -> set[str]:
    reached = set(schema.roots.values())
    waiting = list(reached)
    while waiting:
        for field in schema.links(waiting.pop()):
            for name in schema.possible_types(field.type_name):
                if name not in reached:
                    reached.add(name)
                    waiting.append(name)
    return reached
