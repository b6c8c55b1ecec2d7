"""A default pool with defaultAction DENY."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api

from .asking import IAM, POOL, api, ask, everything, one, with_open_action, with_open_modes

COVERED = 'type Query { me: ID @aws_auth  admin: ID @aws_auth(cognito_groups: ["A"]) }'


def test_each_root_type_is_one_finding() -> None:
    schema = "type Query { a: T b: T }\ntype Mutation { c: T }\n"
    schema += 'type Subscription { d: T @aws_subscribe(mutations: ["c"]) }\ntype T { id: ID }'
    found = everything(schema, api(POOL, action="DENY"))
    assert [(finding.rule, finding.coordinate) for finding in found] == [
        ("deny-default-uncovered-root", name) for name in ("Query", "Mutation", "Subscription")
    ]
    assert "Query.a and Query.b" in found[0].message
    # Measured for queries only.
    assert [finding.confidence for finding in found] == ["high", "medium", "medium"]


def test_covered_fields_are_left_out() -> None:
    assert ask("deny-default-uncovered-root", COVERED, api(POOL, action="DENY")) == []
    found = one(
        "deny-default-uncovered-root", COVERED + "\ntype Mutation { x: ID y: ID @aws_auth }", api(POOL, action="DENY")
    )
    assert "1 field of Mutation has no @aws_auth" in found.message


def test_a_directive_on_the_root_type_is_not_judged() -> None:
    schema = 'type Query @aws_auth(cognito_groups: ["A"]) { a: ID }'
    assert ask("deny-default-uncovered-root", schema, api(POOL, action="DENY")) == []


@pytest.mark.parametrize("known", [None, api(POOL), api(POOL, action=None), with_open_action()])
def test_without_a_certain_deny_it_is_silent(known: Api | None) -> None:
    assert ask("deny-default-uncovered-root", "type Query { a: ID }", known) == []


def test_with_open_modes_deny_closes_or_is_refused() -> None:
    """DENY beside additional modes is refused, so wherever the API exists the fields are closed."""
    assert one("deny-default-uncovered-root", "type Query { a: ID }", with_open_modes(POOL, action="DENY"))


def test_deny_beside_further_modes_is_the_only_thing_said() -> None:
    schema = 'type Query { a: T @aws_auth(cognito_groups: ["A"]) b: T @aws_iam }\ntype T { id: ID }'
    found = everything(schema, api(POOL, IAM, action="DENY"))
    assert [finding.rule for finding in found] == ["deny-with-additional-modes"]
    assert "replace every @aws_auth" in found[0].help
    assert found[0].coordinate == ""


@pytest.mark.parametrize("known", [with_open_action(IAM), api(POOL, action="DENY"), api(IAM, POOL)])
def test_deny_with_additional_modes_needs_both_for_certain(known: Api | None) -> None:
    assert ask("deny-with-additional-modes", COVERED, known) == []
