"""What variables, objects and lists hold while a program is followed, and how branches of it are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Generic, Literal, TypeVar

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table

__all__ = ["Flow", "Memory", "Scope", "Slot", "either", "snapshot", "undefined"]

#: How a statement ends: the next one runs, its loop or function is left, or an exception is thrown.
Flow = Literal["falls", "breaks", "returns", "throws"]
_Left = dict["Slot", "object"]

#: A value with more alternatives is as good as unknown.
MAX_OPTIONS = 40
_DEEPEST = 40

K = TypeVar("K", bound="Scope | Table | Sequence")


def undefined(span: Span | None, text: str = "undefined") -> Scalar:
    """Return the value of what is not set."""
    return Scalar(None, text, span)


class Scope:
    """The variables of a block, function or module. ``names`` are those that it declares."""

    __slots__ = ("history", "names", "parent", "run", "values")

    def __init__(self, parent: Scope | None, names: Iterable[str] = (), run: int = 0) -> None:
        self.parent = parent
        self.names = set(names)
        self.values: dict[str, Node] = {}
        self.history: dict[str, list[Node]] = {}
        self.run = run

    def holder(self, name: str) -> Scope | None:
        """Return the scope that declares a name: this one or one around it."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope


@dataclass(frozen=True, slots=True, eq=False)
class _Slot(Generic[K]):
    holder: K
    key: str

    def __hash__(self) -> int:
        return hash((id(self.holder), self.key))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Slot) and self.holder is other.holder and self.key == other.key


Slot = _Slot["Scope"] | _Slot["Table"] | _Slot["Sequence"]
#: The key of the slot that holds why a table may have further keys.
_MORE = "\0more"


def _get(slot: Slot) -> object:
    holder = slot.holder
    if isinstance(holder, Scope):
        return holder.values.get(slot.key)
    if isinstance(holder, Sequence):
        return (tuple(holder.items), holder.more)
    return holder.more if slot.key == _MORE else holder.entries.get(slot.key)


def _put(slot: Slot, value: object) -> None:
    holder = slot.holder
    if isinstance(holder, Sequence):
        items, more = value  # type: ignore[misc]
        holder.items, holder.more = list(items), more
    elif isinstance(holder, Table) and slot.key == _MORE:
        holder.more = value  # type: ignore[assignment]
    else:
        values = holder.values if isinstance(holder, Scope) else holder.entries
        if value is None:
            values.pop(slot.key, None)
        else:
            values[slot.key] = value  # type: ignore[assignment]


class Memory:
    """Writes values, and takes writes back: each branch of a condition starts from the same state."""

    def __init__(self) -> None:
        self._journal: list[tuple[Slot, object]] = []
        self._depth = 0

    @property
    def conditional(self) -> bool:
        """Whether what happens now happens under a condition only."""
        return self._depth > 0

    def _write(self, slot: Slot, value: object) -> None:
        if self._depth:
            self._journal.append((slot, _get(slot)))
        _put(slot, value)

    def assign(self, scope: Scope, name: str, value: Node) -> None:
        """Set a variable."""
        scope.names.add(name)
        history = scope.history.setdefault(name, [])
        if len(history) <= MAX_OPTIONS:
            history.append(value)
        self._write(_Slot(scope, name), value)

    def set_entry(self, table: Table, key: str, value: Node) -> None:
        """Set a key of an object."""
        table.keys.setdefault(key, Scalar(key, key, value.span))
        self._write(_Slot(table, key), value)

    def open_entries(self, table: Table, why: Open) -> None:
        """Say that an object may have further keys."""
        if table.more is None:
            self._write(_Slot(table, _MORE), why)

    def set_items(self, sequence: Sequence, items: Iterable[Node], more: Open | None) -> None:
        """Set what a list holds."""
        self._write(_Slot(sequence, "items"), (tuple(items), more))

    def attempt(self, run: Callable[[], Flow]) -> tuple[Flow, _Left]:
        """Run something, take its writes back, and return how it ended and what it left behind."""
        start = len(self._journal)
        self._depth += 1
        try:
            flow = run()
        finally:
            self._depth -= 1
            entries = self._journal[start:]
            left: _Left = {slot: _get(slot) for slot, _ in entries}
            for slot, old in reversed(entries):
                _put(slot, old)
            del self._journal[start:]
        return flow, left

    def join(self, states: list[_Left], why: Open, *, unchanged: bool = False) -> None:
        """Go on in a state that is one of several; ``unchanged`` adds that of before."""
        if unchanged:
            states = [*states, {}]
        for slot in dict.fromkeys(slot for state in states for slot in state):
            before = _get(slot)
            values = [state.get(slot, before) if slot in state else before for state in states]
            if all(value is values[0] for value in values):
                self._write(slot, values[0])
            elif isinstance(slot.holder, Sequence):
                self._write(slot, _either_items(values, why))
            elif isinstance(slot.holder, Table) and slot.key == _MORE:
                self._write(slot, next(value for value in values if value is not None))
            else:
                joined = either([value for value in values], why)  # type: ignore[misc]
                if isinstance(slot.holder, Scope):
                    slot.holder.history.setdefault(slot.key, []).append(joined)
                self._write(slot, joined)


def _either_items(values: list[object], why: Open) -> tuple[tuple[Node, ...], Open | None]:
    lists = [items for items, _ in values]  # type: ignore[misc]
    more = next((more for _, more in values if more is not None), None)  # type: ignore[misc]
    if more is not None and any(len(items) != len(lists[0]) for items in lists):
        shortest = min(len(items) for items in lists)
        lists = [items[:shortest] for items in lists]
    items = [either(list(column), why) for column in zip_longest(*lists)]
    return tuple(items), more


def either(values: list[Node | None], why: Open) -> Node:
    """Return what is one of some values, None standing for "not set". ``why`` says what decides."""
    options: list[Node | None] = []
    seen: set[object] = set()
    complete = True
    unknown: Open | None = None
    for value in values:
        found: tuple[Node | None, ...] = (value,)
        if type(value) is Open:
            found = value.options
            if not value.complete:
                complete = False
                unknown = unknown or value
        for option in found:
            if isinstance(option, Scalar):
                key: object = None if option.value is None else (type(option.value), option.value)
                option = None if option.value is None else option  # noqa: PLW2901 (unset and undefined are one)
            else:
                key = id(option) if option is not None else None
            if key not in seen:
                seen.add(key)
                options.append(option)
    if complete and len(options) == 1:
        return options[0] if options[0] is not None else undefined(why.span)
    if not options and unknown is not None:
        return unknown
    if len(options) > MAX_OPTIONS:
        return Open(why.text, why.why, why.span)
    return Open(why.text, why.why, why.span, tuple(options), complete=complete)


def snapshot(node: Node, copies: dict[int, Node] | None = None, depth: int = 0) -> Node:
    """Return a value as it is now: later changes of the objects and lists in it do not show."""
    if not isinstance(node, Table | Sequence):
        return node
    copies = {} if copies is None else copies
    if id(node) in copies:
        return copies[id(node)]
    if depth > _DEEPEST:
        return Open("…", "it is nested too deeply", node.span)
    if isinstance(node, Table):
        table = Table({}, dict(node.keys), node.span, node.tag, node.repeated)
        copies[id(node)] = table
        table.entries.update((key, snapshot(item, copies, depth + 1)) for key, item in node.entries.items())
        table.more = node.more
        return table
    items = Sequence([], node.span, node.tag)
    copies[id(node)] = items
    items.items = [snapshot(item, copies, depth + 1) for item in node.items]
    items.more = node.more
    return items
