"""Two texts as a unified diff, in the form that ``patch`` and ``git apply -p0`` read."""

from __future__ import annotations

import os

__all__ = ["patch"]

_NO_LINE_END = "\n\\ No newline at end of file\n"


def patch(path: str, before: str, after: str) -> str:
    """Return the difference between two texts of a file; empty where there is none."""
    from difflib import unified_diff

    name = path if path.isprintable() and not set(path) & set('"\\') else _quoted(path)
    lines = unified_diff(_lines(before), _lines(after), name, name)
    return "".join(line if line.endswith("\n") else line + _NO_LINE_END for line in lines)


def _quoted(path: str) -> str:
    """Write a path as ``git`` does where it could be taken for something else: in quotes, byte by byte."""
    written = (chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03o}" for byte in os.fsencode(path))
    return f'"{"".join(written)}"'


def _lines(text: str) -> list[str]:
    """Cut a text behind each line feed and nowhere else: a patch knows no other line ends."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines
