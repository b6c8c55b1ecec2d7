"""The access matrix: its rows, and how they look as tables and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby
from string import ascii_lowercase
from typing import NamedTuple, TypeAlias

from ..access import AccessModel
from ..api import Api, Caller, Mode, Provider
from ..errors import InputError
from ..report.colours import BOLD
from ..report.plain import shorten, text_width, visible, wrap
from .paint import DOUBT, FAINT, GOOD, padded

__all__ = ["Matrix", "Row", "matrix_of", "to_json", "to_text"]

Paint: TypeAlias = "Callable[[str, str], str]"

_MARKS = {"allow": "+", "deny": "-", "unknown": "?"}
LEGEND = ("+ allowed", "- denied", "? not known before deployment", '" decided as in the line above')
#: The narrowest that the last column, the deciding directive, gets beside the others.
_BECAUSE = 24
#: How much of it is shown, in characters: a stranger's schema may name thousands of groups.
_LONGEST = 300
#: Nobody reads a larger table, and a schema with thousands of groups would fill the memory.
MAX_CELLS = 4_000_000
_GAP = 2


class Row(NamedTuple):
    """One field: its type, its name, the callers' verdicts in the order of the matrix, and what decides."""

    type: str
    field: str
    verdicts: tuple[str, ...]
    because: str

    @property
    def coordinate(self) -> str:
        """``Type.field``."""
        return f"{self.type}.{self.field}"


class Matrix(NamedTuple):
    """One API with its callers and rows."""

    api: Api
    callers: tuple[Caller, ...]
    rows: tuple[Row, ...]


def matrix_of(model: AccessModel, callers: Sequence[Caller] = (), only: Collection[str] = ()) -> Matrix:
    """Ask the model about every field of every object type.

    ``callers`` replace the API's own, one for each mode and group; ``only`` keeps the fields of these types
    (``Type``) and these fields (``Type.field``).
    """
    asking = len(callers) or len(model.callers)
    fields = sum(len(item.fields) for item in model.schema.objects)
    if asking * fields > MAX_CELLS:
        raise InputError(
            f"{model.api.name} has {asking} kinds of callers and {fields} fields, too many for a table; "
            "choose callers with --as"
        )
    rows: list[Row] = []
    for field, verdicts, because in model.matrix():
        if only and field.parent not in only and field.coordinate not in only:
            continue
        asked = tuple(model.decide(field.coordinate, caller).verdict for caller in callers)
        rows.append(Row(field.parent, field.name, asked or verdicts, because))
    # The roots first, whatever their order in the files: what they say decides what the rest matters.
    rows.sort(key=lambda row: not model.is_root(row.type))
    return Matrix(model.api, tuple(callers) or model.callers, tuple(rows))


def to_json(matrices: Sequence[Matrix]) -> str:
    """Return the matrices in the project's JSON form, version 1."""
    import json

    apis = []
    for api, callers, rows in matrices:
        names = [str(caller) for caller in callers]
        fields = [
            {
                "coordinate": row.coordinate,
                "access": dict(zip(names, row.verdicts, strict=True)),
                "because": row.because,
            }
            for row in rows
        ]
        apis.append(
            {
                "name": api.name,
                "default": _written(api.default),
                "additional": [_written(provider) for provider in api.additional]
                + ([api.additional_open.text] if api.additional_open is not None else []),
                "callers": names,
                "fields": fields,
            }
        )
    return json.dumps({"version": 1, "apis": apis}, indent=2) + "\n"


def to_text(matrices: Sequence[Matrix], paint: Paint, width: int) -> str:
    """Return the matrices as one table a type, no wider than ``width`` where the names allow it."""
    lines: list[str] = []
    for matrix in matrices:
        lines.extend(_api(matrix, paint, width))
    lines.extend(paint(FAINT, line) for line in _packed(LEGEND, width))
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _api(matrix: Matrix, paint: Paint, width: int) -> Iterator[str]:
    api = matrix.api
    shown = [_shown(provider) for provider in api.additional]
    if api.additional_open is not None:
        shown.append(f"only known at deployment ({api.additional_open.text})")
    additional = ", ".join(shown) or "none"
    yield paint(BOLD, visible(api.name)) + visible(f": default {_shown(api.default)}, additional {additional}")
    heads = [visible(str(caller)) for caller in matrix.callers]
    labels = [text for row in matrix.rows for text in (f"  {row.field}", row.type)]
    first = min(max((text_width(visible(text)) for text in labels), default=0), width // 2)
    room = width - first - _BECAUSE - _GAP
    if sum(text_width(head) + _GAP for head in heads) > room:
        # Too many or too long for a table: short names, told beforehand.
        keys = _keys(len(heads))
        yield ""
        yield from _packed([f"{key} {head}" for key, head in zip(keys, heads, strict=True)], width)
        heads = keys
    each = max(room // (max(map(text_width, heads), default=1) + 1), 1)
    whole = heads and sum(text_width(head) + _GAP for head in heads) <= room
    for start in range(0, len(heads), len(heads) if whole else each):
        layout = _Layout(slice(start, None if whole else start + each), heads, first, width)
        for name, rows in groupby(matrix.rows, key=lambda row: row.type):
            yield ""
            yield from layout.table(name, rows, paint)
    yield ""


class _Layout(NamedTuple):
    """How wide the columns are: ``first`` is the fields', ``shown`` says which callers have one."""

    shown: slice
    all_heads: Sequence[str]
    first: int
    width: int

    def table(self, name: str, rows: Iterable[Row], paint: Paint) -> Iterator[str]:
        heads = self.all_heads[self.shown]
        gap = " " * (1 if all(text_width(head) < 3 for head in heads) else _GAP)
        start = self.first + sum(len(gap) + text_width(head) for head in heads) + _GAP
        yield paint(BOLD, padded(visible(name), self.first)) + gap + paint(FAINT, gap.join(heads))
        above = ""
        for row in rows:
            label = "  " + visible(row.field)
            if text_width(label) > self.first:
                yield label
                label = ""
            marks = [
                _painted(verdict, _MARKS[verdict].center(text_width(head)), paint)
                for verdict, head in zip(row.verdicts[self.shown], heads, strict=True)
            ]
            shown = row.because.removesuffix(f" on {row.coordinate}").replace(f" on type {row.type}", ", on the type")
            why, *more = wrap('"' if shown == above else visible(shorten(shown, _LONGEST)), self.width - start)
            above = shown
            yield padded(label, self.first) + gap + gap.join(marks) + " " * _GAP + why
            yield from (" " * start + line for line in more)


def _written(provider: Provider) -> str:
    return provider.mode.value if isinstance(provider.mode, Mode) else provider.mode.text


def _painted(verdict: str, mark: str, paint: Paint) -> str:
    return paint({"allow": GOOD, "deny": FAINT, "unknown": DOUBT}[verdict], mark)


def _keys(count: int) -> list[str]:
    """Name columns ``a``, ``b``, ... ``z``, ``aa``, ``ab`` ..."""
    keys = list(ascii_lowercase)
    keys += [first + second for first in ascii_lowercase for second in ascii_lowercase]
    return keys[:count] if count <= len(keys) else [str(number) for number in range(1, count + 1)]


def _packed(items: Sequence[str], width: int) -> Iterator[str]:
    line = ""
    for item in items:
        if line and text_width(line) + _GAP + text_width(item) > width:
            yield line
            line = ""
        line = f"{line}{' ' * _GAP}{item}" if line else f"{' ' * _GAP}{item}"
    if line:
        yield line


def _shown(provider: Provider) -> str:
    mode = provider.mode
    return mode.value if isinstance(mode, Mode) else f"only known at deployment ({mode})"
