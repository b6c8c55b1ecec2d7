"""Properties, items, spreads and texts: what is taken from values, and what is put together of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...authorizer import ir
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import MAX_CALLS, MAX_ITEMS, Class, Instance, TooMuchError, may_lack
from .imports import Imports
from .library import METHODS, PROPERTIES
from .nodes import Attribute, Call, Function, Joined, Reference, Write
from .state import MAX_LENGTH, Scope, either, text_scalar, undefined

__all__ = ["Objects", "canonical"]

MAX_TEXT = 2_000_000
#: Properties by which environment variables are read.
_ENVIRONMENTS = frozenset(["process.env", "os.environ"])


def canonical(callee: Node) -> str:
    """Return a library function's name with its module's, as one text: ``path.join``; empty for anything else."""
    if not isinstance(callee, Reference) or callee.level:
        return ""
    path = callee.path[1:] if callee.path[:1] == ("default",) else callee.path
    module = callee.module.removeprefix("node:")
    return ".".join((module, *path) if module else path)


class Objects(Imports):
    """Knows how values are read and changed."""

    # Reading.

    def item(self, holder: Node, key: Node, span: Span | None) -> Node:
        """Return ``holder[key]``."""
        index = key.value if isinstance(key, Scalar) else None
        if isinstance(holder, Sequence) and any(map(may_lack, holder.items)):
            return either([*holder.items, None], self.depends(span)) if holder.more is None else self.opened(span)
        if isinstance(holder, Sequence) and isinstance(index, int):
            if -len(holder) <= index < len(holder) and (index >= 0 or holder.more is None):
                return holder.items[index]
            return undefined(span) if holder.more is None else self.opened(span)
        if isinstance(key, Scalar) and key.value is not None:
            return self.attribute(holder, key.text, span, indexed=True)
        values: list[Node | None] = []
        if isinstance(holder, Sequence) and holder.more is None:
            values = list(holder.items)
        elif isinstance(holder, Table) and holder.more is None:
            values = [*holder.entries.values(), None]
        if values and len(values) <= MAX_ITEMS:
            return either(values, self.depends(key.span or span))
        return self.opened(span)

    def attribute(self, holder: Node, key: str, span: Span | None, *, indexed: bool = False) -> Node:
        """Return ``holder.key``; ``indexed`` for ``holder["key"]``."""
        text = self.shown(span)
        found = self._own(holder, key, span, indexed=indexed)
        if found is not None:
            return found
        if isinstance(holder, Reference):
            if (indexed or self.language == "javascript") and canonical(holder) in _ENVIRONMENTS:
                return Open(text, f"it is the environment variable {key}", span)
            return holder.attribute(key, text, span)
        if type(holder) is Open and holder.options and (holder.complete or holder.assumed):
            options = [None if option is None else self.attribute(option, key, span) for option in holder.options]
            if holder.complete:
                return either(options, Open(text, holder.why, span))
            if options[0] is not None and not isinstance(options[0], Attribute):
                return Open(text, holder.why, span, (options[0],), assumed=holder.assumed)
        left = holder.more if isinstance(holder, Table | Sequence) else holder
        named = isinstance(left, Open) and type(left) in (Open, Attribute)
        why = left.why if named and isinstance(left, Open) else f"it is what {text} gives"
        return Attribute(text, why, span, holder, key)

    def _own(self, holder: Node, key: str, span: Span | None, *, indexed: bool) -> Node | None:
        """Return a property that the program itself gives a value; None where it does not."""
        if isinstance(holder, Table):
            found = holder.get(key)
            if found is None and holder.more is None and (indexed or self.language == "javascript"):
                return None if key in METHODS else undefined(span)
            return found
        if isinstance(holder, Call):
            found = holder.fields.get(key)
            if found is None and isinstance(holder, Instance):
                found = self.method(holder.of, key, holder)
            return found
        if isinstance(holder, Function) and isinstance(holder.definition, Class):
            return holder.definition.static.get(key) or self.method(holder, key, holder)
        if isinstance(holder, Sequence) and key == "length" and any(map(may_lack, holder.items)):
            return self.opened(span)
        if isinstance(holder, Sequence) and key == "length" and holder.more is None:
            return Scalar(len(holder), str(len(holder)), span)
        if isinstance(holder, Scalar) and isinstance(holder.value, str) and key == "length":
            return Scalar(len(holder.value), str(len(holder.value)), span)
        if isinstance(holder, Scalar) and holder.tag == "path" and key in PROPERTIES:
            return PROPERTIES[key](holder, span)
        return None

    def method(self, function: Function, key: str, receiver: Node) -> Node | None:
        """Return a method of a class or of its bases, a getter's value, or None."""
        current: Node | None = function
        for _ in range(MAX_CALLS):
            if not isinstance(current, Function) or not isinstance(current.definition, Class):
                return None
            held = current.definition
            if self.language == "python" and key in held.static:
                return held.static.get(key)
            for member in held.definition.members:
                value = member.value
                if member.name != key or member.kind == "setter" or not isinstance(value, ir.FunctionExpression):
                    continue
                if member.decorators:
                    # What a decorator makes of it is not known.
                    return None
                bound = self.bound(current, member, value.function, receiver)
                return self.invoke(bound, [], {}, receiver, value.span) if member.kind == "getter" else bound
            current = held.base()
        return None

    def bound(self, owner: Function, member: ir.ClassMember, definition: ir.Function, receiver: Node) -> Function:
        """Return a method of a class that belongs to an object, or to the class itself."""
        held = owner.definition
        assert isinstance(held, Class)
        scope = Scope(owner.scope if isinstance(owner.scope, Scope) else None, ("super#", "class#"), self.run)
        scope.values |= {"super#": held.base() or undefined(None), "class#": owner}
        target: Node | None = receiver
        if member.explicit_self and not member.class_method and (member.is_static or receiver is owner):
            target = None
        function = Function(self.shown(definition.span), definition.span, definition, scope, target)
        function.tag = "method" if member.explicit_self else None
        return function

    # Changing.

    def assign(self, target: ir.Pattern, value: Node, scope: Scope) -> None:
        """Set what a pattern names."""
        self.step()
        match target:
            case ir.NamePattern():
                holder = scope.holder(target.id) or self.module_of(target.span).scope
                self.memory.assign(holder, target.id, value)
            case ir.MemberPattern():
                self.assign_member(self.value(target.object, scope), self.value(target.key, scope), value)
            case ir.ObjectPattern():
                taken = []
                for entry in target.entries:
                    key = self.value(entry.key, scope) if entry.key is not None else undefined(target.span)
                    taken.append(key.text if isinstance(key, Scalar) else "")
                    item = self.item(value, key, key.span)
                    self.assign(entry.target, self.or_default(item, entry.default, scope), scope)
                if target.rest is not None:
                    self.assign(target.rest, _without(value, taken), scope)
            case ir.ArrayPattern():
                for index, part in enumerate(target.entries):
                    if part is not None:
                        item = self.item(value, Scalar(index, str(index), target.span), target.span)
                        self.assign(part.target, self.or_default(item, part.default, scope), scope)
                if target.rest is not None:
                    self.assign(target.rest, self.opened(target.span, "it is a part of a list"), scope)

    def or_default(self, value: Node, default: ir.Expression | None, scope: Scope) -> Node:
        """Return a value, or what JavaScript takes instead of an undefined one; null is not undefined."""
        if default is None or self.language == "python":
            return value
        if isinstance(value, Scalar) and value.value is None:
            if value.text == "null":
                return value
            other = self.value(default, scope)
            return other if value.text == "undefined" else either([other, None], self.depends(value.span))
        if isinstance(value, Open) and not isinstance(value, Call | Reference | Function):
            result = self.with_default(value, self.maybe(default, scope, self.depends(value.span)), value.span)
            return either([result, None], self.depends(value.span)) if None in value.options else result
        return value

    def assign_member(self, holder: Node, key: Node, value: Node) -> None:
        """Set ``holder[key]``."""
        mine = key.span is not None and key.span.source is self.source
        if mine and isinstance(holder, Call | Attribute | Reference) and isinstance(key, Scalar):
            self.writes.append(Write(holder, key.text, self.snapshot(value), key.span, self.memory.path))
        if isinstance(holder, Call):
            holder = holder.fields
        elif isinstance(holder, Function) and isinstance(holder.definition, Class):
            holder = holder.definition.static
        if isinstance(holder, Table):
            if isinstance(key, Scalar):
                self.memory.set_entry(holder, key.text, value)
            else:
                self.forget(holder, self.opened(key.span, "a computed key is set"))
        elif isinstance(holder, Sequence):
            index = key.value if isinstance(key, Scalar) else None
            if isinstance(index, int) and 0 <= index < len(holder):
                self.memory.set_items(holder, [*holder.items[:index], value, *holder.items[index + 1 :]], holder.more)
            else:
                self.forget(holder, self.opened(key.span, "an item is set"))
        elif type(holder) is Open:
            self.forget(holder, self.opened(value.span, "it may be changed"))

    def forget(self, node: Node, why: Open) -> None:
        """Take it that somebody may have changed an object or list, or each that a value can be."""
        if isinstance(node, Table):
            for key, item in list(node.entries.items()):
                if not isinstance(item, Function):
                    self.memory.set_entry(node, key, Open(why.text, why.why, why.span, (item,)))
            self.memory.open_entries(node, why)
        elif isinstance(node, Sequence):
            # The items may be other ones by now, too.
            self.memory.set_items(node, [], why)
        elif isinstance(node, Open) and type(node) is Open:
            for option in node.options:
                if isinstance(option, Table | Sequence):
                    self.forget(option, why)

    # Putting together.

    def with_default(self, value: Open, default: Node, span: Span | None) -> Node:
        """Return a value that somebody may give, and what it is where nobody does."""
        if type(value) is Open and value.options:
            options = [option for option in value.options if option is not None]
            if not value.complete or len(options) == len(value.options):
                return value
            return either([*options, default], Open(value.text, value.why, span))
        if isinstance(value, Reference) and value.module:
            # Something that is imported is there, as a rule.
            return Open(value.text, value.why, span, (default,))
        if isinstance(default, Open) and not isinstance(default, Reference | Call | Function):
            return Open(value.text, value.why, span, default.options, assumed=(value.text, *default.assumed))
        return Open(value.text, value.why, span, (default,), assumed=(value.text,))

    def spread(self, table: Table, value: Node) -> None:
        """Add the keys of a value to an object that is being made."""
        if len(table.entries) > MAX_LENGTH:
            raise TooMuchError
        if isinstance(value, Table):
            for key, item in value.entries.items():
                table.entries[key] = item
                table.keys[key] = value.keys.get(key, Scalar(key, key, item.span))
            if value.more is not None:
                self._overwritable(table, value.more)
            return
        if isinstance(value, Scalar):
            return
        options = value.options if type(value) is Open and value.complete else ()
        if not options or not all(option is None or isinstance(option, Table | Scalar) for option in options):
            why = value if isinstance(value, Open) else self.opened(value.span, "it is no object")
            self._overwritable(table, Open(why.text, why.why, why.span))
            return
        assert isinstance(value, Open)
        why = Open(value.text, value.why, value.span)
        tables = [option for option in options if isinstance(option, Table)]
        for key in dict.fromkeys(key for option in tables for key in option.entries):
            before = table.get(key)
            values = [option.get(key) or before if isinstance(option, Table) else before for option in options]
            table.entries[key] = either(values, why)
            table.keys.setdefault(key, Scalar(key, key, value.span))
        for option in tables:
            if option.more is not None:
                self._overwritable(table, option.more)

    def _overwritable(self, table: Table, why: Open) -> None:
        """Say that a spread of something unknown may bring keys, those that are there already included."""
        for key, item in table.entries.items():
            table.entries[key] = Open(why.text, why.why, why.span, (item,))
        table.more = why

    def listed(self, items: Iterable[ir.Argument], scope: Scope) -> tuple[list[Node], Open | None]:
        """Return the items of a list or of a call's arguments, and why there may be more."""
        found: list[Node] = []
        more: Open | None = None
        for item in items:
            value = self.value(item.value, scope)
            if not item.spread:
                found.append(value)
            elif isinstance(value, Sequence):
                found += value.items
                more = more or value.more
            elif isinstance(value, Open) and _is_one_of_lists(value):
                found += _optional_items(value)
                lists = [option for option in value.options if isinstance(option, Sequence)]
                more = more or next((option.more for option in lists if option.more is not None), None)
            elif not isinstance(value, Scalar):
                more = more or self.opened(value.span, value.why if isinstance(value, Open) else "")
            if len(found) > MAX_LENGTH:
                raise TooMuchError
        return found, more

    def joined(self, parts: list[Node], span: Span | None) -> Node:
        """Return the text that some values make together."""
        flat: list[Node] = []
        for part in parts:
            flat += part.parts if isinstance(part, Joined) else [part]
        left = [part for part in flat if not isinstance(part, Scalar)]
        if not left:
            texts = [part.text for part in flat if isinstance(part, Scalar)]
            if sum(map(len, texts)) > MAX_TEXT:
                raise TooMuchError
            tag = "path" if any(part.tag == "path" for part in flat) else None
            return text_scalar("".join(texts), span, tag)
        first = left[0]
        if len(flat) == 1 and isinstance(first, Open):
            return first
        why = first.why if isinstance(first, Open) else f"it holds {self.shown(first.span)}"
        if len(left) == 1 and isinstance(first, Open) and (first.complete or first.assumed):
            values = [
                self.joined([option if part is first else part for part in flat], span)
                for option in first.options
                if option is not None
            ]
            if values and len(values) == len(first.options) and all(isinstance(value, Scalar) for value in values):
                shown = Open(self.shown(span), why, span, tuple(values), complete=first.complete, assumed=first.assumed)
                return shown if first.assumed or len(values) > 1 else values[0]
        return Joined(self.shown(span), why, span, tuple(flat))


def _without(value: Node, taken: list[str]) -> Node:
    """Return an object without some keys."""
    if type(value) is Open and value.complete:
        options = [None if option is None else _without(option, taken) for option in value.options]
        return either(options, Open(value.text, value.why, value.span))
    if isinstance(value, Open):
        return Open(value.text, value.why, value.span)
    if not isinstance(value, Table):
        return value
    rest = Table({}, {}, value.span)
    for key, item in value.entries.items():
        if key not in taken:
            rest.entries[key], rest.keys[key] = item, value.keys.get(key, Scalar(key, key, item.span))
    rest.more = value.more
    return rest


def _is_one_of_lists(value: Open) -> bool:
    known = all(option is None or isinstance(option, Sequence | Scalar) for option in value.options)
    return type(value) is Open and value.complete and known


def _optional_items(value: Open) -> Iterator[Node]:
    lists = [list(option.items) if isinstance(option, Sequence) else [] for option in value.options]
    why = Open(value.text, value.why, value.span)
    for index in range(max((len(items) for items in lists), default=0)):
        yield either([items[index] if index < len(items) else None for items in lists], why)
