"""What the help says: followed to the letter, it ends the finding and opens nothing."""

from __future__ import annotations

import pytest

from appsync_lint import Api

from .asking import IAM, KEY, POOL, api, ask, everything, one, with_open_action

ADMINS = '@aws_cognito_user_pools(cognito_groups: ["Admins"])'
GROUPS = '(cognito_groups: ["Admins"])'


def test_a_mutation_keeps_its_other_directives_without_the_key() -> None:
    schema = "type Query { me: ID }\ntype Mutation { purge: ID @aws_api_key @aws_iam }"

    found = one("api-key-reaches-mutation", schema, api(POOL, KEY, IAM))

    assert found.help == "remove @aws_api_key if it is not for everybody: @aws_iam stays"


def test_mutations_that_their_type_opens_keep_its_other_directives() -> None:
    schema = "type Query { me: ID }\ntype Mutation @aws_api_key @aws_iam { a: ID b: ID }"

    found = one("api-key-reaches-mutation", schema, api(POOL, KEY, IAM))

    assert (
        found.help == "write @aws_iam on each mutation that is not for everybody, or remove @aws_api_key from the type"
    )
    mended = schema.replace(": ID b: ID", ": ID @aws_iam b: ID @aws_iam")
    assert not ask("api-key-reaches-mutation", mended, api(POOL, KEY, IAM))


def test_groups_beside_the_key_stay_without_it() -> None:
    for schema in (
        f"type Query {{ me: ID }}\ntype Mutation {{ purge: ID @aws_api_key {ADMINS} }}",
        f"type Query {{ me: ID }}\ntype Mutation @aws_api_key {ADMINS} {{ a: ID b: ID }}",
    ):
        found = one("groups-beside-api-key", schema, api(POOL, KEY))

        assert found.severity.value == "error"
        assert found.help == f"remove @aws_api_key: {ADMINS} stays"
        assert not ask("api-key-reaches-mutation", schema, api(POOL, KEY))
        assert not ask("groups-beside-api-key", schema.replace("@aws_api_key ", ""), api(POOL, KEY))


@pytest.mark.parametrize(
    ("described", "written", "wanted"),
    [
        (api(POOL), f"@aws_cognito_user_pool{GROUPS}", f"write @aws_auth{GROUPS}"),
        (api(POOL, action="DENY"), f"@aws_cognito_user_pool{GROUPS}", f"write @aws_auth{GROUPS}"),
        (api(POOL, action="DENY"), "@aws_cognito_user_pool", "write @aws_auth"),
        (api(POOL), "@aws_cognito_user_pool", "remove it: every user of the pool gets in without it"),
        (api(POOL, IAM), f"@awsauth{GROUPS}", f"write {ADMINS}"),
        (api(KEY), "@aws_iams", "remove it, or configure AWS_IAM on the API and write @aws_iam"),
    ],
)
def test_a_misspelt_directive_is_to_be_one_that_counts_on_the_api(described: Api, written: str, wanted: str) -> None:
    found = one("unknown-auth-directive", f"type Query {{ x: ID {written} }}", described)

    assert found.help == wanted


@pytest.mark.parametrize("action", ["ALLOW", "DENY"])
def test_the_restriction_that_was_misspelt_counts_once_it_is_mended(action: str) -> None:
    described = api(POOL, action=action)
    schema = f"type Query {{ x: ID @aws_cognito_user_pool{GROUPS} }}"
    found = one("unknown-auth-directive", schema, described)

    mended = schema.replace(found.span.text, found.help.removeprefix("write "))

    assert not everything(mended, described)


def test_below_the_roots_of_a_pool_alone_nothing_is_to_be_written() -> None:
    schema = f"type Query {{ t: T }}\ntype T {{ x: ID @aws_cognito_user_pool{GROUPS} }}"

    found = one("unknown-auth-directive", schema, api(POOL))

    assert found.help.startswith("remove it: on an API with a user pool alone")


@pytest.mark.parametrize("written", [f"@aws_auth{GROUPS}", "@aws_oicd"])
def test_directives_beside_one_on_a_type_stay(written: str) -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools }}\ntype Mutation @aws_iam {written} {{ x: ID }}"

    [found] = [item for item in everything(schema, api(POOL, IAM, "OPENID_CONNECT")) if item.coordinate == "Mutation"]

    assert "ends the access" not in found.help


def test_a_mode_that_the_api_lacks_beside_one_that_it_has_may_go() -> None:
    found = one(
        "directive-mode-not-configured", "type Query { a: ID @aws_api_key @aws_oidc b: ID @aws_iam }", api(KEY, IAM)
    )

    assert found.help == "configure OPENID_CONNECT on the API, or remove it: the directives beside it count without it"


def test_groups_need_a_pool() -> None:
    found = one("directive-mode-not-configured", f"type Query {{ a: ID @aws_auth{GROUPS} }}", api("OPENID_CONNECT"))

    assert found.help == (
        "remove it and check in the resolver, or configure AMAZON_COGNITO_USER_POOLS on the API and write "
        '@aws_cognito_user_pools(cognito_groups: ["Admins"])'
    )


def test_a_missing_pool_is_told_once() -> None:
    schema = f"type Query {{ a: ID @aws_cognito_user_pools @aws_auth{GROUPS} b: ID @aws_iam @aws_api_key }}"

    assert [item.rule for item in everything(schema, api(KEY, IAM))] == ["directive-mode-not-configured"]


def test_groups_that_a_bare_aws_auth_outdoes_are_told_once() -> None:
    schema = f"type Query {{ a: ID {ADMINS} @aws_auth }}"

    assert [item.rule for item in everything(schema, api(POOL))] == ["user-pools-directive-ignored"]


def test_the_fields_of_a_closed_root_come_before_what_opens_them() -> None:
    found = one(
        "user-pools-directive-ignored", "type Query @aws_cognito_user_pools { a: ID }", api(POOL, action="DENY")
    )

    assert found.help.startswith("write @aws_auth on each of its fields, which admits every user of the pool; ")


def test_several_directives_that_are_dropped_are_spoken_of_as_several() -> None:
    schema = "type Query { me: ID @aws_iam }\nextend type Query @aws_iam @aws_api_key { x: ID }"

    assert (
        "@aws_iam and @aws_api_key on it do not count" in one("extension-fields-dropped", schema, api(KEY, IAM)).message
    )


def test_what_is_not_known_is_not_said_to_restrict_nobody() -> None:
    found = one("user-pools-directive-ignored", f"type Query {{ a: ID {ADMINS} }}", api(POOL, action=None))

    assert found.label == "does not count"


def test_a_bare_aws_auth_is_not_to_be_removed_where_the_default_action_is_open() -> None:
    found = one("aws-auth-without-groups", "type Query { a: ID @aws_auth }", with_open_action())

    assert "opens it to every signed-in user" in found.message
    assert "remove" not in found.help


def test_mutations_that_are_opened_alike_are_one_finding() -> None:
    schema = (
        "type Query { a: ID }\ntype Mutation { a: ID @aws_api_key b: ID @aws_api_key c: ID @aws_api_key @aws_iam "
        "d: ID @aws_iam }"
    )
    found = ask("api-key-reaches-mutation", schema, api(POOL, KEY, IAM))
    assert [(item.message, item.help) for item in found] == [
        (
            "anybody who has the API key may call Mutation.a and Mutation.b",
            "write @aws_cognito_user_pools or @aws_iam in its place on each that is not for everybody",
        ),
        (
            "anybody who has the API key may call Mutation.c",
            "remove @aws_api_key if it is not for everybody: @aws_iam stays",
        ),
    ]
    assert [label.span.text for label in found[0].related] == ["@aws_api_key"]


def test_a_mistake_at_one_mutation_hides_no_other() -> None:
    schema = 'type Query { a: ID }\ntype Mutation @aws_api_key { a: ID @aws_auth(cognito_groups: ["A"]) b: ID c: ID }'
    found = one("api-key-reaches-mutation", schema, api(POOL, KEY))
    assert found.message == "anybody who has the API key may call Mutation.b and Mutation.c"
    assert found.coordinate == "Mutation"
