"""Which files a description may name: those of its own project, unless the user allows more."""

from __future__ import annotations

import os
from pathlib import Path

from ..api import Api, SchemaFile
from ..errors import InputError
from ..files import display_path, read_source, resolved, through_link
from ..text import SourceText, Span
from .globs import Search, TooManyError, split

__all__ = ["MAX_NAMED", "left_by_link", "project_folder", "real_path", "schema_paths", "schema_sources"]

SCHEMA_SUFFIXES = (".graphql", ".gql", ".graphqls", ".sdl")
#: A glob that matches more has caught something else than an API's schema.
MAX_FILES = 5000
#: How many files and globs an API may name.
MAX_NAMED = 1000


def project_folder(folder: Path) -> Path:
    """Return the folder that a description in ``folder`` may name files of.

    That is the repository's root, the nearest folder upward that holds ``.git``. Without one it is the
    working directory if the description lies below it (the file system's root and the user's home are not
    a project), else the description's own folder.
    """
    own = folder.resolve()
    for candidate in (own, *own.parents):
        if _is_repository(candidate):
            return candidate
    here = _working_directory()
    return here if here is not None and own.is_relative_to(here) else own


def _is_repository(folder: Path) -> bool:
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


def _working_directory() -> Path | None:
    """Return the working directory if it can be a project."""
    try:
        here = Path.cwd().resolve()
    except OSError:
        return None
    try:
        return None if here in (Path(here.anchor), Path.home().resolve()) else here
    except (RuntimeError, OSError):
        return here


def left_by_link(path: Path) -> Path | None:
    """Return the folder of the user's project where a path in it leads out of it through a link; None for any other.

    Whoever names the path need not know of the link: a stranger may have made it.
    """
    if not through_link(path):
        return None
    written = Path(os.path.abspath(path))  # noqa: PTH100 (links must not be followed)
    project = project_folder(Path())
    return project if written.is_relative_to(project) and not resolved(path).is_relative_to(project) else None


def real_path(path: Path, folder: Path, written: str, span: Span | None, *, allow_outside: bool) -> Path:
    """Return where a path leads, refusing one that leads out of a project's folder, through links or not.

    ``written`` is the path as the description has it, for the message.
    """
    try:
        real = path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise InputError(f"{written!r} leads nowhere", span=span) from None
    if not allow_outside and not real.is_relative_to(folder):
        shown = display_path(folder)
        raise InputError(f"{written!r} leads out of the project's folder ({shown}); see --allow-outside", span=span)
    return real


def schema_sources(api: Api, *, allow_outside: bool = False) -> list[SourceText]:
    """Read the schema files that an API names, globs in order of name, each file once.

    Schemas that stand in the description are returned as they are; those that only deployment knows are
    left out. Raises :class:`InputError` at the place that names a file which cannot be read.
    """
    texts: list[SourceText] = []
    seen: set[Path] = set()
    projects: dict[str, Path] = {}
    for item in api.schema_files:
        if item.text is not None:
            texts.append(item.text)
        for path in schema_paths(item, allow_outside=allow_outside):
            if item.base not in projects:
                projects[item.base] = project_folder(Path(item.base))
            real = real_path(path, projects[item.base], item.path or "", item.span, allow_outside=allow_outside)
            if real not in seen:
                seen.add(real)
                texts.append(_read(path, item))
    return texts


def schema_paths(item: SchemaFile, *, allow_outside: bool = False) -> list[Path]:
    """Return the files that an entry names, without reading any: a file, what a glob matches, a folder's schemas.

    No folder outside the project is looked into unless ``allow_outside``. Raises :class:`InputError` at the place of
    an entry that names none, or that leads out of the project.
    """
    written = item.path
    if written is None:
        return []
    if "\0" in written or not written.strip():
        raise InputError(f"{written!r} is no path", span=item.span)
    path = Path(item.base, written)
    folder, parts = split(path)
    project = project_folder(Path(item.base))
    real_path(folder, project, written, item.span, allow_outside=allow_outside)
    try:
        if parts and not path.exists():
            return _matches(folder, parts, None if allow_outside else project, item)
        real_path(path, project, written, item.span, allow_outside=allow_outside)
        if not path.is_dir():
            return [path]
        found = [entry for entry in sorted(path.iterdir()) if entry.suffix.lower() in SCHEMA_SUFFIXES]
    except OSError as error:
        raise InputError(f"{display_path(path)} cannot be read: {error.strerror}", span=item.span) from None
    if not found:
        raise InputError(f"no schema file lies in {display_path(path)}", span=item.span)
    return found


def _matches(folder: Path, parts: tuple[str, ...], within: Path | None, item: SchemaFile) -> list[Path]:
    try:
        found = Search(within).matching(folder, parts)
    except ValueError:
        raise InputError(f"{item.path!r} is no glob", span=item.span) from None
    except TooManyError:
        raise InputError(f"{item.path} goes through too many files", span=item.span) from None
    if not found:
        raise InputError(f"no file matches {item.path}", span=item.span)
    if len(found) > MAX_FILES:
        raise InputError(f"more than {MAX_FILES} files match {item.path}", span=item.span)
    return found


def _read(path: Path, item: SchemaFile) -> SourceText:
    try:
        return read_source(path)
    except InputError as error:
        if item.span is None:
            raise
        raise InputError(f"{error.path}: {error.message}", span=item.span) from None
