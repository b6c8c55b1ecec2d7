"""The rules about the text of the schema: extensions, repetitions, odd spelling, what is no AppSync schema."""

from __future__ import annotations

import pytest

from appsync_lint.api import Api
from appsync_lint.linter import Severity
from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText

from .asking import IAM, KEY, RULES, api, ask, everything, folding, one

EXTENDED = "type Query { a: ID }\nextend type Query @aws_iam { b: ID c: ID }"


def test_an_extension_says_what_is_missing() -> None:
    found = one("extension-fields-dropped", EXTENDED, api(KEY, IAM))
    assert "the fields b and c do not exist" in found.message
    assert "@aws_iam on it does not count" in found.message
    assert (found.severity, found.confidence) == (Severity.ERROR, "high")


def test_a_tool_that_folds_extensions_ends_the_matter() -> None:
    assert ask("extension-fields-dropped", EXTENDED, folding(api(KEY, IAM))) == []


@pytest.mark.parametrize(
    ("schema", "known"), [(EXTENDED, None), (["type Query { a: ID }", "extend type Query { b: ID }"], api(KEY))]
)
def test_where_a_tool_may_merge_it_is_a_warning(schema: str | list[str], known: Api | None) -> None:
    found = one("extension-fields-dropped", schema, known)
    assert found.severity is Severity.WARNING
    assert "unless a tool merges it" in found.message


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("extend input In { y: ID }", "the field y does not exist"),
        ("extend enum E { B C }", "the values B and C do not exist"),
        ("extend union U = Query", "the member Query does not exist"),
        ("extend interface I { y: ID }", "the field y does not exist"),
        ("extend scalar S @hidden", "@hidden on it does not count"),
    ],
)
def test_other_kinds_are_concluded(kind: str, text: str) -> None:
    base = (
        "type Query { a(x: In): E }\ninput In { x: ID }\nenum E { A }\nunion U = T\ntype T implements I { x: ID y: ID }\n"
        "interface I { x: ID }\nscalar S\n"
    )
    found = one("extension-fields-dropped", base + kind, api(KEY))
    assert text in found.message
    assert found.confidence == "medium"


def test_an_extension_without_a_base_leaves_no_type() -> None:
    found = one("extension-fields-dropped", "type Query { a: ID }\nextend type Gone { b: ID }", api(KEY))
    assert "Gone does not exist" in found.message


def test_an_extension_of_the_schema_is_reported() -> None:
    schema = "schema { query: Query }\ntype Query { a: ID }\nextend schema { mutation: M }\ntype M { m: ID }"
    assert one("extension-fields-dropped", schema, api(KEY)).coordinate == "schema"


# A field defined twice.


def test_a_repeated_field_with_other_directives_is_an_error() -> None:
    found = one("duplicate-field", "type Query { a: ID @aws_iam a: ID }", api(KEY, IAM))
    assert found.severity is Severity.ERROR
    assert "@aws_iam there, none here" in found.message
    assert "is not known" in found.message


def test_a_repeated_field_with_the_same_directives_is_a_warning() -> None:
    found = one("duplicate-field", ["type Query { a: ID @aws_iam }", "type Query { a: ID @aws_iam b: ID }"])
    assert found.severity is Severity.WARNING
    assert found.span.path == "1schema.graphql"


def test_a_field_that_an_extension_repeats_is_left_to_the_rule_about_extensions() -> None:
    schema = "type Query { a: ID }\nextend type Query { a: ID @aws_iam }"
    assert ask("duplicate-field", schema) == []
    assert ask("extension-fields-dropped", schema)


# Mistakes and odd spellings.


def test_every_mistake_is_reported_and_the_rest_is_linted() -> None:
    schema = "type Query {\n  a(x ID): ID\n  b: [ID\n  c: ID @aws_oicd\n}\ntype T { id: }\ntype V { id: ID }"
    found = everything(schema)
    assert [finding.span.start.line for finding in found if finding.rule == "syntax-error"] == [2, 4, 6]
    assert [finding.coordinate for finding in found if finding.rule == "unknown-auth-directive"] == ["Query.c"]


def test_odd_spellings_are_noted_once_for_each_kind_and_file() -> None:
    first = "type Query { a: ID; b: ID; }\ntype T implements A, B { id: ID }\ninterface A { id: ID }\ninterface B {}"
    second = "type V { a: ID; }"
    found = ask("nonstandard-syntax", [first, second])
    assert sorted((finding.span.path, finding.subject) for finding in found) == [
        ("1schema.graphql", "semicolon"),
        ("schema.graphql", "empty-body"),
        ("schema.graphql", "implements"),
        ("schema.graphql", "semicolon"),
    ]
    assert all(finding.severity is Severity.INFO for finding in found)
    assert ask("syntax-error", [first, second]) == []


def test_a_standard_schema_has_no_odd_spelling() -> None:
    assert everything("type Query implements A & B { id: ID }\ninterface A { id: ID }\ninterface B { id: ID }") == []


# Amplify's source.


@pytest.mark.parametrize(
    "schema",
    [
        "type Post @model { id: ID! }",
        'type Post { id: ID! } type Query { echo: String @function(name: "echo") }',
        'type Post @key(fields: ["id"]) { id: ID! }',
        "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }\ntype Post { id: ID! }",
    ],
)
def test_an_amplify_source_is_all_that_is_said(schema: str) -> None:
    broken = schema + "\nextend type Post { b: ID @aws_oicd }\n# appsync-lint: ignore[aws-auth-ignored] old"
    assert [finding.rule for finding in everything(broken, api(KEY, IAM))] == ["amplify-source-schema"]


@pytest.mark.parametrize(
    "schema",
    [
        'type Post @key(fields: "id") { id: ID! }',
        "directive @model on OBJECT\ntype Post @model { id: ID! }",
        "type Post @auth(rules: [{allow: public}]) { id: ID! }",
        "type AMPLIFY { id: ID }",
    ],
)
def test_what_is_no_proof_of_amplify_is_linted(schema: str) -> None:
    assert ask("amplify-source-schema", schema) == []


@pytest.mark.parametrize(
    ("path", "compiled"),
    [
        ("amplify/backend/api/blog/schema.graphql", "amplify/backend/api/blog/build/schema.graphql"),
        ("app/amplify/backend/api/blog/schema/a.graphql", "app/amplify/backend/api/blog/build/schema.graphql"),
        ("schema.graphql", "amplify/backend/api/<name>/build/schema.graphql"),
    ],
)
def test_the_compiled_schema_is_named(path: str, compiled: str) -> None:
    schema = build_schema([parse_text(SourceText(path, "type Post @model { id: ID! }"))])
    (found,) = run(schema, None, Settings(), rules=RULES).findings
    assert found.help.endswith(compiled)


# What AppSync has already.


def test_redefinitions_that_say_the_same_are_noted_once_for_a_file() -> None:
    schema = (
        "scalar AWSJSON\nscalar AWSDate\ndirective @aws_iam on OBJECT | FIELD_DEFINITION\n"
        "directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION\ntype Query { a: AWSJSON @aws_iam }"
    )
    found = one("redundant-builtin-definition", schema)
    assert "4 definitions" in found.message
    assert found.severity is Severity.INFO


@pytest.mark.parametrize(
    ("definition", "text"),
    [
        ("directive @aws_cognito_user_pools on OBJECT", "it takes cognito_groups"),
        ("directive @aws_auth(cognito_groups: String) on FIELD_DEFINITION", "cognito_groups is a [String]"),
        ("directive @aws_iam(role: ID) on OBJECT", "it takes no role"),
        ("directive @aws_auth(cognito_groups: [String]) on OBJECT", "it stands on FIELD_DEFINITION only"),
        ("directive @aws_subscribe on FIELD_DEFINITION", "it takes mutations"),
    ],
)
def test_a_redefinition_that_differs_says_where(definition: str, text: str) -> None:
    found = one("redundant-builtin-definition", f"{definition}\ntype Query {{ a: ID }}")
    assert text in found.message


def test_a_redefinition_is_never_trusted() -> None:
    schema = 'directive @aws_cognito_user_pools(groups: [String]) on OBJECT | FIELD_DEFINITION\ntype Query { a: ID @aws_cognito_user_pools(groups: ["A"]) }'
    assert ask("unknown-auth-argument", schema)


def test_own_scalars_and_directives_are_the_users() -> None:
    assert ask("redundant-builtin-definition", "scalar Long\ndirective @mine on OBJECT\ntype Query { a: Long }") == []
