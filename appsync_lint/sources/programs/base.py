"""What all parts of the evaluator share: the program's files, where it stands, and what it has found so far."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ...authorizer import ir
from ...authorizer.modules import Files
from ...text import SourceText, Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .nodes import Call, Function, Write
from .state import Flow, Memory, Scope

if TYPE_CHECKING:
    from .state import Exit

__all__ = [
    "MAX_CALLS",
    "MAX_DEPTH",
    "MAX_FILES",
    "MAX_IMPORTS",
    "MAX_ITEMS",
    "MAX_REPEATS",
    "Base",
    "Class",
    "Frame",
    "Instance",
    "Module",
    "TooMuchError",
    "keyed",
    "may_lack",
]

#: How many expressions and statements of a program are followed; a large stack has a few thousand.
MAX_STEPS = 60_000
#: How many in one file that it imports, and in all of them.
MAX_FILE_STEPS = 10_000
MAX_IMPORTED_STEPS = 40_000
#: How many files of the project a program imports, and how far from one to the next they are followed.
MAX_FILES = 40
MAX_IMPORTS = 4
#: How deeply functions of the program are followed into each other, and expressions into themselves.
MAX_CALLS = 12
#: How often one function is followed.
MAX_REPEATS = 60
MAX_DEPTH = 120
#: How many values are copied for calls, and how deep.
MAX_COPIED = 200_000
MAX_NESTING = 40
#: A loop over a list of the program is followed item by item up to so many.
MAX_ITEMS = 40
_SHOWN = 60


class TooMuchError(Exception):
    """The program takes more steps than anybody should wait for."""


class Class:
    """A class of the program: its definition with its bases worked out."""

    __slots__ = ("bases", "definition", "instances", "static")

    def __init__(self, definition: ir.ClassDefinition, bases: list[Node]) -> None:
        self.definition = definition
        self.bases = bases
        self.static = Table({}, {}, definition.span)
        self.instances: list[Instance] = []

    def base(self) -> Node | None:
        """Return the first base."""
        return self.bases[0] if self.bases else None


class Instance(Call):
    """An object of a class of the program; a construction of its base where that comes from elsewhere."""

    __slots__ = ("of",)

    def __init__(self, text: str, span: Span, of: Function) -> None:
        super().__init__(text, span, of, [], Table({}, {}, span), new=True)
        self.of = of


class Frame:
    """A function that is being followed: what it returns, and the states that it is left in."""

    __slots__ = ("definition", "exits", "name", "receiver", "results")

    def __init__(self, name: str, receiver: Node | None, definition: object = None) -> None:
        self.name = name
        self.definition = definition
        self.receiver = receiver
        self.results: list[Node] = []
        #: For each kind of leaving, one list for each thing around that can be left so.
        self.exits: dict[str, list[list[Exit]]] = {"breaks": [], "continues": [], "returns": [[]]}


class Module:
    """A file of the program while it is followed."""

    __slots__ = ("path", "scope", "source", "stars", "tree")

    def __init__(self, path: Path, tree: ir.Module, run: int) -> None:
        self.source = tree.span.source
        self.path = path
        self.tree = tree
        #: Modules of others of which everything is imported (Python).
        self.stars: list[str] = []
        self.scope = Scope(None, tree.body.names, run)


class Base(ABC):
    """The state of one evaluation."""

    def __init__(self, path: Path, tree: ir.Module, root: Path) -> None:
        self.source = tree.span.source
        self.language = tree.language
        self.memory = Memory()
        self.files = Files(root, str(path))
        self.main = Module(path, tree, 0)
        self.modules: dict[str, Module | None] = {str(path): self.main}
        self.of_source: dict[SourceText, Module] = {self.source: self.main}
        self.sources: list[SourceText] = [self.source]
        self.calls: list[Call] = []
        self.writes: list[Write] = []
        #: Functions and classes in the order in which the program makes them, and which were followed already.
        self.created: list[Function] = []
        self.followed: set[int] = set()
        self.counts: dict[int, int] = {}
        self.frames: list[Frame] = [Frame("", None)]
        #: Which of the things that somebody outside starts is being followed; 0 for the file itself.
        self.run = 0
        self.depth = 0
        self.importing = 0
        self._steps = 0
        self._limit = MAX_STEPS
        self._imported_steps = 0
        self._copied = 0

    # What the parts need of each other.

    @abstractmethod
    def value(self, expression: ir.Expression, scope: Scope) -> Node:
        """Return what an expression gives."""

    @abstractmethod
    def block(self, block: ir.Block, scope: Scope) -> Flow:
        """Follow statements in a scope that is theirs."""

    @abstractmethod
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
        """Call a function of the program; ``unknown`` says why there may be further arguments."""

    @abstractmethod
    def branches(self, runs: list[Callable[[], Flow]], why: Open) -> Flow:
        """Follow several ways that the program can go from here, and go on in what they have in common."""

    @abstractmethod
    def repeated(self, run: Callable[[], Flow], why: Open) -> Flow:
        """Follow something that happens any number of times."""

    def maybe(self, expression: ir.Expression, scope: Scope, why: Open) -> Node:
        """Return what an expression gives that is worked out under a condition only."""
        values: list[Node] = []

        def run() -> Flow:
            values.append(self.value(expression, scope))
            return "falls"

        self.branches([run, lambda: "falls"], why)
        return values[0]

    # Small things.

    @property
    def work(self) -> int:
        """How much was done so far, in steps."""
        return self._steps + self._imported_steps + self._copied // 4

    def step(self) -> None:
        """Count what is followed. Raises :class:`TooMuchError`."""
        self._steps += 1
        if self._steps > self._limit:
            raise TooMuchError

    @contextmanager
    def shortened(self) -> Iterator[None]:
        """Allow what is imported a part of the steps that are left."""
        limit, start, used = self._limit, self._steps, self._imported_steps
        self._limit = start + min(MAX_FILE_STEPS, MAX_IMPORTED_STEPS - used)
        self.importing += 1
        try:
            yield
        finally:
            self._imported_steps = max(self._imported_steps, used) + self._steps - start
            self._limit, self._steps = limit, start
            self.importing -= 1

    def shown(self, span: Span | None) -> str:
        """Return what stands at a place, on one line and shortened."""
        if span is None:
            return ""
        text = span.source.text[span.start_offset : min(span.end_offset, span.start_offset + _SHOWN * 8)]
        text = " ".join(text.split())
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

    def opened(self, span: Span | None, why: str = "") -> Open:
        """Return what stands at a place as a value that only a run knows."""
        shown = self.shown(span)
        return Open(shown, why or f"it is what {shown} gives", span)

    def depends(self, span: Span | None) -> Open:
        """Return the reason for a value that depends on a condition."""
        shown = self.shown(span)
        return Open(shown, f"it depends on {shown}", span)

    def module_of(self, span: Span) -> Module:
        """Return the file that a place is in."""
        return self.of_source.get(span.source, self.main)

    def snapshot(self, node: Node, depth: int = 0) -> Node:
        """Return a value as it is now: later changes of the objects and lists in it do not show.

        Raises :class:`TooMuchError` where values are put into each other again and again.
        """
        if not isinstance(node, Table | Sequence) and not (type(node) is Open and node.options):
            return node
        self._copied += 1 + len(node.options if isinstance(node, Open) else list(node))
        if self._copied > MAX_COPIED:
            raise TooMuchError
        if depth > MAX_NESTING:
            return Open("…", "it is nested too deeply", node.span)
        if isinstance(node, Open):
            options = tuple(None if option is None else self.snapshot(option, depth + 1) for option in node.options)
            return Open(node.text, node.why, node.span, options, complete=node.complete, assumed=node.assumed)
        if isinstance(node, Table):
            entries = {key: self.snapshot(item, depth + 1) for key, item in node.entries.items()}
            table = Table(entries, dict(node.keys), node.span, node.tag, node.repeated)
            table.more = node.more
            return table
        assert isinstance(node, Sequence)
        items = Sequence([self.snapshot(item, depth + 1) for item in node.items], node.span, node.tag)
        items.more = node.more
        return items

    def remember(self, call: Call) -> None:
        """Keep a call of the program itself."""
        call.path = self.memory.path
        if call.span is not None and call.span.source is self.source:
            self.calls.append(call)


def may_lack(item: Node) -> bool:
    """Whether an item of a list may be missing, so that the ones behind it stand somewhere else."""
    return type(item) is Open and None in item.options


def keyed(entries: dict[str, Node], span: Span | None) -> Table:
    """Return a mapping with its keys at the places of its values."""
    return Table(entries, {key: Scalar(key, key, item.span) for key, item in entries.items()}, span)
