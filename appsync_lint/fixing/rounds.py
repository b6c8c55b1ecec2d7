"""Applying fixes until nothing more changes, each batch proved on a draft of the whole project.

Fixes are tried all at once, and in halves where something speaks against that: one bad fix among many costs
a few more readings of the project, not one for each of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..files import resolved
from ..linter import Finding
from ..linter.result import Result
from .candidates import Candidate, apart, candidate_of, rewritten
from .proof import Reading, access_changes, objection

if TYPE_CHECKING:
    from ..access import AccessModel
    from ..access.compare import Change
    from ..api import Api
    from ..text import SourceText

__all__ = ["Applied", "Attempt", "Fixed", "Reading", "Refused", "fix"]

#: How often fixes may make room for others.
MAX_ROUNDS = 20
#: How often the project is read again at most, and how many characters of schemas after the first few times.
MAX_ATTEMPTS = 120
FEW_ATTEMPTS = 6
MAX_CHARACTERS = 8_000_000

#: Reads and lints the project with these texts in place of what some files hold.
Attempt = Callable[[Mapping[Path, str]], Reading]


class Applied(NamedTuple):
    """A fix that was applied, and the fields on which access changed by it, API by API."""

    finding: Finding
    description: str
    safe: bool
    changes: tuple[tuple[Api, AccessModel, tuple[Change, ...]], ...] = ()


class Refused(NamedTuple):
    """A fix that was not applied; ``why`` is half a sentence."""

    finding: Finding
    why: str


@dataclass(slots=True)
class Fixed:
    """What came of it: the project as it would be, what was applied and what was not.

    ``originals`` and ``drafts`` hold the texts of the files that differ, before and after, by their real paths.
    """

    reading: Reading
    applied: list[Applied] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    originals: dict[Path, SourceText] = field(default_factory=dict)
    drafts: dict[Path, str] = field(default_factory=dict)

    @property
    def result(self) -> Result:
        """What is found in the draft; findings whose fix was refused no longer offer it."""
        hopeless = {item.finding for item in self.refused}

        def told(findings: Iterable[Finding]) -> tuple[Finding, ...]:
            return tuple(replace(item, fix=None) if replace(item, api="") in hopeless else item for item in findings)

        targets = self.reading.result.targets
        return Result(
            tuple(
                replace(item, outcome=replace(item.outcome, findings=told(item.outcome.findings))) for item in targets
            )
        )


def fix(attempt: Attempt, reading: Reading, *, unsafe: bool, why_not: Callable[[Path], str]) -> Fixed:
    """Apply the fixes that a project's findings offer, on drafts only: no file is written.

    ``reading`` is the project as it is, ``attempt`` reads it as it would be. ``unsafe`` allows those that change
    who gets in, too. ``why_not`` says why a file must not be written, empty where it may be. A project with errors
    is left as it is: what cannot be read may depend on any of its files.
    """
    return _Fixing(attempt, reading, unsafe, why_not).run()


class _Fixing:
    def __init__(self, attempt: Attempt, reading: Reading, unsafe: bool, why_not: Callable[[Path], str]) -> None:
        self.attempt = attempt
        self.unsafe = unsafe
        self.why_not = why_not
        self.fixed = Fixed(reading)
        self.attempts = 0
        self.characters = 0
        self.refused: dict[Finding, str] = {}

    def run(self) -> Fixed:
        fixed = self.fixed
        if fixed.reading.project.errors:
            return fixed
        rounds = 0
        while rounds < MAX_ROUNDS and (self._round(safe=True) or (self.unsafe and self._round(safe=False))):
            rounds += 1
        fixed.refused = [Refused(replace(finding, api=""), why) for finding, why in self.refused.items()]
        return fixed

    def _round(self, *, safe: bool) -> bool:
        """Apply what can be applied at once; return whether that was anything."""
        if safe:
            self.refused = {}
        before = self.fixed.reading
        chosen = apart(self._candidates(safe=safe))
        accepted: list[Candidate] = []
        waiting = [chosen] if chosen else []
        while waiting:
            batch = waiting.pop()
            why = self._try(before, [*accepted, *batch])
            if not why:
                accepted += batch
            elif len(batch) > 1:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
            else:
                self.refused[batch[0].finding] = why
        if not accepted:
            return False
        for path, text in rewritten(accepted).items():
            source = next(one.span.source for item in accepted for one in item.writes.get(path, ()))
            self.fixed.originals.setdefault(path, source)
            self.fixed.drafts[path] = text
        self.fixed.applied += _told(accepted, before, self.fixed.reading)
        return True

    def _candidates(self, *, safe: bool) -> Iterable[Candidate]:
        project, result = self.fixed.reading
        broken = {
            resolved(Path(source.path))
            for unit in project.units
            if any(problem.kind == "syntax" for problem in unit.schema.problems)
            for source in unit.schema.sources
        }
        for finding in result.findings:
            offer = finding.fix
            if offer is None or offer.safe is not safe:
                continue
            item = candidate_of(finding, offer)
            if item is None:
                self.refused[finding] = "the edit cannot be written exactly where the schema stands in the file"
                continue
            reasons = [self.why_not(path) for path in item.writes]
            if not broken.isdisjoint(item.writes):
                reasons.append("mend the mistakes in the schema's syntax first")
            why = next(filter(None, reasons), "")
            if why:
                self.refused[finding] = why
            else:
                yield item

    def _try(self, before: Reading, fixes: list[Candidate]) -> str:
        """Put some fixes to the proof and keep the draft where nothing speaks against it; else say what does."""
        if self.attempts >= MAX_ATTEMPTS or (self.attempts >= FEW_ATTEMPTS and self.characters > MAX_CHARACTERS):
            return "too many fixes speak against each other"
        self.attempts += 1
        units = before.project.units
        self.characters += sum(len(source.text) for unit in units for source in unit.schema.sources)
        after = self.attempt({**self.fixed.drafts, **rewritten(fixes)})
        why = objection(before, after, fixes)
        if not why:
            self.fixed.reading = after
        return why


def _told(accepted: list[Candidate], before: Reading, after: Reading) -> list[Applied]:
    """Say which fix changed whose access. A field's access depends on its own directives and its type's alone."""
    by_fix: dict[int, list[tuple[Api, AccessModel, tuple[Change, ...]]]] = {}
    owners: dict[str, int] = {}
    for index, item in enumerate(accepted):
        owners.setdefault(item.finding.coordinate, index)
    if not all(item.fix.safe for item in accepted):
        for api, changes, model in access_changes(before.project, after.project):
            found: dict[int, list[Change]] = {}
            for change in changes:
                parent = change.coordinate.partition(".")[0]
                found.setdefault(owners.get(change.coordinate, owners.get(parent, 0)), []).append(change)
            for index, own in found.items():
                by_fix.setdefault(index, []).append((api, model, tuple(own)))
    return [
        Applied(item.finding, item.fix.description, item.fix.safe, tuple(by_fix.get(index, ())))
        for index, item in enumerate(accepted)
    ]
