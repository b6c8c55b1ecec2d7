"""Hold what the rules say about the fixtures' authorizers against what a reader found in them.

``python -m tests.rules.authorizer_lints`` prints precision and recall of every lint of
``fixtures/authorizers/expected.yaml``; ``--differences`` the files, too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from appsync_lint.api import Api, FunctionCode, Provider, Tool
from appsync_lint.files import load_schema
from appsync_lint.linter import Finding, Severity
from appsync_lint.linter.rule import Subject
from appsync_lint.linter.runner import all_rules
from appsync_lint.schema import Schema

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "authorizers"
#: What the fixtures' API keeps answers for, in seconds, if they do not say otherwise.
TTL = 300

_UNSET = {"cdk": Tool("CDK", 0), "amplify-gen2": Tool("Amplify Gen 2", 60)}
_NAMES = {
    "lambda-token-not-verified": "jwt-unverified",
    "lambda-query-text-decision": "query-text-match",
    "lambda-operation-name-trusted": "operation-name",
    "lambda-connect-allowed": "connect-allow",
    "lambda-phantom-field": "phantom-field",
    "lambda-always-allows": "always-allow",
    "lambda-test-bypass": "test-bypass",
    "lambda-prefix-only": "prefix-only",
    "lambda-literal-token": "literal-token",
    "lambda-secret-compared-directly": "constant-time",
    "lambda-jwt-without-algorithms": "jwt-algorithms",
    "lambda-jwt-any-audience": "jwt-issuer",
    "lambda-denied-root-field": "denied-root",
    "lambda-denied-nonnull-field": "denied-non-null",
    "lambda-denied-fields-beside-refusal": "denied-when-refused",
    "lambda-stateful-check-cached": "stateful",
    "lambda-answer-without-is-authorized": "no-is-authorized",
    "lambda-api-gateway-shape": "gateway-shape",
    "lambda-context-secret": "secret-in-context",
    "lambda-fail-open": "fail-open",
    "lambda-throws-to-deny": "throws",
    "lambda-denial-cached": "denial-cached",
    "lambda-ttl-override-invalid": "ttl-range",
    "lambda-answer-outlives-token": "outlives-token",
    "lambda-cache-ttl-implicit": "ttl-unset",
}
#: Rules that stand for several lints: the lint by the beginning of the finding's subject.
_BY_SUBJECT = {
    "lambda-query-partly-read": {"query-first": "query-first-only", "query-argument": "query-argument-literal"},
    "lambda-denied-field-unknown": {
        "wildcard": "denied-wildcard",
        "shape": "denied-shape",
        "unknown": "denied-unknown",
    },
    "lambda-is-authorized-not-boolean": {"not-awaited": "not-awaited", "not-boolean": "not-boolean"},
    "lambda-bearer-clash": {"bearer-expected": "bearer", "bearer-split": "bearer-split"},
}
#: The rule tells of a file once, whichever of the two it is.
_LOGS = {"logs-event": "logs", "logs-token": "logs"}
RULES = ("lambda-context-not-flat", "lambda-token-logged", *_NAMES, *_BY_SUBJECT)


@dataclass(frozen=True, slots=True)
class Case:
    """One authorizer, with the lints that it must and may have."""

    name: str
    api: Api
    lints: frozenset[str]
    optional: frozenset[str]
    split: str


def cases() -> Iterator[Case]:
    """Read the manifest."""
    for entry in yaml.safe_load((FIXTURES / "expected.yaml").read_text("utf-8")):
        lints = frozenset(_LOGS.get(name, name) for name in entry["lints"])
        optional = frozenset(_LOGS.get(name, name) for name in entry.get("lints_optional", ()))
        yield Case(entry["path"], _api(entry), lints, optional, entry["split"])


def _api(entry: dict[str, Any]) -> Api:
    settings = entry.get("api", {})
    ttl = settings.get("ttl", TTL)
    authorizer = {} if ttl is None else {"authorizerResultTtlInSeconds": ttl}
    first, *others = [
        {"authenticationType": mode, **({"lambdaAuthorizerConfig": authorizer} if mode == "AWS_LAMBDA" else {})}
        for mode in settings.get("modes", ["AWS_LAMBDA"])
    ]
    known = Api.from_dict({**first, "additionalAuthenticationProviders": others})
    code = FunctionCode((entry["path"],), str(FIXTURES), entry.get("handler") or _handler(entry["path"]))

    def filled(provider: Provider) -> Provider:
        described = provider.authorizer
        return provider if described is None else replace(provider, authorizer=replace(described, code=code))

    return replace(
        known,
        default=filled(known.default),
        additional=tuple(map(filled, known.additional)),
        tool=_UNSET.get(settings.get("tool", ""), known.tool),
    )


def _handler(path: str) -> str:
    return "lambda_handler" if path.endswith(".py") else "handler"


def schema() -> Schema:
    """Return the schema that ``deniedFields`` are held against."""
    return load_schema([FIXTURES / "schema.graphql"])


def lints(case: Case, known: Schema) -> frozenset[str]:
    """Return the lints that the rules find, each rule asked by itself."""
    rules = all_rules()
    subject = Subject(known, case.api)
    return frozenset(_lint(finding) for name in RULES for finding in rules[name].check(subject))


def _lint(finding: Finding) -> str:
    if finding.rule == "lambda-token-logged":
        return "logs"
    if finding.rule == "lambda-context-not-flat":
        return "context-none" if finding.severity is Severity.INFO else "context-nested"
    for beginning, name in _BY_SUBJECT.get(finding.rule, {}).items():
        if finding.subject.startswith(beginning):
            return name
    return _NAMES[finding.rule]


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the rules and the reader agree: found by both, by the rules only, by the reader only."""

    both: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        return self.both / (self.both + self.extra) if self.both + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.both / (self.both + self.missed) if self.both + self.missed else 1.0


Compared = list[tuple[Case, frozenset[str]]]


def compared() -> Compared:
    """Return every case with what the rules find in it."""
    known = schema()
    return [(case, lints(case, known)) for case in cases()]


def figures(found: Iterable[tuple[Case, frozenset[str]]], lint: str | None = None) -> Figures:
    """Count over all lints, or one. What may be found or not counts neither way."""
    both = extra = missed = 0
    for case, every in found:
        wanted, said = (names if lint is None else names & {lint} for names in (case.lints, every))
        both += len((said & wanted) - case.optional)
        extra += len(said - wanted - case.optional)
        missed += len(wanted - said - case.optional)
    return Figures(both, extra, missed)


def main() -> None:
    """Print the measurement."""
    found = compared()
    names = sorted({name for case, said in found for name in (*case.lints, *said)})
    print(f"{'lint':24} {'both':>5} {'extra':>5} {'missed':>6}   {'P':>4} {'R':>4}")
    held_out = [(case, said) for case, said in found if case.split == "held-out"]
    rows = [("all", figures(found)), ("held-out files", figures(held_out))]
    for label, row in [*rows, *((name, figures(found, name)) for name in names)]:
        print(f"{label:24} {row.both:5} {row.extra:5} {row.missed:6}   {row.precision:.2f} {row.recall:.2f}")
    if "--differences" in sys.argv:
        for case, said in found:
            extra, missed = said - case.lints - case.optional, case.lints - said - case.optional
            if extra or missed:
                print(f"{case.name}: extra {sorted(extra)}, missed {sorted(missed)}")


if __name__ == "__main__":
    main()
