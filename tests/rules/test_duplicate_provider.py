"""Modes, pools and issuers that are configured twice."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appsync_lint.api import Api, Mode, OpenIdConnect, Provider, Unresolved, UserPool
from appsync_lint.linter import Severity

from .asking import ask, one

SCHEMA = "type Query { me: ID }"
POOL, OIDC = Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT


@pytest.mark.parametrize("mode", [Mode.API_KEY, Mode.AWS_IAM, Mode.AWS_LAMBDA])
def test_a_mode_that_is_there_twice_is_refused(mode: Mode) -> None:
    found = one("duplicate-provider", SCHEMA, Api("blog", Provider(mode), (Provider(POOL), Provider(mode))))
    assert found.message == f"{mode.value} is configured twice: AppSync refuses an API that has it twice"
    assert found.severity is Severity.ERROR


def _pools(first: str | Unresolved | None, second: str | Unresolved | None) -> Api:
    default = Provider(POOL, user_pool=UserPool(first, "ALLOW"))
    return Api("blog", default, (Provider(POOL, user_pool=UserPool(second)),))


def test_the_same_pool_twice_changes_nothing() -> None:
    found = one("duplicate-provider", SCHEMA, _pools("eu_1", "eu_1"))
    assert found.severity is Severity.WARNING
    assert "the user pool eu_1 is configured twice" in found.message


@pytest.mark.parametrize(
    ("first", "second"), [("eu_1", "eu_2"), (None, None), (Unresolved("!Ref A"), Unresolved("!Ref B"))]
)
def test_two_pools_are_allowed(first: str | None, second: str | None) -> None:
    assert ask("duplicate-provider", SCHEMA, _pools(first, second)) == []


def test_the_same_issuer_twice_changes_nothing() -> None:
    provider = Provider(OIDC, oidc=OpenIdConnect(issuer="https://login.example.com"))
    found = one("duplicate-provider", SCHEMA, Api("blog", provider, (replace(provider),)))
    assert "the issuer https://login.example.com is configured twice" in found.message


def test_a_mode_that_only_deployment_knows_is_not_compared() -> None:
    open_mode = Provider(Unresolved("!Ref Mode"))
    assert ask("duplicate-provider", SCHEMA, Api("blog", Provider(Mode.API_KEY), (open_mode, open_mode))) == []
