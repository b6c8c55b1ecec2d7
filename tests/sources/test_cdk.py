"""CDK programs: what is read of each spelling, and any API read back from a program that makes it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import (
    Api,
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    LambdaAuthorizer,
    Logging,
    Mode,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Setting,
    Tool,
    Unresolved,
    UserPool,
)
from appsync_lint.errors import InputError, UnknownFileError
from appsync_lint.sources import Described, read_file, schema_sources
from appsync_lint.text import SourceText

from ..strategies import thorough
from .test_round_trip import ACTION, NAME, TEXT, bare

CDK = Tool("CDK", unset_lambda_ttl=0)

IMPORTS = """
import * as cdk from 'aws-cdk-lib';
import * as appsync from 'aws-cdk-lib/aws-appsync';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
"""
PYTHON = """
import aws_cdk as cdk
from aws_cdk import aws_appsync as appsync, aws_lambda as lambda_
from aws_cdk.aws_lambda_python_alpha import PythonFunction
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def described(folder: Path, text: str, name: str = "lib/stack.ts") -> Described:
    (folder / ".git").mkdir(exist_ok=True)
    write(folder, "cdk.json", "{}")
    return read_file(write(folder, name, (PYTHON if name.endswith(".py") else IMPORTS) + text))


def read(folder: Path, text: str, name: str = "lib/stack.ts") -> Api:
    """The one API of a program."""
    (api,) = described(folder, text, name).apis
    return api


def construct(config: str, more: str = "") -> str:
    return (
        f"new appsync.GraphqlApi(stack, 'A', {{ name: 'a', schema: SCHEMA, authorizationConfig: {config}, {more} }});"
    )


def types(api: Api) -> list[str]:
    return [str(item.mode.value if isinstance(item.mode, Mode) else item.mode) for item in api.providers]


# Modes.


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("API_KEY", Mode.API_KEY),
        ("IAM", Mode.AWS_IAM),
        ("USER_POOL", Mode.AMAZON_COGNITO_USER_POOLS),
        ("OIDC", Mode.OPENID_CONNECT),
        ("LAMBDA", Mode.AWS_LAMBDA),
    ],
)
def test_modes_have_names_of_their_own(name: str, mode: Mode, tmp_path: Path) -> None:
    api = read(
        tmp_path, construct(f"{{ defaultAuthorization: {{ authorizationType: appsync.AuthorizationType.{name} }} }}")
    )
    assert api.default.mode is mode
    assert api.default.span is not None
    assert api.default.span.text == f"appsync.AuthorizationType.{name}"
    assert api.additional == ()
    assert api.additional_open is None
    assert api.tool == CDK


def test_no_configuration_is_an_api_key(tmp_path: Path) -> None:
    api = read(tmp_path, "new appsync.GraphqlApi(stack, 'A', { name: 'a', schema: SCHEMA });")
    assert api.default.mode is Mode.API_KEY
    assert api.default.origin == "what CDK takes when none is written"
    assert [key.expires for key in api.settings.api_keys] == [None]


def test_additional_modes_alone_are_beside_an_api_key(tmp_path: Path) -> None:
    config = "{ additionalAuthorizationModes: [{ authorizationType: appsync.AuthorizationType.IAM }] }"
    assert types(read(tmp_path, construct(config))) == ["API_KEY", "AWS_IAM"]


def test_pool_without_an_action_allows(tmp_path: Path) -> None:
    config = """{
      defaultAuthorization: { authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: { userPool: pool } },
      additionalAuthorizationModes: [
        { authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: { userPool: other } } ] }"""
    api = read(tmp_path, construct(config))
    assert api.default_action == "ALLOW"
    assert api.default.user_pool is not None
    assert isinstance(api.default.user_pool.pool_id, Unresolved)
    assert api.additional[0].user_pool is not None
    assert api.additional[0].user_pool.default_action is None


def test_pool_and_issuer_are_read_with_their_settings(tmp_path: Path) -> None:
    config = """{
      defaultAuthorization: { authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: {
        userPool: pool, appIdClientRegex: 'web', defaultAction: appsync.UserPoolDefaultAction.DENY } },
      additionalAuthorizationModes: [{ authorizationType: appsync.AuthorizationType.OIDC, openIdConnectConfig: {
        oidcProvider: 'https://i', clientId: 'c', tokenExpiryFromAuth: 1000, tokenExpiryFromIssue: 60 * 1000 } }] }"""
    api = read(tmp_path, construct(config))
    assert api.default_action == "DENY"
    assert api.default.user_pool is not None
    assert api.default.user_pool.app_client_regex == "web"
    assert api.additional[0].oidc == OpenIdConnect("https://i", "c", issued_ttl_ms=60000, auth_ttl_ms=1000)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("cdk.Duration.seconds(0)", 0),
        ("cdk.Duration.minutes(5)", 300),
        ("cdk.Duration.hours(1)", 3600),
        ("cdk.Duration.days(1)", 86400),
        ("cdk.Duration.millis(2000)", 2000 // 1000),
        ("cdk.Duration.minutes(MINUTES * 2)", 240),
    ],
)
def test_time_to_live_is_a_duration(written: str, seconds: int, tmp_path: Path) -> None:
    config = f"""{{ defaultAuthorization: {{ authorizationType: appsync.AuthorizationType.LAMBDA,
      lambdaAuthorizerConfig: {{ handler: f, resultsCacheTtl: {written}, validationRegex: '^t' }} }} }}"""
    api = read(tmp_path, "const MINUTES = 2;" + construct(config))
    assert api.default.authorizer is not None
    assert api.default.authorizer.ttl == seconds
    assert api.default.authorizer.identity_validation == "^t"


def test_time_to_live_that_is_not_written_stays_so(tmp_path: Path) -> None:
    config = "{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: { handler: f } } }"
    api = read(tmp_path, construct(config))
    assert api.default.authorizer is not None
    assert api.default.authorizer.ttl is None
    assert api.tool.unset_lambda_ttl == 0


@pytest.mark.parametrize(
    "imports",
    [
        "import { GraphqlApi, AuthorizationType } from 'aws-cdk-lib/aws-appsync';",
        "import { GraphqlApi, AuthorizationType } from '@aws-cdk/aws-appsync';",
        "import { GraphqlApi, AuthorizationType } from '@aws-cdk/aws-appsync-alpha';",
        "import { aws_appsync } from 'aws-cdk-lib'; const { GraphqlApi, AuthorizationType } = aws_appsync;",
        "const { GraphqlApi, AuthorizationType } = require('aws-cdk-lib/aws-appsync');",
        "import x = require('monocdk/aws-appsync'); const GraphqlApi = x.GraphqlApi, AuthorizationType = x.AuthorizationType;",
        "import * as cdk from 'aws-cdk-lib'; const { GraphqlApi, AuthorizationType } = cdk.aws_appsync;",
    ],
)
def test_construct_is_known_by_its_import(imports: str, tmp_path: Path) -> None:
    config = "{ defaultAuthorization: { authorizationType: AuthorizationType.IAM } }"
    path = write(
        tmp_path, "a.ts", f"{imports}\nnew GraphqlApi(s, 'A', {{ authorizationConfig: {config}, schema: S }});"
    )
    (api,) = read_file(path).apis
    assert api.default.mode is Mode.AWS_IAM


@pytest.mark.parametrize(
    "text",
    [
        "import { GraphqlApi } from 'elsewhere'; import 'aws-cdk-lib'; new GraphqlApi(s, 'A', {});",
        "import * as aws from '@pulumi/aws'; import 'aws-cdk-lib'; new aws.appsync.GraphQLApi('a', {});",
        "import { GraphqlApi } from 'aws-cdk-lib/aws-appsync'; // new GraphqlApi(s, 'A', {});",
        "import { GraphqlApi } from 'aws-cdk-lib/aws-appsync'; export interface P { api: GraphqlApi } const t = 'GraphqlApi(';",
        "import { GraphqlApi } from 'aws-cdk-lib/aws-appsync'; GraphqlApi.fromGraphqlApiAttributes(s, 'GraphqlApi(', { graphqlApiId: 'x' });",
    ],
)
def test_what_makes_no_api_is_none(text: str, tmp_path: Path) -> None:
    found = read_file(write(tmp_path, "a.ts", text))
    assert found.apis == ()
    assert found.notes == (f"{found.sources[0].path}: no AppSync API is constructed in this program",)


def test_other_program_is_none_of_cdk(tmp_path: Path) -> None:
    path = write(tmp_path, "a.ts", "import { GraphqlApi } from './client'; new GraphqlApi();")
    with pytest.raises(UnknownFileError, match="cdk"):
        read_file(path)


def test_class_that_extends_the_construct_is_an_api(tmp_path: Path) -> None:
    text = """
export class Mine extends appsync.GraphqlApi {
  constructor(scope, id) {
    super(scope, 'Mine', { name: 'm', schema: S, authorizationConfig: {
      defaultAuthorization: { authorizationType: appsync.AuthorizationType.IAM } } });
  }
}"""
    api = read(tmp_path, text)
    assert (api.name, types(api)) == ("Mine", ["AWS_IAM"])


def test_class_that_is_used_twice_makes_one_api_for_each_way_it_is_configured(tmp_path: Path) -> None:
    text = """
class Shop { constructor(scope, type) {
  new appsync.GraphqlApi(scope, 'A', { schema: S, authorizationConfig: { defaultAuthorization: { authorizationType: type } } });
} }
new Shop(dev, appsync.AuthorizationType.IAM); new Shop(test, appsync.AuthorizationType.IAM);
new Shop(prod, appsync.AuthorizationType.API_KEY);"""
    assert [types(api) for api in described(tmp_path, text).apis] == [["AWS_IAM"], ["API_KEY"]]


# The resource.


def test_resource_is_read_with_its_schema_beside_it(tmp_path: Path) -> None:
    text = """
import { readFileSync } from 'fs';
import * as path from 'path';
const api = new appsync.CfnGraphQLApi(this, 'A', { name: 'a', authenticationType: 'API_KEY', additionalAuthenticationProviders: [
  { authenticationType: 'AMAZON_COGNITO_USER_POOLS', userPoolConfig: { userPoolId: 'p', awsRegion: 'r' } }] });
new appsync.CfnGraphQLSchema(this, 'S', { apiId: api.attrApiId, definition: readFileSync(path.resolve(process.cwd(), 'a', 's.graphql')).toString() });
new appsync.CfnGraphQLSchema(this, 'T', { apiId: other.attrApiId, definition: 'type Query { other: Int }' });
"""
    api = read(tmp_path, text)
    assert types(api) == ["API_KEY", "AMAZON_COGNITO_USER_POOLS"]
    assert api.additional[0].user_pool == UserPool("p")
    assert [(file.path, file.base) for file in api.schema_files] == [("a/s.graphql", str(tmp_path))]
    assert api.settings.api_keys == ()


def test_resource_without_a_mode_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the API A has no authenticationType"):
        described(tmp_path, "new appsync.CfnGraphQLApi(this, 'A', { name: 'a' });")


@pytest.mark.parametrize(
    ("change", "modes", "action"),
    [
        ("cfn.authenticationType = 'API_KEY';", ["API_KEY"], None),
        ("cfn.addPropertyOverride('AuthenticationType', 'API_KEY');", ["API_KEY"], None),
        ("cfn.addOverride('Properties.AuthenticationType', 'API_KEY');", ["API_KEY"], None),
        ("cfn.addPropertyOverride('UserPoolConfig.DefaultAction', 'DENY');", ["AMAZON_COGNITO_USER_POOLS"], "DENY"),
        ("cfn.addOverride('Metadata.x', 'API_KEY');", ["AMAZON_COGNITO_USER_POOLS"], "ALLOW"),
        (
            "cfn.addPropertyOverride('AdditionalAuthenticationProviders', [{ AuthenticationType: 'AWS_IAM' }]);",
            ["AMAZON_COGNITO_USER_POOLS", "AWS_IAM"],
            "ALLOW",
        ),
        ("cfn.addPropertyOverride('AuthenticationType', type);", ["type"], None),
        (
            "if (dev) cfn.addPropertyOverride('AuthenticationType', 'API_KEY');",
            ["cfn.addPropertyOverride('AuthenticationType', 'API_KEY')"],
            None,
        ),
        ("other.node.defaultChild.authenticationType = 'API_KEY';", ["AMAZON_COGNITO_USER_POOLS"], "ALLOW"),
    ],
)
def test_what_is_changed_afterwards_counts(change: str, modes: list[str], action: str | None, tmp_path: Path) -> None:
    text = f"""
const api = new appsync.GraphqlApi(this, 'A', {{ name: 'a', schema: S, authorizationConfig: {{ defaultAuthorization: {{
  authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: {{ userPool: pool }} }} }} }});
const cfn = api.node.defaultChild as appsync.CfnGraphQLApi;
{change}
"""
    api = read(tmp_path, text)
    assert types(api) == modes
    if action is not None:
        assert api.default_action == action


# Schemas.


@pytest.mark.parametrize(
    "written",
    [
        "schema: appsync.Schema.fromAsset('graphql/s.graphql')",
        "schema: appsync.SchemaFile.fromAsset('./graphql/s.graphql')",
        "definition: appsync.Definition.fromFile('graphql/s.graphql')",
        "definition: { schema: appsync.SchemaFile.fromAsset('graphql/s.graphql') }",
        "definition: appsync.Definition.fromSchema(appsync.SchemaFile.fromAsset('graphql/s.graphql'))",
        "schema: new appsync.SchemaFile({ filePath: 'graphql/s.graphql' })",
        "schemaDefinitionFile: 'graphql/s.graphql'",
        "schemaDefinition: appsync.SchemaDefinition.FILE, schemaDefinitionFile: 'graphql/s.graphql'",
        "schema: appsync.SchemaFile.fromAsset(path.join(__dirname, '..', 'graphql', 's.graphql'))",
        "schema: appsync.SchemaFile.fromAsset(__dirname + '/../graphql/s.graphql')",
        "schema: appsync.SchemaFile.fromAsset(`${__dirname}/../graphql/s.graphql`)",
        "schema: appsync.SchemaFile.fromAsset(path.join(path.resolve('./'), '/graphql/s.graphql'))",
        "schema: appsync.SchemaFile.fromAsset(path.resolve(process.cwd(), 'graphql/s.graphql'))",
    ],
)
def test_schema_is_found_where_the_program_finds_it(written: str, tmp_path: Path) -> None:
    write(tmp_path, "graphql/s.graphql", "type Query { a: String }")
    api = read(tmp_path, f"import * as path from 'path'; new appsync.GraphqlApi(s, 'A', {{ name: 'a', {written} }});")
    (text,) = schema_sources(api)
    assert text.text == "type Query { a: String }"
    assert not api.tool.folds_extensions


def test_schema_in_the_program_has_its_places(tmp_path: Path) -> None:
    text = "const typeDefs = `\ntype Query { a: String }\n`; new appsync.GraphqlApi(s, 'A', { schemaDefinition: typeDefs });"
    (schema,) = schema_sources(read(tmp_path, text))
    place = schema.span(schema.text.index("String"), schema.text.index("String") + 6)
    assert place.text == "String"
    assert place.path.endswith("stack.ts")


def test_schema_of_the_programs_own_is_what_it_binds(tmp_path: Path) -> None:
    text = """
const own = (definition) => ({ bind: (api) => ({ apiId: api.apiId, definition }) });
new appsync.GraphqlApi(s, 'A', { schema: own('type Query { a: Int }') });"""
    (schema,) = schema_sources(read(tmp_path, text))
    assert schema.text == "type Query { a: Int }"


@pytest.mark.parametrize(
    ("written", "why", "candidates"),
    [
        ("schema: new CodeFirstSchema()", "it is what new CodeFirstSchema() gives", ()),
        ("schema: appsync.SchemaFile.fromAsset(props.schema)", "it is a parameter of make", ()),
        ("xrayEnabled: true", "it is put together in code", ()),
        ("schema: appsync.SchemaFile.fromAsset(dev ? 'a.graphql' : 'b.graphql')", "it depends on dev", ("a.graphql", "b.graphql")),
    ],
)  # fmt: skip
def test_schema_that_only_a_run_knows_says_why(
    written: str, why: str, candidates: tuple[str, ...], tmp_path: Path
) -> None:
    text = f"export function make(s, props) {{ new appsync.GraphqlApi(s, 'A', {{ name: 'a', {written} }}); }}"
    found = described(tmp_path, text)
    (file,) = found.apis[0].schema_files
    assert file.unresolved is not None
    assert (file.unresolved.why, file.unresolved.candidates) == (why, candidates)
    assert any("run cdk synth and lint cdk.out" in note for note in found.notes)


def test_merged_api_has_no_schema_of_its_own(tmp_path: Path) -> None:
    text = """
const one = new appsync.GraphqlApi(s, 'One', { name: 'one', schema: S });
new appsync.GraphqlApi(s, 'All', { name: 'all', definition: appsync.Definition.fromSourceApis({ sourceApis: [
  { sourceApi: one, mergeType: appsync.MergeType.AUTO_MERGE },
  { sourceApi: appsync.GraphqlApi.fromGraphqlApiAttributes(s, 'Two', { graphqlApiId: 'x' }) }] }) });"""
    _, merged = described(tmp_path, text).apis
    assert merged.settings.merged
    assert [source.name for source in merged.settings.sources] == ["One", "Two"]
    assert merged.schema_files == ()


# What stays open.


def test_two_possible_modes_are_told(tmp_path: Path) -> None:
    text = (
        "let mode; if (props.oidc) { mode = { authorizationType: appsync.AuthorizationType.OIDC }; } "
        "else { mode = { authorizationType: appsync.AuthorizationType.IAM }; }"
        + construct("{ defaultAuthorization: mode }")
    )
    api = read(tmp_path, text)
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.candidates == ("OPENID_CONNECT", "AWS_IAM")
    assert api.default.mode.why == "it depends on props.oidc"


def test_mode_that_may_be_left_out_may_be_an_api_key(tmp_path: Path) -> None:
    mode = "{ authorizationType: appsync.AuthorizationType.IAM }"
    api = read(tmp_path, construct(f"{{ defaultAuthorization: dev ? undefined : {mode} }}"))
    assert isinstance(api.default.mode, Unresolved)
    assert set(api.default.mode.candidates) == {"API_KEY", "AWS_IAM"}


def test_modes_that_are_handed_in_are_open(tmp_path: Path) -> None:
    found = described(tmp_path, "export function make(props) {" + construct("props.modes") + "}")
    (api,) = found.apis
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.why == "it is a parameter of make"
    assert api.additional_open is not None
    assert found.notes[-1].endswith(
        "A: what the program leaves open is exact in its template: run cdk synth and lint cdk.out"
    )


def test_modes_that_are_added_under_a_condition_are_open(tmp_path: Path) -> None:
    text = "const modes = [{ authorizationType: appsync.AuthorizationType.IAM }]; if (dev) modes.push({ authorizationType: appsync.AuthorizationType.OIDC });"
    api = read(tmp_path, text + construct("{ additionalAuthorizationModes: modes }"))
    assert types(api) == ["API_KEY", "AWS_IAM"]
    assert api.additional_open is not None
    assert api.additional_open.candidates == ("OPENID_CONNECT",)


def test_default_of_what_may_be_passed_is_noted(tmp_path: Path) -> None:
    mode = "{ authorizationType: props.type ?? appsync.AuthorizationType.IAM }"
    found = described(
        tmp_path, "export const make = (props) => {" + construct(f"{{ defaultAuthorization: {mode} }}") + "}"
    )
    assert found.apis[0].default.mode is Mode.AWS_IAM
    assert any("authorizationType is AWS_IAM, the default of the variable props.type" in note for note in found.notes)


def test_properties_that_are_spread_over_the_modes_open_them(tmp_path: Path) -> None:
    text = "export const make = (props) => { new appsync.GraphqlApi(s, 'A', { authorizationConfig: {}, ...props }); };"
    api = read(tmp_path, text)
    assert isinstance(api.default.mode, Unresolved)
    assert not api.settings.whole


# Settings.


def test_settings_are_read(tmp_path: Path) -> None:
    more = """logConfig: { fieldLogLevel: appsync.FieldLogLevel.ALL, excludeVerboseContent: true },
      introspectionConfig: appsync.IntrospectionConfig.DISABLED, visibility: appsync.Visibility.PRIVATE,
      queryDepthLimit: 5, resolverCountLimit: 50, environmentVariables: { A: 'x', B: key }"""
    config = """{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.API_KEY,
      apiKeyConfig: { name: 'K', expires: cdk.Expiration.atTimestamp(1893456000000) } } }"""
    settings = read(
        tmp_path, construct(config, more).replace("new", "const api = new", 1) + "api.addEnvironmentVariable('C', 'y');"
    ).settings
    assert settings.whole
    assert settings.logging is not None
    assert (settings.logging.level, settings.logging.excludes_verbose) == ("ALL", True)
    for setting, value in (
        (settings.introspection, "DISABLED"),
        (settings.visibility, "PRIVATE"),
        (settings.query_depth_limit, 5),
        (settings.resolver_count_limit, 50),
    ):
        assert setting is not None
        assert setting.value == value
    assert [(item.name, str(item.value)) for item in settings.environment] == [("A", "x"), ("B", "key"), ("C", "y")]
    (key,) = settings.api_keys
    assert (key.name, key.expires) == ("K", 1893456000)


@pytest.mark.parametrize(
    ("expires", "seconds", "days"),
    [
        ("cdk.Expiration.after(cdk.Duration.days(90))", None, 90),
        ("cdk.Expiration.atDate(new Date('2030-01-01T00:00:00Z'))", 1893456000, None),
        ("cdk.Expiration.fromString('2030-01-01')", 1893456000, None),
    ],
)
def test_key_tells_how_long_it_lives(expires: str, seconds: int | None, days: int | None, tmp_path: Path) -> None:
    config = f"{{ additionalAuthorizationModes: [{{ authorizationType: appsync.AuthorizationType.IAM }}], defaultAuthorization: {{ authorizationType: appsync.AuthorizationType.API_KEY, apiKeyConfig: {{ expires: {expires} }} }} }}"
    (key,) = read(tmp_path, construct(config)).settings.api_keys
    assert (key.expires, key.lifetime_days) == (seconds, days)


def test_groups_of_the_apis_pool_are_known(tmp_path: Path) -> None:
    text = """
const pool = new cognito.UserPool(this, 'P'); const elsewhere = new cognito.UserPool(this, 'Q');
new cognito.CfnUserPoolGroup(this, 'G', { userPoolId: pool.userPoolId, groupName: 'Admins' });
new cognito.UserPoolGroup(this, 'H', { userPool: pool, groupName: 'Staff' });
new cognito.CfnUserPoolGroup(this, 'I', { userPoolId: elsewhere.userPoolId, groupName: 'Others' });
""" + construct(
        "{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: { userPool: pool } } }"
    )
    assert read(tmp_path, text).groups == ("Admins", "Staff")


# The authorizer's function.


@pytest.mark.parametrize(
    ("function", "paths", "handler"),
    [
        ("new NodejsFunction(this, 'Auth', { entry: 'src/auth.ts' })", ("src/auth.ts",), "handler"),
        ("new NodejsFunction(this, 'Auth', { entry: __dirname + '/../dist/auth.js', handler: 'main' })", ("dist/auth.js", "src/auth.js"), "main"),
        ("new NodejsFunction(this, 'Auth')", ("lib/stack.Auth.ts", "lib/stack.Auth.js"), "handler"),
        ("new lambda.Function(this, 'Auth', { code: lambda.Code.fromAsset('fn'), handler: 'index.run', runtime: lambda.Runtime.NODEJS_20_X })", ("fn/index.ts",), "index.run"),
        ("new lambda.Function(this, 'Auth', { code: lambda.Code.fromAsset('fn'), handler: 'a.run', runtime: lambda.Runtime.PYTHON_3_12 })", ("fn/a.py",), "a.run"),
        ("new lambda.Alias(this, 'Live', { aliasName: 'live', version: new NodejsFunction(this, 'Auth', { entry: 'a.ts' }).currentVersion })", ("a.ts",), "handler"),
    ],
)  # fmt: skip
def test_code_of_the_authorizer_is_found(function: str, paths: tuple[str, ...], handler: str, tmp_path: Path) -> None:
    config = "{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: { handler: f } } }"
    api = read(tmp_path, f"const f = {function};" + construct(config))
    assert api.default.authorizer is not None
    code = api.default.authorizer.code
    assert code is not None
    assert code.paths[: len(paths)] == paths
    assert (code.handler, code.base) == (handler, str(tmp_path))


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("props.handler", "the authorizer's function is not constructed in this program"),
        ("lambda.Function.fromFunctionArn(this, 'F', arn)", "the authorizer's function is not constructed in this program"),
        ("new lambda.DockerImageFunction(this, 'F', { code: image })", "its function is a container image"),
        ("new lambda.Function(this, 'F', { code: lambda.Code.fromAsset(dir), handler: 'a.b' })", "only a run of the program knows where its function's code is"),
        ("new lambda.Function(this, 'F', { code: lambda.Code.fromAsset('.'), handler: 'x::Y', runtime: lambda.Runtime.JAVA_21 })", "its function is written in Java; only Python, JavaScript and TypeScript are read"),
        ("new lambda.Function(this, 'F', props)", "only a run of the program knows how its function is constructed"),
    ],
)  # fmt: skip
def test_function_that_is_not_at_hand_says_why(function: str, why: str, tmp_path: Path) -> None:
    config = f"{{ defaultAuthorization: {{ authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: {{ handler: {function} }} }} }}"
    api = read(tmp_path, construct(config))
    assert api.default.authorizer is not None
    assert api.default.authorizer.code is not None
    assert (api.default.authorizer.code.paths, api.default.authorizer.code.why) == ((), why)


def test_code_in_the_program_is_read_where_it_stands(tmp_path: Path) -> None:
    code = "exports.handler = async () => ({ isAuthorized: true });"
    config = f"""{{ defaultAuthorization: {{ authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: {{
      handler: new lambda.Function(this, 'F', {{ handler: 'index.handler', runtime: lambda.Runtime.NODEJS_20_X, code: lambda.Code.fromInline(`{code}`) }}) }} }} }}"""
    api = read(tmp_path, construct(config))
    assert api.default.authorizer is not None
    assert api.default.authorizer.code is not None
    assert api.default.authorizer.code.text is not None
    assert api.default.authorizer.code.text.text == code


# Python.


def test_python_is_read_alike(tmp_path: Path) -> None:
    text = """
import os
class Shop(cdk.Stack):
    def __init__(self, scope, id, **kwargs):
        super().__init__(scope, id, **kwargs)
        self.function = PythonFunction(self, "Auth", entry="auth", index="main.py", handler="run")
        appsync.GraphqlApi(
            self, "A", name="a",
            definition=appsync.Definition.from_file(os.path.join(os.path.dirname(__file__), "s.graphql")),
            authorization_config=appsync.AuthorizationConfig(
                default_authorization=appsync.AuthorizationMode(
                    authorization_type=appsync.AuthorizationType.LAMBDA,
                    lambda_authorizer_config=appsync.LambdaAuthorizerConfig(
                        handler=self.function, results_cache_ttl=cdk.Duration.seconds(10))),
                additional_authorization_modes=[
                    appsync.AuthorizationMode(authorization_type=appsync.AuthorizationType.OIDC,
                        open_id_connect_config=appsync.OpenIdConnectConfig(oidc_provider="https://i")),
                    {"authorization_type": appsync.AuthorizationType.API_KEY},
                ]),
            log_config=appsync.LogConfig(field_log_level=appsync.FieldLogLevel.ERROR))
"""
    api = read(tmp_path, text, "shop/stack.py")
    assert types(api)[:2] == ["AWS_LAMBDA", "OPENID_CONNECT"]
    assert api.additional[0].oidc == OpenIdConnect("https://i")
    assert api.default.authorizer is not None
    assert api.default.authorizer.ttl == 10
    assert api.default.authorizer.code is not None
    assert api.default.authorizer.code.paths == ("auth/main.py",)
    assert [file.path for file in api.schema_files] == ["shop/s.graphql"]


@pytest.mark.parametrize(
    "place",
    [
        "os.path.dirname(os.path.realpath(__file__)) + '/../s.graphql'",
        "f'{pathlib.Path(__file__).parent.parent.absolute()}/s.graphql'",
        "str(pathlib.Path(__file__).resolve().parent / '..' / 's.graphql')",
        "os.path.join(os.getcwd(), 's.graphql')",
        "'s.graphql'",
    ],
)
def test_oldest_python_is_read_with_its_paths(place: str, tmp_path: Path) -> None:
    write(tmp_path, "s.graphql", "type Query { a: Int }")
    text = f"""
import os, pathlib
def make(self, id):
    return appsync.GraphQLApi(self, id, name="a", schema_definition_file={place},
        user_pool_config=appsync.UserPoolConfig(user_pool=pool, default_action=appsync.UserPoolDefaultAction.DENY))
"""
    api = read(tmp_path, text, "shop/stack.py")
    assert (api.name, types(api), api.default_action) == ("a", ["AMAZON_COGNITO_USER_POOLS"], "DENY")
    assert [text.text for text in schema_sources(api)] == ["type Query { a: Int }"]


# Bad programs.


def test_bad_programs_give_one_line(tmp_path: Path) -> None:
    for name, text in (("a.ts", "new appsync.GraphqlApi("), ("b.py", "appsync.GraphqlApi(self, ")):
        with pytest.raises(InputError) as raised:
            described(tmp_path, text, name)
        assert "\n" not in str(raised.value)
        assert "cannot be parsed" in str(raised.value)


@pytest.mark.parametrize(
    ("props", "said"),
    [
        ("{ authorizationConfig: 5 }", "authorizationConfig must be an object"),
        ("{ authorizationConfig: { defaultAuthorization: 'IAM' } }", "defaultAuthorization must be an object"),
        ("{ authorizationConfig: { additionalAuthorizationModes: 5 } }", "must be a list"),
        ("{ authorizationConfig: { defaultAuthorization: { authorizationType: 'NONE' } } }", "NONE"),
        ("{ authorizationConfig: { additionalAuthorizationModes: [{}] } }", "an additional provider has no authenticationType"),
    ],
)  # fmt: skip
def test_what_no_synthesis_survives_is_an_error_at_its_place(props: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said) as raised:
        described(tmp_path, f"new appsync.GraphqlApi(s, 'A', {props});")
    assert raised.value.span is not None


# Any API.

OPEN = NAME.map(lambda name: Unresolved(f"props.Open{name}", "it is a parameter of make"))
MAYBE = st.none() | TEXT | OPEN
NUMBER = st.none() | st.integers(0, 10**7) | OPEN
POOL = st.builds(UserPool, pool_id=MAYBE, default_action=st.none() | ACTION | OPEN, app_client_regex=MAYBE)
ISSUER = st.builds(OpenIdConnect, issuer=MAYBE, client_id=MAYBE, issued_ttl_ms=NUMBER, auth_ttl_ms=NUMBER)
PROVIDER = st.builds(
    Provider,
    mode=st.sampled_from(list(Mode)) | OPEN,
    user_pool=st.none() | POOL,
    oidc=st.none() | ISSUER,
    authorizer=st.none() | st.builds(LambdaAuthorizer, uri=MAYBE, ttl=NUMBER, identity_validation=MAYBE),
)


def _additional(item: Provider) -> Provider:
    return replace(item, user_pool=replace(item.user_pool, default_action=None) if item.user_pool else None)


def _setting(values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values.map(Setting)


SETTINGS = st.builds(
    ApiSettings,
    whole=st.just(True),
    api_keys=st.lists(st.builds(ApiKey, expires=NUMBER), max_size=2).map(
        lambda keys: tuple(replace(key, name=f"Key{index}") for index, key in enumerate(keys))
    ),
    introspection=_setting(st.sampled_from(["ENABLED", "DISABLED"]) | OPEN),
    query_depth_limit=_setting(st.integers(0, 75)),
    resolver_count_limit=_setting(st.integers(0, 10_000)),
    visibility=_setting(st.sampled_from(["GLOBAL", "PRIVATE"])),
    waf=st.builds(Setting, TEXT),
    logging=st.none()
    | st.builds(Logging, level=st.sampled_from(["ALL", "ERROR"]), excludes_verbose=st.none() | st.booleans()),
    cache=st.none() | st.builds(ApiCache, behaviour=TEXT, ttl=NUMBER, encrypted_at_rest=st.none() | st.booleans()),
    environment=st.lists(
        st.builds(EnvironmentVariable, name=NAME, value=TEXT | OPEN), max_size=2, unique_by=lambda item: item.name
    ).map(tuple),
)
APIS = st.lists(
    st.builds(
        Api,
        name=NAME,
        default=PROVIDER,
        additional=st.lists(PROVIDER.map(_additional), max_size=3).map(tuple),
        schema_files=(st.none() | TEXT.map(lambda text: SchemaFile(text=SourceText("", text)))).map(
            lambda file: (file,) if file else ()
        ),
        settings=SETTINGS,
        tool=st.just(CDK),
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda api: api.name.casefold(),
)


class Writer:
    """Writes APIs as a program of resources: TypeScript or Python."""

    def __init__(self, python: bool) -> None:
        self.python = python
        self.count = 0

    def value(self, value: object, *, nested: bool = True) -> str:
        if isinstance(value, Unresolved):
            return value.text
        if isinstance(value, Mode):
            value = value.value
        if isinstance(value, dict):
            inner = (f"{self.key(key, nested)}: {self.value(item)}" for key, item in value.items())
            return "{" + ", ".join(inner) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.value, value)) + "]"
        if isinstance(value, Expression):
            return value.text
        return repr(value) if self.python else json.dumps(value, ensure_ascii=False)

    def key(self, key: str, nested: bool) -> str:
        return json.dumps(key) if self.python else key

    def construct(self, name: str, identity: str, properties: dict[str, object]) -> str:
        given_ones = {key: value for key, value in properties.items() if value is not None}
        self.count += 1
        if self.python:
            words = "".join(f", {snake(key)}={self.value(value)}" for key, value in given_ones.items())
            return f"    x{self.count} = {name}(scope, {identity!r}{words})"
        return f"  const x{self.count} = new {name}(scope, {json.dumps(identity)}, {self.value(given_ones)});"

    def program(self, apis: list[Api]) -> str:
        lines = [line for api in apis for line in self.api(api)]
        if self.python:
            start = "from aws_cdk import aws_appsync as a, aws_wafv2 as w\ndef make(scope, props):"
            return "\n".join([start, *lines, ""])
        start = "import * as a from 'aws-cdk-lib/aws-appsync';\nimport * as w from 'aws-cdk-lib/aws-wafv2';"
        return "\n".join([start, "export function make(scope, props) {", *lines, "}", ""])

    def api(self, api: Api) -> list[str]:
        settings = api.settings
        logging = settings.logging and {
            key: value
            for key, value in (
                ("fieldLogLevel", settings.logging.level),
                ("excludeVerboseContent", settings.logging.excludes_verbose),
            )
            if value is not None
        }
        properties: dict[str, object] = provider(api.default)
        if api.additional:
            properties["additionalAuthenticationProviders"] = [provider(item) for item in api.additional]
        properties |= {
            "logConfig": logging,
            "introspectionConfig": settings.introspection and settings.introspection.value,
            "queryDepthLimit": settings.query_depth_limit and settings.query_depth_limit.value,
            "resolverCountLimit": settings.resolver_count_limit and settings.resolver_count_limit.value,
            "visibility": settings.visibility and settings.visibility.value,
            "environmentVariables": {item.name: item.value for item in settings.environment} or None,
        }
        lines = [self.construct("a.CfnGraphQLApi", api.name, properties)]
        variable = f"x{self.count}"
        link = {"apiId": Expression(f"{variable}.{'attr_api_id' if self.python else 'attrApiId'}")}
        lines += [
            self.construct("a.CfnApiKey", key.name, {**link, "expires": key.expires}) for key in settings.api_keys
        ]
        if settings.cache is not None:
            cache = settings.cache
            of = {
                "apiCachingBehavior": cache.behaviour,
                "ttl": cache.ttl,
                "atRestEncryptionEnabled": cache.encrypted_at_rest,
            }
            lines.append(self.construct("a.CfnApiCache", "Cache", {**link, **of}))
        for file in api.schema_files:
            assert file.text is not None
            lines.append(self.construct("a.CfnGraphQLSchema", "Schema", {**link, "definition": file.text.text}))
        assert settings.waf is not None
        arn = Expression(f"{variable}.{'attr_arn' if self.python else 'attrArn'}")
        protects: dict[str, object] = {"resourceArn": arn, "webAclArn": settings.waf.value}
        return [*lines, self.construct("w.CfnWebACLAssociation", "Wall", protects)]


class Expression:
    """A piece of a program."""

    def __init__(self, text: str) -> None:
        self.text = text


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def provider(item: Provider) -> dict[str, object]:
    def given_only(**values: object) -> dict[str, object]:
        return {name: value for name, value in values.items() if value is not None}

    written: dict[str, object] = {"authenticationType": item.mode}
    if item.user_pool is not None:
        pool = item.user_pool
        written["userPoolConfig"] = given_only(
            userPoolId=pool.pool_id, defaultAction=pool.default_action, appIdClientRegex=pool.app_client_regex
        )
    if item.oidc is not None:
        of = item.oidc
        written["openIdConnectConfig"] = given_only(
            issuer=of.issuer, clientId=of.client_id, iatTtl=of.issued_ttl_ms, authTtl=of.auth_ttl_ms
        )
    if item.authorizer is not None:
        function = item.authorizer
        written["lambdaAuthorizerConfig"] = given_only(
            authorizerUri=function.uri,
            authorizerResultTtlInSeconds=function.ttl,
            identityValidationExpression=function.identity_validation,
        )
    return written


@pytest.mark.parametrize("python", [False, True])
@given(apis=APIS)
@thorough(60)
def test_any_api_is_read_back_as_a_program_makes_it(
    python: bool, apis: list[Api], tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = "any.py" if python else "any.ts"
    path = write(Path(tmp_path_factory.getbasetemp(), "any-cdk"), name, Writer(python).program(apis))
    assert [bare(api) for api in read_file(path).apis] == [bare(api) for api in apis]


NAMES = {
    Mode.API_KEY: "API_KEY",
    Mode.AWS_IAM: "IAM",
    Mode.AMAZON_COGNITO_USER_POOLS: "USER_POOL",
    Mode.OPENID_CONNECT: "OIDC",
    Mode.AWS_LAMBDA: "LAMBDA",
}


@given(
    modes=st.lists(st.sampled_from(list(Mode)), max_size=4),
    has_default=st.booleans(),
    action=st.none() | ACTION,
    ttl=st.none() | st.integers(0, 3600),
)
@thorough(80)
def test_any_modes_are_read_back_as_the_construct_is_given_them(
    modes: list[Mode],
    has_default: bool,
    action: str | None,
    ttl: int | None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    def mode(item: Mode) -> str:
        pool = f"defaultAction: appsync.UserPoolDefaultAction.{action}" if action else ""
        time = f", resultsCacheTtl: cdk.Duration.seconds({ttl})" if ttl is not None else ""
        own = {
            Mode.AMAZON_COGNITO_USER_POOLS: f", userPoolConfig: {{ userPool, {pool} }}",
            Mode.AWS_LAMBDA: f", lambdaAuthorizerConfig: {{ handler{time} }}",
        }
        return f"{{ authorizationType: appsync.AuthorizationType.{NAMES[item]}{own.get(item, '')} }}"

    default = f"defaultAuthorization: {mode(modes[0])}, " if has_default and modes else ""
    others = modes[1:] if default else modes
    listed = f"additionalAuthorizationModes: [{', '.join(map(mode, others))}]" if others else ""
    text = IMPORTS + construct(f"{{ {default}{listed} }}")
    (api,) = read_file(write(Path(tmp_path_factory.getbasetemp(), "any-cdk"), "modes.ts", text)).apis
    expected = modes if default else [Mode.API_KEY, *modes]
    assert [item.mode for item in api.providers] == expected
    if expected[0] is Mode.AMAZON_COGNITO_USER_POOLS:
        assert api.default_action == (action or "ALLOW")
    for item in api.providers:
        if item.mode is Mode.AWS_LAMBDA:
            assert item.authorizer is not None
            assert item.authorizer.ttl == ttl


@pytest.mark.parametrize(
    "mode",
    [
        "{ authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: { userPool: pool, ...rest } }",
        "{ ...rest, authorizationType: appsync.AuthorizationType.USER_POOL }",
        "{ authorizationType: appsync.AuthorizationType.USER_POOL, userPoolConfig: rest }",
    ],
)
def test_what_a_spread_may_bring_is_not_taken_for_unset(mode: str, tmp_path: Path) -> None:
    api = read(tmp_path, construct(f"{{ defaultAuthorization: {mode} }}"))
    assert api.default.mode is Mode.AMAZON_COGNITO_USER_POOLS
    assert isinstance(api.default_action, Unresolved)
    assert api.additional_open is None


def test_time_to_live_that_a_spread_may_bring_is_open(tmp_path: Path) -> None:
    config = "{ defaultAuthorization: { authorizationType: appsync.AuthorizationType.LAMBDA, lambdaAuthorizerConfig: { handler: f, ...rest } } }"
    api = read(tmp_path, construct(config))
    assert api.default.authorizer is not None
    assert isinstance(api.default.authorizer.ttl, Unresolved)
