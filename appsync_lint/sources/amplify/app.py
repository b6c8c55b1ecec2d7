"""The APIs of one Amplify app: what its files say, and what they were compiled to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...api import (
    AmplifySettings,
    Api,
    ApiKey,
    FunctionCode,
    LambdaAuthorizer,
    Mode,
    Provider,
    SchemaFile,
    Setting,
    Unresolved,
)
from ...errors import InputError
from ...files import display_path
from ...text import SourceText
from ...tree import Node, Scalar, Sequence, Table
from ..places import SCHEMA_SUFFIXES, project_folder, real_path
from ..providers import ProviderReader
from ..reader import Described, File
from .providers import AMPLIFY, CONFIG, INPUTS, config_table, inputs_table

if TYPE_CHECKING:
    from ...text import Span

__all__ = ["read_app"]

#: A source schema may be a folder of files; more of them are not looked at.
MAX_FILES = 500
#: What an override has to say to change the modes.
_MODE_WORDS = ("uthenticationType", "uthenticationProviders")
_DEPLOYED = "#current-cloud-backend"


def read_app(file: File) -> Described:
    """Read the APIs of the app that a ``backend-config.json`` or one API's ``cli-inputs.json`` belongs to."""
    return _App(file).read()


class _App:
    def __init__(self, file: File) -> None:
        self.file = file
        path = Path.cwd() / file.path
        whole = path.name == "backend-config.json"
        self.path = path
        self.backend = path.parent if whole else path.parents[2]
        self.only = None if whole else path.parent.name
        self._opened: dict[Path, File | None] = {}
        self.project = project_folder(self.backend)
        self.notes: list[str] = []
        self.sources: list[SourceText] = [file.source]

    def read(self) -> Described:
        apis: list[Api] = []
        errors: list[InputError] = []
        for name, key, node in self._resources():
            try:
                apis.append(_AmplifyApi(self, name, key, node).read())
            except InputError as error:
                errors.append(error)
        if errors and not apis:
            raise errors[0]
        if not apis:
            self.notes.append(f"{self.file.source.path}: no AppSync API is in this Amplify backend")
        elif _DEPLOYED in self.backend.parts:
            where = display_path(self.backend)
            self.notes.append(f"{where}: this is Amplify's copy of what was deployed last, not the app's source")
        return Described(
            path=self.file.path,
            kind="amplify",
            apis=tuple(apis),
            notes=tuple(dict.fromkeys(self.notes)),
            errors=tuple(errors),
            sources=tuple(self.sources),
        )

    def _resources(self) -> Iterator[tuple[str, Node, Table | None]]:
        """Yield the AppSync APIs: the name, the place of the API and what ``backend-config.json`` has for it."""
        if self.only is not None:
            config = self.table(self.backend / "backend-config.json")
            section = config.get("api") if config is not None else None
            node = section.get(self.only) if isinstance(section, Table) else None
            yield self.only, self.file.table, node if isinstance(node, Table) else None
            return
        tree = self.file.tree
        section = tree.get("api") if isinstance(tree, Table) else None
        if not isinstance(tree, Table) or not isinstance(section, (Table, type(None))):
            raise (section or tree).error("this must be a mapping of Amplify's resources")
        for name, node in section or ():
            service = node.get("service") if isinstance(node, Table) else None
            if isinstance(node, Table) and isinstance(service, Scalar) and service.text == "AppSync":
                yield name, section.keys[name] if section else node, node

    # Files of the app.

    def open(self, path: Path) -> File | None:
        """Read a file of the app once; None where it is not there. What was read is in ``sources``."""
        if path == self.path:
            return self.file
        if path not in self._opened:
            self._opened[path] = self._read(path)
        return self._opened[path]

    def _read(self, path: Path) -> File | None:
        if not _is_file(path):
            return None
        real_path(path, self.project, display_path(path), None, allow_outside=self.file.allow_outside)
        found = File(path, allow_outside=self.file.allow_outside)
        self.sources.append(found.source)
        return found

    def table(self, path: Path) -> Table | None:
        """Read a JSON file of the app that holds a mapping; None where it is not there."""
        found = self.open(path)
        if found is None:
            return None
        if not isinstance(found.tree, Table):
            raise found.tree.error(f"{path.name} must hold a mapping, not {found.tree.kind}")
        return found.tree

    def note(self, node: Node, text: str) -> None:
        self.notes.append(str(node.error(text)))

    def reader(self, is_inputs: bool) -> ProviderReader:
        return ProviderReader(INPUTS if is_inputs else CONFIG, self.note, code=self._code)

    def groups(self) -> tuple[str, ...] | None:
        """Return the groups of the app's user pool; None where the app does not manage them."""
        found = self.open(self.backend / "auth" / "userPoolGroups" / "user-pool-groups.json")
        if found is None:
            return None
        if not isinstance(found.tree, Sequence):
            raise found.tree.error(f"the groups must be a list, not {found.tree.kind}")
        names = [item.get("groupName") if isinstance(item, Table) else None for item in found.tree]
        texts = tuple(name.text for name in names if isinstance(name, Scalar))
        return texts if len(texts) == len(names) else None

    # The authorizer's function.

    def _code(self, settings: Table) -> FunctionCode | None:
        node = settings.get("lambdaFunction")
        if not isinstance(node, Scalar) or not node.text:
            return None
        name = node.text
        base = display_path(self.backend)
        if "/" in name or "\\" in name or name.startswith("."):
            return FunctionCode(base=base, why=f"{name!r} is no function of this app")
        handler = self._handler(name) or "index.handler"
        module = handler.rpartition(".")[0] or handler
        folder = f"function/{name}/src"
        endings = (".ts", ".js", ".mjs", ".cjs", ".py")
        if not _is_folder(self.backend / "function" / name):
            why = f"the function {name} is not in this Amplify backend"
            return FunctionCode(base=base, handler=handler, why=why)
        paths = [f"{folder}/{module}{ending}" for ending in endings]
        there = sorted(paths, key=lambda path: not _is_file(self.backend / path))
        return FunctionCode(tuple(there), base, handler, allow_outside=self.file.allow_outside)

    def _handler(self, name: str) -> str | None:
        """Return the ``Handler`` in a function's template."""
        path = self.backend / "function" / name / f"{name}-cloudformation-template.json"
        node: Node | None = self.table(path)
        for key in ("Resources", "LambdaFunction", "Properties", "Handler"):
            node = node.get(key) if isinstance(node, Table) else None
        return node.text if isinstance(node, Scalar) else None


class _AmplifyApi:
    """One API: ``written`` is what its files say of its providers, the compiled template what they came to."""

    def __init__(self, app: _App, name: str, key: Node, node: Table | None) -> None:
        self.app = app
        self.name = name
        self.key = key
        self.node = node
        self.folder = app.backend / "api" / name
        if Path(name).name != name or name in ("", ".", ".."):
            raise key.error(f"{name!r} is no name of an API")

    def read(self) -> Api:
        inputs = self.app.table(self.folder / "cli-inputs.json")
        service = inputs.get("serviceConfiguration") if inputs is not None else None
        own = inputs_table(service) if isinstance(service, Table) else None
        output = self.node.get("output") if self.node is not None else None
        other = config_table(output) if isinstance(output, Table) else None
        compiled = self._compiled()
        api = self._uncompiled(own, other) if compiled is None else self._with_places(compiled, own, other)
        return replace(
            api,
            name=self.name,
            schema_files=(self._schema(),),
            groups=self.app.groups(),
            settings=replace(api.settings, api_keys=self._keys(api, own, other), amplify=self._amplify()),
            tool=AMPLIFY,
            path=self.app.file.source.path,
            span=self.key.span,
        )

    # Modes.

    def _written(self, own: Table | None, other: Table | None) -> list[Api]:
        """Return what the files say of the API, that of ``cli-inputs.json`` first."""
        found = []
        for table, is_inputs in ((own, True), (other, False)):
            if table is not None:
                default, additional, left_open = self.app.reader(is_inputs).providers(table, self.key, self.name)
                found.append(Api(self.name, default, additional, left_open))
        return found

    def _uncompiled(self, own: Table | None, other: Table | None) -> Api:
        written = self._written(own, other)
        if not written:
            raise self.key.error(f"neither cli-inputs.json nor backend-config.json tells the modes of {self.name}")
        api = written[0] if len(written) == 1 else _agreed(*written)
        override = self.app.open(self.folder / "override.ts")
        if override is not None:
            if any(word in override.source.text for word in _MODE_WORDS):
                doubt = Unresolved("override.ts", "override.ts may change the modes when Amplify compiles the API")
                return replace(api, default=replace(api.default, mode=doubt), additional=(), additional_open=doubt)
            self.app.notes.append(f"{override.source.path}: not read, it may change the API when Amplify compiles it")
        return api

    def _with_places(self, compiled: Api, own: Table | None, other: Table | None) -> Api:
        """Return the compiled API, each provider with its place in the files that people edit."""
        try:
            written = self._written(own, other)
        except InputError as error:
            self.app.notes.append(f"{error}; the compiled template counts")
            written = []
        if not written:
            return compiled
        edited = written[0]
        if not all(isinstance(item.mode, Mode) for item in compiled.providers) or compiled.additional_open is not None:
            found = self._uncompiled(own, other)
            return replace(
                compiled, default=found.default, additional=found.additional, additional_open=found.additional_open
            )
        if (edited.default.mode, _modes(edited)) != (compiled.default.mode, _modes(compiled)):
            shown = display_path(self.folder / "build" / "cloudformation-template.json")
            self.app.note(
                self.key,
                f"{self.name} has {_told(edited)} here and {_told(compiled)} in {shown}, which is linted, since "
                "Amplify compiled it; if it is older, run amplify api gql-compile",
            )
            return compiled
        return replace(
            compiled,
            default=_placed(compiled.default, edited),
            additional=tuple(_placed(item, edited) for item in compiled.additional),
        )

    def _compiled(self) -> Api | None:
        """Return the API of the compiled template; None where nothing is compiled."""
        from ..registry import read_described

        file = self.app.open(self.folder / "build" / "cloudformation-template.json")
        if file is None:
            return None
        described = read_described(file)
        if described.errors:
            raise described.errors[0]
        if len(described.apis) != 1:
            raise InputError(f"holds {len(described.apis)} APIs, one is expected", path=file.source.path)
        return described.apis[0]

    # The schema.

    def _schema(self) -> SchemaFile:
        compiled = self.folder / "build" / "schema.graphql"
        sources = list(self._sources())
        single = self.folder / "schema.graphql"
        shown = display_path(single if _is_file(single) else self.folder / "schema") if sources else "its source"
        if _is_file(compiled):
            written = f"api/{self.name}/build/schema.graphql"
            if sources:
                self.app.notes.append(
                    f"{display_path(compiled)}: linted instead of {shown}, which Amplify compiles to it; run "
                    "amplify api gql-compile where it is older"
                )
            return SchemaFile(path=written, base=display_path(self.app.backend), span=self.key.span)
        why = (
            f"Amplify compiles {shown} to it, and AppSync never sees that one; run amplify api gql-compile, which "
            f"writes {display_path(compiled)}"
        )
        return SchemaFile(unresolved=Unresolved(shown, why, self.key.span), span=self.key.span)

    def _sources(self) -> Iterator[SourceText]:
        """Yield the files of the source schema: one, or those of a folder."""
        for path in _schema_paths(self.folder):
            found = self.app.open(path)
            if found is not None:
                yield found.source

    # What the compiler is told.

    def _keys(self, api: Api, own: Table | None, other: Table | None) -> tuple[ApiKey, ...]:
        """Return the API's key. Each deployment gives it the days that are written; the compiled date is a past one."""
        if not any(item.mode is Mode.API_KEY for item in api.providers):
            return ()
        for table in _api_key_tables(own, other):
            for key in ("expirationTime", "apiKeyExpirationDays"):
                days = self.app.reader(is_inputs=True).number(table, (key,))
                if days is not None:
                    return (ApiKey("Default", lifetime_days=days, span=table.entries[key].span),)
        return (ApiKey("Default", span=api.default.span),)

    def _amplify(self) -> AmplifySettings:
        roles = self.app.table(self.folder / "custom-roles.json")
        names = roles.get("adminRoleNames") if roles is not None else None
        texts = [item for item in names if isinstance(item, Scalar)] if isinstance(names, Sequence) else []
        place = self._global_rule()
        return AmplifySettings(
            admin_roles=tuple(Setting(item.text, item.span) for item in texts),
            global_public=Setting(True, place) if place is not None else None,
        )

    def _global_rule(self) -> Span | None:
        """Return the place in the source schema that opens all models without rules to the API key."""
        from ...schema import build_schema, parse_text

        texts = [text for text in self._sources() if "AMPLIFY" in text.text]
        if not texts:
            return None
        schema = build_schema([parse_text(text) for text in texts])
        settings = schema.types.get("AMPLIFY")
        rule = settings.fields.get("globalAuthRule") if settings is not None and settings.kind == "input" else None
        value = getattr(rule.node, "default_value", None) if rule is not None else None
        for field in getattr(value, "fields", None) or ():
            if field.name.value == "allow" and getattr(field.value, "value", None) == "public" and rule is not None:
                return rule.span
        return None


def _schema_paths(folder: Path) -> list[Path]:
    single = folder / "schema.graphql"
    if _is_file(single):
        return [single]
    try:
        found = sorted((folder / "schema").rglob("*")) if _is_folder(folder / "schema") else []
    except OSError:
        return []
    return [path for path in found if path.suffix.lower() in SCHEMA_SUFFIXES][:MAX_FILES]


def _api_key_tables(*providers: Table | None) -> Iterator[Table]:
    """Yield the settings of the API key that the files hold."""
    for table in providers:
        if table is None:
            continue
        lists = [item for item in table.entries.values() if isinstance(item, Sequence)]
        for node in (table, *(item for each in lists for item in each)):
            mode = node.get("mode") or node.get("authenticationType") if isinstance(node, Table) else None
            if isinstance(node, Table) and isinstance(mode, Scalar) and mode.text == Mode.API_KEY.value:
                nested = node.get("apiKeyConfig")
                yield nested if isinstance(nested, Table) else node


def _agreed(first: Api, second: Api) -> Api:
    """Return what two descriptions of an API have in common; where they differ, only deployment knows."""
    why = "cli-inputs.json and backend-config.json differ"
    default = first.default
    if default.mode != second.default.mode:
        doubt = Unresolved(_told(first), why, default.span, tuple(_names([default, second.default])))
        default = replace(default, mode=doubt)
    both = _modes(first) & _modes(second)
    common = tuple(item for item in first.additional if item.mode in both)
    rest = [item for item in (*first.additional, *second.additional) if item.mode not in both]
    left_open = first.additional_open or second.additional_open
    if rest:
        left_open = Unresolved(_told(first), why, rest[0].span, tuple(_names(rest)))
    return replace(first, default=default, additional=common, additional_open=left_open)


def _placed(provider: Provider, edited: Api) -> Provider:
    """Give a compiled provider the place where people set it, and its function's code."""
    same = next((item for item in edited.providers if item.mode == provider.mode), None)
    if same is None:
        return provider
    authorizer = provider.authorizer
    written = same.authorizer
    if authorizer is not None and written is not None:
        authorizer = replace(authorizer, code=written.code, ttl_span=written.ttl_span or authorizer.ttl_span)
    return replace(provider, span=same.span, authorizer=authorizer or _only_code(written))


def _only_code(written: LambdaAuthorizer | None) -> LambdaAuthorizer | None:
    return None if written is None else LambdaAuthorizer(code=written.code, span=written.span)


def _modes(api: Api) -> set[Mode | Unresolved]:
    return {item.mode for item in api.additional}


def _names(providers: list[Provider]) -> Iterator[str]:
    yield from dict.fromkeys(item.mode.value for item in providers if isinstance(item.mode, Mode))


def _told(api: Api) -> str:
    return ", ".join(_names(list(api.providers)))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False
