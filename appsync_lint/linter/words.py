"""Small helps for messages: lists that stay short, numbers with their nouns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["count", "listing"]


def listing(names: Iterable[str], limit: int = 3, conjunction: str = "and") -> str:
    """Join names for a sentence, naming at most ``limit``: ``a, b and 5 more``."""
    items: Sequence[str] = tuple(names)
    if len(items) > limit + 1:
        shown, last = items[:limit], f"{len(items) - limit} more"
    elif items:
        shown, last = items[:-1], items[-1]
    else:
        return ""
    return f"{', '.join(shown)} {conjunction} {last}" if shown else last


def count(number: int, noun: str, plural: str = "") -> str:
    """Give a number with its noun: ``1 field``, ``3 fields``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
