"""``amplify_outputs.json``: the modes that a deployment has, exactly, and its groups; nothing else of the API."""

from __future__ import annotations

from ...api import Api, LambdaAuthorizer, Mode, OpenIdConnect, Provider, Tool, Unresolved, UserPool
from ...api.native import get_list, get_text, read_mode
from ...tree import Scalar, Table

__all__ = ["GEN2", "read_outputs"]

#: It deploys 60 seconds where no ``timeToLiveInSeconds`` is written (A6).
GEN2 = Tool("Amplify Gen 2", unset_lambda_ttl=60)

_WHY = "amplify_outputs.json does not tell it"


def read_outputs(table: Table, path: str) -> Api | None:
    """Return the API of a deployment, without a schema; None where it has none."""
    data = table.get("data")
    if data is None:
        return None
    if not isinstance(data, Table):
        raise data.error(f"data must be a mapping, not {data.kind}")
    written = data.get("default_authorization_type")
    if written is None:
        raise data.error("data has no default_authorization_type")
    auth = table.get("auth")
    auth = auth if isinstance(auth, Table) else Table({}, {}, None)
    pool_id = get_text(auth, "user_pool_id")
    default = _provider(read_mode(written), written, pool_id, is_default=True)
    others = [(read_mode(node), node) for node in get_list(data, "authorization_types") or ()]
    kept = {mode: node for mode, node in others if mode is not default.mode}
    return Api(
        name="amplifyData",
        default=default,
        additional=tuple(_provider(mode, node, pool_id, is_default=False) for mode, node in kept.items()),
        groups=_groups(auth),
        tool=GEN2,
        path=path,
        span=table.keys["data"].span,
    )


def _provider(mode: Mode, node: object, pool_id: str | None, *, is_default: bool) -> Provider:
    span = node.span if isinstance(node, Scalar) else None
    untold = Unresolved("amplify_outputs.json", _WHY, span)
    return Provider(
        mode,
        span,
        # Amplify deploys each default pool with ALLOW.
        user_pool=UserPool(pool_id, "ALLOW" if is_default else None)
        if mode is Mode.AMAZON_COGNITO_USER_POOLS
        else None,
        oidc=OpenIdConnect(untold, untold, untold, untold) if mode is Mode.OPENID_CONNECT else None,
        authorizer=LambdaAuthorizer(uri=untold, ttl=untold, identity_validation="", span=span)
        if mode is Mode.AWS_LAMBDA
        else None,
    )


def _groups(auth: Table) -> tuple[str, ...] | None:
    listed = get_list(auth, "groups")
    if listed is None:
        return None
    return tuple(name for node in listed if isinstance(node, Table) for name in node.entries)
