"""An API's settings besides its modes: keys, limits, logging, the cache, and what else belongs to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import TypeVar

from ...api import (
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    Logging,
    Resolver,
    Setting,
    SourceApi,
    Unresolved,
)
from ...tree import Node, Scalar, Table
from ..resolution import written
from .identity import Identity
from .policies import Policies
from .resolvers import Resolvers
from .spelling import SAM_API
from .stacks import Deployment
from .template import API_TYPES, Resource, Template
from .texts import Texts

__all__ = ["SettingsReader"]

T = TypeVar("T")

#: What belongs to an API, and the property that names it.
_BELONGING = {
    "AWS::AppSync::GraphQLSchema": "ApiId",
    "AWS::AppSync::ApiKey": "ApiId",
    "AWS::AppSync::ApiCache": "ApiId",
    "AWS::AppSync::Resolver": "ApiId",
    "AWS::AppSync::SourceApiAssociation": "MergedApiIdentifier",
    "AWS::WAFv2::WebACLAssociation": "ResourceArn",
}


class SettingsReader:
    """Reads the settings of a deployment's APIs."""

    def __init__(self, deployment: Deployment, texts: Texts) -> None:
        self._deployment = deployment
        self._resolvers = Resolvers(deployment, texts)
        self._policies = Policies(deployment)
        self.identity = Identity(deployment, self._policies)
        self._belonging = self._by_api()
        self._unread = self._unread_by_api()

    def _by_api(self) -> dict[tuple[tuple[int, str], str], list[Resource]]:
        """Return what belongs to each API, by the API's place and the type."""
        found: dict[tuple[tuple[int, str], str], list[Resource]] = {}
        for kind, key in _BELONGING.items():
            for item in self._deployment.of_kinds(kind):
                node = item.template.properties(item).get(key)
                for place in self.apis_in(item.template, node) if node is not None else ():
                    found.setdefault((place, kind), []).append(item)
        return found

    def apis_in(self, template: Template, node: Node) -> list[tuple[int, str]]:
        """Return the places of the APIs that a value refers to."""
        places = sorted(self._deployment.references.referred(template, node))
        return [place for place in places if (item := self._deployment.find(place)) and item.kind in API_TYPES]

    def _unread_by_api(self) -> dict[tuple[int, str], list[tuple[str, str]]]:
        """Return the nested stacks that an API is passed to and that cannot be read, each with the reason."""
        found: dict[tuple[int, str], list[tuple[str, str]]] = {}
        for template in self._deployment.all_templates:
            for name, why in template.unread.items():
                passed = template.properties(template.by_name[name]).get("Parameters")
                for place in self.apis_in(template, passed) if passed is not None else ():
                    found.setdefault(place, []).append((name, why))
        return found

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(item.name for item in self._deployment.of_kinds(*API_TYPES))

    def name_of(self, api: Resource) -> str:
        """Return an API's logical id, with the stack before it where several stacks have one of that id."""
        stack = api.template.stack
        return f"{stack}.{api.name}" if stack and self._names[api.name] > 1 else api.name

    def belonging(self, api: Resource, kind: str) -> list[Resource]:
        """Return what belongs to an API, of one type."""
        return self._belonging.get((api.place, kind), [])

    def unread(self, api: Resource) -> list[tuple[str, str]]:
        """Return the nested stacks that may hold something of an API and cannot be read, each with the reason."""
        return self._unread.get(api.place, [])

    def read(self, api: Resource, properties: Table) -> ApiSettings:
        """Read an API's settings. What is wrong in them is kept as an error of the template, the rest is read."""
        template = api.template
        sam = properties if api.kind == SAM_API else None
        sources = tuple(map(self._source, self.belonging(api, "AWS::AppSync::SourceApiAssociation")))
        partial_ones = any(item.partial for item in self._deployment.all_templates)
        return ApiSettings(
            whole=not (self.unread(api) or partial_ones or "Fn::Transform" in properties),
            api_keys=tuple(self._keys(api, sam)),
            introspection=_setting(template.text, properties, "IntrospectionConfig"),
            query_depth_limit=_setting(template.number, properties, "QueryDepthLimit"),
            resolver_count_limit=_setting(template.number, properties, "ResolverCountLimit"),
            visibility=_setting(template.text, properties, "Visibility"),
            waf=self._waf(api),
            logging=template.tried(partial(_logging, template, properties, sam), None),
            cache=self._cache(api, sam),
            environment=tuple(_environment(template, properties)),
            resolvers=tuple(self._all_resolvers(api, sam)),
            policies=self._policies.about(api.place),
            unauthenticated_role=self.identity.unauthenticated_role(api.place),
            merged=bool(sources) or template.text(properties, "ApiType") == "MERGED",
            sources=sources,
        )

    def _keys(self, api: Resource, sam: Table | None) -> Iterator[ApiKey]:
        named = api.template.table(sam, "ApiKeys") if sam is not None else None
        for name, node in named or ():
            if named is not None and isinstance(node, Table):
                place = node.entries["ExpiresOn"] if "ExpiresOn" in node else named.keys[name]
                yield ApiKey(name, api.template.number(node, "ExpiresOn"), span=place.span)
        for item in self.belonging(api, "AWS::AppSync::ApiKey"):
            table = item.template.properties(item)
            place = table.entries["Expires"] if "Expires" in table else item.key
            yield ApiKey(item.name, item.template.number(table, "Expires"), span=place.span)

    def _cache(self, api: Resource, sam: Table | None) -> ApiCache | None:
        own = api.template.table(sam, "Cache") if sam is not None else None
        if sam is not None and own is not None:
            return _cache(api.template, own, sam.keys["Cache"])
        for item in self.belonging(api, "AWS::AppSync::ApiCache"):
            return _cache(item.template, item.template.properties(item), item.key)
        return None

    def _waf(self, api: Resource) -> Setting[str] | None:
        for item in self.belonging(api, "AWS::WAFv2::WebACLAssociation"):
            table = item.template.properties(item)
            arn = item.template.text(table, "WebACLArn")
            if arn is not None:
                return Setting(item.template.condition_of(item) or arn, item.key.span)
        return None

    def _all_resolvers(self, api: Resource, sam: Table | None) -> list[Resolver]:
        found = list(self._resolvers.of_sam(api.template, sam)) if sam is not None else []
        for item in self.belonging(api, "AWS::AppSync::Resolver"):
            read = item.template.tried(partial(self._resolvers.read, item), None)
            if read is not None:
                found.append(read)
        return found

    def _source(self, item: Resource) -> SourceApi:
        node = item.template.properties(item).get("SourceApiIdentifier")
        if node is None:
            return SourceApi(Unresolved(item.name, "it names no source API", item.key.span), item.key.span)
        places = self.apis_in(item.template, node)
        if len(places) == 1:
            source = self._deployment.find(places[0])
            assert source is not None
            return SourceApi(self.name_of(source), node.span)
        result = item.template.resolve(node)
        if isinstance(result.node, Scalar):
            return SourceApi(result.node.text, node.span)
        doubt = result.unresolved or Unresolved(written(node), "it is no text", node.span)
        return SourceApi(doubt, node.span)


def _setting(read: Callable[[Table, str], T | Unresolved | None], table: Table, key: str) -> Setting[T] | None:
    value = read(table, key)
    return None if value is None else Setting(value, table.entries[key].span)


def _cache(template: Template, table: Table, owner: Scalar) -> ApiCache:
    return ApiCache(
        behaviour=template.text(table, "ApiCachingBehavior"),
        ttl=template.number(table, "Ttl"),
        encrypted_at_rest=template.flag(table, "AtRestEncryptionEnabled"),
        encrypted_in_transit=template.flag(table, "TransitEncryptionEnabled"),
        span=owner.span,
    )


def _logging(template: Template, properties: Table, sam: Table | None) -> Logging | None:
    node = properties.get("LogConfig" if sam is None else "Logging")
    if node is None:
        # SAM logs everything unless it is told not to.
        return Logging("ALL") if sam is not None else None
    result = template.resolve(node)
    value = result.node
    if result.unresolved is not None:
        return Logging(result.unresolved, result.unresolved, node.span)
    if isinstance(value, Table):
        level = template.text(value, "FieldLogLevel") or ("ALL" if sam is not None else None)
        return Logging(level, template.flag(value, "ExcludeVerboseContent"), node.span)
    if sam is None or (isinstance(value, Scalar) and value.text.lower() == "false"):
        return None
    return Logging("ALL", None, node.span)


def _environment(template: Template, properties: Table) -> Iterator[EnvironmentVariable]:
    for name, node in template.table(properties, "EnvironmentVariables") or ():
        result = template.resolve(node)
        if result.unresolved is not None:
            yield EnvironmentVariable(name, result.unresolved, node.span)
        elif isinstance(result.node, Scalar):
            yield EnvironmentVariable(name, result.node.text, node.span)
