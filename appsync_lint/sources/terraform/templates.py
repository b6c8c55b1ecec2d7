"""Templates: texts with ``${...}`` and ``%{...}``, as they stand in quotes, heredocs, JSON and files of their own."""

from __future__ import annotations

from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from ...errors import InputError
from ...text import EmbeddedText, SourceText
from .syntax import HclExpression, branches, parse_expression

if TYPE_CHECKING:
    from .syntax import Branch

__all__ = ["Piece", "heredoc", "pieces_of_string", "pieces_of_text"]

#: A template with more interpolations is none that somebody wrote.
MAX_PIECES = 4_000

_START = regex(r"\$\$\{|%%\{|\$\{|%\{")
_INSIDE = regex(r'["{}]')
_QUOTED = regex(r'\\.|\$\$\{|\$\{|"', 16)
_ESCAPE = regex(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|[^\\]+|\\", 16)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
_FOR = regex(r"for\s+([\w-]+)\s*(?:,\s*([\w-]+)\s*)?in\b")
_WORD = regex(r"[a-z]+")
_AFTER = regex(r"[ \t\r]*\n?")


class Piece(NamedTuple):
    """A piece of a template: a ``literal``, a ``value``, or ``if``, ``else``, ``endif``, ``for``, ``endfor``.

    ``text`` is a literal's own text, which differs from what stands at its place where that is an escape; of
    anything else it is what is written. ``names`` are the variables of a ``for``.
    """

    kind: str
    text: str
    source: SourceText
    start: int
    end: int
    expression: HclExpression | None = None
    names: tuple[str, ...] = ()


# Quoted texts of the native syntax, which the parser has taken apart.

_DIRECTIVES = {
    "template_if_start": "if",
    "template_else": "else",
    "template_endif": "endif",
    "template_for_start": "for",
    "template_endfor": "endfor",
}


def pieces_of_string(expression: HclExpression) -> list[Piece]:
    """Return the pieces of a text in quotes."""
    pieces: list[Piece] = []
    source, shift = expression.source, expression.shift
    trims: list[tuple[int, bool, bool]] = []
    for part in expression.tree.children:
        if getattr(part, "data", None) != "string_part":
            continue
        (child,) = part.children  # type: ignore[union-attr]
        data = getattr(child, "data", None)
        start, end = part.meta.start_pos + shift, part.meta.end_pos + shift  # type: ignore[union-attr]
        if data is None:
            _add_characters(pieces, str(child), getattr(child, "type", ""), source, start)
            continue
        inner = branches(child)  # type: ignore[arg-type]
        written = source.text[start:end]
        if data == "interpolation":
            pieces.append(Piece("value", written, source, start, end, expression.of(inner[-1])))
            continue
        kind = _DIRECTIVES[str(data)]
        value = expression.of(inner[-1]) if kind in ("if", "for") else None
        names = tuple(_name(item) for item in inner[:-1]) if kind == "for" else ()
        trims.append((len(pieces), written.startswith("%{~"), written.endswith("~}")))
        pieces.append(Piece(kind, written, source, start, end, value, names))
    return _trimmed(pieces, trims)


def _name(tree: Branch) -> str:
    return str(tree.children[0])


def _add_characters(pieces: list[Piece], text: str, kind: str, source: SourceText, start: int) -> None:
    if kind.startswith("ESCAPED"):
        # Two signs stand for one.
        pieces.append(Piece("literal", text[1:], source, start + 1, start + len(text)))
        return
    for match in _ESCAPE.finditer(text):
        own = match[0]
        if own.startswith("\\") and len(own) > 1:
            own = _unescaped(own)
        pieces.append(Piece("literal", own, source, start + match.start(), start + match.end()))


def _unescaped(escape: str) -> str:
    if escape[1] in "uU" and len(escape) > 2:
        code = int(escape[2:], 16)
        return "\ufffd" if 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)
    return _ESCAPES.get(escape[1], escape[1])


# Heredocs.


def heredoc(expression: HclExpression) -> EmbeddedText:
    """Return the text of a heredoc; of an indented one without the indentation that all its lines share."""
    own = expression.source
    token = str(expression.tree.children[0])
    start = expression.tree.meta.start_pos + expression.shift
    first = token.index("\n") + 1
    last = token.rstrip("\r\n").rfind("\n") + 1
    host, place = (own.host, own.host_offset) if isinstance(own, EmbeddedText) else (own, _same)
    body = token[first:last]
    if not token.startswith("<<-"):
        return EmbeddedText(host, body, [(0, place(start + first))], "|")
    lines = body.splitlines(keepends=True)
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    cut = min(indents, default=0)
    texts: list[str] = []
    segments: list[tuple[int, int]] = []
    length, offset = 0, start + first
    for line in lines:
        # A blank line has no indentation to lose.
        drop = cut if line.strip() else 0
        kept = line[drop:]
        segments.append((length, place(offset + drop)))
        texts.append(kept)
        length += len(kept)
        offset += len(line)
    return EmbeddedText(host, "".join(texts), segments or [(0, place(start + first))], "|")


def _same(offset: int) -> int:
    return offset


# Templates in plain text.


def pieces_of_text(source: SourceText) -> list[Piece]:
    """Return the pieces of a template that stands in a text of its own, without quotes and escapes.

    Raises :class:`InputError` at the place of what is no template.
    """
    text = source.text
    pieces: list[Piece] = []
    trims: list[tuple[int, bool, bool]] = []
    position = 0
    while match := _START.search(text, position):
        start = match.start()
        if start > position:
            pieces.append(Piece("literal", text[position:start], source, position, start))
        if len(pieces) > MAX_PIECES:
            raise InputError("holds more interpolations than can be followed", span=source.span(start, match.end()))
        if len(match[0]) == 3:
            pieces.append(Piece("literal", match[0][1:], source, start + 1, match.end()))
            position = match.end()
            continue
        closing = _closing(source, match.end())
        left, right = text[match.end()] == "~", text[closing - 1] == "~" and closing - 1 > match.end()
        inner = (match.end() + left, closing - right)
        position = closing + 1
        trims.append((len(pieces), left, right))
        pieces.append(_dynamic(source, match[0], start, position, inner))
    if position < len(text):
        pieces.append(Piece("literal", text[position:], source, position, len(text)))
    return _trimmed(pieces, trims)


def _dynamic(source: SourceText, opening: str, start: int, end: int, inner: tuple[int, int]) -> Piece:
    written = source.text[start:end]
    first, last = inner
    if opening == "${":
        return Piece("value", written, source, start, end, parse_expression(source, first, last))
    own = source.text[first:last]
    first += len(own) - len(own.lstrip())
    word = _WORD.match(source.text, first, last)
    kind = word[0] if word else ""
    if kind == "for":
        loop = _FOR.match(source.text, first, last)
        if loop is not None:
            names = tuple(name for name in loop.groups() if name)
            return Piece(kind, written, source, start, end, parse_expression(source, loop.end(), last), names)
    elif kind == "if" and word is not None:
        return Piece(kind, written, source, start, end, parse_expression(source, word.end(), last))
    elif kind in ("else", "endif", "endfor"):
        return Piece(kind, written, source, start, end)
    raise InputError("this is no directive of a template", span=source.span(start, end))


def _closing(source: SourceText, position: int) -> int:
    """Return where the brace is that closes what was opened before an offset."""
    text = source.text
    opened = position
    # What is open, innermost last: a brace, or a text in quotes.
    stack = ["{"]
    while stack:
        pattern = _QUOTED if stack[-1] == '"' else _INSIDE
        match = pattern.search(text, position)
        if match is None:
            raise InputError("this interpolation never ends", span=source.span(opened - 2, opened))
        position = match.end()
        found = match[0]
        if stack[-1] == '"':
            if found == '"':
                stack.pop()
            elif found == "${":
                stack.append("{")
        elif found == "}":
            stack.pop()
        else:
            stack.append(found)
    return position - 1


def _trimmed(pieces: list[Piece], trims: list[tuple[int, bool, bool]]) -> list[Piece]:
    """Take away the blanks beside the directives that are written with ``~``."""
    for index, before, after in trims:
        if before and index > 0 and pieces[index - 1].kind == "literal":
            piece = pieces[index - 1]
            blanks = len(piece.text) - len(piece.text.rstrip(" \t\r\n"))
            pieces[index - 1] = piece._replace(text=piece.text[: len(piece.text) - blanks], end=piece.end - blanks)
        if after and index + 1 < len(pieces) and pieces[index + 1].kind == "literal":
            piece = pieces[index + 1]
            match = _AFTER.match(piece.text)
            blanks = match.end() if match else 0
            pieces[index + 1] = piece._replace(text=piece.text[blanks:], start=piece.start + blanks)
    return pieces
