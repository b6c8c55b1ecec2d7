"""What is linted, given what the user names: which files make a schema, and which API stands in front of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.errors import InputError
from appsync_lint.project import Project, Request, load
from appsync_lint.project.request import api_from_flags
from appsync_lint.text import SourceText

from .conftest import Write

SCHEMA = "type Query { me: ID }\n"
MORE = "type Mutation { rename(name: String!): ID }\n"
OPERATIONS = "query Me { me }\nfragment Name on User { name }\n"
KEY_API = "authenticationType: API_KEY\n"
TEMPLATE = """\
Resources:
  blog:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: blog, AuthenticationType: AWS_IAM}
  schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt blog.ApiId
      DefinitionS3Location: schema.graphql
"""


def found(*paths: str, **options: object) -> list[tuple[str | None, list[str]]]:
    """Return the units: the API's name (None without one) and its schema files."""
    return units_of(load(Request(paths, **options)))  # type: ignore[arg-type]


def units_of(project: Project) -> list[tuple[str | None, list[str]]]:
    assert project.errors == []
    return [(u.api.name if u.api else None, [source.path for source in u.schema.sources]) for u in project.units]


class TestSchemaFiles:
    def test_several_are_the_pieces_of_one_schema(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.gql": MORE, "c.sdl": "", "d.graphqls": "scalar Money\n"})
        assert found("a.graphql", "b.gql", "d.graphqls") == [(None, ["a.graphql", "b.gql", "d.graphqls"])]

    def test_a_file_that_is_named_twice_counts_once(self, write: Write) -> None:
        write({"a.graphql": SCHEMA})
        assert found("a.graphql", "./a.graphql", "*.graphql") == [(None, ["a.graphql"])]

    def test_any_other_file_that_is_named_is_a_schema_too(self, write: Write) -> None:
        write({"schema.txt": SCHEMA})
        assert found("schema.txt") == [(None, ["schema.txt"])]

    def test_a_glob_that_the_shell_left_alone_is_expanded(self, write: Write) -> None:
        write({"s/b.graphql": SCHEMA, "s/deep/a.graphql": MORE, "s/c.txt": "no schema"})
        assert found("s/**/*.graphql") == [(None, ["s/b.graphql", "s/deep/a.graphql"])]

    def test_a_glob_that_matches_nothing_is_an_error(self, write: Write) -> None:
        write({"a.graphql": SCHEMA})
        assert [str(error) for error in load(Request(("*.gql",))).errors] == ["*.gql: no file matches"]

    def test_a_file_whose_name_looks_like_a_glob_is_that_file(self, write: Write) -> None:
        write({"a[1].graphql": SCHEMA, "a1.graphql": MORE})
        assert found("a[1].graphql") == [(None, ["a[1].graphql"])]

    def test_what_can_be_read_is_linted_beside_what_cannot(self, write: Write) -> None:
        write({"a.graphql": SCHEMA})
        project = load(Request(("gone.graphql", "a.graphql")))
        assert [str(error) for error in project.errors] == ["gone.graphql: no such file"]
        assert [unit.schema.sources[0].path for unit in project.units] == ["a.graphql"]

    def test_operations_and_empty_files_are_skipped_with_a_note(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "ops.graphql": OPERATIONS, "empty.graphql": "# nothing yet\n"})
        project = load(Request(("a.graphql", "ops.graphql", "empty.graphql")))
        assert units_of(project) == [(None, ["a.graphql"])]
        assert project.notes == [
            "ops.graphql: skipped, it holds client operations, not a schema",
            "empty.graphql: skipped, it is empty",
        ]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "is empty"),
            ("\ufeff# only a comment", "is empty"),
            (OPERATIONS, "holds client operations, not a schema"),
        ],
    )
    def test_nothing_but_such_files_is_an_error(self, write: Write, text: str, reason: str) -> None:
        write({"a.graphql": text})
        project = load(Request(("a.graphql",)))
        assert project.units == []
        assert [str(error) for error in project.errors] == [f"a.graphql: {reason}"]


class TestNativeFileAbove:
    def test_the_whole_api_is_linted_whichever_of_its_files_is_named(self, write: Write) -> None:
        write(
            {
                "appsync-lint.yaml": f"name: blog\nschema: [schema/*.graphql, more.graphql]\n{KEY_API}",
                "schema/a.graphql": SCHEMA,
                "more.graphql": MORE,
            }
        )
        whole = [("blog", ["schema/a.graphql", "more.graphql"])]
        assert found("schema/a.graphql") == whole
        assert found("more.graphql", "schema/a.graphql") == whole
        assert found("schema") == whole

    def test_a_folder_of_schema_files_may_be_named_in_it(self, write: Write) -> None:
        write({"appsync-lint.yaml": f"name: blog\nschema: schema\n{KEY_API}", "schema/a.graphql": SCHEMA})
        assert found("schema/a.graphql") == [("blog", ["schema/a.graphql"])]

    def test_every_api_that_names_the_file_is_linted(self, write: Write) -> None:
        apis = "".join(f"- {{name: {name}, schema: {file}, {KEY_API.strip()}}}\n" for name, file in APIS.items())
        write({"appsync-lint.yaml": f"apis:\n{apis}", "a.graphql": SCHEMA, "b.graphql": MORE})
        assert found("a.graphql") == [("one", ["a.graphql"]), ("two", ["a.graphql"])]

    def test_apis_with_one_schema_share_its_text(self, write: Write) -> None:
        apis = "".join(f"- {{name: {name}, schema: {file}, {KEY_API.strip()}}}\n" for name, file in APIS.items())
        write({"appsync-lint.yaml": f"apis:\n{apis}", "a.graphql": SCHEMA, "b.graphql": MORE})
        one, two = load(Request(("a.graphql",))).units
        assert one.schema.sources[0] is two.schema.sources[0]

    def test_a_file_that_no_api_names_is_linted_without_one_and_told(self, write: Write) -> None:
        write({"appsync-lint.yaml": f"schema: a.graphql\n{KEY_API}", "a.graphql": SCHEMA, "b.graphql": MORE})
        project = load(Request(("b.graphql",)))
        assert units_of(project) == [(None, ["b.graphql"])]
        assert project.notes == ["b.graphql: no API of appsync-lint.yaml names this file, so it is linted without one"]

    def test_a_description_without_a_schema_is_for_the_files_that_are_named(self, write: Write) -> None:
        write(
            {"appsync-lint.json": '{"graphqlApi": {"name": "live", "authenticationType": "API_KEY"}}', "s.gql": SCHEMA}
        )
        assert found("s.gql") == [("live", ["s.gql"])]
        assert found() == [("live", ["s.gql"])]

    def test_a_broken_description_is_an_error_and_the_schema_is_not_judged_without_it(self, write: Write) -> None:
        write({"appsync-lint.yaml": "authenticationType: APIKEY\n", "a.graphql": SCHEMA})
        project = load(Request(("a.graphql",)))
        assert project.units == []
        assert [error.path for error in project.errors] == ["appsync-lint.yaml"]

    def test_a_schema_outside_the_repository_is_refused_unless_allowed(self, write: Write, tmp_path: Path) -> None:
        write(
            {
                "in/.git/HEAD": "",
                "in/appsync-lint.yaml": f"name: a\nschema: ../out.graphql\n{KEY_API}",
                "out.graphql": SCHEMA,
            }
        )
        refused = load(Request(("in/appsync-lint.yaml",)))
        assert refused.units == []
        assert "outside" in str(refused.errors[0])
        assert found("in/appsync-lint.yaml", allow_outside=True) == [("a", ["out.graphql"])]


APIS = {"one": "a.graphql", "two": "a.graphql", "three": "b.graphql"}


class TestTemplates:
    def test_a_template_that_is_named_brings_its_schema(self, write: Write) -> None:
        write({"template.yaml": TEMPLATE, "schema.graphql": SCHEMA})
        assert found("template.yaml") == [("blog", ["schema.graphql"])]

    def test_an_api_is_linted_once_however_it_is_reached(self, write: Write) -> None:
        write({"template.yaml": TEMPLATE, "schema.graphql": SCHEMA})
        assert found("template.yaml", ".", "./template.yaml") == [("blog", ["schema.graphql"])]


class TestFolders:
    def test_without_a_path_it_is_the_working_directory(self, write: Write) -> None:
        write({"appsync-lint.yaml": f"name: blog\nschema: a.graphql\n{KEY_API}", "a.graphql": SCHEMA})
        assert found() == found(".") == [("blog", ["a.graphql"])]

    def test_native_file_comes_before_templates_and_templates_before_schema_files(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.graphql": MORE})
        assert found() == [(None, ["a.graphql", "b.graphql"])]
        write({"infra/template.yaml": TEMPLATE, "infra/schema.graphql": SCHEMA})
        assert found() == [("blog", ["infra/schema.graphql"])]
        write({"appsync-lint.yaml": f"name: native\nschema: a.graphql\n{KEY_API}"})
        assert found() == [("native", ["a.graphql"])]

    def test_descriptions_of_several_services_below_are_all_read(self, write: Write) -> None:
        write(
            {
                "one/appsync-lint.yaml": f"name: one\nschema: a.graphql\n{KEY_API}",
                "one/a.graphql": SCHEMA,
                "two/template.yaml": TEMPLATE,
                "two/schema.graphql": SCHEMA,
                "three/appsync-lint.yaml": "from: cfn.yaml\n",
                "three/cfn.yaml": TEMPLATE.replace("blog", "three"),
                "three/schema.graphql": SCHEMA,
            }
        )
        assert found() == [
            ("one", ["one/a.graphql"]),
            ("three", ["three/schema.graphql"]),
            ("blog", ["two/schema.graphql"]),
        ]

    def test_installed_built_and_hidden_things_are_left_out(self, write: Write) -> None:
        write({"a.graphql": SCHEMA})
        hidden = ("node_modules/x", ".venv", "venv", "build", "dist", ".git", ".hidden", "cdk.out/asset.1")
        write({f"{folder}/schema.graphql": MORE for folder in hidden})
        write({f"{folder}/template.yaml": TEMPLATE for folder in hidden})
        assert found() == [(None, ["a.graphql"])]

    def test_a_synthesised_template_is_found(self, write: Write) -> None:
        write({"cdk.out/Blog.template.json": '{"Resources": {"cdk": {"Type": "AWS::AppSync::GraphQLApi", "Properties": '
               '{"Name": "cdk", "AuthenticationType": "AWS_IAM"}}, "S": {"Type": "AWS::AppSync::GraphQLSchema", "Properties": '
               '{"ApiId": {"Fn::GetAtt": ["cdk", "ApiId"]}, "Definition": "type Query { me: ID }"}}}}'})  # fmt: skip
        assert found() == [("cdk", ["cdk.out/Blog.template.json"])]

    def test_several_schema_files_are_told_to_be_one_schema(self, write: Write) -> None:
        write({"a.graphql": SCHEMA, "b.graphql": MORE})
        (note,) = load(Request()).notes
        assert note.startswith(".: linting its 2 schema files as the pieces of one schema")

    def test_nothing_there_is_an_error_that_says_what_was_looked_for(self, write: Write) -> None:
        write({"src/main.py": "", "ci.yaml": "steps: []\n"})
        expected = ".: no file that describes an AppSync API, and no schema file, in this folder or below"
        assert [str(error) for error in load(Request()).errors] == [expected]

    def test_links_in_circles_are_no_trap(self, write: Write, tmp_path: Path) -> None:
        write({"a/a.graphql": SCHEMA})
        (tmp_path / "a" / "again").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "a" / "self.graphql").symlink_to("self.graphql")
        project = load(Request())
        assert [source.path for source in project.units[0].schema.sources] == ["a/a.graphql"]

    def test_a_link_to_a_file_elsewhere_is_followed_only_if_allowed(self, write: Write, tmp_path: Path) -> None:
        write({"in/.git/HEAD": "", "in/a.graphql": SCHEMA, "out.graphql": MORE})
        (tmp_path / "in" / "link.graphql").symlink_to(tmp_path / "out.graphql")
        project = load(Request(("in",)))
        assert units_of(project) == [(None, ["in/a.graphql"])]
        assert project.notes == ["in/link.graphql: not followed, it links to a file outside in"]
        assert [len(files) for _, files in found("in", allow_outside=True)] == [2]

    @pytest.mark.parametrize("named", ["a.graphql", "*.graphql", "template.yaml", "folder/b.graphql", "."])
    def test_a_link_out_of_the_project_is_not_followed_by_any_name(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
    ) -> None:
        write({"in/.git/HEAD": "", "out/b.graphql": SCHEMA, "out/secret.yaml": "password: hunter2\n"})
        monkeypatch.chdir(tmp_path / "in")
        targets = {"a.graphql": "b.graphql", "template.yaml": "secret.yaml", "appsync-lint.yaml": "secret.yaml"}
        for link, target in {**targets, "folder": "."}.items():
            Path(link).symlink_to(tmp_path / "out" / target)
        project = load(Request((named,)))
        assert project.units == []
        (error,) = project.errors
        assert error.message == "links to a file outside the project's folder (.); see --allow-outside"

    def test_a_link_to_another_file_of_the_project_is_followed(self, write: Write, tmp_path: Path) -> None:
        write({"shared/a.graphql": SCHEMA, "api/b.txt": ""})
        (tmp_path / "api" / "link.graphql").symlink_to("../shared/a.graphql")
        assert found("api/link.graphql") == [(None, ["shared/a.graphql"])]


class TestApiOption:
    def test_the_named_description_counts_whatever_lies_around(self, write: Write) -> None:
        write({"appsync-lint.yaml": f"name: near\nschema: a.graphql\n{KEY_API}", "a.graphql": SCHEMA})
        write({"other/api.yaml": f"name: other\n{KEY_API}"})
        assert found("a.graphql", api_file="other/api.yaml") == [("other", ["a.graphql"])]

    def test_one_of_several_apis_is_chosen_by_name(self, write: Write) -> None:
        write(
            {
                "a.graphql": SCHEMA,
                "api.yaml": f"apis:\n- {{name: x, {KEY_API.strip()}}}\n- {{name: y, {KEY_API.strip()}}}\n",
            }
        )
        assert found("a.graphql", api_file="api.yaml#y") == [("y", ["a.graphql"])]
        with pytest.raises(InputError, match=r"describes 2 APIs \(x, y\); choose one with --api api.yaml#NAME"):
            load(Request(("a.graphql",), api_file="api.yaml"))
        with pytest.raises(InputError, match=r"api.yaml: describes no API 'z'; it has x, y"):
            load(Request(("a.graphql",), api_file="api.yaml#z"))

    def test_of_several_apis_the_one_that_names_the_file_is_meant(self, write: Write) -> None:
        apis = "".join(f"- {{name: {name}, schema: {name}.graphql, {KEY_API.strip()}}}\n" for name in "xy")
        write({"x.graphql": SCHEMA, "y.graphql": SCHEMA, "api.yaml": f"apis:\n{apis}"})
        assert found("y.graphql", api_file="api.yaml") == [("y", ["y.graphql"])]

    def test_without_a_path_the_schema_is_the_one_that_it_names(self, write: Write) -> None:
        write({"template.yaml": TEMPLATE, "schema.graphql": SCHEMA, "other.graphql": MORE})
        assert found(api_file="template.yaml") == [("blog", ["schema.graphql"])]
        assert found(api_file="template.yaml#blog") == [("blog", ["schema.graphql"])]

    def test_a_second_description_is_refused(self, write: Write) -> None:
        write({"template.yaml": TEMPLATE, "schema.graphql": SCHEMA, "api.yaml": KEY_API})
        with pytest.raises(InputError, match=r"^template\.yaml: describes an API, and so does --api; give one of them"):
            load(Request(("template.yaml",), api_file="api.yaml"))


class TestModeFlags:
    def test_they_describe_the_api_of_all_files(self, write: Write) -> None:
        write(
            {"appsync-lint.yaml": f"name: near\nschema: a.graphql\n{KEY_API}", "a.graphql": SCHEMA, "b.graphql": MORE}
        )
        api = api_from_flags("AWS_IAM", ["api-key"], None, None)
        (unit,) = load(Request(("a.graphql", "b.graphql"), flags=api)).units
        assert unit.api is api
        assert len(unit.schema.sources) == 2

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("API_KEY", "API_KEY"),
            ("api-key", "API_KEY"),
            ("Api_Key", "API_KEY"),
            ("aws_iam", "AWS_IAM"),
            ("iam", "AWS_IAM"),
            ("Cognito", "AMAZON_COGNITO_USER_POOLS"),
            ("amazon-cognito-user-pools", "AMAZON_COGNITO_USER_POOLS"),
            ("oidc", "OPENID_CONNECT"),
            ("@aws_oidc", "OPENID_CONNECT"),
            ("lambda", "AWS_LAMBDA"),
        ],
    )
    def test_modes_may_be_written_in_several_ways(self, text: str, value: str) -> None:
        api = api_from_flags(text, [], None, None)
        assert api is not None
        assert [mode.value for mode in api.modes] == [value]

    def test_they_say_where_a_mode_comes_from(self) -> None:
        api = api_from_flags("cognito", ["lambda"], "deny", 0)
        assert api is not None
        assert (api.default.origin, api.additional[0].origin) == ("--default-mode", "--additional-mode")
        assert api.default_action == "DENY"
        assert api.additional[0].authorizer is not None
        assert api.additional[0].authorizer.ttl == 0

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ("APIKEY", [], None, None),
                "--default-mode: 'APIKEY' is not an authorization mode; did you mean API_KEY?",
            ),
            (("iam", ["saml"], None, None), "--additional-mode: 'saml' is not an authorization mode; the modes are"),
            ((None, ["iam"], None, None), "--additional-mode needs --default-mode"),
            ((None, [], "ALLOW", None), "--default-action needs --default-mode"),
            ((None, [], None, 0), "--lambda-ttl needs --default-mode"),
            (
                ("iam", [], "DENY", None),
                "--default-action is a setting of a user pool as the default mode, not of AWS_IAM",
            ),
            (("iam", [], None, 300), "--lambda-ttl is a setting of AWS_LAMBDA"),
            (("iam", ["iam"], None, None), "AWS_IAM is configured twice"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, arguments: tuple[object, ...], message: str) -> None:
        with pytest.raises(InputError) as caught:
            api_from_flags(*arguments)  # type: ignore[arg-type]
        assert str(caught.value).startswith(message)

    def test_not_together_with_a_description(self, write: Write) -> None:
        flags = api_from_flags("iam", [], None, None)
        with pytest.raises(InputError, match="--api and --default-mode both describe the API"):
            Request(("a.graphql",), api_file="api.yaml", flags=flags)
        write({"template.yaml": TEMPLATE, "schema.graphql": SCHEMA})
        with pytest.raises(InputError, match=r"^template\.yaml: describes an API, and so does --default-mode"):
            load(Request(("template.yaml",), flags=flags))


class TestStandardInput:
    def test_it_is_a_schema_on_its_own(self, write: Write) -> None:
        write({"appsync-lint.yaml": f"schema: a.graphql\n{KEY_API}", "a.graphql": SCHEMA})
        assert units_of(load(Request(("-",)), SourceText("<stdin>", SCHEMA))) == [(None, ["<stdin>"])]

    def test_what_is_typed_counts_instead_of_the_file_it_stands_for(self, write: Write) -> None:
        write(
            {
                "appsync-lint.yaml": f"name: x\nschema: [a.graphql, b.graphql]\n{KEY_API}",
                "a.graphql": SCHEMA,
                "b.graphql": MORE,
            }
        )
        typed = SourceText("a.graphql", "type Query { you: ID }\n")
        project = load(Request(("-",), stdin_filename="a.graphql"), typed)
        assert units_of(project) == [("x", ["a.graphql", "b.graphql"])]
        assert project.units[0].schema.field("Query.you") is not None

    def test_a_name_for_it_needs_it(self) -> None:
        with pytest.raises(InputError, match="--stdin-filename is for standard input"):
            Request(("a.graphql",), stdin_filename="b.graphql")


def test_a_schema_that_only_deployment_knows_is_told_and_the_settings_are_kept(write: Write) -> None:
    write({"template.yaml": TEMPLATE.replace("schema.graphql", "s3://bucket/schema.graphql")})
    project = load(Request(("template.yaml",)))
    assert units_of(project) == [("blog", [])]
    assert any("only known at deployment" in note for note in project.notes)


def test_a_loop_of_links_is_an_error_that_names_it(write: Write, tmp_path: Path) -> None:
    write({})
    (tmp_path / "loop.graphql").symlink_to("loop.graphql")
    (error,) = load(Request(("loop.graphql",))).errors
    assert str(error).startswith("loop.graphql: cannot be read: ")
