"""The Lambda authorizer's cache, and the tokens that it never sees."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appsync_lint.api import Api, LambdaAuthorizer, Mode, Provider, Tool, Unresolved
from appsync_lint.linter import Severity

from .asking import IAM, KEY, LAMBDA, OIDC, POOL, api, ask, one

SCHEMA = "type Query { me: ID }"


def with_authorizer(
    known: Api,
    ttl: int | Unresolved | None = None,
    identity_validation: str | Unresolved | None = None,
) -> Api:
    authorizer = LambdaAuthorizer(ttl=ttl, identity_validation=identity_validation)

    def filled(provider: Provider) -> Provider:
        return replace(provider, authorizer=authorizer) if provider.mode is Mode.AWS_LAMBDA else provider

    return replace(known, default=filled(known.default), additional=tuple(map(filled, known.additional)))


@pytest.mark.parametrize(
    ("tool", "text", "severity"),
    [
        (Tool("AppSync"), "Terraform deploys 300 seconds", Severity.WARNING),
        (Tool("Terraform", 300), "Terraform then deploys 300", Severity.WARNING),
        (Tool("Amplify Gen 2", 60), "gets in for up to 60 seconds more", Severity.WARNING),
        (Tool("CloudFormation", 0), "asks the function on every request", Severity.INFO),
    ],
)
def test_an_unwritten_time_says_what_the_tool_deploys(tool: Tool, text: str, severity: Severity) -> None:
    known = replace(with_authorizer(api(LAMBDA)), tool=tool)
    found = one("lambda-cache-ttl-implicit", SCHEMA, known)
    assert text in found.message
    assert found.severity is severity


@pytest.mark.parametrize("ttl", [0, 60, 300, Unresolved("!Ref Ttl")])
def test_a_written_time_in_range_is_fine(ttl: int | Unresolved) -> None:
    known = with_authorizer(api(LAMBDA), ttl=ttl)
    assert ask("lambda-cache-ttl-implicit", SCHEMA, known) == []
    assert ask("lambda-cache-ttl-out-of-range", SCHEMA, known) == []


def test_an_authorizer_that_is_not_described_is_not_judged() -> None:
    assert ask("lambda-cache-ttl-implicit", SCHEMA, api(KEY, LAMBDA)) == []
    assert ask("lambda-jwt-clash", SCHEMA, api(POOL, LAMBDA)) == []


@pytest.mark.parametrize(
    ("ttl", "severity", "text"),
    [
        (-1, Severity.ERROR, "AppSync refuses"),
        (3601, Severity.ERROR, "AppSync refuses"),
        (3600, Severity.WARNING, "gets in until then"),
        (301, Severity.WARNING, "gets in until then"),
    ],
)
def test_a_time_out_of_range_is_refused_and_a_long_one_is_told(ttl: int, severity: Severity, text: str) -> None:
    found = one("lambda-cache-ttl-out-of-range", SCHEMA, with_authorizer(api(KEY, LAMBDA), ttl=ttl))
    assert found.severity is severity
    assert text in found.message


@pytest.mark.parametrize(
    ("others", "text", "severity"),
    [
        ((POOL,), "a JWT of the user pool", Severity.WARNING),
        ((OIDC, IAM), "a JWT of the OIDC issuer or a signed request", Severity.WARNING),
        ((IAM,), "a signed request", Severity.INFO),
    ],
)
def test_tokens_of_other_modes_never_reach_it(others: tuple[str, ...], text: str, severity: Severity) -> None:
    found = one("lambda-jwt-clash", SCHEMA, with_authorizer(api(LAMBDA, *others), ttl=0))
    assert text in found.message
    assert found.severity is severity


@pytest.mark.parametrize("expression", ["^partner-.+$", Unresolved("!Ref Pattern")])
def test_an_expression_tells_the_tokens_apart(expression: str | Unresolved) -> None:
    known = with_authorizer(api(LAMBDA, POOL), ttl=0, identity_validation=expression)
    assert ask("lambda-jwt-clash", SCHEMA, known) == []


@pytest.mark.parametrize("expression", [".*", "^.+$", ""])
def test_an_expression_that_matches_everything_tells_nothing_apart(expression: str) -> None:
    known = with_authorizer(api(LAMBDA, POOL), ttl=0, identity_validation=expression)
    assert one("lambda-jwt-clash", SCHEMA, known)


def test_the_key_is_no_rival() -> None:
    assert ask("lambda-jwt-clash", SCHEMA, with_authorizer(api(LAMBDA, KEY), ttl=0)) == []


def test_modes_from_the_command_line_are_named_where_there_is_no_place() -> None:
    known = with_authorizer(api(LAMBDA), ttl=7200)
    known = replace(known, default=replace(known.default, origin="--default-mode"))
    found = one("lambda-cache-ttl-out-of-range", SCHEMA, known)
    assert "given by --default-mode" in found.label
    assert found.span.path == "schema.graphql"
