"""@aws_subscribe names a mutation that the schema does not have.

## What it does

Reports each name in the list of an `@aws_subscribe` that is no field of the mutation type, and suggests the nearest
one that is.

## Why it matters

A subscription gets an event when one of the listed mutations was called. A name that stands for none of them brings
none: clients subscribe without an error and wait. It mostly happens after a mutation was renamed.

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post
}
type Subscription {
  onCreatePost: Post @aws_subscribe(mutations: ["creatPost"])
  #                                             ^^^^^^^^^^^
}
type Post {
  id: ID!
}
```

## Good

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post
}
type Subscription {
  onCreatePost: Post @aws_subscribe(mutations: ["createPost"])
}
type Post {
  id: ID!
}
```

## Limits

All files of the schema must be given: a mutation in a file that is not read looks like one that does not exist. Of a
schema without any mutation one finding says so.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Feed, Finding, Rule, Severity, Subject, TypeDefinition, listing, nearest

from ._fixes import respelt
from ._subscriptions import SUBSCRIBE


class SubscribeUnknownMutation(Rule):
    name = "subscribe-unknown-mutation"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("6.1",)
    needs_api = False
    unsafe_fix = "writes the mutation's name where it is misspelt"

    def check(self, subject: Subject) -> Iterator[Finding]:
        root = subject.schema.root("mutation")
        feeds = [feed for feed in subject.schema.feeds() if feed.names]
        if root is not None:
            for feed in feeds:
                yield from self._of(feed, root)
        elif feeds:
            yield self.finding(
                feeds[0].directive,
                f"no mutation feeds {listing(feed.field.coordinate for feed in feeds)}: the schema has no mutations",
                label="there is no mutation type",
                coordinate=feeds[0].field.coordinate,
                help="define the mutations in a type Mutation, or give the file that defines them too",
                causes=[f"directive:{feed.field.coordinate}@{SUBSCRIBE}" for feed in feeds],
            )

    def _of(self, feed: Feed, root: TypeDefinition) -> Iterator[Finding]:
        for name in dict.fromkeys(item.value for item in feed.names):
            if name in root.fields:
                continue
            node = next(item for item in feed.names if item.value == name)
            meant = nearest(name.removeprefix(f"{root.name}."), tuple(root.fields))
            shown = name if len(name) <= 60 else f"{name[:60]}..."
            yield self.finding(
                feed.directive.place_of(node),
                f'"{" ".join(shown.split())}" feeds {feed.field.coordinate} with nothing: '
                f"{root.name} has no such field",
                label="no mutation of this name",
                coordinate=feed.field.coordinate,
                help=f'write "{meant}"' if meant else "name a mutation of the schema, or remove the name",
                subject=name,
                causes=[f"directive:{feed.field.coordinate}@{SUBSCRIBE}"],
                fix=respelt(
                    name.removeprefix(f"{root.name}."),
                    meant,
                    [(feed.directive, item) for item in feed.names if item.value == name],
                ),
            )
