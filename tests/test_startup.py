"""What a run imports: nothing that it does not need."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCHEMA = """\
type Query {
  post(id: ID!): Post @aws_iam @aws_api_key
}

type Post {
  id: ID!
}
"""
MODES = ("--default-mode", "API_KEY", "--additional-mode", "AWS_IAM")
API = """\
schema: schema.graphql
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
"""
#: What every run needs of other projects and of the standard library, with whatever that imports in turn.
BASE = """\
from appsync_lint.cli.startup import defer_graphql
defer_graphql()
import bisect, gc, hashlib, pathlib, unicodedata
import click, graphql.language
"""
RUN = """\
import sys
from appsync_lint.cli import main
sys.argv = ["appsync-lint", *{arguments!r}]
assert main() == 1, "the schema has a fault"
"""
OURS = ("appsync_lint", "appsync_lint_rules", "encodings")


def run(code: str, folder: Path) -> str:
    found = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, encoding="utf-8", check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout


def modules(code: str, folder: Path) -> set[str]:
    names = run(
        f"{code}\nimport sys\nnames = list(sys.modules)\nimport json\nprint()\nprint(json.dumps(names))", folder
    )
    return set(json.loads(names.splitlines()[-1]))


def added(folder: Path, *arguments: str) -> set[str]:
    """Return the first names of the modules that a run adds to what every run needs, its own left out."""
    (folder / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    new = modules(RUN.format(arguments=arguments), folder) - modules(BASE, folder)
    assert "appsync_lint.linter.runner" in new, "the run did not come to the rules"
    # For translated messages the locale is looked at: by Python 3.10 always, by later versions where there are some.
    return {name for name in new if name.partition(".")[0] not in OURS} - {"locale", "_locale"}


@pytest.mark.parametrize("form", ["text", "concise"])
def test_a_text_run_imports_nothing_else(tmp_path: Path, form: str) -> None:
    assert added(tmp_path, "schema.graphql", *MODES, "--format", form) == set()


def test_a_text_run_leaves_the_rest_of_graphql_alone(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    loaded = modules(RUN.format(arguments=("schema.graphql", *MODES)), tmp_path)
    assert "graphql.language.parser" in loaded
    unwanted = {"graphql.execution", "graphql.validation", "graphql.utilities", "json", "yaml", "sarif_om", "difflib"}
    assert loaded.isdisjoint({*unwanted, "importlib.metadata", "tempfile", "jsonschema", "tree_sitter"})


def test_a_run_without_a_description_leaves_what_only_descriptions_bring_alone(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    loaded = modules(RUN.format(arguments=("schema.graphql", *MODES)), tmp_path)
    unwanted = {"appsync_lint.api.settings", "appsync_lint.authorizer", "appsync_lint.resolvers", "appsync_lint.fixing"}
    assert loaded.isdisjoint({*unwanted, "appsync_lint.sources.reader", "pathspec"})


def test_a_yaml_description_brings_yaml_alone(tmp_path: Path) -> None:
    (tmp_path / "appsync-lint.yaml").write_text(API, encoding="utf-8")
    new = {name.partition(".")[0] for name in added(tmp_path, "schema.graphql")}
    assert "yaml" in new
    assert new.isdisjoint({"sarif_om", "attr", "json", "difflib", "jsonschema", "tree_sitter", "tempfile"})


def test_a_json_description_brings_no_yaml(tmp_path: Path) -> None:
    api = '{"schema": "schema.graphql", "authenticationType": "API_KEY", "additionalAuthenticationProviders": '
    (tmp_path / "appsync-lint.json").write_text(api + '[{"authenticationType": "AWS_IAM"}]}', encoding="utf-8")
    new = {name.partition(".")[0] for name in added(tmp_path, "schema.graphql")}
    assert "json" in new
    assert new.isdisjoint({"yaml", "sarif_om", "attr", "difflib", "jsonschema", "tree_sitter", "tempfile"})


def test_json_brings_json_alone(tmp_path: Path) -> None:
    new = {name.partition(".")[0] for name in added(tmp_path, "schema.graphql", *MODES, "--format", "json")}
    assert new == {"json", "_json"}


def test_sarif_brings_its_model_and_no_yaml(tmp_path: Path) -> None:
    new = {name.partition(".")[0] for name in added(tmp_path, "schema.graphql", *MODES, "--format", "sarif")}
    assert "sarif_om" in new
    assert new.isdisjoint({"yaml", "jsonschema", "tree_sitter", "difflib"})


def test_whoever_asks_graphql_for_a_name_gets_all_of_it(tmp_path: Path) -> None:
    code = f"""{BASE}
import sys
assert "graphql.validation" not in sys.modules
import graphql
from graphql import build_schema, language, validate
assert language is graphql.language and validate is graphql.validation.validate
assert build_schema("type Query {{ a: Int }}").query_type.name == "Query"
try:
    graphql.no_such_name
except AttributeError as error:
    assert "no_such_name" in str(error)
else:
    raise AssertionError
"""
    run(code, tmp_path)


def test_a_run_does_without_asyncio(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text(SCHEMA, encoding="utf-8")
    loaded = modules(RUN.format(arguments=("schema.graphql", *MODES)), tmp_path)
    # Python 3.10 itself imports subprocess for what graphql-core asks of it.
    assert loaded.isdisjoint({"asyncio", "socket", "ssl", "logging"})


@pytest.mark.parametrize("part", ["validation", "utilities", "type", "execution", "type.definition", "pyutils.inspect"])
def test_whoever_imports_a_part_of_graphql_gets_what_it_is_without_the_linter(tmp_path: Path, part: str) -> None:
    names = f"""
import importlib, json, sys
importlib.import_module("graphql.{part}")
from graphql import build_schema, pyutils
found = {{}}
for home, module in list(sys.modules.items()):
    if home.partition(".")[0] == "graphql" and home.count(".") < 2:
        for name in getattr(module, "__all__", ()):
            value = getattr(module, name)
            found[f"{{home}}:{{name}}"] = f"{{type(value).__qualname__}} {{getattr(value, '__qualname__', '')}}"
        found[home] = f"{{type(module.__spec__.loader).__name__}} {{module.__spec__.origin}}"
print(json.dumps(found))
"""
    plain, deferred = (json.loads(run(head + names, tmp_path)) for head in ("", BASE))
    assert "graphql.pyutils:inspect" in plain
    assert {home.partition(":")[0] for home in plain} > {"graphql", "graphql.pyutils", "graphql.language"}
    assert deferred == plain


def test_a_graphql_that_is_imported_already_stays(tmp_path: Path) -> None:
    run(
        f"import graphql, sys\nbefore = sys.modules['graphql']\n{BASE}\nassert sys.modules['graphql'] is before",
        tmp_path,
    )


def test_the_collector_is_held_during_the_run_only(tmp_path: Path) -> None:
    code = """
import gc
from appsync_lint import cli
from appsync_lint.cli import app
seen = []
app.run = lambda: seen.append(gc.isenabled()) or 0
assert cli.main() == 0
assert seen == [False] and gc.isenabled()
"""
    run(code, tmp_path)


def test_importing_the_library_imports_nothing_of_it(tmp_path: Path) -> None:
    loaded = modules("import appsync_lint", tmp_path)
    assert {name for name in loaded if name.startswith(("appsync_lint.", "graphql", "click"))} == set()
