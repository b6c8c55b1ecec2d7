"""A mutation may be called with nothing but the API key.

## What it does

Reports mutations that admit the API key, except those whose names begin with `submit`.

## Why it matters

At Acme guests may send in forms, and change nothing else.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  news: [String]
}
type Mutation {
  submitOrder(id: ID!): ID @aws_api_key
  cancelOrder(id: ID!): ID @aws_api_key
# ^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  news: [String]
}
type Mutation {
  submitOrder(id: ID!): ID @aws_api_key
  cancelOrder(id: ID!): ID @aws_iam
}
```

## Limits

A mutation of which it is not known whether it admits the key is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Caller, Finding, Mode, Rule, Severity, Subject


class MutationOpenToGuests(Rule):
    name = "mutation-open-to-guests"
    severity = Severity.ERROR
    confidence = "high"
    since = "1.0.0"
    cwe = (862,)
    security_severity = 7.5

    def check(self, subject: Subject) -> Iterator[Finding]:
        guest = Caller(Mode.API_KEY)
        root = subject.schema.root("mutation")
        for field in root.fields.values() if root is not None else ():
            if not field.name.startswith("submit") and subject.model.verdict(field, guest) == "allow":
                yield self.finding(
                    field,
                    f"any guest may call {field.coordinate}: it admits {Mode.API_KEY.who}",
                    label="open to guests",
                    help=f"write the directives of the modes that are meant, without @{Mode.API_KEY.directive}",
                )
