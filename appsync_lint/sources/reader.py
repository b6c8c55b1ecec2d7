"""What a reader of one deploy tool's files is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..api import Api
from ..errors import InputError
from ..files import read_source
from ..text import SourceText
from ..tree import Node, Scalar, Table

__all__ = ["STRUCTURED", "Described", "File", "Reader"]

#: The endings of files that hold a tree as YAML or JSON.
STRUCTURED = (".yaml", ".yml", ".json", ".template")

_NO_RULES: Mapping[str, Scalar] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Described:
    """What a file says about APIs.

    ``kind`` is the reader's name. ``rules`` holds the severities that a native file sets, by rule, as they
    are written; ``rule_names`` the names with their places. ``notes`` are for the user to know, one line
    each. ``errors`` are APIs of the file that could not be read while others could. ``sources`` are the files
    that were read, the first one being ``path`` itself. ``compiled_from`` is the kind of the reader whose files
    this one is made from, where it is the exact result of a build: a synthesized template, a plan.
    """

    path: Path
    kind: str
    apis: tuple[Api, ...] = ()
    rules: Mapping[str, Scalar] = field(default_factory=lambda: _NO_RULES)
    rule_names: Mapping[str, Scalar] = field(default_factory=lambda: _NO_RULES)
    notes: tuple[str, ...] = ()
    errors: tuple[InputError, ...] = ()
    sources: tuple[SourceText, ...] = ()
    compiled_from: str = ""


class File:
    """A file to describe APIs, read once and parsed when a reader asks.

    ``allow_outside`` permits it to name files outside its project's folder; ``including`` are the files
    whose reading led to this one.
    """

    __slots__ = ("_tree", "allow_outside", "including", "path", "source")

    def __init__(self, path: Path, *, allow_outside: bool = False, including: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.allow_outside = allow_outside
        self.including = including
        self.source = read_source(path)
        self._tree: Node | None = None

    @property
    def tree(self) -> Node:
        """The file's content as YAML or JSON. Raises :class:`~appsync_lint.errors.InputError` if it is neither."""
        if self._tree is None:
            from .loader import load_tree

            self._tree = load_tree(self.source)
        return self._tree

    def holding(self, source: SourceText, tree: Node) -> File:
        """Return a file in whose place ``tree`` is read: a part of this one, or what it comes to.

        ``source`` is the text in which most of the tree's nodes have their places.
        """
        other = File.__new__(File)
        other.path = self.path
        other.allow_outside = self.allow_outside
        other.including = self.including
        other.source = source
        other._tree = tree
        return other

    @property
    def table(self) -> Table:
        """The mapping that the file holds; one without keys for anything else."""
        return self.tree if isinstance(self.tree, Table) else Table({}, {}, None)


@dataclass(frozen=True, slots=True)
class Reader:
    """One deploy tool's files. A module of this package that has a ``READER`` is a reader.

    ``kind`` is its name, ``expects`` says what its files hold, for the message about a file that nobody
    can read. ``suffixes`` are the endings of its files' names, in small letters. ``matches`` looks whether a
    file with such an ending is one of its own, ``read`` reads it.

    ``marks`` are what a file must hold, one of them, to be worth reading when it is found in a folder that is
    searched; a file without any is read only when somebody names it. ``names`` are file names that are worth
    reading whatever they hold.
    """

    kind: str
    expects: str
    matches: Callable[[File], bool]
    read: Callable[[File], Described]
    suffixes: tuple[str, ...] = STRUCTURED
    marks: tuple[bytes, ...] = ()
    names: tuple[str, ...] = ()

    def takes(self, path: Path) -> bool:
        """Whether a file's name is one that this reader's files have."""
        name = path.name.lower()
        return name in self.names or name.endswith(self.suffixes)
