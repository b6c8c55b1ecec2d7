"""The few colours that reports use, as ANSI codes; or none."""

from __future__ import annotations

from collections.abc import Callable

from ..linter import Severity

__all__ = ["BOLD", "FRAME", "SEVERITY", "painter"]

BOLD = "1"
#: Arrows, line numbers and second places.
FRAME = "1;36"
SEVERITY = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}


def painter(colour: bool) -> Callable[[str, str], str]:
    """Return what puts a text into a colour: ``paint(BOLD, "text")``. Without colour, the text is as it was."""
    if not colour:
        return lambda _, text: text
    return lambda code, text: f"\x1b[{code}m{text}\x1b[0m" if text else text
