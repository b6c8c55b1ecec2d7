"""Pulumi's programs and stacks: what is read of each spelling, and any API read back from the declarative ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import (
    Api,
    ApiSettings,
    LambdaAuthorizer,
    Mode,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Setting,
    Tool,
    Unresolved,
    UserPool,
)
from appsync_lint.errors import InputError
from appsync_lint.sources import read_file, schema_sources
from appsync_lint.text import SourceText

from ..strategies import thorough
from .test_round_trip import ACTION, NAME, TEXT, bare

PROJECTS = Path(__file__).parents[2] / "fixtures" / "projects"
PULUMI = Tool("Pulumi", unset_lambda_ttl=300)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


# Any API.


def apis(left_open: st.SearchStrategy[Unresolved]) -> st.SearchStrategy[list[Api]]:
    """APIs of which some settings are as the tool leaves a value open."""
    maybe = st.none() | TEXT | left_open
    number = st.none() | st.integers(0, 10**7) | left_open
    pool = st.builds(UserPool, pool_id=maybe, default_action=st.none() | ACTION | left_open, app_client_regex=maybe)
    issuer = st.builds(OpenIdConnect, issuer=maybe, client_id=maybe, issued_ttl_ms=number, auth_ttl_ms=number)
    provider = st.builds(
        Provider,
        mode=st.sampled_from(list(Mode)) | left_open,
        user_pool=st.none() | pool,
        oidc=st.none() | issuer,
        authorizer=st.none() | st.builds(LambdaAuthorizer, uri=maybe, ttl=number, identity_validation=maybe),
    )

    def additional(item: Provider) -> Provider:
        # Only the default pool has a default action.
        return replace(item, user_pool=replace(item.user_pool, default_action=None) if item.user_pool else None)

    def setting(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
        return st.none() | values.map(Setting)

    settings = st.builds(
        ApiSettings,
        whole=st.just(True),
        introspection=setting(st.sampled_from(["ENABLED", "DISABLED"]) | left_open),
        query_depth_limit=setting(st.integers(0, 75)),
        resolver_count_limit=setting(st.integers(0, 10_000)),
        visibility=setting(st.sampled_from(["GLOBAL", "PRIVATE"])),
    )
    schema = st.none() | TEXT.map(lambda text: SchemaFile(text=SourceText("", text)))
    one = st.builds(
        Api,
        name=NAME,
        default=provider,
        additional=st.lists(provider.map(additional), max_size=3).map(tuple),
        schema_files=schema.map(lambda file: (file,) if file else ()),
        settings=settings,
        tool=st.just(PULUMI),
    )
    return st.lists(one, min_size=1, max_size=3, unique_by=lambda api: api.name.casefold())


def arguments(api: Api, plain: object) -> dict[str, object]:
    """Write an API as the arguments of ``aws.appsync.GraphQLApi``; ``plain`` writes one value."""

    def given_only(**values: object) -> dict[str, object]:
        return {name: plain(value) for name, value in values.items() if value is not None}  # type: ignore[operator]

    def provider(item: Provider) -> dict[str, object]:
        written = given_only(authenticationType=item.mode)
        if item.user_pool is not None:
            pool = item.user_pool
            written["userPoolConfig"] = given_only(
                userPoolId=pool.pool_id, defaultAction=pool.default_action, appIdClientRegex=pool.app_client_regex
            )
        if item.oidc is not None:
            issuer = item.oidc
            written["openidConnectConfig"] = given_only(
                issuer=issuer.issuer, clientId=issuer.client_id, iatTtl=issuer.issued_ttl_ms, authTtl=issuer.auth_ttl_ms
            )
        if item.authorizer is not None:
            function = item.authorizer
            written["lambdaAuthorizerConfig"] = given_only(
                authorizerUri=function.uri,
                authorizerResultTtlInSeconds=function.ttl,
                identityValidationExpression=function.identity_validation,
            )
        return written

    found = provider(api.default)
    if api.additional:
        found["additionalAuthenticationProviders"] = [provider(item) for item in api.additional]
    limits = api.settings
    for name, value in (
        ("introspectionConfig", limits.introspection),
        ("queryDepthLimit", limits.query_depth_limit),
        ("resolverCountLimit", limits.resolver_count_limit),
        ("visibility", limits.visibility),
    ):
        if value is not None:
            found[name] = plain(value.value)  # type: ignore[operator]
    if api.schema_files:
        text = api.schema_files[0].text
        assert text is not None
        found["schema"] = text.text
    return found


CONFIG = NAME.map(lambda name: Unresolved(f"${{Open{name}}}", f"the config value Open{name} has no default"))
SECRET = st.just(Unresolved("[secret]", "it is a secret of the stack"))


@given(described=apis(CONFIG), wide=st.booleans(), long=st.booleans())
@thorough(50)
def test_yaml_program_is_read_back_as_it_was_written(
    described: list[Api], wide: bool, long: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    config: dict[str, object] = {}

    def plain(value: object) -> object:
        if isinstance(value, Unresolved):
            config[value.text[2:-1]] = {"type": "string"}
            return value.text
        return value.value if isinstance(value, Mode) else value

    token = "aws:appsync/graphQLApi:GraphQLApi" if long else "aws:appsync:GraphQLApi"
    resources = {api.name: {"type": token, "properties": arguments(api, plain)} for api in described}
    program = {"name": "any", "runtime": "yaml", "config": config, "resources": resources}
    path = Path(tmp_path_factory.getbasetemp(), "any", "Pulumi.yaml")
    write(path.parent, path.name, yaml.safe_dump(program, allow_unicode=wide, sort_keys=False, width=200))
    assert [bare(api) for api in read_file(path).apis] == [bare(api) for api in described]


@given(described=apis(SECRET), wide=st.booleans(), deployed=st.booleans())
@thorough(50)
def test_exported_stack_is_read_back_as_it_was_deployed(
    described: list[Api], wide: bool, deployed: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def plain(value: object) -> object:
        if isinstance(value, Unresolved):
            return {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
        return value.value if isinstance(value, Mode) else value

    kind = "aws:appsync/graphQLApi:GraphQLApi"
    part = "outputs" if deployed else "inputs"
    resources = [
        {"urn": f"urn:pulumi:dev::any::{kind}::{api.name}", "type": kind, "id": api.name, part: arguments(api, plain)}
        for api in described
    ]
    path = Path(tmp_path_factory.getbasetemp(), "stack.json")
    text = json.dumps({"version": 3, "deployment": {"resources": resources}}, ensure_ascii=wide)
    path.write_text(text, encoding="utf-8", newline="")
    assert [bare(api) for api in read_file(path).apis] == [bare(api) for api in described]


# Single spellings.

YAML = """\
name: shop
runtime: yaml
{before}
resources:
  shop:
    type: aws:appsync:GraphQLApi
    properties:
{properties}
"""


def program(folder: Path, properties: str, before: str = "") -> Api:
    indented = "\n".join(f"      {line}" for line in properties.strip().splitlines())
    path = write(folder, "Pulumi.yaml", YAML.format(before=before, properties=indented))
    (api,) = read_file(path).apis
    return api


def test_config_value_that_the_stacks_set_differently_is_open(tmp_path: Path) -> None:
    write(tmp_path, "Pulumi.dev.yaml", "config:\n  shop:mode: API_KEY\n")
    write(tmp_path, "Pulumi.live.yaml", "config:\n  shop:mode: AWS_IAM\n")
    api = program(tmp_path, "authenticationType: ${mode}", "config:\n  mode:\n    default: AWS_IAM")
    assert isinstance(api.default.mode, Unresolved)
    assert "the stacks set" in api.default.mode.why


def test_config_value_that_all_stacks_set_alike_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "Pulumi.dev.yaml", "config:\n  shop:mode: API_KEY\n")
    api = program(tmp_path, "authenticationType: ${mode}", "config:\n  mode:\n    type: string")
    assert api.default.mode is Mode.API_KEY


def test_variables_joins_and_secrets_are_worked_out(tmp_path: Path) -> None:
    before = "variables:\n  prefix: AWS\n  mode:\n    fn::join: [_, ['${prefix}', IAM]]"
    api = program(tmp_path, "authenticationType:\n  fn::secret: ${mode}", before)
    assert api.default.mode is Mode.AWS_IAM
    assert program(tmp_path, "authenticationType: ${prefix}_LAMBDA", before).default.mode is Mode.AWS_LAMBDA


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("${other.mode}", "other is not in this file"),
        ("${shop.name}", "what the resource shop gets"),
        ("${loop}", "refers to itself"),
        ("${pulumi.stack}", "Pulumi knows it"),
        ("X${shop.name}", "Pulumi fills in"),
    ],
)
def test_value_that_only_deployment_knows_is_open(written: str, why: str, tmp_path: Path) -> None:
    api = program(tmp_path, f"authenticationType: {written}", "variables:\n  loop: ${loop}")
    assert isinstance(api.default.mode, Unresolved)
    assert why in api.default.mode.why


def test_variables_that_double_each_other_take_no_time(tmp_path: Path) -> None:
    lines = [f"  v{i}: '${{v{i + 1}}}${{v{i + 1}}}'" for i in range(60)]
    api = program(tmp_path, "authenticationType: ${v0}", "\n".join(["variables:", *lines, "  v60: X"]))
    assert isinstance(api.default.mode, Unresolved)


def test_schema_in_the_program_keeps_its_places(tmp_path: Path) -> None:
    api = program(tmp_path, "authenticationType: API_KEY\nschema: |\n  type Query {\n    a: ID\n  }")
    (text,) = schema_sources(api)
    at = text.text.index("a: ID")
    assert text.span(at, at + 5).text == "a: ID"


def test_resource_that_is_only_looked_up_is_not_deployed(tmp_path: Path) -> None:
    text = "name: a\nruntime: yaml\nresources:\n  x:\n    type: aws:appsync:GraphQLApi\n    get: {id: abc}\n"
    assert read_file(write(tmp_path, "Pulumi.yaml", text)).apis == ()


def test_project_in_another_language_is_told_so(tmp_path: Path) -> None:
    path = write(tmp_path, "Pulumi.yaml", "name: a\nruntime:\n  name: go\n")
    with pytest.raises(InputError, match="written in go"):
        read_file(path)


def test_native_provider_leaves_the_ttl_to_appsync(tmp_path: Path) -> None:
    text = """\
name: native
runtime: yaml
resources:
  api:
    type: aws-native:appsync:GraphQlApi
    properties:
      authenticationType: AWS_LAMBDA
      lambdaAuthorizerConfig:
        authorizerUri: ${f.arn}
  schema:
    type: aws-native:appsync:GraphQlSchema
    properties:
      apiId: ${api.apiId}
      definition: "type Query { a: ID }"
"""
    (api,) = read_file(write(tmp_path, "Pulumi.yaml", text)).apis
    assert api.tool.unset_lambda_ttl == 0
    assert [text.text for text in schema_sources(api)] == ["type Query { a: ID }"]


def test_secret_that_was_exported_is_read(tmp_path: Path) -> None:
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "plaintext": '"AWS_IAM"',
    }
    kind = "aws:appsync/graphQLApi:GraphQLApi"
    resource = {"urn": f"urn:pulumi:a::b::{kind}::x", "type": kind, "inputs": {"authenticationType": secret}}
    old = {**resource, "urn": f"urn:pulumi:a::b::{kind}::old", "delete": True}
    state = {"version": 3, "checkpoint": {"latest": {"resources": [old, resource]}}}
    (api,) = read_file(write(tmp_path, "dev.json", json.dumps(state))).apis
    assert (api.name, api.default.mode) == ("x", Mode.AWS_IAM)


PROGRAMS = {
    "index.ts": """\
import * as appsync from "@pulumi/aws/appsync";
const shared = { schema: "type Query { a: ID }" };
const modes = ["AWS_IAM", "AMAZON_COGNITO_USER_POOLS"];
export const api = new appsync.GraphQLApi("api", {
  ...shared,
  authenticationType: "API_KEY",
  additionalAuthenticationProviders: modes.map((mode) => ({ authenticationType: mode })),
  visibility: undefined,
});
""",
    "main.py": """\
from pulumi_aws import appsync
args = dict(authentication_type="API_KEY", schema="type Query { a: ID }")
api = appsync.GraphQLApi(
    "api",
    additional_authentication_providers=[{"authentication_type": mode} for mode in ("AWS_IAM", "AMAZON_COGNITO_USER_POOLS")],
    **args,
)
""",
    "args.py": """\
import pulumi_aws as aws
api = aws.appsync.GraphQLApi("api", aws.appsync.GraphQLApiArgs(
    authentication_type="API_KEY",
    schema="type Query { a: ID }",
    additional_authentication_providers=[
        aws.appsync.GraphQLApiAdditionalAuthenticationProviderArgs(authentication_type="AWS_IAM"),
        aws.appsync.GraphQLApiAdditionalAuthenticationProviderArgs(authentication_type="AMAZON_COGNITO_USER_POOLS"),
    ],
))
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_program_of_literals_is_read(name: str, tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    (api,) = read_file(write(tmp_path, name, PROGRAMS[name])).apis
    assert api.modes == (Mode.API_KEY, Mode.AWS_IAM, Mode.AMAZON_COGNITO_USER_POOLS)
    assert api.additional_open is None
    assert [text.text for text in schema_sources(api)] == ["type Query { a: ID }"]


def test_component_that_passes_its_arguments_on_is_open(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    text = """\
import * as aws from "@pulumi/aws";
export class Api {
  constructor(name: string, args: aws.appsync.GraphQLApiArgs) {
    new aws.appsync.GraphQLApi(name, { ...args, xrayEnabled: true });
  }
}
"""
    (api,) = read_file(write(tmp_path, "component.ts", text)).apis
    assert isinstance(api.default.mode, Unresolved)
    assert api.additional_open is not None
    assert [item.unresolved is not None for item in api.schema_files] == [True]


def test_schema_that_a_require_hook_loads_is_found(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    write(tmp_path, "schema.graphql", "type Query { a: ID }")
    text = """\
const aws = require("@pulumi/aws");
const api = new aws.appsync.GraphQLApi("api", {
  authenticationType: "API_KEY",
  schema: require("./schema.graphql"),
});
"""
    (api,) = read_file(write(tmp_path, "index.js", text)).apis
    assert [text.text for text in schema_sources(api)] == ["type Query { a: ID }"]


# Bad input.


@pytest.mark.parametrize("name", ["pulumi-yaml/Pulumi.yaml", "pulumi-stack/stack.json"])
@given(data=st.data())
@thorough(60)
def test_broken_file_is_one_error(name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = (PROJECTS / name).read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 200))
    instead = data.draw(st.sampled_from(["", "[]", "{}", "null", "0", '"x"', "${", "- a: b\n", "fn::join: [a, b]"]))
    path = Path(tmp_path_factory.getbasetemp(), "broken", Path(name).name)
    write(path.parent, path.name, text[:start] + instead + text[start + cut :])
    said: tuple[str, ...]
    try:
        said = read_file(path).notes
    except InputError as error:
        said = (str(error),)
    assert not any("\n" in line for line in said)
