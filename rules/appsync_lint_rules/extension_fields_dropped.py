"""AppSync drops `extend` blocks without a word.

## What it does

Reports each `extend type`, `extend input`, `extend enum`, `extend interface`, `extend union`, `extend scalar` and
`extend schema` of a schema that is uploaded as it is.

## Why it matters

AppSync accepts the schema and keeps only the base definitions: fields that an `extend` block adds do not exist on the
API, and resolvers for them fail to deploy. Directives on such a block do not count either, so a restriction that is
written there never reaches production.

## Bad

```yaml
authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
extend type Query {
#           ^^^^^
  audit: [String]
}
```

## Good

```yaml
authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
  audit: [String]
}
```

## Limits

Tools that merge a schema before they upload it (the Serverless plugin from version 2 on, Amplify) fold `extend` blocks
into the base definitions. Nothing is reported where the API's description says that such a tool deploys it, or
`preprocessed: true`. Without a description, or with a schema of several files, it is a warning. For other kinds than
`extend type` the same is concluded, not measured.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Part, Rule, Severity, Subject, TypeDefinition, listing

_HELP = (
    "move it into the base definition; if a tool merges the blocks before it uploads the schema, say "
    "`preprocessed: true` in the API's description"
)
_ADDED = {"object": "field", "interface": "field", "input": "field", "enum": "value", "union": "member"}


class ExtensionFieldsDropped(Rule):
    name = "extension-fields-dropped"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 5.3
    cwe = (862,)
    since = "0.1.0"
    facts = ("9.4",)
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema, api = subject.schema, subject.described
        if api is not None and api.tool.folds_extensions:
            return
        sure = api is not None and len(schema.sources) == 1
        for definition in schema.types.values():
            for part in definition.parts:
                if part.extension:
                    yield self._on_type(definition, part, sure)
        for part in schema.schema_parts:
            if part.extension:
                yield self._on_schema(part, sure)

    def _on_type(self, definition: TypeDefinition, part: Part, sure: bool) -> Finding:
        names = _names(part)
        noun = _ADDED.get(definition.kind, "")
        effects = []
        if definition.only_extended:
            effects.append(f"{definition.name} does not exist")
        elif names:
            one = len(names) == 1
            effects.append(f"the {noun if one else noun + 's'} {listing(names)} {'does' if one else 'do'} not exist")
        directives = [f"@{node.name.value}" for node in getattr(part.node, "directives", None) or ()]
        if directives:
            effects.append(f"{listing(directives)} on it {'does' if len(directives) == 1 else 'do'} not count")
        keyword = "type" if definition.kind == "object" else definition.kind
        base = next((item for item in definition.parts if not item.extension), None)
        return self.finding(
            part.name_span,
            _message(f"extend {keyword} {definition.name}", sure)
            + (f": on the API {' and '.join(effects)}" if effects else ""),
            label="does not reach the API",
            coordinate=definition.name,
            related=[Label(base.name_span, "what AppSync keeps")] if base is not None else (),
            help=_HELP,
            causes=[
                *(f"field:{definition.name}.{name}" for name in names),
                *(f"mode-missing:{definition.name}:{mode.value}" for mode in _modes(part)),
            ],
            severity=None if sure else Severity.WARNING,
            confidence=None if definition.kind == "object" else "medium",
        )

    def _on_schema(self, part: Part, sure: bool) -> Finding:
        return self.finding(
            part.name_span,
            _message("extend schema", sure),
            label="does not reach the API",
            coordinate="schema",
            help=_HELP,
            severity=None if sure else Severity.WARNING,
            confidence="medium",
        )


def _message(text: str, sure: bool) -> str:
    condition = "" if sure else ", unless a tool merges it into the base definition before the upload"
    return f"AppSync drops `{text}` without a word{condition}"


def _modes(part: Part) -> list[Mode]:
    """Return the modes that the directives of a block name: what they admit is missing on the type."""
    found = (Mode.of_directive(node.name.value) for node in getattr(part.node, "directives", None) or ())
    return [mode for mode in found if mode is not None]


def _names(part: Part) -> list[str]:
    members = next(
        (found for key in ("fields", "values", "types") if (found := getattr(part.node, key, None))),
        (),
    )
    return [member.name.value for member in members]
