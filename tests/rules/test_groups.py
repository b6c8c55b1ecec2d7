"""Lists of groups that are empty, or no lists."""

from __future__ import annotations

import pytest

from .asking import IAM, POOL, api, ask, everything, one


@pytest.mark.parametrize(("value", "text"), [("[]", "an empty list"), ("null", "null")])
def test_no_group_at_all_is_not_called_a_refusal(value: str, text: str) -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools(cognito_groups: {value}) }}"
    for known in (None, api(POOL, IAM)):
        found = one("empty-cognito-groups", schema, known)
        assert f"cognito_groups is {text}" in found.message
        assert "is not known" in found.message
        assert "__deny_all__" in found.help
        assert found.span.text == value


@pytest.mark.parametrize("value", ['["", "A"]', '["A", " "]', '["A", null]'])
def test_an_empty_name_is_reported_at_its_place(value: str) -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools(cognito_groups: {value}) }}"
    found = one("empty-cognito-groups", schema, api(POOL, IAM))
    assert found.span.text in ('""', '" "', "null")


@pytest.mark.parametrize("value", ['["A"]', '["A",]', '["__deny_all__"]', '["${ADMINS}"]'])
def test_names_are_names(value: str) -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools(cognito_groups: {value}) @aws_iam }}"
    assert everything(schema, api(POOL, IAM)) == []


@pytest.mark.parametrize(
    ("value", "marked", "help"),
    [
        ('"Admin"', '"Admin"', '["Admin"]'),
        ("Admin", "Admin", '["Admin"]'),
        ("[Admin]", "Admin", '["Admin"]'),
        ('["A", B, 3]', "B", '["A", "B", "3"]'),
        ("{a: 1}", "{a: 1}", "[...]"),
    ],
)
def test_what_is_no_list_of_texts_is_not_called_a_refusal(value: str, marked: str, help: str) -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools(cognito_groups: {value}) }}"
    found = one("cognito-groups-not-a-list", schema, api(POOL, IAM))
    assert found.span.text == marked
    assert found.help == f"write @aws_cognito_user_pools(cognito_groups: {help})"
    assert "is not known" in found.message


@pytest.mark.parametrize("value", ["[]", '"A"'])
def test_on_a_directive_that_does_not_count_that_is_said(value: str) -> None:
    schema = f"type Query {{ a: ID @aws_auth(cognito_groups: {value}) b: ID @aws_iam }}"
    found = everything(schema, api(POOL, IAM))
    assert [finding.rule for finding in found if finding.coordinate == "Query.a"] == ["aws-auth-ignored"]
    assert ask("empty-cognito-groups", schema, api(POOL)) or ask("cognito-groups-not-a-list", schema, api(POOL))
