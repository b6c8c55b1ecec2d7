"""Random authorizers, run by Python with every token and request, against what the analysis says of them.

The programs are made here, so running them is safe; the analysis itself only parses.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appsync_lint.authorizer import analyse_text, judge
from appsync_lint.text import SourceText

TOKEN_TESTS = ('"a" in token', '"b" in token')
REQUEST_TESTS = ('"x" in query', '"y" in query')

answers = st.builds(
    lambda allowed, ttl: f"return {{'isAuthorized': {allowed}, 'ttlOverride': {ttl}}}",
    st.booleans(),
    st.sampled_from((0, 300)),
)
flags = ("first", "second")
tests = st.sampled_from((*TOKEN_TESTS, *REQUEST_TESTS, *flags))
conditions = st.one_of(
    tests,
    tests.map(lambda one: f"not ({one})"),
    st.builds(lambda one, two: f"({one}) and ({two})", tests, tests),
    st.builds(lambda one, two: f"({one}) or ({two})", tests, tests),
)
assignments = st.builds(lambda name, value: f"{name} = {value}", st.sampled_from(flags), conditions)


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines]


def _blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    branch = st.builds(
        lambda test, then, other: [f"if {test}:", *_indented(then), "else:", *_indented(other)],
        conditions,
        inner,
        inner,
    )
    guarded = st.builds(
        lambda body, handler: ["try:", *_indented([*body, "fail(first)"]), "except ValueError:", *_indented(handler)],
        inner,
        inner,
    )
    statement = st.one_of(assignments.map(lambda line: [line]), answers.map(lambda line: [line]), branch, guarded)
    return st.lists(statement, min_size=1, max_size=3).map(lambda parts: [line for part in parts for line in part])


bodies = st.recursive(assignments.map(lambda line: [line]), _blocks, max_leaves=8)

PROGRAM = """
def fail(flag):
    if flag:
        raise ValueError("no")

def handler(event, context):
    token = event["authorizationToken"]
    query = event["requestContext"]["queryString"]
    first = False
    second = True
{body}
    {last}
"""


def _answers_of(program: str) -> dict[str, list[dict[str, Any] | None]]:
    scope: dict[str, Any] = {}
    exec(program, scope)
    found: dict[str, list[dict[str, Any] | None]] = {}
    for token, query in product(("", "a", "b", "ab"), ("", "x", "y", "xy")):
        try:
            answer = scope["handler"]({"authorizationToken": token, "requestContext": {"queryString": query}}, None)
        except ValueError:
            answer = None
        found.setdefault(token, []).append(answer)
    return found


def _expected(program: str) -> str:
    """The verdict by its definition: could another request with the same token get another answer?"""
    worst = "safe"
    order = ("safe", "guarded", "deny-cached", "hazard")
    for given_answers in _answers_of(program).values():
        said = {bool(answer and answer["isAuthorized"]) for answer in given_answers}
        if len(said) == 1:
            continue
        for answer in given_answers:
            if answer is None:
                verdict = "safe"
            elif answer["ttlOverride"] == 0:
                verdict = "guarded"
            else:
                verdict = "hazard" if answer["isAuthorized"] else "deny-cached"
            worst = max(worst, verdict, key=order.index)
    return worst


@given(bodies, answers)
@settings(max_examples=250, deadline=None)
def test_the_verdict_is_what_running_shows(body: list[str], last: str) -> None:
    program = PROGRAM.format(body="\n".join(_indented(body)), last=last)
    analysis = analyse_text(SourceText("random.py", program), language="python", handler="handler")
    assert analysis.not_analysed is None
    assert judge(analysis, ttl=0).verdict == _expected(program), program


def test_the_reference_sees_a_hazard() -> None:
    program = PROGRAM.format(
        body="    if 'x' in query:\n        return {'isAuthorized': False, 'ttlOverride': 0}",
        last="return {'isAuthorized': True, 'ttlOverride': 300}",
    )
    assert _expected(program) == "hazard"


if __name__ == "__main__":
    pytest.main([__file__])
