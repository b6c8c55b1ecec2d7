"""@aws_subscribe stands where no subscription is.

## What it does

Reports `@aws_subscribe` on anything but a field of the subscription type.

## Why it matters

AppSync reads the directive on the fields of the subscription type. Elsewhere it deploys and does nothing: no client
is ever told of the mutation. That also happens to a whole `type Subscription` that the `schema { ... }` block forgets.

## Bad

```graphql
type Query {
  onCreatePost: Post @aws_subscribe(mutations: ["createPost"])
  #                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
type Mutation {
  createPost(title: String): Post
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

from appsync_lint.plugin import Directive, Finding, Label, Rule, Severity, Subject

from ._coverage import SHOWN
from ._subscriptions import SUBSCRIBE


class MisplacedSubscribe(Rule):
    name = "misplaced-subscribe"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("1.4", "6.1")
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        root = schema.roots.get("subscription")
        elsewhere: dict[str, list[Directive]] = {}
        for directive in schema.applied(SUBSCRIBE):
            parent = directive.owner.partition(".")[0]
            if parent != root or directive.place != "FIELD_DEFINITION":
                elsewhere.setdefault(parent, []).append(directive)
        for parent, found in elsewhere.items():
            first = found[0]
            forgotten = root is None and parent == "Subscription" and bool(schema.schema_parts)
            why = (
                "the schema block does not name type Subscription as the subscription type"
                if forgotten
                else f"it stands on {first.owner}, which is no subscription"
            )
            yield self.finding(
                first,
                f"AppSync does not read this @aws_subscribe, so the mutations feed nothing: {why}",
                label="has no effect here",
                related=[Label(item.span, "nor has this one") for item in found[1 : SHOWN + 1]],
                help="write subscription: Subscription in the schema block"
                if forgotten
                else f"move it to a field of type {root or 'Subscription'}, or remove it",
                causes=[f"directive:{item.owner}@{SUBSCRIBE}" for item in found],
            )
