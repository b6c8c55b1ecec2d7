"""Functions and classes of the program: following them where they are called."""

from __future__ import annotations

from collections.abc import Iterator

from ...authorizer import ir
from ...text import Span
from ...tree import Node, Open, Sequence
from .base import MAX_CALLS, MAX_REPEATS, Class, Frame, Instance, keyed
from .nodes import Attribute, Function
from .objects import Objects
from .state import Scope, either, undefined

__all__ = ["Functions", "SuperInit"]


class SuperInit(Attribute):
    """Python's ``super().__init__``."""

    __slots__ = ("receiver",)

    def __init__(self, base: Node, receiver: Instance, span: Span) -> None:
        super().__init__("super().__init__", "it is the base's constructor", span, base, "__init__")
        self.receiver = receiver


class Functions(Objects):
    """Follows calls of the program's own functions and constructions of its own classes."""

    def function(self, definition: ir.Function, scope: Scope) -> Function:
        """Return a function as a value."""
        function = Function(self.shown(definition.span), definition.span, definition, scope, None)
        self.created.append(function)
        return function

    def invoke(
        self,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        receiver: Node | None,
        span: Span | None,
        *,
        unknown: Open | None = None,
    ) -> Node:
        definition, scope = function.definition, function.scope
        if not self._may_follow(definition):
            # What it does to what it is given is not known.
            for item in (*arguments, *keywords.values()):
                self.forget(item, self.opened(span, f"{self.shown(span)} may change it"))
            return self.opened(span, "functions call each other too deeply")
        if isinstance(definition, Class):
            return self.construct(function, arguments, keywords, span, unknown=unknown)
        assert isinstance(definition, ir.Function)
        assert isinstance(scope, Scope)
        self.followed.add(id(definition))
        own = Scope(scope, (), self.run)
        if not definition.arrow:
            own.names.add("this")
            own.values["this"] = receiver or Open("this", "it is whatever the function is called on", span)
        if function.tag == "method" and receiver is not None:
            arguments = [receiver, *arguments]
        frame = Frame(definition.name or "a function", receiver, definition)
        self.frames.append(frame)
        try:
            self._parameters(definition, arguments, keywords, own, unknown)
            body = definition.body.block
            own.names.update(body.names)
            if isinstance(receiver, Instance) and definition.name == "constructor":
                self._parameter_fields(receiver, own)
            flow = self.block(body, own)
        finally:
            self.frames.pop()
        (returns,) = frame.exits["returns"]
        if returns:
            why = self.opened(definition.span, f"it depends on where {frame.name} returns")
            self.memory.join_exits(returns, why, unchanged=flow in ("falls", "returns"))
        if definition.is_generator:
            return self.opened(span, f"{frame.name} makes it step by step")
        results: list[Node | None] = list(frame.results)
        if flow == "falls" or not results:
            results.append(None)
        return either(results, self.opened(span, f"it depends on what {frame.name} returns"))

    def _may_follow(self, definition: object) -> bool:
        """Whether a function may be followed once more: none into itself, and none all the time."""
        if len(self.frames) > MAX_CALLS or any(frame.definition is definition for frame in self.frames):
            return False
        count = self.counts[id(definition)] = self.counts.get(id(definition), 0) + 1
        return count <= MAX_REPEATS

    def _parameters(
        self,
        definition: ir.Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        scope: Scope,
        unknown: Open | None,
    ) -> None:
        given, left = list(arguments), dict(keywords)
        for parameter in definition.parameters:
            target = parameter.target
            names = list(_names(target))
            scope.names.update(names)
            name = names[0] if isinstance(target, ir.NamePattern) else ""
            more = Open(name, f"it is a parameter of {definition.name or 'a function'}", target.span)
            value: Node | None = None
            if parameter.kind == "rest":
                rest = Sequence(given, target.span)
                rest.more = more if unknown is not None else None
                value, given = rest, []
            elif parameter.kind == "keywords":
                table = keyed(left, target.span)
                table.more = more if unknown is not None else None
                value, left = table, {}
            elif given and parameter.kind == "plain":
                value = given.pop(0)
            else:
                value = left.pop(name, None)
            if value is not None:
                value = self.or_default(value, parameter.default, scope)
            else:
                default: Node | None = None
                if parameter.default is not None:
                    opened = unknown is not None
                    default = (
                        self.maybe(parameter.default, scope, more) if opened else self.value(parameter.default, scope)
                    )
                if unknown is None:
                    value = default if default is not None else undefined(target.span)
                elif default is None:
                    value = Open(name or self.shown(target.span), more.why, target.span)
                else:
                    value = self.with_default(Open(name, more.why, target.span), default, target.span)
            self.assign(target, value, scope)

    # Classes.

    def class_value(self, definition: ir.ClassDefinition, scope: Scope) -> Function:
        """Return a class as a value."""
        held = Class(definition, [self.value(base, scope) for base in definition.bases])
        function = Function(self.shown(definition.span), definition.span, held, scope, None)
        self.created.append(function)
        for member in definition.members:
            if member.is_static and member.kind == "field" and member.value is not None:
                self.memory.set_entry(held.static, member.name, self.value(member.value, scope))
        return function

    def construct(
        self,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        span: Span | None,
        *,
        unknown: Open | None = None,
    ) -> Node:
        """Return an object of a class of the program."""
        held = function.definition
        assert isinstance(held, Class)
        if span is None:
            span = held.definition.span
        instance = Instance(self.shown(span), span, function)
        held.instances.append(instance)
        self.memory.made(instance.fields)
        if held.definition.record:
            self._record(held, instance, arguments, keywords, unknown)
        self._initialize(instance, function, arguments, keywords, span, unknown)
        return instance

    def _record(
        self, held: Class, instance: Instance, arguments: list[Node], keywords: dict[str, Node], unknown: Open | None
    ) -> None:
        """Set the fields of an object whose class takes them as arguments."""
        given = list(arguments)
        for member in held.definition.members:
            if member.kind != "field":
                continue
            value = given.pop(0) if given else keywords.get(member.name)
            if value is None and unknown is not None:
                value = Open(member.name, f"it is a field of {held.definition.name}", instance.span)
            if value is not None:
                self.memory.set_entry(instance.fields, member.name, value)

    def _initialize(
        self,
        instance: Instance,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        span: Span | None,
        unknown: Open | None,
    ) -> None:
        """Run the constructor of a class, or that of its base, on an object."""
        held = function.definition
        assert isinstance(held, Class)
        name = "constructor" if self.language == "javascript" else "__init__"
        own = next((member for member in held.definition.members if member.name == name), None)
        base = held.base()
        if own is None and base is not None:
            self.initialize_base(instance, base, arguments, keywords, span, unknown)
        if own is None or base is None or self.language == "python":
            self.fields(instance, function)
        if own is not None and isinstance(own.value, ir.FunctionExpression):
            bound = self.bound(function, own, own.value.function, instance)
            self.invoke(bound, arguments, keywords, instance, span, unknown=unknown)

    def fields(self, instance: Instance, function: Function) -> None:
        """Set the fields that a class gives its objects."""
        held = function.definition
        assert isinstance(held, Class)
        assert isinstance(function.scope, Scope)
        own = Scope(function.scope, ("this",), self.run)
        own.values["this"] = instance
        for member in held.definition.members:
            if member.kind != "field" or member.is_static or member.value is None or _is_parameter(member):
                continue
            if not (held.definition.record and member.name in instance.fields):
                self.memory.set_entry(instance.fields, member.name, self.value(member.value, own))

    def _parameter_fields(self, instance: Instance, scope: Scope) -> None:
        """Set the fields that take a constructor's argument: ``constructor(private readonly props)``."""
        owner = scope.find("class#")
        held = owner.definition if isinstance(owner, Function) else None
        for member in held.definition.members if isinstance(held, Class) else ():
            if _is_parameter(member):
                value = scope.values.get(member.name)
                if value is not None:
                    self.memory.set_entry(instance.fields, member.name, value)

    def initialize_base(
        self,
        instance: Instance,
        base: Node,
        arguments: list[Node],
        keywords: dict[str, Node],
        span: Span | None,
        unknown: Open | None,
    ) -> None:
        """Run the constructor of a base: one of the program, or what then is a construction of somebody else's."""
        if isinstance(base, Function) and isinstance(base.definition, Class):
            if self._may_follow(base.definition):
                self._initialize(instance, base, arguments, keywords, span, unknown)
            return
        instance.callee = base
        instance.arguments = [self.snapshot(item) for item in arguments]
        instance.keywords = keyed({key: self.snapshot(item) for key, item in keywords.items()}, span)
        instance.more = unknown
        self.remember(instance)

    def super_call(
        self, arguments: list[Node], keywords: dict[str, Node], more: Open | None, scope: Scope, span: Span
    ) -> Node:
        """Follow JavaScript's ``super(...)`` in a constructor."""
        receiver = scope.find("this")
        base, own = scope.find("super#"), scope.find("class#")
        if isinstance(receiver, Instance) and isinstance(own, Function):
            if base is not None:
                self.initialize_base(receiver, base, arguments, keywords, span, more)
            self.fields(receiver, own)
        return self.opened(span)

    def super_method(self, key: str, scope: Scope, span: Span) -> Node:
        """Return a method of the base: ``super.key`` and ``super().key``."""
        base = scope.find("super#") or self.opened(span)
        receiver = scope.find("this")
        if key == "__init__" and isinstance(receiver, Instance):
            return SuperInit(base, receiver, span)
        found = self.method(base, key, receiver) if isinstance(base, Function) and receiver is not None else None
        return found or Attribute(self.shown(span), "it is a method of the base class", span, base, key)


def _is_parameter(member: ir.ClassMember) -> bool:
    """Whether a field is a constructor's parameter."""
    return isinstance(member.value, ir.Name) and member.value.id.startswith("=")


def _names(target: ir.Pattern) -> Iterator[str]:
    """Yield the names that a pattern binds."""
    match target:
        case ir.NamePattern():
            yield target.id
        case ir.ObjectPattern() | ir.ArrayPattern():
            for entry in target.entries:
                if entry is not None:
                    yield from _names(entry.target)
            if target.rest is not None:
                yield from _names(target.rest)
