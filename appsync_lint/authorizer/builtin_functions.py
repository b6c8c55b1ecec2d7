"""Functions of the languages and of well-known packages, each as what it does to marked values."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from ..text import Span
from . import calls, collection_methods, ir, names, objects, operators, promises, texts, tokens
from .domain import (
    FALSE,
    NO_MARKS,
    NORMAL,
    TRUE,
    Arguments,
    Bound,
    Builtin,
    Choice,
    Closure,
    Constant,
    External,
    Mark,
    Obj,
    Opaque,
    Promise,
    Ref,
    Source,
    Thrown,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["Special", "call_builtin", "call_external"]


_COPIES = {
    *("structuredClone", "Object.freeze", "Object.seal", "copy.copy", "copy.deepcopy", "dict", "list", "tuple", "set"),
    *("frozenset", "sorted", "reversed", "Array.from", "Set", "lodash.cloneDeep", "types.MappingProxyType", "iter"),
}


_IDENTITY = {
    *("functools.wraps", "functools.lru_cache", "functools.cache", "functools.singledispatch"),
    *("contextlib.contextmanager", "typing.cast", "event_source", "event_parser"),
}


_NUMBERS = {"int", "float", "Number", "parseInt", "parseFloat", "len", "round", "abs", "sum", "min", "max", "BigInt"}


_LOGGER_MAKERS = re.compile(
    r"(^|\.)(Logger|getLogger|get_logger|createLogger|Tracer|Metrics|pino|bunyan|StructLogger)$"
)


def call_builtin(machine: Machine, function: Builtin, arguments: Arguments, site: names.Site) -> Value:
    span = site.span
    match function.name:
        case "identity":
            return arguments.get(0) or Constant(ir.UNDEFINED, span)
        case "nothing":
            return Constant(ir.UNDEFINED, span)
        case "resolve" | "reject" | "callback":
            return promises.settle(machine, function, arguments, site)
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
    return calls.unresolved(machine, function.data[0] if function.data else None, arguments, site)


def _rebound(function: Value, this: Value | None) -> Bound:
    if isinstance(function, Bound):
        return Bound(function.function, function.this if function.this is not None else this, function.arguments)
    return Bound(function, this)


def call_external(machine: Machine, path: str, arguments: Arguments, site: names.Site) -> Value:
    span = site.span
    first = arguments.get(0)
    last = path.rpartition(".")[2]
    if path.startswith("console.") or names.is_logger(path) or names.is_logger(site.name):
        return calls.logged_member(machine, last, arguments, site)
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
    decoded = tokens.decoding(machine, path, arguments, site)
    if decoded is not None:
        return decoded
    tokens.check_jwt(machine, path, arguments, site)
    if last in {"injectLambdaContext", "inject_lambda_context"}:
        calls.logged(machine, arguments, site)
    if path.endswith(("Error", "Exception")):
        return Opaque(machine.all_marks(arguments.every()), span, structure=("raised", path))
    if path.startswith(("lambda-context.",)):
        return _lambda_context(machine, last, arguments, site)
    return calls.unresolved(
        machine, External(path, span), arguments, names.Site(span, site.name or path, site.bare, site.new, False)
    )


def _lambda_context(machine: Machine, name: str, arguments: Arguments, site: names.Site) -> Value:
    callback = Builtin("callback", (), machine.callback_cell)
    match name:
        case "succeed":
            return promises.settle(machine, callback, Arguments([Constant(None), *arguments.positional]), site)
        case "fail":
            return promises.settle(machine, callback, Arguments([TRUE]), site)
        case "done":
            return promises.settle(machine, callback, arguments, site)
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


def _regular_expression(machine: Machine, path: str, arguments: Arguments, site: names.Site) -> Value:
    span = site.span
    last = path.rpartition(".")[2]
    values = list(arguments.every())
    if last in {"compile", "RegExp"}:
        return Opaque(machine.all_marks(values), span, "pattern", tuple(values))
    marks = machine.all_marks(values)
    if names.has(marks, "querytext") and last in {"search", "match", "fullmatch", "findall", "finditer"}:
        marks |= {Mark("textmatch", f"re.{last}", span)}
    if names.token(marks):
        marks = texts.token_text(machine, values[0], last, arguments, marks, span)
    structure = ("re", last, *(machine.number(item) for item in values))
    return Opaque(marks, span, structure=structure)


Special = Callable[["Machine", Arguments, names.Site], "Value | None"]


def _stringify(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    return Opaque(machine.marks(first), site.span, "text", (), (), ("json", machine.number(first)))


def _parse_json(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    marks = machine.marks(first)
    if machine.try_depth:
        machine.may_throw(marks, site.span)
    return Opaque(frozenset(mark for mark in marks if mark.kind not in {"querytext", "opname"}), site.span)


def _copy(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
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
        return collection_methods.collection_method(machine, value, "map", Arguments([second]), site)
    return value


def _assign_all(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    if not arguments.positional:
        return None
    target = arguments.positional[0]
    for other in arguments.positional[1:]:
        objects.merge_into(machine, target, other)
    if not isinstance(target, Ref):
        return Opaque(machine.all_marks(arguments.every()), site.span)
    return target


def _listed(what: str) -> Special:
    def listing(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
        first = arguments.get(0)
        return objects.listing(machine, first, what, site.span) if first is not None else None

    return listing


def _from_entries(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    known = machine.elements(first) if first is not None else None
    content = Obj("object", span=site.span)
    for pair in known or ():
        key = names.key_name(machine.position(pair, 0, site.span))
        if key is None:
            return None
        value = machine.position(pair, 1, site.span)
        content = Obj("object", {**content.entries, key: value}, span=site.span)
    return machine.allocate(content, site.span) if known is not None else None


def _boolean(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    return machine.truth(first, site.span) if first is not None else FALSE


def _text(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    return machine.map(first, lambda leaf: operators.text_of(machine, [leaf], site.span)) if first is not None else None


def _is_instance_call(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first, second = arguments.get(0), arguments.get(1)
    if first is None or second is None:
        return None
    return operators.compare(machine, "instanceof", first, second, site.span)


def _is_array(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    if first is None:
        return None
    content = machine.load(first)
    if isinstance(content, Obj):
        return TRUE if content.kind == "list" else FALSE
    return Opaque(machine.marks(first), site.span, "bool", structure=("isArray", machine.number(first)))


def _get_attribute(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first, second, third = arguments.get(0), arguments.get(1), arguments.get(2)
    if first is None or second is None:
        return None
    value = machine.item(first, second, site.span)
    if third is None:
        return value
    return machine.map(value, lambda leaf: third if names.is_undefined(leaf) else leaf)


def _get_path(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first, second, third = arguments.get(0), arguments.get(1), arguments.get(2)
    if first is None or not isinstance(second, Constant) or not isinstance(second.value, str):
        return None
    value = first
    for part in second.value.replace("[", ".").replace("]", "").split("."):
        value = machine.member(value, part, site.span)
    if third is None:
        return value
    return machine.map(value, lambda leaf: third if names.is_undefined(leaf) else leaf)


def _environment(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    name = names.key_name(first) if first is not None else None
    shown = name or ""
    return Opaque(frozenset({Mark("env", shown, site.span)}), site.span, structure=("env", shown) if name else None)


def _promise_of(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    value = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    return value if isinstance(value, Promise) else Promise(value, None, site.span)


def _rejected(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    value = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    thrown = Thrown(value, machine.snapshot(), site.span, explicit=True)
    return Promise(Constant(ir.UNDEFINED, site.span), thrown, site.span)


def _all_promises(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
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


def _gather(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    listed = machine.allocate(Obj("list", {}, tuple(arguments.positional), arguments.rest), site.span)
    return _all_promises(machine, Arguments([listed]), site)


def _run_coroutine(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    return machine.awaited(first, site.span) if first is not None else None


def _promise_constructor(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    return promises.new_promise(machine, arguments, site.span)


def _fold_python(any_of: bool) -> Special:
    def fold(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
        first = arguments.get(0)
        if first is None:
            return None
        known = machine.elements(first)
        if known is not None and len(known) <= 12:
            return collection_methods.fold_tests(
                machine, len(known), lambda index: machine.truth(known[index], site.span), any_of
            )
        return Opaque(machine.marks(first), site.span, "bool")

    return fold


def _next(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first, default = arguments.get(0), arguments.get(1)
    if first is None:
        return None
    content = machine.load(first)
    nothing = default or Opaque(NO_MARKS, site.span)
    if isinstance(content, Obj) and content.kind == "list" and content.rest is None:
        result: Value = nothing
        for item in reversed(content.items):
            result = objects.filled(machine, item, result)
        return result
    return machine.choose(
        machine.new_test("branch", machine.marks(first), site.span), machine.element(first, site.span), nothing
    )


def _map_python(name: str) -> Special:
    def apply(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
        function, values = arguments.get(0), arguments.get(1)
        if function is None or values is None:
            return None
        given = Arguments([function, *arguments.positional[2:]])
        return collection_methods.collection_method(machine, values, name, given, site)

    return apply


def _partial(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    if not arguments.positional:
        return None
    function = arguments.positional[0]
    if isinstance(function, Bound):
        keywords = {**function.keywords, **arguments.keywords}
        return Bound(function.function, function.this, (*function.arguments, *arguments.positional[1:]), keywords)
    return Bound(function, None, tuple(arguments.positional[1:]), dict(arguments.keywords))


def _powertools_response(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    entries: dict[str, Value] = {"isAuthorized": Constant(False, site.span)}
    for index, (name, key) in enumerate(names.ANSWER_ATTRIBUTES.items()):
        value = arguments.get(index, name)
        if value is not None and not (isinstance(value, Constant) and value.value is None):
            entries[key] = value
    entries["#answer"] = TRUE
    return machine.allocate(Obj("object", entries, span=site.span), site.span)


def _powertools_event(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    return arguments.get(0)


def _parsed_event(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    value = arguments.get(0, "event")
    return value if isinstance(value, Source) and not value.path else None


def _middleware_factory(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    first = arguments.get(0)
    return Builtin("middleware", (first,)) if first is not None else Builtin("identity")


def _middy(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    handler = arguments.get(0) or Constant(ir.UNDEFINED, site.span)
    steps = machine.allocate(Obj("list"), site.span)
    return machine.allocate(Obj("object", {"#middy": handler, "#steps": steps}), site.span)


def _as_dict(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    return arguments.get(0)


def _timing_safe(machine: Machine, arguments: Arguments, site: names.Site) -> Value | None:
    values = list(arguments.every())
    marks = machine.all_marks(values)
    for item in values:
        if isinstance(item, Constant) and isinstance(item.value, str | bytes) and names.token(marks):
            machine.observe("literal-token", item.span or site.span, str(item.value))
    if names.token(marks):
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
