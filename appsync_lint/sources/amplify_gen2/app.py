"""One Amplify Gen 2 app: what ``defineData`` says, what ``defineBackend`` adds, and what a deployment has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...api import (
    AmplifySettings,
    Api,
    ApiKey,
    ApiSettings,
    FunctionCode,
    Logging,
    Mode,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Setting,
    Unresolved,
)
from ...errors import InputError
from ...files import display_path
from ...text import SourceText
from ...tree import Node, Open, Scalar, Sequence, Table
from ..places import project_folder, real_path
from ..providers import ProviderReader, Spelling
from ..reader import Described, File
from .outputs import GEN2, read_outputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..programs import Call, Program

__all__ = ["read_app"]

_PACKAGE = "@aws-amplify/backend"
_ASSEMBLY = ".amplify/artifacts/cdk.out"
#: What a program has to say to change the modes behind Amplify's back.
_MODE_WORDS = ("uthenticationType", "uthenticationProviders")
_KEY_DAYS = 7

_POOL, _ISSUER, _AUTHORIZER = "(user pool)", "oidcAuthorizationMode", "lambdaAuthorizationMode"
_SPELLING = Spelling(
    GEN2,
    mode=("defaultAuthorizationMode",),
    additional=("(additional)",),
    pool=(_POOL,),
    oidc=(_ISSUER,),
    authorizer=(_AUTHORIZER,),
    issuer=("oidcIssuerUrl",),
    client_id=("clientId",),
    issued_ttl=("tokenExpireFromIssueInSeconds",),
    auth_ttl=("tokenExpiryFromAuthInSeconds",),
    uri=("function",),
    ttl=("timeToLiveInSeconds",),
    modes={
        "iam": Mode.AWS_IAM,
        "identityPool": Mode.AWS_IAM,
        "userPool": Mode.AMAZON_COGNITO_USER_POOLS,
        "oidc": Mode.OPENID_CONNECT,
        "apiKey": Mode.API_KEY,
        "lambda": Mode.AWS_LAMBDA,
    },
    unset_action="ALLOW",
)
#: The modes that a key of ``authorizationModes`` adds, in the order of the deployed API.
_ADDED = (("apiKeyAuthorizationMode", "apiKey"), (_AUTHORIZER, "lambda"), (_ISSUER, "oidc"))


def read_app(file: File) -> Described:
    """Read the API of the app that ``data/resource.ts`` or ``amplify_outputs.json`` belongs to."""
    return _App(file).read()


class _App:
    def __init__(self, file: File) -> None:
        self.file = file
        self.path = Path.cwd() / file.path
        self.is_outputs = file.path.suffix == ".json"
        # Amplify wants the program at amplify/data/resource.ts; the outputs lie beside that folder.
        self.root = self.path.parent if self.is_outputs else self._root()
        self.notes: list[str] = []
        self.sources: list[SourceText] = [file.source]

    def _root(self) -> Path:
        parents = list(self.path.parents)[1:3]
        return next((folder.parent for folder in parents if folder.name == "amplify"), self.path.parent)

    def read(self) -> Described:
        deployed = self._deployed()
        written = self._written(deployed)
        api = written or deployed
        if api is None:
            self.notes.append(f"{self.file.source.path}: no AppSync API is in this Amplify app")
        elif written is not None and deployed is not None:
            api = self._settled(written, deployed)
        return Described(
            path=self.file.path,
            kind="amplify-gen2",
            apis=() if api is None else (replace(api, schema_files=(self._schema(api),)),),
            notes=tuple(dict.fromkeys(self.notes)),
            sources=tuple(dict.fromkeys(self.sources)),
        )

    def _open(self, path: Path) -> File | None:
        if path == self.path:
            return self.file
        try:
            if not path.is_file():
                return None
        except OSError:
            return None
        real_path(path, project_folder(self.root), display_path(path), None, allow_outside=self.file.allow_outside)
        found = File(path, allow_outside=self.file.allow_outside)
        self.sources.append(found.source)
        return found

    def note(self, node: Node, text: str) -> None:
        self.notes.append(str(node.error(text)))

    # What a deployment has.

    def _deployed(self) -> Api | None:
        file = self._open(self.path if self.is_outputs else self.root / "amplify_outputs.json")
        if file is None:
            return None
        return read_outputs(file.table, file.source.path)

    def _settled(self, written: Api, deployed: Api) -> Api:
        """Return the API with the modes of the deployment; the rest is as the program has it."""
        if _differ(written, deployed):
            self.notes.append(
                f"{deployed.path}: it has {_told(deployed)} and {written.path} {_told(written)}; what was deployed "
                "counts, so deploy (npx ampx sandbox) where it is older"
            )

        def settled(item: Provider) -> Provider:
            known = next((one for one in written.providers if one.mode == item.mode), None)
            if known is None:
                return item
            return replace(known, user_pool=item.user_pool)

        return replace(
            written,
            default=settled(deployed.default),
            additional=tuple(settled(item) for item in deployed.additional),
            additional_open=None,
            groups=deployed.groups if deployed.groups is not None else written.groups,
        )

    # What the program says.

    def _program_file(self) -> File | None:
        if not self.is_outputs:
            return self.file
        for ending in ("ts", "js", "mts", "mjs"):
            found = self._open(self.root / "amplify" / "data" / f"resource.{ending}")
            if found is not None and "defineData(" in found.source.text:
                return found
        return None

    def _written(self, deployed: Api | None) -> Api | None:
        file = self._program_file()
        if file is None:
            return None
        try:
            program = self._program(file)
        except InputError:
            if deployed is None or not self.is_outputs:
                raise
            # The outputs say what the modes are.
            return None
        calls = [call for call in program.calls if _is_amplifys(call, "defineData")]
        if not calls:
            if not self.is_outputs:
                self.notes.append(f"{file.source.path}: defineData is never called here")
            return None
        if len(calls) > 1:
            self.note(calls[1], "defineData is called twice, which Amplify refuses; the first call is read")
        return _Data(self, file, calls[0]).api()

    def _program(self, file: File) -> Program:
        from ..programs import read_program

        program = read_program(file.source, Path.cwd() / file.path, allow_outside=self.file.allow_outside)
        self.sources += [source for source in program.sources if source.path != file.source.path]
        return program

    def backend(self) -> tuple[SourceText, dict[str, Node] | None] | None:
        """Return ``backend.ts`` and what it hands to ``defineBackend``; None for the latter where that is open."""
        for ending in ("ts", "js", "mts", "mjs"):
            file = self._open(self.root / "amplify" / f"backend.{ending}")
            if file is None:
                continue
            try:
                program = self._program(file)
            except InputError as error:
                self.notes.append(f"{error}; what it adds to the API is not known")
                return file.source, None
            calls = [call for call in program.calls if _is_amplifys(call, "defineBackend")]
            argument = calls[0].argument(0) if len(calls) == 1 else None
            if not isinstance(argument, Table) or argument.more is not None:
                return file.source, None
            return file.source, argument.entries
        return None

    # The schema.

    def _schema(self, api: Api) -> SchemaFile:
        made_of = api.path if api.path.endswith("resource.ts") else "what defineData is given"
        assembly = self.root / _ASSEMBLY
        try:
            there = assembly.is_dir()
        except OSError:
            there = False
        advice = f"lint {display_path(assembly)}" if there else f"run npx ampx sandbox and lint {_ASSEMBLY}"
        why = (
            f"Amplify compiles {made_of} to it, and AppSync never sees that one; {advice}, or save the live one: aws "
            "appsync get-introspection-schema --format SDL --include-directives"
        )
        return SchemaFile(unresolved=Unresolved(made_of, why, api.span), span=api.span)


class _Data:
    """The call of ``defineData``."""

    def __init__(self, app: _App, file: File, call: Call) -> None:
        self.app = app
        self.file = file
        self.call = call
        given = call.argument(0)
        if not isinstance(given, Table):
            why = given.why if isinstance(given, Open) else "it is not written here"
            given_text = given.text if isinstance(given, Open) else call.text
            table = Table({}, {}, call.span)
            table.more = Open(given_text, why, call.span)
            given = table
        self.given = given
        self.reader = ProviderReader(_SPELLING, app.note, code=self._code)
        self.backend = app.backend()

    def api(self) -> Api:
        modes = self._modes()
        auth = self._auth()
        table = self._table(modes, auth)
        default, additional, left_open = self.reader.providers(table, self.call, "amplifyData")
        if self.backend is not None and any(word in self.backend[0].text for word in _MODE_WORDS):
            doubt = Unresolved(self.backend[0].path, "the program may change the modes that Amplify sets", None)
            default, additional, left_open = replace(default, mode=doubt), (), doubt
        sandbox = not isinstance(modes, (Table, Open)) and auth is False
        name = self.reader.text(self.given, ("name",))
        return Api(
            name=name if isinstance(name, str) else "amplifyData",
            default=_in_milliseconds(default),
            additional=tuple(map(_in_milliseconds, additional)),
            additional_open=left_open,
            groups=self._groups(),
            settings=ApiSettings(
                api_keys=self._keys(modes, (default, *additional)),
                logging=self._logging(),
                amplify=AmplifySettings(sandbox=Setting(True, self.call.span) if sandbox else None),
            ),
            tool=GEN2,
            path=self.file.source.path,
            span=self.call.span,
        )

    # Modes.

    def _modes(self) -> Table | Open | None:
        """Return ``authorizationModes``; None where there is none."""
        found = self.reader.value(self.given, ("authorizationModes",))
        if found is None:
            return self.given.more
        if isinstance(found, Table):
            return found
        node = self.given.entries["authorizationModes"]
        if isinstance(node, Open):
            return node
        raise node.error(f"authorizationModes must be an object, not {node.kind}")

    def _auth(self) -> bool | None:
        """Whether the app has a user pool; None where its program does not tell."""
        entries = self.backend[1] if self.backend is not None else None
        if entries is None:
            return None
        calls = [node for node in entries.values() if _is_amplifys(node)]
        if any(_is_amplifys(node, "defineAuth") or _is_amplifys(node, "referenceAuth") for node in calls):
            return True
        return None if len(calls) < len(entries) else False

    def _table(self, modes: Table | Open | None, auth: bool | None) -> Table:
        """Write the providers down as Amplify deploys them: user pool and IAM are there without being named."""
        place = self.call
        if isinstance(modes, Open):
            table = Table({}, {}, place.span)
            table.more = modes
            return table
        entries = dict(modes.entries) if modes is not None else {}
        keys = dict(modes.keys) if modes is not None else {}
        table = Table(entries, keys, modes.span if modes is not None else place.span)
        default = entries.get("defaultAuthorizationMode")
        if default is None or (isinstance(default, Scalar) and default.value is None):
            default = self._computed(modes, auth)
            entries["defaultAuthorizationMode"] = default
            keys.setdefault("defaultAuthorizationMode", Scalar("", "", place.span))
        possible = _possible(default)
        if possible == {Mode.AMAZON_COGNITO_USER_POOLS}:
            auth = True
        entries[_POOL], keys[_POOL] = Table({}, {}, place.span), Scalar("", "", place.span)
        additional = Sequence(list(self._additional(modes, auth, possible)), place.span)
        if modes is not None and modes.more is not None:
            additional.more = modes.more
        elif len(possible) != 1:
            text = default.text if isinstance(default, (Scalar, Open)) else default.kind
            additional.more = Open(text, "which modes are left depends on the default", default.span)
        entries["(additional)"], keys["(additional)"] = additional, Scalar("", "", place.span)
        return table

    def _additional(self, modes: Table | None, auth: bool | None, possible: set[Mode]) -> Iterator[Node]:
        """Yield the providers that are not the default, whichever of the possible ones that is."""
        for key, name in _ADDED:
            node = modes.get(key) if modes is not None else None
            if node is None or (isinstance(node, Scalar) and not node.value) or _SPELLING.modes[name] in possible:
                continue
            item = self._item(name, node)
            if isinstance(node, Table):
                item.entries[key], item.keys[key] = node, Scalar(key, key, node.span)
                yield item
            elif isinstance(node, Open):
                yield Open(node.text, node.why, node.span, (item, None), complete=True)
            else:
                raise node.error(f"{key} must be an object, not {node.kind}")
        if Mode.AMAZON_COGNITO_USER_POOLS not in possible:
            item = self._item("userPool", self.call)
            if auth:
                yield item
            elif auth is None:
                why = "it depends on what backend.ts hands to defineBackend"
                yield Open("the user pool of the app", why, self.call.span, (item, None), complete=True)
        if Mode.AWS_IAM not in possible:
            yield self._item("iam", self.call)

    def _item(self, name: str, place: Node) -> Table:
        key = "defaultAuthorizationMode"
        return Table({key: Scalar(name, name, place.span)}, {key: Scalar(key, key, place.span)}, place.span)

    def _computed(self, modes: Table | None, auth: bool | None) -> Scalar | Open:
        """Return the default that Amplify takes where none is named."""
        span = self.call.span
        if modes is None:
            options = {True: ("userPool",), False: ("apiKey",), None: ("userPool", "apiKey")}[auth]
        else:
            options = tuple(name for key, name in reversed(_ADDED) if key in modes)[:1]
            if auth or len(modes.entries) != 1 or not options:
                message = "Amplify wants a defaultAuthorizationMode beside other modes or a user pool"
                if auth is None and modes.more is None and len(modes.entries) == 1 and options:
                    return Open("authorizationModes", "no defaultAuthorizationMode is written", modes.span)
                if modes.more is not None:
                    return Open(modes.more.text, modes.more.why, modes.more.span)
                raise modes.error(message)
        nodes = tuple(Scalar(name, name, span) for name in options)
        if len(nodes) == 1:
            return nodes[0]
        why = "it is the user pool where the app has one, else the API key"
        return Open("authorizationModes", why, span, nodes, complete=True)

    # Settings.

    def _keys(self, modes: Table | Open | None, providers: tuple[Provider, ...]) -> tuple[ApiKey, ...]:
        if not any(item.mode is Mode.API_KEY for item in providers):
            return ()
        config = modes.get("apiKeyAuthorizationMode") if isinstance(modes, Table) else None
        days = self.reader.number(config, ("expiresInDays",)) if isinstance(config, Table) else None
        node = config.get("expiresInDays") if isinstance(config, Table) else None
        span = node.span if node is not None else self.call.span
        return (ApiKey("DefaultApiKey", lifetime_days=_KEY_DAYS if days is None else days, span=span),)

    def _logging(self) -> Logging | None:
        found = self.reader.value(self.given, ("logging",))
        node = self.given.get("logging")
        if node is None or found is None or (isinstance(found, Scalar) and not found.value):
            return None
        if not isinstance(found, (Scalar, Table)):
            doubt = Unresolved(node.text, node.why, node.span) if isinstance(node, Open) else None
            return Logging(level=doubt, excludes_verbose=doubt, span=node.span)
        level = self.reader.text(found, ("fieldLogLevel",)) if isinstance(found, Table) else None
        excludes = self.reader.flag(found, ("excludeVerboseContent",)) if isinstance(found, Table) else None
        return Logging(
            level=level.upper() if isinstance(level, str) else level or "NONE",
            excludes_verbose=True if excludes is None else excludes,
            span=node.span,
        )

    def _groups(self) -> tuple[str, ...] | None:
        """Return the groups that ``defineAuth`` makes."""
        entries = self.backend[1] if self.backend is not None else None
        for node in (entries or {}).values():
            argument = node.argument(0) if _is_amplifys(node, "defineAuth") else None  # type: ignore[union-attr]
            groups = argument.get("groups") if isinstance(argument, Table) else None
            if isinstance(groups, Sequence) and groups.more is None:
                names = [item.text for item in groups if isinstance(item, Scalar)]
                return tuple(names) if len(names) == len(groups) else None
        return None

    def _code(self, settings: Table) -> FunctionCode | None:
        node = settings.get("function")
        base = display_path((Path.cwd() / self.file.path).parent)
        if not _is_amplifys(node, "defineFunction"):
            return FunctionCode(base=base, why="the authorizer's function is not defined where it can be followed")
        argument = node.argument(0)  # type: ignore[union-attr]
        entry = argument.get("entry") if isinstance(argument, Table) else None
        # Without an entry it is handler.ts beside the file that calls defineFunction.
        written = entry.text if isinstance(entry, Scalar) else "./handler.ts"
        if entry is not None and not isinstance(entry, Scalar):
            return FunctionCode(base=base, why="the file of the authorizer's function is not written out")
        assert node is not None
        folder = Path.cwd() / Path(node.span.path).parent if node.span is not None else Path(base)
        return FunctionCode(
            (written,), display_path(folder), handler="handler", allow_outside=self.app.file.allow_outside
        )


def _is_amplifys(node: Node | None, name: str = "") -> bool:
    """Whether a node is what a function of Amplify's backend package gives."""
    from ..programs import Call, Reference

    if not isinstance(node, Call) or not isinstance(node.callee, Reference):
        return False
    return node.callee.module.startswith(_PACKAGE) and name in ("", node.callee.name)


def _possible(default: Node) -> set[Mode]:
    """Return the modes that the default can be."""
    if isinstance(default, Open) and default.complete:
        texts = [option.text for option in default.options if isinstance(option, Scalar)]
    elif isinstance(default, Open):
        return set(Mode)
    else:
        texts = [default.text] if isinstance(default, Scalar) else []
    return {_SPELLING.modes[text] for text in texts if text in _SPELLING.modes}


def _in_milliseconds(provider: Provider) -> Provider:
    """Give an issuer's times, which are written in seconds, in milliseconds."""
    issuer = provider.oidc
    if issuer is None:
        return provider

    def milliseconds(value: int | Unresolved | None) -> int | Unresolved | None:
        return value * 1000 if isinstance(value, int) else value

    times = OpenIdConnect(
        issuer.issuer, issuer.client_id, milliseconds(issuer.issued_ttl_ms), milliseconds(issuer.auth_ttl_ms)
    )
    return replace(provider, oidc=times)


def _differ(written: Api, deployed: Api) -> bool:
    """Whether a program certainly makes other modes than a deployment has."""
    if written.default_mode is None:
        return not set(written.modes) <= set(deployed.modes)
    if written.default_mode is not deployed.default_mode:
        return True
    whole = written.additional_open is None
    return set(written.modes) != set(deployed.modes) if whole else not set(written.modes) <= set(deployed.modes)


def _told(api: Api) -> str:
    return ", ".join(mode.value for mode in api.modes) or "no modes that it tells"
