"""Methods of texts, and what they say about a query or a token."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from ..text import Span
from . import names, operators
from .domain import FALSE, TRUE, Arguments, Closure, Constant, Mark, Marks, Obj, Opaque, Source, Value

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["text_method", "token_text"]


_TEXT_TESTS = {
    *("includes", "indexOf", "lastIndexOf", "startsWith", "endsWith", "match", "matchAll", "search", "test", "exec"),
    *("find", "index", "count", "startswith", "endswith", "fullmatch", "findall", "finditer", "rfind", "localeCompare"),
}


_BOOLEAN_TESTS = {"includes", "startsWith", "endsWith", "test", "startswith", "endswith", "some", "every", "has"}


_TEXT_KEPT = {
    *("toLowerCase", "toUpperCase", "lower", "upper", "trim", "trimStart", "trimEnd", "strip", "lstrip", "rstrip"),
    *("replace", "replaceAll", "split", "slice", "substring", "substr", "toString", "normalize", "casefold", "at"),
    *("removeprefix", "removesuffix", "partition", "rpartition", "rsplit", "charAt", "concat", "encode", "decode"),
    *("padEnd", "padStart", "title", "capitalize", "splitlines", "group", "groups", "valueOf", "repeat", "pop"),
    *("toLocaleLowerCase", "shift", "flat", "reverse", "charCodeAt", "codePointAt", "zfill", "isdigit", "hex"),
}


_FOLDED: dict[str, Callable[[str], str]] = {
    "toLowerCase": str.lower,
    "lower": str.lower,
    "toUpperCase": str.upper,
    "upper": str.upper,
    "trim": str.strip,
    "strip": str.strip,
}


#: Methods of texts that stores and clients have too.
_AMBIGUOUS = {"find", "index", "count", "search", "match", "test", "exec", "replace", "decode", "encode", "pop", "at"}


def _is_textual(machine: Machine, value: Value) -> bool:
    if isinstance(value, Constant | Source):
        return True
    if isinstance(value, Opaque) and value.type in {"text", "pattern"}:
        return True
    marks = machine.marks(value)
    return any(mark.kind in {"request", "token", "claims"} and not mark.via for mark in marks)


def text_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: names.Site) -> Value | None:
    span = site.span
    if isinstance(receiver, Constant) and isinstance(receiver.value, str):
        folded = _fold_text(machine, receiver, name, arguments, span)
        if folded is not None:
            return folded
    if name not in _TEXT_TESTS and name not in _TEXT_KEPT:
        return None
    if any(isinstance(item, Closure) for item in arguments.every()) and name in _TEXT_TESTS:
        return None
    values = [receiver, *arguments.every()]
    if name in _AMBIGUOUS and not _is_textual(machine, receiver):
        return None
    marks = machine.all_marks(value for value in values if not isinstance(value, Closure))
    if site.optional:
        # The whole event never lacks; what is read from it may.
        kind: Literal["bool", "number", "text", "list", "optional"] | None = "optional"
    elif name in _BOOLEAN_TESTS:
        kind = "bool"
    elif name in {"indexOf", "find", "count", "search", "lastIndexOf", "index", "rfind"}:
        kind = "number"
    else:
        kind = None
    if name in _TEXT_TESTS and names.has(marks, "querytext"):
        marks |= {Mark("textmatch", name, span)}
    if name in {"slice", "substring", "substr", "split", "at", "charAt", "partition"} and names.has(marks, "querytext"):
        marks |= {Mark("textcut", "", span)}
    if name in _TEXT_TESTS and names.has(marks, "opname") and name not in {"indexOf"}:
        constant = arguments.get(0)
        if (
            isinstance(constant, Constant)
            and isinstance(constant.value, str)
            and operators.CONNECT.search(constant.value)
        ):
            marks = frozenset(mark for mark in marks if mark.kind != "opname") | {Mark("connect", "yes", span)}
    if names.token(marks):
        marks = token_text(machine, receiver, name, arguments, marks, span)
    structure = ("method", name, *(machine.number(value) for value in values))
    return Opaque(marks, span, kind, structure=structure)


def token_text(machine: Machine, receiver: Value, name: str, arguments: Arguments, marks: Marks, span: Span) -> Marks:
    texts = [item.value for item in arguments.every() if isinstance(item, Constant) and isinstance(item.value, str)]
    patterns = [item for item in [receiver, *arguments.every()] if isinstance(item, Opaque) and item.type == "pattern"]
    texts += [
        part.value
        for item in patterns
        for part in item.parts
        if isinstance(part, Constant) and isinstance(part.value, str)
    ]
    if any("bearer" in text.lower() for text in texts):
        machine.observe("bearer-expected", span)
    if name in {"partition", "rpartition", "rsplit"} or (name == "split" and " " not in texts):
        marks |= {Mark("tokenpart", texts[0] if texts else "", span)}
    if name in {"exec", "match", "search", "fullmatch"}:
        marks |= {Mark("tokenpart", "", span)}
    if name in {"startsWith", "startswith"}:
        marks |= {Mark("prefix", texts[0] if texts else "", span)}
    return marks


def _fold_text(machine: Machine, receiver: Constant, name: str, arguments: Arguments, span: Span) -> Value | None:
    text = receiver.value
    assert isinstance(text, str)
    if name in _FOLDED:
        return Constant(_FOLDED[name](text), span)
    if name == "format" and (arguments.positional or arguments.keywords):
        return operators.text_of(machine, [receiver, *arguments.every()], span)
    if name == "join" and arguments.positional:
        known = machine.elements(arguments.positional[0])
        if known is not None and all(isinstance(item, Constant) for item in known):
            return Constant(text.join(names.shown(item) for item in known if isinstance(item, Constant)), span)
        return Opaque(machine.marks(arguments.positional[0]), span, "text")
    first = arguments.get(0)
    if isinstance(first, Constant) and isinstance(first.value, str):
        other = first.value
        if name in {"includes", "contains"}:
            return TRUE if other in text else FALSE
        if name in {"startsWith", "startswith"}:
            return TRUE if text.startswith(other) else FALSE
        if name in {"endsWith", "endswith"}:
            return TRUE if text.endswith(other) else FALSE
        if name == "split" and other:
            items = tuple(Constant(part, span) for part in text.split(other)[:64])
            return machine.allocate(Obj("list", {}, items, span=span), span)
    return None
