"""The hook under the real pre-commit, on a real git repository.

``.pre-commit-hooks.yaml`` is what is tested. pre-commit would build an environment for it from the package
index; where there is none, the same hook is run with the appsync-lint that is being tested.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

#: These start other programs, or read what is installed, and take their time.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parent.parent.parent
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

#: The fault is in one file of the schema, and shows only together with the other and with the API's modes.
QUERY = "type Query {\n  post: Post @aws_api_key @aws_cognito_user_pools\n}\n"
POST = "type Post {\n  id: ID!\n}\n"
FIXED_POST = "type Post @aws_api_key @aws_cognito_user_pools {\n  id: ID!\n}\n"
API = """\
schema: [schema/query.graphql, schema/post.graphql]
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
"""


class Repository:
    """A git repository with pre-commit's configuration and a small API."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Somebody",
            "GIT_AUTHOR_EMAIL": "somebody@example.com",
            "GIT_COMMITTER_NAME": "Somebody",
            "GIT_COMMITTER_EMAIL": "somebody@example.com",
            "NO_COLOR": "1",
        }
        folder.mkdir()
        self.run("git", "init", "--quiet", "--initial-branch=main")
        self.write("schema/query.graphql", QUERY)
        self.write("schema/post.graphql", POST)
        self.write("appsync-lint.yaml", API)
        self.write("README.md", "A blog.\n")

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.run("git", "add", name)

    def configure(self, repository: dict[str, object]) -> None:
        self.write(".pre-commit-config.yaml", yaml.safe_dump({"repos": [repository]}))

    def commit(self) -> None:
        """Commit what is staged without asking the hook."""
        assert self.run("git", "commit", "--quiet", "--no-verify", "--message", "A state").returncode == 0

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", *arguments)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False, timeout=300
        )


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A committed state with the fault in it, and the hook run by the appsync-lint that is being tested."""
    made = Repository(tmp_path / "blog")
    hooks = [{**hook, "language": "system", "entry": f"{sys.executable} -m {_module(hook)}"} for hook in HOOKS]
    made.configure({"repo": "local", "hooks": hooks})
    made.commit()
    return made


def _module(hook: dict[str, str]) -> str:
    assert hook["entry"] == "appsync-lint"
    return "appsync_lint"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("schema/query.graphql", "# The roots.\n" + QUERY),
        ("schema/post.graphql", "# What is read.\n" + POST),
        ("appsync-lint.yaml", "# The modes.\n" + API),
    ],
)
def test_any_file_of_the_api_has_the_whole_api_linted(repository: Repository, name: str, text: str) -> None:
    repository.write(name, text)
    done = repository.pre_commit("run")
    assert "Failed" in done.stdout
    # Where the fault is does not depend on which file changed.
    assert "schema/post.graphql" in done.stdout
    assert "return-type-unreachable" in done.stdout
    assert done.returncode == 1


def test_an_unrelated_file_starts_nothing(repository: Repository) -> None:
    repository.write("README.md", "A blog for everybody.\n")
    done = repository.pre_commit("run")
    assert "Skipped" in done.stdout
    assert done.returncode == 0


def test_many_changed_files_are_one_run(repository: Repository) -> None:
    for number in range(40):
        repository.write(f"schema/more/{number}.graphql", f"type More{number} {{ id: ID }}\n")
    repository.write("appsync-lint.yaml", API.replace("[", "[schema/more/*.graphql, "))
    done = repository.pre_commit("run")
    assert done.stdout.count("schema/post.graphql:") == 1


def test_a_commit_is_stopped_until_the_fault_is_gone(repository: Repository) -> None:
    assert repository.pre_commit("install").returncode == 0
    repository.write("schema/query.graphql", "# The roots.\n" + QUERY)
    refused = repository.run("git", "commit", "--message", "A comment")
    assert refused.returncode != 0
    assert "schema/post.graphql" in refused.stdout + refused.stderr
    repository.write("schema/post.graphql", FIXED_POST)
    accepted = repository.run("git", "commit", "--message", "A comment and the directives")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_the_hook_fixes_if_it_is_asked_to(repository: Repository) -> None:
    hooks = [
        {**hook, "language": "system", "entry": f"{sys.executable} -m {_module(hook)}", "args": ["--fix"]}
        for hook in HOOKS
    ]
    repository.configure({"repo": "local", "hooks": hooks})
    repository.write("schema/post.graphql", FIXED_POST)
    repository.write("schema/query.graphql", QUERY.replace("@aws_api_key", "@aws_api_key @aws_api_key"))
    done = repository.pre_commit("run")
    assert "files were modified by this hook" in done.stdout
    assert (repository.folder / "schema/query.graphql").read_text(encoding="utf-8") == QUERY


@pytest.mark.once
def test_the_hook_installs_from_its_repository(tmp_path: Path) -> None:
    reachable = subprocess.run(
        (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(tmp_path / "index"), "click"),
        capture_output=True,
        check=False,
        timeout=120,
    )
    if reachable.returncode:
        pytest.skip("no package index to build the hook's environment from")
    made = Repository(tmp_path / "blog")
    head = made.run("git", "-C", str(ROOT), "rev-parse", "HEAD")
    if head.returncode:
        pytest.skip("not a git checkout")
    hooks = [{"id": hook["id"]} for hook in HOOKS]
    made.configure({"repo": str(ROOT), "rev": head.stdout.strip(), "hooks": hooks})
    done = made.pre_commit("run", "--all-files")
    assert "Failed" in done.stdout, done.stdout + done.stderr
    assert "schema/post.graphql" in done.stdout
