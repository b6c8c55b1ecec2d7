"""Two models of one API, before and after an edit of its schema: whether anybody's access differs, and whose.

Equality is stricter than equal verdicts: the grants must be equal in every way in which deployment can fill in
the API's open settings; and where the facts behind one are not certain, the directives must mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..api import Api, Caller, Mode, Provider, Tool, Unresolved, UserPool
from ..schema import Directive, Field, Schema
from .grants import Grant, Verdict, term_of
from .model import AccessModel

__all__ = ["Change", "any_api", "changes", "first_difference", "shape_difference"]


class Change(NamedTuple):
    """What an edit changes on one field of an object type.

    ``gained`` are let in for certain now and were not before; ``lost`` are refused now and were not before; of
    ``doubted`` it is not known now and was known before.
    """

    coordinate: str
    gained: tuple[Caller, ...]
    lost: tuple[Caller, ...]
    doubted: tuple[Caller, ...]


def any_api() -> tuple[Api, ...]:
    """Return APIs that stand for all of them: every setting that decides access is left open."""
    open_setting = Unresolved("what the API is")
    default = Provider(open_setting, user_pool=UserPool(default_action=open_setting))
    return tuple(
        Api("", default, additional_open=open_setting, tool=Tool("", folds_extensions=folds)) for folds in (True, False)
    )


def first_difference(before: AccessModel, after: AccessModel) -> str:
    """Return the coordinate of the first field whose access differs; empty where nobody's does.

    Compared are the grants of fields that both schemas have; see :func:`shape_difference` for the others.
    """
    same = _Sameness(before, after)
    for field in _fields(before.schema):
        other = after.schema.field(field.coordinate)
        if other is not None and not same(field, other):
            return field.coordinate
    return ""


def changes(before: AccessModel, after: AccessModel) -> Iterator[Change]:
    """Yield the fields of object types on which some caller's verdict differs."""
    # Beside the callers that the schemas tell apart, somebody in a group that neither names.
    stranger = Caller(Mode.AMAZON_COGNITO_USER_POOLS, frozenset(["\0"]))
    callers = tuple(dict.fromkeys([*before.callers, *after.callers]))
    coordinates = dict.fromkeys(field.coordinate for model in (before, after) for field in _fields(model.schema))
    same = _Sameness(before, after)
    for coordinate in coordinates:
        old, new = before.schema.field(coordinate), after.schema.field(coordinate)
        if old is not None and new is not None and same(old, new):
            continue
        found: dict[Verdict, list[Caller]] = {"allow": [], "deny": [], "unknown": []}
        for caller in callers:
            now = _verdict(after, new, caller)
            if now != _verdict(before, old, caller):
                found[now].append(caller)
        change = Change(coordinate, tuple(found["allow"]), tuple(found["deny"]), tuple(found["unknown"]))
        if any(change[1:]) or _verdict(before, old, stranger) != _verdict(after, new, stranger):
            yield change


def _fields(schema: Schema) -> Iterator[Field]:
    for definition in schema.objects:
        yield from definition.fields.values()


def _verdict(model: AccessModel, field: Field | None, caller: Caller) -> Verdict:
    if field is None:
        return "deny"
    return "unknown" if _dropped(model, field) else model.verdict(field, caller)


def _dropped(model: AccessModel, field: Field) -> bool:
    return field.from_extension and not model.api.tool.folds_extensions


class _Sameness:
    """Whether a field's access is the same in two models; each pair of combinations is compared once."""

    def __init__(self, before: AccessModel, after: AccessModel) -> None:
        self._before = before
        self._after = after
        self._known: dict[tuple[int, int], tuple[bool, bool]] = {}

    def __call__(self, old: Field, new: Field) -> bool:
        if _dropped(self._before, old) != _dropped(self._after, new):
            return False
        # Fields with the same directives share one tuple, which lives as long as its model.
        here, there = self._before.grants(old), self._after.grants(new)
        key = (id(here), id(there))
        if key not in self._known:
            equal = [item.gates for item in here] == [item.gates for item in there]
            self._known[key] = equal, all(map(_is_certain, (*here, *there)))
        equal, certain = self._known[key]
        # What is not certain is the same only for the same directives: how AppSync reads them is not known.
        return equal and (certain or _written(self._before, old) == _written(self._after, new))


def _is_certain(grant: Grant) -> bool:
    return grant.confidence == "high" and all(gate.doubt is None for gate in grant.gates.values())


def _written(model: AccessModel, field: Field) -> tuple[frozenset[object], frozenset[object]]:
    """Return the directives about access on a field and on its type, for what they mean; order does not count."""
    on_type = model.counted(model.schema.types[field.parent])
    return frozenset(_meanings(field.directives)), frozenset(_meanings(on_type))


def _meanings(directives: Iterable[Directive]) -> Iterator[object]:
    for item in directives:
        term = term_of(item)
        if term is not None:
            yield (term, item.text) if term.malformed else term


def shape_difference(before: Schema, after: Schema) -> str:
    """Return what one schema defines and the other one does not, or differently; scalars aside. Empty for nothing."""
    if before.roots != after.roots:
        return "the operations' root types"
    old, new = ({name: item for name, item in one.types.items() if item.kind != "scalar"} for one in (before, after))
    if old.keys() != new.keys():
        return min(old.keys() ^ new.keys())
    for name, item in old.items():
        other = new[name]
        if (item.kind, item.interfaces, item.members) != (other.kind, other.interfaces, other.members):
            return name
        if item.fields.keys() != other.fields.keys():
            return f"{name}.{min(item.fields.keys() ^ other.fields.keys())}"
        for field in item.fields.values():
            twin = other.fields[field.name]
            if field.type_text != twin.type_text or field.from_extension != twin.from_extension:
                return field.coordinate
    return ""
