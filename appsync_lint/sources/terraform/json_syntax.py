"""The JSON syntax of modules (``.tf.json``): the same blocks and attributes, told apart by what they are for."""

from __future__ import annotations

from collections.abc import Iterator

from ...text import SourceText
from ...tree import Node, Scalar, Sequence, Table
from ..loader import load_tree
from .syntax import Attribute, Block, Body, JsonExpression

__all__ = ["body_of", "parse_json"]

#: How many labels the blocks of a file have, by type.
_LABELS = {
    "resource": 2,
    "data": 2,
    "ephemeral": 2,
    "variable": 1,
    "output": 1,
    "module": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
#: What counts as a block of a resource in any case; the others read the same as attributes.
_NESTED = ("lifecycle", "validation")


def parse_json(source: SourceText) -> Body:
    """Read a file in the JSON syntax. Raises :class:`~appsync_lint.errors.InputError` for what is not JSON."""
    tree = load_tree(source)
    body = Body(source.span(0, len(source.text)))
    for table in _tables(tree):
        for kind, node in table:
            for labels, key, inner in _labelled(node, _LABELS.get(kind, 0), table.keys[kind]):
                assert key.span is not None, "the tree was read from a file"
                body.blocks.append(Block(kind, labels, key.span, body_of(inner, source, literal=kind == "variable")))
    return body


def _labelled(node: Node, labels: int, key: Scalar) -> Iterator[tuple[tuple[str, ...], Scalar, Table]]:
    """Give the blocks that a value stands for, each with its labels and the place of the last one."""
    for table in _tables(node):
        if not labels:
            yield (), key, table
            continue
        for name, inner in table:
            for rest, place, body in _labelled(inner, labels - 1, table.keys[name]):
                yield (name, *rest), place, body


def _tables(node: Node) -> list[Table]:
    if isinstance(node, Table):
        return [node]
    return [item for item in node if isinstance(item, Table)] if isinstance(node, Sequence) else []


def body_of(table: Table, source: SourceText, *, literal: bool = False) -> Body:
    """Return a mapping as a block's body; only the blocks that every body can have are made blocks."""
    assert table.span is not None, "the tree was read from a file"
    body = Body(table.span, repeated=list(table.repeated))
    for name, node in table:
        key = table.keys[name]
        assert key.span is not None, "the tree was read from a file"
        if name in _NESTED:
            body.blocks += [Block(name, (), key.span, body_of(item, source)) for item in _tables(node)]
        elif name == "dynamic":
            for labels, place, item in _labelled(node, 1, key):
                assert place.span is not None, "the tree was read from a file"
                content = [Block("content", (), place.span, body_of(part, source)) for part in _contents(item)]
                dynamic = body_of(item, source)
                dynamic.blocks += content
                body.blocks.append(Block("dynamic", labels, place.span, dynamic))
        elif name != "//":
            body.attributes[name] = Attribute(name, key.span, JsonExpression(node, source, literal))
    return body


def _contents(table: Table) -> list[Table]:
    node = table.get("content")
    return [] if node is None else _tables(node)
