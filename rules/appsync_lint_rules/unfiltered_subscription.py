"""A subscription to something that belongs to somebody is open to all without a filter.

## What it does

Reports subscriptions without an argument that clients must give, open to all callers of a mode, whose payload has a
field that names an owner: `owner`, `userId`, `tenantId` and the like. There is one finding for each type.

## Why it matters

AppSync compares the arguments that a subscriber gives with the payload. An argument that he leaves out filters nothing:
he gets everybody's events, whoever they belong to.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  note(id: ID!): Note
}
type Mutation {
  createNote(text: String): Note
}
type Subscription {
  onCreateNote(owner: String): Note @aws_subscribe(mutations: ["createNote"])
# ^^^^^^^^^^^^
}
type Note {
  id: ID!
  owner: String
  text: String
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  note(id: ID!): Note
}
type Mutation {
  createNote(text: String): Note
}
type Subscription {
  onCreateNote(owner: String!): Note @aws_subscribe(mutations: ["createNote"])
}
type Note {
  id: ID!
  owner: String
  text: String
}
```

## Limits

Pedantic: the field's name is a guess, and a resolver on the subscription may compare the argument with the caller or
set a filter. It should in any case: an argument that clients must give is one that they may make up. Subscriptions
for IAM callers alone are left out, and those that Amplify generates for a model: their resolvers ask for the owner.

## References

- [Using subscription arguments](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from appsync_lint.plugin import Caller, Delivery, Field, Finding, Label, Mode, Rule, Severity, Subject, listing

from ._coverage import SHOWN
from ._subscriptions import opened, required_arguments

_OWNERS = (
    r"(?i)^((owner|user|author|account|tenant|customer|patient|member|organi[sz]ation|org)(_?(id|name|sub))?|createdby|"
    r"(created|owned)_by|cognito_?sub|username)$"
)


class UnfilteredSubscription(Rule):
    name = "unfiltered-subscription"
    severity = Severity.WARNING
    confidence = "low"
    security_severity = 5.3
    cwe = (200, 639)
    since = "0.1.0"
    facts = ("6.7", "6.9")
    enabled = False
    pedantic = True
    yields_to = ("subscription-bypasses-query", "subscription-wider-than-mutation")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        whole = {mode: model.mask([Caller(mode)]) for mode in dict.fromkeys(caller.mode for caller in model.callers)}
        found: dict[str, list[Delivery]] = {}
        for item in model.deliveries():
            people = any(item.subscribers & bit for mode, bit in whole.items() if mode is not Mode.AWS_IAM)
            if people and not required_arguments(item.feed.field) and not _is_generated(item.feed.field):
                found.setdefault(item.definition.name, []).append(item)
        names_owner = regex(_OWNERS).match
        for items in found.values():
            fields = items[0].definition.fields.values()
            owner = next((field for field in fields if names_owner(field.name)), None)
            if owner is None:
                continue
            for group in self.together(subject, items, at=lambda item: item.feed.field.span):
                modes = [mode.who for mode, bit in whole.items() if group[0].subscribers & bit]
                yield self._report(group, owner, modes)

    def _report(self, items: list[Delivery], owner: Field, modes: list[str]) -> Finding:
        fields = list(dict.fromkeys(item.feed.field for item in items))
        first = fields[0]
        optional = any(item.name.value == owner.name for item in first.arguments)
        return self.finding(
            first,
            f"{listing(modes)} get everybody's {owner.parent} from {listing(field.coordinate for field in fields)}, "
            f"whatever {owner.coordinate} says",
            label=f"{owner.name} may be left out" if optional else "nothing has to be given",
            related=[
                Label(owner.span, "whose it is"),
                *(Label(field.span, "likewise") for field in fields[1 : SHOWN + 1]),
            ],
            help=f"ask for the argument {owner.name} with a non-null type, and compare it with the caller in a "
            "resolver",
            causes=[opened(field) for field in fields],
        )


def _is_generated(field: Field) -> bool:
    """Whether Amplify made the subscription for a model: its filter is of a type that only Amplify writes."""
    types = (getattr(getattr(item.type, "name", None), "value", "") for item in field.arguments)
    return any(name.startswith("ModelSubscription") for name in types)
