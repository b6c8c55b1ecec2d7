"""From the ways in which a handler ends to the answers that it gives, with what each depends on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ..text import Span
from . import ir
from .domain import (
    ABSENT,
    Arguments,
    Bound,
    Builtin,
    Choice,
    Closure,
    Constant,
    External,
    Fork,
    Mark,
    Normal,
    Obj,
    Opaque,
    Promise,
    Ref,
    Returned,
    Source,
    State,
    Test,
    Thrown,
    Tree,
    Value,
    replace,
    substitute,
)
from .machine import Machine
from .names import Site
from .values import Authorized, ContextEntry, DeniedField, Dependence, Return

__all__ = ["answers", "run_handler"]

#: How many steps are spent on telling answers apart; beyond, what is left counts as one answer.
EXPANDED = 6000
#: Up to so many answers are held against each other one by one.
COMPARED = 300

#: A constant refusal with a ``ttlOverride`` from here on outlives a passing fault; an allow, a revoked token.
MAX_TTL = 3600
LONG_DENIAL = 60
LONG_ALLOW = 1800

_BYPASS = re.compile(r"stage|env|dev|test|local|bypass|skip|debug|mock|offline|disable", re.IGNORECASE)
_PREFIX_TESTS = {("method", "startsWith"), ("method", "startswith")}
_RECORDS = {"Item", "payload", "claims", "row", "Attributes"}
_SECRET = re.compile(
    r"api.?key|secret|password|passwd|private.?key|credential|(^|_)(access|auth|id|raw)?_?token$", re.I
)


def run_handler(machine: Machine, handler: Value, span: Span) -> Tree:
    """Call a handler with the event; the leaves of the tree are its answers and exceptions."""
    event = Source((), span, span)
    callback = Builtin("callback", (), machine.callback_cell)
    machine.state.writes[machine.callback_cell] = ABSENT
    given = Arguments([event, External("lambda-context", span), callback])
    site = Site(span, "handler", False, False, False)
    machine.pending = []
    value = machine.map_calls(handler, lambda leaf: _call(machine, leaf, given, site))
    tree = machine.compose(machine.pending)
    machine.pending = []
    own = machine.handler_tree
    if own is not None and isinstance(handler, Closure | Bound):
        tree = own
    else:
        tree = substitute(tree, Returned(value, machine.snapshot(), span))

    def settle(leaf: Tree) -> Tree:
        if isinstance(leaf, Normal):
            assert leaf.state is not None
            leaf = Returned(Constant(ir.UNDEFINED, span), leaf.state, span)
        if not isinstance(leaf, Returned):
            return leaf
        machine.state = State(leaf.state)
        machine.pending = []
        result = machine.awaited(leaf.value, leaf.span)
        before = machine.compose(machine.pending)
        machine.pending = []
        return substitute(before, Returned(result, machine.snapshot(), leaf.span))

    return replace(tree, settle)


def _call(machine: Machine, handler: Value, given: Arguments, site: Site) -> Value:
    from .calls import call_value

    return call_value(machine, handler, given, site)


@dataclass(slots=True, eq=False)
class _Answer:
    """One answer: the parts of what is returned, or that an exception leaves the function."""

    span: Span
    state: State
    thrown: Thrown | None = None
    authorized: Value | None = None
    content: Obj | None = None
    whole: Value | None = None
    ttl: Value | None = None

    @property
    def denies(self) -> bool:
        return self.thrown is not None or _authorized(self.authorized) in {"false", "missing"}


@dataclass(slots=True, eq=False)
class _Leaf:
    key: tuple[object, ...]
    answers: list[_Answer]


@dataclass(slots=True, eq=False)
class _Node:
    key: tuple[object, ...]
    test: Test
    then: _Decision
    other: _Decision


_Decision = _Leaf | _Node


class _Expansion:
    """Tells the answers in a tree apart, and forgets tests that do not change the answer."""

    def __init__(self, machine: Machine, with_context: bool) -> None:
        self.machine = machine
        self.with_context = with_context
        self.steps = 0
        self.spans: dict[int, bool] = {}

    def tree(self, tree: Tree, known: dict[int, bool]) -> _Decision | None:
        while isinstance(tree, Fork) and tree.test.id in known:
            tree = tree.then if known[tree.test.id] else tree.other
        if isinstance(tree, Fork):
            test, then, other = tree.test, tree.then, tree.other
            self.steps += 1
            if self.steps > EXPANDED:
                return self.given_up(tree)
            one = self.tree(then, {**known, test.id: True})
            two = self.tree(other, {**known, test.id: False})
            return self.combine(test, one, two)
        if isinstance(tree, Thrown):
            return _Leaf(("deny",), [_Answer(tree.span, tree.state, thrown=tree)])
        if isinstance(tree, Returned):
            return self.value(tree.value, tree, known)
        return None

    def value(self, value: Value, leaf: Returned, known: dict[int, bool]) -> _Decision | None:
        """The answers in a returned value."""
        self.steps += 1
        value = _restrict(value, known)
        if self.steps > EXPANDED:
            return self.given_up(Returned(value, leaf.state, leaf.span))
        if isinstance(value, Choice):
            return self.split(value, known, lambda part, facts: self.value(part, leaf, facts))
        if value is ABSENT or (isinstance(value, Constant) and isinstance(value.value, ir.Undefined)):
            return self.by_callback(leaf, known)
        self.machine.state = leaf.state
        content = self.machine.load(value)
        if isinstance(content, Choice):
            return self.split(content, known, lambda part, facts: self.value(part, leaf, facts))
        span = leaf.span
        if isinstance(value, Ref) and self.several(leaf.value):
            span = value.span
        if isinstance(content, Obj):
            self.machine.answered = self.machine.answered or "isAuthorized" in content.entries
            authorized = self.machine.member(value, "isAuthorized", span)
            return self.authorized(authorized, _Answer(span, leaf.state, content=content, whole=value), known)
        if isinstance(value, Constant):
            return self.finished(_Answer(span, leaf.state, whole=value), known)
        return self.finished(_Answer(span, leaf.state, authorized=value, whole=value), known)

    def several(self, value: Value) -> bool:
        """Whether a return statement hands on answers that were made in several places."""
        known = self.spans.get(id(value))
        if known is None:
            places = {leaf.span for leaf in self.machine.leaves(value) if isinstance(leaf, Ref)}
            known = self.spans[id(value)] = len(places) > 1
        return known

    def by_callback(self, leaf: Returned, known: dict[int, bool]) -> _Decision | None:
        settled = leaf.state.get(self.machine.callback_cell)
        if settled is None or settled is ABSENT:
            return self.finished(_Answer(leaf.span, leaf.state), known)
        return self.callback_value(settled, leaf, known)

    def callback_value(self, value: Value, leaf: Returned, known: dict[int, bool]) -> _Decision | None:
        self.steps += 1
        value = _restrict(value, known)
        if self.steps > EXPANDED:
            return self.given_up(Returned(value, leaf.state, leaf.span))
        if isinstance(value, Choice):
            return self.split(value, known, lambda part, facts: self.callback_value(part, leaf, facts))
        if value is ABSENT:
            # A callback that is never called gives no answer to keep.
            return None
        if isinstance(value, Builtin) and value.name == "rejected":
            thrown = Thrown(value, leaf.state, leaf.span)
            return _Leaf(("deny",), [_Answer(leaf.span, leaf.state, thrown=thrown)])
        place = getattr(value, "span", None)
        if isinstance(value, Constant):
            return self.finished(_Answer(leaf.span, leaf.state, whole=value), known)
        return self.value(value, Returned(value, leaf.state, place or leaf.span), known)

    def authorized(self, value: Value, answer: _Answer, known: dict[int, bool]) -> _Decision | None:
        self.steps += 1
        value = _restrict(value, known)
        if isinstance(value, Choice) and self.steps <= EXPANDED:
            return self.split(value, known, lambda part, facts: self.authorized(part, answer, facts))
        self.machine.state = answer.state
        ttl = self.machine.member(answer.whole or Constant(None), "ttlOverride", answer.span)
        made = _Answer(answer.span, answer.state, None, value, answer.content, answer.whole, None)
        return self.with_ttl(ttl, made, known)

    def with_ttl(self, value: Value, answer: _Answer, known: dict[int, bool]) -> _Decision | None:
        self.steps += 1
        value = _restrict(value, known)
        if isinstance(value, Choice) and self.steps <= EXPANDED:
            return self.split(value, known, lambda part, facts: self.with_ttl(part, answer, facts))
        content, whole = answer.content, answer.whole
        return self.finished(_Answer(answer.span, answer.state, None, answer.authorized, content, whole, value), known)

    def split(self, value: Choice, known: dict[int, bool], visit: object) -> _Decision | None:
        assert callable(visit)
        one = visit(value.then, {**known, value.test.id: True})
        two = visit(value.other, {**known, value.test.id: False})
        return self.combine(value.test, one, two)

    def finished(self, answer: _Answer, known: dict[int, bool]) -> _Leaf:
        if isinstance(answer.authorized, Opaque):
            test = self.machine.test_of(answer.authorized)
            if test is not None and known.get(test.id) is False:
                # `ttlOverride: ok ? 0 : 600` has already parted the answers.
                answer.authorized = Constant(False, answer.authorized.span)
        if answer.denies:
            return _Leaf(("deny",), [answer])
        machine = self.machine
        machine.state = answer.state
        assert answer.authorized is not None
        key: list[object] = [machine.number(answer.authorized)]
        if answer.content is not None:
            key.append(self.deep(answer.content.entries.get("deniedFields"), known, 0))
            if self.with_context:
                key.append(self.deep(answer.content.entries.get("resolverContext"), known, 0))
        return _Leaf(tuple(key), [answer])

    def deep(self, value: Value | None, known: dict[int, bool], depth: int) -> object:
        """A key that equal contents share."""
        self.steps += 1
        if value is None or value is ABSENT:
            return None
        value = _restrict(value, known)
        content = self.machine.load(value)
        if isinstance(content, Obj) and depth < 5 and self.steps <= EXPANDED:
            entries = tuple((name, self.deep(item, known, depth + 1)) for name, item in sorted(content.entries.items()))
            items = tuple(self.deep(item, known, depth + 1) for item in content.items)
            return (entries, items, self.deep(content.rest, known, depth + 1))
        if isinstance(content, Choice) and depth < 5 and self.steps <= EXPANDED:
            one = self.deep(content.then, {**known, content.test.id: True}, depth + 1)
            two = self.deep(content.other, {**known, content.test.id: False}, depth + 1)
            return one if one == two else (content.test.id, one, two)
        return self.machine.number(value)

    def combine(self, test: Test, one: _Decision | None, two: _Decision | None) -> _Decision | None:
        if one is None or two is None:
            return one or two
        return _combined(test, one, two)

    def given_up(self, tree: Tree) -> _Leaf:
        """All that is left as one answer that depends on everything in it."""
        machine = self.machine
        marks: set[Mark] = set(machine.tree_marks(tree))
        place: Span | None = None
        state = machine.state
        stack, seen = [tree], set()
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, Fork):
                stack += (node.then, node.other)
            elif isinstance(node, Returned):
                machine.state = state = node.state
                marks |= machine.marks(node.value)
                place = node.span
        place = place or machine.instances[0].module.span
        opaque = Opaque(frozenset(marks), place)
        return _Leaf(("open", id(tree)), [_Answer(place, state, authorized=opaque, whole=opaque)])


def _restrict(value: Value, known: dict[int, bool]) -> Value:
    while isinstance(value, Choice) and value.test.id in known:
        value = value.then if known[value.test.id] else value.other
    return value


def _merged(one: _Decision, two: _Decision) -> _Decision:
    if one is two:
        return one
    if isinstance(one, _Leaf) and isinstance(two, _Leaf):
        return _Leaf(one.key, one.answers + two.answers)
    assert isinstance(one, _Node)
    assert isinstance(two, _Node)
    return _Node(one.key, one.test, _merged(one.then, two.then), _merged(one.other, two.other))


def _authorized(value: Value | None) -> Authorized:
    match value:
        case None:
            return "missing"
        case Constant():
            if value is ABSENT or value.value is None or isinstance(value.value, ir.Undefined):
                return "missing"
            return "true" if value.value else "false"
        case Opaque():
            return "false" if value.type == "falsy" else "depends"
        case Source():
            return "depends"
        case Promise() | Choice():
            return "depends"
    return "true"


_Path = tuple[tuple[Test, bool], ...]


def answers(machine: Machine, tree: Tree) -> tuple[Return, ...]:
    """The answers of a handler, one for each place and way; notes what stands out about them."""
    full = _Expansion(machine, True)
    decision = full.tree(tree, {})
    bare = _Expansion(machine, False).tree(tree, {})
    deciding = _tests(bare)
    results: dict[tuple[object, ...], Return] = {}
    found: list[tuple[_Answer, _Path]] = []
    if decision is not None:
        _walk(decision, (), found)
    for answer, path in found:
        machine.state = answer.state
        if answer.thrown is not None:
            _observe_thrown(machine, answer.thrown)
            continue
        item = _returned(machine, answer, _telling(decision, path, len(found)), path, deciding)
        _observe_answer(machine, answer, path, item)
        key = (item.span, item.is_authorized, item.ttl, item.after_exception)
        before = results.get(key)
        results[key] = item if before is None else _joined(before, item)
    returns = tuple(sorted(results.values(), key=lambda item: (item.span.path, item.span.start_offset)))
    _observe_all(machine, returns, found)
    return returns


def _tests(decision: _Decision | None) -> set[int]:
    found: set[int] = set()
    stack = [decision]
    while stack:
        node = stack.pop()
        if isinstance(node, _Node):
            found.add(node.test.id)
            stack += (node.then, node.other)
    return found


def _telling(decision: _Decision | None, path: _Path, count: int) -> _Path:
    """The tests of a path that tell its answer from those which other requests with the same token get.

    What the token decides is the same for all of them, so those tests are taken as settled first.
    """
    if decision is None or count > COMPARED:
        return path
    settled = {test.id: taken for test, taken in path if not any(mark.kind == "request" for mark in test.marks)}
    remaining = _tests(_settled(decision, settled))
    return tuple((test, taken) for test, taken in path if test.id in remaining)


def _settled(decision: _Decision, known: dict[int, bool]) -> _Decision:
    if isinstance(decision, _Leaf):
        return decision
    if decision.test.id in known:
        return _settled(decision.then if known[decision.test.id] else decision.other, known)
    one, two = _settled(decision.then, known), _settled(decision.other, known)
    if one is decision.then and two is decision.other:
        return decision
    return _combined(decision.test, one, two)


def _combined(test: Test, one: _Decision, two: _Decision) -> _Decision:
    if one.key == two.key:
        return _merged(one, two)
    return _Node(("node", test.id, one.key, two.key), test, one, two)


def _walk(decision: _Decision, path: _Path, found: list[tuple[_Answer, _Path]]) -> None:
    if isinstance(decision, _Node):
        _walk(decision.then, (*path, (decision.test, True)), found)
        _walk(decision.other, (*path, (decision.test, False)), found)
    else:
        found += [(answer, path) for answer in decision.answers]


def _joined(one: Return, two: Return) -> Return:
    from dataclasses import replace as changed

    dependences = dict.fromkeys([*one.depends_on, *two.depends_on])
    return changed(one, depends_on=tuple(dependences))


def _returned(machine: Machine, answer: _Answer, telling: _Path, path: _Path, deciding: set[int]) -> Return:
    authorized = _authorized(answer.authorized)
    dependences: dict[tuple[str, str, str, str], Dependence] = {}

    def add(marks: frozenset[Mark], how: str, decider: Span, sink: str) -> None:
        for mark in sorted(marks, key=lambda one: (one.span.path, one.span.start_offset)):
            if mark.kind == "request":
                key = (mark.field, how, sink, mark.via)
                if key not in dependences:
                    dependences[key] = Dependence(mark.field, how, mark.span, decider, (sink,), mark.via)  # type: ignore[arg-type]

    for test, _ in telling:
        sink = "isAuthorized" if test.id in deciding else "resolverContext"
        if sink == "isAuthorized" or not answer.denies:
            add(test.marks, "control", test.span, sink)
    content = answer.content
    known = {test.id: taken for test, taken in path}
    if not answer.denies:
        value = answer.authorized
        place = getattr(value, "span", None) or answer.span
        add(machine.marks(value, known), "data", place, "isAuthorized")
        if content is not None:
            for key in ("deniedFields", "resolverContext"):
                part = content.entries.get(key)
                where = getattr(part, "span", None) or answer.span
                add(machine.marks(part, known), "data", where, key)
    ttl, ttl_span = _ttl(answer)
    denied, denied_known = _denied_fields(machine, content, known)
    context, context_known = _context(machine, content, known)
    return Return(
        answer.span,
        authorized,
        tuple(dependences.values()),
        ttl,
        ttl_span,
        denied,
        denied_known,
        context,
        context_known,
        any(test.kind == "throw" and taken for test, taken in path),
    )


def _ttl(answer: _Answer) -> tuple[int | float | str | None, Span | None]:
    if answer.content is None:
        unknown = answer.whole is not None and not isinstance(answer.whole, Constant)
        return ("dynamic" if unknown else None), None
    value = answer.ttl
    if value is None or value is ABSENT:
        return None, None
    place = getattr(value, "span", None)
    if isinstance(value, Constant):
        content = value.value
        if content is None or isinstance(content, ir.Undefined):
            return None, None
        if isinstance(content, bool | bytes):
            return "dynamic", place
        return content, place
    return "dynamic", place


def _denied_fields(
    machine: Machine, content: Obj | None, facts: dict[int, bool]
) -> tuple[tuple[DeniedField, ...] | None, bool]:
    if content is None:
        return None, False
    value = content.entries.get("deniedFields")
    if value is None:
        return (None, True) if content.rest is None else (None, False)
    found: dict[DeniedField, None] = {}
    known = True
    for leaf in machine.leaves(value, facts):
        if isinstance(leaf, Constant):
            continue
        listed = machine.load(leaf)
        if not isinstance(listed, Obj) or listed.kind != "list":
            known = False
            continue
        known = known and listed.rest is None
        for item in listed.items:
            for part in machine.leaves(item, facts):
                text = _pattern_text(part)
                place = getattr(part, "span", None)
                if text is not None and place is not None:
                    found[DeniedField(text, isinstance(part, Constant), place)] = None
                elif part is not ABSENT:
                    known = False
    return tuple(found), known


def _pattern_text(value: Value) -> str | None:
    if isinstance(value, Constant):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, Opaque) and value.type == "text":
        return "".join(
            part.value if isinstance(part, Constant) and isinstance(part.value, str) else "${}" for part in value.parts
        )
    return None


def _context(machine: Machine, content: Obj | None, facts: dict[int, bool]) -> tuple[tuple[ContextEntry, ...], bool]:
    value = content.entries.get("resolverContext") if content is not None else None
    if value is None:
        return (), content is not None and content.rest is None
    found: list[ContextEntry] = []
    known = True
    for leaf in machine.leaves(value, facts):
        inner = machine.load(leaf)
        if isinstance(inner, Constant):
            continue
        if not isinstance(inner, Obj):
            known = False
            continue
        known = known and inner.rest is None
        for key, item in inner.entries.items():
            for part in machine.leaves(item, facts):
                place = getattr(part, "span", None) or inner.span
                if place is None or part is ABSENT:
                    continue
                found.append(ContextEntry(key, _context_kind(part), place))
    return tuple(dict.fromkeys(found)), known


def _context_kind(value: Value) -> Literal["scalar", "nested", "null", "unknown"]:
    if isinstance(value, Constant):
        return "null" if value.value is None or isinstance(value.value, ir.Undefined) else "scalar"
    if isinstance(value, Ref | Obj):
        return "nested"
    if isinstance(value, Source) and value.path in {(), ("requestContext",), ("requestHeaders",)}:
        return "nested"
    if isinstance(value, Opaque):
        return "scalar" if value.type in {"text", "bool", "number"} else "nested" if value.type == "list" else "unknown"
    return "unknown"


# What stands out


def _observe_thrown(machine: Machine, thrown: Thrown) -> None:
    if not thrown.explicit:
        return
    machine.observe("throw-to-deny", thrown.span)
    marks = machine.marks(thrown.value)
    if any(mark.kind == "token" for mark in marks):
        machine.observe("throw-with-secret", thrown.span)


def _observe_answer(machine: Machine, answer: _Answer, path: _Path, item: Return) -> None:
    marks: set[Mark] = set(machine.marks(answer.authorized))
    for test, _ in path:
        marks |= test.marks
    if answer.content is not None:
        denied = answer.content.entries.get("deniedFields")
        if not answer.denies:
            marks |= machine.marks(denied)
        _observe_context(machine, answer, {test.id: taken for test, taken in path})
        if answer.denies and item.denied_fields and _constant_refusal(answer):
            machine.observe("denied-fields-useless", item.denied_fields[0].span)
        if {"policyDocument", "principalId"} & answer.content.entries.keys():
            machine.observe("api-gateway-shape", answer.span)
    _observe_marks(machine, marks, answer, item)
    _observe_boolean(machine, answer)
    if item.is_authorized == "missing":
        phantom = any(mark.kind == "phantom" for test, _ in path for mark in test.marks)
        shape = ",".join(sorted(answer.content.entries)) if answer.content is not None else ""
        gateway = answer.content is not None and {"policyDocument", "principalId"} & answer.content.entries.keys()
        named = answer.authorized is not None and answer.authorized is not ABSENT
        written = answer.content is not None and "isAuthorized" in answer.content.entries and named
        if written:
            machine.observe("not-boolean", getattr(answer.authorized, "span", None) or answer.span)
        elif not phantom and not gateway:
            machine.observe("missing-is-authorized", answer.span, shape)
    if item.is_authorized == "true":
        _observe_allow(machine, answer, path, item)
    value = answer.authorized
    if isinstance(value, Opaque) and _only_prefix(value) and not machine.token_checked and not path:
        machine.observe("prefix-only", value.span, related=(("answer", answer.span),))
    kept = item.ttl is None or (isinstance(item.ttl, int | float) and item.ttl > 0)
    if _constant_refusal(answer) and kept and _within_handler(machine, answer.span):
        machine.observe("denial-cached", answer.span, str(item.ttl) if item.ttl is not None else "")
    if (
        item.is_authorized in {"true", "depends"}
        and isinstance(item.ttl, int | float)
        and item.ttl >= LONG_ALLOW
        and not _milliseconds(item.ttl)
    ):
        machine.observe("allow-kept-long", item.ttl_span or answer.span, str(item.ttl))
    _observe_ttl(machine, item)


def _only_prefix(value: Opaque) -> bool:
    """Whether a value says no more than that the token starts with something."""
    tested = value.structure is not None and value.structure[:2] in _PREFIX_TESTS
    return tested and any(mark.kind == "prefix" for mark in value.marks)


def _constant_refusal(answer: _Answer) -> bool:
    """Whether an answer says no by itself, not by the outcome of a check."""
    said = answer.content.entries.get("isAuthorized") if answer.content is not None else None
    return isinstance(said, Constant) and said.value is False


def _observe_marks(machine: Machine, marks: set[Mark], answer: _Answer, item: Return) -> None:
    for mark in marks:
        if mark.kind == "claims" and not machine.token_checked and not answer.denies:
            machine.observe("token-not-verified", mark.span, related=(("answer", answer.span),))
        elif mark.kind == "textmatch":
            machine.observe("query-text-decision", mark.span, mark.field, (("answer", answer.span),))
        elif mark.kind == "opname" and item.is_authorized != "false":
            machine.observe("operation-name-trusted", mark.span, related=(("answer", answer.span),))
        elif mark.kind == "stateful" and item.ttl != 0:
            machine.observe("stateful-check", mark.span, mark.field, (("answer", answer.span),))
        elif mark.kind == "literalargument" and not any(field == "variables" for field, _ in machine.reads):
            machine.observe("query-argument-literal", mark.span, related=(("answer", answer.span),))
        elif mark.kind == "firstdefinition":
            machine.observe("query-first-definition-only", mark.span, related=(("answer", answer.span),))


def _observe_allow(machine: Machine, answer: _Answer, path: _Path, item: Return) -> None:
    checked = any(mark.kind in {"token", "claims", "checked"} for test, _ in path for mark in test.marks)
    for test, taken in path:
        connects = {mark.field for mark in test.marks if mark.kind == "connect"}
        if ((taken and "yes" in connects) or (not taken and "no" in connects)) and not checked:
            cacheable = "" if item.ttl == 0 else "cached"
            machine.observe("connect-allowed", answer.span, cacheable, (("test", test.span),))
        environment = [mark for mark in test.marks if mark.kind == "env" and _BYPASS.search(mark.field)]
        if environment and not any(mark.kind in {"token", "claims"} for mark in test.marks):
            machine.observe("test-bypass", answer.span, environment[0].field, (("test", test.span),))
    if item.after_exception:
        machine.observe("fail-open", answer.span)
    _observe_prefix(machine, path, answer)


def _observe_prefix(machine: Machine, path: _Path, answer: _Answer) -> None:
    """Note an allow for which the token only had to start with something."""
    prefixes = [test for test, taken in path if taken and any(mark.kind == "prefix" for mark in test.marks)]
    if prefixes and not machine.token_checked:
        others = [
            test
            for test, taken in path
            if test not in prefixes and any(mark.kind in {"token", "claims", "env"} for mark in test.marks) and taken
        ]
        if all(_presence(test) for test in others):
            machine.observe("prefix-only", prefixes[0].span, related=(("answer", answer.span),))


def _presence(test: Test) -> bool:
    return not any(mark.kind in {"checked", "literal", "claims", "env"} for mark in test.marks)


def _observe_boolean(machine: Machine, answer: _Answer) -> None:
    value = answer.authorized
    place = getattr(value, "span", None) or answer.span
    if answer.content is None or value is None or value is ABSENT:
        return
    if isinstance(value, Promise):
        machine.observe("not-awaited", answer.span)
    elif isinstance(value, Constant):
        if not isinstance(value.value, bool | ir.Undefined) and value.value is not None:
            machine.observe("not-boolean", place)
    elif isinstance(value, Opaque):
        if value.type in {"falsy", "optional", "text", "number", "list"}:
            machine.observe("not-boolean", place)
    elif isinstance(value, Source | Ref):
        machine.observe("not-boolean", place)


def _milliseconds(ttl: float) -> bool:
    return ttl > MAX_TTL and ttl % 1000 == 0


def _within_handler(machine: Machine, span: Span) -> bool:
    """Whether a place stands in an exception's handler."""
    return any(
        handler.source is span.source
        and handler.start_offset <= span.start_offset
        and span.end_offset <= handler.end_offset
        for handler in machine.handlers
    )


def _observe_ttl(machine: Machine, item: Return) -> None:
    ttl, place = item.ttl, item.ttl_span or item.span
    if ttl is None or ttl == "dynamic":
        return
    if isinstance(ttl, str):
        machine.observe("ttl-override-invalid", place, "not a number")
    elif ttl < 0:
        machine.observe("ttl-override-invalid", place, "negative")
    elif ttl > MAX_TTL:
        machine.observe("ttl-override-invalid", place, "milliseconds" if _milliseconds(ttl) else "over 3600")
    elif isinstance(ttl, float) and not ttl.is_integer():
        machine.observe("ttl-override-invalid", place, "not whole")


def _observe_context(machine: Machine, answer: _Answer, known: dict[int, bool]) -> None:
    assert answer.content is not None
    value = answer.content.entries.get("resolverContext")
    if value is None or answer.denies:
        return
    for leaf in machine.leaves(value, known):
        inner = machine.load(leaf)
        place = getattr(leaf, "span", None) or answer.span
        if isinstance(leaf, Source) or (isinstance(inner, Opaque) and inner.type != "falsy"):
            if isinstance(inner, Opaque) and _whole_record(inner):
                machine.observe("context-nested", place, "record")
            elif isinstance(leaf, Source) and leaf.path in {(), ("requestContext",), ("requestHeaders",)}:
                machine.observe("context-secret" if not leaf.path else "context-nested", place, "the whole event")
            elif any(mark.kind == "claims" for mark in machine.marks(leaf)):
                machine.observe("context-nested", place, "claims")
            continue
        if not isinstance(inner, Obj):
            continue
        if isinstance(inner.rest, Opaque):
            machine.observe("context-nested", place, "spread")
        for key, item in inner.entries.items():
            for part in machine.leaves(item, known):
                where = getattr(part, "span", None) or place
                kind = _context_kind(part)
                if kind == "nested":
                    machine.observe("context-nested", where, key)
                elif kind == "null" and part is not ABSENT:
                    machine.observe("context-null", where, key)
                _observe_secret(machine, key, part, where)


def _whole_record(value: Opaque) -> bool:
    """Whether a value is a table's row or a decoded token as a whole."""
    if any(mark.kind == "payload" for mark in value.marks):
        return value.structure is None
    return value.structure is not None and value.structure[0] == "member" and value.structure[2] in _RECORDS


def _observe_secret(machine: Machine, key: str, value: Value, place: Span) -> None:
    marks = machine.marks(value)
    kinds = {mark.kind for mark in marks}
    token = any(mark.kind == "token" and not mark.field for mark in marks)
    whole = any(mark.kind == "token" and mark.field == "event" for mark in marks)
    derived = isinstance(value, Source) or (isinstance(value, Opaque) and value.type not in {"bool", "number", "falsy"})
    if derived and token and not kinds & {"checked", "claims", "tokenpart"}:
        machine.observe("context-secret", place, "token")
    elif whole:
        machine.observe("context-secret", place, "the whole event")
    elif (_SECRET.search(key) and not isinstance(value, Constant)) or any(
        mark.kind == "env" and _SECRET.search(mark.field) for mark in marks
    ):
        machine.observe("context-secret", place, key)


def _observe_all(machine: Machine, returns: tuple[Return, ...], found: list[tuple[_Answer, _Path]]) -> None:
    for item in returns:
        allowed_alike = any(
            other.span == item.span and other.ttl == item.ttl and other.is_authorized != "false" for other in returns
        )
        long = isinstance(item.ttl, int | float) and item.ttl >= LONG_DENIAL
        if item.is_authorized == "false" and long and not allowed_alike:
            machine.observe("denial-cached", item.span, str(item.ttl))
    kinds = {item.kind for item in machine.observations.values()}
    if "api-gateway-shape" in kinds and any(item.is_authorized != "missing" for item in returns):
        # One function for several protocols: what tells them apart is no mistake.
        for key in [key for key in machine.observations if key[0] in {"api-gateway-shape", "phantom-field"}]:
            del machine.observations[key]
    throws = any(answer.thrown is not None for answer, _ in found)
    if returns and not throws and all(item.is_authorized == "true" for item in returns):
        machine.observe("constant-allow", returns[0].span)
