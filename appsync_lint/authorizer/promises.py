"""Promises: then, catch, executors, and callbacks that give an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..text import Span
from . import ir, names
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
    Closure,
    Constant,
    Fork,
    Obj,
    Opaque,
    Promise,
    Thrown,
    Tree,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["new_promise", "promise_method", "settle"]


def promise_method(machine: Machine, receiver: Promise, name: str, arguments: Arguments, site: names.Site) -> Value:
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
        value = _when_fulfilled(decision, value)
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


def _when_fulfilled(decision: Value, value: Value) -> Value:
    if isinstance(decision, Choice) and isinstance(value, Choice) and value.test is decision.test:
        if decision.then is TRUE:
            return value.other
        if decision.other is TRUE:
            return value.then
    return value


def _sequence(first: Tree, second: Tree) -> Tree:
    from .domain import substitute

    return substitute(first, second)


def settle(machine: Machine, function: Builtin, arguments: Arguments, site: names.Site) -> Value:
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


def new_promise(machine: Machine, arguments: Arguments, span: Span) -> Value:
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


def _is_rejected(value: Value) -> bool:
    return isinstance(value, Builtin) and value.name == "rejected"


def _split(machine: Machine, settled: Value, span: Span) -> tuple[Value, Tree | None]:
    """Part what a promise was settled with into its value and its rejection."""
    rejected = any(map(_is_rejected, machine.leaves(settled)))

    values: dict[int, Value | None] = {}
    trees: dict[int, Tree] = {}

    def visit(node: Value) -> Value | None:
        if id(node) not in values:
            if isinstance(node, Choice):
                one, two = visit(node.then), visit(node.other)
                values[id(node)] = (
                    machine.choose(node.test, one, two) if one is not None and two is not None else one or two
                )
            else:
                values[id(node)] = None if node is ABSENT or _is_rejected(node) else node
        return values[id(node)]

    value = visit(settled)
    tree: Tree | None = None
    if rejected:
        state = machine.snapshot()
        thrown = Thrown(Opaque(NO_MARKS, span), state, span)

        def fork(node: Value) -> Tree:
            if id(node) not in trees:
                if isinstance(node, Choice):
                    one, two = fork(node.then), fork(node.other)
                    trees[id(node)] = one if one is two else Fork(node.test, one, two)
                else:
                    trees[id(node)] = thrown if _is_rejected(node) else NORMAL
            return trees[id(node)]

        tree = fork(settled)
    return value if value is not None else Constant(ir.UNDEFINED, span), tree
