"""SARIF 2.1.0, as GitHub code scanning and the validator of its makers want it.

The only module that knows ``sarif_om``. What to know about it and about the readers of SARIF:

* It has no serializer; the one its documentation names drops whatever equals a default, ``level`` among it,
  and takes seconds for thousands of results. :func:`_plain` is ours.
* Its classes want keywords: the order of their parameters is not the standard's.
* ``properties`` is a plain dictionary: its ``PropertyBag`` knows nothing but tags.
* Findings that an ignore comment silenced are left out: GitHub opens alerts for suppressed results.
* GitHub shows an alert in a pull request only if its whole region is in the diff: regions are one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import sarif_om as om

from .. import __version__
from ..linter import Severity
from ..text import SourceText, Span
from .addresses import Addresses
from .fingerprint import line_hashes
from .plain import shorten, visible

if TYPE_CHECKING:
    from ..linter import Finding, Fix, Label, Rule
    from ..linter.result import Result
    from . import Options

__all__ = ["render"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION = "https://github.com/appsync-lint/appsync-lint"
ROOT = "%SRCROOT%"

#: GitHub refuses more results in one run.
RESULT_LIMIT = 25_000
#: GitHub refuses longer descriptions of a rule.
DESCRIPTION_LIMIT = 1024
MESSAGE_LIMIT = 2000
LABEL_LIMIT = 300
#: How many second places of a result are listed.
PLACES = 10

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_PRECISION = {"high": "very-high", "medium": "medium", "low": "low"}


def render(result: Result, rules: Mapping[str, Rule], options: Options) -> str:
    """Return the report: one run, every rule described, every finding a result."""
    from json import dumps

    findings = result.findings
    known = [rules[name] for name in sorted(rules)]
    results = _Results({rule.name: index for index, rule in enumerate(known)}, Addresses(options.root, options.folder))
    run = om.Run(
        tool=om.Tool(
            driver=om.ToolComponent(
                name="appsync-lint",
                version=__version__,
                semantic_version=__version__,
                information_uri=INFORMATION,
                rules=[_rule(rule) for rule in known],
            )
        ),
        automation_details=om.RunAutomationDetails(id=f"{visible(options.category or 'appsync-lint').rstrip('/')}/"),
        column_kind="unicodeCodePoints",
        original_uri_base_ids={
            # Without an address: where the checkout lies is nobody's business, and differs from machine to machine.
            ROOT: om.ArtifactLocation(description=om.Message(text="The root of the checkout."))
        },
        results=[results.make(finding) for finding in _most_severe(findings)],
    )
    if len(findings) > RESULT_LIMIT:
        run.properties = {"omittedResults": len(findings) - RESULT_LIMIT}
    log = om.SarifLog(schema_uri=SCHEMA, version="2.1.0", runs=[run])
    plain = _plain(log)
    return dumps({key: plain[key] for key in ("$schema", "version", "runs")}, indent=2) + "\n"


def _most_severe(findings: tuple[Finding, ...]) -> Iterable[Finding]:
    """Return what fits into one run, in the same order: if not all, then the most severe."""
    if len(findings) <= RESULT_LIMIT:
        return findings
    ranked = sorted(range(len(findings)), key=lambda index: -findings[index].severity.rank)
    return [findings[index] for index in sorted(ranked[:RESULT_LIMIT])]


class _Results:
    """Makes results; remembers per file what is worked out once per file."""

    def __init__(self, indexes: Mapping[str, int], addresses: Addresses) -> None:
        self._indexes = indexes
        self._addresses = addresses
        self._hashes: dict[SourceText, list[str]] = {}

    def make(self, finding: Finding) -> om.Result:
        places = finding.related[:PLACES]
        index = self._indexes.get(finding.rule)
        return om.Result(
            rule_id=finding.rule,
            rule_index=index,
            level=_LEVELS[finding.severity],
            message=om.Message(text=_message(finding, places)),
            locations=[om.Location(physical_location=self._place(finding.span))],
            related_locations=[
                om.Location(
                    id=number,
                    physical_location=self._place(place.span),
                    message=om.Message(text=_sentence(_label(place))),
                )
                for number, place in enumerate(places, 1)
            ]
            or None,
            code_flows=self._flows(finding),
            partial_fingerprints={
                "primaryLocationLineHash": self._line_hash(finding.span),
                "appsyncLint/v1": finding.fingerprint,
            },
            fixes=self._fixes(finding.fix),
        )

    def _fixes(self, fix: Fix | None) -> list[om.Fix] | None:
        """Return what a reader of SARIF may offer to apply; whether that changes who gets in is said first."""
        replacements = fix.replacements if fix is not None else None
        if fix is None or not replacements:
            return None
        by_path: dict[str, list[om.Replacement]] = {}
        for item in replacements:
            by_path.setdefault(item.span.path, []).append(
                om.Replacement(
                    deleted_region=_exact_region(item.span),
                    inserted_content=om.ArtifactContent(text=item.text) if item.text else None,
                )
            )
        said = _said(fix.description, LABEL_LIMIT)
        text = said[:1].upper() + said[1:] if fix.safe else f"This changes who gets in: {said}"
        return [
            om.Fix(
                description=om.Message(text=_sentence(text)),
                artifact_changes=[
                    om.ArtifactChange(artifact_location=self._artifact(path), replacements=found)
                    for path, found in by_path.items()
                ],
            )
        ]

    def _flows(self, finding: Finding) -> list[om.CodeFlow] | None:
        """Return the steps that lead to a finding, as the readers of SARIF walk through them."""
        steps = [
            om.ThreadFlowLocation(
                location=om.Location(
                    physical_location=self._place(step.span), message=om.Message(text=_sentence(_label(step)))
                )
            )
            for step in finding.flow[:PLACES]
        ]
        return [om.CodeFlow(thread_flows=[om.ThreadFlow(locations=steps)])] if steps else None

    def _place(self, span: Span) -> om.PhysicalLocation:
        return om.PhysicalLocation(artifact_location=self._artifact(span.path), region=_region(span))

    def _artifact(self, path: str) -> om.ArtifactLocation:
        uri, is_relative = self._addresses.of(path)
        return om.ArtifactLocation(uri=uri, uri_base_id=ROOT if is_relative else None)

    def _line_hash(self, span: Span) -> str:
        hashes = self._hashes.get(span.source)
        if hashes is None:
            hashes = self._hashes[span.source] = line_hashes(span.source)
        return hashes[span.start.line - 1]


def _region(span: Span) -> om.Region:
    """Return the first line of a span, and at least one character of it where there is one."""
    line, start = span.start
    if span.end.line == line:
        end_column = start + len(span.text.rstrip("\r\n"))
    else:
        end_column = len(span.source.line(line).rstrip()) + 1
    if end_column <= start:
        if span.source.text[span.start_offset : span.start_offset + 1].strip("\r\n"):
            end_column = start + 1
        else:
            start, end_column = max(start - 1, 1), start
    return om.Region(start_line=line, start_column=start, end_line=line, end_column=end_column)


def _exact_region(span: Span) -> om.Region:
    """Return a whole span, however many lines it has; an empty one is where something is inserted."""
    start, end = span.start, span.end
    return om.Region(start_line=start.line, start_column=start.column, end_line=end.line, end_column=end.column)


def _message(finding: Finding, places: tuple[Label, ...]) -> str:
    """Return what GitHub shows: the first sentence is the alert's title; links lead to the second places."""
    sentences = [_sentence(_said(finding.message, MESSAGE_LIMIT))]
    if finding.label:
        sentences.append(_sentence(f"Here: {_said(finding.label, LABEL_LIMIT)}"))
    if places:
        links = (f"[{_linkable(_label(place))}]({number})" for number, place in enumerate(places, 1))
        sentences.append(_sentence(f"See {', '.join(links)}"))
    if finding.help:
        sentences.append(_sentence(f"Help: {_said(finding.help, MESSAGE_LIMIT)}"))
    return " ".join(sentences)


def _said(text: str, limit: int) -> str:
    """Return a text from a finding so that no part of it is taken for a link."""
    return visible(shorten(text, limit)).replace("](", "]\\(")


def _label(place: Label) -> str:
    return _said(place.text, LABEL_LIMIT) or f"line {place.span.start.line}"


def _linkable(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _rule(rule: Rule) -> om.ReportingDescriptor:
    documentation = rule.documentation() or rule.name
    precision = _PRECISION[rule.confidence]
    tags = ["appsync", "graphql"]
    properties: dict[str, object] = {"tags": tags, "precision": precision}
    if rule.security_severity is None:
        properties["problem.severity"] = _PROBLEMS[rule.severity]
    else:
        tags.append("security")
        tags.extend(f"external/cwe/cwe-{number:03}" for number in rule.cwe)
        properties["security-severity"] = f"{rule.security_severity:.1f}"
    name = "".join(map(str.capitalize, rule.name.split("-")))
    return om.ReportingDescriptor(
        id=rule.name,
        # The validator objects to a name that is the id but for its case.
        name=name if name.lower() != rule.name else None,
        short_description=om.MultiformatMessageString(
            text=shorten(_sentence(rule.summary() or rule.name), DESCRIPTION_LIMIT)
        ),
        full_description=om.MultiformatMessageString(text=_full_description(documentation)),
        help=om.MultiformatMessageString(text=_without_markup(documentation), markdown=documentation),
        help_uri=rule.help_uri(),
        default_configuration=om.ReportingConfiguration(level=_LEVELS[rule.severity], enabled=rule.enabled),
        properties=properties,
    )


def _full_description(documentation: str) -> str:
    """Return what the rule does and why it matters, as one paragraph."""
    sections: dict[str, list[str]] = {}
    heading = ""
    for line in documentation.splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
        else:
            sections.setdefault(heading, []).append(line)
    wanted = [*sections.get("What it does", []), *sections.get("Why it matters", [])]
    text = " ".join(" ".join(wanted or sections.get("", [])).split())
    if len(text) <= DESCRIPTION_LIMIT:
        return _sentence(text)
    whole_sentences, stop, _ = text[: DESCRIPTION_LIMIT + 1].rpartition(". ")
    return whole_sentences + "." if stop else shorten(text, DESCRIPTION_LIMIT)


def _without_markup(markdown: str) -> str:
    """Return Markdown as people write plain text: headings with a colon, code indented."""
    lines: list[str] = []
    in_code = False
    for line in markdown.splitlines():
        if line.startswith("```"):
            in_code = not in_code
        elif in_code:
            lines.append(f"    {line}".rstrip())
        elif line.startswith("#"):
            lines.append(f"{line.lstrip('#').strip()}:")
        else:
            lines.append(line)
    return "\n".join(lines)


#: Members whose defaults in sarif_om stand for "not given" though they are not None.
_UNSET: Mapping[str, tuple[object, ...]] = {
    "byte_offset": (-1,),
    "char_offset": (-1,),
    "contents": (["localizedData", "nonLocalizedData"],),
    "enabled": (True,),
    "execution_order": (-1,),
    "id": (-1,),
    "importance": ("important",),
    "index": (-1,),
    "kind": ("fail",),
    "language": ("en-US",),
    "length": (-1,),
    "newline_sequences": (["\r\n", "\n"],),
    "parent_index": (-1,),
    "rank": (-1.0,),
    "rule_index": (-1, None),
}


@cache
def _members(name: str) -> tuple[tuple[str, str, tuple[object, ...]], ...]:
    """Return what to write of a class: the attribute, its name in SARIF, and the values that mean nothing."""
    return tuple(
        (field.name, field.metadata["schema_property_name"], (None, *_UNSET.get(field.name, ())))
        for field in getattr(om, name).__attrs_attrs__
    )


def _plain(value: Any) -> Any:
    """Turn sarif_om's objects into what ``json`` writes."""
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    members = ((getattr(value, name), key, unset) for name, key, unset in _members(type(value).__name__))
    return {key: _plain(item) for item, key, unset in members if item not in unset}
