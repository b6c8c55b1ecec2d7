"""A line of a file as a report shows it: cropped around a place, tabs expanded, columns known.

A file may be one line of many megabytes, so only a stretch around the place is ever looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from re import compile as regex

from ..text import Span
from .plain import ELLIPSIS, cell_width, visible

__all__ = ["Excerpt"]

TAB = 4
#: How much of a place must be seen for the line to be shown from its beginning, in columns.
ENOUGH = 24
#: What is shown before a place in the middle of a long line, at least.
BEFORE = 8

_LINE_END = regex(r"[\r\n]")


class Excerpt:
    """The line on which a span starts, in at most ``room`` columns.

    ``number`` is the line's number, ``text`` what to print, without hidden characters or blanks at its end.
    """

    __slots__ = ("_columns", "_cut_right", "_first", "_last", "_shift", "_source", "_stretch", "number", "text")

    def __init__(self, span: Span, room: int) -> None:
        self._source = span.source
        self.number, column = span.start
        # A character may take no column at all: look further than the room.
        reach = 4 * room
        line_start = span.start_offset - (column - 1)
        start = max(line_start, span.start_offset - reach)
        stop = span.start_offset + reach
        self._stretch = span.source.text[start:stop]
        end = _LINE_END.search(self._stretch, span.start_offset - start)
        if end is not None:
            self._stretch = self._stretch[: end.start()]
        cells, self._columns = _cells(self._stretch)
        goes_on = end is None and stop < len(span.source.text)
        place = slice(span.start_offset - start, min(span.end_offset - start, len(self._stretch)))
        first, last = self._window(place, room, start > line_start, goes_on)
        cut_left = first > 0 or start > line_start
        self._cut_right = last < len(self._stretch) or goes_on
        self._first, self._last = start + first, start + last
        self._shift = len(ELLIPSIS) * cut_left - self._columns[first]
        shown = ELLIPSIS * cut_left + "".join(cells[first:last]) + ELLIPSIS * self._cut_right
        self.text = shown.rstrip()
        self._columns = self._columns[first : last + 1]

    def _window(self, place: slice, room: int, cut_left: bool, cut_right: bool) -> tuple[int, int]:
        """Return which part of the stretch to show, so that as much of the place is seen as possible."""
        columns = self._columns
        total = columns[-1]
        if not cut_left and not cut_right and total <= room:
            return 0, len(columns) - 1
        # At least one character is underlined, and it may take several columns: an escape sequence does.
        stop = min(max(place.stop, place.start + 1), len(columns) - 1)
        begin, size = columns[place.start], columns[stop] - columns[place.start]
        needed = begin + min(size, ENOUGH) - (room - 1)
        first = 0
        if not cut_left and needed > 0:
            # Leaving out the indentation may be enough.
            first = min(len(self._stretch) - len(self._stretch.lstrip(" \t")), place.start)
            needed += 1 - columns[first]
        if cut_left or needed > 0:
            left = begin - max(BEFORE, (room - 2 - size) // 2)
            if not cut_right:
                left = min(left, total - (room - 1))
            first = bisect_left(columns, max(left, 0))
            while first < place.start and columns[first + 1] == columns[first]:
                first += 1
        space = room - (1 if first or cut_left else 0)
        if not cut_right and total - columns[first] <= space:
            return first, len(columns) - 1
        return first, bisect_right(columns, columns[first] + space - 1) - 1

    def mark(self, span: Span) -> tuple[int, int] | None:
        """Return the column, from 0, at which to underline a span, and how far; None where it is not shown.

        Of a span over several lines only the first one is underlined.
        """
        if span.source is not self._source or span.start.line != self.number:
            return None
        start, end = span.start_offset, span.end_offset
        if start < self._first or start > self._last or (start == self._last and self._cut_right):
            return None
        beyond = end > self._last
        end = min(end, self._last)
        if beyond and not self._cut_right:
            while end > start + 1 and self._source.text[end - 1].isspace():
                end -= 1
        column = self._columns[start - self._first]
        size = self._columns[end - self._first] - column + (beyond and self._cut_right)
        return column + self._shift, max(size, 1)


def _cells(text: str) -> tuple[Sequence[str], Sequence[int]]:
    """Return what is printed for each character, and the column at which each one starts; last, the end's."""
    if text.isascii() and text.isprintable():
        return text, range(len(text) + 1)
    cells: list[str] = []
    columns = [0]
    for character in text:
        cell = " " * (TAB - columns[-1] % TAB) if character == "\t" else visible(character)
        size = cell_width(cell) if len(cell) == 1 else len(cell)
        cells.append(cell)
        columns.append(columns[-1] + size)
    return cells, columns
