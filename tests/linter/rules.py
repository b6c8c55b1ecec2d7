"""Small rules with which the engine is tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from appsync_lint.api import Api
from appsync_lint.linter import Finding, Rule, Severity
from appsync_lint.linter.ignores import UselessIgnore
from appsync_lint.linter.rule import Subject
from appsync_lint.linter.runner import Outcome, run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.sources.loader import load_tree
from appsync_lint.text import SourceText


class Marked(Rule):
    """Reports each application of a directive."""

    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    needs_api = False

    def __init__(self, name: str, directive: str, *, causes: Iterable[str] = (), yields_to: Iterable[str] = ()) -> None:
        self.name = name  # type: ignore[misc]
        self.yields_to = tuple(yields_to)  # type: ignore[misc]
        self._directive = directive
        self._causes = tuple(causes)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied(self._directive):
            yield self.finding(directive, f"@{self._directive} on {directive.owner}", causes=self._causes)


class AboutTheApi(Rule):
    """Reports the place of the default mode."""

    name = "about-the-api"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"

    def check(self, subject: Subject) -> Iterator[Finding]:
        if subject.api.default.span is not None:
            yield self.finding(subject.api.default.span, "the default mode")


def rules(*made: Rule) -> dict[str, Rule]:
    """Return rules by their names, the engine's own among them."""
    return {rule.name: rule for rule in (*made, UselessIgnore())}


A, B = Marked("rule-a", "a"), Marked("rule-b", "b")


def outcome(
    schema: str | SourceText,
    *made: Rule,
    settings: Settings | None = None,
    api: Api | None = None,
    sources: Iterable[SourceText] = (),
) -> Outcome:
    """Run some rules, by default those for @a and @b, over a schema."""
    source = SourceText("schema.graphql", schema) if isinstance(schema, str) else schema
    built = build_schema([parse_text(source)])
    return run(built, api, settings or Settings(), rules=rules(*(made or (A, B))), sources=sources)


def told(found: Outcome) -> list[tuple[str, int]]:
    """Return each finding's rule and line."""
    return [(finding.rule, finding.span.start.line) for finding in found.findings]


def described(text: str) -> tuple[Api, SourceText]:
    """Read an API in the native form, with its places."""
    from appsync_lint.api.native import read_api
    from appsync_lint.tree import Table

    source = SourceText("appsync-lint.yaml", text)
    tree = load_tree(source)
    assert isinstance(tree, Table)
    return read_api(tree, path=source.path), source
