"""What the rules propose, fix by fix: the schema before, the schema after, and who may ask for it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest

from appsync_lint.api import Api
from appsync_lint.linter.settings import Settings

from ..rules.asking import IAM, KEY, OIDC, POOL, api
from .fixing import RULES, fixed_text

ADMINS = '(cognito_groups: ["Admins"])'
MANY = api(POOL, IAM)


class Case(NamedTuple):
    """A schema that a rule's fix turns into another one; None where it is to be left alone."""

    rule: str
    safe: bool
    api: Api | None
    before: str
    after: str | None


def query(text: str) -> str:
    """Return a schema in which no other rule has anything to say."""
    return f"type Query {{\n  ping: ID @aws_iam @aws_cognito_user_pools\n  {text}\n}}\n"


CASES = [
    # Definitions that AppSync has.
    Case(
        "redundant-builtin-definition",
        True,
        None,
        "# ours\nscalar AWSDate\n\n# kept\ntype Query {\n  at: AWSDate\n}\n\nscalar AWSJSON\n",
        "# ours\n\n# kept\ntype Query {\n  at: AWSDate\n}\n\n",
    ),
    Case(
        "redundant-builtin-definition",
        True,
        MANY,
        '"what"\ndirective @aws_iam(\n  x: Int\n) on OBJECT\n\ntype Query {\n  me: ID\n}\n',
        "type Query {\n  me: ID\n}\n",
    ),
    Case(
        "redundant-builtin-definition",
        True,
        MANY,
        "directive @aws_iam(\n  x: Int # why\n) on OBJECT\n\ntype Query {\n  me: ID\n}\n",
        None,
    ),
    # The same twice.
    Case("duplicate-field", True, MANY, query("a: ID # one\n  a: ID"), query("a: ID # one").replace("\n}", "\n}")),
    Case("duplicate-field", True, MANY, query("a: ID\n  a: ID!"), None),
    Case("duplicate-field", True, MANY, query("a: ID\n}\ntype Query {\n  a: ID"), None),
    Case("duplicate-directive", True, MANY, query("a: ID @aws_iam @aws_iam"), query("a: ID @aws_iam")),
    Case(
        "duplicate-directive",
        True,
        None,
        query("a: ID @aws_iam\n    @aws_iam\n    # c\n    @aws_iam"),
        query("a: ID @aws_iam\n    # c"),
    ),
    Case(
        "duplicate-directive",
        True,
        None,
        query("a: ID\n    @aws_iam # one\n    @aws_iam @aws_iam # two\n    @aws_oidc"),
        query("a: ID\n    @aws_iam # one\n    # two\n    @aws_oidc"),
    ),
    Case("duplicate-directive", True, None, query("a: ID@aws_iam@aws_iam b: ID"), query("a: ID@aws_iam b: ID")),
    Case(
        "duplicate-directive",
        True,
        MANY,
        query(f"a: ID @aws_cognito_user_pools @aws_cognito_user_pools{ADMINS}"),
        None,
    ),
    Case(
        "duplicate-group",
        True,
        MANY,
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A", "B", "A", "A"])'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A", "B"])'),
    ),
    Case(
        "duplicate-group",
        True,
        None,
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A" "A"])'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A"])'),
    ),
    # What has no effect.
    Case(
        "redundant-directive",
        True,
        MANY,
        "type Query @aws_iam @aws_cognito_user_pools {\n  a: ID @aws_cognito_user_pools @aws_iam\n  b: ID\n}\n",
        "type Query @aws_iam @aws_cognito_user_pools {\n  a: ID\n  b: ID\n}\n",
    ),
    Case(
        "misplaced-auth-directive",
        True,
        MANY,
        query("a(b: B): ID") + "\nenum B {\n  X @aws_iam @aws_cognito_user_pools\n  Y\n}\n",
        query("a(b: B): ID") + "\nenum B {\n  X\n  Y\n}\n",
    ),
    Case("aws-auth-ignored", True, MANY, query("a: ID @aws_auth"), query("a: ID")),
    Case("unknown-auth-directive", True, api(POOL), "type Query { a: ID @cognito }", "type Query { a: ID }"),
    Case(
        "unknown-auth-argument",
        True,
        MANY,
        query('a: ID @aws_cognito_user_pools(groups: "A", cognito_groups: ["B"])'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["B"])'),
    ),
    # What was plainly meant.
    Case(
        "aws-auth-ignored",
        False,
        MANY,
        query(f"a: ID @aws_auth{ADMINS}"),
        query(f"a: ID @aws_cognito_user_pools{ADMINS}"),
    ),
    Case("aws-auth-ignored", False, api(KEY, IAM), query(f"a: ID @aws_auth{ADMINS}"), None),
    Case(
        "groups-only-on-aws-auth",
        False,
        MANY,
        query('a: ID @aws_cognito_user_pools @aws_auth(cognito_groups: [\n    "A"\n    "B  C"\n  ])'),
        query(
            'a: ID @aws_cognito_user_pools(cognito_groups: [ "A" "B  C" ])'
            ' @aws_auth(cognito_groups: [\n    "A"\n    "B  C"\n  ])'
        ),
    ),
    Case(
        "user-pools-directive-ignored",
        False,
        api(POOL),
        f"type Query {{ a: ID @aws_cognito_user_pools{ADMINS} }}",
        f"type Query {{ a: ID @aws_auth{ADMINS} }}",
    ),
    Case(
        "unknown-auth-directive",
        False,
        MANY,
        query(f"a: ID @aws_cognito_userpool{ADMINS}"),
        query(f"a: ID @aws_cognito_user_pools{ADMINS}"),
    ),
    Case(
        "unknown-auth-directive",
        False,
        MANY,
        query('a: ID @aws_cognito_userpool(cognito_groups: "A")'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A"])'),
    ),
    Case("unknown-auth-directive", False, MANY, query("a: ID @authenticated"), None),
    Case("unknown-auth-directive", False, MANY, query("a: ID @aws_oidcc"), None),
    Case("unknown-auth-directive", False, None, query("a: ID @aws_iamm"), None),
    Case("unknown-directive", False, MANY, query("a: ID @depreated"), None),
    Case(
        "unknown-directive",
        False,
        None,
        'type Query { a: ID }\ntype Mutation { b: ID }\ntype Subscription { c: ID @aws_subscibe(mutations: ["b"]) }\n',
        'type Query { a: ID }\ntype Mutation { b: ID }\ntype Subscription { c: ID @aws_subscribe(mutations: ["b"]) }\n',
    ),
    Case(
        "unknown-auth-argument",
        False,
        MANY,
        query('a: ID @aws_cognito_user_pools(groups: "A")'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A"])'),
    ),
    Case("unknown-auth-argument", False, MANY, query('a: ID @aws_cognito_user_pools(role: "A")'), None),
    Case("unknown-auth-argument", False, MANY, query("a: ID @aws_cognito_user_pools(groups: [])"), None),
    Case(
        "cognito-groups-not-a-list",
        False,
        MANY,
        query('a: ID @aws_cognito_user_pools(cognito_groups: "A")'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A"])'),
    ),
    Case(
        "cognito-groups-not-a-list",
        False,
        MANY,
        query('a: ID @aws_cognito_user_pools(cognito_groups: [A, "B"])'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["A", "B"])'),
    ),
    Case("cognito-groups-not-a-list", False, MANY, query("a: ID @aws_cognito_user_pools(cognito_groups: [1])"), None),
    Case(
        "connection-wrapper-missing-mode",
        False,
        MANY,
        query("a: Page @aws_iam @aws_cognito_user_pools")
        + "type Page { items: [T] }\ntype T @aws_iam @aws_cognito_user_pools { id: ID }\n",
        query("a: Page @aws_iam @aws_cognito_user_pools")
        + "type Page @aws_cognito_user_pools @aws_iam { items: [T] }\n"
        + "type T @aws_iam @aws_cognito_user_pools { id: ID }\n",
    ),
    Case(
        "unknown-group",
        False,
        replace(MANY, groups=("Admins", "Editors")),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["admin", "Editors"])'),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["Admins", "Editors"])'),
    ),
    Case(
        "unknown-group",
        False,
        replace(MANY, groups=("team1", "Editors")),
        query('a: ID @aws_cognito_user_pools(cognito_groups: ["team2", "Editors"])'),
        None,
    ),
    Case(
        "subscribe-unknown-mutation",
        False,
        None,
        "type Query { a: ID }\ntype Mutation { writePost: ID }\n"
        'type Subscription { c: ID @aws_subscribe(mutations: ["Mutation.writepost"]) }\n',
        "type Query { a: ID }\ntype Mutation { writePost: ID }\n"
        'type Subscription { c: ID @aws_subscribe(mutations: ["writePost"]) }\n',
    ),
    Case(
        "subscribe-mutations-malformed",
        False,
        None,
        'type Query { a: ID }\ntype Mutation { b: ID }\ntype Subscription { c: ID @aws_subscribe(mutations: "b") }\n',
        'type Query { a: ID }\ntype Mutation { b: ID }\ntype Subscription { c: ID @aws_subscribe(mutations: ["b"]) }\n',
    ),
    Case(
        "unknown-scalar",
        False,
        None,
        "type Query { a(at: AWSDatetime): AWSDatetime b: [AWSDatetime!]! }",
        "type Query { a(at: AWSDateTime): AWSDateTime b: [AWSDateTime!]! }",
    ),
    Case("unknown-scalar", False, None, "type Query { a: AWSUUID b: Date }", None),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{number}-{case.rule}" for number, case in enumerate(CASES)])
def test_a_fix_writes_this(case: Case) -> None:
    # Only this rule speaks, so that its own fix is seen; the others are asked all the same below.
    settings = Settings(select=frozenset([case.rule]))
    plain = fixed_text(case.before, case.api, settings=settings)
    assert plain == (case.after if case.safe and case.after is not None else case.before)
    assert fixed_text(case.before, case.api, unsafe=True, settings=settings) == (case.after or case.before)


@pytest.mark.parametrize("kind", ["safe_fix", "unsafe_fix"])
def test_every_kind_of_fix_is_among_them(kind: str) -> None:
    told = {rule.name for rule in RULES.values() if getattr(rule, kind)}
    shown = {case.rule for case in CASES if case.after is not None and case.safe is (kind == "safe_fix")}
    assert told == shown


def test_no_fix_is_applied_that_raises_another_finding() -> None:
    # With the groups on the query, nobody would be left whom the API key lets in.
    schema = 'type Query { a: ID @aws_cognito_user_pool(cognito_groups: ["A"]) }'
    known = api(KEY, POOL)
    assert fixed_text(schema, known, unsafe=True) == schema
    only = Settings(select=frozenset(["unknown-auth-directive"]))
    assert fixed_text(schema, known, unsafe=True, settings=only) != schema


def test_a_directive_that_another_api_reads_stays() -> None:
    from .fixing import fixing

    schema = query("a: ID @aws_auth")
    alone = fixing({"s.graphql": schema}, [(MANY, ["s.graphql"])], unsafe=False)
    assert alone.drafts
    closed = api(POOL, action="DENY")
    both = fixing({"s.graphql": schema}, [(MANY, ["s.graphql"]), (closed, ["s.graphql"])], unsafe=False)
    assert not both.drafts
    assert "Query.a" in both.refused[0].why


def test_the_parts_of_a_schema_are_one_unit() -> None:
    from .fixing import fixing

    # What the type in the other file admits decides whether the directive here is needed.
    texts = {
        "a.graphql": "type Query @aws_oidc {\n  a: ID @aws_oidc\n}\n",
        "b.graphql": "extend type Query { b: ID }\n",
    }
    settings = Settings(select=frozenset(["redundant-directive"]))
    known = api(POOL, OIDC)
    done = fixing(texts, [(known, [*texts])], unsafe=False, settings=settings)
    assert [*done.drafts.values()] == ["type Query @aws_oidc {\n  a: ID\n}\n"]
