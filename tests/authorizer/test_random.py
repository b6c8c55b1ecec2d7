"""Random authorizers, run by Python with every token and request, against what the analysis says of them.

The programs are made here, so running them is safe; the analysis itself only parses.
"""

from __future__ import annotations

from itertools import product
from typing import Any

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


def _branch(test: str, then: list[str], other: list[str]) -> list[str]:
    return [f"if {test}:", *_indented(then), "else:", *_indented(other)]


def _guarded(body: list[str], flag: str, handler: list[str]) -> list[str]:
    return ["try:", *_indented([*body, f"fail({flag})"]), "except ValueError:", *_indented(handler)]


lines = st.one_of(assignments, answers).map(lambda line: [line])


def _blocks(inner: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[str]]:
    several = st.builds(lambda one, two: [*one, *two], inner, inner)
    return st.one_of(
        st.builds(_branch, conditions, inner, inner),
        st.builds(_branch, conditions, inner, several),
        st.builds(_guarded, inner, st.sampled_from(flags), inner),
        several,
    )


bodies = st.recursive(lines, _blocks, max_leaves=12)

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


ORDER = ("safe", "guarded", "deny-cached", "hazard")


def _expected(program: str) -> str:
    """The verdict by its definition: could another request with the same token get another answer?"""
    worst = "safe"
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
            worst = max(worst, verdict, key=ORDER.index)
    return worst


@given(bodies, answers)
@settings(max_examples=300, deadline=None)
def test_the_verdict_is_what_running_shows(body: list[str], last: str) -> None:
    program = PROGRAM.format(body="\n".join(_indented(body)), last=last)
    analysis = analyse_text(SourceText("random.py", program), language="python", handler="handler")
    assert analysis.not_analysed is None
    verdict, expected = judge(analysis, ttl=0).verdict, _expected(program)
    if "try" in program:
        # Where nothing is known to throw, something may all the same: the analysis may then say more.
        assert ORDER.index(verdict) >= ORDER.index(expected), program
    else:
        assert verdict == expected, program


def test_the_reference_sees_a_hazard() -> None:
    program = PROGRAM.format(
        body="    if 'x' in query:\n        return {'isAuthorized': False, 'ttlOverride': 0}",
        last="return {'isAuthorized': True, 'ttlOverride': 300}",
    )
    assert _expected(program) == "hazard"
