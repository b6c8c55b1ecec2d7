"""What the analysis computes with: marked values, decisions, memory and the ways in which code ends.

A value that depends on a branch is a :class:`Choice` over the branch's :class:`Test`; two variables that were
set in the same branches share the test, so an answer and its ``ttlOverride`` stay paired. How a stretch of
code can end (fall through, return, throw, break) is a tree of :class:`Fork` over the same tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from ..text import Span
from . import ir

__all__ = [
    "ABSENT",
    "FALSE",
    "NORMAL",
    "TRUE",
    "Arguments",
    "Bound",
    "Break",
    "Builtin",
    "Choice",
    "Class",
    "Closure",
    "Constant",
    "Continue",
    "External",
    "Fork",
    "Mark",
    "Marks",
    "Normal",
    "Obj",
    "Opaque",
    "Outcome",
    "Promise",
    "Ref",
    "Returned",
    "Scope",
    "Source",
    "State",
    "Test",
    "Thrown",
    "Tree",
    "Value",
    "normals",
    "replace",
    "substitute",
]


class Mark(NamedTuple):
    """Where a value comes from.

    ``kind`` is ``request`` (``field`` says which part of the request), ``token``, ``claims`` (read from a token
    whose signature was not checked), ``env`` (``field``: the variable), or a word for one of the observations.
    ``via`` names the unresolved call that the whole event went through, where nobody knows what it looked at.
    """

    kind: str
    field: str
    span: Span
    via: str = ""


Marks: TypeAlias = frozenset[Mark]
NO_MARKS: Marks = frozenset()

TestKind: TypeAlias = Literal["branch", "throw", "loop", "call"]


@dataclass(slots=True, eq=False)
class Test:
    """A question that a run of the code answers: a condition, whether a call throws, whether a loop has a round."""

    id: int
    kind: TestKind
    marks: Marks
    span: Span


@dataclass(slots=True, eq=False)
class Constant:
    """A known scalar."""

    value: ir.Scalar
    span: Span | None = None
    number: int | None = None


@dataclass(slots=True, eq=False)
class Source:
    """The event, or a part of it by path. ``read`` is the place that named the field."""

    path: tuple[str, ...]
    read: Span
    span: Span
    number: int | None = None


@dataclass(slots=True, eq=False)
class Opaque:
    """A value of which only the origin is known. ``parts`` are the pieces of a text put together from them."""

    marks: Marks
    span: Span
    type: Literal["bool", "text", "number", "list", "falsy", "optional", "pattern"] | None = None
    parts: tuple[Value, ...] = ()
    functions: tuple[Value, ...] = ()
    structure: tuple[object, ...] | None = None
    number: int | None = None


@dataclass(slots=True, eq=False)
class Obj:
    """The contents of an object, dict, list or instance; never changed in place.

    ``rest`` stands for what is not known by key: another object's spread, elements of unknown number.
    """

    kind: Literal["object", "list"]
    entries: dict[str, Value] = field(default_factory=dict)
    items: tuple[Value, ...] = ()
    rest: Value | None = None
    cls: Class | None = None
    span: Span | None = None
    number: int | None = None


@dataclass(slots=True, eq=False)
class Ref:
    """A reference to an :class:`Obj` in memory."""

    address: int
    span: Span
    number: int | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """Names of a block or function; the values are in memory, under the cells' numbers."""

    names: dict[str, int]
    parent: Scope | None


@dataclass(slots=True, eq=False)
class Closure:
    """A function with the scope that it stands in. ``home`` is the class that it was written in."""

    function: ir.Function
    scope: Scope
    home: Class | None = None
    explicit_self: bool = False
    number: int | None = None


@dataclass(slots=True, eq=False)
class Bound:
    """A function with its ``this``, and perhaps its first arguments."""

    function: Value
    this: Value | None
    arguments: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    number: int | None = None


@dataclass(slots=True, eq=False)
class Class:
    """A class; ``statics`` is the address of its static members."""

    definition: ir.ClassDefinition
    scope: Scope
    bases: tuple[Value, ...]
    statics: int
    number: int | None = None


@dataclass(slots=True, eq=False)
class Builtin:
    """A function that the analysis itself plays, with what it works on."""

    name: str
    data: tuple[Value, ...] = ()
    cell: int = -1
    number: int | None = None


@dataclass(slots=True, eq=False)
class External:
    """Something of the language or of a package, by its dotted path: ``JSON.parse``, ``jsonwebtoken.verify``."""

    path: str
    span: Span | None = None
    number: int | None = None


@dataclass(slots=True, eq=False)
class Promise:
    """What an async function gives: a value, and how it may be rejected instead."""

    value: Value
    rejection: Tree | None
    span: Span
    number: int | None = None


@dataclass(slots=True, eq=False)
class Choice:
    """One value or another, by a test."""

    test: Test
    then: Value
    other: Value
    number: int | None = None


Value: TypeAlias = (
    "Constant | Source | Opaque | Obj | Ref | Closure | Bound | Class | Builtin | External | Promise | Choice"
)

TRUE = Constant(True)
FALSE = Constant(False)
#: What is not there: a key that only one branch set, a promise that nobody resolved.
ABSENT = Constant(ir.Undefined())


@dataclass(slots=True)
class Arguments:
    """Evaluated arguments; ``rest`` is set where more may follow that are not known one by one."""

    positional: list[Value]
    keywords: dict[str, Value] = field(default_factory=dict)
    rest: Value | None = None

    def every(self) -> Iterator[Value]:
        """All values that are passed."""
        yield from self.positional
        yield from self.keywords.values()
        if self.rest is not None:
            yield self.rest

    def get(self, index: int, keyword: str = "") -> Value | None:
        """An argument by position or keyword, or None."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        return self.positional[index] if index < len(self.positional) else None


class State:
    """Memory: cells by number. Children see their parent's cells and write only their own."""

    __slots__ = ("depth", "parent", "writes")

    def __init__(self, parent: State | None = None) -> None:
        self.parent = parent
        self.writes: dict[int, Value] = {}
        self.depth: int = 0 if parent is None else parent.depth + 1
        if self.depth > 24:
            self.writes = self._flat()
            self.parent = None
            self.depth = 0

    def _flat(self) -> dict[int, Value]:
        chain: list[State] = []
        state = self.parent
        while state is not None:
            chain.append(state)
            state = state.parent
        flat: dict[int, Value] = {}
        for item in reversed(chain):
            flat.update(item.writes)
        return flat

    def get(self, cell: int) -> Value | None:
        """A cell's value, None where it was never written."""
        state: State | None = self
        while state is not None:
            value = state.writes.get(cell)
            if value is not None:
                return value
            state = state.parent
        return None

    def written_since(self, base: State) -> set[int]:
        """The cells that were written after ``base`` was forked (all of them where that is not known)."""
        found: set[int] = set()
        state: State | None = self
        while state is not None and state is not base:
            found.update(state.writes)
            state = state.parent
        return found


@dataclass(slots=True, eq=False)
class Normal:
    """Falls through to what comes next. Without a state it is a place to be filled in."""

    state: State | None = None


@dataclass(slots=True, eq=False)
class Returned:
    """Leaves the function with a value."""

    value: Value
    state: State
    span: Span


@dataclass(slots=True, eq=False)
class Thrown:
    """Leaves with an exception; ``explicit`` where the source says so."""

    value: Value
    state: State
    span: Span
    explicit: bool = False


@dataclass(slots=True, eq=False)
class Break:
    """Leaves a loop, switch or labelled block."""

    label: str | None
    state: State


@dataclass(slots=True, eq=False)
class Continue:
    """Goes on with a loop's next round."""

    label: str | None
    state: State


@dataclass(slots=True, eq=False)
class Fork:
    """Ends one way or another, by a test."""

    test: Test
    then: Tree
    other: Tree


Outcome: TypeAlias = "Normal | Returned | Thrown | Break | Continue"
Tree: TypeAlias = "Outcome | Fork"

NORMAL = Normal()


def replace(tree: Tree, change: Callable[[Outcome], Tree]) -> Tree:
    """Return the tree with each leaf changed; shared parts stay shared."""
    done: dict[int, Tree] = {}

    def visit(node: Tree) -> Tree:
        known = done.get(id(node))
        if known is not None:
            return known
        result: Tree
        if isinstance(node, Fork):
            then, other = visit(node.then), visit(node.other)
            same = then is node.then and other is node.other
            result = then if then is other else node if same else Fork(node.test, then, other)
        else:
            result = change(node)
        done[id(node)] = result
        return result

    return visit(tree)


def normals(tree: Tree) -> bool:
    """Whether some way through the tree falls through."""
    seen: set[int] = set()
    stack = [tree]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Fork):
            stack += (node.then, node.other)
        elif isinstance(node, Normal):
            return True
    return False


def substitute(tree: Tree, continuation: Tree) -> Tree:
    """Return the tree with every way that falls through going on as ``continuation``."""
    if isinstance(tree, Normal):
        return continuation
    return replace(tree, lambda leaf: continuation if isinstance(leaf, Normal) else leaf)
