"""Which files a pattern matches: in bounded work, and never through a link into what must not be looked at.

``pathlib`` goes through ``**/**`` once for every way to match it, and follows the links that ``*`` matches.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from fnmatch import translate
from os.path import normcase
from pathlib import Path
from typing import NamedTuple

from ..files import resolved

__all__ = ["Search", "TooManyError", "is_pattern", "split"]

#: How many entries of folders are held against patterns.
MAX_ENTRIES = 300_000
_ANY = "**"


class TooManyError(Exception):
    """A pattern goes through more than anybody should wait for."""


def is_pattern(text: str) -> bool:
    """Whether a path is a pattern."""
    return any(mark in text for mark in "*?[")


def split(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder that a pattern starts from, and the parts that are matched below it."""
    parts = path.parts
    first = next((index for index, part in enumerate(parts) if is_pattern(part)), len(parts))
    return Path(*parts[:first]), parts[first:]


class _Entry(NamedTuple):
    """What stands in a folder. A link to a folder is a folder, too."""

    name: str
    is_folder: bool
    is_link: bool


class Search:
    """Finds what patterns match; all that are asked for share one allowance of work.

    ``within`` is the real path of a folder: none outside it is looked into; None looks anywhere.
    """

    def __init__(self, within: Path | None) -> None:
        self._within = within
        self._left = MAX_ENTRIES
        self._listed: dict[Path, list[_Entry]] = {}

    def matching(self, folder: Path, parts: Sequence[str]) -> list[Path]:
        """Return the files below a folder that match a pattern's parts, in order of name.

        ``**`` stands for any folders, at the end for all files in them. A link that matches is returned wherever it
        leads. Raises :class:`TooManyError` for too much work, :class:`ValueError` for what is no pattern.
        """
        matchers = list(_matchers(parts))
        found: list[Path] = []
        seen: set[tuple[Path, int]] = set()
        # Folders that match up to a part, each with its real path.
        work = [(folder, resolved(folder), 0)] if matchers else []
        while work:
            path, real, index = work.pop()
            if (real, index) in seen or not (self._within is None or real.is_relative_to(self._within)):
                continue
            seen.add((real, index))
            matcher = matchers[index]
            if matcher == _ANY:
                below = [entry.name for entry in self._entries(real) if entry.is_folder and not entry.is_link]
                work += [(path / name, real / name, index) for name in reversed(below)]
                work.append((path, real, index + 1))
                continue
            for name, is_folder, is_link in reversed(self._matched(real, matcher)):
                if index + 1 == len(matchers):
                    if not is_folder and (path / name).is_file():
                        found.append(path / name)
                elif is_folder:
                    work.append((path / name, resolved(real / name) if is_link else real / name, index + 1))
        return sorted(found)

    def _matched(self, real: Path, matcher: str | re.Pattern[str]) -> list[_Entry]:
        if matcher == "..":
            return [_Entry("..", is_folder=True, is_link=True)]
        entries = self._entries(real)
        if isinstance(matcher, str):
            return [entry for entry in entries if entry.name == matcher]
        return [entry for entry in entries if matcher.match(normcase(entry.name))]

    def _entries(self, real: Path) -> list[_Entry]:
        """Return what a folder holds, in order of name."""
        if real not in self._listed:
            try:
                with os.scandir(real) as entries:
                    listed = sorted(_Entry(item.name, _is_folder(item), item.is_symlink()) for item in entries)
            except OSError:
                listed = []
            self._listed[real] = listed
        self._left -= len(self._listed[real]) + 1
        if self._left < 0:
            raise TooManyError
        return self._listed[real]


def _matchers(parts: Sequence[str]) -> Iterator[str | re.Pattern[str]]:
    """Give what names are held against: a name, a pattern, ``**``."""
    last = ""
    for part in parts:
        if part == "." or part == last == _ANY:
            continue
        last = part
        try:
            yield re.compile(translate(normcase(part))) if is_pattern(part) and part != _ANY else part
        except re.error as error:
            raise ValueError(part) from error
    if last == _ANY:
        yield re.compile("")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A loop of links.
        return False
