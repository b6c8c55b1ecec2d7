"""Everything that a rule may use. The built-in rules import this module and nothing below it.

The names here change only with the project's major version.
"""

from __future__ import annotations

from .access import AccessModel, Decision, Gap, Gate, Grant, GroupGap, NullTrail, Reach
from .api import Api, Caller, LambdaAuthorizer, Mode, Provider, Tool, Unresolved
from .linter.finding import Confidence, Finding, Label, Severity
from .linter.rule import Rule, Subject
from .linter.words import count, listing
from .schema import Directive, Field, Part, Schema, TypeDefinition
from .schema.builtins import AMPLIFY_DIRECTIVES, DIRECTIVES, MODE_DIRECTIVES, SCALARS
from .text import Position, SourceText, Span
from .tree import nearest

__all__ = [
    "AMPLIFY_DIRECTIVES",
    "DIRECTIVES",
    "MODE_DIRECTIVES",
    "SCALARS",
    "AccessModel",
    "Api",
    "Caller",
    "Confidence",
    "Decision",
    "Directive",
    "Field",
    "Finding",
    "Gap",
    "Gate",
    "Grant",
    "GroupGap",
    "Label",
    "LambdaAuthorizer",
    "Mode",
    "NullTrail",
    "Part",
    "Position",
    "Provider",
    "Reach",
    "Rule",
    "Schema",
    "Severity",
    "SourceText",
    "Span",
    "Subject",
    "Tool",
    "TypeDefinition",
    "Unresolved",
    "count",
    "listing",
    "nearest",
]
