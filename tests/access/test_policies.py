"""What IAM policies are about: the shapes of resources, wildcards, denials."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import parse_schema
from appsync_lint.access import Policies, Target, target_of
from appsync_lint.api import PolicyStatement, PolicyText

from ..strategies import thorough

API = "arn:aws:appsync:eu-west-1:111122223333:apis/abc"
SCHEMA = parse_schema("type Query { post: Post posts: [Post] } type Mutation { put: Post } type Post { id: ID }")
FIELDS = ["Query.post", "Query.posts", "Mutation.put"]


def statement(
    *resources: str, effect: str = "Allow", action: str = "appsync:GraphQL", **more: object
) -> PolicyStatement:
    texts = tuple(PolicyText(text) for text in resources)
    return PolicyStatement(effect, (PolicyText(action),), texts, **more)  # type: ignore[arg-type]


def allowed(*statements: PolicyStatement) -> list[str]:
    policies = Policies(statements)
    fields = [field for name in SCHEMA.roots.values() for field in SCHEMA.types[name].fields.values()]
    return [field.coordinate for field in fields if policies.allows(field)]


@pytest.mark.parametrize(
    ("resource", "target"),
    [
        ("*", Target("everything")),
        (f"{API}/*", Target("everything")),
        ("arn:aws:appsync:*", Target("everything")),
        (f"{API}/types/*", Target("everything", path="*")),
        (API, Target("api")),
        (f"{API}/types/Query/*", Target("type", "Query", path="Query/*")),
        (f"{API}/types/Query/fields/post", Target("field", "Query", "post", "Query/fields/post")),
        (f"{API}/types/Query/fields/*", Target("field", "Query", "*", "Query/fields/*")),
        (f"{API}/types/Query", Target("malformed", "Query", path="Query")),
        (f"{API}/types/Query/resolvers/post", Target("malformed", "Query", path="Query/resolvers/post")),
        (f"{API}/types/Query/fields/post/*", Target("malformed", "Query", path="Query/fields/post/*")),
        ("arn:aws:s3:::bucket/*", Target("other")),
        ("arn:aws:dynamodb:eu-west-1:1:table/types/x", Target("other")),
    ],
)
def test_a_resource_is_about(resource: str, target: Target) -> None:
    assert target_of(PolicyText(resource)) == target


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("*", FIELDS),
        (f"{API}/types/*/fields/p*", FIELDS),
        (f"{API}/types/Query/*", FIELDS[:2]),
        (f"{API}/types/Query/fields/post", FIELDS[:1]),
        (f"{API}/types/Query/fields/post?", FIELDS[1:2]),
        (f"{API}/types/Query/fields/[p]ost", []),
        (f"{API}/types/query/fields/post", []),
        (API, []),
        ("arn:aws:s3:::bucket/*", []),
    ],
)
def test_a_resource_allows(resource: str, fields: list[str]) -> None:
    assert allowed(statement(resource)) == fields


def test_a_denial_wins() -> None:
    assert allowed(statement("*"), statement(f"{API}/types/Mutation/*", effect="Deny")) == FIELDS[:2]


def test_a_denial_of_what_only_deployment_knows_is_not_taken_for_one() -> None:
    unknown = PolicyStatement("Deny", (PolicyText("appsync:*"),), (PolicyText("*", open=True),))
    assert allowed(statement("*"), unknown) == FIELDS


@pytest.mark.parametrize("action", ["appsync:GraphQL", "appsync:*", "*", "APPSYNC:graphql", "appsync:Graph?L"])
def test_actions_that_count(action: str) -> None:
    assert allowed(statement("*", action=action)) == FIELDS


@pytest.mark.parametrize("action", ["appsync:GetGraphqlApi", "dynamodb:*", "appsync:SourceGraphQL"])
def test_actions_that_do_not(action: str) -> None:
    assert allowed(statement("*", action=action)) == []


def test_all_but_some_resources() -> None:
    assert allowed(statement(f"{API}/types/Mutation/*", negated=True)) == FIELDS[:2]


@thorough(200)
@given(st.text("Query", min_size=1, max_size=6), st.text("post[]!s", min_size=1, max_size=6))
def test_a_resource_without_wildcards_is_about_its_own_field_alone(type_name: str, field: str) -> None:
    expected = [name for name in FIELDS if name == f"{type_name}.{field}"]
    assert allowed(statement(f"{API}/types/{type_name}/fields/{field}")) == expected
