"""The APIs that a CDK program constructs, and what it does to them afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...api import Api, FunctionCode, Mode, SchemaFile, Tool, Unresolved
from ...errors import InputError
from ...tree import Node, Open, Scalar, Sequence, Table
from ..places import project_folder
from ..programs import Call, Program, read_program
from ..providers import ProviderReader, Spelling
from ..reader import Described, File
from ..resolution import written
from .functions import Functions
from .overrides import Overrides
from .schemas import Schemas, working_folder
from .settings import SettingsReader
from .values import camel, construct, is_cdk, keyed, plain, properties, root, spelled

__all__ = ["CDK", "INTENT", "RESOURCE", "Constructs", "Given", "name_of", "read_constructs"]

#: CDK writes the TTL that it is told and none otherwise (A6); it uploads the schema's one file as it is.
CDK = Tool("CDK", unset_lambda_ttl=0)

#: The construct with intent and that of one resource differ in names only; overrides use the resource's.
RESOURCE = Spelling(
    CDK,
    mode=("authenticationType", "authorizationType"),
    additional=("additionalAuthenticationProviders", "additionalAuthorizationModes"),
    pool=("userPoolConfig",),
    oidc=("openIdConnectConfig",),
    authorizer=("lambdaAuthorizerConfig",),
    pool_id=("userPoolId", "userPool"),
    action=("defaultAction",),
    client_regex=("appIdClientRegex",),
    issuer=("issuer", "oidcProvider"),
    client_id=("clientId",),
    issued_ttl=("iatTtl", "tokenExpiryFromIssue"),
    auth_ttl=("authTtl", "tokenExpiryFromAuth"),
    uri=("authorizerUri", "handler"),
    ttl=("authorizerResultTtlInSeconds", "resultsCacheTtl"),
    identity_validation=("identityValidationExpression", "validationRegex"),
    variable="variable",
)
#: Without a mode it takes API keys, and a pool without an action gets ALLOW.
INTENT = replace(RESOURCE, unset_mode=Mode.API_KEY, unset_action="ALLOW")

_INTENT_CLASSES = frozenset(["GraphqlApi", "GraphQLApi"])
_RESOURCE_CLASS = "CfnGraphQLApi"
_SCHEMA_CLASS = "CfnGraphQLSchema"
_GROUP_CLASSES = frozenset(["CfnUserPoolGroup", "UserPoolGroup"])
#: More APIs of one program are not read: each is held against all of its calls.
MAX_APIS = 100
ADVICE = "what the program leaves open is exact in its template: run cdk synth and lint cdk.out"


class Given:
    """What an API is made of: its construct, the mapping of its properties, and its name."""

    __slots__ = ("call", "name", "props", "spelling", "tool")

    def __init__(self, call: Call, props: Table, spelling: Spelling, name: str) -> None:
        self.call = call
        self.props = props
        self.spelling = spelling
        self.name = name
        self.tool = spelling.tool


def read_constructs(file: File, kind: str) -> Described:
    """Read the APIs of a CDK program, those in constructs of SST included.

    Raises :class:`InputError` for a program that cannot be followed, and for what no synthesis survives.
    """
    program = read_program(file.source, file.path, allow_outside=file.allow_outside)
    return Constructs(file, program, kind).read()


class Constructs:
    """The constructs of one program."""

    marks: tuple[str, ...] = ("cdk.json",)

    def __init__(self, file: File, program: Program, kind: str) -> None:
        self.file = file
        self.program = program
        self.kind = kind
        self.notes: list[str] = []
        folder = working_folder(file.path, self.marks, project_folder(file.path.parent))
        self.base = folder
        self.functions = Functions(file.path, folder, allow_outside=file.allow_outside)
        self.schemas = Schemas(program, folder, self.note)
        self.overrides = Overrides(program)

    def read(self) -> Described:
        """Return what the program says about APIs."""
        apis: list[Api] = []
        errors: list[InputError] = []
        seen: set[object] = set()
        for number, given in enumerate(self.given()):
            if number >= MAX_APIS:
                errors.append(given.call.error(f"the program makes more than {MAX_APIS} APIs; the others are not read"))
                break
            try:
                api = self.api(given)
            except InputError as error:
                errors.append(error)
                continue
            # A class or function that is used twice makes the same API twice.
            key = (api.span, api.name, str(api.default.mode), tuple(str(item.mode) for item in api.additional))
            if key not in seen:
                seen.add(key)
                apis.append(api)
        if errors and not apis:
            raise errors[0]
        if not apis:
            self.notes.append(f"{self.file.source.path}: no AppSync API is constructed in this program")
        left = next((api for api in apis if _is_open(api)), None)
        if left is not None and left.span is not None:
            line, column = left.span.start
            self.notes.append(f"{left.path}:{line}:{column}: {self.advice(left)}")
        return Described(
            path=self.file.path,
            kind=self.kind,
            apis=tuple(apis),
            notes=tuple(dict.fromkeys(self.notes)),
            errors=tuple(errors),
            sources=(self.file.source,),
        )

    def advice(self, api: Api) -> str:
        """Return what helps with an API of which only a run of the program tells all."""
        return f"{api.name}: {ADVICE}"

    def note(self, node: Node, text: str) -> None:
        """Keep something that the user should know, with its place."""
        if node.span is None:
            self.notes.append(f"{self.file.source.path}: {text}")
            return
        line, column = node.span.start
        self.notes.append(f"{node.span.path}:{line}:{column}: {text}")

    def given(self) -> Iterator[Given]:
        """Give the APIs that the program constructs."""
        for call in self.program.calls:
            name = construct(call)
            if name in _INTENT_CLASSES and is_cdk(call.callee, "appsync"):
                yield self.intent(call, self.properties(call), name_of(call))
            elif name == _RESOURCE_CLASS and is_cdk(call.callee, "appsync"):
                props = self.overrides.applied(call, self.properties(call))
                yield Given(call, props, RESOURCE, name_of(call))

    def properties(self, call: Call) -> Table:
        """Return what a construct is given, with what is known of it worked out."""
        if len(call.arguments) > 2:
            return properties(plain(call.arguments[2]))
        table = keyed(call.keywords, camel)
        table.more = call.more or table.more
        return properties(spelled(plain(table)))

    def intent(self, call: Call, props: Table, name: str, spelling: Spelling = INTENT) -> Given:
        """Return an API of the construct with intent, its modes brought together as those of the resource are."""
        config = properties(props.get("authorizationConfig"), "authorizationConfig")
        default = properties(_or_keys(config.get("defaultAuthorization")), "defaultAuthorization")
        if "authorizationType" not in default and default.more is None:
            default = _oldest(default) or _oldest_pool(props) or default
        together = Table({**props.entries, **default.entries}, {**props.keys, **default.keys}, call.span)
        together.more = config.more or (props.more if "authorizationConfig" not in props else None)
        if default.more is not None:
            # It may bring what is not written beside it, and says nothing of the additional modes.
            for key in ("authorizationType", "userPoolConfig", "openIdConnectConfig", "lambdaAuthorizerConfig"):
                if key not in default:
                    together.entries[key] = default.more
                    together.keys[key] = Scalar(key, key, default.more.span)
        listed = config.get("additionalAuthorizationModes")
        if listed is not None:
            together.entries["additionalAuthorizationModes"] = _named(listed)
            together.keys["additionalAuthorizationModes"] = config.keys["additionalAuthorizationModes"]
        return Given(call, self.overrides.applied(call, together), spelling, name)

    def api(self, given: Given) -> Api:
        """Read one API."""
        call = given.call
        reader = ProviderReader(given.spelling, self.note, code=self._code)
        default, additional, additional_open = reader.providers(given.props, call, given.name)
        schema_files = self.schema(given)
        settings = SettingsReader(self.program, reader, given.props, call)
        modes = [default.mode, *(item.mode for item in additional)]
        sources = self.schemas.sources
        if not schema_files and sources is None:
            self.note(call, f"the schema of {given.name} is not in this program")
        return Api(
            name=given.name,
            default=default,
            additional=additional,
            additional_open=additional_open,
            schema_files=schema_files,
            groups=self._groups(given),
            settings=settings.read(modes, sources, intent=given.spelling.unset_mode is not None),
            tool=given.tool,
            path=self.file.source.path,
            span=call.span,
        )

    def _code(self, config: Table) -> FunctionCode | None:
        return self.functions.behind(config.get("authorizerUri") or config.get("handler"))

    # Schemas.

    def schema(self, given: Given) -> tuple[SchemaFile, ...]:
        """Return an API's schema: what it is given itself, or what another construct gives it."""
        self.schemas.sources = None
        props = given.props
        if "schemaDefinitionFile" in props:
            return (self.schemas.file(props.get("schemaDefinitionFile"), given.call),)
        for key in ("definition", "schema", "schemaDefinition"):
            if key in props:
                return self.schemas.read(props.get(key))
        for call in self._linked(_SCHEMA_CLASS, given.call, "apiId"):
            own = self.properties(call)
            for key in ("definition", "definitionS3Location"):
                if key in own:
                    return self.schemas.read(own.get(key))
            return (self.schemas.unresolved(own.more or call),)
        if props.more is not None:
            return (self.schemas.unresolved(props.more),)
        if given.spelling.unset_mode is not None:
            why = "it is put together in code"
            return (SchemaFile(unresolved=Unresolved(written(given.call), why, given.call.span), span=given.call.span),)
        return ()

    def _linked(self, name: str, api: Call, key: str) -> Iterator[Call]:
        """Give the constructs of a class that name an API by a property."""
        for call in self.program.calls:
            if construct(call) == name and is_cdk(call.callee):
                link = self.properties(call).get(key)
                if link is not None and root(link) is api:
                    yield call

    # Groups.

    def _groups(self, given: Given) -> tuple[str, ...] | None:
        """Return the groups that the program makes in the API's user pools, if it tells all their names."""
        pools = [pool for table in _providers(given.props) if (pool := _pool(table)) is not None]
        names: list[str | None] = []
        for call in self.program.calls:
            if construct(call) in _GROUP_CLASSES and is_cdk(call.callee):
                props = self.properties(call)
                link = props.get("userPoolId") or props.get("userPool")
                if link is not None and root(link) in pools:
                    names.append(_literal(props.get("groupName")))
            elif call.name in {"addGroup", "add_group"} and root(call) in pools:
                given_props = call.argument(1)
                props = given_props if isinstance(given_props, Table) else keyed(call.keywords, camel)
                names.append(_literal(props.get("groupName")))
        known = [name for name in names if name is not None]
        return tuple(dict.fromkeys(known)) if known and len(known) == len(names) else None


def _literal(node: Node | None) -> str | None:
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None


def name_of(call: Call) -> str:
    """Return a construct's id, the name that it has in its scope."""
    props = properties(call.argument(2)) if len(call.arguments) > 2 else call.keywords
    return _literal(call.argument(1, "id")) or _literal(props.get("name")) or call.name


def _or_keys(node: Node | None) -> Node | None:
    """Return a default mode that may be left out with what counts then."""
    if not isinstance(node, Open) or None not in node.options:
        return node
    mode = Scalar(Mode.API_KEY.value, Mode.API_KEY.value, node.span)
    keys = Table({"authorizationType": mode}, {"authorizationType": mode}, node.span)
    options = tuple(keys if option is None else option for option in node.options)
    return Open(node.text, node.why, node.span, options, complete=node.complete, assumed=node.assumed)


def _oldest(settings: Table) -> Table | None:
    """Return a mode in the words of today whose settings alone told once which it is; None where they do not."""
    if "userPool" in settings:
        return _typed(Mode.AMAZON_COGNITO_USER_POOLS, "userPoolConfig", settings)
    if "apiKeyDesc" in settings:
        return _typed(Mode.API_KEY, "apiKeyConfig", settings)
    return None


def _oldest_pool(props: Table) -> Table | None:
    """Return the mode of an API whose pool stands beside its name, as it once did."""
    pool = props.get("userPoolConfig")
    return _typed(Mode.AMAZON_COGNITO_USER_POOLS, "userPoolConfig", pool) if isinstance(pool, Table) else None


def _typed(mode: Mode, key: str, settings: Table) -> Table:
    name = Scalar(mode.value, mode.value, settings.span)
    return Table({"authorizationType": name, key: settings}, {"authorizationType": name, key: name}, settings.span)


def _named(node: Node) -> Node:
    """Return additional modes of which each is named."""
    if not isinstance(node, Sequence):
        return node
    modes = Sequence([], node.span)
    modes.more = node.more
    for item in node:
        nameless = isinstance(item, Table) and "authorizationType" not in item and item.more is None
        modes.items.append((_oldest(item) if nameless and isinstance(item, Table) else None) or item)
    return modes


def _providers(props: Table) -> Iterator[Table]:
    yield props
    for key in RESOURCE.additional:
        listed = props.get(key)
        if isinstance(listed, Sequence):
            yield from (item for item in listed if isinstance(item, Table))


def _pool(provider: Table) -> Call | None:
    config = provider.get("userPoolConfig")
    node = config.get("userPoolId") or config.get("userPool") if isinstance(config, Table) else None
    return root(node) if node is not None else None


def _is_open(api: Api) -> bool:
    """Whether the program leaves something open that decides about access."""
    return (
        api.additional_open is not None
        or any(isinstance(item.mode, Unresolved) for item in api.providers)
        or isinstance(api.default_action, Unresolved)
        or any(item.unresolved is not None for item in api.schema_files)
    )
