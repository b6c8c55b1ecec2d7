"""What the rules find in 220 authorizers, held against what a reader found."""

from __future__ import annotations

import pytest

from .authorizer_lints import RULES, Compared, compared, figures

pytest.importorskip("tree_sitter_typescript", reason="most of the fixtures are JavaScript and TypeScript")


@pytest.fixture(scope="module")
def found() -> Compared:
    return compared()


def test_the_rules_agree_with_the_reader(found: Compared) -> None:
    row = figures(found)
    assert row.precision >= 0.95
    assert row.recall >= 0.95


def test_they_agree_on_the_files_that_were_held_out(found: Compared) -> None:
    row = figures((case, said) for case, said in found if case.split == "held-out")
    assert row.precision >= 0.95
    assert row.recall >= 0.9


@pytest.mark.parametrize(
    "lint",
    """always-allow connect-allow context-nested denied-non-null denied-unknown denied-wildcard fail-open gateway-shape
    jwt-unverified not-awaited operation-name query-text-match stateful ttl-range""".split(),
)
def test_what_is_an_error_or_a_warning_is_found_everywhere_and_nowhere_else(lint: str, found: Compared) -> None:
    row = figures(found, lint)
    assert row.both >= 2
    assert (row.extra, row.missed) == (0, 0)


def test_every_rule_about_the_code_is_held_against_the_reader() -> None:
    from appsync_lint.linter.runner import all_rules

    apart = {
        "lambda-authorizer-not-analysed",
        "lambda-cache-hazard",
        "lambda-cache-ttl-out-of-range",
        "lambda-config-missing",
        "lambda-jwt-clash",
    }
    assert {name for name in all_rules() if name.startswith("lambda-")} - apart == set(RULES)
