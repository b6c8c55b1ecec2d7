"""The decision procedure and what follows from it: grants, decisions, the matrix, reachability."""

from __future__ import annotations

from .coverage import Gap, GroupGap
from .delivery import Delivery
from .grants import Doubt, Gate, Grant, Law
from .model import AccessModel, Decision, FieldAccess
from .policies import Policies, Target, target_of
from .reach import NullTrail, Reach

__all__ = [
    "AccessModel",
    "Decision",
    "Delivery",
    "Doubt",
    "FieldAccess",
    "Gap",
    "Gate",
    "Grant",
    "GroupGap",
    "Law",
    "NullTrail",
    "Policies",
    "Reach",
    "Target",
    "target_of",
]
