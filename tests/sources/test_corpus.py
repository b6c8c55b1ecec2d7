"""Real projects, where they stand beside the checkout: no crash, and the modes that they are known to have."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_lint.api import Api, Mode
from appsync_lint.project import Project, Request, load

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PROJECTS = sorted(path.parent.name for path in CORPUS.glob("*/about.json"))
#: Folders of test data, not of one project each: what their about.json tells is one of many APIs.
MANY = {"aws__serverless-application-model__graphqlapi-multiple-auth"}

pytestmark = pytest.mark.skipif(not PROJECTS, reason="the projects are not beside this checkout")


def about(name: str) -> dict[str, Any]:
    told = json.loads((CORPUS / name / "about.json").read_text("utf-8"))
    assert isinstance(told, dict)
    return told


def loaded(name: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(CORPUS / name)
    return load(Request((".",)))


def modes(api: Api) -> tuple[str | None, tuple[str, ...]]:
    default = api.default.mode
    assert api.additional_open is None
    additional = tuple(sorted(item.mode.value for item in api.additional if isinstance(item.mode, Mode)))
    return (default.value if isinstance(default, Mode) else None, additional)


def described(name: str) -> bool:
    """Whether a project has a file here that says what its modes are."""
    told = about(name)
    programs = (".ts", ".js", ".py", ".cs")
    files = [CORPUS / name / path for path in told["infra_paths"] or ()]
    return any(path.is_file() and path.suffix not in programs for path in files)


@pytest.mark.parametrize("name", PROJECTS)
def test_every_project_is_read_without_a_crash(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    project = loaded(name, monkeypatch)
    assert project.units or project.errors


@pytest.mark.parametrize("name", [name for name in PROJECTS if described(name) and name not in MANY])
def test_modes_are_those_that_are_known(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = about(name)
    project = loaded(name, monkeypatch)
    if told["default_mode"] is None and not told["apis"]:
        # The project's own description is broken: it says no mode.
        assert [unit for unit in project.units if unit.api is not None] == []
        return
    expected = {
        (item["default_mode"], tuple(sorted(item["additional_modes"] or ()))) for item in told["apis"] or [told]
    }
    apis = [unit.api for unit in project.units if unit.api is not None]
    assert {modes(api) for api in apis} == expected
    if told["cognito_default_action"] is not None and not told["apis"]:
        assert {api.default_action for api in apis} == {told["cognito_default_action"]}


def test_most_projects_with_a_description_are_held_against_it() -> None:
    assert sum(described(name) for name in PROJECTS) >= 15
