"""The native form's settings besides the modes, as AppSync's own API prints them, and what is no schema."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
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
    PolicyStatement,
    PolicyText,
    Provider,
    Resolver,
    ResolverCode,
    SchemaFile,
    Setting,
    SourceApi,
    Tool,
    UserPool,
)
from appsync_lint.errors import InputError
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.schema.introspection import is_answer, printed_from_answer
from appsync_lint.sources import read_file
from appsync_lint.text import SourceText

from ..cli.command import Command
from ..strategies import thorough
from .test_round_trip import NAME, TEXT, bare

#: What ``aws appsync get-graphql-api`` prints, with everything that it may hold.
ANSWERED = {
    "graphqlApi": {
        "name": "blog",
        "apiId": "abcdefghijklmnopqrstuvwxyz",
        "authenticationType": "AWS_LAMBDA",
        "logConfig": {
            "fieldLogLevel": "ALL",
            "cloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/logs",
            "excludeVerboseContent": False,
        },
        "arn": "arn:aws:appsync:eu-west-1:111122223333:apis/abcdefghijklmnopqrstuvwxyz",
        "uris": {"GRAPHQL": "https://example.com/graphql"},
        "tags": {},
        "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}],
        "xrayEnabled": False,
        "wafWebAclArn": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/front/1",
        "lambdaAuthorizerConfig": {
            "authorizerResultTtlInSeconds": 300,
            "authorizerUri": "arn:aws:lambda:eu-west-1:111122223333:function:auth",
        },
        "dns": {},
        "visibility": "PRIVATE",
        "apiType": "MERGED",
        "mergedApiExecutionRoleArn": "arn:aws:iam::111122223333:role/merge",
        "owner": "111122223333",
        "introspectionConfig": "DISABLED",
        "queryDepthLimit": 0,
        "resolverCountLimit": 200,
        "enhancedMetricsConfig": {},
    }
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, and the test stands in it."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def write(name: str, content: object) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def read(text: str) -> Api:
    (api,) = read_file(write("appsync-lint.yaml", f"authenticationType: API_KEY\n{text}")).apis
    return api


def values(settings: ApiSettings) -> dict[str, object]:
    parts = ("introspection", "query_depth_limit", "resolver_count_limit", "visibility", "waf")
    found = {name: getattr(settings, name) for name in parts}
    return {name: setting and setting.value for name, setting in found.items()}


def test_what_the_service_answers_is_whole() -> None:
    (api,) = read_file(write("appsync-lint.json", ANSWERED)).apis
    settings = api.settings
    assert settings.whole
    assert settings.merged
    assert values(settings) == {
        "introspection": "DISABLED",
        "query_depth_limit": 0,
        "resolver_count_limit": 200,
        "visibility": "PRIVATE",
        "waf": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/front/1",
    }
    assert settings.logging is not None
    assert (settings.logging.level, settings.logging.excludes_verbose) == ("ALL", False)


def test_every_api_of_a_list_has_its_own_settings() -> None:
    one = ANSWERED["graphqlApi"]
    other = {"name": "shop", "apiId": "b", "authenticationType": "API_KEY"}
    first, second = read_file(write("appsync-lint.json", {"graphqlApis": [one, other], "nextToken": None})).apis
    assert first.settings.merged
    assert second.settings == ApiSettings(whole=True)


def test_a_description_by_hand_is_not_whole() -> None:
    settings = read("visibility: GLOBAL\n").settings
    assert not settings.whole
    assert values(settings)["visibility"] == "GLOBAL"
    assert read("").settings == ApiSettings()


def test_the_id_of_a_key_is_not_repeated_anywhere() -> None:
    api = read("apiKeys: [{id: da2-secret, description: app, expires: 1900000000, deletes: 1905184000}]\n")
    assert [(key.name, key.expires) for key in api.settings.api_keys] == [("app", 1900000000)]
    assert "da2-secret" not in repr(api)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1900000000", 1900000000), ("2030-03-17", 1899936000), ('"2030-03-17T17:46:40Z"', 1900000000)],
)
def test_a_key_expires_at_a_time_or_a_date(written: str, seconds: int) -> None:
    (key,) = read(f"apiKeys: [{{expires: {written}}}]\n").settings.api_keys
    assert key.expires == seconds
    assert key.span is not None


def test_pieces_of_a_pipeline_stand_in_their_order() -> None:
    api = read(
        """\
resolvers:
  - typeName: Query
    fieldName: a
    kind: PIPELINE
    requestMappingTemplate: "{}"
    responseMappingTemplate: resolvers/a.response.vtl
    pipelineConfig: {functions: [f1, two]}
functions:
  - {functionId: f1, name: one, code: "export const request = () => ({});", runtime: {name: APPSYNC_JS}}
  - {functionId: f2, name: two, code: resolvers/two.ts}
"""
    )
    (resolver,) = api.settings.resolvers
    assert resolver.whole
    assert [(piece.language, piece.path or (piece.text and piece.text.text)) for piece in resolver.code] == [
        ("vtl", "{}"),
        ("javascript", "export const request = () => ({});"),
        ("typescript", "resolvers/two.ts"),
        ("vtl", "resolvers/a.response.vtl"),
    ]


def test_code_in_the_description_has_its_places_there() -> None:
    api = read("resolvers:\n  - typeName: Query\n    fieldName: a\n    code: |\n      one\n      two\n")
    (piece,) = api.settings.resolvers[0].code
    assert piece.text is not None
    assert piece.text.span(4, 7).start == (7, 7)


def test_a_pipeline_of_unknown_functions_is_not_whole() -> None:
    api = read("resolvers: [{typeName: Query, fieldName: a, pipelineConfig: {functions: [f1]}}]\n")
    assert [resolver.whole for resolver in api.settings.resolvers] == [False]


POLICY = {
    "RoleName": "guest",
    "PolicyName": "read",
    "PolicyDocument": {
        "Statement": [
            {"Effect": "Allow", "Action": ["appsync:GraphQL", "s3:*"], "Resource": "arn:aws:appsync:*:*:apis/a/*"},
            {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "*", "Resource": ["arn:aws:s3:::b", "*"]},
            {"Effect": "Deny", "Action": "appsync:*", "NotResource": "arn:aws:appsync:*:*:apis/a/types/Query/*"},
            {"Effect": "Deny", "NotAction": ["appsync:G*"], "Resource": "*"},
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
            {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": "arn:aws:s3:::b"},
        ]
    },
}


@pytest.mark.parametrize("where", ["file", "inline"])
def test_statements_about_calling_appsync(where: str) -> None:
    write("policies/guest.json", POLICY)
    written = "policies/guest.json" if where == "file" else json.dumps(POLICY)
    api = read(f"iamPolicies:\n  - {written}\n")
    owner = "policies/guest.json" if where == "file" else "read"
    told = [
        (item.effect, [a.text for a in item.actions], [r.text for r in item.resources], item.negated, item.owner)
        for item in api.settings.policies
    ]
    assert told == [
        ("Allow", ["appsync:GraphQL"], ["arn:aws:appsync:*:*:apis/a/*"], False, owner),
        ("Allow", ["*"], ["*"], False, owner),
        ("Deny", ["appsync:*"], ["arn:aws:appsync:*:*:apis/a/types/Query/*"], True, owner),
        ("Allow", ["*"], ["*"], False, owner),
    ]
    place = api.settings.policies[0].span
    assert place is not None
    assert place.path == ("policies/guest.json" if where == "file" else "appsync-lint.yaml")


def test_the_files_of_policies_belong_to_the_description() -> None:
    write("p.json", POLICY)
    path = write("appsync-lint.yaml", "authenticationType: AWS_IAM\niamPolicies: [p.json, p.json]\n")
    assert [source.path for source in read_file(path).sources] == ["appsync-lint.yaml", "p.json"]


def test_an_authorizers_handler_names_its_file() -> None:
    def code(settings: str) -> object:
        api = read(f"additionalAuthenticationProviders:\n  - authenticationType: AWS_LAMBDA\n    {settings}\n")
        authorizer = api.additional[0].authorizer
        return authorizer and authorizer.code and (authorizer.code.paths[:1], authorizer.code.handler)

    assert code("lambdaAuthorizerConfig: {handler: src/auth.check}") == (("src/auth.ts",), "src/auth.check")
    assert code("lambdaAuthorizerConfig: {source: a.py, handler: x.check}") == (("a.py",), "x.check")
    assert code("lambdaAuthorizerConfig: {source: a.py}") == (("a.py",), None)
    assert code("lambdaAuthorizerConfig: {authorizerResultTtlInSeconds: 0}") is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("introspectionConfig: off\n", "2:22: introspectionConfig must be a text, not 'off'"),
        ("introspectionConfig: HIDDEN\n", "2:22: introspectionConfig is ENABLED or DISABLED, not 'HIDDEN'"),
        ("visibility: public\n", "2:13: visibility is GLOBAL or PRIVATE, not 'public'"),
        ("queryDepthLimit: deep\n", "2:18: queryDepthLimit must be a whole number, not 'deep'"),
        ("apiType: EVENTS\n", "2:10: apiType is GRAPHQL or MERGED, not 'EVENTS'"),
        ("apiType: GRAPHQL\nsourceApis: [a]\n", "3:1: an API of the type GRAPHQL is not merged from others"),
        (
            "logConfig: {fieldlevel: ALL}\n",
            "2:13: unknown key 'fieldlevel' in logConfig; did you mean 'fieldLogLevel'?",
        ),
        ("logConfig: {fieldLogLevel: all}\n", "2:28: fieldLogLevel is NONE, ERROR, ALL, INFO or DEBUG, not 'all'"),
        ("apiKeys: [da2-x]\n", "2:11: an API key must be a mapping, not a plain value"),
        ("apiKeys: [{expires: soon}]\n", "2:21: expires is a date, or a time in seconds since 1970"),
        ("apiKeys: [{expires: [1]}]\n", "2:21: expires must be a text, not a list"),
        (
            "apiCache: {ttl: 5, behavior: x}\n",
            "2:20: unknown key 'behavior' in apiCache; did you mean 'apiCachingBehavior'?",
        ),
        (
            "apiCache: {apiCachingBehavior: ALL}\n",
            "2:32: apiCachingBehavior is FULL_REQUEST_CACHING, PER_RESOLVER_CACHING or",
        ),
        ("environmentVariables: {A: [1]}\n", "2:27: the value of A must be a text, not a list"),
        ("resolvers: [{typeName: Query}]\n", "2:13: a resolver has a typeName and a fieldName"),
        ("unauthenticatedRole: guest\n", "2:22: unauthenticatedRole must be true or false, not 'guest'"),
        ("iamPolicies: [{Version: 1}]\n", "2:15: a policy has a Statement"),
        ("iamPolicies: [{Statement: [{}]}]\n", "2:28: a statement has an Effect"),
        ("iamPolicies: [{Statement: {Effect: allow}}]\n", "2:36: Effect is Allow or Deny, not 'allow'"),
        ("iamPolicies: [{Statement: [x]}]\n", "2:28: a statement must be a mapping, not a plain value"),
        ("iamPolicies: [none.json]\n", "2:15: none.json: no such file"),
        ("iamPolicies: [../../outside.json]\n", "2:15: '../../outside.json' leads out of the project's folder"),
        ("iamPolicies: [list.json]\n", "2:15: list.json holds a list, not a policy"),
        ("iamPolicies: [[1]]\n", "2:15: iamPolicies is a policy with a Statement, or the path of one, not a list"),
        ("iamPolicies: ['']\n", "2:15: '' is no path"),
    ],
)
def test_a_mistake_has_its_place(text: str, line: str) -> None:
    write("list.json", "[]")
    with pytest.raises(InputError) as caught:
        read(text)
    assert str(caught.value).removeprefix("appsync-lint.yaml:").startswith(line)
    assert "\n" not in str(caught.value)


def test_plain_data_names_no_files() -> None:
    with pytest.raises(InputError, match="only a file can name other files"):
        Api.from_dict({"authenticationType": "API_KEY", "iamPolicies": ["p.json"]})
    api = Api.from_dict(
        {"authenticationType": "API_KEY", "resolvers": [{"typeName": "Query", "fieldName": "a", "code": "x\ny"}]}
    )
    assert api.settings.resolvers[0].code[0].text is not None


# What is no schema.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"data": {"__schema": {}}}', True),
        ('\n{\n  "__schema" : {}}', True),
        ('{"errors": [], "data": {"__schema": {}}}', True),
        ('{"extensions": null, "data": {"__schema": {}}}', True),
        ('{"data": null}', False),
        ("{ __schema { types { name } } }", False),
        ("type Query { a: Int }", False),
        ("", False),
        ("{" * 10_000, False),
    ],
)
def test_an_introspection_answer_is_recognised(text: str, expected: bool) -> None:
    assert is_answer(text) is expected


@pytest.mark.parametrize("name", ["schema.graphql", "schema.json"])
@pytest.mark.parametrize("options", [(), ("--default-mode", "API_KEY")])
def test_an_introspection_answer_is_refused_with_the_right_command(
    name: str, options: tuple[str, ...], command: Command
) -> None:
    write(name, '{"data": {"__schema": {"types": []}}}')
    answer = command(name, *options)
    assert (answer.code, len(answer.errors), answer.err.count("\n")) == (2, 1, 1)
    assert answer.errors[0].startswith(f"{name}: is the answer to an introspection query")
    assert "--format SDL --include-directives" in answer.errors[0]


def test_so_it_is_where_an_api_names_it(command: Command) -> None:
    write("appsync-lint.yaml", "authenticationType: API_KEY\nschema: [schema.json, other.graphql]\n")
    write("schema.json", '{"__schema": {}}')
    write("other.graphql", "type Query { a: Int }\n")
    answer = command()
    assert answer.code == 2
    assert [error.startswith("schema.json: is the answer") for error in answer.errors] == [True]
    assert "1 field checked for API_KEY" in answer.out


PRINTED = '"""Tells the service this field has access authorized by an API key."""\ndirective @aws_api_key on OBJECT\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PRINTED + "type Query { a: Int }", True),
        (PRINTED + "type Query { a: Int @aws_api_key }", False),
        (PRINTED + "type Query { a: Int @deprecated }", True),
        ("directive @aws_api_key on OBJECT\ntype Query { a: Int }", False),
        ("# Tells the service what to do\ntype Query { a: Int }", False),
        ("type Query { a: Int }", False),
    ],
)
def test_a_schema_printed_from_one_is_only_noted(text: str, expected: bool, command: Command) -> None:
    assert printed_from_answer(build_schema([parse_text(SourceText("s", text))])) is expected
    write("schema.graphql", text)
    answer = command("schema.graphql", "--default-mode", "AWS_IAM")
    assert answer.errors == []
    assert any("--include-directives" in note for note in answer.notes) is expected


# Round trip.

MAYBE = st.none() | TEXT
NUMBER = st.none() | st.integers(0, 10**7)
LIMIT = st.none() | st.integers(0, 1000).map(Setting)
FLAG = st.none() | st.booleans()
POOL = st.builds(
    UserPool, pool_id=MAYBE, default_action=st.sampled_from([None, "ALLOW", "DENY"]), app_client_regex=MAYBE
)
ISSUER = st.builds(OpenIdConnect, issuer=MAYBE, client_id=MAYBE, issued_ttl_ms=NUMBER, auth_ttl_ms=NUMBER)
AUTHORIZER = st.builds(LambdaAuthorizer, uri=MAYBE, ttl=NUMBER, identity_validation=MAYBE)
CODE = st.builds(
    ResolverCode,
    st.just("javascript"),
    text=TEXT.filter(lambda text: bool(text.strip()) and not text.strip().endswith((".js", ".ts", ".mjs", ".vtl"))).map(
        lambda text: SourceText("", text)
    ),
)
RESOLVER = st.builds(
    Resolver,
    NAME,
    NAME,
    caching_keys=st.none() | st.lists(TEXT, max_size=2).map(tuple),
    caching_ttl=NUMBER,
    code=st.lists(CODE, max_size=1).map(tuple),
    whole=st.just(True),
).map(lambda item: replace(item, caching_ttl=None if item.caching_keys is None else item.caching_ttl))
RESOURCE = NAME.map(lambda name: PolicyText(f"arn:aws:appsync:*:*:apis/{name}/*"))
STATEMENT = st.builds(
    PolicyStatement,
    st.sampled_from(["Allow", "Deny"]),
    st.lists(st.sampled_from(["appsync:GraphQL", "appsync:*", "*"]).map(PolicyText), min_size=1, max_size=2).map(tuple),
    st.lists(RESOURCE | st.just(PolicyText("*")), min_size=1, max_size=2).map(tuple),
    negated=st.booleans(),
)
SETTINGS = st.builds(
    ApiSettings,
    api_keys=st.lists(st.builds(ApiKey, TEXT, expires=st.none() | st.integers(0, 2**33)), max_size=2).map(tuple),
    introspection=st.none() | st.sampled_from(["ENABLED", "DISABLED"]).map(Setting),
    query_depth_limit=LIMIT,
    resolver_count_limit=LIMIT,
    visibility=st.none() | st.sampled_from(["GLOBAL", "PRIVATE"]).map(Setting),
    waf=st.none() | TEXT.map(Setting),
    logging=st.none() | st.builds(Logging, st.sampled_from([None, "ALL", "NONE", "DEBUG"]), FLAG),
    cache=st.none() | st.builds(ApiCache, st.sampled_from([None, "PER_RESOLVER_CACHING"]), NUMBER, FLAG, FLAG),
    environment=st.lists(st.builds(EnvironmentVariable, NAME, TEXT), max_size=2, unique_by=lambda item: item.name).map(
        tuple
    ),
    resolvers=st.lists(RESOLVER, max_size=2).map(tuple),
    policies=st.lists(STATEMENT, max_size=2).map(tuple),
    unauthenticated_role=st.none() | st.booleans().map(Setting),
    sources=st.lists(NAME.map(SourceApi), max_size=2).map(tuple),
).map(lambda item: replace(item, merged=bool(item.sources)))


@st.composite
def apis(draw: st.DrawFn) -> Api:
    """An API whose providers are as many as AppSync takes."""
    modes = draw(st.lists(st.sampled_from(list(Mode)), min_size=1, max_size=4, unique=True))

    def provider(mode: Mode, is_default: bool) -> Provider:
        pool = draw(st.none() | POOL)
        if pool is not None and not is_default:
            pool = replace(pool, default_action=None)
        return Provider(mode, user_pool=pool, oidc=draw(st.none() | ISSUER), authorizer=draw(st.none() | AUTHORIZER))

    return Api(
        name=draw(NAME),
        default=provider(modes[0], True),
        additional=tuple(provider(mode, False) for mode in modes[1:]),
        schema_files=tuple(SchemaFile(path=f"{name}.graphql") for name in draw(st.lists(NAME, max_size=2))),
        groups=draw(st.none() | st.lists(TEXT, max_size=2).map(tuple)),
        settings=draw(SETTINGS),
        tool=Tool("AppSync", folds_extensions=draw(st.booleans())),
    )


def _given(**items: Any) -> dict[str, Any]:
    return {name: value for name, value in items.items() if value is not None}


def _provider(item: Provider) -> dict[str, Any]:
    assert isinstance(item.mode, Mode)
    pool, issuer, function = item.user_pool, item.oidc, item.authorizer
    return _given(
        authenticationType=item.mode.value,
        userPoolConfig=pool
        and _given(userPoolId=pool.pool_id, defaultAction=pool.default_action, appIdClientRegex=pool.app_client_regex),
        openIDConnectConfig=issuer
        and _given(
            issuer=issuer.issuer, clientId=issuer.client_id, iatTTL=issuer.issued_ttl_ms, authTTL=issuer.auth_ttl_ms
        ),
        lambdaAuthorizerConfig=function
        and _given(
            authorizerUri=function.uri,
            authorizerResultTtlInSeconds=function.ttl,
            identityValidationExpression=function.identity_validation,
        ),
    )


def _resolver(item: Resolver) -> dict[str, Any]:
    caching = None if item.caching_keys is None else _given(cachingKeys=list(item.caching_keys), ttl=item.caching_ttl)
    return _given(
        typeName=item.type_name,
        fieldName=item.field_name,
        cachingConfig=caching,
        code=item.code[0].text.text if item.code and item.code[0].text else None,
    )


def _statement(item: PolicyStatement) -> dict[str, Any]:
    return {
        "Effect": item.effect,
        "Action": [action.text for action in item.actions],
        "NotResource" if item.negated else "Resource": [resource.text for resource in item.resources],
    }


def _value(setting: Setting[Any] | None) -> Any:
    return None if setting is None else setting.value


def written(api: Api, dates: bool) -> dict[str, Any]:
    """Write an API in the native form."""
    settings = api.settings

    def expires(key: ApiKey) -> object:
        assert not isinstance(key.expires, str)
        if key.expires is None or not dates:
            return key.expires
        return datetime.fromtimestamp(key.expires, timezone.utc).isoformat()  # type: ignore[arg-type]

    return {
        "name": api.name,
        "schema": [item.path for item in api.schema_files],
        "preprocessed": api.tool.folds_extensions,
        **_provider(api.default),
        **_given(
            additionalAuthenticationProviders=[_provider(item) for item in api.additional],
            groups=None if api.groups is None else list(api.groups),
            apiKeys=[_given(id="secret", description=key.name, expires=expires(key)) for key in settings.api_keys],
            introspectionConfig=_value(settings.introspection),
            queryDepthLimit=_value(settings.query_depth_limit),
            resolverCountLimit=_value(settings.resolver_count_limit),
            visibility=_value(settings.visibility),
            wafWebAclArn=_value(settings.waf),
            unauthenticatedRole=_value(settings.unauthenticated_role),
            logConfig=settings.logging
            and _given(fieldLogLevel=settings.logging.level, excludeVerboseContent=settings.logging.excludes_verbose),
            apiCache=settings.cache
            and _given(
                apiCachingBehavior=settings.cache.behaviour,
                ttl=settings.cache.ttl,
                atRestEncryptionEnabled=settings.cache.encrypted_at_rest,
                transitEncryptionEnabled=settings.cache.encrypted_in_transit,
            ),
            environmentVariables={item.name: item.value for item in settings.environment},
            resolvers=[_resolver(item) for item in settings.resolvers],
            iamPolicies=[{"Statement": [_statement(item) for item in settings.policies]}],
            sourceApis=[item.name for item in settings.sources],
        ),
    }


@pytest.mark.parametrize("syntax", ["json", "yaml"])
@given(api=apis(), dates=st.booleans())
@thorough(60)
def test_api_is_read_back_as_it_was_written(
    api: Api, dates: bool, syntax: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = written(api, dates)
    path = Path(tmp_path_factory.getbasetemp(), f"appsync-lint.{syntax}")
    text = json.dumps(document) if syntax == "json" else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8", newline="")
    assert [bare(one) for one in read_file(path).apis] == [bare(api)]
