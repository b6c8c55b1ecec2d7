"""Expressions: what each gives, as far as the program alone decides it."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Literal

from ...authorizer import ir
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import MAX_DEPTH, MAX_ITEMS, may_lack
from .library import FUNCTIONS, Arguments
from .nodes import FileText, Function, Joined, Reference
from .state import MAX_LENGTH, Flow, Scope, either, text_scalar, undefined
from .statements import Statements, same, truth

__all__ = ["Expressions"]


_LOGICAL: dict[str, Literal["and", "or", "??"]] = {"and": "and", "or": "or", "??": "??"}


class Expressions(Statements):
    """Works out expressions."""

    def value(self, expression: ir.Expression, scope: Scope) -> Node:
        self.step()
        if self.depth > MAX_DEPTH:
            return self.opened(expression.span, "it is nested too deeply")
        self.depth += 1
        try:
            return self._evaluated(expression, scope)
        finally:
            self.depth -= 1

    def _evaluated(self, node: ir.Expression, scope: Scope) -> Node:
        span = node.span
        match node:
            case ir.Constant():
                return _constant(node)
            case ir.Name():
                return self._name(node, scope)
            case ir.Member():
                return self._member(node, scope)
            case ir.Index():
                return self.item(self.value(node.object, scope), self.value(node.index, scope), span)
            case ir.Call():
                return self.call(node, scope)
            case ir.ObjectDisplay():
                return self._object(node, scope)
            case ir.ListDisplay():
                items, more = self.listed(node.items, scope)
                sequence = Sequence(items, span)
                sequence.more = more
                self.memory.made(sequence)
                return sequence
            case ir.Template():
                return self.joined([self.value(part, scope) for part in _whole_texts(node.parts)], span)
            case ir.Binary():
                return self._binary(node, scope)
            case ir.Unary():
                return self._unary(node, scope)
            case ir.Logical():
                return self._logical(node, scope)
            case ir.Conditional():
                return self._conditional(node, scope)
            case ir.FunctionExpression():
                return self.function(node.function, scope)
            case ir.ClassDefinition():
                return self.class_value(node, scope)
            case ir.Await():
                return self.value(node.operand, scope)
            case ir.Yield():
                self.value(node.operand, scope)
            case ir.Assign():
                return self._assignment(node, scope)
            case ir.Comprehension():
                return self._comprehension(node, scope)
            case ir.Sequence():
                values = [self.value(item, scope) for item in node.expressions]
                return values[-1] if values else undefined(span)
            case ir.ImportCall():
                return self.required(node)
            case ir.Unknown():
                for part in node.parts:
                    self.value(part, scope)
        return self.opened(span)

    def _name(self, node: ir.Name, scope: Scope) -> Node:
        holder = scope.holder(node.id)
        if holder is not None:
            history = holder.history.get(node.id, [])
            if holder.run != self.run and len(history) > 1:
                # When what is followed now happens, only a run knows.
                return either(list(history), Open(node.id, f"{node.id} is set in several places", node.span))
            found = holder.values.get(node.id)
            if found is not None:
                return found
            if self.language == "python":
                return Open(node.id, f"{node.id} is set somewhere else", node.span)
            return undefined(node.span)
        module = self.module_of(node.span)
        path = module.path
        if node.id == "__dirname":
            path = path.parent
        if node.id in {"__dirname", "__filename", "__file__"}:
            return Scalar(path.as_posix(), path.as_posix(), node.span, "path")
        if len(module.stars) == 1 and not hasattr(builtins, node.id):
            return Reference(node.id, node.span, module.stars[0], (node.id,))
        return Reference(node.id, node.span, "", (node.id,))

    def _member(self, node: ir.Member, scope: Scope) -> Node:
        if isinstance(node.object, ir.Unknown) and node.object.span.text == "import.meta":
            path = self.module_of(node.span).path
            if node.key in {"dirname", "dir"}:
                path = path.parent
            if node.key in {"url", "filename", "path", "dirname", "dir"}:
                return Scalar(path.as_posix(), path.as_posix(), node.span, "path")
        if isinstance(node.object, ir.Name) and node.object.id == "super":
            return self.super_method(node.key, scope, node.span)
        return self.attribute(self.value(node.object, scope), node.key, node.span)

    def _object(self, node: ir.ObjectDisplay, scope: Scope) -> Table:
        table = Table({}, {}, node.span)
        self.memory.made(table)
        for entry in node.entries:
            value = self.value(entry.value, scope)
            if entry.key is None:
                self.spread(table, value)
                continue
            key = self.value(entry.key, scope)
            if not isinstance(key, Scalar):
                table.more = self.opened(key.span, "a key is computed")
                continue
            if isinstance(value, Function) and value.receiver is None:
                value.receiver = table
            table.entries[key.text] = value
            table.keys[key.text] = Scalar(key.text, key.text, key.span)
        return table

    # Operators.

    def _binary(self, node: ir.Binary, scope: Scope) -> Node:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        span = node.span
        if node.operator == "==":
            equal = same(left, right, self.language)
            return self.opened(span) if equal is None else Scalar(equal, str(equal).lower(), span)
        if node.operator == "+" and isinstance(left, Sequence) and isinstance(right, Sequence):
            if len(left) + len(right) > MAX_LENGTH:
                return self.opened(span, "it is too long to be followed")
            result = Sequence([*left.items, *right.items], span)
            result.more = left.more or right.more
            return result
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            number = _arithmetic(node.operator, left.value, right.value)
            if number is not None:
                return Scalar(number, str(number), span)
        if node.operator == "+" and any(isinstance(part, Scalar | Joined | FileText) for part in (left, right)):
            return self.joined([left, right], span)
        if node.operator == "|" and isinstance(left, Table) and isinstance(right, Table):
            merged = Table({}, {}, span)
            self.spread(merged, left)
            self.spread(merged, right)
            return merged
        if node.operator == "/" and isinstance(left, Scalar) and left.tag == "path":
            return FUNCTIONS["path.join"](self, None, Arguments([left, right], {}, span)) or self.opened(span)
        return self.opened(span)

    def _unary(self, node: ir.Unary, scope: Scope) -> Node:
        operand = self.value(node.operand, scope)
        if node.operator == "not":
            known = truth(operand, self.language)
            return self.opened(node.span) if known is None else Scalar(not known, str(not known).lower(), node.span)
        if node.operator in {"-", "+"} and isinstance(operand, Scalar):
            number = _arithmetic(node.operator, 0, operand.value)
            return self.opened(node.span) if number is None else Scalar(number, str(number), node.span)
        if node.operator == "void":
            return undefined(node.span)
        if node.operator == "delete":
            self._delete(node.operand, scope)
        return self.opened(node.span)

    def _delete(self, target: ir.Expression, scope: Scope) -> None:
        if isinstance(target, ir.Member):
            key: Node = Scalar(target.key, target.key, target.span)
        elif isinstance(target, ir.Index):
            key = self.value(target.index, scope)
        else:
            return
        holder = self.value(target.object, scope)
        if isinstance(holder, Table) and isinstance(key, Scalar):
            self.memory.set_entry(holder, key.text, undefined(target.span))
        else:
            self.forget(holder, self.opened(target.span))

    def _logical(self, node: ir.Logical, scope: Scope) -> Node:
        left = self.value(node.left, scope)
        known = truth(left, self.language)
        if node.operator == "??":
            known = None if isinstance(left, Open) and known is None else not _is_null(left)
        if known is not None:
            return self.value(node.right, scope) if known is (node.operator == "and") else left
        why = self.depends(node.left.span)
        right = self.maybe(node.right, scope, why)
        if node.operator == "and":
            options = left.options if isinstance(left, Open) and left.complete else (None,)
            false = [option for option in options if option is None or truth(option, self.language) is not True]
            return either([right, *false], why)
        if isinstance(left, Open) and type(left) is Open and left.complete and node.operator == "or":
            # What counts as false gives way as well as what is not set.
            kept = [
                option for option in left.options if option is not None and truth(option, self.language) is not False
            ]
            return either([*kept, right] if len(kept) < len(left.options) else [left], why)
        if isinstance(left, Open):
            return self.with_default(left, right, node.span)
        return either([left, right], why)

    def _keep(self, node: ir.Expression, scope: Scope, values: list[Node]) -> Callable[[], Flow]:
        """Return what works out an expression as a way the program can go, and keeps its value."""

        def run() -> Flow:
            values.append(self.value(node, scope))
            return "falls"

        return run

    def _conditional(self, node: ir.Conditional, scope: Scope) -> Node:
        known = truth(self.value(node.test, scope), self.language)
        if known is not None:
            return self.value(node.then if known else node.other, scope)
        values: list[Node] = []
        why = self.depends(node.test.span)
        self.branches([self._keep(node.then, scope, values), self._keep(node.other, scope, values)], why)
        return either(list(values), why)

    def _assignment(self, node: ir.Assign, scope: Scope) -> Node:
        if node.operator is None:
            if isinstance(node.target, ir.MemberPattern) and self.language == "javascript":
                # JavaScript looks first where the value goes to.
                holder, key = self.value(node.target.object, scope), self.value(node.target.key, scope)
                value = self.value(node.value, scope)
                self.assign_member(holder, key, value)
                return value
            value = self.value(node.value, scope)
            self.assign(node.target, value, scope)
            return value
        target: ir.Expression
        match node.target:
            case ir.NamePattern():
                target = ir.Name(node.target.id, node.target.span)
            case ir.MemberPattern():
                target = ir.Index(node.target.object, node.target.key, node.target.span)
            case _:
                return self.opened(node.span)
        word = _LOGICAL.get(node.operator)
        if word is not None:
            value = self.value(ir.Logical(word, target, node.value, node.span), scope)
            if word == "and":
                value = either([value, self.value(target, scope)], self.depends(node.span))
        else:
            value = self.value(ir.Binary(node.operator, target, node.value, node.span), scope)
            held = self.value(target, scope)
            if isinstance(held, Open):
                self.forget(held, self.opened(node.span))
            if isinstance(held, Sequence):
                # Python's += changes the list itself.
                if isinstance(value, Sequence):
                    self.memory.set_items(held, value.items, value.more)
                else:
                    self.forget(held, self.opened(node.span))
                return held
        self.assign(node.target, value, scope)
        return value

    def _comprehension(self, node: ir.Comprehension, scope: Scope) -> Node:
        if len(node.loops) == 1 and node.key is None:
            pattern, iterable, conditions = node.loops[0]
            items = self.value(iterable, scope)
            gaps = isinstance(items, Sequence) and any(map(may_lack, items))
            if isinstance(items, Sequence) and not gaps and not conditions and len(items) <= MAX_ITEMS:
                result = Sequence([], node.span)
                for item in items:
                    own = Scope(scope, node.names, self.run)
                    self.assign(pattern, item, own)
                    result.items.append(self.value(node.value, own))
                result.more = items.more
                return result
        own = Scope(scope, node.names, self.run)
        self.repeated(lambda: self._round(node, own), self.opened(node.span, "a loop decides it"))
        return self.opened(node.span)

    def _round(self, node: ir.Comprehension, scope: Scope) -> Flow:
        for pattern, iterable, conditions in node.loops:
            self.value(iterable, scope)
            self.assign(pattern, self.opened(iterable.span, "it is an item of a list"), scope)
            for condition in conditions:
                self.value(condition, scope)
        self.value(node.value, scope)
        return "falls"


def _constant(node: ir.Constant) -> Scalar:
    value = node.value
    if isinstance(value, ir.Undefined):
        return undefined(node.span)
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if value is None:
        return Scalar(None, "null", node.span)
    if isinstance(value, str):
        return text_scalar(value, node.span)
    return Scalar(value, str(value).lower() if isinstance(value, bool) else str(value), node.span)


def _whole_texts(parts: tuple[ir.Expression, ...]) -> list[ir.Expression]:
    """Return the parts of a template with its own texts whole: two escapes may be one character."""
    found: list[ir.Expression] = []
    for part in parts:
        last = found[-1] if found else None
        one, two = getattr(last, "value", None), getattr(part, "value", None)
        if (
            isinstance(part, ir.Constant)
            and isinstance(last, ir.Constant)
            and isinstance(one, str)
            and isinstance(two, str)
        ):
            span = last.span.source.span(last.span.start_offset, part.span.end_offset)
            found[-1] = ir.Constant(one + two, span)
        else:
            found.append(part)
    return found


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _arithmetic(operator: str, left: object, right: object) -> int | float | None:
    """Return what two numbers give, None for what are no numbers or give none that matters."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return None
    try:
        match operator:
            case "+":
                result = left + right
            case "-":
                result = left - right
            case "*":
                result = left * right
            case "/":
                result = left / right
            case _:
                return None
    except (ZeroDivisionError, OverflowError):
        return None
    if not abs(result) < 1 << 53:
        return None
    return int(result) if result == int(result) else result
