"""No mutation feeds a subscription.

## What it does

Reports the fields of the subscription type that carry no `@aws_subscribe` and that no mutation's `@aws_publish` names.
There is one finding for a schema.

## Why it matters

AppSync sends an event to a subscription when one of its mutations is called, and only `@aws_subscribe` says which those
are. Without it clients subscribe without an error and never hear anything.

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post
}
type Subscription {
  onCreatePost: Post
# ^^^^^^^^^^^^
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

A schema that was exported without its directives has lost its `@aws_subscribe` too: export it with them. A misspelt
`@aws_subscribe` is reported by `unknown-directive`.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Rule, Severity, Subject, listing, nearest

from ._coverage import SHOWN
from ._names import meant
from ._subscriptions import PUBLISH, SUBSCRIBE


class SubscriptionNeverFed(Rule):
    name = "subscription-never-fed"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("6.1", "9.13")
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        root = schema.root("subscription")
        if root is None:
            return
        published = _published(subject)
        silent = [field for field in root.fields.values() if not _is_fed(field) and field.name not in published]
        for fields in self.together(subject, silent):
            yield self._report(subject, fields)

    def _report(self, subject: Subject, silent: list[Field]) -> Finding:
        first = silent[0]
        mutations = subject.schema.root("mutation")
        plain = first.name.removeprefix("on").removeprefix("_")
        found = nearest(plain, tuple(mutations.fields)) if mutations is not None and plain else None
        return self.finding(
            first,
            f"no mutation feeds {listing(field.coordinate for field in silent)}, "
            "so whoever subscribes never gets an event",
            label="no @aws_subscribe",
            related=[Label(field.span, "nor here") for field in silent[1 : SHOWN + 1]],
            help=f'write @aws_subscribe(mutations: ["{found or "theMutation"}"]) behind the field',
        )


def _is_fed(field: Field) -> bool:
    """Whether a field says what feeds it, be it in a misspelt directive, which has a finding of its own."""
    return any(SUBSCRIBE in (item.name, meant(item.name)) for item in field.directives)


def _published(subject: Subject) -> set[str]:
    """Return the names of the subscriptions that mutations publish to in the older way."""
    names: set[str] = set()
    for directive in subject.schema.applied(PUBLISH):
        argument = directive.argument("subscriptions")
        values = getattr(argument.value, "values", None) if argument is not None else None
        names.update(str(getattr(item, "value", "")) for item in values or ())
    return names
