"""Texts that are put together from parts, with the place of each character in the file of the first part."""

from __future__ import annotations

from collections import Counter

from ...text import EmbeddedText, Replacement, SourceText
from ...tree import Node, Scalar
from ..embedding import Splice, embedded
from .values import Part, Text, certain

__all__ = ["Rendered", "assembled", "from_parts", "text_of"]


class Rendered(EmbeddedText):
    """What a template comes to. Only what stands in it once, as it is, can be written back."""

    __slots__ = ("_editable",)

    def __init__(self, text: EmbeddedText, editable: list[tuple[int, int]]) -> None:
        super().__init__(text.host, text.text, text.segments, text.style)
        self._editable = editable

    def replacement(self, start: int, end: int, text: str) -> Replacement | None:
        """Return what to write into the template, None where that would change more than what is meant."""
        # At the edge of a value it cannot be told on which side of the edge a text would come to stand.
        if any(first < start and end < last for first, last in self._editable):
            return super().replacement(start, end, text)
        return None


def from_parts(node: Node) -> SourceText | None:
    """Return a text with its places; None where parts of it are open or it is no text."""
    found = certain(node)
    if found is None or not isinstance(found[0], Scalar) or not isinstance(found[0].value, str):
        return None
    plain = found[0]
    if isinstance(plain, Text) and plain.parts and all(part.kind != "file" for part in plain.parts):
        return assembled(list(plain.parts))
    return text_of(plain)


def assembled(parts: list[Part]) -> SourceText:
    """Put a text together from its parts, with the places of those that stand in the file of the first one."""
    first = next((part for part in parts if part.kind == "literal"), parts[0])
    host = _host(first.source)
    if len(parts) == 1 and first.kind == "literal" and first.text == first.source.text:
        return first.source
    splice = Splice(host)
    lengths: list[int] = []
    for part in parts:
        own = part.source
        if _host(own) is not host:
            splice.add_substitute(part.text, _place(first.source, first.start), 1)
        elif part.kind in ("literal", "open"):
            text = part.text if part.kind == "literal" else own.text[part.start : part.end]
            if isinstance(own, EmbeddedText):
                splice.add_part(own, part.start, part.end)
            else:
                splice.add(text, part.start)
        else:
            start = _place(own, part.start)
            splice.add_substitute(part.text, start, max(_place(own, part.end) - start, 1))
        lengths.append(splice.length)
    return Rendered(splice.finish(), _editable(parts, lengths, host))


def _editable(parts: list[Part], lengths: list[int], host: SourceText) -> list[tuple[int, int]]:
    """Return between which offsets of the whole text the parts stand that are there once, and as they are."""
    used = Counter((id(part.source), part.start) for part in parts)
    return [
        (start, end)
        for part, start, end in zip(parts, [0, *lengths], lengths, strict=False)
        if part.kind == "literal" and used[id(part.source), part.start] == 1 and _host(part.source) is host
    ]


def _host(source: SourceText) -> SourceText:
    return source.host if isinstance(source, EmbeddedText) else source


def _place(source: SourceText, offset: int) -> int:
    return source.host_offset(offset) if isinstance(source, EmbeddedText) else offset


def text_of(node: Scalar) -> SourceText:
    """Return a plain text that stands in a file."""
    if node.span is None:
        return SourceText("", node.text)
    result = embedded(node, node.span.source)
    # What was decoded or worked out does not stand there as it is.
    return result if result.style else Rendered(result, [])
