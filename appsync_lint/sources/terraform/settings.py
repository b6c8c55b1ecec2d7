"""What is set of an API besides its modes, in its own resource and in those that belong to it."""

from __future__ import annotations

from collections.abc import Iterator

from ...api import (
    ApiCache,
    ApiKey,
    ApiSettings,
    Logging,
    PolicyStatement,
    Resolver,
    ResolverCode,
    Setting,
    SourceApi,
    Unresolved,
)
from ...api.settings import CodeLanguage
from ...errors import InputError
from ...tree import Node, Open, Scalar, Sequence, Table
from ..providers import ProviderReader
from .apis import API
from .landscape import Item, Landscape, block_of
from .policies import documents, statements_in
from .texts import from_parts
from .values import FileContent, Lifetime, Mixed, Reference, as_text, certain, is_null, references

__all__ = ["groups_of", "settings_of"]

_DAY = 86_400
_POLICIES = ("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy")
_POOLS = ("user_pool_config", "additional_authentication_provider")


def settings_of(item: Item, table: Table, landscape: Landscape, values: ProviderReader) -> ApiSettings:
    """Return the settings of an API."""
    return _Settings(item, table, landscape, values).read()


def groups_of(table: Table, landscape: Landscape, values: ProviderReader) -> tuple[str, ...] | None:
    """Return the groups that are made in an API's user pools, if all their names are known."""
    pools = {
        pool for key in _POOLS for node in _pools(table.get(key)) if (pool := landscape.identity(node)) is not None
    }
    names: list[str] = []
    for group in landscape.items("aws_cognito_user_group") if pools else ():
        pool_id = group.table.get("user_pool_id")
        if pool_id is None or landscape.identity(pool_id) not in pools:
            continue
        name = values.text(group.table, ("name",))
        node = group.table.get("name")
        if not isinstance(name, str) or not group.certain or (isinstance(node, Open) and node.assumed):
            return None
        names.append(name)
    return tuple(dict.fromkeys(names)) or None


def _pools(node: Node | None) -> Iterator[Node]:
    """Give the ids of user pools that stand somewhere in an API's settings."""
    left = [node] if node is not None else []
    while left:
        item = left.pop()
        if isinstance(item, Sequence):
            left += item.items
        elif isinstance(item, Open):
            left += [option for option in item.options if option is not None]
        elif isinstance(item, Table):
            if "user_pool_id" in item:
                yield item.entries["user_pool_id"]
            left += [inner for name, inner in item if name == "user_pool_config"]


class _Settings:
    def __init__(self, item: Item, table: Table, landscape: Landscape, values: ProviderReader) -> None:
        self.item = item
        self.table = table
        self.landscape = landscape
        self.values = values
        self.whole = True

    def read(self) -> ApiSettings:
        policies, guests = self._policies()
        return ApiSettings(
            api_keys=tuple(self._key(item) for item in self._belonging("aws_appsync_api_key")),
            introspection=self._text("introspection_config"),
            query_depth_limit=self._limit("query_depth_limit"),
            resolver_count_limit=self._limit("resolver_count_limit"),
            visibility=self._text("visibility"),
            waf=self._waf(),
            logging=self._logging(),
            cache=self._cache(),
            resolvers=tuple(self._resolvers()),
            policies=policies,
            unauthenticated_role=guests,
            merged=self._is_merged(),
            sources=tuple(self._sources()),
            # Asked last: what could not be read shows on the way.
            whole=self.whole and self.landscape.is_whole(self.item),
        )

    def _belonging(self, kind: str, key: str = "api_id") -> Iterator[Item]:
        """Give the resources of a type that name this API."""
        for item in self.landscape.items(kind):
            node = item.table.get(key)
            if self.landscape.links(node, self.item):
                yield item
            elif isinstance(node, Open) and not self.landscape.leads_somewhere(node):
                # It may be this one's.
                self.whole = False

    def _text(self, key: str) -> Setting[str] | None:
        value = self.values.text(self.table, (key,))
        return None if value is None else Setting(value, self.table.entries[key].span)

    def _limit(self, key: str) -> Setting[int] | None:
        value = self.values.number(self.table, (key,))
        # 0 is how Terraform writes that there is none.
        return None if value is None or value == 0 else Setting(value, self.table.entries[key].span)

    def _key(self, item: Item) -> ApiKey:
        node = item.table.get("expires")
        if node is None or is_null(node):
            return ApiKey(item.name, span=item.span)
        found = certain(node)
        inner = node.options[0] if isinstance(node, Open) and node.assumed and len(node.options) == 1 else node
        if isinstance(inner, Lifetime):
            return ApiKey(item.name, lifetime_days=int(inner.seconds // _DAY), span=node.span)
        if found is None or not isinstance(found[0], Scalar):
            why = node.why if isinstance(node, Open) else "it is no text"
            left_open = Unresolved(node.text if isinstance(node, Open) else "expires", why, node.span)
            return ApiKey(item.name, expires=left_open, span=node.span)
        return ApiKey(item.name, expires=_seconds(found[0]), span=node.span)

    def _waf(self) -> Setting[str] | None:
        for item in self._belonging("aws_wafv2_web_acl_association", "resource_arn"):
            if not item.certain:
                return Setting(
                    Unresolved(item.address, "whether it is made depends on its count", item.span), item.span
                )
            acl = self.values.text(item.table, ("web_acl_arn",))
            # That there is one is certain, whichever it is.
            return Setting(item.address if acl is None else str(acl), item.span)
        return None

    def _logging(self) -> Logging | None:
        block = block_of(self.table, "log_config")
        if isinstance(block, Open):
            left_open = Unresolved(block.text, block.why, block.span)
            return Logging(left_open, left_open, block.span)
        if block is None:
            return None
        return Logging(
            level=self.values.text(block, ("field_log_level",)),
            excludes_verbose=self.values.flag(block, ("exclude_verbose_content",)),
            span=block.span,
        )

    def _cache(self) -> ApiCache | None:
        item = next(self._belonging("aws_appsync_api_cache"), None)
        if item is None:
            return None
        return ApiCache(
            behaviour=self.values.text(item.table, ("api_caching_behavior",)),
            ttl=self.values.number(item.table, ("ttl",)),
            encrypted_at_rest=self.values.flag(item.table, ("at_rest_encryption_enabled",)),
            encrypted_in_transit=self.values.flag(item.table, ("transit_encryption_enabled",)),
            span=item.span,
        )

    # Merged APIs.

    def _is_merged(self) -> bool:
        return self.values.text(self.table, ("api_type",)) == "MERGED"

    def _sources(self) -> Iterator[SourceApi]:
        for item in self._belonging("aws_appsync_source_api_association", "merged_api_id"):
            node = item.table.get("source_api_id") or item.table.get("source_api_arn")
            known = next((api for api in self.landscape.items(API) if self.landscape.links(node, api)), None)
            if known is not None:
                yield SourceApi(known.name, item.span)
                continue
            name = self.values.text(item.table, ("source_api_id", "source_api_arn"))
            yield SourceApi(name if name is not None else Unresolved(item.address, "", item.span), item.span)

    # Resolvers.

    def _resolvers(self) -> Iterator[Resolver]:
        for item in self._belonging("aws_appsync_resolver"):
            table = item.table
            kind = self.values.text(table, ("type",))
            field = self.values.text(table, ("field",))
            if not isinstance(kind, str) or not isinstance(field, str):
                self.whole = False
                continue
            caching = block_of(table, "caching_config")
            keys: tuple[str | Unresolved, ...] | None = None
            ttl: int | Unresolved | None = None
            if isinstance(caching, Table):
                keys, ttl = self._keys(caching), self.values.number(caching, ("ttl",))
            elif caching is not None:
                ttl = Unresolved(caching.text, caching.why, caching.span)
            code, whole = self._code(table)
            yield Resolver(
                type_name=kind,
                field_name=field,
                caching_keys=keys,
                caching_ttl=ttl,
                caching_span=caching.span if caching is not None else None,
                code=tuple(code),
                whole=whole,
                span=item.span,
            )

    @staticmethod
    def _keys(caching: Table) -> tuple[str | Unresolved, ...]:
        node = caching.get("caching_keys")
        found = certain(node) if node is not None else None
        if found is None or not isinstance(found[0], Sequence):
            return (Unresolved(node.text, node.why, node.span),) if isinstance(node, Open) else ()
        keys: list[str | Unresolved] = []
        for entry in found[0].items:
            known = certain(entry)
            if known is not None and isinstance(known[0], Scalar):
                keys.append(as_text(known[0]))
            elif isinstance(entry, Open):
                keys.append(Unresolved(entry.text, entry.why, entry.span))
        return tuple(keys)

    def _code(self, table: Table) -> tuple[list[ResolverCode], bool]:
        """Return the pieces that run for a field, in their order, and whether that is all of them."""
        before, after = self._pieces(table, "request_template", "response_template")
        pipeline = block_of(table, "pipeline_config")
        if not isinstance(pipeline, Table):
            return [*before, *after], pipeline is None
        listed = pipeline.get("functions")
        found = certain(listed) if listed is not None else None
        items = found[0].items if found is not None and isinstance(found[0], Sequence) else None
        if items is None or (found is not None and getattr(found[0], "more", None) is not None):
            return [*before, *after], False
        inner: list[ResolverCode] = []
        whole = True
        for node in items:
            function = next(
                (item for item in self.landscape.items("aws_appsync_function") if self.landscape.links(node, item)),
                None,
            )
            if function is None:
                whole = False
                continue
            first, last = self._pieces(function.table, "request_mapping_template", "response_mapping_template")
            inner += [*first, *last]
        return [*before, *inner, *after], whole

    def _pieces(self, table: Table, request: str, response: str) -> tuple[list[ResolverCode], list[ResolverCode]]:
        code = table.get("code")
        if code is not None and not is_null(code):
            return [_piece(code, is_script=True)], []
        pieces: list[list[ResolverCode]] = []
        for key in (request, response):
            node = table.get(key)
            pieces.append([] if node is None or is_null(node) else [_piece(node, is_script=False)])
        return pieces[0], pieces[1]

    # Policies.

    def _policies(self) -> tuple[tuple[PolicyStatement, ...], Setting[bool] | None]:
        statements: list[PolicyStatement] = []
        guests = self._guest_roles()
        open_to_guests: Setting[bool] | None = None
        for item, node in self._policy_texts():
            for tree in documents(node):
                for statement, named in statements_in(tree, item.name):
                    if not self._is_about_this(named):
                        continue
                    statements.append(statement)
                    roles = {
                        reference.address for reference in references(item.table.get("role") or Scalar(None, "", None))
                    }
                    if statement.effect == "Allow" and roles & guests:
                        open_to_guests = open_to_guests or Setting(True, statement.span)
        return tuple(statements), open_to_guests

    def _policy_texts(self) -> Iterator[tuple[Item, Node]]:
        if not self.landscape.has_policies():
            return
        for kind in _POLICIES:
            for item in self.landscape.items(kind):
                node = item.table.get("policy")
                if node is not None:
                    yield item, node
        for item in self.landscape.items("aws_iam_role"):
            inline = item.table.get("inline_policy")
            for block in inline.items if isinstance(inline, Sequence) else ():
                node = block.get("policy") if isinstance(block, Table) else None
                if node is not None:
                    yield item, node

    def _is_about_this(self, named: list[Reference]) -> bool:
        """Whether a policy's resources mean this API, or no API in particular."""
        apis = [item for item in self.landscape.items(API) if any(item.is_meant(one) for one in named)]
        return not apis or any(item is self.item for item in apis)

    def _guest_roles(self) -> set[str]:
        """Return the addresses of the roles that identity pools give to guests."""
        found: set[str] = set()
        for item in self.landscape.items("aws_cognito_identity_pool_roles_attachment"):
            roles = item.table.get("roles")
            node = roles.get("unauthenticated") if isinstance(roles, Table) else None
            if node is not None:
                found |= {reference.address for reference in references(node)}
        return found


def _piece(node: Node, *, is_script: bool) -> ResolverCode:
    language: CodeLanguage = "javascript" if is_script else "vtl"
    inner = node
    if isinstance(node, Open) and node.assumed and len(node.options) == 1 and node.options[0] is not None:
        inner = node.options[0]
    if isinstance(inner, FileContent):
        return ResolverCode(language, path=inner.path, base=inner.base, span=node.span)
    text = from_parts(inner)
    if text is not None:
        return ResolverCode(language, text=text, span=node.span)
    if isinstance(inner, Mixed) and all(part.kind != "open" for part in inner.parts):
        files = [part.node for part in inner.parts if isinstance(part.node, FileContent)]
        if len(files) == 1 and not any(part.text.strip() for part in inner.parts):
            return ResolverCode(language, path=files[0].path, base=files[0].base, span=node.span)
    why = inner.why if isinstance(inner, Open) else "it is no text"
    shown = inner.text if isinstance(inner, Open) else inner.kind
    return ResolverCode(language, unresolved=Unresolved(shown, why, node.span), span=node.span)


def _seconds(node: Scalar) -> int | Unresolved:
    from datetime import datetime, timezone

    try:
        moment = datetime.fromisoformat(node.text.replace("Z", "+00:00"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return int(moment.timestamp())
    except (ValueError, OverflowError):
        raise InputError(
            f"expires must be a time such as 2030-01-01T00:00:00Z, not {node.text[:40]!r}", span=node.span
        ) from None
