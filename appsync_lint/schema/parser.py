"""Text to syntax tree: graphql-core's parser, made to survive what AppSync accepts and people mistype.

A text that graphql-core reads is read by graphql-core alone, at full speed. Only when it refuses does the
recovering parser below start over: it reads the spellings that AppSync deploys (semicolons after fields,
``implements A, B``, empty bodies: SEMANTICS A3 and 9.5), and it steps over a real mistake to the next
field or definition, so that one typo does not hide the rest of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import compile as regex
from typing import Any, Literal, TypeAlias, TypeVar

from graphql.error import GraphQLError, GraphQLSyntaxError
from graphql.language import DocumentNode, Lexer, NamedTypeNode, Source, Token, TokenKind
from graphql.language.parser import Parser

from ..text import SourceText, Span

__all__ = ["Parsed", "Problem", "parse_text"]

T = TypeVar("T")

#: ``syntax`` is a mistake; the others are spellings that AppSync accepts although GraphQL does not.
ProblemKind: TypeAlias = Literal["syntax", "semicolon", "implements", "empty-body"]

#: A file that is not a schema at all would otherwise give one problem per word.
MAX_PROBLEMS = 20

_DEFINING = frozenset(["schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"])
_IGNORED = regex(r"[\s,\ufeff]*")
_UNREADABLE = regex(r"""[^\s,\ufeff\w!$&()\[\]{}:=@|."#;-]+""")
_LINE = regex(r"[^\r\n]*")
_BLOCK_STRING_END = regex(r'"""')


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a text that GraphQL does not allow, with its place."""

    kind: ProblemKind
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Parsed:
    """A syntax tree and what was wrong with the text. ``document`` is None for a text without definitions."""

    source: SourceText
    document: DocumentNode | None
    problems: tuple[Problem, ...] = ()


def parse_text(source: SourceText) -> Parsed:
    """Parse a schema text; never fails, whatever the text holds."""
    body = Source(source.text, source.path)
    try:
        return Parsed(source, Parser(body).parse_document())
    except (GraphQLError, RecursionError):
        pass
    parser = _RecoveringParser(source, body)
    try:
        document = parser.parse_document()
    except _TooManyProblemsError:
        document = DocumentNode(definitions=tuple(parser.definitions))
    return Parsed(source, document if document.definitions else None, tuple(parser.problems))


class _TooManyProblemsError(Exception):
    """Raised to stop reading a text that is no schema."""


class _TolerantLexer(Lexer):
    """graphql-core's lexer, stepping over what cannot be a token."""

    def __init__(self, body: Source, report: Callable[[ProblemKind, str, int, int], None]) -> None:
        super().__init__(body)
        self._report = report

    def read_next_token(self, start: int) -> Token:
        while True:
            try:
                return super().read_next_token(start)
            except GraphQLSyntaxError as error:
                start = self._step_over(start, error)

    def _step_over(self, start: int, error: GraphQLSyntaxError) -> int:
        body = self.source.body
        ignored = _IGNORED.match(body, start)
        assert ignored is not None
        begin = ignored.end()
        if body[begin] == ";":
            self._report("semicolon", "a semicolon", begin, begin + 1)
            return begin + 1
        place = _place(error, begin)
        if body.startswith('"""', begin):
            closing = _BLOCK_STRING_END.search(body, begin + 3)
            self._report("syntax", _sentence(error), begin, begin + 3)
            return closing.end() if closing else len(body)
        if body[begin] == '"':
            line = _LINE.match(body, begin)
            self._report("syntax", _sentence(error), begin, begin + 1)
            return line.end() if line else len(body)
        unreadable = _UNREADABLE.match(body, begin)
        end = unreadable.end() if unreadable else max(place, begin) + 1
        self._report("syntax", _sentence(error), place, place + 1)
        return min(end, len(body))


class _RecoveringParser(Parser):
    """graphql-core's parser, resuming at the next field or definition after a mistake."""

    def __init__(self, source: SourceText, body: Source) -> None:
        self._text = source
        self.problems: list[Problem] = []
        self.definitions: list[Any] = []
        super().__init__(body, lexer=_TolerantLexer(body, self._report))

    def parse_document(self) -> DocumentNode:
        self.expect_token(TokenKind.SOF)
        while not self.expect_optional_token(TokenKind.EOF):
            begin = self._lexer.token
            try:
                self.definitions.append(self.parse_definition())
            except (GraphQLSyntaxError, RecursionError) as error:
                self._record(error)
                self._skip(begin, self._starts_definition)
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
        if not self.expect_optional_token(open_kind):
            return None
        members: list[T] = []
        recovering = False
        while not self.expect_optional_token(close_kind):
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
                self._skip(begin, self._starts_member)
        if not members and not recovering:
            self._report("empty-body", "an empty body", opening.start, self._lexer.last_token.end)
        return tuple(members)

    def _report(self, kind: ProblemKind, message: str, start: int, end: int) -> None:
        if len(self.problems) >= MAX_PROBLEMS and kind == "syntax":
            raise _TooManyProblemsError
        self.problems.append(Problem(kind, message, self._text.span(start, end)))

    def _record(self, error: GraphQLSyntaxError | RecursionError) -> None:
        token = self._lexer.token
        if isinstance(error, RecursionError):
            self._report("syntax", "nested too deeply", token.start, token.end)
            return
        place = _place(error, token.start)
        end = token.end if token.start == place else place + 1
        self._report("syntax", _sentence(error), place, max(end, place))

    def _skip(self, begin: Token, is_start: Callable[[Token], bool]) -> None:
        """Advance, at least past ``begin``, to a token at which reading can resume."""
        depth = 0
        if self._lexer.token is begin:
            self.advance_lexer()
        while True:
            token = self._lexer.token
            kind = token.kind
            if kind is TokenKind.EOF:
                return
            if is_start(token) and (depth <= 0 or self._starts_definition(token)):
                return
            if kind is TokenKind.BRACE_L:
                depth += 1
            elif kind is TokenKind.BRACE_R:
                depth -= 1
            self.advance_lexer()

    def _starts_member(self, token: Token) -> bool:
        if token.kind is TokenKind.BRACE_R:
            return True
        if not self._first_in_line(token):
            return False
        if token.kind is not TokenKind.NAME:
            return token.kind in (TokenKind.STRING, TokenKind.BLOCK_STRING)
        return self._after(token).kind in (TokenKind.COLON, TokenKind.PAREN_L) or self._starts_definition(token)

    def _starts_definition(self, token: Token) -> bool:
        """Whether a token is a keyword at the start of its line with a definition's head behind it."""
        if token.kind is not TokenKind.NAME or token.value not in _DEFINING or not self._first_in_line(token):
            return False
        following = self._after(token)
        if token.value == "schema":
            return following.kind in (TokenKind.BRACE_L, TokenKind.AT)
        if token.value == "directive":
            return following.kind is TokenKind.AT
        return following.kind is TokenKind.NAME

    def _first_in_line(self, token: Token) -> bool:
        body = self._lexer.source.body
        start = max(body.rfind("\n", 0, token.start), body.rfind("\r", 0, token.start)) + 1
        return not body[start : token.start].strip(" \t,;\ufeff")

    def _after(self, token: Token) -> Token:
        lexer = self._lexer
        current, lexer.token = lexer.token, token
        try:
            return lexer.lookahead()
        finally:
            lexer.token = current


def _sentence(error: GraphQLSyntaxError) -> str:
    text = error.description.rstrip(".")
    return text[:1].lower() + text[1:]


def _place(error: GraphQLSyntaxError, otherwise: int) -> int:
    return next(iter(error.positions or ()), otherwise)
