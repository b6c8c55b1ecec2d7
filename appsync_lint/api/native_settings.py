"""The native form's settings besides the modes: keys, cache, resolvers, policies, as AppSync's own API prints them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from typing import Literal, Protocol, cast

from ..text import EmbeddedText, SourceText, Span
from ..tree import Node, Scalar, Sequence, Table
from .native import check_keys, get_bool, get_int, get_list, get_table, get_text
from .settings import (
    AmplifySettings,
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    Logging,
    PolicyStatement,
    PolicyText,
    Resolver,
    ResolverCode,
    Setting,
    SourceApi,
)

__all__ = ["Surroundings", "read_policy", "read_settings"]

#: Keys that only AppSync's own answers have.
_ANSWERED = ("apiId", "arn", "uris")

_LOG_KEYS = ("cloudWatchLogsRoleArn", "excludeVerboseContent", "fieldLogLevel")
_LEVELS = ("NONE", "ERROR", "ALL", "INFO", "DEBUG")
_KEY_KEYS = ("deletes", "description", "expires", "id")
_CACHE_KEYS = (
    "apiCachingBehavior",
    "atRestEncryptionEnabled",
    "healthMetricsConfig",
    "status",
    "transitEncryptionEnabled",
    "ttl",
    "type",
)
_BEHAVIOURS = ("FULL_REQUEST_CACHING", "PER_RESOLVER_CACHING", "OPERATION_LEVEL_CACHING")
_CODE_KEYS = ("code", "maxBatchSize", "requestMappingTemplate", "responseMappingTemplate", "runtime", "syncConfig")
_RESOLVER_KEYS = (
    *_CODE_KEYS,
    "cachingConfig",
    "dataSourceName",
    "fieldName",
    "kind",
    "metricsConfig",
    "pipelineConfig",
    "resolverArn",
    "typeName",
)
_FUNCTION_KEYS = (
    *_CODE_KEYS,
    "dataSourceName",
    "description",
    "functionArn",
    "functionId",
    "functionVersion",
    "name",
)
_AMPLIFY_KEYS = ("adminRoleNames", "globalAuthRule", "sandbox")
#: What a caller of the API must be allowed to do.
_CALL = "appsync:graphql"


class Surroundings(Protocol):
    """What lies around a description: files that it names, and the text in which its own texts have their places."""

    def document(self, node: Scalar) -> Table:
        """Return what a JSON or YAML file holds whose path is written at ``node``."""

    def text(self, node: Scalar) -> SourceText | EmbeddedText:
        """Return a text of the description, with its places."""


def read_settings(node: Table, base: str, around: Surroundings | None = None) -> ApiSettings:
    """Read an API's settings besides its modes. ``base`` is the folder that paths are relative to.

    Without ``around`` the description is no file, and may not name others.
    """
    functions = {
        key: function
        for function in _tables(node, "functions", "a function", _FUNCTION_KEYS)
        for key in (get_text(function, "functionId"), get_text(function, "name"))
        if key is not None
    }
    sources = tuple(_source_apis(node))
    return ApiSettings(
        whole=any(key in node for key in _ANSWERED),
        api_keys=tuple(_api_keys(node)),
        introspection=_setting(node, "introspectionConfig", ("ENABLED", "DISABLED")),
        query_depth_limit=_number(node, "queryDepthLimit"),
        resolver_count_limit=_number(node, "resolverCountLimit"),
        visibility=_setting(node, "visibility", ("GLOBAL", "PRIVATE")),
        waf=_setting(node, "wafWebAclArn"),
        logging=_logging(node),
        cache=_cache(node),
        environment=tuple(_environment(node)),
        resolvers=tuple(_resolvers(node, functions, base, around)),
        policies=tuple(_policies(node, around)),
        unauthenticated_role=_flag(node, "unauthenticatedRole"),
        merged=_is_merged(node, bool(sources)),
        sources=sources,
        amplify=_amplify(node),
    )


# Small ones.


def _setting(node: Table, key: str, allowed: tuple[str, ...] = ()) -> Setting[str] | None:
    text = get_text(node, key)
    if text is None:
        return None
    _one_of(node, key, text, allowed)
    return Setting(text, node.entries[key].span)


def _one_of(node: Table, key: str, text: str, allowed: tuple[str, ...]) -> None:
    if allowed and text not in allowed:
        raise node.entries[key].error(f"{key} is {', '.join(allowed[:-1])} or {allowed[-1]}, not {text[:40]!r}")


def _number(node: Table, key: str) -> Setting[int] | None:
    number = get_int(node, key)
    return None if number is None else Setting(number, node.entries[key].span)


def _flag(node: Table, key: str) -> Setting[bool] | None:
    flag = get_bool(node, key)
    return None if flag is None else Setting(flag, node.entries[key].span)


def _is_merged(node: Table, has_sources: bool) -> bool:
    kind = _setting(node, "apiType", ("GRAPHQL", "MERGED"))
    if kind is not None and kind.value == "GRAPHQL" and has_sources:
        raise node.keys["sourceApis"].error("an API of the type GRAPHQL is not merged from others")
    return has_sources if kind is None else kind.value == "MERGED"


def _source_apis(node: Table) -> Iterator[SourceApi]:
    for item in get_list(node, "sourceApis") or ():
        yield SourceApi(_text(item, "a source API"), item.span)


def _logging(node: Table) -> Logging | None:
    part = get_table(node, "logConfig")
    if part is None:
        return None
    check_keys(part, _LOG_KEYS, "logConfig")
    level = get_text(part, "fieldLogLevel")
    if level is not None:
        _one_of(part, "fieldLogLevel", level, _LEVELS)
    return Logging(level, get_bool(part, "excludeVerboseContent"), node.keys["logConfig"].span)


def _cache(node: Table) -> ApiCache | None:
    part = get_table(node, "apiCache")
    if part is None:
        return None
    check_keys(part, _CACHE_KEYS, "apiCache")
    behaviour = get_text(part, "apiCachingBehavior")
    if behaviour is not None:
        _one_of(part, "apiCachingBehavior", behaviour, _BEHAVIOURS)
    return ApiCache(
        behaviour=behaviour,
        ttl=get_int(part, "ttl"),
        encrypted_at_rest=get_bool(part, "atRestEncryptionEnabled"),
        encrypted_in_transit=get_bool(part, "transitEncryptionEnabled"),
        span=node.keys["apiCache"].span,
    )


def _environment(node: Table) -> Iterator[EnvironmentVariable]:
    part = get_table(node, "environmentVariables")
    for name, value in part or ():
        if not isinstance(value, Scalar) or value.value is None:
            raise value.error(f"the value of {name} must be a text, not {value.kind}")
        yield EnvironmentVariable(name, value.text, value.span)


def _amplify(node: Table) -> AmplifySettings | None:
    part = get_table(node, "amplify")
    if part is None:
        return None
    check_keys(part, _AMPLIFY_KEYS, "amplify")
    names = get_list(part, "adminRoleNames") or ()
    rule = _setting(part, "globalAuthRule", ("public", "none"))
    return AmplifySettings(
        admin_roles=tuple(Setting(_text(item, "a role's name"), item.span) for item in names),
        global_public=Setting(rule.value == "public", rule.span) if rule is not None else None,
        sandbox=_flag(part, "sandbox"),
    )


# Keys.


def _api_keys(node: Table) -> Iterator[ApiKey]:
    for item in _tables(node, "apiKeys", "an API key", _KEY_KEYS):
        # Its id is what a caller must know: it is not repeated in any report.
        get_text(item, "id")
        expires = item.get("expires")
        yield ApiKey(
            get_text(item, "description") or "",
            expires=None if expires is None else _instant(expires),
            span=item.span if expires is None else expires.span,
        )


def _instant(node: Node) -> int:
    """Return a time in seconds since 1970 that is written so, or as a date."""
    if isinstance(node, Scalar) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return int(node.value)
    try:
        moment = datetime.fromisoformat(_text(node, "expires").strip().replace("Z", "+00:00"))
    except ValueError:
        raise node.error("expires is a date, or a time in seconds since 1970") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())


# Resolvers.


def _resolvers(node: Table, functions: dict[str, Table], base: str, around: Surroundings | None) -> Iterator[Resolver]:
    for item in _tables(node, "resolvers", "a resolver", _RESOLVER_KEYS):
        type_name, field_name = get_text(item, "typeName"), get_text(item, "fieldName")
        if not type_name or not field_name:
            raise item.error("a resolver has a typeName and a fieldName")
        before, after = _pieces(item, base, around)
        steps: list[ResolverCode] = []
        whole = True
        pipeline = get_table(item, "pipelineConfig")
        for step in get_list(pipeline, "functions") or () if pipeline is not None else ():
            function = functions.get(_text(step, "a function"))
            whole = whole and function is not None
            if function is not None:
                steps += [piece for pieces in _pieces(function, base, around) for piece in pieces]
        keys, ttl, span = _caching(item)
        yield Resolver(
            type_name,
            field_name,
            caching_keys=keys,
            caching_ttl=ttl,
            caching_span=span,
            code=(*before, *steps, *after),
            whole=whole,
            span=item.span,
        )


def _caching(node: Table) -> tuple[tuple[str, ...] | None, int | None, Span | None]:
    part = get_table(node, "cachingConfig")
    if part is None:
        return None, None, None
    check_keys(part, ("cachingKeys", "ttl"), "cachingConfig")
    keys = tuple(_text(item, "a caching key") for item in get_list(part, "cachingKeys") or ())
    return keys, get_int(part, "ttl"), node.keys["cachingConfig"].span


def _pieces(
    node: Table, base: str, around: Surroundings | None
) -> tuple[tuple[ResolverCode, ...], tuple[ResolverCode, ...]]:
    """Return what runs before the steps of a resolver, and what runs after them."""
    if get_text(node, "code") is not None:
        return (_piece(node, "code", base, around),), ()
    before, after = (
        (_piece(node, key, base, around),) if get_text(node, key) is not None else ()
        for key in ("requestMappingTemplate", "responseMappingTemplate")
    )
    return before, after


def _piece(node: Table, key: str, base: str, around: Surroundings | None) -> ResolverCode:
    scalar = node.entries[key]
    assert isinstance(scalar, Scalar)
    language: Literal["vtl", "javascript", "typescript"] = "javascript" if key == "code" else "vtl"
    written = scalar.text.strip()
    if "\n" not in written and written.endswith((".js", ".mjs", ".ts", ".vtl")):
        # A person keeps code in a file of its own.
        language = "typescript" if written.endswith(".ts") else language
        return ResolverCode(language, path=written, base=base, span=scalar.span)
    text = SourceText("", scalar.text) if around is None else around.text(scalar)
    return ResolverCode(language, text=text, span=scalar.span)


# Policies.


def _policies(node: Table, around: Surroundings | None) -> Iterator[PolicyStatement]:
    listed = node.get("iamPolicies")
    for item in listed if isinstance(listed, Sequence) else () if listed is None else (listed,):
        owner = ""
        policy: Node = item
        if isinstance(item, Scalar):
            owner = _text(item, "iamPolicies")
            if around is None:
                raise item.error("iamPolicies: only a file can name other files")
            policy = around.document(item)
        if not isinstance(policy, Table):
            raise policy.error(f"iamPolicies is a policy with a Statement, or the path of one, not {policy.kind}")
        yield from read_policy(policy, owner)


def read_policy(policy: Table, owner: str = "") -> Iterator[PolicyStatement]:
    """Read the statements of an IAM policy that are about calling AppSync.

    ``owner`` names the policy; without it the name counts that IAM's API prints.
    """
    document, name = _document(policy)
    for statement in _listed(document.entries["Statement"]):
        read = _statement(statement, owner or name)
        if read is not None:
            yield read


def _document(policy: Table) -> tuple[Table, str]:
    """Return the document in a policy as IAM's API prints one, and the policy's name."""
    name = policy.get("PolicyName") or policy.get("RoleName")
    for key in ("PolicyVersion", "PolicyDocument", "Document"):
        inner = policy.get(key)
        if isinstance(inner, Table):
            policy = inner
    if "Statement" not in policy:
        raise policy.error("a policy has a Statement")
    return policy, name.text if isinstance(name, Scalar) else ""


def _statement(node: Node, owner: str) -> PolicyStatement | None:
    """Read a statement; None where it is not about calling AppSync."""
    if not isinstance(node, Table):
        raise node.error(f"a statement must be a mapping, not {node.kind}")
    effect = get_text(node, "Effect")
    if effect is None:
        raise node.error("a statement has an Effect")
    _one_of(node, "Effect", effect, ("Allow", "Deny"))
    actions = tuple(item for item in _texts(node, "Action") if fnmatchcase(_CALL, item.text.lower()))
    excepted = tuple(_texts(node, "NotAction"))
    if excepted and not any(fnmatchcase(_CALL, item.text.lower()) for item in excepted):
        actions = (PolicyText("*", node.entries["NotAction"].span),)
    negated = "NotResource" in node
    resources = tuple(
        item
        for item in _texts(node, "NotResource" if negated else "Resource")
        if item.text.startswith("*") or "appsync" in item.text
    )
    if not actions or not (resources or negated):
        return None
    return PolicyStatement(cast("Literal['Allow', 'Deny']", effect), actions, resources, owner, negated, node.span)


def _texts(node: Table, key: str) -> Iterator[PolicyText]:
    value = node.get(key)
    for item in () if value is None else _listed(value):
        yield PolicyText(_text(item, key), item.span)


def _listed(node: Node) -> tuple[Node, ...]:
    return tuple(node) if isinstance(node, Sequence) else (node,)


# Nodes.


def _tables(node: Table, key: str, what: str, known: tuple[str, ...]) -> Iterator[Table]:
    for item in get_list(node, key) or ():
        if not isinstance(item, Table):
            raise item.error(f"{what} must be a mapping, not {item.kind}")
        check_keys(item, known, what)
        yield item


def _text(node: Node, what: str) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    raise node.error(f"{what} must be a text, not {node.kind}")
