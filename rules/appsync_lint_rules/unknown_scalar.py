"""The schema uses a scalar that AppSync does not have.

## What it does

Reports, once for each name, `scalar X` for any `X` but AppSync's own scalars, and types of fields and arguments that
nothing defines and that look like a scalar: another case (`AWSTimeStamp`), a missing prefix (`DateTime`), any other
name that begins with `AWS`, a slip of one letter (`Strng`), what other servers have (`UUID`).

## Why it matters

AppSync has a fixed set of scalars and takes no others, so it does not accept the schema. What other servers call `JSON`
or `DateTime` has another name here.

## Bad

```graphql
type Query {
  now: AWSTimeStamp
  #    ^^^^^^^^^^^^
}
```

## Good

```graphql
type Query {
  now: AWSTimestamp
}
```

## Limits

Other types that nothing defines are not reported: they may stand in a file that was not given. Where there are such,
only names that begin with `AWS` are taken for scalars, since AppSync keeps that prefix for itself. `Long` and other
scalars of graphql-java are reported where they are declared, with less confidence. A tool that replaces
a scalar before the upload is not seen; give the rule the severity `off` in such a project.

## References

- [Scalar types in AWS AppSync](https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import SCALARS, Edit, Field, Finding, Fix, Rule, Severity, Subject, listing

from ._fixes import is_slip
from ._names import distance

_FOLDED = {name.casefold(): name for name in SCALARS}
_SERVICE = tuple(sorted(name for name in SCALARS if name.startswith("AWS")))
#: Names of other servers' scalars, and what holds such values here.
_USUAL = {
    "uuid": "ID",
    "guid": "ID",
    "objectid": "ID",
    "long": "AWSTimestamp, Float or String",
    "bigint": "Float or String",
    "biginteger": "Float or String",
    "bigdecimal": "Float or String",
    "decimal": "Float or String",
    "number": "Float",
    "double": "Float",
    "integer": "Int",
    "short": "Int",
    "bool": "Boolean",
    "char": "String",
    "text": "String",
    "any": "AWSJSON",
    "object": "AWSJSON",
    "jsonobject": "AWSJSON",
    "map": "AWSJSON",
    "void": "Boolean",
    "uri": "AWSURL",
    "localdate": "AWSDate",
    "localtime": "AWSTime",
    "emailaddress": "AWSEmail",
    "phonenumber": "AWSPhone",
    "ipv4": "AWSIPAddress",
    "ipv6": "AWSIPAddress",
}
#: Of these and of AppSync's names without their prefix, those that hardly any object type is called by.
_PLAIN = frozenset("uuid guid decimal integer bool localdate localtime date time datetime timestamp json url".split())
#: Scalars of graphql-java, which older versions knew without a declaration: that AppSync refuses them is less sure.
_JAVA = frozenset(["BigDecimal", "BigInteger", "Byte", "Char", "Long", "Short"])
#: Among the scalars of GraphQL itself, those that are long enough for a slip to show.
_LONG = ("String", "Boolean")


class UnknownScalar(Rule):
    name = "unknown-scalar"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("9.1",)
    needs_api = False
    unsafe_fix = "writes AppSync's scalar where its name is misspelt"

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        for definition in schema.of_kind("scalar"):
            if definition.name in SCALARS:
                continue
            yield self.finding(
                definition,
                f"AppSync takes no scalars but its own, so it does not accept a schema that declares {definition.name}",
                label="not one of AppSync's scalars",
                help=_help(definition.name, declared=True),
                confidence="medium" if definition.name in _JAVA else None,
            )
        undefined = _undefined(subject)
        # Where other names are undefined too, definitions stand in a file that was not given.
        partial = bool(schema.problems) or not all(map(_looks_like_scalar, undefined))
        for name, places in undefined.items():
            field, node = places[0]
            if name.startswith("AWS") or (not partial and _looks_like_scalar(name)):
                yield self.finding(
                    field.source.span(node.loc.start, node.loc.end),
                    f"AppSync has no scalar {name}, and nothing else in the schema is called so: it does not accept "
                    "the schema",
                    label="no such type",
                    coordinate=field.coordinate,
                    help=_help(name, declared=False),
                    subject=name,
                    fix=_fix(name, places),
                )


def _fix(name: str, places: list[tuple[Field, Any]]) -> Fix | None:
    meant = _meant(name)
    if meant not in SCALARS or not is_slip(name, meant):
        return None
    return Fix.of(f"write {meant} in place of {name}", [Edit.replacing(*one, meant) for one in places], safe=False)


def _undefined(subject: Subject) -> dict[str, list[tuple[Field, Any]]]:
    """Return the names of types that nothing defines, each with its fields and the places of the name."""
    types = subject.schema.types
    known = SCALARS.union(types)
    found: dict[str, list[tuple[Field, Any]]] = {}
    for definition in types.values():
        takes_arguments = definition.kind != "input"
        for field in definition.fields.values():
            node: Any = field.node
            if field.type_name not in known:
                found.setdefault(field.type_name, []).append((field, _named(node.type)))
            if takes_arguments and node.arguments:
                for argument in node.arguments:
                    named = _named(argument.type)
                    if named.name.value not in known:
                        found.setdefault(named.name.value, []).append((field, named))
    return found


def _named(node: Any) -> Any:
    """Return the named type inside all wrappers."""
    while node.kind != "named_type":
        node = node.type
    return node


def _meant(name: str) -> str | None:
    """Return AppSync's scalar that a name most likely stands for, or None."""
    folded = name.casefold()
    exact = _FOLDED.get(folded) or _FOLDED.get(f"aws{folded}") or _USUAL.get(folded.removeprefix("aws"))
    if exact is not None:
        return exact
    near = _LONG if not folded.startswith("aws") else _SERVICE
    farthest = 1 if not folded.startswith("aws") else 2
    if len(name) > len("AWSIPAddress") + farthest:
        return None
    close = (item for item in near if abs(len(item) - len(folded)) <= farthest)
    return next((item for item in close if distance(folded, item.casefold()) <= farthest), None)


def _looks_like_scalar(name: str) -> bool:
    folded = name.casefold()
    if name.startswith("AWS") or folded in _PLAIN or folded in _FOLDED:
        return True
    return f"aws{folded}" not in _FOLDED and folded not in _USUAL and _meant(name) is not None


def _help(name: str, *, declared: bool) -> str:
    meant = _meant(name)
    others = listing(("ID", "String", "Int", "Float", "Boolean", *_SERVICE), limit=99, conjunction="or")
    write = f"write {meant} for it" if meant is not None else f"write one of AppSync's scalars for it: {others}"
    return f"{write} and remove the declaration" if declared else write
