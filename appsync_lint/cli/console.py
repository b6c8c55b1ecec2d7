"""The two streams: findings to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from ..report.plain import shorten, visible

__all__ = ["colour_wanted", "print_error", "print_note", "terminal_width", "write", "write_bytes"]

NARROWEST, USUAL, WIDEST = 40, 80, 120
#: How much is told in one line; what a file holds may be of any length.
LONGEST = 8_000


def write(text: str, *, machine: bool = False, aside: bool = False) -> None:
    """Write to standard output, or to standard error where that is taken (``aside``).

    A reader that has gone away is no error; machines get UTF-8 whatever the locale.
    """
    if not text:
        return
    stream = sys.stderr if aside else sys.stdout
    _prepare(stream, "utf-8" if machine else None)
    with _as_long_as_somebody_reads(stream):
        stream.write(text)
        stream.flush()


def write_bytes(data: bytes) -> None:
    """Write to standard output, byte by byte what is given."""
    with _as_long_as_somebody_reads(sys.stdout):
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


@contextmanager
def _as_long_as_somebody_reads(stream: TextIO) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Later writes, and the interpreter's own flush at exit, go nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def print_note(text: str) -> None:
    """Tell the user something beside the findings."""
    _say("note", text)


def print_error(text: str) -> None:
    """Tell the user, in one line, what was wrong with the request or an input."""
    _say("error", text)


def _say(kind: str, text: str) -> None:
    _prepare(sys.stderr, None)
    try:
        sys.stderr.write(f"appsync-lint: {kind}: {shorten(visible(text[: LONGEST + 1]), LONGEST)}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        return


def _prepare(stream: TextIO, encoding: str | None) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding=encoding or stream.encoding, errors="backslashreplace")


def colour_wanted(choice: str) -> bool:
    """Whether to colour standard output: as asked, else as NO_COLOR, FORCE_COLOR and the terminal say."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """How many columns to fill: the terminal's, within reason; 80 where the output is no terminal."""
    set_by_user = os.environ.get("COLUMNS", "")
    if set_by_user.isdecimal():
        columns = int(set_by_user)
    else:
        try:
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
        except (OSError, ValueError):
            columns = USUAL
    return max(NARROWEST, min(columns, WIDEST))
