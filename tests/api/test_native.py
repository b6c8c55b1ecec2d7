"""The native form: AppSync's own words for an API, what AppSync prints, and what is wrong with the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from appsync_lint import Api, InputError, Mode
from appsync_lint.api import SchemaFile, Tool
from appsync_lint.api.native import read_api
from appsync_lint.sources.loader import load_tree
from appsync_lint.text import SourceText
from appsync_lint.tree import Table

from ..strategies import ApiSpec, apis, thorough

#: What `aws appsync get-graphql-api` prints for an API with every mode, with all that a linter does not need.
PRINTED: dict[str, Any] = {
    "name": "blog",
    "apiId": "abcdefghijklmnopqrstuvwxyz",
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "logConfig": {"fieldLogLevel": "ERROR", "cloudWatchLogsRoleArn": "arn:aws:iam::111122223333:role/logs"},
    "userPoolConfig": {
        "userPoolId": "eu-west-1_AAAAAAAAA",
        "awsRegion": "eu-west-1",
        "defaultAction": "ALLOW",
        "appIdClientRegex": "^web$",
    },
    "openIDConnectConfig": None,
    "arn": "arn:aws:appsync:eu-west-1:111122223333:apis/abcdefghijklmnopqrstuvwxyz",
    "uris": {"GRAPHQL": "https://example.com/graphql"},
    "tags": {"team": "blog"},
    "additionalAuthenticationProviders": [
        {"authenticationType": "API_KEY"},
        {"authenticationType": "AWS_IAM"},
        {
            "authenticationType": "OPENID_CONNECT",
            "openIDConnectConfig": {
                "issuer": "https://example.com",
                "clientId": "web",
                "iatTTL": 3600000,
                "authTTL": 60000,
            },
        },
        {
            "authenticationType": "AWS_LAMBDA",
            "lambdaAuthorizerConfig": {
                "authorizerResultTtlInSeconds": 0,
                "authorizerUri": "arn:aws:lambda:eu-west-1:111122223333:function:auth",
                "identityValidationExpression": "^token-",
            },
        },
        {"authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": {"userPoolId": "eu-west-1_BBBBBBBBB"}},
    ],
    "xrayEnabled": False,
    "wafWebAclArn": "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/blog",
    "dns": {"GRAPHQL": "example.com"},
    "visibility": "GLOBAL",
    "apiType": "GRAPHQL",
    "mergedApiExecutionRoleArn": None,
    "owner": "111122223333",
    "ownerContact": "",
    "introspectionConfig": "ENABLED",
    "queryDepthLimit": 0,
    "resolverCountLimit": 0,
    "enhancedMetricsConfig": None,
}


@pytest.mark.parametrize("description", [PRINTED, {"graphqlApi": PRINTED}], ids=["bare", "whole"])
def test_what_the_service_prints_is_an_api(description: dict[str, Any]) -> None:
    api = Api.from_dict(description)
    assert api.name == "blog"
    assert api.default_mode is Mode.AMAZON_COGNITO_USER_POOLS
    assert api.default_action == "ALLOW"
    assert api.modes == (
        Mode.AMAZON_COGNITO_USER_POOLS,
        Mode.API_KEY,
        Mode.AWS_IAM,
        Mode.OPENID_CONNECT,
        Mode.AWS_LAMBDA,
    )
    assert api.is_multi is True
    pool, second_pool = api.default.user_pool, api.additional[4].user_pool
    assert pool is not None
    assert second_pool is not None
    assert (pool.pool_id, pool.app_client_regex) == ("eu-west-1_AAAAAAAAA", "^web$")
    assert (second_pool.pool_id, second_pool.default_action) == ("eu-west-1_BBBBBBBBB", None)
    oidc = api.additional[2].oidc
    assert oidc is not None
    assert (oidc.issuer, oidc.client_id, oidc.issued_ttl_ms, oidc.auth_ttl_ms) == (
        "https://example.com",
        "web",
        3600000,
        60000,
    )
    provider = api.provider(Mode.AWS_LAMBDA)
    assert provider is not None
    authorizer = provider.authorizer
    assert authorizer is not None
    assert (authorizer.ttl, authorizer.identity_validation) == (0, "^token-")
    assert authorizer.uri == "arn:aws:lambda:eu-west-1:111122223333:function:auth"


def test_the_least_that_is_an_api() -> None:
    api = Api.from_dict({"authenticationType": "API_KEY"})
    assert (api.name, api.modes, api.additional, api.is_multi) == ("API", (Mode.API_KEY,), (), False)
    assert api.default_action is None
    assert api.groups is None
    assert api.schema_files == ()
    assert api.tool == Tool("AppSync")
    assert api.provider(Mode.AWS_IAM) is None


def test_our_own_keys() -> None:
    api = Api.from_dict(
        {
            "authenticationType": "AWS_LAMBDA",
            "lambdaAuthorizerConfig": {"source": "auth/index.ts", "authorizerResultTtlInSeconds": 300},
            "schema": ["a.graphql", "more/*.graphql"],
            "groups": ["Admins"],
            "preprocessed": True,
        }
    )
    assert api.schema_files == (SchemaFile("a.graphql"), SchemaFile("more/*.graphql"))
    assert api.groups == ("Admins",)
    assert api.tool.folds_extensions is True
    authorizer = api.default.authorizer
    assert authorizer is not None
    assert (authorizer.source, authorizer.ttl) == ("auth/index.ts", 300)
    assert Api.from_dict({"authenticationType": "API_KEY", "schema": "a.graphql"}).schema_files == (
        SchemaFile("a.graphql"),
    )


def test_empty_lists_and_nulls_are_absent() -> None:
    api = Api.from_dict(
        {"authenticationType": "AWS_IAM", "additionalAuthenticationProviders": None, "groups": [], "name": None}
    )
    assert (api.additional, api.groups, api.name) == ((), (), "API")
    assert Api.from_dict({"authenticationType": "AWS_IAM", "additionalAuthenticationProviders": []}).is_multi is False
    assert Api.from_dict({"authenticationType": "AWS_IAM", "apiId": "abc"}).name == "abc"


@given(apis())
@thorough(100)
def test_modes_in_the_order_of_the_file(spec: ApiSpec) -> None:
    api = Api.from_dict(spec.native())
    assert [mode.value for mode in api.modes] == list(dict.fromkeys((spec.default, *spec.additional)))
    assert api.is_multi is bool(spec.additional)
    assert api.default_action == spec.action


ERRORS = [
    # YAML, place, message
    ("name: x", "1:1", "the API has no authenticationType"),
    ("authenticationType:", "1:20", "authenticationType must be a text, not empty"),
    ("authenticationType: [API_KEY]", "1:21", "authenticationType must be a text, not a list"),
    ("authenticationType: 5", "1:21", "authenticationType must be a text, not '5'"),
    ("authenticationType: APIKEY", "1:21", "'APIKEY' is not an authorization mode; did you mean API_KEY?"),
    (
        "authenticationType: magic",
        "1:21",
        "'magic' is not an authorization mode; the modes are API_KEY, AWS_IAM, AMAZON_COGNITO_USER_POOLS, OPENID_CONNECT, AWS_LAMBDA",
    ),
    ("authenticationType: aws_oidc", "1:21", "'aws_oidc' is not an authorization mode; did you mean OPENID_CONNECT?"),
    (
        "authenticationType: API_KEY\nauthentificationType: API_KEY",
        "2:1",
        "unknown key 'authentificationType' in an API; did you mean 'authenticationType'?",
    ),
    (
        "authenticationType: API_KEY\nadditionalAuthenticationProviders: API_KEY",
        "2:36",
        "additionalAuthenticationProviders must be a list, not a plain value",
    ),
    (
        "authenticationType: API_KEY\nadditionalAuthenticationProviders: [AWS_IAM]",
        "2:37",
        "an additional provider must be a mapping, not a plain value",
    ),
    (
        "authenticationType: API_KEY\nadditionalAuthenticationProviders:\n  - {}",
        "3:5",
        "an additional provider has no authenticationType",
    ),
    (
        "authenticationType: API_KEY\nadditionalAuthenticationProviders:\n  - authenticationType: AWS_IAM\n    name: x",
        "4:5",
        "unknown key 'name' in an additional provider; it has authenticationType, lambdaAuthorizerConfig, openIDConnectConfig, userPoolConfig",
    ),
    (
        "authenticationType: AWS_IAM\nadditionalAuthenticationProviders:\n  - authenticationType: AWS_IAM",
        "3:25",
        "AWS_IAM is configured twice; an API has it once",
    ),
    (
        (
            "authenticationType: AWS_IAM\nadditionalAuthenticationProviders:\n"
            "  - authenticationType: AWS_LAMBDA\n  - authenticationType: AWS_LAMBDA"
        ),
        "4:25",
        "AWS_LAMBDA is configured twice; an API has it once",
    ),
    (
        "authenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig:\n  defaultAction: allow",
        "3:18",
        "defaultAction is ALLOW or DENY, not 'allow'",
    ),
    ("authenticationType: API_KEY\nuserPoolConfig: []", "2:17", "userPoolConfig must be a mapping, not a list"),
    (
        "authenticationType: OPENID_CONNECT\nopenIDConnectConfig: {issuer: x, iatTtl: 1}",
        "2:34",
        "unknown key 'iatTtl' in openIDConnectConfig; did you mean 'iatTTL'?",
    ),
    (
        "authenticationType: OPENID_CONNECT\nopenIDConnectConfig: {iatTTL: soon}",
        "2:31",
        "iatTTL must be a whole number, not 'soon'",
    ),
    (
        "authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig:\n  authorizerResultTtlInSeconds: 1.5",
        "3:33",
        "authorizerResultTtlInSeconds must be a whole number, not '1.5'",
    ),
    (
        "authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig:\n  authorizerResultTtlInSeconds: true",
        "3:33",
        "authorizerResultTtlInSeconds must be a whole number, not 'true'",
    ),
    (
        "authenticationType: AWS_LAMBDA\nlambdaAuthorizerConfig:\n  ttl: 5",
        "3:3",
        (
            "unknown key 'ttl' in lambdaAuthorizerConfig; it has "
            "authorizerResultTtlInSeconds, authorizerUri, handler, identityValidationExpression, source"
        ),
    ),
    ("authenticationType: API_KEY\npreprocessed: maybe", "2:15", "preprocessed must be true or false, not 'maybe'"),
    ("authenticationType: API_KEY\nschema: {a: b}", "2:9", "schema must be a text, not a mapping"),
    ("authenticationType: API_KEY\nschema: [a, 5]", "2:13", "schema must be a text, not '5'"),
    ("authenticationType: API_KEY\ngroups: Admins", "2:9", "groups must be a list, not a plain value"),
    ("authenticationType: API_KEY\ngroups: [[Admins]]", "2:10", "a group must be a text, not a list"),
]


@pytest.mark.parametrize(("text", "place", "message"), ERRORS)
def test_an_error_has_its_place(text: str, place: str, message: str) -> None:
    node = load_tree(SourceText("api.yaml", text))
    assert isinstance(node, Table)
    with pytest.raises(InputError) as error:
        read_api(node, path="api.yaml")
    line, column = place.split(":")
    assert error.value.message == message
    assert error.value.span is not None
    assert error.value.span.start == (int(line), int(column))
    assert str(error.value) == f"api.yaml:{place}: {message}"


def test_the_same_errors_without_a_file() -> None:
    with pytest.raises(InputError) as error:
        Api.from_dict({"authenticationType": "APIKEY"})
    assert str(error.value) == "'APIKEY' is not an authorization mode; did you mean API_KEY?"
    with pytest.raises(InputError, match="an API must be a mapping, not a list"):
        Api.from_dict([])  # type: ignore[arg-type]
    with pytest.raises(InputError, match="expected plain data, got object"):
        Api.from_dict({"authenticationType": object()})
    with pytest.raises(InputError, match="graphqlApi must be a mapping"):
        Api.from_dict({"graphqlApi": "blog"})


def test_an_api_knows_where_it_is_described() -> None:
    text = "name: blog\nauthenticationType: AMAZON_COGNITO_USER_POOLS\nuserPoolConfig: {defaultAction: DENY}\n"
    node = load_tree(SourceText("api.yaml", text))
    assert isinstance(node, Table)
    api = read_api(node, path="api.yaml", base="sub")
    pool = api.default.user_pool
    assert api.path == "api.yaml"
    assert api.span is not None
    assert api.span.text == "name"
    assert api.default.span is not None
    assert api.default.span.text == "AMAZON_COGNITO_USER_POOLS"
    assert pool is not None
    assert pool.default_action_span is not None
    assert pool.default_action_span.start == (3, 33)


def test_a_long_wrong_value_is_shortened() -> None:
    with pytest.raises(InputError) as error:
        Api.from_dict({"authenticationType": "x" * 10_000})
    assert len(str(error.value)) < 300
