"""Two texts as a unified diff, in the form that ``patch`` and ``git apply -p0`` read."""

from __future__ import annotations

__all__ = ["patch"]

_NO_LINE_END = "\n\\ No newline at end of file\n"


def patch(path: str, before: str, after: str) -> str:
    """Return the difference between two texts of a file; empty where there is none."""
    from difflib import unified_diff

    lines = unified_diff(_lines(before), _lines(after), path, path)
    return "".join(line if line.endswith("\n") else line + _NO_LINE_END for line in lines)


def _lines(text: str) -> list[str]:
    """Cut a text behind each line feed and nowhere else: a patch knows no other line ends."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop().removesuffix("\n")
    return [*lines, last] if last else lines
