"""Mapping templates in Apache Velocity's language.

Only references are looked for, outside comments; the language itself is not interpreted.
"""

from __future__ import annotations

from re import DOTALL
from re import compile as regex
from typing import TYPE_CHECKING

from .uses import Use

if TYPE_CHECKING:
    from re import Pattern

    from ..text import SourceText, Span

__all__ = ["read_template"]

#: Comments and text that is not interpreted; a comment that is never closed ends with the file.
_DEAD = regex(r"##[^\n]*|#\*.*?(?:\*#|\Z)|#\[\[.*?(?:\]\]#|\Z)", DOTALL)
_IDENTITY = regex(r"\$!?\{?(?:ctx|context)\.identity\b|\$!?\{?identity\b")
#: The whole context as one value: whoever is handed it may look at the caller.
_HANDED_ON = regex(r"\$!?(?:\{(?:ctx|context)\}|(?:ctx|context)\b(?!\.\w))")
_CONTEXT = regex(r"\.resolverContext\b")
_GROUPS = regex(r"\.groups\b|cognito:groups")
_REFUSES = regex(r"\$!?\{?utils?\.(?:qr\(\$utils?\.)?(?:unauthorized|error)\(")


def read_template(source: SourceText) -> Use:
    """Return what a mapping template asks about the caller."""
    text = _DEAD.sub(lambda found: " " * len(found[0]), source.text)

    def first(pattern: Pattern[str]) -> Span | None:
        found = pattern.search(text)
        return source.span(found.start(), found.end()) if found is not None else None

    whole = _HANDED_ON.search(text) is None
    return Use(first(_IDENTITY), first(_CONTEXT), first(_GROUPS), first(_REFUSES), whole)
