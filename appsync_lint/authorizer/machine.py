"""The analysis: runs the intermediate form on marked values instead of real ones, all ways at once.

Every branch is taken both ways on copies of memory, which are merged again afterwards; values that differ
remember the test that they differ by. Functions are inlined, up to a depth; calls into code that is not there
give values that carry the marks of all that went in. Work is bounded: :class:`BudgetExceededError` ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Literal

from ..text import Span
from . import calls, classes, collection_methods, ir, names, objects, operators
from .domain import (
    ABSENT,
    FALSE,
    NO_MARKS,
    NORMAL,
    TRUE,
    Arguments,
    Bound,
    Break,
    Builtin,
    Choice,
    Class,
    Closure,
    Constant,
    Continue,
    External,
    Fork,
    Mark,
    Marks,
    Normal,
    Obj,
    Opaque,
    Outcome,
    Promise,
    Ref,
    Returned,
    Scope,
    Source,
    State,
    Test,
    TestKind,
    Thrown,
    Tree,
    Value,
    normals,
    replace,
    substitute,
)
from .values import Observation, ObservationKind

if TYPE_CHECKING:
    from .modules import Files

__all__ = ["BudgetExceededError", "Frame", "Instance", "Machine"]

#: Evaluated expressions and statements per function analysed; a long authorizer needs a few thousand.
STEPS = 80_000
#: What a single statement of a module may take while the module loads, and all of them together.
LOADING_STATEMENT = 4_000
LOADING = 40_000
#: What a statement may take after that: enough to define a function.
LOADING_LATER = 100
#: What a call may take that a handler makes, such as of a parser that was bundled with it.
CALL = 16_000
#: How deep calls are followed.
DEPTH = 18
#: Collections of at most this many known elements are gone through one by one.
UNROLLED = 12

NOTHING_KNOWN: Mapping[int, bool] = {}

_CONTAINERS = {(), ("requestContext",), ("requestContext", "variables"), ("requestHeaders",)}
_ALIASES = {
    "request_context": "requestContext",
    "request_headers": "requestHeaders",
    "authorization_token": "authorizationToken",
    "query_string": "queryString",
    "operation_name": "operationName",
    "api_id": "apiId",
    "account_id": "accountId",
    "request_id": "requestId",
}
_SENT = {
    (): {"authorizationToken", "requestContext", "requestHeaders"},
    ("requestContext",): {
        *("apiId", "accountId", "requestId", "queryString", "operationName", "variables"),
        *("operation", "channel", "channelNamespaceName"),  # AppSync Events
    },
}
_KEY_ERRORS = {"KeyError", "LookupError"}
_REQUEST = {"queryString", "variables", "operationName"}


class BudgetExceededError(Exception):
    """The function is larger than the analysis goes."""


@dataclass(slots=True, eq=False)
class Instance:
    """A module that was run: its names, and what ``module`` holds for CommonJS."""

    module: ir.Module
    path: str
    scope: Scope
    module_object: int
    uses_arguments: bool = False


@dataclass(slots=True, eq=False)
class Frame:
    """Where the analysis is: scope, class (for ``super``), module, and what a generator has yielded."""

    scope: Scope
    instance: Instance
    home: Class | None = None
    generator: bool = False
    yields: list[Value] = field(default_factory=list)


class Machine:
    """One analysis of one function. Not reusable: it remembers tests, observations and memory."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.state = State()
        self.pending: list[Tree] = []
        self.steps = 0
        self.limit = STEPS
        self.depth = 0
        self.try_depth = 0
        self.key_errors = 0
        self.statement: ir.Expression | None = None
        self.stack: list[tuple[ir.Function, Scope]] = []
        self.instances: list[Instance] = []
        self.by_path: dict[str, int] = {}
        self.prototypes: dict[tuple[int, int], Value] = {}
        self.observations: dict[tuple[str, Span], Observation] = {}
        self.reads: dict[tuple[str, Span], None] = {}
        self.unresolved: dict[str, None] = {}
        self.handlers: dict[Span, None] = {}
        self.remembered: dict[str, Marks] = {}
        self.external_cells: dict[str, int] = {}
        self.token_checked = False
        self.appsync_shape = False
        self.answered = False
        self.handler_tree: Tree | None = None
        self._numbers = count(1)
        self._tests = count(1)
        self._interned: dict[tuple[object, ...], int] = {}
        self._alive: list[object] = []
        self._by_value: dict[int, Test] = {}
        self.callback_cell = next(self._numbers)
        self._loops = 0
        self.frame: Frame = None  # type: ignore[assignment]
        self._expressions: dict[type, Callable[..., Value]] = {
            ir.Constant: lambda node: Constant(node.value, node.span),
            ir.Name: self._name,
            ir.Member: lambda node: self.member(self.evaluate(node.object), node.key, node.span, node.optional),
            ir.Index: self._index,
            ir.Call: self._call,
            ir.ObjectDisplay: self._object,
            ir.ListDisplay: self._list,
            ir.Template: self._template,
            ir.Binary: self._binary,
            ir.Unary: self._unary,
            ir.Logical: self._logical,
            ir.Conditional: self._conditional,
            ir.FunctionExpression: lambda node: Closure(node.function, self.frame.scope, self.frame.home),
            ir.ClassDefinition: self._class,
            ir.Await: lambda node: self.awaited(self.evaluate(node.operand), node.span),
            ir.Yield: self._yield,
            ir.Assign: self._assign,
            ir.Comprehension: self._comprehension,
            ir.Sequence: lambda node: [self.evaluate(item) for item in node.expressions][-1],
            ir.ImportCall: lambda node: self.import_value(node.specifier, "*", 0, node.span),
            ir.Unknown: self._unknown,
        }
        self._statements: dict[type, Callable[..., Tree]] = {
            ir.Evaluate: self._evaluate_statement,
            ir.If: self._if,
            ir.Loop: self._loop,
            ir.Try: self._try,
            ir.Switch: self._switch,
            ir.Return: self._return,
            ir.Throw: self._throw,
            ir.Break: lambda node: Break(node.label, self.snapshot()),
            ir.Continue: lambda node: Continue(node.label, self.snapshot()),
            ir.Import: self._import,
            ir.Block: self.block,
            ir.LabelledBlock: lambda node: self._leave_label(self.block(node.body), node.label),
        }

    # Bookkeeping

    def step(self) -> None:
        """Count a piece of work."""
        self.steps += 1
        if self.steps > self.limit:
            raise BudgetExceededError

    def observe(
        self, kind: ObservationKind, span: Span, detail: str = "", related: tuple[tuple[str, Span], ...] = ()
    ) -> None:
        """Note something that rules may ask for; once per place."""
        self.observations.setdefault((kind, span), Observation(kind, span, detail, related))

    def new_test(self, kind: TestKind, marks: Marks, span: Span) -> Test:
        """A question of its own."""
        return Test(next(self._tests), kind, marks, span)

    def number(self, value: Value) -> int:
        """A number that equal values share (places do not count)."""
        known = value.number
        if known is not None:
            return known
        key: tuple[object, ...]
        match value:
            case Constant():
                content = "undefined" if isinstance(value.value, ir.Undefined) else value.value
                key = ("absent",) if value is ABSENT else ("c", type(value.value).__name__, content)
            case Source():
                key = ("s", value.path)
            case Opaque():
                key = ("o", *value.structure) if value.structure is not None else ("u", next(self._numbers))
            case Ref():
                key = ("r", value.address)
            case Obj():
                entries = tuple(sorted((name, self.number(item)) for name, item in value.entries.items()))
                items = tuple(self.number(item) for item in value.items)
                rest = None if value.rest is None else self.number(value.rest)
                key = ("O", value.kind, entries, items, rest, id(value.cls) if value.cls else None)
                self._alive.append(value.cls)
            case Closure():
                self._alive.append(value.scope)
                key = ("f", id(value.function), id(value.scope))
            case Class():
                self._alive.append(value.scope)
                key = ("k", id(value.definition), id(value.scope))
            case External():
                key = ("e", value.path)
            case Choice():
                key = ("?", value.test.id, self.number(value.then), self.number(value.other))
            case Promise():
                self._alive.append(value.rejection)
                key = ("p", self.number(value.value), id(value.rejection))
            case Bound() | Builtin():
                self._alive.append(value)
                key = ("i", id(value))
        found = self._interned.get(key)
        if found is None:
            found = self._interned[key] = next(self._numbers)
        if value is not ABSENT and value is not TRUE and value is not FALSE:
            value.number = found
        return found

    def choose(self, test: Test, then: Value, other: Value) -> Value:
        """One value or the other; simply the value where both are the same."""
        if isinstance(then, Choice) and then.test is test:
            then = then.then
        if isinstance(other, Choice) and other.test is test:
            other = other.other
        if then is other or self.number(then) == self.number(other):
            return then
        return Choice(test, then, other)

    def map(self, value: Value, change: Callable[[Value], Value]) -> Value:
        """Apply a function to each alternative of a value."""
        if not isinstance(value, Choice):
            return change(value)
        done: dict[int, Value] = {}

        def visit(node: Value) -> Value:
            known = done.get(id(node))
            if known is None:
                if isinstance(node, Choice):
                    self.step()
                    known = self.choose(node.test, visit(node.then), visit(node.other))
                else:
                    known = change(node)
                done[id(node)] = known
            return known

        return visit(value)

    def leaves(self, value: Value, known: Mapping[int, bool] = NOTHING_KNOWN) -> list[Value]:
        """The alternatives of a value, each once; those that ``known`` outcomes of tests rule out left out."""
        if not isinstance(value, Choice):
            return [value]
        found: list[Value] = []
        seen: set[int] = set()
        stack: list[Value] = [value]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Choice):
                if node.test.id in known:
                    stack.append(node.then if known[node.test.id] else node.other)
                else:
                    stack += (node.other, node.then)
            else:
                found.append(node)
        return found

    # Marks

    def marks(self, value: Value | None, known: Mapping[int, bool] = NOTHING_KNOWN) -> Marks:
        """All that a value depends on, including the tests between its alternatives.

        ``known`` holds tests whose outcome is given: the other alternative does not count, nor does the test.
        """
        if value is None or isinstance(value, Constant):
            return NO_MARKS
        if isinstance(value, Opaque):
            return value.marks
        if isinstance(value, Source):
            return self.source_marks(value)
        found: set[Mark] = set()
        seen: set[int] = set()
        stack: list[Value] = [value]
        while stack:
            node = stack.pop()
            identity = -node.address if isinstance(node, Ref) else id(node)
            if identity in seen:
                continue
            seen.add(identity)
            self.step()
            match node:
                case Opaque():
                    found.update(node.marks)
                case Source():
                    found.update(self.source_marks(node))
                case Choice() if node.test.id in known:
                    stack.append(node.then if known[node.test.id] else node.other)
                case Choice():
                    found.update(node.test.marks)
                    stack += (node.then, node.other)
                case Ref():
                    content = self.state.get(node.address)
                    if content is not None:
                        stack.append(content)
                case Obj():
                    stack += node.entries.values()
                    stack += node.items
                    if node.rest is not None:
                        stack.append(node.rest)
                case Promise():
                    stack.append(node.value)
                    if node.rejection is not None:
                        found.update(self.tree_marks(node.rejection))
                case Bound():
                    stack += node.arguments
                    if node.this is not None:
                        stack.append(node.this)
        return frozenset(found)

    def tree_marks(self, tree: Tree) -> Marks:
        """What decides how a piece of code ends."""
        found: set[Mark] = set()
        seen: set[int] = set()
        stack = [tree]
        while stack:
            node = stack.pop()
            if isinstance(node, Fork) and id(node) not in seen:
                seen.add(id(node))
                found.update(node.test.marks)
                stack += (node.then, node.other)
        return frozenset(found)

    def source_marks(self, value: Source) -> Marks:
        """What a part of the event counts as."""
        path = value.path
        if not path:
            return frozenset({Mark("request", "event", value.span), Mark("token", "event", value.span)})
        if path[0] == "requestHeaders":
            return frozenset({Mark("request", "requestHeaders", value.read)})
        if path[0] == "authorizationToken":
            return frozenset({Mark("token", "", value.read)})
        if path[0] != "requestContext":
            return frozenset({Mark("phantom", ".".join(path), value.read)})
        if len(path) == 1:
            return frozenset({Mark("request", "requestContext", value.span)})
        if path[1] == "queryString":
            text = Mark("querytext", "", value.read)
            return frozenset({Mark("request", "queryString", value.read), text})
        if path[1] == "operationName":
            return frozenset({Mark("request", "operationName", value.read), Mark("opname", "", value.read)})
        if path[1] == "variables":
            return frozenset({Mark("request", "variables", value.read)})
        if path[1] not in _SENT["requestContext",]:
            return frozenset({Mark("phantom", ".".join(path), value.read)})
        return NO_MARKS

    def data_marks(self, value: Value) -> Marks:
        """What the alternatives of a value come from, without the tests between them."""
        return self.all_marks(self.leaves(value))

    def all_marks(self, values: Iterable[Value | None]) -> Marks:
        """The marks of several values together."""
        found: set[Mark] = set()
        for value in values:
            found.update(self.marks(value))
        return frozenset(found)

    def source_member(self, value: Source, key: str, span: Span) -> Value:
        """``event.key`` and the like."""
        path = value.path
        if len(path) < 2:
            key = _ALIASES.get(key, key)
        if not path and key in {"raw_event", "_data"}:
            return value
        known = _SENT.get(path)
        if known is not None and key not in known:
            if path in {(), ("requestContext",)}:
                self.observe("phantom-field", span, ".".join((*path, key)))
            return Source((*path, key), span, span)
        if path in _CONTAINERS:
            if path in {(), ("requestContext",)} and key != "requestContext":
                name = key if key in _REQUEST or key == "requestHeaders" else ""
                if name:
                    self.reads.setdefault((name, span))
                if key == "authorizationToken":
                    self.appsync_shape = True
                return Source((*path, key), span, span)
            return Source((*path, key), value.read if path else span, span)
        kind: Literal["number"] | None = "number" if key == "length" else None
        return Opaque(self.marks(value), span, kind, structure=("member", self.number(value), key))

    # Tests and branches

    def truth(self, value: Value, span: Span) -> Value:
        """A decision: true, false, or a choice between them."""
        return self.map(value, lambda leaf: self._truth(leaf, span))

    def _truth(self, value: Value, span: Span) -> Value:
        match value:
            case Constant():
                content = value.value
                return FALSE if isinstance(content, ir.Undefined) or not content else TRUE
            case Source():
                if value.path in {(), ("requestContext",)}:
                    return TRUE
                return self.decide(value, span)
            case Opaque():
                return FALSE if value.type == "falsy" else TRUE if value.type == "pattern" else self.decide(value, span)
            case Ref() | Obj():
                content_of = self.load(value)
                if not isinstance(content_of, Obj):
                    return self.truth(content_of, span) if isinstance(content_of, Choice) else TRUE
                if self.frame.instance.module.language != "python" or content_of.cls is not None:
                    return TRUE
                if content_of.entries or content_of.items:
                    return TRUE
                if content_of.rest is None:
                    return FALSE
                return Choice(self.new_test("branch", self.marks(content_of.rest), span), TRUE, FALSE)
            case External():
                return self.decide(value, span)
        return TRUE

    def decide(self, value: Value, span: Span) -> Value:
        """Test a value of which only the origin is known; the same value always gives the same test."""
        number = self.number(value)
        test = self._by_value.get(number)
        if test is None:
            marks = self.marks(value)
            if isinstance(value, Source) and value.path == ("requestContext", "queryString"):
                marks |= {Mark("connect", "no", span)}
            test = self._by_value[number] = self.new_test("branch", marks, span)
        return Choice(test, TRUE, FALSE)

    def test_of(self, value: Value) -> Test | None:
        """The test that was made of a value, if one was."""
        return self._by_value.get(self.number(value))

    def invert(self, decision: Value) -> Value:
        """The opposite decision."""
        return self.map(decision, lambda leaf: FALSE if leaf is TRUE else TRUE if leaf is FALSE else leaf)

    def snapshot(self) -> State:
        """The memory as it is now; later writes go to a copy."""
        state = self.state
        self.state = State(state)
        return state

    def join(self, test: Test, one: State | None, two: State | None, base: State) -> State | None:
        """Memory after a branch: what differs becomes a choice."""
        if one is None or two is None:
            return one if two is None else two
        if one is two:
            return one
        joined = State(base)
        for cell in one.written_since(base) | two.written_since(base):
            first, second = one.get(cell), two.get(cell)
            if first is second:
                assert first is not None
                joined.writes[cell] = first
            elif first is None or second is None:
                only = first if first is not None else second
                assert only is not None
                joined.writes[cell] = only
            else:
                joined.writes[cell] = self.merge(test, first, second)
        self.steps += len(joined.writes) // 8
        return joined

    def merge(self, test: Test, one: Value, two: Value) -> Value:
        """Two values of a cell; objects are merged key by key, so that they do not multiply."""
        if isinstance(one, Obj) and isinstance(two, Obj) and one.kind == two.kind and one.cls is two.cls:
            keys = dict.fromkeys([*one.entries, *two.entries])
            entries = {
                key: self.choose(test, one.entries.get(key, ABSENT), two.entries.get(key, ABSENT)) for key in keys
            }
            length = max(len(one.items), len(two.items))
            items = tuple(
                self.choose(
                    test,
                    one.items[index] if index < len(one.items) else ABSENT,
                    two.items[index] if index < len(two.items) else ABSENT,
                )
                for index in range(length)
            )
            rest: Value | None = None
            if one.rest is not None or two.rest is not None:
                rest = self.choose(test, one.rest or ABSENT, two.rest or ABSENT)
            return Obj(one.kind, entries, items, rest, one.cls, one.span)
        return self.choose(test, one, two)

    def join_leaves(self, tree: Tree, pick: Callable[[Outcome], State | None], base: State) -> State | None:
        """The memory that those leaves share which ``pick`` takes."""
        done: dict[int, State | None] = {}

        def visit(node: Tree) -> State | None:
            if id(node) not in done:
                if isinstance(node, Fork):
                    done[id(node)] = self.join(node.test, visit(node.then), visit(node.other), base)
                else:
                    done[id(node)] = pick(node)
            return done[id(node)]

        return visit(tree)

    def collect(self, tree: Tree, pick: Callable[[Outcome], Value | None]) -> Value | None:
        """The value of those leaves which ``pick`` takes, as a choice by the tree's tests."""
        done: dict[int, Value | None] = {}

        def visit(node: Tree) -> Value | None:
            if id(node) not in done:
                if isinstance(node, Fork):
                    one, two = visit(node.then), visit(node.other)
                    done[id(node)] = (
                        self.choose(node.test, one, two) if one is not None and two is not None else one or two
                    )
                else:
                    done[id(node)] = pick(node)
            return done[id(node)]

        return visit(tree)

    def by_decision(self, decision: Value, then: Tree, other: Tree) -> Tree:
        """A decision as a tree of forks."""
        done: dict[int, Tree] = {}

        def visit(node: Value) -> Tree:
            if id(node) not in done:
                if isinstance(node, Choice):
                    one, two = visit(node.then), visit(node.other)
                    done[id(node)] = one if one is two else Fork(node.test, one, two)
                else:
                    done[id(node)] = then if node is TRUE else other
            return done[id(node)]

        return visit(decision)

    def branch(self, decision: Value, then: Callable[[], Value], other: Callable[[], Value]) -> Value:
        """Evaluate one of two expressions."""
        if not isinstance(decision, Choice):
            return then() if decision is TRUE else other()
        base = self.snapshot()
        outer, self.pending = self.pending, []
        self.state = State(base)
        one = then()
        state_one, pending_one = self.state, self.pending
        self.state, self.pending = State(base), []
        two = other()
        state_two, pending_two = self.state, self.pending
        self.pending = outer
        tree_one, tree_two = self.compose(pending_one), self.compose(pending_two)
        if tree_one is not NORMAL or tree_two is not NORMAL:
            self.pending.append(self.by_decision(decision, tree_one, tree_two))
        alive_one, alive_two = normals(tree_one), normals(tree_two)
        if not alive_one or not alive_two:
            self.state = state_one if alive_one else state_two
            return one if alive_one else two
        self._join_decision(decision, state_one, state_two, base)
        return self.map(decision, lambda leaf: one if leaf is TRUE else two)

    def _join_decision(self, decision: Value, one: State, two: State, base: State) -> None:
        tree = self.by_decision(decision, Normal(one), Normal(two))
        joined = self.join_leaves(tree, lambda leaf: leaf.state if isinstance(leaf, Normal) else None, base)
        assert joined is not None
        self.state = State(joined)

    def compose(self, trees: list[Tree]) -> Tree:
        """Trees one after the other, as one."""
        result: Tree = NORMAL
        for tree in reversed(trees):
            result = substitute(tree, result)
        return result

    # Statements

    def run(self, statements: Iterable[ir.Statement]) -> Tree:
        """Run statements in order; the leaf that falls through has the memory at the end."""
        trees: list[Tree] = []
        base = self.state
        ended = False
        for statement in statements:
            self.step()
            tree = self._statements[type(statement)](statement)
            if tree is NORMAL:
                continue
            trees.append(tree)
            if isinstance(tree, Normal):
                trees.pop()
                assert tree.state is not None
                self.state = State(tree.state)
                continue
            joined = self.join_leaves(tree, _normal_state, base)
            if joined is None:
                ended = True
                break
            self.state = State(joined)
            base = joined
        result: Tree = trees.pop() if ended else Normal(self.snapshot())
        for tree in reversed(trees):
            result = substitute(tree, result)
        return result

    def block(self, block: ir.Block) -> Tree:
        """Run a block in a scope of its own."""
        if not block.names and not block.functions:
            return self.run(block.statements)
        frame = self.frame
        scope = frame.scope
        frame.scope = self.new_scope(block.names, scope)
        try:
            self.hoist(block)
            return self.run(block.statements)
        finally:
            frame.scope = scope

    def hoist(self, block: ir.Block) -> None:
        """Bind a block's function declarations."""
        for name, function in block.functions:
            self.assign_name(name, Closure(function, self.frame.scope, self.frame.home))

    def new_scope(self, names: Iterable[str], parent: Scope | None) -> Scope:
        """A scope with fresh cells."""
        return Scope({name: next(self._numbers) for name in names}, parent)

    def finish(self) -> Tree:
        """What the expressions evaluated since the last statement may throw, then falling through."""
        if not self.pending:
            return NORMAL
        tree = self.compose(self.pending)
        self.pending = []
        if not normals(tree):
            return tree
        end = Normal(self.snapshot())
        return substitute(tree, end)

    def _evaluate_statement(self, node: ir.Evaluate) -> Tree:
        value = node.value
        self.statement = value.operand if isinstance(value, ir.Await) else value
        self.evaluate(value)
        return self.finish()

    def _if(self, node: ir.If) -> Tree:
        decision = self.truth(self.evaluate(node.test), node.span)
        before = self.finish()
        if before is not NORMAL and not normals(before):
            return before
        if not isinstance(decision, Choice):
            block = node.then if decision is TRUE else node.other
            tree = self.block(block) if block is not None else NORMAL
        else:
            base = self.snapshot()
            self.state = State(base)
            then = self._completed(self.block(node.then))
            self.state = State(base)
            other = self._completed(self.block(node.other) if node.other is not None else NORMAL)
            if isinstance(then, Normal) and isinstance(other, Normal):
                assert then.state is not None
                assert other.state is not None
                self._join_decision(decision, then.state, other.state, base)
                tree = NORMAL
            else:
                tree = self.by_decision(decision, then, other)
        if before is NORMAL:
            return tree
        return substitute(before, self._completed(tree))

    def _completed(self, tree: Tree) -> Tree:
        return Normal(self.snapshot()) if tree is NORMAL else tree

    def _return(self, node: ir.Return) -> Tree:
        value = self.evaluate(node.value) if node.value is not None else Constant(ir.UNDEFINED, node.span)
        before = self.finish()
        if before is not NORMAL and not normals(before):
            return before
        return substitute(before, Returned(value, self.snapshot(), node.span))

    def _throw(self, node: ir.Throw) -> Tree:
        value = self.evaluate(node.value) if node.value is not None else Opaque(NO_MARKS, node.span)
        if isinstance(value, Class):
            value = classes.instantiate(self, value, Arguments([]), node.span)
        before = self.finish()
        explicit = node.value is not None and not isinstance(node.value, ir.Name)
        return substitute(before, Thrown(value, self.snapshot(), node.span, explicit))

    def _import(self, node: ir.Import) -> Tree:
        if node.local is None:
            self._star_import(node)
        elif "." in node.local:
            self.assign_name(node.local.partition(".")[0], self._dotted_import(node))
        else:
            self.assign_name(node.local, self.import_value(node.specifier, node.imported, node.level, node.span))
        return NORMAL

    def _dotted_import(self, node: ir.Import) -> Value:
        first, *others = node.specifier.split(".")
        value = self.import_value(node.specifier, "*", node.level, node.span)
        if isinstance(value, External):
            return External(first, node.span)
        for name in reversed(others):
            value = self.allocate(Obj("object", {name: value}), node.span)
        return value

    def _star_import(self, node: ir.Import) -> None:
        value = self.import_value(node.specifier, "*", node.level, node.span)
        if isinstance(value, Builtin) and value.name == "module":
            for name, cell in self.instances[value.cell].scope.names.items():
                found = self.state.get(cell)
                if found is not None and not name.startswith("_"):
                    self.assign_name(name, found)

    def _leave_label(self, tree: Tree, label: str) -> Tree:
        return replace(
            tree, lambda leaf: Normal(leaf.state) if isinstance(leaf, Break) and leaf.label == label else leaf
        )

    def _loop(self, node: ir.Loop) -> Tree:
        frame = self.frame
        scope = frame.scope
        if node.names:
            frame.scope = self.new_scope(node.names, scope)
        try:
            tree = self._loop_rounds(node)
        finally:
            frame.scope = scope
        return tree

    def _loop_rounds(self, node: ir.Loop) -> Tree:
        elements: list[Value] | None = None
        iterable: Value | None = None
        before: Tree = NORMAL
        if node.iterable is not None:
            iterable = self.evaluate(node.iterable)
            before = self.finish()
            if before is not NORMAL and not normals(before):
                return before
            known = self.elements(iterable, keys=node.keys)
            elements = known if known is not None and len(known) <= UNROLLED else None
        if elements is not None:
            tree = self._rounds([partial(self._bind_round, node, item) for item in elements], node)
        else:
            count_rounds = 1 if self._loops > 1 else 2
            element = self.element(iterable, node.span, keys=node.keys) if iterable is not None else None
            tree = self._open_rounds(node, iterable, element, count_rounds)
        return tree if before is NORMAL else substitute(before, self._completed(tree))

    def _bind_round(self, node: ir.Loop, item: Value) -> Tree:
        assert node.target is not None
        self.assign(node.target, item)
        before = self.finish()
        return substitute(before, self._completed(self.block(node.body)))

    def _rounds(self, rounds: list[Callable[[], Tree]], node: ir.Loop) -> Tree:
        """Known rounds, one after the other."""
        trees: list[Tree] = []
        base = self.state
        for run_round in rounds:
            tree = self._continue_round(run_round(), node.label)
            trees.append(tree)
            joined = self.join_leaves(tree, _normal_state, base)
            if joined is None:
                break
            self.state = State(joined)
            base = joined
        else:
            end = self._completed(self.block(node.otherwise)) if node.otherwise else Normal(self.snapshot())
            trees.append(end)
        result = trees.pop() if trees else NORMAL
        for tree in reversed(trees):
            result = substitute(tree, result)
        return self._break_loop(result, node.label)

    def _open_rounds(self, node: ir.Loop, iterable: Value | None, element: Value | None, rounds: int) -> Tree:
        """Rounds of unknown number: none, one, or two, so that the second sees what the first left behind."""
        if node.test_last:
            rounds = 1
        if iterable is not None:
            decision: Value = Choice(self.new_test("loop", self.marks(iterable), node.span), TRUE, FALSE)
        elif node.test is not None and not node.test_last:
            decision = self.truth(self.evaluate(node.test), node.span)
        else:
            decision = TRUE
        before = self.finish()
        if before is not NORMAL and not normals(before):
            return before
        if decision is FALSE:
            return before
        base = self.snapshot()
        self.state = State(base)
        self._loops += 1
        try:
            tree = self._one_round(node, iterable, element, rounds)
        finally:
            self._loops -= 1
        tree = self._break_loop(tree, node.label)
        if isinstance(decision, Choice):
            self.state = State(base)
            leave: Tree = self._completed(self.block(node.otherwise)) if node.otherwise else Normal(base)
            tree = self.by_decision(decision, tree, leave)
        return substitute(before, tree)

    def _one_round(self, node: ir.Loop, iterable: Value | None, element: Value | None, rounds: int) -> Tree:
        base = self.state
        if node.target is not None and element is not None:
            self.assign(node.target, element)
        tree = substitute(self.finish(), self._completed(self.block(node.body)))
        tree = self._continue_round(tree, node.label)
        joined = self.join_leaves(tree, _normal_state, base)
        if joined is None:
            return tree
        self.state = State(joined)
        if node.update is not None:
            self.evaluate(node.update)
        if node.test_last and node.test is not None:
            self.evaluate(node.test)
        after = self._completed(self.finish())
        if rounds > 1:
            again = self._open_rounds(node, iterable, element, rounds - 1)
            after = substitute(after, self._completed(again))
        elif iterable is None and node.test is None:
            # `for (;;)`: what falls out of the last round that is looked at comes round again.
            after = Normal(self.snapshot())
        return substitute(tree, after)

    def _continue_round(self, tree: Tree, label: str | None) -> Tree:
        return replace(
            tree,
            lambda leaf: Normal(leaf.state) if isinstance(leaf, Continue) and leaf.label in {None, label} else leaf,
        )

    def _break_loop(self, tree: Tree, label: str | None) -> Tree:
        return replace(
            tree, lambda leaf: Normal(leaf.state) if isinstance(leaf, Break) and leaf.label in {None, label} else leaf
        )

    def _switch(self, node: ir.Switch) -> Tree:
        frame = self.frame
        scope = frame.scope
        if node.names:
            frame.scope = self.new_scope(node.names, scope)
        try:
            for case in node.cases:
                self.hoist(case.body)
            subject = self.evaluate(node.subject)
            tree = self._cases(node, subject)
            before = self.finish()
        finally:
            frame.scope = scope
        return self._break_loop(substitute(before, tree), None)

    def _cases(self, node: ir.Switch, subject: Value) -> Tree:
        default = next((index for index, case in enumerate(node.cases) if case.test is None), None)
        decisions: list[tuple[Value, int]] = []
        for index, case in enumerate(node.cases):
            if case.test is None:
                continue
            compared = operators.compare(self, "==", subject, self.evaluate(case.test), self._place(case.test))
            decisions.append((self.truth(compared, self._place(case.test)), index))
        base = self.snapshot()

        def start_at(index: int) -> Tree:
            # Cases fall through, so entering one means running all that follow.
            self.state = State(base)
            return self._completed(self.run(item for case in node.cases[index:] for item in case.body.statements))

        self.state = State(base)
        result: Tree = start_at(default) if default is not None else Normal(base)
        for decision, index in reversed(decisions):
            if decision is FALSE:
                continue
            result = self.by_decision(decision, start_at(index), result)
        return result

    def _place(self, node: ir.Expression) -> Span:
        return node.span

    def _try(self, node: ir.Try) -> Tree:
        base = self.snapshot()
        self.state = State(base)
        missing = any(
            isinstance(item, ir.Name) and item.id in _KEY_ERRORS for catch in node.catches for item in catch.types
        )
        self.key_errors += missing
        if node.catches or node.finalizer:
            self.try_depth += 1
        try:
            tree = self._completed(self.block(node.body))
        finally:
            self.key_errors -= missing
            if node.catches or node.finalizer:
                self.try_depth -= 1
        if node.otherwise is not None:
            joined = self.join_leaves(tree, _normal_state, base)
            if joined is not None:
                self.state = State(joined)
                tree = substitute(tree, self._completed(self.block(node.otherwise)))
        if node.catches:
            tree = self._catch(node, tree, base)
        if node.finalizer is not None:
            tree = self._finally(node.finalizer, tree, base)
        return tree

    def _catch(self, node: ir.Try, tree: Tree, base: State) -> Tree:
        thrown = self.collect(tree, lambda leaf: leaf.value if isinstance(leaf, Thrown) else None)
        if thrown is None:
            # Nothing in it is known to throw; something may, for reasons of its own.
            test = self.new_test("throw", NO_MARKS, node.span)
            thrown = Opaque(NO_MARKS, node.span, structure=("raised", ""))
            tree = Fork(test, Thrown(thrown, base, node.span), tree)
        joined = self.join_leaves(tree, lambda leaf: leaf.state if isinstance(leaf, Thrown) else None, base)
        assert joined is not None
        self.state = State(joined)
        start = self.state
        handled: Tree = Thrown(thrown, joined, node.span)
        for catch in reversed(node.catches):
            self.state = State(start)
            decision = self.caught(catch, thrown, last=catch is node.catches[-1])
            if decision is FALSE:
                continue
            self.state = State(start)
            self.handlers[catch.span] = None
            if catch.target is not None:
                self.frame.scope = self.new_scope(_pattern_names(catch.target), self.frame.scope)
                self.assign(catch.target, thrown)
            try:
                body = self._completed(self.block(catch.body))
            finally:
                if catch.target is not None:
                    assert self.frame.scope.parent is not None
                    self.frame.scope = self.frame.scope.parent
            handled = self.by_decision(decision, body, handled)
        result = handled
        return replace(tree, lambda leaf: result if isinstance(leaf, Thrown) else leaf)

    def caught(self, catch: ir.Catch, thrown: Value, last: bool) -> Value:
        """Whether a handler takes an exception."""
        if not catch.types:
            return TRUE
        if last and isinstance(thrown, Opaque) and thrown.structure == ("raised", ""):
            # What was only supposed to be thrown is of a kind that is expected.
            return TRUE
        caught_classes: list[Value] = []
        for item in catch.types:
            caught_classes += self.leaves(self.evaluate(item))
        if any(isinstance(cls, External) and cls.path in {"Exception", "BaseException"} for cls in caught_classes):
            return TRUE
        open_test = Choice(self.new_test("throw", NO_MARKS, catch.span), TRUE, FALSE)
        if any(not isinstance(cls, Class | External) for cls in caught_classes):
            return open_test

        def check(leaf: Value) -> Value:
            content = self.load(leaf)
            if not isinstance(content, Obj) or content.cls is None:
                if isinstance(leaf, Opaque) and leaf.structure is not None and leaf.structure[0] == "raised":
                    names = {cls.path for cls in caught_classes if isinstance(cls, External)}
                    if leaf.structure[1] in names or (leaf.structure[1] == "KeyError" and "LookupError" in names):
                        return TRUE
                    if leaf.structure[1] == "KeyError":
                        return FALSE
                return open_test
            results = [classes.is_instance(self, content.cls, cls) for cls in caught_classes]
            return TRUE if True in results else open_test if None in results else FALSE

        return self.map(thrown, check)

    def _finally(self, block: ir.Block, tree: Tree, base: State) -> Tree:
        everything = self.join_leaves(tree, lambda leaf: leaf.state, base)
        assert everything is not None
        self.state = State(everything)
        final = self._completed(self.block(block))
        if not isinstance(final, Normal) and not normals(final):
            return final
        joined = self.join_leaves(tree, _normal_state, base)
        if joined is None:
            return tree if isinstance(final, Normal) else substitute(final, tree)
        self.state = State(joined)
        after = self._completed(self.block(block))
        return substitute(tree, after)

    # Expressions

    def evaluate(self, node: ir.Expression) -> Value:
        """The value of an expression."""
        self.step()
        return self._expressions[type(node)](node)

    def lookup(self, name: str) -> int | None:
        """The cell of a name that is in scope."""
        scope: Scope | None = self.frame.scope
        while scope is not None:
            cell = scope.names.get(name)
            if cell is not None:
                return cell
            scope = scope.parent
        return None

    def _name(self, node: ir.Name) -> Value:
        cell = self.lookup(node.id)
        if cell is not None:
            value = self.state.get(cell)
            if value is not None:
                return value
            if self.frame.instance.module.language == "python":
                # Not assigned on this way, which then fails; the ways on which it is are not here.
                return Opaque(NO_MARKS, node.span)
            return Constant(ir.UNDEFINED, node.span)
        return self.outside(names.global_value(node.id, node.span))

    def outside(self, value: Value) -> Value:
        """A name of the outside world, or what the code itself has put there."""
        if isinstance(value, External) and value.path in self.external_cells:
            found = self.state.get(self.external_cells[value.path])
            return found if found is not None else value
        return value

    def assign_name(self, name: str, value: Value) -> None:
        """Write a variable; an unknown name becomes one of the module's."""
        cell = self.lookup(name)
        if cell is None:
            cell = next(self._numbers)
            self.frame.instance.scope.names[name] = cell
        self.state.writes[cell] = value

    def allocate(self, content: Obj, span: Span) -> Ref:
        """Put an object into memory."""
        address = next(self._numbers)
        self.state.writes[address] = content
        return Ref(address, span)

    def load(self, value: Value) -> Value:
        """What a reference points at; other values are themselves."""
        if isinstance(value, Ref):
            content = self.state.get(value.address)
            return content if content is not None else Obj("object")
        return value

    def store(self, value: Value, change: Callable[[Obj], Obj]) -> None:
        """Change the object that a value may point at (each one, if there are several)."""
        for target in [leaf for leaf in self.leaves(value) if isinstance(leaf, Ref)]:
            content = self.load(target)
            if isinstance(content, Obj):
                changed = self._where_meant(value, target, change(content), content, {})
                self.state.writes[target.address] = changed

    def _where_meant(self, value: Value, target: Ref, changed: Value, kept: Value, seen: dict[int, Value]) -> Value:
        """An object after a change through a value: changed where the tests lead to it, else as it was."""
        if not isinstance(value, Choice):
            return changed if value is target else kept
        known = seen.get(id(value))
        if known is None:
            then = self._where_meant(value.then, target, changed, kept, seen)
            other = self._where_meant(value.other, target, changed, kept, seen)
            known = seen[id(value)] = then if then is other else self.merge(value.test, then, other)
        return known

    def member(self, value: Value, key: str, span: Span, optional: bool = False) -> Value:
        """``value.key``, also for dict keys."""
        return self.map(value, lambda leaf: self._member(leaf, key, span, optional))

    def _member(self, value: Value, key: str, span: Span, optional: bool) -> Value:
        match value:
            case Source():
                return self.source_member(value, key, span)
            case Ref() | Obj():
                return self.object_member(value, key, span)
            case External():
                return self.outside(names.external_member(value, key, span))
            case Builtin() if value.name == "module":
                return self.exported(value.cell, key, span)
            case Builtin() if value.name == "super":
                return classes.super_member(self, value, key, span)
            case Class():
                return classes.class_member(self, value, key, span)
            case Closure() if key == "prototype":
                return self.prototype(value, span)
            case Closure() | Bound():
                return Bound(Builtin(f"function.{key}", (value,)), None)
            case Constant() if value.value is None or isinstance(value.value, ir.Undefined):
                return Constant(ir.UNDEFINED, span)
            case Opaque():
                kind: Literal["number", "optional"] | None = "number" if key == "length" else None
                if optional and kind is None:
                    kind = "optional"
                structure = ("member", self.number(value), key)
                return Opaque(names.member_marks(value, key, span), span, kind, structure=structure)
        return Opaque(self.marks(value), span, structure=("member", self.number(value), key))

    def object_member(self, value: Value, key: str, span: Span) -> Value:
        """A key of an object in memory, through its class and what it was spread from."""
        content = self.load(value)
        if not isinstance(content, Obj):
            return self.map(content, lambda leaf: self._member(leaf, key, span, False))
        found = content.entries.get(names.answer_key(content, key))
        if found is not None:
            if found is ABSENT:
                found = None
            elif isinstance(found, Closure) and isinstance(value, Ref) and not found.function.arrow:
                return Bound(found, value)
            elif isinstance(found, Choice) and any(leaf is ABSENT for leaf in self.leaves(found)):
                missing = self._missing(content, key, span)
                return self.map(found, lambda leaf: missing if leaf is ABSENT else leaf)
            else:
                return found
        inherits = content.entries.get("#prototype")
        if inherits is not None and found is None:
            method = self.member(inherits, key, span)
            return Bound(method.function, value) if isinstance(method, Bound) else method
        if content.cls is not None:
            inherited = classes.instance_member(self, content.cls, value, key, span)
            if inherited is not None:
                return inherited
        if content.kind == "list" and key == "length" and content.rest is None:
            if all(ABSENT not in self.leaves(item) for item in content.items):
                return Constant(len(content.items), span)
            return Opaque(self.all_marks(content.items), span, "number")
        if content.kind == "list" and key.lstrip("-").isdigit():
            return self.list_item(content, int(key), span)
        return self._missing(content, key, span)

    def prototype(self, function: Closure, span: Span) -> Value:
        """``function.prototype``: one object for each function."""
        key = (id(function.function), id(function.scope))
        found = self.prototypes.get(key)
        if found is None:
            found = self.prototypes[key] = self.allocate(Obj("object", span=span), span)
        return found

    def list_item(self, content: Obj, index: int, span: Span) -> Value:
        """An element of a list by its number."""
        if -len(content.items) <= index < len(content.items) and (content.rest is None or index >= 0):
            found = content.items[index]
            return self.map(found, lambda leaf: Constant(ir.UNDEFINED, span) if leaf is ABSENT else leaf)
        return self._missing(content, str(index), span)

    def _missing(self, content: Obj, key: str, span: Span) -> Value:
        if content.rest is None or (content.kind == "list" and not key.lstrip("-").isdigit() and key != "length"):
            return Constant(ir.UNDEFINED, span)
        return self.map(
            content.rest,
            lambda leaf: Constant(ir.UNDEFINED, span) if leaf is ABSENT else self._member(leaf, key, span, False),
        )

    def _index(self, node: ir.Index) -> Value:
        target = self.evaluate(node.object)
        index = self.evaluate(node.index)
        value = self.item(target, index, node.span)
        if self.key_errors and isinstance(value, Source | Opaque):
            marks = self.marks(value)
            if any(mark.kind == "request" for mark in marks) and value.span == node.span:
                self.may_throw(marks, node.span, "KeyError")
        return value

    def item(self, target: Value, index: Value, span: Span) -> Value:
        """``target[index]``."""
        return self.map(index, lambda leaf: self._item(target, leaf, span))

    def _item(self, target: Value, index: Value, span: Span) -> Value:
        if isinstance(index, Constant) and isinstance(index.value, str | int) and not isinstance(index.value, bool):
            return self.member(target, str(index.value), span)
        found = self.marks(target) | names.looked_up(self.marks(index))
        functions: list[Value] = []
        for leaf in self.leaves(target):
            content = self.load(leaf)
            if isinstance(content, Obj):
                candidates = [*content.entries.values(), *content.items]
                functions += [item for item in candidates if isinstance(item, Closure | Bound)]
                if content.cls is not None:
                    functions += classes.methods(content.cls, leaf)
        structure = ("item", self.number(target), self.number(index))
        return Opaque(found, span, functions=tuple(functions), structure=structure)

    def elements(self, value: Value, keys: bool = False) -> list[Value] | None:
        """The elements of a collection where they are known one by one."""
        content = self.load(value)
        if not isinstance(content, Obj) or content.rest is not None or content.cls is not None:
            return None
        if content.kind == "object" or keys:
            if any(ABSENT in self.leaves(item) for item in content.entries.values()):
                return None
            return [Constant(name, content.span) for name in content.entries]
        if any(ABSENT in self.leaves(item) for item in content.items):
            return None
        return list(content.items)

    def element(self, value: Value, span: Span, keys: bool = False) -> Value:
        """Any element of a collection."""
        content = self.load(value)
        if isinstance(content, Obj) and content.kind == "list" and not keys:
            result: Value | None = content.rest
            for item in content.items:
                test = self.new_test("loop", NO_MARKS, span)
                result = item if result is None else self.choose(test, item, result)
            if result is not None:
                return self.map(result, lambda leaf: Constant(ir.UNDEFINED, span) if leaf is ABSENT else leaf)
        return Opaque(self.marks(value), span)

    def _object(self, node: ir.ObjectDisplay) -> Value:
        entries: dict[str, Value] = {}
        rest: Value | None = None
        for entry in node.entries:
            if entry.key is None:
                spread = self.evaluate(entry.value)
                merged = objects.spread(self, Obj("object", entries, (), rest, span=node.span), spread)
                entries, rest = dict(merged.entries), merged.rest
                continue
            key = self.evaluate(entry.key)
            value = self.evaluate(entry.value)
            name = names.key_name(key)
            if name is None:
                marks = self.marks(key) | self.marks(value)
                rest = Opaque(marks | self.marks(rest), node.span, functions=(value,))
            else:
                entries[name] = value
        return self.allocate(Obj("object", entries, (), rest, span=node.span), node.span)

    def _list(self, node: ir.ListDisplay) -> Value:
        items: list[Value] = []
        rest: Value | None = None
        for item in node.items:
            value = self.evaluate(item.value)
            if not item.spread:
                items.append(value)
                continue
            known = self.elements(value)
            content = self.load(value)
            if known is not None and isinstance(content, Obj) and content.kind == "list":
                items += known
            else:
                rest = Opaque(self.marks(value) | self.marks(rest), node.span)
        return self.allocate(Obj("list", {}, tuple(items), rest, span=node.span), node.span)

    def _template(self, node: ir.Template) -> Value:
        return operators.text_of(self, [self.evaluate(part) for part in node.parts], node.span)

    def _binary(self, node: ir.Binary) -> Value:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        return operators.binary(self, node.operator, left, right, node.span)

    def _unary(self, node: ir.Unary) -> Value:
        if node.operator == "delete":
            if isinstance(node.operand, ir.Member | ir.Index):
                target = self.evaluate(node.operand.object)
                if isinstance(node.operand, ir.Member):
                    name: str | None = node.operand.key
                else:
                    name = names.key_name(self.evaluate(node.operand.index))
                if name is not None:
                    gone = name
                    self.store(
                        target,
                        lambda content: Obj(
                            content.kind,
                            {**content.entries, gone: ABSENT},
                            content.items,
                            content.rest,
                            content.cls,
                            content.span,
                        ),
                    )
            return TRUE
        value = self.evaluate(node.operand)
        match node.operator:
            case "not":
                return self.invert(self.truth(value, node.span))
            case "void":
                return Constant(ir.UNDEFINED, node.span)
            case "-" | "+" | "~":
                return self.map(value, lambda leaf: operators.signed(self, node.operator, leaf, node.span))
        return Opaque(self.marks(value), node.span, "text", structure=(node.operator, self.number(value)))

    def _logical(self, node: ir.Logical) -> Value:
        left = self.evaluate(node.left)
        if node.operator == "??":
            decision = self.map(left, lambda leaf: operators.present(self, leaf, node.left.span))
            return self._first_of(left, decision, node, lambda leaf: operators.present(self, leaf, node.left.span))
        decision = self.truth(left, node.left.span)
        if node.operator == "or":
            return self._first_of(left, decision, node, lambda leaf: self._truth(leaf, node.left.span))
        return self.branch(decision, lambda: self.evaluate(node.right), lambda: self.falsy(left, node.span))

    def _first_of(self, left: Value, decision: Value, node: ir.Logical, judged: Callable[[Value], Value]) -> Value:
        """``left || right`` and ``left ?? right``: of the left side only what passes is kept."""
        if not isinstance(decision, Choice):
            return left if decision is TRUE else self.evaluate(node.right)
        evaluated: list[Value] = []

        def right() -> Value:
            evaluated.append(self.evaluate(node.right))
            return evaluated[0]

        value = self.branch(decision, lambda: left, right)
        if not evaluated:
            return value

        def settle(leaf: Value) -> Value:
            kept = leaf
            if isinstance(leaf, Opaque) and leaf.type == "optional":
                kept = Opaque(leaf.marks, leaf.span, None, structure=leaf.structure)
            return self.map(judged(leaf), lambda passed: kept if passed is TRUE else evaluated[0])

        return self.map(left, settle)

    def falsy(self, value: Value, span: Span) -> Value:
        """A value that is known to have failed a test."""

        def weaken(leaf: Value) -> Value:
            if isinstance(leaf, Opaque) and leaf.type == "bool":
                return FALSE
            if isinstance(leaf, Constant):
                return FALSE if leaf.value else leaf
            if isinstance(leaf, Opaque | Source):
                return Opaque(self.marks(leaf), span, "falsy", structure=("falsy", self.number(leaf)))
            return FALSE

        return self.map(value, weaken)

    def _conditional(self, node: ir.Conditional) -> Value:
        decision = self.truth(self.evaluate(node.test), node.test.span)
        return self.branch(decision, lambda: self.evaluate(node.then), lambda: self.evaluate(node.other))

    def _class(self, node: ir.ClassDefinition) -> Value:
        bases = tuple(self.evaluate(base) for base in node.bases)
        statics = self.allocate(Obj("object", span=node.span), node.span)
        cls = Class(node, self.frame.scope, bases, statics.address)
        saved = self.frame.home
        self.frame.home = cls
        for member in node.members:
            if member.is_static and member.kind == "field" and member.value is not None:
                value = self.evaluate(member.value)
                self._set_key(statics, member.name, value)
        self.frame.home = saved
        return cls

    def _yield(self, node: ir.Yield) -> Value:
        value = self.evaluate(node.operand)
        if not self.frame.generator:
            # Compiled from `await`: see `__awaiter`.
            return self.awaited(value, node.span)
        self.frame.yields.append(value)
        return Opaque(NO_MARKS, node.span)

    def _unknown(self, node: ir.Unknown) -> Value:
        return Opaque(self.all_marks([self.evaluate(part) for part in node.parts]), node.span)

    def _comprehension(self, node: ir.Comprehension) -> Value:
        frame = self.frame
        scope = frame.scope
        frame.scope = self.new_scope(node.names, scope)
        try:
            return collection_methods.comprehension(self, node)
        finally:
            frame.scope = scope

    # Assignment

    def _assign(self, node: ir.Assign) -> Value:
        if node.operator is None:
            value = self.evaluate(node.value)
            self.assign(node.target, value)
            return value
        current = self.read_pattern(node.target)
        if node.operator in {"and", "or", "??"}:
            decision = (
                self.map(current, lambda leaf: operators.present(self, leaf, node.span))
                if node.operator == "??"
                else self.truth(current, node.span)
            )
            if node.operator == "and":
                value = self.branch(decision, lambda: self.evaluate(node.value), lambda: current)
            else:
                value = self.branch(decision, lambda: current, lambda: self.evaluate(node.value))
        else:
            right = self.evaluate(node.value)
            if node.operator in {"+", "|"} and self._extend(current, right):
                return current
            value = operators.binary(self, node.operator, current, right, node.span)
        self.assign(node.target, value)
        return value

    def _extend(self, current: Value, right: Value) -> bool:
        """``list += other``, ``dict |= other`` in place; False where it is neither."""
        content = self.load(current)
        if not isinstance(current, Ref) or not isinstance(content, Obj) or content.cls is not None:
            return False
        if content.kind == "list":
            objects.extend_list(self, current, right)
        else:
            self.store(current, lambda one: objects.spread(self, one, right))
        return True

    def read_pattern(self, target: ir.Pattern) -> Value:
        """The present value of an assignment's target."""
        if isinstance(target, ir.NamePattern):
            return self._name(ir.Name(target.id, target.span))
        if isinstance(target, ir.MemberPattern):
            return self.item(self.evaluate(target.object), self.evaluate(target.key), target.span)
        return Opaque(NO_MARKS, target.span)

    def assign(self, target: ir.Pattern, value: Value) -> None:
        """Destructure a value into a target."""
        self.step()
        match target:
            case ir.NamePattern():
                self.assign_name(target.id, value)
            case ir.MemberPattern():
                self.set_item(self.evaluate(target.object), self.evaluate(target.key), value, target.span)
            case ir.ObjectPattern():
                taken: list[str] = []
                for entry in target.entries:
                    assert entry.key is not None
                    key = self.evaluate(entry.key)
                    name = names.key_name(key)
                    taken += [name] if name is not None else []
                    part = self.item(value, key, entry.key.span)
                    self.assign(entry.target, self.defaulted(part, entry.default))
                if target.rest is not None:
                    self.assign(target.rest, self._without(value, taken, target.span))
            case ir.ArrayPattern():
                for index, item in enumerate(target.entries):
                    if item is not None:
                        part = self.position(value, index, item.target.span)
                        self.assign(item.target, self.defaulted(part, item.default))
                if target.rest is not None:
                    known = self.elements(value)
                    tail = tuple(known[len(target.entries) :]) if known is not None else ()
                    rest = None if known is not None else Opaque(self.marks(value), target.span)
                    self.assign(target.rest, self.allocate(Obj("list", {}, tail, rest), target.span))

    def position(self, value: Value, index: int, span: Span) -> Value:
        """An element by position, for unpacking."""

        def pick(leaf: Value) -> Value:
            content = self.load(leaf)
            if isinstance(content, Obj) and content.kind == "list":
                return self.list_item(content, index, span)
            if isinstance(content, Choice):
                return self.map(content, pick)
            return Opaque(self.marks(leaf), span, structure=("item", self.number(leaf), index))

        return self.map(value, pick)

    def _without(self, value: Value, taken: list[str], span: Span) -> Value:
        def strip(leaf: Value) -> Value:
            content = self.load(leaf)
            if isinstance(content, Obj):
                entries = {key: item for key, item in content.entries.items() if key not in taken}
                return self.allocate(Obj("object", entries, (), content.rest, span=span), span)
            return leaf

        return self.map(value, strip)

    def defaulted(self, value: Value, default: ir.Expression | None) -> Value:
        """A value, or the default where it is undefined."""
        if default is None:
            return value
        decision = self.map(
            value,
            lambda leaf: FALSE if isinstance(leaf, Constant) and isinstance(leaf.value, ir.Undefined) else TRUE,
        )
        return self.branch(decision, lambda: value, lambda: self.evaluate(default))

    def set_item(self, target: Value, key: Value, value: Value, span: Span) -> None:
        """``target[key] = value``."""
        for leaf in self.leaves(target):
            if isinstance(leaf, Class):
                target = Ref(leaf.statics, span)
            elif isinstance(leaf, External) and names.key_name(key) is not None:
                path = names.external_member(leaf, names.key_name(key) or "", span)
                if isinstance(path, External):
                    cell = self.external_cells.setdefault(path.path, next(self._numbers))
                    self.state.writes[cell] = value
            elif isinstance(leaf, Builtin) and leaf.name == "module":
                target = Ref(self.instances[leaf.cell].module_object, span)
        name = names.key_name(key)
        if name is None:
            marks = self.marks(key) | self.marks(value)
            self.store(target, lambda content: objects.add_rest(self, content, marks, span))
        else:
            self._set_key(target, name, value)

    def _set_key(self, target: Value, name: str, value: Value) -> None:
        def change(content: Obj) -> Obj:
            if content.kind == "list" and name.isdigit() and int(name) < len(content.items):
                items = tuple(value if index == int(name) else item for index, item in enumerate(content.items))
                return Obj("list", content.entries, items, content.rest, content.cls, content.span)
            if content.cls is not None:
                setter = classes.find_member(content.cls, name, "setter")
                if setter is not None:
                    setters.append(setter)
                    return content
            key = names.answer_key(content, name)
            unset = key != name and isinstance(value, Constant) and value.value is None
            entries = {**content.entries, key: ABSENT if unset else value}
            return Obj(content.kind, entries, content.items, content.rest, content.cls, content.span)

        setters: list[Value] = []
        self.store(target, change)
        for setter in setters:
            self.call(Bound(setter, target), Arguments([value]), self._value_span(value, target))

    def _value_span(self, value: Value, other: Value) -> Span:
        for item in (value, other):
            span = getattr(item, "span", None)
            if isinstance(span, Span):
                return span
        return self.frame.instance.module.span

    # Calls

    def arguments(self, nodes: tuple[ir.Argument, ...]) -> Arguments:
        """Evaluate arguments."""
        result = Arguments([])
        for node in nodes:
            value = self.evaluate(node.value)
            if node.keyword == "**":
                content = self.load(value)
                if isinstance(content, Obj):
                    result.keywords.update(content.entries)
                    if content.rest is not None:
                        result.rest = content.rest
                else:
                    result.rest = value
            elif node.keyword is not None:
                result.keywords[node.keyword] = value
            elif node.spread:
                known = self.elements(value)
                if known is not None and result.rest is None:
                    result.positional += known
                else:
                    result.rest = Opaque(self.marks(value) | self.marks(result.rest), node.value.span)
            else:
                result.positional.append(value)
        return result

    def _call(self, node: ir.Call) -> Value:
        bare = self.statement is node
        callee = node.callee
        name = names.callee_name(callee)
        if name.rpartition(".")[2] == "__awaiter":
            return classes.call_awaiter(self, self.arguments(node.arguments), node.span)
        if isinstance(callee, ir.Member):
            handles = callee.key == "catch" or (callee.key == "then" and len(node.arguments) > 1)
            self.try_depth += handles
            receiver = self.evaluate(callee.object)
            self.try_depth -= handles
            arguments = self.arguments(node.arguments)
            site = names.Site(node.span, name, bare, node.new, callee.optional or node.optional)
            return self.map_calls(receiver, lambda leaf: calls.call_method(self, leaf, callee.key, arguments, site))
        if isinstance(callee, ir.Name) and callee.id == "super":
            return classes.call_super(self, self.arguments(node.arguments), node.span)
        function = self.evaluate(callee)
        arguments = self.arguments(node.arguments)
        site = names.Site(node.span, name, bare, node.new, node.optional)
        return self.map_calls(function, lambda leaf: calls.call_value(self, leaf, arguments, site))

    def map_calls(self, value: Value, call: Callable[[Value], Value]) -> Value:
        """Call each alternative of a function, each on its own copy of memory."""
        if not isinstance(value, Choice):
            return call(value)
        choice = value
        decision = Choice(choice.test, TRUE, FALSE)
        return self.branch(
            decision, lambda: self.map_calls(choice.then, call), lambda: self.map_calls(choice.other, call)
        )

    def call(self, function: Value, arguments: Arguments, span: Span, name: str = "") -> Value:
        """Call a value that the analysis found on its own (a callback, a getter)."""
        site = names.Site(span, name, False, False, False)
        return self.map_calls(function, lambda leaf: calls.call_value(self, leaf, arguments, site))

    def call_closure(self, closure: Closure, this: Value | None, arguments: Arguments, site: names.Site) -> Value:
        """Inline a function; one that is too much work counts as unknown code."""
        if not 0 < self.depth <= 3:
            return self._inline(closure, this, arguments, site)
        base, outer = self.snapshot(), self.limit
        self.state = State(base)
        self.limit = min(outer, self.steps + CALL)
        held = (self.try_depth, self.key_errors)
        try:
            return self._inline(closure, this, arguments, site)
        except BudgetExceededError:
            if self.steps > outer:
                raise
            self.state = State(base)
            self.try_depth, self.key_errors = held
            name = closure.function.name or "a function"
            self.unresolved.setdefault(name)
            return Opaque(names.through_unknown(self.all_marks([*arguments.every(), this]), name), site.span)
        finally:
            self.limit = outer

    def _inline(self, closure: Closure, this: Value | None, arguments: Arguments, site: names.Site) -> Value:
        function = closure.function
        repeated = sum(item is function and scope is closure.scope for item, scope in self.stack)
        if repeated > 1 or self.depth >= DEPTH:
            everything = [*arguments.every(), this]
            return Opaque(self.all_marks(everything), site.span)
        outer_frame, outer_pending = self.frame, self.pending
        outer_statement = self.statement
        scope = self.new_scope((), closure.scope)
        instance = self._instance_of(closure.scope, outer_frame.instance)
        self.frame = Frame(scope, instance, closure.home, function.is_generator)
        self.pending = []
        self.stack.append((function, closure.scope))
        self.depth += 1
        base = self.snapshot()
        self.state = State(base)
        try:
            if not function.arrow and instance.module.language == "javascript":
                scope.names["this"] = next(self._numbers)
                self.state.writes[scope.names["this"]] = this if this is not None else Constant(ir.UNDEFINED)
                if instance.uses_arguments:
                    scope.names["arguments"] = next(self._numbers)
                    given = Obj("list", {}, tuple(arguments.positional), arguments.rest)
                    self.state.writes[scope.names["arguments"]] = self.allocate(given, site.span)
            if closure.explicit_self and this is not None:
                arguments = Arguments([this, *arguments.positional], arguments.keywords, arguments.rest)
            self.bind(function, arguments, site.span)
            before = self.finish()
            body = function.body.block
            inner = self.new_scope(body.names, scope)
            for parameter in scope.names:
                # A parameter that the body assigns to is the same variable.
                inner.names.pop(parameter, None)
            self.frame.scope = inner
            self.hoist(body)
            tree = substitute(before, self._completed(self.run(body.statements)))
        finally:
            self.depth -= 1
            self.stack.pop()
            frame, self.frame, self.pending = self.frame, outer_frame, outer_pending
            self.statement = outer_statement
        return self._called(function, frame, tree, base, site.span)

    def _called(self, function: ir.Function, frame: Frame, tree: Tree, base: State, span: Span) -> Value:
        state = self.join_leaves(tree, lambda leaf: leaf.state if isinstance(leaf, Returned | Normal) else None, base)
        undefined = Constant(ir.UNDEFINED, span)
        value = self.collect(
            tree,
            lambda leaf: leaf.value if isinstance(leaf, Returned) else undefined if isinstance(leaf, Normal) else None,
        )
        if self.depth == 0:
            self.handler_tree = tree
        throws = replace(tree, lambda leaf: leaf if isinstance(leaf, Thrown) else NORMAL)
        self.state = State(state) if state is not None else State(base)
        if value is None:
            value = undefined
        if function.is_generator:
            value = Opaque(self.all_marks([value, *frame.yields]), span, "list")
        if function.is_async:
            outer, self.pending = self.pending, []
            inner = self.awaited(value, span)
            rejection = substitute(throws, self.compose(self.pending))
            self.pending = outer
            return Promise(inner, rejection if rejection is not NORMAL else None, span)
        if throws is not NORMAL:
            self.pending.append(throws)
        return value

    def _instance_of(self, scope: Scope, fallback: Instance) -> Instance:
        node: Scope | None = scope
        while node is not None and node.parent is not None:
            node = node.parent
        for instance in self.instances:
            if instance.scope is node:
                return instance
        return fallback

    def bind(self, function: ir.Function, arguments: Arguments, span: Span) -> None:
        """Bind parameters to arguments."""
        positional = list(arguments.positional)
        keywords = dict(arguments.keywords)
        scope = self.frame.scope
        for parameter in function.parameters:
            for name in _pattern_names(parameter.target):
                scope.names.setdefault(name, next(self._numbers))
        for parameter in function.parameters:
            target = parameter.target
            name = target.id if isinstance(target, ir.NamePattern) else ""
            if parameter.kind == "rest":
                self.assign(target, self.allocate(Obj("list", {}, tuple(positional), arguments.rest), span))
                positional = []
            elif parameter.kind == "keywords":
                self.assign(target, self.allocate(Obj("object", keywords, (), arguments.rest), span))
                keywords = {}
            elif name in keywords:
                self.assign(target, keywords.pop(name))
            elif positional and parameter.kind == "plain":
                self.assign(target, self.defaulted(positional.pop(0), parameter.default))
            elif isinstance(arguments.rest, Source) and name:
                # f(**event["requestContext"])
                self.assign(target, self.member(arguments.rest, name, arguments.rest.span))
            elif arguments.rest is not None:
                self.assign(target, Opaque(self.marks(arguments.rest), span))
            elif parameter.default is not None:
                self.assign(target, self.evaluate(parameter.default))
            else:
                self.assign(target, Constant(ir.UNDEFINED, span))

    def awaited(self, value: Value, span: Span) -> Value:
        """The value of a promise; that it may be rejected is pending afterwards."""

        def unwrap(leaf: Value) -> Value:
            if not isinstance(leaf, Promise):
                return leaf
            if leaf.rejection is not None:
                self.pending.append(leaf.rejection)
            return self.awaited(leaf.value, span)

        return self.branch_leaves(value, unwrap)

    def branch_leaves(self, value: Value, change: Callable[[Value], Value]) -> Value:
        """Like :meth:`map`, where what a change may throw counts only on its own way."""
        if isinstance(value, Choice) and any(isinstance(leaf, Promise) for leaf in self.leaves(value)):
            return self.map_calls(value, change)
        return self.map(value, change)

    def may_throw(self, marks: Marks, span: Span, name: str = "") -> None:
        """Note that what was just evaluated may throw; ``name`` is the exception's, where it is certain."""
        test = self.new_test("throw", marks, span)
        value = Opaque(NO_MARKS, span, structure=("raised", name) if name else None)
        thrown = Thrown(value, self.snapshot(), span)
        self.pending.append(Fork(test, thrown, NORMAL))

    # Modules

    def import_value(self, specifier: str, imported: str, level: int, span: Span) -> Value:
        """What an import binds: from a file of the project, or a name of the outside world."""
        index = self.load_module(specifier, level)
        if index is None:
            if imported != "*" and self.frame.instance.module.language == "python" and (level or imported):
                # `from . import name`, `from package import module`
                dotted = f"{specifier}.{imported}" if specifier else imported
                inner = self.load_module(dotted, level)
                if inner is not None:
                    return Builtin("module", cell=inner)
            path = specifier.removeprefix("node:")
            return External(path if imported in {"*", "default"} else f"{path}.{imported}", span)
        if imported == "*":
            return Builtin("module", cell=index)
        return self.exported(index, imported, span)

    def load_module(self, specifier: str, level: int) -> int | None:
        """Run a module of the project, once."""
        instance = self.frame.instance
        path = self.files.resolve(instance.path, instance.module.language, specifier, level)
        if path is None:
            return None
        known = self.by_path.get(path)
        if known is not None:
            return known
        module = self.files.load(path)
        return None if module is None else self.run_module(module, path)

    def start(self, module: ir.Module, path: str) -> None:
        """Run the main module."""
        self.frame = Frame(Scope({}, None), Instance(module, path, Scope({}, None), 0))
        self.run_module(module, path)
        self.frame = Frame(self.instances[0].scope, self.instances[0])

    def begin(self) -> None:
        """Forget what was noted while modules loaded: the handler's run counts."""
        self.observations = {key: item for key, item in self.observations.items() if item.kind in {"event-logged"}}
        self.reads.clear()
        self.token_checked = False
        self.handler_tree = None
        self.limit = self.steps + STEPS

    def run_module(self, module: ir.Module, path: str) -> int:
        """Run a module's statements."""
        scope = self.new_scope(module.body.names, None)
        exports = self.allocate(Obj("object"), module.span)
        holder = self.allocate(Obj("object", {"exports": exports}), module.span)
        if module.language == "javascript":
            for name, value in (("module", holder), ("exports", exports)):
                scope.names.setdefault(name, next(self._numbers))
                self.state.writes[scope.names[name]] = value
        uses_arguments = module.language == "javascript" and "arguments" in module.span.text
        instance = Instance(module, path, scope, holder.address, uses_arguments)
        index = len(self.instances)
        self.instances.append(instance)
        self.by_path[path] = index
        outer, pending, depth = self.frame, self.pending, self.try_depth
        self.frame = Frame(scope, instance)
        self.pending, self.try_depth = [], 0
        try:
            self.hoist(module.body)
            for statement in module.body.statements:
                self._load_statement(statement)
        finally:
            self.frame, self.pending, self.try_depth = outer, pending, depth
        return index

    def _load_statement(self, statement: ir.Statement) -> None:
        """Run a module's statement. What may throw while a module loads is no answer of the function.

        A bundle may hold whole packages; what takes too long is left out, and what it would have set is unknown.
        """
        base = self.snapshot()
        outer = self.limit
        self.limit = min(outer, self.steps + (LOADING_STATEMENT if self.steps < LOADING else LOADING_LATER))
        frame, scope = self.frame, self.frame.scope
        try:
            tree = self._statements[type(statement)](statement)
            joined = self.join_leaves(self._completed(tree), _normal_state, base)
            self.state = State(joined if joined is not None else base)
        except BudgetExceededError:
            if self.steps > outer:
                raise
            self.state = State(base)
            self.pending, self.frame, self.try_depth = [], frame, 0
            frame.scope = scope
            if isinstance(statement, ir.Evaluate) and isinstance(statement.value, ir.Assign):
                for name in _pattern_names(statement.value.target):
                    self.assign_name(name, Opaque(NO_MARKS, statement.span))
        finally:
            self.limit = outer

    def exported(self, index: int, name: str, span: Span) -> Value:
        """What a module exports under a name."""
        instance = self.instances[index]
        module = instance.module
        if module.language == "python":
            cell = instance.scope.names.get(name)
            value = self.state.get(cell) if cell is not None else None
            if value is not None:
                return value
            inner = self.files.resolve(instance.path, "python", name, 1)
            if inner is not None and inner != instance.path:
                return self.in_instance(instance, lambda: self.import_value(name, "*", 1, span))
            return Opaque(NO_MARKS, span)
        local = module.exports.get(name)
        if local is not None:
            cell = instance.scope.names.get(local)
            value = self.state.get(cell) if cell is not None else None
            return value if value is not None else Constant(ir.UNDEFINED, span)
        for exported, specifier, original in module.reexports:
            if exported == name:
                return self.in_instance(instance, partial(self.import_value, specifier, original, 0, span))
        common = self.member(Ref(instance.module_object, span), "exports", span)
        if name == "default" and not module.exports:
            return common
        found = self.member(common, name, span)
        if not (isinstance(found, Constant) and isinstance(found.value, ir.Undefined)):
            return found
        for exported, specifier, _ in module.reexports:
            if exported == "*":
                value = self.in_instance(instance, partial(self.import_value, specifier, name, 0, span))
                if not isinstance(value, Constant | External):
                    return value
        return found

    def in_instance(self, instance: Instance, work: Callable[[], Value]) -> Value:
        """Evaluate something as if it stood in another module."""
        with self.at(Frame(instance.scope, instance)):
            return work()

    @contextmanager
    def at(self, frame: Frame) -> Iterator[None]:
        """Stand in another frame for a while."""
        outer, self.frame = self.frame, frame
        try:
            yield
        finally:
            self.frame = outer


def _normal_state(leaf: Outcome) -> State | None:
    return leaf.state if isinstance(leaf, Normal) else None


def _pattern_names(pattern: ir.Pattern) -> Iterator[str]:
    match pattern:
        case ir.NamePattern():
            yield pattern.id
        case ir.ObjectPattern() | ir.ArrayPattern():
            for entry in pattern.entries:
                if entry is not None:
                    yield from _pattern_names(entry.target)
            if pattern.rest is not None:
                yield from _pattern_names(pattern.rest)
