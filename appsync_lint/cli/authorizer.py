"""``appsync-lint authorizer``: what one Lambda authorizer reads, what its answers depend on, and what caching does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from ..errors import InputError
from ..files import display_path, read_source
from ..report.colours import BOLD, painter
from ..report.plain import shorten, visible
from .console import colour_wanted, terminal_width, write
from .options import colour_option
from .paint import DOUBT, FAINT, GOOD

if TYPE_CHECKING:
    from ..authorizer import Analysis, Dependence, Judgement, Return, Verdict
    from ..text import Span

__all__ = ["command"]

BAD = "1;31"
#: The longest time that AppSync takes, in seconds (5.3).
LONGEST = 3600
#: Any time in which an answer is kept.
CACHED = 300
#: How many characters of a line of source are shown.
SHOWN = 72

_FIELDS = {"requestContext": "the whole requestContext", "event": "the whole event"}
_ALLOWS = {
    "true": "lets in",
    "false": "refuses",
    "depends": "lets in or refuses",
    "missing": "has no isAuthorized (refuses)",
}
_MEANING = {
    "safe": "no answer depends on anything but the token, so keeping it changes nothing; "
    "whether the token is checked well is another question",
    "guarded": "every answer that depends on the request has ttlOverride 0: AppSync never keeps it",
    "safe-while-ttl-0": "answers depend on the request and are right only while nothing keeps them",
    "deny-cached": "one request that is refused locks the token out for as long as AppSync keeps the refusal",
    "context-hazard": "resolvers get what belongs to another request",
    "possible": "whether an answer that is kept depends on the request cannot be told for certain",
    "hazard": "AppSync reuses an answer for requests that the function never saw and may refuse",
}
_COLOUR = {"safe": GOOD, "guarded": GOOD, "hazard": BAD}

Paint = Callable[[str, str], str]


@click.command("authorizer", short_help="Show what a Lambda authorizer's answers depend on.")
@click.argument("file", metavar="FILE")
@click.option("--handler", metavar="NAME", help="The function, alone or as Lambda's setting has it (index.handler).")
@click.option(
    "--ttl",
    type=click.IntRange(0, LONGEST),
    metavar="SECONDS",
    help="How long the API keeps an answer; without it, what happens at any time is told.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@colour_option
def command(file: str, handler: str | None, ttl: int | None, form: str, colour: str) -> int:
    """Show what a Lambda authorizer reads of the request, and what each of its answers depends on.

    FILE is a Python, JavaScript or TypeScript file. It is read, never run. Imports are followed inside the
    project's folder.
    """
    from ..authorizer import analyse, judge
    from ..sources.places import project_folder

    path = Path(file)
    read_source(path)
    analysis = analyse(path, handler=handler, root=project_folder(path.parent))
    if analysis.not_analysed is not None:
        raise InputError(f"not analysed: {analysis.not_analysed}", path=display_path(path))
    judgement = judge(analysis, ttl=ttl, ttl_origin="--ttl" if ttl is not None else "no --ttl is given")
    if form == "json":
        from json import dumps

        write(dumps(_as_json(analysis, judgement, display_path(path)), indent=2) + "\n", machine=True)
    else:
        paint = painter(colour_wanted(colour))
        report = _Report(analysis, ttl, display_path(path), paint, terminal_width())
        write("\n".join(report.lines(judgement)) + "\n")
    return 0


# Text.


class _Report:
    """One function's analysis as text, in lines no longer than ``width`` columns."""

    def __init__(self, analysis: Analysis, ttl: int | None, path: str, paint: Paint, width: int) -> None:
        self.analysis = analysis
        self.ttl = ttl
        self.path = path
        self.paint = paint
        self.width = width

    def lines(self, judgement: Judgement) -> Iterator[str]:
        """Yield the lines."""
        paint, analysis = self.paint, self.analysis
        place = f":{analysis.handler_span.start.line}" if analysis.handler_span is not None else ""
        origin = f"{visible(self.path)}{place}, {analysis.language}"
        yield f"{paint(BOLD, visible(analysis.handler))} {paint(FAINT, origin)}"
        if analysis.shape == "api-gateway":
            yield from self._wrapped("It answers in the words of API Gateway, which AppSync does not understand.", 0)
        yield ""
        yield paint(BOLD, "Reads of the request")
        yield from self._reads()
        yield ""
        yield paint(BOLD, "Answers")
        if not judgement.verdicts:
            yield "  none that can be followed"
        for number, (returned, verdict) in enumerate(judgement.verdicts, 1):
            yield from self._answer(number, returned, verdict)
        if analysis.unresolved:
            yield ""
            yield paint(BOLD, "Calls into code that is not here")
            yield from self._wrapped(", ".join(visible(item) for item in analysis.unresolved[:12]), 2)
        yield ""
        yield from self._verdict(judgement.verdict)

    def _reads(self) -> Iterator[str]:
        found: dict[str, tuple[list[str], bool]] = {}
        for read in self.analysis.reads:
            places, used = found.get(read.field, ([], False))
            place = self._place(read.span)
            if place not in places:
                places.append(place)
            found[read.field] = (places, used or read.used)
        for one in [one for returned in self.analysis.returns for one in returned.depends_on]:
            # A whole, such as the event, is handed on or looked into, not read field by field.
            found.setdefault(one.field, ([self._place(one.read)], True))
        if not found:
            yield "  nothing but the token"
            return
        for field, (places, used) in found.items():
            shown = ", ".join(places[:6]) + (", ..." if len(places) > 6 else "")
            yield from self._wrapped(f"{_named(field)}: {shown}{'' if used else '; no answer depends on it'}", 2)

    def _answer(self, number: int, returned: Return, verdict: Verdict) -> Iterator[str]:
        source = returned.span.source.line(returned.span.start.line).strip()
        after = ", after an exception" if returned.after_exception else ""
        head = f"  {number}. {self._place(returned.span)}: {_ALLOWS[returned.is_authorized]}{after}"
        yield f"{head}  {self.paint(_COLOUR.get(verdict, DOUBT), verdict)}"
        yield self.paint(FAINT, f"     {shorten(visible(source), min(SHOWN, self.width - 5))}")
        texts = dict.fromkeys(map(self._dependence, returned.depends_on)) or ["depends on nothing but the token"]
        for text in [*texts, self._kept(returned)]:
            yield from self._wrapped(text, 5)

    def _dependence(self, one: Dependence) -> str:
        verb = "is decided by" if one.how == "control" else "is made of"
        via = f", through {visible(one.via)}, which is not here" if one.via else ""
        return (
            f"{' and '.join(one.sinks)} {verb} {_named(one.field)}: read in {self._place(one.read)}, decides in "
            f"{self._place(one.decider)}{via}"
        )

    def _kept(self, returned: Return) -> str:
        if isinstance(returned.ttl, int | float):
            return "never kept (ttlOverride 0)" if returned.ttl == 0 else f"kept for {returned.ttl:g} s (ttlOverride)"
        if returned.ttl is not None:
            return "kept for a time that the function works out (ttlOverride)"
        if self.ttl is None:
            return "kept as long as the API says"
        return f"kept for {self.ttl} s (--ttl)" if self.ttl else "never kept (--ttl 0)"

    def _verdict(self, verdict: Verdict) -> Iterator[str]:
        yield f"{self.paint(BOLD, 'Verdict')} {self.paint(_COLOUR.get(verdict, DOUBT), verdict)}"
        yield from self._wrapped(f"{_MEANING[verdict]}.", 2)
        if self.ttl is None:
            from ..authorizer import judge

            kept = judge(self.analysis, ttl=CACHED).verdict
            if kept != verdict:
                yield from self._wrapped(
                    f"With an API that keeps answers: {kept}; --ttl SECONDS says how long it does.", 2
                )
        if verdict not in ("safe", "guarded"):
            yield from self._wrapped("Put ttlOverride: 0 into every answer that depends on the request.", 2)

    def _place(self, span: Span) -> str:
        """Say where something is: a line, with its file if that is another one."""
        line = span.start.line
        return f"line {line}" if span.path == self.path else f"{visible(span.path)}:{line}"

    def _wrapped(self, text: str, indent: int) -> list[str]:
        blanks = " " * indent
        return wrap(text, self.width, initial_indent=blanks, subsequent_indent=blanks, break_on_hyphens=False)


def _named(field: str) -> str:
    return visible(_FIELDS.get(field, field))


# JSON.


def _as_json(analysis: Analysis, judgement: Judgement, path: str) -> dict[str, object]:
    return {
        "version": 1,
        "path": path,
        "language": analysis.language,
        "handler": analysis.handler,
        "files": list(analysis.files),
        "verdict": judgement.verdict,
        "reads": [
            {"field": read.field, "used": read.used, "location": _location(read.span)} for read in analysis.reads
        ],
        "answers": [
            {
                "verdict": verdict,
                "isAuthorized": returned.is_authorized,
                "ttlOverride": returned.ttl,
                "afterException": returned.after_exception,
                "location": _location(returned.span),
                "dependsOn": [
                    {
                        "field": one.field,
                        "how": one.how,
                        "in": list(one.sinks),
                        "via": one.via,
                        "read": _location(one.read),
                        "decider": _location(one.decider),
                    }
                    for one in returned.depends_on
                ],
            }
            for returned, verdict in judgement.verdicts
        ],
        "observations": [
            {"kind": item.kind, "detail": item.detail, "location": _location(item.span)}
            for item in analysis.observations
        ],
        "unresolved": list(analysis.unresolved),
    }


def _location(span: Span) -> dict[str, object]:
    return {
        "path": span.path,
        "start": {"line": span.start.line, "column": span.start.column},
        "end": {"line": span.end.line, "column": span.end.column},
    }
