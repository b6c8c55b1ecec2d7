"""@aws_publish is deprecated.

## What it does

Notes `@aws_publish`, once for a schema.

## Why it matters

`@aws_publish(subscriptions: [...])` on a mutation was the first way to feed a subscription. AWS still declares it,
calls it deprecated, and documents `@aws_subscribe` on the subscription only. With both in a schema nobody sees in one
place what feeds what.

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post @aws_publish(subscriptions: ["onCreatePost"])
  #                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
type Subscription {
  onCreatePost: Post
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

None known.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Rule, Severity, Subject

from ._coverage import SHOWN
from ._subscriptions import PUBLISH


class PublishDirectiveDeprecated(Rule):
    name = "publish-directive-deprecated"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("6.1",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        places = subject.schema.applied(PUBLISH)
        if places:
            first, *others = places
            mutation = first.owner.rpartition(".")[2]
            yield self.finding(
                first,
                f"AWS calls @aws_publish deprecated; {first.owner} feeds its subscriptions by it",
                label="the older way",
                related=[Label(item.span, "likewise") for item in others[:SHOWN]],
                help=f'write @aws_subscribe(mutations: ["{mutation}"]) on the subscription and remove @aws_publish',
            )
