"""A subscription's name has more than 50 characters.

## What it does

Reports fields of the subscription type whose name is longer than 50 characters.

## Why it matters

AppSync limits the names of subscription fields, and no others. It refuses the schema, usually long after the name of a
type, from which a generator made the subscription's name, was chosen.

## Bad

```graphql
type Query {
  version: String
}
type Mutation {
  acknowledgeOrder: ID
}
type Subscription {
  onCustomerServiceRepresentativeAcknowledgedTheOrder: ID @aws_subscribe(mutations: ["acknowledgeOrder"])
# ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```graphql
type Query {
  version: String
}
type Mutation {
  acknowledgeOrder: ID
}
type Subscription {
  onOrderAcknowledged: ID @aws_subscribe(mutations: ["acknowledgeOrder"])
}
```

## Limits

None known.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject

_LONGEST = 50


class SubscriptionNameTooLong(Rule):
    name = "subscription-name-too-long"
    severity = Severity.ERROR
    confidence = "medium"
    since = "0.1.0"
    facts = ("6.6",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        root = subject.schema.root("subscription")
        for field in root.fields.values() if root is not None else ():
            if len(field.name) > _LONGEST:
                shown = field.name if len(field.name) <= 2 * _LONGEST else f"{field.name[: 2 * _LONGEST]}..."
                yield self.finding(
                    field,
                    f"AppSync refuses the subscription {shown}: its name has {len(field.name)} characters, "
                    f"and {_LONGEST} are the most",
                    label=f"{len(field.name)} characters",
                    help=f"choose a name of at most {_LONGEST} characters",
                )
