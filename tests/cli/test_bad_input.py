"""Bad input is daily bread: whatever a file holds, the answer is a finding or one line that names the file, soon.

Each input goes to the whole command with a time limit: no traceback, no hang, no control character from the
input on standard output or standard error, and nothing in it is executed. What could bring the interpreter
itself down goes to a process of its own.
"""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import socket
from pathlib import Path

import pytest

from .command import Answer, Command, process

#: Each takes a second or two; the limit is for what never ends, on the slowest machine.
SECONDS = 60
MODES = ("--default-mode", "api-key")
API = "authenticationType: API_KEY\n"
NESTED = 20_000


class Lint:
    """The command in a folder, with a time limit; every answer is held to what holds for every input."""

    def __init__(self, command: Command) -> None:
        self.command = command

    def __call__(self, folder: Path, *arguments: str) -> Answer:
        before = Path.cwd()
        os.chdir(folder)
        signal.signal(signal.SIGALRM, _too_slow)
        signal.alarm(SECONDS)
        try:
            return checked(self.command(*arguments))
        finally:
            signal.alarm(0)
            os.chdir(before)

    def apart(self, folder: Path, *arguments: str) -> Answer:
        """Do the same in a process of its own."""
        return checked(process(*arguments, folder=folder, seconds=SECONDS))


def _too_slow(*_: object) -> None:
    raise AssertionError(f"no answer after {SECONDS} seconds")


@pytest.fixture
def lint(command: Command) -> Lint:
    return Lint(command)


def checked(answer: Answer) -> Answer:
    assert answer.code in (0, 1, 2)
    for text in (answer.out, answer.err):
        assert "Traceback" not in text
        assert "internal error" not in text
        assert not any((ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160 for character in text)
    return answer


def refused(answer: Answer) -> str:
    """Return the one line that says what was wrong."""
    assert answer.code == 2
    assert answer.out == ""
    assert len(answer.errors) == 1
    assert answer.err.count("\n") == 1
    return answer.errors[0]


def found(answer: Answer, rule: str) -> None:
    """Expect a finding instead."""
    assert answer.code == 1
    assert f"[{rule}]" in answer.out
    assert answer.err == ""


class TestNesting:
    @pytest.mark.parametrize(
        "text",
        [
            "type Query { a(x: " + "[" * NESTED + "Int" + "]" * NESTED + "): Int }",
            "type Query { a: " + "[" * NESTED + "Int" + "]" * NESTED + " }",
            "type Query { a: Int @aws_auth(cognito_groups: " + "[" * NESTED + "]" * NESTED + ") }",
            "type Query { a(x: I = " + "{a: " * NESTED + "1" + "}" * NESTED + "): Int }",
            "type Query " + "{" * NESTED,
            "type Query { a: Int } " + "}" * NESTED,
            "(" * NESTED,
        ],
        ids=["argument", "field", "list", "object", "open", "closed", "parentheses"],
    )
    def test_in_a_schema(self, lint: Lint, tmp_path: Path, text: str) -> None:
        (tmp_path / "a.graphql").write_text(text, encoding="utf-8")
        found(lint.apart(tmp_path, "a.graphql", *MODES, "--format", "concise"), "syntax-error")

    @pytest.mark.parametrize("name", ["appsync-lint.yaml", "api.json", "template.yaml", "cfn.template"])
    @pytest.mark.parametrize("brackets", ["[]", "{}"], ids=["lists", "mappings"])
    def test_in_a_description(self, lint: Lint, tmp_path: Path, name: str, brackets: str) -> None:
        opening = brackets[0] if brackets == "[]" else '{"a": '
        (tmp_path / name).write_text(opening * NESTED + brackets[1] * NESTED, encoding="utf-8")
        assert refused(lint.apart(tmp_path, name)).startswith(f"{name}:")

    def test_of_blocks_in_yaml(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "api.yaml").write_text("- " * NESTED + "a", encoding="utf-8")
        assert refused(lint.apart(tmp_path, "api.yaml")).startswith("api.yaml:")


class TestBytes:
    @pytest.mark.parametrize("seed", range(4))
    @pytest.mark.parametrize("name", ["a.graphql", "api.yaml", "api.json"])
    def test_at_random(self, lint: Lint, tmp_path: Path, name: str, seed: int) -> None:
        (tmp_path / name).write_bytes(random.Random(seed).randbytes(5000))
        assert refused(lint(tmp_path, name)).startswith(f"{name}: ")

    @pytest.mark.parametrize("seed", range(4))
    def test_at_random_but_text(self, lint: Lint, tmp_path: Path, seed: int) -> None:
        generator = random.Random(seed)
        text = "".join(generator.choice('type Query{}()[]:!@"#&|=,.\\\n\t\x00\x1b\u202e\u65e5$') for _ in range(5000))
        (tmp_path / "a.graphql").write_text(text, encoding="utf-8")
        assert lint(tmp_path, "a.graphql", *MODES).code in (1, 2)

    @pytest.mark.parametrize(
        ("encoding", "message"),
        [("latin-1", "line 2 is not UTF-8 (byte 0xe9)"), ("utf-16", "is UTF-16; save it as UTF-8")],
    )
    @pytest.mark.parametrize("name", ["a.graphql", "appsync-lint.yaml"])
    def test_of_another_encoding(self, lint: Lint, tmp_path: Path, name: str, encoding: str, message: str) -> None:
        (tmp_path / name).write_bytes("# caf\n# \u00e9\n".encode(encoding))
        assert refused(lint(tmp_path, name)) == f"{name}: {message}"

    def test_that_are_nul(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "a.graphql").write_bytes(b"type Query { a\x00b: Int }\n")
        found(lint(tmp_path, "a.graphql", *MODES), "syntax-error")
        (tmp_path / "api.yaml").write_bytes(b"authenticationType: API\x00KEY\n")
        assert refused(lint(tmp_path, "api.yaml")).startswith("api.yaml:")


class TestUnfinished:
    @pytest.mark.parametrize(
        "text", ['"never', '"""never', 'type Query { "never\n a: Int }', "type Query { a: Int", "type"]
    )
    def test_schema(self, lint: Lint, tmp_path: Path, text: str) -> None:
        (tmp_path / "a.graphql").write_text(text, encoding="utf-8")
        found(lint(tmp_path, "a.graphql", *MODES), "syntax-error")

    @pytest.mark.parametrize(
        "text", ['name: "never', "name: [a, b", "name: {a: b", '{"name": "never', "name: |\n\ta", "? [", "&a *a"]
    )
    def test_description(self, lint: Lint, tmp_path: Path, text: str) -> None:
        (tmp_path / "api.yaml").write_text(text, encoding="utf-8")
        assert refused(lint(tmp_path, "api.yaml")).startswith("api.yaml")


class TestYaml:
    def test_alias_bomb(self, lint: Lint, tmp_path: Path) -> None:
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
        (tmp_path / "api.yaml").write_text("\n".join(lines) + f"\n{API}", encoding="utf-8")
        assert refused(lint(tmp_path, "api.yaml")).startswith("api.yaml")

    def test_alias_bomb_in_a_template(self, lint: Lint, tmp_path: Path) -> None:
        lines = [
            "Resources:",
            "  Api:",
            "    Type: AWS::AppSync::GraphQLApi",
            "    Properties:",
            "      Name: &a0 [x, x]",
        ]
        lines += [f"      Tag{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
        lines += ["      AuthenticationType: *a11", "      Tags: *a11", "      AdditionalAuthenticationProviders: *a11"]
        (tmp_path / "template.yaml").write_text("\n".join(lines), encoding="utf-8")
        assert lint(tmp_path, "template.yaml").code in (0, 1, 2)

    @pytest.mark.parametrize(
        "tag",
        [
            "!!python/object/apply:os.system ['touch made']",
            "!!python/object/new:os.system ['touch made']",
            "!!python/name:os.system",
            "!!python/module:antigravity",
            "!!binary aGVsbG8=",
            "!Sub '${made}'",
        ],
    )
    def test_tags_construct_nothing(self, lint: Lint, tmp_path: Path, tag: str) -> None:
        (tmp_path / "api.yaml").write_text(f"name: {tag}\n{API}", encoding="utf-8")
        assert refused(lint(tmp_path, "api.yaml")).startswith("api.yaml:1:")
        assert [path.name for path in tmp_path.iterdir()] == ["api.yaml"]

    def test_modules_in_the_working_directory_are_not_imported(self, lint: Lint, tmp_path: Path) -> None:
        evil = "from pathlib import Path\nPath('executed').touch()\n"
        for name in ("click.py", "yaml.py", "evil.py"):
            (tmp_path / name).write_text(evil, encoding="utf-8")
        (tmp_path / "evil-1.dist-info").mkdir()
        (tmp_path / "evil-1.dist-info" / "entry_points.txt").write_text("[appsync_lint.rules]\nevil = evil\n", "utf-8")
        (tmp_path / "appsync-lint.yaml").write_text(API, encoding="utf-8")
        (tmp_path / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")
        assert lint.apart(tmp_path).code == 0
        assert not (tmp_path / "executed").exists()

    def test_tags_in_a_template_construct_nothing(self, lint: Lint, tmp_path: Path) -> None:
        tag = "!!python/object/apply:os.system ['touch made']"
        api = f"{{Type: AWS::AppSync::GraphQLApi, Properties: {{Name: {tag}, AuthenticationType: {tag}}}}}"
        (tmp_path / "template.yaml").write_text(f"Resources:\n  Api: {api}\n", encoding="utf-8")
        lint(tmp_path, "template.yaml")
        assert [path.name for path in tmp_path.iterdir()] == ["template.yaml"]


class TestPaths:
    def test_loop_of_links(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "a.graphql").symlink_to("b.graphql")
        (tmp_path / "b.graphql").symlink_to("a.graphql")
        assert "a.graphql: cannot be read: " in refused(lint(tmp_path, "a.graphql"))

    def test_folder_that_holds_itself(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "in").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "in" / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")
        assert lint(tmp_path, ".", *MODES).code == 0
        assert lint(tmp_path, "**/*.graphql", *MODES).code == 0

    @pytest.mark.parametrize("name", ["pipe.graphql", "pipe.yaml"])
    def test_pipe(self, lint: Lint, tmp_path: Path, name: str) -> None:
        os.mkfifo(tmp_path / name)
        assert refused(lint(tmp_path, name)) == f"{name}: is not a regular file"

    def test_pipes_below_a_folder_are_not_waited_for(self, lint: Lint, tmp_path: Path) -> None:
        for name in ("template.yaml", "a.graphql"):
            os.mkfifo(tmp_path / name)
        assert refused(lint(tmp_path, ".")) == "a.graphql: is not a regular file"

    def test_native_file_that_is_a_pipe(self, lint: Lint, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "appsync-lint.yaml")
        (tmp_path / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")
        assert lint(tmp_path, "a.graphql").code == 0

    def test_schema_that_is_a_pipe_or_a_folder(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "api.yaml").write_text(f"schema: pipe\n{API}", encoding="utf-8")
        os.mkfifo(tmp_path / "pipe")
        assert refused(lint(tmp_path, "api.yaml")) == "api.yaml:1:9: pipe: is not a regular file"

    @pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/tty"])
    def test_device(self, lint: Lint, tmp_path: Path, device: str) -> None:
        if not Path(device).exists():
            pytest.skip(f"there is no {device}")
        assert refused(lint(tmp_path, device)) == f"{device}: is not a regular file"

    def test_socket(self, lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("s.graphql")
            assert refused(lint(tmp_path, "s.graphql")) == "s.graphql: is not a regular file"

    @pytest.mark.parametrize(
        "written", ["../secret", "../in/../secret", "/etc/passwd", "link", "../*", "sub/../../secret"]
    )
    def test_out_of_the_project(self, lint: Lint, tmp_path: Path, written: str) -> None:
        folder = tmp_path / "in"
        (folder / ".git").mkdir(parents=True)
        (folder / "sub").mkdir()
        (tmp_path / "secret").write_text("type Secret { a: Int }\n", encoding="utf-8")
        (folder / "link").symlink_to(tmp_path / "secret")
        (folder / "api.yaml").write_text(f"schema: {written}\n{API}", encoding="utf-8")
        message = refused(lint(folder, "api.yaml"))
        assert message.startswith("api.yaml:1:9: ")
        assert "the project's folder" in message

    @pytest.mark.parametrize("written", ["a\\0b", "", "  ", "a" * 5000, "[" * 50, "**/" * 500 + "none"])
    def test_that_are_none(self, lint: Lint, tmp_path: Path, written: str) -> None:
        (tmp_path / "api.yaml").write_text(f'schema: "{written}"\n{API}', encoding="utf-8")
        assert refused(lint(tmp_path, "api.yaml")).startswith("api.yaml")

    def test_name_that_is_too_long(self, lint: Lint, tmp_path: Path) -> None:
        assert refused(lint(tmp_path, "a" * 5000 + ".graphql")).endswith("File name too long")

    def test_name_that_is_no_text(self, lint: Lint, tmp_path: Path) -> None:
        name = os.fsdecode(b"caf\xe9.graphql")
        try:
            (tmp_path / name).write_text("type Query { a: Int @aws_auth }\n", encoding="utf-8")
        except OSError:
            pytest.skip("the file system takes no such name")
        for form in ("text", "concise", "json", "sarif"):
            answer = lint(tmp_path, name, "--default-mode", "iam", "--format", form)
            assert (answer.code, answer.err) == (lint(tmp_path, ".", "--default-mode", "iam").code, "")

    def test_file_that_may_not_be_read(self, lint: Lint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "a.graphql"
        path.write_text("type Query { a: Int }\n", encoding="utf-8")
        path.chmod(0)
        if os.access(path, os.R_OK):
            # The administrator may read everything: the system's answer to anybody else.
            def denied(_: Path) -> bytes:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

            monkeypatch.setattr(Path, "read_bytes", denied)
        assert refused(lint(tmp_path, "a.graphql")) == "a.graphql: cannot be read: Permission denied"

    def test_file_that_is_missing(self, lint: Lint, tmp_path: Path) -> None:
        assert refused(lint(tmp_path, "a.graphql")) == "a.graphql: no such file"

    def test_file_that_is_empty(self, lint: Lint, tmp_path: Path) -> None:
        for name in ("a.graphql", "api.yaml", "api.json"):
            (tmp_path / name).touch()
            assert refused(lint(tmp_path, name)).startswith(f"{name}: is empty")

    def test_folder_that_is_empty(self, lint: Lint, tmp_path: Path) -> None:
        message = refused(lint(tmp_path))
        assert message == ".: no file that describes an AppSync API, and no schema file, in this folder or below"


class TestEscapeSequences:
    """No test here looks at the text: that none passes through is what :func:`lint` holds every answer to."""

    ESCAPES = "\x1b[2J\x1b]0;title\x07\x9b31m\x08\x7f\r"

    @pytest.mark.parametrize("form", ["text", "concise", "json", "sarif"])
    def test_in_a_schema(self, lint: Lint, tmp_path: Path, form: str) -> None:
        text = f'"""{self.ESCAPES}"""\ntype Query {{\n  "{self.ESCAPES}" a: Int @aws_auth(cognito_groups: ["{self.ESCAPES}"]) {self.ESCAPES}\n}}\n'
        (tmp_path / "a.graphql").write_text(text, encoding="utf-8", newline="")
        assert lint(tmp_path, "a.graphql", *MODES, "--format", form).code == 1

    @pytest.mark.parametrize("verb", ["check", "access"])
    def test_in_a_description(self, lint: Lint, tmp_path: Path, verb: str) -> None:
        escapes = "\\e[2J\\x9b31m\\a"
        (tmp_path / "a.graphql").write_text(
            'type Query { a: Int @aws_auth(cognito_groups: ["\\u001b[2J"]) }\n', encoding="utf-8"
        )
        pool = "- authenticationType: AMAZON_COGNITO_USER_POOLS\n"
        text = f'name: "{escapes}"\nschema: a.graphql\n{API}additionalAuthenticationProviders:\n{pool}'
        (tmp_path / "api.yaml").write_text(text, encoding="utf-8")
        assert lint(tmp_path, verb, "api.yaml").code == (1 if verb == "check" else 0)
        assert lint(tmp_path, "api.yaml", "--show-config").code == 0
        (tmp_path / "api.yaml").write_text(f'"{escapes}": 1\n{text}', encoding="utf-8")
        assert refused(lint(tmp_path, verb, "api.yaml")).startswith("api.yaml:1:1: ")

    @pytest.mark.parametrize("arguments", [("access",), ("--show-config",), ()])
    def test_as_json(self, lint: Lint, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        (tmp_path / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")
        (tmp_path / "api.yaml").write_text(f'name: "\\x9b31m\\u202eA"\nschema: a.graphql\n{API}', encoding="utf-8")
        answer = lint(tmp_path, *arguments, "api.yaml", "--format", "json")
        assert "\u202e" not in answer.out
        assert json.loads(answer.out)["apis"][0]["name"] == "\x9b31m\u202eA"

    def test_in_a_path(self, lint: Lint, tmp_path: Path) -> None:
        name = "\x1b[2J\x07.graphql"
        (tmp_path / name).write_text("type Query { a: Int @aws_auth }\n", encoding="utf-8")
        for form in ("text", "concise"):
            assert lint(tmp_path, name, "--default-mode", "iam", "--format", form).code in (0, 1)
        assert lint(tmp_path, "\x1b[2J.yaml").code == 2

    def test_in_an_argument(self, lint: Lint, tmp_path: Path) -> None:
        for argument in ("--\x1b[2J", "--format=\x1b[2J", "--default-mode=\x1b[2J", "--select=\x1b[2J"):
            (tmp_path / "a.graphql").write_text("type Query { a: Int }\n", encoding="utf-8")
            refused(lint(tmp_path, "a.graphql", argument))
        refused(lint(tmp_path, "explain", "\x1b[2J"))


@pytest.mark.once
class TestSize:
    def test_ten_megabytes_of_schema(self, lint: Lint, tmp_path: Path) -> None:
        line = "  field{}(id: ID!): String! # {}\n"
        fields = "".join(line.format(number, "x" * 600) for number in range(15_000))
        (tmp_path / "a.graphql").write_text(f"type Query {{\n{fields}}}\n", encoding="utf-8")
        assert (tmp_path / "a.graphql").stat().st_size > 9_000_000
        assert lint.apart(tmp_path, "a.graphql", *MODES).code == 0

    @pytest.mark.parametrize("character", ["a", "\n", "{", "#", '"', "@", ";", "\u65e5", "type "])
    def test_megabytes_of_one_thing(self, lint: Lint, tmp_path: Path, character: str) -> None:
        (tmp_path / "a.graphql").write_text(character * (500_000 // len(character)), encoding="utf-8")
        lint.apart(tmp_path, "a.graphql", *MODES)

    @pytest.mark.parametrize("text", ["a: b\n", "- a\n", "# a\n", "&a ", "{", "'", "\n"])
    def test_megabytes_of_one_thing_in_a_description(self, lint: Lint, tmp_path: Path, text: str) -> None:
        (tmp_path / "api.yaml").write_text(text * (500_000 // len(text)), encoding="utf-8")
        assert refused(lint.apart(tmp_path, "api.yaml")).startswith("api.yaml")

    def test_file_that_is_larger_than_any_schema(self, lint: Lint, tmp_path: Path) -> None:
        with (tmp_path / "a.graphql").open("wb") as file:
            file.truncate(1 << 34)
        assert refused(lint.apart(tmp_path, "a.graphql")) == "a.graphql: is larger than 64 MiB"

    def test_a_table_of_thousands_of_groups(self, lint: Lint, tmp_path: Path) -> None:
        groups = ", ".join(f'"g{number}"' for number in range(2000))
        fields = "".join(
            f'  f{number}: Int @aws_cognito_user_pools(cognito_groups: ["h{number}"])\n' for number in range(3000)
        )
        modes = ("--default-mode", "iam", "--additional-mode", "cognito")
        text = f"type Query {{ a: Int @aws_cognito_user_pools(cognito_groups: [{groups}]) }}\n"
        (tmp_path / "a.graphql").write_text(text, encoding="utf-8")
        answer = lint(tmp_path, "access", "a.graphql", *modes)
        assert answer.code == 0
        assert answer.out.count("\n") < 5000
        (tmp_path / "b.graphql").write_text(f"type Query {{\n{fields}}}\n", encoding="utf-8")
        message = refused(lint(tmp_path, "access", "b.graphql", *modes))
        assert "3002 kinds of callers and 3000 fields" in message

    def test_many_mistakes_are_a_short_report(self, lint: Lint, tmp_path: Path) -> None:
        (tmp_path / "a.graphql").write_text("?!? no schema at all\n" * 20_000, encoding="utf-8")
        answer = lint.apart(tmp_path, "a.graphql", *MODES)
        assert answer.code == 1
        assert answer.out.count("\n") < 1000
