"""Which types and fields which callers get to, and where the null of a refused field ends up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ..errors import InputError

if TYPE_CHECKING:
    from ..api import Caller
    from ..schema import Field, Schema, TypeDefinition
    from .model import AccessModel

__all__ = ["Edge", "NullTrail", "Reach"]

_OPERATIONS = ("query", "mutation", "subscription")


class NullTrail(NamedTuple):
    """Where the null of a refused non-null field climbs (SEMANTICS 7.1).

    ``stops`` are the nullable fields at which it ends; ``whole_response`` says that from some root field it
    climbs past everything, so that the request's ``data`` is null.
    """

    stops: tuple[Field, ...]
    whole_response: bool


#: The names of the types, itself, interfaces and unions, by which fields return an object type.
_Doors: TypeAlias = tuple[str, ...]


class _Climb(NamedTuple):
    """One step of a null upward: the fields where it stops, the doors of the types that it nulls in turn."""

    stops: dict[str, Field]
    above: tuple[_Doors, ...]
    to_root: bool


#: The callers who certainly get from one type to another, those who may, and the other type's name.
Edge: TypeAlias = tuple[int, int, str]


class Reach:
    """Reachability from the roots of some operations, for all callers of the model at once.

    Masks have one bit for each of the model's callers. ``certain`` walks fields whose verdict is allow;
    ``possible`` also walks those whose verdict is unknown, so what is missing there is missing for sure.
    The roots themselves are anybody's. Fields that only an ``extend`` block declares count as merged.
    """

    def __init__(self, model: AccessModel, operations: tuple[str, ...], edges: dict[str, list[Edge]]) -> None:
        """Look at a model from the roots of some operations. ``edges`` is what all that look at it share."""
        for operation in operations:
            if operation not in _OPERATIONS:
                raise InputError(f"{operation!r} is not an operation; there are {', '.join(_OPERATIONS)}")
        self._model = model
        names = (name for operation, name in model.schema.roots.items() if operation in operations)
        self._roots: tuple[str, ...] = tuple(dict.fromkeys(names))
        self._edges = edges
        self._abstract = _abstract_types(model.schema)
        self._certain: dict[str, int] | None = None
        self._possible: dict[str, int] | None = None
        self._trees: dict[Caller, dict[str, Field]] = {}
        self._fields_of: dict[str, list[tuple[int, Field]]] | None = None
        # By the names of a type's doors: the implementers of one interface share theirs, and there may be thousands.
        self._into: dict[_Doors, tuple[Field, ...]] = {}
        self._entries: dict[tuple[_Doors, int], tuple[Field, ...]] = {}
        self._closed: dict[tuple[str, int], tuple[TypeDefinition, ...]] = {}
        self._climbs: dict[tuple[_Doors, Caller], _Climb] = {}
        self._trails: dict[tuple[_Doors, Caller, bool], NullTrail] = {}

    def certain(self, type_name: str) -> int:
        """Return who certainly gets to objects of a type; for an interface or union, to a field of that type."""
        return self._masks_of_certain().get(type_name, 0)

    def possible(self, type_name: str) -> int:
        """Return who gets to objects of a type, or may; for an interface or union, to a field of that type."""
        if self._possible is None:
            certain = self._masks_of_certain()
            doubts = any(allowed != possible for name in certain for allowed, possible, _ in self._edges[name])
            self._possible = self._walk(doubtful=True) if doubts else certain
        return self._possible.get(type_name, 0)

    def _masks_of_certain(self) -> dict[str, int]:
        if self._certain is None:
            self._certain = self._walk(doubtful=False)
        return self._certain

    def into(self, type_name: str) -> tuple[Field, ...]:
        """Return the fields of reachable object types whose value can be an object of a type, in file order."""
        return self._through(self._doors(type_name))

    def _doors(self, type_name: str) -> _Doors:
        """Return the named types of the fields whose value can be an object of a type."""
        if self._fields_of is None:
            self._fields_of = self._fields_by_type()
        names = (type_name, *self._abstract.get(type_name, ()))
        return tuple([name for name in names if name in self._fields_of])

    def _through(self, doors: _Doors) -> tuple[Field, ...]:
        found = self._into.get(doors)
        if found is None:
            assert self._fields_of is not None
            numbered = sorted((item for name in doors for item in self._fields_of[name]), key=lambda item: item[0])
            found = self._into[doors] = tuple(field for _, field in numbered)
        return found

    def entries(self, type_name: str, mask: int) -> tuple[Field, ...]:
        """Return the fields through which at least one caller of a mask certainly gets to a type."""
        model = self._model
        doors = self._doors(type_name)
        found = self._entries.get((doors, mask))
        if found is None:
            found = self._entries[doors, mask] = tuple(
                field for field in self._through(doors) if self.certain(field.parent) & model.allowed(field) & mask
            )
        return found

    def closed(self, type_name: str, mask: int) -> tuple[TypeDefinition, ...]:
        """Return the object types behind a name that no caller of a mask gets to, nor would have a field of."""
        found = self._closed.get((type_name, mask))
        if found is None:
            types = map(self._model.schema.types.__getitem__, self._model.schema.possible_types(type_name))
            found = self._closed[type_name, mask] = tuple(item for item in types if self._is_closed(item, mask))
        return found

    def _is_closed(self, definition: TypeDefinition, mask: int) -> bool:
        if self.certain(definition.name) & mask or not definition.fields:
            return False
        model = self._model
        return not model.admitted(definition) & mask

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
        start = self._doors(field.parent)
        at_root = field.parent in self._roots
        key = (start, caller, at_root)
        known = self._trails.get(key)
        if known is not None:
            return known
        stops: dict[str, Field] = {}
        whole = at_root
        seen = {start}
        waiting = [start]
        while waiting:
            doors = waiting.pop()
            above = self._trails.get((doors, caller, False))
            if above is not None:
                stops.update((stop.coordinate, stop) for stop in above.stops)
                whole = whole or above.whole_response
                continue
            climb = self._climb(doors, caller)
            stops |= climb.stops
            whole = whole or climb.to_root
            for doors in climb.above:
                if doors not in seen:
                    seen.add(doors)
                    waiting.append(doors)
        trail = self._trails[key] = NullTrail(tuple(stops.values()), whole)
        return trail

    def _climb(self, doors: _Doors, caller: Caller) -> _Climb:
        """Return where a null goes from a type with these doors: one step up, for a caller."""
        known = self._climbs.get((doors, caller))
        if known is not None:
            return known
        bit = self._model.bit(caller)
        stops: dict[str, Field] = {}
        parents: dict[str, None] = {}
        for field in self._through(doors):
            if self._gets_through(field, caller, bit):
                if _swallows(field):
                    stops[field.coordinate] = field
                else:
                    parents[field.parent] = None
        above = tuple(dict.fromkeys(self._doors(name) for name in parents))
        climb = _Climb(stops, above, any(name in self._roots for name in parents))
        self._climbs[doors, caller] = climb
        return climb

    def _gets_through(self, field: Field, caller: Caller, bit: int) -> bool:
        """Whether a caller certainly gets to a field's type and passes it; ``bit`` is his mask, 0 where he has none."""
        if bit:
            return bool(self.certain(field.parent) & self._model.allowed(field) & bit)
        if field.parent not in self._tree(caller) and field.parent not in self._roots:
            return False
        return self._model.verdict(field, caller) == "allow"

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
        masks = dict.fromkeys(self._roots, self._model.everybody)
        waiting = list(self._roots)
        while waiting:
            name = waiting.pop()
            here = masks[name]
            edges = self._edges.get(name)
            if edges is None:
                edges = self._edges[name] = self._edges_of(name)
            for allowed, possible, target in edges:
                known = masks.get(target, 0)
                gained = here & (possible if doubtful else allowed) & ~known
                if gained:
                    masks[target] = known | gained
                    waiting.append(target)
        return masks

    def _edges_of(self, name: str) -> list[Edge]:
        """Return where one gets from a type and who does: by its fields, or from an abstract type to its objects."""
        model = self._model
        schema = model.schema
        if schema.types[name].kind != "object":
            everybody = model.everybody
            return [(everybody, everybody, possible) for possible in schema.possible_types(name)]
        found: dict[str, tuple[int, int]] = {}
        for field in schema.links(name):
            allow, possible = model.masks(field)
            known = found.get(field.type_name)
            found[field.type_name] = (allow | known[0], possible | known[1]) if known else (allow, possible)
        return [(allow, possible, target) for target, (allow, possible) in found.items()]

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
