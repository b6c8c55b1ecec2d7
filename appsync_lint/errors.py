"""What goes wrong with a request or an input: exit code 2, told in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .text import Span

__all__ = ["InputError", "UnknownFileError"]


class InputError(Exception):
    """A request that makes no sense, or an input that cannot be read.

    ``path`` names the file, ``span`` the place where one is known; ``str()`` is the whole line that the
    user sees, place first.
    """

    def __init__(self, message: str, *, path: str | None = None, span: Span | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span
        self.path = span.path if span is not None else path

    def __str__(self) -> str:
        if self.span is not None:
            line, column = self.span.start
            return f"{self.span.path}:{line}:{column}: {self.message}"
        return f"{self.path}: {self.message}" if self.path else self.message


class UnknownFileError(InputError):
    """A file is none that any reader knows: no fault of the file where nobody named it."""
