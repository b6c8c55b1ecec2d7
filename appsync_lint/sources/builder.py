"""Putting a positioned tree together, event by event, whatever the syntax is that the events come from.

Nothing here recurses, so no input is nested too deeply to be refused in good order.
"""

from __future__ import annotations

from ..errors import InputError
from ..text import SourceText, Span
from ..tree import Node, Scalar, Sequence, Table

__all__ = ["MAX_DEPTH", "MAX_NODES", "TreeBuilder"]

#: Real templates stay below 40; readers may recurse as deep as this.
MAX_DEPTH = 100
#: CloudFormation takes templates of 1 MB, which hold about 60,000 values.
MAX_NODES = 1_000_000

_MERGE = "<<"


class TreeBuilder:
    """Builds the tree of one document: ``open`` and ``close`` for collections, ``add`` for finished values.

    Inside a mapping, keys and values take turns. All methods raise :class:`InputError` at the place that
    is at fault.
    """

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.root: Node | None = None
        self._open: list[_Frame] = []
        self._count = 0

    def span(self, start: int, end: int) -> Span:
        """Return a place in the text that is being read."""
        return Span(self.source, start, end)

    def error(self, message: str, start: int, end: int | None = None) -> InputError:
        """Make an error that points into the text that is being read."""
        return InputError(message, span=self.span(start, start if end is None else end))

    def open(self, node: Table | Sequence, start: int, end: int) -> None:
        """Begin a collection; its members follow. ``start`` and ``end`` are where its opening stands."""
        if len(self._open) >= MAX_DEPTH:
            raise self.error(f"this is nested more than {MAX_DEPTH} levels deep", start, end)
        self._attach(node, start, end)
        self._open.append(_Frame(node, start, end))

    def close(self, end: int | None = None) -> Node:
        """End the innermost collection; without ``end`` it reaches to the end of its last member."""
        frame = self._open.pop()
        node = frame.node
        node.span = self.span(frame.start, max(frame.end if end is None else end, frame.start))
        if isinstance(node, Table):
            node.repeated = tuple(frame.repeated)
            for merged in frame.merges:
                self._merge(node, merged)
        if self._open:
            self._open[-1].end = max(self._open[-1].end, node.span.end_offset)
        return node

    def add(self, node: Node, start: int, end: int) -> None:
        """Add a finished value, or the next key of a mapping."""
        self._attach(node, start, end)
        if self._open:
            self._open[-1].end = max(self._open[-1].end, end)

    def _attach(self, node: Node, start: int, end: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise self.error(f"the file holds more than {MAX_NODES} values", start)
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        into = frame.node
        if isinstance(into, Sequence):
            into.items.append(node)
        elif frame.key is None:
            if not isinstance(node, Scalar):
                raise self.error(f"a key must be a plain value, not {node.kind}", start, end)
            frame.key = node
        else:
            key, frame.key = frame.key, None
            if key.text == _MERGE and not key.style and key.tag is None:
                frame.merges.append(node)
                return
            name = key.text
            if name in into.entries:
                frame.repeated.append(key)
            into.entries[name] = node
            into.keys[name] = key

    def _merge(self, table: Table, merged: Node) -> None:
        """Add what ``<<: *other`` brings: keys that the mapping does not have itself, the first one wins."""
        for other in merged if isinstance(merged, Sequence) else (merged,):
            if not isinstance(other, Table):
                raise InputError(f"<< takes over the keys of a mapping, not of {other.kind}", span=table.span)
            self._count += len(other.entries)
            if self._count > MAX_NODES:
                raise InputError(f"the file holds more than {MAX_NODES} values", span=table.span)
            for name, node in other.entries.items():
                if name not in table.entries:
                    table.entries[name] = node
                    table.keys[name] = other.keys[name]


class _Frame:
    """A collection whose members are still coming."""

    __slots__ = ("end", "key", "merges", "node", "repeated", "start")

    def __init__(self, node: Table | Sequence, start: int, end: int) -> None:
        self.node = node
        self.start = start
        self.end = end
        self.key: Scalar | None = None
        self.repeated: list[Scalar] = []
        self.merges: list[Node] = []
