"""What the README shows is what the user gets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_sample_is_the_output_of_the_first_command(monkeypatch: pytest.MonkeyPatch) -> None:
    from appsync_lint.cli.app import _appsync_lint

    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "80")
    answer = CliRunner().invoke(_appsync_lint, ["fixtures/blog/schema.graphql"])
    found = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert found is not None
    pieces = [piece for piece in found[1].rstrip().split("\n\n") if piece != "..."]

    assert len(pieces) == 3
    assert [piece for piece in pieces if piece not in answer.output] == []


def test_every_command_of_the_readme_exists() -> None:
    from appsync_lint.cli.app import _COMMANDS

    used = set(re.findall(r"^\$ appsync-lint (\w+) ", README, re.MULTILINE))
    assert used
    assert used <= set(_COMMANDS)


def test_the_commands_to_set_up_are_the_ones_that_integration_runs() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "pip install -q -e '.[dev]' && .venv/bin/pytest" in README
    assert "-e '.[dev]'" in script
    assert "/bin/pytest" in script
