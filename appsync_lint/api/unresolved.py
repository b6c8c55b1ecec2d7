"""What a description leaves open."""

from __future__ import annotations

from dataclasses import dataclass

from ..text import Span

__all__ = ["Unresolved"]


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A setting that the file leaves open: a parameter, an import, a condition.

    ``text`` is what stood there, ``why`` completes "only deployment knows it: ...". ``candidates`` holds the
    values that the file itself admits (allowed values, both branches of a condition); it is empty where
    anything is possible.
    """

    text: str
    why: str = ""
    span: Span | None = None
    candidates: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text
