"""The report for people: each finding with the lines it is about, what is wrong there, and what to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ..api import Mode, Unresolved
from ..linter import Finding, Severity
from ..linter.words import count, listing
from ..text import Span
from .colours import BOLD, FRAME, SEVERITY, painter
from .excerpt import Excerpt
from .plain import ELLIPSIS, shorten, text_width, visible, wrap
from .summary import Summary, apis_of, summarize

if TYPE_CHECKING:
    from ..api import Api
    from ..linter.result import Result
    from . import Options

__all__ = ["render"]

NARROWEST = 40
#: How many findings of one rule are shown; the rest is a line.
SHOWN = 50
#: How many second places of a finding are shown.
PLACES = 5
#: Places at most this many lines apart are shown as one excerpt.
NEAR = 4
#: A label that does not fit behind its mark goes below it, into at least this many columns.
LABEL_WIDTH = 32
#: How long a text from a finding may be, in characters.
MESSAGE_LIMIT = 1000
LABEL_LIMIT = 300

HANGING = "    "
#: What underlines a finding's own place and the others.
PRIMARY, SECONDARY = "^", "-"
ADMIT_NOTE = "directives only admit: a resolver, an IAM policy or an authorizer may still refuse"


def render(result: Result, options: Options) -> str:
    """Return the report, with a summary at its end."""
    writer = _Writer(options)
    summary = summarize(result)
    names = apis_of(result) if len(summary.apis) > 1 else {}
    shown: Counter[str] = Counter()
    for finding in summary.findings:
        shown[finding.rule] += 1
        if shown[finding.rule] <= SHOWN:
            writer.finding(finding, names.get(replace(finding, api=""), ()))
    for rule, number in sorted(shown.items()):
        if number > SHOWN:
            writer.more(rule, number - SHOWN)
    writer.summary(summary)
    return writer.text


class _Mark(NamedTuple):
    """A place to underline, and what to say below it."""

    span: Span
    label: str
    sign: str
    colour: str


class _Writer:
    """Collects the lines of a report."""

    def __init__(self, options: Options) -> None:
        self._unsafe_fixes = options.unsafe_fixes
        self._width = max(options.width, NARROWEST)
        self._paint = painter(options.colour)
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def line(self, text: str = "") -> None:
        self._lines.append(text)

    def finding(self, finding: Finding, apis: tuple[str, ...]) -> None:
        colour = SEVERITY[finding.severity]
        head = f"{finding.severity.value}[{visible(finding.rule)}]"
        first, *others = wrap(_said(finding.message, MESSAGE_LIMIT), self._width - len(HANGING), taken=len(head) - 2)
        self.line(f"{self._paint(colour, head)}{self._paint(BOLD, f': {first}'.rstrip())}")
        for text in others:
            self.line(f"{HANGING}{self._paint(BOLD, text)}")

        places = finding.related[:PLACES]
        blocks = _blocks(
            [
                _Mark(finding.span, finding.label, PRIMARY, colour),
                *(_Mark(place.span, place.text, SECONDARY, FRAME) for place in places),
            ]
        )
        gutter = max(len(str(mark.span.start.line)) for block in blocks for mark in block)
        bar = self._paint(FRAME, f"{' ' * gutter} |")
        for arrow, block in zip(("-->", *[":::"] * len(blocks)), blocks, strict=False):
            line, column = block[0].span.start
            path = visible(block[0].span.path)
            self.line(f"{' ' * gutter}{self._paint(FRAME, arrow)} {path}:{line}:{column}")
            self.line(bar)
            for text in self._excerpts(block, gutter, bar):
                self.line(text)
            if block is not blocks[-1]:
                self.line(bar)

        notes = [("help", finding.help)] if finding.help else []
        if len(finding.related) > PLACES:
            notes.append(("note", f"{count(len(finding.related) - PLACES, 'further place')} not shown"))
        if apis:
            notes.append(("note", f"in the {'API' if len(apis) == 1 else 'APIs'} {listing(apis)}"))
        if notes:
            self.line(bar)
        for kind, text in notes:
            self._note(kind, text, gutter)
        self.line()

    def _excerpts(self, block: list[_Mark], gutter: int, bar: str) -> Iterator[str]:
        room = self._width - gutter - len(" | ")
        shown: Excerpt | None = None
        for mark in sorted(block, key=_from_above):
            where = shown.mark(mark.span) if shown else None
            if where is None or shown is None:
                before = shown.number if shown else 0
                shown = Excerpt(mark.span, room)
                if before and shown.number > before + 1:
                    yield self._paint(FRAME, "...")
                number = self._paint(FRAME, f"{shown.number:>{gutter}} |")
                yield f"{number} {shown.text}".rstrip()
                where = shown.mark(mark.span)
                assert where is not None, "an excerpt shows the place it is made for"
            start, size = where
            for text, indent in _label_lines(start, mark.sign * size, _said(mark.label, LABEL_LIMIT), room):
                yield f"{bar} {' ' * indent}{self._paint(mark.colour, text)}"

    def _note(self, kind: str, text: str, gutter: int) -> None:
        head = f"{' ' * gutter} = "
        indent = len(head) + len(kind) + 2
        first, *others = wrap(_said(text, MESSAGE_LIMIT), self._width - indent)
        self.line(f"{self._paint(FRAME, head.rstrip())} {self._paint(BOLD, kind + ':')} {first}")
        for other in others:
            self.line(f"{' ' * indent}{other}")

    def more(self, rule: str, number: int) -> None:
        self._paragraph(BOLD, f"{ELLIPSIS} {number:,} more", f" {visible(rule)}; --format concise lists all")
        self.line()

    def summary(self, summary: Summary) -> None:
        ignored = f"; {summary.ignored} ignored" if summary.ignored else ""
        if not summary.findings:
            self._paragraph(BOLD, "No findings", f": {_checked(summary)}{ignored}")
            return
        for severity, number in summary.counts.items():
            if number:
                worst = SEVERITY[severity]
                break
        counts = ", ".join(_counted(number, severity) for severity, number in summary.counts.items() if number)
        where = f" in {count(summary.files, 'file')}"
        if len(summary.apis) > 1:
            where += f", {len(summary.apis)} APIs"
        self._paragraph(worst, counts, f"{where}{ignored}")
        fixable = _fixable(summary, self._unsafe_fixes)
        if fixable:
            self._paragraph(BOLD, "[*]", f" {fixable}")
        if summary.apis:
            self._paragraph(BOLD, "note", f": {ADMIT_NOTE}")

    def _paragraph(self, colour: str, head: str, rest: str) -> None:
        first, *others = wrap(f"{head}{rest}", self._width - len(HANGING), taken=-len(HANGING))
        self.line(self._paint(colour, first[: len(head)]) + first[len(head) :])
        for text in others:
            self.line(f"{HANGING}{text}")


def _from_above(mark: _Mark) -> tuple[int, bool, int]:
    """Order marks by line; on one line, the finding's own place goes first."""
    line, column = mark.span.start
    return line, mark.sign != PRIMARY, column


def _said(text: str, limit: int) -> str:
    return visible(shorten(text, limit))


def _blocks(marks: list[_Mark]) -> list[list[_Mark]]:
    """Put the places together that are shown as one excerpt; the first block is the finding's own."""
    blocks: list[list[_Mark]] = []
    for mark in marks:
        for block in blocks:
            if any(_near(mark.span, other.span) for other in block):
                block.append(mark)
                break
        else:
            blocks.append([mark])
    return blocks


def _near(one: Span, other: Span) -> bool:
    return one.source is other.source and abs(one.start.line - other.start.line) <= NEAR


def _label_lines(start: int, marks: str, label: str, room: int) -> Iterator[tuple[str, int]]:
    """Yield the lines below a source line, each with its indent: the mark and, behind or below it, the label."""
    size = text_width(label)
    if not label or start + len(marks) + 1 + size <= room:
        yield f"{marks} {label}".rstrip(), start
        return
    yield marks, start
    indent = max(min(start, room - min(size, LABEL_WIDTH)), 0)
    for line in wrap(label, room - indent):
        yield line, indent


def _fixable(summary: Summary, unsafe: bool) -> str:
    """Say how many findings the command could mend by itself; empty where it is none."""
    safe, more = summary.safe_fixes, summary.unsafe_fixes
    if unsafe and more:
        return f"{safe + more:,} fixable with --fix --unsafe-fixes; --diff shows the edits"
    offers = [f"{safe:,} fixable with --fix"] if safe else []
    if more:
        offers.append(f"{more:,} {'more ' if safe else ''}fixable with --fix --unsafe-fixes, which changes who gets in")
    return "; ".join(offers)


def _counted(number: int, severity: Severity) -> str:
    return f"{number:,} info" if severity is Severity.INFO else f"{number:,} {severity.value}{'s' * (number != 1)}"


def _checked(summary: Summary) -> str:
    """Say what was looked at when nothing was found."""
    fields = f"{summary.fields:,} {'field' if summary.fields == 1 else 'fields'} checked"
    if not summary.fields:
        return "no field was checked, for no schema is at hand"
    if not summary.apis:
        return f"{fields} for any modes; no API is described"
    if len(summary.apis) == 1:
        return f"{fields} for {_modes(summary.apis[0])}"
    modes = dict.fromkeys(_modes(api) for api in summary.apis)
    return f"{fields} in {len(summary.apis)} APIs, for {listing(modes, 3, 'and for')}"


def _modes(api: Api) -> str:
    names = [_mode(provider.mode) for provider in api.providers]
    names[0] += " (the default)"
    if api.additional_open is not None:
        names.append(_mode(api.additional_open))
    return visible(shorten(listing(dict.fromkeys(names), 5), LABEL_LIMIT))


def _mode(mode: Mode | Unresolved) -> str:
    return mode.value if isinstance(mode, Mode) else f"what deployment makes of {mode.text}"
