"""Where an API is described: one reader per deploy tool, each turning a file into ``Api`` values with places."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .native import find_native
from .places import project_folder, schema_sources
from .reader import Described, File, Reader

__all__ = [
    "Described",
    "File",
    "Reader",
    "find_native",
    "project_folder",
    "read_file",
    "readers",
    "schema_sources",
]


def readers() -> Iterator[Reader]:
    """Give the readers of all tools, that of the native form first."""
    from .registry import readers

    return readers()


def read_file(path: Path, *, allow_outside: bool = False) -> Described:
    """Read a file that describes APIs: the native form or a deploy tool's own.

    ``allow_outside`` lets it name other descriptions outside its project's folder. Raises
    :class:`~appsync_lint.errors.InputError` for a file that no reader knows, and whatever is wrong in it.
    """
    from .registry import read_described

    return read_described(File(path, allow_outside=allow_outside))
