"""Markdown, as far as rules' documentation uses it, for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest
from re import Match
from re import compile as regex
from typing import TypeAlias

from ..report.colours import BOLD
from ..report.plain import wrap
from .paint import CODE, columns, padded

__all__ = ["to_terminal"]

Paint: TypeAlias = "Callable[[str, str], str]"

_LINK = regex(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ITEM = regex(r"(?:[-*]|\d+\.) ")
_RULER = regex(r":?-+:?$")
_CODE = regex(r"`([^`]+)`")
#: Stands for a blank inside inline code while lines are broken, so that code stays on one line.
_FIXED = "\x00"


def to_terminal(text: str, paint: Paint, width: int) -> str:
    """Return a text with its paragraphs wrapped, its headings bold and its code indented and coloured."""
    return "\n".join(_lines(text, paint, width)).rstrip() + "\n"


def _lines(text: str, paint: Paint, width: int) -> Iterator[str]:
    waiting: list[str] = []
    fenced = False
    for line in text.splitlines():
        is_fence = line.lstrip().startswith("```")
        if fenced and not is_fence:
            yield f"    {paint(CODE, line)}" if line.strip() else ""
            continue
        goes_on = bool(waiting) and line.startswith("|") is waiting[0].startswith("|")
        if is_fence or not goes_on or _ITEM.match(line) or not line.strip() or line.startswith("#"):
            yield from _block(waiting, paint, width)
            waiting = []
        if is_fence:
            fenced = not fenced
        elif line.startswith("#"):
            yield paint(BOLD, line.lstrip("# ").upper())
        elif not line.strip():
            yield ""
        else:
            waiting.append(line)
    yield from _block(waiting, paint, width)


def _block(lines: list[str], paint: Paint, width: int) -> Iterator[str]:
    """Yield a paragraph, an item of a list or a table."""
    if lines and lines[0].startswith("|"):
        return _table([[cell.strip() for cell in line.strip("| ").split("|")] for line in lines], paint, width)
    return _paragraph(lines, paint, width)


def _table(rows: list[list[str]], paint: Paint, width: int) -> Iterator[str]:
    """Yield a table of which the widest column takes what the others leave, its cells wrapped."""
    heads, *body = [row for row in rows if not all(_RULER.match(cell) for cell in row)]
    sizes = columns([heads, *body])
    widest = sizes.index(max(sizes))
    sizes[widest] = min(sizes[widest], max(width - sum(sizes) + sizes[widest] - 2 * (len(sizes) - 1), 20))
    for row in (heads, *body):
        cells = [wrap(cell, size) for cell, size in zip(row, sizes, strict=True)]
        for parts in zip_longest(*cells, fillvalue=""):
            line = "  ".join(padded(part, size) for part, size in zip(parts, sizes, strict=True)).rstrip()
            yield paint(BOLD, line) if row is heads else line


def _paragraph(lines: list[str], paint: Paint, width: int) -> Iterator[str]:
    if not lines:
        return
    text = _LINK.sub(r"\1 <\2>", " ".join(map(str.strip, lines)))
    item = _ITEM.match(text)
    indent = " " * item.end() if item else ""
    kept = _CODE.sub(lambda found: found[0].replace(" ", _FIXED), text[len(indent) :])
    for number, line in enumerate(wrap(kept, width - len(indent))):
        start = text[: len(indent)] if number == 0 else indent
        code = _CODE.sub(lambda found: _painted(found, paint), line)
        yield start + code.replace(_FIXED, " ")


def _painted(code: Match[str], paint: Paint) -> str:
    """Return inline code in its colour; with its backticks where there are no colours."""
    coloured = paint(CODE, code[1])
    return code[0] if coloured == code[1] else coloured
