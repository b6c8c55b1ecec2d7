"""The report for people: what is shown together, what is left out, what is said at the end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from appsync_lint.api import Api, Mode, Provider, Unresolved
from appsync_lint.errors import InputError
from appsync_lint.linter import Finding, Label, Outcome, Severity
from appsync_lint.linter.result import Result, Target
from appsync_lint.report import FORMATS, Options, render
from appsync_lint.schema import build_schema
from appsync_lint.text import SourceText

from .sample import API, FINDINGS, RULES, SAMPLE, SCHEMA, at, finding, result

MANY = SourceText("many.graphql", "".join(f"field{number}: ID @aws_auth\n" for number in range(2000)))


def text(*findings: Finding, api: Api | None = API, width: int = 80) -> str:
    return render("text", result(*findings, api=api), RULES, Options(width=width))


def on_line(number: int, rule: str = "auth-ignored") -> Finding:
    start = MANY.text.index(f"field{number}:")
    return replace(finding(rule, MANY.span(start, start + 5), f"on line {number + 1}"), subject=str(number))


def test_of_one_rule_fifty_findings_are_shown_and_the_rest_is_counted() -> None:
    shown = text(*(on_line(number) for number in range(1300)), on_line(1999, "unusual"))
    assert shown.count("error[auth-ignored]") == 50
    assert "on line 50\n" in shown
    assert "on line 51\n" not in shown
    assert "info[unusual]: on line 2000" in shown
    assert "\n… 1,250 more auth-ignored; --format concise lists all\n" in shown
    assert "\n1,300 errors, 1 info in 1 file\n" in shown


def test_fifty_findings_of_one_rule_need_no_such_line() -> None:
    assert "…" not in text(*(on_line(number) for number in range(50)))


def test_lines_near_each_other_are_one_excerpt_and_others_are_not() -> None:
    def place(number: int) -> Label:
        start = MANY.text.index(f"field{number}:")
        return Label(MANY.span(start, start + 5), f"label {number}")

    primary = replace(on_line(10), related=tuple(place(number) for number in (11, 13, 40, 41)))
    shown = [line for line in text(primary).splitlines() if "^" not in line and "--- " not in line and line.strip(" |")]
    assert shown[:-3] == [
        "error[auth-ignored]: on line 11",
        "  --> many.graphql:11:1",
        "11 | field10: ID @aws_auth",
        "12 | field11: ID @aws_auth",
        "...",
        "14 | field13: ID @aws_auth",
        "  ::: many.graphql:41:1",
        "41 | field40: ID @aws_auth",
        "42 | field41: ID @aws_auth",
    ]


def test_two_files_of_one_name_are_not_mixed_up() -> None:
    twin = SourceText(MANY.path, "other: ID\n")
    shown = text(replace(on_line(0), related=(Label(twin.span(0, 5), "here"),)))
    assert " ::: many.graphql:1:1\n" in shown
    assert "1 | other: ID\n" in shown


def test_nothing_in_a_finding_makes_the_report_long() -> None:
    flood = "very long " * 100_000
    place = Label(at(SCHEMA, "drop"), flood)
    item = finding("unusual", at(SCHEMA, "posts"), flood, label=flood, help=flood, related=(place,) * 1000)
    assert len(text(item)) < 10_000
    assert len(render("concise", result(item), RULES)) < 2_000
    assert len(render("sarif", result(item), {})) < 20_000


@pytest.mark.parametrize(
    ("severities", "line"),
    [
        ((Severity.ERROR,), "1 error in 1 file"),
        ((Severity.ERROR, Severity.ERROR), "2 errors in 1 file"),
        ((Severity.INFO, Severity.WARNING), "1 warning, 1 info in 1 file"),
    ],
)
def test_summary_counts_by_severity_worst_first(severities: tuple[Severity, ...], line: str) -> None:
    findings = [replace(on_line(number), severity=level) for number, level in enumerate(severities)]
    assert line in text(*findings).splitlines()


def test_what_directives_cannot_do_is_said_once_where_an_api_is_described() -> None:
    note = "note: directives only admit: a resolver, an IAM policy or an authorizer may still refuse\n"
    assert text(*FINDINGS[:2], width=100).count(note) == 1
    assert "directives only admit" not in text(*FINDINGS[:2], api=None)


@pytest.mark.parametrize(
    ("api", "line"),
    [
        (None, "No findings: 6 fields checked for any modes; no API is described"),
        (Api("a", Provider(Mode.AWS_IAM)), "No findings: 6 fields checked for AWS_IAM (the default)"),
        (
            Api("a", Provider(Mode.API_KEY), (Provider(Mode.AWS_LAMBDA), Provider(Mode.AWS_IAM))),
            "No findings: 6 fields checked for API_KEY (the default), AWS_LAMBDA and AWS_IAM",
        ),
        (
            Api("a", Provider(Unresolved("!Ref \x1bMode"))),
            r"No findings: 6 fields checked for what deployment makes of !Ref \x1bMode (the default)",
        ),
    ],
)
def test_a_clean_run_says_in_a_line_what_was_checked(api: Api | None, line: str) -> None:
    assert text(api=api, width=120) == f"{line}\n"


def test_a_run_without_a_schema_does_not_claim_to_have_checked_it() -> None:
    nothing = Result((Target(API, build_schema([]), Outcome((), ())),))
    report = render("text", nothing, RULES, Options(width=120))
    assert report == "No findings: no field was checked, for no schema is at hand\n"


@pytest.mark.parametrize("format", FORMATS)
def test_without_colour_there_is_no_escape_sequence(format: str) -> None:
    assert "\x1b" not in render(format, result(*FINDINGS), RULES, Options(colour=False))


@pytest.mark.parametrize("format", ["text", "concise"])
def test_colour_changes_nothing_but_colour(format: str) -> None:
    coloured = render(format, SAMPLE, RULES, Options(colour=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(format, SAMPLE, RULES)
    assert "\x1b[1;31m" in coloured


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(InputError, match="there is no format 'xml'; the formats are text, concise, json, sarif"):
        render("xml", result(), RULES)


def run_python(code: str, seed: str = "0") -> str:
    done = subprocess.run(
        (sys.executable, "-c", code),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
    )
    return done.stdout


@pytest.mark.parametrize("format", ["text", "concise"])
def test_formats_for_people_load_nothing_of_the_others(format: str) -> None:
    code = (
        "import sys; from appsync_lint.report import render; from appsync_lint.linter.result import Result; "
        f"render({format!r}, Result(), {{}}); "
        "print(sorted({'json', 'sarif_om', 'hashlib', 'attr', 'yaml'} & set(sys.modules)))"
    )
    assert run_python(code) == "[]\n"


@pytest.mark.parametrize("format", FORMATS)
def test_bytes_are_the_same_whatever_the_hash_seed(format: str) -> None:
    code = (
        "from tests.report.sample import RULES, SAMPLE; from appsync_lint.report import render; "
        f"import sys; sys.stdout.buffer.write(render({format!r}, SAMPLE, RULES).encode())"
    )
    first, second = (run_python(code, seed) for seed in ("1", "2"))
    assert first == second != ""
