"""The commands beside ``check``, and rules that fail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from appsync_lint.cli.markdown import to_terminal
from appsync_lint.linter import Finding, Rule, Severity, Subject, all_rules
from appsync_lint.report.colours import painter

from .command import ROOT, Command, process
from .conftest import Write

BLOG = str(ROOT / "fixtures" / "blog")

OPEN_MODES = """\
Parameters: {Mode: {Type: String}, Others: {Type: CommaDelimitedList}}
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: a
      AuthenticationType: !Ref Mode
      AdditionalAuthenticationProviders: !Ref Others
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, DefinitionS3Location: schema.graphql}
"""


class TestRules:
    def test_json_holds_every_rule(self, command: Command) -> None:
        answer = command("rules", "--format", "json")
        items = json.loads(answer.out)["rules"]
        assert [item["name"] for item in items] == list(all_rules())
        for item, rule in zip(items, all_rules().values(), strict=True):
            assert item["severity"] == rule.severity.value
            assert item["summary"] == rule.summary()
            assert item["enabled"] is rule.enabled
            assert item["pedantic"] is rule.pedantic
            assert item["fixes"] == [kind for kind in ("safe", "unsafe") if getattr(rule, f"{kind}_fix")]

    def test_the_table_in_markdown_is_the_one_of_the_documentation(self, command: Command) -> None:
        lines = command("rules", "--markdown").out.splitlines()
        assert lines[:2] == [
            "| rule | severity | confidence | runs | fix | what it says |",
            "| --- | --- | --- | --- | --- | --- |",
        ]
        for line, rule in zip(lines[2:], all_rules().values(), strict=True):
            assert line.startswith(f"| [{rule.name}]({rule.help_uri()}) | {rule.severity.value} | {rule.confidence} | ")
            assert ("| safe |" in line or "| safe, unsafe |" in line) is bool(rule.safe_fix)
            assert ("unsafe |" in line) is bool(rule.unsafe_fix)
        assert command("rules", "--markdown", "--format", "json").code == 2

    def test_explain_tells_what_the_fixes_do(self, command: Command) -> None:
        assert "fix safe: removes the definitions\n" in command("explain", "redundant-builtin-definition").out

    def test_table_names_every_rule_with_its_severity(self, command: Command) -> None:
        lines = command("rules").out.splitlines()
        begun = {line.split()[0]: line.split()[1:3] for line in lines[1:-2] if not line.startswith(" ")}
        runs = {(True, False): "on", (False, False): "off", (False, True): "pedantic"}
        expected = {
            name: [rule.severity.value, runs[rule.enabled, rule.pedantic]] for name, rule in all_rules().items()
        }
        assert begun == expected

    @pytest.mark.parametrize("columns", ["40", "80", "120"])
    def test_table_fits_the_terminal(self, command: Command, monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        wide = [line for line in command("rules").out.splitlines() if len(line) > max(int(columns), 80)]
        assert wide == []


class TestExplain:
    @pytest.mark.parametrize("name", list(all_rules()))
    def test_every_rule_fits_the_terminal_but_for_its_code_and_addresses(self, command: Command, name: str) -> None:
        answer = command("explain", name)
        assert answer.code == 0
        wide = [line for line in answer.out.splitlines() if len(line) > 80]
        assert [line for line in wide if not line.startswith("    ") and "https://" not in line] == []

    def test_every_word_of_the_documentation_is_shown(self, command: Command) -> None:
        rule = all_rules()["useless-ignore"]
        shown = command("explain", rule.name).out.casefold().split()
        left_out = {"```yaml", "```graphql", "```", "##"}
        assert [word for word in rule.documentation().casefold().split() if word not in {*shown, *left_out}] == []

    def test_markdown_is_the_documentation(self, command: Command) -> None:
        rule = all_rules()["useless-ignore"]
        assert command("explain", rule.name, "--format", "markdown").out == f"# {rule.name}\n\n{rule.documentation()}\n"


TABLE = """\
| what | level |
| --- | :-: |
| a cell that is longer than the whole line of the terminal | error |
| short | info, `low` confidence |
"""


def test_a_table_of_the_documentation_fits_and_says_the_same() -> None:
    shown = to_terminal(TABLE, painter(False), 50).splitlines()
    assert shown == [
        "what                        level",
        "a cell that is longer than  error",
        "the whole line of the",
        "terminal",
        "short                       info, `low` confidence",
    ]


class TestAccess:
    def test_json_is_the_models_answer(self, command: Command, write: Write) -> None:
        write({"a.graphql": 'type Query { a: ID b: ID @aws_cognito_user_pools(cognito_groups: ["Admins"]) }\n'})
        flags = ("--default-mode", "api-key", "--additional-mode", "cognito")
        answer = command("access", "a.graphql", *flags, "--format", "json")
        assert answer.code == 0
        assert json.loads(answer.out) == {
            "version": 1,
            "apis": [
                {
                    "name": "API",
                    "default": "API_KEY",
                    "additional": ["AMAZON_COGNITO_USER_POOLS"],
                    "callers": ["api-key", "cognito", "cognito:Admins"],
                    "fields": [
                        {
                            "coordinate": "Query.a",
                            "access": {"api-key": "allow", "cognito": "deny", "cognito:Admins": "deny"},
                            "because": "default mode API_KEY",
                        },
                        {
                            "coordinate": "Query.b",
                            "access": {"api-key": "deny", "cognito": "deny", "cognito:Admins": "allow"},
                            "because": '@aws_cognito_user_pools(cognito_groups: ["Admins"]) on Query.b',
                        },
                    ],
                }
            ],
        }

    def test_callers_may_be_in_several_groups(self, command: Command, write: Write) -> None:
        write({"a.graphql": 'type Query { a: ID @aws_cognito_user_pools(cognito_groups: ["Admins"]) }\n'})
        callers = ("--as", "cognito:Admins+Others", "--as", "cognito:Others", "--as", "iam")
        answer = command(
            "access", "a.graphql", "--default-mode", "iam", "--additional-mode", "cognito", *callers, "--format", "json"
        )
        (field,) = json.loads(answer.out)["apis"][0]["fields"]
        assert field["access"] == {"cognito:Admins+Others": "allow", "cognito:Others": "deny", "iam": "deny"}

    def test_a_caller_of_a_mode_that_the_api_does_not_have_is_denied(self, command: Command) -> None:
        answer = command("access", BLOG, "--as", "lambda", "--format", "json")
        assert {v for field in json.loads(answer.out)["apis"][0]["fields"] for v in field["access"].values()} == {
            "deny"
        }

    def test_what_only_deployment_knows_is_marked(self, command: Command, write: Write) -> None:
        parameter = "Parameters: {Mode: {Type: String, AllowedValues: [API_KEY, AWS_IAM]}}\n"
        api = "{Type: AWS::AppSync::GraphQLApi, Properties: {Name: a, AuthenticationType: !Ref Mode}}"
        schema = '{Type: AWS::AppSync::GraphQLSchema, Properties: {ApiId: !GetAtt Api.ApiId, Definition: "type Query { a: ID }"}}'
        write({"template.yaml": f"{parameter}Resources:\n  Api: {api}\n  Schema: {schema}\n"})
        text = command("access", "template.yaml")
        assert text.code == 0
        assert "only known at deployment" in text.out
        row = next(line for line in text.out.splitlines() if line.startswith("  a "))
        assert row.split()[1:3] == ["?", "?"]

    def test_additional_modes_that_only_deployment_knows_are_not_said_to_be_none(
        self, command: Command, write: Write
    ) -> None:
        write({"template.yaml": OPEN_MODES, "schema.graphql": "type Query { a: ID }\n"})
        answer = command("access", ".")
        assert "additional only known at deployment (!Ref Others)" in answer.out
        assert json.loads(command("access", ".", "--format", "json").out)["apis"][0]["additional"] == ["!Ref Others"]
        place = "template.yaml:7:27"
        assert f"note: {place}: the default mode of Api is only known at deployment (!Ref Mode), so" in answer.err

    @pytest.mark.parametrize("groups", [0, 1, 5, 20, 60, 800])
    def test_table_fits_the_terminal_however_many_callers_there_are(
        self, command: Command, write: Write, groups: int
    ) -> None:
        names = ", ".join(f'"Group{number}"' for number in range(groups))
        directive = f"@aws_cognito_user_pools(cognito_groups: [{names}])" if groups else "@aws_cognito_user_pools"
        fields = f"aFieldWithALongName: ID {directive} a{'VeryLong' * 12}Name: ID b: ID"
        write({"a.graphql": f"type Query {{ {fields} }}\n"})
        answer = command("access", "a.graphql", "--default-mode", "api-key", "--additional-mode", "cognito")
        assert answer.code == 0
        assert [line for line in answer.out.splitlines() if len(line) > 80 and "VeryLong" not in line] == []
        callers = groups + 2
        # Every caller has a mark in the row of every field, in one table or in several.
        rows = [line for line in answer.out.splitlines() if line.startswith("  b ")]
        marks = [mark for row in rows for mark in row.partition("default mode")[0].split()[1:] if mark in "+-?"]
        assert len(marks) == callers
        assert marks.count("+") == 1

    def test_only_some_types_and_fields(self, command: Command) -> None:
        answer = command("access", BLOG, "--only", "Author", "--only", "Query.post", "--format", "json")
        coordinates = [field["coordinate"] for field in json.loads(answer.out)["apis"][0]["fields"]]
        assert coordinates == ["Query.post", "Author.id", "Author.name", "Author.email"]
        nothing = command("access", BLOG, "--only", "Autor")
        assert (nothing.code, nothing.out) == (2, "")
        assert nothing.errors == ["--only Autor: the schema has no such type or field; did you mean Author?"]

    def test_without_modes_there_is_no_answer(self, command: Command, write: Write) -> None:
        write({"a.graphql": "type Query { a: ID }\n"})
        answer = command("access", "a.graphql")
        assert (answer.code, answer.out) == (2, "")
        assert answer.errors[0].startswith("access depends on the API's modes")


class _Failing(Rule):
    """A rule that fails."""

    name = "failing"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        raise ZeroDivisionError("what \x1b[2J")
        yield  # type: ignore[unreachable]  # makes this a generator


def test_a_rule_that_fails_is_named(command: Command, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"a.graphql": "type Query { a: ID }\n"})
    monkeypatch.setattr("appsync_lint.cli.check.all_rules", lambda: {**all_rules(), "failing": _Failing()})
    answer = command("a.graphql", "--default-mode", "iam")
    assert (answer.code, answer.out) == (2, "")
    (error,) = answer.errors
    assert error == f"the rule failing ({__name__}) failed: ZeroDivisionError: what \\x1b[2J"


def test_a_defect_of_the_program_is_one_line_that_says_where(
    command: Command, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    write({"a.graphql": "type Query { a: ID }\n"})
    monkeypatch.setattr("appsync_lint.cli.check.load", broken)
    answer = command("a.graphql")
    assert (answer.code, answer.out) == (2, "")
    assert answer.errors[0].startswith("internal error in ")
    assert answer.errors[0].endswith("please report it: KeyError: 'x'")


def test_an_interrupt_ends_quietly(command: Command, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    write({"a.graphql": "type Query { a: ID }\n"})
    monkeypatch.setattr("appsync_lint.cli.check.load", interrupted)
    answer = command("a.graphql")
    assert (answer.code, answer.out, answer.err.strip()) == (130, "", "")


def _loaded(folder: Path, *arguments: str) -> set[str]:
    answer = process(*arguments, folder=folder, PYTHONPROFILEIMPORTTIME="1")
    return {line.rpartition("|")[2].strip() for line in answer.err.splitlines() if line.startswith("import time:")}


def test_a_plain_run_loads_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("type Query { a: ID }\n", encoding="utf-8")
    loaded = _loaded(tmp_path, "a.graphql", "--default-mode", "iam")
    assert {"click", "graphql.language", "appsync_lint.report.text"} <= loaded
    unwanted = {"attr", "sarif_om", "json", "yaml", "difflib", "tempfile", "importlib.metadata", "argparse"}
    assert loaded & unwanted == set()
    own = {name for name in loaded if name.startswith("appsync_lint.")}
    assert own & {f"appsync_lint.cli.{name}" for name in ("access", "rules", "explain", "show_config")} == set()
    assert not any(name.startswith(("appsync_lint.sources", "appsync_lint.report.sarif")) for name in own)


def test_a_description_in_json_does_without_yaml(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("type Query { a: ID }\n", encoding="utf-8")
    (tmp_path / "appsync-lint.json").write_text('{"authenticationType": "AWS_IAM"}\n', encoding="utf-8")
    loaded = _loaded(tmp_path, "a.graphql")
    assert "appsync_lint.sources.native" in loaded
    assert loaded & {"yaml", "sarif_om", "difflib"} == set()
