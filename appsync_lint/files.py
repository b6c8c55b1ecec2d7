"""Reading files that strangers wrote: regular files only, of a sane size, as UTF-8, and never by surprise."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError
from .text import SourceText

if TYPE_CHECKING:
    from .schema import Schema

__all__ = [
    "MAX_BYTES",
    "decode",
    "display_path",
    "drafted",
    "is_folder",
    "load_schema",
    "read_source",
    "resolved",
    "through_link",
]

#: The largest schema that AppSync takes is far smaller (8M.5: 10 MB merged).
MAX_BYTES = 64 * 1024 * 1024


def display_path(path: Path) -> str:
    """Return a path as reports show it: relative to the working directory where it lies below, with slashes."""
    try:
        return path.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.as_posix()


def resolved(path: Path) -> Path:
    """Return the path that tells whether two paths are one file; never fails, not even on a loop of links."""
    try:
        return path.resolve()
    except (ValueError, OSError, RuntimeError):
        return Path.cwd() / path


def through_link(path: Path) -> bool:
    """Whether a path leads somewhere else than it says; never fails."""
    return resolved(path) != Path(os.path.abspath(path))  # noqa: PTH100 (links must not be followed)


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; never fails, not even on a name that no file can have."""
    try:
        return path.is_dir()
    except (ValueError, OSError, RuntimeError):
        return False


_drafts: Mapping[Path, str] = {}


@contextmanager
def drafted(texts: Mapping[Path, str]) -> Iterator[None]:
    """Have :func:`read_source` return these texts for some files, by their real paths, whatever the files hold.

    So a project can be read as it would be with some edits, without a file being written.
    """
    global _drafts  # noqa: PLW0603 (what is read goes through many hands that should not know of it)
    before, _drafts = _drafts, texts
    try:
        yield
    finally:
        _drafts = before


def read_source(path: Path) -> SourceText:
    """Read a text file. Raises :class:`InputError`, naming the file, for whatever stands in the way."""
    shown = display_path(path)
    if _drafts and (draft := _drafts.get(resolved(path))) is not None:
        return SourceText(shown, draft)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("is a directory", path=shown)
        if not stat.S_ISREG(status.st_mode):
            raise InputError("is not a regular file", path=shown)
        if status.st_size > MAX_BYTES:
            raise InputError(f"is larger than {MAX_BYTES >> 20} MiB", path=shown)
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", path=shown) from None
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be read: {reason}", path=shown) from None
    return SourceText(shown, decode(data, shown))


def decode(data: bytes, shown: str) -> str:
    """Decode a file's bytes as UTF-8, with or without a byte order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("is UTF-16; save it as UTF-8", path=shown)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"line {line} is not UTF-8 (byte 0x{data[error.start]:02x})", path=shown) from None


def load_schema(paths: Iterable[str | Path]) -> Schema:
    """Read schema files and merge them into one schema. Raises :class:`InputError` for unreadable files."""
    from .schema import build_schema, parse_text

    return build_schema(parse_text(read_source(Path(path))) for path in paths)
