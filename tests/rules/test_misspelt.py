"""Directives and arguments that AppSync does not have."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api
from appsync_lint.linter import Severity
from appsync_lint_rules._names import looks_like_auth, meant

from .asking import IAM, KEY, LAMBDA, OIDC, POOL, api, ask, everything, one, with_open_default


@pytest.mark.parametrize(
    ("written", "intended"),
    [
        ("aws_cognito_user_pool", "aws_cognito_user_pools"),
        ("aws_cognito_userpools", "aws_cognito_user_pools"),
        ("aws_cognito_user_groups", "aws_cognito_user_pools"),
        ("cognito_user_pools", "aws_cognito_user_pools"),
        ("aws_cognito", "aws_cognito_user_pools"),
        ("aws_apikey", "aws_api_key"),
        ("aws_api_keys", "aws_api_key"),
        ("apiKey", "aws_api_key"),
        ("AWS_LAMBDA", "aws_lambda"),
        ("AwsIam", "aws_iam"),
        ("aws_iam_", "aws_iam"),
        ("iam", "aws_iam"),
        ("aws_oicd", "aws_oidc"),
        ("auth", "aws_auth"),
        ("aws_authz", "aws_auth"),
        ("aws_subscribes", "aws_subscribe"),
        ("subscribe", "aws_subscribe"),
    ],
)
def test_a_misspelt_directive_is_recognised(written: str, intended: str) -> None:
    assert meant(written) == intended
    assert looks_like_auth(written) == (intended != "aws_subscribe")


@pytest.mark.parametrize(
    "name", ["nullable", "ttl", "cacheControl", "deprecate_d", "author", "amount", "a", "oauth2_x"]
)
def test_other_words_are_not_taken_for_one(name: str) -> None:
    assert not looks_like_auth(name)


@pytest.mark.parametrize("name", ["aws_iam", "aws_auth", "aws_subscribe", "deprecated", "hidden"])
def test_the_services_own_are_not_misspelt(name: str) -> None:
    assert not looks_like_auth(name)


def test_a_lost_restriction_says_who_gets_in() -> None:
    schema = 'type Query { me: ID @aws_cognito_user_pool(cognito_groups: ["Staff"]) }'
    found = one("unknown-auth-directive", schema, api(POOL, IAM))
    assert "all signed-in Cognito users may call it, whatever their groups" in found.message
    assert found.help == 'write @aws_cognito_user_pools(cognito_groups: ["Staff"])'


def test_a_lost_mode_says_who_is_refused() -> None:
    schema = "type Query { v: ID }\ntype Mutation @aws_oicd @aws_iam { create: ID  sync: ID @aws_oicd }"
    type_level, field_level = ask("unknown-auth-directive", schema, api(KEY, OIDC, IAM))
    assert type_level.coordinate == "Mutation"
    assert "falls to @aws_iam on type Mutation" in field_level.message
    assert "OIDC users are refused" in field_level.message
    assert field_level.help.endswith("if they are to keep it, write @aws_oidc @aws_iam")


def test_the_default_mode_is_restated() -> None:
    found = one("unknown-auth-directive", "type Query { me: ID @AWS_LAMBDA }", api(KEY, LAMBDA))
    assert found.help.endswith("write @aws_lambda @aws_api_key")


def test_a_misspelling_of_the_default_mode_is_a_warning() -> None:
    assert one("unknown-auth-directive", "type Query { me: ID @aws_apikey }", api(KEY)).severity is Severity.WARNING
    lost = one("unknown-auth-directive", "type Query @aws_iam { me: ID @aws_apikey }", api(KEY, IAM))
    assert lost.severity is Severity.ERROR
    assert "callers with the API key are refused" in lost.message


def test_under_deny_one_finding_tells_of_a_misspelt_aws_auth() -> None:
    found = everything('type Query { me: ID @aws_auths(cognito_groups: ["A"]) }', api(POOL, action="DENY"))
    assert [finding.rule for finding in found] == ["unknown-auth-directive"]
    assert "nobody gets in" in found[0].message


def test_without_an_api_nobody_is_named() -> None:
    found = one("unknown-auth-directive", "type Query { me: ID @aws_oicd }")
    assert "AppSync drops it without a word" in found.message
    assert "falls to" not in found.message
    found = one("unknown-auth-directive", "type Query { me: ID @aws_oicd }", with_open_default(IAM))
    assert "falls to" not in found.message


def test_other_servers_directives_are_named() -> None:
    found = one("unknown-auth-directive", "type Query { me: ID @authenticated }", api(KEY))
    assert "callers with the API key may call it" in found.message


def test_an_unknown_directive_is_noted_once_for_each_name() -> None:
    schema = "type Query { a: ID @ttl b: ID @ttl c(x: ID @nullable): ID }\nenum E { A @ttl }"
    found = ask("unknown-directive", schema)
    assert [(finding.subject, finding.severity) for finding in found] == [
        ("ttl", Severity.INFO),
        ("nullable", Severity.INFO),
    ]
    assert "and 2 other places" in found[0].message


def test_a_misspelt_subscribe_is_a_warning_at_each_place() -> None:
    schema = 'type Query { a: ID }\ntype Subscription { on: ID @aws_subscribes(mutations: ["m"]) }'
    found = one("unknown-directive", schema)
    assert found.severity is Severity.WARNING
    assert found.help == "write @aws_subscribe"


# Arguments.


def test_a_wrong_argument_opens_the_field_to_every_user() -> None:
    schema = 'type Query { u: ID @aws_cognito_user_pools(groups: ["my-admin-group"]) }'
    found = one("unknown-auth-argument", schema, api(POOL, IAM))
    assert "all signed-in Cognito users may call Query.u" in found.message
    assert found.help == 'write @aws_cognito_user_pools(cognito_groups: ["my-admin-group"])'
    assert found.span.text == 'groups: ["my-admin-group"]'


def test_without_an_api_a_wrong_argument_tells_users_apart_no_more() -> None:
    found = one("unknown-auth-argument", 'type Query { u: ID @aws_cognito_user_pools(group: "A") }')
    assert "does not tell one of the signed-in Cognito users from another" in found.message
    assert found.help == 'write @aws_cognito_user_pools(cognito_groups: ["A"])'


@pytest.mark.parametrize("name", ["aws_iam", "aws_api_key", "aws_oidc", "aws_lambda"])
def test_the_other_directives_take_no_argument(name: str) -> None:
    found = one("unknown-auth-argument", f'type Query {{ u: ID @{name}(roles: ["x"]) }}', api(KEY, IAM, OIDC, LAMBDA))
    assert f"@{name} has no argument roles" in found.message


def test_a_further_argument_is_a_warning() -> None:
    schema = 'type Query { u: ID @aws_cognito_user_pools(cognito_groups: ["A"], roles: ["B"]) }'
    found = one("unknown-auth-argument", schema, api(POOL, IAM))
    assert found.severity is Severity.WARNING
    assert "only cognito_groups counts" in found.message


@pytest.mark.parametrize(
    ("directive", "known", "speaks"),
    [
        ('@aws_auth(groups: ["A"])', api(POOL, IAM), "aws-auth-ignored"),
        ('@aws_cognito_user_pools(groups: ["A"])', api(POOL), "user-pools-directive-ignored"),
        ('@aws_cognito_user_pools(groups: ["A"])', api(KEY, IAM), "directive-mode-not-configured"),
    ],
)
def test_where_the_directive_itself_does_not_count_that_is_said(directive: str, known: Api | None, speaks: str) -> None:
    found = everything(f"type Query {{ u: ID {directive} v: ID @aws_api_key @aws_iam }}", known)
    here = [finding.rule for finding in found if finding.coordinate == "Query.u"]
    assert here == [speaks]


def test_a_name_that_is_far_too_long_is_no_misspelt_one_and_costs_nothing() -> None:
    assert meant("aws_iam" + "x" * 5_000_000) is None
    assert looks_like_auth("aws_iam" + "x" * 5_000_000)
