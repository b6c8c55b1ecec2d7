"""Static analysis of Lambda authorizers: what each answer depends on, and what caching does to it.

AppSync keeps an authorizer's answer under the API and the token alone. An answer that was decided by the
query, the variables, the operation name or the request's headers is then given to requests that the function
never saw. :func:`analyse` reads a function's source, which is parsed and never run; :func:`judge` applies the
decision table at a given time to live.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .analysis import analyse, analyse_text
    from .values import (
        Analysis,
        ContextEntry,
        DeniedField,
        Dependence,
        Judgement,
        Observation,
        ObservationKind,
        Read,
        Return,
        Verdict,
    )
    from .verdict import judge

__all__ = [
    "Analysis",
    "ContextEntry",
    "DeniedField",
    "Dependence",
    "Judgement",
    "Observation",
    "ObservationKind",
    "Read",
    "Return",
    "Verdict",
    "analyse",
    "analyse_text",
    "judge",
]

_MODULES = {"analyse": "analysis", "analyse_text": "analysis", "judge": "verdict"}


def __getattr__(name: str) -> object:
    # Whoever reads programs for another reason takes the front ends alone.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'values')}"), name)
