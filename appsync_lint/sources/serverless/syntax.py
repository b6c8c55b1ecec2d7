"""The Serverless Framework's variables as they are written: ``${opt:stage, self:provider.stage, 'dev'}``.

A text is cut into what stands between variables and the variables; each has the sources that are tried one
after the other. Nothing here knows what a source holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex
from typing import NamedTuple

__all__ = ["Source", "Variable", "segments", "variables"]

#: Everything that stands for something begins one of these ways; ``${AWS::Region}`` is CloudFormation's.
_START = regex(r"(?<!\\)\$\{")
_TYPE = regex(r"([a-z][a-zA-Z0-9]*)(?=\(|:(?!:))")
_LITERAL = regex(r"'([^']*)'|\"([^\"]*)\"|(true|false|null|-?\d+(?:\.\d+)?)")
_OPENING = {"{": "}", "(": ")", "[": "]"}


class Source(NamedTuple):
    """Where a variable's value may come from.

    ``type`` is empty for a value that is written out; then ``address`` is that value, and ``quoted`` says
    that it is a text. ``parameters`` stood in parentheses (the path of ``file(...)``). All may hold variables.
    """

    type: str
    parameters: str = ""
    address: str = ""
    quoted: bool = False


class Variable(NamedTuple):
    """A variable between two offsets of a text, with its sources in the order in which they are tried.

    ``sources`` is empty for what begins like a variable and cannot be read.
    """

    start: int
    end: int
    sources: tuple[Source, ...]


def variables(text: str) -> Iterator[Variable]:
    """Give the outermost variables of a text."""
    place = 0
    while match := _START.search(text, place):
        inner = match.end()
        end = _end(text, inner, "}")
        if end is None:
            return
        if _TYPE.match(text, inner) or text.startswith("${", inner):
            yield Variable(match.start(), end + 1, _sources(text[inner:end]))
            place = end + 1
        else:
            place = inner


def segments(address: str) -> list[str]:
    """Split an address at its dots, but for those inside a variable."""
    return _split(address, ".")


def _sources(inner: str) -> tuple[Source, ...]:
    found = [_source(part.strip()) for part in _split(inner, ",")]
    return tuple(item for item in found if item is not None) if None not in found else ()


def _source(text: str) -> Source | None:
    literal = _LITERAL.fullmatch(text)
    if literal:
        quoted = literal[3] is None
        return Source("", address=next((group for group in literal.groups() if group is not None), ""), quoted=quoted)
    if text.startswith("${"):
        return Source("", address=text, quoted=True)
    match = _TYPE.match(text)
    if match is None:
        return None
    place = match.end()
    parameters = ""
    if text[place] == "(":
        end = _end(text, place + 1, ")")
        if end is None:
            return None
        parameters = text[place + 1 : end].strip().strip("'\"")
        place = end + 1
    if text[place : place + 1] not in ("", ":"):
        return None
    return Source(match[1], parameters, text[place + 1 :].strip())


def _end(text: str, start: int, closing: str) -> int | None:
    """Return where what was opened before ``start`` is closed."""
    waiting = [closing]
    quote = ""
    for place in range(start, len(text)):
        char = text[place]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"" and _begins_value(text, start, place):
            quote = char
        elif char == waiting[-1]:
            waiting.pop()
            if not waiting:
                return place
        elif char in _OPENING:
            waiting.append(_OPENING[char])
    return None


def _begins_value(text: str, start: int, place: int) -> bool:
    """Whether a quote begins a text: an apostrophe inside a word does not."""
    while place > start and text[place - 1].isspace():
        place -= 1
    return place == start or text[place - 1] in ",({:"


def _split(text: str, separator: str) -> list[str]:
    parts: list[str] = []
    begin = place = 0
    while place < len(text):
        char = text[place]
        if char in _OPENING or (char in "'\"" and _begins_value(text, begin, place)):
            end = _end(text, place + 1, _OPENING[char]) if char in _OPENING else text.find(char, place + 1)
            if end is None or end < 0:
                break
            place = end
        elif char == separator:
            parts.append(text[begin:place])
            begin = place + 1
        place += 1
    return [*parts, text[begin:]]
