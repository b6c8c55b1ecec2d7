"""The rules about @aws_auth: where it counts, where not, and who gets in instead."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api
from appsync_lint.linter import Severity

from .asking import IAM, KEY, LAMBDA, OIDC, POOL, api, ask, everything, one, with_open_action, with_open_modes

GUARDED = 'type Query { me: ID }\ntype Mutation { purge: Boolean @aws_auth(cognito_groups: ["Admins"]) }'


def test_with_the_pool_as_default_every_user_gets_in() -> None:
    found = one("aws-auth-ignored", GUARDED, api(POOL, IAM))
    assert "falls to the default mode AMAZON_COGNITO_USER_POOLS" in found.message
    assert "all signed-in Cognito users may call it, whatever their groups" in found.message
    assert found.help == 'write @aws_cognito_user_pools(cognito_groups: ["Admins"])'
    assert found.coordinate == "Mutation.purge"
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("default", "who"), [(KEY, "callers with the API key"), (IAM, "IAM callers"), (OIDC, "OIDC users")]
)
def test_with_another_default_its_callers_get_in_and_users_do_not(default: str, who: str) -> None:
    found = one("aws-auth-ignored", GUARDED, api(default, POOL))
    assert f"falls to the default mode {default}" in found.message
    assert who in found.message
    assert "signed-in Cognito users in Admins are refused" in found.message
    assert 'write @aws_cognito_user_pools(cognito_groups: ["Admins"])' in found.help
    assert 'if they are to keep it, write @aws_cognito_user_pools(cognito_groups: ["Admins"]) @aws_' in found.help


def test_the_types_directives_decide_before_the_default_mode() -> None:
    schema = 'type Query @aws_iam @aws_cognito_user_pools { report: ID @aws_auth(cognito_groups: ["Staff"]) }'
    found = one("aws-auth-ignored", schema, api(KEY, IAM, POOL))
    assert "falls to @aws_iam @aws_cognito_user_pools on type Query" in found.message
    assert "IAM callers and all signed-in Cognito users may call it" in found.message
    assert found.help.endswith('write @aws_cognito_user_pools(cognito_groups: ["Staff"]) @aws_iam')


def test_directives_beside_it_decide() -> None:
    schema = 'type Query { report: ID @aws_iam @aws_auth(cognito_groups: ["Staff"]) }'
    found = one("aws-auth-ignored", schema, api(POOL, IAM))
    assert "falls to @aws_iam beside it, so IAM callers may call it" in found.message
    assert "signed-in Cognito users in Staff are refused" in found.message


def test_a_mode_that_the_api_lacks_leaves_nobody() -> None:
    schema = 'type Query { report: ID @aws_lambda @aws_auth(cognito_groups: ["Staff"]) me: ID }'
    found = one("aws-auth-ignored", schema, api(POOL, IAM))
    assert "so nobody may call it" in found.message


def test_without_a_pool_no_pool_directive_is_advised() -> None:
    found = one("aws-auth-ignored", GUARDED, api(KEY, IAM))
    assert "@aws_cognito_user_pools" not in found.help
    assert "@aws_api_key or @aws_iam" in found.help


@pytest.mark.parametrize(
    "schema",
    [
        'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: ["A"]) }',
        'type Query { a: ID @aws_auth(cognito_groups: ["A","B"]) @aws_cognito_user_pools(cognito_groups: ["B","A"]) }',
        'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: ["A"]) @aws_iam }',
        'type Query @aws_cognito_user_pools(cognito_groups: ["A"]) { a: ID @aws_auth(cognito_groups: ["A"]) }',
    ],
)
def test_the_same_groups_where_they_count_are_safe(schema: str) -> None:
    assert ask("aws-auth-ignored", schema, api(POOL, IAM)) == []
    assert ask("groups-only-on-aws-auth", schema, api(POOL, IAM)) == []


def test_other_groups_where_they_count_are_told() -> None:
    schema = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: ["B"]) }'
    found = one("aws-auth-ignored", schema, api(POOL, IAM))
    assert "signed-in Cognito users in B may call it, and signed-in Cognito users in A are refused" in found.message


def test_groups_that_do_not_count_beside_a_bare_directive_are_one_finding() -> None:
    schema = 'type Mutation { set: ID @aws_cognito_user_pools @aws_auth(cognito_groups: ["ADMIN"]) }'
    found = one("groups-only-on-aws-auth", schema, api(POOL, IAM))
    assert found.span.text == "@aws_cognito_user_pools"
    assert "whether they are in ADMIN or not" in found.message
    assert ask("aws-auth-ignored", schema, api(POOL, IAM)) == []
    # On a pool alone it is @aws_auth that counts, and the field is guarded.
    assert ask("groups-only-on-aws-auth", schema, api(POOL)) == []


def test_without_groups_it_changes_nothing_where_every_user_gets_in_anyway() -> None:
    found = one("aws-auth-ignored", "type Query { me: ID @aws_auth }", api(POOL, IAM))
    assert found.severity is Severity.INFO
    found = one("aws-auth-ignored", "type Query { me: ID @aws_auth }", api(KEY, POOL))
    assert found.severity is Severity.ERROR
    assert "signed-in Cognito users are refused" in found.message


def test_on_a_type_it_stands_for_the_fields_without_a_directive() -> None:
    schema = (
        'type Query { pay: Pay }\ntype Pay @aws_auth(cognito_groups: ["HR"]) { sum: Int  id: ID @aws_iam }\n'
        'type Sealed @aws_auth(cognito_groups: ["HR"]) { id: ID @aws_iam }'
    )
    found = one("aws-auth-ignored", schema, api(POOL, IAM))
    assert found.coordinate == "Pay"
    assert "type Pay falls to the default mode" in found.message
    assert "may read its fields" in found.message


def test_the_second_mode_is_shown_or_named() -> None:
    from dataclasses import replace

    known = api(POOL, IAM)
    flag = replace(known, additional=(replace(known.additional[0], origin="--additional-mode"),))
    found = one("aws-auth-ignored", GUARDED, flag)
    assert "AWS_IAM, is given by --additional-mode" in found.label
    assert found.related == ()


@pytest.mark.parametrize("known", [with_open_modes(POOL), api(POOL), api(POOL, action="DENY"), None])
def test_it_is_silent_unless_several_modes_are_certain(known: Api | None) -> None:
    assert ask("aws-auth-ignored", GUARDED, known) == []


def test_it_is_silent_on_an_api_that_appsync_refuses() -> None:
    found = everything(GUARDED, api(POOL, IAM, action="DENY"))
    assert [finding.rule for finding in found if "aws-auth" in finding.rule or "deny" in finding.rule] == [
        "deny-with-additional-modes"
    ]


def test_an_unknown_reading_beside_it_is_not_called_a_refusal() -> None:
    schema = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) @aws_cognito_user_pools(cognito_groups: []) }'
    found = one("aws-auth-ignored", schema, api(POOL, IAM))
    assert "is not known" in found.message
    assert "refused" not in found.message
    assert found.confidence == "medium"


# Below the root.

NESTED = 'type Query { me: User }\ntype User { id: ID pay: Int @aws_auth(cognito_groups: ["HR"]) }'


@pytest.mark.parametrize("known", [None, api(POOL), api(POOL, action="DENY"), api(KEY), with_open_modes(POOL)])
def test_below_the_root_it_is_dead_on_any_api(known: Api | None) -> None:
    found = one("nested-aws-auth-dead", NESTED, known)
    assert "whoever gets to User reads User.pay, whether in HR or not" in found.message


def test_below_the_root_one_rule_speaks() -> None:
    rules = [finding.rule for finding in everything(NESTED, api(POOL, IAM)) if "aws-auth" in finding.rule]
    assert rules == ["aws-auth-ignored"]


def test_a_root_that_is_called_otherwise_is_a_root() -> None:
    schema = 'schema { query: Root }\ntype Root { me: ID @aws_auth(cognito_groups: ["A"]) }'
    assert ask("nested-aws-auth-dead", schema, api(POOL)) == []


def test_the_pair_for_both_kinds_of_api_is_dead_on_a_pool_alone_only() -> None:
    pair = '@aws_auth(cognito_groups: ["HR"]) @aws_cognito_user_pools(cognito_groups: ["HR"])'
    schema = f"type Query {{ me: User }}\ntype User {{ id: ID pay: Int {pair} }}"
    assert ask("nested-aws-auth-dead", schema) == []
    assert ask("nested-aws-auth-dead", schema, api(POOL, IAM)) == []
    found = everything(schema, api(POOL))
    assert [finding.rule for finding in found] == ["nested-aws-auth-dead"]


# Without groups on a pool alone.


def test_without_groups_under_allow_it_restricts_nobody() -> None:
    found = one("aws-auth-without-groups", "type Query { me: ID @aws_auth }", api(POOL))
    assert "leaves it open to every signed-in user" in found.message
    assert found.severity is Severity.WARNING


def test_without_groups_under_deny_it_means_every_user() -> None:
    found = one("aws-auth-without-groups", "type Query { me: ID @aws_auth }", api(POOL, action="DENY"))
    assert "opens it to every signed-in user" in found.message
    assert found.severity is Severity.INFO


@pytest.mark.parametrize("known", [api(KEY), api(POOL, LAMBDA), with_open_modes(POOL)])
def test_without_groups_elsewhere_other_rules_speak(known: Api | None) -> None:
    assert ask("aws-auth-without-groups", "type Query { me: ID @aws_auth }", known) == []


def test_without_groups_with_an_open_action_is_still_open_to_every_user() -> None:
    found = one("aws-auth-without-groups", "type Query { me: ID @aws_auth }", with_open_action())
    assert "every signed-in user" in found.message
