"""Colours and columns for what the sub-commands print."""

from __future__ import annotations

from collections.abc import Sequence

from ..linter import Severity

__all__ = ["Painter", "columns", "wrapped"]

_RESET = "\x1b[0m"
_SEVERITY = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[1;33m", Severity.INFO: "\x1b[1;36m"}


class Painter:
    """Wraps texts in terminal colours, or leaves them alone."""

    def __init__(self, on: bool) -> None:
        self.on = on

    def _in(self, code: str, text: str) -> str:
        return f"{code}{text}{_RESET}" if self.on and text else text

    def bold(self, text: str) -> str:
        """For headings."""
        return self._in("\x1b[1m", text)

    def faint(self, text: str) -> str:
        """For what is there but matters less."""
        return self._in("\x1b[2m", text)

    def code(self, text: str) -> str:
        """For names and code."""
        return self._in("\x1b[36m", text)

    def good(self, text: str) -> str:
        """For what is allowed."""
        return self._in("\x1b[32m", text)

    def doubtful(self, text: str) -> str:
        """For what is not known."""
        return self._in("\x1b[33m", text)

    def severity(self, text: str, severity: Severity) -> str:
        """In the colour of a severity."""
        return self._in(_SEVERITY[severity], text)


def columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column of a table."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines at its blanks; a word wider than a line stands alone. Never empty."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]
