"""Schemas and code that stand in a template, or in a file that it names."""

from __future__ import annotations

from re import compile as regex
from typing import NamedTuple

from ...api import Unresolved
from ...text import EmbeddedText
from ...tree import Node, Scalar, Sequence, Table
from ..embedding import Splice, embedded
from ..intrinsics import intrinsic
from ..resolution import Resolution, written
from .stacks import Deployment
from .template import Template

__all__ = ["Located", "Texts"]

#: In characters, for all inline texts of a deployment together; AppSync takes schemas of 1 MB.
MAX_SCHEMA = 8_000_000
#: How deep a text may be put together.
MAX_DEPTH = 8

_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")


class Located(NamedTuple):
    """A text, the path of the file that holds it, or why there is neither; and the node that says so."""

    node: Node
    text: EmbeddedText | None = None
    path: str | None = None
    unresolved: Unresolved | None = None


class Texts:
    """Finds the texts of a deployment's templates."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment
        #: How many characters of inline texts were copied so far.
        self.copied = 0

    def located(self, template: Template, table: Table, inline: str, location: str) -> Located | None:
        """Return the text under the key ``inline``, else the file under ``location``; None where neither is set."""
        if template.values.value(table, (inline,)) is not None:
            return self._inline(template, table, inline)
        found = template.values.value(table, (location,))
        if found is None:
            return None
        place = table.entries[location]
        asset = self.deployment.asset(template, place)
        if asset is not None:
            return Located(place, path=asset)
        if isinstance(found, Resolution):
            return Located(place, unresolved=found.unresolved)
        if not isinstance(found, Scalar):
            raise found.error(f"{location} must be a text, not {found.kind}")
        path = found.text.strip()
        if not path or _ADDRESS.match(path):
            why = "it is fetched from there when the stack is deployed" if path else "it is empty by default"
            return Located(place, unresolved=Unresolved(path or written(place), why, place.span))
        template.values.text(table, (location,), assumable=True)
        return Located(place, path=path)

    def _inline(self, template: Template, table: Table, key: str) -> Located:
        node = table.entries[key]
        left: list[str] = []
        text = self.spliced(template, node, left)
        if text is not None:
            if left:
                names = ", ".join(dict.fromkeys(left))
                what = "schema" if key in ("Definition", "SchemaInline") else "code"
                template.note(node, f"the {what} holds {names}, which only deployment knows; it is read as it stands")
            return Located(node, text=text)
        result = template.resolve(node)
        if not result.decided:
            return Located(node, unresolved=result.unresolved)
        if not isinstance(result.node, Scalar):
            assert result.node is not None
            raise node.error(f"{key} must be a text, not {result.node.kind}")
        return Located(node, unresolved=Unresolved(written(node), "it is too long to be followed", node.span))

    def spliced(self, template: Template, node: Node, left: list[str] | None = None) -> EmbeddedText | None:
        """Return a text that stands in a template with its places there; None where it cannot be told.

        Variables that only deployment knows stay in the text as they are written; ``left`` gets them.
        """
        whole = self._followed(template, node)
        if whole.span is None:
            return None
        splice = Splice(whole.span.source)
        names: list[str] = [] if left is None else left
        return splice.finish() if self._splice(template, whole, splice, names) else None

    @staticmethod
    def _followed(template: Template, node: Node) -> Node:
        """Return the plain text that a reference leads to, which may stand in another template."""
        call = intrinsic(node)
        if call is None or call[0] in ("Fn::Sub", "Fn::Join"):
            return node
        value = template.resolver.resolve(node).node
        return value if isinstance(value, Scalar) and intrinsic(value) is None else node

    def _splice(self, template: Template, node: Node, splice: Splice, left: list[str], depth: int = 0) -> bool:
        call = intrinsic(node)
        if call is None:
            if not isinstance(node, Scalar) or node.span is None or not self._may_copy(node):
                return False
            if node.span.source is not splice.host:
                return False
            part = embedded(node, splice.host)
            splice.add_part(part, 0, len(part.text))
            return True
        name, argument = call
        if name == "Fn::Sub":
            return self._splice_sub(template, argument, splice, left)
        if name == "Fn::Join" and isinstance(argument, Sequence) and len(argument) == 2 and depth < MAX_DEPTH:
            separator, members = argument.items
            if not isinstance(separator, Scalar) or not isinstance(members, Sequence):
                return False
            for index, member in enumerate(members):
                if index and member.span is not None:
                    splice.add(separator.text, member.span.start_offset)
                if not self._splice(template, member, splice, left, depth + 1):
                    return False
            return True
        value = template.resolver.resolve(node).node
        if not isinstance(value, Scalar) or value is node or value.span is None or node.span is None:
            return False
        if value.span.source is splice.host:
            return self._splice(template, value, splice, left, depth + 1)
        if not self._may_copy(value):
            return False
        splice.add_substitute(value.text, node.span.start_offset, node.span.end_offset - node.span.start_offset)
        return True

    def _may_copy(self, scalar: Scalar) -> bool:
        """Whether a text may still be copied: one that many resources share would be copied for ever."""
        self.copied += len(scalar.text)
        return self.copied <= MAX_SCHEMA

    def _splice_sub(self, template: Template, argument: Node, splice: Splice, left: list[str]) -> bool:
        text, own = template.resolver.sub_parts(argument)
        if text is None or text.span is None or text.span.source is not splice.host or not self._may_copy(text):
            return False
        part = embedded(text, splice.host)
        end = 0
        for start, stop, reference in template.resolver.variables(text):
            splice.add_part(part, end, start)
            value = template.resolver.resolve(template.resolver.given(reference, own)).node
            if isinstance(value, Scalar):
                splice.add_substitute(value.text, part.host_offset(start), stop - start)
            else:
                left.append(part.text[start:stop])
                splice.add_part(part, start, stop)
            end = stop
        splice.add_part(part, end, len(part.text))
        return True
