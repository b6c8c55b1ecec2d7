"""Where the code of a Lambda function is that a CDK program constructs."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from re import compile as regex
from typing import Literal

from ...api import FunctionCode
from ...text import SourceText
from ...tree import Node, Scalar, Table
from ..programs import Attribute, Call, FileText, Reference, inline_text
from .schemas import literal_path, relative
from .values import camel, construct, keyed

__all__ = ["Functions"]

_SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".mjs", ".js", ".cjs")
#: Where builds put what they make of the source beside them.
_BUILT = regex(r"(?:^|(?<=/))(?:dist|build|lib|out|\.build)(?=/)")
_OTHERS = {"java": "Java", "dotnet": "C#", "go": "Go", "ruby": "Ruby", "provided": "a language of its own runtime"}
_OTHER_CLASSES = {"GoFunction": "Go", "RustFunction": "Rust", "DotNetFunction": "C#", "JavaFunction": "Java"}
_READ = "only Python, JavaScript and TypeScript are read"


class Functions:
    """The functions of one program: ``path`` is its file, ``base`` the folder that it runs in."""

    def __init__(self, path: Path, base: Path, *, allow_outside: bool) -> None:
        self._path = path
        self._base = base
        self._allow_outside = allow_outside

    def behind(self, node: Node | None) -> FunctionCode | None:
        """Return where the code of a function is; None where no function is given."""
        if node is None:
            return None
        for _ in range(4):
            # An alias, a version or the ARN of a function means the function.
            if isinstance(node, Attribute):
                node = node.base
            elif isinstance(node, Call) and construct(node) in {"Alias", "Version"}:
                props = _props(node)
                node = props.get("version") or props.get("lambda") or node
            else:
                break
        if not isinstance(node, Call) or not construct(node):
            return self._unknown("the authorizer's function is not constructed in this program")
        props = _props(node)
        if props.more is not None:
            return self._unknown("only a run of the program knows how its function is constructed")
        return self._code(construct(node), node, props)

    def _code(self, name: str, call: Call, props: Table) -> FunctionCode:
        if name in _OTHER_CLASSES:
            return self._unknown(f"its function is written in {_OTHER_CLASSES[name]}; {_READ}")
        if name == "NodejsFunction":
            return self._node(call, props)
        if name == "PythonFunction":
            return self._python(props)
        if name.startswith("DockerImage"):
            return self._unknown("its function is a container image")
        return self._plain(props)

    def _unknown(self, why: str) -> FunctionCode:
        return FunctionCode(base=str(self._base), why=why)

    def _found(
        self, paths: list[str], handler: str | None, language: Literal["python", "javascript"] = "javascript"
    ) -> FunctionCode:
        shown = tuple(dict.fromkeys(normpath(relative(path, self._base)) for path in paths))
        return FunctionCode(shown, str(self._base), handler, language=language, allow_outside=self._allow_outside)

    def _node(self, call: Call, props: Table) -> FunctionCode:
        """``NodejsFunction``: a file that is bundled, by default one beside the program that is named after it."""
        entry, _ = literal_path(props.get("entry"))
        handler, _ = literal_path(props.get("handler"))
        exported = (handler or "handler").rpartition(".")[2]
        if "entry" not in props:
            identity, _ = literal_path(call.argument(1, "id"))
            if identity is None:
                return self._unknown("only a run of the program knows the file of its function")
            stem = self._path.absolute().with_name(f"{self._path.name.partition('.')[0]}.{identity}").as_posix()
            return self._found(
                [f"{stem}{suffix}" for suffix in (".ts", ".js", ".mjs", ".mts", ".cts", ".cjs")], exported
            )
        if entry is None:
            return self._unknown("only a run of the program knows the file of its function")
        return self._found([entry, _BUILT.sub("src", entry)], exported)

    def _python(self, props: Table) -> FunctionCode:
        """``PythonFunction``: a folder with a file (``index.py``) and a function (``handler``) in it."""
        entry, _ = literal_path(props.get("entry"))
        if entry is None:
            return self._unknown("only a run of the program knows the folder of its function")
        index, _ = literal_path(props.get("index"))
        handler, _ = literal_path(props.get("handler"))
        return self._found([f"{entry}/{index or 'index.py'}"], handler or "handler", "python")

    def _plain(self, props: Table) -> FunctionCode:
        runtime = _runtime(props.get("runtime"))
        for start, shown in _OTHERS.items():
            if runtime.startswith(start):
                return self._unknown(f"its function is written in {shown}; {_READ}")
        handler, _ = literal_path(props.get("handler"))
        code = props.get("code")
        language: Literal["python", "javascript"] = "python" if runtime.startswith("python") else "javascript"
        if handler is not None and code is None and "/" in handler:
            # SST names the file and the function in it at once.
            place, _, rest = handler.rpartition("/")
            return self._found(_paths(place, rest, runtime), rest, language)
        if handler is None or code is None:
            return self._unknown("only a run of the program knows its function's handler and code")
        inline = _inline(code)
        if inline is not None:
            text = self._text(inline)
            if text is not None:
                return FunctionCode(base=str(self._base), handler=handler, text=text, language=language)
            if isinstance(inline, FileText):
                path, _ = literal_path(inline.path)
                if path is not None:
                    return self._found([path], handler, language)
        folder = _asset(code)
        if folder is None:
            return self._unknown("only a run of the program knows where its function's code is")
        return self._found(_paths(folder, handler, runtime), handler, language)

    def _text(self, node: Node) -> SourceText | None:
        return inline_text(node) if isinstance(node, Scalar) and node.span is not None else None


def _props(call: Call) -> Table:
    """Return the properties that a construct is given."""
    given = next((item for item in call.arguments[1:] if isinstance(item, Table)), None)
    if given is not None:
        return given
    table = keyed(call.keywords, camel)
    if len(call.arguments) > 2 or call.more is not None:
        table.more = table.more or call.more or call
    return table


def _runtime(node: Node | None) -> str:
    """Return a runtime as Lambda calls it, as far as it tells the language."""
    if isinstance(node, Reference):
        return node.name.lower()
    if isinstance(node, Call) and node.arguments and isinstance(node.arguments[0], Scalar):
        return node.arguments[0].text.lower()
    return ""


def _inline(code: Node) -> Node | None:
    """Return the text of ``Code.fromInline(text)`` and ``new InlineCode(text)``, or None."""
    if isinstance(code, Call) and code.name in {"fromInline", "from_inline", "InlineCode", "inline"}:
        return code.argument(0, "code")
    if isinstance(code, Table):
        # The construct of one resource: ``code: {zipFile: text}``.
        return code.get("zipFile")
    return None


def _asset(code: Node) -> str | None:
    """Return the folder or file of ``Code.fromAsset(path)``, or None."""
    if isinstance(code, Call) and code.name in {"fromAsset", "from_asset", "asset", "AssetCode"}:
        return literal_path(code.argument(0, "path"))[0]
    return None


def _paths(folder: str, handler: str, runtime: str) -> list[str]:
    """Return the files that a handler can be in, the likeliest first."""
    module = handler.rpartition(".")[0] or handler
    suffixes: tuple[str, ...] = _SCRIPTS
    if runtime.startswith("python"):
        module, suffixes = module.replace(".", "/"), (".py",)
    elif not runtime:
        suffixes = (*_SCRIPTS, ".py")
    places = (f"{folder}/{module}", _BUILT.sub("src", f"{folder}/{module}"))
    return [place + suffix for place in places for suffix in suffixes]
