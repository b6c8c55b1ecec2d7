"""The community's module ``terraform-aws-modules/appsync/aws``: its inputs, as the resources that it makes of them.

The module's own files are not read. What its inputs mean, and what is used where they are not given, is in its
documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .landscape import COMMUNITY, Item
from .modules import Instance
from .operations import truth
from .syntax import Block
from .values import Reference, certain, is_null

__all__ = ["community_items"]

_CONFIGS = ("user_pool_config", "openid_connect_config", "lambda_authorizer_config")
_SETTINGS = ("schema", "visibility", "introspection_config", "query_depth_limit", "resolver_count_limit", *_CONFIGS)
#: What the cache's settings are called, and what the module takes where they are not given.
_CACHE: Mapping[str, tuple[str, str | int | bool]] = {
    "api_caching_behavior": ("caching_behavior", "FULL_REQUEST_CACHING"),
    "ttl": ("cache_ttl", 1),
    "at_rest_encryption_enabled": ("cache_at_rest_encryption_enabled", False),
    "transit_encryption_enabled": ("cache_transit_encryption_enabled", False),
}
_RESOLVER_TTL = 60


def community_items(instance: Instance) -> Iterator[Item]:
    """Give the resources that the calls of the module in one module make."""
    if not any("appsync" in file.source.text and "module" in file.source.text for file in instance.folder.files):
        return
    for block in instance.folder.blocks("module"):
        source = instance.source_of(block)
        if not any(known in source for known in COMMUNITY):
            continue
        for member in instance.expand(block.body).members:
            inputs = instance.table(block.body, instance.scope.having(member.names))
            created = certain(inputs.entries["create_graphql_api"]) if "create_graphql_api" in inputs else None
            if created is not None and not created[1] and truth(created[0]) is False:
                continue
            yield from _Made(instance, block, member.key, inputs).items()


class _Made:
    """What one call of the module makes."""

    def __init__(self, instance: Instance, block: Block, key: str | int | None, inputs: Table) -> None:
        self.instance = instance
        self.block = block
        self.key = key
        self.inputs = inputs
        index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
        self.address = f"{instance.prefix}module.{block.labels[0]}{index}"

    def items(self) -> Iterator[Item]:
        yield self._item("aws_appsync_graphql_api", "this", self.block.span, self._api)
        if self._is_on("caching_enabled"):
            yield self._item("aws_appsync_api_cache", "this", self.block.span, self._cache)
        mode = self.inputs.get("authentication_type")
        found = certain(mode) if mode is not None else None
        # The module makes keys only where the default mode takes them.
        if mode is None or (found is not None and isinstance(found[0], Scalar) and found[0].text == "API_KEY"):
            for name, key, expires in self._map("api_keys"):
                yield self._item(
                    "aws_appsync_api_key", name, key, _later(self._owned, {"expires": expires}, expires.span)
                )
        for name, key, settings in self._map("resolvers"):
            yield self._item("aws_appsync_resolver", name, key, _later(self._resolver, name, settings))
        for name, key, settings in self._map("functions"):
            if isinstance(settings, Table):
                function = _later(self._owned, dict(settings.entries), settings.span)
                yield self._item("aws_appsync_function", name, key, function, function=name)

    def _item(
        self, kind: str, name: str, span: Span, make: Callable[[], Table], *, function: str | None = None
    ) -> Item:
        def is_meant(reference: Reference) -> bool:
            return (
                reference.variety == "module"
                and reference.name == self.block.labels[0]
                and reference.instance.prefix == self.instance.prefix
                and (reference.key is None or self.key is None or reference.key == self.key)
                # A function is meant by its name only, inside the module.
                and (function is None or reference.attribute == f"functions.{function}")
            )

        return Item(kind, f"{self.address}.{kind}.{name}", span, make, is_meant)

    def _api(self) -> Table:
        entries: dict[str, Node] = {"authentication_type": Scalar("API_KEY", "API_KEY", self.block.span)}
        for name in ("authentication_type", *_SETTINGS):
            node = self.inputs.get(name)
            if node is not None and not is_null(node):
                entries[name] = node
        for name in _CONFIGS:
            if name in entries and _is_empty(entries[name]):
                del entries[name]
        additional = self.inputs.get("additional_authentication_provider")
        if additional is not None:
            entries["additional_authentication_provider"] = _providers(additional)
        if self._is_on("logging_enabled"):
            logging = {
                own: self.inputs.entries[name]
                for own, name in (
                    ("field_log_level", "log_field_log_level"),
                    ("exclude_verbose_content", "log_exclude_verbose_content"),
                )
                if name in self.inputs
            }
            entries["log_config"] = self._table(logging, self.block.span)
        return self._table(entries, self.block.span)

    def _cache(self) -> Table:
        entries: dict[str, Node] = {}
        for own, (name, default) in _CACHE.items():
            text = default if isinstance(default, str) else str(default).lower()
            entries[own] = self.inputs.get(name) or Scalar(default, text, self.block.span)
        return self._owned(entries, self.block.span)

    def _resolver(self, name: str, settings: Node) -> Table:
        entries = dict(settings.entries) if isinstance(settings, Table) else {}
        kind, _, field = name.partition(".")
        entries["type"] = Scalar(kind, kind, settings.span)
        entries["field"] = Scalar(field, field, settings.span)
        keys = entries.get("caching_keys")
        if keys is not None and not is_null(keys):
            ttl = entries.get("caching_ttl") or self.inputs.get("resolver_caching_ttl")
            caching = {"caching_keys": keys, "ttl": ttl or Scalar(_RESOLVER_TTL, str(_RESOLVER_TTL), keys.span)}
            entries["caching_config"] = self._table(caching, keys.span)
        names = entries.get("functions")
        if isinstance(names, Sequence):
            functions: list[Node] = []
            for item in names.items:
                word = item.text if isinstance(item, Scalar) else ""
                reference = Reference(self.instance, "module", "", self.block.labels[0], item.span, key=self.key)
                functions.append(reference.at(f"functions.{word}", item.span))
            pipeline: dict[str, Node] = {"functions": Sequence(functions, names.span)}
            entries["pipeline_config"] = self._table(pipeline, names.span)
        return self._owned(entries, settings.span)

    def _owned(self, entries: dict[str, Node], span: Span | None) -> Table:
        """Return the settings of something that belongs to the API."""
        reference = Reference(self.instance, "module", "", self.block.labels[0], span, key=self.key, attribute="id")
        return self._table({**entries, "api_id": reference}, span)

    @staticmethod
    def _table(entries: dict[str, Node], span: Span | None) -> Table:
        return Table(entries, {name: Scalar(name, name, node.span) for name, node in entries.items()}, span)

    def _map(self, name: str) -> Iterator[tuple[str, Span, Node]]:
        node = self.inputs.get(name)
        found = certain(node) if node is not None else None
        if found is not None and isinstance(found[0], Table):
            for key in sorted(found[0].entries):
                yield key, found[0].keys[key].span or self.block.span, found[0].entries[key]

    def _is_on(self, name: str) -> bool:
        node = self.inputs.get(name)
        found = certain(node) if node is not None else None
        return found is not None and truth(found[0]) is True


def _later(make: Callable[..., Table], *arguments: object) -> Callable[[], Table]:
    return lambda: make(*arguments)


def _is_empty(node: Node) -> bool:
    found = certain(node)
    return found is not None and isinstance(found[0], Table) and not found[0].entries and found[0].more is None


def _providers(node: Node) -> Node:
    """Return the additional providers, which the module takes as a mapping, as the list that it makes of it."""
    if isinstance(node, Open):
        if len(node.options) == 1 and node.assumed and node.options[0] is not None:
            inner = _providers(node.options[0])
            return Open(node.text, node.why, node.span, (inner,), complete=True, assumed=node.assumed)
        return node
    if isinstance(node, Table):
        items = [_provider(node.entries[key]) for key in sorted(node.entries)]
    elif isinstance(node, Sequence):
        items = [_provider(item) for item in node.items]
    else:
        return node
    result = Sequence(items, node.span)
    result.more = node.more
    return result


def _provider(node: Node) -> Node:
    """Return a provider without the settings that are given as empty."""
    if not isinstance(node, Table):
        return node
    entries = {name: item for name, item in node if not (name in _CONFIGS and (is_null(item) or _is_empty(item)))}
    result = Table(entries, node.keys, node.span, None, node.repeated)
    result.more = node.more
    return result
