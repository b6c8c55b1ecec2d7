"""AppSync refuses an interface that implements an interface.

## What it does

Reports `interface A implements B`.

## Why it matters

GraphQL allows it since 2020, and editors and other servers take it. AppSync's parser does not: it answers "Failed to
parse schema document" and deploys nothing, and the message does not say where.

## Bad

```graphql
interface Node {
  id: ID!
}
interface Post implements Node {
#         ^^^^
  id: ID!
  title: String
}
type Article implements Post & Node {
  id: ID!
  title: String
}
type Query {
  post: Post
}
```

## Good

```graphql
interface Node {
  id: ID!
}
interface Post {
  id: ID!
  title: String
}
type Article implements Post & Node {
  id: ID!
  title: String
}
type Query {
  post: Post
}
```

## Limits

None known.

## References

- [Inheritance of interfaces is refused](https://github.com/aws/aws-appsync-community/issues/387)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, listing


class InterfaceImplementsInterface(Rule):
    name = "interface-implements-interface"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("9.5",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        for definition in subject.schema.of_kind("interface"):
            if not definition.interfaces:
                continue
            names = listing(definition.interfaces)
            yield self.finding(
                definition,
                f"the interface {definition.name} implements {names}, and AppSync refuses the whole schema for it: "
                '"Failed to parse schema document"',
                label="an interface may not implement another one",
                help=f"repeat the fields of {names} here without implements, and let the object types implement both",
            )
