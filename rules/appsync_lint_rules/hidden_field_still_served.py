"""@hidden keeps nobody out.

## What it does

Notes fields and types with `@hidden` that no directive restricts, and who may have them all the same.

## Why it matters

`@hidden` speaks to the merging of APIs: what carries it does not appear in a merged API. The source API goes on
serving it to everybody whom its directives, or the default mode, admit. Whoever finds the source's address has the
field.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: User
}
type User {
  id: ID!
  secret: String @hidden
  #              ^^^^^^^
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
  me: User
}
type User {
  id: ID!
  secret: String @hidden @aws_iam
}
```

## Limits

Many a `@hidden` only avoids a clash of names and hides nothing secret; whether it was meant as protection the schema
does not say. A source API that is reachable from its own network only has another protection.

## References

- [Merged APIs](https://docs.aws.amazon.com/appsync/latest/devguide/merged-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Finding, Rule, Severity, Subject

from ._consequence import AUTH, on_object, who_passes


class HiddenFieldStillServed(Rule):
    name = "hidden-field-still-served"
    severity = Severity.INFO
    confidence = "low"
    security_severity = 3.1
    cwe = (862,)
    since = "0.1.0"
    facts = ("8M.4", "2.1")

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied("hidden"):
            if on_object(subject, directive):
                yield from self._of(subject, directive)

    def _of(self, subject: Subject, directive: Directive) -> Iterator[Finding]:
        schema, model = subject.schema, subject.model
        field = schema.field(directive.owner)
        definition = schema.types[directive.owner.partition(".")[0]]
        on_node = field.directives if field is not None else model.counted(definition)
        grant = model.grant(field) if field is not None else model.undirected(definition)
        restricted = model.enforced(on_node) or any(item.name == AUTH for item in on_node)
        if restricted or not any(gate.everybody for gate in grant.gates.values()):
            return
        multi = model.is_multi
        yield self.finding(
            directive,
            f"@hidden only keeps {directive.owner} out of a merged API: this API still serves it to "
            f"{who_passes(subject, grant)}",
            label="restricts nobody",
            help="write the directives of the modes that may have it, if it is not for them"
            if multi
            else "restrict it on the operations that lead to it, if it is not for them",
            causes=[f"directive:{directive.owner}@hidden"],
        )
