"""Thousands of findings in one file: every format copes, and what a person reads stays short."""

from __future__ import annotations

import json

import pytest

from appsync_lint import Api, parse_schema
from appsync_lint.linter import Settings, all_rules, run
from appsync_lint.linter.result import Result, Target
from appsync_lint.report import FORMATS, Options, render

MANY = 5_000
API = {
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"defaultAction": "ALLOW"},
    "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
}


@pytest.fixture(scope="module")
def result() -> Result:
    fields = "\n".join(f'  m{n}: ID @aws_auth(cognito_groups: ["Admins"])' for n in range(MANY))
    schema = parse_schema(f"type Query {{ me: ID @aws_iam }}\ntype Mutation {{\n{fields}\n}}")
    api = Api.from_dict(API)
    found = Result((Target(api, schema, run(schema, api, Settings())),))
    assert sum(finding.rule == "aws-auth-ignored" for finding in found.findings) == MANY
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_of_all_of_them_or_says_how_many_it_leaves_out(form: str, result: Result) -> None:
    text = render(form, result, all_rules(), options=Options(width=80))

    if form == "text":
        assert len(text) < 200_000
        assert f"{MANY:,}".replace(",", "") in text.replace(",", "")
    elif form == "concise":
        assert text.count("[aws-auth-ignored]") == MANY
    elif form == "json":
        assert len(json.loads(text)["findings"]) == len(result.findings)
    else:
        assert len(json.loads(text)["runs"][0]["results"]) == len(result.findings)
