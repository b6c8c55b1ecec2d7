"""A mutation that feeds a subscription admits callers whom the payload's type refuses.

## What it does

Reports a type that a subscription delivers and that refuses, on every field, a mode of those who call the mutation. It
takes the place of `return-type-unreachable` for such a type.

## Why it matters

AppSync resolves what a subscription delivers with the rights of whoever called the mutation. If the type refuses him,
he gets an error, and the subscribers get `null` or nothing at all, without an error: their own rights do not matter.
Most often the mutation is for IAM callers only, a back end that publishes, and the type was written for signed-in
users.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  version: String
}
type Mutation {
  publishPrice(symbol: String!): Price @aws_iam
}
type Subscription {
  onPrice(symbol: String!): Price @aws_subscribe(mutations: ["publishPrice"])
}
type Price {
#    ^^^^^
  symbol: String
  value: Float
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  version: String
}
type Mutation {
  publishPrice(symbol: String!): Price @aws_iam
}
type Subscription {
  onPrice(symbol: String!): Price @aws_subscribe(mutations: ["publishPrice"])
}
type Price @aws_iam @aws_cognito_user_pools {
  symbol: String
  value: Float
}
```

## Limits

Types below the payload's own, and types that admit the mode on some fields, are left to the rules about missing modes.
Where the type names other modes, and callers of one of them publish too, the finding is a warning.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from appsync_lint.plugin import Delivery, Field, Finding, Gap, Rule, Severity, Subject, listing

from ._coverage import is_page, refused_type


class PublisherModeMissing(Rule):
    name = "publisher-mode-missing"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("6.5", "6.10", "2.5")
    yields_to = ("field-unreachable", "unknown-auth-directive", "extension-fields-dropped")

    def check(self, subject: Subject) -> Iterator[Finding]:
        delivered: dict[str, list[Delivery]] = {}
        for delivery in subject.model.deliveries():
            delivered.setdefault(delivery.definition.name, []).append(delivery)
        if not delivered:
            return
        for gap in subject.model.gaps():
            if gap.total and not is_page(gap.definition):
                yield from self._of(subject, gap, delivered.get(gap.definition.name, []))

    def _of(self, subject: Subject, gap: Gap, deliveries: list[Delivery]) -> Iterator[Finding]:
        model = subject.model
        callers = model.members(gap.mode)
        fed = [item for item in deliveries if item.publishers & callers]
        if not fed:
            return
        mutations = _distinct(field for item in fed for field in item.feed.mutations if model.allowed(field) & callers)
        subscriptions = _distinct(item.feed.field for item in fed)
        message = (
            f"{gap.mode.who} who call {listing(field.coordinate for field in mutations)} are refused every field of "
            f"{gap.definition.name}, so AppSync delivers nothing of it to "
            f"{listing(field.coordinate for field in subscriptions)}"
        )
        found = refused_type(self, subject, gap, message)
        if any(item.publishers & model.admitted(gap.definition) for item in fed):
            yield found
        else:
            yield replace(found, severity=Severity.ERROR, confidence="high")


def _distinct(fields: Iterator[Field]) -> list[Field]:
    return list(dict.fromkeys(fields))
