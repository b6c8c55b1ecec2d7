"""What names and labels in the source mean: loggers, keys, callees, things of the outside world."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..text import Span
from . import ir
from .domain import Constant, External, Mark, Marks, Obj, Opaque, Value

__all__ = [
    "ANSWER_ATTRIBUTES",
    "TEXTUAL",
    "Site",
    "answer_key",
    "callee_name",
    "external_member",
    "global_value",
    "has",
    "is_logger",
    "is_undefined",
    "key_name",
    "looked_up",
    "member_marks",
    "nothing",
    "shown",
    "through_unknown",
    "token",
]


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


#: Kinds of marks that say what a text is as a text; they do not outlive a call into unknown code.
TEXTUAL = {"querytext", "textcut", "connect", "tokenpart", "prefix", "payload", "literal"}


#: The parts of Powertools' ``AppSyncAuthorizerResponse``, as arguments and as attributes, and AppSync's names for them.
ANSWER_ATTRIBUTES = {
    "authorize": "isAuthorized",
    "max_age": "ttlOverride",
    "resolver_context": "resolverContext",
    "deny_fields": "deniedFields",
}


def answer_key(content: Obj, name: str) -> str:
    """What an object's part is kept under: a Powertools answer has names of its own."""
    return ANSWER_ATTRIBUTES.get(name, name) if "#answer" in content.entries else name


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
    if value.structure is None or value.structure[0] != "member" or not has(marks, "request"):
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


def shown(value: Constant) -> str:
    content = value.value
    return "true" if content is True else "false" if content is False else str(content)


def nothing(value: ir.Scalar) -> bool:
    return value is None or isinstance(value, ir.Undefined)


def has(marks: Marks, kind: str) -> bool:
    return any(mark.kind == kind for mark in marks)


def token(marks: Marks) -> bool:
    return any(mark.kind == "token" and not mark.field for mark in marks)


def is_undefined(value: Value) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, ir.Undefined)


def through_unknown(marks: Marks, name: str) -> Marks:
    """Marks after a call into unknown code: the whole event is then only possibly what decides."""
    found: set[Mark] = set()
    for mark in marks:
        if mark.kind in TEXTUAL or mark.kind == "env":
            continue
        if name and mark.kind == "request" and mark.field in {"event", "requestContext"} and not mark.via:
            found.add(mark._replace(via=name))
        elif mark.kind == "token":
            found.add(Mark("checked", "", mark.span))
        else:
            found.add(mark)
    return frozenset(found)
