"""Colours and columns for what the sub-commands print, beside those of the reports."""

from __future__ import annotations

from collections.abc import Sequence

from ..report.plain import text_width

__all__ = ["CODE", "DOUBT", "FAINT", "GOOD", "columns", "padded"]

CODE = "36"
DOUBT = "33"
#: What is there but matters less.
FAINT = "2"
GOOD = "32"


def columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column of a table."""
    return [max(map(text_width, column)) for column in zip(*rows, strict=True)]


def padded(text: str, width: int) -> str:
    """Return a visible text with blanks up to a width in columns."""
    return text + " " * (width - text_width(text))
