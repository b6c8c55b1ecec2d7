"""Lambda authorizers from the outside: ``appsync-lint authorizer``, and what ``check`` says about their code."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from appsync_lint.authorizer import javascript

from .command import Command
from .conftest import Write

SCHEMA = "type Query {\n  me: ID\n}\n\ntype Mutation {\n  deletePost(id: ID!): ID\n}\n"
BY_NAME = """from tokens import is_member


def handler(event, context):
    if event["requestContext"]["operationName"] == "ListPosts":
        return {"isAuthorized": True}
    return {"isAuthorized": is_member(event["authorizationToken"])}
"""
SCRIPT = """export const handler = async (event) => {
  if (event.requestContext.operationName === "ListPosts") {
    return { isAuthorized: true };
  }
  return { isAuthorized: (await isMember(event.authorizationToken)) === true };
};
"""
NATIVE = """name: blog
schema: schema.graphql
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
  source: SOURCE
"""
TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Blog:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaUri: schema.graphql
      Auth:
        Type: AWS_LAMBDA
        LambdaAuthorizer:
          AuthorizerUri: !GetAtt Authorizer.Arn
          AuthorizerResultTtlInSeconds: 300
  Authorizer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
"""


def native(source: str) -> dict[str, str]:
    return {"schema.graphql": SCHEMA, "appsync-lint.yaml": NATIVE.replace("SOURCE", source)}


@pytest.fixture
def no_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the packages of the extra ``[js]`` be missing."""
    javascript._parser.cache_clear()
    for name in ("tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript"):
        monkeypatch.setitem(sys.modules, name, None)


class TestCheck:
    def test_the_native_file_names_the_source(self, write: Write, command: Command) -> None:
        write({**native("auth/app.py"), "auth/app.py": BY_NAME})
        answer = command("--format", "json")
        assert answer.code == 1
        found = {item["rule"]: item for item in json.loads(answer.out)["findings"]}
        assert set(found) == {"lambda-cache-hazard", "lambda-operation-name-trusted"}
        hazard = found["lambda-cache-hazard"]
        assert hazard["location"]["path"] == "auth/app.py"
        assert hazard["location"]["start"] == {"line": 6, "column": 9}
        assert [place["location"]["path"] for place in hazard["related"]] == ["auth/app.py"] * 2 + ["appsync-lint.yaml"]

    def test_a_template_leads_to_the_handler(self, write: Write, command: Command) -> None:
        files = {"schema.graphql": SCHEMA, "infra/template.yaml": TEMPLATE + "      CodeUri: ../functions/auth\n"}
        files["infra/template.yaml"] = files["infra/template.yaml"].replace("SchemaUri: ", "SchemaUri: ../")
        write({**files, "functions/auth/app.py": BY_NAME})
        answer = command("infra/template.yaml", "--format", "concise")
        assert answer.code == 1
        assert "functions/auth/app.py:6:9" in answer.out
        assert "lambda-cache-hazard" in answer.out

    def test_inline_code_is_marked_in_the_template(self, write: Write, command: Command) -> None:
        inline = "".join(f"        {line}".rstrip() + "\n" for line in BY_NAME.splitlines())
        template = f"{TEMPLATE}      InlineCode: |\n{inline}"
        write({"schema.graphql": SCHEMA, "template.yaml": template})
        answer = command("template.yaml", "--format", "json", "--select", "lambda-cache-hazard")
        (finding,) = json.loads(answer.out)["findings"]
        start = finding["location"]["start"]
        line = template.splitlines()[start["line"] - 1]
        assert finding["location"]["path"] == "template.yaml"
        assert line[start["column"] - 1 :] == 'return {"isAuthorized": True}'

    def test_two_apis_with_one_function_tell_its_mistake_once(self, write: Write, command: Command) -> None:
        apis = "".join(
            f"  - {NATIVE.replace('blog', name).replace(chr(10), chr(10) + '    ').rstrip()}\n" for name in "ab"
        )
        write({**native(""), "appsync-lint.yaml": f"apis:\n{apis.replace('SOURCE', 'app.py')}", "app.py": BY_NAME})
        answer = command("--format", "json", "--select", "lambda-operation-name-trusted")
        assert len(json.loads(answer.out)["findings"]) == 1

    def test_javascript_without_the_parsers_is_told_and_nothing_else(
        self, write: Write, command: Command, no_parsers: None
    ) -> None:
        write({**native("app.mjs"), "app.mjs": SCRIPT})
        answer = command("--format", "json")
        (finding,) = json.loads(answer.out)["findings"]
        assert answer.code == 0
        assert finding["rule"] == "lambda-authorizer-not-analysed"
        assert "app.mjs: JavaScript and TypeScript need the parsers" in finding["message"]
        assert finding["help"] == "install the parsers: pip install 'appsync-lint[js]'"

    @pytest.mark.parametrize(
        ("source", "why"),
        [
            ("app.py", "app.py is not there"),
            ("../outside.py", "leads out of the project's folder"),
            ("main.go", "main.go: the function is written in Go"),
            ("folder", "folder is not there"),
            ("link.py", "leads out of the project's folder"),
        ],
    )
    def test_a_source_that_cannot_be_read_is_information(
        self, source: str, why: str, write: Write, command: Command, tmp_path: Path
    ) -> None:
        write({**native(source), "main.go": "package main\n", "folder/app.py": BY_NAME})
        outside = tmp_path.parent / f"{tmp_path.name}-outside.py"
        outside.write_text(BY_NAME, encoding="utf-8")
        (tmp_path / "link.py").symlink_to(outside)
        answer = command("--format", "json")
        (finding,) = json.loads(answer.out)["findings"]
        assert answer.code == 0
        assert (finding["rule"], finding["severity"]) == ("lambda-authorizer-not-analysed", "info")
        assert why in finding["message"]

    def test_outside_the_project_it_is_read_if_that_is_allowed(
        self, write: Write, command: Command, tmp_path: Path
    ) -> None:
        outside = tmp_path.parent / f"{tmp_path.name}-allowed.py"
        outside.write_text(BY_NAME, encoding="utf-8")
        write(native(f"../{outside.name}"))
        answer = command("--allow-outside", "--format", "json", "--select", "lambda-cache-hazard")
        assert len(json.loads(answer.out)["findings"]) == 1

    @pytest.mark.parametrize(
        ("file", "code", "mark"), [("app.py", BY_NAME, "#"), ("app.mjs", SCRIPT, "//")], ids=["python", "javascript"]
    )
    def test_a_comment_in_the_function_silences_a_finding(
        self, file: str, code: str, mark: str, write: Write, command: Command
    ) -> None:
        pytest.importorskip("tree_sitter_javascript")
        rules = "lambda-cache-hazard, lambda-operation-name-trusted"
        write({**native(file), file: f"{mark} appsync-lint: ignore-file[{rules}] the answers are signed\n{code}"})
        answer = command()
        assert (answer.code, "no problems" in answer.out.lower() or "lambda" not in answer.out) == (0, True)

    def test_a_comment_in_the_function_that_silences_nothing_is_reported(self, write: Write, command: Command) -> None:
        comment = "    # appsync-lint: ignore[lambda-fail-open] it was"
        allow = '    return {"isAuthorized": is_member(event["authorizationToken"])}'
        code = f"from tokens import is_member\n\ndef handler(event, context):\n{comment}\n{allow}\n"
        write({**native("app.py"), "app.py": code})
        answer = command("--format", "json")
        (finding,) = json.loads(answer.out)["findings"]
        assert (finding["rule"], finding["location"]["path"]) == ("useless-ignore", "app.py")

    @pytest.mark.parametrize("source", ["a" * 5000 + ".py", "a\x01b.py", "/etc/passwd", "\u202eyp.py", "loop.py"])
    def test_a_hostile_path_is_information(self, source: str, write: Write, command: Command, tmp_path: Path) -> None:
        write({"schema.graphql": SCHEMA, "appsync-lint.yaml": NATIVE.replace("SOURCE", json.dumps(source))})
        (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
        answer = command()
        assert (answer.code, answer.err) == (0, "")
        assert "lambda-authorizer-not-analysed" in answer.out
        assert "\x01" not in answer.out
        assert "\u202e" not in answer.out

    def test_nothing_of_the_function_is_run(self, write: Write, command: Command, tmp_path: Path) -> None:
        trap = f'open({str(tmp_path / "ran")!r}, "w")\n'
        write({**native("app.py"), "app.py": trap + BY_NAME, "tokens.py": trap})
        command()
        assert not (tmp_path / "ran").exists()


class TestAuthorizer:
    def test_it_tells_reads_answers_and_verdict(self, write: Write, command: Command) -> None:
        write({"app.py": BY_NAME})
        answer = command("authorizer", "app.py", "--ttl", "300")
        assert (answer.code, answer.err) == (0, "")
        assert "operationName: line 5" in answer.out
        assert "1. line 6: lets in  hazard" in answer.out
        assert "kept for 300 s (--ttl)" in answer.out
        assert "Verdict hazard" in answer.out
        assert all(len(line) <= 80 for line in answer.out.splitlines())

    @pytest.mark.parametrize(("ttl", "verdict"), [("0", "safe-while-ttl-0"), ("1", "hazard"), (None, "possible")])
    def test_the_time_decides_the_verdict(self, ttl: str | None, verdict: str, write: Write, command: Command) -> None:
        write({"app.py": BY_NAME})
        given = () if ttl is None else ("--ttl", ttl)
        answer = command("authorizer", "app.py", "--format", "json", *given)
        assert json.loads(answer.out)["verdict"] == verdict

    def test_json_has_every_answer_with_what_it_depends_on(self, write: Write, command: Command) -> None:
        write({"app.py": BY_NAME})
        answer = json.loads(command("authorizer", "app.py", "--format", "json").out)
        assert (answer["version"], answer["path"], answer["handler"]) == (1, "app.py", "handler")
        first, second = answer["answers"]
        assert (first["isAuthorized"], second["isAuthorized"]) == ("true", "depends")
        (dependence,) = first["dependsOn"]
        assert (dependence["field"], dependence["how"], dependence["decider"]["start"]["line"]) == (
            "operationName",
            "control",
            5,
        )

    def test_the_handler_can_be_chosen(self, write: Write, command: Command) -> None:
        other = '\n\ndef plain(event, context):\n    return {"isAuthorized": False}\n'
        write({"app.py": BY_NAME + other})
        assert "Verdict safe" in command("authorizer", "app.py", "--handler", "app.plain", "--ttl", "300").out

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (["nowhere.py"], "nowhere.py: no such file"),
            (["folder"], "folder: is a directory"),
            (["main.go"], "main.go: not analysed: the function is written in Go"),
            (["broken.py"], "broken.py: not analysed: not parsed"),
            (["app.py", "--handler", "other"], "app.py: not analysed: no function named other in it"),
            (["app.py", "--ttl", "4000"], "4000 is not in the range 0<=x<=3600"),
            (["plain.py"], "plain.py: not analysed: no function in it looks like an AppSync authorizer"),
        ],
    )
    def test_what_cannot_be_analysed_is_one_line(
        self, arguments: list[str], error: str, write: Write, command: Command
    ) -> None:
        files = {"app.py": BY_NAME, "main.go": "package main", "folder/x": "", "plain.py": "x = 1\n"}
        write({**files, "broken.py": "def handler(event:\n  isAuthorized"})
        answer = command("authorizer", *arguments)
        assert (answer.code, answer.out) == (2, "")
        (line,) = answer.errors
        assert error in line

    def test_without_the_parsers_it_says_how_to_get_them(
        self, write: Write, command: Command, no_parsers: None
    ) -> None:
        write({"app.mjs": SCRIPT, "app.py": BY_NAME})
        answer = command("authorizer", "app.mjs")
        assert answer.code == 2
        assert "pip install 'appsync-lint[js]'" in answer.errors[0]
        assert command("authorizer", "app.py").code == 0

    def test_a_hostile_name_does_not_reach_the_terminal(self, write: Write, command: Command) -> None:
        write({"app.py": BY_NAME.replace('"ListPosts"', '"\x1b]0;x\x07"').replace("return {", "return  {")})
        answer = command("authorizer", "app.py", "--color", "never")
        assert "\x1b" not in answer.out
        assert "\x07" not in answer.out


def test_a_whole_event_that_is_handed_on_is_a_read(command: Command, write: Write) -> None:
    write({"a.py": "from elsewhere import decide\n\n\ndef handler(event, context):\n    return decide(event)\n"})
    answer = command("authorizer", "a.py", "--handler", "handler", "--ttl", "300")
    assert "  the whole event: line 4\n" in answer.out
    assert "Verdict possible" in answer.out


def test_safe_is_said_of_caching_alone(command: Command, write: Write) -> None:
    write(
        {"open.py": 'def handler(event, context):\n    return {"isAuthorized": event["authorizationToken"] == "x"}\n'}
    )
    answer = command("authorizer", "open.py", "--ttl", "300")
    assert "Verdict safe" in answer.out
    assert "whether the token is checked well is another question" in " ".join(answer.out.split())
