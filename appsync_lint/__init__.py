"""Who can call what in an AWS AppSync API, told before it is deployed.

The names below are the public interface; each is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .access import AccessModel, Decision
    from .api import Api, Caller, Mode
    from .errors import InputError
    from .files import load_schema
    from .linter import Finding, Rule, Severity, lint
    from .schema import Schema, parse_schema
    from .text import Span

__version__ = "0.1.0"

__all__ = [
    "AccessModel",
    "Api",
    "Caller",
    "Decision",
    "Finding",
    "InputError",
    "Mode",
    "Rule",
    "Schema",
    "Severity",
    "Span",
    "__version__",
    "lint",
    "load_schema",
    "parse_schema",
]

_HOMES = {
    "AccessModel": "access",
    "Api": "api",
    "Caller": "api",
    "Decision": "access",
    "Finding": "linter",
    "InputError": "errors",
    "Mode": "api",
    "Rule": "linter",
    "Schema": "schema",
    "Severity": "linter",
    "Span": "text",
    "lint": "linter",
    "load_schema": "files",
    "parse_schema": "schema",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return __all__
