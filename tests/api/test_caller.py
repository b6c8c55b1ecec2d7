"""Callers and modes as people, directives and AppSync's own API write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import Caller, InputError, Mode

COGNITO = Mode.AMAZON_COGNITO_USER_POOLS
#: SEMANTICS 1.2 and the callers' names of the contract: mode, directive, caller.
NAMES = [
    ("API_KEY", "aws_api_key", "api-key"),
    ("AWS_IAM", "aws_iam", "iam"),
    ("AMAZON_COGNITO_USER_POOLS", "aws_cognito_user_pools", "cognito"),
    ("OPENID_CONNECT", "aws_oidc", "oidc"),
    ("AWS_LAMBDA", "aws_lambda", "lambda"),
]


def test_there_are_five_modes() -> None:
    assert [mode.value for mode in Mode] == [mode for mode, _, _ in NAMES]


@pytest.mark.parametrize(("mode", "directive", "caller"), NAMES)
def test_names(mode: str, directive: str, caller: str) -> None:
    found = Mode(mode)
    assert (found.directive, found.caller) == (directive, caller)
    assert Mode.of_directive(directive) is found
    assert Mode.of_caller(caller) is found
    assert Caller.parse(caller) == Caller(found)
    assert str(Caller(found)) == caller
    assert found.who


@pytest.mark.parametrize("name", ["aws_auth", "aws_subscribe", "AWS_IAM", "@aws_iam", ""])
def test_other_directives_name_no_mode(name: str) -> None:
    assert Mode.of_directive(name) is None


def test_groups() -> None:
    assert Caller.parse("cognito:Admins") == Caller(COGNITO, frozenset({"Admins"}))
    assert Caller.parse("cognito:Admins+Editors") == Caller(COGNITO, frozenset({"Editors", "Admins"}))
    assert Caller.parse(" cognito: Admins + Editors ") == Caller.parse("cognito:Editors+Admins")
    assert str(Caller.parse("cognito:b+a+b")) == "cognito:a+b"
    assert Caller.parse("cognito:a:b") == Caller(COGNITO, frozenset({"a:b"}))


group_names = st.text(min_size=1).filter(lambda name: "+" not in name and name == name.strip())


@given(st.sampled_from(Mode), st.frozensets(group_names))
def test_what_is_written_is_what_is_read(mode: Mode, groups: frozenset[str]) -> None:
    caller = Caller(mode, groups if mode is COGNITO else frozenset())
    assert Caller.parse(str(caller)) == caller


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "unknown caller ''; write one of api-key, iam, cognito, oidc, lambda"),
        ("api_key", "unknown caller 'api_key'; did you mean api-key?"),
        ("API-KEY", "unknown caller 'API-KEY'; did you mean api-key?"),
        ("cognitto:Admins", "unknown caller 'cognitto:Admins'; did you mean cognito?"),
        ("everybody", "unknown caller 'everybody'; write one of api-key, iam, cognito, oidc, lambda"),
        ("iam:Admins", "caller 'iam:Admins': only cognito callers have groups"),
        ("iam:", "caller 'iam:': only cognito callers have groups"),
        ("cognito:", "caller 'cognito:': a group's name is empty"),
        ("cognito:A+", "caller 'cognito:A+': a group's name is empty"),
        ("cognito:A+ +B", "caller 'cognito:A+ +B': a group's name is empty"),
    ],
)
def test_what_is_no_caller(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        Caller.parse(text)
    assert str(error.value) == message


@given(st.text())
def test_any_text_is_a_caller_or_an_input_error(text: str) -> None:
    try:
        caller = Caller.parse(text)
    except InputError:
        return
    assert Caller.parse(str(caller)) == caller
