"""This is the source of an Amplify schema, not the schema that AppSync gets.

## What it does

Recognises schemas that Amplify compiles, by its directives (`@model`, `@hasMany`, `@primaryKey` ...) or by
`input AMPLIFY`, and reports nothing else about them.

## Why it matters

Amplify turns the file into another one with queries, mutations, connections and `@aws_*` directives. AppSync never sees
`@model` or `@auth`, so nothing that can be said about this text holds for the API.

## Bad

```graphql
type Post @model @auth(rules: [{allow: public}]) {
#         ^^^^^^
  id: ID!
  title: String
}
```

## Good

What Amplify writes to `amplify/backend/api/<name>/build/schema.graphql`:

```graphql
type Post @aws_api_key {
  id: ID!
  title: String
}
type Query {
  getPost(id: ID!): Post @aws_api_key
}
```

## Limits

`@auth` alone is no proof. `@key` counts only with a list of fields, since Apollo Federation has one with a text. A
directive that the file defines itself is the file's own.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from re import match

from appsync_lint.plugin import AMPLIFY_DIRECTIVES, Directive, Finding, Label, Rule, Severity, Subject, count

_PROJECT = r"(?P<folder>(?:.*/)?amplify/backend/api/[^/]+/)schema(?:\.graphql|/)"


class AmplifySourceSchema(Rule):
    name = "amplify-source-schema"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("9.8", "2.11")
    needs_api = False
    decisive = True

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        own = {item.name for item in schema.directive_definitions}
        names = [name for name in schema.directive_names() if name in AMPLIFY_DIRECTIVES and name not in own]
        found = [item for name in names for item in schema.applied(name) if _is_amplifys(item)]
        settings = schema.types.get("AMPLIFY")
        if settings is not None and settings.kind != "input":
            settings = None
        if not found and settings is None:
            return
        if found:
            first = min(found, key=lambda item: (item.span.path, item.span.start_offset))
            what, span, coordinate = f"@{first.name}", first.span, first.owner
            label = "only Amplify's compiler reads this"
        else:
            assert settings is not None
            what, span, coordinate = "input AMPLIFY", settings.span, settings.name
            label = "only Amplify's compiler reads this"
        more = f" ({count(len(found), 'directive')} of Amplify in all)" if len(found) > 1 else ""
        related = [Label(settings.span, "as is this")] if settings is not None and found else []
        yield self.finding(
            span,
            f"this is the source of an Amplify schema: AppSync never sees {what}{more}, so nothing in this file says "
            "who may call what",
            label=label,
            coordinate=coordinate,
            related=related,
            help=f"lint what Amplify compiles it to: {_compiled(span.path)}",
        )


def _is_amplifys(directive: Directive) -> bool:
    if directive.name != "key":
        return True
    fields = directive.argument("fields")
    return fields is not None and fields.value.kind == "list_value"


def _compiled(path: str) -> str:
    found = match(_PROJECT, path)
    return f"{found['folder'] if found else 'amplify/backend/api/<name>/'}build/schema.graphql"
