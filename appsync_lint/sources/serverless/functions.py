"""The Lambda functions of a service: which one an authorizer means, and where its code is."""

from __future__ import annotations

from pathlib import Path
from posixpath import normpath
from re import compile as regex
from typing import Literal

from ...api import FunctionCode
from ...tree import Node, Scalar, Sequence, Table
from ..intrinsics import intrinsic
from .variables import Variables

__all__ = ["Functions"]

_SCRIPTS = (".ts", ".mts", ".cts", ".tsx", ".mjs", ".js", ".cjs")
#: Where builds put what they make of the source beside them.
_BUILT = regex(r"(?:^|(?<=/))(?:dist|build|lib|out|\.build)(?=/)")
_OTHERS = {"java": "Java", "dotnet": "C#", "go": "Go", "ruby": "Ruby", "provided": "a language of its own runtime"}
#: An attribute of a resource, as an older plugin has it.
_PSEUDO = regex(r"#\{(\w+)\.Arn\}")
_ARNS = ("lambdaFunctionArn", "functionArn")
#: What the Framework calls a function's resource: the function's name and this.
_RESOURCE = "LambdaFunction"


class Functions:
    """The functions of one service, whose folder is ``base``."""

    def __init__(self, variables: Variables, base: str, *, allow_outside: bool) -> None:
        self._variables = variables
        self._base = base
        self._allow_outside = allow_outside

    def behind(self, settings: Table) -> FunctionCode | None:
        """Return where the code is of the function that an authorizer's settings name."""
        variables = self._variables
        inline = variables.value(settings.get("function"))
        if isinstance(inline, Table):
            return self._code("the authorizer's function", inline)
        arn = next((settings.entries[key] for key in _ARNS if key in settings), None)
        if arn is not None:
            own = self._named_by(arn)
            return (
                self._of(own)
                if own
                else self._unknown("the function behind the authorizer's ARN is not in this service")
            )
        node = settings.get("functionName")
        if node is None:
            return None
        name = variables.value(node)
        if not isinstance(name, Scalar):
            return self._unknown("only deployment knows which function the authorizer is")
        return self._of(name.text)

    def _of(self, name: str) -> FunctionCode:
        found = self._all().get(name)
        if found is None:
            return self._unknown(f"the service has no function {name}")
        function = self._variables.value(found)
        if not isinstance(function, Table):
            why = self._variables.resolve(found).unresolved
            return self._unknown(
                f"the function {name} is not in the service's files ({why.why if why else 'no mapping'})"
            )
        return self._code(name, function)

    def _all(self) -> dict[str, Node]:
        """Return the functions by name. They may be a list of mappings, each from a file of its own."""
        value = self._variables.lookup("functions")
        blocks = [self._variables.value(item) for item in value] if isinstance(value, Sequence) else [value]
        return {name: node for block in blocks if isinstance(block, Table) for name, node in block}

    def _named_by(self, arn: Node) -> str | None:
        """Return the function of the service whose resource an ARN is taken from."""
        call = intrinsic(arn)
        pseudo = _PSEUDO.fullmatch(_word(arn))
        if pseudo is not None:
            logical = pseudo[1]
        elif call is not None and call[0] == "Fn::GetAtt":
            argument = call[1]
            first = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
            logical = _word(first).partition(".")[0]
        else:
            return None
        return next((name for name in self._all() if _logical(name) == logical), None)

    # Where the code is.

    def _unknown(self, why: str) -> FunctionCode:
        return FunctionCode(base=self._base, why=why)

    def _code(self, name: str, function: Table) -> FunctionCode:
        runtime = self._text(function.get("runtime")) or _word(self._variables.lookup("provider", "runtime"))
        handler = self._text(function.get("handler"))
        if "image" in function:
            return self._unknown(f"{name} is a container image")
        for start, shown in _OTHERS.items():
            if runtime.startswith(start):
                return self._unknown(f"{name} is written in {shown}; only Python, JavaScript and TypeScript are read")
        if not handler:
            return self._unknown(f"{name} has no handler that the service's files decide")
        package = self._variables.value(function.get("package"))
        if isinstance(package, Table) and "artifact" in package:
            return self._unknown(f"the code of {name} is in a package that is built elsewhere")
        language: Literal["python", "javascript"] = "python" if runtime.startswith("python") else "javascript"
        return FunctionCode(
            self._paths(handler, runtime), self._base, handler, language=language, allow_outside=self._allow_outside
        )

    def _paths(self, handler: str, runtime: str) -> tuple[str, ...]:
        """Return the files that a handler can be in, the likeliest first."""
        folder, _, rest = handler.rpartition("/")
        module = rest.rpartition(".")[0] or rest
        suffixes: tuple[str, ...] = (*_SCRIPTS, ".py") if not runtime else _SCRIPTS
        if runtime.startswith("python"):
            module, suffixes = module.replace(".", "/"), (".py",)
        stem = f"{folder}/{module}" if folder else module
        places = (stem, _BUILT.sub("src", stem))
        paths = dict.fromkeys(normpath(place + suffix) for place in places for suffix in suffixes)
        return tuple(sorted(paths, key=lambda path: not _is_file(Path(self._base, path))))

    def _text(self, node: Node | None) -> str:
        return _word(self._variables.value(node))


def _logical(name: str) -> str:
    """Return the Framework's name for a function's resource."""
    return name[:1].upper() + name[1:].replace("-", "Dash").replace("_", "Underscore") + _RESOURCE


def _is_file(path: Path) -> bool:
    """Whether a path leads to a file; never fails."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
