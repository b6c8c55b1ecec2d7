"""Text from strangers on its way to a terminal: nothing acts on the terminal, and columns are known.

A column is a cell of the terminal: wide characters take two, combining ones none.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import Match, sub
from unicodedata import category, combining, east_asian_width

__all__ = ["ELLIPSIS", "cell_width", "shorten", "text_width", "visible", "wrap"]

ELLIPSIS = "…"

#: What acts on a terminal, reorders or hides text: C0, DEL, C1, marks of direction, separators of lines,
#: invisible characters, lone surrogates (which cannot be written at all) and tags.
_UNSEEN = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    r"""Return a text in which nothing is hidden: an escape character becomes the four characters ``\x1b``."""
    # Nearly every text is printable, and the pattern takes longer to compile than a small report to write.
    return text if text.isprintable() else sub(_UNSEEN, _escape, text)


def _escape(match: Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def shorten(text: str, limit: int) -> str:
    """Return a text of at most ``limit`` characters: its beginning and an ellipsis if it was longer."""
    return text if len(text) <= limit else text[: limit - 1] + ELLIPSIS


def cell_width(character: str) -> int:
    """Return how many columns a visible character takes: 0, 1 or 2."""
    if character.isascii():
        return 1
    # U+200D joins emoji; like variation selectors it is a mark that has no cell of its own.
    if combining(character) or category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def text_width(text: str) -> int:
    """Return how many columns a visible text takes."""
    return len(text) if text.isascii() else sum(map(cell_width, text))


def wrap(text: str, width: int, *, taken: int = 0) -> list[str]:
    """Break a visible text at blanks into lines of at most ``width`` columns.

    ``taken`` columns of the first line are in use already. A word longer than a line is broken where the line
    ends. There is always at least one line; the first is empty where the first word does not fit behind
    what is there.
    """
    lines: list[str] = []
    line, used, room = "", 0, width - taken
    for word in text.split():
        size = text_width(word)
        if line and used + 1 + size <= room:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line or size > room:
            if line or room < width:
                lines.append(line)
            room = width
        *whole, line = _pieces(word, room) if size > room else (word,)
        lines.extend(whole)
        used = text_width(line)
    lines.append(line)
    return lines


def _pieces(word: str, width: int) -> Iterator[str]:
    start = used = 0
    for index, character in enumerate(word):
        size = cell_width(character)
        if used + size > width:
            yield word[start:index]
            start, used = index, 0
        used += size
    yield word[start:]
