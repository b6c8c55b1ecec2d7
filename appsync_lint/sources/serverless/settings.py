"""An API's settings besides its modes, in the words of the plugin's two versions.

The plugin's own defaults are filled in: what it deploys counts, not what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timezone
from re import compile as regex

from ...api import (
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    Logging,
    Resolver,
    ResolverCode,
    Setting,
    Unresolved,
)
from ...tree import Node, Scalar, Sequence, Table
from ..providers import ProviderReader
from ..resolution import Resolution
from .variables import Variables

__all__ = ["SettingsReader"]

#: In seconds: what the plugin sets where no time is written.
CACHE_TTL = 3600
#: In days: the life of a key where none is written.
KEY_LIFETIME = 365
#: How deep lists of resolvers may be nested by including files.
MAX_NESTING = 10

_DURATION = regex(r"(\d{1,6})(ms|[yqMwdhms])?")
#: In days; a month is a twelfth of a year, so that twelve are one.
_DAYS = {"y": 365, "q": 365 / 4, "M": 365 / 12, "w": 7, "d": 1, "h": 1 / 24, "m": 1 / 1440, "s": 1 / 86400, "ms": 0}


class SettingsReader:
    """Reads the settings of one API. ``base`` is the service's folder, ``first`` says that it is the plugin's first
    version; ``note`` takes what could not be read.
    """

    def __init__(
        self, values: ProviderReader, variables: Variables, base: str, note: Callable[[Node, str], None], *, first: bool
    ) -> None:
        self._values = values
        self._variables = variables
        self._base = base
        self._note = note
        self._first = first

    def settings(self, config: Table, *, has_keys: bool, existing: bool) -> ApiSettings:
        """Return an API's settings.

        ``has_keys`` says that API_KEY is, or may be, one of its modes; ``existing`` that the API was made by
        somebody else, who made all settings but the schema's and the resolvers'.
        """
        own = not existing
        first = self._first
        return ApiSettings(
            whole=own and config.more is None,
            api_keys=tuple(self._keys(config)) if own and has_keys else (),
            introspection=self._introspection(config),
            query_depth_limit=None if first else self._number(config, "queryDepthLimit"),
            resolver_count_limit=None if first else self._number(config, "resolverCountLimit"),
            visibility=None if first else self._setting(config, "visibility"),
            waf=self._waf(config) if own else None,
            logging=self._logging(config) if own else None,
            cache=self._cache(config),
            environment=() if first else tuple(self._environment(config)),
            resolvers=tuple(self._first_resolvers(config) if first else self._resolvers(config)),
        )

    # Small ones.

    def _setting(self, config: Table, key: str) -> Setting[str] | None:
        value = self._values.text(config, (key,))
        return None if value is None else Setting(value, config.entries[key].span)

    def _number(self, config: Table, key: str) -> Setting[int] | None:
        value = self._values.number(config, (key,))
        return None if value is None else Setting(value, config.entries[key].span)

    def _introspection(self, config: Table) -> Setting[str] | None:
        rule = self._blocks_introspection(config)
        if rule is not None:
            return Setting(
                Unresolved("disableIntrospection", "a rule of the firewall refuses it", rule.span), rule.span
            )
        if self._first:
            return None
        value = self._values.flag(config, ("introspection",))
        if value is None:
            return None
        word = value if isinstance(value, Unresolved) else "ENABLED" if value else "DISABLED"
        return Setting(word, config.entries["introspection"].span)

    def _part(self, config: Table, key: str) -> Table | None:
        """Return the mapping under a key, None where it is not there, is open, or is turned off."""
        part = self._values.value(config, (key,))
        if not isinstance(part, Table):
            return None
        return None if self._values.flag(part, ("enabled",)) is False else part

    def _waf(self, config: Table) -> Setting[str] | None:
        key = "wafConfig" if self._first else "waf"
        part = self._part(config, key)
        if part is None:
            return None
        name = self._values.text(part, ("arn",)) or self._values.text(part, ("name",)) or "made by the plugin"
        return Setting(name, config.entries[key].span)

    def _blocks_introspection(self, config: Table) -> Node | None:
        part = self._part(config, "wafConfig" if self._first else "waf")
        rules = self._values.value(part, ("rules",)) if part is not None else None
        for item in rules if isinstance(rules, Sequence) else ():
            value = self._variables.value(item)
            if isinstance(value, Scalar) and value.text == "disableIntrospection":
                return value
            if isinstance(value, Table) and "disableIntrospection" in value:
                return value
        return None

    def _logging(self, config: Table) -> Logging | None:
        key = "logConfig" if self._first else "logging"
        part = self._part(config, key)
        if part is None:
            return None
        return Logging(
            level=self._values.text(part, ("level",)),
            excludes_verbose=self._values.flag(part, ("excludeVerboseContent",)),
            span=config.keys[key].span,
        )

    def _cache(self, config: Table) -> ApiCache | None:
        part = self._part(config, "caching")
        if part is None:
            return None
        ttl = self._values.number(part, ("ttl",))
        return ApiCache(
            behaviour=self._values.text(part, ("behavior",)),
            ttl=CACHE_TTL if ttl is None else ttl,
            encrypted_at_rest=self._values.flag(part, ("atRestEncryption",)) or False,
            encrypted_in_transit=self._values.flag(part, ("transitEncryption",)) or False,
            span=config.keys["caching"].span,
        )

    def _environment(self, config: Table) -> Iterator[EnvironmentVariable]:
        part = self._values.value(config, ("environment",))
        for name, node in part if isinstance(part, Table) else ():
            value = self._values.text(part, (name,)) if isinstance(part, Table) else None
            if value is not None:
                yield EnvironmentVariable(name, value, node.span)

    # Keys.

    def _keys(self, config: Table) -> Iterator[ApiKey]:
        listed = self._values.value(config, ("apiKeys",))
        if not isinstance(listed, Sequence):
            if listed is None and self._first:
                # The first version makes a key of its own.
                place = config.keys.get("authenticationType")
                yield ApiKey("Default", lifetime_days=KEY_LIFETIME, span=place.span if place else config.span)
            return
        for index, item in enumerate(listed, 1):
            value = self._variables.value(item)
            if isinstance(value, Scalar):
                yield ApiKey(value.text, lifetime_days=KEY_LIFETIME, span=value.span)
            elif isinstance(value, Table):
                yield self._key(value, f"Key{index}")

    def _key(self, node: Table, name: str) -> ApiKey:
        own = node.get("name")
        shown = self._variables.label(own) if own is not None else name
        after = self._values.text(node, ("expiresAfter",))
        at = self._values.text(node, ("expiresAt",))
        if isinstance(after, Unresolved):
            return ApiKey(shown, lifetime_days=after, span=node.span)
        if after is not None:
            days = _days(after)
            if days is None:
                self._note(node.entries["expiresAfter"], f"expiresAfter is no duration: {after[:40]!r}")
            return ApiKey(shown, lifetime_days=days, span=node.entries["expiresAfter"].span)
        if isinstance(at, Unresolved):
            return ApiKey(shown, expires=at, span=node.span)
        if at is not None:
            expires = _instant(at)
            if expires is None:
                self._note(node.entries["expiresAt"], f"expiresAt is no date: {at[:40]!r}")
            return ApiKey(shown, expires=expires, span=node.entries["expiresAt"].span)
        return ApiKey(shown, lifetime_days=KEY_LIFETIME, span=node.span)

    # Resolvers.

    def _resolvers(self, config: Table) -> Iterator[Resolver]:
        functions = dict(self._named(config, "pipelineFunctions"))
        for name, node in self._named(config, "resolvers"):
            value = self._variables.value(node)
            type_name, _, field_name = name.partition(".")
            if isinstance(value, Scalar):
                yield Resolver(type_name, field_name, whole=True, span=node.span)
                continue
            if not isinstance(value, Table):
                continue
            type_name = self._word(value, "type") or type_name
            field_name = self._word(value, "field") or field_name
            code, whole = self._pieces(value)
            if self._word(value, "kind") != "UNIT":
                steps = self._values.value(value, ("functions",))
                if not isinstance(steps, Sequence):
                    whole = False
                for step in steps if isinstance(steps, Sequence) else ():
                    more, known = self._step(step, functions)
                    code += more
                    whole = whole and known
            resolver = Resolver(type_name, field_name, code=tuple(code), whole=whole, span=node.span)
            yield self._cached(resolver, value, config)

    def _named(self, config: Table, key: str) -> Iterator[tuple[str, Node]]:
        """Give what stands under names, in one mapping or in a list of mappings."""
        value = self._values.value(config, (key,))
        for item in value if isinstance(value, Sequence) else (value,):
            block = self._variables.value(item) if not isinstance(item, Resolution) else None
            if isinstance(block, Table):
                yield from block

    def _step(self, node: Node, functions: dict[str, Node]) -> tuple[list[ResolverCode], bool]:
        """Return the pieces of a pipeline's function, and whether they are all."""
        value = self._variables.value(node)
        if isinstance(value, Scalar):
            value = self._variables.value(functions.get(value.text))
        return self._pieces(value) if isinstance(value, Table) else ([], False)

    def _pieces(self, node: Table) -> tuple[list[ResolverCode], bool]:
        """Return the code or the templates that a mapping names, by paths from the service's folder."""
        found: list[ResolverCode] = []
        for key in ("code",) if "code" in node else ("request", "response"):
            text = self._values.text(node, (key,))
            if text is None or text == "false":
                continue
            found.append(self._piece(text, node.entries[key], "", key == "code"))
        return found, all(item.unresolved is None for item in found)

    def _piece(self, text: str | Unresolved, node: Node, folder: str, is_code: bool) -> ResolverCode:
        if isinstance(text, Unresolved):
            return ResolverCode("javascript" if is_code else "vtl", base=self._base, unresolved=text, span=node.span)
        path = f"{folder}/{text}" if folder else text
        if not is_code:
            return ResolverCode("vtl", path, self._base, span=node.span)
        return ResolverCode("typescript" if path.endswith("ts") else "javascript", path, self._base, span=node.span)

    def _first_resolvers(self, config: Table) -> Iterator[Resolver]:
        """Give the resolvers of the plugin's first version, whose templates have names of their own by default."""
        folder = self._folder(config, "mappingTemplatesLocation", "mapping-templates")
        functions_folder = self._folder(config, "functionConfigurationsLocation", folder)
        functions: dict[str, Table] = {}
        for item in self._flat(config.get("functionConfigurations")):
            functions.setdefault(self._word(item, "name"), item)
        for item in self._flat(config.get("mappingTemplates")):
            type_name, field_name = self._word(item, "type"), self._word(item, "field")
            if not type_name or not field_name:
                continue
            stem = f"{type_name}.{field_name}"
            request = self._template(config, item, "request", folder, stem)
            response = self._template(config, item, "response", folder, stem)
            code = [*request]
            whole = folder is not None
            if self._word(item, "kind") == "PIPELINE":
                steps = self._values.value(item, ("functions",))
                for step in steps if isinstance(steps, Sequence) else ():
                    name = self._variables.label(step)
                    whole = whole and name in functions and functions_folder is not None
                    for part in ("request", "response") if name in functions else ():
                        code += self._template(config, functions[name], part, functions_folder, name)
            code += response
            whole = whole and all(piece.unresolved is None for piece in code)
            resolver = Resolver(type_name, field_name, code=tuple(code), whole=whole, span=item.span)
            yield self._cached(resolver, item, config)

    def _folder(self, config: Table, key: str, default: str | None) -> str | None:
        text = self._values.text(config, (key,))
        return default if text is None else None if isinstance(text, Unresolved) else text

    def _template(self, config: Table, item: Table, part: str, folder: str | None, stem: str) -> list[ResolverCode]:
        """Return the template of a resolver or function: its own, the API's default, or the one named after it."""
        holder: Table | None = item
        if part not in item:
            defaults = self._values.value(config, ("defaultMappingTemplates",))
            holder = defaults if isinstance(defaults, Table) else None
        text = self._values.text(holder, (part,)) if holder is not None else None
        if text == "false" or folder is None:
            return []
        place = holder.entries[part] if holder is not None and part in holder else item
        return [self._piece(f"{stem}.{part}.vtl" if text is None else text, place, folder, is_code=False)]

    def _flat(self, node: Node | None, depth: int = 0) -> Iterator[Table]:
        """Give the mappings of a list, those of lists in it among them (an included file is one)."""
        value = self._variables.value(node)
        if isinstance(value, Table):
            yield value
        elif isinstance(value, Sequence) and depth < MAX_NESTING:
            for item in value:
                yield from self._flat(item, depth + 1)

    def _cached(self, resolver: Resolver, node: Table, config: Table) -> Resolver:
        """Return a resolver with its caching, which the first version leaves out where the API has no cache."""
        cache = self._part(config, "caching")
        caching = self._values.value(node, ("caching",))
        keys: tuple[str | Unresolved, ...] | None = None
        ttl: int | Unresolved | None = None
        if (isinstance(caching, Table) or (isinstance(caching, Scalar) and caching.value is True)) and (
            cache is not None or not self._first
        ):
            own = self._values.number(caching, ("ttl",)) if isinstance(caching, Table) else None
            shared = self._values.number(cache, ("ttl",)) if cache is not None else None
            ttl = own or shared or CACHE_TTL
            keys = self._caching_keys(caching)
        if keys is None:
            return resolver
        span = node.entries["caching"].span
        return replace(resolver, caching_keys=keys, caching_ttl=ttl, caching_span=span)

    def _caching_keys(self, caching: Node) -> tuple[str | Unresolved, ...]:
        listed = self._values.value(caching, ("keys",)) if isinstance(caching, Table) else None
        keys: list[str | Unresolved] = []
        for item in listed if isinstance(listed, Sequence) else ():
            result = self._variables.resolve(item)
            keys.append(result.unresolved or (result.node.text if isinstance(result.node, Scalar) else ""))
        return tuple(keys)

    def _word(self, node: Table, key: str) -> str:
        value = node.get(key)
        return "" if value is None else self._variables.label(value)


def _days(text: str) -> int | None:
    """Return a duration in whole days, None for what is none. A number on its own is hours."""
    match = _DURATION.fullmatch(text)
    return None if match is None else int(int(match[1]) * _DAYS[match[2] or "h"] + 1e-9)


def _instant(text: str) -> int | None:
    """Return a date in seconds since 1970, None for what is none. One without a time zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())
