"""One function from source text to :class:`~.values.Analysis`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from re import compile as regex
from typing import Literal

from ..files import read_source
from ..text import SourceText, Span
from . import ir
from .domain import Bound, Builtin, Class, Closure, Constant, Opaque, Ref, Value
from .machine import BudgetExceededError, Machine
from .modules import Files, Language, language_of, lower
from .outcome import answers, run_handler
from .python import NotParsedError
from .values import Analysis, Read

__all__ = ["analyse", "analyse_text"]

#: The names that handlers have, the likeliest first.
HANDLERS = (
    *("handler", "lambda_handler", "lambdaHandler", "authorize", "authorizer", "authHandler", "auth_handler"),
    *("main", "default", "handle", "appsyncAuthorizer", "appsync_authorizer"),
)
_HINTS = (
    *("isAuthorized", "is_authorized", "AppSyncAuthorizer", "authorizationToken", "authorization_token"),
    "policyDocument",
)
#: Without one of these a file does not even hand a handler on from another file.
_DELEGATES = regex(
    r"\b(handler|lambda_handler|lambdaHandler|authorize|authorizer|authHandler|auth_handler|handle)\b"
    r"|module\.exports\s*=\s*(require|async|function|\()|export\s+default|export\s*\*"
)
#: Before 3.11 each Python call takes room on the C stack.
_RECURSION = 6000 if sys.version_info >= (3, 11) else 2500


def analyse(path: Path, *, handler: str | None = None, root: Path | None = None) -> Analysis:
    """Analyse the authorizer in a file.

    ``handler`` names the function, as Lambda's setting does (``index.handler``) or alone; without it the usual
    names are tried, and then everything that the file exports. ``root`` is the project's folder: imports are
    followed inside it only (the file's own folder if it is not given). Raises
    :class:`~appsync_lint.errors.InputError` where the file cannot be read; whatever else stands in the way is
    told by ``not_analysed``.
    """
    source = read_source(path)
    return _analyse(source, path.name, handler, Files(root or path.resolve().parent, str(path.resolve())))


def analyse_text(
    source: SourceText, *, language: Language, handler: str | None = None, location: Path | None = None
) -> Analysis:
    """Analyse source that stands elsewhere, such as a template's inline code.

    ``location`` is the folder that relative imports start from; without it none is followed.
    """
    name = {"python": "inline.py", "javascript": "inline.js", "typescript": "inline.ts"}[language]
    main = str(location.resolve() / name) if location is not None else name
    return _analyse(source, name, handler, Files(location, main))


def _analyse(source: SourceText, name: str, handler: str | None, files: Files) -> Analysis:
    language, shown = language_of(name)
    if language is None:
        what = f"the function is written in {shown}" if shown else "the file is neither Python nor JavaScript"
        return Analysis(
            "unknown", handler or "", not_analysed=f"{what}; only Python, JavaScript and TypeScript are read"
        )

    def refused(reason: str) -> Analysis:
        return Analysis(language, handler or "", not_analysed=reason)

    from .javascript import ParserMissingError

    speaks = any(hint in source.text for hint in _HINTS)
    if handler is None and not speaks and not _DELEGATES.search(source.text):
        return refused("no function in it looks like an AppSync authorizer")
    try:
        with _deep_stack():
            module = lower(source, language, name)
            if handler is not None:
                return _one(module, language, handler, files)
            return _first_authorizer(module, language, files, speaks)
    except NotParsedError as error:
        return refused(f"not parsed: {error}")
    except ParserMissingError:
        return refused("JavaScript and TypeScript need the parsers: pip install 'appsync-lint[js]'")
    except BudgetExceededError:
        return refused("the function is too large to be followed to the end")
    except RecursionError:
        return refused("the code is nested too deeply")


@contextmanager
def _deep_stack() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _first_authorizer(module: ir.Module, language: Language, files: Files, speaks: bool) -> Analysis:
    """Try what may be the handler. ``speaks``: the file uses the words of an authorizer itself.

    A file that does not may still hand everything to another one, under a handler's usual name.
    """
    reason = "no function in it looks like an AppSync authorizer"
    if not speaks and not _may_delegate(module):
        return Analysis(language, "", not_analysed=reason)
    names = [name for name in _candidates(_run(module, files)) if speaks or name in HANDLERS]
    found: Analysis | None = None
    for name in names[:12]:
        analysis = _one(module, language, name, files)
        if analysis.shape == "appsync":
            return analysis
        if found is None and (analysis.shape == "api-gateway" or (speaks and _unresolved(analysis))):
            found = analysis
    if found is not None:
        return found
    return Analysis(language, "", not_analysed=reason)


def _unresolved(analysis: Analysis) -> bool:
    """Whether a handler by a usual name hands the event to code that is not here, so that all is possible."""
    return analysis.handler in HANDLERS and any(item.ttl == "dynamic" and item.depends_on for item in analysis.returns)


def _may_delegate(module: ir.Module) -> bool:
    names = {*module.body.names, *module.exports, *(name for name, _, _ in module.reexports)}
    if names.isdisjoint(HANDLERS) and not (module.language == "javascript" and "exports" in module.span.text):
        return False
    return " from " in module.span.text or "import" in module.span.text or "require" in module.span.text


def _run(module: ir.Module, files: Files) -> Machine:
    machine = Machine(files)
    instance_path = files.main
    files.modules.setdefault(instance_path, module)
    machine.start(module, instance_path)
    return machine


def _candidates(machine: Machine) -> list[str]:
    """The names that may be handlers, the likeliest first."""
    instance = machine.instances[0]
    module = instance.module
    names: list[str] = []
    if module.language == "python":
        names = [name for name in instance.scope.names if not name.startswith("_")]
    else:
        names = [*module.exports, *(name for name, _, _ in module.reexports if name != "*")]
        common = machine.load(machine.member(Ref(instance.module_object, module.span), "exports", module.span))
        names += getattr(common, "entries", {})
        if isinstance(common, Closure | Bound):
            names.append("default")
        if not names:
            names = list(instance.scope.names)
    ordered = [name for name in HANDLERS if name in names] + [name for name in names if name not in HANDLERS]
    return [name for name in ordered if _callable(machine, _value(machine, name))]


def _value(machine: Machine, name: str) -> Value:
    instance = machine.instances[0]
    span = instance.module.span
    value = machine.exported(0, name, span)
    if isinstance(value, Constant) or (isinstance(value, Opaque) and not value.functions):
        cell = instance.scope.names.get(name)
        value = (machine.state.get(cell) if cell is not None else None) or value
    return value


def _callable(machine: Machine, value: Value) -> bool:
    for leaf in machine.leaves(value):
        if isinstance(leaf, Closure | Bound) or (isinstance(leaf, Opaque) and leaf.functions):
            return True
        if isinstance(leaf, Builtin) and leaf.name not in {"module", "nothing"}:
            return True
        if isinstance(leaf, Ref):
            content = machine.load(leaf)
            entries = getattr(content, "entries", {})
            cls = getattr(content, "cls", None)
            if "#middy" in entries:
                return True
            if isinstance(cls, Class) and any(member.name == "__call__" for member in cls.definition.members):
                return True
    return False


def _one(module: ir.Module, language: Language, handler: str, files: Files) -> Analysis:
    machine = _run(module, files)
    name = handler.rpartition(".")[2] or handler
    value = _value(machine, name)
    if not _callable(machine, value):
        reason = f"no function named {name} in it"
        return Analysis(language, name, not_analysed=reason)
    span = _place(machine, value)
    machine.begin()
    tree = run_handler(machine, value, span)
    returns = answers(machine, tree)
    used = {(item.field, item.read) for one in returns for item in one.depends_on}
    reads = tuple(
        Read(field, place, (field, place) in used)
        for field, place in sorted(machine.reads, key=lambda item: (item[1].path, item[1].start_offset))
    )
    observations = tuple(
        sorted(machine.observations.values(), key=lambda item: (item.span.path, item.span.start_offset, item.kind))
    )
    kinds = {item.kind for item in observations}
    answered = machine.answered
    shape: Literal["appsync", "api-gateway", "unknown"] = "unknown"
    if "api-gateway-shape" in kinds and not answered:
        shape = "api-gateway"
    elif answered or (machine.appsync_shape and reads):
        shape = "appsync"
    paths = tuple(dict.fromkeys(instance.module.span.path for instance in machine.instances))
    return Analysis(language, name, span, reads, returns, observations, paths, tuple(machine.unresolved), shape)


def _place(machine: Machine, value: Value) -> Span:
    for leaf in machine.leaves(value):
        inner = leaf
        while isinstance(inner, Bound):
            inner = inner.function
        if isinstance(inner, Closure):
            return inner.function.span
    return machine.instances[0].module.span
