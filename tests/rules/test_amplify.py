"""What is reported of what Amplify's compiler is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from appsync_lint import Finding
from appsync_lint.api import AmplifySettings, ApiSettings, Setting
from appsync_lint.linter import Severity
from appsync_lint.sources import read_file

from .asking import IAM, KEY, POOL, api, ask

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
SCHEMA = "type Query { a: ID @aws_cognito_user_pools @aws_iam @aws_api_key }"
ADMIN, GLOBAL, SANDBOX = "amplify-admin-role-too-broad", "amplify-global-rule-public", "amplify-sandbox-mode"


def asked(rule: str, told: AmplifySettings, default: str, *additional: str) -> list[Finding]:
    return ask(rule, SCHEMA, replace(api(default, *additional), settings=ApiSettings(amplify=told)))


def admin(name: str, *modes: str) -> list[Severity]:
    found = asked(ADMIN, AmplifySettings(admin_roles=(Setting(name),)), POOL, *modes)
    return [finding.severity for finding in found]


@pytest.mark.parametrize("name", ["", "role", "aws", "assumed-role", ":"])
def test_name_in_every_arn_is_an_error(name: str) -> None:
    assert admin(name, IAM) == [Severity.ERROR]


@pytest.mark.parametrize("name", ["admin", "Admin", "lambda", "amplify"])
def test_common_word_is_a_warning(name: str) -> None:
    assert admin(name, IAM) == [Severity.WARNING]


@pytest.mark.parametrize(
    "name", ["nightly-import", "eu-west-1_aB3dE_Full-access/CognitoIdentityCredentials", "role-of-x"]
)
def test_whole_name_is_none_of_its_business(name: str) -> None:
    assert admin(name, IAM) == []


def test_names_do_nothing_where_no_iam_caller_gets_in() -> None:
    assert admin("admin", KEY) == []


@pytest.mark.parametrize(("rule", "key"), [(GLOBAL, "global_public"), (SANDBOX, "sandbox")])
def test_sandbox_is_told_where_there_is_a_key(rule: str, key: str) -> None:
    told = AmplifySettings(**{key: Setting(True)})  # type: ignore[arg-type]
    assert len(asked(rule, told, KEY, IAM)) == 1
    assert asked(rule, told, POOL, IAM) == []
    assert asked(rule, AmplifySettings(**{key: Setting(False)}), KEY, IAM) == []  # type: ignore[arg-type]
    assert ask(rule, SCHEMA, api(KEY, IAM)) == []


@pytest.mark.parametrize(
    ("project", "rule"),
    [
        ("amplify-gen1-source/amplify/backend/backend-config.json", GLOBAL),
        ("amplify-gen2-sdl/amplify/data/resource.ts", SANDBOX),
    ],
)
def test_sandbox_of_a_project_is_found_at_what_makes_it_one(
    project: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tree_sitter")
    monkeypatch.chdir(PROJECTS)
    (described,) = read_file(Path(project)).apis
    (finding,) = ask(rule, [], described)
    assert finding.span.path.startswith(project.partition("/")[0])
