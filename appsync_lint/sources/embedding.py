"""A text inside a YAML or JSON string, with the place in the file of every character.

Schemas stand in templates as block literals, folded or quoted texts, or JSON strings with escapes. A
finding in such a schema points at the characters in the template that the user can edit.
"""

from __future__ import annotations

from re import DOTALL
from re import compile as regex

from ..text import EmbeddedText, SourceText
from ..tree import Scalar

__all__ = ["Splice", "embedded"]

#: What stands before a node's own text: tags and anchors, each with the blanks and comments behind it.
_PROPERTIES = regex(r"(?:[&!]\S*\s+(?:#[^\r\n]*\s+)*)+")
_BLOCK_HEADER = regex(r"[|>][^\r\n]*")
#: YAML 1.1 ends lines with the last three, too.
_BLANKS = " \t\r\n\x85\u2028\u2029"
_WORD = regex(rf"[^{_BLANKS}]+")
_LINE_BREAK = regex("\r\n|[\r\n\x85\u2028\u2029]")
_SINGLE_QUOTED = regex(rf"''|[^'{_BLANKS}]+|[{_BLANKS}]+")
_DOUBLE_QUOTED = regex(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"  # two escapes, one character
    r"|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|.)"
    rf"|[^\\{_BLANKS}]+|[{_BLANKS}]+",
    DOTALL,
)
_ESCAPES = dict(zip("0abtnvfre_NLP\t", "\0\a\b\t\n\v\f\r\x1b\xa0\x85\u2028\u2029\t", strict=True))


class Splice:
    """Puts an embedded text together from pieces that stand at different places of one file."""

    def __init__(self, host: SourceText) -> None:
        self.host = host
        self._texts: list[str] = []
        self._styles: set[str] = set()
        self.length = 0
        self._segments: list[tuple[int, int]] = []

    def add(self, text: str, place: int) -> None:
        """Add a piece whose characters stand one after the other from an offset of the file."""
        self._styles.add("")
        if not text:
            return
        last = self._segments[-1] if self._segments else None
        if last is None or place - self.length != last[1] - last[0]:
            self._segments.append((self.length, place))
        self._texts.append(text)
        self.length += len(text)

    def add_escape(self, text: str, place: int) -> None:
        """Add a character that is written as an escape at an offset of the file."""
        if not text:
            return
        # A segment of its own, so that its end is where the next one begins.
        self._segments.append((self.length, place))
        self._texts.append(text)
        self.length += len(text)

    def add_substitute(self, text: str, place: int, width: int) -> None:
        """Add a text that stands for a variable of some width at an offset of the file."""
        # Whoever writes this text back would write the value in place of the variable.
        self._styles.add("")
        if text:
            self.add_escape(text[:-1], place)
            self.add_escape(text[-1], place + width - 1 if len(text) > 1 else place)

    def add_part(self, part: EmbeddedText, start: int, end: int) -> None:
        """Add a stretch of another embedded text, with its places."""
        self._styles.add(part.style)
        keys = [own for own, _ in part.segments if start < own < end]
        for begin, stop in zip([start, *keys], [*keys, end], strict=True):
            if begin < stop:
                self._segments.append((self.length, part.host_offset(begin)))
                self._texts.append(part.text[begin:stop])
                self.length += stop - begin

    def end_at(self, place: int) -> None:
        """Say where in the file the text ends, for a text whose last character is an escape."""
        self._segments.append((self.length, place))

    def finish(self) -> EmbeddedText:
        """Return the text that was put together; it is quoted in some way if all its parts are."""
        style = next(iter(self._styles)) if len(self._styles) == 1 else ""
        return EmbeddedText(self.host, "".join(self._texts), self._segments or [(0, 0)], style)


def embedded(scalar: Scalar, source: SourceText) -> EmbeddedText:
    """Return a scalar's text with its places in the file that it was read from."""
    assert scalar.span is not None, "the scalar was read from a file"
    start, end = scalar.span.start_offset, scalar.span.end_offset
    properties = _PROPERTIES.match(source.text, start, end)
    if properties:
        start = properties.end()
    if scalar.style in ("'", '"'):
        for folds in (True, False):
            result = _quoted(scalar, source, start + 1, end - 1, folds)
            if result.text == scalar.text:
                result.style = scalar.style
                return result
    elif scalar.style in ("|", ">"):
        header = _BLOCK_HEADER.match(source.text, start, end)
        start = header.end() if header else start
    result = _words(scalar.text, source, start, end)
    result.style = scalar.style if scalar.style in ("|", ">") else ""
    return result


def _words(text: str, host: SourceText, start: int, end: int) -> EmbeddedText:
    """Align a text that differs from what stands in the file in blanks only: indented, folded or plain."""
    splice = Splice(host)
    own, place = 0, start
    for word in _WORD.finditer(text):
        found = host.text.find(word[0], place, end)
        if found < 0:
            break
        # Blanks are the same up to a line's indentation, which only the file has.
        kept = 0
        while word.start() - kept > own and found - kept > place and _same(text, word.start(), host, found, kept):
            kept += 1
        splice.add(text[own : word.start() - kept], place)
        splice.add(text[word.start() - kept : word.end()], found - kept)
        own, place = word.end(), found + len(word[0])
    splice.add(text[own:], place)
    return splice.finish()


def _same(text: str, own: int, host: SourceText, place: int, back: int) -> bool:
    return text[own - back - 1] == host.text[place - back - 1]


def _quoted(scalar: Scalar, host: SourceText, start: int, end: int, folds: bool) -> EmbeddedText:
    """Decode a quoted text. ``folds`` is True for YAML, whose quoted texts go on over several lines."""
    splice = Splice(host)
    pattern = _SINGLE_QUOTED if scalar.style == "'" else _DOUBLE_QUOTED
    joins = False
    for match in pattern.finditer(host.text, start, end):
        piece, place = match[0], match.start()
        if piece == "''" and scalar.style == "'":
            splice.add_escape("'", place)
        elif piece.startswith("\\") and scalar.style == '"':
            if _LINE_BREAK.fullmatch(piece, 1):
                joins = True
                continue
            splice.add_escape(_unescape(piece), place)
        elif folds and piece[0] in _BLANKS and (joins or _LINE_BREAK.search(piece)):
            breaks = len(_LINE_BREAK.findall(piece))
            folded = "\n" * (breaks if joins else breaks - 1)
            splice.add(folded or ("" if joins else " "), place)
        else:
            splice.add(piece, place)
        joins = False
    splice.end_at(end)
    return splice.finish()


def _unescape(piece: str) -> str:
    kind = piece[1]
    if kind not in "xuU":
        return _ESCAPES.get(kind, kind)
    if len(piece) == 12:
        pair = bytes.fromhex(piece[2:6] + piece[8:12])
        return pair.decode("utf-16-be")
    code = int(piece[2:], 16)
    return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
