"""What a CDK program says about an API besides its modes: keys, logging, limits, cache, variables."""

from __future__ import annotations

from collections.abc import Iterator

from ...api import Mode, Unresolved
from ...api.settings import (
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    Logging,
    Setting,
    SourceApi,
)
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from ..programs import Call, Program
from ..providers import ProviderReader
from ..resolution import written
from .values import camel, construct, is_cdk, keyed, plain, properties, root

__all__ = ["SettingsReader"]

_NO_SPAN: Span | None = None


class SettingsReader:
    """Reads the settings of one API; ``props`` are its properties, ``call`` its construct."""

    def __init__(self, program: Program, reader: ProviderReader, props: Table, call: Call) -> None:
        self._program = program
        self._reader = reader
        self._props = props
        self._call = call

    def read(
        self, modes: list[Mode | Unresolved], sources: tuple[SourceApi, ...] | None, *, intent: bool
    ) -> ApiSettings:
        """Return the settings. ``intent`` for the construct that makes a key of its own for the mode API_KEY."""
        merged = sources is not None
        if not merged and self._text("apiType") == "MERGED":
            merged, sources = True, tuple(self._associations())
        return ApiSettings(
            whole=self._props.more is None,
            api_keys=tuple(self._own_keys() if intent and Mode.API_KEY in modes else ()) + tuple(self._keys()),
            introspection=self._setting("introspectionConfig"),
            query_depth_limit=self._number("queryDepthLimit"),
            resolver_count_limit=self._number("resolverCountLimit"),
            visibility=self._setting("visibility"),
            waf=self._waf(),
            logging=self._logging(),
            cache=self._cache(),
            environment=tuple(self._environment()),
            merged=merged,
            sources=sources or (),
        )

    # Plain settings.

    def _text(self, key: str) -> str | Unresolved | None:
        return self._reader.text(self._props, (key,))

    def _span(self, key: str) -> Span | None:
        node = self._props.get(key)
        return node.span if node is not None else None

    def _setting(self, key: str) -> Setting[str] | None:
        value = self._text(key)
        return None if value is None else Setting(value, self._span(key))

    def _number(self, key: str) -> Setting[int] | None:
        value = self._reader.number(self._props, (key,))
        return None if value is None else Setting(value, self._span(key))

    def _logging(self) -> Logging | None:
        node = self._props.get("logConfig")
        if node is None or (isinstance(node, Scalar) and not node.value):
            return None
        if isinstance(node, Scalar):
            # ``logConfig: true`` takes the defaults.
            return Logging("NONE", span=node.span)
        if isinstance(node, Open) and (not node.options or None in node.options):
            return Logging(_unresolved(node), _unresolved(node), node.span)
        table = properties(node)
        level = self._reader.text(table, ("fieldLogLevel",))
        if level is None:
            level = "NONE" if table.more is None else _unresolved(table.more)
        return Logging(level, self._reader.flag(table, ("excludeVerboseContent",)), node.span)

    def _environment(self) -> Iterator[EnvironmentVariable]:
        node = self._props.get("environmentVariables")
        table = node if isinstance(node, Table) else Table({}, {}, _NO_SPAN)
        for key in table.entries:
            value = self._reader.text(table, (key,))
            yield EnvironmentVariable(key, value if value is not None else "", table.keys[key].span)
        for call in self._program.calls:
            if call.name in {"addEnvironmentVariable", "add_environment_variable"} and root(call) is self._call:
                name, value_node = call.argument(0, "key"), call.argument(1, "value")
                if isinstance(name, Scalar) and value_node is not None:
                    known = isinstance(value_node, Scalar)
                    text = value_node.text if isinstance(value_node, Scalar) else ""
                    yield EnvironmentVariable(name.text, text if known else _unresolved(value_node), call.span)

    # API keys.

    def _own_keys(self) -> Iterator[ApiKey]:
        """Give the key that the construct makes: its settings are those of the first mode that has some."""
        tables = [self._props]
        listed = self._props.get("additionalAuthorizationModes")
        tables += [item for item in listed if isinstance(item, Table)] if isinstance(listed, Sequence) else []
        config = next((table.get("apiKeyConfig") for table in tables if "apiKeyConfig" in table), None)
        table = properties(config)
        name = self._reader.text(table, ("name",))
        key = ApiKey(name if isinstance(name, str) else "", span=(config or self._call).span)
        yield _expiring(key, table.get("expires"), table.more)

    def _keys(self) -> Iterator[ApiKey]:
        for call, props in self._linked("CfnApiKey", "apiId"):
            identity = call.argument(1, "id")
            name = identity.text if isinstance(identity, Scalar) else ""
            expires = self._reader.number(props, ("expires",))
            if expires is None and props.more is not None:
                expires = _unresolved(props.more)
            yield ApiKey(name, expires=expires, span=call.span)

    # Other constructs that speak about the API.

    def _linked(self, name: str, *keys: str) -> Iterator[tuple[Call, Table]]:
        for call in self._program.calls:
            if construct(call) != name or not is_cdk(call.callee):
                continue
            props = properties(plain(call.arguments[2])) if len(call.arguments) > 2 else _keywords(call)
            links = [props.get(key) for key in keys]
            if any(link is not None and root(link) is self._call for link in links):
                yield call, props

    def _waf(self) -> Setting[str] | None:
        for call, props in self._linked("CfnWebACLAssociation", "resourceArn"):
            acl = self._reader.text(props, ("webAclArn",))
            return Setting(acl if acl is not None else "", call.span)
        why = "another stack may protect it"
        return Setting(Unresolved("web ACL", why, self._call.span), self._call.span)

    def _cache(self) -> ApiCache | None:
        for call, props in self._linked("CfnApiCache", "apiId"):
            return ApiCache(
                behaviour=self._reader.text(props, ("apiCachingBehavior",)),
                ttl=self._reader.number(props, ("ttl",)),
                encrypted_at_rest=self._reader.flag(props, ("atRestEncryptionEnabled",)),
                encrypted_in_transit=self._reader.flag(props, ("transitEncryptionEnabled",)),
                span=call.span,
            )
        return None

    def _associations(self) -> Iterator[SourceApi]:
        for call, props in self._linked("CfnSourceApiAssociation", "mergedApiIdentifier"):
            source = props.get("sourceApiIdentifier")
            made = root(source) if source is not None else None
            identity = made.argument(1, "id") if made is not None else None
            if isinstance(identity, Scalar):
                yield SourceApi(identity.text, call.span)
            elif isinstance(source, Scalar):
                yield SourceApi(source.text, call.span)
            elif source is not None:
                yield SourceApi(_unresolved(source), call.span)


def _keywords(call: Call) -> Table:
    table = keyed(call.keywords, camel)
    table.more = table.more or call.more
    return properties(plain(table))


def _unresolved(node: Node) -> Unresolved:
    return Unresolved(written(node), node.why if isinstance(node, Open) else "", node.span)


def _expiring(key: ApiKey, expires: Node | None, more: Open | None) -> ApiKey:
    """Return a key with its end: a time, or how long it lives."""
    from dataclasses import replace

    if expires is None or (isinstance(expires, Scalar) and expires.value is None):
        return key if more is None else replace(key, expires=_unresolved(more))
    if isinstance(expires, Call) and expires.name == "after" and expires.arguments:
        seconds = plain(expires.arguments[0])
        if isinstance(seconds, Scalar) and isinstance(seconds.value, int):
            return replace(key, lifetime_days=seconds.value // 86400)
    when = _time(expires)
    return replace(key, expires=when if when is not None else _unresolved(expires))


def _time(node: Node) -> int | None:
    """Return a moment in seconds since 1970, None where only a run knows it."""
    from datetime import datetime, timezone

    if not isinstance(node, Call) or not node.arguments:
        return None
    if node.name in {"atDate", "at_date"}:
        return _time(node.arguments[0])
    first = node.arguments[0]
    value = first.value if isinstance(first, Scalar) else None
    if isinstance(value, int) and (node.name in {"atTimestamp", "at_timestamp"} or node.name == "Date"):
        return value // 1000
    if isinstance(value, str) and len(value) < 40 and node.name in {"fromString", "from_string", "Date"}:
        try:
            moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            return None
        return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp())
    return None
