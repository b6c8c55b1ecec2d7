"""``appsync-lint check``: its options, its streams and its exit codes."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from .command import ROOT, Command, process
from .conftest import Write

#: One error behind an API key and a user pool: api-key-reaches-mutation.
OPEN = "type Query { me: ID @aws_api_key @aws_cognito_user_pools }\ntype Mutation { erase: ID }\n"
KEY_AND_POOL = ("--default-mode", "api-key", "--additional-mode", "cognito")
CONCISE = ("--format", "concise")
#: An info, true whatever the modes are.
INFO = "type Query { me: ID; }\n"
CLEAN = "type Query { me: ID }\n"
KEY = ("--default-mode", "api-key")


def rules_in(out: str) -> list[str]:
    """Return the rules of a concise report, in order."""
    return [line.partition("[")[2].partition("]")[0] for line in out.splitlines() if "[" in line]


class TestExitCode:
    def test_0_without_findings(self, command: Command, write: Write) -> None:
        write({"a.graphql": "type Query { me: ID }\n"})
        answer = command("a.graphql", "--default-mode", "iam", *CONCISE)
        assert (answer.code, answer.out, answer.err) == (0, "", "")

    def test_1_with_findings(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        answer = command("a.graphql", *KEY_AND_POOL, *CONCISE)
        assert (answer.code, rules_in(answer.out)) == (1, ["api-key-reaches-mutation"])

    def test_2_for_a_request_that_makes_no_sense(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        for arguments, message in (
            (("--formt", "json"), "No such option '--formt'. Did you mean '--format'?"),
            (("a.graphql", "--fail-on", "fatal"), "Invalid value for '--fail-on'"),
            (("a.graphql", "--format", "jsn"), "--format jsn: there is no format 'jsn'; did you mean json?"),
            (("a.graphql", "--format", "json="), "--format json=: the file's name is missing"),
            (
                ("a.graphql", "--select", "aws-auth-ignord"),
                "there is no rule aws-auth-ignord; did you mean aws-auth-ignored?",
            ),
            (("a.graphql", "--severity", "useless-ignore"), "--severity useless-ignore: write RULE=LEVEL"),
            (("a.graphql", "--severity", "useless-ignore=fatal"), "'fatal' is no severity"),
            (("explain", "aws-auth-ignord"), "there is no rule aws-auth-ignord; did you mean aws-auth-ignored?"),
            (("access", "a.graphql", "--as", "cognitp"), "unknown caller 'cognitp'; did you mean cognito?"),
        ):
            answer = command(*arguments)
            assert (answer.code, answer.out) == (2, "")
            assert len(answer.errors) == 1
            assert answer.errors[0].startswith(message)

    def test_2_although_other_files_were_linted(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        answer = command("gone.graphql", "a.graphql", *KEY_AND_POOL, *CONCISE)
        assert answer.code == 2
        assert answer.errors == ["gone.graphql: no such file"]
        assert rules_in(answer.out) == ["api-key-reaches-mutation"]

    @pytest.mark.parametrize("form", ["text", "concise", "json", "sarif"])
    def test_the_same_in_every_format(self, command: Command, write: Write, form: str) -> None:
        write({"a.graphql": OPEN, "clean.graphql": CLEAN})
        assert command("a.graphql", *KEY_AND_POOL, "--format", form).code == 1
        assert command("clean.graphql", *KEY, "--format", form).code == 0
        answer = command("gone.graphql", "--format", form)
        assert (answer.code, answer.out) == (2, "")

    @pytest.mark.parametrize(
        ("threshold", "text", "code"),
        [
            ("never", OPEN, 0),
            ("error", OPEN, 1),
            ("warning", OPEN, 1),
            ("warning", INFO, 0),
            ("info", INFO, 1),
            ("error", INFO, 0),
        ],
    )
    def test_the_threshold_moves_it(self, command: Command, write: Write, threshold: str, text: str, code: int) -> None:
        write({"a.graphql": text})
        answer = command("a.graphql", *(KEY_AND_POOL if text is OPEN else KEY), *CONCISE, "--fail-on", threshold)
        assert answer.code == code
        assert answer.out != ""

    def test_the_threshold_looks_at_the_severity_that_the_user_chose(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        milder = ("--severity", "api-key-reaches-mutation=info")
        assert command("a.graphql", *KEY_AND_POOL, *CONCISE, *milder).code == 0

    def test_by_default_warnings_count_and_infos_do_not(self, command: Command, write: Write) -> None:
        write({"a.graphql": INFO})
        assert command("a.graphql", *CONCISE).code == 0
        assert command("a.graphql", *CONCISE, "--severity", "nonstandard-syntax=warning").code == 1


class TestRulesToRun:
    def test_select_and_ignore_take_lists(self, command: Command, write: Write) -> None:
        write({"a.graphql": "type Query { me: ID @aws_apikey; }\ntype Mutation { erase: ID }\n"})
        call = ("a.graphql", *KEY_AND_POOL, *CONCISE)
        everything = set(rules_in(command(*call).out))
        assert {"nonstandard-syntax", "unknown-auth-directive", "api-key-reaches-mutation"} <= everything
        chosen = command(*call, "--select", "nonstandard-syntax, unknown-auth-directive")
        assert set(rules_in(chosen.out)) == {"nonstandard-syntax", "unknown-auth-directive"}
        rest = command(*call, "--ignore", "nonstandard-syntax", "--ignore", "unknown-auth-directive")
        assert {"nonstandard-syntax", "unknown-auth-directive"}.isdisjoint(rules_in(rest.out))

    def test_the_description_sets_severities_and_the_command_line_wins(self, command: Command, write: Write) -> None:
        write(
            {"a.graphql": INFO, "appsync-lint.yaml": "authenticationType: AWS_IAM\nrules:\n  nonstandard-syntax: off\n"}
        )
        assert command("a.graphql", *CONCISE).out == ""
        assert command("a.graphql", *CONCISE, "--severity", "nonstandard-syntax=error").code == 1

    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            (
                "nonstandard-sintax: off",
                "appsync-lint.yaml:3:3: there is no rule nonstandard-sintax; did you mean nonstandard-syntax?",
            ),
            (
                "nonstandard-syntax: fatal",
                "appsync-lint.yaml:3:23: 'fatal' is no severity; write off, info, warning or error",
            ),
        ],
    )
    def test_a_mistake_there_is_told_with_its_place(
        self, command: Command, write: Write, entry: str, message: str
    ) -> None:
        write({"a.graphql": INFO, "appsync-lint.yaml": f"authenticationType: AWS_IAM\nrules:\n  {entry}\n"})
        answer = command("a.graphql")
        assert (answer.code, answer.out, answer.errors) == (2, "", [message])

    def test_ignore_comments_count_unless_told_otherwise(self, command: Command, write: Write) -> None:
        comment = "# appsync-lint: ignore[api-key-reaches-mutation] the counter is public"
        write({"a.graphql": OPEN.replace("erase: ID ", f"erase: ID {comment}\n")})
        assert command("a.graphql", *KEY_AND_POOL, *CONCISE).code == 0
        assert command("a.graphql", *KEY_AND_POOL, *CONCISE, "--no-ignores").code == 1


class TestOutputs:
    def test_several_formats_go_to_several_places(self, command: Command, write: Write, tmp_path: Path) -> None:
        write({"a.graphql": OPEN})
        answer = command(
            "a.graphql",
            *KEY_AND_POOL,
            "--format",
            "concise",
            "--format",
            "json=out.json",
            "--format",
            "sarif=out.sarif",
        )
        assert rules_in(answer.out) == ["api-key-reaches-mutation"]
        assert [
            item["rule"] for item in json.loads((tmp_path / "out.json").read_text("utf-8"))["findings"]
        ] == rules_in(answer.out)
        assert json.loads((tmp_path / "out.sarif").read_text("utf-8"))["version"] == "2.1.0"

    def test_output_is_for_the_format_without_a_file(self, command: Command, write: Write, tmp_path: Path) -> None:
        write({"a.graphql": OPEN})
        answer = command("a.graphql", *KEY_AND_POOL, *CONCISE, "--output", "report.txt")
        assert (answer.code, answer.out) == (1, "")
        assert rules_in((tmp_path / "report.txt").read_text("utf-8")) == ["api-key-reaches-mutation"]

    def test_two_formats_to_one_place_are_refused(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        both = command("a.graphql", "--format", "text", "--format", "json")
        assert both.errors == ["two formats would go to standard output; give one of them a file: --format json=FILE"]
        same = command("a.graphql", "--format", "json=x", "--format", "sarif=./x")
        assert same.errors == ["two formats would go to x; give one of them a file: --format sarif=FILE"]

    def test_a_file_that_cannot_be_written_is_told(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        answer = command("a.graphql", *CONCISE, "--output", "no/such/folder.txt")
        assert (answer.code, answer.errors) == (2, ["no/such/folder.txt: cannot be written: No such file or directory"])

    def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(
        self, command: Command, write: Write, tmp_path: Path
    ) -> None:
        write({"a.graphql": OPEN, "real.txt": "old " * 1000})
        (tmp_path / "link.txt").symlink_to("real.txt")
        command("a.graphql", *KEY_AND_POOL, *CONCISE, "--output", "link.txt")
        assert (tmp_path / "link.txt").is_symlink()
        assert rules_in((tmp_path / "real.txt").read_text("utf-8")) == ["api-key-reaches-mutation"]
        assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "a.graphql", "link.txt", "real.txt"]

    def test_an_earlier_report_stays_where_nothing_could_be_read(
        self, command: Command, write: Write, tmp_path: Path
    ) -> None:
        write({"out.sarif": "earlier"})
        assert command("gone.graphql", "--format", "sarif=out.sarif").code == 2
        assert (tmp_path / "out.sarif").read_text("utf-8") == "earlier"

    def test_a_device_is_written_to(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        assert command("a.graphql", *KEY_AND_POOL, *CONCISE, "--output", os.devnull).code == 1


class TestColour:
    @pytest.mark.parametrize(
        ("arguments", "environment", "coloured"),
        [
            ((), {}, False),
            (("--color", "always"), {}, True),
            (("--color", "always"), {"NO_COLOR": "1"}, True),
            (("--color", "never"), {"FORCE_COLOR": "1"}, False),
            ((), {"FORCE_COLOR": "1"}, True),
            ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ((), {"FORCE_COLOR": "", "NO_COLOR": ""}, False),
            ((), {"FORCE_COLOR": "0"}, False),
        ],
    )
    def test_as_asked(
        self,
        command: Command,
        write: Write,
        monkeypatch: pytest.MonkeyPatch,
        arguments: tuple[str, ...],
        environment: dict[str, str],
        coloured: bool,
    ) -> None:
        write({"a.graphql": OPEN})
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        assert ("\x1b[" in command("a.graphql", *KEY_AND_POOL, *arguments).out) is coloured

    def test_never_in_a_file_unless_always(
        self, command: Command, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        write({"a.graphql": OPEN})
        monkeypatch.setenv("FORCE_COLOR", "1")
        command("a.graphql", *KEY_AND_POOL, "--output", "out.txt")
        assert "\x1b" not in (tmp_path / "out.txt").read_text("utf-8")


class TestDefaultCommand:
    def test_check_need_not_be_written(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN})
        assert command("check", "a.graphql", *KEY_AND_POOL) == command("a.graphql", *KEY_AND_POOL)
        assert command(*KEY_AND_POOL, "a.graphql") == command("a.graphql", *KEY_AND_POOL)
        assert command(*KEY_AND_POOL) == command(".", *KEY_AND_POOL)

    def test_a_path_that_is_called_like_a_command(self, command: Command, write: Write) -> None:
        write({"rules": OPEN})
        assert rules_in(command("check", "rules", *KEY_AND_POOL, *CONCISE).out) == ["api-key-reaches-mutation"]
        assert rules_in(command("./rules", *KEY_AND_POOL, *CONCISE).out) == ["api-key-reaches-mutation"]

    def test_help_shows_commands_and_the_options_of_check(self, command: Command) -> None:
        answer = command("--help")
        assert answer == command("-h")
        assert answer.code == 0
        for word in ("access", "explain", "rules", "--default-mode", "--fail-on"):
            assert word in answer.out

    def test_version(self, command: Command) -> None:
        import appsync_lint

        expected = (0, f"appsync-lint {appsync_lint.__version__}\n", "")
        assert command("-V") == command("--version") == expected


class TestStandardError:
    def test_without_a_description_one_line_says_how_to_give_one(self, command: Command, write: Write) -> None:
        write({"a.graphql": "type Query { me: ID }\n"})
        answer = command("a.graphql", *CONCISE)
        assert (answer.code, answer.out) == (0, "")
        (note,) = answer.notes
        assert "appsync-lint.yaml" in note
        assert "--default-mode" in note

    def test_quiet_leaves_errors(self, command: Command, write: Write) -> None:
        write({"a.graphql": "type Query { me: ID }\n"})
        answer = command("-q", "a.graphql", "gone.graphql", *CONCISE)
        assert answer.err == "appsync-lint: error: gone.graphql: no such file\n"

    def test_control_characters_are_spelled_out(self, command: Command, write: Write) -> None:
        write({})
        answer = command("a\x1b]0;\n\u202eb.graphql")
        assert answer.err == "appsync-lint: error: a\\x1b]0;\\x0a\\u202eb.graphql: no such file\n"


class TestStandardInput:
    def test_it_is_a_schema(self, command: Command, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        write({})
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(OPEN.encode())))
        answer = command("-", *KEY_AND_POOL, *CONCISE)
        assert answer.out.startswith("<stdin>:2:17:")

    def test_it_stands_for_a_file(self, command: Command, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        write({"appsync-lint.yaml": "schema: a.graphql\nauthenticationType: AWS_IAM\n", "a.graphql": OPEN})
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(INFO.encode())))
        answer = command("-", "--stdin-filename", "a.graphql", *CONCISE)
        assert answer.out.startswith("a.graphql:1:20:")
        assert answer.err == ""

    def test_bytes_that_are_no_text_are_an_error(
        self, command: Command, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write({})
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"type Query { a: \xff }")))
        assert command("-").errors == ["<stdin>: line 1 is not UTF-8 (byte 0xff)"]


class TestShowConfig:
    def test_it_names_the_modes_and_their_places(self, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(ROOT)
        answer = command("fixtures/blog", "--show-config")
        assert answer.code == 0
        assert [line.split() for line in answer.out.splitlines()] == [
            ["blog"],
            ["described", "fixtures/blog/appsync-lint.yaml:2:1"],
            ["default", "API_KEY", "fixtures/blog/appsync-lint.yaml:4:21"],
            ["additional", "AMAZON_COGNITO_USER_POOLS", "fixtures/blog/appsync-lint.yaml:6:25"],
            ["schema", "fixtures/blog/schema.graphql", "fixtures/blog/appsync-lint.yaml:3:9"],
        ]

    def test_it_names_flags_and_severities(self, command: Command, write: Write) -> None:
        write({"a.graphql": OPEN, "b/a.graphql": OPEN})
        write({"b/appsync-lint.yaml": "authenticationType: AWS_IAM\nrules: {syntax-error: info}\n"})
        flags = command(
            "a.graphql", "--default-mode", "cognito", "--default-action", "deny", "--show-config", "--format", "json"
        )
        (api,) = json.loads(flags.out)["apis"]
        assert api["default"] == {"mode": "AMAZON_COGNITO_USER_POOLS", "unresolved": None, "from": "--default-mode"}
        assert api["default_action"] == "DENY"
        assert api["schema"] == ["a.graphql"]
        native = command("b", "--show-config", "--format", "json")
        assert json.loads(native.out)["apis"][0]["rules"] == {"syntax-error": "info"}
        assert "syntax-error: info" in command("b", "--show-config").out

    def test_what_only_deployment_knows_is_said_to_be_so(self, command: Command, write: Write) -> None:
        parameter = "Parameters: {Mode: {Type: String, AllowedValues: [API_KEY, AWS_IAM]}}\n"
        api = "{Type: AWS::AppSync::GraphQLApi, Properties: {Name: a, AuthenticationType: !Ref Mode}}"
        write({"template.yaml": f"{parameter}Resources:\n  Api: {api}\n"})
        assert "only known at deployment" in command("template.yaml", "--show-config").out


class TestProcess:
    def test_the_exit_code_reaches_the_shell(self, write: Write, tmp_path: Path) -> None:
        write({"a.graphql": OPEN, "clean.graphql": CLEAN})
        assert process("a.graphql", *KEY_AND_POOL, folder=tmp_path).code == 1
        assert process("clean.graphql", *KEY, folder=tmp_path).code == 0
        assert process("gone.graphql", folder=tmp_path).code == 2

    def test_a_reader_that_goes_away_is_no_error(self, write: Write, tmp_path: Path) -> None:
        import subprocess

        write(
            {
                "a.graphql": "type Query { me: ID }\ntype Mutation {\n"
                + "".join(f"  f{n}: ID\n" for n in range(3000))
                + "}\n"
            }
        )
        call = [sys.executable, "-m", "appsync_lint", "a.graphql", "--default-mode", "api-key", "--select",
                "api-key-reaches-mutation", "--format", "json"]  # fmt: skip
        with subprocess.Popen(call, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            running.stdout.close()
            errors = running.stderr.read()
            assert running.wait(timeout=20) in (0, 1)
        assert errors == b""

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_any_locale_can_be_written_to(self, write: Write, tmp_path: Path, encoding: str) -> None:
        write({"\u65e5\u672c.graphql": OPEN})
        import subprocess

        call = [sys.executable, "-m", "appsync_lint", "\u65e5\u672c.graphql", *KEY_AND_POOL]
        done = subprocess.run(
            call, cwd=tmp_path, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding}
        )
        assert (done.returncode, done.stderr) == (1, b"")
        assert "api-key-reaches-mutation" in done.stdout.decode(encoding)
