"""GitHub's fingerprint of a line: a hash of what follows, so that an alert survives lines moving.

The upload action computes it from the file where a SARIF file lacks it, and warns where it differs; an upload
through the API never has it unless it is in the SARIF file. The action counts a byte order mark as a character
of the first line, which a :class:`SourceText` no longer has.
"""

from __future__ import annotations

import sys
from operator import mul

from ..text import SourceText

__all__ = ["line_hashes"]

#: How many UTF-16 units, blanks left out, are hashed from the beginning of each line.
BLOCK = 100
MULTIPLIER = 37
MASK = (1 << 64) - 1
END_OF_FILE = 0xFFFF
LINE_FEED = 0x0A

_POWERS = [pow(MULTIPLIER, BLOCK - 1 - index, MASK + 1) for index in range(BLOCK)]
_LEAVING = pow(MULTIPLIER, BLOCK, MASK + 1)
#: Up to this many characters, moving on is faster than hashing anew.
_NEAR = 12
_BLANKS = {ord(" "): None, ord("\t"): None}


def line_hashes(source: SourceText) -> list[str]:
    """Return the fingerprint of each line of a file, in order: the hash and which of its kind it is, ``1f3c:1``."""
    text = source.text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    encoded = text.encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be", "surrogatepass")
    units = [*memoryview(encoded).cast("H"), END_OF_FILE]
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == LINE_FEED)]
    seen: dict[int, int] = {}
    hashes: list[str] = []
    value, last = 0, -BLOCK
    for start in starts:
        if start - last > _NEAR:
            # What is missing at the end of the file counts as zeros, so the shorter product is enough.
            value = sum(map(mul, units[start : start + BLOCK], _POWERS)) & MASK
        else:
            # Short lines have nearly the same characters behind them: move on by one character at a time.
            for index in range(last, start):
                entering = units[index + BLOCK] if index + BLOCK < len(units) else 0
                value = (value * MULTIPLIER + entering - units[index] * _LEAVING) & MASK
        last = start
        seen[value] = seen.get(value, 0) + 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes
