"""What values refer to, through all the templates of a deployment, and what texts are put together from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from re import compile as regex
from typing import NamedTuple

from ...tree import Node, Scalar, Sequence, Table
from ..intrinsics import attribute_of, intrinsic, plain
from .template import Template, plain_text, table_under

__all__ = ["Piece", "References", "Target", "Variable"]

#: How much of a value is searched for references.
MAX_REFERENCES = 1_000
#: How many pieces a text is put together from, how long they are together, and how deep they stand.
MAX_PIECES = 500
MAX_CHARACTERS = 200_000
MAX_JOINED = 40
#: How long a value may be that is compared by what is written.
MAX_WRITTEN = 2_000

_VARIABLE = regex(r"\$\{\s*([\w:]+)(?:\.([\w.]+))?\s*\}")


class Target(NamedTuple):
    """A resource that a text refers to, and which attribute of it; empty for what ``Ref`` gives."""

    template: Template
    name: str
    attribute: str

    def __str__(self) -> str:
        return f"${{{self.template.index}.{self.name}.{self.attribute}}}"


class Variable(NamedTuple):
    """A part of a text that only deployment knows. ``known`` is set for what is no one's choice, like the region."""

    name: str
    known: bool = False

    def __str__(self) -> str:
        return "${" + self.name.replace(":", ".").replace("/", ".") + "}"


Piece = str | Target | Variable

#: What is the same for all stacks of a deployment, and part of every ARN.
_PLACES = frozenset(["AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::URLSuffix"])


class _Pieces(list[Piece]):
    """The pieces of one text, as long as there are not too many of them."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0

    def append(self, piece: Piece) -> None:
        """Add a piece."""
        self.length += len(piece) if isinstance(piece, str) else 1
        super().append(piece)

    @property
    def is_full(self) -> bool:
        """Whether no more should be added."""
        return len(self) > MAX_PIECES or self.length > MAX_CHARACTERS


class References:
    """Follows references. ``templates`` gives all that are deployed together, ``beyond`` the value in another one that
    a name with an attribute leads to.
    """

    def __init__(
        self,
        templates: Callable[[], Iterable[Template]],
        beyond: Callable[[Template, str, str], tuple[Template, Node] | None],
    ) -> None:
        self._templates = templates
        self._beyond = beyond
        self._naming_exports = False
        self._known: dict[tuple[int, int], tuple[Node, frozenset[tuple[int, str]]]] = {}

    def referred(self, template: Template, node: Node) -> frozenset[tuple[int, str]]:
        """Return the places of the resources that a value refers to, wherever in it, through all stacks."""
        # The node is kept, so that its id stays its own.
        known = self._known.get((template.index, id(node)))
        if known is None:
            known = self._known[template.index, id(node)] = (node, frozenset(self._search(template, node)))
        return known[1]

    def _search(self, template: Template, node: Node) -> Iterator[tuple[int, str]]:
        seen: set[tuple[int, int]] = set()
        left = [(template, node)]
        while left and len(seen) < MAX_REFERENCES:
            here, item = left.pop()
            if (here.index, id(item)) in seen:
                continue
            seen.add((here.index, id(item)))
            name, argument = intrinsic(item) or ("", plain(item))
            names: list[tuple[str, str]] = []
            if name == "Ref":
                names.append((plain_text(argument), ""))
            elif name == "Fn::GetAtt":
                names.append(attribute_of(argument))
            elif name == "Fn::Sub":
                text = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
                names += _VARIABLE.findall(plain_text(text))
            elif name == "Fn::ImportValue":
                left += self._exported(here, argument)
            for resource, attribute in names:
                further = self._beyond(here, resource, attribute)
                if further is not None:
                    left.append(further)
                elif resource in here.by_name:
                    yield here.index, resource
            if isinstance(argument, Sequence):
                left += [(here, part) for part in argument.items]
            elif isinstance(argument, Table):
                left += [(here, part) for part in argument.entries.values()]

    def _exported(self, template: Template, name: Node) -> list[tuple[Template, Node]]:
        # A name that is itself imported, which no template has, would be looked for in a circle.
        found = None if self._naming_exports else self._exports.get(self.told(template, name))
        return [found] if found is not None else []

    @cached_property
    def _exports(self) -> dict[str, tuple[Template, Node]]:
        """What the templates export, by name; names that are put together are compared as they are put together."""
        exports: dict[str, tuple[Template, Node]] = {}
        self._naming_exports = True
        for template in self._templates():
            for _, output in table_under(template.file.table, "Outputs"):
                export = output.get("Export") if isinstance(output, Table) else None
                name = export.get("Name") if isinstance(export, Table) else None
                value = output.get("Value") if isinstance(output, Table) else None
                if name is not None and value is not None:
                    exports.setdefault(self.told(template, name), (template, value))
        self._naming_exports = False
        return exports

    def exported(self, name: str) -> tuple[Template, Node] | None:
        """Return what is exported under a name."""
        return None if self._naming_exports else self._exports.get(name)

    # Texts.

    def told(self, template: Template, node: Node) -> str:
        """Return a text in which the parts that only deployment knows have names; equal texts are the same."""
        return "".join(map(str, self.pieces(template, node)))

    def pieces(self, template: Template, node: Node) -> list[Piece]:
        """Return what a text is put together from: plain texts, references to resources, and what is open."""
        found = _Pieces()
        self._collect(template, node, found, 0)
        return found

    def _collect(self, template: Template, node: Node, found: _Pieces, depth: int) -> None:
        call = intrinsic(node)
        if depth > MAX_JOINED or found.is_full:
            found.append(_unknown(template, node))
            return
        if call is None:
            found.append(node.text if isinstance(node, Scalar) else _unknown(template, node))
            return
        name, argument = call
        if name == "Ref":
            self._refer(template, (plain_text(argument), ""), node, found, depth)
        elif name == "Fn::GetAtt":
            self._refer(template, attribute_of(argument), node, found, depth)
        elif name == "Fn::Sub":
            self._substitute(template, argument, node, found, depth)
        elif name == "Fn::Join" and isinstance(argument, Sequence) and len(argument) == 2:
            self._join(template, argument, node, found, depth)
        elif name == "Fn::ImportValue" and (exported := self._exported(template, argument)):
            self._collect(*exported[0], found, depth + 1)
        else:
            self._decided(template, node, found)

    def _substitute(self, template: Template, argument: Node, node: Node, found: _Pieces, depth: int) -> None:
        text, own = template.resolver.sub_parts(argument)
        if text is None or text.text.count("${") > MAX_PIECES:
            self._decided(template, node, found)
            return
        end = 0
        for start, stop, reference in template.resolver.variables(text):
            found.append(text.text[end:start])
            self._collect(template, template.resolver.given(reference, own), found, depth + 1)
            end = stop
        found.append(text.text[end:])

    def _join(self, template: Template, argument: Sequence, node: Node, found: _Pieces, depth: int) -> None:
        members = template.resolver.resolve(argument.items[1]).node
        if not isinstance(members, Sequence):
            self._decided(template, node, found)
            return
        for number, member in enumerate(members):
            if number:
                found.append(plain_text(argument.items[0]))
            self._collect(template, member, found, depth + 1)

    def _refer(self, template: Template, name: tuple[str, str], node: Node, found: _Pieces, depth: int) -> None:
        resource, attribute = name
        if resource in _PLACES:
            found.append(Variable(resource, known=True))
            return
        further = self._beyond(template, resource, attribute)
        if further is not None:
            self._collect(*further, found, depth + 1)
        elif resource in template.by_name:
            found.append(Target(template, resource, attribute))
        else:
            self._decided(template, node, found, f"{resource}.{attribute}")

    def _decided(self, template: Template, node: Node, found: _Pieces, name: str = "") -> None:
        value = template.resolver.resolve(node).node
        if isinstance(value, Scalar):
            found.append(value.text)
        else:
            found.append(Variable(f"{template.index}.{name}") if name else _unknown(template, node))


def _unknown(template: Template, node: Node) -> Variable:
    """Return a part of a text that is told by what is written there: two that are written alike are the same."""
    text = node.span.text if node.span is not None else ""
    told = " ".join(text.split()) if len(text) <= MAX_WRITTEN else ""
    return Variable(f"{template.index}.{told or id(node)}")
