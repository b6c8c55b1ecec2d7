"""``--fix``, ``--unsafe-fixes`` and ``--diff``: what is written, what is shown, and what is left alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from appsync_lint.fixing import write_files
from appsync_lint.text import SourceText

from .. import golden
from .command import Command, process
from .conftest import Write

MODES = ("--default-mode", "AMAZON_COGNITO_USER_POOLS", "--additional-mode", "AWS_IAM", "--default-action", "ALLOW")
GOLDEN = Path(__file__).parent / "golden" / "fix"
SCHEMA = """\
# who am I
type Query {
  me: ID @aws_auth # all of us
  all: ID @aws_auth(cognito_groups: ["Admins"])
  some: ID @aws_iam @aws_cognito_user_pools
}
"""
SAFE = SCHEMA.replace(" @aws_auth #", " #")
UNSAFE = SAFE.replace("aws_auth", "aws_cognito_user_pools")


def fix(command: Command, data: bytes, *options: str, name: str = "schema.graphql") -> bytes:
    Path(name).write_bytes(data)
    command(name, *MODES, "--fix", *options)
    return Path(name).read_bytes()


class TestFix:
    def test_only_what_changes_nobodys_access_is_written(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--fix", "--format", "json")
        assert Path("schema.graphql").read_text(encoding="utf-8") == SAFE
        assert answer.code == 1
        (left,) = json.loads(answer.out)["findings"]
        assert left["location"]["start"]["line"] == 4
        assert left["fix"]["safe"] is False
        assert answer.notes == [
            "schema.graphql:3:10: aws-auth-ignored fixed: remove @aws_auth",
            "1 finding fixed in 1 file",
        ]

    def test_unsafe_fixes_tell_who_gains_and_who_loses(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--fix", "--unsafe-fixes")
        assert Path("schema.graphql").read_text(encoding="utf-8") == UNSAFE
        assert answer.code == 0
        assert answer.notes[1:] == [
            "schema.graphql:4:11: aws-auth-ignored fixed: write @aws_cognito_user_pools in place of @aws_auth",
            "  Query.all no longer lets in signed-in Cognito users who are not in Admins",
            "2 findings fixed in 1 file",
        ]

    def test_unsafe_fixes_alone_write_nothing(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--unsafe-fixes")
        assert "[*] 2 fixable with --fix --unsafe-fixes" in answer.out
        assert Path("schema.graphql").read_text(encoding="utf-8") == SCHEMA

    def test_the_report_says_what_could_be_fixed(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        out = command("schema.graphql", *MODES).out
        assert "[*] 1 fixable with --fix; 1 more fixable with --fix --unsafe-fixes" in out

    def test_nothing_to_fix_is_said(self, command: Command, write: Write) -> None:
        write({"schema.graphql": UNSAFE})
        answer = command("schema.graphql", *MODES, "--fix")
        assert (answer.code, answer.notes) == (0, ["nothing to fix"])

    def test_quiet_tells_nothing_beside_the_report(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        assert command("schema.graphql", *MODES, "--fix", "--unsafe-fixes", "--quiet").err == ""

    def test_an_ignored_finding_is_not_fixed(self, command: Command, write: Write) -> None:
        text = SCHEMA.replace("  me", "  # appsync-lint: ignore[aws-auth-ignored] it is meant so\n  me")
        write({"schema.graphql": text})
        command("schema.graphql", *MODES, "--fix")
        assert Path("schema.graphql").read_text(encoding="utf-8") == text

    def test_nothing_is_fixed_while_a_file_cannot_be_read(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", "missing.graphql", *MODES, "--fix")
        assert answer.code == 2
        assert "nothing is fixed while a file cannot be read" in answer.notes
        assert Path("schema.graphql").read_text(encoding="utf-8") == SCHEMA

    def test_nothing_is_fixed_in_a_schema_that_is_not_understood(self, command: Command, write: Write) -> None:
        text = SCHEMA + "type {\n"
        write({"schema.graphql": text})
        command("schema.graphql", *MODES, "--fix", "--unsafe-fixes")
        assert Path("schema.graphql").read_text(encoding="utf-8") == text

    def test_a_schema_of_two_apis_is_judged_for_both(self, command: Command, write: Write) -> None:
        pool = "authenticationType: AMAZON_COGNITO_USER_POOLS\n    userPoolConfig: {defaultAction: DENY}\n"
        apis = (
            "apis:\n"
            f"  - name: closed\n    schema: schema.graphql\n    {pool}"
            "  - name: open\n    schema: schema.graphql\n    authenticationType: AMAZON_COGNITO_USER_POOLS\n"
            "    userPoolConfig: {defaultAction: ALLOW}\n"
            "    additionalAuthenticationProviders: [{authenticationType: AWS_IAM}]\n"
        )
        text = "type Query {\n  me: ID @aws_auth\n  other: ID @aws_iam @aws_auth\n}\n"
        write({"appsync-lint.yaml": apis, "schema.graphql": text})
        answer = command("--fix")
        assert Path("schema.graphql").read_text(encoding="utf-8") == text
        assert any("not fixed: it would change who gets Query.me in the API closed" in note for note in answer.notes)

    def test_the_files_of_one_schema_are_fixed_together(self, command: Command, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.graphql": "scalar AWSDate\n\ntype Mutation {\n  x: ID @aws_auth\n}\n"})
        answer = command("a.graphql", "b.graphql", *MODES, "--fix")
        assert Path("a.graphql").read_text(encoding="utf-8") == SAFE
        assert Path("b.graphql").read_text(encoding="utf-8") == "type Mutation {\n  x: ID\n}\n"
        assert "3 findings fixed in 2 files" in answer.notes

    def test_many_safe_fixes_are_told_in_few_lines(self, command: Command, write: Write) -> None:
        fields = "".join(f"  f{number}: ID @aws_auth\n" for number in range(100))
        write({"schema.graphql": f"type Query {{\n{fields}  x: ID @aws_iam @aws_cognito_user_pools\n}}\n"})
        answer = command("schema.graphql", *MODES, "--fix")
        assert len(answer.notes) == 22
        assert answer.notes[-2:] == [
            "80 more fixed, with nobody's access changed",
            "100 findings fixed in 1 file",
        ]


class TestGolden:
    """Whole runs: standard output, standard error, and the file behind them."""

    SCHEMA = """\
# Dates are AppSync's.
scalar AWSDate

type Query {
  posts(after: String): PostPage @aws_iam @aws_cognito_user_pools # for the shop
  drafts: [Post] @aws_cognito_userpools(cognito_groups: "Editors")
  mine: [Post] @aws_auth
  audit: [AWSDate]
    @aws_cognito_user_pools(cognito_groups: ["Admins", "Admins"])
    @aws_auth(cognito_groups: ["Admins"])
}

type PostPage {
  items: [Post]
  nextToken: String
}

type Post @aws_iam @aws_iam @aws_cognito_user_pools {
  id: ID!
}

type Mutation {
  publish(id: ID!): Post @aws_auth(cognito_groups: ["Editors"])
  drop(id: ID!): ID @aws_cognito_user_pools(cognito_groups: Admins)
}
"""

    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("fix", ("--fix",)),
            ("unsafe-fixes", ("--fix", "--unsafe-fixes")),
            ("diff", ("--diff", "--unsafe-fixes")),
            ("check", ()),
        ],
    )
    def test_the_user_sees_this(
        self, command: Command, write: Write, name: str, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        write({"schema.graphql": self.SCHEMA})
        answer = command("schema.graphql", *MODES, *options)
        after = Path("schema.graphql").read_text(encoding="utf-8")
        seen = f"$ appsync-lint schema.graphql {' '.join(options)}\n{answer.out}-- standard error\n{answer.err}"
        seen += f"-- exit code {answer.code}\n-- schema.graphql\n{after}"
        golden.check(seen, GOLDEN / f"{name}.txt")


class TestFiles:
    def test_a_byte_order_mark_and_line_ends_stay(self, command: Command, write: Write) -> None:
        write({})
        data = b"\xef\xbb\xbf" + SCHEMA.replace("\n", "\r\n").replace("who", "größe").encode()
        assert fix(command, data) == data.replace(b" @aws_auth #", b" #")

    def test_the_mode_stays(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        Path("schema.graphql").chmod(0o640)
        assert fix(command, SCHEMA.encode()) == SAFE.encode()
        assert Path("schema.graphql").stat().st_mode & 0o777 == 0o640
        assert [path.name for path in Path().iterdir() if path.suffix == ".tmp"] == []

    def test_a_link_inside_the_project_stays_a_link(self, command: Command, write: Write) -> None:
        write({"real/schema.graphql": SCHEMA})
        Path("schema.graphql").symlink_to("real/schema.graphql")
        command("schema.graphql", *MODES, "--fix")
        assert Path("schema.graphql").is_symlink()
        assert Path("real/schema.graphql").read_text(encoding="utf-8") == SAFE

    def test_a_link_out_of_the_project_is_not_written_through(
        self, command: Command, tmp_path_factory: pytest.TempPathFactory, write: Write
    ) -> None:
        outside = tmp_path_factory.mktemp("elsewhere") / "schema.graphql"
        outside.write_text(SCHEMA, encoding="utf-8")
        write({"appsync-lint.yaml": "schema: schema.graphql\nauthenticationType: AWS_IAM\n"})
        Path("schema.graphql").symlink_to(outside)
        answer = command("schema.graphql", *MODES, "--fix", "--allow-outside")
        assert any("lies outside the project" in note for note in answer.notes), answer.err
        assert outside.read_text(encoding="utf-8") == SCHEMA

    def test_a_file_of_another_folder_is_fixed_if_it_is_named(
        self, command: Command, tmp_path_factory: pytest.TempPathFactory, write: Write
    ) -> None:
        write({})
        other = tmp_path_factory.mktemp("other") / "schema.graphql"
        other.write_text(SCHEMA, encoding="utf-8")
        command(str(other), *MODES, "--fix")
        assert other.read_text(encoding="utf-8") == SAFE

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
    def test_a_file_that_must_not_be_written_is_told(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        Path("schema.graphql").chmod(0o444)
        answer = command("schema.graphql", *MODES, "--fix")
        assert answer.code == 2
        assert answer.errors == ["schema.graphql: cannot be written: Permission denied"]

    def test_a_file_that_has_changed_meanwhile_is_left_alone(
        self, command: Command, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def late(originals: Mapping[Path, SourceText], drafts: Mapping[Path, str]) -> None:
            Path("schema.graphql").write_text("type Query { changed: ID }\n", encoding="utf-8")
            write_files(originals, drafts)

        monkeypatch.setattr("appsync_lint.cli.fix.write_files", late)
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--fix")
        assert answer.code == 2
        assert answer.errors == ["schema.graphql: was changed while it was being linted; nothing is written"]
        assert Path("schema.graphql").read_text(encoding="utf-8") == "type Query { changed: ID }\n"


class TestDiff:
    def test_a_patch_is_shown_and_nothing_written(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--diff", "--unsafe-fixes")
        assert answer.out.startswith("--- schema.graphql\n+++ schema.graphql\n@@ ")
        assert "-  me: ID @aws_auth # all of us\n" in answer.out
        assert answer.code == 1
        assert "2 findings would be fixed in 1 file" in answer.notes
        assert Path("schema.graphql").read_text(encoding="utf-8") == SCHEMA

    @pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
    @pytest.mark.parametrize("begin", ["", "\ufeff"], ids=["plain", "mark"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
    @pytest.mark.parametrize("last", [True, False], ids=["line-end", "no-line-end"])
    def test_the_patch_makes_what_fix_writes(
        self, command: Command, write: Write, begin: str, end: str, last: bool
    ) -> None:
        text = (begin + SCHEMA).replace("\n", end)
        data = (text if last else "scalar AWSDate" + text.removeprefix(begin).removesuffix(end)).encode()
        write({})
        Path("schema.graphql").write_bytes(data)
        shown = process("schema.graphql", *MODES, "--diff", "--unsafe-fixes", folder=Path())
        patched = Path("patched.graphql")
        patched.write_bytes(data)
        subprocess.run(["patch", "--binary", "-s", str(patched)], input=shown.out.encode(), check=True)
        assert patched.read_bytes() == fix(command, data, "--unsafe-fixes")

    def test_the_report_needs_a_file_of_its_own(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        answer = command("schema.graphql", *MODES, "--diff", "--format", "json")
        assert answer.code == 2
        assert "--format FORMAT=FILE" in answer.errors[0]
        command("schema.graphql", *MODES, "--diff", "--format", "json=report.json")
        assert len(json.loads(Path("report.json").read_text(encoding="utf-8"))["findings"]) == 2

    def test_diff_wins_over_fix(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA})
        assert command("schema.graphql", *MODES, "--diff", "--fix").out.startswith("---")
        assert Path("schema.graphql").read_text(encoding="utf-8") == SCHEMA

    def test_a_clean_schema_has_no_patch(self, command: Command, write: Write) -> None:
        write({"schema.graphql": UNSAFE})
        answer = command("schema.graphql", *MODES, "--diff")
        assert (answer.code, answer.out) == (0, "")


class TestStandardInput:
    def test_what_comes_in_goes_out_fixed_and_the_report_aside(self, tmp_path: Path) -> None:
        data = b"\xef\xbb\xbf" + SCHEMA.replace("\n", "\r\n").encode()
        answer = process("-", *MODES, "--fix", "--unsafe-fixes", folder=tmp_path, stdin=data)
        assert answer.out.encode() == data.replace(b" @aws_auth #", b" #").replace(
            b"aws_auth", b"aws_cognito_user_pools"
        )
        assert "No findings" in answer.err
        assert answer.code == 0

    def test_what_needs_no_fix_goes_out_as_it_is(self, tmp_path: Path) -> None:
        answer = process("-", *MODES, "--fix", folder=tmp_path, stdin=UNSAFE.encode())
        assert answer.out == UNSAFE

    def test_other_files_of_the_api_are_left_alone(self, command: Command, write: Write, tmp_path: Path) -> None:
        api = (
            "schema: '*.graphql'\nauthenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig: {defaultAction: ALLOW}\n"
            "additionalAuthenticationProviders: [{authenticationType: AWS_IAM}]\n"
        )
        other = "type Mutation {\n  x: ID @aws_auth\n}\n"
        write({"appsync-lint.yaml": api, "a.graphql": "type Query { old: ID }\n", "b.graphql": other})
        answer = process("-", "--stdin-filename", "a.graphql", "--fix", folder=tmp_path, stdin=SCHEMA.encode())
        assert answer.out == SAFE
        assert Path("b.graphql").read_text(encoding="utf-8") == other
        assert Path("a.graphql").read_text(encoding="utf-8") == "type Query { old: ID }\n"
        assert any("only standard input is fixed" in note for note in answer.notes)
        assert command("a.graphql", "--fix").code in (0, 1)
