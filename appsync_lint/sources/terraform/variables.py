"""What a variable can be: its type's own defaults, its check, and the values that are given for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .evaluation import Scope, evaluate
from .operations import MAX_ITEMS
from .syntax import Block, Expression, HclExpression, branches
from .values import assumed, certain

if TYPE_CHECKING:
    from .syntax import Branch

__all__ = ["allowed_values", "possible", "typed"]


def allowed_values(block: Block, name: str, scope: Scope) -> list[Node] | None:
    """Return the values that a variable's own check admits, None where it has no such check."""
    for inner in block.body.named("validation"):
        condition = inner.body.attributes.get("condition")
        if condition is None or not isinstance(condition.value, HclExpression):
            continue
        tree = condition.value.tree
        while tree.data == "expr_term" and len(branches(tree)) == 1:
            (tree,) = branches(tree)
        if tree.data != "function_call" or len(branches(tree)) != 2:
            continue
        function, arguments = branches(tree)
        parts = branches(arguments) if arguments.data == "arguments" else []
        if str(function.children[0]) != "contains" or len(parts) != 2:
            continue
        if condition.value.of(parts[1]).text != f"var.{name}":
            continue
        found = certain(evaluate(condition.value.of(parts[0]), scope))
        if found is not None and isinstance(found[0], Sequence):
            return found[0].items
    return None


def typed(node: Node, kind: Expression | None, scope: Scope, depth: int = 0) -> Node:
    """Fill in what an object's type says about what is not set (``optional``)."""
    if not isinstance(kind, HclExpression) or depth > 8:
        return node
    tree = kind.tree
    while tree.data == "expr_term" and len(branches(tree)) == 1:
        (tree,) = branches(tree)
    if tree.data != "function_call":
        return node
    name = str(branches(tree)[0].children[0])
    arguments = branches(branches(tree)[1]) if len(branches(tree)) > 1 else []
    if not arguments:
        return node
    if name in ("map", "list", "set"):
        inner = kind.of(arguments[0])
        if isinstance(node, Sequence):
            result = Sequence([typed(item, inner, scope, depth + 1) for item in node.items], node.span)
            result.more = node.more
            return result
        if isinstance(node, Table) and name == "map":
            entries = {key: typed(item, inner, scope, depth + 1) for key, item in node}
            return _like(node, entries)
        return node
    if name == "optional":
        return typed(node, kind.of(arguments[0]), scope, depth + 1)
    if name != "object" or not isinstance(node, Table):
        return node
    members = arguments[0]
    while members.data == "expr_term" and len(branches(members)) == 1:
        (members,) = branches(members)
    return _filled(node, kind, branches(members), scope, depth) if members.data == "object" else node


def _filled(node: Table, kind: HclExpression, members: list[Branch], scope: Scope, depth: int) -> Table:
    entries = dict(node.entries)
    for member in members:
        key, value = branches(member)
        name = kind.of(key).text.strip('"')
        own = kind.of(value)
        if name in entries:
            entries[name] = typed(entries[name], own, scope, depth + 1)
            continue
        tree = value
        while tree.data == "expr_term" and len(branches(tree)) == 1:
            (tree,) = branches(tree)
        if tree.data != "function_call" or str(branches(tree)[0].children[0]) != "optional":
            continue
        arguments = branches(branches(tree)[1])
        filled: Node = Scalar(None, "", node.span)
        if len(arguments) > 1:
            filled = evaluate(kind.of(arguments[1]), scope)
        entries[name] = filled
    return _like(node, entries)


def _like(node: Table, entries: dict[str, Node]) -> Table:
    keys = {name: node.keys.get(name) or Scalar(name, name, node.span) for name in entries}
    result = Table(entries, keys, node.span, node.tag, node.repeated)
    result.more = node.more
    return result


def possible(
    name: str,
    span: Span,
    options: list[Node],
    set_in: list[str],
    *,
    allowed: list[Node] | None,
    has_default: bool,
) -> Node:
    """Return what a variable of a root module can be, from its default, variable files and its own check."""
    text = f"var.{name}"
    values = [item.value if isinstance(item, Scalar) else None for item in options]
    alike = len(options) == 1 or (all(isinstance(item, Scalar) for item in options) and len(set(values)) == 1)
    if options and alike:
        names = name if has_default else f"{name} (in {set_in[0]})"
        return assumed(options[0], (names,), text, span)
    if allowed is not None:
        ordered = [*options, *allowed]
        distinct = {item.value: item for item in reversed(ordered) if isinstance(item, Scalar)}
        why = f"the variable {name} may be any of its allowed values"
        if len(distinct) <= MAX_ITEMS:
            return Open(text, why, span, tuple(reversed(distinct.values())), complete=True)
    if options:
        return Open(text, f"the variable {name} is set in {', '.join(dict.fromkeys(set_in))}", span, tuple(options))
    return Open(text, f"the variable {name} has no default", span)
