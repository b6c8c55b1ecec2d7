"""Directives for modes that the API does not have."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appsync_lint.api import Unresolved
from appsync_lint.linter import Severity

from .asking import IAM, KEY, LAMBDA, POOL, api, ask, one, with_open_default, with_open_modes

RULE = "directive-mode-not-configured"


def test_one_finding_for_a_mode_names_how_many_and_what_is_closed() -> None:
    schema = "type Query { a: ID @aws_oidc b: ID @aws_oidc @aws_iam c: T }\ntype T @aws_oidc { id: ID x: ID @aws_iam }"
    found = one(RULE, schema, api(KEY, IAM))
    assert "here and in 2 other places" in found.message
    assert "Query.a and T.id are closed to every caller" in found.message
    assert found.severity is Severity.ERROR
    assert [label.span.text for label in found.related] == ["@aws_oidc", "@aws_oidc"]
    assert "directive:T@aws_oidc" in found.causes


def test_each_mode_is_a_finding() -> None:
    found = ask(RULE, "type Query { a: ID @aws_oidc @aws_lambda @aws_iam }", api(KEY, IAM))
    assert sorted(finding.subject for finding in found) == ["AWS_LAMBDA", "OPENID_CONNECT"]
    assert all("closed" not in finding.message for finding in found)


@pytest.mark.parametrize(
    "schema",
    ["type Query { a: ID @aws_oidc @aws_iam }", "type Query @aws_oidc { a: ID @aws_iam b: ID @aws_api_key }"],
)
def test_where_it_closes_nothing_it_is_a_warning(schema: str) -> None:
    found = one(RULE, schema, api(KEY, IAM))
    assert found.severity is Severity.WARNING
    assert "closed" not in found.message
    assert "remove it" in found.help


def test_where_nobody_may_have_a_field_it_is_an_error() -> None:
    schema = "type Query @aws_oidc { a: ID @aws_iam b: ID }"
    assert one(RULE, schema, api(KEY, IAM)).severity is Severity.ERROR


def test_with_a_single_mode_nobody_is_said_to_be_refused() -> None:
    found = one(RULE, "type Query { a: ID @aws_iam }", api(KEY))
    assert "as far as is known" in found.message
    assert "nothing keeps callers with the API key out" in found.message
    assert "nobody" not in found.message
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("action", ["ALLOW", "DENY"])
def test_on_a_pool_alone_it_is_not_said_that_anybody_gets_in(action: str) -> None:
    found = one(RULE, "type Query { a: ID @aws_iam }", api(POOL, action=action))
    assert "changes nothing" in found.message


@pytest.mark.parametrize("name", ["aws_auth", "aws_cognito_user_pools"])
def test_groups_without_a_pool_are_an_error(name: str) -> None:
    found = one(RULE, f'type Query {{ a: ID @{name}(cognito_groups: ["A"]) }}', api(KEY))
    assert found.severity is Severity.ERROR
    assert found.subject == POOL


def test_a_directive_for_the_only_mode_is_fine() -> None:
    assert ask(RULE, "type Query @aws_api_key { a: ID @aws_api_key }", api(KEY)) == []


def test_modes_that_are_possible_count_as_configured() -> None:
    schema = "type Query { a: ID @aws_lambda }"
    assert ask(RULE, schema, with_open_modes(KEY)) == []
    assert ask(RULE, schema, with_open_default(IAM)) == []
    known = api(KEY, IAM)
    either = replace(known.additional[0], mode=Unresolved("!If", candidates=(IAM, LAMBDA)))
    assert ask(RULE, schema, replace(known, additional=(either,))) == []
    assert ask(RULE, "type Query { a: ID @aws_oidc }", replace(known, additional=(either,)))


def test_where_no_directive_is_read_nothing_is_said() -> None:
    schema = "type Query { a(x: In): U }\ninput In @aws_oidc { x: ID }\nunion U @aws_oidc = T\ntype T { id: ID }"
    assert ask(RULE, schema, api(KEY, IAM)) == []


def test_several_hundred_places_are_a_short_message() -> None:
    fields = "\n".join(f"  field_number_{index}: ID @aws_oidc" for index in range(500))
    found = one(RULE, f"type Query {{\n{fields}\n}}", api(KEY, IAM))
    assert "499 other places" in found.message
    assert len(found.message) < 300
    assert len(found.related) <= 4
