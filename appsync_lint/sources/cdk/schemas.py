"""Where the schema of an API in a CDK program is: a file, a text in the program, other APIs, or only a run knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from os.path import relpath
from pathlib import Path

from ...api import SchemaFile, SourceApi, Unresolved
from ...tree import Node, Open, Scalar, Sequence, Table
from ..programs import Attribute, Call, FileText, Function, Program, inline_text
from ..resolution import written
from .values import camel, construct, keyed, properties, root

__all__ = ["Schemas", "literal_path", "relative", "working_folder"]

#: Methods and classes that take a schema's path.
_FROM_FILE = frozenset("fromAsset from_asset fromFile from_file".split())
_FILE_CLASSES = frozenset(["Schema", "SchemaFile", "Asset"])
_DEEPEST = 12


def working_folder(path: Path, marks: tuple[str, ...], top: Path) -> Path:
    """Return the folder that a program runs in: the nearest upward with one of some files, else its own."""
    folder = path.absolute().parent
    for candidate in (folder, *folder.parents):
        if any((candidate / mark).is_file() for mark in marks):
            return candidate
        if candidate == top:
            break
    return folder


def literal_path(node: Node | None) -> tuple[str | None, tuple[str, ...]]:
    """Return a path that is known, with the variables whose defaults it rests on; None for any other."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value, ()
    if type(node) is Open and node.assumed and len(node.options) == 1:
        option = node.options[0]
        if isinstance(option, Scalar) and isinstance(option.value, str):
            return option.value, node.assumed
    return None, ()


def relative(path: str, base: Path) -> str:
    """Return a path as it is written from a folder."""
    return Path(relpath(path, base)).as_posix() if path.startswith("/") else path


class Schemas:
    """Finds schemas in one program that runs in the folder ``base``."""

    def __init__(self, program: Program, base: Path, note: Callable[[Node, str], None]) -> None:
        self.program = program
        self.base = base
        self.note = note
        #: The APIs that the last schema read is merged from; None for a schema of its own.
        self.sources: tuple[SourceApi, ...] | None = None

    def read(self, node: Node | None, depth: int = 0) -> tuple[SchemaFile, ...]:
        """Return the schema that a value stands for; none where there is no value or other APIs are merged."""
        if node is None or (isinstance(node, Scalar) and node.value is None) or depth > _DEEPEST:
            return ()
        if isinstance(node, Scalar):
            return (SchemaFile(text=inline_text(node), span=node.span),) if node.span is not None else ()
        if isinstance(node, FileText):
            return (self.file(node.path, node),)
        if isinstance(node, Table):
            return self._mapping(node, depth)
        if isinstance(node, Call):
            return self._call(node, depth)
        if isinstance(node, Attribute) and node.key in {"s3ObjectUrl", "s3_object_url", "definition"}:
            return self.read(node.base, depth + 1)
        return (self.unresolved(node),)

    def file(self, path: Node | None, owner: Node) -> SchemaFile:
        """Return the schema in the file of a path."""
        text, assumed = literal_path(path)
        if text is None or not text.strip():
            options = path.options if type(path) is Open and path.complete else ()
            left = self.unresolved(path if path is not None else owner)
            paths = tuple(option.text for option in options if isinstance(option, Scalar))
            if left.unresolved is None or not paths or len(paths) < len(options):
                return left
            return replace(left, unresolved=replace(left.unresolved, candidates=paths))
        place = path if path is not None else owner
        if assumed:
            self.note(place, f"the schema is {text}, the default of {', '.join(assumed)}; a run may pass another one")
        return SchemaFile(path=relative(text, self.base), base=str(self.base), span=place.span or owner.span)

    def unresolved(self, node: Node) -> SchemaFile:
        """Return the schema that only a run of the program tells."""
        why = node.why if isinstance(node, Open) else f"it is {node.kind} that the program makes"
        options = [option for option in node.options if option is not None] if type(node) is Open else []
        paths = [item.path for option in options for item in self.read(option) if item.path is not None]
        known = isinstance(node, Open) and node.complete and len(paths) == len(node.options)
        left = Unresolved(written(node), why, node.span, tuple(paths) if known else ())
        return SchemaFile(unresolved=left, span=node.span)

    def _mapping(self, table: Table, depth: int) -> tuple[SchemaFile, ...]:
        for key in ("schema", "definition"):
            if key in table:
                return self.read(table.get(key), depth + 1)
        if "sourceApiOptions" in table:
            return self._merged(table.get("sourceApiOptions"))
        bind = table.get("bind")
        if isinstance(bind, Function):
            # A schema of the program's own: ``bind`` returns its text.
            bound = self.program.returned(bind)
            if isinstance(bound, Table):
                return self.read(bound.get("definition"), depth + 1)
        return (self.unresolved(table),)

    def _call(self, call: Call, depth: int) -> tuple[SchemaFile, ...]:
        name = call.name
        if name in _FROM_FILE:
            return (self.file(call.argument(0, "file_path"), call),)
        if name in {"fromSchema", "from_schema"}:
            return self.read(call.argument(0, "schema"), depth + 1)
        if name in {"fromSourceApis", "from_source_apis"}:
            options = call.argument(0)
            return self._merged(keyed(call.keywords, camel) if options is None else options)
        if construct(call) in _FILE_CLASSES:
            last = call.arguments[-1] if call.arguments else None
            options = keyed(call.keywords, camel) if not isinstance(last, Table) else last
            path = options.get("filePath") or options.get("path")
            return (self.file(path, call),) if path is not None else (self.unresolved(call),)
        return (self.unresolved(call),)

    def _merged(self, options: Node | None) -> tuple[SchemaFile, ...]:
        table = properties(options)
        listed = table.get("sourceApis")
        found: list[SourceApi] = []
        for item in listed if isinstance(listed, Sequence) else ():
            source = item
            if isinstance(item, Call) and construct(item):
                source = keyed(item.keywords, camel)
            if isinstance(source, Table):
                source = source.get("sourceApi") or source
            found.append(SourceApi(self._name(source), item.span))
        self.sources = tuple(found)
        return ()

    def _name(self, node: Node) -> str | Unresolved:
        call = root(node)
        identity = call.argument(1, "id") if call is not None else None
        if isinstance(identity, Scalar):
            return identity.text
        return Unresolved(written(node), node.why if isinstance(node, Open) else "", node.span)
