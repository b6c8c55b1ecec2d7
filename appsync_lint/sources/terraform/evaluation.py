"""What expressions come to, as far as the files decide it. Nothing is executed, and the work is bounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ...errors import InputError
from ...text import SourceText, Span
from ...tree import Node, Open, Scalar, Sequence, Table
from ..embedding import embedded
from .functions import Call, call
from .json_syntax import body_of
from .operations import MAX_ITEMS, as_number, boolean, combined, member, pairs_of, truth
from .operations import number as as_node
from .syntax import HclExpression, JsonExpression, branches
from .templates import Piece, heredoc, pieces_of_string, pieces_of_text
from .values import (
    FileContent,
    Missing,
    Mixed,
    Part,
    Reference,
    Text,
    as_text,
    assumed,
    certain,
    choice,
    is_null,
    lift,
    make_text,
    parts_of,
    shown,
)

if TYPE_CHECKING:
    from .modules import Instance
    from .syntax import Branch, Expression

__all__ = ["Budget", "Scope", "evaluate", "own_template"]

#: Each expression inside another one costs a few calls.
MAX_DEPTH = 60
MAX_STEPS = 200_000
#: How many names and indices may follow each other.
MAX_TRAVERSAL = 50
#: In characters that were put together.
MAX_TEXT = 8_000_000


class Budget:
    """How much work may still be done for one file that is read, with all that belongs to it."""

    __slots__ = ("depth", "steps", "text")

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.text = MAX_TEXT
        self.depth = 0

    @property
    def spent(self) -> bool:
        """Whether nothing more may be followed."""
        return self.steps <= 0 or self.text <= 0 or self.depth >= MAX_DEPTH

    def copy(self, length: int) -> None:
        """Count characters that are put together."""
        self.text -= length

    def collect(self, count: int) -> None:
        """Count items that are put together."""
        self.steps -= count


class Scope(NamedTuple):
    """Where an expression stands: its module, and the names that are only known there (``each``, a loop's)."""

    instance: Instance
    names: Mapping[str, Node]

    def having(self, names: Mapping[str, Node]) -> Scope:
        """Return a scope with further names."""
        return Scope(self.instance, {**self.names, **names})


def evaluate(expression: Expression, scope: Scope) -> Node:
    """Return what an expression comes to."""
    budget = scope.instance.budget
    budget.steps -= 1
    if budget.spent:
        return Open(shown(expression.text), "there is too much to follow", expression.span)
    budget.depth += 1
    try:
        if isinstance(expression, JsonExpression):
            return _json(expression, scope)
        return _HANDLERS.get(str(expression.tree.data), _unknown)(expression, scope)
    finally:
        budget.depth -= 1


def _unknown(expression: HclExpression, scope: Scope) -> Node:  # noqa: ARG001 (the handlers share one signature)
    return Open(shown(expression.text), "it is written in a way that is not followed", expression.span)


# The JSON syntax.


def _json(expression: JsonExpression, scope: Scope) -> Node:
    node = expression.node
    if expression.literal:
        return node
    if isinstance(node, Scalar):
        if not isinstance(node.value, str):
            return node
        source = embedded(node, expression.source)
        if "${" not in node.text and "%{" not in node.text:
            return Text(node.text, node.span, (Part("literal", node.text, source, 0, len(node.text)),))
        return render(pieces_of_text(source), scope, node.text, node.span)
    if isinstance(node, Sequence):
        items = [evaluate(JsonExpression(item, expression.source), scope) for item in node.items[:MAX_ITEMS]]
        return Sequence(items, node.span)
    assert isinstance(node, Table), "JSON has no other values"
    if isinstance(node.get("dynamic"), Table):
        return scope.instance.table(body_of(node, expression.source), scope)
    entries = {name: evaluate(JsonExpression(item, expression.source), scope) for name, item in node}
    return Table(entries, dict(node.keys), node.span, None, node.repeated)


# Literals and collections.


def _term(expression: HclExpression, scope: Scope) -> Node:
    inner = branches(expression.tree)
    return evaluate(expression.of(inner[0]), scope) if inner else _unknown(expression, scope)


def _number(expression: HclExpression, scope: Scope) -> Node:  # noqa: ARG001
    text = expression.text
    if len(text) > 300:
        return Scalar(text, text, expression.span)
    number = float(text) if any(mark in text for mark in ".eE") else int(text)
    return Scalar(number, text, expression.span)


def _constant(expression: HclExpression, scope: Scope) -> Node:  # noqa: ARG001
    text = expression.text
    return Scalar({"true": True, "false": False, "null": None}[text], "" if text == "null" else text, expression.span)


def _string(expression: HclExpression, scope: Scope) -> Node:
    return render(pieces_of_string(expression), scope, expression.text, expression.span)


def _heredoc(expression: HclExpression, scope: Scope) -> Node:
    source = heredoc(expression)
    if "${" not in source.text and "%{" not in source.text:
        scope.instance.budget.copy(len(source.text))
        part = Part("literal", source.text, source, 0, len(source.text))
        return Text(source.text, expression.span, (part,))
    return render(pieces_of_text(source), scope, expression.text, expression.span)


def _tuple(expression: HclExpression, scope: Scope) -> Node:
    items = [evaluate(expression.of(tree), scope) for tree in branches(expression.tree)[:MAX_ITEMS]]
    return Sequence(items, expression.span)


def _object(expression: HclExpression, scope: Scope) -> Node:
    table = Table({}, {}, expression.span)
    repeated: list[Scalar] = []
    for element in branches(expression.tree)[:MAX_ITEMS]:
        key, value = branches(element)
        span = expression.of(key).span
        name = _key(expression.of(key), scope)
        node = evaluate(expression.of(value), scope)
        if not isinstance(name, Scalar):
            assert isinstance(name, Open), "a key is a text or open"
            table.more = Open(name.text, f"a key of it is open: {name.why}", span)
            continue
        text = as_text(name)
        if text in table.entries:
            repeated.append(Scalar(text, text, span))
        table.entries[text] = node
        table.keys[text] = Scalar(text, text, span)
    table.repeated = tuple(repeated)
    return table


def _key(expression: HclExpression, scope: Scope) -> Node:
    """Return an object's key: a bare name stands for itself."""
    (inner,) = branches(expression.tree)
    if inner.data in ("identifier", "keyword"):
        name = expression.of(inner).text
        return Scalar(name, name, expression.span)
    if inner.data == "expr_term":
        words = branches(inner)
        bare = len(words) == 1 and words[0].data in ("identifier", "literal_value")
        if bare and len(inner.children) == 1:
            name = expression.of(words[0]).text
            return Scalar(name, name, expression.span)
    node = evaluate(expression.of(inner), scope)
    found = certain(node)
    if found is None:
        return node
    if isinstance(found[0], Scalar) and found[0].value is not None:
        return found[0]
    return Open(expression.text, "it is no name", expression.span)


# Operators.


def _conditional(expression: HclExpression, scope: Scope) -> Node:
    test, first, second = (expression.of(tree) for tree in branches(expression.tree))
    asked = evaluate(test, scope)
    found = certain(asked)
    if found is not None and not found[1]:
        decided = truth(found[0])
        if decided is not None:
            return evaluate(first if decided else second, scope)
    if isinstance(asked, Missing):
        return asked
    options = [evaluate(first, scope), evaluate(second, scope)]
    names: tuple[str, ...] = ()
    if found is not None:
        # A variable's default makes one of the two the likelier one; a deployment may decide for the other.
        names = found[1]
        if truth(found[0]) is False:
            options.reverse()
    why = f"it depends on {shown(test.text)}"
    if any(isinstance(option, Missing) for option in options):
        return Open(shown(expression.text), why, expression.span)
    return choice(options, expression.text, why, expression.span, names)


def _binary(expression: HclExpression, scope: Scope) -> Node:
    # A chain of operators leans to the left: it is taken apart in a loop, for it may be long.
    chain: list[tuple[str, Branch]] = []
    tree = expression.tree
    while tree.data == "binary_op":
        left, term = branches(tree)
        operator, right = branches(term)
        chain.append((str(operator.children[0].type), right))  # type: ignore[union-attr]
        tree = left
    value = evaluate(expression.of(tree), scope)
    text, span = shown(expression.text), expression.span
    for operator_name, right in reversed(chain):
        value = _operate(operator_name, value, evaluate(expression.of(right), scope), text, span)
    return value


def _operate(operator: str, left: Node, other: Node, text: str, span: Span) -> Node:
    if operator in ("DOUBLE_AMP", "DOUBLE_PIPE"):
        decisive = operator == "DOUBLE_PIPE"
        for node in (left, other):
            found = certain(node)
            if found is not None and not found[1] and truth(found[0]) is decisive:
                return boolean(decisive, span)
    if operator in ("DOUBLE_EQ", "NEQ") and (answer := _null_test(left, other)) is not None:
        return boolean(answer == (operator == "DOUBLE_EQ"), span)
    return lift([left, other], lambda nodes: combined(operator, nodes, text, span), text, span)


def _null_test(left: Node, right: Node) -> bool | None:
    """Compare with null what cannot be null: an attribute of a resource, a text that is put together."""
    if is_null(left) and isinstance(right, (Reference, Mixed, FileContent)):
        return False
    if is_null(right) and isinstance(left, (Reference, Mixed, FileContent)):
        return False
    return None


def _unary(expression: HclExpression, scope: Scope) -> Node:
    (operand,) = branches(expression.tree)
    negates = str(expression.tree.children[0]) == "!"
    text, span = expression.text, expression.span

    def apply(nodes: list[Node]) -> Node:
        decided, value = truth(nodes[0]), as_number(nodes[0])
        if negates and decided is not None:
            return boolean(not decided, span)
        if not negates and value is not None:
            return as_node(-value, span)
        return Missing(shown(text), "it cannot be worked out", span)

    return lift([evaluate(expression.of(operand), scope)], apply, text, span)


# References.


class _Step(NamedTuple):
    """What follows a value: a name, an index, or everything in it (``*``)."""

    kind: str
    name: str = ""
    key: Branch | None = None


def _traversal(expression: HclExpression, scope: Scope) -> Node:
    behind: list[list[_Step]] = []
    tree = expression.tree
    while len(behind) <= MAX_TRAVERSAL:
        if tree.data == "expr_term" and len(inner := branches(tree)) == 1 and len(tree.children) == 1:
            tree = inner[0]
        elif tree.data in ("get_attr_expr_term", "index_expr_term", "attr_splat_expr_term", "full_splat_expr_term"):
            tree, last = branches(tree)
            behind.append(_steps(last))
        else:
            break
    steps = [step for group in reversed(behind) for step in group]
    if len(steps) > MAX_TRAVERSAL:
        return Open(shown(expression.text), "it is too long to be followed", expression.span)
    if tree.data == "identifier":
        name = str(tree.children[0])
        return _named(name, steps, expression, scope)
    return _walk(evaluate(expression.of(tree), scope), steps, expression, scope)


def _steps(tree: Branch) -> list[_Step]:
    if tree.data == "get_attr":
        return [_Step("name", str(branches(tree)[-1].children[0]))]
    if tree.data == "short_index":
        return [_Step("name", str(tree.children[-1]))]
    if tree.data == "braces_index":
        return [_Step("index", "", branches(tree)[-1])]
    return [_Step("*"), *(step for child in branches(tree) for step in _steps(child))]


def _named(name: str, steps: list[_Step], expression: HclExpression, scope: Scope) -> Node:
    instance = scope.instance
    text, span = expression.text, expression.span
    if name in scope.names:
        return _walk(scope.names[name], steps, expression, scope)
    first = steps[0].name if steps and steps[0].kind == "name" else ""
    if name == "path" and first:
        folder = {"module": instance.path, "root": ".", "cwd": "."}.get(first)
        if folder is not None:
            return Scalar(folder, folder, span)
    if name == "var" and first:
        return _walk(instance.variable(first, span), steps[1:], expression, scope)
    if name == "local" and first:
        return _walk(instance.local(first, span), steps[1:], expression, scope)
    if name in ("each", "count", "self"):
        return Open(shown(text), "it differs from one instance to another", span)
    if name == "terraform":
        return Open(shown(text), "the workspace decides", span)
    if name == "module" and first:
        key, rest = _index(steps[1:], expression, scope)
        if rest and rest[0].kind == "name":
            return _walk(instance.output(first, key, rest[0].name, span), rest[1:], expression, scope)
        return Open(shown(text), "the module as a whole is not followed", span)
    if name == "data" and first and len(steps) > 1:
        return _resource("data", first, steps[1:], expression, scope)
    if first:
        return _resource("resource", name, steps, expression, scope)
    return Missing(shown(text), "it is not defined", span)


def _index(steps: list[_Step], expression: HclExpression, scope: Scope) -> tuple[str | int | None, list[_Step]]:
    """Return the index that picks one of several resources or modules, and what follows it."""
    if steps and steps[0].kind == "index" and steps[0].key is not None:
        found = certain(evaluate(expression.of(steps[0].key), scope))
        node = found[0] if found else None
        value = node.value if isinstance(node, Scalar) else None
        key = value if isinstance(value, (str, int)) and not isinstance(value, bool) else None
        return key, steps[1:]
    if steps and steps[0].kind == "name" and steps[0].name.isdecimal() and len(steps[0].name) < 6:
        return int(steps[0].name), steps[1:]
    if steps and steps[0].kind == "*":
        return None, steps
    return None, steps


def _resource(variety: str, type_name: str, steps: list[_Step], expression: HclExpression, scope: Scope) -> Node:
    instance = scope.instance
    name, span = steps[0].name, expression.span
    key, rest = _index(steps[1:], expression, scope)
    several = bool(rest) and rest[0].kind == "*"
    if several or key is not None:
        keys = instance.keys(variety, type_name, name)
        if keys is not None and key is not None and key not in keys:
            return Missing(shown(expression.text), "there is no such instance", span)
        if several:
            attribute = rest[1] if len(rest) > 1 and rest[1].kind == "name" else None
            items: list[Node] = []
            for one in keys if keys is not None else (None,):
                reference: Node = Reference(instance, variety, type_name, name, span, key=one)
                if attribute is not None:
                    reference = instance.attribute(variety, type_name, name, attribute.name, span=span, key=one)
                items.append(reference)
            return _walk(Sequence(items, span), rest[2 if attribute else 1 :], expression, scope)
    if rest and rest[0].kind == "name":
        value = instance.attribute(variety, type_name, name, rest[0].name, span=span, key=key)
        return _walk(value, rest[1:], expression, scope)
    return _walk(Reference(instance, variety, type_name, name, span, key=key), rest, expression, scope)


def _walk(node: Node, steps: list[_Step], expression: HclExpression, scope: Scope) -> Node:
    for position, step in enumerate(steps):
        if step.kind == "*":
            found = certain(node)
            if found is None and not isinstance(node, Reference):
                assert isinstance(node, Open), "what is not open is certain"
                return Open(shown(expression.text), node.why, expression.span)
            collection = found[0] if found is not None else node
            items = (
                collection.items if isinstance(collection, Sequence) else [] if is_null(collection) else [collection]
            )
            rest = steps[position + 1 :]
            result = Sequence([_walk(item, rest, expression, scope) for item in items[:MAX_ITEMS]], expression.span)
            result.more = collection.more if isinstance(collection, Sequence) else None
            return assumed(result, found[1] if found is not None else (), expression.text, expression.span)
        if step.kind == "index" and step.key is not None:
            node = member(node, evaluate(expression.of(step.key), scope), expression.text, expression.span)
        else:
            node = member(node, Scalar(step.name, step.name, None), expression.text, expression.span)
    return node


# Loops and functions.


def _loop(
    expression: HclExpression, intro: Branch, scope: Scope
) -> tuple[list[Scope], Open | None, tuple[str, ...]] | Node:
    """Return the scopes in which a loop's body counts, why there may be more, and what the list rests on."""
    *names, collection = branches(intro)
    node = evaluate(expression.of(collection), scope)
    found = certain(node)
    pairs = pairs_of(found[0]) if found is not None else None
    if found is None or pairs is None:
        why = node.why if isinstance(node, Open) else "it goes through what is no collection"
        return Open(shown(expression.text), why, expression.span)
    if len(pairs) > MAX_ITEMS:
        return Open(shown(expression.text), "it goes through too much to be followed", expression.span)
    words = [str(name.children[0]) for name in names]
    scopes = []
    for key, value in pairs:
        own = {words[-1]: value} if len(words) == 1 else {words[0]: key, words[1]: value}
        scopes.append(scope.having(own))
    more = found[0].more if isinstance(found[0], (Table, Sequence)) else None
    return scopes, more, found[1]


def _kept(expression: HclExpression, condition: Branch | None, scope: Scope) -> tuple[bool | None, str]:
    """Whether a loop keeps an item, None where that is open, and why it is."""
    if condition is None:
        return True, ""
    asked = expression.of(branches(condition)[-1])
    found = certain(evaluate(asked, scope))
    decided = truth(found[0]) if found is not None else None
    return decided, f"it depends on {shown(asked.text)}"


def _for_tuple(expression: HclExpression, scope: Scope) -> Node:
    intro, body, *condition = branches(expression.tree)
    loop = _loop(expression, intro, scope)
    if not isinstance(loop, tuple):
        return loop
    scopes, more, names = loop
    result = Sequence([], expression.span)
    result.more = more
    for own in scopes:
        kept, why = _kept(expression, condition[0] if condition else None, own)
        if kept is False:
            continue
        item = evaluate(expression.of(body), own)
        if kept is None:
            item = Open(shown(expression.text), why, expression.span, (item, None), complete=True)
        result.items.append(item)
    return assumed(result, names, expression.text, expression.span)


def _for_object(expression: HclExpression, scope: Scope) -> Node:
    intro, key, body, *condition = branches(expression.tree)
    loop = _loop(expression, intro, scope)
    if not isinstance(loop, tuple):
        return loop
    scopes, more, names = loop
    result = Table({}, {}, expression.span)
    result.more = more
    for own in scopes:
        kept, why = _kept(expression, condition[0] if condition else None, own)
        if kept is False:
            continue
        found = certain(evaluate(expression.of(key), own))
        value = evaluate(expression.of(body), own)
        if kept is None or found is None or not isinstance(found[0], Scalar):
            result.more = Open(shown(expression.text), why or "a key of it is open", expression.span)
            continue
        name = as_text(found[0])
        result.entries[name] = value
        result.keys[name] = Scalar(name, name, found[0].span or expression.span)
    return assumed(result, names, expression.text, expression.span)


def _function(expression: HclExpression, scope: Scope) -> Node:
    name = ""
    trees: list[Branch] = []
    spreads = False
    for child in branches(expression.tree):
        if child.data == "identifier":
            name += str(child.children[0])
        elif child.data == "arguments":
            trees = branches(child)
            spreads = any(getattr(item, "type", "") == "ELLIPSIS" for item in child.children)
    lazy = [_later(expression.of(tree), scope) for tree in trees]
    return call(Call(name, lazy, spreads, expression.text, expression.span, scope))


def _later(expression: HclExpression, scope: Scope) -> Callable[[], Node]:
    return lambda: evaluate(expression, scope)


# Templates.


def render(pieces: list[Piece], scope: Scope, text: str, span: Span | None) -> Node:
    """Return what a template comes to. One that is a single interpolation comes to that value, whatever it is."""
    if len(pieces) == 1 and pieces[0].kind == "value" and pieces[0].expression is not None:
        return evaluate(pieces[0].expression, scope)
    try:
        parts, names = _parts(pieces, scope)
    except _Unfollowed as error:
        return Open(shown(text), error.why, span)
    scope.instance.budget.copy(sum(len(part.text) for part in parts))
    return assumed(make_text(_joined(parts), text, span), names, text, span)


class _Unfollowed(Exception):  # noqa: N818 (it says why a template has no value, and nothing is wrong)
    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def _parts(pieces: list[Piece], scope: Scope) -> tuple[list[Part], list[str]]:
    parts: list[Part] = []
    names: list[str] = []
    position = 0
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        budget = scope.instance.budget
        budget.steps -= 1
        if budget.spent:
            raise _Unfollowed("there is too much to follow")
        if piece.kind == "literal":
            same = len(piece.text) == piece.end - piece.start
            parts.append(Part("literal" if same else "value", piece.text, piece.source, piece.start, piece.end))
        elif piece.kind == "value" and piece.expression is not None:
            parts += _interpolated(piece, piece.expression, scope, names)
        elif piece.kind in ("if", "for") and piece.expression is not None:
            inner, otherwise, position = _block(pieces, position, piece.kind)
            parts += _directive(piece, inner, otherwise, scope, names)
        else:
            raise _Unfollowed(f"{piece.text} stands alone")
    return parts, names


def _interpolated(piece: Piece, expression: HclExpression, scope: Scope, names: list[str]) -> Iterator[Part]:
    node = evaluate(expression, scope)
    found = certain(node)
    if isinstance(node, (FileContent, Mixed)):
        for part in parts_of(node):
            yield part if part.kind != "literal" else _substitute(part, piece)
        return
    if found is not None and isinstance(found[0], Scalar) and found[0].value is not None:
        names += found[1]
        value = found[0]
        inner = parts_of(value)
        if inner and all(part.source is piece.source for part in inner):
            yield from inner
        else:
            yield Part("value", as_text(value), piece.source, piece.start, piece.end)
        return
    left = node if isinstance(node, Open) else Open(piece.text, "it is no text", node.span)
    yield Part("open", piece.text, piece.source, piece.start, piece.end, left)


def _substitute(part: Part, piece: Piece) -> Part:
    """Return a part of a text that stands elsewhere as what an interpolation stands for."""
    if part.source is piece.source:
        return part
    return Part("value", part.text, piece.source, piece.start, piece.end)


def _block(pieces: list[Piece], position: int, kind: str) -> tuple[list[Piece], list[Piece], int]:
    """Return what stands inside a directive, what stands behind its ``else``, and where it ends."""
    inner: list[Piece] = []
    otherwise: list[Piece] = []
    into = inner
    depth = 0
    while position < len(pieces):
        piece = pieces[position]
        position += 1
        if depth == 0 and piece.kind == f"end{kind}":
            return inner, otherwise, position
        if depth == 0 and piece.kind == "else" and kind == "if":
            into = otherwise
            continue
        depth += {"if": 1, "for": 1, "endif": -1, "endfor": -1}.get(piece.kind, 0)
        into.append(piece)
    raise _Unfollowed(f"the template has no %{{ end{kind} }}")


def _directive(
    piece: Piece,
    inner: list[Piece],
    otherwise: list[Piece],
    scope: Scope,
    names: list[str],
) -> list[Part]:
    expression = piece.expression
    assert expression is not None, "an if and a for have an expression"
    node = evaluate(expression, scope)
    found = certain(node)
    if found is None:
        why = node.why if isinstance(node, Open) else ""
        raise _Unfollowed(f"it depends on {shown(expression.text)}, and {why}")
    names += found[1]
    scopes: list[tuple[list[Piece], Scope]] = []
    if piece.kind == "if":
        decided = truth(found[0])
        if decided is None:
            raise _Unfollowed(f"{shown(expression.text)} is neither true nor false")
        scopes.append((inner if decided else otherwise, scope))
    else:
        pairs = pairs_of(found[0])
        more = found[0].more if isinstance(found[0], (Table, Sequence)) else None
        if pairs is None or more is not None or len(pairs) > MAX_ITEMS:
            raise _Unfollowed(f"it goes through {shown(expression.text)}, which is open")
        for key, value in pairs:
            words = piece.names
            own = {words[-1]: value} if len(words) == 1 else {words[0]: key, words[1]: value}
            scopes.append((inner, scope.having(own)))
    budget = scope.instance.budget
    parts: list[Part] = []
    budget.depth += 1
    try:
        for template, own_scope in scopes:
            more_parts, more_names = _parts(template, own_scope)
            parts += more_parts
            names += more_names
            budget.copy(sum(len(part.text) for part in more_parts))
    finally:
        budget.depth -= 1
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    """Put literals together that stand one behind the other."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.kind == part.kind == "literal"
            and last.source is part.source
            and last.end == part.start
        ):
            joined[-1] = last._replace(text=last.text + part.text, end=part.end)
        else:
            joined.append(part)
    return joined


_HANDLERS: Mapping[str, Callable[[HclExpression, Scope], Node]] = {
    "expr_term": _term,
    "int_lit": _number,
    "float_lit": _number,
    "literal_value": _constant,
    "string": _string,
    "heredoc_template": _heredoc,
    "heredoc_template_trim": _heredoc,
    "tuple": _tuple,
    "object": _object,
    "conditional": _conditional,
    "binary_op": _binary,
    "unary_op": _unary,
    "identifier": _traversal,
    "get_attr_expr_term": _traversal,
    "index_expr_term": _traversal,
    "attr_splat_expr_term": _traversal,
    "full_splat_expr_term": _traversal,
    "function_call": _function,
    "for_tuple_expr": _for_tuple,
    "for_object_expr": _for_object,
}


def own_template(source: SourceText, scope: Scope, span: Span | None) -> Node:
    """Return what a template file comes to. What is wrong in it makes its text open."""
    try:
        pieces = pieces_of_text(source)
    except InputError as error:
        return Open(source.path, f"{error}", span)
    return render(pieces, scope, source.path, span)
