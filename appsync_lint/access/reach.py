"""Which types and fields which callers get to, and where the null of a refused field ends up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..api import Caller
    from ..schema import Field
    from .model import AccessModel

__all__ = ["NullTrail", "Reach"]


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
    """

    def __init__(self, model: AccessModel, operations: tuple[str, ...]) -> None:
        self._model = model
        names = (model.schema.roots.get(operation) for operation in operations)  # type: ignore[call-overload]
        self._roots: tuple[str, ...] = tuple(name for name in names if name)
        self._certain: dict[str, int] | None = None
        self._possible: dict[str, int] | None = None
        self._trees: dict[Caller, dict[str, Field]] = {}
        self._into: dict[str, list[Field]] | None = None

    def certain(self, type_name: str) -> int:
        """Return who certainly gets to objects of a type."""
        if self._certain is None:
            self._certain = self._walk(doubtful=False)
        return self._certain.get(type_name, 0)

    def possible(self, type_name: str) -> int:
        """Return who gets to objects of a type, or may."""
        if self._possible is None:
            self._possible = self._walk(doubtful=True)
        return self._possible.get(type_name, 0)

    def into(self, type_name: str) -> tuple[Field, ...]:
        """Return the fields of reachable object types whose value can be an object of a type."""
        if self._into is None:
            into: dict[str, list[Field]] = {}
            schema = self._model.schema
            for definition in schema.objects:
                if self.possible(definition.name) or definition.name in self._roots:
                    for field in definition.fields.values():
                        for name in schema.possible_types(field.type_name):
                            into.setdefault(name, []).append(field)
            self._into = into
        return tuple(self._into.get(type_name, ()))

    def entries(self, type_name: str, mask: int) -> tuple[Field, ...]:
        """Return the fields through which certain callers (all of a mask) certainly get to a type."""
        model = self._model
        return tuple(
            field for field in self.into(type_name) if self.certain(field.parent) & model.allowed(field) & mask
        )

    def path(self, type_name: str, caller: Caller) -> tuple[Field, ...]:
        """Return a shortest way from a root field to a type for a caller; empty where there is none."""
        if caller not in self._trees:
            self._trees[caller] = self._tree(caller)
        tree = self._trees[caller]
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
        bit = self._model.mask((caller,))
        stops: dict[str, Field] = {}
        whole = False
        seen: set[str] = set()
        waiting = [field.parent]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in self._roots:
                whole = True
                continue
            for entry in self.entries(name, bit):
                if _swallows(entry):
                    stops[entry.coordinate] = entry
                else:
                    waiting.append(entry.parent)
        return NullTrail(tuple(stops.values()), whole)

    def _walk(self, *, doubtful: bool) -> dict[str, int]:
        model = self._model
        schema = model.schema
        types = schema.types
        masks = dict.fromkeys(self._roots, model.everybody)
        edges: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        waiting = list(self._roots)
        while waiting:
            name = waiting.pop()
            here = masks[name]
            if name not in edges:
                found: dict[tuple[str, ...], int] = {}
                for field in types[name].fields.values():
                    targets = schema.possible_types(field.type_name)
                    if targets:
                        passed = model.allowed(field) | (model.doubtful(field) if doubtful else 0)
                        found[targets] = found.get(targets, 0) | passed
                edges[name] = [(mask, targets) for targets, mask in found.items()]
            for mask, targets in edges[name]:
                gained = here & mask
                for target in targets:
                    known = masks.get(target, 0)
                    if gained & ~known:
                        masks[target] = known | gained
                        waiting.append(target)
        return masks

    def _tree(self, caller: Caller) -> dict[str, Field]:
        model = self._model
        schema = model.schema
        bit = model.mask((caller,))
        tree: dict[str, Field] = {}
        level = list(self._roots)
        while level:
            following: list[str] = []
            for name in level:
                for field in schema.types[name].fields.values():
                    for target in schema.possible_types(field.type_name):
                        if target not in tree and target not in self._roots and model.allowed(field) & bit:
                            tree[target] = field
                            following.append(target)
            level = following
        return tree


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
