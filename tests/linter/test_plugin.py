"""Anybody's rules come through the same door as the built-in ones: an example package, built and installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appsync_lint.linter.registry import load_rules

from ..rules.examples import example, place

PACKAGE = Path(__file__).parents[1] / "example_plugin"
RULE = "mutation-open-to-guests"
SCHEMA = "type Query { a: ID @aws_iam @aws_api_key }\ntype Mutation { cancel: ID @aws_api_key }\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example package as anybody would build theirs."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    pytest.importorskip("hatchling.build")
    subprocess.run([sys.executable, "-c", code], cwd=PACKAGE, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a folder of its own: a wheel is unpacked, and that is all."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def installed(site: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(site))
    yield
    for name in [name for name in sys.modules if name.startswith("acme_appsync_rules")]:
        del sys.modules[name]


@pytest.mark.usefixtures("installed")
def test_the_rule_stands_among_the_others() -> None:
    rules = load_rules()
    assert RULE in rules
    assert "aws-auth-ignored" in rules


@pytest.mark.usefixtures("installed")
def test_its_examples_hold_like_those_of_a_built_in_rule() -> None:
    rules = load_rules()
    documentation = rules[RULE].documentation()
    bad, good = example(documentation, "Bad"), example(documentation, "Good")
    assert [place(found) for found in bad.findings(rules) if found.rule == RULE] == list(bad.marks)
    assert [found for found in good.findings(rules) if found.rule == RULE] == []


def _run(folder: Path, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    modes = ("--default-mode", "API_KEY", "--additional-mode", "AWS_IAM")
    search = os.pathsep.join(filter(None, (str(path), os.environ.get("PYTHONPATH", ""))))
    return subprocess.run(
        [sys.executable, "-m", "appsync_lint", "schema.graphql", *modes, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": search},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_runs_it(site: Path, tmp_path: Path) -> None:
    ran = _run(tmp_path, site, "--select", RULE, "--format", "json")
    assert ran.returncode == 1, ran.stderr
    (found,) = json.loads(ran.stdout)["findings"]
    assert (found["rule"], found["coordinate"], found["severity"]) == (RULE, "Mutation.cancel", "error")


def test_it_runs_straight_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """A wheel on the search path is a zip file, in which the metadata is no folder."""
    ran = _run(tmp_path, wheel, "--select", RULE, "--format", "concise")
    assert ran.returncode == 1, ran.stderr
    assert f"error[{RULE}]" in ran.stdout


def test_its_severity_can_be_set_like_any_others(site: Path, tmp_path: Path) -> None:
    ran = _run(tmp_path, site, "--severity", f"{RULE}=info", "--select", RULE, "--format", "concise")
    assert ran.returncode == 0, ran.stderr
    assert f"info[{RULE}]" in ran.stdout


def test_without_the_package_there_is_no_such_rule(tmp_path: Path) -> None:
    ran = _run(tmp_path, tmp_path, "--select", RULE)
    assert ran.returncode == 2
    assert f"there is no rule {RULE}" in ran.stderr
