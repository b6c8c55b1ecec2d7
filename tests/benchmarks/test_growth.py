"""Work grows with the schema, whatever its shape: counted in calls, so that no clock decides."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from appsync_lint import Api, parse_schema
from appsync_lint.linter import Settings
from appsync_lint.linter.runner import all_rules, run
from tests.benchmarks.generate import API, faulty_schema, schema

BOTH = "@aws_iam @aws_cognito_user_pools"
POOL = "@aws_cognito_user_pools"
STAFF = f'{POOL}(cognito_groups: ["Staff"])'
SMALL, LARGE = 60, 240


def entries(size: int, directives: str = BOTH) -> str:
    return "type Query {\n" + "".join(f"  g{i}: T{i} {directives}\n" for i in range(size)) + "}\n"


def types(size: int, head: str, fields: str) -> str:
    """Make types T0, T1 ...; in the fields, ``NEXT`` is the number of the next one."""
    return "".join(
        f"type T{i}{head} {{ id: ID! {fields.replace('NEXT', str((i + 1) % size))} }}\n" for i in range(size)
    )


SHAPES: dict[str, Callable[[int], str]] = {
    "as people write it": lambda size: schema(size * 20),
    "a fault on each type": faulty_schema,
    "a chain with a fault on each link": lambda size: types(size, "", "next: TNEXT") + entries(size),
    "a chain behind one fault": lambda size: types(size, "", "next: TNEXT") + f"type Query {{ g: T0 {BOTH} }}\n",
    "nulls that stop at once": lambda size: types(size, f" {BOTH}", f"next: TNEXT own: ID! {POOL}") + entries(size),
    "one type behind all others": lambda size: (
        "type Hub { id: ID! }\n" + types(size, f" {BOTH}", "hub: Hub!") + entries(size)
    ),
    "one interface for all": lambda size: (
        "interface Node { id: ID! }\n"
        + types(size, f" implements Node {BOTH}", f"node: Node! maybe: Node own: ID! {POOL}")
        + f"type Query {{ node: Node! {BOTH} }}\n"
    ),
    "one interface, all of it refused": lambda size: (
        "interface Node { id: ID! }\n"
        + types(size, " implements Node", "node: Node!")
        + f"type Query {{ node: Node {BOTH} }}\n"
    ),
    "one union of all": lambda size: (
        f"union Any = {' | '.join(f'T{i}' for i in range(size))}\n"
        + types(size, "", "any: Any")
        + f"type Query {{ any: Any {BOTH} }}\n"
    ),
    "comments that silence": lambda size: (
        "".join(f"# appsync-lint: ignore[return-type-unreachable] known\ntype T{i} {{ id: ID }}\n" for i in range(size))
        + entries(size)
    ),
    "comments below one another": lambda size: (
        "# appsync-lint: ignore[open-to-default] why\n" * size + "type Query { a: ID }"
    ),
    "comments for the file": lambda size: (
        "# appsync-lint: ignore-file[open-to-default]\n" * size + "type Query { a: ID }"
    ),
    "directives that do not exist": lambda size: types(size, "", "a: ID @aws_iamm") + entries(size),
    "directives that do not count": lambda size: types(size, "", "a: ID @aws_auth") + entries(size),
    "extensions": lambda size: "type Query { a: ID }\n" + f"extend type Query {BOTH} {{ b: ID }}\n" * size,
    "an enum's values": lambda size: (
        "enum E {" + "".join(f" V{i} @deprecated" for i in range(size)) + "}\ntype Query { e: E }"
    ),
}


def grouped(size: int, operations: str = "Query", more: str = "") -> str:
    """Make a root whose fields are each for a group of their own, with a type for that group each."""
    return (
        f"type {operations} {{\n"
        + "".join(f'  f{i}: T{i} {POOL}(cognito_groups: ["g{i}"]){more}\n' for i in range(size))
        + "}\n"
        + "".join(f'type T{i} {POOL}(cognito_groups: ["g{i}"]) {{ id: ID! owner: ID }}\n' for i in range(size))
    )


def statements(size: int, effect: str, end: str = "", key: str = "Resource") -> list[dict[str, object]]:
    arn = "arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/fields/"
    return [{"Effect": effect, "Action": "appsync:GraphQL", key: f"{arn}g{i}{end}"} for i in range(size)]


def policies(*parts: list[dict[str, object]]) -> dict[str, object]:
    return {**API, "iamPolicies": [{"Statement": [item for part in parts for item in part]}]}


#: Schemas with the API that they are for.
DESCRIBED: dict[str, tuple[Callable[[int], str], Callable[[int], dict[str, object]]]] = {
    "a group for each field": (grouped, lambda size: {**API, "groups": [f"g{i}" for i in range(size)]}),
    "a subscription for each group": (
        lambda size: (
            grouped(size, "Mutation")
            + "type Query { me: ID }\ntype Subscription {\n"
            + "".join(f'  on{i}: T{i} @aws_subscribe(mutations: ["f{i}"]) @aws_api_key\n' for i in range(size))
            + "}\n"
        ),
        lambda _size: API,
    ),
    "an interface for each group": (
        lambda size: (
            entries(size)
            + "".join(f'interface I{i} {POOL}(cognito_groups: ["g{i}"]) {{ id: ID! }}\n' for i in range(size))
            + "".join(f"type T{i} implements I{i} {{ id: ID! }}\n" for i in range(size))
        ),
        lambda _size: API,
    ),
    "a page for each type": (
        lambda size: (
            f"type Query {{ {' '.join(f'list{i}: C{i} @aws_iam' for i in range(size))} }}\n"
            + "".join(f"type C{i} {{ items: [T{i}] nextToken: ID }}\ntype T{i} {{ id: ID }}\n" for i in range(size))
        ),
        lambda _size: API,
    ),
    "queries for a union of all": (
        lambda size: (
            f"union Any = {' | '.join(f'T{i}' for i in range(size))}\n"
            + types(size, "", "own: ID!")
            + f"type Query {{ {' '.join(f'get{i}: Any {STAFF}' for i in range(size))} }}\n"
        ),
        lambda _size: API,
    ),
    "a policy for each field": (entries, lambda size: policies(statements(size, "Allow"))),
    "a policy for some fields each": (entries, lambda size: policies(statements(size // 20, "Allow", "*"))),
    "a refusal for each field": (
        entries,
        lambda size: policies(statements(size, "Deny"), statements(1, "Allow", key="NotResource")),
    ),
    "a cached resolver for each field": (
        entries,
        lambda size: {
            **API,
            "resolvers": [
                {
                    "typeName": "Query",
                    "fieldName": f"g{i}",
                    "cachingConfig": {"ttl": 60, "cachingKeys": ["$ctx.args.id"]},
                }
                for i in range(size)
            ],
        },
    ),
    "keys and variables": (
        entries,
        lambda size: {
            **API,
            "apiKeys": [{"id": f"k{i}", "expires": 1} for i in range(size)],
            "environmentVariables": {f"TOKEN{i}": f"value{i}" for i in range(size)},
        },
    ),
    "APIs that it is merged into": (
        entries,
        lambda size: {**API, "mergedInto": [{"name": f"m{i}", "authenticationType": "API_KEY"} for i in range(size)]},
    ),
}


def calls(text: str, description: dict[str, object] = API) -> int:
    """Count the calls, of Python's functions and of C's, that reading and linting a schema takes."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    api = Api.from_dict(description)
    rules = all_rules()
    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run(parse_schema(text), api, Settings(select=frozenset(rules)), rules=rules)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("shape", list(SHAPES))
def test_work_grows_with_the_schema(shape: str) -> None:
    make = SHAPES[shape]
    assert calls(make(LARGE)) < 1.3 * LARGE / SMALL * calls(make(SMALL))


@pytest.mark.parametrize("shape", list(DESCRIBED))
def test_work_grows_with_what_describes_the_api(shape: str) -> None:
    schema_of, api_of = DESCRIBED[shape]
    small, large = (calls(schema_of(size), api_of(size)) for size in (SMALL, LARGE))
    assert large < 1.3 * LARGE / SMALL * small


def test_a_schema_is_the_same_for_the_same_seed() -> None:
    assert schema(500) == schema(500)
    assert schema(500) != schema(500, seed=2)


@pytest.mark.parametrize("lines", [1, 100, 5_000])
def test_a_schema_has_the_lines_asked_for_and_no_fault_in_its_syntax(lines: int) -> None:
    text = schema(lines)
    assert lines <= len(text.splitlines()) < lines + 80
    assert parse_schema(text).problems == ()
