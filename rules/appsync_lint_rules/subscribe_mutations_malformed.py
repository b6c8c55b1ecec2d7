"""@aws_subscribe does not name its mutations in a list.

## What it does

Reports an `@aws_subscribe` without the argument `mutations`, with a text instead of a list, with an empty list, or with
something in the list that is no text.

## Why it matters

A subscription is fed by the mutations in the list and by nothing else. AppSync does not turn a single text into a list
as GraphQL would: it refuses the whole schema ("The mutations argument on the aws_subscribe directive has an invalid
value").

## Bad

```graphql
type Query {
  post(id: ID!): Post
}
type Mutation {
  createPost(title: String): Post
}
type Subscription {
  onCreatePost: Post @aws_subscribe(mutations: "createPost")
  #                                            ^^^^^^^^^^^^
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

That AppSync refuses a text is known; what it does with an empty list, or without the argument, is not. Either way no
mutation feeds the subscription.

## References

- [Real-time data](https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Directive, Finding, Fix, Rule, Severity, Subject

from ._fixes import list_of_texts
from ._subscriptions import SUBSCRIBE


class SubscribeMutationsMalformed(Rule):
    name = "subscribe-mutations-malformed"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("1.11", "6.1")
    needs_api = False
    unsafe_fix = "writes a list of texts"

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied(SUBSCRIBE):
            argument = directive.argument("mutations")
            value: Any = argument.value if argument is not None else None
            if value is None:
                yield self._report(directive, None, "it has no argument mutations", _wanted(()))
            elif value.kind == "string_value":
                message = (
                    f"AppSync refuses the schema: the mutations of @aws_subscribe on {directive.owner} are a text and "
                    "not a list"
                )
                help_text = f"write {_wanted((value.value,))}"
                fix = list_of_texts(directive, value)
                yield self.finding(
                    directive.place_of(value), message, **_about(directive, "no list", help_text), fix=fix
                )
            elif value.kind != "list_value" or not value.values:
                yield self._report(directive, value, "its list of mutations is empty", _wanted(()))
            else:
                odd = next((item for item in value.values if item.kind != "string_value"), None)
                if odd is not None:
                    names = tuple(item.value for item in value.values if item.kind in ("string_value", "enum_value"))
                    fix = list_of_texts(directive, value)
                    yield self._report(directive, odd, "its list holds something that is no text", _wanted(names), fix)

    def _report(self, directive: Directive, node: Any, what: str, wanted: str, fix: Fix | None = None) -> Finding:
        place = directive if node is None else directive.place_of(node)
        message = f"@aws_subscribe on {directive.owner} does not say which mutations feed it: {what}"
        return self.finding(place, message, **_about(directive, "names no mutation", f"write {wanted}"), fix=fix)


def _about(directive: Directive, label: str, help_text: str) -> Any:
    return {
        "label": label,
        "help": help_text,
        "coordinate": directive.owner,
        "causes": [f"directive:{directive.owner}@{SUBSCRIBE}"],
    }


def _wanted(names: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{name}"' for name in names[:3]) or '"theMutation"'
    return f"@aws_subscribe(mutations: [{listed}])"
