"""Rules that look at resolvers: a check that one has and another lacks, and groups that a resolver checks itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from appsync_lint import Api, Finding, lint, parse_schema
from appsync_lint.api import Resolver, ResolverCode
from appsync_lint.text import SourceText

CHECKED = "#if(!$ctx.identity.resolverContext.admin) $util.unauthorized() #end"
GROUPS = '#if(!$ctx.identity.groups.contains("Admin")) $util.unauthorized() #end'
LAMBDA = {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerResultTtlInSeconds": 0}}
SCHEMA = "type Query { a: ID } type Mutation { b: ID c: ID d: ID }"


def resolver(coordinate: str, text: str, *, whole: bool = True) -> Resolver:
    owner, _, name = coordinate.partition(".")
    return Resolver(owner, name, code=(ResolverCode("vtl", text=SourceText(f"{name}.vtl", text)),), whole=whole)


def found(schema: str, api: Mapping[str, object], rule: str, *resolvers: Resolver) -> list[Finding]:
    described = Api.from_dict(api)
    described = replace(described, settings=replace(described.settings, resolvers=resolvers))
    return [item for item in lint(parse_schema(schema), described) if item.rule == rule]


class TestContextNotChecked:
    rule = "resolver-context-not-checked"

    def test_those_that_were_forgotten_are_one_finding(self) -> None:
        resolvers = [resolver("Mutation.b", CHECKED), resolver("Mutation.c", "{}"), resolver("Mutation.d", "{}")]
        [finding] = found(SCHEMA, LAMBDA, self.rule, *resolvers)
        assert finding.coordinate == "Mutation.c"
        assert "Mutation.c and Mutation.d" in finding.message

    @pytest.mark.parametrize(
        "other",
        [
            resolver("Mutation.c", CHECKED),
            resolver("Mutation.c", "$ctx.identity.sub"),
            resolver("Mutation.c", "{}", whole=False),
            resolver("Query.a", "{}"),
            resolver("Mutation.gone", "{}"),
        ],
    )
    def test_silent_about(self, other: Resolver) -> None:
        assert found(SCHEMA, LAMBDA, self.rule, resolver("Mutation.b", CHECKED), other) == []

    def test_silent_where_none_checks(self) -> None:
        assert found(SCHEMA, LAMBDA, self.rule, resolver("Mutation.b", "{}"), resolver("Mutation.c", "{}")) == []

    def test_silent_without_a_lambda_authorizer(self) -> None:
        api = {"authenticationType": "AWS_IAM"}
        assert found(SCHEMA, api, self.rule, resolver("Mutation.b", CHECKED), resolver("Mutation.c", "{}")) == []


def test_groups_that_the_resolver_checks_weigh_less_and_say_so() -> None:
    api = {
        "authenticationType": "AMAZON_COGNITO_USER_POOLS",
        "userPoolConfig": {"defaultAction": "ALLOW"},
        "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
    }
    schema = 'type Query { a: ID @aws_auth(cognito_groups: ["Admin"]) }'
    [plain] = found(schema, api, "aws-auth-ignored", resolver("Query.a", "{}"))
    [lighter] = found(schema, api, "aws-auth-ignored", resolver("Query.a", GROUPS))
    assert (plain.severity.value, lighter.severity.value) == ("error", "warning")
    assert lighter.message == f"{plain.message}; its resolver looks at the caller's groups itself"
    assert [label.text for label in lighter.related][-1] == "checked by the resolver"
