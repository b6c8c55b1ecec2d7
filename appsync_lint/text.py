"""Source texts and places in them.

Everything that a finding points at is a :class:`Span` of a :class:`SourceText`. Lines and columns are
1-based and count Unicode code points; the end of a span is exclusive. Nobody but this module works out
a line number, and each file is split into lines once, on the first question.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count
from operator import add
from re import finditer
from typing import NamedTuple

__all__ = ["EmbeddedText", "Position", "Replacement", "SourceText", "Span"]

#: What a text must not hold to be written into a string whose way of quoting is not known.
_DELICATE = frozenset("\"'\\$")


class Position(NamedTuple):
    """A place in a file: 1-based line and column, in code points."""

    line: int
    column: int


class SourceText:
    """A file's text together with the path that the user knows it by.

    ``path`` is what reports show: relative to the working directory where that is possible, with forward
    slashes. ``text`` has no byte order mark and keeps its line ends as they are.
    """

    __slots__ = ("_line_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._line_starts: list[int] | None = None

    def _index(self) -> list[int]:
        if self._line_starts is None:
            self._line_starts = [0, *_line_starts(self.text)]
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Return the line and column of a code point offset into the text."""
        starts = self._index()
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return a line by its 1-based number, without its line end; empty past the end of the file."""
        starts = self._index()
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    @property
    def line_count(self) -> int:
        """How many lines the file has; an empty file has one."""
        return len(self._index())

    def span(self, start: int, end: int) -> Span:
        """Return the place between two offsets into the text (the end exclusive)."""
        return Span(self, start, end)

    def replacement(self, start: int, end: int, text: str) -> Replacement | None:
        """Return what to write into the file so that ``text`` stands between two offsets into this text.

        None where that cannot be told: see :class:`EmbeddedText`.
        """
        return Replacement(Span(self, start, end), text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r})"


class EmbeddedText(SourceText):
    """A text that stands inside another file, such as a schema in a template.

    ``segments`` says where its parts stand in the host: pairs of an offset into this text and the offset
    into the host's text, ascending; between two pairs both advance alike. Spans of an embedded text are
    spans of its host, so that a finding points into the file that the user can edit.

    ``style`` is how the host quotes the text: ``"``, ``'``, YAML's ``|`` and ``>``, empty where that is not
    one way throughout.
    """

    __slots__ = ("_keys", "host", "segments", "style")

    def __init__(self, host: SourceText, text: str, segments: list[tuple[int, int]], style: str = "") -> None:
        super().__init__(host.path, text)
        self.host = host
        self.segments = segments
        self.style = style
        self._keys = [own for own, _ in segments]

    def host_offset(self, offset: int) -> int:
        """Return where the code point at an offset of this text stands in the host's text."""
        index = max(bisect_right(self._keys, offset) - 1, 0)
        own, host = self.segments[index]
        return host + (offset - own)

    def span(self, start: int, end: int) -> Span:
        """Return the place in the host that corresponds to two offsets into this text."""
        first = self.host_offset(start)
        # The last character, not the one after it: the latter may already belong to the next segment.
        last = self._host_end(end - 1) if end > start else first
        return Span(self.host, first, max(first, last))

    def replacement(self, start: int, end: int, text: str) -> Replacement | None:
        """Return what to write into the host.

        None for a text of several lines, and for what only :attr:`style` could tell where there is none: how to
        quote a text, or what else stands between two parts.
        """
        quoted = _quoted(text, self.style)
        if quoted is None or not (self.style or bisect_left(self._keys, end) <= bisect_right(self._keys, start)):
            return None
        if end > start:
            return Replacement(self.span(start, end), quoted)
        # Behind the character before it, which may be the last one of its line.
        place = self._host_end(start - 1) if start else self.host_offset(0)
        return Replacement(Span(self.host, place, place), quoted)

    def _host_end(self, offset: int) -> int:
        """Return where the code point at an offset ends in the host: behind the whole escape, if it is one."""
        place = self.host_offset(offset)
        index = bisect_right(self._keys, offset)
        alone = self._keys[index - 1] == offset and index < len(self._keys) and self._keys[index] == offset + 1
        if alone and (self.text[offset] == "\\" or self.text[offset] != self.host.text[place : place + 1]):
            return max(self.segments[index][1], place + 1)
        return place + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a file: offsets for the machine, lines and columns for everybody else."""

    source: SourceText
    start_offset: int
    end_offset: int

    @property
    def path(self) -> str:
        """The path of the file, as reports show it."""
        return self.source.path

    @property
    def start(self) -> Position:
        """The first code point's line and column."""
        return self.source.position(self.start_offset)

    @property
    def end(self) -> Position:
        """The line and column just after the last code point."""
        return self.source.position(self.end_offset)

    @property
    def text(self) -> str:
        """The text between the two ends."""
        return self.source.text[self.start_offset : self.end_offset]


class Replacement(NamedTuple):
    """A stretch of a file, and what is to be written there instead."""

    span: Span
    text: str


def _quoted(text: str, style: str) -> str | None:
    """Write a text as it must stand inside a host's string; None where that cannot be told."""
    if not text.isprintable():
        return None
    if style == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    if style == "'":
        return text.replace("'", "''")
    return text if style in ("|", ">") or _DELICATE.isdisjoint(text) else None


def _line_starts(text: str) -> Iterator[int]:
    """Yield where each line after the first one starts."""
    if "\r" in text:
        for end in finditer(r"\r\n|\n|\r", text):
            yield end.end()
        return
    lines = text.split("\n")
    lines.pop()
    yield from map(add, accumulate(map(len, lines)), count(1))
