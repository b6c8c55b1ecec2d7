"""What a rule reports: plain values that every output format is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from ..text import Span
from .fix import Fix

__all__ = ["Confidence", "Finding", "Label", "Severity"]

#: How sure a finding is: what the facts behind it have for confidence.
Confidence: TypeAlias = Literal["high", "medium", "low"]


class Severity(Enum):
    """How bad a finding is. Ordered: ``Severity.INFO < Severity.WARNING < Severity.ERROR``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for info, 1 for warning, 2 for error."""
        return ("info", "warning", "error").index(self.value)

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank

    def __le__(self, other: Severity) -> bool:
        return self.rank <= other.rank


@dataclass(frozen=True, slots=True)
class Label:
    """A further place that a finding shows, and what is to be seen there."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect.

    ``message`` says what AppSync will do, and to whom; ``label`` the reason, shown at the place itself;
    ``help`` what to write instead. ``flow`` are the steps that lead to the defect, in their order, for formats that
    can show such a thing. ``coordinate`` is the schema coordinate that it is about, empty for the API's description.
    ``subject`` tells findings of one rule on one coordinate apart (a mode, a group).

    ``causes`` name the mistakes behind the finding in words that rules share, so that one mistake is
    reported once: of findings with a cause in common, the rule that others yield to speaks.

    ``fix`` is what the rule would write; two findings that differ in nothing else are the same.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    coordinate: str
    span: Span
    label: str = ""
    related: tuple[Label, ...] = ()
    flow: tuple[Label, ...] = ()
    help: str = ""
    subject: str = ""
    causes: frozenset[str] = frozenset()
    api: str = ""
    fingerprint: str = ""
    fix: Fix | None = field(default=None, compare=False)

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Path, line, column, rule; the rest only settles ties."""
        start, end = self.span.start, self.span.end
        return (self.span.path, start, self.rule, end, self.coordinate, self.subject, self.message, self.api)
