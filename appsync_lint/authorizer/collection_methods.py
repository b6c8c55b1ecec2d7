"""Going through collections: methods that take a function, and comprehensions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from ..text import Span
from . import ir, names
from .domain import (
    ABSENT,
    FALSE,
    NO_MARKS,
    TRUE,
    Arguments,
    Bound,
    Builtin,
    Choice,
    Closure,
    Constant,
    External,
    Obj,
    Opaque,
    Promise,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["collection_method", "comprehension", "fold_tests"]


_CALLBACK_METHODS = {
    *("map", "flatMap", "filter", "find", "findLast", "findIndex", "some", "every", "forEach", "reduce", "reduceRight"),
    "sort",
}


def collection_method(
    machine: Machine, receiver: Value, name: str, arguments: Arguments, site: names.Site
) -> Value | None:
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
        marks = own | names.looked_up(machine.marks(value))
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
        return fold_tests(machine, len(items), settled, name == "some")
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


def fold_tests(machine: Machine, count: int, test: Callable[[int], Value], any_of: bool) -> Value:
    def visit(index: int) -> Value:
        if index == count:
            return FALSE if any_of else TRUE
        decision = test(index)
        if any_of:
            return machine.branch(decision, lambda: TRUE, lambda: visit(index + 1))
        return machine.branch(decision, lambda: visit(index + 1), lambda: FALSE)

    return visit(0)


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
        marks |= names.looked_up(machine.marks(machine.evaluate(condition)))

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
        name = names.key_name(key)
        if name is None:
            rest = Opaque(machine.marks(key) | machine.marks(value) | machine.marks(rest), span)
        else:
            entries[name] = value
    if node.key is None:
        return machine.allocate(Obj("list", {}, tuple(items), None, span=span), span)
    return machine.allocate(Obj("object", entries, (), rest, span=span), span)
