"""The decision table, row by row."""

from __future__ import annotations

import pytest

from appsync_lint.authorizer import Analysis, Dependence, Return, judge
from appsync_lint.text import SourceText

SOURCE = SourceText("a.py", "x" * 100)


def dependence(sink: str = "isAuthorized", via: str = "", at: int = 0) -> Dependence:
    return Dependence("queryString", "control", SOURCE.span(at, at + 1), SOURCE.span(2, 3), (sink,), via)


def returned(authorized: str, ttl: object, *dependences: Dependence) -> Return:
    return Return(SOURCE.span(5, 6), authorized, dependences, ttl)  # type: ignore[arg-type]


TABLE = [
    # depends on, ttlOverride, API's TTL, isAuthorized, verdict
    ((), None, 300, "true", "safe"),
    ((), 300, 300, "depends", "safe"),
    ((dependence(),), 0, 300, "true", "guarded"),
    ((dependence(),), 0, None, "depends", "guarded"),
    ((dependence(),), None, 0, "true", "safe-while-ttl-0"),
    ((dependence(),), None, 300, "true", "hazard"),
    ((dependence(),), 60, 0, "depends", "hazard"),
    ((dependence("deniedFields"),), None, 300, "true", "hazard"),
    ((dependence("resolverContext"),), None, 300, "true", "context-hazard"),
    ((dependence("resolverContext"), dependence()), None, 300, "true", "hazard"),
    ((dependence(),), None, 300, "false", "deny-cached"),
    ((dependence(),), None, 300, "missing", "deny-cached"),
    ((dependence(),), None, None, "true", "possible"),
    ((dependence(),), "dynamic", 0, "depends", "possible"),
    ((dependence(),), None, None, "false", "deny-cached"),
    ((dependence(via="decide"),), None, 300, "depends", "possible"),
    ((dependence(via="decide"), dependence()), None, 300, "depends", "hazard"),
]


@pytest.mark.parametrize(("dependences", "override", "ttl", "authorized", "verdict"), TABLE)
def test_row(
    dependences: tuple[Dependence, ...], override: object, ttl: int | None, authorized: str, verdict: str
) -> None:
    analysis = Analysis("python", "handler", returns=(returned(authorized, override, *dependences),))
    assert judge(analysis, ttl=ttl).verdict == verdict


def test_the_worst_answer_wins() -> None:
    analysis = Analysis(
        "python",
        "handler",
        returns=(
            returned("true", 0, dependence()),
            returned("true", 300, dependence()),
            returned("false", 300, dependence()),
        ),
    )
    judgement = judge(analysis, ttl=0, ttl_origin="nowhere")
    assert judgement.verdict == "hazard"
    assert judgement.returned is analysis.returns[1]
    assert (judgement.ttl, judgement.ttl_origin) == (300, "ttlOverride")
    assert [verdict for _, verdict in judgement.verdicts] == ["guarded", "hazard", "deny-cached"]


def test_what_is_certain_is_shown_first() -> None:
    certain, possible = dependence(at=9), dependence(via="decide", at=1)
    analysis = Analysis("python", "handler", returns=(returned("true", None, possible, certain),))
    assert judge(analysis, ttl=300).dependence is certain


def test_not_analysed_is_said() -> None:
    assert judge(Analysis("unknown", "", not_analysed="written in Go"), ttl=0).verdict == "not-analysed"
