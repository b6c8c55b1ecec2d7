"""An ignore comment silences nothing.

## What it does

Reports a comment `# appsync-lint: ignore[...]` that no finding matches, that names a rule which does not
exist, or that names no rule.

## Why it matters

A comment that outlives its reason hides the next finding at the same place, and one with a misspelt rule
never worked. Both look as if somebody had checked the place.

## Bad

```yaml
authenticationType: AWS_IAM
```

```graphql
type Query {
  # appsync-lint: ignore[unknown-auth-directive] it was misspelt once
  # ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  me: String @aws_iam
}
```

## Good

```yaml
authenticationType: AWS_IAM
```

```graphql
type Query {
  me: String @aws_iam
}
```

## Limits

A comment for a rule that this run does not execute (`--select`, `--ignore`, a severity of `off`) is not judged.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from re import finditer
from typing import TYPE_CHECKING

from ..text import SourceText, Span
from ..tree import nearest
from .finding import Finding, Severity
from .rule import Rule, Subject

if TYPE_CHECKING:
    from graphql.language import NameNode

    from ..schema import Schema

__all__ = ["Ignores", "UselessIgnore"]

_COMMENT = r"(?:#|//)[ \t]*(appsync-lint:[ \t]*(ignore-file|ignore)\b[ \t]*(?:\[([^\]\r\n]*)\])?)"
_STRING_OR_COMMENT = r'"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\r\n])*"|#[^\r\n]*'
_MARK = "appsync-lint:"


@dataclass(slots=True, eq=False)
class _Ignore:
    """One comment. ``first`` and ``last`` are the lines it covers; a ``first`` of 0 stands for the whole file.

    ``rules`` is None for a comment that names none: every rule for ``ignore-file``, a mistake for ``ignore``.
    """

    source: SourceText
    span: Span
    rules: tuple[str, ...] | None
    first: int
    last: int
    used: set[str]

    @property
    def whole_file(self) -> bool:
        return self.first == 0

    def names(self, rule: str) -> bool:
        return self.whole_file if self.rules is None else rule in self.rules


class UselessIgnore(Rule):
    name = "useless-ignore"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:  # noqa: ARG002
        """Yield nothing: what an ignore comment silenced is known only after all rules have run."""
        yield from ()

    def findings(self, ignores: Ignores, ran: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
        """Yield a finding for each comment that silenced nothing, given the rules that ran and that exist."""
        ran, known = frozenset(ran), tuple(known)
        for item in ignores.items:
            if item.rules is None:
                if not item.whole_file:
                    yield self.finding(
                        item.span,
                        "this ignore comment names no rule, so it silences nothing",
                        label="no rule",
                        help="name the rule: # appsync-lint: ignore[rule] reason",
                    )
                continue
            for name in item.rules:
                if name not in known:
                    meant = nearest(name, known)
                    yield self.finding(
                        item.span,
                        f"this comment ignores {name}, but there is no such rule",
                        label="no such rule",
                        help=f"did you mean {meant}?" if meant else "appsync-lint rules lists the rules",
                        subject=name,
                    )
                elif name in ran and name not in item.used:
                    yield self.finding(
                        item.span,
                        f"nothing to ignore here: {name} reports nothing at this place",
                        label="silences nothing",
                        help="remove the comment",
                        subject=name,
                    )


class Ignores:
    """All ignore comments of some files, and which of them were needed."""

    def __init__(self, sources: Iterable[SourceText], schema: Schema | None) -> None:
        self.items: list[_Ignore] = []
        self._schema = schema
        self._sources: set[SourceText] = set()
        self._whole: dict[SourceText, list[_Ignore]] = {}
        self._lines: dict[tuple[SourceText, int], list[_Ignore]] = {}
        self._named: dict[tuple[object, str], bool] = {}
        self.read(sources)

    def read(self, sources: Iterable[SourceText]) -> None:
        """Take in the comments of further files; those of a file that was read before count once."""
        for source in sources:
            if source not in self._sources:
                self._sources.add(source)
                if _MARK in source.text:
                    for item in _read(source, self._schema):
                        self._add(item)

    @property
    def needed(self) -> frozenset[tuple[Span, str]]:
        """The places of the comments that silenced something, each with the rule that it silenced."""
        return frozenset((item.span, rule) for item in self.items for rule in item.used)

    def _add(self, item: _Ignore) -> None:
        self.items.append(item)
        if item.whole_file:
            self._whole.setdefault(item.source, []).append(item)
        for line in range(item.first, item.last + 1):
            self._lines.setdefault((item.source, line), []).append(item)

    def covers(self, rule: str, place: Span) -> bool:
        """Whether a comment for this very place, not one for the whole file, silences a rule there."""
        if not self._lines:
            return False
        return any(item.names(rule) for item in self._lines.get((place.source, place.start.line), ()))

    def silences(self, finding: Finding) -> bool:
        """Whether a comment silences a finding; remembers which ones were needed."""
        source = finding.span.source
        in_file = self._names(self._whole.get(source, ()), source, finding.rule)
        line = (source, finding.span.start.line)
        return self._names(self._lines.get(line, ()), line, finding.rule) or in_file

    def _names(self, items: Iterable[_Ignore], place: object, rule: str) -> bool:
        """Whether comments that cover a place name a rule; looked for once, however many findings are there."""
        known = self._named.get((place, rule))
        if known is None:
            needed = [item for item in items if item.names(rule)]
            for item in needed:
                item.used.add(rule)
            known = self._named[place, rule] = bool(needed)
        return known


def _read(source: SourceText, schema: Schema | None) -> Iterator[_Ignore]:
    extents: dict[int, int] | None = None
    below = 0
    inside_text = _strings(source, schema)
    for match in finditer(_COMMENT, source.text):
        if inside_text(match.start()):
            continue
        names = match.group(3)
        rules = None if names is None else tuple(n for n in map(str.strip, names.split(",")) if n)
        span = source.span(match.start(1), match.end(1))
        if match.group(2) == "ignore-file":
            yield _Ignore(source, span, rules or None, 0, -1, set())
            continue
        line = span.start.line
        if source.line(line)[: source.position(match.start()).column - 1].strip():
            first = line
        else:
            # Comments below one another cover what stands below them all; it is looked for once.
            first = below = max(below, line + 1)
            while first < source.line_count and source.line(first).lstrip().startswith(("#", "//")):
                first = below = first + 1
        if extents is None:
            extents = _extents(source, schema)
        yield _Ignore(source, span, rules or None, first, extents.get(first, first), set())


def _extents(source: SourceText, schema: Schema | None) -> dict[int, int]:
    """Map the line on which a field or a type's head starts to the line on which it ends.

    A comment above a field covers all lines of the field: its directives may stand below its arguments. Both the
    line of the name and that of a description above it count as the start.
    """
    extents: dict[int, int] = {}

    def add(name: NameNode | None, start: int, end: int, of: SourceText) -> None:
        for begin in (start, name.loc.start if name is not None and name.loc is not None else start):
            place = of.span(begin, end)
            if place.source is source:
                line = place.start.line
                extents[line] = max(extents.get(line, line), place.end.line)

    for definition in schema.types.values() if schema else ():
        for field in (*definition.fields.values(), *definition.duplicates):
            if field.node.loc is not None:
                add(field.node.name, field.node.loc.start, field.node.loc.end, field.source)
        for part in definition.parts:
            if part.node.loc is not None:
                name = getattr(part.node, "name", None)
                head = [
                    name,
                    *(getattr(part.node, "interfaces", None) or ()),
                    *(getattr(part.node, "directives", None) or ()),
                ]
                end = max((node.loc.end for node in head if node is not None), default=part.node.loc.end)
                add(name, part.node.loc.start, end, part.source)
    return extents


def _strings(source: SourceText, schema: Schema | None) -> Callable[[int], bool]:
    """Tell which offsets lie in texts of the schema: an ignore comment there is only text about ignore comments."""
    ranges: list[tuple[int, int]] = []
    for own in schema.sources if schema else ():
        if getattr(own, "host", own) is source:
            for match in finditer(_STRING_OR_COMMENT, own.text):
                if match[0].startswith('"'):
                    place = own.span(match.start(), match.end())
                    ranges.append((place.start_offset, place.end_offset))
    ranges.sort()

    def inside(offset: int) -> bool:
        index = bisect_right(ranges, (offset, offset))
        return index > 0 and offset < ranges[index - 1][1]

    return inside
