"""The rules about missing modes where fields carry directives of their own: what they say, and what they advise."""

from __future__ import annotations

from appsync_lint import Api, lint, parse_schema

from .asking import IAM, KEY, POOL, api, ask, everything, one

UNREACHABLE = "return-type-unreachable"
NONNULL = "nonnull-field-denied"


def test_fields_that_decide_for_themselves_are_told_apart_from_a_bare_type() -> None:
    schema = "type Query { t: T  u: ID @aws_iam }\ntype T { a: Int @aws_iam  b: Int @aws_iam }"

    found = one(UNREACHABLE, schema, api(POOL, IAM))

    assert found.label == "the directives on its fields admit nobody else"
    assert found.help == "add @aws_cognito_user_pools to the directives on T.a and T.b"
    assert found.severity.value == "warning"
    mended = schema.replace("Int @aws_iam", "Int @aws_iam @aws_cognito_user_pools")
    assert not ask(UNREACHABLE, mended, api(POOL, IAM))


def test_a_bare_type_with_a_field_of_its_own_needs_both() -> None:
    schema = (
        "type Query { t: T @aws_api_key @aws_cognito_user_pools  u: ID @aws_iam }\ntype T { a: Int @aws_iam  b: Int }"
    )

    found = one(UNREACHABLE, schema, api(KEY, POOL, IAM))

    assert found.label == "no directive, so only the default mode API_KEY is admitted"
    assert found.help == (
        "write type T @aws_api_key @aws_cognito_user_pools; a directive replaces the default mode, so name that too; "
        "add @aws_cognito_user_pools to the directive on T.a too"
    )


def test_nonnull_fields_are_advised_each_by_what_decides_it() -> None:
    schema = (
        "type Query { t: T @aws_api_key @aws_cognito_user_pools  u: ID @aws_iam }\n"
        "type T { id: ID!  a: String! @aws_iam  b: Int @aws_api_key }"
    )

    [found] = [item for item in ask(NONNULL, schema, api(POOL, KEY, IAM)) if item.subject == KEY]

    assert found.help == (
        "write @aws_iam @aws_api_key on T.a if they are meant to have them; write type T @aws_cognito_user_pools "
        "@aws_api_key; a directive replaces the default mode, so name that too; or make the fields nullable"
    )
    mended = schema.replace("T {", "T @aws_cognito_user_pools @aws_api_key {", 1).replace(
        "a: String! @aws_iam", "a: String! @aws_iam @aws_api_key"
    )
    assert not [item for item in everything(mended, api(POOL, KEY, IAM)) if item.subject == KEY]


def test_a_subscription_that_lost_the_default_mode_is_seen_beside_queries_that_kept_it() -> None:
    schema = (
        "type Query { version: String }\n"
        'type Subscription { onPut: ID @aws_subscribe(mutations: ["put"]) @aws_iam }\n'
        "type Mutation { put: ID @aws_iam }"
    )

    found = one("default-mode-lost", schema, api(POOL, IAM))

    assert found.coordinate == "Subscription.onPut"
    assert found.severity.value == "info"


def test_a_lost_default_mode_names_all_the_modes_that_replace_it() -> None:
    found = one("default-mode-lost", "type Query { me: ID a: ID @aws_api_key b: ID @aws_iam }", api(POOL, KEY, IAM))

    assert "refused on Query.a and Query.b: the directives there admit API_KEY and AWS_IAM" in found.message


def test_a_directive_for_an_absent_mode_takes_no_other_field_with_it() -> None:
    schema = "type Query { me: ID a: ID @aws_api_key b: ID @aws_api_key @aws_oidc }"

    assert "refused on Query.a:" in one("default-mode-lost", schema, api(POOL, KEY)).message


def test_a_misspelt_directive_speaks_for_its_own_mode_only() -> None:
    found = everything("type Query { me: ID a: ID @aws_iamm }", api(KEY, POOL, IAM))

    assert [(item.rule, item.subject) for item in found] == [
        ("mode-never-admitted", POOL),
        ("unknown-auth-directive", ""),
    ]
    assert "no directive that counts stands anywhere" in found[0].message
    assert "export" not in found[0].help


def test_a_schema_with_aws_auth_was_not_exported_without_directives() -> None:
    schema = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) }'

    found = one("mode-never-admitted", schema, api(POOL, KEY))

    assert "no directive that counts stands anywhere" in found.message
    assert "export" not in found.help


def test_a_wrapper_that_names_other_modes_itself_is_a_warning_like_any_type() -> None:
    key_and_iam = Api.from_dict(
        {"authenticationType": "API_KEY", "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}]}
    )
    query = "type Query { posts: Posts @aws_iam @aws_api_key }"
    forgotten = lint(parse_schema(f"{query}\ntype Posts {{ items: [ID] nextToken: ID }}"), key_and_iam)
    decided = lint(parse_schema(f"{query}\ntype Posts @aws_api_key {{ items: [ID] nextToken: ID }}"), key_and_iam)
    told = [[(item.rule, item.severity.value, item.confidence) for item in found] for found in (forgotten, decided)]
    assert told == [
        [("connection-wrapper-missing-mode", "error", "high")],
        [("connection-wrapper-missing-mode", "warning", "medium")],
    ]
