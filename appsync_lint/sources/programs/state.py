"""What variables, objects and lists hold while a program is followed, and how branches of it are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count, zip_longest
from typing import Literal, TypeAlias

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .nodes import Reference

__all__ = ["MAX_LENGTH", "Exit", "Flow", "Left", "Memory", "Scope", "either", "text_scalar", "undefined"]

#: How statements end: the next one runs, a loop, its round or a function is left here, or nothing comes after.
Flow: TypeAlias = Literal["falls", "breaks", "continues", "returns", "ends"]

#: A longer list of the program is not followed.
MAX_LENGTH = 5_000
#: A value with more alternatives is as good as unknown.
MAX_OPTIONS = 40


#: Numbers that tell what was made before what.
_births = count()


def text_scalar(text: str, span: Span | None, tag: str | None = None) -> Scalar:
    """Return a text as a value. The halves in which escapes write characters beyond 16 bits are put together."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return Scalar(text, text, span, tag)


def undefined(span: Span | None, text: str = "undefined") -> Scalar:
    """Return the value of what is not set."""
    return Scalar(None, text, span)


class Scope:
    """The variables of a block, function or module. ``names`` are those that it declares.

    ``run`` tells by whom it was made, ``history`` holds what its variables were set to at all.
    """

    __slots__ = ("born", "history", "names", "parent", "run", "values")

    def __init__(self, parent: Scope | None, names: Iterable[str] = (), run: int = 0) -> None:
        self.parent = parent
        self.names = set(names)
        self.values: dict[str, Node] = {}
        self.history: dict[str, list[Node]] = {}
        self.run = run
        self.born = next(_births)

    def holder(self, name: str) -> Scope | None:
        """Return the scope that declares a name: this one or one around it."""
        scope: Scope | None = self
        while scope is not None and name not in scope.names:
            scope = scope.parent
        return scope

    def find(self, name: str) -> Node | None:
        """Return the value of a variable of this scope or one around it, None where it has none."""
        holder = self.holder(name)
        return holder.values.get(name) if holder is not None else None


class _Variable:
    """Where a value is kept: a scope's variable or a key of an object. None stands for "not there"."""

    __slots__ = ("holder", "key")

    def __init__(self, holder: Scope | Table, key: str) -> None:
        self.holder = holder
        self.key = key

    @property
    def identity(self) -> tuple[int, str]:
        return id(self.holder), self.key

    def get(self) -> Node | None:
        return self._values().get(self.key)

    def put(self, value: Node | None) -> None:
        if value is None:
            self._values().pop(self.key, None)
        else:
            self._values()[self.key] = value

    def joined(self, values: list[Node | None], why: Open) -> Node | None:
        known = [value for value in values if value is not None]
        if len(known) < len(values) and all(isinstance(value, Reference) for value in known):
            # An import that is made on one way only; on the others nobody uses it.
            values = list(known)
        joined = either(values, why)
        if isinstance(self.holder, Scope):
            self.holder.history.setdefault(self.key, []).append(joined)
        return joined

    def unknown(self, why: Open) -> Node:
        return why

    def _values(self) -> dict[str, Node]:
        return self.holder.values if isinstance(self.holder, Scope) else self.holder.entries


class _More:
    """Where it is kept why an object may have further keys."""

    __slots__ = ("holder",)

    def __init__(self, holder: Table) -> None:
        self.holder = holder

    @property
    def identity(self) -> tuple[int, str]:
        return id(self.holder), "\0more"

    def get(self) -> Open | None:
        return self.holder.more

    def put(self, value: Open | None) -> None:
        self.holder.more = value

    def joined(self, values: list[Open | None], why: Open) -> Open | None:  # noqa: ARG002 (as the other places)
        return next((value for value in values if value is not None), None)

    def unknown(self, why: Open) -> Open:
        return why


_Items: TypeAlias = "tuple[tuple[Node, ...], Open | None]"


class _List:
    """Where the items of a list are kept, and why there may be more."""

    __slots__ = ("holder",)

    def __init__(self, holder: Sequence) -> None:
        self.holder = holder

    @property
    def identity(self) -> tuple[int, str]:
        return id(self.holder), "\0items"

    def get(self) -> _Items:
        return tuple(self.holder.items), self.holder.more

    def put(self, value: _Items) -> None:
        self.holder.items, self.holder.more = list(value[0]), value[1]

    def joined(self, values: list[_Items], why: Open) -> _Items:
        lists = [items for items, _ in values]
        more = next((more for _, more in values if more is not None), None)
        if more is not None:
            # What comes after the items that all have in common may stand anywhere.
            shortest = min(len(items) for items in lists)
            lists = [items[:shortest] for items in lists]
        return tuple(either(list(column), why) for column in zip_longest(*lists)), more

    def unknown(self, why: Open) -> _Items:
        return (), why


_Place: TypeAlias = "_Variable | _More | _List"
#: What a way through the program left behind: places by identity, each with its last value.
Left: TypeAlias = "dict[tuple[int, str], tuple[_Place, object]]"
#: The state in which a loop or function is left: what the way there left behind, and the moment.
Exit: TypeAlias = "tuple[Left, int]"


class Memory:
    """Writes values, and takes writes back: each branch of a condition starts from the same state."""

    def __init__(self) -> None:
        self._journal: list[tuple[_Place, object]] = []
        #: Every change with the value of before, also those that only take another one back.
        self._log: list[tuple[_Place, object]] = []
        self._born: dict[int, tuple[Table | Sequence, int]] = {}
        #: The conditions, loops and the like that are being followed, by numbers of their own.
        self.path: tuple[int, ...] = ()

    def _write(self, place: _Place, value: object) -> None:
        if self.path:
            self._journal.append((place, place.get()))
        self._log.append((place, place.get()))
        place.put(value)  # type: ignore[arg-type]

    def made(self, holder: Table | Sequence) -> None:
        """Tell of a new object or list: what is made on one way through the program is none of the others'."""
        if self.path:
            self._born[id(holder)] = (holder, next(_births))

    def _is_newer(self, place: _Place, start: int) -> bool:
        if isinstance(place.holder, Scope):
            return place.holder.born > start
        return id(place.holder) in self._born and self._born[id(place.holder)][1] > start

    def assign(self, scope: Scope, name: str, value: Node) -> None:
        """Set a variable."""
        scope.names.add(name)
        history = scope.history.setdefault(name, [])
        if len(history) <= MAX_OPTIONS:
            history.append(value)
        self._write(_Variable(scope, name), value)

    def set_entry(self, table: Table, key: str, value: Node) -> None:
        """Set a key of an object."""
        table.keys.setdefault(key, Scalar(key, key, value.span))
        self._write(_Variable(table, key), value)

    def open_entries(self, table: Table, why: Open) -> None:
        """Say that an object may have further keys."""
        if table.more is None:
            self._write(_More(table), why)

    def set_items(self, sequence: Sequence, items: Iterable[Node], more: Open | None) -> None:
        """Set what a list holds."""
        items = tuple(items)
        if len(items) > MAX_LENGTH:
            items, more = (), more or Open("…", "it is too long to be followed", sequence.span)
        self._write(_List(sequence), (items, more))

    def attempt(self, run: Callable[[], Flow]) -> tuple[Flow, Left]:
        """Run something, take its writes back, and return how it ended and what it left behind."""
        start, birth = len(self._journal), next(_births)
        before, self.path = self.path, (*self.path, birth)
        left: Left = {}
        try:
            flow = run()
        finally:
            self.path = before
            entries = [(place, old) for place, old in self._journal[start:] if not self._is_newer(place, birth)]
            left = {place.identity: (place, place.get()) for place, _ in entries}
            for place, old in reversed(entries):
                self._log.append((place, place.get()))
                place.put(old)  # type: ignore[arg-type]
            del self._journal[start:]
        return flow, left

    @property
    def moment(self) -> int:
        """A number for the state as it is now; see :meth:`exit` and :meth:`interrupted`."""
        return len(self._log)

    def exit(self, left: Left) -> Exit:
        """Return the state in which a loop or function is left now, by a way that left something behind."""
        return left, len(self._log)

    def join_exits(self, exits: list[Exit], why: Open, *, unchanged: bool) -> None:
        """Go on in the state of one of the exits; ``unchanged`` adds the state as it is."""
        states: list[Left] = []
        for left, moment in exits:
            state = dict(left)
            for place, old in self._log[moment:]:
                # What was changed since then had its old value.
                state.setdefault(place.identity, (place, old))
            states.append(state)
        self.join(states, why, unchanged=unchanged)

    def interrupted(self, moment: int, end: int, why: Open) -> None:
        """Go on in any state that there was between two moments: an exception came in between."""
        seen: dict[tuple[int, str], tuple[_Place, list[object]]] = {}
        for place, old in self._log[moment:end]:
            values = seen.setdefault(place.identity, (place, [place.get()]))[1]
            if not any(value is old for value in values):
                values.append(old)
        for place, values in seen.values():
            known = len(values) <= MAX_OPTIONS
            self._write(place, place.joined(values, why) if known else place.unknown(why))  # type: ignore[arg-type]

    def join(self, states: list[Left], why: Open, *, unchanged: bool = False) -> None:
        """Go on in a state that is one of several; ``unchanged`` adds that of before."""
        if unchanged:
            states = [*states, {}]
        places = {identity: place for state in states for identity, (place, _) in state.items()}
        for identity, place in places.items():
            before = place.get()
            values = [state[identity][1] if identity in state else before for state in states]
            if all(value is values[0] for value in values):
                self._write(place, values[0])
            else:
                self._write(place, place.joined(values, why))  # type: ignore[arg-type]

    def forget(self, left: Left, why: Open) -> None:
        """Take what a round of a loop changes for unknown before it runs."""
        for place, value in left.values():
            if not isinstance(place, _List):
                self._write(place, why)
                continue
            items, more = place.get()
            grown = isinstance(value, tuple) and value[0][: len(items)] == items
            self._write(place, (items if grown else (), more or why))


def _nothing(values: list[Node | None], span: Span | None) -> Scalar:
    """Return what is not set in any way; undefined and null stay what they are where it is one of them."""
    texts = {value.text if isinstance(value, Scalar) else "" for value in values if value is not None} or {"undefined"}
    return undefined(span, texts.pop() if len(texts) == 1 else "")


def either(values: list[Node | None], why: Open) -> Node:
    """Return what is one of some values, None standing for "not set". ``why`` says what decides."""
    options: list[Node | None] = []
    seen: set[object] = set()
    complete = True
    unknown: Open | None = None
    for value in values:
        found: tuple[Node | None, ...] = (value,)
        if isinstance(value, Open) and type(value) is Open:
            found = value.options
            if not value.complete:
                complete = False
                unknown = unknown or value
        for item in found:
            # What is undefined is not set.
            option = None if isinstance(item, Scalar) and item.value is None else item
            key = (type(option.value), option.value) if isinstance(option, Scalar) else id(option)
            if key not in seen:
                seen.add(key)
                options.append(option)
    if complete and len(options) == 1:
        return options[0] if options[0] is not None else _nothing(values, why.span)
    if not options and unknown is not None:
        return unknown
    if len(options) > MAX_OPTIONS:
        return Open(why.text, why.why, why.span)
    return Open(why.text, why.why, why.span, tuple(options), complete=complete)
