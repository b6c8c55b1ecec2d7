"""Statements: one after the other, branches side by side, loops as if they ran any number of times."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...authorizer import ir
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import MAX_ITEMS
from .calls import Calls
from .nodes import Call, Function, Reference
from .state import Flow, Left, Scope, undefined

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
                return "throws"
            case ir.Break() | ir.Continue():
                return "breaks"
            case ir.Import():
                self.bind_import(statement, scope)
            case ir.Block():
                return self.inner(statement, scope)
            case ir.LabelledBlock():
                return self._left_by_break(lambda: self.inner(statement.body, scope), statement.span)
        return "falls"

    def branches(self, runs: list[Callable[[], Flow]], why: Open) -> Flow:
        ends = [self.memory.attempt(run) for run in runs]
        frame = self.frames[-1]
        for flow, left in ends:
            if flow == "returns":
                frame.returns.append(left)
            elif flow == "breaks" and frame.breaks:
                frame.breaks[-1].append(left)
        going = [left for flow, left in ends if flow == "falls"]
        if going:
            self.memory.join(going, why)
            return "falls"
        flows = {flow for flow, _ in ends}
        return "breaks" if "breaks" in flows else "returns" if "returns" in flows else "throws"

    def repeated(self, run: Callable[[], Flow], why: Open) -> Flow:
        # What a round changes, the next one finds changed.
        calls, writes, results = len(self.calls), len(self.writes), len(self.frames[-1].results)
        flow, left = self.memory.attempt(run)
        if self.memory.changes(left):
            del self.calls[calls:], self.writes[writes:], self.frames[-1].results[results:]

            def again() -> Flow:
                self.memory.forget(left, why)
                return run()

            flow, left = self.memory.attempt(again)
        if flow == "returns":
            self.frames[-1].returns.append(left)
            return "falls"
        if flow == "falls":
            self.memory.join([left], why, unchanged=True)
        return "falls"

    def _left_by_break(self, run: Callable[[], Flow], span: Span) -> Flow:
        """Follow something that ``break`` leaves."""
        breaks: list[Left] = []
        frame = self.frames[-1]
        frame.breaks.append(breaks)
        try:
            flow = run()
        finally:
            frame.breaks.pop()
        if breaks:
            self.memory.join(breaks, self.depends(span), unchanged=True)
            return "falls"
        return "falls" if flow == "breaks" else flow

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
            return self._left_by_break(lambda: self._each(loop, list(iterable.items), scope), loop.span)
        why = self.opened(loop.span, "a loop decides it")

        def round_() -> Flow:
            if loop.test is not None:
                self.value(loop.test, own)
            if loop.target is not None:
                self.assign(loop.target, why, own)
            flow = self.inner(loop.body, own)
            if loop.update is not None:
                self.value(loop.update, own)
            return flow

        self.repeated(lambda: self._left_by_break(round_, loop.span), why)
        return self.inner(loop.otherwise, own)

    def _each(self, loop: ir.Loop, items: list[Node], scope: Scope) -> Flow:
        """Follow a loop over a known list item by item."""
        for item in items:
            own = Scope(scope, loop.names, self.run) if loop.names else scope
            if loop.target is not None:
                self.assign(loop.target, item, own)
            flow = self._left_by_break(lambda own=own: self.inner(loop.body, own), loop.span)  # type: ignore[misc]
            if flow != "falls":
                return flow
        return self.inner(loop.otherwise, scope)

    def _try(self, statement: ir.Try, scope: Scope) -> Flow:
        def body() -> Flow:
            flow = self.inner(statement.body, scope)
            return self.inner(statement.otherwise, scope) if flow == "falls" else flow

        def handler(catch: ir.Catch) -> Callable[[], Flow]:
            def run() -> Flow:
                own = Scope(scope, (), self.run)
                if catch.target is not None:
                    own.names.update([catch.target.id] if isinstance(catch.target, ir.NamePattern) else ())
                    self.assign(catch.target, self.opened(catch.span, "it is an exception"), own)
                return self.inner(catch.body, own)

            return run

        if statement.catches:
            runs = [body, *(handler(catch) for catch in statement.catches)]
            flow = self.branches(runs, self.opened(statement.span, "it depends on whether something fails"))
        else:
            flow = body()
        final = self.inner(statement.finalizer, scope)
        return flow if final == "falls" else final

    def _switch(self, statement: ir.Switch, scope: Scope) -> Flow:
        own = Scope(scope, statement.names, self.run)
        subject = self.value(statement.subject, own)
        cases = statement.cases
        known = [same(subject, self.value(case.test, own)) if case.test is not None else False for case in cases]
        first = next((index for index, equal in enumerate(known) if equal is not False), None)
        if first is not None and known[first] is True:
            return self._left_by_break(lambda: self._cases(cases[first:], own), statement.span)
        runs: list[Callable[[], Flow]] = [
            lambda index=index: self._left_by_break(lambda: self._cases(cases[index:], own), statement.span)  # type: ignore[misc]
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


def same(left: Node, right: Node) -> bool | None:
    """Return whether two values are equal; None where only a run knows."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        if isinstance(left.value, bool) != isinstance(right.value, bool):
            return None
        return left.value == right.value
    if isinstance(left, Reference) and isinstance(right, Reference):
        return True if (left.module, left.path) == (right.module, right.path) else None
    return None
