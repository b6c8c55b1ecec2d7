"""A type defines the same field twice.

## What it does

Reports a second definition of a field in an object type, an interface or an input, in the same block or in another
block or file for the same type.

## Why it matters

GraphQL does not allow it, and which of the two definitions AppSync keeps is not known. Where their directives differ,
so is who gets in.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  audit: [String] @aws_iam
  audit: [String] @aws_api_key
# ^^^^^
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
  audit: [String] @aws_iam
}
```

## Limits

All other rules go by the first definition. A field that an `extend` block repeats is left to
`extension-fields-dropped`: AppSync keeps the base definition.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Edit, Field, Finding, Fix, Label, Rule, Severity, Subject

from ._names import AUTH_DIRECTIVES


class DuplicateField(Rule):
    name = "duplicate-field"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("A3",)
    needs_api = False
    safe_fix = "removes the second definition where both say the same"
    yields_to = ("extension-fields-dropped",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for definition in subject.schema.types.values():
            for field in definition.duplicates:
                if field.from_extension:
                    continue
                first = definition.fields[field.name]
                here, there = _access(field), _access(first)
                differ = here != there and definition.kind == "object"
                effect = (
                    f"the directives differ ({' '.join(there) or 'none'} there, {' '.join(here) or 'none'} here), so "
                    "who gets in is not known either"
                    if differ
                    else "the linter goes by the first"
                )
                yield self.finding(
                    field,
                    f"{field.coordinate} is defined twice, and which definition AppSync keeps is not known: {effect}",
                    label="defined again",
                    related=[Label(first.span, "the first definition")],
                    help="keep one of them",
                    causes=(f"field:{field.coordinate}",) if differ else (),
                    severity=Severity.ERROR if differ else None,
                    fix=Fix.of("remove the second definition", [Edit.removing(field)], safe=True)
                    if _text(field) == _text(first)
                    else None,
                )


def _text(field: Field) -> str:
    """Return a definition as it is written, whatever its blanks."""
    assert field.node.loc is not None
    return " ".join(field.source.text[field.node.loc.start : field.node.loc.end].split())


def _access(field: Field) -> tuple[str, ...]:
    return tuple(sorted(item.text for item in field.directives if item.name in AUTH_DIRECTIVES))
