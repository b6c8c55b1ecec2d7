"""Calls: of the program's own functions, of the languages' libraries, and of everybody else's."""

from __future__ import annotations

from collections.abc import Iterator

from ...authorizer import ir
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import keyed
from .functions import Functions, SuperInit
from .library import FUNCTIONS, METHODS, PURE, Arguments
from .nodes import Attribute, Call, FileText, Function, Reference
from .objects import canonical
from .state import Flow, Scope, undefined

__all__ = ["Calls"]

_DEEPEST = 6


class Calls(Functions):
    """Follows calls."""

    def call(self, node: ir.Call, scope: Scope) -> Node:
        """Return what a call gives."""
        span = node.span
        if isinstance(node.callee, ir.Name) and node.callee.id == "super":
            arguments, keywords, more = self._arguments(node, scope)
            if self.language == "javascript":
                return self.super_call(arguments, keywords, more, scope, span)
            return self.opened(span)
        callee, receiver = self._callee(node.callee, scope)
        arguments, keywords, more = self._arguments(node, scope)
        if isinstance(callee, SuperInit):
            self.initialize_base(callee.receiver, callee.base, arguments, keywords, span, more)
            return undefined(span)
        if isinstance(callee, Function):
            target = callee.receiver if callee.tag == "method" or receiver is None else receiver
            return self.invoke(callee, arguments, keywords, target, span, unknown=more)
        known = self._known(callee, receiver, arguments, keywords, more, span)
        if known is not None:
            return known
        return self._foreign(node, callee, receiver, arguments, keywords, more)

    def _foreign(
        self,
        node: ir.Call,
        callee: Node,
        receiver: Node | None,
        arguments: list[Node],
        keywords: dict[str, Node],
        more: Open | None,
    ) -> Call:
        """Return what a call of somebody else's gives, who may call back and change what is handed over."""
        span = node.span
        call = Call(
            self.shown(span),
            span,
            callee,
            [self.snapshot(item) for item in arguments],
            keyed({key: self.snapshot(item) for key, item in keywords.items()}, span),
            new=node.new,
            more=more,
        )
        self.remember(call)
        self.memory.made(call.fields)
        given = [*arguments, *keywords.values()]
        for function in _functions(given):
            self.call_back(function, span)
        if receiver is not None and isinstance(callee, Attribute) and callee.key not in PURE:
            self.forget(receiver, self.opened(span, f"{callee.key} may change it"))
        if not node.new and not call.name[:1].isupper() and call.name not in PURE:
            for item in given:
                if not (isinstance(item, Table | Sequence) and item.span is not None and _within(item.span, span)):
                    self.forget(item, self.opened(span, f"{self.shown(span)} may change it"))
        return call

    def call_back(self, function: Function, span: Span) -> None:
        """Follow a function that somebody else calls: never, once or many times."""
        if not isinstance(function.definition, ir.Function):
            return
        why = self.opened(span, "somebody else calls it")

        def run() -> Flow:
            self.invoke(function, [], {}, function.receiver, function.span, unknown=why)
            return "falls"

        self.repeated(run, why)

    def _callee(self, node: ir.Expression, scope: Scope) -> tuple[Node, Node | None]:
        """Return what is called, and what it is a method of."""
        if isinstance(node, ir.Member):
            inner = node.object.callee if isinstance(node.object, ir.Call) else node.object
            if isinstance(inner, ir.Name) and inner.id == "super":
                return self.super_method(node.key, scope, node.span), scope.find("this")
            receiver = self.value(node.object, scope)
            if isinstance(receiver, Sequence | Scalar | FileText):
                return Attribute(self.shown(node.span), "it is a method", node.span, receiver, node.key), receiver
            found = _one_name(self.attribute(receiver, node.key, node.span))
            if type(found) is Open:
                found = Attribute(found.text, found.why, node.span, receiver, node.key)
            return found, receiver
        if isinstance(node, ir.Index):
            receiver = self.value(node.object, scope)
            return self.item(receiver, self.value(node.index, scope), node.span), receiver
        return _one_name(self.value(node, scope)), None

    def _arguments(self, node: ir.Call, scope: Scope) -> tuple[list[Node], dict[str, Node], Open | None]:
        """Return the arguments by position and by keyword, and why there may be more."""
        positional: list[ir.Argument] = []
        table = Table({}, {}, node.span)
        for argument in node.arguments:
            if argument.keyword is None:
                positional.append(argument)
            elif argument.spread:
                self.spread(table, self.value(argument.value, scope))
            else:
                table.entries[argument.keyword] = self.value(argument.value, scope)
        found, more = self.listed(positional, scope)
        return found, table.entries, table.more or more

    def _known(
        self,
        callee: Node,
        receiver: Node | None,
        arguments: list[Node],
        keywords: dict[str, Node],
        more: Open | None,
        span: Span,
    ) -> Node | None:
        """Return what a call of the language's own library gives; None where it is another one."""
        if more is not None:
            return None
        name = canonical(callee)
        given = Arguments(arguments, keywords, span)
        if name:
            return FUNCTIONS[name](self, None, given) if name in FUNCTIONS else None
        if isinstance(callee, Attribute) and receiver is not None and callee.key in METHODS:
            return METHODS[callee.key](self, receiver, given)
        return None


def _one_name(callee: Node) -> Node:
    """Return the first of what is the same name of one package or another, and any other value as it is."""
    if not isinstance(callee, Open) or type(callee) is not Open or not callee.complete:
        return callee
    options = [option for option in callee.options if option is not None]
    names = {option.name if isinstance(option, Reference) else "" for option in options}
    return options[0] if len(names) == 1 and "" not in names else callee


def _functions(nodes: list[Node], depth: int = 0) -> Iterator[Function]:
    """Yield the functions in some values."""
    for node in nodes:
        if isinstance(node, Function):
            yield node
        elif isinstance(node, Table) and depth < _DEEPEST:
            yield from _functions(list(node.entries.values()), depth + 1)
        elif isinstance(node, Sequence) and depth < _DEEPEST:
            yield from _functions(list(node.items), depth + 1)


def _within(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start_offset <= inner.start_offset < outer.end_offset
