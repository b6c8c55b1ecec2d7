"""Finding files in folders: in a fixed order, without following links, and never through a whole disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ..errors import InputError
from ..files import display_path
from .gitignore import GitIgnore

__all__ = ["DESCRIPTION_SUFFIXES", "SCHEMA_SUFFIXES", "Found", "TooManyError", "expand", "look_below"]

SCHEMA_SUFFIXES = (".graphql", ".gql", ".graphqls", ".sdl")
DESCRIPTION_SUFFIXES = (
    *(".yaml", ".yml", ".json", ".template"),
    *(".tf", ".tofu", ".tfstate"),
    *(".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".py"),
)

_SUFFIXES = (*SCHEMA_SUFFIXES, *DESCRIPTION_SUFFIXES)

#: Built and installed things: what is in them is not the project's source.
_SKIPPED = frozenset(
    ["node_modules", "venv", "virtualenv", "build", "dist", "site-packages", "__pycache__", "#current-cloud-backend"]
)
#: What CDK synthesizes: left out of version control, and still the exact description of the API.
_ASSEMBLY = "cdk.out"
#: Far beyond the largest template that CloudFormation takes (1 MB) and the largest state that people keep.
_LARGEST = 32 * 1024 * 1024
MAX_ENTRIES = 200_000
#: How deep folders are looked into; nobody's project goes that deep.
MAX_DEPTH = 60


class TooManyError(InputError):
    """A folder holds more files than a project does."""


class Found:
    """What lies below a folder: native descriptions, files that may describe an API, schema files."""

    def __init__(self) -> None:
        self.natives: list[Path] = []
        self.descriptions: list[Path] = []
        self.schemas: list[Path] = []
        self.outside: list[Path] = []


def look_below(folder: Path, *, allow_outside: bool, limit: int = MAX_ENTRIES) -> Found:
    """Look through a folder. Hidden folders, installed packages, build output and what git ignores are left out.

    Links to files that lie elsewhere are not followed unless ``allow_outside``; they are in ``outside``.
    Raises :class:`InputError` for a folder that cannot be read, :class:`TooManyError` for one of more than
    ``limit`` files.
    """
    from ..sources.native import NAMES

    found = Found()
    wanted: _Wanted | None = None
    for path in _files(folder, limit):
        name = path.name.lower()
        if path.is_symlink() and not allow_outside and not _leads_below(path, folder):
            found.outside.append(path)
            continue
        if name in NAMES and path.is_file():
            found.natives.append(path)
        elif name.endswith(SCHEMA_SUFFIXES):
            found.schemas.append(path)
        else:
            # Most folders that are searched hold some; the readers are imported for the first.
            wanted = wanted or _Wanted()
            if wanted.takes(path):
                found.descriptions.append(path)
    return found


def _files(folder: Path, limit: int) -> Iterator[Path]:
    """Give the files whose names end as a schema's or a description's do."""
    seen = 0

    def refuse(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise InputError(f"cannot be read: {error.strerror}", path=display_path(folder)) from None

    real = folder.resolve()
    ignored = GitIgnore(folder)
    for current, folders, names in os.walk(folder, onerror=refuse):
        here = real / Path(current).relative_to(folder)
        ignored.enter(here, names)
        inside_assembly = _ASSEMBLY in here.parts
        if len(here.parts) - len(real.parts) >= MAX_DEPTH:
            folders.clear()
        folders[:] = sorted(
            name
            for name in folders
            if not _is_skipped(name, inside_assembly)
            and (name == _ASSEMBLY or inside_assembly or not ignored.ignores(name, is_folder=True))
            and not (here / name / "pyvenv.cfg").exists()
        )
        seen += len(names) + len(folders)
        if seen > limit:
            message = f"holds more than {limit} files; name the schema or the file that describes the API"
            raise TooManyError(message, path=display_path(folder))
        for name in sorted(names):
            if not name.lower().endswith(_SUFFIXES):
                continue
            if inside_assembly or not ignored.ignores(name, is_folder=False):
                yield Path(current, name)


def _is_skipped(name: str, inside_assembly: bool) -> bool:
    if name.startswith(".") or name in _SKIPPED:
        return True
    return inside_assembly and name.startswith("asset.")


class _Wanted:
    """What makes a file worth reading: the names that readers wait for, and what must stand in other files."""

    def __init__(self) -> None:
        from ..sources import readers

        self.readers = list(readers())

    def takes(self, path: Path) -> bool:
        name = path.name.lower()
        if name.endswith((".d.ts", ".min.js")) or _is_test(name) or _is_compiled(path):
            return False
        mine = [reader for reader in self.readers if reader.takes(path)]
        if any(name in reader.names for reader in mine):
            return True
        marks = [mark for reader in mine for mark in reader.marks]
        if not marks:
            return False
        try:
            if not path.is_file() or path.stat().st_size > _LARGEST:
                return False
            data = path.read_bytes()
        except OSError:
            return False
        return any(mark in data for mark in marks)


def _is_test(name: str) -> bool:
    """Whether a file holds a program's tests: what they make is not deployed."""
    return ".test." in name or ".spec." in name or (name.startswith("test_") and name.endswith(".py"))


def _is_compiled(path: Path) -> bool:
    """Whether a file is what TypeScript makes of the one beside it."""
    return path.suffix.lower() == ".js" and path.with_suffix(".ts").is_file()


def _leads_below(link: Path, folder: Path) -> bool:
    try:
        return link.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


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
