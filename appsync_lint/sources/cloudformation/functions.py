"""The Lambda functions of a deployment: which one an ARN means, and where its code is."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from posixpath import normpath
from re import compile as regex
from typing import Literal

from ...api import FunctionCode
from ...tree import Node, Scalar, Sequence, Table
from .stacks import Deployment
from .template import Resource, Template, plain_text, table_under
from .texts import Texts

__all__ = ["Functions"]

_FUNCTIONS = ("AWS::Lambda::Function", "AWS::Serverless::Function")
#: What stands for a function, with the property that names it.
_STAND_INS = {"AWS::Lambda::Alias": "FunctionName", "AWS::Lambda::Version": "FunctionName"}
_ARN_NAME = regex(r":function:([^:/]+)")
#: Where builds put what they make of the source beside them.
_BUILT = regex(r"(?:^|(?<=/))(?:dist|build|lib|out)(?=/)")
_SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".mjs", ".js", ".cjs")
_BUILT_SCRIPTS = (".js", ".mjs", ".cjs")
_OTHERS = {"java": "Java", "dotnet": "C#", "go": "Go", "ruby": "Ruby"}
_ONLY = "only Python, JavaScript and TypeScript are read"


class Functions:
    """Finds the functions of a deployment's templates."""

    def __init__(self, deployment: Deployment, texts: Texts) -> None:
        self._deployment = deployment
        self._texts = texts

    def behind(self, template: Template, uri: Node) -> FunctionCode:
        """Return where the code of the function is that an ARN in a template means."""
        found = self._named(template, uri, frozenset())
        if len(found) > 1:
            names = ", ".join(sorted(item.name for item in found)[:3])
            return _unknown(template, f"AuthorizerUri may be one of several functions ({names})")
        if not found:
            return _unknown(template, "the function behind AuthorizerUri is not in this template")
        (item,) = found
        return self._code(item)

    def _named(self, template: Template, node: Node, seen: frozenset[tuple[int, str]]) -> set[Resource]:
        """Return the functions that a value means: by reference, through an alias or a version, or by name."""
        found: dict[tuple[int, str], Resource] = {}
        for place in self._deployment.references.referred(template, node):
            item = self._deployment.find(place)
            if item is None:
                continue
            if item.kind in _FUNCTIONS:
                found[place] = item
            elif item.kind in _STAND_INS and place not in seen:
                target = table_under(item.node, "Properties").get(_STAND_INS[item.kind])
                if target is not None:
                    found |= {other.place: other for other in self._named(item.template, target, seen | {place})}
        return set(found.values()) or self._by_name(template, node)

    def _by_name(self, template: Template, node: Node) -> set[Resource]:
        written = self._deployment.references.told(template, node)
        match = _ARN_NAME.search(written)
        return set(self._function_names.get(match[1] if match else written, ()))

    @cached_property
    def _function_names(self) -> dict[str, list[Resource]]:
        """The functions by the names that the templates give them."""
        names: dict[str, list[Resource]] = {}
        for item in self._deployment.of_kinds(*_FUNCTIONS):
            own = table_under(item.node, "Properties").get("FunctionName")
            if own is not None:
                names.setdefault(self._deployment.references.told(item.template, own), []).append(item)
        return names

    # Where the code is.

    def _code(self, item: Resource) -> FunctionCode:
        template, name = item.template, item.name
        properties = template.properties(item)
        handler = self._text(template, properties, "Handler")
        runtime = self._text(template, properties, "Runtime") or ""
        if self._text(template, properties, "PackageType") == "Image":
            return _unknown(template, f"{name} is a container image")
        language: Literal["python", "javascript"] = "python" if runtime.startswith("python") else "javascript"
        for start, shown in _OTHERS.items():
            if runtime.startswith(start):
                return _unknown(template, f"{name} is written in {shown}; {_ONLY}")
        if runtime.startswith("provided"):
            return _unknown(template, f"{name} brings its own runtime; {_ONLY}")
        inline = _inline(properties)
        if inline is not None:
            text = self._texts.spliced(template, inline)
            if text is None:
                return _unknown(template, f"the inline code of {name} is only known at deployment")
            return FunctionCode(base=template.base, handler=handler, text=text, language=language)
        folder = self._folder(item, properties)
        if folder is None:
            return _unknown(template, f"the code of {name} is fetched from somewhere else when it is deployed")
        if handler is None:
            return _unknown(template, f"{name} has no Handler that the template decides")
        paths = tuple(dict.fromkeys(_paths(item.node, folder, handler, runtime)))
        return FunctionCode(paths, template.base, handler, allow_outside=template.file.allow_outside)

    def _folder(self, item: Resource, properties: Table) -> str | None:
        """Return the folder of a function's code, or the file that is all of it; None where it is elsewhere."""
        metadata = table_under(item.node, "Metadata")
        if plain_text(metadata.get("aws:asset:property")).startswith("Code"):
            return plain_text(metadata.get("aws:asset:path")) or None
        code = properties.get("Code")
        key = code.get("S3Key") if isinstance(code, Table) else None
        if key is not None:
            return self._deployment.asset(item.template, key)
        for name in ("CodeUri", "Code"):
            node = properties.get(name) or _shared(item.template).get(name)
            if node is None:
                continue
            result = item.template.resolver.resolve(node)
            if not isinstance(result.node, Scalar):
                return None
            written = result.node.text.strip()
            return None if "://" in written or written.endswith((".zip", ".jar")) else written or "."
        return "."

    @staticmethod
    def _text(template: Template, properties: Table, key: str) -> str | None:
        node = properties.get(key) or _shared(template).get(key)
        if node is None:
            return None
        value = template.resolver.resolve(node).node
        return value.text if isinstance(value, Scalar) else None


def _unknown(template: Template, why: str) -> FunctionCode:
    return FunctionCode(base=template.base, why=why)


def _shared(template: Template) -> Table:
    """Return what all functions of a SAM template have in common."""
    return table_under(table_under(template.file.table, "Globals"), "Function")


def _inline(properties: Table) -> Node | None:
    code = properties.get("Code")
    inline = properties.get("InlineCode")
    return inline if inline is not None else code.get("ZipFile") if isinstance(code, Table) else None


def _paths(resource: Table, folder: str, handler: str, runtime: str) -> Iterator[str]:
    """Yield the files that a handler can be in, the likeliest first."""
    module = handler.rpartition(".")[0] or handler
    if folder.endswith((".py", *_SCRIPTS)):
        yield normpath(folder)
    entries = _entry_points(resource)
    for entry in entries:
        if len(entries) == 1 or _stem(entry) == _stem(module):
            yield normpath(f"{folder}/{entry}")
    # What is deployed as an asset is built already.
    scripts = _BUILT_SCRIPTS if folder.rpartition("/")[2].startswith("asset.") else _SCRIPTS
    suffixes = (*((".py",) if not runtime.startswith("nodejs") else ()), *scripts)
    if runtime.startswith("python"):
        module, suffixes = module.replace(".", "/"), (".py",)
    for place in (f"{folder}/{module}", _BUILT.sub("src", f"{folder}/{module}")):
        for suffix in suffixes:
            yield normpath(place + suffix)


def _entry_points(resource: Table) -> list[str]:
    """Return what a bundler starts from (``sam build`` with esbuild)."""
    listed = table_under(table_under(resource, "Metadata"), "BuildProperties").get("EntryPoints")
    return [item.text for item in listed if isinstance(item, Scalar)] if isinstance(listed, Sequence) else []


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
