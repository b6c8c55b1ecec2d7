"""Syntax trees to a :class:`Schema`: repeated and extending definitions merged, origins kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from graphql.language import DirectiveNode, EnumValueDefinitionNode, ListTypeNode, NonNullTypeNode, TypeNode

from ..text import SourceText
from .parser import Parsed, Problem, parse_text
from .values import (
    Directive,
    DirectiveDefinition,
    Field,
    Kind,
    Operation,
    Part,
    Place,
    Schema,
    TypeDefinition,
)

__all__ = ["build_schema", "parse_schema"]

_KINDS: dict[str, tuple[Kind, bool]] = {
    f"{kind}_type_{form}": (cast("Kind", kind.removesuffix("_object")), form == "extension")
    for kind in ("object", "interface", "union", "input_object", "enum", "scalar")
    for form in ("definition", "extension")
}
_PLACES: dict[Kind, Place] = {
    "object": "OBJECT",
    "interface": "INTERFACE",
    "union": "UNION",
    "input": "INPUT_OBJECT",
    "enum": "ENUM",
    "scalar": "SCALAR",
}
_EXECUTABLE = ("operation_definition", "fragment_definition")
_DEFAULT_ROOTS: tuple[tuple[Operation, str], ...] = (
    ("query", "Query"),
    ("mutation", "Mutation"),
    ("subscription", "Subscription"),
)


def parse_schema(text: str, path: str = "schema.graphql") -> Schema:
    """Read one schema text. Mistakes in it are in the result's ``problems``; nothing is raised for them."""
    return build_schema([parse_text(SourceText(path, text))])


def build_schema(parsed: Iterable[Parsed]) -> Schema:
    """Merge parsed files into one schema, in the order given."""
    builder = _Builder()
    for item in parsed:
        builder.add(item)
    return builder.finish()


class _Builder:
    def __init__(self) -> None:
        self.schema = Schema()
        self.sources: list[SourceText] = []
        self.problems: list[Problem] = []
        # A type may have thousands of parts, so what they add up to is collected in lists first.
        self.directives: dict[str, list[Directive]] = {}
        self.interfaces: dict[str, list[str]] = {}
        self.members: dict[str, list[str]] = {}
        self.values: dict[str, list[EnumValueDefinitionNode]] = {}

    def add(self, parsed: Parsed) -> None:
        source = parsed.source
        self.sources.append(source)
        self.problems.extend(parsed.problems)
        if parsed.document is None:
            return
        for node in parsed.document.definitions:
            found = _KINDS.get(node.kind)
            if found is not None:
                self._add_type(node, source, *found)
            elif node.kind in ("schema_definition", "schema_extension"):
                self._add_schema(node, source, extension=node.kind == "schema_extension")
            elif node.kind == "directive_definition":
                part = Part(node, source, extension=False)
                definition = DirectiveDefinition(cast("Any", node).name.value, part)
                self.schema.directive_definitions.append(definition)
            elif node.kind in _EXECUTABLE:
                self.schema.skipped.append(Part(node, source, extension=False))

    def finish(self) -> Schema:
        schema = self.schema
        for name, directives in self.directives.items():
            schema.types[name].directives = tuple(directives)
        for name, interfaces in self.interfaces.items():
            schema.types[name].interfaces = tuple(dict.fromkeys(interfaces))
        for name, members in self.members.items():
            schema.types[name].members = tuple(members)
        for name, values in self.values.items():
            schema.types[name].values = tuple(values)
        schema.sources = tuple(self.sources)
        schema.problems = tuple(self.problems)
        self._find_roots()
        return schema

    def _add_type(self, node: Any, source: SourceText, kind: Kind, extension: bool) -> None:
        name = node.name.value
        types = self.schema.types
        item = types.get(name)
        if item is None:
            item = types[name] = TypeDefinition(kind, name)
        elif item.kind != kind:
            # Two kinds under one name: AppSync refuses the schema. The first one is analysed.
            where = Part(node, source, extension).name_span
            message = f"{name} is defined as {_article(kind)} here and as {_article(item.kind)} before"
            self.problems.append(Problem("syntax", message, where))
            return
        item.parts.append(Part(node, source, extension))
        if node.directives:
            applied = _directives(node.directives, name, _PLACES[kind], source, extension)
            self.directives.setdefault(name, []).extend(applied)
        if kind == "union":
            self.members.setdefault(name, []).extend(member.name.value for member in node.types or ())
        elif kind == "enum":
            self.values.setdefault(name, []).extend(node.values or ())
        elif kind != "scalar":
            if kind != "input" and node.interfaces:
                self.interfaces.setdefault(name, []).extend(interface.name.value for interface in node.interfaces)
            self._add_fields(item, node, source, extension)

    def _add_fields(self, item: TypeDefinition, node: Any, source: SourceText, extension: bool) -> None:
        place: Place = "INPUT_FIELD_DEFINITION" if item.kind == "input" else "FIELD_DEFINITION"
        parent = item.name
        fields = item.fields
        for member in node.fields or ():
            name = member.name.value
            applied = member.directives
            directives = _directives(applied, f"{parent}.{name}", place, source, extension) if applied else ()
            made = Field(parent, name, _named(member.type), directives, member, source, extension)
            known = fields.get(name)
            if known is None:
                fields[name] = made
            elif known.from_extension and not extension:
                # The base definition is the one that AppSync keeps (9.4), wherever the extension stands.
                fields[name] = made
                item.duplicates.append(known)
            else:
                item.duplicates.append(made)

    def _add_schema(self, node: Any, source: SourceText, extension: bool) -> None:
        self.schema.schema_parts.append(Part(node, source, extension))
        if node.directives:
            self.schema.schema_directives += _directives(node.directives, "schema", "SCHEMA", source, extension)

    def _find_roots(self) -> None:
        schema = self.schema
        named: dict[Operation, str] = {}
        extended: dict[Operation, str] = {}
        for part in schema.schema_parts:
            into = extended if part.extension else named
            for operation in cast("Any", part.node).operation_types or ():
                into.setdefault(operation.operation.value, operation.type.name.value)
        # An extension adds roots, it does not replace those that are there.
        for operation, name in (*(named or dict(_DEFAULT_ROOTS)).items(), *extended.items()):
            item = schema.types.get(name)
            if operation not in schema.roots and item is not None and item.kind == "object":
                schema.roots[operation] = name


def _directives(
    nodes: Iterable[DirectiveNode], owner: str, place: Place, source: SourceText, extension: bool
) -> tuple[Directive, ...]:
    return tuple([Directive(node.name.value, owner, place, node, source, extension) for node in nodes])


def _named(node: TypeNode) -> str:
    while isinstance(node, (NonNullTypeNode, ListTypeNode)):
        node = node.type
    name: str = cast("Any", node).name.value
    return name


def _article(kind: Kind) -> str:
    return {"object": "a type", "interface": "an interface", "input": "an input", "enum": "an enum"}.get(
        kind, f"a {kind}"
    )
