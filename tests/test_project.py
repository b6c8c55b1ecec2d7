"""The project's own state: formatting, lint, types, generated pages, and what must never be in it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from appsync_lint.linter import all_rules

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str) -> str:
    """Run a command in the project's folder; return its output if it failed, nothing if it did not."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.once
@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "format", "--check", "."),
        ("ruff", "check", "."),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_tool_has_nothing_to_say(command: tuple[str, ...]) -> None:
    assert run(sys.executable, "-m", *command) == ""


@pytest.mark.once
def test_generated_pages_are_what_the_rules_say() -> None:
    assert run(sys.executable, "docs/generate.py", "--check") == ""


def tracked_files() -> list[Path]:
    listed = subprocess.run(("git", "ls-files", "-z"), cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


@pytest.mark.once
def test_top_level_holds_what_it_should_and_nothing_else() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert top == {
        ".ci",
        ".pre-commit-hooks.yaml",
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "appsync_lint",
        "docs",
        "fixtures",
        "pyproject.toml",
        "rules",
        "tests",
    }


@pytest.mark.once
def test_no_tracked_text_names_a_registry_or_a_home_folder() -> None:
    registries = ("pypi" + r"\.org", "registry" + r"\.npmjs", "python" + "hosted")
    forbidden = re.compile("|".join((*registries, re.escape(f"{Path.home().as_posix()}/"))))
    offending = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.is_file() and not path.is_symlink() and forbidden.search(path.read_text("utf-8", "replace"))
    ]
    assert offending == []


@pytest.mark.once
def test_links_in_the_documentation_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT).as_posix()}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_fact_that_a_rule_or_a_verdict_cites_is_told() -> None:
    told = set(re.findall(r"^\| ([\dA][\dM.]*) \|", (ROOT / "docs" / "facts.md").read_text("utf-8"), re.MULTILINE))
    cited = {fact for rule in all_rules().values() for fact in rule.facts}
    for module in (ROOT / "appsync_lint" / "access").glob("*.py"):
        cited.update(re.findall(r'"((?:\d+|A)\.?\d+)"', module.read_text("utf-8")))
    assert {"2.1", "3.3", "A1"} <= cited
    assert cited - told == set()
