"""What operators do with plain values: numbers, truth values, comparisons, members."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .values import Missing, Reference, as_text, certain, lift, shown

__all__ = ["MAX_ITEMS", "as_number", "boolean", "combined", "member", "number", "pairs_of", "same", "truth"]

MAX_ITEMS = 2_000

_ARITHMETIC: Mapping[str, Callable[[float, float], float | bool]] = {
    "PLUS": lambda a, b: a + b,
    "MINUS": lambda a, b: a - b,
    "ASTERISK": lambda a, b: a * b,
    "LT": lambda a, b: a < b,
    "GT": lambda a, b: a > b,
    "LEQ": lambda a, b: a <= b,
    "GEQ": lambda a, b: a >= b,
}


def truth(node: Node) -> bool | None:
    """Return a truth value, written as one or as a text; None for anything else."""
    if isinstance(node, Scalar):
        if isinstance(node.value, bool):
            return node.value
        if node.text in ("true", "false"):
            return node.text == "true"
    return None


def combined(operator: str, nodes: list[Node], text: str, span: Span) -> Node:
    """Return what an operator (by the name of its token) makes of two plain values."""
    left, right = nodes
    if operator in ("DOUBLE_EQ", "NEQ"):
        equal = same(left, right)
        if equal is None:
            return Open(shown(text), "parts of what is compared are only known at deployment", span)
        return boolean(equal == (operator == "DOUBLE_EQ"), span)
    if operator in ("DOUBLE_AMP", "DOUBLE_PIPE"):
        truths = [truth(node) for node in nodes]
        if None not in truths:
            return boolean(all(truths) if operator == "DOUBLE_AMP" else any(truths), span)
    elif operator in _ARITHMETIC:
        numbers = [as_number(node) for node in nodes]
        if numbers[0] is not None and numbers[1] is not None:
            return number(_ARITHMETIC[operator](numbers[0], numbers[1]), span)
    return Missing(shown(text), "it cannot be worked out", span)


def as_number(node: Node) -> float | None:
    """Return a number, written as one or as a text."""
    if not isinstance(node, Scalar) or isinstance(node.value, bool) or node.value is None:
        return None
    if isinstance(node.value, (int, float)):
        return node.value if abs(node.value) < 1e15 else None
    try:
        return float(node.text) if "." in node.text else int(node.text) if len(node.text) < 16 else None
    except ValueError:
        return None


def number(value: float | bool, span: Span | None) -> Scalar:
    """Return a number or a truth value as a node."""
    if isinstance(value, bool):
        return boolean(value, span)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Scalar(value, str(value), span)


def boolean(value: bool, span: Span | None) -> Scalar:
    """Return a truth value as a node."""
    return Scalar(value, "true" if value else "false", span)


def same(left: Node, right: Node) -> bool | None:
    """Whether two values are equal, as Terraform compares: a text is no number. None where that is open."""
    pairs = [(left, right)]
    checked = 0
    while pairs and checked < MAX_ITEMS:
        checked += 1
        one, other = pairs.pop()
        if isinstance(one, Open) or isinstance(other, Open):
            return None
        if isinstance(one, Scalar) and isinstance(other, Scalar):
            kinds = [type(item.value) if not isinstance(item.value, float) else int for item in (one, other)]
            if kinds[0] is not kinds[1] or one.value != other.value:
                return False
        elif isinstance(one, Sequence) and isinstance(other, Sequence):
            if len(one) != len(other):
                return False
            pairs += zip(one.items, other.items, strict=True)
        elif isinstance(one, Table) and isinstance(other, Table):
            if set(one.entries) != set(other.entries):
                return False
            pairs += [(one.entries[key], other.entries[key]) for key in one.entries]
        else:
            return False
    return True


def member(node: Node, key: Node, text: str, span: Span) -> Node:
    """Return what a mapping or a list holds under a key."""
    if isinstance(node, Reference):
        found = certain(key)
        name = found[0].text if found is not None and isinstance(found[0], Scalar) else ""
        return node.at(name, span) if name else Open(shown(text), node.why, span)
    return lift([node, key], lambda nodes: _member(nodes[0], nodes[1], text, span), text, span)


def _member(node: Node, key: Node, text: str, span: Span) -> Node:
    if isinstance(key, Scalar) and key.value is not None:
        if isinstance(node, Table):
            found = node.get(as_text(key))
            if found is not None:
                return found
            if node.more is not None:
                return Open(shown(text), node.more.why, span)
            return Missing(shown(text), f"it has no {key.text[:40]}", span)
        if isinstance(node, Sequence):
            index = as_number(key)
            if index is not None and 0 <= index < len(node) and index == int(index):
                return node.items[int(index)]
            if node.more is not None:
                return Open(shown(text), node.more.why, span)
    return Missing(shown(text), "there is no such element", span)


def pairs_of(node: Node) -> list[tuple[Node, Node]] | None:
    """Return the keys and values of a collection in Terraform's order; None where it is none."""
    if isinstance(node, Table):
        return [(Scalar(key, key, node.keys[key].span), node.entries[key]) for key in sorted(node.entries)]
    if isinstance(node, Sequence):
        return [(Scalar(index, str(index), item.span), item) for index, item in enumerate(node.items)]
    return None
