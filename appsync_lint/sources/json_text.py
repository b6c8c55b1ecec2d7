"""JSON text to a positioned tree. The strings are decoded by the standard library, which is quick.

YAML's parser would read most JSON too, but not its surrogate pairs, and tabs only by luck.
"""

from __future__ import annotations

import json
from re import compile as regex

from ..errors import InputError
from ..text import SourceText
from ..tree import Node, Scalar, Sequence, Table
from .builder import TreeBuilder

__all__ = ["read_json"]

_BLANK = regex(r"[ \t\r\n]*")
_WORD = regex(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?(?![\w.])|(?:true|false|null)(?!\w)")
_LONE_SURROGATE = regex("[\ud800-\udfff]")
_STRINGS = json.JSONDecoder(strict=False)
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}

#: Python refuses to convert longer numbers, and nobody means one.
MAX_DIGITS = 1000


def read_json(source: SourceText) -> Node:
    """Read one JSON value. Raises :class:`InputError` at the first place that is no JSON."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.text = source.text
        self.builder = TreeBuilder(source)
        #: What closes each open collection, innermost last.
        self.closing: list[str] = []

    def read(self) -> Node:
        position = self._start_value(0)
        while self.closing:
            position = self._member(self._blank(position))
        position = self._blank(position)
        if position < len(self.text):
            raise self._unexpected("the end of the file", position)
        assert self.builder.root is not None
        return self.builder.root

    def _blank(self, position: int) -> int:
        found = _BLANK.match(self.text, position)
        assert found is not None
        return found.end()

    def _member(self, position: int) -> int:
        """Read what may stand after a value: a comma with the next member, or the end of the collection."""
        closing = self.closing[-1]
        character = self.text[position : position + 1]
        if character == closing:
            return self._close(position)
        if character != ",":
            raise self._unexpected(f"a comma or {closing}", position)
        position = self._blank(position + 1)
        return self._start_value(self._key(position) if closing == "}" else position)

    def _close(self, position: int) -> int:
        self.closing.pop()
        self.builder.close(position + 1)
        return position + 1

    def _key(self, position: int) -> int:
        if self.text[position : position + 1] != '"':
            raise self._unexpected("a key in double quotes", position)
        position = self._blank(self._string(position))
        if self.text[position : position + 1] != ":":
            raise self._unexpected("a colon", position)
        return position + 1

    def _start_value(self, position: int) -> int:
        """Read a value, or the openings of nested collections down to the first value inside."""
        while True:
            position = self._blank(position)
            character = self.text[position : position + 1]
            if character == '"':
                return self._string(position)
            if character not in ("{", "["):
                return self._word(position)
            is_table = character == "{"
            node: Table | Sequence = Table({}, {}, None) if is_table else Sequence([], None)
            self.builder.open(node, position, position + 1)
            self.closing.append("}" if is_table else "]")
            position = self._blank(position + 1)
            if self.text[position : position + 1] == self.closing[-1]:
                return self._close(position)
            if is_table:
                position = self._key(position)

    def _string(self, position: int) -> int:
        value: str
        end: int
        try:
            value, end = _STRINGS.raw_decode(self.text, position)
        except json.JSONDecodeError as error:
            message = error.msg.lower()
            if "unterminated" in message:
                raise self.builder.error("this text in quotes never ends", position, position + 1) from None
            raise self.builder.error("there is no such escape in JSON", error.pos, error.pos + 1) from None
        if not value.isascii():
            value = _LONE_SURROGATE.sub("\ufffd", value)
        self.builder.add(Scalar(value, value, self.builder.span(position, end), style='"'), position, end)
        return end

    def _word(self, position: int) -> int:
        found = _WORD.match(self.text, position)
        if found is None:
            raise self._unexpected("a value", position)
        text, end = found[0], found.end()
        value: str | int | float | bool | None
        if text in _CONSTANTS:
            value = _CONSTANTS[text]
        elif len(text) > MAX_DIGITS:
            value = text
        else:
            value = json.loads(text)
        self.builder.add(Scalar(value, text, self.builder.span(position, end)), position, end)
        return end

    def _unexpected(self, wanted: str, position: int) -> InputError:
        there = self.text[position : position + 1]
        found = repr(there) if there else "the end of the file"
        return self.builder.error(f"expected {wanted}, found {found}", position, position + len(there))
