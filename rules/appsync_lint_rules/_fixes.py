"""Edits that several rules propose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appsync_lint.plugin import Directive, Edit, Fix

from ._names import distance

#: From this length on, two letters more, less or other are still a slip.
_LONG = 8


def list_of_texts(directive: Directive, value: Any) -> Fix | None:
    """Write a value as a list of texts: quotes around bare names, brackets around a single one."""
    edits: list[Edit] = []
    for item in getattr(value, "values", (value,)):
        if item.kind not in ("string_value", "null_value", "enum_value"):
            return None
        opening, closing = ('"', '"') if item.kind == "enum_value" else ("", "")
        if item is value:
            opening, closing = f"[{opening}", f"{closing}]"
        if opening:
            edits += [Edit.before(directive, item, opening), Edit.after(directive, item, closing)]
    return Fix.of("write a list of texts", edits, safe=False)


def respelt(name: str, meant: str | None, places: Iterable[tuple[Directive, Any]]) -> Fix | None:
    """Write the text that was meant in place of a misspelt one; None where it may be another one altogether."""
    if meant is None or not is_slip(name, meant) or not meant.isprintable() or {*'"\\'} & {*meant}:
        return None
    edits = [Edit.replacing(directive, node, f'"{meant}"') for directive, node in places]
    return Fix.of(f'write "{meant}" in place of "{name}"', edits, safe=False)


def is_slip(name: str, meant: str) -> bool:
    """Whether a name is another one misspelt: in case, in one letter, in two of many."""
    left, right = name.casefold(), meant.casefold()
    if left == right:
        return True
    # A number at the end tells things apart.
    if left[-1:] != right[-1:] and (left[-1:].isdigit() or right[-1:].isdigit()):
        return False
    return len(meant) >= _LONG // 2 and distance(left, right) <= (2 if len(meant) >= _LONG else 1)
