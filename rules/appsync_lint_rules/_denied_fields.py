"""What an entry of ``deniedFields`` names, as AppSync reads it (5.4): ``Type.field``, or a field's ARN."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

from appsync_lint.plugin import Field, Subject

if TYPE_CHECKING:
    from appsync_lint.plugin import Analysis, DeniedField

#: A part of a text that is no constant.
OPEN = "${}"

_ROOTS: tuple[Literal["query", "mutation", "subscription"], ...] = ("query", "mutation", "subscription")


class Named:
    """What an entry names: a type and a field, None where only the running function knows it."""

    __slots__ = ("entry", "field", "type")

    def __init__(self, entry: DeniedField, type: str | None, field: str | None) -> None:
        self.entry = entry
        self.type = type
        self.field = field

    def in_schema(self, subject: Subject) -> Field | None:
        """Return the field of an object type that the entry names, None where there is none."""
        owner = subject.schema.types.get(self.type) if self.type is not None else None
        return owner.fields.get(self.field) if owner is not None and self.field is not None else None


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    """Return the two forms of an entry, each with a type and a field; made when an authorizer lists fields."""
    name = r"[A-Za-z_]\w*"
    part = rf"({name}|\$\{{\}})"
    arn = r"(?:arn:(?:aws[\w-]*|\$\{\}):appsync:[^:/]*:[^:/]*:apis/[^/]+|\$\{\}[^/]*(?:/[^/]+)?)"
    return re.compile(rf"{part}\.{part}\Z"), re.compile(rf"{arn}/types/{part}/fields/{part}\Z")


def entries(analysis: Analysis) -> Iterator[DeniedField]:
    """Yield the entries of all answers, each place and text once."""
    found: dict[tuple[object, str], DeniedField] = {}
    for returned in analysis.returns:
        if returned.is_authorized != "false":
            for entry in returned.denied_fields or ():
                found.setdefault((entry.span, entry.text), entry)
    yield from found.values()


def named(entry: DeniedField) -> Named | None:
    """Return what an entry names, None where it has no form that AppSync knows."""
    match = next((found for form in _forms() if (found := form.match(entry.text))), None)
    if match is None:
        return None
    owner, field = (None if part == OPEN else part for part in match.groups())
    return Named(entry, owner, field)


def is_broken_arn(entry: DeniedField) -> bool:
    """Whether an ARN cannot be a field's, whatever the parts of it that only the running function knows."""
    if not entry.text.startswith("arn:"):
        return False
    *path, last = entry.text.rpartition(OPEN)[2].split("/")
    return "." in last or ":" in last or (len(path) > 1 and path[-1] != "fields")


def is_root(subject: Subject, name: str | None) -> bool:
    """Whether a type is Query, Mutation or Subscription."""
    roots = (subject.schema.root(operation) for operation in _ROOTS)
    return name is not None and any(root is not None and root.name == name for root in roots)
