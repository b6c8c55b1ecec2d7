"""A subscription delivers fields to people whom the fields' directives refuse.

## What it does

Reports a type that a subscription delivers and that has fields restricted to groups, or closed to a mode that the rest
of the type admits, where the subscription is open to the callers who are refused them. There is one finding for each
type.

## Why it matters

A field's directive is asked when somebody reads the field in a query or a mutation. What a subscription delivers was
read by whoever called the mutation: if he may have the field and selects it, AppSync hands it on to every subscriber.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  employee(id: ID!): Employee
}
type Mutation {
  updateEmployee(id: ID!): Employee @aws_cognito_user_pools(cognito_groups: ["HR"])
}
type Subscription {
  onEmployee: Employee @aws_subscribe(mutations: ["updateEmployee"])
}
type Employee {
  id: ID
  salary: Int @aws_cognito_user_pools(cognito_groups: ["HR"])
# ^^^^^^
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
  employee(id: ID!): Employee
}
type Mutation {
  updateEmployee(id: ID!): Employee @aws_cognito_user_pools(cognito_groups: ["HR"])
}
type Subscription {
  onEmployee: Employee
    @aws_subscribe(mutations: ["updateEmployee"])
    @aws_cognito_user_pools(cognito_groups: ["HR"])
}
type Employee {
  id: ID
  salary: Int @aws_cognito_user_pools(cognito_groups: ["HR"])
}
```

## Limits

It depends on what the callers of the mutation select, which the schema does not say. Fields of types inside the payload
are not looked at, and IAM callers are left out. A type that refuses a whole mode and is delivered to it is common and
not reported: a payload of its own is often written that way.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import (
    Caller,
    Delivery,
    Field,
    Finding,
    Label,
    Mode,
    Rule,
    Severity,
    Subject,
    TypeDefinition,
    listing,
)

from ._consequence import COGNITO
from ._coverage import SHOWN
from ._subscriptions import opened


class SubscriptionDeliversRestrictedField(Rule):
    name = "subscription-delivers-restricted-field"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.9
    cwe = (863, 200)
    since = "0.1.0"
    facts = ("A2", "6.4", "6.5")
    yields_to = ("subscription-bypasses-query",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        by_type: dict[TypeDefinition, list[Delivery]] = {}
        if subject.model.is_multi:
            for delivery in subject.model.deliveries():
                by_type.setdefault(delivery.definition, []).append(delivery)
        for definition, deliveries in by_type.items():
            leaks = list(self._leaks(subject, definition, deliveries))
            if leaks:
                yield self._report(subject, definition, leaks)

    def _leaks(
        self, subject: Subject, definition: TypeDefinition, deliveries: list[Delivery]
    ) -> Iterator[tuple[Field, Mode, list[Delivery]]]:
        """Yield the fields that some subscriptions deliver to a mode's callers who are refused them."""
        model = subject.model
        has = [mode for mode in model.modes_in(model.everybody) if mode is not Mode.AWS_IAM]
        plain: dict[Mode, int] = {mode: model.bit(Caller(mode)) for mode in Mode if mode in has}
        members = {mode: model.members(mode) for mode in plain}
        anywhere = model.admitted(definition)
        undirected: list[tuple[Mode, list[Delivery]]] | None = None
        for field in definition.fields.values():
            if field.directives or undirected is None:
                allowed = model.allowed(field)
                passing = allowed | model.doubtful(field)
                own = model.grant(field).origin == "field"
                found = []
                for mode, bit in plain.items():
                    by_groups = bool(allowed & members[mode])
                    if passing & bit or not (by_groups or (own and anywhere & members[mode])):
                        continue
                    through = [item for item in deliveries if item.subscribers & bit and item.publishers & allowed]
                    if through:
                        found.append((mode, through))
                if not field.directives:
                    undirected = found
            else:
                found = undirected
            for mode, through in found:
                yield field, mode, through

    def _report(
        self, subject: Subject, definition: TypeDefinition, leaks: list[tuple[Field, Mode, list[Delivery]]]
    ) -> Finding:
        first, mode, _ = leaks[0]
        fields = list(dict.fromkeys(field for field, _, _ in leaks))
        through = list(dict.fromkeys(item for _, _, items in leaks for item in items))
        subscriptions = list(dict.fromkeys(item.feed.field for item in through))
        mutations = list(dict.fromkeys(field for item in through for field in item.feed.mutations))
        gate = subject.model.grant(first).gate(COGNITO)
        grouped = mode is COGNITO and bool(gate.groups)
        who = f"outside {listing(sorted(gate.groups), conjunction='or')}" if grouped else "whom it refuses"
        callers = "pool users" if grouped else mode.who
        what = f"every field of {definition.name}"
        if len(fields) < len(definition.fields):
            what = listing(field.coordinate for field in fields)
        directives = " ".join(item.text for item in subject.model.deciding(first))
        return self.finding(
            first,
            f"{callers} {who} get {what} from {listing(field.coordinate for field in subscriptions)} whenever "
            f"{listing((field.coordinate for field in mutations), conjunction='or')} selects it: "
            "directives on the payload do not count for subscribers",
            label=f"{directives if len(directives) <= 80 else 'the directive'} is not asked for what is delivered",
            related=[
                *(Label(field.span, "delivers it") for field in subscriptions[:SHOWN]),
                *(Label(field.span, "this field too") for field in fields[1 : SHOWN + 1]),
            ],
            help="restrict the subscription as the field is, or deliver a type without it",
            causes=[opened(field) for field in subscriptions],
        )
