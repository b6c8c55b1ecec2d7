"""``check --fix`` and ``check --diff``: what is written or shown, and what is told about it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ..api import Caller, Mode
from ..errors import InputError
from ..files import drafted, resolved
from ..fixing import Applied, Fixed, Reading, files_outside, fix, patch, write_files
from ..linter.words import count, listing
from ..project import Project, load
from ..report.plain import visible
from ..text import SourceText, Span
from .console import print_note, write, write_bytes

if TYPE_CHECKING:
    from ..access import AccessModel
    from ..linter.result import Result
    from ..project import Request

__all__ = ["find_fixes", "tell", "write_drafts"]

#: How many safe fixes, and how many that were not applied, are told one by one.
SHOWN = 20
_MARK = "\ufeff"
_ENCODED_MARK = _MARK.encode()


def find_fixes(
    lint: Callable[[Project], Result],
    project: Project,
    result: Result,
    request: Request,
    stdin: SourceText | None,
    *,
    unsafe: bool,
) -> Fixed:
    """Work out what is to be fixed in a project that was linted. With standard input, nothing else is touched."""

    def attempt(drafts: Mapping[Path, str]) -> Reading:
        # The collector is held for the whole run, and each draft that was given up is a large tree with cycles.
        gc.collect()
        text = None if stdin is None else SourceText(stdin.path, drafts.get(resolved(Path(stdin.path)), stdin.text))
        with drafted(drafts):
            try:
                draft = load(request, text)
            except InputError as error:
                draft = Project()
                draft.errors.append(error)
            return Reading(draft, lint(draft))

    if stdin is None:
        described = request.api_file.partition("#")[0]
        why_not = files_outside([*request.paths, *filter(None, [described])])
    else:
        why_not = _only(resolved(Path(stdin.path)))
    return fix(attempt, Reading(project, result), unsafe=unsafe, why_not=why_not)


def _only(own: Path) -> Callable[[Path], str]:
    return lambda path: "" if path == own else "only standard input is fixed"


def write_drafts(fixed: Fixed, stdin: SourceText | None, data: bytes, *, diff: bool) -> None:
    """Write the fixed files, or (``diff``) what differs to standard output.

    ``data`` is what standard input held: with its fixes it goes to standard output.
    """
    if diff:
        for path, text in fixed.drafts.items():
            original = fixed.originals[path]
            mark = _MARK if (data if stdin is not None else path.read_bytes()).startswith(_ENCODED_MARK) else ""
            shown = patch(original.path, mark + original.text, mark + text)
            # A terminal shows it, a program reads it: only for the latter must every character stay.
            write(_visible_lines(shown) if sys.stdout.isatty() else shown, machine=True)
    elif stdin is not None:
        text = fixed.drafts.get(resolved(Path(stdin.path)), stdin.text)
        write_bytes((_ENCODED_MARK if data.startswith(_ENCODED_MARK) else b"") + text.encode("utf-8"))
    else:
        write_files(fixed.originals, fixed.drafts)


def _visible_lines(text: str) -> str:
    return "\n".join(visible(line.replace("\t", "    ")) for line in text.split("\n"))


def tell(fixed: Fixed, *, diff: bool) -> None:
    """Tell which fixes were applied, who gains and loses by them, and which were not applied, and why."""
    word = "would be fixed" if diff else "fixed"
    safe = 0
    for item in fixed.applied:
        safe += item.safe
        if item.safe and safe > SHOWN:
            continue
        print_note(f"{_place(item.finding.span)}: {item.finding.rule} {word}: {item.description}")
        for line in _access(item, several=len(fixed.reading.project.units) > 1):
            print_note(f"  {line}")
    if safe > SHOWN:
        print_note(f"{safe - SHOWN} more {word}, with nobody's access changed")
    for refused in fixed.refused[:SHOWN]:
        print_note(f"{_place(refused.finding.span)}: {refused.finding.rule} not fixed: {refused.why}")
    if len(fixed.refused) > SHOWN:
        print_note(f"{len(fixed.refused) - SHOWN} more not fixed")
    if fixed.reading.project.errors:
        print_note("nothing is fixed while a file cannot be read")
    elif fixed.applied:
        print_note(f"{count(len(fixed.applied), 'finding')} {word} in {count(len(fixed.drafts), 'file')}")
    else:
        print_note("nothing to fix")


def _place(span: Span) -> str:
    return f"{span.path}:{span.start.line}:{span.start.column}"


def _access(item: Applied, *, several: bool) -> Iterator[str]:
    """Say who gains and who loses by a fix: one line for all fields on which it is the same."""
    if item.safe:
        return
    if not item.changes:
        yield "changes nobody's access"
    for api, model, changes in item.changes:
        fields: dict[tuple[tuple[Caller, ...], ...], list[str]] = {}
        for change in changes:
            fields.setdefault((change.gained, change.lost, change.doubted), []).append(change.coordinate)
        for (gained, lost, doubted), names in fields.items():
            one = len(names) == 1
            lets = "lets" if one else "let"
            effects = [
                f"{words} {who(callers, model)}"
                for words, callers in (
                    (f"{lets} in", gained),
                    (f"no longer {lets} in", lost),
                    ("may or may not let in", doubted),
                )
                if callers
            ]
            where = f" ({api.name})" if several else ""
            yield f"{listing(names)}{where} {', '.join(effects) or f'{lets} in somebody else'}"


def who(callers: Iterable[Caller], model: AccessModel) -> str:
    """Name some callers in a sentence, mode by mode, as shortly as that can be said exactly."""
    by_mode: dict[Mode, set[Caller]] = {}
    for caller in callers:
        by_mode.setdefault(caller.mode, set()).add(caller)
    return listing((_of_mode(mode, found, model) for mode, found in by_mode.items()), limit=len(Mode))


def _of_mode(mode: Mode, found: set[Caller], model: AccessModel) -> str:
    others = set(model.callers_of(mode)) - found
    if Caller(mode) in found:
        return f"{mode.who} who are not in {_groups(others)}" if others else mode.who
    return f"{mode.who} in {_groups(found)}"


def _groups(callers: set[Caller]) -> str:
    return listing(sorted(name for caller in callers for name in caller.groups), conjunction="or")
