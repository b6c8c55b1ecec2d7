"""SST: the construct of its versions 0 to 2 and the component of version 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.api import Api, Mode, Unresolved
from appsync_lint.errors import InputError, UnknownFileError
from appsync_lint.sources import Described, read_file, schema_sources


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def described(folder: Path, text: str, name: str = "stacks/Api.ts") -> Described:
    (folder / ".git").mkdir(exist_ok=True)
    if not (folder / "sst.config.ts").exists():
        write(folder, "sst.config.ts", "export default {};")
    return read_file(write(folder, name, text))


def read(folder: Path, text: str, name: str = "stacks/Api.ts") -> Api:
    (api,) = described(folder, text, name).apis
    return api


def types(api: Api) -> list[str]:
    return [str(item.mode.value if isinstance(item.mode, Mode) else item.mode) for item in api.providers]


# Versions 0 to 2.

CONSTRUCTS = "import { AppSyncApi } from 'sst/constructs'; import * as appsync from 'aws-cdk-lib/aws-appsync';\n"
IAM = "{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.IAM } }"


@pytest.mark.parametrize(
    "imports",
    [
        "import { AppSyncApi } from 'sst/constructs';",
        "import { AppSyncApi } from '@serverless-stack/resources';",
        "import * as sst from '@serverless-stack/resources'; const AppSyncApi = sst.AppSyncApi;",
    ],
)
def test_nothing_written_is_an_api_key(imports: str, tmp_path: Path) -> None:
    api = read(tmp_path, f"{imports} new AppSyncApi(stack, 'Shop', {{ schema: 's.graphql' }});")
    assert (api.name, api.default.mode, api.additional) == ("Shop", Mode.API_KEY, ())
    assert api.default.origin == "what SST takes when none is written"
    assert api.tool.unset_lambda_ttl == 0


@pytest.mark.parametrize(
    "props",
    [
        f"schema: 's.graphql', cdk: {{ graphqlApi: {{ authorizationConfig: {IAM} }} }}",
        f"graphqlApi: {{ schema: 's.graphql', authorizationConfig: {IAM} }}",
    ],
)
def test_configuration_is_that_of_cdk(props: str, tmp_path: Path) -> None:
    write(tmp_path, "s.graphql", "type Query { a: Int }")
    api = read(tmp_path, f"{CONSTRUCTS} new AppSyncApi(stack, 'A', {{ {props} }});")
    assert types(api) == ["AWS_IAM"]
    assert [text.text for text in schema_sources(api)] == ["type Query { a: Int }"]


def test_configuration_in_a_comment_is_none(tmp_path: Path) -> None:
    text = f"{CONSTRUCTS} new AppSyncApi(s, 'A', {{ schema: 's.graphql', /* cdk: {{ graphqlApi: {{ authorizationConfig: {IAM} }} }} */ }});"
    assert types(read(tmp_path, text)) == ["API_KEY"]


def test_list_of_files_is_merged_and_a_single_file_is_not(tmp_path: Path) -> None:
    text = f"{CONSTRUCTS} new AppSyncApi(s, 'A', {{ schema: ['a.graphql', 'b.graphql'] }}); new AppSyncApi(s, 'B', {{ schema: 'a.graphql' }});"
    merged, single = described(tmp_path, text).apis
    assert [file.path for file in merged.schema_files] == ["a.graphql", "b.graphql"]
    assert all(file.base == str(tmp_path) for file in merged.schema_files)
    assert (merged.tool.folds_extensions, single.tool.folds_extensions) == (True, False)


def test_schema_of_cdk_is_taken_too(tmp_path: Path) -> None:
    text = f"{CONSTRUCTS} new AppSyncApi(s, 'A', {{ cdk: {{ graphqlApi: {{ schema: appsync.SchemaFile.fromAsset('a.graphql') }} }} }});"
    assert [file.path for file in read(tmp_path, text).schema_files] == ["a.graphql"]


def test_api_that_is_made_elsewhere_is_none_of_its_own(tmp_path: Path) -> None:
    text = f"{CONSTRUCTS} const made = new appsync.GraphqlApi(s, 'Made', {{ schema: X, authorizationConfig: {IAM} }}); new AppSyncApi(s, 'A', {{ cdk: {{ graphqlApi: made }} }});"
    assert [(api.name, types(api)) for api in described(tmp_path, text).apis] == [("Made", ["AWS_IAM"])]


@pytest.mark.parametrize(
    "props",
    [
        "...rest, schema: 's.graphql'",
        "schema: 's.graphql', cdk: options",
        "schema: 's.graphql', cdk: { graphqlApi: props.api }",
    ],
)
def test_configuration_that_is_handed_in_is_open(props: str, tmp_path: Path) -> None:
    found = described(tmp_path, f"{CONSTRUCTS} new AppSyncApi(s, 'A', {{ {props} }});")
    assert isinstance(found.apis[0].default.mode, Unresolved)
    assert "run cdk synth" in found.notes[-1]


def test_class_of_another_package_is_none_of_sst(tmp_path: Path) -> None:
    text = "import { AppSyncApi } from './api'; import 'sst/constructs'; new AppSyncApi(s, 'A', {});"
    assert described(tmp_path, text).apis == ()
    with pytest.raises(UnknownFileError):
        described(tmp_path, "import { AppSyncApi } from './api'; new AppSyncApi(s, 'A', {});")


# Version 3.


def component(more: str, before: str = "") -> str:
    return (
        f"export default $config({{ async run() {{ {before}\n"
        f"new sst.aws.AppSync('Games', {{ schema: 'graphql/s.graphql', {more} }}); }} }});"
    )


def test_component_is_an_api_key(tmp_path: Path) -> None:
    write(tmp_path, "graphql/s.graphql", "type Query { a: Int }")
    api = read(tmp_path, component(""), "sst.config.ts")
    assert (api.name, types(api)) == ("Games", ["API_KEY"])
    assert [text.text for text in schema_sources(api)] == ["type Query { a: Int }"]
    assert api.tool.unset_lambda_ttl == 300
    assert api.settings.api_keys == ()


def test_component_in_a_file_of_its_own_starts_from_the_projects_folder(tmp_path: Path) -> None:
    text = "export function makeApi() { return new sst.aws.AppSync('A', { schema: 'graphql/s.graphql' }); }"
    api = read(tmp_path, text, "infra/api.ts")
    assert [(file.path, file.base) for file in api.schema_files] == [("graphql/s.graphql", str(tmp_path))]


@pytest.mark.parametrize(
    "transform",
    [
        "{ authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [{ authenticationType: 'API_KEY' }] }",
        "(args) => { args.authenticationType = 'AWS_IAM'; args.additionalAuthenticationProviders = [{ authenticationType: 'API_KEY' }]; }",
        "(args) => { Object.assign(args, { authenticationType: 'AWS_IAM', additionalAuthenticationProviders: [{ authenticationType: 'API_KEY' }] }) }",
        "function (args) { change(args); }",
    ],
)
def test_transform_changes_the_modes(transform: str, tmp_path: Path) -> None:
    before = "const change = (of) => { of.authenticationType = 'AWS_IAM'; of['additionalAuthenticationProviders'] = [{ authenticationType: 'API_KEY' }] };"
    assert types(read(tmp_path, component(f"transform: {{ api: {transform} }}", before))) == ["AWS_IAM", "API_KEY"]


def test_transform_under_a_condition_leaves_two_modes(tmp_path: Path) -> None:
    api = read(tmp_path, component("transform: { api: (args) => { if ($dev) args.authenticationType = 'AWS_IAM'; } }"))
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.candidates == ("AWS_IAM", "API_KEY")


@pytest.mark.parametrize(
    ("more", "before"),
    [
        ("transform: { api: changes }", ""),
        ("transform: changes", ""),
        ("...more", ""),
        ("transform: { api: { ...changes } }", ""),
        ("transform: { api: (args) => { library(args); } }", ""),
        ("", "$transform(aws.appsync.GraphQLApi, (args) => { args.authenticationType = 'AWS_IAM'; });"),
    ],
)
def test_transform_that_is_not_literal_opens_the_modes(more: str, before: str, tmp_path: Path) -> None:
    found = described(tmp_path, component(more, before))
    (api,) = found.apis
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.candidates in ((), ("API_KEY",))
    assert api.additional_open is not None
    assert "aws appsync get-graphql-api" in found.notes[-1]


def test_settings_and_the_authorizer_of_a_component_are_read(tmp_path: Path) -> None:
    more = """transform: { api: { authenticationType: 'AWS_LAMBDA', visibility: 'PRIVATE', introspectionConfig: 'DISABLED',
      lambdaAuthorizerConfig: { authorizerUri: auth.arn, authorizerResultTtlInSeconds: 0 } } }"""
    api = read(tmp_path, component(more, "const auth = new sst.aws.Function('Auth', { handler: 'src/auth.handler' });"))
    assert api.default.authorizer is not None
    assert api.default.authorizer.ttl == 0
    assert api.default.authorizer.code is not None
    assert api.default.authorizer.code.paths[0] == "src/auth.ts"
    assert api.default.authorizer.code.handler == "auth.handler"
    assert api.settings.visibility is not None
    assert api.settings.visibility.value == "PRIVATE"


def test_broken_program_gives_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be parsed: line 1") as raised:
        described(tmp_path, "new sst.aws.AppSync('A', {")
    assert "\n" not in str(raised.value)
