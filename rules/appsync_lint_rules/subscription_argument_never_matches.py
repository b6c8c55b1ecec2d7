"""A subscription's argument has no field in the payload that it could match.

## What it does

Reports the arguments of a subscription that are no field of the type that the subscription returns.

## Why it matters

AppSync sends an event to a subscriber if each argument that he gave equals the field of the same name in what the
mutation returned. The mutation's own arguments do not count. Where there is no such field nothing is ever equal: he
subscribes without an error and gets no event.

## Bad

```graphql
type Query {
  message(id: ID!): Message
}
type Mutation {
  sendMessage(room: ID!, text: String!): Message
}
type Subscription {
  onMessage(room: ID!): Message @aws_subscribe(mutations: ["sendMessage"])
  #         ^^^^
}
type Message {
  id: ID!
  text: String
}
```

## Good

```graphql
type Query {
  message(id: ID!): Message
}
type Mutation {
  sendMessage(room: ID!, text: String!): Message
}
type Subscription {
  onMessage(room: ID!): Message @aws_subscribe(mutations: ["sendMessage"])
}
type Message {
  id: ID!
  room: ID!
  text: String
}
```

## Limits

A resolver of the subscription that sets a filter of its own (enhanced filtering) may use an argument of any name; the
rule does not see resolvers. Arguments called `filter`, or whose type is an input type, are taken for such ones, and
payloads that are lists or unions are left alone.

## References

- [Using subscription arguments](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from appsync_lint.plugin import SCALARS, Feed, Field, Finding, Label, Rule, Severity, Subject, listing, nearest

from ._coverage import SHOWN
from ._subscriptions import output, required_arguments

_FILTERS = frozenset(("filter", "filters", "where", "condition"))


class SubscriptionArgumentNeverMatches(Rule):
    name = "subscription-argument-never-matches"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("6.7",)
    needs_api = False
    yields_to = ("subscription-output-mismatch",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for feed in subject.schema.feeds():
            if feed.field.arguments and not feed.field.is_list:
                yield from self._of(subject, feed)

    def _of(self, subject: Subject, feed: Feed) -> Iterator[Finding]:
        field = feed.field
        fields = _fields(subject, field.type_name)
        if fields is None:
            return
        lost = [
            item
            for item in field.arguments
            if item.name.value not in fields and item.name.value not in _FILTERS and not _is_input(subject, item.type)
        ]
        if not lost:
            return
        names = [item.name.value for item in lost]
        needed = any(name in required_arguments(field) for name in names)
        who = "nobody who subscribes gets an event" if needed else "a client that gives it gets no event"
        has = "is no field" if len(names) == 1 else "are no fields"
        meant = nearest(names[0], tuple(fields)) if fields else None
        places = [field.source.span(item.name.loc.start, item.name.loc.end) for item in lost if item.name.loc]
        yield self.finding(
            places[0],
            f"{listing(names)} {has} of {field.type_name}, so no event matches {field.coordinate}: {who}",
            label=f"no field {names[0]} in {field.type_name}",
            related=[Label(place, "nor one for this") for place in places[1 : SHOWN + 1]],
            coordinate=field.coordinate,
            help=(f"call it {meant} if that field is meant, or " if meant else "")
            + (f"add {names[0]} to {field.type_name}" if fields else f"return a type with a field {names[0]}")
            + "; whoever calls the mutation must select it",
            causes=[output(field)],
        )


def _fields(subject: Subject, type_name: str) -> Mapping[str, Field] | None:
    """Return a payload's fields by their names: none for a scalar, None where they are not known."""
    definition = subject.schema.types.get(type_name)
    if definition is None:
        return {} if type_name in SCALARS else None
    return None if definition.kind == "union" else definition.fields


def _is_input(subject: Subject, node: object) -> bool:
    while (inner := getattr(node, "type", None)) is not None:
        node = inner
    name = getattr(getattr(node, "name", None), "value", "")
    definition = subject.schema.types.get(name)
    return name not in SCALARS and (definition is None or definition.kind == "input")
