"""Reading an API's providers from a tree, whatever words a deploy tool has for their settings.

A tool's reader says how the tool spells things (:class:`Spelling`) and what a value can be (``resolve``);
everything that only deployment knows becomes ``Unresolved`` here, in one way for all tools.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

from ..api import FunctionCode, LambdaAuthorizer, Mode, OpenIdConnect, Provider, Tool, Unresolved, UserPool
from ..api.native import read_mode
from ..tree import Node, Open, Scalar, Sequence, Table
from .resolution import Resolution, resolved, written

if TYPE_CHECKING:
    from ..api import DefaultAction
    from ..text import Span

__all__ = ["MAX_PROVIDERS", "ProviderReader", "Spelling"]

S = TypeVar("S", UserPool, OpenIdConnect, LambdaAuthorizer)

#: Far more than the 50 providers that an API can have (1.13).
MAX_PROVIDERS = 500

_NO_NAMES: Mapping[str, Mode] = MappingProxyType({})
_NO_ACTIONS: Mapping[str, str] = MappingProxyType({})


def _keys(text: str) -> Callable[[], tuple[str, ...]]:
    return lambda: tuple(text.split())


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a tool spells the parts of a provider.

    Each part may have several keys; the first that is there counts. ``config`` are keys under which the
    settings of a provider's own mode stand without a key of their own. ``modes`` are names of modes
    besides AppSync's own, ``actions`` those of the default actions. ``unset_mode`` is what the tool deploys
    where no mode is written, ``unset_action`` where a default pool has no default action; None where the
    tool leaves that to AppSync, which refuses it (3.6). ``variable`` is the tool's word for what may be
    passed at deployment.
    """

    tool: Tool
    mode: tuple[str, ...] = field(default_factory=_keys("AuthenticationType"))
    additional: tuple[str, ...] = field(default_factory=_keys("AdditionalAuthenticationProviders"))
    pool: tuple[str, ...] = field(default_factory=_keys("UserPoolConfig"))
    oidc: tuple[str, ...] = field(default_factory=_keys("OpenIDConnectConfig"))
    authorizer: tuple[str, ...] = field(default_factory=_keys("LambdaAuthorizerConfig"))
    config: tuple[str, ...] = ()
    pool_id: tuple[str, ...] = field(default_factory=_keys("UserPoolId"))
    action: tuple[str, ...] = field(default_factory=_keys("DefaultAction"))
    client_regex: tuple[str, ...] = field(default_factory=_keys("AppIdClientRegex"))
    issuer: tuple[str, ...] = field(default_factory=_keys("Issuer"))
    client_id: tuple[str, ...] = field(default_factory=_keys("ClientId"))
    issued_ttl: tuple[str, ...] = field(default_factory=_keys("IatTTL"))
    auth_ttl: tuple[str, ...] = field(default_factory=_keys("AuthTTL"))
    uri: tuple[str, ...] = field(default_factory=_keys("AuthorizerUri"))
    ttl: tuple[str, ...] = field(default_factory=_keys("AuthorizerResultTtlInSeconds"))
    identity_validation: tuple[str, ...] = field(default_factory=_keys("IdentityValidationExpression"))
    modes: Mapping[str, Mode] = field(default_factory=lambda: _NO_NAMES)
    actions: Mapping[str, str] = field(default_factory=lambda: _NO_ACTIONS)
    unset_mode: Mode | None = None
    unset_action: DefaultAction | None = None
    variable: str = "parameter"


class ProviderReader:
    """Reads the providers of one file's APIs.

    ``note`` takes what the user should know, with its node. ``resolve`` says what a node can be. ``code``
    finds the code of a Lambda authorizer from its settings. All methods raise
    :class:`~appsync_lint.errors.InputError` for what no deployment survives.
    """

    def __init__(
        self,
        spelling: Spelling,
        note: Callable[[Node, str], None],
        *,
        resolve: Callable[[Node], Resolution] = resolved,
        code: Callable[[Table], FunctionCode | None] | None = None,
    ) -> None:
        self.spelling = spelling
        self.note = note
        self.resolve = resolve
        self.code = code

    def providers(
        self, table: Table, owner: Node, name: str
    ) -> tuple[Provider, tuple[Provider, ...], Unresolved | None]:
        """Return an API's default provider, its certain additional ones, and why there may be others.

        ``owner`` is the place of the API, ``name`` how it is called.
        """
        additional, additional_open = self.additional(table)
        return self.default(table, owner, name), additional, additional_open

    def default(self, table: Table, owner: Node, name: str) -> Provider:
        """Return the provider that a mapping describes as the API's default."""
        key = _present(table, self.spelling.mode)
        if key not in table:
            if table.more is not None:
                left_open = Unresolved(table.more.text, table.more.why, table.more.span)
                return Provider(left_open, table.more.span)
            if self.spelling.unset_mode is not None:
                tool = self.spelling.tool.name
                return Provider(self.spelling.unset_mode, owner.span, origin=f"what {tool} takes when none is written")
            raise owner.error(f"the API {name} has no {key}")
        return self._provider(table, is_default=True)

    def additional(self, table: Table) -> tuple[tuple[Provider, ...], Unresolved | None]:
        """Return the additional providers that are certain, and why there may be others."""
        found = self.value(table, self.spelling.additional)
        more = table.more
        left_open = None if more is None else Unresolved(more.text, more.why, more.span)
        if found is None:
            return (), left_open
        if not isinstance(found, Resolution):
            return self._listed(found)
        lists = [((), None) if option is None else self._listed(option) for option in found.options]
        if not found.complete or not lists:
            return (), _why(found)
        return _common(lists, _why(found))

    def _listed(self, node: Node) -> tuple[tuple[Provider, ...], Unresolved | None]:
        if isinstance(node, Table) and node.tag is None and self._is_named_list(node):
            node = Sequence(list(node.entries.values()), node.span)
        if not isinstance(node, Sequence):
            raise node.error(f"{self.spelling.additional[0]} must be a list, not {node.kind}")
        if len(node) > MAX_PROVIDERS:
            raise node.error(f"an API has at most 50 authorization providers, not {len(node)}")
        certain: list[Provider] = []
        doubts: list[Unresolved] = []
        if node.more is not None:
            doubts.append(Unresolved(node.more.text, node.more.why, node.more.span))
        for item in node:
            result = self.resolve(item)
            providers = [None if option is None else self._additional_provider(option) for option in result.options]
            present = [provider for provider in providers if provider is not None]
            if result.decided:
                certain += present
            elif present and result.complete and None not in providers:
                certain.append(_one_of(present, _why(result)))
            else:
                candidates = _modes(present) if result.complete else ()
                doubts.append(replace(_why(result), candidates=candidates))
        return tuple(certain), _together(doubts)

    def _is_named_list(self, node: Table) -> bool:
        """Whether a mapping holds providers by names of their own, as a Terraform module takes them."""
        return not any(key in node for key in self.spelling.mode) and all(
            isinstance(item, Table) for item in node.entries.values()
        )

    def _additional_provider(self, node: Node) -> Provider:
        if not isinstance(node, Table):
            raise node.error(f"an additional provider must be a mapping, not {node.kind}")
        self.note_repeated(node)
        key = _present(node, self.spelling.mode)
        if key not in node:
            if node.more is None:
                raise node.error(f"an additional provider has no {key}")
            return Provider(Unresolved(node.more.text, node.more.why, node.more.span), node.more.span)
        return self._provider(node, is_default=False)

    def _provider(self, table: Table, *, is_default: bool) -> Provider:
        spelling = self.spelling
        key = _present(table, spelling.mode)
        mode, origin = self._mode(table, key)

        def of(own: Mode, keys: tuple[str, ...]) -> tuple[str, ...]:
            return (*keys, *spelling.config) if mode is own else keys

        pool = self._settings(
            table,
            of(Mode.AMAZON_COGNITO_USER_POOLS, spelling.pool),
            lambda node: self._user_pool(node, is_default),
            UserPool(),
        )
        if is_default and mode is Mode.AMAZON_COGNITO_USER_POOLS and spelling.unset_action is not None:
            pool = pool or UserPool()
            if pool.default_action is None:
                pool = replace(pool, default_action=spelling.unset_action)
        return Provider(
            mode=mode,
            span=table.entries[key].span,
            origin=origin,
            user_pool=pool,
            oidc=self._settings(table, of(Mode.OPENID_CONNECT, spelling.oidc), self._oidc, OpenIdConnect()),
            authorizer=self._settings(
                table, of(Mode.AWS_LAMBDA, spelling.authorizer), self._authorizer, LambdaAuthorizer()
            ),
        )

    def _mode(self, table: Table, key: str) -> tuple[Mode | Unresolved, str]:
        """Return the mode under a key, and which variables' defaults it rests on."""
        place = table.entries[key]
        result = self.resolve(place)
        node = result.node
        if not result.decided:
            unresolved = _why(result)
            names = tuple(dict.fromkeys(self._name(text) for text in unresolved.candidates))
            return replace(unresolved, candidates=names), ""
        if result.assumed:
            if not isinstance(node, Scalar) or self._name(node.text) not in Mode.__members__:
                names_text = ", ".join(result.assumed)
                why = f"the default of the {self.spelling.variable} {names_text} is no mode"
                return Unresolved(written(place), why, place.span), ""
            return Mode(self._name(node.text)), self._assume(table, key, result)
        if node is None:
            raise table.keys[key].error(f"{key} is set to AWS::NoValue")
        if isinstance(node, Scalar) and node.text in self.spelling.modes:
            return self.spelling.modes[node.text], ""
        return read_mode(node), ""

    def _name(self, text: str) -> str:
        mode = self.spelling.modes.get(text)
        return text if mode is None else mode.value

    # Settings of a provider.

    def _settings(self, table: Table, keys: tuple[str, ...], read: Callable[[Table], S], unset: S) -> S | None:
        """Read a provider's settings; those that differ from branch to branch of a condition are unresolved."""
        key = _present(table, keys)

        def checked(node: Node) -> S:
            if isinstance(node, Sequence) and len(node) == 1:
                # A block that may stand once only is a list of one in Terraform's JSON.
                node = node.items[0]
            if not isinstance(node, Table):
                raise node.error(f"{key} must be a mapping, not {node.kind}")
            self.note_repeated(node)
            return read(self._with_open_keys(node))

        found = self.value(table, keys)
        if isinstance(found, Sequence):
            found = self._one_block(found)
        if found is None or (isinstance(found, Sequence) and not found.items):
            return None
        if not isinstance(found, Resolution):
            return checked(found)
        branches = [unset if option is None else checked(option) for option in found.options]
        return _merged(unset, branches if found.complete else [], _why(found))

    def _one_block(self, node: Sequence) -> Node | Resolution | None:
        """Return the block that a list holds, where only deployment knows which one it is or whether it is there."""
        results = [self.resolve(item) for item in node.items]
        if node.more is not None:
            results.append(self.resolve(node.more))
        doubt = next((result for result in results if not result.decided), None)
        if doubt is None:
            return results[0].node if len(results) == 1 else node
        options = tuple(option for result in results for option in result.options)
        return replace(doubt, options=options, complete=all(result.complete for result in results))

    def _with_open_keys(self, node: Table) -> Table:
        """Return a provider's settings with what is not written open, where something else may set it."""
        if node.more is None:
            return node
        result = Table(dict(node.entries), dict(node.keys), node.span, node.tag, node.repeated)
        spelling = self.spelling
        for keys in (
            *(spelling.pool_id, spelling.action, spelling.client_regex),
            *(spelling.issuer, spelling.client_id, spelling.issued_ttl, spelling.auth_ttl),
            *(spelling.uri, spelling.ttl, spelling.identity_validation),
        ):
            if not any(key in node for key in keys):
                result.entries[keys[0]] = Open(node.more.text, node.more.why, node.more.span)
        result.more = node.more
        return result

    def _user_pool(self, node: Table, is_default: bool) -> UserPool:
        action, action_span = self._action(node, is_default)
        return UserPool(
            pool_id=self.text(node, self.spelling.pool_id),
            default_action=action,
            default_action_span=action_span,
            app_client_regex=self.text(node, self.spelling.client_regex),
        )

    def _action(self, node: Table, is_default: bool) -> tuple[DefaultAction | Unresolved | None, Span | None]:
        key = _present(node, self.spelling.action)
        action = self.text(node, (key,), assumable=True)
        if action is None:
            return None, None
        place = node.entries[key]
        if not is_default:
            # CloudFormation refuses it here and SAM drops it: only the default pool has one (2.10). A rule says so.
            return None, place.span
        actions = self.spelling.actions
        if isinstance(action, Unresolved):
            return replace(action, candidates=tuple(actions.get(item, item) for item in action.candidates)), place.span
        action = actions.get(action, action)
        if action not in ("ALLOW", "DENY"):
            raise place.error(f"{key} is ALLOW or DENY, not {action!r}")
        return cast("DefaultAction", action), place.span

    def _oidc(self, node: Table) -> OpenIdConnect:
        return OpenIdConnect(
            issuer=self.text(node, self.spelling.issuer),
            client_id=self.text(node, self.spelling.client_id),
            issued_ttl_ms=self.number(node, self.spelling.issued_ttl),
            auth_ttl_ms=self.number(node, self.spelling.auth_ttl),
        )

    def _authorizer(self, node: Table) -> LambdaAuthorizer:
        ttl = node.get(_present(node, self.spelling.ttl))
        return LambdaAuthorizer(
            uri=self.text(node, self.spelling.uri),
            ttl=self.number(node, self.spelling.ttl),
            ttl_span=ttl.span if ttl is not None else None,
            identity_validation=self.text(node, self.spelling.identity_validation, assumable=True),
            code=self.code(node) if self.code is not None else None,
            span=node.span,
        )

    # Values.

    def value(self, table: Table, keys: tuple[str, ...]) -> Node | Resolution | None:
        """Return the value under the first key there is; None where it is not set, a resolution where it is open."""
        node = table.get(_present(table, keys))
        if node is None:
            return None
        result = self.resolve(node)
        if not result.decided:
            return result
        value = result.node
        return None if isinstance(value, Scalar) and value.value is None else value

    def text(self, table: Table, keys: tuple[str, ...], *, assumable: bool = False) -> str | Unresolved | None:
        """Return a text; ``assumable`` notes when it rests on the default of what a deployment may pass."""
        key = _present(table, keys)
        found = self.value(table, keys)
        if found is None:
            return None
        if isinstance(found, Resolution):
            return _why(found)
        if not isinstance(found, Scalar):
            raise found.error(f"{key} must be a text, not {found.kind}")
        if assumable:
            self._assume(table, key, self.resolve(table.entries[key]))
        return found.text

    def number(self, table: Table, keys: tuple[str, ...]) -> int | Unresolved | None:
        """Return a whole number, written as one or as a text."""
        key = _present(table, keys)
        text = self.text(table, keys, assumable=True)
        if text is None or isinstance(text, Unresolved):
            return text
        try:
            return int(text) if len(text) < 20 else int("")
        except ValueError:
            raise table.entries[key].error(f"{key} must be a whole number, not {text[:40]!r}") from None

    def flag(self, table: Table, keys: tuple[str, ...]) -> bool | Unresolved | None:
        """Return a truth value, written as one or as a text."""
        key = _present(table, keys)
        text = self.text(table, keys)
        if text is None or isinstance(text, Unresolved):
            return text
        if text.lower() not in ("true", "false"):
            raise table.entries[key].error(f"{key} must be true or false, not {text[:40]!r}")
        return text.lower() == "true"

    def _assume(self, table: Table, key: str, result: Resolution) -> str:
        """Note that a setting rests on variables' defaults, and return the words for it."""
        if not result.assumed or not isinstance(result.node, Scalar):
            return ""
        plural = "s" if len(result.assumed) > 1 else ""
        origin = f"the default{plural} of the {self.spelling.variable}{plural} {', '.join(result.assumed)}"
        self.note(table.entries[key], f"{key} is {result.node.text}, {origin}; a deployment may pass another value")
        return origin

    def note_repeated(self, table: Table) -> None:
        """Note the keys of a mapping that are written twice."""
        for key in table.repeated:
            self.note(key, f"the key {key.text} is written twice; the last one counts")


def _present(table: Table, keys: tuple[str, ...]) -> str:
    """Return the first key that a mapping has, the first of all where it has none."""
    return next((key for key in keys if key in table), keys[0])


def _why(result: Resolution) -> Unresolved:
    assert result.unresolved is not None
    return result.unresolved


def _modes(providers: Iterable[Provider]) -> tuple[str, ...]:
    """Return the names of the modes that some providers can have, each once."""
    names: list[str] = []
    for item in providers:
        names += [item.mode.value] if isinstance(item.mode, Mode) else item.mode.candidates
    return tuple(dict.fromkeys(names))


def _together(doubts: list[Unresolved]) -> Unresolved | None:
    if len(doubts) < 2:
        return doubts[0] if doubts else None
    candidates = tuple(dict.fromkeys(name for doubt in doubts for name in doubt.candidates))
    known = all(doubt.candidates for doubt in doubts)
    return replace(doubts[0], candidates=candidates if known else ())


def _one_of(providers: list[Provider], doubt: Unresolved) -> Provider:
    """Return the provider that is one of several: what they have in common is certain."""
    first = providers[0]
    if len(providers) == 1:
        return first
    modes = {item.mode for item in providers if isinstance(item.mode, Mode)}
    certain = len(modes) == 1 and all(isinstance(item.mode, Mode) for item in providers)
    every_known = all(isinstance(item.mode, Mode) or item.mode.candidates for item in providers)
    mode = first.mode if certain else replace(doubt, candidates=_modes(providers) if every_known else ())
    pools, issuers, authorizers = (
        [getattr(item, name) for item in providers] for name in ("user_pool", "oidc", "authorizer")
    )
    return Provider(
        mode=mode,
        span=first.span if certain else doubt.span,
        user_pool=_merged_or_none(UserPool(), pools, doubt),
        oidc=_merged_or_none(OpenIdConnect(), issuers, doubt),
        authorizer=_merged_or_none(LambdaAuthorizer(), authorizers, doubt),
    )


def _merged_or_none(unset: S, branches: list[S | None], doubt: Unresolved) -> S | None:
    if all(branch is None for branch in branches):
        return None
    return _merged(unset, [branch or unset for branch in branches], doubt)


def _merged(unset: S, branches: list[S], doubt: Unresolved) -> S:
    """Return settings of which those that all branches agree on are certain; without branches none is."""
    changes: dict[str, object] = {}
    for item in fields(unset):
        values = [getattr(branch, item.name) for branch in branches]
        if item.name in ("source", "code") or item.name.endswith("span"):
            places = (value for value in values if value is not None)
            changes[item.name] = next(places, doubt.span if item.name == "span" else None)
        elif values and len({_comparable(value) for value in values}) == 1:
            changes[item.name] = values[0]
        else:
            known = bool(values) and not any(isinstance(value, Unresolved) for value in values)
            texts = dict.fromkeys(str(value) for value in values if value is not None)
            changes[item.name] = replace(doubt, candidates=tuple(texts) if known else ())
    return replace(unset, **changes)  # type: ignore[arg-type]


def _comparable(value: object) -> object:
    """Return what makes a setting the same as another: for an unresolved one what is written, not where."""
    return (value.text, value.why) if isinstance(value, Unresolved) else value


def _common(
    lists: list[tuple[tuple[Provider, ...], Unresolved | None]], doubt: Unresolved
) -> tuple[tuple[Provider, ...], Unresolved | None]:
    """Return the providers that every one of some lists has, and why there may be others."""
    certain: list[Provider] = []
    remaining = [list(providers) for providers, _ in lists]
    for provider in lists[0][0]:
        same = [next((item for item in rest if item.mode == provider.mode), None) for rest in remaining]
        everywhere = [item for item in same if item is not None]
        if isinstance(provider.mode, Mode) and len(everywhere) == len(remaining):
            certain.append(_one_of(everywhere, doubt))
            for rest, item in zip(remaining, everywhere, strict=True):
                rest.remove(item)
    # As many more as the shortest list has are certain, too, only not which.
    more = min(len(rest) for rest in remaining)
    certain += [_one_of([rest[index] for rest in remaining], doubt) for index in range(more)]
    doubts = [left_open for _, left_open in lists if left_open is not None]
    left = [provider for rest in remaining for provider in rest[more:]]
    if left:
        doubts.append(replace(doubt, candidates=_modes(left)))
    return tuple(certain), _together(doubts)
