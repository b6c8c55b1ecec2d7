"""What subscriptions deliver, and to whom: the way to data on which a type's directives do not count.

AppSync decides about a subscriber once, on the subscription field. What it delivers later was resolved with the
rights of whoever called the mutation, so directives on the payload neither keep subscribers out nor let them in
(SEMANTICS 6.2, 6.5, A2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..schema import Feed, TypeDefinition
    from .model import AccessModel

__all__ = ["Delivery", "deliveries"]


@dataclass(frozen=True, slots=True, eq=False)
class Delivery:
    """An object type that a subscription delivers, with masks of callers.

    ``subscribers`` certainly get what the subscription delivers, ``publishers`` certainly pass one of the
    mutations that feed it. ``readers`` get, or may get, an object of the type and a field of it from a query.
    """

    feed: Feed
    definition: TypeDefinition
    subscribers: int
    publishers: int
    readers: int


def deliveries(model: AccessModel) -> Iterator[Delivery]:
    """Yield the deliveries in file order; a subscription to an interface or union has one for each object type.

    A subscription that no known mutation feeds delivers nothing.
    """
    schema = model.schema
    readers: dict[str, int] = {}
    for feed in schema.feeds():
        if not feed.mutations:
            continue
        subscribers = model.allowed(feed.field)
        publishers = 0
        for mutation in feed.mutations:
            publishers |= model.allowed(mutation)
        for name in schema.possible_types(feed.field.type_name):
            definition = schema.types[name]
            if name not in readers:
                readers[name] = model.reach("query").possible(name) & model.admitted(definition)
            yield Delivery(feed, definition, subscribers, publishers, readers[name])
