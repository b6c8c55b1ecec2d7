"""The output formats: each a pure function from what a run found to text.

Nothing here decides who may call what, and nothing here opens a file. A format's module is imported when
that format is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from ..linter import Rule
    from ..linter.result import Result

__all__ = ["FORMATS", "Options", "render"]

#: The formats that :func:`render` knows.
FORMATS: tuple[str, ...] = ("text", "concise", "json", "sarif")


@dataclass(frozen=True, slots=True)
class Options:
    """How to write a report.

    ``colour`` and ``width`` (in columns, at least 40 are used) are for people's formats. ``root`` is the
    folder that SARIF's addresses are relative to, the checkout's; ``folder`` is the one that the paths of
    the findings are relative to. Either is the working directory where it is not given. ``category`` tells
    several SARIF files of one commit apart. ``unsafe_fixes`` says that fixes which change who gets in are wanted.
    """

    colour: bool = False
    width: int = 80
    root: str | Path = ""
    folder: str | Path = ""
    category: str | None = None
    unsafe_fixes: bool = False


def render(format: str, result: Result, rules: Mapping[str, Rule], options: Options | None = None) -> str:
    """Return the report on a run in one of :data:`FORMATS`, with a line end after its last line.

    ``rules`` are all rules of the run, by name: SARIF describes them. The text is the same from run to run.
    Raises :class:`InputError` for a format that does not exist.
    """
    options = options or Options()
    if format == "text":
        from .text import render as text

        return text(result, options)
    if format == "concise":
        from .concise import render as concise

        return concise(result, options)
    if format == "json":
        from .json import render as json

        return json(result)
    if format == "sarif":
        from .sarif import render as sarif

        return sarif(result, rules, options)
    raise InputError(f"there is no format {format!r}; the formats are {', '.join(FORMATS)}")
