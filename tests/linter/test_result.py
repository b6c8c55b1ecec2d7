"""What several APIs over one schema have in common is told once."""

from __future__ import annotations

from appsync_lint.api import Api
from appsync_lint.linter.result import Result, Target
from appsync_lint.linter.runner import all_rules, run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import Schema, build_schema, parse_text
from appsync_lint.text import SourceText

RULES = all_rules()
GUARDED = '@aws_auth(cognito_groups: ["A"])'


def _target(schema: Schema, name: str, *modes: str) -> Target:
    api = Api.from_dict(
        {
            "name": name,
            "authenticationType": modes[0],
            "userPoolConfig": {"defaultAction": "ALLOW"},
            "additionalAuthenticationProviders": [{"authenticationType": mode} for mode in modes[1:]],
        }
    )
    return Target(api, schema, run(schema, api, Settings(), rules=RULES))


def _schema(text: str) -> Schema:
    return build_schema([parse_text(SourceText("schema.graphql", text))])


def test_what_is_true_of_both_is_told_once_and_the_rest_for_each() -> None:
    schema = _schema(f"type Query {{ a: T @aws_oicd }}\ntype T {{ id: ID {GUARDED} }}")
    result = Result(
        (_target(schema, "one", "API_KEY"), _target(schema, "two", "API_KEY"), _target(schema, "three", "AWS_IAM"))
    )
    rules = [(finding.rule, finding.api) for finding in result.findings]
    assert rules.count(("nested-aws-auth-dead", "one")) == 1
    assert [api for rule, api in rules if rule == "nested-aws-auth-dead"] == ["one"]
    # Who gets in instead differs, so the finding does.
    assert [api for rule, api in rules if rule == "unknown-auth-directive"] == ["one", "three"]


def test_a_comment_that_one_api_needs_is_not_useless() -> None:
    schema = _schema(
        f"type Query {{\n  # appsync-lint: ignore[aws-auth-ignored] read in staging only\n  a: ID {GUARDED}\n}}"
    )
    single = _target(schema, "staging", "AMAZON_COGNITO_USER_POOLS")
    several = _target(schema, "production", "AMAZON_COGNITO_USER_POOLS", "AWS_IAM")
    assert [finding.rule for finding in Result((single,)).findings] == ["useless-ignore"]
    assert "useless-ignore" not in [finding.rule for finding in Result((single, several)).findings]
    assert [finding.rule for finding in Result((single, several)).ignored] == ["aws-auth-ignored"]


def test_a_comment_that_no_api_needs_is_told_once() -> None:
    schema = _schema("type Query {\n  # appsync-lint: ignore[aws-auth-ignored] old\n  a: ID\n}")
    result = Result((_target(schema, "one", "API_KEY"), _target(schema, "two", "AWS_IAM")))
    assert [finding.rule for finding in result.findings] == ["useless-ignore"]
