"""Reading a service: which APIs it deploys, with which modes, schemas and settings.

:func:`read_service` takes the service as a tree, so that it does not matter which language it is written in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from ...api import Api, ApiSettings, FunctionCode, Mode, Provider, SchemaFile, Tool, Unresolved
from ...errors import InputError
from ...tree import Node, Scalar, Sequence, Table
from ..providers import ProviderReader, Spelling
from ..reader import Described, File
from ..resolution import Resolution
from .functions import Functions
from .resources import Resources
from .schemas import count, schema_files
from .settings import SettingsReader
from .variables import Variables

__all__ = ["read_service"]

T = TypeVar("T")

_PLUGIN = "serverless-appsync-plugin"

#: The plugin leaves the authorizer's TTL to AppSync (A6). Its first version merges every schema, so that
#: ``extend`` is folded in; the second one sends a single file as it is.
ONE_FILE = Tool("Serverless Framework", unset_lambda_ttl=0, folds_extensions=False)
MERGED = Tool("Serverless Framework", unset_lambda_ttl=0, folds_extensions=True)


def _spelling(mode: str, additional: str, tool: Tool) -> Spelling:
    first = tool is MERGED
    return Spelling(
        tool,
        mode=tuple(mode.split()),
        additional=tuple(additional.split()),
        pool=("userPoolConfig",),
        oidc=("openIdConnectConfig", "openIDConnectConfig"),
        authorizer=("lambdaAuthorizerConfig",),
        config=() if first else ("config",),
        pool_id=("userPoolId",),
        action=("defaultAction",),
        client_regex=("appIdClientRegex",),
        issuer=("issuer",),
        client_id=("clientId",),
        issued_ttl=("iatTTL",),
        auth_ttl=("authTTL",),
        uri=("lambdaFunctionArn", "functionArn"),
        ttl=("authorizerResultTtlInSeconds",),
        identity_validation=("identityValidationExpression",),
        # The first version refuses a default pool without one, the second fills it in.
        unset_action=None if first else "ALLOW",
        variable="variable",
    )


_FIRST = _spelling("authenticationType", "additionalAuthenticationProviders", MERGED)
_SECOND = _spelling(
    "type authenticationType",
    "additionalAuthentications additionalAuthentication additionalAuthenticationProviders",
    ONE_FILE,
)


def read_service(service: Table, file: File) -> Described:
    """Read a service's APIs. ``file`` is where it is written; paths are relative to that file's folder."""
    return _Service(service, file).read()


class _Service:
    def __init__(self, service: Table, file: File) -> None:
        self.service = service
        self.file = file
        self.base = str(file.path.parent)
        self.notes: list[tuple[int, str]] = []
        self.errors: list[InputError] = []
        self.variables = Variables(service, file.path.parent, self._note, allow_outside=file.allow_outside)
        self.functions = Functions(self.variables, self.base, allow_outside=file.allow_outside)
        self.resources = self._tried(lambda: Resources(service, self.variables, file.source))

    def read(self) -> Described:
        apis: list[Api] = []
        for place, node, first in self._configs():
            api = self._tried(lambda place=place, node=node, first=first: self._described(place, node, first))  # type: ignore[misc]
            if api is not None:
                apis.append(api)
        apis += self._raw()
        if not apis and not self.errors:
            self.notes.append(
                (len(self.file.source.text), f"{self.file.source.path}: no AppSync API is in this service")
            )
        return Described(
            path=self.file.path,
            kind="serverless",
            apis=tuple(apis),
            notes=tuple(dict.fromkeys(text for _, text in sorted(self.notes))),
            errors=tuple(self.errors),
            sources=(self.file.source, *self.variables.sources),
        )

    def _tried(self, read: Callable[[], T]) -> T | None:
        """Do what may fail for one API without the others failing."""
        try:
            return read()
        except InputError as error:
            self.errors.append(error)
            return None

    # Which APIs there are.

    def _configs(self) -> Iterator[tuple[Node, Node, bool]]:
        """Give each API's place, its node, and whether it is for the plugin's first version."""
        own = self.service.get("appSync")
        if own is not None:
            yield from self._listed(self.service.keys["appSync"], own, False)
        node = self.service.get("custom")
        custom = None if node is None else self._tried(lambda: self.variables.resolve(node))
        if custom is None:
            return
        if isinstance(custom.node, Table) and "appSync" in custom.node:
            yield from self._listed(custom.node.keys["appSync"], custom.node.entries["appSync"], True)
        elif own is None and not custom.decided and _PLUGIN in self.file.source.text:
            yield self.service.keys["custom"], self.service.entries["custom"], True

    def _listed(self, key: Node, node: Node, first: bool) -> Iterator[tuple[Node, Node, bool]]:
        value = self._tried(lambda: self.variables.resolve(node))
        if value is not None and isinstance(value.node, Sequence):
            for item in value.node:
                yield item, item, first
        elif value is not None and not (isinstance(value.node, Scalar) and value.node.value in (None, False)):
            yield key, node, first

    def _described(self, place: Node, node: Node, first: bool) -> Api:
        result = self.variables.resolve(node)
        if result.unresolved is not None:
            return self._unknown(place, result.unresolved)
        config = result.node
        if not isinstance(config, Table):
            raise place.error(f"appSync must be a mapping, not {config.kind if config else 'nothing'}")
        return self._api(place, config, first)

    def _unknown(self, place: Node, why: Unresolved) -> Api:
        """Return an API of which only deployment knows everything."""
        return Api(
            name=self._service_name(),
            default=Provider(why, why.span),
            additional_open=why,
            schema_files=(SchemaFile(unresolved=why, span=why.span),),
            tool=ONE_FILE,
            path=self.file.source.path,
            span=place.span,
        )

    def _raw(self) -> tuple[Api, ...]:
        """Return the APIs that stand in the service's resources as CloudFormation has them."""
        template = self._tried(lambda: self.resources.template() if self.resources is not None else None)
        if template is None:
            return ()
        from ..cloudformation import READER as CLOUDFORMATION

        described = self._tried(lambda: CLOUDFORMATION.read(self.file.holding(*template)))
        if described is None:
            return ()
        self.notes += [(len(self.file.source.text), note) for note in described.notes]
        self.errors += described.errors
        return tuple(replace(api, path=self.file.source.path) for api in described.apis)

    # One API.

    def _api(self, place: Node, config: Table, first: bool) -> Api:
        own = config.get("name")
        name = (self.variables.label(own) if own is not None else "") or self._service_name()
        span = config.keys["name"].span if own is not None else place.span
        owner = Scalar(name, name, span)
        spelling = _FIRST if first else _SECOND
        reader = ProviderReader(spelling, self._note, resolve=self.variables.resolve, code=self._code)
        reader.note_repeated(config)
        existing = config.get("apiId") if first else None
        additional: tuple[Provider, ...] = ()
        additional_open: Unresolved | None
        if existing is not None:
            why = "the API exists already, and its modes are set where it was made"
            additional_open = Unresolved(f"apiId: {self.variables.label(existing)}", why, existing.span)
            default = Provider(additional_open, existing.span)
        else:
            default = reader.default(config, owner, name) if first else self._default(reader, config, owner)
            additional, additional_open = reader.additional(config)
        allow_outside = self.file.allow_outside
        files = schema_files(config, self.variables, self.base, place, allow_outside=allow_outside)
        merges = first or count(files, allow_outside=allow_outside) > 1
        return Api(
            name=name,
            default=default,
            additional=additional,
            additional_open=additional_open,
            schema_files=files,
            groups=self.resources.groups((default, *additional)) if self.resources is not None else None,
            settings=self._settings(config, (default, *additional), first, additional_open),
            tool=MERGED if merges else ONE_FILE,
            path=self.file.source.path,
            span=span,
        )

    def _default(self, reader: ProviderReader, config: Table, owner: Node) -> Provider:
        """Return the default provider as the second version has it: in a mapping of its own."""
        found = reader.value(config, ("authentication",))
        if found is None:
            if config.more is not None:
                return Provider(Unresolved(config.more.text, config.more.why, config.more.span), config.more.span)
            raise owner.error(f"the API {_word(owner)} has no authentication")
        if isinstance(found, Resolution):
            assert found.unresolved is not None
            return Provider(found.unresolved, found.unresolved.span)
        if not isinstance(found, Table):
            raise found.error(f"authentication must be a mapping, not {found.kind}")
        if found.more is None and not any(key in found for key in reader.spelling.mode):
            raise found.error("authentication has no type")
        return reader.default(found, owner, _word(owner))

    def _settings(
        self, config: Table, providers: tuple[Provider, ...], first: bool, additional_open: Unresolved | None
    ) -> ApiSettings:
        values = ProviderReader(_FIRST if first else _SECOND, self._note, resolve=self.variables.resolve)
        reader = SettingsReader(values, self.variables, self.base, self._note, first=first)
        keyless = additional_open is None and all(
            isinstance(item.mode, Mode) and item.mode is not Mode.API_KEY for item in providers
        )
        try:
            settings = reader.settings(config, has_keys=not keyless, existing=first and "apiId" in config)
            if settings.waf is None and self.resources is not None:
                return replace(settings, waf=self.resources.firewall())
            return settings
        except InputError as error:
            # Who may call what does not depend on it.
            self.errors.append(error)
            return ApiSettings()

    def _code(self, node: Table) -> FunctionCode | None:
        try:
            return self.functions.behind(node)
        except InputError as error:
            self.errors.append(error)
            return None

    def _service_name(self) -> str:
        service = self.service.get("service")
        value = self.variables.value(service) if service is not None else None
        if isinstance(value, Table):
            service = value.get("name")
        name = self.variables.label(service) if service is not None else ""
        return name or self.file.path.absolute().parent.name or "API"

    def _note(self, node: Node, text: str) -> None:
        self.notes.append((node.span.start_offset if node.span else 0, str(node.error(text))))


def _word(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""
