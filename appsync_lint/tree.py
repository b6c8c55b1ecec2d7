"""The positioned tree that every structured file is read into, whatever its syntax.

A YAML or JSON file, and a plain Python value, become the same three kinds of node. Readers ask nodes for
what they expect and get a clear error at the node's place when it is something else. The tree holds no
format's own objects and never executes a tag. Where a file is a program, or a template, a value that only
its run knows is a fourth kind, :class:`Open`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from .errors import InputError
from .spelling import nearest
from .text import Span

__all__ = ["Node", "Open", "Scalar", "Sequence", "Table", "from_python", "nearest"]

ScalarValue: TypeAlias = "str | int | float | bool | None"


class _Base:
    """What all nodes share: a place, and an explicit tag such as ``!Ref`` (None where there is none)."""

    __slots__ = ("span", "tag")
    kind = "value"

    def __init__(self, span: Span | None, tag: str | None = None) -> None:
        self.span = span
        self.tag = tag

    def error(self, message: str) -> InputError:
        """Make an error that points at this node."""
        return InputError(message, span=self.span)


class Scalar(_Base):
    """A text, number, truth value or null. ``value`` is typed; ``text`` is what stood in the file.

    ``style`` is the quoting character, ``|`` and ``>`` for YAML's blocks, empty for a plain scalar.
    """

    __slots__ = ("style", "text", "value")
    kind = "a plain value"

    def __init__(
        self, value: ScalarValue, text: str, span: Span | None, tag: str | None = None, style: str = ""
    ) -> None:
        super().__init__(span, tag)
        self.value = value
        self.text = text
        self.style = style


class Open(_Base):
    """A value that the file leaves open.

    ``text`` is what stands there, on one line; ``why`` completes "only deployment knows it: ...". ``options``
    are nodes that it can be, the likeliest first, None standing for "not set"; ``complete`` says that it can be
    nothing else. ``assumed`` names the variables whose defaults give the one option there is: a deployment
    may pass other values for them.
    """

    __slots__ = ("assumed", "complete", "options", "text", "why")
    kind = "a value that only deployment knows"

    def __init__(
        self,
        text: str,
        why: str,
        span: Span | None,
        options: tuple[Node | None, ...] = (),
        *,
        complete: bool = False,
        assumed: tuple[str, ...] = (),
    ) -> None:
        super().__init__(span)
        self.text = text
        self.why = why
        self.options = options
        self.complete = complete
        self.assumed = assumed


class Sequence(_Base):
    """A list of nodes. ``more`` says why there may be further items (a spread of an unknown list)."""

    __slots__ = ("items", "more")
    kind = "a list"

    def __init__(self, items: list[Node], span: Span | None, tag: str | None = None) -> None:
        super().__init__(span, tag)
        self.items = items
        self.more: Open | None = None

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


class Table(_Base):
    """A mapping from texts to nodes. A key that is written twice is kept in ``repeated``; the last value counts.

    ``keys`` holds the node of each key, for messages about the key itself. ``more`` says why there may be
    further keys, or other values for these (a spread of an unknown object).
    """

    __slots__ = ("entries", "keys", "more", "repeated")
    kind = "a mapping"

    def __init__(
        self,
        entries: dict[str, Node],
        keys: dict[str, Scalar],
        span: Span | None,
        tag: str | None = None,
        repeated: tuple[Scalar, ...] = (),
    ) -> None:
        super().__init__(span, tag)
        self.entries = entries
        self.keys = keys
        self.repeated = repeated
        self.more: Open | None = None

    def get(self, key: str) -> Node | None:
        """Return the node under a key, or None."""
        return self.entries.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[tuple[str, Node]]:
        return iter(self.entries.items())


Node: TypeAlias = "Scalar | Sequence | Table | Open"


def from_python(value: object) -> Node:
    """Turn plain Python data (as ``json.loads`` returns it) into nodes without places."""
    if isinstance(value, Mapping):
        entries = {str(key): from_python(item) for key, item in value.items()}
        return Table(entries, {key: Scalar(key, key, None) for key in entries}, None)
    if isinstance(value, (list, tuple)):
        return Sequence([from_python(item) for item in value], None)
    if value is None or isinstance(value, (str, int, float, bool)):
        return Scalar(value, "" if value is None else str(value), None)
    raise InputError(f"expected plain data, got {type(value).__name__}")
