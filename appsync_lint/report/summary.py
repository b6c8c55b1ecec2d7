"""What a run amounts to, in numbers: the same for every format."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..linter import Finding, Severity

if TYPE_CHECKING:
    from ..api import Api
    from ..linter.result import Result

__all__ = ["Summary", "apis_of", "summarize"]


class Summary(NamedTuple):
    """How much was found and how much was looked at.

    ``counts`` has every severity, worst first. ``files`` counts those with findings, ``fields`` the fields of
    object types that were checked, a schema behind two APIs once. ``safe_fixes`` and ``unsafe_fixes`` count the
    findings with a fix of either kind.
    """

    findings: tuple[Finding, ...]
    counts: dict[Severity, int]
    ignored: int
    files: int
    fields: int
    apis: tuple[Api, ...]
    safe_fixes: int = 0
    unsafe_fixes: int = 0


def summarize(result: Result) -> Summary:
    """Count what a run found."""
    findings = result.findings
    found = Counter(item.severity for item in findings)
    fixes = [item.fix.safe for item in findings if item.fix is not None]
    schemas = {id(target.schema): target.schema for target in result.targets}
    return Summary(
        findings=findings,
        counts={severity: found[severity] for severity in Severity},
        ignored=len(result.ignored),
        files=len({item.span.path for item in findings}),
        fields=sum(len(item.fields) for schema in schemas.values() for item in schema.objects),
        apis=tuple(target.api for target in result.targets if target.api is not None),
        safe_fixes=sum(fixes),
        unsafe_fixes=len(fixes) - sum(fixes),
    )


def apis_of(result: Result) -> dict[Finding, tuple[str, ...]]:
    """Return the names of the APIs that each finding is about; none where no API is described.

    The keys are findings without their ``api``: that is what two APIs' findings have in common.
    """
    names: dict[Finding, tuple[str, ...]] = {}
    for target in result.targets:
        name = (target.api.name,) if target.api is not None else ()
        for finding in target.outcome.findings:
            key = replace(finding, api="")
            names[key] = names.get(key, ()) + name
    return names
