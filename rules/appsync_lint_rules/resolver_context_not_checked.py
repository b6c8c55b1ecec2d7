"""Some resolvers check what the Lambda authorizer says about the caller, and one beside them does not.

## What it does

In an API with a Lambda authorizer, reports root fields whose resolver does not look at the caller at all, where
resolvers of the same root type read `identity.resolverContext` and refuse by it.

## Why it matters

A Lambda authorizer says yes to the request; what this caller may do, it hands on as `resolverContext`, and each
resolver has to check that by itself. The one that was forgotten lets every token through.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerResultTtlInSeconds: 0
resolvers:
  - typeName: Mutation
    fieldName: rename
    kind: UNIT
    requestMappingTemplate: |
      #if($ctx.identity.resolverContext.role != "editor") $util.unauthorized() #end
      {}
    responseMappingTemplate: $util.toJson($ctx.result)
  - typeName: Mutation
    fieldName: remove
    kind: UNIT
    requestMappingTemplate: "{}"
    responseMappingTemplate: $util.toJson($ctx.result)
```

```graphql
type Query {
  name: String
}

type Mutation {
  rename(name: String!): String
  remove: Boolean
# ^^^^^^
}
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerResultTtlInSeconds: 0
resolvers:
  - typeName: Mutation
    fieldName: rename
    kind: UNIT
    requestMappingTemplate: |
      #if($ctx.identity.resolverContext.role != "editor") $util.unauthorized() #end
      {}
    responseMappingTemplate: $util.toJson($ctx.result)
  - typeName: Mutation
    fieldName: remove
    kind: UNIT
    requestMappingTemplate: |
      #if($ctx.identity.resolverContext.role != "editor") $util.unauthorized() #end
      {}
    responseMappingTemplate: $util.toJson($ctx.result)
```

```graphql
type Query {
  name: String
}

type Mutation {
  rename(name: String!): String
  remove: Boolean
}
```

## Limits

Judged only where all of a resolver's code is at hand. A field that is for everybody needs no check. A check that
the data source does itself, or `deniedFields` of the authorizer, is not seen.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import Field, Finding, Label, Mode, Rule, Severity, Subject, listing

if TYPE_CHECKING:
    from appsync_lint.plugin import FieldUse


class ResolverContextNotChecked(Rule):
    name = "resolver-context-not-checked"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 6.5
    cwe = (862,)
    since = "0.1.0"
    facts = ("5.9",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        if Mode.AWS_LAMBDA not in subject.api.modes or not subject.resolvers:
            return
        model = subject.model
        token = model.members(Mode.AWS_LAMBDA)
        for name in subject.schema.roots.values():
            fields = [
                (field, use)
                for field in subject.schema.types[name].fields.values()
                if (use := subject.resolvers.get(field.coordinate)) is not None and model.allowed(field) & token
            ]
            checked = [use for _, use in fields if use.checks_context]
            forgotten = [field for field, use in fields if use.whole and use.identity is None]
            if not checked or not forgotten:
                continue
            first = checked[0]
            for group in self.together(subject, forgotten):
                yield self._report(group, first)

    def _report(self, forgotten: list[Field], first: FieldUse) -> Finding:
        return self.finding(
            forgotten[0],
            f"every token that the Lambda authorizer accepts may call "
            f"{listing(field.coordinate for field in forgotten)}: no resolver there checks the caller, "
            f"as that of {first.coordinate} does",
            label="not checked",
            related=[
                *(Label(field.span, "likewise") for field in forgotten[1:3]),
                *([Label(first.context, f"{first.coordinate} is checked here")] if first.context else []),
            ],
            help="check $ctx.identity.resolverContext there too; ignore this finding if the field is for all",
            causes=[f"resolver:{field.coordinate}" for field in forgotten],
        )
