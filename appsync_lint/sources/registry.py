"""Finding the reader that a file is for. A new tool is a new module with a ``READER``; nothing else changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ..errors import UnknownFileError
from ..tree import Table
from .merged import with_merged
from .reader import STRUCTURED, Described, File, Reader

__all__ = ["read_described", "readers"]

#: How many readers a message names with what they expect.
_NAMED = 2


def readers() -> Iterator[Reader]:
    """Give all readers, that of the native form first; a module is imported when its turn comes."""
    package = __name__.rpartition(".")[0]
    for name in _names():
        reader = getattr(import_module(f"{package}.{name}"), "READER", None)
        if isinstance(reader, Reader):
            yield reader


@cache
def _names() -> tuple[str, ...]:
    names = sorted(module.name for module in iter_modules([str(Path(__file__).parent)]))
    return tuple(sorted(names, key=lambda name: name != "native"))


def read_described(file: File) -> Described:
    """Read a file with the reader that it is for. Raises :class:`UnknownFileError` where there is none."""
    asked: list[Reader] = []
    for reader in _asked(file):
        if reader.matches(file):
            described = reader.read(file)
            return replace(described, apis=with_merged(described.apis))
        asked.append(reader)
    expected = _expected(asked)
    if not any(reader.suffixes == STRUCTURED for reader in asked):
        raise UnknownFileError(f"is not {expected}", path=file.source.path)
    tree = file.tree
    if not isinstance(tree, Table):
        what = "is empty" if file.source.text.strip() == "" else f"holds {tree.kind}"
        raise UnknownFileError(f"{what}, so it is not {expected}", path=file.source.path)
    raise UnknownFileError(f"is not {expected}", path=file.source.path)


def _expected(asked: list[Reader]) -> str:
    """Say what a file is not, by name where that is short enough to be read."""
    if len(asked) <= _NAMED:
        return ", nor ".join(reader.expects for reader in asked)
    tools = ", ".join(sorted(reader.kind for reader in asked[1:]))
    return f"{asked[0].expects}, nor a file of a tool that deploys one ({tools})"


def _asked(file: File) -> Iterator[Reader]:
    """Give the readers that may know a file, first the one that waits for its name.

    A file whose name says nothing is taken for what most of them are.
    """
    name = file.path.name.lower()
    others: list[Reader] = []
    for reader in readers():
        if name in reader.names:
            yield reader
        elif reader.takes(file.path):
            others.append(reader)
    yield from others or (reader for reader in readers() if reader.suffixes == STRUCTURED)
