"""A comment about one field silences nothing that is found out about another, though one finding may tell of both."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from appsync_lint.api import Api, Setting

from .asking import IAM, KEY, POOL, api, everything

ADMINS = '@aws_cognito_user_pools(cognito_groups: ["Admins"])'


@dataclass(frozen=True, slots=True)
class Case:
    """A schema in which one finding of a rule tells of several places; ``@`` stands where a comment can."""

    rule: str
    schema: str
    api: Api


def _with_guests() -> Api:
    known = api(POOL, IAM)
    return replace(known, settings=replace(known.settings, unauthenticated_role=Setting(True)))


CASES = [
    Case(
        "api-key-reaches-mutation",
        """
type Query { a: ID @aws_api_key @aws_cognito_user_pools }
type Mutation {
  @
  contact: ID
  @
  purge: ID
  @
  drop: ID
}
""",
        api(KEY, POOL),
    ),
    Case(
        "api-key-reaches-mutation",
        """
type Query { a: ID }
type Mutation @aws_api_key {
  @
  contact: ID
  @
  purge: ID
}
""",
        api(POOL, KEY),
    ),
    Case(
        "default-mode-lost",
        """
type Query {
  mine: ID
  @
  a: ID @aws_api_key
  @
  b: ID @aws_api_key
}
""",
        api(POOL, KEY),
    ),
    Case(
        "groups-beside-api-key",
        f"""
type Query {{
  @
  a: ID {ADMINS} @aws_api_key
  @
  b: ID {ADMINS} @aws_api_key
}}
""",
        api(POOL, KEY),
    ),
    Case(
        "deny-default-uncovered-root",
        """
type Query {
  @
  a: ID
  @
  b: ID
}
""",
        api(POOL, action="DENY"),
    ),
    Case(
        "signed-in-users-locked-out",
        """
type Query {
  both: ID @aws_api_key @aws_cognito_user_pools
  @
  a: ID
  @
  b: ID
}
""",
        api(KEY, POOL),
    ),
    Case(
        "field-opens-type",
        f"""
type Query {{ pay: Pay {ADMINS} }}
type Pay {ADMINS} {{
  month: ID
  @
  a: ID @aws_cognito_user_pools
  @
  b: ID @aws_cognito_user_pools
}}
""",
        api(POOL, IAM),
    ),
    Case(
        "directive-mode-not-configured",
        """
type Query {
  mine: ID
  @
  a: ID @aws_oidc
  @
  b: ID @aws_oidc
}
""",
        api(POOL, IAM),
    ),
    Case(
        "guests-reach-mutation",
        """
type Query { a: ID @aws_iam @aws_cognito_user_pools }
type Mutation {
  @
  vote: ID @aws_iam
  @
  purge: ID @aws_iam
}
""",
        _with_guests(),
    ),
    Case(
        "subscription-never-fed",
        """
type Query { a: ID }
type Subscription {
  @
  a: ID
  @
  b: ID
}
""",
        api(POOL),
    ),
]


def commented(case: Case, places: set[int]) -> str:
    """Write the schema with a comment at some of its places."""
    first, *rest = case.schema.split("@\n")
    text = first
    for number, part in enumerate(rest):
        text += (f"# appsync-lint: ignore[{case.rule}] known" if number in places else "# nothing") + "\n" + part
    return text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_a_comment_about_one_place_leaves_the_others(case: Case) -> None:
    number = case.schema.count("@\n")
    names = [line.split(":")[0].strip() for line in case.schema.replace("@\n", "@").splitlines() if "@  " in line]
    names = [name.removeprefix("@").strip() for name in names]
    assert len(names) == number

    def told(places: set[int]) -> list[str]:
        found = everything(commented(case, places), case.api)
        assert not [item.message for item in found if item.rule == "useless-ignore"]
        return [item.message for item in found if item.rule == case.rule]

    if case.rule != "directive-mode-not-configured":  # it counts the places instead of naming the fields
        assert [all(f".{name}" in message for name in names) for message in told(set())] == [True]
    for silenced in range(number):
        messages = told({silenced})
        assert len(messages) == 1
        assert f".{names[silenced]}" not in messages[0]
    assert told(set(range(number))) == []
