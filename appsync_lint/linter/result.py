"""What one run of the command found, over all APIs: the value that every output format is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .finding import Finding
from .ignores import UselessIgnore
from .runner import Outcome

if TYPE_CHECKING:
    from ..api import Api
    from ..schema import Schema

__all__ = ["Result", "Target"]


@dataclass(frozen=True, slots=True)
class Target:
    """One API that was linted, or a schema without a description (``api`` is None), and what was found."""

    api: Api | None
    schema: Schema
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Result:
    """All targets of a run, in the order in which they were found."""

    targets: tuple[Target, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, sorted; what two APIs that share a schema have in common is told once."""
        # A comment that one API needs is not useless because another one, with the same schema, does not need it.
        needed = frozenset[object]().union(*(target.outcome.needed for target in self.targets))
        found = (finding for target in self.targets for finding in target.outcome.findings)
        return _merged(one for one in found if one.rule != UselessIgnore.name or (one.span, one.subject) not in needed)

    @property
    def ignored(self) -> tuple[Finding, ...]:
        """What ignore comments silenced, sorted."""
        return _merged(finding for target in self.targets for finding in target.outcome.ignored)


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    kept: dict[object, Finding] = {}
    for finding in findings:
        kept.setdefault(replace(finding, api=""), finding)
    return tuple(sorted(kept.values(), key=lambda one: one.sort_key))
