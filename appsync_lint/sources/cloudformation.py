"""CloudFormation and SAM templates: ``AWS::AppSync::GraphQLApi`` and ``AWS::Serverless::GraphQLApi``.

Everything is read through the intrinsic functions (:mod:`.intrinsics`); a setting that only deployment
knows is ``Unresolved``. A template is somebody's deployed file: what AppSync or CloudFormation tolerates
in it (keys written twice, two Lambda authorizers) is noted, and only what no deployment survives is an
error.
"""

from __future__ import annotations

from collections.abc import Iterable
from re import compile as regex
from typing import TYPE_CHECKING

from ..api import Api, FunctionCode, Provider, SchemaFile, Tool, Unresolved
from ..errors import InputError
from ..text import SourceText
from ..tree import Node, Open, Scalar, Sequence, Table
from .embedding import Splice, embedded
from .intrinsics import Resolver, intrinsic, plain
from .providers import ProviderReader, Spelling
from .reader import Described, File, Reader
from .resolution import Resolution, written

if TYPE_CHECKING:
    from .functions import Functions

__all__ = ["READER"]

#: Neither tool sets the authorizer's TTL when it is not written, and neither merges ``extend`` (A6, 9.4).
CLOUDFORMATION = Tool("CloudFormation", unset_lambda_ttl=0, folds_extensions=False)
SAM = Tool("SAM", unset_lambda_ttl=0, folds_extensions=False)

#: How much of an ``ApiId`` is searched for references.
MAX_REFERENCES = 1_000
#: In characters, for all inline texts of a template together; AppSync takes schemas of 1 MB.
MAX_SCHEMA = 8_000_000

_VARIABLE = regex(r"\$\{(\w+)")
_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")


_SPELLINGS = {
    "AWS::AppSync::GraphQLApi": Spelling(CLOUDFORMATION),
    "AWS::Serverless::GraphQLApi": Spelling(
        SAM,
        mode=("Type",),
        additional=("Additional",),
        pool=("UserPool",),
        oidc=("OpenIDConnect",),
        authorizer=("LambdaAuthorizer",),
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
        self.values = self._reader(_SPELLINGS["AWS::AppSync::GraphQLApi"])
        self.resources = self._resources(file.table)
        self.schemas = self._schemas_by_api()

    def _resources(self, table: Table) -> list[tuple[str, Scalar, Table, str]]:
        """Return the resources that may be deployed: name, the name's node, the resource and its type."""
        section = table.get("Resources")
        if not isinstance(section, Table):
            return []
        self.values.note_repeated(section)
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

    def _reader(self, spelling: Spelling) -> ProviderReader:
        return ProviderReader(
            spelling,
            self._note,
            resolve=self.resolver.resolve,
            code=lambda node: self._function(node.get("AuthorizerUri")),
        )

    # The API.

    def _api(self, name: str, key: Scalar, node: Table, spelling: Spelling) -> Api:
        self.values.note_repeated(node)
        is_sam = spelling.tool is SAM
        properties = self._holder(node, "Properties", key)
        auth = self._holder(properties, "Auth", key) if is_sam and isinstance(properties, Table) else properties
        additional: tuple[Provider, ...] = ()
        additional_open: Unresolved | None
        if isinstance(auth, Unresolved):
            default, additional_open = Provider(auth, auth.span), auth
        else:
            macro = auth.get("Fn::Transform")
            if macro is not None:
                auth.more = Open(written(macro), "a macro fills it in when the stack is deployed", macro.span)
            default, additional, additional_open = self._reader(spelling).providers(auth, key, name)
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
            return self._why(found)
        if not isinstance(found, Table):
            raise found.error(f"{key} must be a mapping, not {found.kind}")
        self.values.note_repeated(found)
        return found

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
        return self.values.value(table, (key,))

    def _text(self, table: Table, key: str) -> str | Unresolved | None:
        return self.values.text(table, (key,))

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
        self.values.note_repeated(node)
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
            return (SchemaFile(unresolved=self._why(found), span=place.span),)
        if not isinstance(found, Scalar):
            raise found.error(f"{location} must be a text, not {found.kind}")
        path = found.text.strip()
        if not path or _ADDRESS.match(path):
            why = "it is fetched from there when the stack is deployed" if path else "it is empty by default"
            return (SchemaFile(unresolved=Unresolved(path or written(place), why, place.span), span=place.span),)
        self.values.text(table, (location,), assumable=True)
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
        return SchemaFile(unresolved=self._why(result), span=node.span)

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

    @staticmethod
    def _why(result: Resolution) -> Unresolved:
        assert result.unresolved is not None
        return result.unresolved


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
        elif isinstance(argument, Table):
            left.extend(argument.entries.values())
    return found


READER = Reader(
    kind="cloudformation",
    expects="a CloudFormation or SAM template (Resources)",
    matches=_matches,
    read=_read,
    marks=(b"AWS::AppSync::GraphQLApi", b"AWS::Serverless::GraphQLApi"),
)
