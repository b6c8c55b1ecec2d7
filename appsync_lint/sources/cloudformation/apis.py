"""The APIs of a template with all that is deployed with it."""

from __future__ import annotations

from collections.abc import Iterable

from ...api import Api, ApiSettings, FunctionCode, Provider, SchemaFile, SourceApi, Tool, Unresolved
from ...errors import InputError
from ...tree import Node, Open, Table
from ..providers import ProviderReader, Spelling
from ..reader import Described, File
from ..resolution import written
from .assembly import Assembly, is_manifest
from .functions import Functions
from .settings import SettingsReader
from .spelling import CDK, CLOUDFORMATION, SAM, SAM_API, SPELLINGS
from .stacks import Deployment
from .template import Resource, Template, table_under
from .texts import Texts

__all__ = ["read"]

#: How many of a merged API's sources a message names.
_SHOWN = 3


def read(file: File) -> Described:
    """Read a template, or the manifest of a CDK app: its stacks' templates."""
    if is_manifest(file):
        files = list(Assembly(file.path.parent, allow_outside=file.allow_outside).files())
        if not files:
            raise InputError("lists no template that can be read", path=file.source.path)
        return _Reader(file, files).read()
    return _Reader(file, [file]).read()


class _Reader:
    def __init__(self, file: File, files: list[File]) -> None:
        self.file = file
        self.deployment = Deployment(files)
        self.texts = Texts(self.deployment)
        self.functions = Functions(self.deployment, self.texts)
        self.settings = SettingsReader(self.deployment, self.texts)

    def read(self) -> Described:
        found: list[Api] = []
        errors = list(self.deployment.errors)
        for template in self.deployment.templates:
            for item in template.of_kinds(*SPELLINGS):
                try:
                    found.append(self._api(item))
                except InputError as error:
                    errors.append(error)
        self._note_schemas_of_none()
        for template in self.deployment.templates:
            errors += template.errors
        if errors and not found:
            raise errors[0]
        is_cdk = bool(found) and self.deployment.templates[0].is_synthesized
        return Described(
            path=self.file.path,
            kind="cloudformation",
            apis=tuple(found),
            notes=tuple(dict.fromkeys(self._notes(bool(found)))),
            errors=tuple(dict.fromkeys(errors)),
            sources=tuple(
                dict.fromkeys((self.file.source, *(file.source for file in self.deployment.sources.values())))
            ),
            compiled_from="cdk" if is_cdk else "",
        )

    def _notes(self, has_apis: bool) -> Iterable[str]:
        for template in self.deployment.templates:
            yield from (text for _, text in sorted(template.notes))
        root = self.deployment.templates[0]
        if has_apis and root.is_synthesized and not self.deployment.assembly_of(root).lists(root.file):
            path = self.file.source.path
            yield f"{path}: manifest.json does not list this template; an older synthesis may have left it"
        if not has_apis:
            yield f"{self.file.source.path}: no AppSync API is in this template"

    # The API.

    def _api(self, item: Resource) -> Api:
        template, name, key = item.template, item.name, item.key
        spelling = SPELLINGS[item.kind]
        template.values.note_repeated(item.node)
        properties = template.holder(item.node, "Properties", key)
        auth: Table | Unresolved = properties
        if item.kind == SAM_API and isinstance(properties, Table):
            auth = template.holder(properties, "Auth", key)
        additional: tuple[Provider, ...] = ()
        additional_open: Unresolved | None
        if isinstance(auth, Unresolved):
            default, additional_open = Provider(auth, auth.span), auth
        else:
            macro = auth.get("Fn::Transform")
            if macro is not None:
                doubt = template.resolve(Table({"Fn::Transform": macro}, {}, macro.span)).unresolved
                why = doubt.why if doubt is not None else ""
                auth.more = Open(written(macro), why, macro.span)
            reader = ProviderReader(
                spelling, template.note, resolve=template.resolve, code=lambda node: self._code(template, node)
            )
            default, additional, additional_open = reader.providers(auth, key, name)
        table = properties if isinstance(properties, Table) else Table({}, {}, None)
        settings = self.settings.read(item, table)
        return Api(
            name=self.settings.name_of(item),
            default=default,
            additional=additional,
            additional_open=additional_open,
            schema_files=self._schema(item, spelling, table, settings),
            groups=self.settings.identity.groups(template, (default, *additional)),
            settings=settings,
            tool=_tool(template, spelling),
            path=template.file.source.path,
            span=key.span,
        )

    def _code(self, template: Template, settings: Table) -> FunctionCode | None:
        """Return where the code of an authorizer's function is."""
        uri: Node | None = settings.get("AuthorizerUri")
        return self.functions.behind(template, uri) if uri is not None else None

    # Schemas.

    def _schema(
        self, item: Resource, spelling: Spelling, properties: Table, settings: ApiSettings
    ) -> tuple[SchemaFile, ...]:
        if settings.merged:
            return (_merged(item, settings.sources),)
        if spelling.tool is SAM:
            files = self._file(item.template, properties, "SchemaInline", "SchemaUri")
        else:
            files = self._schema_resource(item)
        if not files:
            unread = "".join(
                f"; it may be in the nested stack {name}: {why}" for name, why in self.settings.unread(item)
            )
            item.template.note(item.key, f"the schema of {item.name} is not in this template{unread}")
        return files

    def _schema_resource(self, api: Resource) -> tuple[SchemaFile, ...]:
        """Return the schema of the ``AWS::AppSync::GraphQLSchema`` that belongs to an API."""
        found = self.settings.belonging(api, "AWS::AppSync::GraphQLSchema")
        if len(found) > 1:
            second = found[1]
            second.template.note(second.key, f"{api.name} has a second schema; {found[0].name} is used")
        if not found:
            return ()
        item = found[0]
        item.template.values.note_repeated(item.node)
        properties = item.template.holder(item.node, "Properties", item.key)
        if isinstance(properties, Unresolved):
            return (SchemaFile(unresolved=properties, span=properties.span),)
        return self._file(item.template, properties, "Definition", "DefinitionS3Location")

    def _file(self, template: Template, table: Table, inline: str, location: str) -> tuple[SchemaFile, ...]:
        found = self.texts.located(template, table, inline, location)
        if found is None:
            return ()
        span = found.node.span
        if found.path is not None:
            return (SchemaFile(path=found.path, base=template.base, span=span),)
        return (SchemaFile(text=found.text, unresolved=found.unresolved, span=span),)

    def _note_schemas_of_none(self) -> None:
        for template in self.deployment.templates:
            for item in template.of_kinds("AWS::AppSync::GraphQLSchema"):
                node = table_under(item.node, "Properties").get("ApiId")
                if node is None or not self.settings.apis_in(template, node):
                    template.note(item.key, f"the API that the schema {item.name} belongs to is not in this template")


def _tool(template: Template, spelling: Spelling) -> Tool:
    return CDK if spelling.tool is CLOUDFORMATION and template.is_synthesized else spelling.tool


def _merged(item: Resource, sources: tuple[SourceApi, ...]) -> SchemaFile:
    """Return that the schema of a merged API is put together by AppSync."""
    names = [str(source.name) for source in sources]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    why = (
        f"AppSync merges it from {shown or 'its source APIs'}; lint what "
        "`aws appsync get-introspection-schema --include-directives` gives for the merged API"
    )
    return SchemaFile(unresolved=Unresolved(item.name, why, item.key.span), span=item.key.span)
