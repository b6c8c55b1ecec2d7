"""Finding files in folders: in a fixed order, without following links, and never through a whole disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from ..files import display_path

__all__ = ["DESCRIPTION_SUFFIXES", "SCHEMA_SUFFIXES", "Found", "expand", "look_below"]

SCHEMA_SUFFIXES = (".graphql", ".gql", ".graphqls", ".sdl")
DESCRIPTION_SUFFIXES = (".yaml", ".yml", ".json", ".template")

#: Built and installed things: what is in them is not the project's source.
_SKIPPED = frozenset(["node_modules", "venv", "build", "dist", "site-packages", "__pycache__"])
#: What a template that deploys an AppSync API holds somewhere.
_MARKS = (b"AWS::AppSync::GraphQLApi", b"AWS::Serverless::GraphQLApi")
#: Far beyond the largest template that CloudFormation takes (1 MB).
_LARGEST_TEMPLATE = 8 * 1024 * 1024
MAX_ENTRIES = 200_000


class Found:
    """What lies below a folder: native descriptions, deploy templates with an AppSync API, schema files."""

    def __init__(self) -> None:
        self.natives: list[Path] = []
        self.templates: list[Path] = []
        self.schemas: list[Path] = []
        self.outside: list[Path] = []


def look_below(folder: Path, *, allow_outside: bool) -> Found:
    """Look through a folder. Hidden folders, installed packages and build output are left out.

    Links to files that lie elsewhere are not followed unless ``allow_outside``; they are in ``outside``.
    Raises :class:`InputError` for a folder that cannot be read or holds more than a project does.
    """
    from ..sources.native import NAMES

    found = Found()
    for path in _files(folder):
        name = path.name.lower()
        if not name.endswith((*SCHEMA_SUFFIXES, *DESCRIPTION_SUFFIXES)):
            continue
        if path.is_symlink() and not allow_outside and not _leads_below(path, folder):
            found.outside.append(path)
            continue
        if name in NAMES:
            found.natives.append(path)
        elif name.endswith(SCHEMA_SUFFIXES):
            found.schemas.append(path)
        elif name.endswith(DESCRIPTION_SUFFIXES) and _describes_api(path):
            found.templates.append(path)
    return found


def _files(folder: Path) -> Iterator[Path]:
    seen = 0

    def refuse(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise InputError(f"cannot be read: {error.strerror}", path=display_path(folder)) from None

    for current, folders, names in os.walk(folder, onerror=refuse):
        inside_assembly = Path(current).name == "cdk.out"
        folders[:] = sorted(name for name in folders if not _is_skipped(name, inside_assembly))
        seen += len(names) + len(folders)
        if seen > MAX_ENTRIES:
            message = f"holds more than {MAX_ENTRIES} files; name the schema or the template"
            raise InputError(message, path=display_path(folder))
        yield from (Path(current, name) for name in sorted(names))


def _is_skipped(name: str, inside_assembly: bool) -> bool:
    if name.startswith(".") or name in _SKIPPED:
        return True
    return inside_assembly and name.startswith("asset.")


def _leads_below(link: Path, folder: Path) -> bool:
    try:
        return link.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _describes_api(path: Path) -> bool:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_TEMPLATE:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    return any(mark in data for mark in _MARKS)


def expand(pattern: str) -> list[Path]:
    """Return the files that a path names: itself, or what a glob that the shell left alone matches.

    Raises :class:`InputError` where a glob matches nothing.
    """
    path = Path(pattern)
    if not any(mark in pattern for mark in "*?[") or os.path.lexists(path):
        return [path]
    base = Path(path.anchor) if path.anchor else Path()
    try:
        matched = sorted(base.glob(str(path.relative_to(base)) if path.anchor else pattern))
    except (ValueError, NotImplementedError, RecursionError):
        raise InputError("is no glob", path=pattern) from None
    if not matched:
        raise InputError("no file matches", path=pattern)
    return matched
