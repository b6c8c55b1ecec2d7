"""Comments that silence findings: where they count, how far they reach, and when they are of no use."""

from __future__ import annotations

import pytest

from appsync_lint.linter.settings import Settings
from appsync_lint.text import EmbeddedText, SourceText

from .rules import A, AboutTheApi, B, described, outcome, told

USELESS = "useless-ignore"


def test_a_comment_above_the_line_silences() -> None:
    found = outcome("type Query {\n  # appsync-lint: ignore[rule-a] public on purpose\n  x: ID @a\n}")
    assert told(found) == []
    assert [finding.rule for finding in found.ignored] == ["rule-a"]


def test_a_comment_at_the_end_of_the_line_silences() -> None:
    found = outcome("type Query {\n  x: ID @a # appsync-lint: ignore[rule-a] public\n  y: ID @a\n}")
    assert told(found) == [("rule-a", 3)]


def test_a_comment_reaches_over_comments_and_not_over_other_lines() -> None:
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n  # more words\n  x: ID @a\n  y: ID @a\n}"
    assert told(outcome(schema)) == [("rule-a", 5)]
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n\n  x: ID @a\n}"
    assert told(outcome(schema)) == [(USELESS, 2), ("rule-a", 4)]


def test_several_rules_stand_in_one_comment() -> None:
    schema = "type Query {\n  # appsync-lint: ignore[rule-a, rule-b]\n  x: ID @a @b\n}"
    assert told(outcome(schema)) == []
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n  x: ID @a @b\n}"
    assert told(outcome(schema)) == [("rule-b", 3)]


def test_two_comments_stand_above_each_other() -> None:
    schema = (
        "type Query {\n  # appsync-lint: ignore[rule-a] why\n  # appsync-lint: ignore[rule-b] why\n  x: ID @a @b\n}"
    )
    assert told(outcome(schema)) == []


def test_a_comment_covers_a_field_of_several_lines() -> None:
    schema = (
        "type Query {\n  # appsync-lint: ignore[rule-a, rule-b]\n  x(\n    id: ID @b\n  ): ID\n    @a\n  y: ID @a\n}"
    )
    assert told(outcome(schema)) == [("rule-a", 7)]


@pytest.mark.parametrize(
    "schema",
    [
        '# appsync-lint: ignore[rule-a]\n"What it is."\ntype T\n  @a {\n  x: ID\n}',
        '"What it is."\n# appsync-lint: ignore[rule-a]\ntype T\n  @a {\n  x: ID\n}',
        'type T {\n  # appsync-lint: ignore[rule-a]\n  """\n  What it is.\n  """\n  x: ID\n    @a\n}',
        'type T {\n  """\n  What it is.\n  """\n  # appsync-lint: ignore[rule-a]\n  x: ID\n    @a\n}',
    ],
)
def test_a_comment_stands_above_a_description_or_below_it(schema: str) -> None:
    assert told(outcome(schema)) == []


def test_a_comment_above_a_type_covers_its_head_and_not_its_fields() -> None:
    schema = "# appsync-lint: ignore[rule-a]\ntype T\n  @a\n{\n  x: ID @a\n}"
    assert told(outcome(schema)) == [("rule-a", 5)]


def test_a_file_can_be_ignored_whole_or_for_some_rules() -> None:
    body = "\ntype T @a { x: ID @b }"
    assert told(outcome("# appsync-lint: ignore-file" + body)) == []
    assert told(outcome("# appsync-lint: ignore-file[rule-a] generated" + body)) == [("rule-b", 2)]
    assert told(outcome(body + "\n# appsync-lint: ignore-file[rule-a, rule-b]")) == []


@pytest.mark.parametrize(
    "text",
    [
        '"""\n# appsync-lint: ignore[rule-a]\n"""\ntype T @a { x: ID }',
        '"write # appsync-lint: ignore[rule-a] here"\ntype T @a { x: ID }',
        'enum E {\n"""\n# appsync-lint: ignore[rule-a]\n"""\nA @a }',
        'type Q { x(\n"write # appsync-lint: ignore[rule-a]"\ny: ID @a): ID }',
        'type Q {\nx: ID @deprecated(reason: "# appsync-lint: ignore[rule-a]") @a }',
    ],
)
def test_a_text_about_comments_is_no_comment(text: str) -> None:
    assert [rule for rule, _ in told(outcome(text))] == ["rule-a"]


def test_a_quote_in_a_comment_starts_no_text() -> None:
    schema = 'type Q {\n  # don\'t say "it\n  # appsync-lint: ignore[rule-a] or """\n  x: ID @a\n  # "\n}'
    assert told(outcome(schema)) == []


def test_the_comment_is_read_in_the_api_description() -> None:
    api, source = described("# appsync-lint: ignore[about-the-api] meant so\nauthenticationType: API_KEY\n")
    found = outcome("type Query { x: ID }", AboutTheApi(), api=api, sources=[source])
    assert told(found) == []
    assert [finding.span.path for finding in found.ignored] == ["appsync-lint.yaml"]
    api, source = described("authenticationType: API_KEY  # appsync-lint: ignore[about-the-api]\n")
    assert told(outcome("type Query { x: ID }", AboutTheApi(), api=api, sources=[source])) == []


def test_the_comment_is_read_in_a_schema_inside_a_template() -> None:
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n  x: ID @a\n  y: ID @a\n}\n"
    before = "Definition: |\n"
    indented = "".join(f"  {line}\n" for line in schema.splitlines())
    host = SourceText("template.yaml", before + indented)
    segments, own, there = [], 0, len(before)
    for line in schema.splitlines(keepends=True):
        segments.append((own, there + 2))
        own, there = own + len(line), there + len(line) + 2
    found = outcome(EmbeddedText(host, schema, segments))
    assert told(found) == [("rule-a", 5)]
    assert [finding.span.start for finding in found.ignored] == [(4, 11)]


# Comments of no use.


def test_a_comment_that_silences_nothing_is_reported() -> None:
    found = outcome("type Query {\n  # appsync-lint: ignore[rule-a] old\n  x: ID\n}")
    assert told(found) == [(USELESS, 2)]
    assert "rule-a reports nothing" in found.findings[0].message


def test_only_the_useless_part_of_a_comment_is_reported() -> None:
    found = outcome("type Query {\n  # appsync-lint: ignore[rule-a, rule-b]\n  x: ID @a\n}")
    assert [(finding.rule, finding.subject) for finding in found.findings] == [(USELESS, "rule-b")]


def test_a_misspelt_rule_is_reported_with_the_one_that_was_meant() -> None:
    found = outcome("type Query {\n  # appsync-lint: ignore[rule-aa]\n  x: ID @a\n}")
    assert told(found) == [(USELESS, 2), ("rule-a", 3)]
    assert found.findings[0].help == "did you mean rule-a?"


@pytest.mark.parametrize("comment", ["ignore", "ignore[]", "ignore[ , ]"])
def test_a_comment_must_name_a_rule(comment: str) -> None:
    found = outcome(f"type Query {{\n  # appsync-lint: {comment}\n  x: ID @a\n}}")
    assert told(found) == [(USELESS, 2), ("rule-a", 3)]
    assert "names no rule" in found.findings[0].message


def test_a_rule_that_does_not_run_is_not_judged() -> None:
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n  x: ID\n}"
    for settings in (
        Settings(ignore=frozenset(["rule-a"])),
        Settings(select=frozenset(["rule-b", USELESS])),
        Settings(levels={"rule-a": None}),
    ):
        assert told(outcome(schema, settings=settings)) == []
    needs_api = "type Query {\n  # appsync-lint: ignore[about-the-api]\n  x: ID\n}"
    assert told(outcome(needs_api, AboutTheApi())) == []


def test_the_report_of_a_useless_comment_can_itself_be_ignored_for_a_file() -> None:
    schema = "# appsync-lint: ignore-file[useless-ignore] shared by two projects\ntype Q {\n  # appsync-lint: ignore[rule-a]\n  x: ID\n}"
    assert told(outcome(schema)) == []


def test_ignores_can_be_left_out_of_account() -> None:
    schema = "type Query {\n  # appsync-lint: ignore[rule-a]\n  x: ID @a\n  # appsync-lint: ignore[rule-b]\n  y: ID\n}"
    found = outcome(schema, settings=Settings(honour_ignores=False))
    assert told(found) == [("rule-a", 3)]
    assert found.ignored == ()


def test_many_comments_and_findings_are_matched_by_line() -> None:
    lines = "\n".join(f"  # appsync-lint: ignore[rule-a]\n  x{index}: ID @a" for index in range(3000))
    found = outcome(f"type Query {{\n{lines}\n}}", A, B)
    assert told(found) == []
    assert len(found.ignored) == 3000
