"""@aws_cognito_user_pools on an API whose only mode is a user pool."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api
from appsync_lint.linter import Severity

from .asking import IAM, KEY, POOL, api, ask, everything, one, with_open_action, with_open_modes

RULE = "user-pools-directive-ignored"
GROUPED = 'type Query { pay: [Int] @aws_cognito_user_pools(cognito_groups: ["HR"]) }'


def test_under_allow_the_groups_restrict_nobody() -> None:
    found = one(RULE, GROUPED, api(POOL))
    assert "defaultAction ALLOW, so all signed-in Cognito users may call it" in found.message
    assert found.confidence == "medium"
    assert 'write @aws_auth(cognito_groups: ["HR"])' in found.help


def test_under_deny_members_are_refused_too_and_nothing_else_is_said() -> None:
    found = everything(GROUPED, api(POOL, action="DENY"))
    assert [finding.rule for finding in found] == [RULE]
    assert "nobody may call it" in found[0].message


@pytest.mark.parametrize("known", [api(POOL, action=None), with_open_action()])
def test_without_a_known_action_nobody_is_said_to_get_in(known: Api | None) -> None:
    found = one(RULE, GROUPED, known)
    assert "is not known" in found.message
    assert "nobody" not in found.message
    assert "all signed-in" not in found.message


def test_below_the_root_no_directive_helps() -> None:
    schema = 'type Query { me: User }\ntype User { pay: Int @aws_cognito_user_pools(cognito_groups: ["HR"]) }'
    found = one(RULE, schema, api(POOL))
    assert "whoever gets to User reads User.pay" in found.message
    assert "second mode" in found.help


def test_a_type_with_groups_is_one_finding() -> None:
    schema = 'type Query { me: User }\ntype User @aws_cognito_user_pools(cognito_groups: ["HR"]) { id: ID pay: Int }'
    assert one(RULE, schema, api(POOL)).coordinate == "User"


def test_bare_directives_that_change_nothing_are_no_finding() -> None:
    schema = (
        "type Query @aws_cognito_user_pools { a: ID @aws_cognito_user_pools b: T }\n"
        "type T @aws_cognito_user_pools { id: ID }"
    )
    assert ask(RULE, schema, api(POOL)) == []


def test_a_bare_directive_under_deny_closes_the_field() -> None:
    found = everything("type Query { a: ID @aws_cognito_user_pools }", api(POOL, action="DENY"))
    assert [finding.rule for finding in found] == [RULE]
    assert found[0].severity is Severity.ERROR
    assert "write @aws_auth, which admits every user of the pool" in found[0].help


def test_bare_directives_under_deny_are_one_finding_for_a_root_type() -> None:
    bare = "@aws_cognito_user_pools"
    schema = f"type Query {{ a: ID {bare} b: ID {bare} c: ID }}\ntype Mutation {bare} {{ d: ID e: ID }}"
    found = everything(schema, api(POOL, action="DENY"))
    assert [(finding.rule, finding.coordinate) for finding in found] == [
        ("deny-default-uncovered-root", "Query"),
        (RULE, "Query.a"),
        (RULE, "Mutation"),
    ]
    assert "closes Query.c to every caller" in found[0].message
    assert "Query.a and Query.b fall to" in found[1].message
    assert "Mutation.d and Mutation.e fall to" in found[2].message


def test_beside_aws_auth_the_same_groups_are_safe_and_others_do_not_count() -> None:
    same = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: ["A"]) }'
    assert everything(same, api(POOL)) == []
    bare = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools }'
    assert everything(bare, api(POOL)) == []
    other = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: ["B"]) }'
    assert "these groups do not count" in one(RULE, other, api(POOL)).message


@pytest.mark.parametrize("known", [None, api(POOL, IAM), api(KEY), api(KEY, POOL), with_open_modes(POOL)])
def test_it_is_silent_where_the_directive_counts_or_may_count(known: Api | None) -> None:
    assert ask(RULE, GROUPED, known) == []


def test_on_a_root_type_it_stands_for_the_fields_that_aws_auth_does_not_decide() -> None:
    schema = (
        'type Query @aws_cognito_user_pools(cognito_groups: ["HR"]) { a: ID @aws_auth(cognito_groups: ["HR"]) b: ID }'
    )
    found = one(RULE, schema, api(POOL))
    assert "every undirected field of Query falls to the default pool's defaultAction ALLOW" in found.message
