"""The Lambda functions of a CloudFormation or SAM template: which one an ARN means, and where its code is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import normpath
from re import compile as regex
from typing import Literal

from ..api import FunctionCode
from ..text import SourceText
from ..tree import Node, Scalar, Sequence, Table
from .intrinsics import Resolver, intrinsic

__all__ = ["Functions"]

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
#: What stands for a function, with the property that names it.
_STAND_INS = {"AWS::Lambda::Alias": "FunctionName", "AWS::Lambda::Version": "FunctionName"}
_VARIABLE = regex(r"\$\{(\w+)")
_ARN_NAME = regex(r":function:((?:\$\{[^}]*\}|[^:/])+)")
#: Where builds put what they make of the source beside them.
_BUILT = regex(r"(?:^|(?<=/))(?:dist|build|lib|out)(?=/)")
_SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".mjs", ".js", ".cjs")
_OTHERS = {"java": "Java", "dotnet": "C#", "go": "Go", "ruby": "Ruby"}
_ONLY = "only Python, JavaScript and TypeScript are read"


class Functions:
    """The functions of one template. ``spliced`` returns a text of the template with its places, ``referred`` the
    logical ids that a value refers to.
    """

    def __init__(
        self,
        template: Table,
        resolver: Resolver,
        base: str,
        *,
        spliced: Callable[[Node], SourceText | None],
        referred: Callable[[Node], set[str]],
        allow_outside: bool,
    ) -> None:
        resources = template.get("Resources")
        entries = resources.entries if isinstance(resources, Table) else {}
        self._resources = {name: node for name, node in entries.items() if isinstance(node, Table)}
        self._kinds = {name: _plain(node.get("Type")) for name, node in self._resources.items()}
        self._globals = _table(_table(template, "Globals"), "Function")
        self._resolver = resolver
        self._base = base
        self._spliced = spliced
        self._referred = referred
        self._allow_outside = allow_outside

    def behind(self, uri: Node) -> FunctionCode:
        """Return where the code of the function is that an ARN means."""
        names = self._named(uri, set())
        if len(names) > 1:
            return self._unknown(f"AuthorizerUri may be one of several functions ({', '.join(sorted(names)[:3])})")
        if not names:
            return self._unknown("the function behind AuthorizerUri is not in this template")
        (name,) = names
        return self._code(name, self._resources[name])

    def _named(self, node: Node, seen: set[str]) -> set[str]:
        """Return the functions that a value means: by reference, through an alias or a version, or by name."""
        found: set[str] = set()
        for name in self._referred(node) | _substituted(node):
            kind = self._kinds.get(name, "")
            if kind in _FUNCTIONS:
                found.add(name)
            elif kind in _STAND_INS and name not in seen:
                target = _table(self._resources[name], "Properties").get(_STAND_INS[kind])
                if target is not None:
                    found |= self._named(target, seen | {name})
        return found or self._by_name(node)

    def _by_name(self, node: Node) -> set[str]:
        written = self._written(node)
        match = _ARN_NAME.search(written)
        wanted = match[1] if match else written
        if not wanted:
            return set()
        return {
            name
            for name, kind in self._kinds.items()
            if kind in _FUNCTIONS
            and (own := _table(self._resources[name], "Properties").get("FunctionName")) is not None
            and self._written(own) == wanted
        }

    def _written(self, node: Node) -> str:
        """Return the text of a value, with the variables in it that only deployment knows as they are written."""
        result = self._resolver.resolve(node)
        if isinstance(result.node, Scalar):
            return result.node.text
        call = intrinsic(node)
        if call is not None and call[0] == "Fn::Sub":
            template, _ = self._resolver.sub_parts(call[1])
            return template.text if template is not None else ""
        if call is not None and call[0] == "Fn::Join" and isinstance(call[1], Sequence) and len(call[1]) == 2:
            separator, members = call[1].items
            if isinstance(members, Sequence):
                return _plain(separator).join(self._written(item) for item in members)
        return ""

    # Where the code is.

    def _unknown(self, why: str) -> FunctionCode:
        return FunctionCode(base=self._base, why=why)

    def _code(self, name: str, resource: Table) -> FunctionCode:
        properties = _table(resource, "Properties")
        handler = self._text(properties, "Handler")
        runtime = self._text(properties, "Runtime") or ""
        if self._text(properties, "PackageType") == "Image":
            return self._unknown(f"{name} is a container image")
        language: Literal["python", "javascript"] = "python" if runtime.startswith("python") else "javascript"
        for start, shown in _OTHERS.items():
            if runtime.startswith(start):
                return self._unknown(f"{name} is written in {shown}; {_ONLY}")
        if runtime.startswith("provided"):
            return self._unknown(f"{name} brings its own runtime; {_ONLY}")
        inline = self._inline(properties)
        if inline is not None:
            text = self._spliced(inline)
            if text is None:
                return self._unknown(f"the inline code of {name} is only known at deployment")
            return FunctionCode(base=self._base, handler=handler, text=text, language=language)
        folder = self._folder(resource, properties)
        if folder is None:
            return self._unknown(f"the code of {name} is fetched from somewhere else when it is deployed")
        if handler is None:
            return self._unknown(f"{name} has no Handler that the template decides")
        paths = tuple(dict.fromkeys(self._paths(resource, folder, handler, runtime)))
        return FunctionCode(paths, self._base, handler, allow_outside=self._allow_outside)

    def _inline(self, properties: Table) -> Node | None:
        code = properties.get("Code")
        inline = properties.get("InlineCode")
        return inline if inline is not None else code.get("ZipFile") if isinstance(code, Table) else None

    def _folder(self, resource: Table, properties: Table) -> str | None:
        """Return the folder of a function's code, or the file that is all of it; None where it is elsewhere."""
        metadata = _table(resource, "Metadata")
        if _plain(metadata.get("aws:asset:property")).startswith("Code"):
            return _plain(metadata.get("aws:asset:path")) or None
        for key in ("CodeUri", "Code"):
            node = properties.get(key) or self._globals.get(key)
            if node is None:
                continue
            result = self._resolver.resolve(node)
            if not isinstance(result.node, Scalar):
                return None
            written = result.node.text.strip()
            return None if "://" in written or written.endswith((".zip", ".jar")) else written or "."
        return "."

    def _paths(self, resource: Table, folder: str, handler: str, runtime: str) -> Iterator[str]:
        """Yield the files that a handler can be in, the likeliest first."""
        module = handler.rpartition(".")[0] or handler
        if folder.endswith((".py", *_SCRIPTS)):
            yield normpath(folder)
        for entry in self._entry_points(resource):
            if len(self._entry_points(resource)) == 1 or _stem(entry) == _stem(module):
                yield normpath(f"{folder}/{entry}")
        suffixes = (*((".py",) if not runtime.startswith("nodejs") else ()), *_SCRIPTS)
        if runtime.startswith("python"):
            module, suffixes = module.replace(".", "/"), (".py",)
        for place in (f"{folder}/{module}", _BUILT.sub("src", f"{folder}/{module}")):
            for suffix in suffixes:
                yield normpath(place + suffix)

    def _entry_points(self, resource: Table) -> list[str]:
        """Return what a bundler starts from (``sam build`` with esbuild)."""
        listed = _table(_table(resource, "Metadata"), "BuildProperties").get("EntryPoints")
        return [item.text for item in listed if isinstance(item, Scalar)] if isinstance(listed, Sequence) else []

    def _text(self, properties: Table, key: str) -> str | None:
        node = properties.get(key) or self._globals.get(key)
        if node is None:
            return None
        value = self._resolver.resolve(node).node
        return value.text if isinstance(value, Scalar) else None


def _substituted(node: Node) -> set[str]:
    """Return the names in a ``Fn::Sub`` that comes with a map of its own variables."""
    call = intrinsic(node)
    if call is None or call[0] != "Fn::Sub" or not isinstance(call[1], Sequence) or not call[1].items:
        return set()
    return set(_VARIABLE.findall(_plain(call[1].items[0])))


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]


def _plain(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _table(table: Table, key: str) -> Table:
    """Return the mapping under a key, an empty one where there is none."""
    node = table.get(key)
    return node if isinstance(node, Table) else Table({}, {}, None)
