"""Where callers get to a type and are then refused on its fields.

The most frequent trouble of all: a directive on an operation does not flow into the types that it returns,
so a mode is admitted at the door and refused inside (SEMANTICS 2.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..api import Caller, Mode

if TYPE_CHECKING:
    from ..schema import Field, TypeDefinition
    from .model import AccessModel

__all__ = ["Gap", "GroupGap", "gaps", "group_gaps", "types_behind"]


@dataclass(frozen=True, slots=True, eq=False)
class Gap:
    """A mode that gets to a type although fields of the type admit no caller of that mode.

    ``refused`` are those fields, ``admitted`` the others; ``entries`` the fields through which callers of the
    mode certainly get to the type.
    """

    definition: TypeDefinition
    mode: Mode
    refused: tuple[Field, ...]
    admitted: tuple[Field, ...]
    entries: tuple[Field, ...]

    @property
    def total(self) -> bool:
        """Whether the mode is refused on every field of the type."""
        return not self.admitted


@dataclass(frozen=True, slots=True, eq=False)
class GroupGap:
    """A field of a type that pool users get to, but which only some groups may have.

    ``outsider`` is a caller who gets to the type and is refused the field.
    """

    field: Field
    groups: tuple[str, ...]
    outsider: Caller


def gaps(model: AccessModel) -> Iterator[Gap]:
    """Yield every gap below the roots, by type and mode.

    Only certain ways and certain refusals count. What lies below a subscription does not: the publisher's
    rights decide there (6.5, A2).
    """
    reach = model.reach()
    by_mode = {mode: model.members(mode) for mode in model.api.modes}
    for definition in model.schema.objects:
        here = reach.certain(definition.name)
        if not here or model.is_root(definition.name):
            continue
        distinct = {model.possible(field) for field in model.schema.distinct_fields(definition)}
        for mode, callers in by_mode.items():
            if not here & callers or all(mask & callers for mask in distinct):
                continue
            fields = definition.fields.values()
            refused = tuple(field for field in fields if not model.possible(field) & callers)
            admitted = tuple(field for field in fields if model.possible(field) & callers)
            yield Gap(definition, mode, refused, admitted, reach.entries(definition.name, callers))


def group_gaps(model: AccessModel) -> Iterator[GroupGap]:
    """Yield the fields below the roots that pool users get to and that only members of some groups may have."""
    mode = Mode.AMAZON_COGNITO_USER_POOLS
    if mode not in model.api.modes:
        return
    reach = model.reach()
    users = model.members(mode)
    for definition in model.schema.objects:
        here = reach.certain(definition.name) & users
        if not here or model.is_root(definition.name):
            continue

        def restricted(field: Field, here: int = here) -> int:
            return here & ~model.possible(field) if model.allowed(field) & users else 0

        if not any(map(restricted, model.schema.distinct_fields(definition))):
            continue
        for field in definition.fields.values():
            refused = restricted(field)
            if refused:
                groups = tuple(sorted(model.grant(field).gate(mode).groups))
                yield GroupGap(field, groups, model.unmask(refused & -refused)[0])


def types_behind(model: AccessModel, gap: Gap) -> tuple[TypeDefinition, ...]:
    """Return the types behind a totally refused one that refuse the mode totally too, nearest first.

    Nobody of the mode gets to them yet; they are next as soon as the gap is mended.
    """
    callers = model.members(gap.mode)
    schema, reach = model.schema, model.reach()
    seen = {gap.definition.name}
    found: list[TypeDefinition] = []
    level = [gap.definition]
    while level:
        following: list[TypeDefinition] = []
        for name in dict.fromkeys(field.type_name for definition in level for field in schema.links(definition.name)):
            for target in reach.closed(name, callers):
                if target.name not in seen:
                    seen.add(target.name)
                    following.append(target)
        found += following
        level = following
    return tuple(found)
