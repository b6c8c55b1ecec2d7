"""From what rules propose to what can be written: the files' own stretches, none of them wanted twice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..files import resolved
from ..linter import Finding, Fix
from ..text import Replacement, SourceText

__all__ = ["Candidate", "apart", "candidate_of", "rewritten"]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A finding's fix, and what it writes into which file, by the files' real paths."""

    finding: Finding
    fix: Fix
    writes: Mapping[Path, tuple[Replacement, ...]]


def candidate_of(finding: Finding, fix: Fix) -> Candidate | None:
    """Return a fix as it is to be written; None where that cannot be told exactly."""
    replacements = fix.replacements
    if replacements is None:
        return None
    writes: dict[Path, tuple[Replacement, ...]] = {}
    for item in replacements:
        path = resolved(Path(item.span.path))
        writes[path] = (*writes.get(path, ()), item)
    return Candidate(finding, fix, writes)


def apart(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return those that do not touch what an earlier one writes, in the order given; the others have to wait."""
    taken: dict[Path, list[tuple[int, int]]] = {}
    chosen: list[Candidate] = []
    for item in candidates:
        added: list[tuple[Path, tuple[int, int]]] = []
        for path, place in ((path, _place(one)) for path, written in item.writes.items() for one in written):
            there = taken.setdefault(path, [])
            index = bisect_left(there, place)
            if any(_collides(place, other) for other in there[max(index - 1, 0) : index + 1]):
                break
            there.insert(index, place)
            added.append((path, place))
        else:
            chosen.append(item)
            continue
        for path, place in added:
            taken[path].remove(place)
    return chosen


def _place(item: Replacement) -> tuple[int, int]:
    return item.span.start_offset, item.span.end_offset


def _collides(place: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two stretches overlap; of an insertion, whether it merely touches another: their order would count."""
    (start, end), (begin, stop) = place, other
    return start <= stop and begin <= end if start == end or begin == stop else start < stop and begin < end


def rewritten(candidates: Iterable[Candidate]) -> dict[Path, str]:
    """Return the new text of each file that some fixes write; they must not touch each other."""
    found: dict[Path, list[Replacement]] = {}
    for item in candidates:
        for path, written in item.writes.items():
            found.setdefault(path, []).extend(written)
    return {path: "".join(_spliced(written)) for path, written in found.items()}


def _spliced(written: list[Replacement]) -> Iterator[str]:
    source: SourceText = written[0].span.source
    end = 0
    for item in sorted(written, key=_place):
        yield source.text[end : item.span.start_offset]
        yield item.text
        end = item.span.end_offset
    yield source.text[end:]
