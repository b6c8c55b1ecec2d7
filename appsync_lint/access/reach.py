"""Which types and fields which callers get to, and where the null of a refused field ends up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError

if TYPE_CHECKING:
    from ..api import Caller
    from ..schema import Field, Schema
    from .model import AccessModel

__all__ = ["NullTrail", "Reach"]

_OPERATIONS = ("query", "mutation", "subscription")


class NullTrail(NamedTuple):
    """Where the null of a refused non-null field climbs (SEMANTICS 7.1).

    ``stops`` are the nullable fields at which it ends; ``whole_response`` says that from some root field it
    climbs past everything, so that the request's ``data`` is null.
    """

    stops: tuple[Field, ...]
    whole_response: bool


class Reach:
    """Reachability from the roots of some operations, for all callers of the model at once.

    Masks have one bit for each of the model's callers. ``certain`` walks fields whose verdict is allow;
    ``possible`` also walks those whose verdict is unknown, so what is missing there is missing for sure.
    The roots themselves are anybody's. Fields that only an ``extend`` block declares count as merged.
    """

    def __init__(self, model: AccessModel, operations: tuple[str, ...]) -> None:
        for operation in operations:
            if operation not in _OPERATIONS:
                raise InputError(f"{operation!r} is not an operation; there are {', '.join(_OPERATIONS)}")
        self._model = model
        names = (name for operation, name in model.schema.roots.items() if operation in operations)
        self._roots: tuple[str, ...] = tuple(dict.fromkeys(names))
        self._abstract = _abstract_types(model.schema)
        self._certain: dict[str, int] | None = None
        self._possible: dict[str, int] | None = None
        self._trees: dict[Caller, dict[str, Field]] = {}
        self._into: dict[str, list[tuple[int, Field]]] | None = None

    def certain(self, type_name: str) -> int:
        """Return who certainly gets to objects of a type; for an interface or union, to a field of that type."""
        if self._certain is None:
            self._certain = self._walk(doubtful=False)
        return self._certain.get(type_name, 0)

    def possible(self, type_name: str) -> int:
        """Return who gets to objects of a type, or may; for an interface or union, to a field of that type."""
        if self._possible is None:
            self._possible = self._walk(doubtful=True)
        return self._possible.get(type_name, 0)

    def into(self, type_name: str) -> tuple[Field, ...]:
        """Return the fields of reachable object types whose value can be an object of a type, in file order."""
        if self._into is None:
            self._into = self._fields_by_type()
        found = self._into.get(type_name, [])
        for name in self._abstract.get(type_name, ()):
            found = found + self._into.get(name, [])
        return tuple(field for _, field in sorted(found, key=lambda item: item[0]))

    def entries(self, type_name: str, mask: int) -> tuple[Field, ...]:
        """Return the fields through which at least one caller of a mask certainly gets to a type."""
        model = self._model
        return tuple(
            field for field in self.into(type_name) if self.certain(field.parent) & model.allowed(field) & mask
        )

    def path(self, type_name: str, caller: Caller) -> tuple[Field, ...]:
        """Return a shortest way from a root field to a type for a caller; empty where there is none.

        A root is where every way begins, so there is none to it.
        """
        tree = self._tree(caller)
        path: list[Field] = []
        while type_name not in self._roots:
            field = tree.get(type_name)
            if field is None:
                return ()
            path.append(field)
            type_name = field.parent
        return tuple(reversed(path))

    def null_trail(self, field: Field, caller: Caller) -> NullTrail:
        """Follow the null that a caller gets for a refused non-null field upward to where it stops."""
        stops: dict[str, Field] = {}
        whole = False
        seen: set[str] = set()
        waiting = [field.parent]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            whole = whole or name in self._roots
            for entry in self._entries_of(name, caller):
                if _swallows(entry):
                    stops[entry.coordinate] = entry
                else:
                    waiting.append(entry.parent)
        return NullTrail(tuple(stops.values()), whole)

    def _entries_of(self, type_name: str, caller: Caller) -> list[Field]:
        tree = self._tree(caller)
        return [
            field
            for field in self.into(type_name)
            if (field.parent in tree or field.parent in self._roots) and self._model.verdict(field, caller) == "allow"
        ]

    def _fields_by_type(self) -> dict[str, list[tuple[int, Field]]]:
        """Return the fields of reachable object types by the name of their type, numbered in file order."""
        into: dict[str, list[tuple[int, Field]]] = {}
        number = 0
        for definition in self._model.schema.objects:
            if self.possible(definition.name):
                for field in self._model.schema.links(definition.name):
                    number += 1
                    into.setdefault(field.type_name, []).append((number, field))
        return into

    def _walk(self, *, doubtful: bool) -> dict[str, int]:
        schema = self._model.schema
        masks = dict.fromkeys(self._roots, self._model.everybody)
        edges: dict[str, list[tuple[int, str]]] = {}
        waiting = list(self._roots)
        while waiting:
            name = waiting.pop()
            here = masks[name]
            if name not in edges:
                edges[name] = self._edges(schema, name, doubtful=doubtful)
            for mask, target in edges[name]:
                known = masks.get(target, 0)
                gained = here & mask & ~known
                if gained:
                    masks[target] = known | gained
                    waiting.append(target)
        return masks

    def _edges(self, schema: Schema, name: str, *, doubtful: bool) -> list[tuple[int, str]]:
        """Return where one gets from a type and who does: by its fields, or from an abstract type to its objects."""
        model = self._model
        definition = schema.types[name]
        if definition.kind != "object":
            return [(model.everybody, possible) for possible in schema.possible_types(name)]
        found: dict[str, int] = {}
        for field in schema.links(name):
            target = field.type_name
            passed = model.allowed(field) | (model.doubtful(field) if doubtful else 0)
            found[target] = found.get(target, 0) | passed
        return [(mask, target) for target, mask in found.items()]

    def _tree(self, caller: Caller) -> dict[str, Field]:
        """Return, for every type that a caller certainly gets to, the last field of a shortest way."""
        known = self._trees.get(caller)
        if known is not None:
            return known
        model = self._model
        schema = model.schema
        tree: dict[str, Field] = {}
        expanded: set[str] = set()
        level = list(self._roots)
        while level:
            following: list[str] = []
            for name in level:
                for field in schema.links(name):
                    if field.type_name in expanded or model.verdict(field, caller) != "allow":
                        continue
                    expanded.add(field.type_name)
                    for target in schema.possible_types(field.type_name):
                        if target not in tree and target not in self._roots:
                            tree[target] = field
                            following.append(target)
            level = following
        self._trees[caller] = tree
        return tree


def _abstract_types(schema: Schema) -> dict[str, list[str]]:
    """Return the interfaces and unions that each object type belongs to."""
    found: dict[str, list[str]] = {}
    for definition in (*schema.of_kind("interface"), *schema.of_kind("union")):
        for name in schema.possible_types(definition.name):
            found.setdefault(name, []).append(definition.name)
    return found


def _swallows(field: Field) -> bool:
    """Whether a null inside a field's value stops there: some layer of its type is nullable."""
    from graphql.language import ListTypeNode, NonNullTypeNode, TypeNode

    node: TypeNode = field.node.type
    while isinstance(node, NonNullTypeNode):
        node = node.type
        if not isinstance(node, ListTypeNode):
            return False
        node = node.type
    return True
