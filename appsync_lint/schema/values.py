"""What a schema is: types, fields and directives as written, each with its node and its file.

Built once, with plain loops over the syntax tree; the rest of the program asks these values and never
walks the tree again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graphql.language import (
    ArgumentNode,
    DirectiveNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NameNode,
    Node,
    NonNullTypeNode,
    TypeNode,
)

from ..text import SourceText, Span
from .feeds import Feed, feeds_of
from .parser import Problem

__all__ = [
    "Directive",
    "DirectiveDefinition",
    "Field",
    "Kind",
    "Part",
    "Place",
    "Schema",
    "TypeDefinition",
]

Kind: TypeAlias = Literal["object", "interface", "union", "input", "enum", "scalar"]
#: What a directive stands on, in GraphQL's own names for locations.
Place: TypeAlias = Literal[
    "OBJECT",
    "INTERFACE",
    "UNION",
    "INPUT_OBJECT",
    "ENUM",
    "SCALAR",
    "SCHEMA",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INPUT_FIELD_DEFINITION",
    "ENUM_VALUE",
]
Operation: TypeAlias = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Directive:
    """One application of a directive.

    ``owner`` is the schema coordinate of what it stands on (``Post``, ``Post.title``, ``Post.find(id:)``);
    ``from_extension`` says that it stands on an ``extend`` block, or on a field that only one declares.
    """

    name: str
    owner: str
    place: Place
    node: DirectiveNode
    source: SourceText
    from_extension: bool = False

    @property
    def arguments(self) -> tuple[ArgumentNode, ...]:
        """The arguments as written."""
        return self.node.arguments or ()

    def argument(self, name: str) -> ArgumentNode | None:
        """Return the argument of that name, or None."""
        for item in self.node.arguments or ():
            if item.name.value == name:
                return item
        return None

    @property
    def span(self) -> Span:
        """The whole directive, arguments included."""
        return span_of(self.source, self.node)

    def place_of(self, node: Node) -> Span:
        """Return the place of a part of the directive: an argument, a value."""
        return span_of(self.source, node)

    @property
    def text(self) -> str:
        """The directive as it is written in the file, on one line."""
        return " ".join(source_text(self.source, self.node).split())

    def __repr__(self) -> str:
        return f"<{self.text} on {self.owner}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Field:
    """A field of an object or interface type, or of an input type.

    ``type_name`` is the named type inside all wrappers. ``from_extension`` says that only an ``extend``
    block declares the field.
    """

    parent: str
    name: str
    type_name: str
    directives: tuple[Directive, ...]
    node: FieldDefinitionNode | InputValueDefinitionNode
    source: SourceText
    from_extension: bool = False

    @property
    def coordinate(self) -> str:
        """The schema coordinate, ``Type.field``."""
        return f"{self.parent}.{self.name}"

    @property
    def non_null(self) -> bool:
        """Whether the outermost type is non-null."""
        return isinstance(self.node.type, NonNullTypeNode)

    @property
    def is_list(self) -> bool:
        """Whether the type, non-null or not, is a list."""
        node: TypeNode = self.node.type
        if isinstance(node, NonNullTypeNode):
            node = node.type
        return isinstance(node, ListTypeNode)

    @property
    def type_text(self) -> str:
        """The type as written, ``[Post!]!``."""
        return "".join(source_text(self.source, self.node.type).split())

    @property
    def arguments(self) -> tuple[InputValueDefinitionNode, ...]:
        """The arguments that the field takes."""
        return getattr(self.node, "arguments", None) or ()

    @property
    def span(self) -> Span:
        """The field's name."""
        return span_of(self.source, self.node.name)

    def __repr__(self) -> str:
        return f"<{self.coordinate}: {self.type_name}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Part:
    """One definition, or one ``extend`` block, of a type or of the schema."""

    node: Node
    source: SourceText
    extension: bool

    @property
    def name_span(self) -> Span:
        """The type's name in this part; the first keyword of a ``schema`` block."""
        name: NameNode | None = getattr(self.node, "name", None)
        if name is not None:
            return span_of(self.source, name)
        assert self.node.loc is not None
        start = self.node.loc.start
        return self.source.span(start, start + len("extend" if self.extension else "schema"))

    @property
    def span(self) -> Span:
        """The whole definition."""
        return span_of(self.source, self.node)


@dataclass(slots=True, eq=False, repr=False)
class TypeDefinition:
    """A named type, all its definitions and extensions merged.

    A field that is declared twice counts as first declared; the others are in ``duplicates``.
    """

    kind: Kind
    name: str
    parts: list[Part] = field(default_factory=list)
    fields: dict[str, Field] = field(default_factory=dict)
    duplicates: list[Field] = field(default_factory=list)
    directives: tuple[Directive, ...] = ()
    interfaces: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    values: tuple[EnumValueDefinitionNode, ...] = ()

    @property
    def span(self) -> Span:
        """The type's name where it is first defined (an extension only if there is nothing else)."""
        return next((part for part in self.parts if not part.extension), self.parts[0]).name_span

    @property
    def only_extended(self) -> bool:
        """Whether nothing but ``extend`` blocks mention the type."""
        return all(part.extension for part in self.parts)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"


@dataclass(frozen=True, slots=True, eq=False)
class DirectiveDefinition:
    """A ``directive @name`` line of the file. Never trusted: the service's own definition counts."""

    name: str
    part: Part


@dataclass(slots=True, eq=False, repr=False)
class Schema:
    """An API's schema: every file of it, merged.

    ``roots`` maps each operation to its root type's name, by the ``schema`` block or by the usual names
    (SEMANTICS 9.3); an operation without a defined root type is absent. ``skipped`` holds client
    operations and fragments that lay among the definitions.
    """

    sources: tuple[SourceText, ...] = ()
    types: dict[str, TypeDefinition] = field(default_factory=dict)
    roots: dict[Operation, str] = field(default_factory=dict)
    schema_parts: list[Part] = field(default_factory=list)
    schema_directives: tuple[Directive, ...] = ()
    directive_definitions: list[DirectiveDefinition] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    skipped: list[Part] = field(default_factory=list)
    _possible: dict[str, tuple[str, ...]] | None = None
    _links: dict[str, tuple[Field, ...]] | None = None
    _applied: dict[str, list[Directive]] | None = None
    _by_kind: dict[Kind, tuple[TypeDefinition, ...]] = field(default_factory=dict)
    _distinct: dict[str, tuple[Field, ...]] = field(default_factory=dict)
    _feeds: tuple[Feed, ...] | None = None

    def of_kind(self, kind: Kind) -> tuple[TypeDefinition, ...]:
        """Return all types of a kind, in the order of the files."""
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(item for item in self.types.values() if item.kind == kind)
        return self._by_kind[kind]

    @property
    def objects(self) -> tuple[TypeDefinition, ...]:
        """The object types, roots included, in the order of the files."""
        return self.of_kind("object")

    def root(self, operation: Operation) -> TypeDefinition | None:
        """Return the root type of an operation, or None where the schema has none."""
        name = self.roots.get(operation)
        return self.types.get(name) if name else None

    def operation_of(self, type_name: str) -> Operation | None:
        """Return the operation whose root a type is, or None."""
        return next((operation for operation, name in self.roots.items() if name == type_name), None)

    def field(self, coordinate: str) -> Field | None:
        """Return the field with a coordinate ``Type.field``, or None."""
        type_name, _, name = coordinate.partition(".")
        definition = self.types.get(type_name)
        return definition.fields.get(name) if definition else None

    def possible_types(self, name: str) -> tuple[str, ...]:
        """Return the object types that a value of a named type can be: itself, members or implementers.

        Empty for scalars, enums, inputs and names that the schema does not define.
        """
        if self._possible is None:
            possible: dict[str, list[str]] = {}
            for item in self.types.values():
                if item.kind == "object":
                    possible.setdefault(item.name, []).append(item.name)
                    for interface in self._all_interfaces(item):
                        possible.setdefault(interface, []).append(item.name)
                elif item.kind == "union":
                    members = (member for member in item.members if self._is_object(member))
                    possible.setdefault(item.name, []).extend(dict.fromkeys(members))
            self._possible = {key: tuple(names) for key, names in possible.items() if names}
        return self._possible.get(name, ())

    def links(self, name: str) -> tuple[Field, ...]:
        """Return the fields of a type that lead on to objects: those whose own type is no leaf.

        They are a tenth of all fields, and what every walk through the schema follows.
        """
        if self._links is None:
            self.possible_types(name)
            inner = self._possible or {}
            self._links = {
                item.name: tuple([field for field in item.fields.values() if inner.get(field.type_name)])
                for item in self.objects
            }
        return self._links.get(name, ())

    def distinct_fields(self, definition: TypeDefinition) -> tuple[Field, ...]:
        """Return the fields of a type that can differ in who gets them: those with directives, and one of the others.

        What holds for these holds for each of the type's fields, which are many more.
        """
        found = self._distinct.get(definition.name)
        if found is None:
            fields = definition.fields.values()
            directed = [field for field in fields if field.directives]
            if len(directed) < len(fields):
                directed.insert(0, next(field for field in fields if not field.directives))
            found = self._distinct[definition.name] = tuple(directed)
        return found

    def feeds(self) -> tuple[Feed, ...]:
        """Return the subscription fields that carry ``@aws_subscribe``, with the mutations that feed them."""
        if self._feeds is None:
            self._feeds = tuple(feeds_of(self))
        return self._feeds

    def _is_object(self, name: str) -> bool:
        item = self.types.get(name)
        return item is not None and item.kind == "object"

    def _all_interfaces(self, item: TypeDefinition) -> Iterator[str]:
        seen: set[str] = set()
        waiting = list(item.interfaces)
        while waiting:
            name = waiting.pop()
            interface = self.types.get(name)
            if name not in seen and interface is not None and interface.kind == "interface":
                seen.add(name)
                yield name
                waiting.extend(interface.interfaces)

    def applied(self, *names: str) -> list[Directive]:
        """Return every application of some directives, name by name; of all of them where none is named.

        The schema is walked once, on the first question: many rules ask for a few names each.
        """
        by_name = self._by_directive()
        return [item for name in names or by_name for item in by_name.get(name, ())]

    def directive_names(self) -> tuple[str, ...]:
        """Return the name of every directive that the schema applies, known or not, each once."""
        return tuple(self._by_directive())

    def _by_directive(self) -> dict[str, list[Directive]]:
        if self._applied is None:
            self._applied = {}
            for directive in self.directives():
                self._applied.setdefault(directive.name, []).append(directive)
        return self._applied

    def directives(self) -> Iterator[Directive]:
        """Yield every directive that the schema applies, wherever it stands."""
        yield from self.schema_directives
        for item in self.types.values():
            yield from item.directives
            takes_arguments = item.kind != "input"
            for member in item.fields.values():
                if member.directives:
                    yield from member.directives
                if takes_arguments:
                    for argument in member.node.arguments or ():  # type: ignore[union-attr]
                        if argument.directives:
                            yield from _on_argument(member, argument)
            for member in item.duplicates:
                yield from member.directives
            if item.kind == "enum":
                yield from _on_values(item)


def _on_argument(owner: Field, argument: InputValueDefinitionNode) -> Iterator[Directive]:
    coordinate = f"{owner.coordinate}({argument.name.value}:)"
    for node in argument.directives or ():
        yield Directive(node.name.value, coordinate, "ARGUMENT_DEFINITION", node, owner.source, owner.from_extension)


def _on_values(item: TypeDefinition) -> Iterator[Directive]:
    for part in item.parts:
        values: tuple[EnumValueDefinitionNode, ...] = getattr(part.node, "values", None) or ()
        for value in values:
            for node in value.directives or ():
                owner = f"{item.name}.{value.name.value}"
                yield Directive(node.name.value, owner, "ENUM_VALUE", node, part.source, part.extension)


def span_of(source: SourceText, node: Node) -> Span:
    """Return the place of a node of the syntax tree."""
    assert node.loc is not None
    return source.span(node.loc.start, node.loc.end)


def source_text(source: SourceText, node: Node) -> str:
    """Return the text of a node of the syntax tree."""
    assert node.loc is not None
    return source.text[node.loc.start : node.loc.end]
