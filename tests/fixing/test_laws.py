"""What holds of fixing whatever the schema and the API."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import AccessModel, Api, Caller, Finding, parse_schema
from appsync_lint.files import resolved
from appsync_lint.fixing import Fixed
from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings

from ..strategies import ApiSpec, World, apis, thorough, worlds
from .fixing import RULES, fixing

PATH = "schema.graphql"
#: Every rule that proposes a fix runs, be it off by default.
ALL = Settings(levels={rule.name: rule.severity for rule in RULES.values() if rule.safe_fix or rule.unsafe_fix})
CALLERS = [Caller.parse(text) for text in ("api-key", "iam", "oidc", "lambda", "cognito")] + [
    Caller.parse(f"cognito:{group}") for group in ("A", "B", "${G}", "Z", "A+B")
]


def fixed(text: str, api: Api | None, *, unsafe: bool) -> tuple[Fixed, str]:
    done = fixing({PATH: text}, [(api, [PATH])], unsafe=unsafe, settings=ALL)
    return done, done.drafts.get(resolved(Path(PATH)), text)


def matrix(text: str, api: Api) -> dict[tuple[str, Caller], str]:
    """Return the verdict for each field and each caller, named in the schema or not."""
    model = AccessModel(parse_schema(text), api)
    return {
        (row.field.coordinate, caller): model.decide(row.field.coordinate, caller).verdict
        for row in model.matrix()
        for caller in CALLERS
    }


def counted(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str]]:
    return Counter(map(key_of, findings))


@given(worlds(), apis())
@thorough(150)
def test_a_safe_fix_never_changes_the_matrix(world: World, spec: ApiSpec) -> None:
    api, text = Api.from_dict(spec.native()), world.sdl()
    done, after = fixed(text, api, unsafe=False)
    assert all(item.safe for item in done.applied)
    assert matrix(text, api) == matrix(after, api)


@given(worlds(), apis())
@thorough(60)
def test_without_an_api_a_safe_fix_changes_the_matrix_of_none(world: World, spec: ApiSpec) -> None:
    api, text = Api.from_dict(spec.native()), world.sdl()
    _, after = fixed(text, None, unsafe=True)
    assert matrix(text, api) == matrix(after, api)


@given(worlds(), apis(), apis())
@thorough(60)
def test_a_file_of_two_apis_is_judged_for_both(world: World, one: ApiSpec, other: ApiSpec) -> None:
    first, second, text = Api.from_dict(one.native()), Api.from_dict(other.native()), world.sdl()
    done = fixing({PATH: text}, [(first, [PATH]), (second, [PATH])], unsafe=False, settings=ALL)
    after = done.drafts.get(resolved(Path(PATH)), text)
    for api in (first, second):
        assert matrix(text, api) == matrix(after, api)


@given(worlds(), apis(), st.sampled_from(["\n", " ", " # a comment\n  ", "\r\n", "\t"]))
@thorough(200)
def test_what_is_fixed_is_gone_and_nothing_has_come(world: World, spec: ApiSpec, between: str) -> None:
    api, text = Api.from_dict(spec.native()), world.sdl(between=between)
    before = counted(lint_all(text, api))
    done, after = fixed(text, api, unsafe=True)
    left = counted(lint_all(after, api))
    assert not left - before
    for key, number in Counter(key_of(item.finding) for item in done.applied).items():
        assert before[key] - left[key] >= number
    again, same = fixed(after, api, unsafe=True)
    assert not again.applied
    assert same == after


@given(worlds(), apis(), st.sampled_from(["\n", " # a comment\n  ", "\r\n"]))
@thorough(120)
def test_comments_and_all_that_is_no_edit_stay(world: World, spec: ApiSpec, between: str) -> None:
    api, text = Api.from_dict(spec.native()), world.sdl(between=between)
    _, after = fixed(text, api, unsafe=True)
    assert after.count("# a comment") == text.count("# a comment")
    # Names of types and fields, and what they are made of, are nothing that a fix touches.
    assert shape(after) == shape(text)


def shape(text: str) -> dict[str, list[str]]:
    types = parse_schema(text).types
    return {name: [f"{f.name}: {f.type_text}" for f in item.fields.values()] for name, item in types.items()}


def lint_all(text: str, api: Api) -> tuple[Finding, ...]:
    return run(parse_schema(text), api, ALL, rules=RULES).findings


def key_of(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.coordinate, finding.subject
