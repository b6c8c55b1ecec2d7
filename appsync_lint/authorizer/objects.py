"""Objects, dicts and lists: spreading, changing in place, and their methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..text import Span
from . import names, operators
from .domain import ABSENT, Arguments, Choice, Constant, Marks, Obj, Opaque, Ref, Value

if TYPE_CHECKING:
    from .machine import Machine

__all__ = [
    "add_rest",
    "append",
    "dict_method",
    "extend_list",
    "filled",
    "list_method",
    "listing",
    "merge_into",
    "spread",
    "taint",
]


def spread(machine: Machine, content: Obj, value: Value) -> Obj:
    """``{...content, ...value}``."""
    done: dict[int, Obj] = {}

    def visit(node: Value) -> Obj:
        known = done.get(id(node))
        if known is None:
            if isinstance(node, Choice):
                merged = machine.merge(node.test, visit(node.then), visit(node.other))
                assert isinstance(merged, Obj)
                known = merged
            else:
                loaded = machine.load(node)
                known = visit(loaded) if isinstance(loaded, Choice) else _spread_one(machine, content, loaded)
            done[id(node)] = known
        return known

    return visit(value)


def _spread_one(machine: Machine, content: Obj, loaded: Value) -> Obj:
    if isinstance(loaded, Obj):
        entries = dict(content.entries)
        for key, item in loaded.entries.items():
            before = entries.get(key)
            if before is not None and ABSENT in machine.leaves(item):
                entries[key] = filled(machine, item, before)
            else:
                entries[key] = item
        rest = content.rest if loaded.rest is None else _both(machine, content.rest, loaded.rest)
        return Obj("object", entries, (), rest, content.cls, content.span)
    if isinstance(loaded, Constant):
        return content
    return Obj("object", content.entries, (), _both(machine, content.rest, loaded), content.cls, content.span)


def filled(machine: Machine, value: Value, instead: Value) -> Value:
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


def dict_method(
    machine: Machine, receiver: Value, content: Obj, name: str, arguments: Arguments, span: Span
) -> Value | None:
    first, second = arguments.get(0), arguments.get(1)
    match name:
        case "get" | "pop" | "setdefault" if first is not None:
            value = machine.item(receiver, first, span)
            if second is not None:
                value = machine.map(value, lambda leaf: _or_default(machine, leaf, second))
            if name == "setdefault" and second is not None:
                value = machine.map(value, lambda leaf: second if names.is_undefined(leaf) else leaf)
                machine.set_item(receiver, first, value, span)
                return value
            return machine.map(
                value, lambda leaf: (second or Constant(None, span)) if names.is_undefined(leaf) else leaf
            )
        case "set" if first is not None and second is not None:
            machine.set_item(receiver, first, second, span)
            return receiver
        case "has" | "hasOwnProperty" if first is not None:
            return operators.compare(machine, "in", first, receiver, span)
        case "update":
            for value in arguments.positional:
                merge_into(machine, receiver, value)
            for key, value in arguments.keywords.items():
                machine.set_item(receiver, Constant(key), value, span)
            return Constant(None, span)
        case "copy":
            return machine.allocate(content, span)
        case "keys" | "values" | "items" | "entries":
            return listing(machine, receiver, {"items": "entries"}.get(name, name), span)
    return None


def _or_default(machine: Machine, value: Value, default: Value) -> Value:
    """What a lookup by an unknown key gives, which may be the default."""
    if not isinstance(value, Opaque) or value.structure is None or value.structure[0] != "item":
        return value
    marks = value.marks | machine.marks(default)
    return Opaque(marks, value.span, None, (), (*value.functions, default), value.structure)


def listing(machine: Machine, value: Value, what: str, span: Span) -> Value:
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


def list_method(
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
            found = operators.compare(machine, "in", arguments.positional[0], receiver, span)
            return found if name != "indexOf" else Opaque(machine.marks(found), span, "number")
        case "join":
            if content.rest is None and all(isinstance(item, Constant) for item in content.items):
                separator = arguments.get(0)
                between = separator.value if isinstance(separator, Constant) else ","
                parts = [names.shown(item) for item in content.items if isinstance(item, Constant)]
                return Constant(str(between).join(parts), span)
            return Opaque(machine.marks(receiver), span, "text")
        case "slice" | "copy" | "sort" | "reverse" | "values" | "flat" | "toSorted":
            return receiver if name in {"sort", "reverse", "values"} else machine.allocate(content, span)
    return None
