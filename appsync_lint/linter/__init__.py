"""Rules and their findings: what a rule is, where rules come from, how they are run."""

from __future__ import annotations

from .finding import Confidence, Finding, Label, Severity
from .fix import Edit, Fix
from .rule import Rule, Subject
from .runner import Outcome, all_rules, lint, run
from .settings import Settings, level_of

__all__ = [
    "Confidence",
    "Edit",
    "Finding",
    "Fix",
    "Label",
    "Outcome",
    "Rule",
    "Settings",
    "Severity",
    "Subject",
    "all_rules",
    "level_of",
    "lint",
    "run",
]
