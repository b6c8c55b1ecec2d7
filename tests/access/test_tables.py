"""The two admission tables of SEMANTICS 3.1 and 3.2, as facts, multiplied out over every place of a directive."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from appsync_lint import AccessModel, Api, Caller, parse_schema

USER = Caller.parse("cognito:user")
IAM = Caller.parse("iam")

COGNITO_ALONE = {
    action: {
        "authenticationType": "AMAZON_COGNITO_USER_POOLS",
        "userPoolConfig": {"userPoolId": "pool", "defaultAction": action},
    }
    for action in ("ALLOW", "DENY")
}
COGNITO_THEN_IAM = {
    **COGNITO_ALONE["ALLOW"],
    "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
}
IAM_THEN_COGNITO = {
    "authenticationType": "AWS_IAM",
    "additionalAuthenticationProviders": [{"authenticationType": "AMAZON_COGNITO_USER_POOLS"}],
}

# SEMANTICS 3.1: the directive on the root field decides, nothing below it is read.
#   directive on the root field -> (under DENY, under ALLOW)
ALONE = {
    "": ("deny", "allow"),
    "@aws_auth": ("allow", "allow"),
    '@aws_auth(cognito_groups: ["user"])': ("allow", "allow"),
    '@aws_auth(cognito_groups: ["admin"])': ("deny", "deny"),
}

# SEMANTICS 3.2: what one set of directives admits, at any level.
#   directives -> (pool user, IAM caller) with Cognito as the default, then with IAM as the default
TOGETHER = {
    "": (("allow", "deny"), ("deny", "allow")),
    "@aws_iam": (("deny", "allow"), ("deny", "allow")),
    "@aws_cognito_user_pools": (("allow", "deny"), ("allow", "deny")),
    '@aws_cognito_user_pools(cognito_groups: ["user"])': (("allow", "deny"), ("allow", "deny")),
    '@aws_cognito_user_pools(cognito_groups: ["admin"])': (("deny", "deny"), ("deny", "deny")),
    "@aws_cognito_user_pools @aws_iam": (("allow", "allow"), ("allow", "allow")),
    '@aws_cognito_user_pools(cognito_groups: ["user"]) @aws_iam': (("allow", "allow"), ("allow", "allow")),
    '@aws_cognito_user_pools(cognito_groups: ["admin"]) @aws_iam': (("deny", "allow"), ("deny", "allow")),
}


def model_of(api: Mapping[str, object], query_field: str, object_type: str, nested_field: str) -> AccessModel:
    text = f"type Query {{ q: T! {query_field} }}\ntype T {object_type} {{ f: String! {nested_field} }}"
    return AccessModel(parse_schema(text), Api.from_dict(api))


def path(model: AccessModel, caller: Caller) -> str:
    """Decide the request { q { f } }: every field on the way has to admit the caller."""
    verdicts = {model.decide("Query.q", caller).verdict, model.decide("T.f", caller).verdict}
    return "allow" if verdicts == {"allow"} else "deny" if "deny" in verdicts else "unknown"


@pytest.mark.parametrize("action", ["DENY", "ALLOW"])
def test_user_pool_alone(action: str) -> None:
    """64 outcomes for each default action."""
    for on_query, on_type, on_nested in product(ALONE, repeat=3):
        model = model_of(COGNITO_ALONE[action], on_query, on_type, on_nested)
        expected = ALONE[on_query][action == "ALLOW"]
        assert path(model, USER) == expected, (on_query, on_type, on_nested)
        assert model.decide("Query.q", USER).verdict == expected
        assert model.decide("T.f", USER).verdict == "allow"
        assert model.decide("Query.q", IAM).verdict == "deny"


@pytest.mark.parametrize(("column", "api"), [(0, COGNITO_THEN_IAM), (1, IAM_THEN_COGNITO)])
def test_two_modes(column: int, api: Mapping[str, object]) -> None:
    """512 combinations for each order of the modes, two callers each."""
    for on_query, on_type, on_nested in product(TOGETHER, repeat=3):
        model = model_of(api, on_query, on_type, on_nested)
        for row, caller in enumerate((USER, IAM)):
            query = TOGETHER[on_query][column][row]
            nested = TOGETHER[on_nested or on_type][column][row]
            where = (on_query, on_type, on_nested, str(caller))
            assert model.decide("Query.q", caller).verdict == query, where
            assert model.decide("T.f", caller).verdict == nested, where
            assert path(model, caller) == ("allow" if (query, nested) == ("allow", "allow") else "deny"), where


def test_the_tables_cover_every_measured_outcome() -> None:
    alone = 2 * len(ALONE) ** 3
    together = 2 * 2 * len(TOGETHER) ** 3
    assert alone + together == 2176
