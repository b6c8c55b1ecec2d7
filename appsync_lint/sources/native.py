"""The native form in a file: ``appsync-lint.yaml`` and what ``aws appsync get-graphql-api`` prints.

One API stands at the top level or several under ``apis``; an entry ``from: FILE`` takes over the APIs that
a deploy tool's own file describes. ``rules`` sets severities.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..api import Api, Provider, SchemaFile
from ..api.native import API_KEYS, check_keys, get_list, get_table, get_text, read_api
from ..errors import InputError
from ..text import EmbeddedText, SourceText
from ..tree import Node, Scalar, Sequence, Table, nearest
from .places import MAX_NAMED, project_folder, real_path
from .reader import Described, File, Reader

__all__ = ["NAMES", "READER", "find_native"]

#: The file's names, the first that exists in a folder counts.
NAMES = ("appsync-lint.yaml", "appsync-lint.yml", "appsync-lint.json")

_MARKS = ("apis", "authenticationType", "from", "graphqlApi", "graphqlApis", "additionalAuthenticationProviders")
_FROM_KEYS = ("from", "api", "schema")


def find_native(start: Path) -> Path | None:
    """Look for the native file in a folder (or beside a file) and upward, up to the repository's root."""
    try:
        folder = start.resolve()
        folder = folder if folder.is_dir() else folder.parent
        for candidate in (folder, *folder.parents):
            for name in NAMES:
                if (candidate / name).is_file():
                    return _as_named(candidate / name, start)
            if (candidate / ".git").exists():
                return None
    except (OSError, RuntimeError, ValueError):
        return None
    return None


def _as_named(path: Path, start: Path) -> Path:
    """Return a relative path where the user gave one."""
    if start.is_absolute():
        return path
    try:
        return path.relative_to(Path.cwd().resolve())
    except ValueError:
        return path


def _matches(file: File) -> bool:
    if file.path.name in NAMES:
        return True
    table = file.table
    return any(key in table for key in _MARKS) and "Resources" not in table


def _read(file: File) -> Described:
    return _Native(file).read()


class _Native:
    def __init__(self, file: File) -> None:
        self.file = file
        self.base = str(file.path.parent)
        self.apis: list[Api] = []
        self.notes: list[str] = []
        self.errors: list[InputError] = []
        self.sources = [file.source]
        self.known: dict[Path, Described] = {}
        self.documents: dict[Path, File] = {}

    def read(self) -> Described:
        table = self._table()
        _refuse_tags(table)
        rules = get_table(table, "rules")
        for node in self._entries(table):
            if not isinstance(node, Table):
                raise node.error(f"an API must be a mapping, not {node.kind}")
            self.apis += self._from(node) if "from" in node else [self._api(node)]
        self._refuse_namesakes()
        return Described(
            path=self.file.path,
            kind="native",
            apis=tuple(self.apis),
            rules=_severities(rules) if rules else {},
            rule_names=dict(rules.keys) if rules else {},
            notes=tuple(self.notes),
            errors=tuple(self.errors),
            sources=tuple(self.sources),
        )

    def _table(self) -> Table:
        tree = self.file.tree
        if isinstance(tree, Table):
            return tree
        what = "is empty" if not self.file.source.text.strip() else f"holds {tree.kind}"
        raise InputError(f"{what}; it must describe an API (authenticationType, schema)", path=self.file.source.path)

    def _entries(self, table: Table) -> list[Node]:
        """Return the nodes that describe an API each."""
        for key, kind in (("apis", "list"), ("graphqlApis", "list"), ("graphqlApi", "mapping")):
            if key not in table:
                continue
            known = [key, "rules", *(["nextToken"] if key == "graphqlApis" else [])]
            hint = f"it belongs to an API under {key!r}"
            check_keys(table, known, f"a file with {key!r}", hints=dict.fromkeys((*API_KEYS, *_FROM_KEYS), hint))
            if kind == "list":
                return list(get_list(table, key) or ())
            return [table.entries[key]]
        own = [name for name in table.entries if name != "rules"]
        if not own:
            check_keys(table, ("rules",), "the file")
            return []
        if "from" not in table:
            check_keys(table, (*API_KEYS, "apis", "from", "rules"), "the file")
        # The rest of the keys are one API's own.
        entries = {name: table.entries[name] for name in own}
        keys = {name: table.keys[name] for name in own}
        return [Table(entries, keys, table.span, None, table.repeated)]

    def _api(self, node: Table) -> Api:
        api = read_api(node, path=self.file.source.path, base=self.base, around=self)
        if any("\n" in (item.path or "") for item in api.schema_files):
            raise node.entries["schema"].error("schema is the path of a file, not the schema's text")
        return _allowing_outside(api) if self.file.allow_outside else api

    # What a description's file names, and the places of its texts.

    def text(self, node: Scalar) -> SourceText | EmbeddedText:
        """Return a text of the file with its places in it."""
        from .embedding import embedded

        return embedded(node, self.file.source)

    def document(self, node: Scalar) -> Table:
        """Return what a file holds that the description names."""
        written = node.text
        if "\0" in written or not written.strip():
            raise node.error(f"{written!r} is no path")
        path = Path(self.base, written)
        real = real_path(
            path, project_folder(Path(self.base)), written, node.span, allow_outside=self.file.allow_outside
        )
        if real not in self.documents:
            try:
                file = File(path, allow_outside=self.file.allow_outside)
            except InputError as error:
                raise node.error(f"{error.path}: {error.message}") from None
            self.documents[real] = file
            self.sources.append(file.source)
        tree = self.documents[real].tree
        if not isinstance(tree, Table):
            raise node.error(f"{written} holds {tree.kind}, not a policy")
        return tree

    def _from(self, node: Table) -> list[Api]:
        """Return the APIs of another file, all or the one that is named."""
        check_keys(node, _FROM_KEYS, "an entry with 'from'", hints=dict.fromkeys(API_KEYS, _FROM_HINT))
        written = get_text(node, "from")
        if not written:
            raise node.keys["from"].error("from names a file")
        place = node.entries["from"].span
        described = self._included(written, node.entries["from"])
        name = get_text(node, "api")
        apis = [api for api in described.apis if name is None or api.name == name]
        if not apis:
            known = [api.name for api in described.apis]
            if name is None or not known:
                raise InputError(f"{described.sources[0].path} describes no API", span=place)
            meant = nearest(name, known)
            hint = f"did you mean {meant!r}?" if meant else f"it has {', '.join(known)}"
            raise node.entries["api"].error(f"{described.sources[0].path} has no API {name!r}; {hint}")
        if "schema" in node:
            if len(apis) > 1:
                names = ", ".join(api.name for api in apis)
                raise node.keys["schema"].error(f"say which API has this schema with 'api': {names}")
            apis = [replace(apis[0], schema_files=tuple(self._schemas(node.entries["schema"])))]
        return apis

    def _schemas(self, node: Node) -> list[SchemaFile]:
        items = list(node) if isinstance(node, Sequence) else [node]
        if not all(isinstance(item, Scalar) and isinstance(item.value, str) for item in items):
            raise node.error("schema is a path or a list of paths")
        if len(items) > MAX_NAMED:
            raise node.error(f"schema names more than {MAX_NAMED} files")
        return [
            SchemaFile(path=item.text, base=self.base, span=item.span) for item in items if isinstance(item, Scalar)
        ]

    def _included(self, written: str, node: Node) -> Described:
        from .registry import read_described

        path = Path(self.base, written)
        if "\0" in written:
            raise node.error(f"{written!r} is no path")
        project = project_folder(Path(self.base))
        real = real_path(path, project, written, node.span, allow_outside=self.file.allow_outside)
        including = (*self.file.including, self.file.path.resolve())
        if real in including:
            raise node.error(f"{written} leads back to the file that names it")
        if real not in self.known:
            try:
                file = File(path, allow_outside=self.file.allow_outside, including=including)
            except InputError as error:
                raise node.error(f"{error.path}: {error.message}") from None
            described = self.known[real] = read_described(file)
            self.notes += described.notes
            self.errors += described.errors
            if described.rules:
                self.notes.append(f"{file.source.path}: its rules do not count, those of {self._shown} do")
            self.sources += described.sources
        return self.known[real]

    def _refuse_namesakes(self) -> None:
        seen: dict[str, Api] = {}
        for api in self.apis:
            # Only what is written here can be renamed here.
            if api.name in seen and api.path == seen[api.name].path == self._shown:
                raise InputError(f"two APIs are called {api.name!r}; give each its own name", span=api.span)
            seen[api.name] = api

    @property
    def _shown(self) -> str:
        return self.file.source.path


_FROM_HINT = "what 'from' names describes the API; here only 'api' and 'schema' can be added"


def _allowing_outside(api: Api) -> Api:
    """Let the code of an API's Lambda authorizer lie outside the project's folder."""

    def allowed(provider: Provider) -> Provider:
        known = provider.authorizer
        if known is None or known.code is None:
            return provider
        return replace(provider, authorizer=replace(known, code=replace(known.code, allow_outside=True)))

    return replace(api, default=allowed(api.default), additional=tuple(map(allowed, api.additional)))


def _severities(rules: Table) -> dict[str, Scalar]:
    for key in rules.repeated:
        raise key.error(f"the rule {key.text!r} is written twice")
    found: dict[str, Scalar] = {}
    for name, node in rules:
        if not isinstance(node, Scalar):
            raise node.error(f"the severity of {name} is off, info, warning or error, not {node.kind}")
        found[name] = node
    return found


def _refuse_tags(table: Table) -> None:
    """Refuse tags, which mean something to a deploy tool only; each shared node is looked at once."""
    seen: set[int] = set()
    left: list[Node] = [table]
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if node.tag is not None:
            raise node.error(f"the tag {node.tag} means nothing here")
        if isinstance(node, Sequence):
            left.extend(reversed(node.items))
        elif isinstance(node, Table):
            left.extend(reversed(list(node.entries.values())))


READER = Reader(
    kind="native",
    expects="an API's description (authenticationType or apis)",
    matches=_matches,
    read=_read,
    names=NAMES,
)
