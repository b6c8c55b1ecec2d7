"""The rules about the names of groups: unknown, spelled in two ways, repeated, all of them, two lists side by side."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import Api
from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import parse_schema

from .asking import IAM, KEY, OIDC, POOL, RULES, api, ask, everything, one, with_open_modes

UNKNOWN = "unknown-group"
SPELLED = "group-spelled-two-ways"


def pools(*groups: str) -> str:
    return f"@aws_cognito_user_pools{_groups(*groups)}"


def auth(*groups: str) -> str:
    return f"@aws_auth{_groups(*groups)}"


def _groups(*groups: str) -> str:
    return "(cognito_groups: [" + ", ".join(f'"{name}"' for name in groups) + "])"


def knowing(known: Api, *groups: str) -> Api:
    """Let the groups of the pool be known."""
    return replace(known, groups=groups)


def query(*directives: str) -> str:
    """Write a root field for each directive, beside one that is open to IAM and the pool."""
    fields = " ".join(f"f{number}: ID {text}" for number, text in enumerate(directives))
    return f"type Query {{ me: ID @aws_iam @aws_cognito_user_pools {fields} }}"


# Groups that do not exist.


def test_a_group_that_does_not_exist_is_told_once_with_the_likely_one() -> None:
    schema = query(pools("Admin"), pools("Admin", "Editors"), pools("Editors"))

    found = one(UNKNOWN, schema, knowing(api(POOL, IAM), "Admins", "Editors"))

    assert found.coordinate == "Query.f0"
    assert found.span.text == '"Admin"'
    assert "(here and in 1 other place)" in found.message
    assert "refuses every signed-in user" in found.message
    assert found.help.startswith('write "Admins" if that is meant')


def test_beside_a_group_that_exists_an_unknown_one_closes_nothing() -> None:
    found = one(UNKNOWN, query(pools("Editors", "Zebras")), knowing(api(POOL, IAM), "Admins", "Editors"))

    assert found.message == 'the user pool has no group "Zebras": it admits nobody'
    assert "one that exists (Admins or Editors)" in found.help
    beside_a_placeholder = query(pools("${STAFF}", "Zebras"))
    assert "it admits nobody" in one(UNKNOWN, beside_a_placeholder, knowing(api(POOL, IAM), "Admins")).message


@pytest.mark.parametrize(
    ("directive", "known"),
    [
        (pools("Zebras"), api(POOL, IAM)),
        (pools("Editors"), knowing(api(POOL, IAM), "Editors")),
        (pools("__deny_all__"), knowing(api(POOL, IAM), "Editors")),
        (pools("${ADMINS}"), knowing(api(POOL, IAM), "Editors")),
        (pools(""), knowing(api(POOL, IAM), "Editors")),
        # Directives that are not read restrict nobody, whatever the name.
        (auth("Zebras"), knowing(api(POOL, IAM), "Editors")),
        (pools("Zebras"), knowing(api(POOL), "Editors")),
        (pools("Zebras"), knowing(api(OIDC, IAM), "Editors")),
    ],
)
def test_no_group_is_called_unknown_without_reason(directive: str, known: Api) -> None:
    assert not ask(UNKNOWN, query(directive), known)


def test_where_the_pool_is_alone_the_groups_of_aws_auth_count() -> None:
    schema = f"type Query {{ a: ID {auth('Zebras')} t: T }} type T {{ a: ID {auth('Yaks')} }}"

    assert one(UNKNOWN, schema, knowing(api(POOL), "Editors")).subject == "Zebras"


def test_a_pool_without_any_group_is_known_to_have_none() -> None:
    found = one(UNKNOWN, query(pools("Editors")), knowing(api(POOL, IAM)))

    assert "there is none" in found.help


# One group in two spellings.


@pytest.mark.parametrize(
    ("usual", "odd", "how"),
    [
        ("Admin", "admin", "in case"),
        ("super-admin", "SuperAdmin", "in case, blanks or marks"),
        ("Admin", "Admins", "by an s at the end"),
        ("Manager", "Manger", "in one letter"),
        ("Auditor", "Auditro", "in one letter"),
        ("Organizer", "Organiser", "in one letter"),
    ],
)
def test_two_spellings_are_told_at_the_rarer_one(usual: str, odd: str, how: str) -> None:
    found = one(SPELLED, query(pools(odd), pools(usual), pools(usual)), api(POOL, IAM))

    assert found.span.text == f'"{odd}"'
    assert f'"{odd}" (1 place) and "{usual}" (2 places) differ only {how},' in found.message
    assert found.help.startswith(f'write "{usual}" in all places')


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("team1", "team2"),
        ("tenant-a-admins", "tenant-b-admins"),
        ("TenantA", "TenantB"),
        ("us-readers", "uk-readers"),
        ("reader", "leader"),
        ("Buyer", "Guyer"),
        ("Editors", "Auditors"),
        ("HR", "PR"),
    ],
)
def test_groups_that_are_meant_to_differ_are_left_alone(left: str, right: str) -> None:
    assert not ask(SPELLED, query(pools(left), pools(right), pools(right)), api(POOL, IAM))


def test_spellings_that_stand_in_one_list_are_two_groups() -> None:
    assert not ask(SPELLED, query(pools("Admin"), pools("Admin", "Admins"), pools("Admins")), api(POOL, IAM))


def test_spellings_that_both_exist_are_two_groups() -> None:
    schema = query(pools("Admin"), pools("Admins"))

    assert not everything(schema, knowing(api(POOL, IAM), "Admin", "Admins"))
    assert [item.rule for item in everything(schema, knowing(api(POOL, IAM), "Admins"))] == [UNKNOWN]


def test_where_each_stands_as_often_none_is_called_the_right_one() -> None:
    assert "write the right one of them" in one(SPELLED, query(pools("Admin"), pools("admin")), api(POOL, IAM)).help


def test_spellings_are_compared_without_an_api_and_placeholders_never() -> None:
    assert one(SPELLED, query(pools("Admin"), auth("admin"))).subject == "admin"
    assert not ask(SPELLED, query(pools("${ADMIN}"), pools("${admin}")))
    assert not ask(SPELLED, query(pools("Admin"), auth("admin")), api(POOL, IAM))


@given(st.lists(st.text("abAB-s ", min_size=1, max_size=9).filter(str.strip), unique=True, max_size=12))
def test_each_name_is_told_of_at_most_once_and_never_the_one_it_is_compared_with(names: list[str]) -> None:
    found = ask(SPELLED, query(*(pools(name) for name in names)))
    odd = [item.subject for item in found]
    assert len(odd) == len(set(odd))
    assert len(odd) < max(len(names), 1)


def test_thousands_of_groups_are_compared_at_once() -> None:
    names = [f"{first}{second}{third}group" for first in "abcdefgh" for second in "ijklmnop" for third in "qrstuvwx"]
    schema = parse_schema(query(*(pools(f"{name}{end}") for name in names for end in ("oneof", "twoof"))))
    rules = {SPELLED: RULES[SPELLED], UNKNOWN: RULES[UNKNOWN]}

    found = run(schema, api(POOL, IAM), Settings(), rules=rules).findings

    assert {item.rule for item in found} <= {SPELLED}


# A group twice, all groups.


def test_a_group_that_stands_thrice_is_told_once() -> None:
    found = one("duplicate-group", query(pools("A", "B", "A", "A")), api(POOL, IAM))

    assert 'the group "A" 3 times' in found.message
    assert found.span.start.column > found.related[0].span.start.column


@pytest.mark.parametrize(("directive", "known"), [(pools("A", "a"), api(POOL, IAM)), (pools("", ""), None)])
def test_different_names_are_no_repetition(directive: str, known: Api | None) -> None:
    assert not ask("duplicate-group", query(directive), known)


def test_a_repetition_on_a_directive_that_is_not_read_is_not_told_too() -> None:
    assert [item.rule for item in everything(query(auth("A", "A")), api(POOL, IAM))] == ["aws-auth-ignored"]


def _all_groups(schema: str, known: Api) -> list[str]:
    settings = Settings(select=frozenset(["all-groups-listed"]))
    return [item.message for item in run(parse_schema(schema), known, settings, rules=RULES).findings]


def test_all_groups_are_noted_only_if_that_is_asked_for() -> None:
    schema, known = query(pools("A", "B"), pools("B", "A"), pools("A")), knowing(api(POOL, IAM), "A", "B")

    (message,) = _all_groups(schema, known)
    assert "every group of the pool (A and B) (here and in 1 other place)" in message
    assert not everything(schema, known)


@pytest.mark.parametrize(
    "known", [api(POOL, IAM), knowing(api(POOL, IAM), "A"), knowing(api(POOL, IAM), "A", "B", "C")]
)
def test_what_is_not_known_to_be_all_groups_is_not_called_so(known: Api) -> None:
    assert not _all_groups(query(pools("A", "B")), known)


# Two lists side by side.


@pytest.mark.parametrize(
    ("known", "rule"),
    [
        (None, "aws-auth-groups-differ"),
        (with_open_modes(POOL), "aws-auth-groups-differ"),
        (api(POOL), "user-pools-directive-ignored"),
        (api(POOL, IAM), "aws-auth-ignored"),
        (api(KEY, IAM), "directive-mode-not-configured"),
    ],
)
def test_two_lists_that_differ_are_told_once_whatever_the_api(known: Api | None, rule: str) -> None:
    found = everything(query(f"{auth('A')} {pools('B')}"), known)

    assert [item.rule for item in found if any("Query.f0" in cause for cause in item.causes)] == [rule]


@pytest.mark.parametrize("lists", [(auth("A", "B"), pools("B", "A")), (auth("A"), "@aws_cognito_user_pools")])
def test_equal_lists_and_single_ones_do_not_differ(lists: tuple[str, str]) -> None:
    assert not ask("aws-auth-groups-differ", query(" ".join(lists)))
