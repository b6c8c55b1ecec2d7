"""The Lambda function behind an authorizer: which one a value means, and where its code is."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import normpath
from re import compile as regex
from typing import TYPE_CHECKING, Literal

from ...api import FunctionCode
from ...tree import Node, Scalar, Sequence, Table
from .landscape import block_of
from .texts import from_parts
from .values import FileContent, Reference, certain, plain_text, references

if TYPE_CHECKING:
    from .landscape import Configuration

__all__ = ["code_behind"]

_FUNCTION = "aws_lambda_function"
_ALIAS = "aws_lambda_alias"
_COMMUNITY = "terraform-aws-modules/lambda"
_ARN_NAME = regex(r":function:([^:/]+)")
_SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".mjs", ".js", ".cjs")
#: Where builds put what they make of the source beside them.
_BUILT = regex(r"(?:^|(?<=/))(?:dist|build|lib|out)(?=/)")
_OTHERS = {"java": "Java", "dotnet": "C#", "go": "Go", "ruby": "Ruby"}
_ONLY = "only Python, JavaScript and TypeScript are read"


def code_behind(uri: Node, landscape: Configuration) -> FunctionCode:
    """Return where the code of the function is that a value means."""
    base = landscape.instances[0].files.base
    found = list(_functions(uri, landscape, 0))
    names = {name for name, _, _ in found}
    if len(names) > 1:
        shown = ", ".join(sorted(names)[:3])
        return FunctionCode(base=base, why=f"authorizer_uri may be one of several functions ({shown})")
    if not found:
        return FunctionCode(base=base, why="the function behind authorizer_uri is not in this configuration")
    name, table, is_module = found[0]
    return _Code(name, table, landscape, base).of_module() if is_module else _Code(name, table, landscape, base).found()


def _functions(node: Node, landscape: Configuration, depth: int) -> Iterator[tuple[str, Table, bool]]:
    """Give the functions that a value means: name, settings, and whether they are those of a module."""
    seen: set[str] = set()
    for reference in references(node):
        if reference.address in seen:
            continue
        seen.add(reference.address)
        if reference.variety == "module":
            block = reference.instance.folder.block("module", reference.name)
            if block is not None and _COMMUNITY in reference.instance.source_of(block):
                yield reference.name, reference.instance.table(block.body, reference.instance.scope), True
            continue
        if reference.type_name not in (_FUNCTION, _ALIAS):
            continue
        table = reference.instance.table_of(reference)
        if table is None:
            continue
        target = table.get("function_name")
        if reference.type_name == _FUNCTION:
            yield reference.name, table, False
        elif target is not None and depth < 3:
            yield from _functions(target, landscape, depth + 1)
    text = _text(node)
    if not seen and text:
        match = _ARN_NAME.search(text)
        wanted = match[1] if match else text
        for item in landscape.items(_FUNCTION):
            if _text(item.table.get("function_name")) == wanted:
                yield item.name, item.table, False


class _Code:
    """Looks for the code of one function."""

    def __init__(self, name: str, table: Table, landscape: Configuration, base: str) -> None:
        self.name = name
        self.table = table
        self.landscape = landscape
        self.base = base
        self.handler = _text(table.get("handler")) or None
        self.runtime = _text(table.get("runtime"))

    def unknown(self, why: str) -> FunctionCode:
        return FunctionCode(base=self.base, why=why)

    def refused(self) -> FunctionCode | None:
        """Say why a function's code cannot be read, whatever it is packed in."""
        if _text(self.table.get("package_type")) == "Image" or self.table.get("image_uri") is not None:
            return self.unknown(f"{self.name} is a container image")
        for start, shown in _OTHERS.items():
            if self.runtime.startswith(start):
                return self.unknown(f"{self.name} is written in {shown}; {_ONLY}")
        if self.runtime.startswith("provided"):
            return self.unknown(f"{self.name} brings its own runtime; {_ONLY}")
        return None

    def found(self) -> FunctionCode:
        """Return the code of a resource."""
        refused = self.refused()
        if refused is not None:
            return refused
        filename = self.table.get("filename")
        if filename is None:
            return self.unknown(f"the code of {self.name} is fetched from somewhere else when it is deployed")
        archive = self._archive(filename)
        if archive is not None:
            return self._packed(archive)
        shown = _text(filename) or "a file that only deployment knows"
        return self.unknown(f"the code of {self.name} is packed in {shown}, and what is packed is not said here")

    def of_module(self) -> FunctionCode:
        """Return the code of a function that the community's module makes."""
        refused = self.refused()
        if refused is not None:
            return refused
        source = self.table.get("source_path")
        found = certain(source) if source is not None else None
        node = found[0] if found is not None else None
        if isinstance(node, Sequence) and node.items:
            first = certain(node.items[0])
            node = first[0] if first is not None else None
        if isinstance(node, Table):
            inner = certain(node.entries["path"]) if "path" in node else None
            node = inner[0] if inner is not None else None
        path = _text(node)
        if not path:
            return self.unknown(f"where the code of {self.name} is is only known at deployment")
        return self._paths(path)

    def _archive(self, filename: Node) -> Table | None:
        for reference in references(filename):
            if reference.type_name == "archive_file":
                return reference.instance.table_of(reference)
        written = _text(filename)
        if not written:
            return None
        for instance in self.landscape.instances:
            for variety in ("data", "resource"):
                for block in instance.folder.blocks(variety, "archive_file"):
                    table = instance.table_of(Reference(instance, variety, "archive_file", block.labels[1], block.span))
                    packed = _text(table.get("output_path")) if table is not None else ""
                    if packed and normpath(packed) == normpath(written):
                        return table
        return None

    def _packed(self, archive: Table) -> FunctionCode:
        """Return the code that an archive is made of."""
        for key in ("source_file", "source_dir"):
            node = archive.get(key)
            if node is None:
                continue
            path = _text(node)
            if not path:
                return self.unknown(f"where the code of {self.name} is is only known at deployment")
            return self._paths(path)
        content = archive.get("source_content")
        filename = _text(archive.get("source_content_filename"))
        if content is None:
            inner = block_of(archive, "source")
            source = inner if isinstance(inner, Table) else Table({}, {}, None)
            content, filename = source.get("content"), _text(source.get("filename"))
        if content is None:
            return self.unknown(f"what the code of {self.name} is is only known at deployment")
        if isinstance(content, FileContent):
            return FunctionCode((normpath(content.path),), self.base, self.handler)
        text = from_parts(content)
        if text is None:
            return self.unknown(f"the inline code of {self.name} is only known at deployment")
        language: Literal["python", "javascript", "typescript"] = "javascript"
        if self.runtime.startswith("python") or filename.endswith(".py"):
            language = "python"
        return FunctionCode(base=self.base, handler=self.handler, text=text, language=language)

    def _paths(self, folder: str) -> FunctionCode:
        """Return the files below a folder that the handler can be in; the folder may be the file itself."""
        if self.handler is None:
            return self.unknown(f"{self.name} has no handler that the configuration decides")
        paths: list[str] = []
        if folder.endswith((".py", *_SCRIPTS)):
            paths.append(normpath(folder))
        else:
            module = self.handler.rpartition(".")[0] or self.handler
            python = self.runtime.startswith("python")
            suffixes: tuple[str, ...] = (".py",) if python else _SCRIPTS
            if not self.runtime:
                suffixes = (".py", *_SCRIPTS)
            module = module.replace(".", "/") if python else module
            for place in (f"{folder}/{module}", _BUILT.sub("src", f"{folder}/{module}")):
                paths += [normpath(place + suffix) for suffix in suffixes]
        return FunctionCode(tuple(dict.fromkeys(paths)), self.base, self.handler)


def _text(node: Node | None) -> str:
    """Return a text that is certain; empty for anything else."""
    found = certain(node) if node is not None else None
    if found is None or not isinstance(found[0], Scalar):
        return ""
    return plain_text(found[0]) or ""
