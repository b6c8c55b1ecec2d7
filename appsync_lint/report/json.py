"""The report for programs: one JSON object.

``{"version": 1, "apis": [...], "findings": [...], "summary": {...}}``

* an API: ``name``, ``path`` (of its description), ``default``, ``additional`` (a list), ``tool``, ``schema`` (a
  list of paths). Modes are AppSync's own words. A value that only deployment knows is
  ``{"unresolved": "what the file says"}``, with ``"candidates": [...]`` where the file says between which
  values deployment decides; one at the end of ``additional`` means that deployment may add providers.
* a finding: ``rule``, ``severity`` (``error``, ``warning``, ``info``), ``confidence`` (``high``, ``medium``,
  ``low``), ``message``, ``coordinate`` (empty where it is about no schema element), ``location``,
  ``label`` (what is wrong at the location), ``related`` (further ``location`` and ``label`` pairs), ``help``,
  ``apis`` (names; empty where no API is described), ``fingerprint`` (stable when lines move), ``fix`` (null where
  none is proposed).
* a fix: ``description``, ``safe`` (whether it is meant to leave everybody's access as it is; ``--fix`` proves that
  first), ``edits`` (``location`` and ``text`` pairs that do not overlap: the text is to stand there instead).
* a location: ``path``, ``start`` and ``end`` with ``line`` and ``column``, from 1, in Unicode code points; the
  end is just behind the last character.
* the summary: ``findings``, their number; ``error``, ``warning``, ``info``; ``ignored``, how many findings ignore
  comments silenced; ``files`` with findings; ``fields`` of object types that were checked.

Findings are sorted by path, line, column and rule. Members may be added; a change to what there is raises
``version``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..api import Mode, Unresolved
from .summary import apis_of, summarize

if TYPE_CHECKING:
    from ..linter import Finding, Fix
    from ..linter.result import Result, Target
    from ..text import Span

__all__ = ["VERSION", "render"]

VERSION = 1


def render(result: Result) -> str:
    """Return the report. Pure ASCII: whatever stood in the input is escaped."""
    from json import dumps

    summary = summarize(result)
    names = apis_of(result)
    report = {
        "version": VERSION,
        "apis": [_api(target) for target in result.targets if target.api is not None],
        "findings": [_finding(item, names[replace(item, api="")]) for item in summary.findings],
        "summary": {
            "findings": len(summary.findings),
            **{severity.value: number for severity, number in summary.counts.items()},
            "ignored": summary.ignored,
            "files": summary.files,
            "fields": summary.fields,
        },
    }
    return dumps(report, indent=2) + "\n"


def _api(target: Target) -> dict[str, object]:
    api = target.api
    assert api is not None
    additional = [_mode(provider.mode) for provider in api.additional]
    if api.additional_open is not None:
        additional.append(_mode(api.additional_open))
    read = dict.fromkeys(source.path for source in target.schema.sources)
    unread = [_mode(file.unresolved) for file in api.schema_files if file.unresolved is not None]
    return {
        "name": api.name,
        "path": api.path,
        "default": _mode(api.default.mode),
        "additional": additional,
        "tool": api.tool.name,
        "schema": [*read, *unread],
    }


def _mode(value: Mode | Unresolved) -> object:
    if isinstance(value, Mode):
        return value.value
    said: dict[str, object] = {"unresolved": value.text}
    return {**said, "candidates": list(value.candidates)} if value.candidates else said


def _finding(finding: Finding, apis: tuple[str, ...]) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "confidence": finding.confidence,
        "message": finding.message,
        "coordinate": finding.coordinate,
        "location": _location(finding.span),
        "label": finding.label,
        "related": [{"location": _location(place.span), "label": place.text} for place in finding.related],
        "help": finding.help,
        "apis": list(apis),
        "fingerprint": finding.fingerprint,
        "fix": _fix(finding.fix),
    }


def _fix(fix: Fix | None) -> dict[str, object] | None:
    edits = fix.replacements if fix is not None else None
    if fix is None or edits is None:
        return None
    return {
        "description": fix.description,
        "safe": fix.safe,
        "edits": [{"location": _location(item.span), "text": item.text} for item in edits],
    }


def _location(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "start": span.start._asdict(),
        "end": span.end._asdict(),
    }
