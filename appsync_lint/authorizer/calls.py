"""Calls: of functions that are here, of methods, and into code that is not.

A call that nothing here knows is unresolved: its result carries the marks of all that went in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..text import Span
from . import builtin_functions, classes, collection_methods, ir, middleware, names, objects, promises, texts
from .domain import (
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

__all__ = ["call_method", "call_value", "logged", "logged_member", "unresolved"]


_GUARD = re.compile(
    r"check|verif|assert|ensure|authori[sz]e|require|guard|valid|enforce|must|deny|reject", re.IGNORECASE
)


_STATEFUL = re.compile(r"jti|nonce|replay|consume|rate.?limit|one.?time|throttl", re.IGNORECASE)


_READERS = {"keys", "values", "items", "entries", "copy", "hasOwnProperty", "has", "get_header_value"}


def call_value(machine: Machine, function: Value, arguments: Arguments, site: names.Site) -> Value:
    """Call one function."""
    match function:
        case Closure():
            if site.new:
                return classes.construct_by_function(machine, function, arguments, site)
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
            return classes.instantiate(machine, function, arguments, site.span)
        case Builtin():
            return builtin_functions.call_builtin(machine, function, arguments, site)
        case External():
            return builtin_functions.call_external(machine, function.path, arguments, site)
        case Opaque() if function.functions:
            return _call_one_of(machine, function, arguments, site)
        case Ref():
            content = machine.load(function)
            if isinstance(content, Obj):
                if "#middy" in content.entries:
                    return middleware.run_middy(machine, content, arguments, site)
                if content.cls is not None and classes.find_member(content.cls, "__call__") is not None:
                    return machine.call(machine.member(function, "__call__", site.span), arguments, site.span)
    return unresolved(machine, function, arguments, site)


def _call_one_of(machine: Machine, function: Opaque, arguments: Arguments, site: names.Site) -> Value:
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


def unresolved(machine: Machine, function: Value | None, arguments: Arguments, site: names.Site) -> Value:
    """A call into code that is not there."""
    span = site.span
    if names.is_logger(site.name):
        return logged(machine, arguments, site)
    callbacks = [item for item in arguments.every() if isinstance(item, Closure | Bound)]
    values = [item for item in arguments.every() if not isinstance(item, Closure | Bound)]
    marks = names.through_unknown(machine.marks(function), "") | names.through_unknown(
        machine.all_marks(values), site.name
    )
    name = site.name or "a function"
    if any(mark.via for mark in marks):
        machine.unresolved.setdefault(name)
    if names.has(marks, "checked"):
        machine.token_checked = True
    inside = any(_STATEFUL.search(function.name) for function, _ in machine.stack)
    if inside or _STATEFUL.search(site.name) or any(_keeps_state(machine, item, 0) for item in values):
        marks |= {Mark("stateful", name, span)}
    request = names.has(marks, "request")
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
                        objects.taint(machine, item, marks, span)
        if isinstance(function, Ref):
            objects.taint(machine, function, marks, span)
    return Opaque(marks, span, functions=tuple(callbacks) if machine.depth == 0 or len(callbacks) == 1 else ())


def _remembered(
    machine: Machine, function: Value | None, values: Sequence[Value], marks: Marks, site: names.Site
) -> Marks:
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


def _call_visitors(machine: Machine, values: Sequence[Value], marks: Marks, site: names.Site) -> None:
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


def _called_back(machine: Machine, callback: Value, marks: Marks, site: names.Site) -> Value:
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


def logged(machine: Machine, arguments: Arguments, site: names.Site) -> Value:
    result: Value | None = None
    for item in arguments.every():
        if isinstance(item, Closure | Bound):
            # Instrumentation: the wrapped function's answer is the answer.
            result = machine.call(item, Arguments([], rest=Opaque(NO_MARKS, site.span)), site.span)
            continue
        marks = machine.data_marks(item)
        if any(mark.kind == "request" and mark.field == "event" and not mark.via for mark in marks):
            machine.observe("event-logged", site.span)
        elif names.token(marks) and not names.has(marks, "tokenpart"):
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


def call_method(machine: Machine, receiver: Value, name: str, arguments: Arguments, site: names.Site) -> Value:
    """``receiver.name(...)``."""
    span = site.span
    match receiver:
        case External() if receiver.path == "logger":
            return logged_member(machine, name, arguments, site)
        case External():
            return builtin_functions.call_external(machine, f"{receiver.path}.{name}", arguments, site)
        case Promise():
            return promises.promise_method(machine, receiver, name, arguments, site)
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
    if names.is_logger(site.name):
        return logged_member(machine, name, arguments, site)
    if name == "promise" and not arguments.positional:
        return receiver
    if name in {"then", "catch", "finally"} and isinstance(receiver, Opaque):
        return promises.promise_method(
            machine, Promise(receiver, _maybe_rejected(machine, receiver, span), span), name, arguments, site
        )
    found = collection_methods.collection_method(machine, receiver, name, arguments, site)
    if found is not None:
        return found
    found = texts.text_method(machine, receiver, name, arguments, site)
    if found is not None:
        return found
    return unresolved(machine, receiver, arguments, site)


def logged_member(machine: Machine, name: str, arguments: Arguments, site: names.Site) -> Value:
    result = logged(machine, arguments, site)
    if isinstance(result, Opaque) and not result.marks and name in {"child", "bind", "getChild", "createChild"}:
        return External("logger", site.span)
    if name in {"inject_lambda_context", "capture_lambda_handler", "log_metrics", "capture_method"}:
        first = arguments.get(0)
        return first if isinstance(first, Closure | Bound | Builtin) else Builtin("identity")
    return result


def _maybe_rejected(machine: Machine, value: Value, span: Span) -> Tree:
    test = machine.new_test("throw", machine.marks(value), span)
    return Fork(test, Thrown(Opaque(NO_MARKS, span), machine.snapshot(), span), NORMAL)


def _source_method(
    machine: Machine, receiver: Source, name: str, arguments: Arguments, site: names.Site
) -> Value | None:
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


def _object_method(
    machine: Machine, receiver: Value, name: str, arguments: Arguments, site: names.Site
) -> Value | None:
    content = machine.load(receiver)
    span = site.span
    if isinstance(content, Choice):
        return None
    assert isinstance(content, Obj)
    if "#middy" in content.entries:
        return middleware.middy_method(machine, receiver, name, arguments)
    own = content.entries.get(name)
    if own is None and "#prototype" in content.entries:
        own = machine.load(machine.member(receiver, name, span))
        own = None if names.is_undefined(own) else own
    inherited = (
        None if own is not None else content.cls and classes.instance_member(machine, content.cls, receiver, name, span)
    )
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
    known = objects.list_method if content.kind == "list" else objects.dict_method
    return known(machine, receiver, content, name, arguments, span)
