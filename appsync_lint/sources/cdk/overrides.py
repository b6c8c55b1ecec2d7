"""What a program changes in an API after it is constructed: properties that it sets, and raw overrides."""

from __future__ import annotations

from ...tree import Node, Open, Scalar, Sequence, Table
from ..programs import Call, Program
from .values import plain, root

__all__ = ["Overrides"]

_SETTERS = frozenset("addPropertyOverride add_property_override addOverride add_override".split())
_DELETERS = frozenset(
    "addPropertyDeletionOverride add_property_deletion_override addDeletionOverride add_deletion_override".split()
)
#: Names that a template writes otherwise than the construct does.
_NAMES = {"OpenIDConnectConfig": "openIdConnectConfig", "IatTTL": "iatTtl", "AuthTTL": "authTtl"}
_DEEPEST = 20


class Overrides:
    """The changes in one program, in the order of the file."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def applied(self, api: Call, table: Table) -> Table:
        """Return an API's properties with what the program makes of them afterwards."""
        result = Table(dict(table.entries), dict(table.keys), table.span, table.tag, table.repeated)
        result.more = table.more
        for path, value, owner, conditional in self._changes(api):
            if conditional:
                left = Open(owner.text, "an override of it depends on a condition", owner.span)
                _change(result, path, left)
            else:
                _change(result, path, value)
        return result

    def _changes(self, api: Call) -> list[tuple[list[str], Node, Open, bool]]:
        """Return what is changed: the path, the value, and where that stands."""
        found: list[tuple[int, list[str], Node, Open, bool]] = []
        for call in self._program.calls:
            if call.name in _SETTERS | _DELETERS and call is not api and root(call) is api and call.span is not None:
                path, value = call.argument(0, "property_path"), call.argument(1, "value")
                path = path if path is not None else call.argument(0, "path")
                if call.name in _DELETERS or value is None:
                    value = Scalar(None, "undefined", call.span)
                names = _path(path.text if isinstance(path, Scalar) else "", raw="roperty" not in call.name)
                found.append((call.span.start_offset, names, _spelled(value), call, _may_not_happen(call.path, api)))
        for write in self._program.writes:
            if write.span is not None and root(write.holder) is api:
                owner = Open(write.key, "it is set", write.span)
                value = plain(write.value)
                changed = _may_not_happen(write.path, api)
                found.append((write.span.start_offset, [_camel(write.key)], value, owner, changed))
        return [(path, value, owner, conditional) for _, path, value, owner, conditional in sorted(found, key=_place)]


def _may_not_happen(path: tuple[int, ...], api: Call) -> bool:
    """Whether an API may be constructed without something happening to it."""
    return path != api.path[: len(path)]


def _place(change: tuple[int, list[str], Node, Open, bool]) -> int:
    return change[0]


def _path(text: str, *, raw: bool) -> list[str]:
    """Return the properties' names in a path as the construct has them; none for what is no property."""
    parts = text.split(".")
    if raw:
        if parts[:1] != ["Properties"]:
            return []
        parts = parts[1:]
    return [_name(part) for part in parts if part]


def _name(part: str) -> str:
    return _NAMES.get(part, part[:1].lower() + part[1:])


def _camel(key: str) -> str:
    first, *others = key.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def _spelled(node: Node, depth: int = 0) -> Node:
    """Return a value that is written as in a template with the construct's names."""
    if isinstance(node, Table) and depth < _DEEPEST:
        entries = {_name(key): _spelled(item, depth + 1) for key, item in node}
        keys = {_name(key): scalar for key, scalar in node.keys.items()}
        result = Table(entries, keys, node.span)
        result.more = node.more
        return result
    if isinstance(node, Sequence) and depth < _DEEPEST:
        items = Sequence([_spelled(item, depth + 1) for item in node], node.span)
        items.more = node.more
        return items
    return plain(node)


def _change(table: Table, path: list[str], value: Node) -> None:
    """Set a property in a mapping that is nobody else's; what lies below one that is open opens it."""
    if not path:
        return
    first, *others = path
    if others:
        inner = table.get(first)
        if inner is None or (isinstance(inner, Scalar) and inner.value is None):
            inner = Table({}, {}, value.span)
        if isinstance(inner, Table):
            copy = Table(dict(inner.entries), dict(inner.keys), inner.span, inner.tag, inner.repeated)
            copy.more = inner.more
            _change(copy, others, value)
            value = copy
        else:
            value = Open(first, f"an override changes {'.'.join(path)}", value.span)
    table.entries[first] = value
    table.keys.setdefault(first, Scalar(first, first, value.span))
