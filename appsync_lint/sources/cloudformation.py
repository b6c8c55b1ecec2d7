"""CloudFormation and SAM templates: ``AWS::AppSync::GraphQLApi`` and ``AWS::Serverless::GraphQLApi``.

Everything is read through the intrinsic functions (:mod:`.intrinsics`); a setting that only deployment
knows is ``Unresolved``. A template is somebody's deployed file: what AppSync or CloudFormation tolerates
in it (keys written twice, two Lambda authorizers) is noted, and only what no deployment survives is an
error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from re import compile as regex
from typing import TYPE_CHECKING, TypeVar, cast

from ..api import (
    Api,
    FunctionCode,
    LambdaAuthorizer,
    Mode,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Tool,
    Unresolved,
    UserPool,
)
from ..api.native import read_mode
from ..errors import InputError
from ..text import SourceText, Span
from ..tree import Node, Scalar, Sequence, Table
from .embedding import Splice, embedded
from .intrinsics import Resolution, Resolver, intrinsic, plain, written
from .reader import Described, File, Reader

if TYPE_CHECKING:
    from ..api import DefaultAction
    from .functions import Functions

__all__ = ["READER"]

S = TypeVar("S", UserPool, OpenIdConnect, LambdaAuthorizer)

#: Neither tool sets the authorizer's TTL when it is not written, and neither merges ``extend`` (A6, 9.4).
CLOUDFORMATION = Tool("CloudFormation", unset_lambda_ttl=0, folds_extensions=False)
SAM = Tool("SAM", unset_lambda_ttl=0, folds_extensions=False)

#: Far more than the 50 providers that an API can have (1.13).
MAX_PROVIDERS = 500
#: How much of an ``ApiId`` is searched for references.
MAX_REFERENCES = 1_000
#: In characters, for all inline texts of a template together; AppSync takes schemas of 1 MB.
MAX_SCHEMA = 8_000_000

_VARIABLE = regex(r"\$\{(\w+)")
_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How a resource type spells the parts of a provider."""

    tool: Tool
    mode: str
    additional: str
    pool: str
    oidc: str
    authorizer: str


_SPELLINGS = {
    "AWS::AppSync::GraphQLApi": _Spelling(
        CLOUDFORMATION,
        "AuthenticationType",
        "AdditionalAuthenticationProviders",
        "UserPoolConfig",
        "OpenIDConnectConfig",
        "LambdaAuthorizerConfig",
    ),
    "AWS::Serverless::GraphQLApi": _Spelling(
        SAM, "Type", "Additional", "UserPool", "OpenIDConnect", "LambdaAuthorizer"
    ),
}


def _matches(file: File) -> bool:
    table = file.table
    return "Resources" in table or "AWSTemplateFormatVersion" in table


def _read(file: File) -> Described:
    return _Template(file).read()


class _Template:
    def __init__(self, file: File) -> None:
        self.file = file
        self.base = str(file.path.parent)
        self.resolver = Resolver(file.table)
        self.notes: list[tuple[int, str]] = []
        self.groups: dict[str, list[str | None]] | None = None
        #: How many characters of inline texts were copied so far.
        self.copied = 0
        self.functions: Functions | None = None
        self.resources = self._resources(file.table)
        self.schemas = self._schemas_by_api()

    def _resources(self, table: Table) -> list[tuple[str, Scalar, Table, str]]:
        """Return the resources that may be deployed: name, the name's node, the resource and its type."""
        section = table.get("Resources")
        if not isinstance(section, Table):
            return []
        self._note_repeated(section)
        found = []
        for name, node in section:
            if name.startswith("Fn::ForEach") and node.span is not None and "GraphQLApi" in node.span.text:
                self._note(section.keys[name], f"{name} makes APIs in a loop, which is not followed")
            kind = node.get("Type") if isinstance(node, Table) else None
            if isinstance(node, Table) and isinstance(kind, Scalar):
                found.append((name, section.keys[name], node, kind.text))
        return found

    def read(self) -> Described:
        apis: list[Api] = []
        errors: list[InputError] = []
        for name, key, node, kind in self.resources:
            if kind in _SPELLINGS and self._deployed(key, node):
                try:
                    apis.append(self._api(name, key, node, _SPELLINGS[kind]))
                except InputError as error:
                    errors.append(error)
        if errors and not apis:
            raise errors[0]
        if not apis:
            self.notes.append(
                (len(self.file.source.text), f"{self.file.source.path}: no AppSync API is in this template")
            )
        return Described(
            path=self.file.path,
            kind="cloudformation",
            apis=tuple(apis),
            notes=tuple(dict.fromkeys(text for _, text in sorted(self.notes))),
            errors=tuple(errors),
            sources=(self.file.source,),
        )

    def _deployed(self, key: Scalar, node: Table) -> bool:
        condition = node.get("Condition")
        if isinstance(condition, Scalar) and self.resolver.holds(condition.text) is False:
            self._note(key, f"{key.text} is left out, its condition {condition.text} never holds")
            return False
        return True

    # The API.

    def _api(self, name: str, key: Scalar, node: Table, spelling: _Spelling) -> Api:
        self._note_repeated(node)
        is_sam = spelling.tool is SAM
        properties = self._holder(node, "Properties", key)
        auth = self._holder(properties, "Auth", key) if is_sam and isinstance(properties, Table) else properties
        additional: tuple[Provider, ...] = ()
        additional_open: Unresolved | None
        if isinstance(auth, Unresolved):
            default, additional_open = Provider(auth, auth.span), auth
        else:
            default = self._default(name, key, auth, spelling)
            additional, additional_open = self._additional(auth, spelling)
        if is_sam:
            schema_files = self._sam_schema(properties) if isinstance(properties, Table) else ()
        else:
            schema_files = self._schema(name)
        if not schema_files:
            self._note(key, f"the schema of {name} is not in this template")
        return Api(
            name=name,
            default=default,
            additional=additional,
            additional_open=additional_open,
            schema_files=schema_files,
            groups=self._groups((default, *additional)),
            tool=spelling.tool,
            path=self.file.source.path,
            span=key.span,
        )

    def _holder(self, table: Table, key: str, owner: Scalar) -> Table | Unresolved:
        """Return the mapping under a key that the API cannot do without."""
        found = self._resolved(table, key)
        if found is None:
            raise owner.error(f"the API {owner.text} has no {key}")
        if isinstance(found, Resolution):
            return _why(found)
        if not isinstance(found, Table):
            raise found.error(f"{key} must be a mapping, not {found.kind}")
        self._note_repeated(found)
        return found

    def _default(self, name: str, key: Scalar, table: Table, spelling: _Spelling) -> Provider:
        if spelling.mode not in table:
            macro = table.get("Fn::Transform")
            if macro is None:
                raise key.error(f"the API {name} has no {spelling.mode}")
            left_open = Unresolved(written(macro), "a macro fills it in when the stack is deployed", macro.span)
            return Provider(left_open, macro.span)
        return self._provider(table, spelling, is_default=True)

    def _additional(self, table: Table, spelling: _Spelling) -> tuple[tuple[Provider, ...], Unresolved | None]:
        """Return the additional providers that are certain, and why there may be others."""
        found = self._resolved(table, spelling.additional)
        if found is None:
            return (), None
        if not isinstance(found, Resolution):
            return self._listed(found, spelling)
        lists = [((), None) if option is None else self._listed(option, spelling) for option in found.options]
        if not found.complete or not lists:
            return (), _why(found)
        return _common(lists, _why(found))

    def _listed(self, node: Node, spelling: _Spelling) -> tuple[tuple[Provider, ...], Unresolved | None]:
        if not isinstance(node, Sequence):
            raise node.error(f"{spelling.additional} must be a list, not {node.kind}")
        if len(node) > MAX_PROVIDERS:
            raise node.error(f"an API has at most 50 authorization providers, not {len(node)}")
        certain: list[Provider] = []
        doubts: list[Unresolved] = []
        for item in node:
            result = self.resolver.resolve(item)
            providers = [
                None if option is None else self._additional_provider(option, spelling) for option in result.options
            ]
            present = [provider for provider in providers if provider is not None]
            if result.decided:
                certain += present
            elif present and result.complete and None not in providers:
                certain.append(_one_of(present, _why(result)))
            else:
                candidates = _modes(present) if result.complete else ()
                doubts.append(replace(_why(result), candidates=candidates))
        return tuple(certain), _together(doubts)

    def _additional_provider(self, node: Node, spelling: _Spelling) -> Provider:
        if not isinstance(node, Table):
            raise node.error(f"an additional provider must be a mapping, not {node.kind}")
        self._note_repeated(node)
        if spelling.mode not in node:
            raise node.error(f"an additional provider has no {spelling.mode}")
        return self._provider(node, spelling, is_default=False)

    def _provider(self, table: Table, spelling: _Spelling, *, is_default: bool) -> Provider:
        mode, origin = self._mode(table, spelling.mode)
        return Provider(
            mode=mode,
            span=table.entries[spelling.mode].span,
            origin=origin,
            user_pool=self._settings(table, spelling.pool, lambda node: self._user_pool(node, is_default), UserPool()),
            oidc=self._settings(table, spelling.oidc, self._oidc, OpenIdConnect()),
            authorizer=self._settings(table, spelling.authorizer, self._authorizer, LambdaAuthorizer()),
        )

    def _mode(self, table: Table, key: str) -> tuple[Mode | Unresolved, str]:
        """Return the mode under a key, and which parameters' defaults it rests on."""
        result = self.resolver.resolve(table.entries[key])
        node = result.node
        if not result.decided:
            return _why(result), ""
        if result.assumed:
            if not isinstance(node, Scalar) or node.text not in Mode.__members__:
                names = ", ".join(result.assumed)
                why = f"the default of the parameter {names} is no mode"
                return Unresolved(written(table.entries[key]), why, table.entries[key].span), ""
            return Mode(node.text), self._assume(table, key, result)
        if node is None:
            raise table.keys[key].error(f"{key} is set to AWS::NoValue")
        return read_mode(node), ""

    # Settings of a provider.

    def _settings(self, table: Table, key: str, read: Callable[[Table], S], unset: S) -> S | None:
        """Read a provider's settings; those that differ from branch to branch of a condition are unresolved."""

        def checked(node: Node) -> S:
            if not isinstance(node, Table):
                raise node.error(f"{key} must be a mapping, not {node.kind}")
            self._note_repeated(node)
            return read(node)

        found = self._resolved(table, key)
        if found is None:
            return None
        if not isinstance(found, Resolution):
            return checked(found)
        branches = [unset if option is None else checked(option) for option in found.options]
        return _merged(unset, branches if found.complete else [], _why(found))

    def _user_pool(self, node: Table, is_default: bool) -> UserPool:
        action, action_span = self._action(node, is_default)
        return UserPool(
            pool_id=self._text(node, "UserPoolId"),
            default_action=action,
            default_action_span=action_span,
            app_client_regex=self._text(node, "AppIdClientRegex"),
        )

    def _action(self, node: Table, is_default: bool) -> tuple[DefaultAction | Unresolved | None, Span | None]:
        action = self._text(node, "DefaultAction", assumable=True)
        if action is None:
            return None, None
        place = node.entries["DefaultAction"]
        if not is_default:
            # CloudFormation refuses it here and SAM drops it: only the default pool has one (2.10).
            self._note(place, "DefaultAction does nothing in an additional provider")
            return None, place.span
        if isinstance(action, str) and action not in ("ALLOW", "DENY"):
            raise place.error(f"DefaultAction is ALLOW or DENY, not {action!r}")
        return cast("DefaultAction | Unresolved", action), place.span

    def _oidc(self, node: Table) -> OpenIdConnect:
        return OpenIdConnect(
            issuer=self._text(node, "Issuer"),
            client_id=self._text(node, "ClientId"),
            issued_ttl_ms=self._number(node, "IatTTL"),
            auth_ttl_ms=self._number(node, "AuthTTL"),
        )

    def _authorizer(self, node: Table) -> LambdaAuthorizer:
        ttl = node.get("AuthorizerResultTtlInSeconds")
        return LambdaAuthorizer(
            uri=self._text(node, "AuthorizerUri"),
            ttl=self._number(node, "AuthorizerResultTtlInSeconds"),
            ttl_span=ttl.span if ttl is not None else None,
            identity_validation=self._text(node, "IdentityValidationExpression", assumable=True),
            code=self._function(node.get("AuthorizerUri")),
            span=node.span,
        )

    def _function(self, uri: Node | None) -> FunctionCode | None:
        """Return where the code of an authorizer's function is."""
        if uri is None:
            return None
        if self.functions is None:
            from .functions import Functions

            self.functions = Functions(
                self.file.table,
                self.resolver,
                self.base,
                spliced=self._spliced,
                referred=_referred,
                allow_outside=self.file.allow_outside,
            )
        return self.functions.behind(uri)

    def _spliced(self, node: Node) -> SourceText | None:
        splice = Splice(self.file.source)
        return splice.finish() if self._splice(node, splice, []) else None

    def _resolved(self, table: Table, key: str) -> Node | Resolution | None:
        """Return the value under a key; None where it is not set, a resolution where only deployment knows."""
        node = table.get(key)
        if node is None:
            return None
        result = self.resolver.resolve(node)
        if not result.decided:
            return result
        value = result.node
        return None if isinstance(value, Scalar) and value.value is None else value

    def _text(self, table: Table, key: str, *, assumable: bool = False) -> str | Unresolved | None:
        found = self._resolved(table, key)
        if found is None:
            return None
        if isinstance(found, Resolution):
            return _why(found)
        if not isinstance(found, Scalar):
            raise found.error(f"{key} must be a text, not {found.kind}")
        if assumable:
            self._assume(table, key, self.resolver.resolve(table.entries[key]))
        return found.text

    def _number(self, table: Table, key: str) -> int | Unresolved | None:
        text = self._text(table, key, assumable=True)
        if text is None or isinstance(text, Unresolved):
            return text
        try:
            return int(text) if len(text) < 20 else int("")
        except ValueError:
            raise table.entries[key].error(f"{key} must be a whole number, not {text[:40]!r}") from None

    def _assume(self, table: Table, key: str, result: Resolution) -> str:
        """Note that a setting rests on parameters' defaults, and return the words for it."""
        if not result.assumed or not isinstance(result.node, Scalar):
            return ""
        plural = "s" if len(result.assumed) > 1 else ""
        origin = f"the default{plural} of the parameter{plural} {', '.join(result.assumed)}"
        self._note(table.entries[key], f"{key} is {result.node.text}, {origin}; a deployment may pass another value")
        return origin

    # Groups.

    def _groups(self, providers: Iterable[Provider]) -> tuple[str, ...] | None:
        """Return the groups that the template makes in the API's user pools, if it tells all their names."""
        pools = [str(item.user_pool.pool_id) for item in providers if item.user_pool and item.user_pool.pool_id]
        if self.groups is None:
            self.groups = self._groups_by_pool()
        names = [name for pool in dict.fromkeys(pools) for name in self.groups.get(pool, ())]
        known = [name for name in names if name is not None]
        return tuple(dict.fromkeys(known)) if known and len(known) == len(names) else None

    def _groups_by_pool(self) -> dict[str, list[str | None]]:
        """Return the names of the template's groups by what names their pool; None for a name that is open."""
        groups: dict[str, list[str | None]] = {}
        for _, key, node, kind in self.resources:
            if kind != "AWS::Cognito::UserPoolGroup":
                continue
            properties = self._holder(node, "Properties", key)
            if isinstance(properties, Unresolved):
                continue
            name = self._text(properties, "GroupName")
            certain = isinstance(name, str) and not self.resolver.resolve(properties.entries["GroupName"]).assumed
            groups.setdefault(str(self._text(properties, "UserPoolId")), []).append(str(name) if certain else None)
        return groups

    # Schemas.

    def _schema(self, name: str) -> tuple[SchemaFile, ...]:
        """Return the schema of the ``AWS::AppSync::GraphQLSchema`` that belongs to an API."""
        found = [(key, node) for key, node in self.schemas.get(name, ()) if self._deployed(key, node)]
        if len(found) > 1:
            self._note(found[1][0], f"{name} has a second schema; {found[0][0].text} is used")
        if not found:
            return ()
        key, node = found[0]
        self._note_repeated(node)
        properties = self._holder(node, "Properties", key)
        if isinstance(properties, Unresolved):
            return (SchemaFile(unresolved=properties, span=properties.span),)
        return self._schema_file(properties, "Definition", "DefinitionS3Location")

    def _sam_schema(self, properties: Table) -> tuple[SchemaFile, ...]:
        return self._schema_file(properties, "SchemaInline", "SchemaUri")

    def _schema_file(self, table: Table, inline: str, location: str) -> tuple[SchemaFile, ...]:
        if self._resolved(table, inline) is not None:
            return (self._inline(table, inline),)
        found = self._resolved(table, location)
        if found is None:
            return ()
        place = table.entries[location]
        if isinstance(found, Resolution):
            return (SchemaFile(unresolved=_why(found), span=place.span),)
        if not isinstance(found, Scalar):
            raise found.error(f"{location} must be a text, not {found.kind}")
        path = found.text.strip()
        if not path or _ADDRESS.match(path):
            why = "it is fetched from there when the stack is deployed" if path else "it is empty by default"
            return (SchemaFile(unresolved=Unresolved(path or written(place), why, place.span), span=place.span),)
        self._assume(table, location, self.resolver.resolve(place))
        return (SchemaFile(path=path, base=self.base, span=place.span),)

    def _inline(self, table: Table, key: str) -> SchemaFile:
        node = table.entries[key]
        splice = Splice(self.file.source)
        left: list[str] = []
        if self._splice(node, splice, left):
            if left:
                names = ", ".join(dict.fromkeys(left))
                self._note(node, f"the schema holds {names}, which only deployment knows; it is read as it stands")
            return SchemaFile(text=splice.finish(), span=node.span)
        result = self.resolver.resolve(node)
        if result.decided:
            assert result.node is not None
            if not isinstance(result.node, Scalar):
                raise node.error(f"{key} must be a text, not {result.node.kind}")
            too_long = Unresolved(written(node), "it is too long to be followed", node.span)
            return SchemaFile(unresolved=too_long, span=node.span)
        return SchemaFile(unresolved=_why(result), span=node.span)

    def _splice(self, node: Node, splice: Splice, left: list[str], depth: int = 0) -> bool:
        """Put an inline schema together with its places in the template; False where it cannot be told.

        Variables that only deployment knows stay in the text as they are written; ``left`` gets them.
        """
        call = intrinsic(node)
        if call is None:
            if not isinstance(node, Scalar) or node.span is None or not self._may_copy(node):
                return False
            part = embedded(node, self.file.source)
            splice.add_part(part, 0, len(part.text))
            return True
        name, argument = call
        if name == "Fn::Sub":
            return self._splice_sub(argument, splice, left)
        if name == "Fn::Join" and isinstance(argument, Sequence) and len(argument) == 2 and depth < 8:
            separator, members = argument.items
            if not isinstance(separator, Scalar) or not isinstance(members, Sequence):
                return False
            for index, member in enumerate(members):
                if index and member.span is not None:
                    splice.add(separator.text, member.span.start_offset)
                if not self._splice(member, splice, left, depth + 1):
                    return False
            return True
        result = self.resolver.resolve(node)
        value = result.node
        return isinstance(value, Scalar) and value is not node and self._splice(value, splice, left, depth + 1)

    def _may_copy(self, scalar: Scalar) -> bool:
        """Whether a text may still be copied: one that many resources share would be copied for ever."""
        self.copied += len(scalar.text)
        return self.copied <= MAX_SCHEMA

    def _splice_sub(self, argument: Node, splice: Splice, left: list[str]) -> bool:
        template, own = self.resolver.sub_parts(argument)
        if template is None or template.span is None or not self._may_copy(template):
            return False
        part = embedded(template, self.file.source)
        end = 0
        for start, stop, reference in self.resolver.variables(template):
            splice.add_part(part, end, start)
            value = self.resolver.resolve(self.resolver.given(reference, own)).node
            if isinstance(value, Scalar):
                splice.add_substitute(value.text, part.host_offset(start), stop - start)
            else:
                left.append(part.text[start:stop])
                splice.add_part(part, start, stop)
            end = stop
        splice.add_part(part, end, len(part.text))
        return True

    def _schemas_by_api(self) -> dict[str, list[tuple[Scalar, Table]]]:
        """Return the schemas whose ``ApiId`` refers to an API of this template, by the API's logical id."""
        apis = {name for name, _, _, kind in self.resources if kind in _SPELLINGS}
        schemas: dict[str, list[tuple[Scalar, Table]]] = {}
        # Each shared node is searched once.
        known: dict[int, set[str]] = {}
        for name, key, node, kind in self.resources:
            if kind != "AWS::AppSync::GraphQLSchema":
                continue
            properties = node.get("Properties")
            api_id = properties.get("ApiId") if isinstance(properties, Table) else None
            mine: set[str] = set()
            if api_id is not None:
                if id(api_id) not in known:
                    known[id(api_id)] = apis & _referred(api_id)
                mine = known[id(api_id)]
            if not mine:
                self._note(key, f"the API that the schema {name} belongs to is not in this template")
            for api in sorted(mine):
                schemas.setdefault(api, []).append((key, node))
        return schemas

    # Notes.

    def _note(self, node: Node, text: str) -> None:
        self.notes.append((node.span.start_offset if node.span else 0, str(node.error(text))))

    def _note_repeated(self, table: Table) -> None:
        for key in table.repeated:
            self._note(key, f"the key {key.text} is written twice; the last one counts")


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


def _referred(node: Node) -> set[str]:
    """Return the logical ids that a value refers to, wherever in it; each shared node is looked at once."""
    found: set[str] = set()
    seen: set[int] = set()
    left = [node]
    while left and len(seen) < MAX_REFERENCES:
        item = left.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        name, argument = intrinsic(item) or ("", plain(item))
        if isinstance(argument, Scalar):
            if name in ("Ref", "Fn::GetAtt"):
                found.add(argument.text.partition(".")[0])
            elif name == "Fn::Sub":
                found.update(_VARIABLE.findall(argument.text))
        elif isinstance(argument, Sequence):
            if name == "Fn::GetAtt" and argument.items and isinstance(argument.items[0], Scalar):
                found.add(argument.items[0].text)
            left.extend(argument.items)
        elif argument is not item or isinstance(argument, Table):
            left.extend(argument.entries.values())
    return found


READER = Reader(
    kind="cloudformation",
    expects="a CloudFormation or SAM template (Resources)",
    matches=_matches,
    read=_read,
)
