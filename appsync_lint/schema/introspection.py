"""Telling a schema from what an introspection query returns: types and fields, but no directive on any of them."""

from __future__ import annotations

from re import match
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .values import Schema

__all__ = ["ANSWER", "is_answer", "printed_from_answer"]

#: Completes "FILE ...", for a text that :func:`is_answer`.
ANSWER = (
    "is the answer to an introspection query, which holds no directives, so every verdict on it would be wrong; "
    "export the schema with: aws appsync get-introspection-schema --api-id ID --format SDL --include-directives "
    "schema.graphql"
)
#: How AppSync's own answer begins, whoever asked: bare or under ``data``, perhaps after other keys of few letters.
_BEGINNING = r'\s*\{(?:\s*"(?:data|errors|extensions)"\s*:\s*(?:\{|null\s*,|\[\s*\]\s*,))*\s*"__schema"\s*:'
#: In characters: the key stands at the beginning.
_LOOKED_AT = 1_000
#: AppSync's words about its directives, which stand in its answer and in every schema that is printed from one.
_WORDS = "Tells the service "


def is_answer(text: str) -> bool:
    """Whether a text is the JSON that an introspection query returns."""
    beginning = text[:_LOOKED_AT]
    return '"__schema"' in beginning and match(_BEGINNING, beginning) is not None


def printed_from_answer(schema: Schema) -> bool:
    """Whether a schema looks like one that a tool printed from such an answer.

    It declares AppSync's directives in the words of AppSync's answer, and applies none. Nobody is kept from
    writing a schema like that, so this is a sign and no proof.
    """
    if not any(_WORDS in source.text for source in schema.sources):
        return False
    declared = any(item.name.startswith("aws_") for item in schema.directive_definitions)
    return declared and not any(name.startswith("aws_") for name in schema.directive_names())
