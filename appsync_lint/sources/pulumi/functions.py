"""Where the code of a Lambda function is that Pulumi deploys from a folder."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath

from ...api import FunctionCode

__all__ = ["archive_code"]

_ENDINGS = (".js", ".mjs", ".cjs", ".ts")


def archive_code(
    name: str,
    folder: str | None,
    handler: str | None,
    runtime: str | None,
    base: str,
    *,
    allow_outside: bool,
) -> FunctionCode:
    """Return the code behind a handler (``index.handler``) in a folder relative to ``base``.

    ``folder`` is None where only deployment knows what is deployed, ``runtime`` where it is not written.
    """
    if folder is None or handler is None:
        missing = "its handler" if folder is not None else "what its code is made of"
        return FunctionCode(base=base, handler=handler, why=f"{name}: only deployment knows {missing}")
    if folder.endswith((".zip", ".jar")):
        return FunctionCode(base=base, handler=handler, why=f"{name} is deployed from {folder}, which is a package")
    module = handler.rpartition(".")[0] or handler
    if (runtime or "").startswith("python"):
        endings: tuple[str, ...] = (".py",)
    elif (runtime or "nodejs").startswith("nodejs"):
        endings = _ENDINGS if runtime else (*_ENDINGS, ".py")
    else:
        why = f"{name} runs on {runtime}; only Python, JavaScript and TypeScript are read"
        return FunctionCode(base=base, handler=handler, why=why)
    module = module.replace(".", "/") if endings == (".py",) else module
    paths = [normpath(f"{folder}/{module}{ending}") for ending in endings]
    if folder.endswith((*_ENDINGS, ".py")):
        paths.insert(0, normpath(folder))
    there = sorted(paths, key=lambda path: not _is_file(Path(base, path)))
    return FunctionCode(tuple(there), base, handler, allow_outside=allow_outside)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
