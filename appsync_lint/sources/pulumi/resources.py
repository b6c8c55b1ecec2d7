"""From Pulumi's resources to APIs, whichever way the resources are written.

Property names are accepted in camelCase and, as Python has them, in snake_case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from re import compile as regex
from typing import Literal, TypeVar

from ...api import (
    Api,
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    FunctionCode,
    Logging,
    Resolver,
    ResolverCode,
    SchemaFile,
    Setting,
    SourceApi,
    Tool,
    Unresolved,
)
from ...errors import InputError
from ...tree import Node, Scalar, Sequence, Table
from ..providers import ProviderReader, Spelling
from ..resolution import Resolution

T = TypeVar("T")

__all__ = ["NATIVE", "PULUMI", "Language", "Resource", "Translator", "keys", "kind_of"]

#: The provider wraps Terraform's, which deploys 300 seconds where no TTL is written (A6).
PULUMI = Tool("Pulumi", unset_lambda_ttl=300)
#: This one sends what is written to CloudFormation's resource types.
NATIVE = Tool("Pulumi (AWS Native)", unset_lambda_ttl=0)

_TOKEN = regex(r"(aws(?:-native)?):(\w+)(?:/\w+)?:(\w+)")
_HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])")


def keys(*names: str) -> tuple[str, ...]:
    """Return names as YAML and TypeScript write them, and as Python does."""
    found = []
    for name in names:
        found += [name, _HUMP.sub("_", name).lower()]
    return tuple(dict.fromkeys(found))


def _spelling(tool: Tool) -> Spelling:
    return Spelling(
        tool,
        mode=keys("authenticationType"),
        additional=keys("additionalAuthenticationProviders"),
        pool=keys("userPoolConfig"),
        oidc=keys("openidConnectConfig", "openIdConnectConfig"),
        authorizer=keys("lambdaAuthorizerConfig"),
        pool_id=keys("userPoolId"),
        action=keys("defaultAction"),
        client_regex=keys("appIdClientRegex"),
        issuer=("issuer",),
        client_id=keys("clientId"),
        issued_ttl=keys("iatTtl"),
        auth_ttl=keys("authTtl"),
        uri=keys("authorizerUri"),
        ttl=keys("authorizerResultTtlInSeconds"),
        identity_validation=keys("identityValidationExpression"),
        variable="config value",
    )


_SPELLINGS = {"aws": _spelling(PULUMI), "aws-native": _spelling(NATIVE)}


@dataclass(eq=False)
class Resource:
    """A resource of a program or stack. ``kind`` is ``aws:appsync:GraphQLApi``; ``inputs`` are its arguments.

    ``marks`` are texts that mean the resource where another one names it: an id, an ARN. ``conditional`` says
    that it may not be made.
    """

    kind: str
    name: str
    inputs: Table
    place: Node
    marks: tuple[str, ...] = ()
    conditional: bool = False

    @property
    def package(self) -> str:
        """The provider: ``aws`` or ``aws-native``."""
        return self.kind.partition(":")[0]

    @property
    def type(self) -> str:
        """The service and the resource's name in small letters, as packages differ in their capitals."""
        return self.kind.partition(":")[2].lower()


def kind_of(token: str) -> str | None:
    """Return a resource's kind from the token of its type, or None for what is not of AWS."""
    found = _TOKEN.fullmatch(token)
    return f"{found[1]}:{found[2]}:{found[3]}" if found else None


@dataclass(frozen=True)
class Language:
    """What differs between the ways of writing resources.

    ``resolve`` says what a node can be; ``target`` gives the resource that a value refers to; ``content`` where a
    text is that stands in the file or in another one; ``code`` where the code of a Lambda function is.
    """

    resolve: Callable[[Node], Resolution]
    target: Callable[[Node], Resource | None]
    content: Callable[[Node], SchemaFile]
    code: Callable[[Resource], FunctionCode]
    note: Callable[[Node, str], None]
    #: Whether nothing but what the file holds is deployed.
    whole: bool
    path: str


@dataclass
class Translator:
    """Makes APIs of resources."""

    resources: list[Resource]
    language: Language
    errors: list[InputError] = field(default_factory=list)

    def apis(self) -> Iterator[Api]:
        """Yield the APIs; what is wrong with one is in ``errors``."""
        for item in self.resources:
            if item.type == "appsync:graphqlapi":
                try:
                    yield self._api(item)
                except InputError as error:
                    self.errors.append(error)

    def _of(self, kind: str, owner: Resource, link: str) -> Iterator[Resource]:
        """Yield the resources of a kind whose property names a resource."""
        for item in self.resources:
            if item.type != kind:
                continue
            value = self._plain(item.inputs, link)
            if value is not None and self.language.target(value) is owner:
                yield item

    def _plain(self, table: Table, name: str) -> Node | None:
        """Return what stands under a property, unresolved."""
        return next((table.entries[key] for key in keys(name) if key in table), None)

    def _api(self, item: Resource) -> Api:
        reader = ProviderReader(
            _SPELLINGS[item.package],
            self.language.note,
            resolve=self.language.resolve,
            code=self._code,
        )
        reader.note_repeated(item.inputs)
        if item.conditional:
            self.language.note(item.place, f"it depends on the run whether {item.name} is made at all")
        merged = reader.text(item.inputs, keys("apiType")) == "MERGED"
        default, additional, left_open = reader.providers(item.inputs, item.place, item.name)
        files = self._schema(item, reader)
        if not files and not merged:
            self.language.note(item.place, f"the schema of {item.name} is not in this file")
        pools = [provider.user_pool for provider in (default, *additional) if provider.user_pool]
        return Api(
            name=item.name,
            default=default,
            additional=additional,
            additional_open=left_open,
            schema_files=files,
            groups=self._groups(item, reader) if pools else None,
            settings=self._settings(item, reader, merged=merged),
            tool=_SPELLINGS[item.package].tool,
            path=self.language.path,
            span=item.place.span,
        )

    # The authorizer.

    def _code(self, settings: Table) -> FunctionCode | None:
        uri = self._plain(settings, "authorizerUri")
        if uri is None:
            return None
        function = self.language.target(uri)
        if function is None or function.type != "lambda:function":
            return FunctionCode(why="the function behind authorizerUri is not in this file")
        return self.language.code(function)

    # The schema.

    def _schema(self, item: Resource, reader: ProviderReader) -> tuple[SchemaFile, ...]:
        holder, name = item.inputs, "schema"
        if item.package == "aws-native":
            schemas = list(self._of("appsync:graphqlschema", item, "apiId"))
            if not schemas:
                return ()
            holder, name = schemas[0].inputs, "definition"
        node = self._plain(holder, name)
        if node is None or reader.value(holder, keys(name)) is None:
            location = self._plain(holder, "definitionS3Location")
            if location is not None:
                unresolved = Unresolved("definitionS3Location", "it is fetched from a bucket", location.span)
                return (SchemaFile(unresolved=unresolved, span=location.span),)
            if node is None and holder.more is not None:
                unresolved = Unresolved(holder.more.text, holder.more.why, holder.more.span)
                return (SchemaFile(unresolved=unresolved, span=holder.more.span),)
            return ()
        return (self.language.content(node),)

    # Groups.

    def _groups(self, item: Resource, reader: ProviderReader) -> tuple[str, ...] | None:
        """Return the groups that are made in the API's own pools, where all their names are known."""
        pools = [pool for pool in map(self.language.target, self._pool_ids(item, reader)) if pool is not None]
        names: list[str] = []
        for group in self.resources:
            if group.type not in ("cognito:usergroup", "cognito:userpoolgroup"):
                continue
            pool = self._plain(group.inputs, "userPoolId")
            if pool is None or self.language.target(pool) not in pools:
                continue
            name = reader.text(group.inputs, keys("name" if group.package == "aws" else "groupName"))
            if not isinstance(name, str):
                return None
            names.append(name)
        return tuple(dict.fromkeys(names)) or None

    def _pool_ids(self, item: Resource, reader: ProviderReader) -> Iterator[Node]:
        holders: list[Node | Resolution | None] = [item.inputs]
        listed = reader.value(item.inputs, keys("additionalAuthenticationProviders"))
        if isinstance(listed, Sequence):
            holders += [self.language.resolve(one).node for one in listed]
        for holder in holders:
            pool = reader.value(holder, keys("userPoolConfig")) if isinstance(holder, Table) else None
            pool_id = self._plain(pool, "userPoolId") if isinstance(pool, Table) else None
            if pool_id is not None:
                yield pool_id

    # Everything else.

    def _settings(self, item: Resource, reader: ProviderReader, *, merged: bool) -> ApiSettings:
        inputs = item.inputs
        associations = [
            one for one in self.resources if one.type == "appsync:sourceapiassociation" and self._merges(one, item)
        ]
        return ApiSettings(
            whole=self.language.whole and inputs.more is None,
            api_keys=tuple(self._key(one, reader) for one in self._of("appsync:apikey", item, "apiId")),
            introspection=self._setting(inputs, "introspectionConfig", reader.text),
            query_depth_limit=self._setting(inputs, "queryDepthLimit", reader.number),
            resolver_count_limit=self._setting(inputs, "resolverCountLimit", reader.number),
            visibility=self._setting(inputs, "visibility", reader.text),
            waf=self._waf(item, reader),
            logging=self._logging(inputs, reader),
            cache=next((self._cache(one, reader) for one in self._of("appsync:apicache", item, "apiId")), None),
            environment=self._environment(inputs, reader),
            resolvers=tuple(self._resolvers(item, reader)),
            merged=merged,
            sources=tuple(SourceApi(self._source_name(one, reader), one.place.span) for one in associations),
        )

    def _setting(
        self, table: Table, name: str, read: Callable[[Table, tuple[str, ...]], T | Unresolved | None]
    ) -> Setting[T] | None:
        found = read(table, keys(name))
        node = self._plain(table, name)
        return None if found is None or node is None else Setting(found, node.span)

    def _key(self, item: Resource, reader: ProviderReader) -> ApiKey:
        node = self._plain(item.inputs, "expires")
        written = reader.text(item.inputs, keys("expires"))
        expires: int | Unresolved | None = None
        if isinstance(written, Unresolved):
            expires = written
        elif written is not None and node is not None:
            moment = _moment(written)
            expires = Unresolved(written, "it is no time that can be read", node.span) if moment is None else moment
        return ApiKey(item.name, expires=expires, span=(node or item.place).span)

    def _waf(self, item: Resource, reader: ProviderReader) -> Setting[str] | None:
        for kind in ("wafv2:webaclassociation", "wafregional:webaclassociation"):
            for one in self._of(kind, item, "resourceArn"):
                found = reader.text(one.inputs, keys("webAclArn"))
                return Setting(found if found is not None else one.name, one.place.span)
        return None

    def _logging(self, inputs: Table, reader: ProviderReader) -> Logging | None:
        config = reader.value(inputs, keys("logConfig"))
        if isinstance(config, Resolution):
            return Logging(level=config.unresolved, excludes_verbose=config.unresolved)
        if not isinstance(config, Table):
            return None
        return Logging(
            level=reader.text(config, keys("fieldLogLevel")),
            excludes_verbose=reader.flag(config, keys("excludeVerboseContent")),
            span=config.span,
        )

    def _cache(self, item: Resource, reader: ProviderReader) -> ApiCache:
        return ApiCache(
            behaviour=reader.text(item.inputs, keys("apiCachingBehavior")),
            ttl=reader.number(item.inputs, keys("ttl")),
            encrypted_at_rest=reader.flag(item.inputs, keys("atRestEncryptionEnabled")),
            encrypted_in_transit=reader.flag(item.inputs, keys("transitEncryptionEnabled")),
            span=item.place.span,
        )

    def _environment(self, inputs: Table, reader: ProviderReader) -> tuple[EnvironmentVariable, ...]:
        found = reader.value(inputs, keys("environmentVariables"))
        if not isinstance(found, Table):
            return ()
        variables = []
        for name, node in found:
            value = reader.text(found, (name,))
            if value is not None:
                variables.append(EnvironmentVariable(name, value, node.span))
        return tuple(variables)

    def _merges(self, association: Resource, item: Resource) -> bool:
        nodes = (
            self._plain(association.inputs, name) for name in ("mergedApiId", "mergedApiIdentifier", "mergedApiArn")
        )
        return any(node is not None and self.language.target(node) is item for node in nodes)

    def _source_name(self, association: Resource, reader: ProviderReader) -> str | Unresolved:
        for name in ("sourceApiId", "sourceApiIdentifier", "sourceApiArn"):
            node = self._plain(association.inputs, name)
            if node is not None:
                source = self.language.target(node)
                found = source.name if source is not None else reader.text(association.inputs, keys(name))
                return found if found is not None else association.name
        return association.name

    # Resolvers.

    def _resolvers(self, item: Resource, reader: ProviderReader) -> Iterator[Resolver]:
        for one in self._of("appsync:resolver", item, "apiId"):
            inputs = one.inputs
            type_name = reader.text(inputs, ("type", *keys("typeName")))
            field_name = reader.text(inputs, ("field", *keys("fieldName")))
            if not isinstance(type_name, str) or not isinstance(field_name, str):
                continue
            caching = reader.value(inputs, keys("cachingConfig"))
            cached = caching if isinstance(caching, Table) else None
            pieces = self._pieces(one, reader)
            yield Resolver(
                type_name=type_name,
                field_name=field_name,
                caching_keys=self._caching_keys(cached, reader) if cached is not None else None,
                caching_ttl=reader.number(cached, ("ttl",)) if cached is not None else None,
                caching_span=cached.span if cached is not None else None,
                code=tuple(pieces or ()),
                whole=pieces is not None and not isinstance(caching, Resolution) and inputs.more is None,
                span=one.place.span,
            )

    def _caching_keys(self, caching: Table, reader: ProviderReader) -> tuple[str | Unresolved, ...]:
        found = reader.value(caching, keys("cachingKeys"))
        if isinstance(found, Resolution):
            return (found.unresolved,) if found.unresolved is not None else ()
        if not isinstance(found, Sequence):
            return ()
        results = [self.language.resolve(node) for node in found]
        texts: list[str | Unresolved] = []
        for result in results:
            if isinstance(result.node, Scalar):
                texts.append(result.node.text)
            elif result.unresolved is not None:
                texts.append(result.unresolved)
        return tuple(texts)

    def _pieces(self, item: Resource, reader: ProviderReader) -> list[ResolverCode] | None:
        """Return what a resolver runs, before, in and after its functions; None where a function is not known."""
        inputs = item.inputs
        before = self._code_of(inputs, ("code", *keys("requestTemplate", "requestMappingTemplate")))
        after = self._code_of(inputs, keys("responseTemplate", "responseMappingTemplate"))
        pipeline = reader.value(inputs, keys("pipelineConfig"))
        functions: list[ResolverCode] = []
        if isinstance(pipeline, Resolution):
            return None
        if isinstance(pipeline, Table):
            listed = reader.value(pipeline, ("functions",))
            if not isinstance(listed, Sequence) or listed.more is not None:
                return None
            for node in listed:
                function = self.language.target(node)
                if function is None or function.type not in ("appsync:function", "appsync:functionconfiguration"):
                    return None
                functions += self._code_of(
                    function.inputs,
                    (
                        "code",
                        *keys("requestMappingTemplate", "responseMappingTemplate"),
                    ),
                )
        return [*before, *functions, *after]

    def _code_of(self, inputs: Table, names: Iterable[str]) -> list[ResolverCode]:
        pieces = []
        for name in names:
            node = inputs.get(name)
            if node is None or (isinstance(node, Scalar) and node.value is None):
                continue
            language: Literal["javascript", "vtl"] = "javascript" if name == "code" else "vtl"
            found = self.language.content(node)
            pieces.append(ResolverCode(language, found.path, found.base, found.text, found.unresolved, span=found.span))
        return pieces


def _moment(text: str) -> int | None:
    """Return a point in time in seconds since 1970; None for what is none."""
    from datetime import datetime, timezone

    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    try:
        return int(moment.timestamp())
    except (OverflowError, ValueError):
        return None
