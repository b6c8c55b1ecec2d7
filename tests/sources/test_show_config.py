"""What ``--show-config`` prints for the small projects of ``fixtures/projects``, one for each tool and spelling."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from appsync_lint.cli.app import _appsync_lint

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
EXPECTED = "expected.txt"
ALL = sorted(path.parent.relative_to(PROJECTS).as_posix() for path in PROJECTS.rglob(EXPECTED))


def shown(project: str, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[str, str]:
    """Return what is printed on standard output and standard error for a project as the working directory."""
    monkeypatch.chdir(PROJECTS / project)
    answer = CliRunner().invoke(_appsync_lint, ["check", "--show-config", *options])
    assert answer.exit_code == 0, answer.output
    return answer.stdout, answer.stderr


@pytest.mark.parametrize("project", ALL)
def test_text_is_what_is_expected(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = shown(project, monkeypatch)
    text = out + ("-- standard error\n" + err if err else "")
    expected = PROJECTS / project / EXPECTED
    if os.environ.get("APPSYNC_LINT_UPDATE_GOLDEN"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text("utf-8")


@pytest.mark.parametrize("project", ALL)
def test_json_tells_the_same_modes_and_schemas(project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = shown(project, monkeypatch)
    told, _ = shown(project, monkeypatch, "--format", "json")
    apis = json.loads(told)["apis"]
    assert len(apis) == sum(1 for line in text.splitlines() if line and not line.startswith(" "))
    for api in apis:
        assert api["name"] is None or api["name"] in text
        for provider in (api.get("default"), *api.get("additional", ())):
            assert provider is None or (provider["mode"] or provider["unresolved"]) in text
        assert all(path in text for path in api["schema"])


def test_every_project_has_an_expectation() -> None:
    assert ALL
    below = {path.relative_to(PROJECTS).parts[0] for path in PROJECTS.rglob("*") if path.is_file()}
    assert below == {name.partition("/")[0] for name in ALL}
