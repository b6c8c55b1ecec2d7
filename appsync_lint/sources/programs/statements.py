"""Statements: one after the other, branches side by side, loops as if they ran any number of times."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ...authorizer import ir
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import MAX_ITEMS, may_lack
from .calls import Calls
from .nodes import Call, Function, Reference
from .state import Exit, Flow, Left, Scope, undefined

__all__ = ["Statements", "same", "truth"]


class Statements(Calls):
    """Follows statements."""

    def block(self, block: ir.Block, scope: Scope) -> Flow:
        for name, function in block.functions:
            self.memory.assign(scope, name, self.function(function, scope))
        for statement in block.statements:
            flow = self.statement(statement, scope)
            if flow != "falls":
                return flow
        return "falls"

    def inner(self, block: ir.Block | None, scope: Scope, names: Iterable[str] = ()) -> Flow:
        """Follow statements in a scope of their own."""
        if block is None:
            return "falls"
        declared = (*block.names, *names)
        return self.block(block, Scope(scope, declared, self.run) if declared or block.functions else scope)

    def statement(self, statement: ir.Statement, scope: Scope) -> Flow:
        """Follow one statement, and return how it ends."""
        self.step()
        match statement:
            case ir.Evaluate():
                self.value(statement.value, scope)
            case ir.If():
                return self._if(statement, scope)
            case ir.Loop():
                return self._loop(statement, scope)
            case ir.Try():
                return self._try(statement, scope)
            case ir.Switch():
                return self._switch(statement, scope)
            case ir.Return():
                value = self.value(statement.value, scope) if statement.value is not None else undefined(statement.span)
                self.frames[-1].results.append(value)
                return "returns"
            case ir.Throw():
                if statement.value is not None:
                    self.value(statement.value, scope)
                return "ends"
            case ir.Break():
                return "breaks"
            case ir.Continue():
                return "continues"
            case ir.Import():
                self.bind_import(statement, scope)
            case ir.Block():
                return self.inner(statement, scope)
            case ir.LabelledBlock():
                return self._left_by("breaks", lambda: self.inner(statement.body, scope), statement.span)
        return "falls"

    def branches(self, runs: list[Callable[[], Flow]], why: Open) -> Flow:
        return self._joined([self.memory.attempt(run) for run in runs], why)

    def _joined(self, ends: list[tuple[Flow, Left]], why: Open) -> Flow:
        """Go on in what several ways through the program have in common."""
        exits = self.frames[-1].exits
        for flow, left in ends:
            if exits.get(flow):
                exits[flow][-1].append(self.memory.exit(left))
        going = [left for flow, left in ends if flow == "falls"]
        if going:
            self.memory.join(going, why)
        return "falls" if going else "ends"

    def repeated(self, run: Callable[[], Flow], why: Open) -> Flow:
        # What a round changes, the next one finds changed.
        frame = self.frames[-1]
        kept: list[list[Any]] = [self.calls, self.writes, frame.results]
        kept += [lists[-1] for lists in frame.exits.values() if lists]
        lengths = [len(items) for items in kept]
        flow, left = self.memory.attempt(run)
        if left:
            for items, length in zip(kept, lengths, strict=True):
                del items[length:]

            def again() -> Flow:
                self.memory.forget(left, why)
                return run()

            flow, left = self.memory.attempt(again)
        if flow == "falls":
            self.memory.join([left], why, unchanged=True)
        else:
            self._joined([(flow, left)], why)
        return "falls"

    def _left_by(self, kind: Flow, run: Callable[[], Flow], span: Span) -> Flow:
        """Follow something that ``break`` or ``continue`` leaves."""
        exits: list[Exit] = []
        around = self.frames[-1].exits[kind]
        around.append(exits)
        try:
            flow = run()
        finally:
            around.pop()
        if exits:
            self.memory.join_exits(exits, self.depends(span), unchanged=flow in ("falls", kind))
            return "falls" if flow in ("falls", "ends", kind) else flow
        return "falls" if flow == kind else flow

    def _if(self, statement: ir.If, scope: Scope) -> Flow:
        known = truth(self.value(statement.test, scope), self.language)
        if known is not None:
            return self.inner(statement.then if known else statement.other, scope)
        runs: list[Callable[[], Flow]] = [
            lambda: self.inner(statement.then, scope),
            lambda: self.inner(statement.other, scope),
        ]
        return self.branches(runs, self.depends(statement.test.span))

    def _loop(self, loop: ir.Loop, scope: Scope) -> Flow:
        own = Scope(scope, loop.names, self.run) if loop.names else scope
        iterable = self.value(loop.iterable, own) if loop.iterable is not None else None
        if isinstance(iterable, Sequence) and iterable.more is None and not loop.keys and len(iterable) <= MAX_ITEMS:
            return self._left_by("breaks", lambda: self._each(loop, list(iterable.items), scope), loop.span)
        why = self.opened(loop.span, "a loop decides it")

        def round_() -> Flow:
            if loop.test is not None:
                self.value(loop.test, own)
            if loop.target is not None:
                self.assign(loop.target, why, own)
            flow = self._left_by("continues", lambda: self.inner(loop.body, own), loop.span)
            if loop.update is not None:
                self.value(loop.update, own)
            return flow

        self.repeated(lambda: self._left_by("breaks", round_, loop.span), why)
        return self.inner(loop.otherwise, own)

    def _each(self, loop: ir.Loop, items: list[Node], scope: Scope) -> Flow:
        """Follow a loop over a known list item by item."""
        for item in items:
            flow = self._round_with(loop, item, scope)
            if flow != "falls":
                return flow
        return self.inner(loop.otherwise, scope)

    def _round_with(self, loop: ir.Loop, item: Node, scope: Scope) -> Flow:
        own = Scope(scope, loop.names, self.run) if loop.names else scope

        def run() -> Flow:
            if loop.target is not None:
                self.assign(loop.target, item, own)
            return self._left_by("continues", lambda: self.inner(loop.body, own), loop.span)

        return self.branches([run, lambda: "falls"], self.depends(item.span)) if may_lack(item) else run()

    def _try(self, statement: ir.Try, scope: Scope) -> Flow:
        def body() -> Flow:
            flow = self.inner(statement.body, scope)
            return self.inner(statement.otherwise, scope) if flow == "falls" else flow

        why = self.opened(statement.span, "it depends on whether something fails")

        def handler(catch: ir.Catch) -> Callable[[], Flow]:
            def run() -> Flow:
                self.memory.interrupted(start, end, why)
                own = Scope(scope, (), self.run)
                if catch.target is not None:
                    own.names.update([catch.target.id] if isinstance(catch.target, ir.NamePattern) else ())
                    self.assign(catch.target, self.opened(catch.span, "it is an exception"), own)
                return self.inner(catch.body, own)

            return run

        if statement.catches:
            start = self.memory.moment
            ends = [self.memory.attempt(body)]
            end = self.memory.moment
            ends += [self.memory.attempt(handler(catch)) for catch in statement.catches]
            flow = self._joined(ends, why)
        else:
            flow = body()
        final = self.inner(statement.finalizer, scope)
        return flow if final == "falls" else final

    def _switch(self, statement: ir.Switch, scope: Scope) -> Flow:
        own = Scope(scope, statement.names, self.run)
        subject = self.value(statement.subject, own)
        cases = statement.cases
        known = [
            same(subject, self.value(case.test, own), self.language) if case.test is not None else False
            for case in cases
        ]
        first = next((index for index, equal in enumerate(known) if equal is not False), None)
        if first is not None and known[first] is True:
            return self._left_by("breaks", lambda: self._cases(cases[first:], own), statement.span)
        runs: list[Callable[[], Flow]] = [
            lambda index=index: self._left_by("breaks", lambda: self._cases(cases[index:], own), statement.span)  # type: ignore[misc]
            for index, case in enumerate(cases[:MAX_ITEMS])
            if known[index] is not False or case.test is None
        ]
        if all(case.test is not None for case in cases) or len(cases) > MAX_ITEMS:
            runs.append(lambda: "falls")
        return self.branches(runs, self.depends(statement.span))

    def _cases(self, cases: tuple[ir.Case, ...], scope: Scope) -> Flow:
        for case in cases:
            flow = self.block(case.body, scope)
            if flow != "falls":
                return flow
        return "falls"


def truth(node: Node, language: str) -> bool | None:
    """Return whether a value counts as true; None where only a run knows."""
    if isinstance(node, Scalar):
        return bool(node.value)
    if isinstance(node, Table | Sequence):
        size = len(node.entries) if isinstance(node, Table) else len(node.items)
        if language == "javascript" or size:
            return True
        return False if node.more is None else None
    if isinstance(node, Function) or (isinstance(node, Call) and node.new):
        return True
    return None


def same(left: Node, right: Node, language: str) -> bool | None:
    """Return whether two values are equal; None where only a run knows."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        if left.value is None and right.value is None and language == "javascript":
            # Undefined and null differ, and are one here.
            return None
        if isinstance(left.value, bool) != isinstance(right.value, bool):
            return None
        return left.value == right.value
    if isinstance(left, Reference) and isinstance(right, Reference):
        return True if (left.module, left.path) == (right.module, right.path) else None
    return None
