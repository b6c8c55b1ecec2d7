"""Resolvers and pipeline functions in JavaScript or TypeScript, read with tree-sitter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError
from .uses import Use

if TYPE_CHECKING:
    from tree_sitter import Node

    from ..text import SourceText, Span

__all__ = ["read_function"]

#: The runtime's own module, the only one that code which is not bundled can import.
_RUNTIME = "@aws-appsync/utils"
#: What people call the context, and where it is handed on as one value.
_CONTEXTS = frozenset(("ctx", "context"))
_HANDING_ON = frozenset(
    ("arguments", "pair", "spread_element", "return_statement", "object", "array", "arrow_function")
)
_REFUSALS = frozenset(("unauthorized", "error"))
_GROUPS = frozenset(("groups", "cognito:groups"))


def read_function(source: SourceText, *, typescript: bool = False) -> Use:
    """Return what a resolver's code asks about the caller.

    Raises :class:`InputError` where the text is not JavaScript or its parser is not installed.
    """
    from ..authorizer.javascript import ParserMissingError, parse

    data = source.text.encode("utf-8", "replace")
    try:
        root = parse(data, "typescript" if typescript else "javascript")
    except ParserMissingError:
        raise InputError("reading JavaScript needs the extra 'js'", path=source.path) from None
    if root.has_error:
        raise InputError("is not JavaScript", path=source.path)
    found: dict[str, Node] = {}
    whole = True
    for node in _every(root):
        name = _named(node)
        if name == "identity":
            found.setdefault("identity", node)
        elif name == "resolverContext":
            found.setdefault("context", node)
        elif name in _GROUPS:
            found.setdefault("groups", node)
        elif name in _REFUSALS and node.parent is not None and node.parent.type == "member_expression":
            call = node.parent.parent
            if call is not None and call.type == "call_expression":
                found.setdefault("refuses", node)
        elif (node.type == "import_statement" and not _is_runtime(node)) or _hands_on(node):
            whole = False

    def place(key: str) -> Span | None:
        node = found.get(key)
        if node is None:
            return None
        start = len(data[: node.start_byte].decode("utf-8", "replace"))
        return source.span(start, start + len(_text(node)))

    return Use(place("identity"), place("context"), place("groups"), place("refuses"), whole)


def _every(root: Node) -> list[Node]:
    """Return all nodes in the order of the text, without recursion."""
    found: list[Node] = []
    left = [root]
    while left:
        node = left.pop()
        found.append(node)
        left.extend(reversed(node.children))
    return found


def _named(node: Node) -> str:
    """Return the name of a property that is read here: ``x.name``, ``x["name"]``, ``{ name } = x``; else nothing."""
    if node.type in ("property_identifier", "shorthand_property_identifier_pattern"):
        return _text(node)
    if node.type == "string_fragment" and node.parent is not None and node.parent.parent is not None:
        return _text(node) if node.parent.parent.type in ("subscript_expression", "pair_pattern") else ""
    return ""


def _hands_on(node: Node) -> bool:
    """Whether the whole context is handed on here: who gets it may look at the caller."""
    if node.type not in ("identifier", "shorthand_property_identifier") or _text(node) not in _CONTEXTS:
        return False
    parent = node.parent
    if parent is None or parent.type not in _HANDING_ON:
        return False
    return parent.type != "arrow_function" or node == parent.child_by_field_name("body")


def _is_runtime(node: Node) -> bool:
    source = node.child_by_field_name("source")
    return source is not None and _text(source).strip("\"'").startswith(_RUNTIME)


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")
