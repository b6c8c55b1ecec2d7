"""Text to syntax tree: graphql-core's parser, made to survive what AppSync accepts and people mistype.

A text that graphql-core reads is read by graphql-core alone, at full speed. Only when it refuses does the
parser of :mod:`.recovery` start over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from graphql.error import GraphQLError
from graphql.language import DocumentNode, Source
from graphql.language.parser import Parser

from ..text import SourceText, Span

__all__ = ["Parsed", "Problem", "ProblemKind", "parse_text"]

#: ``syntax`` is a mistake; the others are spellings that AppSync accepts although GraphQL does not.
ProblemKind: TypeAlias = Literal["syntax", "semicolon", "implements", "empty-body"]


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
    from .recovery import recovered

    document, problems = recovered(source, body)
    if not document.definitions:
        # No schema at all: where that shows first says enough.
        return Parsed(source, None, tuple(problems[:1]))
    return Parsed(source, document, tuple(problems))
