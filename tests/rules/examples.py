"""The examples in a rule's documentation: reading them, running them, and the places that they mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from re import DOTALL, MULTILINE
from re import compile as regex
from typing import Any, cast

from appsync_lint.api import Api, Provider
from appsync_lint.api.native import read_api
from appsync_lint.linter import Finding, Rule
from appsync_lint.linter.runner import all_rules, run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.sources.loader import load_tree
from appsync_lint.text import SourceText
from appsync_lint.tree import Table

HEADINGS = ("What it does", "Why it matters", "Bad", "Good", "Limits", "References")
_HEADING = regex(r"^## (.+)$", MULTILINE)
_BLOCK = regex(r"^```(\w+)\n(.*?)^```$", MULTILINE | DOTALL)
#: A comment that holds nothing but carets. A ``#`` in the first column stands for a caret if one follows at once.
_MARKS = regex(r"^( *)(?:#|//)([ ^]*\^)[ ^]*$")
#: The languages of a Lambda authorizer, and how its file is called.
_CODE = {"python": "authorizer.py", "javascript": "authorizer.mjs", "typescript": "authorizer.ts"}
_CARETS = regex(r"\^+")

#: Line, first column, column after the last: in the numbers of the file.
Mark = tuple[str, int, int, int]


@dataclass(frozen=True)
class Example:
    """One example: its files by what they are, and the places that its marks point at."""

    schema: SourceText
    description: SourceText | None
    marks: frozenset[Mark]
    code: SourceText | None = None
    language: str = ""

    def api(self) -> Api | None:
        if self.description is None:
            return None
        tree = load_tree(self.description)
        assert isinstance(tree, Table)
        api = read_api(tree, path=self.description.path)
        return api if self.code is None else self._with_code(api, self.code)

    def _with_code(self, api: Api, text: SourceText) -> Api:
        """Give the API's Lambda authorizer the example's code."""
        from appsync_lint.api import FunctionCode

        code = FunctionCode(text=text, language=cast("Any", self.language))

        def filled(provider: Provider) -> Provider:
            known = provider.authorizer
            return provider if known is None else replace(provider, authorizer=replace(known, code=code))

        return replace(api, default=filled(api.default), additional=tuple(map(filled, api.additional)))

    def findings(self, rules: dict[str, Rule] | None = None, *, of: Rule | None = None) -> list[Finding]:
        """Run all rules, arbitration and ignore comments included; ``of`` runs even if it is off by default."""
        schema = build_schema([parse_text(self.schema)])
        sources = [self.description] if self.description is not None else []
        settings = Settings(levels={of.name: of.severity} if of is not None and not of.enabled else {})
        return list(run(schema, self.api(), settings, rules=rules or all_rules(), sources=sources).findings)


def headings(documentation: str) -> list[str]:
    return _HEADING.findall(documentation)


def section(documentation: str, heading: str) -> str:
    """Return the text under a heading, empty where there is no such heading."""
    parts = _HEADING.split(documentation)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(heading, "").strip()


def example(documentation: str, heading: str) -> Example:
    """Read the example under a heading."""
    blocks = _BLOCK.findall(section(documentation, heading))
    found = dict(blocks)
    assert len(found) == len(blocks), "an example has one block of a kind"
    languages = [language for language in found if language in _CODE]
    assert set(found) <= {"graphql", "yaml", *_CODE}, "an example is a schema, an API and its authorizer's code"
    assert len(languages) <= 1, "an API has one Lambda authorizer"
    schema = SourceText("schema.graphql", found["graphql"])
    description = SourceText("appsync-lint.yaml", found["yaml"]) if "yaml" in found else None
    language = languages[0] if languages else ""
    code = SourceText(_CODE[language], found[language]) if language else None
    marks = {mark for source in (schema, description, code) if source is not None for mark in _marks(source)}
    return Example(schema, description, frozenset(marks), code, language)


def place(finding: Finding) -> Mark:
    """Return where a finding stands, in the form of a mark."""
    start, end = finding.span.start, finding.span.end
    assert start.line == end.line, "a mark is on one line"
    return (finding.span.path, start.line, start.column, end.column)


def _marks(source: SourceText) -> list[Mark]:
    found: list[Mark] = []
    lines = source.text.splitlines()
    for number, text in enumerate(lines, 1):
        match = _MARKS.match(text)
        if match is None:
            continue
        row = "^" + text[1:] if not match[1] and match[2].startswith("^") else text
        above = number - 1
        while _MARKS.match(lines[above - 1]):
            above -= 1
        found += [(source.path, above, carets.start() + 1, carets.end() + 1) for carets in _CARETS.finditer(row)]
    return found
