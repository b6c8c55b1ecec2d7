"""Writing fixed files: in whole, in place, as they were but for the edits, and never outside the project."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import InputError
from ..files import decode, display_path, is_folder
from ..text import SourceText

__all__ = ["files_outside", "write_files"]

_MARK = b"\xef\xbb\xbf"


def files_outside(given: Iterable[str]) -> Callable[[Path], str]:
    """Return what says why a file, by its real path, must not be written: empty where it may be.

    Files that lie outside the projects of what the user named (``given``, as typed) are left alone. It is asked
    for real paths, so a link in the project does not lead a fix out of it.
    """
    from ..sources.places import project_folder

    roots = {project_folder(Path())}
    for text in given:
        path = Path(os.path.abspath(text))  # noqa: PTH100 (the folder that was named, not where a link leads)
        roots.add(project_folder(path if is_folder(path) and not path.is_symlink() else path.parent))

    def why_not(path: Path) -> str:
        inside = any(path.is_relative_to(root) for root in roots)
        return "" if inside else f"{display_path(path)} lies outside the project"

    return why_not


def write_files(originals: Mapping[Path, SourceText], drafts: Mapping[Path, str]) -> None:
    """Put the drafts in the places of the files, whose texts must still be the original ones.

    Encoding, byte order mark, line ends and mode stay. All drafts are on the disk before the first file is
    replaced. Raises :class:`InputError` where a file has changed meanwhile or cannot be written.
    """
    ready: list[tuple[Path, Path]] = []
    try:
        for path, text in drafts.items():
            with _told(path):
                ready.append((_draft(path, originals[path], text), path))
        for draft, path in ready:
            with _told(path):
                draft.replace(path)
    finally:
        for draft, _ in ready:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell of what the system refuses in one line that names the file."""
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", path=display_path(path)) from None


def _draft(path: Path, original: SourceText, text: str) -> Path:
    """Write a new text into a file beside the one it is to replace."""
    data = path.read_bytes()
    if decode(data, original.path) != original.text:
        raise InputError("was changed while it was being linted; nothing is written", path=original.path)
    if not os.access(path, os.W_OK):
        raise InputError("cannot be written: Permission denied", path=original.path)
    status = path.stat()
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write((_MARK if data.startswith(_MARK) else b"") + text.encode("utf-8"))
        draft.chmod(stat.S_IMODE(status.st_mode))
        if hasattr(os, "chown"):
            with suppress(OSError):  # only the owner's own group, or the administrator, may
                os.chown(draft, status.st_uid, status.st_gid)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    return draft
