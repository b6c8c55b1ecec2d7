"""IAM policies: as documents of their own, as JSON that is put together, or as JSON in a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ...api import PolicyStatement, PolicyText
from ...errors import InputError
from ...text import EmbeddedText, SourceText
from ...tree import Node, Open, Scalar, Sequence, Table
from .texts import assembled
from .values import Encoded, Mixed, Part, Reference, Text, as_text, certain, references

__all__ = ["documents", "statements_in"]

_DOCUMENT = "aws_iam_policy_document"
MAX_STATEMENTS = 500


def documents(node: Node) -> Iterator[Node]:
    """Give the policies that a value holds, as trees."""
    if isinstance(node, Encoded):
        yield node.node
        return
    for reference in references(node):
        if reference.variety == "data" and reference.type_name == _DOCUMENT:
            table = reference.instance.table_of(reference)
            if table is not None:
                yield table
    tree = _from_text(node)
    if tree is not None:
        yield tree


def _from_text(node: Node) -> Node | None:
    """Read a policy that stands in a text as JSON; what only deployment knows of it counts as ``*``."""
    found = certain(node)
    plain = found[0] if found is not None else node
    if not isinstance(plain, (Text, Mixed)) or not plain.parts:
        if isinstance(plain, Scalar) and isinstance(plain.value, str) and plain.span is not None:
            from ..embedding import embedded

            return _json(embedded(plain, plain.span.source))
        return None
    parts = [_starred(part) for part in plain.parts]
    return _json(assembled(parts)) if all(part.kind != "file" for part in parts) else None


def _starred(part: Part) -> Part:
    return part._replace(kind="value", text="*") if part.kind == "open" else part


def _json(source: SourceText | EmbeddedText) -> Node | None:
    from ..json_text import read_json

    try:
        return read_json(source)
    except InputError:
        return None


def statements_in(tree: Node, owner: str) -> Iterator[tuple[PolicyStatement, list[Reference]]]:
    """Give the statements of a policy that speak about AppSync, each with what its resources refer to."""
    if not isinstance(tree, Table):
        return
    own = "statement" in tree
    statements = tree.get("statement" if own else "Statement")
    for item in _all(statements)[:MAX_STATEMENTS]:
        found = certain(item)
        if found is None or not isinstance(found[0], Table):
            continue
        table = found[0]
        actions = _texts(table.get("actions" if own else "Action"))
        if not any(action.text.lower().startswith("appsync:") for action in actions):
            continue
        written = table.get("effect" if own else "Effect")
        effect: Literal["Allow", "Deny"] = "Deny" if isinstance(written, Scalar) and written.text == "Deny" else "Allow"
        named = table.get("resources" if own else "Resource")
        negated = table.get("not_resources" if own else "NotResource")
        resources = named if named is not None else negated
        statement = PolicyStatement(
            effect,
            tuple(actions),
            tuple(_texts(resources)),
            owner=owner,
            negated=named is None and negated is not None,
            span=table.span,
        )
        yield statement, list(references(resources)) if resources is not None else []


def _all(node: Node | None) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    return [] if node is None else [node]


def _texts(node: Node | None) -> list[PolicyText]:
    if node is None:
        return []
    found = certain(node)
    if found is not None and isinstance(found[0], Sequence):
        texts = [text for item in found[0].items for text in _texts(item)]
        if found[0].more is not None:
            texts.append(PolicyText("*", found[0].more.span, open=True))
        return texts
    if found is not None and isinstance(found[0], Scalar):
        return [PolicyText(as_text(found[0]), node.span)]
    if isinstance(node, Mixed):
        text = "".join("*" if part.kind in ("open", "file") else part.text for part in node.parts)
        return [PolicyText(text, node.span, open=True)]
    return [PolicyText("*", node.span, open=True)] if isinstance(node, Open) else []
