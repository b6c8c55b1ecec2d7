"""Anybody who has the API key hears of what only others may publish.

## What it does

Reports subscriptions that the API key may begin, without an argument that clients must give, although the API key may
call none of the mutations that feed them. There is one finding for a schema.

## Why it matters

AppSync sends each result of the mutation to each subscriber, with every field that the mutation's caller selected. What
signed-in users or a back end write is then broadcast to everybody who has read the key out of the client.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  version: String
}
type Mutation {
  book(seat: ID!): Booking @aws_cognito_user_pools
}
type Subscription {
  onBooking: Booking @aws_subscribe(mutations: ["book"])
# ^^^^^^^^^
}
type Booking @aws_api_key @aws_cognito_user_pools {
  seat: ID
  name: String
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  version: String
}
type Mutation {
  book(seat: ID!): Booking @aws_cognito_user_pools
}
type Subscription {
  onBooking: Booking @aws_subscribe(mutations: ["book"]) @aws_cognito_user_pools
}
type Booking @aws_api_key @aws_cognito_user_pools {
  seat: ID
  name: String
}
```

## Limits

Some news are for everybody: a ticker, a scoreboard. A subscription whose own directive names the API key, or to a type
that the API key may query as well, is taken for such one. Where IAM callers alone may publish, a back end chooses what
it sends: the finding is information then.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Feed, Field, Finding, Label, Mode, Rule, Severity, Subject, listing

from ._coverage import SHOWN, default_label
from ._subscriptions import opened, required_arguments

_KEY = Mode.API_KEY


class SubscriptionWiderThanMutation(Rule):
    name = "subscription-wider-than-mutation"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.3
    cwe = (200, 862)
    since = "0.1.0"
    facts = ("6.9", "6.10", "4.2")
    yields_to = ("subscription-bypasses-query", "aws-auth-ignored", "unknown-auth-directive")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        if _KEY not in subject.api.modes or not model.is_multi:
            return
        key = model.members(_KEY)
        public = {item.feed.field for item in model.deliveries() if item.readers & key}
        wide = [
            feed
            for feed in subject.schema.feeds()
            if feed.mutations
            and feed.field not in public
            and model.allowed(feed.field) & key
            and model.grant(feed.field).origin != "field"
            and not required_arguments(feed.field)
            and not any(model.possible(item) & key for item in feed.mutations)
        ]
        for feeds in self.together(subject, wide, at=lambda feed: feed.field.span):
            yield self._report(subject, feeds)

    def _report(self, subject: Subject, wide: list[Feed]) -> Finding:
        model = subject.model
        fields = [feed.field for feed in wide]
        first = fields[0]
        mutations: list[Field] = list(dict.fromkeys(item for feed in wide for item in feed.mutations))
        modes = [mode for mode in Mode if any(mode in model.grant(item).gates for item in wide[0].mutations)]
        by_type = model.grant(first).origin == "type"
        by_people = any(set(model.grant(item).gates) - {Mode.AWS_IAM} for item in mutations)
        return self.finding(
            first,
            f"anybody who has the API key may subscribe to {listing(field.coordinate for field in fields)} and gets "
            f"what {listing(field.coordinate for field in mutations)} returns to others",
            label="the type's directives admit the API key" if by_type else "no directive, so the API key is admitted",
            related=[
                *(Label(field.span, "likewise") for field in fields[1 : SHOWN + 1]),
                *(Label(item.span, "not for the API key") for item in mutations[:1]),
                *([] if by_type else default_label(subject)),
            ],
            help=f"write {' '.join('@' + mode.directive for mode in modes)} on the subscription, with @aws_api_key if "
            "it is for everybody",
            causes=[
                *(opened(field) for field in fields),
                *(f"directive:{item.owner}@{item.name}" for field in fields for item in field.directives),
            ],
            severity=Severity.WARNING if by_people else Severity.INFO,
            confidence="medium" if by_people else "low",
        )
