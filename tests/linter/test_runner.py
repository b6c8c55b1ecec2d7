"""Which rules run, at which severity, one finding for one mistake, and fingerprints that last."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.errors import InputError
from appsync_lint.linter import Finding, Rule, Severity
from appsync_lint.linter.rule import Subject
from appsync_lint.linter.settings import Settings, level_of

from .rules import A, AboutTheApi, B, Marked, described, outcome, told

SCHEMA = "type Query {\n  x: ID @a\n  y: ID @b\n}"


class OffByDefault(Marked):
    enabled = False


# Selection.


def test_all_rules_run_that_are_on() -> None:
    assert told(outcome(SCHEMA, A, B, OffByDefault("quiet", "a"))) == [("rule-a", 2), ("rule-b", 3)]


def test_select_runs_only_some_and_turns_on_what_is_off() -> None:
    quiet = OffByDefault("quiet", "a")
    assert told(outcome(SCHEMA, A, B, quiet, settings=Settings(select=frozenset(["quiet"])))) == [("quiet", 2)]


def test_ignore_leaves_rules_out_even_selected_ones() -> None:
    assert told(outcome(SCHEMA, settings=Settings(ignore=frozenset(["rule-a"])))) == [("rule-b", 3)]
    both = Settings(select=frozenset(["rule-a", "rule-b"]), ignore=frozenset(["rule-a"]))
    assert told(outcome(SCHEMA, settings=both)) == [("rule-b", 3)]


def test_a_severity_overrides_and_off_ends_a_rule() -> None:
    found = outcome(SCHEMA, settings=Settings(levels={"rule-a": Severity.ERROR, "rule-b": None}))
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("rule-a", Severity.ERROR)]


def test_a_severity_turns_on_what_is_off() -> None:
    quiet = OffByDefault("quiet", "a")
    found = outcome(SCHEMA, quiet, settings=Settings(levels={"quiet": Severity.INFO}))
    assert [(finding.rule, finding.severity) for finding in found.findings] == [("quiet", Severity.INFO)]


def test_the_severities_of_the_command_line_win_over_those_of_the_file() -> None:
    settings = Settings(levels={"rule-a": Severity.ERROR})
    merged = settings.with_levels({"rule-a": None, "rule-b": Severity.INFO})
    assert dict(merged.levels) == {"rule-a": Severity.ERROR, "rule-b": Severity.INFO}


@pytest.mark.parametrize(
    "settings",
    [
        Settings(select=frozenset(["rule-aa"])),
        Settings(ignore=frozenset(["rule-aa"])),
        Settings(levels={"rule-aa": None}),
    ],
)
def test_a_rule_that_does_not_exist_is_refused_with_the_nearest(settings: Settings) -> None:
    with pytest.raises(InputError, match=r"there is no rule rule-aa; did you mean rule-a\?"):
        outcome(SCHEMA, settings=settings)


def test_levels_are_written_as_four_words() -> None:
    assert [level_of(text) for text in ("off", "info", "warning", "error")] == [
        None,
        Severity.INFO,
        Severity.WARNING,
        Severity.ERROR,
    ]
    with pytest.raises(InputError, match="'critical' is no severity"):
        level_of("critical")


def test_severities_are_ordered() -> None:
    assert Severity.INFO < Severity.WARNING < Severity.ERROR
    assert max(Severity.INFO, Severity.ERROR) is Severity.ERROR


def test_a_rule_that_needs_the_api_runs_only_with_one() -> None:
    assert told(outcome(SCHEMA, AboutTheApi())) == []
    api, _ = described("name: blog\nauthenticationType: API_KEY\n")
    found = outcome(SCHEMA, AboutTheApi(), api=api)
    assert told(found) == [("about-the-api", 2)]
    assert found.findings[0].api == "blog"


# One mistake, one finding.


def test_a_rule_yields_to_the_more_telling_one() -> None:
    telling = Marked("telling", "a", causes=["same"])
    modest = Marked("modest", "b", causes=["same", "other"], yields_to=["telling"])
    assert told(outcome(SCHEMA, telling, modest)) == [("telling", 2)]


def test_it_speaks_where_the_other_is_silent_or_speaks_of_something_else() -> None:
    modest = Marked("modest", "b", causes=["same"], yields_to=["telling"])
    assert told(outcome(SCHEMA, Marked("telling", "absent", causes=["same"]), modest)) == [("modest", 3)]
    assert told(outcome(SCHEMA, Marked("telling", "a", causes=["else"]), modest)) == [("telling", 2), ("modest", 3)]
    assert told(outcome(SCHEMA, Marked("telling", "a"), modest)) == [("telling", 2), ("modest", 3)]


def test_it_speaks_where_the_other_does_not_run() -> None:
    telling = Marked("telling", "a", causes=["same"])
    modest = Marked("modest", "b", causes=["same"], yields_to=["telling"])
    off = Settings(levels={"telling": None})
    assert told(outcome(SCHEMA, telling, modest, settings=off)) == [("modest", 3)]


def test_an_ignored_finding_still_keeps_the_other_silent() -> None:
    telling = Marked("telling", "a", causes=["same"])
    modest = Marked("modest", "b", causes=["same"], yields_to=["telling"])
    schema = "type Query {\n  # appsync-lint: ignore[telling] known\n  x: ID @a\n  y: ID @b\n}"
    assert told(outcome(schema, telling, modest)) == []


class Decisive(Marked):
    decisive = True


def test_a_decisive_rule_silences_all_others_if_it_finds_something() -> None:
    schema = SCHEMA + "\n# appsync-lint: ignore[rule-b] from before\n"
    assert told(outcome(schema, A, B, Decisive("decisive", "a"))) == [("decisive", 2)]
    assert told(outcome(SCHEMA, A, B, Decisive("decisive", "absent"))) == [("rule-a", 2), ("rule-b", 3)]


def test_selecting_others_does_not_leave_a_decisive_rule_out() -> None:
    decisive = Decisive("decisive", "a")
    some = Settings(select=frozenset(["rule-b"]))
    assert told(outcome(SCHEMA, A, B, decisive, settings=some)) == [("decisive", 2)]
    off = Settings(select=frozenset(["rule-b"]), levels={"decisive": None})
    assert told(outcome(SCHEMA, A, B, decisive, settings=off)) == [("rule-b", 3)]
    left_out = Settings(select=frozenset(["rule-b"]), ignore=frozenset(["decisive"]))
    assert told(outcome(SCHEMA, A, B, decisive, settings=left_out)) == [("rule-b", 3)]


class Failing(Rule):
    name = "failing"
    severity = Severity.INFO
    confidence = "low"
    since = "1.0.0"
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        yield self.finding(subject.schema.sources[0].span(0, 1 // 0), "never")


def test_a_rule_that_fails_is_named() -> None:
    with pytest.raises(InputError, match=r"the rule failing \(tests.linter.test_runner\) failed: ZeroDivisionError"):
        outcome(SCHEMA, Failing())


# Order and fingerprints.


def test_findings_are_sorted_by_place_and_rule() -> None:
    schema = "type Query {\n  y: ID @b @a\n  x: ID @a\n}\ntype A @b { z: ID }"
    assert told(outcome(schema, B, A)) == [("rule-b", 2), ("rule-a", 2), ("rule-a", 3), ("rule-b", 5)]


def _fingerprints(schema: str) -> dict[str, str]:
    return {f"{finding.rule} {finding.coordinate}": finding.fingerprint for finding in outcome(schema).findings}


def test_a_fingerprint_outlives_reformatting() -> None:
    first = _fingerprints(SCHEMA)
    again = _fingerprints("# moved\n\n\ntype Query {\n  y: ID\n    @b\n\n  new: ID\n  x: ID @a }")
    assert first == again
    assert len(set(first.values())) == 2


def test_the_same_finding_twice_has_two_fingerprints() -> None:
    found = outcome("type Query { x: ID @a @a }").findings
    assert len({finding.fingerprint for finding in found}) == 2


def test_a_fingerprint_tells_rules_and_coordinates_apart() -> None:
    found = _fingerprints("type Query { x: ID @a @b y: ID @a }")
    assert len(set(found.values())) == 3


@given(st.permutations(["a: ID @a", "b: ID @b", "c: ID @a @b", "d: ID"]), st.sampled_from([" ", "\n", ",\n\n", "\r\n"]))
def test_fingerprints_do_not_depend_on_order_or_blanks(fields: list[str], between: str) -> None:
    assert _fingerprints(f"type Query {{ {between.join(fields)} }}") == _fingerprints(
        "type Query { a: ID @a b: ID @b c: ID @a @b d: ID }"
    )
