"""What an expression can come to besides plain nodes: texts with places, files' contents, references, and open values.

All of them are nodes, so that whatever reads a tree can read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from ...text import SourceText, Span
from ...tree import Node, Open, Scalar, Sequence, Table

if TYPE_CHECKING:
    from .modules import Instance

__all__ = [
    "Encoded",
    "FileContent",
    "Lifetime",
    "Missing",
    "Mixed",
    "Part",
    "Reference",
    "Text",
    "assumed",
    "certain",
    "choice",
    "is_null",
    "lift",
    "listed",
    "make_text",
    "parts_of",
    "placed",
    "plain_text",
    "references",
    "shown",
]

#: How many possible values are worth listing.
MAX_OPTIONS = 16
_SHOWN = 60


class Part(NamedTuple):
    """A stretch of a text.

    A ``literal`` stands between two offsets of a source as it is; a ``value`` (or an escape) stands for what
    is there. A ``file`` is the content of one, ``open`` what only deployment knows: then ``text`` is what is
    written. ``node`` is the file or the open value.
    """

    kind: Literal["literal", "value", "file", "open"]
    text: str
    source: SourceText
    start: int
    end: int
    node: Node | None = None


class Text(Scalar):
    """A text that is known, with where its parts stand."""

    __slots__ = ("parts",)

    def __init__(self, text: str, span: Span | None, parts: tuple[Part, ...]) -> None:
        super().__init__(text, text, span)
        self.parts = parts


class Mixed(Open):
    """A text of which parts are open, or are the contents of files."""

    __slots__ = ("parts",)

    def __init__(self, text: str, why: str, span: Span | None, parts: tuple[Part, ...]) -> None:
        super().__init__(text, why, span)
        self.parts = parts


class FileContent(Open):
    """The content of a file of the project. ``path`` is relative to the folder ``base``; ``read`` returns the text."""

    __slots__ = ("base", "path", "read")

    def __init__(
        self, text: str, span: Span | None, path: str, base: str, read: Callable[[], SourceText | None]
    ) -> None:
        super().__init__(text, "it is the content of a file that cannot be read", span)
        self.path = path
        self.base = base
        self.read = read


class Reference(Open):
    """An attribute of a resource, a data source or a module that is not here.

    ``instance`` is the module in which ``kind`` (``resource``, ``data``, ``module``) ``type`` and ``name`` say what is
    meant; ``key`` is the index, None where there is none. ``attribute`` is the path of names behind it.
    """

    __slots__ = ("attribute", "instance", "key", "name", "type_name", "variety")

    def __init__(
        self,
        instance: Instance,
        variety: str,
        type_name: str,
        name: str,
        span: Span | None,
        *,
        key: str | int | None = None,
        attribute: str = "",
    ) -> None:
        self.instance = instance
        self.variety = variety
        self.type_name = type_name
        self.name = name
        self.key = key
        self.attribute = attribute
        super().__init__(self.address + (f".{attribute}" if attribute else ""), _why(self), span)

    @property
    def address(self) -> str:
        """What is referred to, as Terraform writes it."""
        own = ".".join(word for word in (self.type_name, self.name) if word)
        index = "" if self.key is None else f"[{self.key}]" if isinstance(self.key, int) else f'["{self.key}"]'
        start = {"data": "data.", "module": "module."}.get(self.variety, "")
        return f"{self.instance.prefix}{start}{own}{index}"

    def at(self, attribute: str, span: Span | None) -> Reference:
        """Return a reference to an attribute of this one."""
        path = f"{self.attribute}.{attribute}" if self.attribute else attribute
        return Reference(self.instance, self.variety, self.type_name, self.name, span, key=self.key, attribute=path)


def _why(reference: Reference) -> str:
    if reference.variety == "data":
        return "it is looked up when the plan is made"
    if reference.variety == "module":
        return f"the module {reference.name} is not here"
    return f"{reference.type_name}.{reference.name} does not exist yet"


class Encoded(Open):
    """A value that is written as JSON or YAML: its structure is known, whatever the text looks like."""

    __slots__ = ("node",)

    def __init__(self, node: Node, text: str, span: Span | None) -> None:
        super().__init__(text, "parts of it are only known at deployment", span)
        self.node = node


class Lifetime(Open):
    """A time that is counted from the deployment on, in seconds."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float, text: str, span: Span | None) -> None:
        super().__init__(text, "it is counted from the time of the deployment", span)
        self.seconds = seconds


class Missing(Open):
    """What Terraform would stop at: an element that is not there."""

    __slots__ = ()


Names: TypeAlias = "tuple[str, ...]"


def shown(text: str) -> str:
    """Return what stands in a file, on one line and shortened."""
    text = " ".join(text[: _SHOWN * 8].split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def is_null(node: Node | None) -> bool:
    """Whether a value is null, or not there at all."""
    return node is None or (isinstance(node, Scalar) and node.value is None)


def assumed(node: Node, names: Iterable[str], text: str = "", span: Span | None = None) -> Node:
    """Return a value that rests on variables that a deployment may set in another way."""
    together = tuple(dict.fromkeys(names))
    if not together:
        return node
    if isinstance(node, Open):
        if node.assumed and len(node.options) == 1 and node.options[0] is not None:
            return assumed(node.options[0], (*together, *node.assumed), node.text, node.span)
        if not isinstance(node, (Mixed, FileContent, Encoded, Lifetime)):
            return node
    plural = "s" if len(together) > 1 else ""
    why = f"the variable{plural} {', '.join(together)} may be set in another way"
    place = span or node.span
    written = text or (node.text if isinstance(node, Scalar) else together[0])
    return Open(shown(written), why, place, (node,), complete=True, assumed=together)


def certain(node: Node) -> tuple[Node, Names] | None:
    """Return the plain value that a node stands for, with the variables that it rests on; None where it is open."""
    if not isinstance(node, Open):
        return node, ()
    if isinstance(node, (FileContent, Mixed)):
        text = plain_text(node)
        return None if text is None else (Text(text, node.span, parts_of(node)), ())
    if node.assumed and len(node.options) == 1 and node.options[0] is not None:
        inner = certain(node.options[0])
        return None if inner is None else (inner[0], (*node.assumed, *inner[1]))
    return None


def choice(options: Iterable[Node], text: str, why: str, span: Span | None, names: Names = ()) -> Node:
    """Return a value that is one of several, the likeliest first."""
    kept: list[Node] = []
    for option in options:
        inner = [option]
        if isinstance(option, Open) and _is_choice(option):
            inner = [item for item in option.options if item is not None]
        if any(isinstance(item, Open) and not item.assumed for item in inner):
            return Open(shown(text), why, span)
        kept += inner
    distinct: dict[object, Node] = {}
    for option in kept:
        distinct.setdefault(_comparable(option), option)
    if len(distinct) == 1:
        return kept[0]
    if len(distinct) > MAX_OPTIONS:
        return Open(shown(text), why, span)
    return Open(shown(text), why, span, tuple(distinct.values()), complete=True, assumed=names)


def _is_choice(node: Open) -> bool:
    return node.complete and len(node.options) > 1


def _comparable(node: Node) -> object:
    return (type(node.value), node.value) if isinstance(node, Scalar) else id(node)


def lift(arguments: list[Node], function: Callable[[list[Node]], Node], text: str, span: Span | None) -> Node:
    """Apply a function of plain values to values that may be open.

    What rests on variables' defaults gives a result that does, and one of several values one of several results.
    """
    names: list[str] = []
    choices: list[list[Node]] = []
    for argument in arguments:
        found = certain(argument)
        if found is not None:
            choices.append([found[0]])
            names += found[1]
        elif isinstance(argument, Open) and _is_choice(argument):
            options = [certain(item) for item in argument.options if item is not None]
            if len(options) != len(argument.options) or None in options:
                return Open(shown(text), argument.why, span)
            choices.append([item[0] for item in options if item is not None])
            names += argument.assumed
        elif isinstance(argument, Missing):
            return argument
        else:
            assert isinstance(argument, Open), "what is not open is certain"
            return Open(shown(text), argument.why, span)
    count = 1
    for options_of in choices:
        count *= len(options_of)
    if count > MAX_OPTIONS:
        return Open(shown(text), "it depends on more than can be followed", span)
    results = [function(list(row)) for row in product(*choices)]
    if len(results) == 1:
        return assumed(results[0], names, text, span)
    whys = [item.why for item in arguments if isinstance(item, Open)]
    return choice(results, text, whys[0] if whys else "", span, tuple(dict.fromkeys(names)))


def listed(node: Node) -> list[Node] | None:
    """Return the items of a list, the values of a mapping in Terraform's order; None for anything else."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Table):
        return [node.entries[key] for key in sorted(node.entries)]
    return None


def placed(node: Node, span: Span | None) -> Node:
    """Return a node that was worked out, with the place of what it was worked out from."""
    if node.span is None:
        node.span = span
    return node


# Texts.


def make_text(parts: list[Part], text: str, span: Span | None) -> Node:
    """Return the text that some parts come to."""
    open_node = next((part.node for part in parts if part.kind == "open"), None)
    if open_node is not None or any(part.kind == "file" for part in parts):
        why = open_node.why if isinstance(open_node, Open) else "it is the content of files that cannot be read"
        return Mixed(shown(text), why, span, tuple(parts))
    return Text("".join(part.text for part in parts), span, tuple(parts))


def parts_of(node: Node) -> tuple[Part, ...]:
    """Return the parts of a text; none for a value that was worked out."""
    if isinstance(node, (Text, Mixed)):
        return node.parts
    if isinstance(node, FileContent) and node.span is not None:
        span = node.span
        return (Part("file", "", span.source, span.start_offset, span.end_offset, node),)
    return ()


def plain_text(node: Node) -> str | None:
    """Return a text in full, files' contents too; None where parts of it are open or it is no text."""
    if isinstance(node, Scalar):
        return None if node.value is None else as_text(node)
    if isinstance(node, FileContent):
        content = node.read()
        return None if content is None else content.text
    if isinstance(node, Mixed):
        pieces: list[str] = []
        for part in node.parts:
            piece = part.text if part.kind in ("literal", "value") else None
            if part.kind == "file" and part.node is not None:
                piece = plain_text(part.node)
            if piece is None:
                return None
            pieces.append(piece)
        return "".join(pieces)
    return None


def as_text(scalar: Scalar) -> str:
    """Return a plain value as Terraform writes it into a text."""
    if isinstance(scalar.value, bool):
        return "true" if scalar.value else "false"
    return scalar.text


def references(node: Node) -> Iterator[Reference]:
    """Give what a value refers to, wherever in it; bounded."""
    left = [node]
    seen = 0
    while left and seen < 1_000:
        item = left.pop()
        seen += 1
        if isinstance(item, Reference):
            yield item
        elif isinstance(item, Mixed):
            left += [part.node for part in item.parts if part.node is not None]
        elif isinstance(item, Sequence):
            left += item.items
        elif isinstance(item, Table):
            left += item.entries.values()
        elif isinstance(item, Open):
            left += [option for option in item.options if option is not None]
