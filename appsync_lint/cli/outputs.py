"""Where each format goes: standard output, or a file that is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..errors import InputError
from ..files import display_path, resolved, through_link
from ..report import FORMATS, Options, render
from ..tree import nearest
from .console import colour_wanted, terminal_width, write

if TYPE_CHECKING:
    from ..linter import Rule
    from ..linter.result import Result

__all__ = ["Output", "emit", "outputs_of", "send"]

_FOR_MACHINES = ("json", "sarif")


class Output(NamedTuple):
    """A format and the file it goes to; None is standard output."""

    format: str
    file: Path | None


def outputs_of(formats: Sequence[str], output: str) -> tuple[Output, ...]:
    """Read ``--format FORMAT[=FILE]`` and ``--output FILE``.

    Raises :class:`InputError` for unknown formats and for two formats that would go to one place.
    """
    found: list[Output] = []
    for item in formats or ("text",):
        name, separator, file = item.partition("=")
        if name not in FORMATS:
            meant = nearest(name, tuple(FORMATS))
            hint = f"did you mean {meant}?" if meant else f"the formats are {', '.join(FORMATS)}"
            raise InputError(f"--format {item}: there is no format {name!r}; {hint}")
        if separator and not file:
            raise InputError(f"--format {item}: the file's name is missing")
        target = file or output
        found.append(Output(name, None if target in ("", "-") else Path(target)))
    places = [resolved(item.file) if item.file else None for item in found]
    for index, place in enumerate(places):
        if place in places[:index]:
            where = display_path(place) if place else "standard output"
            raise InputError(
                f"two formats would go to {where}; give one of them a file: --format {found[index].format}=FILE"
            )
    return tuple(found)


def emit(
    outputs: Sequence[Output],
    result: Result,
    rules: Mapping[str, Rule],
    *,
    colour: str,
    category: str = "",
    unsafe_fixes: bool = False,
    aside: bool = False,
) -> None:
    """Render a result in each format and send it where it goes; with ``aside``, not to standard output."""
    for output in outputs:
        options = Options(
            colour=colour_wanted(colour) if output.file is None and not aside else colour == "always",
            width=terminal_width(),
            root=_root(),
            category=category,
            unsafe_fixes=unsafe_fixes,
        )
        send(output, render(output.format, result, rules, options), aside=aside)


def send(output: Output, text: str, *, aside: bool = False) -> None:
    """Write a text to an output. Raises :class:`InputError` where the file cannot be written."""
    if output.file is None:
        write(text, machine=output.format in _FOR_MACHINES, aside=aside)
        return
    if through_link(output.file):
        from ..sources.places import left_by_link

        if left_by_link(output.file) is not None:
            message = "is not written, for it links to a file outside the project's folder"
            raise InputError(message, path=output.file.as_posix())
    try:
        _replace(output.file, text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(f"cannot be written: {reason}", path=display_path(output.file)) from None


def _replace(file: Path, data: bytes) -> None:
    """Put a file in its place whole, so that nobody reads half of it; devices and pipes are written to."""
    target = file.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        # A file that was there before is none of ours, or a link that somebody has laid.
        draft.unlink(missing_ok=True)
        with draft.open("xb") as stream:
            stream.write(data)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _root() -> Path:
    """Return the folder that reported paths are relative to in a repository: the checkout, else the working one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
