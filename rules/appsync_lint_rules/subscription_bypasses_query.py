"""A subscription delivers to everybody what queries give to few.

## What it does

Reports subscriptions that every user of the pool may begin although each query for the same type is for some groups
only, and subscriptions that the API key may begin although the queries are for signed-in callers. There is one finding
for each type.

## Why it matters

A subscription is a way to read. AppSync checks the subscriber on the subscription's own field, once, and then hands on
what the mutation returned: neither the directives on the queries nor those on the type hold anything back. Whoever is
refused by `getOrder` sees each order when it is placed.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  getOrder(id: ID!): Order @aws_cognito_user_pools(cognito_groups: ["Sales"])
}
type Mutation {
  placeOrder(item: ID!): Order
}
type Subscription {
  onOrder: Order @aws_subscribe(mutations: ["placeOrder"])
# ^^^^^^^
}
type Order {
  id: ID!
  address: String
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
  getOrder(id: ID!): Order @aws_cognito_user_pools(cognito_groups: ["Sales"])
}
type Mutation {
  placeOrder(item: ID!): Order
}
type Subscription {
  onOrder: Order
    @aws_subscribe(mutations: ["placeOrder"])
    @aws_cognito_user_pools(cognito_groups: ["Sales"])
}
type Order {
  id: ID!
  address: String
}
```

## Limits

A resolver on the subscription may check the caller or set a filter; the rule cannot see that. Where clients must give
an argument they get the events that match it only, so the finding is a warning. IAM callers are left out, since a
policy decides about them, and so are subscriptions to a type that no query returns.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Caller, Delivery, Field, Finding, Label, Mode, Rule, Severity, Subject, listing

from ._consequence import AUTH, COGNITO, POOLS, others_admitted, with_groups
from ._coverage import SHOWN
from ._subscriptions import opened, required_arguments

_SIGN_IN = (COGNITO, Mode.OPENID_CONNECT, Mode.AWS_LAMBDA)


class SubscriptionBypassesQuery(Rule):
    name = "subscription-bypasses-query"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 7.1
    cwe = (863, 200)
    since = "0.1.0"
    facts = ("6.9", "6.2", "A2")
    yields_to = ("aws-auth-ignored", "unknown-auth-directive", "unknown-auth-argument")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        modes = subject.api.modes
        pool = model.members(COGNITO)
        plain = model.mask([Caller(COGNITO)]) if COGNITO in modes else 0
        key = model.members(Mode.API_KEY)
        signed_in = model.mask(caller for mode in _SIGN_IN for caller in model.callers_of(mode))
        found: dict[tuple[str, Mode], list[Delivery]] = {}
        for item in model.deliveries():
            outside = item.subscribers & ~item.readers
            if outside & plain and item.readers & pool:
                found.setdefault((item.definition.name, COGNITO), []).append(item)
            if outside & key and item.readers & signed_in:
                found.setdefault((item.definition.name, Mode.API_KEY), []).append(item)
        told: set[str] = set()
        for (_, mode), items in found.items():
            fresh = [item for item in items if f"{mode.value} {item.feed.field.coordinate}" not in told]
            told.update(f"{mode.value} {item.feed.field.coordinate}" for item in fresh)
            for group in self.together(subject, fresh, at=lambda item: item.feed.field.span):
                yield self._report(subject, mode, group)

    def _report(self, subject: Subject, mode: Mode, items: list[Delivery]) -> Finding:
        model = subject.model
        first = items[0]
        field = first.feed.field
        readers = model.unmask(first.readers)
        groups = tuple(sorted({name for caller in readers if caller.mode is COGNITO for name in caller.groups}))
        who = "every signed-in Cognito user" if mode is COGNITO else "anybody who has the API key"
        few = (
            listing(groups, conjunction="or")
            if mode is COGNITO
            else listing(dict.fromkeys(caller.mode.who for caller in readers))
        )
        own = [item for item in model.deciding(field) if model.grant(field).origin == "field"]
        fields = [item.feed.field for item in items]
        # Clients that must name what they want to hear of do not get everything.
        narrowed = all(required_arguments(item) for item in fields)
        return self.finding(
            field,
            f"{who} may subscribe to {listing(item.coordinate for item in fields)} and gets each "
            f"{first.definition.name} that {'he asks for' if narrowed else 'is published'}, while queries give it to "
            f"{few} only",
            label="the directives here admit them" if own else "no directive of its own",
            related=[
                *(Label(item.span, "likewise") for item in fields[1 : SHOWN + 1]),
                *(Label(item.span, "a query for it") for item in _queries(subject, first)),
            ],
            help=f"write {_wanted(subject, mode, first, groups)} on the subscription",
            subject=mode.value,
            causes=[
                *(opened(item) for item in fields),
                *(f"directive:{item.coordinate}@{directive.name}" for item in fields for directive in item.directives),
            ],
            severity=Severity.WARNING if narrowed else Severity.ERROR,
        )


def _queries(subject: Subject, delivery: Delivery) -> list[Field]:
    """Return a few root queries for the type, to be shown."""
    entries = subject.model.reach("query").entries(delivery.definition.name, delivery.readers)
    return [field for field in entries if subject.schema.operation_of(field.parent) == "query"][:1]


def _wanted(subject: Subject, mode: Mode, delivery: Delivery, groups: tuple[str, ...]) -> str:
    """Write the directives that admit to the subscription whom the queries admit, and whom it admits otherwise."""
    grant = subject.model.grant(delivery.feed.field)
    modes = {*subject.model.modes_in(delivery.readers), Mode.AWS_IAM}
    others = [f"@{item.directive}" for item in others_admitted(grant, mode) if item in modes - {COGNITO}]
    if mode is COGNITO:
        name = AUTH if subject.model.is_multi is False else POOLS
        return " ".join([with_groups(name, groups), *others])
    model = subject.model
    wanted = [f"@{item.directive}" for item in model.modes_in(delivery.readers) if item is not COGNITO]
    if delivery.readers & model.members(COGNITO):
        everybody = delivery.readers & model.bit(Caller(COGNITO))
        wanted.insert(0, with_groups(POOLS, None if everybody else groups))
    return " ".join(dict.fromkeys([*wanted, *others]))
