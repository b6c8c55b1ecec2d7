"""The modes of an Amplify API as its files write them: two spellings, and the form of 2019."""

from __future__ import annotations

from ...api import Mode, Tool
from ...tree import Node, Scalar, Sequence, Table
from ..providers import Spelling

__all__ = ["AMPLIFY", "CONFIG", "INPUTS", "config_table", "inputs_table"]

#: The compiler writes the TTL that it is told and none otherwise; AppSync then does not cache (A6).
AMPLIFY = Tool("Amplify", unset_lambda_ttl=0)

#: ``output.authConfig`` of ``backend-config.json``.
CONFIG = Spelling(
    AMPLIFY,
    mode=("authenticationType",),
    additional=("additionalAuthenticationProviders",),
    pool=("userPoolConfig",),
    oidc=("openIDConnectConfig",),
    authorizer=("lambdaAuthorizerConfig",),
    pool_id=("userPoolId",),
    action=("defaultAction",),
    issuer=("issuerUrl",),
    client_id=("clientId",),
    issued_ttl=("iatTTL",),
    auth_ttl=("authTTL",),
    uri=("lambdaFunction",),
    ttl=("ttlSeconds",),
    unset_action="ALLOW",
)

#: The keys that the settings of a mode are given, by the mode.
_OWN = {
    Mode.AMAZON_COGNITO_USER_POOLS.value: "(user pool)",
    Mode.OPENID_CONNECT.value: "(issuer)",
    Mode.AWS_LAMBDA.value: "(authorizer)",
}

#: ``serviceConfiguration`` of ``cli-inputs.json``, where a mode's settings stand beside its name.
INPUTS = Spelling(
    AMPLIFY,
    mode=("mode",),
    additional=("additionalAuthTypes",),
    pool=(_OWN["AMAZON_COGNITO_USER_POOLS"],),
    oidc=(_OWN["OPENID_CONNECT"],),
    authorizer=(_OWN["AWS_LAMBDA"],),
    pool_id=("cognitoUserPoolId",),
    action=("defaultAction",),
    issuer=("openIDIssuerURL",),
    client_id=("openIDClientID",),
    issued_ttl=("openIDIatTTL",),
    auth_ttl=("openIDAuthTTL",),
    uri=("lambdaFunction",),
    ttl=("ttlSeconds",),
    unset_action="ALLOW",
)


def config_table(output: Table) -> Table | None:
    """Return the providers of an API's ``output`` in ``backend-config.json``, or None where it tells none."""
    config = output.get("authConfig")
    if isinstance(config, Table):
        return _together(config, config.get("defaultAuthentication"), "additionalAuthenticationProviders")
    security = output.get("securityType")
    if isinstance(security, Scalar) and security.value is not None:
        return Table({"authenticationType": security}, {"authenticationType": security}, output.span)
    return None


def inputs_table(service: Table) -> Table | None:
    """Return the providers of the ``serviceConfiguration`` in ``cli-inputs.json``, or None where it tells none."""
    default = service.get("defaultAuthType")
    table = _together(service, _with_settings(default) if default is not None else None, "additionalAuthTypes")
    additional = service.get("additionalAuthTypes")
    if table is not None and isinstance(additional, Sequence):
        items = [_with_settings(item) for item in additional]
        table.entries["additionalAuthTypes"] = Sequence(items, additional.span)
    return table


def _together(holder: Table, default: Node | None, additional: str) -> Table | None:
    if default is None:
        return None
    if not isinstance(default, Table):
        raise default.error(f"the default authorization must be a mapping, not {default.kind}")
    entries, keys = dict(default.entries), dict(default.keys)
    if additional in holder:
        entries[additional], keys[additional] = holder.entries[additional], holder.keys[additional]
    return Table(entries, keys, default.span, None, default.repeated)


def _with_settings(node: Node) -> Node:
    """Give a provider's settings a key of their own; an answer that was left empty is none."""
    if not isinstance(node, Table):
        return node
    kept = {
        key: item
        for key, item in node
        if not (isinstance(item, Scalar) and (item.value is None or item.text == "")) or key == "mode"
    }
    mode = kept.get("mode")
    table = Table(kept, {key: node.keys[key] for key in kept}, node.span, node.tag, node.repeated)
    if isinstance(mode, Scalar) and mode.text in _OWN:
        own = _OWN[mode.text]
        table.entries[own], table.keys[own] = Table(dict(kept), dict(table.keys), node.span), node.keys["mode"]
    return table
