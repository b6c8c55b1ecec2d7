"""Which mutations feed which subscriptions: what ``@aws_subscribe`` says, as written and as far as it resolves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphql.language import ListValueNode, StringValueNode

if TYPE_CHECKING:
    from .values import Directive, Field, Schema

__all__ = ["Feed", "feeds_of"]

_SUBSCRIBE = "aws_subscribe"


@dataclass(frozen=True, slots=True, eq=False)
class Feed:
    """A subscription field with its ``@aws_subscribe``.

    ``names`` are the texts in the directive's list, empty where the list is none or holds no text;
    ``mutations`` the fields of the mutation root that they name, each once.
    """

    field: Field
    directive: Directive
    names: tuple[StringValueNode, ...]
    mutations: tuple[Field, ...]


def feeds_of(schema: Schema) -> Iterator[Feed]:
    """Yield the feeds of the fields of the subscription root, in file order.

    Of a directive that is written twice on a field the first counts.
    """
    root = schema.root("subscription")
    if root is None:
        return
    target = schema.root("mutation")
    known = target.fields if target is not None else {}
    for field in root.fields.values():
        directive = next((item for item in field.directives if item.name == _SUBSCRIBE), None)
        if directive is None:
            continue
        argument = directive.argument("mutations")
        value = argument.value if argument is not None else None
        items = value.values if isinstance(value, ListValueNode) else ()
        names = tuple([item for item in items if isinstance(item, StringValueNode)])
        found = dict.fromkeys(known[item.value] for item in names if item.value in known)
        yield Feed(field, directive, names, tuple(found))
