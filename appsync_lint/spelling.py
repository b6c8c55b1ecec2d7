"""Which known name a misspelt one most likely means."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

__all__ = ["nearest"]

#: Longer names are not compared: the time grows with the square of the length.
_LONGEST = 200
#: Names are alike from here on, as :mod:`difflib` counts: twice the letters that match, by the letters of both.
_ALIKE = 0.6
#: How many of the likeliest names are compared letter by letter. A schema may know thousands, and misspell as many.
_COMPARED = 50
#: Into how many kinds letters are sorted for the first look.
_KINDS = 64


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a misspelt one most likely means, or None."""
    if not 0 < len(name) <= _LONGEST:
        return None
    from difflib import SequenceMatcher
    from heapq import nlargest

    word = name.casefold()
    letters, length = _letters(word), len(word)
    # No more letters can match than the names have in common in any order, which is quickly told.
    likely = [
        (bound, folded, item)
        for others, size, folded, item in _sorted_out(tuple(known))
        if (bound := 2 * (letters & others).bit_count() / (length + size)) >= _ALIKE
    ]
    matcher = SequenceMatcher(None, "", word)
    best: tuple[float, str, str] | None = None
    for bound, folded, item in nlargest(_COMPARED, likely):
        if best is not None and bound < best[0]:
            break
        matcher.set_seq1(folded)
        ratio = matcher.ratio()
        if ratio >= _ALIKE and (best is None or (ratio, folded) > best[:2]):
            best = (ratio, folded, item)
    return best[2] if best is not None else None


@lru_cache(maxsize=4)
def _sorted_out(known: tuple[str, ...]) -> tuple[tuple[int, int, str, str], ...]:
    """Return each name with its letters, its length and its folded form; of names that fold alike the last one."""
    folded = {name.casefold(): name for name in known}
    return tuple((_letters(form), len(form), form, name) for form, name in folded.items())


def _letters(word: str) -> int:
    """Return a word's letters, whatever their order, as bits: the n-th letter of a kind has a bit of its own."""
    seen: dict[int, int] = {}
    bits = 0
    for letter in word:
        kind = ord(letter) % _KINDS
        number = seen.get(kind, 0)
        seen[kind] = number + 1
        bits |= 1 << (number * _KINDS + kind)
    return bits
