"""Markdown, as far as rules' documentation uses it, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from .paint import Painter, wrapped

__all__ = ["to_terminal"]

_LINK = regex(r"\[([^\]]+)\]\(([^)\s]+)\)")
_ITEM = regex(r"(?:[-*]|\d+\.) ")
_CODE = regex(r"`([^`]+)`")
#: Stands for a blank inside inline code while lines are broken, so that code stays on one line.
_FIXED = "\x00"


def to_terminal(text: str, paint: Painter, width: int) -> str:
    """Return a text with its paragraphs wrapped, its headings bold and its code indented and coloured."""
    return "\n".join(_lines(text, paint, width)).rstrip() + "\n"


def _lines(text: str, paint: Painter, width: int) -> Iterator[str]:
    waiting: list[str] = []
    fenced = False
    for line in text.splitlines():
        is_fence = line.lstrip().startswith("```")
        if fenced and not is_fence:
            yield f"    {paint.code(line)}" if line.strip() else ""
            continue
        item = _ITEM.match(line)
        if is_fence or item or not line.strip() or line.startswith(("#", "|")):
            yield from _paragraph(waiting, paint, width)
            waiting = []
        if is_fence:
            fenced = not fenced
        elif line.startswith("#"):
            yield paint.bold(line.lstrip("# ").upper())
        elif line.startswith("|"):
            yield line
        elif not line.strip():
            yield ""
        else:
            waiting.append(line)
    yield from _paragraph(waiting, paint, width)


def _paragraph(lines: list[str], paint: Painter, width: int) -> Iterator[str]:
    if not lines:
        return
    text = _LINK.sub(r"\1 <\2>", " ".join(map(str.strip, lines)))
    item = _ITEM.match(text)
    indent = " " * item.end() if item else ""
    kept = _CODE.sub(lambda found: found[0].replace(" ", _FIXED), text[len(indent) :])
    for number, line in enumerate(wrapped(kept, width - len(indent))):
        start = text[: len(indent)] if number == 0 else indent
        code = _CODE.sub(lambda found: paint.code(found[1] if paint.on else found[0]), line)
        yield start + code.replace(_FIXED, " ")
