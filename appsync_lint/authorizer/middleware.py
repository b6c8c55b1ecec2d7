"""Middy: a handler with steps before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ir, names, objects
from .domain import FALSE, TRUE, Arguments, Constant, Obj, Value

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["middy_method", "run_middy"]


def middy_method(machine: Machine, receiver: Value, name: str, arguments: Arguments) -> Value:
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
        objects.append(machine, steps, known if known is not None else [first], span)
    elif name in {"before", "after", "onError"}:
        objects.append(machine, steps, [machine.allocate(Obj("object", {name: first}), span)], span)
    return receiver


def run_middy(machine: Machine, content: Obj, arguments: Arguments, site: names.Site) -> Value:
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
        if early is None or names.is_undefined(early):
            return before(index + 1)
        decision = machine.map(early, lambda leaf: FALSE if names.is_undefined(leaf) else TRUE)
        return machine.branch(decision, lambda: early, lambda: before(index + 1))

    response = before(0)
    machine.set_item(request, Constant("response"), response, span)
    for step in reversed(steps):
        hook(step, "after")
    return machine.member(request, "response", span)
