"""Measure the authorizer analysis on the self-written fixtures: ``python -m tests.authorizer.measure``.

An authorizer counts as positive where its cached answer can be wrong: hazard, context-hazard or possible with
caching on (300 seconds, set by the API). Two naive searches of the text stand beside the analysis.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from appsync_lint.authorizer import Analysis, analyse, judge

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "authorizers"
POSITIVE = {"hazard", "context-hazard", "possible"}
TTL = 300

_FIELDS = re.compile(r"queryString|query_string|\bvariables\b|operationName|operation_name|requestHeaders")
_ZERO = re.compile(r"ttlOverride['\"]?\]?\s*[:=]\s*0\b|max_age\s*=\s*0\b")


@dataclass(frozen=True, slots=True)
class Case:
    """One authorizer with what reading it says."""

    path: Path
    files: tuple[Path, ...]
    handler: str | None
    verdict: str
    verdict_ttl_0: str
    also: frozenset[str]
    kind: str
    split: str
    form: str
    lints: tuple[str, ...]
    lints_optional: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.path.relative_to(FIXTURES).as_posix()

    @property
    def language(self) -> str:
        return self.name.partition("/")[0]

    @property
    def root(self) -> Path:
        folder = self.path.parent
        while not all(file.is_relative_to(folder) for file in self.files):
            folder = folder.parent
        return folder

    @property
    def text(self) -> str:
        return "\n".join(file.read_text("utf-8") for file in (self.path, *self.files))


def cases() -> list[Case]:
    """Read the manifest."""
    entries = yaml.safe_load((FIXTURES / "expected.yaml").read_text("utf-8"))
    return [
        Case(
            FIXTURES / entry["path"],
            tuple(FIXTURES / file for file in entry.get("files", ())),
            entry.get("handler"),
            entry["verdict"],
            entry.get("verdict_ttl_0", ""),
            frozenset(entry.get("also", ())),
            entry.get("kind", ""),
            entry["split"],
            entry["form"],
            tuple(entry.get("lints", ())),
            tuple(entry.get("lints_optional", ())),
        )
        for entry in entries
    ]


def analysed(case: Case) -> Analysis:
    """Analyse a case, all its files within reach."""
    return analyse(case.path, handler=case.handler, root=case.root)


def verdict(case: Case) -> str:
    """The verdict with caching on; what is no authorizer is safe."""
    return verdict_of(analysed(case), TTL)


def verdict_of(analysis: Analysis, ttl: int | None) -> str:
    """The verdict on an analysis, with "no authorizer here" read as safe."""
    if analysis.not_analysed is not None:
        return "safe" if "looks like" in analysis.not_analysed else "not-analysed"
    return judge(analysis, ttl=ttl).verdict


#: What the fixtures call a lint, and the observation that it is made from; the others need the API or the schema.
LINTS = {
    "jwt-unverified": "token-not-verified",
    "query-text-match": "query-text-decision",
    "query-first-only": "query-first-definition-only",
    "query-argument-literal": "query-argument-literal",
    "operation-name": "operation-name-trusted",
    "connect-allow": "connect-allowed",
    "phantom-field": "phantom-field",
    "always-allow": "constant-allow",
    "test-bypass": "test-bypass",
    "prefix-only": "prefix-only",
    "literal-token": "literal-token",
    "constant-time": "secret-compared-directly",
    "jwt-algorithms": "jwt-without-algorithms",
    "jwt-issuer": "jwt-without-audience",
    "denied-when-refused": "denied-fields-useless",
    "context-nested": "context-nested",
    "context-none": "context-null",
    "stateful": "stateful-check",
    "no-is-authorized": "missing-is-authorized",
    "gateway-shape": "api-gateway-shape",
    "not-boolean": "not-boolean",
    "not-awaited": "not-awaited",
    "logs-event": "event-logged",
    "logs-token": "token-logged",
    "secret-in-context": "context-secret",
    "fail-open": "fail-open",
    "throws": "throw-to-deny",
    "denial-cached": "denial-cached",
    "ttl-range": "ttl-override-invalid",
    "outlives-token": "allow-kept-long",
    "bearer-split": "bearer-split",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Precision and recall of one way of looking."""

    true_positive: int
    false_positive: int
    false_negative: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[bool, bool]]) -> Figures:
        """Count pairs of what was said and what is so."""
        listed = list(pairs)
        return cls(
            sum(said and so for said, so in listed),
            sum(said and not so for said, so in listed),
            sum(so and not said for said, so in listed),
        )

    @property
    def precision(self) -> float:
        said = self.true_positive + self.false_positive
        return self.true_positive / said if said else 1.0

    @property
    def recall(self) -> float:
        so = self.true_positive + self.false_negative
        return self.true_positive / so if so else 1.0

    def row(self, label: str, count: int) -> str:
        """A line of the table."""
        numbers = f"{self.true_positive:4d} {self.false_positive:4d} {self.false_negative:4d}"
        return f"{label:42} {count:4d} {numbers}   {self.precision:.2f} {self.recall:.2f}"


def main() -> int:
    """Print the measurement; exit code 1 where a verdict is not the expected one."""
    listed = cases()
    began = time.perf_counter()
    found = {case.name: verdict(case) for case in listed}
    seconds = time.perf_counter() - began
    texts = {case.name: case.text for case in listed}
    print(f"{'set':42} {'n':>4} {'TP':>4} {'FP':>4} {'FN':>4}   {'P':>4} {'R':>4}")
    groups: list[tuple[str, list[Case]]] = [("all", listed)]
    groups += [(split, [case for case in listed if case.split == split]) for split in ("dev", "held-out")]
    for language in ("python", "javascript", "typescript"):
        groups.append((language, [case for case in listed if case.language == language]))
    for label, group in groups:
        figures = Figures.of((found[case.name] in POSITIVE, case.verdict in POSITIVE) for case in group)
        print(figures.row(label, len(group)))
    mentions = {name: bool(_FIELDS.search(text)) for name, text in texts.items()}
    guarded = {name: mentions[name] and not _ZERO.search(text) for name, text in texts.items()}
    for label, said in (
        ("baseline: mentions a request field", mentions),
        ("baseline: same, and no ttlOverride 0", guarded),
    ):
        figures = Figures.of((said[case.name], case.verdict in POSITIVE) for case in listed)
        print(figures.row(label, len(listed)))
    exact = sum(found[case.name] == case.verdict for case in listed)
    also = sum(found[case.name] in case.also - {case.verdict} for case in listed)
    print(f"exact verdict: {exact} of {len(listed)}, and {also} that the manifest allows instead")
    print(f"{len(listed)} functions in {seconds:.2f} s")
    _print_lints(listed, "--lints" in sys.argv)
    wrong = [case for case in listed if found[case.name] not in {case.verdict, *case.also}]
    for case in wrong:
        print(f"  {case.name}: {found[case.name]}, expected {case.verdict} ({case.split}: {case.form})")
    return 1 if wrong else 0


def _print_lints(listed: list[Case], differences: bool) -> None:
    """Hold the observations against the lints that the manifest names."""
    said: list[tuple[str, str]] = []
    so: list[tuple[str, str]] = []
    either: set[tuple[str, str]] = set()
    for case in listed:
        named = case.handler or ("lambda_handler" if case.language == "python" else "handler")
        kinds = {item.kind for item in analyse(case.path, handler=named, root=case.root).observations}
        said += [(name, case.name) for name, kind in LINTS.items() if kind in kinds]
        so += [(name, case.name) for name in case.lints if name in LINTS]
        either |= {(name, case.name) for name in case.lints_optional}
    everything = dict.fromkeys([*so, *said])
    figures = Figures.of((pair in said, pair in so) for pair in everything if pair not in either)
    print(figures.row("further lints, by observation", len(everything)))
    for pair in sorted(everything) if differences else ():
        if pair not in either and (pair in said) != (pair in so):
            print(f"  {'extra' if pair in said else 'missed'}: {pair[0]} in {pair[1]}")


if __name__ == "__main__":
    sys.exit(main())
