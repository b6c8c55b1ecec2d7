"""The rules about what AppSync makes of a schema: places of directives, scalars, interfaces, repetition, merging."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api
from appsync_lint.linter import Finding, Severity
from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import parse_schema

from .asking import IAM, KEY, POOL, RULES, api, ask, everything, folding, one, with_open_default

MISPLACED = "misplaced-auth-directive"
SCALAR = "unknown-scalar"
MERGE = "merge-directive-misused"
TWICE = "duplicate-directive"
GATES = "inconsistent-read-gates"
ADMINS = '@aws_cognito_user_pools(cognito_groups: ["Admins"])'
BOTH = "@aws_iam @aws_cognito_user_pools"
MULTI = api(POOL, IAM)


# Directives where AppSync never looks.


@pytest.mark.parametrize(
    ("schema", "coordinate"),
    [
        (f"type Query {{ a(id: ID {ADMINS}): ID {BOTH} }}", "Query.a(id:)"),
        (f"type Query {{ a(i: I): ID {BOTH} }} input I {{ role: ID {ADMINS} name: ID }}", "I.role"),
        (f"type Query {{ a(i: I): ID {BOTH} }} input I {ADMINS} {{ role: ID }}", "I"),
        (f"type Query {{ a: E {BOTH} }} enum E {{ A B {ADMINS} }}", "E.B"),
        (f"type Query {{ a: ID {BOTH} }} schema @aws_iam {{ query: Query }}", "schema"),
        (f"type Query {{ a(id: ID @aws_iam): ID {BOTH} }}", "Query.a(id:)"),
        (f"interface N {ADMINS} {{ a: ID }} type T implements N {BOTH} {{ a: ID }} type Query {{ n: N {BOTH} }}", "N"),
        (
            f"interface N {{ a: ID {ADMINS} }} type T implements N {BOTH} {{ a: ID }} type Query {{ n: N {BOTH} }}",
            "N.a",
        ),
        (f"union U {ADMINS} = T type T {BOTH} {{ a: ID }} type Query {{ u: U {BOTH} }}", "U"),
    ],
)
def test_what_was_to_restrict_and_is_not_read_is_a_warning(schema: str, coordinate: str) -> None:
    found = everything(schema, MULTI)

    assert [(item.rule, item.coordinate, item.severity) for item in found] == [
        (MISPLACED, coordinate, Severity.WARNING)
    ]


@pytest.mark.parametrize(
    "schema",
    [
        f"type Query {{ a(i: I): ID {BOTH} }} input I @aws_iam {{ a: ID }}",
        f"type Query {{ a(i: I): ID {BOTH} }} input I {{ a: ID {BOTH} }}",
        f"type Query {{ a: E {BOTH} }} enum E @aws_iam {{ A }}",
    ],
)
def test_what_keeps_nobody_out_is_only_noted(schema: str) -> None:
    assert one(MISPLACED, schema, MULTI).severity is Severity.INFO


def test_directives_on_one_input_are_told_once() -> None:
    schema = (
        f"type Query {{ a(i: I): ID {BOTH} }} input I @aws_iam {{ a: ID b: ID {BOTH} c: ID {ADMINS} d: ID {ADMINS} }}"
    )

    found = one(MISPLACED, schema, MULTI)

    assert found.coordinate == "I.c"
    assert "@aws_cognito_user_pools on I.c (here and in 3 other places)" in found.message


@pytest.mark.parametrize("on_members", [BOTH, "@aws_cognito_user_pools @aws_iam"])
def test_an_abstract_type_that_says_what_its_objects_say_is_left_alone(on_members: str) -> None:
    schema = (
        f"union U {BOTH} = A | B interface N {BOTH} {{ id: ID {ADMINS} }} "
        f"type A implements N {on_members} {{ id: ID {ADMINS} n: ID }} type B {on_members} {{ id: ID }} "
        f"type Query {{ u: U {BOTH} n: N {BOTH} }}"
    )

    assert not ask(MISPLACED, schema, MULTI)
    assert not ask(MISPLACED, schema)


def test_who_gets_past_an_interface_is_named() -> None:
    schema = (
        f"interface N @aws_iam {{ a: ID }} type S implements N @aws_iam {{ a: ID }} type T implements N {{ a: ID }} "
        f"type Query {{ n: N b: ID {BOTH} }}"
    )

    found = one(MISPLACED, schema, MULTI)

    assert found.message.endswith("on the interface N decides nothing, and signed-in Cognito users get T")
    assert found.help == "write the directives on the object types of N (S and T)"


def test_a_member_that_lacks_a_mode_of_its_union_is_told_as_such_alone() -> None:
    schema = f"union U {BOTH} = A | B type A {BOTH} {{ a: ID }} type B {{ b: ID }} type Query {{ u: U {BOTH} }}"

    assert [(item.rule, item.coordinate) for item in everything(schema, MULTI)] == [("return-type-unreachable", "B")]


def test_a_member_that_lacks_a_mode_of_the_field_is_told_whatever_stands_on_the_union() -> None:
    schema = f"union U = A | B type A {BOTH} {{ a: ID }} type B {{ b: ID }} type Query {{ u: U {BOTH} }}"

    assert [(item.rule, item.coordinate) for item in everything(schema, MULTI)] == [("return-type-unreachable", "B")]


def test_a_wrong_list_of_groups_on_an_input_is_no_second_mistake() -> None:
    schema = f"type Query {{ a(i: I): ID {BOTH} }} input I @aws_cognito_user_pools(cognito_groups: []) {{ a: ID }}"

    assert [item.rule for item in everything(schema, MULTI)] == [MISPLACED]


def test_directives_of_dropped_blocks_are_left_to_the_rule_about_these() -> None:
    schema = f"type Query {{ a(i: I): ID {BOTH} }} input I {{ a: ID }} extend input I {ADMINS} {{ b: ID }}"

    assert not ask(MISPLACED, schema, MULTI)
    assert one(MISPLACED, schema, folding(MULTI)).coordinate == "I"


@pytest.mark.parametrize("known", [None, with_open_default(IAM), api(KEY), api(POOL)])
def test_groups_on_an_argument_restrict_nobody_whatever_the_modes(known: Api | None) -> None:
    assert one(MISPLACED, f"type Query {{ a(id: ID {ADMINS}): ID }}", known).severity is Severity.WARNING


# Scalars.


@pytest.mark.parametrize(
    ("schema", "marked", "meant"),
    [
        ("type Query { a: AWSTimeStamp }", "AWSTimeStamp", "AWSTimestamp"),
        ("type Query { a: [AWSUUID!]! }", "AWSUUID", "ID"),
        ("type Query { a: DateTime }", "DateTime", "AWSDateTime"),
        ("type Query { a(at: JSON): ID }", "JSON", "AWSJSON"),
        ("type Query { a(i: I): ID } input I { at: AWSDatetime }", "AWSDatetime", "AWSDateTime"),
        ("type Query { a: Strng }", "Strng", "String"),
        ("type Query { a: string }", "string", "String"),
        ("scalar Date type Query { a: Date }", "Date", "AWSDate"),
        ("type Query { a: AWSWhatever }", "AWSWhatever", "one of AppSync's scalars"),
        ("scalar Colour type Query { a: Colour }", "Colour", "one of AppSync's scalars"),
    ],
)
def test_a_scalar_that_appsync_lacks_is_told_once_with_the_likely_one(schema: str, marked: str, meant: str) -> None:
    found = one(SCALAR, schema)

    assert found.span.text == marked
    assert found.help.startswith(f"write {meant} for it")


@pytest.mark.parametrize(
    "schema",
    [
        "type Query { a: AWSTimestamp b: BigInt c: Double d: AWSIPAddress }",
        "scalar AWSJSON type Query { a: AWSJSON }",
        "type Query { a: Phone b: Email } type Phone { n: ID } type Email { n: ID }",
        # Parts of a schema, whose other parts were not given.
        "type Query { a: Phone }",
        "type Query { a: Time b: Meeting }",
        "type Query { a: Map b: Settings }",
        "type Query { a: Long }",
        "type Query { a: Strings }\ntype Meeting { at: }",
    ],
)
def test_what_is_or_can_be_defined_is_no_unknown_scalar(schema: str) -> None:
    assert not ask(SCALAR, schema)


def test_a_scalar_of_appsyncs_own_prefix_is_unknown_in_a_part_of_a_schema_too() -> None:
    assert one(SCALAR, "type Query { a: Meeting b: AWSdate c: Date }").subject == "AWSdate"


def test_a_declared_scalar_of_graphql_java_is_less_sure() -> None:
    assert [one(SCALAR, f"scalar {name} type Query {{ a: {name} }}").confidence for name in ("Long", "Foo")] == [
        "medium",
        "high",
    ]


# Interfaces, merging, repetition.


def test_each_interface_that_implements_one_is_told() -> None:
    schema = (
        "interface A { id: ID } interface B implements A { id: ID } interface C implements B & A { id: ID } "
        "type T implements A & B & C { id: ID } type Query { a: A }"
    )

    found = ask("interface-implements-interface", schema)

    assert [item.coordinate for item in found] == ["B", "C"]
    assert "repeat the fields of B and A here" in found[1].help


@pytest.mark.parametrize(
    ("directives", "told"),
    [
        ("@renamed", ["gives no new name"]),
        ('@renamed(name: "B")', ["gives no new name"]),
        ('@renamed(to: "a b")', ["that no type or field can have"]),
        ("@renamed(to: B)", ["that no type or field can have"]),
        ("@hidden @canonical", ["@canonical on it does nothing there"]),
        ('@renamed(to: "B") @hidden', ["@renamed on it does nothing there"]),
        ('@renamed(to: "B") @canonical', []),
        ("@hidden", []),
    ],
)
def test_merge_directives_that_say_nothing_or_contradict_each_other(directives: str, told: list[str]) -> None:
    for schema in (f"type Query {{ a: ID {directives} }}", f"type Query {{ a: A }} type A {directives} {{ id: ID }}"):
        found = ask(MERGE, schema)
        assert len(found) == len(told)
        assert all(text in item.message for text, item in zip(told, found, strict=True))


def test_hidden_fields_of_a_canonical_type_are_no_contradiction() -> None:
    assert not ask(MERGE, 'type Query @canonical { a: ID @hidden b: ID @renamed(to: "c") }')


def test_two_lists_of_groups_are_to_be_one() -> None:
    found = one(TWICE, f'type Query {{ me: ID a: ID {ADMINS} @aws_cognito_user_pools(cognito_groups: ["B"]) }}', MULTI)

    assert found.severity is Severity.WARNING
    assert found.message.endswith("is not known, and with it who gets in")
    assert found.help.startswith('write one of them: @aws_cognito_user_pools(cognito_groups: ["Admins", "B"])')


def test_a_mere_repetition_is_noted() -> None:
    found = one(TWICE, "type Query { me: ID } type T @aws_iam @aws_iam @aws_iam { a: ID }", MULTI)

    assert (found.severity, found.help) == (Severity.INFO, "remove one of them")
    assert "stands 3 times on T" in found.message


@pytest.mark.parametrize(
    "schema",
    [
        "type Query @aws_iam { a: ID } type Query @aws_iam { b: ID }",
        "type Query @aws_iam { a: ID @aws_iam }",
        "type Query { a: ID @aws_iam a: ID @aws_iam }",
        "type Query { a: ID @mine @mine }",
        "type Query { a(x: ID @aws_iam, y: ID @aws_iam): ID }",
    ],
)
def test_directives_on_different_nodes_are_no_repetition(schema: str) -> None:
    assert not ask(TWICE, schema)


def test_a_repetition_on_a_field_that_is_defined_twice_is_seen() -> None:
    assert one(TWICE, "type Query { a: ID a: ID @aws_iam @aws_iam }").coordinate == "Query.a"


# Listing what one may not get.


def reading(fields: str, on_type: str = "") -> list[Finding]:
    schema = (
        f"type Query {{ me: ID {BOTH} {fields} }} type Pay {on_type} {{ sum: Int }} "
        f"type PayPage {BOTH} {{ items: [Pay] nextToken: String }}"
    )
    return ask(GATES, schema, MULTI)


def test_a_list_that_is_wider_than_its_get_is_told_once() -> None:
    (found,) = reading(f"getPay(id: ID!): Pay {ADMINS} listPays: PayPage searchPay: [Pay] syncPays: PayPage")

    assert found.coordinate == "Query.listPays"
    assert "Query.getPay refuses signed-in Cognito users outside Admins" in found.message
    assert "through Query.listPays, Query.searchPay and Query.syncPays" in found.message


@pytest.mark.parametrize(
    "fields",
    [
        f"getPay: Pay batchGetPays: [Pay] {ADMINS}",
        f"listPays: [Pay] {ADMINS} searchPays: [Pay]",
        f"getPay: Pay {ADMINS} getPays: [Pay]",
        f"getPayById: Pay {ADMINS} listPays: [Pay]",
    ],
)
def test_queries_of_one_resource_are_compared(fields: str) -> None:
    assert len(reading(fields)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        # To list more narrowly than to get is a design.
        f"getPay: Pay listPays: [Pay] {ADMINS}",
        f"getPay: Pay {ADMINS} listPays: [Pay] {ADMINS}",
        f"getPay: Pay {ADMINS} listBills: [Pay]",
        f"getPay: Pay {ADMINS} listPays: [String]",
        # Other people, not more people.
        "getPay: Pay @aws_iam listPays: [Pay]",
        # Groups with groups, and IAM callers, are not compared.
        f'getPay: Pay {ADMINS} listPays: [Pay] @aws_cognito_user_pools(cognito_groups: ["Admins", "HR"])',
        f"getPay: Pay {ADMINS} listPays: [Pay] @aws_iam {ADMINS}",
    ],
)
def test_queries_that_are_meant_to_differ_are_left_alone(fields: str) -> None:
    assert not reading(fields)


def test_a_list_of_what_the_type_refuses_is_left_alone() -> None:
    assert not reading(f"getPay: Pay {ADMINS} listPays: [Pay]", ADMINS)


# What holds anyway.


def _redundant(schema: str, known: Api = MULTI) -> list[str]:
    settings = Settings(select=frozenset(["redundant-directive"]))
    return [item.message for item in run(parse_schema(schema), known, settings, rules=RULES).findings]


def test_directives_that_repeat_their_type_are_noted_once_a_type() -> None:
    schema = (
        f"type Query {{ a: ID {BOTH} }} type T {BOTH} {{ a: ID @aws_cognito_user_pools @aws_iam b: ID {BOTH} c: ID }}"
    )

    assert _redundant(schema) == [
        "@aws_cognito_user_pools @aws_iam on T.a (here and in 1 other place) repeats what stands on type T"
    ]
    assert not everything(schema, MULTI)


def test_the_default_mode_alone_is_noted_once_a_schema() -> None:
    schema = "type Query { a: ID @aws_cognito_user_pools b: ID @aws_iam } type T @aws_cognito_user_pools { a: ID b: ID @aws_iam }"

    (message,) = _redundant(schema)
    assert "(here and in 1 other place) names the default mode alone" in message


@pytest.mark.parametrize(
    "schema",
    [
        "type Query @aws_iam { a: ID @aws_cognito_user_pools }",
        f"type Query {{ a: ID {ADMINS} }}",
        f"type Query {ADMINS} {{ a: ID @aws_cognito_user_pools }}",
        f"type Query {{ a: ID {BOTH} }}",
        "type Query { a: ID @aws_cognito_user_pools(cognito_groups: []) }",
    ],
)
def test_directives_that_change_something_are_not_redundant(schema: str) -> None:
    assert not _redundant(schema)


@pytest.mark.parametrize("known", [api(POOL), api(POOL, IAM, action="DENY"), with_open_default(IAM)])
def test_where_the_law_is_not_that_of_several_modes_nothing_is_redundant(known: Api) -> None:
    assert not _redundant("type Query { a: ID @aws_cognito_user_pools }", known)
