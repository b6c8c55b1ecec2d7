"""The native form: an API in the words of AppSync's own API, so that ``get-graphql-api``'s answer is one.

Reads a tree of nodes; where the tree came from (a file, ``json.loads``, a caller's dictionary) is not
known here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ..errors import InputError
from ..tree import Node, Scalar, Sequence, Table, nearest
from .api_settings import ApiSettings
from .mode import Mode
from .values import (
    Api,
    DefaultAction,
    FunctionCode,
    LambdaAuthorizer,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Tool,
    UserPool,
)

if TYPE_CHECKING:
    from .native_settings import Surroundings
    from .settings import MergedApi

__all__ = ["API_KEYS", "check_keys", "get_bool", "get_int", "get_list", "get_table", "get_text", "read_api"]

#: How much of a wrong value an error repeats.
_SHOWN = 60

#: The members of ``GraphqlApi`` in AppSync's API model (BOTO), all accepted so that its answers can be fed back.
_SERVICE_KEYS = (
    "additionalAuthenticationProviders apiId apiType arn authenticationType dns enhancedMetricsConfig "
    "introspectionConfig lambdaAuthorizerConfig logConfig mergedApiExecutionRoleArn name openIDConnectConfig "
    "owner ownerContact queryDepthLimit resolverCountLimit tags uris userPoolConfig visibility wafWebAclArn "
    "xrayEnabled"
).split()
#: What AppSync's API prints beside ``GraphqlApi``, and what only we ask for.
_OTHER_KEYS = (
    "amplify apiCache apiKeys environmentVariables functions groups iamPolicies mergedInto preprocessed resolvers "
    "schema sourceApis unauthenticatedRole"
).split()
API_KEYS = (*_SERVICE_KEYS, *_OTHER_KEYS)
#: Keys of which one at least makes the settings worth reading.
_SETTING_KEYS = frozenset(API_KEYS).difference(
    "additionalAuthenticationProviders authenticationType groups name preprocessed schema userPoolConfig "
    "openIDConnectConfig lambdaAuthorizerConfig".split()
)
_PROVIDER_KEYS = ("authenticationType", "lambdaAuthorizerConfig", "openIDConnectConfig", "userPoolConfig")
_POOL_KEYS = ("appIdClientRegex", "awsRegion", "userPoolId")
_OIDC_KEYS = ("authTTL", "clientId", "iatTTL", "issuer")
_LAMBDA_KEYS = ("authorizerResultTtlInSeconds", "authorizerUri", "handler", "identityValidationExpression", "source")

#: The endings of files that can hold a handler.
_CODE = (".ts", ".mts", ".js", ".mjs", ".cjs", ".py")

#: The modes of which an API can have one provider only (SEMANTICS 1.13).
_ONCE = (Mode.API_KEY, Mode.AWS_IAM, Mode.AWS_LAMBDA)


def read_api(node: Table, *, path: str = "", base: str = ".", around: Surroundings | None = None) -> Api:
    """Read one API. ``base`` is the folder that its schema paths are relative to; ``around`` gives what else the
    description's file names.
    """
    check_keys(node, API_KEYS, "an API")
    default = _provider(node, base, is_default=True)
    additional = tuple(
        _provider(_expect_table(item, "an additional provider"), base, is_default=False)
        for item in get_list(node, "additionalAuthenticationProviders") or ()
    )
    _refuse_repeated((default, *additional))
    name = get_text(node, "name") or get_text(node, "apiId") or "API"
    groups = get_list(node, "groups")
    folds = get_bool(node, "preprocessed") or False
    return Api(
        name=name,
        default=default,
        additional=additional,
        schema_files=tuple(_schema_files(node.get("schema"), base)),
        groups=None if groups is None else tuple(_text(item, "a group") for item in groups),
        settings=_settings(node, base, around),
        tool=Tool("AppSync", folds_extensions=folds),
        path=path,
        span=node.keys["name"].span if "name" in node.keys else node.span,
    )


def _settings(node: Table, base: str, around: Surroundings | None) -> ApiSettings:
    if _SETTING_KEYS.isdisjoint(node.entries):
        return ApiSettings()
    from .native_settings import read_settings

    settings = read_settings(node, base, around)
    return replace(settings, merged_into=tuple(_merged_into(node, base)))


def _merged_into(node: Table, base: str) -> Iterable[MergedApi]:
    """Read the merged APIs that this one is a source of: each by its name and its modes."""
    from .settings import MergedApi

    for item in get_list(node, "mergedInto") or ():
        table = _expect_table(item, "a merged API")
        check_keys(table, (*_PROVIDER_KEYS, "additionalAuthenticationProviders", "name"), "a merged API")
        providers = [_provider(table, base, is_default=True)]
        providers += [
            _provider(_expect_table(other, "an additional provider"), base, is_default=False)
            for other in get_list(table, "additionalAuthenticationProviders") or ()
        ]
        modes = tuple(provider.mode for provider in providers if isinstance(provider.mode, Mode))
        yield MergedApi(get_text(table, "name") or "the merged API", modes, span=table.span)


def _provider(node: Table, base: str, *, is_default: bool) -> Provider:
    if not is_default:
        check_keys(node, _PROVIDER_KEYS, "an additional provider")
    written = node.get("authenticationType")
    if written is None:
        where = "the API" if is_default else "an additional provider"
        raise node.error(f"{where} has no authenticationType")
    pool = get_table(node, "userPoolConfig")
    oidc = get_table(node, "openIDConnectConfig")
    authorizer = get_table(node, "lambdaAuthorizerConfig")
    return Provider(
        mode=read_mode(written),
        span=written.span,
        user_pool=_user_pool(pool, is_default) if pool else None,
        oidc=_oidc(oidc) if oidc else None,
        authorizer=_authorizer(authorizer, base) if authorizer else None,
    )


def read_mode(node: Node) -> Mode:
    """Read a mode's name; the error names the nearest that exists."""
    text = _text(node, "authenticationType")
    try:
        return Mode(text)
    except ValueError:
        names = [mode.value for mode in Mode]
        meant = _other_name(text) or nearest(text, names)
        hint = f"did you mean {meant}?" if meant else f"the modes are {', '.join(names)}"
        raise node.error(f"{_shortened(text)!r} is not an authorization mode; {hint}") from None


def _other_name(text: str) -> str | None:
    """Return the mode that a directive, a caller's name or a part of the mode's own name stands for."""
    name = text.strip("@ ").upper().replace("-", "_")
    if len(name) < len("IAM"):
        return None
    meant = [mode.value for mode in Mode if name in (mode.directive.upper(), mode.caller.upper()) or name in mode.value]
    return meant[0] if len(meant) == 1 else None


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _user_pool(node: Table, is_default: bool) -> UserPool:
    check_keys(node, (*_POOL_KEYS, "defaultAction"), "userPoolConfig")
    action = get_text(node, "defaultAction")
    if action is not None and action not in ("ALLOW", "DENY"):
        raise node.entries["defaultAction"].error(f"defaultAction is ALLOW or DENY, not {action!r}")
    return UserPool(
        pool_id=get_text(node, "userPoolId"),
        # Only the default pool has one (2.10); a rule reports it elsewhere.
        default_action=cast("DefaultAction | None", action) if is_default else None,
        default_action_span=node.entries["defaultAction"].span if action else None,
        app_client_regex=get_text(node, "appIdClientRegex"),
    )


def _oidc(node: Table) -> OpenIdConnect:
    check_keys(node, _OIDC_KEYS, "openIDConnectConfig")
    return OpenIdConnect(
        issuer=get_text(node, "issuer"),
        client_id=get_text(node, "clientId"),
        issued_ttl_ms=get_int(node, "iatTTL"),
        auth_ttl_ms=get_int(node, "authTTL"),
    )


def _authorizer(node: Table, base: str) -> LambdaAuthorizer:
    check_keys(node, _LAMBDA_KEYS, "lambdaAuthorizerConfig")
    source = get_text(node, "source")
    handler = get_text(node, "handler")
    ttl = node.get("authorizerResultTtlInSeconds")
    return LambdaAuthorizer(
        uri=get_text(node, "authorizerUri"),
        ttl=get_int(node, "authorizerResultTtlInSeconds"),
        ttl_span=ttl.span if ttl else None,
        identity_validation=get_text(node, "identityValidationExpression"),
        source=source,
        code=_code(source, handler, base),
        span=node.span,
    )


def _code(source: str | None, handler: str | None, base: str) -> FunctionCode | None:
    """Return where an authorizer's code is: in the file that is named, or in the one that the handler names."""
    if source:
        return FunctionCode((source,), base, handler)
    if not handler:
        return None
    folder, _, name = handler.rpartition("/")
    stem = f"{folder}/{name.rpartition('.')[0] or name}".lstrip("/")
    return FunctionCode(tuple(f"{stem}{suffix}" for suffix in _CODE), base, handler)


def _refuse_repeated(providers: Iterable[Provider]) -> None:
    seen: set[Mode] = set()
    for provider in providers:
        mode = provider.mode
        assert isinstance(mode, Mode)
        if mode in seen and mode in _ONCE:
            raise InputError(f"{mode.value} is configured twice; an API has it once", span=provider.span)
        seen.add(mode)


def _schema_files(node: Node | None, base: str) -> Iterable[SchemaFile]:
    if node is None:
        return
    for item in node if isinstance(node, Sequence) else (node,):
        yield SchemaFile(path=_text(item, "schema"), base=base, span=item.span)


def check_keys(node: Table, known: Iterable[str], where: str, hints: dict[str, str] | None = None) -> None:
    """Refuse keys that are written twice and keys that do not exist, naming the nearest that does."""
    for key in node.repeated:
        raise key.error(f"the key {_shortened(key.text)!r} is written twice")
    known = tuple(known)
    for name, key in node.keys.items():
        if name not in known:
            hint = (hints or {}).get(name)
            if hint is None:
                meant = nearest(name, known)
                hint = f"did you mean {meant!r}?" if meant else f"it has {', '.join(sorted(known))}"
            raise key.error(f"unknown key {_shortened(name)!r} in {where}; {hint}")


def _expect_table(node: Node, what: str) -> Table:
    if isinstance(node, Table):
        return node
    raise node.error(f"{what} must be a mapping, not {node.kind}")


def _text(node: Node, what: str) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    raise node.error(f"{what} must be a text, not {_shown(node)}")


def _shown(node: Node) -> str:
    """Say what a node is that should be something else."""
    if not isinstance(node, Scalar):
        return node.kind
    return "empty" if node.value is None else repr(_shortened(node.text))


def get_text(node: Table, key: str) -> str | None:
    """Return the text under a key, None where the key is absent or null; refuse anything else."""
    item = _present(node, key)
    return None if item is None else _text(item, key)


def get_int(node: Table, key: str) -> int | None:
    """Return the whole number under a key, None where the key is absent or null; refuse anything else."""
    item = _present(node, key)
    if item is None:
        return None
    if isinstance(item, Scalar) and isinstance(item.value, int) and not isinstance(item.value, bool):
        return item.value
    raise item.error(f"{key} must be a whole number, not {_shown(item)}")


def get_bool(node: Table, key: str) -> bool | None:
    """Return the truth value under a key, None where the key is absent or null; refuse anything else."""
    item = _present(node, key)
    if item is None:
        return None
    if isinstance(item, Scalar) and isinstance(item.value, bool):
        return item.value
    raise item.error(f"{key} must be true or false, not {_shown(item)}")


def get_list(node: Table, key: str) -> tuple[Node, ...] | None:
    """Return the items of the list under a key, None where the key is absent or null; refuse anything else."""
    item = _present(node, key)
    if item is None:
        return None
    if isinstance(item, Sequence):
        return tuple(item)
    raise item.error(f"{key} must be a list, not {item.kind}")


def get_table(node: Table, key: str) -> Table | None:
    """Return the mapping under a key, None where the key is absent or null; refuse anything else."""
    item = _present(node, key)
    return None if item is None else _expect_table(item, key)


def _present(node: Table, key: str) -> Node | None:
    item = node.get(key)
    if item is None or (isinstance(item, Scalar) and item.value is None):
        return None
    return item
