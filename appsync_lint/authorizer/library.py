"""What operators, built-in functions and well-known packages do to marked values.

Everything that is not named here is an unresolved call: its result carries the marks of all that went in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from ..text import Span
from . import ir
from .domain import (
    ABSENT,
    FALSE,
    NO_MARKS,
    NORMAL,
    TRUE,
    Arguments,
    Bound,
    Builtin,
    Choice,
    Class,
    Closure,
    Constant,
    External,
    Fork,
    Mark,
    Marks,
    Obj,
    Opaque,
    Promise,
    Ref,
    Source,
    Thrown,
    Tree,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["Site"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a call stands. ``bare``: its result is not used. ``name``: the callee as written, dotted."""

    span: Span
    name: str
    bare: bool
    new: bool
    optional: bool


_LOGGER = re.compile(
    r"^[_#$]*(console|log|logs|logger|loggers|logging|lambdalogger|powertoolslogger|tracer|trace|metrics?|sentry"
    r"|newrelic|winston|pino|xray|awsxray|debug|datadog|telemetry)$",
    re.IGNORECASE,
)
_LOG_FUNCTION = re.compile(r"^_*(log|debug|trace|print|pprint)([A-Z_].*)?$")
_GUARD = re.compile(
    r"check|verif|assert|ensure|authori[sz]e|require|guard|valid|enforce|must|deny|reject", re.IGNORECASE
)
_STATEFUL = re.compile(r"jti|nonce|replay|consume|rate.?limit|one.?time|throttl", re.IGNORECASE)
_CONNECT = re.compile(r"deepdish|connect", re.IGNORECASE)
_BENIGN_TOKENS = re.compile(
    r"^(|anonymous|anon|guest|public|null|undefined|none|bearer ?|basic ?|fail|custom.*)$", re.I
)

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
_READERS = {"keys", "values", "items", "entries", "copy", "hasOwnProperty", "has", "get_header_value"}
_COPIES = {
    *("structuredClone", "Object.freeze", "Object.seal", "copy.copy", "copy.deepcopy", "dict", "list", "tuple", "set"),
    *("frozenset", "sorted", "reversed", "Array.from", "Set", "lodash.cloneDeep", "types.MappingProxyType", "iter"),
}
_IDENTITY = {
    *("functools.wraps", "functools.lru_cache", "functools.cache", "functools.singledispatch"),
    *("contextlib.contextmanager", "typing.cast", "event_source", "event_parser"),
}
_NUMBERS = {"int", "float", "Number", "parseInt", "parseFloat", "len", "round", "abs", "sum", "min", "max", "BigInt"}
_DECODERS = re.compile(
    r"(^|\.)(jwt-decode(\.jwtDecode|\.jwt_decode)?|jsonwebtoken\.decode|decodeJwt|decodeToken|get_unverified_claims"
    r"|jwt_decode|unsafeDecode|decode_unverified|decodeWithoutVerify)$"
)
_HEADER_DECODERS = re.compile(r"(decodeProtectedHeader|get_unverified_header|get_unverified_headers)$")
_BASE64 = re.compile(r"(^|\.)(atob|b64decode|urlsafe_b64decode|standard_b64decode|base64url_decode|Buffer\.from)$")
_LOGGER_MAKERS = re.compile(
    r"(^|\.)(Logger|getLogger|get_logger|createLogger|Tracer|Metrics|pino|bunyan|StructLogger)$"
)

#: Kinds of marks that say what a text is as a text; they do not outlive a call into unknown code.
_TEXTUAL = {"querytext", "textcut", "connect", "tokenpart", "prefix", "payload", "literal"}


def callee_name(node: ir.Expression) -> str:
    """A callee as a dotted name, as far as it is one."""
    match node:
        case ir.Name():
            return node.id
        case ir.Member():
            inner = callee_name(node.object)
            return f"{inner}.{node.key}" if inner else node.key
        case ir.Call():
            return f"{callee_name(node.callee)}()"
        case ir.Await():
            return callee_name(node.operand)
    return ""


def key_name(value: Value) -> str | None:
    """A known key as text."""
    if isinstance(value, Constant) and isinstance(value.value, str | int) and not isinstance(value.value, bool):
        return str(value.value)
    if isinstance(value, External):
        return f"[{value.path}]"
    return None


def looked_up(marks: Marks) -> Marks:
    """Marks of something found by a value: what was found is not the value."""
    return frozenset(Mark("checked", "", mark.span) if mark.kind == "token" else mark for mark in marks)


def member_marks(value: Opaque, key: str, span: Span) -> Marks:
    """Marks of a part; notes where a parsed query is looked at only in part."""
    marks = value.marks
    if value.structure is None or value.structure[0] != "member" or not _has(marks, "request"):
        return marks
    parent = value.structure[2]
    if not any(mark.kind == "request" and mark.field == "queryString" for mark in marks):
        return marks
    if key == "0" and parent in {"definitions", "selections"}:
        return marks | {Mark("firstdefinition", "", span)}
    if key == "value" and parent == "value":
        return marks | {Mark("literalargument", "", span)}
    return marks


def is_logger(name: str) -> bool:
    """Whether a callee is for logging, by its name."""
    parts = name.replace("()", "").split(".")
    if len(parts) == 1:
        return bool(_LOG_FUNCTION.match(parts[0]))
    return any(_LOGGER.match(part) for part in parts[:-1])


# Names of the outside world


def global_value(name: str, span: Span) -> Value:
    """A name that no scope of the module declares."""
    match name:
        case "__name__":
            return Constant("module", span)
        case "NaN":
            return Constant(0.5, span)
        case "Infinity":
            return Constant(float("inf"), span)
        case "super":
            return External("super", span)
    return External(name, span)


def external_member(value: External, key: str, span: Span) -> Value:
    """``package.key``."""
    if value.path in {"process.env", "os.environ", "import.meta.env", "Deno.env"} and key not in {"get", "copy"}:
        return Opaque(frozenset({Mark("env", key, span)}), span, structure=("env", key))
    if value.path in {"globalThis", "global", "window"}:
        return External(key, span)
    return External(f"{value.path}.{key}" if key != "default" else value.path, span)


# Operators


def text_of(machine: Machine, parts: Sequence[Value], span: Span) -> Value:
    """Text put together from parts."""
    if all(isinstance(part, Constant) for part in parts):
        return Constant("".join(_shown(part) for part in parts if isinstance(part, Constant)), span)
    structure = ("text", *(machine.number(part) for part in parts))
    return Opaque(machine.all_marks(parts), span, "text", tuple(parts), structure=structure)


def _shown(value: Constant) -> str:
    content = value.value
    return "true" if content is True else "false" if content is False else str(content)


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


def binary(machine: Machine, operator: str, left: Value, right: Value, span: Span) -> Value:
    """``left operator right``."""
    if operator in {"==", "in", "instanceof"} or operator in _COMPARISONS:
        return compare(machine, operator, left, right, span)
    if isinstance(left, Choice) and len(machine.leaves(left)) <= 16:
        return machine.map(left, lambda leaf: binary(machine, operator, leaf, right, span))
    if isinstance(right, Choice) and len(machine.leaves(right)) <= 16:
        return machine.map(right, lambda leaf: binary(machine, operator, left, leaf, span))
    if isinstance(left, Constant) and isinstance(right, Constant):
        folded = _fold(operator, left.value, right.value)
        if folded is not None:
            return Constant(folded, span)
    if operator == "+":
        one, two = machine.load(left), machine.load(right)
        if isinstance(one, Obj) and isinstance(two, Obj) and one.kind == two.kind == "list":
            rest = None
            if one.rest is not None or two.rest is not None:
                rest = Opaque(machine.marks(one.rest) | machine.marks(two.rest), span)
            return machine.allocate(Obj("list", {}, one.items + two.items, rest, span=span), span)
        if _is_text(left) or _is_text(right):
            return text_of(machine, [*_parts(left), *_parts(right)], span)
    if operator == "%" and isinstance(left, Constant) and isinstance(left.value, str):
        return Opaque(machine.marks(right), span, "text")
    if operator == "|":
        return machine.allocate(spread(machine, spread(machine, Obj("object", span=span), left), right), span)
    structure = (operator, machine.number(left), machine.number(right))
    return Opaque(machine.marks(left) | machine.marks(right), span, "number", structure=structure)


def _is_text(value: Value) -> bool:
    return (isinstance(value, Constant) and isinstance(value.value, str)) or (
        isinstance(value, Opaque) and value.type == "text"
    )


def _parts(value: Value) -> tuple[Value, ...]:
    return value.parts if isinstance(value, Opaque) and value.parts else (value,)


def _fold(operator: str, left: ir.Scalar, right: ir.Scalar) -> ir.Scalar:
    if isinstance(left, str) and isinstance(right, str):
        return left + right if operator == "+" else None
    if isinstance(left, int | float) and isinstance(right, int | float):
        compute = _ARITHMETIC.get(operator)
        if compute is not None:
            try:
                result = compute(left, right)
            except (ArithmeticError, ValueError):
                return None
            if isinstance(result, float) and result.is_integer() and operator != "/":
                return int(result)
            return int(result) if isinstance(result, float) and result.is_integer() else result
    return None


def signed(machine: Machine, operator: str, value: Value, span: Span) -> Value:
    """``-value`` and its like."""
    if isinstance(value, Constant) and isinstance(value.value, int | float) and operator != "~":
        return Constant(-value.value if operator == "-" else value.value, span)
    structure = (operator, machine.number(value))
    return Opaque(machine.marks(value), span, "number", structure=structure)


def present(machine: Machine, value: Value, span: Span) -> Value:
    """Whether a value is neither null nor undefined."""
    if isinstance(value, Constant):
        return FALSE if value.value is None or isinstance(value.value, ir.Undefined) else TRUE
    if isinstance(value, Source):
        return TRUE if value.path in {(), ("requestContext",)} else machine.decide(value, span)
    if isinstance(value, Opaque):
        return TRUE if value.type in {"bool", "pattern", "number"} else machine.decide(value, span)
    return TRUE


_TEXTS = {("requestContext", "queryString"), ("requestContext", "operationName"), ("authorizationToken",)}


def compare(machine: Machine, operator: str, left: Value, right: Value, span: Span) -> Value:
    """A comparison: true, false, or a boolean of which only the origin is known."""
    if isinstance(left, Choice) and len(machine.leaves(left)) <= 16:
        return machine.map(left, lambda leaf: compare(machine, operator, leaf, right, span))
    if isinstance(right, Choice) and len(machine.leaves(right)) <= 16:
        return machine.map(right, lambda leaf: compare(machine, operator, left, leaf, span))
    known = _compare_known(machine, operator, left, right)
    if known is not None:
        return TRUE if known else FALSE
    if operator == "in" and isinstance(right, Source) and isinstance(left, Constant) and right.path not in _TEXTS:
        # Whether a key is there asks about that key, not about the whole.
        return machine.truth(machine.source_member(right, str(left.value), span), span)
    marks = machine.marks(left) | machine.marks(right)
    if operator == "in" and _has(machine.marks(right), "querytext"):
        marks |= {Mark("textmatch", "in", span)}
    if operator == "in" and _has(machine.marks(left), "opname") and _connect_names(machine, right):
        marks = frozenset(mark for mark in marks if mark.kind != "opname") | {Mark("connect", "yes", span)}
    if operator == "==":
        marks = _equality(machine, left, right, marks, span)
    structure = (operator, machine.number(left), machine.number(right))
    return Opaque(marks, span, "bool", structure=structure)


def _connect_names(machine: Machine, value: Value) -> bool:
    names = machine.elements(value) or []
    texts = [item.value for item in names if isinstance(item, Constant) and isinstance(item.value, str)]
    return bool(texts) and len(texts) == len(names) and all(_CONNECT.search(text) or not text for text in texts)


def _compare_known(machine: Machine, operator: str, left: Value, right: Value) -> bool | None:
    if operator == "instanceof":
        content = machine.load(left)
        if isinstance(content, Obj) and content.cls is not None:
            return is_instance(machine, content.cls, right)
        if isinstance(left, Opaque) and left.structure is not None and left.structure[0] == "raised":
            same = isinstance(right, External) and right.path in {left.structure[1], "Error", "Exception"}
            return True if same else None
        return None
    if isinstance(left, Constant) and isinstance(right, Constant):
        one, two = left.value, right.value
        if operator == "==":
            if isinstance(one, ir.Undefined) or isinstance(two, ir.Undefined) or one is None or two is None:
                return _nothing(one) and _nothing(two)
            return type(one) is type(two) and one == two
        if operator == "in":
            return one in two if isinstance(one, str) and isinstance(two, str) else None
        if isinstance(one, int | float) and isinstance(two, int | float):
            return _COMPARISONS[operator](one, two)
        return None
    if operator == "==":
        for one_value, other in ((left, right), (right, left)):
            if isinstance(one_value, Constant) and _nothing(one_value.value):
                if isinstance(other, Ref | Closure | Class | Builtin | Bound):
                    return False
                if isinstance(other, Source) and other.path in {(), ("requestContext",)}:
                    return False
    if operator == "in":
        content = machine.load(right)
        if isinstance(content, Obj) and content.rest is None and isinstance(left, Constant):
            if content.kind == "list" and all(isinstance(item, Constant) for item in content.items):
                return any(
                    isinstance(item, Constant) and item is not ABSENT and item.value == left.value
                    for item in content.items
                )
            if content.kind == "object" and content.cls is None:
                found = content.entries.get(str(left.value))
                return False if found is None else None if ABSENT in machine.leaves(found) else True
        if isinstance(right, Source) and right.path in {(), ("requestContext",)} and isinstance(left, Constant):
            return True if left.value in {"requestContext", "authorizationToken"} else None
    return None


def _nothing(value: ir.Scalar) -> bool:
    return value is None or isinstance(value, ir.Undefined)


def _has(marks: Marks, kind: str) -> bool:
    return any(mark.kind == kind for mark in marks)


def _token(marks: Marks) -> bool:
    return any(mark.kind == "token" and not mark.field for mark in marks)


def _equality(machine: Machine, left: Value, right: Value, marks: Marks, span: Span) -> Marks:
    for one, other in ((left, right), (right, left)):
        own, others = machine.marks(one), machine.marks(other)
        if _has(own, "opname") and (_token(others) or _has(others, "claims") or _has(others, "checked")):
            # A label that is compared with something signed is not trusted, it is checked.
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
        if not isinstance(other, Constant):
            if _token(own) and _has(others, "env") and not _token(others):
                machine.observe("secret-compared-directly", span)
            continue
        content = other.value
        if _nothing(content):
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
        if _has(own, "textcut") and isinstance(content, str) and content:
            marks |= {Mark("textmatch", "==", span)}
        if _has(own, "opname") and isinstance(content, str) and _CONNECT.search(content):
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
            marks |= {Mark("connect", "yes", span)}
        elif _has(own, "querytext") and content in ("", 0):
            marks |= {Mark("connect", "yes", span)}
        if _token(own) and not _has(own, "tokenpart") and isinstance(content, str):
            whole = isinstance(one, Source) or (isinstance(one, Opaque) and one.type != "number")
            if whole and not _BENIGN_TOKENS.match(content):
                machine.observe("literal-token", other.span or span, content)
                marks |= {Mark("literal", "", span)}
            elif content.lower().startswith("bearer"):
                machine.observe("bearer-expected", span)
    return marks


# Objects


def spread(machine: Machine, content: Obj, value: Value) -> Obj:
    """``{...content, ...value}``."""
    if isinstance(value, Choice):
        one = spread(machine, content, value.then)
        two = spread(machine, content, value.other)
        merged = machine.merge(value.test, one, two)
        assert isinstance(merged, Obj)
        return merged
    loaded = machine.load(value)
    if isinstance(loaded, Choice):
        return spread(machine, content, loaded)
    if isinstance(loaded, Obj):
        entries = dict(content.entries)
        for key, item in loaded.entries.items():
            before = entries.get(key)
            if before is not None and ABSENT in machine.leaves(item):
                entries[key] = _filled(machine, item, before)
            else:
                entries[key] = item
        rest = content.rest if loaded.rest is None else _both(machine, content.rest, loaded.rest)
        return Obj("object", entries, (), rest, content.cls, content.span)
    if isinstance(loaded, Constant):
        return content
    return Obj("object", content.entries, (), _both(machine, content.rest, loaded), content.cls, content.span)


def _filled(machine: Machine, value: Value, instead: Value) -> Value:
    return machine.map(value, lambda leaf: instead if leaf is ABSENT else leaf)


def _both(machine: Machine, one: Value | None, two: Value) -> Value:
    if one is None:
        return two
    span = getattr(two, "span", None) or getattr(one, "span", None) or machine.frame.instance.module.span
    return Opaque(machine.marks(one) | machine.marks(two), span)


def add_rest(machine: Machine, content: Obj, marks: Marks, span: Span) -> Obj:
    """The object with something more in it, nobody knows where."""
    rest = Opaque(marks | machine.marks(content.rest), span)
    return Obj(content.kind, content.entries, content.items, rest, content.cls, content.span)


def merge_into(machine: Machine, target: Value, other: Value) -> None:
    """``target.update(other)``."""
    machine.store(target, lambda content: spread(machine, content, other))


def taint(machine: Machine, target: Value, marks: Marks, span: Span) -> None:
    """Something was put into an object, nobody knows where."""
    machine.store(target, lambda content: add_rest(machine, content, marks, span))


def append(machine: Machine, target: Value, values: Sequence[Value], span: Span) -> None:
    """``list.push(...)``."""

    def change(content: Obj) -> Obj:
        if content.kind != "list" or len(content.items) > 64:
            return add_rest(machine, content, machine.all_marks(values), span)
        items = (*content.items, *values)
        return Obj("list", content.entries, items, content.rest, content.cls, content.span)

    machine.store(target, change)


def extend_list(machine: Machine, target: Value, other: Value) -> None:
    """``list.extend(other)``."""
    known = machine.elements(other)
    span = getattr(other, "span", None) or machine.frame.instance.module.span
    if known is not None and len(known) <= 64:
        append(machine, target, known, span)
    else:
        taint(machine, target, machine.marks(other), span)


# Classes


def find_member(cls: Class, name: str, kind: str = "") -> Closure | None:
    """A method (or accessor) of a class or its bases."""
    for member in cls.definition.members:
        wanted = member.kind == kind if kind else member.kind in {"method", "getter"}
        if member.name == name and wanted and isinstance(member.value, ir.FunctionExpression):
            return Closure(member.value.function, cls.scope, cls, member.explicit_self and not member.is_static)
    for base in cls.bases:
        if isinstance(base, Class):
            found = find_member(base, name, kind)
            if found is not None:
                return found
    return None


def _definition(cls: Class, name: str) -> ir.ClassMember | None:
    for member in cls.definition.members:
        if member.name == name and member.kind != "setter":
            return member
    for base in cls.bases:
        if isinstance(base, Class):
            found = _definition(base, name)
            if found is not None:
                return found
    return None


def instance_member(machine: Machine, cls: Class, this: Value, key: str, span: Span) -> Value | None:
    """What an instance inherits under a key; None where its classes have no such member."""
    member = _definition(cls, key)
    if member is None or member.kind == "field":
        return _static(machine, cls, key)
    found = find_member(cls, key)
    if found is None:
        return None
    if member.kind == "getter":
        return machine.call(Bound(found, this), Arguments([]), span, key)
    return _decorated(machine, cls, member, found, cls if member.class_method else this, span)


def _decorated(machine: Machine, cls: Class, member: ir.ClassMember, found: Closure, this: Value, span: Span) -> Value:
    if not member.decorators:
        return Bound(found, this)
    value: Value = found
    with machine.at(type(machine.frame)(cls.scope, machine.frame.instance, cls)):
        for decorator in reversed(member.decorators):
            value = machine.call(machine.evaluate(decorator), Arguments([value]), span)
    wrapped = [leaf for leaf in machine.leaves(value) if isinstance(leaf, Closure)]
    if wrapped and wrapped[0] is not found:
        return Bound(wrapped[0], None, (this,)) if found.explicit_self else Bound(wrapped[0], this)
    return Bound(found, this)


def _static(machine: Machine, cls: Class, key: str) -> Value | None:
    content = machine.state.get(cls.statics)
    if isinstance(content, Obj) and key in content.entries:
        return content.entries[key]
    for base in cls.bases:
        if isinstance(base, Class):
            found = _static(machine, base, key)
            if found is not None:
                return found
    return None


def class_member(machine: Machine, cls: Class, key: str, span: Span) -> Value:
    """``Class.key``."""
    static = _static(machine, cls, key)
    if static is not None:
        return static
    member = _definition(cls, key)
    found = find_member(cls, key)
    if found is not None and member is not None:
        if member.class_method or not member.explicit_self:
            return Bound(found, cls)
        return found
    if any(isinstance(base, External) and base.path.endswith("Enum") for base in cls.bases):
        return Constant(key, span)
    return Constant(ir.UNDEFINED, span)


def super_member(machine: Machine, value: Builtin, key: str, span: Span) -> Value:
    """``super.key``."""
    this, home = value.data
    assert isinstance(home, Class)
    for base in home.bases:
        if isinstance(base, Class):
            found = instance_member(machine, base, this, key, span)
            if found is not None:
                return found
    return Builtin("nothing")


def call_super(machine: Machine, arguments: Arguments, span: Span) -> Value:
    """``super(...)``: JavaScript's base constructor, or Python's view of the base classes."""
    home = machine.frame.home
    cell = machine.lookup("this")
    if cell is None:
        closure_self = machine.lookup("self")
        cell = closure_self
    this = machine.state.get(cell) if cell is not None else None
    if home is None or this is None:
        return Opaque(NO_MARKS, span)
    if machine.frame.instance.module.language == "python":
        return Builtin("super", (this, home))
    for base in home.bases:
        if isinstance(base, Class):
            _construct(machine, base, this, arguments, span)
        else:
            marks = machine.all_marks(arguments.every())
            if marks:
                taint(machine, this, marks, span)
    return this


def instantiate(machine: Machine, cls: Class, arguments: Arguments, span: Span) -> Value:
    """``new Class(...)``."""
    if any(isinstance(base, External) and base.path.endswith("Enum") for base in cls.bases):
        return Opaque(machine.all_marks(arguments.every()), span)
    this = machine.allocate(Obj("object", cls=cls, span=span), span)
    _construct(machine, cls, this, arguments, span)
    return this


def _construct(machine: Machine, cls: Class, this: Value, arguments: Arguments, span: Span) -> None:
    constructor = find_member(cls, "constructor") or find_member(cls, "__init__")
    own = any(member.name in {"constructor", "__init__"} for member in cls.definition.members)
    if not own:
        for base in cls.bases:
            if isinstance(base, Class):
                _construct(machine, base, this, arguments, span)
                break
    _fields(machine, cls, this, arguments)
    if own and constructor is not None:
        machine.call(Bound(constructor, this), arguments, span, "constructor")
    elif constructor is None and not cls.definition.record and any(not isinstance(base, Class) for base in cls.bases):
        marks = machine.all_marks(arguments.every())
        if marks:
            taint(machine, this, marks, span)
    if cls.definition.record and not own:
        positional = list(arguments.positional)
        for name in _record_fields(cls):
            value = arguments.keywords.get(name) or (positional.pop(0) if positional else None)
            if value is not None:
                machine.set_item(this, Constant(name), value, span)


def _record_fields(cls: Class) -> list[str]:
    names: list[str] = []
    for base in cls.bases:
        if isinstance(base, Class):
            names += _record_fields(base)
    return names + [member.name for member in cls.definition.members if member.kind == "field"]


def _fields(machine: Machine, cls: Class, this: Value, arguments: Arguments) -> None:
    scope = machine.new_scope(("this",), cls.scope)
    machine.state.writes[scope.names["this"]] = this
    with machine.at(type(machine.frame)(scope, machine.frame.instance, cls)):
        for member in cls.definition.members:
            if member.kind != "field" or (member.is_static and not cls.definition.record) or member.value is None:
                continue
            value = member.value
            if isinstance(value, ir.Name) and value.id.startswith("="):
                given = _constructor_argument(machine, cls, value.id[1:], arguments)
                machine.set_item(this, Constant(member.name), given or Constant(ir.UNDEFINED), value.span)
            else:
                machine.set_item(this, Constant(member.name), machine.evaluate(value), value.span)


def _construct_by_function(machine: Machine, function: Closure, arguments: Arguments, site: Site) -> Value:
    """``new f(...)`` of an ordinary function, whose methods are in ``f.prototype``."""
    prototype = machine.prototype(function, site.span)
    this = machine.allocate(Obj("object", {"#prototype": prototype}, span=site.span), site.span)
    result = machine.call_closure(function, this, arguments, site)
    return result if isinstance(result, Ref) else this


def _constructor_argument(machine: Machine, cls: Class, name: str, arguments: Arguments) -> Value | None:
    """What a parameter of the constructor that is also a field is given."""
    constructor = find_member(cls, "constructor")
    for index, parameter in enumerate(constructor.function.parameters if constructor else ()):
        if isinstance(parameter.target, ir.NamePattern) and parameter.target.id == name:
            given = arguments.get(index) or Constant(ir.UNDEFINED)
            return machine.defaulted(given, parameter.default)
    return None


def is_instance(machine: Machine, cls: Class, wanted: Value) -> bool | None:
    """Whether a class is another, or derives from it; None where nobody knows."""
    if isinstance(wanted, Class) and wanted.definition is cls.definition:
        return True
    if isinstance(wanted, External) and wanted.path in {"Error", "Exception", "object", "Object", "BaseException"}:
        return True
    unknown = False
    for base in cls.bases:
        if isinstance(base, Class):
            found = is_instance(machine, base, wanted)
            if found:
                return True
            unknown = unknown or found is None
        elif isinstance(base, External) and isinstance(wanted, External):
            if base.path == wanted.path:
                return True
        elif not isinstance(base, External):
            unknown = True
    return None if unknown else False


# Calls


def call_value(machine: Machine, function: Value, arguments: Arguments, site: Site) -> Value:
    """Call one function."""
    match function:
        case Closure():
            if site.new:
                return _construct_by_function(machine, function, arguments, site)
            return machine.call_closure(function, None, arguments, site)
        case Bound():
            inner = Arguments(
                [*function.arguments, *arguments.positional],
                {**function.keywords, **arguments.keywords},
                arguments.rest,
            )
            if isinstance(function.function, Closure):
                return machine.call_closure(function.function, function.this, inner, site)
            return call_value(machine, function.function, inner, site)
        case Class():
            return instantiate(machine, function, arguments, site.span)
        case Builtin():
            return _call_builtin(machine, function, arguments, site)
        case External():
            return _call_external(machine, function.path, arguments, site)
        case Opaque() if function.functions:
            return _call_one_of(machine, function, arguments, site)
        case Ref():
            content = machine.load(function)
            if isinstance(content, Obj):
                if "#middy" in content.entries:
                    return _run_middy(machine, content, arguments, site)
                if content.cls is not None and find_member(content.cls, "__call__") is not None:
                    return machine.call(machine.member(function, "__call__", site.span), arguments, site.span)
    return unresolved(machine, function, arguments, site)


def _call_one_of(machine: Machine, function: Opaque, arguments: Arguments, site: Site) -> Value:
    """Call a function out of a table, or one that an unknown wrapper was put around."""
    candidates = [item for item in function.functions if isinstance(item, Closure | Bound | Builtin | Opaque)]
    if not candidates:
        return unresolved(machine, function, arguments, site)
    if function.structure is not None:
        # A key that the table does not have: calling what is not there throws.
        machine.may_throw(function.marks, site.span)

    def choose(index: int) -> Value:
        if index == len(candidates) - 1:
            return machine.call(candidates[index], arguments, site.span, site.name)
        decision = Choice(machine.new_test("branch", function.marks, site.span), TRUE, FALSE)
        return machine.branch(
            decision,
            lambda: machine.call(candidates[index], arguments, site.span, site.name),
            lambda: choose(index + 1),
        )

    return choose(0)


def unresolved(machine: Machine, function: Value | None, arguments: Arguments, site: Site) -> Value:
    """A call into code that is not there."""
    span = site.span
    if is_logger(site.name):
        return _logged(machine, arguments, site)
    callbacks = [item for item in arguments.every() if isinstance(item, Closure | Bound)]
    values = [item for item in arguments.every() if not isinstance(item, Closure | Bound)]
    marks = _through(machine, machine.marks(function), "") | _through(machine, machine.all_marks(values), site.name)
    name = site.name or "a function"
    if any(mark.via for mark in marks):
        machine.unresolved.setdefault(name)
    if _has(marks, "checked"):
        machine.token_checked = True
    inside = any(_STATEFUL.search(function.name) for function, _ in machine.stack)
    if inside or _STATEFUL.search(site.name) or any(_keeps_state(machine, item, 0) for item in values):
        marks |= {Mark("stateful", name, span)}
    request = _has(marks, "request")
    if machine.try_depth or (site.bare and request and _GUARD.search(site.name.rpartition(".")[2])):
        machine.may_throw(marks, span)
    marks = _remembered(machine, function, values, marks, site)
    result: Value | None = None
    if machine.depth > 0:
        _call_visitors(machine, values, marks, site)
    if callbacks and machine.depth > 0:
        for callback in callbacks:
            result = _called_back(machine, callback, marks, site)
        assert result is not None
        if _answer(machine, result):
            return result
        marks |= machine.marks(result)
    if request:
        for item in values:
            if isinstance(item, Ref):
                content = machine.load(item)
                if isinstance(content, Obj) and content.kind == "object":
                    extra = marks - machine.marks(item)
                    if extra and not content.entries.get("isAuthorized"):
                        taint(machine, item, marks, span)
        if isinstance(function, Ref):
            taint(machine, function, marks, span)
    return Opaque(marks, span, functions=tuple(callbacks) if machine.depth == 0 or len(callbacks) == 1 else ())


def _remembered(machine: Machine, function: Value | None, values: Sequence[Value], marks: Marks, site: Site) -> Marks:
    """Unknown code that was handed the whole event may look at it when it is called again."""
    key = ""
    if isinstance(function, External):
        key = function.path.partition(".")[0]
    elif isinstance(function, Opaque):
        key = str(machine.number(function))
    if not key:
        return marks
    marks |= machine.remembered.get(key, NO_MARKS)
    whole = any(isinstance(item, Source) and item.path in {(), ("requestContext",)} for item in values)
    if whole and (site.bare or site.name.endswith((".run", ".enterWith"))):
        kept = frozenset(mark for mark in marks if mark.kind == "request" and mark.via)
        machine.remembered[key] = machine.remembered.get(key, NO_MARKS) | kept
    return marks


def _keeps_state(machine: Machine, value: Value, depth: int) -> bool:
    """Whether an argument speaks of a nonce, a counter or the like."""
    if isinstance(value, Constant):
        return isinstance(value.value, str) and bool(_STATEFUL.search(value.value))
    if isinstance(value, Opaque):
        return any(mark.kind == "env" and _STATEFUL.search(mark.field) for mark in value.marks)
    content = machine.load(value)
    if not isinstance(content, Obj) or depth > 3 or content.cls is not None:
        return False
    if depth and any(_STATEFUL.search(key) for key in content.entries):
        return True
    return any(_keeps_state(machine, item, depth + 1) for item in (*content.entries.values(), *content.items))


def _call_visitors(machine: Machine, values: Sequence[Value], marks: Marks, site: Site) -> None:
    """Functions in an object that unknown code is given (a visitor) may be called by it."""
    for item in values:
        content = machine.load(item)
        if not isinstance(content, Obj) or content.cls is not None or content.kind != "object":
            continue
        found = [part for part in content.entries.values() if isinstance(part, Closure)]
        for part in content.entries.values():
            inner = machine.load(part) if isinstance(part, Ref) else None
            if isinstance(inner, Obj) and inner.cls is None and inner.kind == "object":
                found += [deeper for deeper in inner.entries.values() if isinstance(deeper, Closure)]
        for function in found[:8]:
            decision = Choice(machine.new_test("call", marks, site.span), TRUE, FALSE)
            called = partial(_called_back, machine, Bound(function, item), marks, site)
            machine.branch(decision, called, lambda: Constant(ir.UNDEFINED, site.span))


def _called_back(machine: Machine, callback: Value, marks: Marks, site: Site) -> Value:
    """Call a function that was handed to unknown code, with arguments that nobody knows."""
    unknown = Opaque(marks, site.span)
    arguments = Arguments([], rest=unknown)
    function = callback.function if isinstance(callback, Bound) else callback
    if isinstance(function, Closure):
        count = len(function.function.parameters)
        arguments = Arguments([Opaque(marks, site.span) for _ in range(count)])
    result = machine.call(callback, arguments, site.span)
    return machine.awaited(result, site.span)


def _answer(machine: Machine, value: Value) -> bool:
    for leaf in machine.leaves(value):
        inner = leaf.value if isinstance(leaf, Promise) else leaf
        content = machine.load(inner)
        if isinstance(content, Obj) and "isAuthorized" in content.entries:
            return True
    return False


def _through(machine: Machine, marks: Marks, name: str) -> Marks:
    """Marks after a call into unknown code: the whole event is then only possibly what decides."""
    found: set[Mark] = set()
    for mark in marks:
        if mark.kind in _TEXTUAL or mark.kind == "env":
            continue
        if name and mark.kind == "request" and mark.field in {"event", "requestContext"} and not mark.via:
            found.add(mark._replace(via=name))
        elif mark.kind == "token":
            found.add(Mark("checked", "", mark.span))
        else:
            found.add(mark)
    return frozenset(found)


def _logged(machine: Machine, arguments: Arguments, site: Site) -> Value:
    result: Value | None = None
    for item in arguments.every():
        if isinstance(item, Closure | Bound):
            # Instrumentation: the wrapped function's answer is the answer.
            result = machine.call(item, Arguments([], rest=Opaque(NO_MARKS, site.span)), site.span)
            continue
        marks = machine.data_marks(item)
        if any(mark.kind == "request" and mark.field == "event" and not mark.via for mark in marks):
            machine.observe("event-logged", site.span)
        elif _token(marks) and not _has(marks, "tokenpart"):
            machine.observe("token-logged", site.span)
    options = dict(arguments.keywords)
    for item in arguments.positional:
        content = machine.load(item)
        if isinstance(content, Obj):
            options.update(content.entries)
    for word in ("log_event", "logEvent"):
        flag = options.get(word)
        if isinstance(flag, Constant) and flag.value is True:
            machine.observe("event-logged", site.span)
    return result if result is not None else Opaque(NO_MARKS, site.span, structure=None)


# Methods


def call_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: Site) -> Value:
    """``receiver.name(...)``."""
    span = site.span
    match receiver:
        case External() if receiver.path == "logger":
            return _logged_member(machine, name, arguments, site)
        case External():
            return _call_external(machine, f"{receiver.path}.{name}", arguments, site)
        case Promise():
            return _promise_method(machine, receiver, name, arguments, site)
        case Ref() | Obj():
            found = _object_method(machine, receiver, name, arguments, site)
            if found is not None:
                return found
        case Builtin() | Class() | Closure() | Bound():
            return machine.call(machine.member(receiver, name, span), arguments, span, site.name)
        case Source():
            found = _source_method(machine, receiver, name, arguments, site)
            if found is not None:
                return found
        case Constant() if receiver.value is None or isinstance(receiver.value, ir.Undefined):
            return Constant(ir.UNDEFINED, span)
    if is_logger(site.name):
        return _logged_member(machine, name, arguments, site)
    if name == "promise" and not arguments.positional:
        return receiver
    if name in {"then", "catch", "finally"} and isinstance(receiver, Opaque):
        return _promise_method(
            machine, Promise(receiver, _maybe_rejected(machine, receiver, span), span), name, arguments, site
        )
    found = _collection_method(machine, receiver, name, arguments, site)
    if found is not None:
        return found
    found = _text_method(machine, receiver, name, arguments, site)
    if found is not None:
        return found
    return unresolved(machine, receiver, arguments, site)


def _logged_member(machine: Machine, name: str, arguments: Arguments, site: Site) -> Value:
    result = _logged(machine, arguments, site)
    if isinstance(result, Opaque) and not result.marks and name in {"child", "bind", "getChild", "createChild"}:
        return External("logger", site.span)
    if name in {"inject_lambda_context", "capture_lambda_handler", "log_metrics", "capture_method"}:
        first = arguments.get(0)
        return first if isinstance(first, Closure | Bound | Builtin) else Builtin("identity")
    return result


def _maybe_rejected(machine: Machine, value: Value, span: Span) -> Tree:
    test = machine.new_test("throw", machine.marks(value), span)
    return Fork(test, Thrown(Opaque(NO_MARKS, span), machine.snapshot(), span), NORMAL)


def _source_method(machine: Machine, receiver: Source, name: str, arguments: Arguments, site: Site) -> Value | None:
    if (name == "get" and len(receiver.path) != 2) or (name == "get" and receiver.path[-1] == "variables"):
        key = arguments.get(0)
        if key is None:
            return None
        return machine.item(receiver, key, site.span)
    if name in {"copy", "dict", "model_dump", "toJSON"}:
        return receiver
    if name in _READERS:
        return Opaque(machine.marks(receiver), site.span, "list")
    return None


def _object_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: Site) -> Value | None:
    content = machine.load(receiver)
    span = site.span
    if isinstance(content, Choice):
        return None
    assert isinstance(content, Obj)
    if "#middy" in content.entries:
        return _middy_method(machine, receiver, name, arguments)
    own = content.entries.get(name)
    if own is None and "#prototype" in content.entries:
        own = machine.load(machine.member(receiver, name, span))
        own = None if _is_undefined(own) else own
    inherited = None if own is not None else content.cls and instance_member(machine, content.cls, receiver, name, span)
    if own is not None or inherited is not None:
        function = machine.member(receiver, name, span) if own is not None else inherited
        assert function is not None
        return machine.call(function, arguments, span, site.name)
    if content.cls is not None:
        if name in {"asdict", "dict", "model_dump", "_asdict", "to_dict", "toJSON"}:
            return receiver
        return None
    if "#answer" in content.entries and name in {"asdict", "to_dict"}:
        return receiver
    known = _list_method if content.kind == "list" else _dict_method
    return known(machine, receiver, content, name, arguments, span)


def _dict_method(
    machine: Machine, receiver: Value, content: Obj, name: str, arguments: Arguments, span: Span
) -> Value | None:
    first, second = arguments.get(0), arguments.get(1)
    match name:
        case "get" | "pop" | "setdefault" if first is not None:
            value = machine.item(receiver, first, span)
            if second is not None:
                value = machine.map(value, lambda leaf: _or_default(machine, leaf, second))
            if name == "setdefault" and second is not None:
                value = machine.map(value, lambda leaf: second if _is_undefined(leaf) else leaf)
                machine.set_item(receiver, first, value, span)
                return value
            return machine.map(value, lambda leaf: (second or Constant(None, span)) if _is_undefined(leaf) else leaf)
        case "set" if first is not None and second is not None:
            machine.set_item(receiver, first, second, span)
            return receiver
        case "has" | "hasOwnProperty" if first is not None:
            return compare(machine, "in", first, receiver, span)
        case "update":
            for value in arguments.positional:
                merge_into(machine, receiver, value)
            for key, value in arguments.keywords.items():
                machine.set_item(receiver, Constant(key), value, span)
            return Constant(None, span)
        case "copy":
            return machine.allocate(content, span)
        case "keys" | "values" | "items" | "entries":
            return _listing(machine, receiver, {"items": "entries"}.get(name, name), span)
    return None


def _or_default(machine: Machine, value: Value, default: Value) -> Value:
    """What a lookup by an unknown key gives, which may be the default."""
    if not isinstance(value, Opaque) or value.structure is None or value.structure[0] != "item":
        return value
    marks = value.marks | machine.marks(default)
    return Opaque(marks, value.span, None, (), (*value.functions, default), value.structure)


def _is_undefined(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, ir.Undefined)


def _listing(machine: Machine, value: Value, what: str, span: Span) -> Value:
    """``Object.keys(value)`` and its like."""
    content = machine.load(value)
    known = isinstance(content, Obj) and content.kind == "object" and content.rest is None
    if (
        isinstance(content, Obj)
        and known
        and not any(ABSENT in machine.leaves(one) for one in content.entries.values())
    ):
        items: list[Value] = []
        for key, item in content.entries.items():
            if key.startswith("#"):
                continue
            name = Constant(key, span)
            pair = what == "entries"
            items.append(
                machine.allocate(Obj("list", {}, (name, item)), span) if pair else name if what == "keys" else item
            )
        return machine.allocate(Obj("list", {}, tuple(items), span=span), span)
    return Opaque(machine.marks(value), span, "list")


def _list_method(
    machine: Machine, receiver: Value, content: Obj, name: str, arguments: Arguments, span: Span
) -> Value | None:
    match name:
        case "push" | "append" | "add" | "unshift":
            append(machine, receiver, list(arguments.every()), span)
            return receiver if name == "add" else Constant(None, span)
        case "extend" | "update":
            for value in arguments.positional:
                extend_list(machine, receiver, value)
            return Constant(None, span)
        case "concat":
            result: Value = machine.allocate(content, span)
            for value in arguments.positional:
                loaded = machine.load(value)
                if isinstance(loaded, Obj) and loaded.kind == "list":
                    extend_list(machine, result, value)
                elif isinstance(loaded, Constant | Ref):
                    append(machine, result, [value], span)
                else:
                    marks = machine.marks(value)
                    taint(machine, result, marks, span)
            return result
        case "includes" | "has" | "indexOf" | "__contains__" if arguments.positional:
            found = compare(machine, "in", arguments.positional[0], receiver, span)
            return found if name != "indexOf" else Opaque(machine.marks(found), span, "number")
        case "join":
            if content.rest is None and all(isinstance(item, Constant) for item in content.items):
                separator = arguments.get(0)
                between = separator.value if isinstance(separator, Constant) else ","
                parts = [_shown(item) for item in content.items if isinstance(item, Constant)]
                return Constant(str(between).join(parts), span)
            return Opaque(machine.marks(receiver), span, "text")
        case "slice" | "copy" | "sort" | "reverse" | "values" | "flat" | "toSorted":
            return receiver if name in {"sort", "reverse", "values"} else machine.allocate(content, span)
    return None


_CALLBACK_METHODS = {
    *("map", "flatMap", "filter", "find", "findLast", "findIndex", "some", "every", "forEach", "reduce", "reduceRight"),
    "sort",
}


def _collection_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: Site) -> Value | None:
    if name not in _CALLBACK_METHODS or not arguments.positional:
        return None
    function = arguments.positional[0]
    if not isinstance(function, Closure | Bound | Choice | External | Opaque | Builtin):
        return None
    if name in {"find", "filter"} and isinstance(function, Opaque) and not function.functions:
        return None
    span = site.span
    if name == "sort":
        return receiver
    known = machine.elements(receiver)
    if known is not None and len(known) <= 12:
        return _each_known(machine, known, name, arguments, span)
    element = machine.element(receiver, span)
    own = machine.marks(receiver)
    if name in {"reduce", "reduceRight"}:
        initial = arguments.get(1) or Opaque(own, span)
        test = machine.new_test("loop", own, span)
        decision = Choice(test, TRUE, FALSE)
        return machine.branch(
            decision, lambda: machine.call(function, Arguments([initial, element]), span), lambda: initial
        )
    test = machine.new_test("loop", own, span)
    nothing: Value = Constant(ir.UNDEFINED, span)
    value = machine.branch(
        Choice(test, TRUE, FALSE),
        lambda: machine.call(function, Arguments([element, Opaque(NO_MARKS, span, "number")]), span),
        lambda: nothing,
    )
    marks = own | machine.marks(value)
    if name in {"find", "findLast", "filter"}:
        marks = own | looked_up(machine.marks(value))
    if name in {"some", "every"}:
        return Opaque(marks, span, "optional" if site.optional else "bool")
    if name in {"find", "findLast", "filter"}:
        if name != "filter" and isinstance(element, Choice):
            return machine.choose(machine.new_test("branch", marks, span), element, nothing)
        rest = Opaque(marks | machine.marks(element), span)
        return rest if name != "filter" else machine.allocate(Obj("list", {}, (), rest, span=span), span)
    if name in {"map", "flatMap"}:
        inner = [leaf for leaf in machine.leaves(value) if leaf is not nothing]
        promised = [leaf.rejection for leaf in inner if isinstance(leaf, Promise) and leaf.rejection is not None]
        rest = Opaque(marks, span)
        result = machine.allocate(Obj("list", {}, (), rest, span=span), span)
        return Promise(result, machine.compose(promised), span) if promised else result
    return Opaque(marks, span)


def _each_known(machine: Machine, items: list[Value], name: str, arguments: Arguments, span: Span) -> Value:
    function = arguments.positional[0]

    def apply(index: int) -> Value:
        return machine.call(function, Arguments([items[index], Constant(index, span)]), span)

    def settled(index: int) -> Value:
        return machine.truth(apply(index), span)

    if name in {"some", "every"}:
        return _fold_tests(machine, len(items), settled, name == "some")
    if name in {"map", "flatMap", "forEach"}:
        results = tuple(apply(index) for index in range(len(items)))
        if name == "forEach":
            return Constant(ir.UNDEFINED, span)
        return machine.allocate(Obj("list", {}, results, span=span), span)
    if name in {"reduce", "reduceRight"}:
        order = list(items) if name == "reduce" else list(reversed(items))
        value = arguments.get(1)
        if value is None:
            if not order:
                return Constant(ir.UNDEFINED, span)
            value = order.pop(0)
        for item in order:
            value = machine.call(function, Arguments([value, item]), span)
        return value
    if name == "filter":
        kept: list[Value] = []
        for index, item in enumerate(items):
            decision = settled(index)
            kept.append(_picked(machine, decision, item))
        kept = [item for item in kept if item is not ABSENT]
        return machine.allocate(Obj("list", {}, tuple(kept), span=span), span)

    def search(index: int) -> Value:
        if index == len(items):
            return Constant(ir.UNDEFINED, span)
        decision = settled(index)
        found = items[index] if name != "findIndex" else Constant(index, span)
        return machine.branch(decision, lambda: found, lambda: search(index + 1))

    return search(0)


def _picked(machine: Machine, decision: Value, item: Value) -> Value:
    return machine.map(decision, lambda leaf: item if leaf is TRUE else ABSENT)


def _fold_tests(machine: Machine, count: int, test: Callable[[int], Value], any_of: bool) -> Value:
    def visit(index: int) -> Value:
        if index == count:
            return FALSE if any_of else TRUE
        decision = test(index)
        if any_of:
            return machine.branch(decision, lambda: TRUE, lambda: visit(index + 1))
        return machine.branch(decision, lambda: visit(index + 1), lambda: FALSE)

    return visit(0)


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


def _text_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: Site) -> Value | None:
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
    if name in _TEXT_TESTS and _has(marks, "querytext"):
        marks |= {Mark("textmatch", name, span)}
    if name in {"slice", "substring", "substr", "split", "at", "charAt", "partition"} and _has(marks, "querytext"):
        marks |= {Mark("textcut", "", span)}
    if name in _TEXT_TESTS and _has(marks, "opname") and name not in {"indexOf"}:
        constant = arguments.get(0)
        if isinstance(constant, Constant) and isinstance(constant.value, str) and _CONNECT.search(constant.value):
            marks = frozenset(mark for mark in marks if mark.kind != "opname") | {Mark("connect", "yes", span)}
    if _token(marks):
        marks = _token_text(machine, receiver, name, arguments, marks, span)
    structure = ("method", name, *(machine.number(value) for value in values))
    return Opaque(marks, span, kind, structure=structure)


def _token_text(machine: Machine, receiver: Value, name: str, arguments: Arguments, marks: Marks, span: Span) -> Marks:
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
        return text_of(machine, [receiver, *arguments.every()], span)
    if name == "join" and arguments.positional:
        known = machine.elements(arguments.positional[0])
        if known is not None and all(isinstance(item, Constant) for item in known):
            return Constant(text.join(_shown(item) for item in known if isinstance(item, Constant)), span)
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


# Promises


def _promise_method(machine: Machine, receiver: Promise, name: str, arguments: Arguments, site: Site) -> Value:
    span = site.span
    first, second = arguments.get(0), arguments.get(1)
    if name == "finally":
        if first is not None:
            machine.call(first, Arguments([]), span)
        return receiver
    if name not in {"then", "catch"}:
        return Opaque(machine.marks(receiver), span)
    on_value = first if name == "then" else None
    on_error = second if name == "then" else first
    outer, machine.pending = machine.pending, []

    def fulfilled() -> Value:
        value = machine.awaited(receiver.value, span)
        return machine.awaited(machine.call(on_value, Arguments([value]), span), span) if on_value else value

    if receiver.rejection is None and on_error is not None:
        # Nothing in it is known to fail; something may, for reasons of its own.
        test = machine.new_test("throw", NO_MARKS, span)
        thrown_somehow = Thrown(Opaque(NO_MARKS, span), machine.snapshot(), span)
        receiver = Promise(receiver.value, Fork(test, thrown_somehow, NORMAL), span)
    if receiver.rejection is None:
        value = fulfilled()
        rejection = machine.compose(machine.pending)
        machine.pending = outer
        return Promise(value, rejection if rejection is not NORMAL else None, span)
    thrown = machine.collect(receiver.rejection, lambda leaf: leaf.value if isinstance(leaf, Thrown) else None)
    decision = _rejection_decision(machine, receiver.rejection)
    if on_error is None:
        # What rejects goes on rejecting; the handler runs on the other ways only.
        value = machine.branch(decision, lambda: Constant(ir.UNDEFINED, span), fulfilled)
        value = _when_fulfilled(machine, decision, value)
        inner = machine.compose(machine.pending)
        machine.pending = outer
        return Promise(value, _sequence(receiver.rejection, inner), span)
    handler = on_error
    for leaf in machine.leaves(handler):
        if isinstance(leaf, Closure):
            machine.handlers[leaf.function.span] = None
    error = thrown if thrown is not None else Opaque(NO_MARKS, span)
    value = machine.branch(
        decision, lambda: machine.awaited(machine.call(handler, Arguments([error]), span), span), fulfilled
    )
    rejection = machine.compose(machine.pending)
    machine.pending = outer
    return Promise(value, rejection if rejection is not NORMAL else None, span)


def _rejection_decision(machine: Machine, tree: Tree) -> Value:
    decision = machine.collect(tree, lambda leaf: TRUE if isinstance(leaf, Thrown) else FALSE)
    assert decision is not None
    return decision


def _when_fulfilled(machine: Machine, decision: Value, value: Value) -> Value:
    if isinstance(decision, Choice) and isinstance(value, Choice) and value.test is decision.test:
        if decision.then is TRUE:
            return value.other
        if decision.other is TRUE:
            return value.then
    return value


def _sequence(first: Tree, second: Tree) -> Tree:
    from .domain import substitute

    return substitute(first, second)


# The outside world


def _call_builtin(machine: Machine, function: Builtin, arguments: Arguments, site: Site) -> Value:
    span = site.span
    match function.name:
        case "identity":
            return arguments.get(0) or Constant(ir.UNDEFINED, span)
        case "nothing":
            return Constant(ir.UNDEFINED, span)
        case "resolve" | "reject" | "callback":
            return _settle(machine, function, arguments, site)
        case "function.call":
            this = arguments.positional[:1]
            return machine.call(
                _rebound(function.data[0], this[0] if this else None),
                Arguments(arguments.positional[1:], arguments.keywords, arguments.rest),
                span,
                site.name,
            )
        case "function.apply":
            known = machine.elements(arguments.positional[1]) if len(arguments.positional) > 1 else []
            this = arguments.positional[:1]
            inner = Arguments(known) if known is not None else Arguments([], rest=arguments.positional[1])
            return machine.call(_rebound(function.data[0], this[0] if this else None), inner, span, site.name)
        case "function.bind":
            this = arguments.positional[:1]
            base = _rebound(function.data[0], this[0] if this else None)
            return Bound(base.function, base.this, (*base.arguments, *arguments.positional[1:]))
        case "middleware":
            first = arguments.get(0)
            if isinstance(first, Closure | Bound | Opaque | Builtin | Choice):
                return Bound(function.data[0], None, (first,))
            return Builtin("middleware-with", function.data)
        case "middleware-with":
            first = arguments.get(0)
            return Bound(function.data[0], None, (first,)) if first is not None else function
    return unresolved(machine, function.data[0] if function.data else None, arguments, site)


def _rebound(function: Value, this: Value | None) -> Bound:
    if isinstance(function, Bound):
        return Bound(function.function, function.this if function.this is not None else this, function.arguments)
    return Bound(function, this)


def _settle(machine: Machine, function: Builtin, arguments: Arguments, site: Site) -> Value:
    """``resolve(x)``, ``reject(e)`` or ``callback(error, x)``: remember the first answer."""
    span = site.span
    if function.name == "callback":
        error = arguments.get(0) or Constant(None, span)
        answer = arguments.get(1) or Constant(ir.UNDEFINED, span)
        decision = machine.truth(error, span)
        value: Value = machine.map(decision, lambda leaf: Builtin("rejected") if leaf is TRUE else answer)
    elif function.name == "resolve":
        value = machine.awaited(arguments.get(0) or Constant(ir.UNDEFINED, span), span)
    else:
        value = Builtin("rejected")
    before = machine.state.get(function.cell)
    if before is None or before is ABSENT:
        machine.state.writes[function.cell] = value
    else:
        machine.state.writes[function.cell] = machine.map(before, lambda leaf: value if leaf is ABSENT else leaf)
    return Constant(ir.UNDEFINED, span)


def _new_promise(machine: Machine, arguments: Arguments, span: Span) -> Value:
    executor = arguments.get(0)
    if not isinstance(executor, Closure | Bound):
        return Promise(Opaque(machine.all_marks(arguments.every()), span), None, span)
    cell = machine.allocate(Obj("object"), span).address
    machine.state.writes[cell] = ABSENT
    resolve, reject = Builtin("resolve", (), cell), Builtin("reject", (), cell)
    outer, machine.pending = machine.pending, []
    machine.call(executor, Arguments([resolve, reject]), span)
    rejection = machine.compose(machine.pending)
    machine.pending = outer
    settled = machine.state.get(cell) or ABSENT
    value, thrown = _split(machine, settled, span)
    return Promise(value, _joined_rejection(rejection, thrown), span)


def _joined_rejection(one: Tree, two: Tree | None) -> Tree | None:
    if two is None:
        return None if one is NORMAL else one
    return _sequence(one, two)


def _split(machine: Machine, settled: Value, span: Span) -> tuple[Value, Tree | None]:
    """Part what a promise was settled with into its value and its rejection."""
    rejected = any(isinstance(leaf, Builtin) and leaf.name == "rejected" for leaf in machine.leaves(settled))

    def visit(node: Value) -> Value | None:
        if isinstance(node, Choice):
            one, two = visit(node.then), visit(node.other)
            return machine.choose(node.test, one, two) if one is not None and two is not None else one or two
        if node is ABSENT or (isinstance(node, Builtin) and node.name == "rejected"):
            return None
        return node

    value = visit(settled)
    tree: Tree | None = None
    if rejected:
        state = machine.snapshot()
        thrown = Thrown(Opaque(NO_MARKS, span), state, span)

        def fork(node: Value) -> Tree:
            if isinstance(node, Choice):
                one, two = fork(node.then), fork(node.other)
                return one if one is two else Fork(node.test, one, two)
            return thrown if isinstance(node, Builtin) and node.name == "rejected" else NORMAL

        tree = fork(settled)
    return value if value is not None else Constant(ir.UNDEFINED, span), tree


def _call_external(machine: Machine, path: str, arguments: Arguments, site: Site) -> Value:
    span = site.span
    first = arguments.get(0)
    last = path.rpartition(".")[2]
    if path.startswith("console.") or is_logger(path) or is_logger(site.name):
        return _logged_member(machine, last, arguments, site)
    if _LOGGER_MAKERS.search(path):
        return External("logger", span)
    special = _EXTERNAL.get(path)
    if special is None:
        special = _BY_LAST_NAME.get(last)
    if special is not None:
        found = special(machine, arguments, site)
        if found is not None:
            return found
    if path in _IDENTITY or last in {"event_source", "event_parser", "wraps"}:
        if last == "cast":
            return arguments.get(1) or Opaque(NO_MARKS, span)
        return first if isinstance(first, Closure | Bound) and last not in {"wraps"} else Builtin("identity")
    if path in _NUMBERS or path.startswith("Math."):
        return _number(machine, last, arguments, span)
    if path.startswith("re.") or path == "RegExp":
        return _regular_expression(machine, path, arguments, site)
    decoded = _decoding(machine, path, arguments, site)
    if decoded is not None:
        return decoded
    _check_jwt(machine, path, arguments, site)
    if last in {"injectLambdaContext", "inject_lambda_context"}:
        _logged(machine, arguments, site)
    if path.endswith(("Error", "Exception")):
        return Opaque(machine.all_marks(arguments.every()), span, structure=("raised", path))
    if path.startswith(("lambda-context.",)):
        return _lambda_context(machine, last, arguments, site)
    return unresolved(
        machine, External(path, span), arguments, Site(span, site.name or path, site.bare, site.new, False)
    )


def _lambda_context(machine: Machine, name: str, arguments: Arguments, site: Site) -> Value:
    callback = Builtin("callback", (), machine.callback_cell)
    match name:
        case "succeed":
            return _settle(machine, callback, Arguments([Constant(None), *arguments.positional]), site)
        case "fail":
            return _settle(machine, callback, Arguments([TRUE]), site)
        case "done":
            return _settle(machine, callback, arguments, site)
    return Opaque(NO_MARKS, site.span)


def _number(machine: Machine, name: str, arguments: Arguments, span: Span) -> Value:
    values = list(arguments.every())
    if name == "len" and values:
        content = machine.load(values[0])
        if isinstance(content, Obj) and content.kind == "list" and content.rest is None:
            return machine.member(values[0], "length", span)
        return machine.map(
            values[0],
            lambda leaf: Opaque(machine.marks(leaf), span, "number", structure=("length", machine.number(leaf))),
        )
    numbers = [
        item.value
        for item in values
        if isinstance(item, Constant) and isinstance(item.value, int | float) and not isinstance(item.value, bool)
    ]
    if values and len(numbers) == len(values):
        if name in {"min", "max"}:
            return Constant(min(numbers) if name == "min" else max(numbers), span)
        if name in {"int", "Number", "parseInt", "floor", "trunc", "round", "ceil"} and abs(numbers[0]) < 1e15:
            return Constant(int(numbers[0]) if name != "Number" else numbers[0], span)
    if len(values) == 1 and isinstance(values[0], Constant) and isinstance(values[0].value, str):
        text = values[0].value.strip()
        if text.isdigit() and len(text) < 16:
            return Constant(int(text), span)
    structure = (name, *(machine.number(item) for item in values)) if values else None
    return Opaque(machine.all_marks(values), span, "number", structure=structure)


def _regular_expression(machine: Machine, path: str, arguments: Arguments, site: Site) -> Value:
    span = site.span
    last = path.rpartition(".")[2]
    values = list(arguments.every())
    if last in {"compile", "RegExp"}:
        return Opaque(machine.all_marks(values), span, "pattern", tuple(values))
    marks = machine.all_marks(values)
    if _has(marks, "querytext") and last in {"search", "match", "fullmatch", "findall", "finditer"}:
        marks |= {Mark("textmatch", f"re.{last}", span)}
    if _token(marks):
        marks = _token_text(machine, values[0], last, arguments, marks, span)
    structure = ("re", last, *(machine.number(item) for item in values))
    return Opaque(marks, span, structure=structure)


def _decoding(machine: Machine, path: str, arguments: Arguments, site: Site) -> Value | None:
    """Reading a token without checking it."""
    marks = machine.all_marks(arguments.every())
    span = site.span
    name = site.name or path
    if _HEADER_DECODERS.search(path) or _HEADER_DECODERS.search(name):
        return Opaque(marks, span)
    unverified = bool(_DECODERS.search(path) or (site.name and _DECODERS.search(site.name)))
    if not unverified and path in {"jwt.decode", "jose.jwt.decode", "jwt.PyJWT.decode"}:
        unverified = _verification_off(machine, arguments)
    if not unverified and (_BASE64.search(path) or _BASE64.search(name)):
        if not any(mark.kind == "tokenpart" and mark.field == "." for mark in marks):
            return Opaque(marks, span)
        unverified = True
    if not unverified:
        return None
    if not any(mark.kind == "token" for mark in marks):
        return Opaque(marks, span)
    if machine.try_depth:
        machine.may_throw(marks, span)
    kept = frozenset(mark for mark in marks if mark.kind not in {"token", "tokenpart"})
    return Opaque(kept | {Mark("claims", "", span)}, span)


def _verification_off(machine: Machine, arguments: Arguments) -> bool:
    if arguments.keywords.get("verify") is not None:
        verify = arguments.keywords["verify"]
        return isinstance(verify, Constant) and verify.value is False
    options = machine.load(arguments.keywords.get("options") or Constant(None))
    if isinstance(options, Obj):
        flag = options.entries.get("verify_signature")
        return isinstance(flag, Constant) and flag.value is False
    return False


def _check_jwt(machine: Machine, path: str, arguments: Arguments, site: Site) -> None:
    """Note a signature check that accepts whatever algorithm the token names."""
    options: Value | None
    if path == "jsonwebtoken.verify":
        options = arguments.get(2)
        content = machine.load(options) if options is not None else None
        if isinstance(options, Closure | Bound) or options is None:
            machine.observe("jwt-without-algorithms", site.span)
            machine.observe("jwt-without-audience", site.span)
        elif isinstance(content, Obj) and content.rest is None:
            if "algorithms" not in content.entries:
                machine.observe("jwt-without-algorithms", site.span)
            if not {"audience", "issuer"} & content.entries.keys():
                machine.observe("jwt-without-audience", site.span)
    elif path in {"jwt.decode", "jose.jwt.decode"} and arguments.rest is None:
        if "algorithms" not in arguments.keywords and len(arguments.positional) < 3:
            machine.observe("jwt-without-algorithms", site.span)
        if not {"audience", "issuer"} & arguments.keywords.keys():
            machine.observe("jwt-without-audience", site.span)


Special = Callable[["Machine", Arguments, Site], "Value | None"]


def _stringify(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    return Opaque(machine.marks(first), site.span, "text", (), (), ("json", machine.number(first)))


def _parse_json(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    marks = machine.marks(first)
    if machine.try_depth:
        machine.may_throw(marks, site.span)
    return Opaque(frozenset(mark for mark in marks if mark.kind not in {"querytext", "opname"}), site.span)


def _copy(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        if arguments.keywords:
            return machine.allocate(Obj("object", dict(arguments.keywords), span=site.span), site.span)
        kind: Literal["object", "list"] = "object" if site.name in {"dict", "Map", "Object"} else "list"
        return machine.allocate(Obj(kind, span=site.span), site.span)

    def duplicate(leaf: Value) -> Value:
        content = machine.load(leaf)
        if isinstance(content, Obj):
            return machine.allocate(content, site.span)
        return leaf if isinstance(leaf, Source) else Opaque(machine.marks(leaf), site.span, "list")

    value = machine.map(first, duplicate)
    for key, item in arguments.keywords.items():
        if site.name == "dict":
            machine.set_item(value, Constant(key), item, site.span)
    second = arguments.get(1)
    if site.name == "Array.from" and isinstance(second, Closure | Bound):
        return _collection_method(machine, value, "map", Arguments([second]), site)
    return value


def _assign_all(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    if not arguments.positional:
        return None
    target = arguments.positional[0]
    for other in arguments.positional[1:]:
        merge_into(machine, target, other)
    if not isinstance(target, Ref):
        return Opaque(machine.all_marks(arguments.every()), site.span)
    return target


def _listed(what: str) -> Special:
    def listing(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
        first = arguments.get(0)
        return _listing(machine, first, what, site.span) if first is not None else None

    return listing


def _from_entries(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    known = machine.elements(first) if first is not None else None
    content = Obj("object", span=site.span)
    for pair in known or ():
        key = key_name(machine.position(pair, 0, site.span))
        if key is None:
            return None
        value = machine.position(pair, 1, site.span)
        content = Obj("object", {**content.entries, key: value}, span=site.span)
    return machine.allocate(content, site.span) if known is not None else None


def _boolean(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    return machine.truth(first, site.span) if first is not None else FALSE


def _text(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    return machine.map(first, lambda leaf: text_of(machine, [leaf], site.span)) if first is not None else None


def _is_instance_call(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first, second = arguments.get(0), arguments.get(1)
    if first is None or second is None:
        return None
    return compare(machine, "instanceof", first, second, site.span)


def _is_array(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    content = machine.load(first)
    if isinstance(content, Obj):
        return TRUE if content.kind == "list" else FALSE
    return Opaque(machine.marks(first), site.span, "bool", structure=("isArray", machine.number(first)))


def _get_attribute(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first, second, third = arguments.get(0), arguments.get(1), arguments.get(2)
    if first is None or second is None:
        return None
    value = machine.item(first, second, site.span)
    if third is None:
        return value
    return machine.map(value, lambda leaf: third if _is_undefined(leaf) else leaf)


def _get_path(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first, second, third = arguments.get(0), arguments.get(1), arguments.get(2)
    if first is None or not isinstance(second, Constant) or not isinstance(second.value, str):
        return None
    value = first
    for part in second.value.replace("[", ".").replace("]", "").split("."):
        value = machine.member(value, part, site.span)
    if third is None:
        return value
    return machine.map(value, lambda leaf: third if _is_undefined(leaf) else leaf)


def _environment(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    name = key_name(first) if first is not None else None
    shown = name or ""
    return Opaque(frozenset({Mark("env", shown, site.span)}), site.span, structure=("env", shown) if name else None)


def _promise_of(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    value = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    return value if isinstance(value, Promise) else Promise(value, None, site.span)


def _rejected(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    value = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    thrown = Thrown(value, machine.snapshot(), site.span, explicit=True)
    return Promise(Constant(ir.UNDEFINED, site.span), thrown, site.span)


def _all_promises(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    outer, machine.pending = machine.pending, []
    known = machine.elements(first)
    if known is not None:
        items = tuple(machine.awaited(item, site.span) for item in known)
        value: Value = machine.allocate(Obj("list", {}, items, span=site.span), site.span)
    else:
        value = machine.awaited(first, site.span)
    if site.name.endswith(("race", "any")):
        value = machine.element(value, site.span)
    rejection = machine.compose(machine.pending)
    machine.pending = outer
    if site.name.endswith("allSettled"):
        marks = machine.marks(value) | machine.tree_marks(rejection)
        return Promise(machine.allocate(Obj("list", {}, (), Opaque(marks, site.span)), site.span), None, site.span)
    return Promise(value, rejection if rejection is not NORMAL else None, site.span)


def _gather(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    listed = machine.allocate(Obj("list", {}, tuple(arguments.positional), arguments.rest), site.span)
    return _all_promises(machine, Arguments([listed]), site)


def _run_coroutine(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    return machine.awaited(first, site.span) if first is not None else None


def _promise_constructor(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    return _new_promise(machine, arguments, site.span)


def _fold_python(any_of: bool) -> Special:
    def fold(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
        first = arguments.get(0)
        if first is None:
            return None
        known = machine.elements(first)
        if known is not None and len(known) <= 12:
            return _fold_tests(machine, len(known), lambda index: machine.truth(known[index], site.span), any_of)
        return Opaque(machine.marks(first), site.span, "bool")

    return fold


def _next(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first, default = arguments.get(0), arguments.get(1)
    if first is None:
        return None
    content = machine.load(first)
    nothing = default or Opaque(NO_MARKS, site.span)
    if isinstance(content, Obj) and content.kind == "list" and content.rest is None:
        result: Value = nothing
        for item in reversed(content.items):
            result = _filled(machine, item, result)
        return result
    return machine.choose(
        machine.new_test("branch", machine.marks(first), site.span), machine.element(first, site.span), nothing
    )


def _map_python(name: str) -> Special:
    def apply(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
        function, values = arguments.get(0), arguments.get(1)
        if function is None or values is None:
            return None
        given = Arguments([function, *arguments.positional[2:]])
        return _collection_method(machine, values, name, given, site)

    return apply


def _partial(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    if not arguments.positional:
        return None
    function = arguments.positional[0]
    if isinstance(function, Bound):
        keywords = {**function.keywords, **arguments.keywords}
        return Bound(function.function, function.this, (*function.arguments, *arguments.positional[1:]), keywords)
    return Bound(function, None, tuple(arguments.positional[1:]), dict(arguments.keywords))


def _powertools_response(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    names = ("authorize", "max_age", "resolver_context", "deny_fields")
    keys = ("isAuthorized", "ttlOverride", "resolverContext", "deniedFields")
    entries: dict[str, Value] = {"isAuthorized": Constant(False, site.span)}
    for index, (name, key) in enumerate(zip(names, keys, strict=True)):
        value = arguments.get(index, name)
        if value is not None and not (isinstance(value, Constant) and value.value is None):
            entries[key] = value
    entries["#answer"] = TRUE
    return machine.allocate(Obj("object", entries, span=site.span), site.span)


def _powertools_event(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    return arguments.get(0)


def _parsed_event(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    value = arguments.get(0, "event")
    return value if isinstance(value, Source) and not value.path else None


def _middleware_factory(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    first = arguments.get(0)
    return Builtin("middleware", (first,)) if first is not None else Builtin("identity")


def _middy(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    handler = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    steps = machine.allocate(Obj("list"), site.span)
    return machine.allocate(Obj("object", {"#middy": handler, "#steps": steps}), site.span)


def _as_dict(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    return arguments.get(0)


def _timing_safe(machine: Machine, arguments: Arguments, site: Site) -> Value | None:
    values = list(arguments.every())
    marks = machine.all_marks(values)
    for item in values:
        if isinstance(item, Constant) and isinstance(item.value, str | bytes) and _token(marks):
            machine.observe("literal-token", item.span or site.span, str(item.value))
    if _token(marks):
        machine.token_checked = True
    structure = ("compare", *(machine.number(item) for item in values))
    return Opaque(marks, site.span, "bool", structure=structure)


_EXTERNAL: dict[str, Special] = {
    "JSON.stringify": _stringify,
    "json.dumps": _stringify,
    "JSON.parse": _parse_json,
    "json.loads": _parse_json,
    "Object.assign": _assign_all,
    "Object.keys": _listed("keys"),
    "Object.values": _listed("values"),
    "Object.entries": _listed("entries"),
    "Object.fromEntries": _from_entries,
    "Map": _from_entries,
    "Boolean": _boolean,
    "bool": _boolean,
    "str": _text,
    "String": _text,
    "repr": _text,
    "isinstance": _is_instance_call,
    "Array.isArray": _is_array,
    "getattr": _get_attribute,
    "Reflect.get": _get_attribute,
    "_.get": _get_path,
    **dict.fromkeys(("lodash.get", "lodash/get", "lodash.get.default", "get-value"), _get_path),
    "os.getenv": _environment,
    "os.environ.get": _environment,
    "Promise": _promise_constructor,
    "Promise.resolve": _promise_of,
    "Promise.reject": _rejected,
    "Promise.all": _all_promises,
    "Promise.race": _all_promises,
    "Promise.any": _all_promises,
    "Promise.allSettled": _all_promises,
    "asyncio.gather": _gather,
    "asyncio.run": _run_coroutine,
    "next": _next,
    "any": _fold_python(True),
    "all": _fold_python(False),
    "map": _map_python("map"),
    "filter": _map_python("filter"),
    "functools.reduce": _map_python("reduce"),
    "functools.partial": _partial,
    "middy": _middy,
    "@middy/core": _middy,
    "@middy/core.middy": _middy,
    "dataclasses.asdict": _as_dict,
    "hmac.compare_digest": _timing_safe,
    "secrets.compare_digest": _timing_safe,
    "crypto.timingSafeEqual": _timing_safe,
    **dict.fromkeys(_COPIES, _copy),
}

_BY_LAST_NAME: dict[str, Special] = {
    "AppSyncAuthorizerResponse": _powertools_response,
    "AppSyncAuthorizerEvent": _powertools_event,
    "lambda_handler_decorator": _middleware_factory,
    "run_until_complete": _run_coroutine,
    "timingSafeEqual": _timing_safe,
    "compare_digest": _timing_safe,
    "parse": _parsed_event,
}


# Middy


def _middy_method(machine: Machine, receiver: Value, name: str, arguments: Arguments) -> Value:
    span = getattr(receiver, "span", machine.frame.instance.module.span)
    steps = machine.member(receiver, "#steps", span)
    first = arguments.get(0)
    if first is None:
        return receiver
    if name == "handler":
        machine.set_item(receiver, Constant("#middy"), first, span)
    elif name == "use":
        content = machine.load(first)
        known = machine.elements(first) if isinstance(content, Obj) and content.kind == "list" else None
        append(machine, steps, known if known is not None else [first], span)
    elif name in {"before", "after", "onError"}:
        append(machine, steps, [machine.allocate(Obj("object", {name: first}), span)], span)
    return receiver


def _run_middy(machine: Machine, content: Obj, arguments: Arguments, site: Site) -> Value:
    span = site.span
    steps = machine.elements(content.entries["#steps"]) or []
    entries: dict[str, Value] = {
        "event": arguments.get(0) or Constant(ir.UNDEFINED, span),
        "context": arguments.get(1) or Constant(ir.UNDEFINED, span),
        "response": Constant(ir.UNDEFINED, span),
        "internal": machine.allocate(Obj("object"), span),
    }
    request = machine.allocate(Obj("object", entries), span)

    def hook(step: Value, name: str) -> Value | None:
        loaded = machine.load(step)
        if not isinstance(loaded, Obj) or name not in loaded.entries:
            return None
        return machine.awaited(machine.call(machine.member(step, name, span), Arguments([request]), span), span)

    def before(index: int) -> Value:
        if index == len(steps):
            event = machine.member(request, "event", span)
            given = Arguments([event, entries["context"]])
            return machine.awaited(machine.call(content.entries["#middy"], given, span), span)
        early = hook(steps[index], "before")
        if early is None or _is_undefined(early):
            return before(index + 1)
        decision = machine.map(early, lambda leaf: FALSE if _is_undefined(leaf) else TRUE)
        return machine.branch(decision, lambda: early, lambda: before(index + 1))

    response = before(0)
    machine.set_item(request, Constant("response"), response, span)
    for step in reversed(steps):
        hook(step, "after")
    return machine.member(request, "response", span)


# Comprehensions


def comprehension(machine: Machine, node: ir.Comprehension) -> Value:
    """A Python comprehension or generator expression."""
    (pattern, iterable, conditions), *others = node.loops
    values = machine.evaluate(iterable)
    known = machine.elements(values)
    span = node.span
    if not others and known is not None and len(known) <= 12:
        return _known_comprehension(machine, node, known)
    marks = machine.marks(values)
    machine.assign(pattern, machine.element(values, span))
    decision: Value = Choice(machine.new_test("loop", marks, span), TRUE, FALSE)
    for condition in conditions:
        marks |= looked_up(machine.marks(machine.evaluate(condition)))

    def inner() -> Value:
        if others:
            return comprehension(machine, ir.Comprehension(tuple(others), node.value, span, node.key))
        value = machine.evaluate(node.value)
        if node.key is None:
            return value
        return Opaque(machine.marks(value) | machine.marks(machine.evaluate(node.key)), span)

    value = machine.branch(decision, inner, lambda: Constant(None, span))
    rest = Opaque(marks | machine.marks(value), span)
    kind: Literal["object", "list"] = "list" if node.key is None else "object"
    return machine.allocate(Obj(kind, {}, (), rest, span=span), span)


def _condition(machine: Machine, condition: ir.Expression) -> Value:
    return machine.truth(machine.evaluate(condition), condition.span)


def _known_comprehension(machine: Machine, node: ir.Comprehension, known: list[Value]) -> Value:
    pattern, _, conditions = node.loops[0]
    span = node.span
    items: list[Value] = []
    entries: dict[str, Value] = {}
    rest: Value | None = None
    for item in known:
        machine.assign(pattern, item)
        decision: Value = TRUE
        for condition in conditions:
            decision = machine.branch(
                decision,
                partial(_condition, machine, condition),
                lambda: FALSE,
            )
        value = machine.branch(decision, lambda: machine.evaluate(node.value), lambda: ABSENT)
        if value is ABSENT:
            continue
        if node.key is None:
            items.append(value)
            continue
        key = machine.evaluate(node.key)
        name = key_name(key)
        if name is None:
            rest = Opaque(machine.marks(key) | machine.marks(value) | machine.marks(rest), span)
        else:
            entries[name] = value
    if node.key is None:
        return machine.allocate(Obj("list", {}, tuple(items), None, span=span), span)
    return machine.allocate(Obj("object", entries, (), rest, span=span), span)
