"""The blocks, attributes and expressions of a module's files, with their places.

python-hcl2 parses the native syntax; its parse tree carries offsets. An expression stays the tree that the
parser made, until somebody wants its value. JSON says the same things in another way (:mod:`.json_syntax`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from re import compile as regex
from typing import TYPE_CHECKING, Any, TypeAlias

from ...errors import InputError
from ...text import SourceText, Span
from ...tree import Node, Scalar

if TYPE_CHECKING:
    from lark import Token, Tree

    # What stands in a parse tree.
    Branch: TypeAlias = "Tree[Token]"

__all__ = [
    "Attribute",
    "Block",
    "Body",
    "Expression",
    "HclExpression",
    "JsonExpression",
    "branches",
    "parse_body",
    "parse_expression",
]

#: In characters; parsing takes about a second for 100,000.
MAX_LENGTH = 1_000_000
#: The parser looks for the end of a heredoc again and again in long stretches of blanks.
MAX_BLANKS = 50_000_000
#: In characters, of all the trees that are kept because the same file may be read again.
MAX_KEPT = 2_000_000
#: A longer expression inside a template is no expression.
MAX_EXPRESSION = 100_000

_BLANKS = regex(r"\s{20,}")
_SKIPPED = ("new_line_or_comment",)


@dataclass(frozen=True, slots=True)
class HclExpression:
    """An expression of the native syntax. Its tree's offsets plus ``shift`` are offsets into ``source``."""

    tree: Branch
    source: SourceText
    shift: int = 0

    @property
    def span(self) -> Span:
        """Where the expression stands."""
        start, end = extent(self.tree)
        return self.source.span(start + self.shift, end + self.shift)

    @property
    def text(self) -> str:
        """What stands there."""
        start, end = extent(self.tree)
        return self.source.text[start + self.shift : end + self.shift]

    def of(self, tree: Branch) -> HclExpression:
        """Return an expression that is part of this one."""
        return HclExpression(tree, self.source, self.shift)


@dataclass(frozen=True, slots=True)
class JsonExpression:
    """A value of the JSON syntax; the texts in it are templates unless it is ``literal``."""

    node: Node
    source: SourceText
    literal: bool = False

    @property
    def span(self) -> Span:
        """Where the value stands."""
        assert self.node.span is not None, "the node was read from a file"
        return self.node.span

    @property
    def text(self) -> str:
        """What stands there."""
        return self.node.text if isinstance(self.node, Scalar) else self.span.text


Expression: TypeAlias = "HclExpression | JsonExpression"


@dataclass(frozen=True, slots=True)
class Attribute:
    """A setting: its name with its place, and its value."""

    name: str
    key: Span
    value: Expression


@dataclass(slots=True)
class Body:
    """What stands in a block, or in a file. ``repeated`` are the names of attributes that are set twice."""

    span: Span
    attributes: dict[str, Attribute] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    repeated: list[Scalar] = field(default_factory=list)

    def named(self, kind: str) -> Iterator[Block]:
        """Give the blocks of one type."""
        return (block for block in self.blocks if block.kind == kind)


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its type, its labels, the place of its header, and what stands in it."""

    kind: str
    labels: tuple[str, ...]
    span: Span
    body: Body


def extent(tree: Branch) -> tuple[int, int]:
    """Return where a tree starts and ends, without the line ends and comments behind it."""
    start: int = tree.meta.start_pos
    end: int = tree.meta.end_pos
    last: Any = tree
    while last.data == "binary_op":
        last = branches(last)[-1]
        if last.data == "binary_term":
            last = branches(last)[-1]
        end = last.meta.end_pos
    return start, end


def branches(tree: Branch) -> list[Branch]:
    """Return a tree's subtrees that mean something."""
    found: list[Branch] = []
    for child in tree.children:
        data = getattr(child, "data", None)
        if data is not None and data not in _SKIPPED:
            found.append(child)  # type: ignore[arg-type]
    return found


# Parsing. Trees hold offsets only, so that two readings of one file can share them.

_kept: dict[str, Branch] = {}


def parse_body(source: SourceText) -> Body:
    """Read a file in the native syntax. Raises :class:`InputError` at the first place that is not HCL."""
    tree = _parsed(source.text, source)
    (body,) = branches(tree)
    return _body(body, source, source.span(0, len(source.text)))


def parse_expression(source: SourceText, start: int, end: int) -> HclExpression:
    """Read the expression between two offsets of a template. Raises :class:`InputError` where it is none."""
    if end - start > MAX_EXPRESSION:
        raise InputError("this expression is too long to be followed", span=source.span(start, start + 1))
    # Inside a template an expression may go on over several lines, as it may between parentheses.
    opening = "_=("
    shift = start - len(opening)
    tree = _parsed(f"{opening}{source.text[start:end]})", source, shift)
    attribute = branches(branches(tree)[0])[0]
    (inner, *_) = branches(branches(attribute)[-1])
    return HclExpression(inner, source, shift)


def _parsed(text: str, source: SourceText, shift: int = 0) -> Branch:
    tree = _kept.get(text)
    if tree is not None:
        return tree
    _refuse_large(text, source)
    try:
        import hcl2
        from lark.exceptions import LarkError, UnexpectedInput
    except ImportError:
        message = "reading Terraform needs python-hcl2: pip install 'appsync-lint[terraform]'"
        raise InputError(message, path=source.path) from None
    try:
        tree = hcl2.parses_to_tree(text)
    except UnexpectedInput as error:
        place = error.pos_in_stream if isinstance(error.pos_in_stream, int) else 0
        raise _unexpected(text, place, source, shift) from None
    except (LarkError, RecursionError, MemoryError):
        raise InputError("is not HCL that can be read", path=source.path) from None
    if sum(map(len, _kept)) + len(text) > MAX_KEPT:
        _kept.clear()
    _kept[text] = tree
    return tree


def _unexpected(text: str, place: int, source: SourceText, shift: int) -> InputError:
    place = max(place, 0)
    start = min(max(place + shift, 0), len(source.text))
    span = source.span(start, min(start + 1, len(source.text)))
    there = text[place : place + 1]
    if text.startswith("<<", place):
        return InputError("this heredoc never ends", span=span)
    found = repr(there) if there.strip() else "the end of the line" if there else "the end of the file"
    return InputError(f"this is not HCL: {found} was not expected here", span=span)


def _refuse_large(text: str, source: SourceText) -> None:
    if len(text) > MAX_LENGTH:
        raise InputError(f"is too long for a Terraform file ({len(text)} characters)", path=source.path)
    if sum((match.end() - match.start()) ** 2 for match in _BLANKS.finditer(text)) > MAX_BLANKS:
        raise InputError("holds more blanks in a row than a Terraform file does", path=source.path)


def _body(tree: Branch, source: SourceText, span: Span) -> Body:
    body = Body(span)
    # A block's body in a list of work, so that nesting costs no recursion.
    work: list[tuple[Branch, Body]] = [(tree, body)]
    while work:
        current, into = work.pop()
        for child in branches(current):
            parts = branches(child)
            if child.data == "attribute":
                _add_attribute(parts, source, into)
            elif child.data == "block":
                kind, *labels, inner = parts
                start = child.meta.start_pos
                own = Body(source.span(start, child.meta.end_pos))
                header = source.span(start, (labels or [kind])[-1].meta.end_pos)
                into.blocks.append(Block(_word(kind), tuple(_word(label) for label in labels), header, own))
                work.append((inner, own))
    return body


def _add_attribute(parts: list[Branch], source: SourceText, into: Body) -> None:
    name = _word(parts[0])
    key = source.span(parts[0].meta.start_pos, parts[0].meta.end_pos)
    if name in into.attributes:
        into.repeated.append(Scalar(name, name, key))
    into.attributes[name] = Attribute(name, key, HclExpression(parts[-1], source))


def _word(tree: Branch) -> str:
    """Return a name, or a label with or without quotes."""
    words = [str(token) for token in tree.scan_values(lambda _: True)]
    return "".join(words).strip('"')
