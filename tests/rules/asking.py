"""Asking rules about a schema and an API that a test writes in a line or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from appsync_lint.api import Api, Tool, Unresolved
from appsync_lint.linter import Finding
from appsync_lint.linter.runner import all_rules, run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText

KEY, IAM, POOL, OIDC, LAMBDA = (
    "API_KEY",
    "AWS_IAM",
    "AMAZON_COGNITO_USER_POOLS",
    "OPENID_CONNECT",
    "AWS_LAMBDA",
)
RULES = all_rules()


def api(default: str, *additional: str, action: str | None = "ALLOW") -> Api:
    """Make an API; ``action`` is the default pool's, if the default is a pool."""
    described: dict[str, object] = {"authenticationType": default}
    if default == POOL and action is not None:
        described["userPoolConfig"] = {"defaultAction": action}
    described["additionalAuthenticationProviders"] = [{"authenticationType": mode} for mode in additional]
    return Api.from_dict(described)


def with_open_modes(default: str, *, action: str | None = "ALLOW") -> Api:
    """Make an API of which only deployment knows whether it has additional modes."""
    return replace(api(default, action=action), additional_open=Unresolved("!Ref Modes"))


def with_open_action(*additional: str) -> Api:
    """Make an API whose default pool's action only deployment knows."""
    known = api(POOL, *additional)
    assert known.default.user_pool is not None
    pool = replace(known.default.user_pool, default_action=Unresolved("!Ref Action"))
    return replace(known, default=replace(known.default, user_pool=pool))


def with_open_default(*additional: str) -> Api:
    """Make an API whose default mode only deployment knows."""
    known = api(KEY, *additional)
    return replace(known, default=replace(known.default, mode=Unresolved("!Ref Mode")))


def folding(known: Api) -> Api:
    """Let a tool deploy an API that merges ``extend`` blocks before it uploads the schema."""
    return replace(known, tool=Tool("Serverless", folds_extensions=True))


def everything(schema: str | Sequence[str], known: Api | None = None) -> list[Finding]:
    """Return what all rules together report; several texts are several files."""
    texts = [schema] if isinstance(schema, str) else schema
    sources = [SourceText(f"{index or ''}schema.graphql", text) for index, text in enumerate(texts)]
    built = build_schema([parse_text(source) for source in sources])
    return list(run(built, known, Settings(), rules=RULES).findings)


def ask(rule: str, schema: str | Sequence[str], known: Api | None = None) -> list[Finding]:
    """Return what one rule reports where all of them run."""
    assert rule in RULES
    return [finding for finding in everything(schema, known) if finding.rule == rule]


def one(rule: str, schema: str | Sequence[str], known: Api | None = None) -> Finding:
    """Return the only finding of a rule."""
    found = ask(rule, schema, known)
    assert len(found) == 1, [finding.message for finding in found]
    return found[0]
