"""Whether a draft may take the place of what is there: what must hold before and after, asked of the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..access import AccessModel
from ..access.compare import Change, any_api, changes, first_difference, shape_difference
from ..access.grants import laws_of
from ..linter import Edit, Finding
from ..linter.ignores import UselessIgnore
from ..text import SourceText

if TYPE_CHECKING:
    from ..api import Api
    from ..linter.result import Result
    from ..project import Project, Unit
    from .candidates import Candidate

__all__ = ["Reading", "access_changes", "objection"]

#: What tells findings apart when lines move: the rule, what it is about, and which one of those.
Key = tuple[str, str, str]


class Reading(NamedTuple):
    """A project as it is, or as it would be with some edits, with what was found in it.

    The result's targets are the project's units, in their order; a project with errors may lack some.
    """

    project: Project
    result: Result


def objection(before: Reading, after: Reading, fixes: Sequence[Candidate]) -> str:
    """Say what speaks against a draft in which some fixes are applied; empty where nothing does."""
    return next(_objections(before, after, fixes), "")


def _objections(before: Reading, after: Reading, fixes: Sequence[Candidate]) -> Iterator[str]:
    old, new = before.project, after.project
    if new.errors or not set(new.notes) <= set(old.notes):
        texts = [str(item) for item in new.errors] or sorted(set(new.notes) - set(old.notes))
        yield f"with it the project is read differently ({texts[0]})"
    if len(old.units) != len(new.units) or not all(map(_same_api, old.units, new.units)):
        yield "with it the project is read differently"
        return
    edits: dict[object, list[Edit]] = {}
    for item in fixes:
        for edit in item.fix.edits:
            edits.setdefault(_text_key(edit.source), []).append(edit)
    changed: list[tuple[Unit, Unit]] = []
    for unit, draft in zip(old.units, new.units, strict=True):
        expected = [_edited(source, edits.get(_text_key(source), ())) for source in unit.schema.sources]
        if expected != [source.text for source in draft.schema.sources]:
            yield "the edit cannot be written exactly into the file that the schema stands in"
        if any(_text_key(source) in edits for source in unit.schema.sources):
            changed.append((unit, draft))
            if len(draft.schema.problems) > len(unit.schema.problems):
                yield "the schema would not be valid"
    for unit, draft in changed:
        yield from _about_access(unit, draft, safe=all(item.fix.safe for item in fixes))
    yield from _about_findings(before.result, after.result, fixes)


def _same_api(old: Unit, new: Unit) -> bool:
    if old.api is None or new.api is None:
        return old.api is new.api
    return old.api.name == new.api.name and laws_of(old.api) == laws_of(new.api)


def _text_key(source: SourceText) -> object:
    """Return what tells whether two texts are one: a file may be read for several APIs."""
    return source.path if type(source) is SourceText else id(source)


def _edited(source: SourceText, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    end = 0
    for item in sorted(edits, key=lambda one: (one.start, one.end)):
        parts += [source.text[end : item.start], item.text]
        end = item.end
    return "".join([*parts, source.text[end:]])


# Findings.


def _about_findings(before: Result, after: Result, fixes: Sequence[Candidate]) -> Iterator[str]:
    for old, new in zip(before.targets, after.targets, strict=True):
        was, now = _counted(old.outcome.findings), _counted(new.outcome.findings)
        yield from _raised(was, now)
        here = {(item.span, *_key(item)) for item in old.outcome.findings}
        mended = Counter(_key(item.finding) for item in fixes if (item.finding.span, *_key(item.finding)) in here)
        for key, number in mended.items():
            if was[key] - now[key] < number:
                yield "the finding would stay"
    # A comment is useless only if no API needs it, so these are counted over all of them.
    yield from _raised(_counted(before.findings, useless=True), _counted(after.findings, useless=True))


def _raised(was: Counter[Key], now: Counter[Key]) -> Iterator[str]:
    for rule, coordinate, _ in sorted(now - was):
        yield f"it would raise {rule}" + (f" on {coordinate}" if coordinate else "")


def _counted(findings: Iterable[Finding], *, useless: bool = False) -> Counter[Key]:
    return Counter(_key(item) for item in findings if (item.rule == UselessIgnore.name) is useless)


def _key(finding: Finding) -> Key:
    return finding.rule, finding.coordinate, finding.subject


# Access.


def _about_access(old: Unit, new: Unit, *, safe: bool) -> Iterator[str]:
    if safe:
        if old.api is not None and any(item.unresolved is not None for item in old.api.schema_files):
            yield f"a part of the schema of {old.api.name} is only known at deployment"
        shape = shape_difference(old.schema, new.schema)
        if shape:
            yield f"it would change what the schema says of {shape}"
    if not safe and old.api is not None:
        return
    apis: tuple[Api, ...] = any_api() if old.api is None else (old.api,)
    for api in apis:
        difference = first_difference(AccessModel(old.schema, api), AccessModel(new.schema, api))
        if difference and old.api is None:
            yield f"no API is described, so whether anybody gains or loses {difference} cannot be told"
        elif difference:
            yield f"it would change who gets {difference}" + (f" in the API {old.api.name}" if old.api else "")


def access_changes(before: Project, after: Project) -> Iterator[tuple[Api, Sequence[Change], AccessModel]]:
    """Yield each API on which somebody gains or loses, with what differs and the model of the draft."""
    for old, new in zip(before.units, after.units, strict=True):
        if old.api is None or new.api is None:
            continue
        if [item.text for item in old.schema.sources] == [item.text for item in new.schema.sources]:
            continue
        model = AccessModel(new.schema, new.api)
        found = tuple(changes(AccessModel(old.schema, old.api), model))
        if found:
            yield new.api, found, model
