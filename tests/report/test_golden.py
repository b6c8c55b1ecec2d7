"""The whole output of each format for one result that has everything difficult in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.report import FORMATS, Options, render
from tests import golden

from .sample import API, FINDINGS, RULES, SAMPLE, result

FOLDER = Path(__file__).parent / "golden"


@pytest.fixture(autouse=True)
def _fixed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appsync_lint.report.sarif.__version__", "1.2.3")


@pytest.mark.parametrize(
    ("name", "format", "options"),
    [
        ("text.txt", "text", Options()),
        ("text-colour.txt", "text", Options(colour=True)),
        ("text-40.txt", "text", Options(width=40)),
        ("text-160.txt", "text", Options(width=160)),
        ("concise.txt", "concise", Options()),
        ("concise-colour.txt", "concise", Options(colour=True)),
        ("json.txt", "json", Options()),
        ("sarif.txt", "sarif", Options(root="/work tree", folder="/work tree/module", category="blog")),
    ],
)
def test_whole_output(name: str, format: str, options: Options) -> None:
    golden.check(render(format, SAMPLE, RULES, options), FOLDER / name)


@pytest.mark.parametrize("format", FORMATS)
def test_whole_output_when_there_is_nothing_to_report(format: str) -> None:
    text = render(format, result(ignored=FINDINGS[:1]), RULES, Options(root="/a", folder="/a"))
    golden.check(text, FOLDER / f"nothing-{format}.txt")


def test_whole_text_without_an_api() -> None:
    golden.check(
        render("text", result(FINDINGS[1], api=None), RULES) + render("text", result(api=None), RULES),
        FOLDER / "text-without-api.txt",
    )


def test_whole_text_of_two_apis_that_share_a_schema() -> None:
    from dataclasses import replace

    one = result(*FINDINGS[:2]).targets[0]
    outcome = replace(one.outcome, findings=(replace(FINDINGS[0], api="admin"),))
    other = replace(one, api=replace(API, name="admin", additional_open=None), outcome=outcome)
    both = replace(SAMPLE, targets=(one, other))
    golden.check(render("text", both, RULES), FOLDER / "text-two-apis.txt")
