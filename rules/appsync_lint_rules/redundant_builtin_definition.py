"""The schema defines scalars or directives that AppSync has already.

## What it does

Notes `scalar AWSDateTime` and the like and `directive @aws_...` lines: all together once for each file, and on its own
each directive whose definition differs from AppSync's.

## Why it matters

AppSync uses its own definitions, whatever the file says; older versions of the service refused such files. A definition
that differs misleads whoever trusts it: an editor that checks against a `@aws_cognito_user_pools` without
`cognito_groups` marks the right directive as wrong.

## Bad

```graphql
directive @aws_cognito_user_pools on OBJECT | FIELD_DEFINITION
#^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
type Query {
  me: ID
}
```

## Good

```graphql
type Query {
  me: ID
}
```

## Limits

Definitions that an editor or a code generator needs can live in a file of their own that is not deployed. The linter
always goes by AppSync's definitions.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import (
    DIRECTIVES,
    SCALARS,
    Edit,
    Finding,
    Fix,
    Part,
    Rule,
    Severity,
    SourceText,
    Subject,
    count,
    listing,
)

_ON_TYPES = frozenset(["OBJECT", "FIELD_DEFINITION"])
#: Where the service declares its directives (1.3); those that are not named here are not compared.
_LOCATIONS = {
    "aws_api_key": _ON_TYPES,
    "aws_iam": _ON_TYPES,
    "aws_oidc": _ON_TYPES,
    "aws_lambda": _ON_TYPES,
    "aws_cognito_user_pools": _ON_TYPES,
    "aws_auth": frozenset(["FIELD_DEFINITION"]),
}
_TYPES = {"cognito_groups": "[String]", "mutations": "[String]", "subscriptions": "[String]"}
#: GraphQL's own, which a file may well spell out.
_STANDARD = frozenset(["deprecated", "include", "skip", "defer"])


class RedundantBuiltinDefinition(Rule):
    name = "redundant-builtin-definition"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("1.3", "1.5", "1.8", "A4")
    needs_api = False
    safe_fix = "removes the definitions"

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        plain: dict[SourceText, list[tuple[str, Part]]] = {}
        for definition in schema.directive_definitions:
            name = definition.name
            if name not in DIRECTIVES or name in _STANDARD:
                continue
            differences = _differences(name, definition.part.node)
            if not differences:
                plain.setdefault(definition.part.source, []).append((f"@{name}", definition.part))
                continue
            yield self.finding(
                definition.part.span,
                f"AppSync uses its own @{name}, which differs from this definition: {' and '.join(differences)}",
                label="not AppSync's definition",
                coordinate=f"@{name}",
                help="remove the definition",
                fix=Fix.of("remove the definition", [Edit.removing(definition.part)], safe=True),
            )
        for item in schema.of_kind("scalar"):
            if item.name in SCALARS:
                for part in item.parts:
                    if not part.extension:
                        plain.setdefault(part.source, []).append((item.name, part))
        for found in plain.values():
            first = min((part for _, part in found), key=lambda part: part.span.start_offset)
            names = [name for name, _ in found]
            yield self.finding(
                first.span,
                f"AppSync has {listing(names)} already and does not read the definition"
                f"{'s of this file (' + count(len(names), 'definition') + ')' if len(names) > 1 else ' of this file'}",
                label="defined by AppSync",
                coordinate=names[0],
                help="remove the definitions, or keep them in a file that only editors read",
                fix=Fix.of(f"remove {listing(names)}", Edit.removing_all(part for _, part in found), safe=True),
            )


def _differences(name: str, node: Any) -> list[str]:
    found = []
    declared = {item.name.value: _type_text(item.type) for item in node.arguments or ()}
    for argument in DIRECTIVES[name]:
        if argument not in declared:
            found.append(f"it takes {argument}")
        elif argument in _TYPES and declared[argument].replace("!", "") != _TYPES[argument]:
            found.append(f"{argument} is a {_TYPES[argument]}")
    extra = [argument for argument in declared if argument not in DIRECTIVES[name]]
    if extra:
        found.append(f"it takes no {listing(extra, conjunction='or')}")
    locations = {item.value for item in node.locations}
    known = _LOCATIONS.get(name)
    if known is not None and not locations <= known:
        found.append(f"it stands on {listing(sorted(known))} only")
    return found


def _type_text(node: Any) -> str:
    if node.kind == "non_null_type":
        return f"{_type_text(node.type)}!"
    if node.kind == "list_type":
        return f"[{_type_text(node.type)}]"
    return str(node.name.value)
