"""A subscription delivers a type with non-null fields.

## What it does

Reports object types that a subscription delivers and that have non-null fields besides `id`. There is one finding for
each type.

## Why it matters

A subscriber gets the fields that the caller of the mutation selected; the others are `null`. If one of those is
non-null and the subscriber asks for it, the whole event is lost to him: "Cannot return null for non-nullable type".
So one client's selection breaks another client's subscription.

## Bad

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
  title: String!
# ^^^^^
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
  title: String
}
```

## Limits

Pedantic: where every caller of the mutation selects all fields nothing is lost, and non-null fields are good for
queries. Fields below the payload's own are not looked at.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Rule, Severity, Subject, TypeDefinition, listing

from ._coverage import SHOWN


class PayloadNonNullField(Rule):
    name = "payload-non-null-field"
    severity = Severity.INFO
    confidence = "low"
    since = "0.1.0"
    facts = ("6.4", "7.1")
    enabled = False
    pedantic = True
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        through: dict[str, list[Field]] = {}
        for feed in schema.feeds():
            for name in schema.possible_types(feed.field.type_name):
                through.setdefault(name, []).append(feed.field)
        for name, subscriptions in through.items():
            yield from self._of(schema.types[name], subscriptions)

    def _of(self, definition: TypeDefinition, subscriptions: list[Field]) -> Iterator[Finding]:
        fatal = [field for field in definition.fields.values() if field.non_null and field.name != "id"]
        if not fatal:
            return
        yield self.finding(
            fatal[0],
            f"subscribers of {listing(field.coordinate for field in subscriptions)} lose a whole {definition.name} "
            f"if they ask for {listing((field.name for field in fatal), conjunction='or')} "
            "and the mutation's caller did not",
            label="non-null",
            related=[Label(field.span, "so is this one") for field in fatal[1 : SHOWN + 1]],
            help="make the fields nullable, or deliver a type of its own whose fields are",
        )
