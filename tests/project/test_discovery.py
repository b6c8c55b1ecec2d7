"""What is found in a folder that is searched: what describes an API, what is left alone, and what is said of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from appsync_lint.authorizer import javascript
from appsync_lint.files import drafted
from appsync_lint.project import Project, Request, load

Write = Callable[[dict[str, str]], None]

SCHEMA = "type Query { me: ID }\n"
TEMPLATE = """\
Resources:
  {name}:
    Type: AWS::AppSync::GraphQLApi
    Properties: {{Name: blog, AuthenticationType: AWS_IAM}}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt {name}.ApiId
      DefinitionS3Location: {schema}
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files below the working directory, a repository of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def write_files(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write_files


def template(name: str = "Blog", schema: str = "schema.graphql") -> str:
    return TEMPLATE.format(name=name, schema=schema)


def units(project: Project) -> list[tuple[str | None, list[str]]]:
    assert [str(error) for error in project.errors] == []
    return [
        (unit.api.name if unit.api else None, [text.path for text in unit.schema.sources]) for unit in project.units
    ]


def names(*paths: str) -> list[str | None]:
    return [name for name, _ in units(load(Request(paths)))]


class TestWhatIsWalked:
    @pytest.mark.parametrize(
        "folder",
        [
            "node_modules/x",
            ".git/x",
            ".hidden",
            "venv",
            "build",
            "dist",
            "cdk.out/asset.1",
            "lib/site-packages",
            "a/build",
        ],
    )
    def test_built_and_installed_folders_are_left_out(self, write: Write, folder: str) -> None:
        write({"template.yaml": template(), "schema.graphql": SCHEMA, f"{folder}/template.yaml": template("Copy")})
        assert names(".") == ["Blog"]

    def test_a_virtual_environment_is_known_by_what_it_holds(self, write: Write) -> None:
        write(
            {
                "template.yaml": template(),
                "schema.graphql": SCHEMA,
                "py311/pyvenv.cfg": "",
                "py311/x/template.yaml": template("Copy"),
            }
        )
        assert names(".") == ["Blog"]

    @pytest.mark.parametrize(
        ("ignore", "left_out"),
        [
            ({".gitignore": "/old\n"}, True),
            ({".gitignore": "*.yaml\n!template.yaml\n"}, False),
            ({"old/.gitignore": "*\n"}, True),
            ({".gitignore": "old/*\n!old/template.yaml\n"}, False),
            ({".git/info/exclude": "old/\n"}, True),
            ({".gitignore": "# old\n\n[\nold\\\n"}, False),
            ({".gitignore": "*o*l*d*\n"}, False),
        ],
    )
    def test_what_git_ignores_is_left_out(self, write: Write, ignore: dict[str, str], left_out: bool) -> None:
        write(
            {
                "template.yaml": template(),
                "schema.graphql": SCHEMA,
                "old/template.yaml": template("Old", "../schema.graphql"),
            }
        )
        write(ignore)
        assert names(".") == (["Blog"] if left_out else ["Blog", "Old"])

    def test_lists_above_the_folder_count_up_to_the_repository(self, write: Write) -> None:
        write({".gitignore": "copy/\n", "app/template.yaml": template(), "app/schema.graphql": SCHEMA})
        write({"app/copy/template.yaml": template("Copy")})
        assert names("app") == ["Blog"]

    def test_a_folder_that_is_named_is_searched_even_if_git_ignores_it(self, write: Write) -> None:
        write({".gitignore": "/old\n", "old/template.yaml": template(), "old/schema.graphql": SCHEMA})
        assert names("old") == ["Blog"]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("package.json", '{"dependencies": {"@pulumi/aws": "6"}}'),
            ("notes.yaml", "about: AWS::AppSync::GraphQLApi\n"),
            ("tool.py", "KIND = 'AWS::AppSync::GraphQLApi'\nprint('GraphqlApi(')\n"),
            ("main.tf", "# aws_appsync_graphql_api is elsewhere\n"),
        ],
    )
    def test_files_that_only_speak_of_apis_are_passed_over(self, write: Write, name: str, text: str) -> None:
        write({"template.yaml": template(), "schema.graphql": SCHEMA, name: text})
        project = load(Request((".",)))
        assert units(project) == [("Blog", ["schema.graphql"])]
        assert project.notes == []

    def test_what_cdk_synthesized_is_read_though_git_ignores_it(self, write: Write) -> None:
        write({".gitignore": "cdk.out\n", "cdk.out/Api.template.json": CDK_TEMPLATE, "schema.graphql": SCHEMA})
        assert names(".") == ["Blog"]


CDK_TEMPLATE = """\
{
  "Resources": {
    "Blog": {
      "Type": "AWS::AppSync::GraphQLApi",
      "Properties": {"Name": "blog", "AuthenticationType": "AWS_IAM"},
      "Metadata": {"aws:cdk:path": "App/Blog/Resource"}
    },
    "Schema": {
      "Type": "AWS::AppSync::GraphQLSchema",
      "Properties": {
        "ApiId": {"Fn::GetAtt": ["Blog", "ApiId"]},
        "Definition": "type Query { me: ID }"
      },
      "Metadata": {"aws:cdk:path": "App/Blog/Schema"}
    }
  }
}
"""


def test_a_broken_template_counts_only_where_it_speaks_of_appsync(write: Write) -> None:
    write({"template.yaml": template(), "schema.graphql": SCHEMA})
    write({"other.yaml": "Resources:\n  A: {Type: AWS::CloudFormation::Stack\n"})
    assert names(".") == ["Blog"]
    write({"third.yaml": "Resources:\n  A: {Type: AWS::AppSync::GraphQLApi\n"})
    [error] = load(Request((".",))).errors
    assert str(error).startswith("third.yaml:")


CDK_PROGRAM = """\
import { GraphqlApi, Definition, AuthorizationType } from "aws-cdk-lib/aws-appsync";

new GraphqlApi(this, "Blog", {
  name: "blog",
  definition: Definition.fromFile("schema.graphql"),
  authorizationConfig: { defaultAuthorization: { authorizationType: AuthorizationType.IAM } },
});
"""
TERRAFORM = """\
resource "aws_appsync_graphql_api" "blog" {
  name                = "blog"
  authentication_type = "AWS_IAM"
  schema              = file("schema.graphql")
}
"""
PLAN = """\
{
  "format_version": "1.2",
  "planned_values": {"root_module": {"resources": [{
    "address": "aws_appsync_graphql_api.blog",
    "mode": "managed",
    "type": "aws_appsync_graphql_api",
    "name": "blog",
    "values": {"name": "blog", "authentication_type": "API_KEY", "schema": "type Query { me: ID }"}
  }]}}
}
"""


INLINE = """\
Resources:
  Blog:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: blog, AuthenticationType: AWS_IAM}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Blog.ApiId
      Definition: "type Query { me: ID }"
"""


class TestSourceAndBuild:
    def test_a_program_alone_is_read(self, write: Write) -> None:
        write({"lib/api.ts": CDK_PROGRAM, "schema.graphql": SCHEMA, "cdk.json": "{}"})
        assert units(load(Request((".",)))) == [("Blog", ["schema.graphql"])]

    def test_what_the_program_was_made_into_counts_and_is_named(self, write: Write) -> None:
        write({"lib/api.ts": CDK_PROGRAM, "schema.graphql": SCHEMA, "cdk.json": "{}"})
        write({"cdk.out/Api.template.json": CDK_TEMPLATE})
        project = load(Request((".",)))
        assert units(project) == [("Blog", ["cdk.out/Api.template.json"])]
        assert (
            "cdk.out/Api.template.json: linted instead of lib/api.ts, since it is what that comes to; "
            "build it anew where it is older"
        ) in project.notes

    def test_the_schema_of_a_build_is_shown_in_the_file_that_it_was_copied_from(self, write: Write) -> None:
        write({"cdk.out/Api.template.json": CDK_TEMPLATE, "graphql/schema.graphql": "type Query { me: ID }"})
        for named in (".", "graphql/schema.graphql", "cdk.out/Api.template.json"):
            project = load(Request((named,)))
            shown = "cdk.out/Api.template.json" if named.startswith("cdk.out") else "graphql/schema.graphql"
            assert units(project) == [("Blog", [shown])]
            assert project.notes == []
        project = load(Request(("graphql/schema.graphql",), api_file="cdk.out/Api.template.json"))
        assert units(project) == [("Blog", ["graphql/schema.graphql"])]

    def test_which_of_two_copies_a_build_has_is_not_guessed(self, write: Write) -> None:
        write({"cdk.out/Api.template.json": CDK_TEMPLATE})
        write({"one.graphql": "type Query { me: ID }", "two.graphql": "type Query { me: ID }"})
        assert units(load(Request((".",)))) == [("Blog", ["cdk.out/Api.template.json"])]

    def test_a_template_that_people_write_is_no_build(self, write: Write) -> None:
        write({"template.yaml": INLINE, "schema.graphql": "type Query { me: ID }"})
        project = load(Request((".",)))
        assert units(project) == [("Blog", ["template.yaml"])]
        assert project.notes == ["schema.graphql: not linted, no API names it"]

    def test_an_edit_to_the_file_counts_as_one_to_the_build(self, write: Write, tmp_path: Path) -> None:
        write({"cdk.out/Api.template.json": CDK_TEMPLATE, "schema.graphql": "type Query { me: ID }"})
        with drafted({tmp_path / "schema.graphql": "type Query { you: ID }"}):
            [unit] = load(Request((".",))).units
        assert [text.text for text in unit.schema.sources] == ["type Query { you: ID }"]

    def test_a_build_of_another_text_is_told_of(self, write: Write) -> None:
        write({"lib/api.ts": CDK_PROGRAM, "schema.graphql": SCHEMA, "old.graphql": SCHEMA, "cdk.json": "{}"})
        write({"cdk.out/Api.template.json": CDK_TEMPLATE})
        notes = load(Request((".",))).notes
        assert notes[1:] == [
            "schema.graphql: not linted, cdk.out/Api.template.json was built from another text of it; build that anew",
            "old.graphql: not linted, no API names it",
        ]

    def test_a_build_does_not_speak_for_programs_elsewhere(self, write: Write) -> None:
        write({"one/lib/api.ts": CDK_PROGRAM, "one/schema.graphql": SCHEMA, "one/cdk.json": "{}"})
        write({"two/cdk.out/Api.template.json": CDK_TEMPLATE})
        assert len(units(load(Request((".",))))) == 2

    @pytest.mark.parametrize(
        ("build", "source"),
        [("cdk.out/Api.template.json", "lib/api.ts"), ("plan.json", "main.tf")],
    )
    def test_a_source_that_cannot_be_read_does_not_matter_beside_its_build(
        self, write: Write, build: str, source: str
    ) -> None:
        broken = {"lib/api.ts": CDK_PROGRAM + "{{{", "main.tf": TERRAFORM + "{{{"}
        write({source: broken[source], "schema.graphql": SCHEMA, "cdk.json": "{}"})
        write({build: PLAN if build == "plan.json" else CDK_TEMPLATE})
        assert len(units(load(Request((".",))))) == 1

    def test_a_plan_counts_before_its_configuration(self, write: Write) -> None:
        write({"main.tf": TERRAFORM, "schema.graphql": SCHEMA, "plan.json": PLAN})
        project = load(Request((".",)))
        assert [unit.api.default.mode.value for unit in project.units if unit.api] == ["API_KEY"]  # type: ignore[union-attr]
        assert any(note.startswith("plan.json: linted instead of main.tf") for note in project.notes)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lib/api.ts", CDK_PROGRAM),
        (
            "amplify/data/resource.ts",
            "import { defineData } from '@aws-amplify/backend';\nexport const data = defineData({});\n",
        ),
    ],
)
def test_without_the_parsers_of_an_extra_the_message_names_the_extra(
    write: Write, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    write({name: text, "schema.graphql": SCHEMA, "cdk.json": "{}"})
    javascript._parser.cache_clear()
    with monkeypatch.context() as context:
        for package in ("tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript"):
            context.setitem(sys.modules, package, None)
        project = load(Request((".",)))
    javascript._parser.cache_clear()
    assert [str(error) for error in project.errors] == [
        f"{name}: is TypeScript; install its parser: pip install 'appsync-lint[js]'"
    ]
    assert project.notes == ["schema.graphql: not linted, no API that could be read names it"]


class TestSchemasThatNoApiNames:
    def test_copies_are_mentioned_in_one_line_and_not_linted(self, write: Write) -> None:
        write({"template.yaml": template(), "schema.graphql": SCHEMA})
        write({f"schema_{n}.graphql": SCHEMA for n in range(5)})
        write({"queries.graphql": "query Me { me }\n", "empty.graphql": ""})
        project = load(Request((".",)))
        assert units(project) == [("Blog", ["schema.graphql"])]
        assert project.notes == [
            "schema_0.graphql, schema_1.graphql, schema_2.graphql and 2 more: not linted, no API names them"
        ]

    def test_the_line_says_how_to_lint_one_where_an_api_has_no_schema(self, write: Write) -> None:
        write({"template.yaml": template(schema="s3://bucket/key"), "schema.graphql": SCHEMA})
        project = load(Request((".",)))
        assert [name for name, _ in units(project)] == ["Blog"]
        assert project.notes[-1] == (
            "schema.graphql: not linted, no API names it; to lint one as the schema of Blog: "
            "appsync-lint schema.graphql --api template.yaml#Blog"
        )

    def test_whole_schemas_without_any_api_are_linted_one_by_one(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.graphql": SCHEMA, "c.graphql": "type Orphan { id: ID }\n"})
        project = load(Request((".",)))
        assert units(project) == [(None, ["a.graphql"]), (None, ["b.graphql"]), (None, ["c.graphql"])]
        assert project.notes == [".: linting its 3 schema files one by one"]

    def test_pieces_without_any_api_are_one_schema(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.graphql": "type Mutation { set: ID }\n"})
        assert units(load(Request((".",)))) == [(None, ["a.graphql", "b.graphql"])]


class TestSchemaThatIsNamed:
    def test_the_api_is_found_in_its_project(self, write: Write) -> None:
        write({"infra/template.yaml": template(schema="../api/schema.graphql"), "api/schema.graphql": SCHEMA})
        project = load(Request(("api/schema.graphql",)))
        assert units(project) == [("Blog", ["infra/../api/schema.graphql".replace("infra/../", "")])]
        assert project.notes == []

    def test_a_copy_is_linted_without_an_api(self, write: Write) -> None:
        write({"template.yaml": template(), "schema.graphql": SCHEMA, "copy.graphql": SCHEMA})
        project = load(Request(("copy.graphql",)))
        assert units(project) == [(None, ["copy.graphql"])]
        assert project.notes == [
            "copy.graphql: no API of template.yaml names this file, so it is linted without one",
        ]

    def test_a_description_that_cannot_be_read_is_a_note_there(self, write: Write) -> None:
        write({"template.yaml": "Resources: [AWS::AppSync::GraphQLApi", "schema.graphql": SCHEMA})
        project = load(Request(("schema.graphql",)))
        assert units(project) == [(None, ["schema.graphql"])]
        assert len(project.notes) == 1
        assert project.notes[0].startswith("template.yaml:1:")
        assert project.notes[0].endswith("; an API that is described there is not known")

    def test_the_command_line_wins_over_what_lies_around(self, write: Write) -> None:
        write(
            {
                "template.yaml": template(),
                "schema.graphql": SCHEMA,
                "other.yaml": "authenticationType: API_KEY\nname: other\n",
            }
        )
        assert [name for name, _ in units(load(Request(("schema.graphql",), api_file="other.yaml")))] == ["other"]
