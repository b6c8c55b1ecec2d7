"""Where a file is, as a URI: relative to the checkout's root where it lies in it, else absolute."""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import isabs, join, normpath
from re import compile as regex
from urllib.parse import quote

__all__ = ["Addresses"]

#: What may stand in a path of a URI as it is, beside letters and digits. Not the colon: a relative address
#: would read as one with a scheme.
_SAFE = "/@!$&'()*+,;="
_DRIVE = regex(r"[A-Za-z]:/")


class Addresses:
    """Turns the paths of findings into addresses.

    ``root`` is the folder that addresses are relative to, ``folder`` the one that the paths are relative to;
    either is the working directory where it is empty.
    """

    def __init__(self, root: str | Path = "", folder: str | Path = "") -> None:
        self._root = _absolute(root)
        self._folder = _absolute(folder)
        self._known: dict[str, tuple[str, bool]] = {}

    def of(self, path: str) -> tuple[str, bool]:
        """Return the address of a file and whether it is relative to the root."""
        found = self._known.get(path)
        if found is None:
            found = self._known[path] = self._find(path)
        return found

    def _find(self, path: str) -> tuple[str, bool]:
        whole = normpath(path if _is_absolute(path) else join(self._folder, path or "-"))
        inside = self._root.rstrip("/") + "/"
        if whole.startswith(inside):
            return _quoted(whole[len(inside) :]), True
        return f"file:///{_quoted(whole.lstrip('/'))}", False


def _absolute(folder: str | Path) -> str:
    return normpath(join(Path.cwd().as_posix(), Path(folder).as_posix()))


def _is_absolute(path: str) -> bool:
    return isabs(path) or _DRIVE.match(path) is not None


def _quoted(path: str) -> str:
    try:
        data = os.fsencode(path)
    except UnicodeEncodeError:
        data = path.encode("utf-8", "surrogatepass")
    return quote(data, safe=_SAFE)
