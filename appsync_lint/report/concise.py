"""One line a finding, for grep, editors and very long reports: ``path:line:column: severity[rule] message``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .colours import SEVERITY, painter
from .plain import shorten, visible

if TYPE_CHECKING:
    from ..linter.result import Result
    from . import Options

__all__ = ["render"]

#: Longer messages than this many characters are cut: the rest is in the JSON.
MESSAGE_LIMIT = 1000


def render(result: Result, options: Options) -> str:
    """Return the report; nothing at all where nothing was found."""
    paint = painter(options.colour)
    lines = []
    for finding in result.findings:
        line, column = finding.span.start
        place = f"{visible(finding.span.path)}:{line}:{column}:"
        level = paint(SEVERITY[finding.severity], finding.severity.value)
        message = visible(shorten(finding.message, MESSAGE_LIMIT))
        lines.append(f"{place} {level}[{visible(finding.rule)}] {message}\n")
    return "".join(lines)
