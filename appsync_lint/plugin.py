"""Everything that a rule may use. The built-in rules import this module and nothing below it.

The names here change only with the project's major version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .access import (
    AccessModel,
    Decision,
    Delivery,
    Gap,
    Gate,
    Grant,
    GroupGap,
    NullTrail,
    Policies,
    Reach,
    Target,
    target_of,
)
from .api import Api, Caller, LambdaAuthorizer, Mode, Provider, Tool, Unresolved
from .linter.finding import Confidence, Finding, Label, Severity
from .linter.fix import Edit, Fix
from .linter.rule import Rule, Subject
from .linter.words import count, listing
from .schema import Directive, Feed, Field, Part, Schema, TypeDefinition
from .schema.builtins import AMPLIFY_DIRECTIVES, DIRECTIVES, MODE_DIRECTIVES, SCALARS
from .text import Position, SourceText, Span
from .tree import nearest

if TYPE_CHECKING:
    from .api import ApiKey, PolicyStatement, PolicyText, Resolver
    from .authorizer import Analysis, DeniedField, Dependence, Judgement, Observation, Return
    from .linter.authorizers import Authorizer
    from .resolvers import FieldUse

__all__ = [
    "AMPLIFY_DIRECTIVES",
    "DIRECTIVES",
    "MODE_DIRECTIVES",
    "SCALARS",
    "AccessModel",
    "Analysis",
    "Api",
    "ApiKey",
    "Authorizer",
    "Caller",
    "Confidence",
    "Decision",
    "Delivery",
    "DeniedField",
    "Dependence",
    "Directive",
    "Edit",
    "Feed",
    "Field",
    "FieldUse",
    "Finding",
    "Fix",
    "Gap",
    "Gate",
    "Grant",
    "GroupGap",
    "Judgement",
    "Label",
    "LambdaAuthorizer",
    "Mode",
    "NullTrail",
    "Observation",
    "Part",
    "Policies",
    "PolicyStatement",
    "PolicyText",
    "Position",
    "Provider",
    "Reach",
    "Resolver",
    "Return",
    "Rule",
    "Schema",
    "Severity",
    "SourceText",
    "Span",
    "Subject",
    "Target",
    "Tool",
    "TypeDefinition",
    "Unresolved",
    "count",
    "listing",
    "nearest",
    "target_of",
]

#: Rules speak about these values but make none, and most runs meet none.
_LATER = dict.fromkeys(("Analysis", "DeniedField", "Dependence", "Judgement", "Observation", "Return"), "authorizer")
_LATER |= dict.fromkeys(("ApiKey", "PolicyStatement", "PolicyText", "Resolver"), "api")
_LATER["Authorizer"] = "linter.authorizers"
_LATER["FieldUse"] = "resolvers"


def __getattr__(name: str) -> object:
    home = _LATER.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{home}", __package__), name)
