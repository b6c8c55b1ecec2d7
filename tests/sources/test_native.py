"""The native file: one API or several, other descriptions taken over, and every mistake at its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appsync_lint.api import Mode
from appsync_lint.errors import InputError
from appsync_lint.sources import Described, find_native, read_file, schema_sources

TEMPLATE = """\
Resources:
  Public:
    Type: AWS::Serverless::GraphQLApi
    Properties: {Auth: {Type: API_KEY}, SchemaUri: public.graphql}
  AdminApi:
    Type: AWS::AppSync::GraphQLApi
    Properties: {AuthenticationType: AWS_IAM, AuthenticationType: AWS_IAM}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with two schemas and a template, in which the test stands."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / "infra").mkdir()
    (root / "infra" / "template.yaml").write_text(TEMPLATE)
    (root / "schema.graphql").write_text("type Query { a: Int }")
    (tmp_path / "secret.graphql").write_text("type Query { secret: Int }")
    monkeypatch.chdir(root)
    return root


def read(text: str, name: str = "appsync-lint.yaml", *, allow_outside: bool = False) -> Described:
    Path(name).write_text(text, encoding="utf-8")
    return read_file(Path(name), allow_outside=allow_outside)


def read_all(text: str, name: str) -> None:
    for api in read(text, name).apis:
        schema_sources(api)


def refusal(text: str, name: str = "appsync-lint.yaml") -> str:
    """The one line that a file is refused with, when it is read or when its schemas are."""
    with pytest.raises(InputError) as caught:
        read_all(text, name)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{name}:").strip()


SINGLE = """\
name: blog
schema: schema.graphql
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
    lambdaAuthorizerConfig: {authorizerResultTtlInSeconds: 0, source: authorizer/index.ts}
rules:
  api-key-reaches-mutation: off
  aws-auth-ignored: warning
"""


def test_single_api_stands_at_the_top() -> None:
    described = read(SINGLE)
    (api,) = described.apis
    assert (described.kind, described.notes, api.name, api.path) == ("native", (), "blog", "appsync-lint.yaml")
    assert api.modes == (Mode.API_KEY, Mode.AWS_LAMBDA)
    assert api.additional[0].span is not None
    assert api.additional[0].span.start == (5, 25)
    assert [source.path for source in schema_sources(api)] == ["schema.graphql"]
    assert [source.path for source in described.sources] == ["appsync-lint.yaml"]


def test_severities_are_kept_as_written_with_their_places() -> None:
    described = read(SINGLE)
    # YAML takes "off" for a truth value; what counts is what was written.
    assert {name: node.text for name, node in described.rules.items()} == {
        "api-key-reaches-mutation": "off",
        "aws-auth-ignored": "warning",
    }
    value, name = described.rules["aws-auth-ignored"].span, described.rule_names["aws-auth-ignored"].span
    assert value is not None
    assert name is not None
    assert (value.start, name.start) == ((9, 21), (9, 3))


def test_several_apis_stand_in_a_list() -> None:
    text = {"apis": [{"name": "a", "authenticationType": "API_KEY"}, {"name": "b", "authenticationType": "AWS_IAM"}]}
    for name, written in (
        (
            "appsync-lint.yaml",
            "apis:\n  - {name: a, authenticationType: API_KEY}\n  - {name: b, authenticationType: AWS_IAM}\n",
        ),
        ("appsync-lint.json", json.dumps(text)),
    ):
        assert [(api.name, api.default_mode) for api in read(written, name).apis] == [
            ("a", Mode.API_KEY),
            ("b", Mode.AWS_IAM),
        ]


SERVICE_ANSWER = {
    "name": "live",
    "apiId": "abc",
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {
        "userPoolId": "p",
        "awsRegion": "eu-central-1",
        "defaultAction": "ALLOW",
        "appIdClientRegex": "x",
    },
    "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
    "arn": "arn:aws:appsync:eu-central-1:1:apis/abc",
    "uris": {"GRAPHQL": "https://example.org/graphql"},
    "tags": {},
    "xrayEnabled": False,
    "visibility": "GLOBAL",
    "introspectionConfig": "ENABLED",
    "queryDepthLimit": 0,
}


@pytest.mark.parametrize(
    "answer", [SERVICE_ANSWER, {"graphqlApi": SERVICE_ANSWER}, {"graphqlApis": [SERVICE_ANSWER], "nextToken": None}]
)
def test_what_the_service_answers_is_a_description(answer: object) -> None:
    (api,) = read(json.dumps(answer, indent=4), "answer.json").apis
    assert (api.name, api.modes, api.default_action) == (
        "live",
        (Mode.AMAZON_COGNITO_USER_POOLS, Mode.AWS_IAM),
        "ALLOW",
    )


def test_file_with_severities_only_describes_no_api() -> None:
    described = read("rules:\n  aws-auth-ignored: off\n")
    assert (described.apis, list(described.rules)) == ((), ["aws-auth-ignored"])


# Other descriptions.


def test_all_apis_of_another_file_or_one_by_name() -> None:
    described = read("apis:\n  - from: infra/template.yaml\n")
    assert [api.name for api in described.apis] == ["Public", "AdminApi"]
    assert [source.path for source in described.sources] == ["appsync-lint.yaml", "infra/template.yaml"]
    assert described.notes == (
        "infra/template.yaml:5:3: the schema of AdminApi is not in this template",
        "infra/template.yaml:7:47: the key AuthenticationType is written twice; the last one counts",
    )
    assert [api.name for api in read("from: infra/template.yaml\napi: AdminApi\n").apis] == ["AdminApi"]


def test_schema_can_be_given_to_an_api_of_another_file() -> None:
    described = read(
        "apis:\n  - from: infra/template.yaml\n    api: AdminApi\n    schema: schema.graphql\n"
        "  - from: infra/template.yaml\n    api: Public\n"
    )
    admin, public = described.apis
    assert [source.path for source in schema_sources(admin)] == ["schema.graphql"]
    assert public.schema_files[0].path == "public.graphql"
    # A file that is named twice is read once.
    assert len(described.sources) == 2
    assert admin.span is not None
    assert public.span is not None
    assert admin.span.source is public.span.source


def test_native_file_can_take_over_a_native_one() -> None:
    Path("infra/live.json").write_text(json.dumps({"graphqlApi": SERVICE_ANSWER}))
    Path("infra/other.yaml").write_text("authenticationType: API_KEY\nname: other\nrules: {a: off}\n")
    described = read("apis:\n  - from: infra/live.json\n  - from: infra/other.yaml\nrules: {b: off}\n")
    assert [api.name for api in described.apis] == ["live", "other"]
    assert list(described.rules) == ["b"]
    assert described.notes == ("infra/other.yaml: its rules do not count, those of appsync-lint.yaml do",)


# Mistakes.


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "is empty; it must describe an API (authenticationType, schema)"),
        ("# nothing\n", "holds a plain value; it must describe an API (authenticationType, schema)"),
        ("- a\n", "holds a list; it must describe an API (authenticationType, schema)"),
        ("schema: a\n", "1:1: the API has no authenticationType"),
        (
            "authenticationtype: API_KEY\n",
            "1:1: unknown key 'authenticationtype' in the file; did you mean 'authenticationType'?",
        ),
        ("authenticationType: API_KEY\nshema: a\n", "2:1: unknown key 'shema' in the file; did you mean 'schema'?"),
        (
            "apis:\n  - authenticationType: API_KEY\n    shema: a\n",
            "3:5: unknown key 'shema' in an API; did you mean 'schema'?",
        ),
        ("apis: []\nschema: a\n", "2:1: unknown key 'schema' in a file with 'apis'; it belongs to an API under 'apis'"),
        ("apis: 3\n", "1:7: apis must be a list, not a plain value"),
        ("apis: [3]\n", "1:8: an API must be a mapping, not a plain value"),
        ("authenticationType: [API_KEY]\n", "1:21: authenticationType must be a text, not a list"),
        ("authenticationType:\n  a: b\n", "2:3: authenticationType must be a text, not a mapping"),
        (
            "authenticationType: API_KEYS\n",
            "1:21: 'API_KEYS' is not an authorization mode; did you mean API_KEY?",
        ),
        (
            "authenticationType: cognito\n",
            "1:21: 'cognito' is not an authorization mode; did you mean AMAZON_COGNITO_USER_POOLS?",
        ),
        (
            'authenticationType: "@aws_oidc"\n',
            "1:21: '@aws_oidc' is not an authorization mode; did you mean OPENID_CONNECT?",
        ),
        (
            "authenticationType: x\n",
            (
                "1:21: 'x' is not an authorization mode; the modes are API_KEY, AWS_IAM, AMAZON_COGNITO_USER_POOLS, "
                "OPENID_CONNECT, AWS_LAMBDA"
            ),
        ),
        ("authenticationType: !Ref Mode\n", "1:21: the tag !Ref means nothing here"),
        (
            "authenticationType: API_KEY\nauthenticationType: AWS_IAM\n",
            "2:1: the key 'authenticationType' is written twice",
        ),
        ("rules: {a: off, a: on}\nauthenticationType: API_KEY\n", "1:17: the rule 'a' is written twice"),
        (
            "rules: {a: [off]}\nauthenticationType: API_KEY\n",
            "1:12: the severity of a is off, info, warning or error, not a list",
        ),
        ("rules: [a]\nauthenticationType: API_KEY\n", "1:8: rules must be a mapping, not a list"),
        (
            "authenticationType: AWS_LAMBDA\nadditionalAuthenticationProviders:\n  - authenticationType: AWS_LAMBDA\n",
            "3:25: AWS_LAMBDA is configured twice; an API has it once",
        ),
        (
            "authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig: {authorizerResultTtlInSeconds: soon}\n",
            "2:56: authorizerResultTtlInSeconds must be a whole number, not 'soon'",
        ),
        (
            "apis: [{name: a, authenticationType: API_KEY}, {name: a, authenticationType: AWS_IAM}]\n",
            "1:49: two APIs are called 'a'; give each its own name",
        ),
        (
            "authenticationType: API_KEY\nschema: |\n  type Query {\n  }\n",
            "2:9: schema is the path of a file, not the schema's text",
        ),
        ("authenticationType: API_KEY\nschema: {a: b}\n", "2:9: schema must be a text, not a mapping"),
        ("from: infra/none.yaml\n", "1:7: infra/none.yaml: no such file"),
        ("from: infra\n", "1:7: infra: is a directory"),
        ("from: appsync-lint.yaml\n", "1:7: appsync-lint.yaml leads back to the file that names it"),
        (
            "from: infra/template.yaml\napi: Admin\n",
            "2:6: infra/template.yaml has no API 'Admin'; did you mean 'AdminApi'?",
        ),
        ("from: infra/template.yaml\napi: X\n", "2:6: infra/template.yaml has no API 'X'; it has Public, AdminApi"),
        (
            "from: infra/template.yaml\nschema: schema.graphql\n",
            "2:1: say which API has this schema with 'api': Public, AdminApi",
        ),
        (
            "from: infra/template.yaml\nauthenticationType: API_KEY\n",
            (
                "2:1: unknown key 'authenticationType' in an entry with 'from'; what 'from' names describes the API; "
                "here only 'api' and 'schema' can be added"
            ),
        ),
        ("from: [a]\n", "1:7: from must be a text, not a list"),
        ("from:\n", "1:1: from names a file"),
        ('from: "a\\0b"\n', "1:7: 'a\\x00b' is no path"),
        (
            "from: ../secret.graphql\n",
            "1:7: '../secret.graphql' leads out of the project's folder (.); see --allow-outside",
        ),
    ],
)
def test_mistake_is_told_at_its_place(text: str, line: str) -> None:
    assert refusal(text) == line


def test_files_that_lead_to_each_other_are_refused() -> None:
    Path("a.yaml").write_text("from: b.yaml\n")
    assert refusal("from: a.yaml\n", "b.yaml") == "a.yaml:1:7: b.yaml leads back to the file that names it"


def test_wrong_text_is_shortened() -> None:
    assert len(refusal(f"authenticationType: {'x' * 100_000}\n")) < 300
    assert len(refusal(f"authenticationType: API_KEY\n? {'x' * 100_000}\n: y\n")) < 1_000


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        (
            "a: b\n",
            "other.yaml",
            "is not an API's description (authenticationType or apis), nor a file of a tool that deploys one",
        ),
        (
            "[1]",
            "list.json",
            "holds a list, so it is not an API's description (authenticationType or apis), nor a file of a tool that deploys one",
        ),
        (
            "",
            "empty.json",
            "is empty, so it is not an API's description (authenticationType or apis), nor a file of a tool that deploys one",
        ),
    ],
)
def test_file_that_describes_nothing_is_refused(text: str, name: str, line: str) -> None:
    refused, _, tools = refusal(text, name).rpartition(" (")
    assert refused == line
    assert {"cloudformation", "serverless"} <= set(tools.rstrip(")").split(", "))


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"\xff\xfea\0", "is UTF-16; save it as UTF-8"),
        (b"name: caf\xe9\n", "line 1 is not UTF-8 (byte 0xe9)"),
        (b"name: a\0b\n", "1:8: there is a control character here, which YAML does not allow"),
        (b"[" * 20_000, "1:101: this is nested more than 100 levels deep"),
        (
            b'authenticationType: !!python/object/apply:os.system ["false"]\n',
            "1:21: the tag !!python/object/apply:os.system means nothing here",
        ),
    ],
)
def test_bytes_that_are_no_text_are_refused(data: bytes, line: str) -> None:
    Path("appsync-lint.yaml").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_file(Path("appsync-lint.yaml"))
    assert str(caught.value).removeprefix("appsync-lint.yaml:").strip() == line


# Finding the file.


def test_native_file_is_found_upward_to_the_repository() -> None:
    Path("a/b").mkdir(parents=True)
    assert find_native(Path("a/b/schema.graphql")) is None
    Path("appsync-lint.yml").write_text("")
    assert find_native(Path("a/b/schema.graphql")) == Path("appsync-lint.yml")
    assert find_native(Path("a/b")) == Path("appsync-lint.yml")
    Path("a/appsync-lint.json").write_text("")
    assert find_native(Path("a/b").resolve()) == Path("a/appsync-lint.json").resolve()
    Path("a/b/.git").write_text("gitdir: elsewhere")
    assert find_native(Path("a/b/schema.graphql")) is None


def test_yaml_comes_before_json_in_one_folder() -> None:
    for name in ("appsync-lint.json", "appsync-lint.yml", "appsync-lint.yaml"):
        Path(name).write_text("")
        assert find_native(Path()) == Path(name)
