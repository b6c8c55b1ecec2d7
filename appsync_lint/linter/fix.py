"""What a rule proposes to write: plain values. Whether it is written, ``appsync_lint.fixing`` decides.

A rule makes edits from what it was handed, directives, fields and nodes, and never counts characters itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import compile as regex
from typing import TYPE_CHECKING

from ..text import Replacement, SourceText

if TYPE_CHECKING:
    from graphql.language import Node

    from ..schema import Directive, Field, Part

__all__ = ["Edit", "Fix"]

_BLANKS = " \t"
_LINE_ENDS = "\r\n"
_TEXT_OR_COMMENT = r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\r\n])*"|#'


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a schema's text, and what is to stand there instead.

    ``start`` and ``end`` are offsets into the text of ``source``, the text that the schema was read from: for a
    schema inside a template, into the schema and not into the template. ``start == end`` inserts.
    """

    source: SourceText
    start: int
    end: int
    text: str = ""

    @property
    def replacement(self) -> Replacement | None:
        """The edit in the file, escaped as the file wants it; None where that cannot be told exactly."""
        return self.source.replacement(self.start, self.end, self.text)

    @classmethod
    def replacing(cls, item: Directive | Field | Part, node: Node, text: str) -> Edit:
        """Write a text in place of a part of an item: of an argument, a value, a name."""
        start, end = _extent(node)
        return cls(item.source, start, end, text)

    @classmethod
    def before(cls, item: Directive | Field | Part, node: Node, text: str) -> Edit:
        """Write a text right before a part of an item."""
        start, _ = _extent(node)
        return cls(item.source, start, start, text)

    @classmethod
    def after(cls, item: Directive | Field | Part, node: Node, text: str) -> Edit:
        """Write a text right behind a part of an item."""
        _, end = _extent(node)
        return cls(item.source, end, end, text)

    @classmethod
    def renaming(cls, directive: Directive, name: str) -> Edit:
        """Give a directive another name; its arguments stay."""
        return cls.replacing(directive, directive.node.name, name)

    @classmethod
    def directing(cls, item: Field | Part, text: str) -> Edit:
        """Write a directive behind the last one of a field or of a type's head, or where the first one belongs."""
        node = item.node
        behind: list[Node] = [*(getattr(node, "interfaces", None) or ()), *(getattr(node, "directives", None) or ())]
        own_type: Node | None = getattr(node, "type", None)
        last = own_type or getattr(node, "name", None) or node
        return cls.after(item, max([last, *behind], key=lambda one: _extent(one)[1]), f" {text}")

    @classmethod
    def removing(cls, item: Directive | Field | Part) -> Edit | None:
        """Remove a directive, a field or a definition with the blanks or the lines that only it needed.

        None where a comment stands inside: comments are not ours to remove.
        """
        return next(cls.removing_all([item]))

    @classmethod
    def removing_all(cls, items: Iterable[Directive | Field | Part]) -> Iterator[Edit | None]:
        """Remove several directives, fields or definitions, neighbours with what is between them."""
        by_source: dict[SourceText, list[tuple[int, int]]] = {}
        for item in items:
            by_source.setdefault(item.source, []).append(_extent(item.node))
        for source, places in by_source.items():
            for start, end in _joined(source.text, sorted(places)):
                if _holds_comment(source.text, start, end):
                    yield None
                else:
                    yield cls(source, *_with_blanks(source.text, start, end))

    @classmethod
    def removing_one(cls, item: Directive | Field | Part, nodes: Sequence[Node], node: Node) -> Edit | None:
        """Remove one of several nodes that commas separate, arguments or the values of a list, with its comma.

        None for the only one, and where a comment stands inside or beside it.
        """
        places = [_extent(one) for one in nodes]
        index = next(number for number, one in enumerate(nodes) if one is node)
        if len(places) < 2:
            return None
        start, end = places[index]
        if index:
            start = places[index - 1][1]
        else:
            end = places[1][0]
        return None if _holds_comment(item.source.text, start, end) else cls(item.source, start, end)


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend a finding.

    ``description`` says in the imperative what is written ("write @aws_iam in place of @aws_imm"). ``safe`` claims
    that nobody's access changes; the claim is put to the access model before anything is written, and a fix that
    breaks it is not applied. What changes who gets in is never safe, however plainly it was meant.
    """

    description: str
    edits: tuple[Edit, ...]
    safe: bool

    @classmethod
    def of(cls, description: str, edits: Iterable[Edit | None], *, safe: bool) -> Fix | None:
        """Make a fix; None where there is nothing to edit, or one of its edits cannot be made."""
        made = tuple(edits)
        found = tuple(edit for edit in made if edit is not None)
        return cls(description, found, safe) if found and len(found) == len(made) else None

    @property
    def replacements(self) -> tuple[Replacement, ...] | None:
        """The edits in the files, escaped as they want them; None where one of them cannot be told exactly."""
        found = tuple(self._replacements())
        return found if len(found) == len(self.edits) else None

    def _replacements(self) -> Iterator[Replacement]:
        for edit in self.edits:
            replacement = edit.replacement
            if replacement is not None:
                yield replacement


def _extent(node: Node) -> tuple[int, int]:
    assert node.loc is not None, "nodes are read from texts"
    return node.loc.start, node.loc.end


def _joined(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join stretches that only blanks and line ends separate."""
    start, end = places[0]
    for begin, stop in places[1:]:
        if text[end:begin].strip(_BLANKS + _LINE_ENDS):
            yield start, end
            start = begin
        end = max(end, stop)
    yield start, end


def _holds_comment(text: str, start: int, end: int) -> bool:
    return any(match[0] == "#" for match in regex(_TEXT_OR_COMMENT).finditer(text, start, end))


def _with_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to be removed to the blanks around it that would be left over."""
    before, behind = start, end
    while before and text[before - 1] in _BLANKS:
        before -= 1
    while text[behind : behind + 1] and text[behind] in _BLANKS:
        behind += 1
    first = before == 0 or text[before - 1] in _LINE_ENDS
    last = behind == len(text) or text[behind] in _LINE_ENDS
    if first and last:
        # It has its lines for itself: they go, and so does the empty line that would be one too many.
        behind = _past_line_end(text, behind)
        if _is_blank_line(text, behind) and _after_blank_line(text, before):
            behind = _past_line_end(text, _past_blanks(text, behind))
        return before, behind
    if first:
        return start, behind
    left, right = text[before - 1 : before], text[end : end + 1]
    glues = _is_word(left) and _is_word(right)
    return (start if glues else before), end


def _past_blanks(text: str, offset: int) -> int:
    while text[offset : offset + 1] and text[offset] in _BLANKS:
        offset += 1
    return offset


def _past_line_end(text: str, offset: int) -> int:
    if text.startswith("\r\n", offset):
        return offset + 2
    return offset + 1 if text[offset : offset + 1] and text[offset] in _LINE_ENDS else offset


def _is_blank_line(text: str, offset: int) -> bool:
    """Whether the line that begins at an offset is empty and has an end."""
    end = _past_blanks(text, offset)
    return end < len(text) and text[end] in _LINE_ENDS


def _after_blank_line(text: str, offset: int) -> bool:
    """Whether the line that begins at an offset is the first one, or the one above it is empty."""
    end = max(offset - 1, 0)
    if text.startswith("\r\n", end - 1):
        end -= 1
    while end and text[end - 1] in _BLANKS:
        end -= 1
    return end == 0 or text[end - 1] in _LINE_ENDS


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()
