"""The self-written authorizers under fixtures/authorizers, each against what its reader says."""

from __future__ import annotations

import time

import pytest

from appsync_lint.authorizer import analyse, judge

from .measure import LINTS, POSITIVE, TTL, Case, Figures, analysed, cases, verdict_of

CASES = cases()

#: What the reader finds and the analysis does not, or the other way round: known and told in the docs.
KNOWN = {
    ("jwt-algorithms", "javascript/barber.cjs"),  # verify behind util.promisify
    ("jwt-issuer", "javascript/barber.cjs"),
    ("literal-token", "javascript/map-tiles.js"),  # a table that is imported from JSON, searched by the token
    ("secret-in-context", "javascript/map-tiles.js"),
    ("logs-token", "python/museum_tickets.py"),
    ("bearer-split", "javascript/gallery.js"),
    ("bearer-split", "typescript/telescope-time.ts"),
}


def named(case: Case) -> str:
    return case.name


@pytest.mark.parametrize("case", CASES, ids=named)
def test_verdict_with_caching(case: Case) -> None:
    assert verdict_of(analysed(case), TTL) in {case.verdict, *case.also}, case.form


@pytest.mark.parametrize("case", [case for case in CASES if case.verdict_ttl_0], ids=named)
def test_verdict_without_caching(case: Case) -> None:
    judgement = judge(analysed(case), ttl=0)
    assert judgement.verdict not in POSITIVE
    verdicts = {verdict for _, verdict in judgement.verdicts}
    assert ("guarded" in verdicts) is (case.verdict_ttl_0 == "guarded")


@pytest.mark.parametrize("case", CASES, ids=named)
def test_observations(case: Case) -> None:
    handler = case.handler or ("lambda_handler" if case.language == "python" else "handler")
    kinds = {item.kind for item in analyse(case.path, handler=handler, root=case.root).observations}
    said = {name for name, kind in LINTS.items() if kind in kinds}
    different = (said ^ {name for name in case.lints if name in LINTS}) - set(case.lints_optional)
    assert {(name, case.name) for name in different} <= KNOWN


def test_what_is_no_authorizer_is_left_alone() -> None:
    for case in CASES:
        if case.kind and case.kind != "events":
            assert judge(analysed(case), ttl=TTL).verdict in {"safe", "not-analysed"}, case.name


def test_precision_and_recall() -> None:
    pairs = [(verdict_of(analysed(case), TTL) in POSITIVE, case.verdict in POSITIVE) for case in CASES]
    figures = Figures.of(pairs)
    assert figures.precision >= 0.99
    assert figures.recall >= 0.98


def test_two_hundred_authorizers_in_a_few_seconds() -> None:
    began = time.process_time()
    for case in CASES:
        analysed(case)
    assert time.process_time() - began < 10 * len(CASES) / 200
