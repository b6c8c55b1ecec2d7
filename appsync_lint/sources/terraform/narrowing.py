"""What must hold where a resource is made at all: ``count = var.mode == "API_KEY" ? 1 : 0`` says what the mode is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...tree import Node, Scalar
from .evaluation import evaluate
from .syntax import Body, HclExpression, branches
from .values import certain

if TYPE_CHECKING:
    from .modules import Instance
    from .syntax import Branch

__all__ = ["narrowed_by"]

_MAX_TESTS = 20


def narrowed_by(body: Body, instance: Instance) -> dict[str, Node]:
    """Return the variables that are certain for a block whose number depends on them."""
    count = body.attributes.get("count")
    if count is None or not isinstance(count.value, HclExpression):
        return {}
    whole = count.value
    tree = _bare(whole.tree)
    if tree.data != "conditional":
        return {}
    test, _, second = branches(tree)
    otherwise = certain(evaluate(whole.of(second), instance.scope))
    if otherwise is None or not isinstance(otherwise[0], Scalar) or otherwise[0].value not in (0, "0"):
        return {}
    fixed: dict[str, Node] = {}
    left = [test]
    while left and len(fixed) < _MAX_TESTS:
        item = _bare(left.pop())
        if item.data != "binary_op":
            continue
        one, term = branches(item)
        operator, other = branches(term)
        kind = str(operator.children[0].type)  # type: ignore[union-attr]
        if kind == "DOUBLE_AMP":
            left += [one, other]
        elif kind == "DOUBLE_EQ":
            for variable, value in ((one, other), (other, one)):
                name = whole.of(variable).text
                found = certain(evaluate(whole.of(value), instance.scope))
                if name.startswith("var.") and name[4:].isidentifier() and found is not None and not found[1]:
                    fixed[name[4:]] = found[0]
    return fixed


def _bare(tree: Branch) -> Branch:
    while tree.data == "expr_term" and len(branches(tree)) == 1:
        (tree,) = branches(tree)
    return tree
