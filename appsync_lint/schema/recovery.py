"""The parser for texts that graphql-core refuses.

It reads the spellings that AppSync deploys (semicolons after fields, ``implements A, B``, empty bodies: SEMANTICS
A3 and 9.5), and it steps over a real mistake to the next field or definition, so that one typo does not hide the
rest of the file. Most runs do not need it, so they do not load it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from re import compile as regex
from typing import Any, TypeVar

from graphql.error import GraphQLSyntaxError
from graphql.language import DocumentNode, Lexer, NamedTypeNode, Source, Token, TokenKind
from graphql.language.parser import Parser

from ..text import SourceText
from .parser import Problem, ProblemKind

__all__ = ["MAX_PROBLEMS", "RecoveringParser", "recovered"]

T = TypeVar("T")

#: After so many mistakes the rest of a file is not read: a text that needs more is not worth more.
MAX_PROBLEMS = 100
#: How far a mistake is followed in search of the bracket that closes what it opened, in tokens.
_SEARCH = 1000

_DEFINING = frozenset(["schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"])
_IGNORED = regex(r"[ \t\r\n,\ufeff]*")
#: A stretch of characters that neither begin a token nor separate two.
_UNREADABLE = regex(r"""[^ \t\r\n,\ufeffA-Za-z0-9_!$&()\[\]{}:=@|."#;-]+""")
_LINE = regex(r"[^\r\n]*")
_LINE_END = regex(r"[\r\n]")
_STRING = regex(r'"(?:[^"\\\r\n]|\\[^\r\n])*"?')
_OPENING = (TokenKind.PAREN_L, TokenKind.BRACKET_L)
_CLOSING = (TokenKind.PAREN_R, TokenKind.BRACKET_R)


def recovered(source: SourceText, body: Source) -> tuple[DocumentNode, list[Problem]]:
    """Return what can be read of a text, and what is wrong with it."""
    parser = RecoveringParser(source, body)
    try:
        document = parser.parse_document()
    except _TooManyProblemsError:
        document = DocumentNode(definitions=tuple(parser.definitions))
    return document, parser.problems


class _TooManyProblemsError(Exception):
    """Raised to stop reading a text that is no schema."""


class _TolerantLexer(Lexer):
    """graphql-core's lexer, stepping over what cannot be a token."""

    def __init__(self, body: Source, report: Callable[[ProblemKind, str, int, int], None]) -> None:
        super().__init__(body)
        self._report = report

    def read_next_token(self, start: int) -> Token:
        body = self.source.body
        while True:
            ignored = _IGNORED.match(body, start)
            begin = ignored.end() if ignored else start
            if body.startswith(";", begin):
                # Not left to graphql-core: each of its errors counts the lines of the whole text.
                self._report("semicolon", "a semicolon", begin, begin + 1)
                start = begin + 1
                continue
            try:
                return super().read_next_token(start)
            except GraphQLSyntaxError as error:
                if body.startswith('"', begin) and not body.startswith('"""', begin):
                    return self._read_bad_string(begin, error)
                start = self._step_over(begin, error)

    def _read_bad_string(self, begin: int, error: GraphQLSyntaxError) -> Token:
        """Take a string with a bad escape, or one that is not closed on its line, as it stands."""
        literal = _STRING.match(self.source.body, begin)
        end = literal.end() if literal else begin + 1
        self._report("syntax", _sentence(error), begin, end)
        return self.create_token(TokenKind.STRING, begin, end, self.source.body[begin + 1 : end].rstrip('"'))

    def _step_over(self, begin: int, error: GraphQLSyntaxError) -> int:
        body = self.source.body
        if body.startswith('"""', begin):
            self._report("syntax", _sentence(error), begin, begin + 3)
            closing = body.find('"""', begin + 3)
            line = _LINE.match(body, begin)
            return closing + 3 if closing >= 0 else line.end() if line else len(body)
        place = max(_place(error, begin), begin)
        unreadable = _UNREADABLE.match(body, begin)
        end = unreadable.end() if unreadable else place + 1
        self._report("syntax", _sentence(error), min(place, len(body) - 1), min(place + 1, len(body)))
        return min(end, len(body))


class RecoveringParser(Parser):
    """graphql-core's parser, resuming at the next field or definition after a mistake."""

    def __init__(self, source: SourceText, body: Source) -> None:
        self._text = source
        self.problems: list[Problem] = []
        self.definitions: list[Any] = []
        self._mistakes = 0
        self._empty_body: Token | None = None
        super().__init__(body, lexer=_TolerantLexer(body, self._report))

    def parse_document(self) -> DocumentNode:
        self.expect_token(TokenKind.SOF)
        while not self.expect_optional_token(TokenKind.EOF):
            begin = self._lexer.token
            try:
                self.definitions.append(self.parse_definition())
            except (GraphQLSyntaxError, RecursionError) as error:
                # An extension by an empty body alone is refused although its body was read.
                if self._lexer.last_token is not self._empty_body:
                    self._record(error)
                taken = begin.prev
                # What came before lacked its last word and took this definition's keyword for it.
                robbed = taken is not None and self._starts_definition(taken)
                self._resume(taken if taken and robbed else self._next_definition(begin))
        return DocumentNode(definitions=tuple(self.definitions))

    def parse_implements_interfaces(self) -> tuple[NamedTypeNode, ...] | None:
        if not self.expect_optional_keyword("implements"):
            return None
        self.expect_optional_token(TokenKind.AMP)
        names = [self.parse_named_type()]
        while True:
            token = self._lexer.token
            if self.expect_optional_token(TokenKind.AMP):
                names.append(self.parse_named_type())
            elif token.kind is TokenKind.NAME and not self._starts_definition(token):
                self._report("implements", "interfaces separated by commas", token.start, token.end)
                names.append(self.parse_named_type())
            else:
                return tuple(names)

    def optional_many(
        self, open_kind: TokenKind, parse_fn: Callable[[], T], close_kind: TokenKind
    ) -> tuple[T, ...] | None:
        if open_kind is not TokenKind.BRACE_L:
            return super().optional_many(open_kind, parse_fn, close_kind)
        opening = self._lexer.token
        return self._members(opening, parse_fn) if self.expect_optional_token(open_kind) else None

    def many(self, open_kind: TokenKind, parse_fn: Callable[[], T], close_kind: TokenKind) -> tuple[T, ...]:
        if parse_fn != self.parse_operation_type_definition:
            return super().many(open_kind, parse_fn, close_kind)
        return self._members(self.expect_token(open_kind), parse_fn)

    def _members(self, opening: Token, parse_fn: Callable[[], T]) -> tuple[T, ...]:
        """Read the members of a body up to its closing brace, stepping over those that have a mistake."""
        members: list[T] = []
        recovering = False
        while not self.expect_optional_token(TokenKind.BRACE_R):
            begin = self._lexer.token
            if begin.kind is TokenKind.EOF or self._starts_definition(begin):
                # The closing brace is missing: what follows is the next definition, not a member.
                if not recovering:
                    self._report("syntax", "this brace is never closed", opening.start, opening.end)
                return tuple(members)
            try:
                members.append(parse_fn())
            except (GraphQLSyntaxError, RecursionError) as error:
                recovering = True
                self._record(error)
                taken = begin.prev
                if begin.kind is TokenKind.COLON and members and taken and self._first_in_line(taken):
                    # The member before has no type and took the name of this one.
                    members.pop()
                    self._resume(taken)
                else:
                    self._resume(self._next_member(begin))
        if not members and not recovering:
            self._empty_body = self._lexer.last_token
            self._report("empty-body", "an empty body", opening.start, self._empty_body.end)
        return tuple(members)

    def _report(self, kind: ProblemKind, message: str, start: int, end: int) -> None:
        if kind == "syntax":
            self._mistakes += 1
            if self._mistakes > MAX_PROBLEMS:
                message = f"more than {MAX_PROBLEMS} mistakes; the rest of the file is not read"
                self.problems.append(Problem(kind, message, self._text.span(start, end)))
                raise _TooManyProblemsError
        self.problems.append(Problem(kind, message, self._text.span(start, end)))

    def _record(self, error: GraphQLSyntaxError | RecursionError) -> None:
        token = self._lexer.token
        if isinstance(error, RecursionError):
            self._report("syntax", "nested too deeply", token.start, token.end)
            return
        place = _place(error, token.start)
        if place >= len(self._lexer.source.body):
            # There is nothing to point at behind the last word.
            token = self._lexer.last_token if token.kind is TokenKind.EOF else token
            place = token.start
        end = token.end if token.start == place else place + 1
        self._report("syntax", _sentence(error), place, max(end, place))

    def _resume(self, token: Token) -> None:
        """Go on at a token that has been seen already."""
        self._lexer.token = token
        self._lexer.last_token = token.prev or token

    def _next_definition(self, begin: Token) -> Token:
        """Find where to go on after a mistake in the definition that begins at a token."""
        token = self._after(begin)
        while token.kind is not TokenKind.EOF and not self._starts_definition(token):
            token = self._after(token)
        return token

    def _next_member(self, begin: Token) -> Token:
        """Find where to go on after a mistake in the member that begins at a token.

        That is the next member at the start of a line, outside the brackets that the broken one opened. Where
        these are never closed they do not count; where all stands on one line, neither does the line.
        """
        braces = brackets = 0
        on_line: Token | None = None
        inside: Token | None = None
        token = begin
        for number in count():
            braces += (token.kind is TokenKind.BRACE_L) - (token.kind is TokenKind.BRACE_R)
            brackets += (token.kind in _OPENING) - (token.kind in _CLOSING)
            token = self._after(token)
            end = token.kind is TokenKind.EOF or self._starts_definition(token)
            closed = token.kind is TokenKind.BRACE_R and braces <= 0
            if end or closed or (number > _SEARCH and (inside or on_line)):
                return inside or on_line or token
            if token.kind is TokenKind.NAME and self._starts_member(token):
                if braces + brackets <= 0 and self._first_in_line(token):
                    return token
                if braces + brackets <= 0:
                    on_line = on_line or token
                elif self._first_in_line(token):
                    inside = inside or token
        raise AssertionError("unreachable")

    def _starts_member(self, token: Token) -> bool:
        """Whether a name is that of a field: a colon or arguments follow, and it is no directive's."""
        if token.prev is not None and token.prev.kind is TokenKind.AT:
            return False
        return self._after(token).kind in (TokenKind.COLON, TokenKind.PAREN_L)

    def _starts_definition(self, token: Token) -> bool:
        """Whether a token is a keyword where definitions begin, with a definition's head behind it."""
        if token.kind is not TokenKind.NAME or token.value not in _DEFINING:
            return False
        if not self._first_in_line(token) and not (token.prev is not None and token.prev.kind is TokenKind.BRACE_R):
            return False
        following = self._after(token)
        if token.value == "schema":
            return following.kind in (TokenKind.BRACE_L, TokenKind.AT)
        if token.value == "directive":
            return following.kind is TokenKind.AT
        if following.kind is not TokenKind.NAME:
            return False
        if token.value == "extend":
            return following.value in _DEFINING
        # A field called "type" whose colon is missing is no definition: nothing like a head follows its type.
        head = self._after(following)
        return (
            token.value == "scalar"
            or head.kind in (TokenKind.BRACE_L, TokenKind.AT, TokenKind.EQUALS)
            or (head.kind is TokenKind.NAME and head.value == "implements")
        )

    def _first_in_line(self, token: Token) -> bool:
        before = token.prev
        if before is None or before.kind is TokenKind.SOF:
            return True
        return _LINE_END.search(self._lexer.source.body, before.end, token.start) is not None

    def _after(self, token: Token) -> Token:
        lexer = self._lexer
        current, lexer.token = lexer.token, token
        try:
            return lexer.lookahead()
        finally:
            lexer.token = current


def _sentence(error: GraphQLSyntaxError) -> str:
    text = error.description.rstrip(".").replace("<EOF>", "end of file")
    return text[:1].lower() + text[1:]


def _place(error: GraphQLSyntaxError, otherwise: int) -> int:
    return next(iter(error.positions or ()), otherwise)
