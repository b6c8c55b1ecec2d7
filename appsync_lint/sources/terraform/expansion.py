"""How many instances a block stands for (``count``, ``for_each``), and what is known in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...tree import Node, Open, Scalar, Sequence, Table
from .evaluation import Scope, evaluate
from .operations import as_number, pairs_of
from .syntax import Body
from .values import assumed, certain

__all__ = ["NO_NAMES", "Expansion", "Member", "expansion", "iterated", "unknown"]

#: How many instances of a resource or a module are told apart.
MAX_INSTANCES = 100

NO_NAMES: Mapping[str, Node] = {}


class Member(NamedTuple):
    """One of the instances that a block stands for: its index, and the names that count in it."""

    key: str | int | None
    names: Mapping[str, Node]


class Expansion(NamedTuple):
    """The instances that a block stands for. ``known`` says that there are these and no others.

    ``left_out`` says why there is none.
    """

    members: list[Member]
    known: bool = True
    left_out: str = ""


def unknown(body: Body) -> Expansion:
    """Return one instance that stands for a number of them that only deployment knows."""
    if "count" in body.attributes:
        attribute = body.attributes["count"]
        index = Open("count.index", "it differs from one instance to another", attribute.value.span)
        own = Table({"index": index}, {"index": Scalar("index", "index", None)}, attribute.value.span)
        return Expansion([Member(None, {"count": own})], known=False)
    if "for_each" in body.attributes:
        span = body.attributes["for_each"].value.span
        parts = [Open(f"each.{word}", "it differs from one instance to another", span) for word in ("key", "value")]
        return Expansion([Member(None, {"each": iterated(*parts)})], known=False)
    return Expansion([Member(None, NO_NAMES)])


def expansion(body: Body, scope: Scope) -> Expansion:
    """Return the instances that a block stands for."""
    count = body.attributes.get("count")
    if count is not None:
        return _counted(body, evaluate(count.value, scope))
    repeated = body.attributes.get("for_each")
    if repeated is None:
        return unknown(body)
    node = evaluate(repeated.value, scope)
    found = certain(node)
    pairs = pairs_of(found[0]) if found is not None else None
    if found is None or pairs is None or getattr(found[0], "more", None) is not None:
        return unknown(body)
    if not pairs:
        return Expansion([], left_out=_because("there is nothing that it is for", found[1]))
    members = []
    for key, value in pairs[:MAX_INSTANCES]:
        known = certain(value) if isinstance(found[0], Sequence) else (key, ())
        if known is None or not isinstance(known[0], Scalar):
            return unknown(body)
        each = iterated(Scalar(known[0].text, known[0].text, known[0].span), assumed(value, found[1]))
        members.append(Member(known[0].text, {"each": each}))
    return Expansion(members)


def _counted(body: Body, node: Node) -> Expansion:
    found = certain(node)
    if found is None and isinstance(node, Open) and node.assumed and node.options[0] is not None:
        # A condition on variables that have defaults: the first option is what the defaults come to.
        likely = as_number(node.options[0])
        if likely == 0:
            return Expansion([], known=False, left_out=_because("its count is 0", node.assumed))
        return unknown(body)
    value = as_number(found[0]) if found is not None else None
    if found is None or value is None:
        return unknown(body)
    if value <= 0:
        return Expansion([], known=not found[1], left_out=_because("its count is 0", found[1]))
    span = body.attributes["count"].value.span
    members = []
    for index in range(min(int(value), MAX_INSTANCES)):
        own = Table({"index": Scalar(index, str(index), span)}, {"index": Scalar("index", "index", None)}, span)
        members.append(Member(index, {"count": own}))
    return Expansion(members, known=not found[1])


def _because(text: str, names: tuple[str, ...]) -> str:
    if not names:
        return text
    plural = "s" if len(names) > 1 else ""
    return f"{text} with the default{plural} of the variable{plural} {', '.join(dict.fromkeys(names))}"


def iterated(key: Node, value: Node) -> Table:
    """Return what ``each``, or a dynamic block's iterator, is."""
    keys = {word: Scalar(word, word, None) for word in ("key", "value")}
    return Table({"key": key, "value": value}, keys, value.span)
