"""Whole outputs kept in files.

``check(text, path)`` compares a text with a file, to the byte. With ``APPSYNC_LINT_UPDATE_GOLDEN=1`` in the
environment it writes the file instead::

    APPSYNC_LINT_UPDATE_GOLDEN=1 pytest tests/report

Then read what ``git diff`` shows: whatever the tests wrote is from then on what is right.
"""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

import pytest

__all__ = ["check"]

VARIABLE = "APPSYNC_LINT_UPDATE_GOLDEN"


def check(actual: str, path: Path) -> None:
    """Fail with a diff unless a text is exactly what a file holds."""
    if os.environ.get(VARIABLE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual.encode("utf-8"))
        return
    if not path.exists():
        pytest.fail(f"there is no {path.name}; {VARIABLE}=1 writes it", pytrace=False)
    expected = path.read_bytes().decode("utf-8")
    if actual != expected:
        difference = unified_diff(
            expected.splitlines(keepends=True), actual.splitlines(keepends=True), path.name, "actual"
        )
        shown = "".join(map(ascii, difference)) if "\x1b" in actual else "".join(difference)
        pytest.fail(f"{path.name} differs ({VARIABLE}=1 rewrites it):\n{shown}", pytrace=False)
