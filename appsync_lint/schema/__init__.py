"""Schema text to definitions with exact positions. Knows nothing of APIs and of authorization."""

from __future__ import annotations

from .builder import build_schema, parse_schema
from .feeds import Feed
from .parser import Parsed, Problem, parse_text
from .values import Directive, DirectiveDefinition, Field, Part, Schema, TypeDefinition

__all__ = [
    "Directive",
    "DirectiveDefinition",
    "Feed",
    "Field",
    "Parsed",
    "Part",
    "Problem",
    "Schema",
    "TypeDefinition",
    "build_schema",
    "parse_schema",
    "parse_text",
]
