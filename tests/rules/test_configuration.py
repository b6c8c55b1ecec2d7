"""Rules about the API's configuration: where each speaks, and where it must stay silent."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from appsync_lint import Api, Finding, lint, parse_schema
from appsync_lint.api import (
    ApiKey,
    EnvironmentVariable,
    Logging,
    MergedApi,
    Mode,
    PolicyStatement,
    PolicyText,
    Resolver,
    ResolverCode,
    Setting,
    Tool,
    Unresolved,
)
from appsync_lint.linter import Settings
from appsync_lint.text import SourceText

SCHEMA = "type Query { me: ID }"
OPEN = Unresolved("!Ref X", "the parameter X has no default")
KEY: Mapping[str, object] = {"authenticationType": "API_KEY"}
IAM: Mapping[str, object] = {"authenticationType": "AWS_IAM"}
POOL: Mapping[str, object] = {
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"userPoolId": "p", "defaultAction": "ALLOW"},
}
LIVE: Mapping[str, object] = {"apiId": "a", "arn": "arn:aws:appsync:eu-west-1:1:apis/a"}
ARN = "arn:aws:appsync:eu-west-1:1:apis/a"


def found(rule: str, api: Mapping[str, object], schema: str = SCHEMA, **settings: object) -> list[Finding]:
    """Return what one rule says about an API, some of whose settings are given as values."""
    described = Api.from_dict(api)
    described = replace(described, settings=replace(described.settings, **settings))  # type: ignore[arg-type]
    return lint(parse_schema(schema), described, Settings(select=frozenset([rule])))


def told(*arguments: object, **settings: object) -> list[tuple[str, str]]:
    return [(item.severity.value, item.message) for item in found(*arguments, **settings)]  # type: ignore[arg-type]


class TestApiKeyDefault:
    def test_the_only_mode_is_information(self) -> None:
        assert [item.severity.value for item in found("api-key-default", KEY)] == ["info"]

    def test_beside_others_it_is_a_warning(self) -> None:
        api = {**KEY, "additionalAuthenticationProviders": [IAM]}
        assert [item.severity.value for item in found("api-key-default", api)] == ["warning"]

    def test_an_additional_key_is_no_default(self) -> None:
        assert found("api-key-default", {**IAM, "additionalAuthenticationProviders": [KEY]}) == []


class TestApiKeyExpiry:
    rule = "api-key-expiry"

    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            (ApiKey("a", expires=86_400), [("error", "the API key a expired on 1970-01-02")]),
            (ApiKey("", expires=-(10**18)), [("error", "the API key expired on second")]),
            (ApiKey("a", lifetime_days=366), [("error", "AppSync refuses a key of 366 days: it takes 1 to 365")]),
            (ApiKey("a", lifetime_days=0), [("error", "AppSync refuses a key of 0 days: it takes 1 to 365")]),
            (ApiKey("a"), [("info", "the API key a says no time")]),
            (ApiKey("a", lifetime_days=365), []),
            (ApiKey("a", lifetime_days=1), []),
            (ApiKey("a", expires=OPEN), []),
            (ApiKey("a", lifetime_days=OPEN), []),
        ],
    )
    def test_keys(self, key: ApiKey, expected: list[tuple[str, str]]) -> None:
        messages = told(self.rule, KEY, api_keys=(key,))
        assert [severity for severity, _ in messages] == [severity for severity, _ in expected]
        assert all(one[1].startswith(two[1]) for one, two in zip(messages, expected, strict=True))

    def test_a_key_that_is_still_good(self) -> None:
        assert found(self.rule, KEY, api_keys=(ApiKey(expires=int(time.time()) + 3600),)) == []

    def test_each_key_is_told_for_itself(self) -> None:
        assert len(found(self.rule, KEY, api_keys=(ApiKey(), ApiKey(), ApiKey("b")))) == 3

    def test_a_key_that_opens_nothing_is_of_no_interest(self) -> None:
        assert found(self.rule, IAM, api_keys=(ApiKey("a", expires=86_400),)) == []


class TestIntrospection:
    rule = "introspection-open-to-public"

    def test_on_by_the_words_of_the_description(self) -> None:
        assert found(self.rule, KEY, introspection=Setting("ENABLED"))

    def test_on_where_leaving_it_out_means_that(self) -> None:
        assert found(self.rule, {**KEY, **LIVE})

    @pytest.mark.parametrize(
        "settings",
        [{}, {"introspection": Setting("DISABLED")}, {"introspection": Setting(OPEN)}],
        ids=["not-said", "off", "open"],
    )
    def test_silent(self, settings: dict[str, object]) -> None:
        assert found(self.rule, KEY, **settings) == []  # type: ignore[arg-type]

    def test_silent_about_a_private_api_and_one_without_keys(self) -> None:
        on = Setting("ENABLED")
        assert found(self.rule, KEY, introspection=on, visibility=Setting("PRIVATE")) == []
        assert found(self.rule, IAM, introspection=on) == []


class TestWaf:
    rule = "public-api-without-waf"

    def test_a_whole_description_without_one(self) -> None:
        assert found(self.rule, {**KEY, **LIVE})

    @pytest.mark.parametrize(
        "settings",
        [
            {"waf": Setting("acl")},
            {"waf": Setting(OPEN)},
            {"visibility": Setting("PRIVATE")},
            {"visibility": Setting(OPEN)},
        ],
    )
    def test_silent(self, settings: dict[str, object]) -> None:
        assert found(self.rule, {**KEY, **LIVE}, **settings) == []  # type: ignore[arg-type]

    def test_silent_where_nothing_follows_from_what_is_not_there(self) -> None:
        assert found(self.rule, KEY) == []


class TestLogging:
    def test_nothing_is_logged(self) -> None:
        assert found("requests-not-logged", {**IAM, **LIVE})
        assert found("requests-not-logged", IAM, logging=Logging("NONE"))

    @pytest.mark.parametrize("level", ["ERROR", "ALL", OPEN, None])
    def test_something_is(self, level: str | Unresolved | None) -> None:
        assert found("requests-not-logged", {**IAM, **LIVE}, logging=Logging(level)) == []

    @pytest.mark.parametrize("level", ["ALL", "INFO", "DEBUG"])
    @pytest.mark.parametrize("excluded", [None, False])
    def test_data_is_logged(self, level: str, excluded: bool | None) -> None:
        [finding] = found("log-holds-request-data", IAM, logging=Logging(level, excluded))
        assert finding.severity.value == "info"
        assert f"the level is {level}" in finding.message

    def test_a_level_that_sam_takes_is_said_to_be_its_own(self) -> None:
        described = replace(Api.from_dict(IAM), tool=Tool("SAM"))
        described = replace(described, settings=replace(described.settings, logging=Logging("ALL")))
        [finding] = lint(parse_schema(SCHEMA), described, Settings(select=frozenset(["log-holds-request-data"])))
        assert "the level is ALL, which SAM takes when none is written," in finding.message

    @pytest.mark.parametrize(
        "logging", [None, Logging("ERROR"), Logging("NONE"), Logging(OPEN), Logging("ALL", True), Logging("ALL", OPEN)]
    )
    def test_data_is_not_logged(self, logging: Logging | None) -> None:
        assert found("log-holds-request-data", {**IAM, **LIVE}, logging=logging) == []


class TestOpenIdConnect:
    @pytest.mark.parametrize("config", [{"issuer": "https://id"}, {"issuer": "https://id", "clientId": ""}])
    def test_any_audience(self, config: Mapping[str, object]) -> None:
        api = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}
        assert len(found("oidc-without-client-id", api)) == 1

    @pytest.mark.parametrize("config", [None, {}, {"issuer": "https://id", "clientId": "^a$"}])
    def test_silent(self, config: Mapping[str, object] | None) -> None:
        api = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}
        assert found("oidc-without-client-id", api) == []

    @pytest.mark.parametrize(("time_", "count"), [(0, 0), (1, 1), (3600, 1), (59_999, 1), (60_000, 0), (3_600_000, 0)])
    def test_times_that_were_meant_in_seconds(self, time_: int, count: int) -> None:
        config = {"issuer": "https://id", "clientId": "a", "authTTL": time_, "iatTTL": time_}
        api = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}
        assert len(found("oidc-time-in-seconds", api)) == count

    def test_both_times_are_one_finding(self) -> None:
        config = {"issuer": "https://id", "clientId": "a", "authTTL": 3600, "iatTTL": 600}
        api = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config}
        [finding] = found("oidc-time-in-seconds", api)
        assert finding.message == (
            "AppSync refuses a token 0.6 seconds after it was issued and 3.6 seconds after its user signed in: "
            "iatTTL is 600 and authTTL is 3600, in milliseconds"
        )
        assert finding.help == "write iatTTL 600000 and authTTL 3600000 if 600 and 3600 seconds are meant"

    def test_a_tool_that_asks_for_seconds_is_believed(self) -> None:
        config = {"issuer": "https://id", "clientId": "a", "authTTL": 50_000}
        described = Api.from_dict({"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": config})
        chosen = Settings(select=frozenset(["oidc-time-in-seconds"]))
        assert lint(parse_schema(SCHEMA), described, chosen)
        assert lint(parse_schema(SCHEMA), replace(described, tool=Tool("Amplify Gen 2")), chosen) == []


class TestUserPool:
    @pytest.mark.parametrize("regex", [None, ".*", "^.*$"])
    def test_any_client(self, regex: str | None) -> None:
        config = {"userPoolId": "p", "defaultAction": "ALLOW", "appIdClientRegex": regex}
        assert len(found("user-pool-any-client", {**POOL, "userPoolConfig": config})) == 1

    def test_a_client_of_its_own(self) -> None:
        config = {"userPoolId": "p", "defaultAction": "ALLOW", "appIdClientRegex": "^abc$"}
        assert found("user-pool-any-client", {**POOL, "userPoolConfig": config}) == []

    def test_settings_that_are_not_described(self) -> None:
        assert found("user-pool-any-client", {**POOL, "userPoolConfig": {"defaultAction": "ALLOW"}}) == []


class TestCaching:
    rule = "cache-key-without-identity"

    def resolver(self, *keys: str | Unresolved, field: str = "me") -> Resolver:
        return Resolver("Query", field, caching_keys=keys)

    def test_keys_without_the_caller(self) -> None:
        [finding] = found(self.rule, POOL, resolvers=(self.resolver("$context.arguments.id"),))
        assert finding.coordinate == "Query.me"

    @pytest.mark.parametrize(
        "resolver",
        [
            Resolver("Query", "me"),
            Resolver("Query", "me", caching_keys=()),
            Resolver("Query", "me", caching_keys=("$context.identity.sub",)),
            Resolver("Query", "me", caching_keys=("$context.arguments.id", OPEN)),
            Resolver("Query", "gone", caching_keys=("$context.arguments.id",)),
            Resolver("Gone", "me", caching_keys=("$context.arguments.id",)),
        ],
    )
    def test_silent(self, resolver: Resolver) -> None:
        assert found(self.rule, POOL, resolvers=(resolver,)) == []

    @pytest.mark.parametrize(
        ("template", "number"),
        [
            ('{"key": "$ctx.args.id"}', 0),
            ('{"key": "$ctx.identity.sub"}', 1),
            ('{"payload": $util.toJson($ctx)}', 1),
        ],
    )
    def test_an_answer_that_depends_on_no_caller_is_everybodys(self, template: str, number: int) -> None:
        code = (ResolverCode("vtl", text=SourceText("me.vtl", template)),)
        known = replace(self.resolver("$context.arguments.id"), code=code, whole=True)
        assert len(found(self.rule, POOL, resolvers=(known,))) == number
        in_part = replace(known, whole=False)
        assert len(found(self.rule, POOL, resolvers=(in_part,))) == 1

    def test_holders_of_the_key_are_all_alike(self) -> None:
        assert found(self.rule, KEY, resolvers=(self.resolver("$context.arguments.id"),)) == []


class TestSecrets:
    @pytest.mark.parametrize(
        "name", ["DB_PASSWORD", "dbPassword", "API_KEY", "apiKey", "TOKEN", "clientSecret", "PRIVATE_KEY"]
    )
    def test_names_of_secrets(self, name: str) -> None:
        variables = (EnvironmentVariable(name, "hunter2"),)
        [finding] = found("secret-in-environment", IAM, environment=variables)
        assert name in finding.message
        assert "hunter2" not in finding.message + finding.help + finding.label

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DB_PASSWORD", OPEN),
            ("DB_PASSWORD", ""),
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:1:secret:db"),
            ("DB_PASSWORD", "/prod/db/password"),
            ("DB_PASSWORD", "${ssm:/db}"),
            ("TOKEN", "3600"),
            ("TOKEN_URL", "https://id.example.com"),
            ("TOKENS_TABLE", "tokens"),
            ("PASSWORDLESS", "yes"),
            ("MONKEY", "banana"),
        ],
    )
    def test_silent(self, name: str, value: str | Unresolved) -> None:
        assert found("secret-in-environment", IAM, environment=(EnvironmentVariable(name, value),)) == []


class TestDepth:
    rule = "unlimited-query-depth"
    circle = "type Query { a: A } type A { b: [B!]! name: ID } type B { a: A }"

    def test_the_circle_is_shown(self) -> None:
        [finding] = found(self.rule, {**KEY, **LIVE}, self.circle)
        assert finding.message.endswith("A → B → A")
        assert finding.coordinate == "B.a"

    @pytest.mark.parametrize(
        "schema",
        [
            "type Query { a: A b: B } type A { b: B } type B { c: C } type C { id: ID }",
            "type Query { a: ID } type A { b: B } type B { a: A }",
            "type Query { a: A } type A { b: I } interface I { a: A }",
            "type Mutation { a: ID }",
        ],
        ids=["no-circle", "not-reached", "abstract", "no-query"],
    )
    def test_silent_without_a_circle(self, schema: str) -> None:
        assert found(self.rule, {**KEY, **LIVE}, schema) == []

    @pytest.mark.parametrize("limit", ["query_depth_limit", "resolver_count_limit"])
    def test_silent_with_either_limit(self, limit: str) -> None:
        assert found(self.rule, {**KEY, **LIVE}, self.circle, **{limit: Setting(10)}) == []
        assert found(self.rule, {**KEY, **LIVE}, self.circle, **{limit: Setting(OPEN)}) == []
        assert len(found(self.rule, {**KEY, **LIVE}, self.circle, **{limit: Setting(0)})) == 1

    def test_silent_where_the_key_does_not_get_round(self) -> None:
        api = {**LIVE, **IAM, "additionalAuthenticationProviders": [KEY]}
        schema = "type Query @aws_api_key { a: A } type A @aws_api_key { b: A @aws_iam id: ID }"
        assert found(self.rule, api, schema) == []
        assert len(found(self.rule, api, schema.replace("@aws_iam", "@aws_api_key"))) == 1

    def test_silent_for_callers_with_an_identity_and_unknown_settings(self) -> None:
        assert found(self.rule, {**IAM, **LIVE}, self.circle) == []
        assert found(self.rule, KEY, self.circle) == []

    def test_a_long_chain_is_walked(self) -> None:
        chain = "".join(f"type T{n} {{ next: T{n + 1} }} " for n in range(3000))
        schema = f"type Query {{ a: T0 }} {chain} type T3000 {{ back: T0 }}"
        assert len(found(self.rule, {**KEY, **LIVE}, schema)) == 1


class TestMerged:
    def test_a_mode_that_the_merged_api_lacks(self) -> None:
        merged = MergedApi("all", (Mode.API_KEY, Mode.AWS_LAMBDA))
        [finding] = found("merged-api-lacks-mode", IAM, merged_into=(merged,))
        assert "into all: its default mode AWS_IAM" in finding.message

    @pytest.mark.parametrize(
        "merged", [MergedApi("all", (Mode.API_KEY, Mode.AWS_IAM)), MergedApi("all", (Mode.API_KEY,), complete=False)]
    )
    def test_silent(self, merged: MergedApi) -> None:
        assert found("merged-api-lacks-mode", IAM, merged_into=(merged,)) == []

    def test_group_rules_that_die_in_merging(self) -> None:
        schema = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) b: ID @aws_auth(cognito_groups: ["B"]) c: ID }'
        merged = MergedApi("all", (Mode.AMAZON_COGNITO_USER_POOLS, Mode.AWS_IAM))
        [finding] = found("merged-api-ignores-aws-auth", POOL, schema, merged_into=(merged,))
        assert "Query.a and 1 more field" in finding.message

    @pytest.mark.parametrize(
        "field",
        ["a: ID", 'a: ID @hidden @aws_auth(cognito_groups: ["A"])', "a: ID @aws_cognito_user_pools @aws_auth"],
    )
    def test_silent_about(self, field: str) -> None:
        merged = MergedApi("all", (Mode.AMAZON_COGNITO_USER_POOLS, Mode.AWS_IAM))
        assert found("merged-api-ignores-aws-auth", POOL, f"type Query {{ {field} }}", merged_into=(merged,)) == []

    def test_silent_where_merging_adds_no_mode(self) -> None:
        schema = 'type Query { a: ID @aws_auth(cognito_groups: ["A"]) }'
        merged = MergedApi("all", (Mode.AMAZON_COGNITO_USER_POOLS,))
        assert found("merged-api-ignores-aws-auth", POOL, schema, merged_into=(merged,)) == []


BLOG = "type Query { post: Post } type Mutation { put: Post } type Post { id: ID }"


def statement(*resources: str, effect: str = "Allow", open_: bool = False) -> PolicyStatement:
    texts = tuple(PolicyText(text, open=open_) for text in resources)
    return PolicyStatement(effect, (PolicyText("appsync:GraphQL"),), texts, "reader")  # type: ignore[arg-type]


class TestPolicies:
    @pytest.mark.parametrize(
        ("resource", "severity", "part"),
        [
            (f"{ARN}/types/Query/fields/posst", "error", "Query has no field posst"),
            (f"{ARN}/types/Quer/*", "error", "the schema has no type Quer"),
            (f"{ARN}/types/Query/resolvers/post", "error", "never asks for types/Query/resolvers/post"),
            (f"{ARN}/types/Post/fields/id", "info", "Post is no root type"),
            (ARN, "error", "the API's ARN alone matches no field"),
        ],
    )
    def test_what_names_no_field(self, resource: str, severity: str, part: str) -> None:
        [finding] = found("iam-policy-names-no-field", IAM, BLOG, policies=(statement(resource),))
        assert finding.severity.value == severity
        assert part in finding.message

    def test_a_denial_of_a_nested_field_is_a_warning(self) -> None:
        policies = (statement(f"{ARN}/types/Post/*", effect="Deny"),)
        [finding] = found("iam-policy-names-no-field", IAM, BLOG, policies=policies)
        assert finding.severity.value == "warning"
        assert finding.message.endswith("so it forbids nothing")

    @pytest.mark.parametrize(("effect", "number"), [("Allow", 0), ("Deny", 1)])
    def test_what_amplify_generates_is_no_matter(self, effect: str, number: int) -> None:
        described = replace(Api.from_dict(IAM), tool=Tool("Amplify"))
        policies = (statement(f"{ARN}/types/Post/*", effect=effect),)
        described = replace(described, settings=replace(described.settings, policies=policies))
        chosen = Settings(select=frozenset(["iam-policy-names-no-field"]))
        assert len(lint(parse_schema(BLOG), described, chosen)) == number

    @pytest.mark.parametrize(
        "policy",
        [
            statement("*"),
            statement(f"{ARN}/*"),
            statement(f"{ARN}/types/Query/fields/p*"),
            statement(f"{ARN}/types/*/fields/gone"),
            statement("*", open_=True),
            statement("*/types/Query/fields/post", open_=True),
        ],
    )
    def test_what_names_some(self, policy: PolicyStatement) -> None:
        assert found("iam-policy-names-no-field", IAM, BLOG, policies=(policy,)) == []

    def test_an_open_beginning_does_not_hide_a_wrong_end(self) -> None:
        policies = (statement("*/types/Query/fields/posst", open_=True),)
        assert len(found("iam-policy-names-no-field", IAM, BLOG, policies=policies)) == 1

    @pytest.mark.parametrize(("resource", "severity"), [("*", "warning"), (f"{ARN}/*", "info")])
    def test_reading_and_writing_alike(self, resource: str, severity: str) -> None:
        [finding] = found("iam-policy-too-wide", IAM, BLOG, policies=(statement(resource),))
        assert finding.severity.value == severity

    @pytest.mark.parametrize(
        "policy",
        [
            statement(f"{ARN}/types/Query/*"),
            statement("*", open_=True),
            statement("*", effect="Deny"),
            statement(f"{ARN}/types/Mutation/*"),
        ],
    )
    def test_not_too_wide(self, policy: PolicyStatement) -> None:
        assert found("iam-policy-too-wide", IAM, BLOG, policies=(policy,)) == []

    def test_a_schema_without_writers_keeps_nobody_apart(self) -> None:
        assert found("iam-policy-too-wide", IAM, SCHEMA, policies=(statement("*"),)) == []

    def test_fields_that_no_policy_allows_are_one_finding(self) -> None:
        [finding] = found("iam-field-without-policy", IAM, BLOG, policies=(statement(f"{ARN}/types/Query/*"),))
        assert finding.coordinate == "Mutation.put"

    @pytest.mark.parametrize("policies", [(), (statement("*", open_=True),), (statement("*"),)])
    def test_every_field_is_allowed_or_nothing_is_known(self, policies: tuple[PolicyStatement, ...]) -> None:
        assert found("iam-field-without-policy", IAM, BLOG, policies=policies) == []

    def test_guests(self) -> None:
        api = {**POOL, "additionalAuthenticationProviders": [IAM]}
        schema = "type Query { a: ID @aws_iam } type Mutation { b: ID @aws_iam c: ID }"
        [finding] = found("guests-reach-mutation", api, schema, unauthenticated_role=Setting(True))
        assert finding.coordinate == "Mutation.b"
        for value in (False, OPEN):
            assert found("guests-reach-mutation", api, schema, unauthenticated_role=Setting(value)) == []
        assert found("guests-reach-mutation", api, schema) == []
