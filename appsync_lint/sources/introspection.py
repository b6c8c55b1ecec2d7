"""What an introspection query returns describes no API: it is known only to say so."""

from __future__ import annotations

from ..errors import InputError
from ..schema.introspection import ANSWER, is_answer
from .reader import Described, File, Reader

__all__ = ["READER"]


def _matches(file: File) -> bool:
    return is_answer(file.source.text)


def _read(file: File) -> Described:
    raise InputError(ANSWER, path=file.source.path)


READER = Reader(
    kind="introspection",
    expects="the answer to an introspection query",
    matches=_matches,
    read=_read,
    suffixes=(".json",),
)
