"""A subscription does not return what the mutations that feed it return.

## What it does

Reports subscription fields whose type is not that of every mutation in their `@aws_subscribe`. Whether the type is
non-null does not matter; whether it is a list does.

## Why it matters

AppSync hands on what the mutation returned, so both must have the same type. It refuses the whole schema otherwise:
"The subscription has an invalid output type".

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post
  deletePost(id: ID!): ID
}
type Subscription {
  onChange: Post @aws_subscribe(mutations: ["createPost", "deletePost"])
# ^^^^^^^^
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
  deletePost(id: ID!): Post
}
type Subscription {
  onChange: Post @aws_subscribe(mutations: ["createPost", "deletePost"])
}
type Post {
  id: ID!
}
```

## Limits

Reports of refused schemas are about different named types. Where only one side is a list, or where the subscription
returns an interface or union of the mutation's type, the finding is a warning.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Feed, Field, Finding, Label, Rule, Severity, Subject, listing

from ._coverage import SHOWN
from ._subscriptions import output


class SubscriptionOutputMismatch(Rule):
    name = "subscription-output-mismatch"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("6.3",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        for feed in subject.schema.feeds():
            wanted = _shape(feed.field)
            different = [field for field in feed.mutations if _shape(field) != wanted]
            if different:
                yield self._report(subject, feed, different)

    def _report(self, subject: Subject, feed: Feed, different: list[Field]) -> Finding:
        field = feed.field
        possible = subject.schema.possible_types(field.type_name)
        certain = any(item.type_name != field.type_name and item.type_name not in possible for item in different)
        theirs = listing(f"{item.coordinate} {_shape(item)}" for item in different)
        return self.finding(
            field,
            f"{'AppSync refuses the schema' if certain else 'AppSync hands on what the mutation returns'}: "
            f"{field.coordinate} returns {_shape(field)}, and {theirs}",
            label=f"returns {_shape(field)}",
            related=[Label(item.span, f"returns {_shape(item)}") for item in different[:SHOWN]],
            help=f"let {listing([field.coordinate, *(item.coordinate for item in different)])} return the same type, "
            "or leave the mutation out of the list",
            causes=[output(field)],
            severity=Severity.ERROR if certain else Severity.WARNING,
            confidence="high" if certain else "medium",
        )


def _shape(field: Field) -> str:
    """Return a field's type as written, without its non-null marks."""
    return field.type_text.replace("!", "")
