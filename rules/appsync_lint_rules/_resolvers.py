"""What becomes of a finding about groups that do not count, where the field's resolver checks them itself."""

from __future__ import annotations

from dataclasses import replace

from appsync_lint.plugin import Directive, Finding, Label, Severity, Subject


def weighed(subject: Subject, directive: Directive, finding: Finding) -> Finding:
    """Return the finding, weighing less if the resolver of the directive's field checks groups and can refuse."""
    use = subject.resolvers.get(directive.owner)
    if use is None or not use.checks_groups or use.groups is None or finding.severity is Severity.INFO:
        return finding
    return replace(
        finding,
        severity=Severity.WARNING if finding.severity is Severity.ERROR else Severity.INFO,
        message=f"{finding.message}; its resolver looks at the caller's groups itself",
        related=(*finding.related, Label(use.groups, "checked by the resolver")),
    )
