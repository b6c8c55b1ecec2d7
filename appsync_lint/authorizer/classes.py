"""Classes and instances: members, construction, inheritance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..text import Span
from . import ir, names, objects
from .domain import NO_MARKS, Arguments, Bound, Builtin, Class, Closure, Constant, External, Obj, Opaque, Ref, Value

if TYPE_CHECKING:
    from .machine import Machine

__all__ = [
    "call_super",
    "class_member",
    "construct_by_function",
    "find_member",
    "instance_member",
    "instantiate",
    "is_instance",
    "super_member",
]

#: Of how many methods one may be meant by a name that is not known.
MOST_METHODS = 24


def methods(cls: Class, this: Value) -> list[Value]:
    """A class's methods, for a call of one that is named by a value."""
    named = [item for item in cls.definition.members if item.kind == "method" and not item.name.startswith("__")]
    found = [find_member(cls, item.name) for item in named if item.name != "constructor"]
    return [Bound(item, this) for item in found[:MOST_METHODS] if item is not None]


def call_awaiter(machine: Machine, arguments: Arguments, span: Span) -> Value:
    """``__awaiter(this, arguments, Promise, function* () { ... })``: an async function as TypeScript compiles it."""
    this = arguments.get(0)
    function = arguments.get(3)
    if not isinstance(function, Closure):
        return Opaque(machine.all_marks(arguments.every()), span)
    made = replace(function.function, is_async=True, is_generator=False)
    known = machine.elements(arguments.positional[1]) or []
    return machine.call(Bound(Closure(made, function.scope, function.home), this), Arguments(known), span)


def find_member(cls: Class, name: str, kind: str = "") -> Closure | None:
    """A method (or accessor) of a class or its bases."""
    for member in cls.definition.members:
        wanted = member.kind == kind if kind else member.kind in {"method", "getter"}
        if member.name == name and wanted and isinstance(member.value, ir.FunctionExpression):
            return Closure(member.value.function, cls.scope, cls, member.explicit_self and not member.is_static)
    for base in cls.bases:
        if isinstance(base, Class):
            found = find_member(base, name, kind)
            if found is not None:
                return found
    return None


def _definition(cls: Class, name: str) -> ir.ClassMember | None:
    for member in cls.definition.members:
        if member.name == name and member.kind != "setter":
            return member
    for base in cls.bases:
        if isinstance(base, Class):
            found = _definition(base, name)
            if found is not None:
                return found
    return None


def instance_member(machine: Machine, cls: Class, this: Value, key: str, span: Span) -> Value | None:
    """What an instance inherits under a key; None where its classes have no such member."""
    member = _definition(cls, key)
    if member is None or member.kind == "field":
        return _static(machine, cls, key)
    found = find_member(cls, key)
    if found is None:
        return None
    if member.kind == "getter":
        return machine.call(Bound(found, this), Arguments([]), span, key)
    return _decorated(machine, cls, member, found, cls if member.class_method else this, span)


def _decorated(machine: Machine, cls: Class, member: ir.ClassMember, found: Closure, this: Value, span: Span) -> Value:
    if not member.decorators:
        return Bound(found, this)
    value: Value = found
    with machine.at(type(machine.frame)(cls.scope, machine.frame.instance, cls)):
        for decorator in reversed(member.decorators):
            value = machine.call(machine.evaluate(decorator), Arguments([value]), span)
    wrapped = [leaf for leaf in machine.leaves(value) if isinstance(leaf, Closure)]
    if wrapped and wrapped[0] is not found:
        return Bound(wrapped[0], None, (this,)) if found.explicit_self else Bound(wrapped[0], this)
    return Bound(found, this)


def _static(machine: Machine, cls: Class, key: str) -> Value | None:
    content = machine.state.get(cls.statics)
    if isinstance(content, Obj) and key in content.entries:
        return content.entries[key]
    for base in cls.bases:
        if isinstance(base, Class):
            found = _static(machine, base, key)
            if found is not None:
                return found
    return None


def class_member(machine: Machine, cls: Class, key: str, span: Span) -> Value:
    """``Class.key``."""
    static = _static(machine, cls, key)
    if static is not None:
        return static
    member = _definition(cls, key)
    found = find_member(cls, key)
    if found is not None and member is not None:
        if member.class_method or not member.explicit_self:
            return Bound(found, cls)
        return found
    if any(isinstance(base, External) and base.path.endswith("Enum") for base in cls.bases):
        return Constant(key, span)
    return Constant(ir.UNDEFINED, span)


def super_member(machine: Machine, value: Builtin, key: str, span: Span) -> Value:
    """``super.key``."""
    this, home = value.data
    assert isinstance(home, Class)
    for base in home.bases:
        if isinstance(base, Class):
            found = instance_member(machine, base, this, key, span)
            if found is not None:
                return found
    return Builtin("nothing")


def call_super(machine: Machine, arguments: Arguments, span: Span) -> Value:
    """``super(...)``: JavaScript's base constructor, or Python's view of the base classes."""
    home = machine.frame.home
    cell = machine.lookup("this")
    if cell is None:
        closure_self = machine.lookup("self")
        cell = closure_self
    this = machine.state.get(cell) if cell is not None else None
    if home is None or this is None:
        return Opaque(NO_MARKS, span)
    if machine.frame.instance.module.language == "python":
        return Builtin("super", (this, home))
    for base in home.bases:
        if isinstance(base, Class):
            _construct(machine, base, this, arguments, span)
        else:
            marks = machine.all_marks(arguments.every())
            if marks:
                objects.taint(machine, this, marks, span)
    return this


def instantiate(machine: Machine, cls: Class, arguments: Arguments, span: Span) -> Value:
    """``new Class(...)``."""
    if any(isinstance(base, External) and base.path.endswith("Enum") for base in cls.bases):
        return Opaque(machine.all_marks(arguments.every()), span)
    this = machine.allocate(Obj("object", cls=cls, span=span), span)
    _construct(machine, cls, this, arguments, span)
    return this


def _construct(machine: Machine, cls: Class, this: Value, arguments: Arguments, span: Span) -> None:
    constructor = find_member(cls, "constructor") or find_member(cls, "__init__")
    own = any(member.name in {"constructor", "__init__"} for member in cls.definition.members)
    if not own:
        for base in cls.bases:
            if isinstance(base, Class):
                _construct(machine, base, this, arguments, span)
                break
    _fields(machine, cls, this, arguments)
    if own and constructor is not None:
        machine.call(Bound(constructor, this), arguments, span, "constructor")
    elif constructor is None and not cls.definition.record and any(not isinstance(base, Class) for base in cls.bases):
        marks = machine.all_marks(arguments.every())
        if marks:
            objects.taint(machine, this, marks, span)
    if cls.definition.record and not own:
        positional = list(arguments.positional)
        for name in _record_fields(cls):
            value = arguments.keywords.get(name) or (positional.pop(0) if positional else None)
            if value is not None:
                machine.set_item(this, Constant(name), value, span)


def _record_fields(cls: Class) -> list[str]:
    names: list[str] = []
    for base in cls.bases:
        if isinstance(base, Class):
            names += _record_fields(base)
    return names + [member.name for member in cls.definition.members if member.kind == "field"]


def _fields(machine: Machine, cls: Class, this: Value, arguments: Arguments) -> None:
    scope = machine.new_scope(("this",), cls.scope)
    machine.state.writes[scope.names["this"]] = this
    with machine.at(type(machine.frame)(scope, machine.frame.instance, cls)):
        for member in cls.definition.members:
            if member.kind != "field" or (member.is_static and not cls.definition.record) or member.value is None:
                continue
            value = member.value
            if isinstance(value, ir.Name) and value.id.startswith("="):
                given = _constructor_argument(machine, cls, value.id[1:], arguments)
                machine.set_item(this, Constant(member.name), given or Constant(ir.UNDEFINED), value.span)
            else:
                machine.set_item(this, Constant(member.name), machine.evaluate(value), value.span)


def construct_by_function(machine: Machine, function: Closure, arguments: Arguments, site: names.Site) -> Value:
    """``new f(...)`` of an ordinary function, whose methods are in ``f.prototype``."""
    prototype = machine.prototype(function, site.span)
    this = machine.allocate(Obj("object", {"#prototype": prototype}, span=site.span), site.span)
    result = machine.call_closure(function, this, arguments, site)
    return result if isinstance(result, Ref) else this


def _constructor_argument(machine: Machine, cls: Class, name: str, arguments: Arguments) -> Value | None:
    """What a parameter of the constructor that is also a field is given."""
    constructor = find_member(cls, "constructor")
    for index, parameter in enumerate(constructor.function.parameters if constructor else ()):
        if isinstance(parameter.target, ir.NamePattern) and parameter.target.id == name:
            given = arguments.get(index) or Constant(ir.UNDEFINED)
            return machine.defaulted(given, parameter.default)
    return None


def is_instance(machine: Machine, cls: Class, wanted: Value) -> bool | None:
    """Whether a class is another, or derives from it; None where nobody knows."""
    if isinstance(wanted, Class) and wanted.definition is cls.definition:
        return True
    if isinstance(wanted, External) and wanted.path in {"Error", "Exception", "object", "Object", "BaseException"}:
        return True
    unknown = False
    for base in cls.bases:
        if isinstance(base, Class):
            found = is_instance(machine, base, wanted)
            if found:
                return True
            unknown = unknown or found is None
        elif isinstance(base, External) and isinstance(wanted, External):
            if base.path == wanted.path:
                return True
        elif not isinstance(base, External):
            unknown = True
    return None if unknown else False
