"""Terraform's functions, as far as they are needed to follow how an API is put together.

A function that is not here, or whose arguments are open, leaves its value open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from math import ceil, floor, prod
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from ...errors import InputError
from ...text import SourceText, Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .operations import MAX_ITEMS, as_number, boolean, number, same, truth
from .values import (
    Encoded,
    FileContent,
    Lifetime,
    Missing,
    Mixed,
    Part,
    Reference,
    Text,
    as_text,
    assumed,
    certain,
    is_null,
    lift,
    listed,
    make_text,
    parts_of,
    plain_text,
    shown,
)

if TYPE_CHECKING:
    from .evaluation import Scope

__all__ = ["Call", "call"]

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001, "us": 1e-6, "ns": 1e-9}
_DURATION = regex(r"([+-]?[0-9]+(?:\.[0-9]+)?)(h|ms|us|ns|m|s)")
_VERB = regex(r"%(%|[sdvqt]|#v)")
_TRAILING = " \t\r\n"


class Call(NamedTuple):
    """A function with its arguments, which are worked out when they are asked for.

    ``spreads`` says that the last one is a list of arguments.
    """

    name: str
    arguments: list[Callable[[], Node]]
    spreads: bool
    text: str
    span: Span
    scope: Scope

    def values(self) -> list[Node] | None:
        """Return all arguments; None where only deployment knows how many there are."""
        found = [argument() for argument in self.arguments]
        if not self.spreads or not found:
            return found
        last = certain(found[-1])
        items = listed(last[0]) if last is not None else None
        if items is None or last is None or last[1]:
            return None
        return [*found[:-1], *items[:MAX_ITEMS]]

    def open(self, why: str) -> Open:
        """Return a value that is open, with this call as what is written."""
        return Open(shown(self.text), why, self.span)

    def missing(self) -> Missing:
        """Return what Terraform would stop at."""
        return Missing(shown(self.text), "it cannot be worked out", self.span)

    def lifted(self, arguments: list[Node], function: Callable[[list[Node]], Node]) -> Node:
        """Apply a function of plain values to arguments that may be open."""
        return lift(arguments, function, self.text, self.span)

    def string(self, text: str) -> Node:
        """Return a text that was worked out."""
        self.scope.instance.budget.copy(len(text))
        source, start, end = self.span.source, self.span.start_offset, self.span.end_offset
        return Text(text, self.span, (Part("value", text, source, start, end),))

    def list_of(self, items: list[Node], more: Open | None = None) -> Sequence:
        """Return a list that was put together."""
        self.scope.instance.budget.collect(len(items))
        result = Sequence(items, self.span)
        result.more = more
        return result


def call(given: Call) -> Node:
    """Return what a function comes to."""
    lazy = _LAZY.get(given.name)
    if lazy is not None:
        return lazy(given)
    arguments = given.values()
    if arguments is None:
        return given.open("its arguments are only known at deployment")
    structural = _STRUCTURAL.get(given.name)
    plain = _PLAIN.get(given.name)
    try:
        if structural is not None:
            return structural(given, arguments)
        if plain is not None:
            return given.lifted(arguments, lambda nodes: plain(given, nodes))
    except (IndexError, ValueError, OverflowError, TypeError):
        return given.missing()
    missing = next((item for item in arguments if isinstance(item, Missing)), None)
    return missing or given.open(f"{given.name}() is not followed")


# Functions that do not ask for all their arguments.


def _try(given: Call) -> Node:
    for argument in given.arguments:
        node = argument()
        if isinstance(node, Missing):
            continue
        if _doubtful(node):
            # Whether Terraform gets a value here or goes on is only known at deployment.
            return given.open(node.why if isinstance(node, Open) else "it is open")
        return node
    return given.missing()


def _doubtful(node: Node) -> bool:
    """Whether a value may turn out not to be there: an open value that is no attribute of a resource, and no text."""
    if not isinstance(node, Open):
        return False
    known = isinstance(node, (Reference, Mixed, FileContent, Encoded, Lifetime))
    return not known and not node.options


def _can(given: Call) -> Node:
    node = given.arguments[0]() if given.arguments else given.missing()
    if isinstance(node, Missing):
        return boolean(False, given.span)
    return given.open("it is open") if _doubtful(node) else boolean(True, given.span)


def _coalesce(given: Call) -> Node:
    names: list[str] = []
    arguments = given.values()
    if arguments is None:
        return given.open("its arguments are only known at deployment")
    for node in arguments:
        if isinstance(node, (Reference, FileContent, Mixed, Encoded)):
            return assumed(node, names, given.text, given.span)
        found = certain(node)
        if found is None:
            return node if isinstance(node, Missing) else given.open(node.why if isinstance(node, Open) else "")
        names += found[1]
        if not is_null(found[0]) and not (isinstance(found[0], Scalar) and found[0].value == ""):
            return assumed(found[0], names, given.text, given.span)
    return given.missing()


def _coalesce_lists(given: Call) -> Node:
    names: list[str] = []
    for argument in given.arguments:
        node = argument()
        found = certain(node)
        items = listed(found[0]) if found is not None else None
        if found is None or items is None:
            return given.open(node.why if isinstance(node, Open) else "it is no list")
        names += found[1]
        if items:
            return assumed(found[0], names, given.text, given.span)
    return given.missing()


# Functions of collections whose items may be open.


def _lists(given: Call, arguments: list[Node]) -> tuple[list[Node], Open | None, list[str]]:
    """Return the items of all arguments, why there may be more, and what they rest on."""
    items: list[Node] = []
    more: Open | None = None
    names: list[str] = []
    for node in arguments:
        found = certain(node)
        inner = listed(found[0]) if found is not None else None
        if found is None or inner is None:
            more = more or given.open(node.why if isinstance(node, Open) else "it is no list")
            continue
        names += found[1]
        items += inner
        if isinstance(found[0], (Sequence, Table)):
            more = more or found[0].more
    if len(items) > MAX_ITEMS:
        raise ValueError
    return items, more, names


def _concat(given: Call, arguments: list[Node]) -> Node:
    items, more, names = _lists(given, arguments)
    return assumed(given.list_of(items, more), names, given.text, given.span)


def _set_union(given: Call, arguments: list[Node]) -> Node:
    items, more, names = _lists(given, arguments)
    return assumed(given.list_of(_distinct_items(items), more), names, given.text, given.span)


def _distinct_items(items: list[Node]) -> list[Node]:
    kept: dict[object, Node] = {}
    for item in items:
        key = (type(item.value), item.value) if isinstance(item, Scalar) else id(item)
        kept.setdefault(key, item)
    return list(kept.values())


def _merge(given: Call, arguments: list[Node]) -> Node:
    result = Table({}, {}, given.span)
    names: list[str] = []
    for node in arguments:
        found = certain(node)
        if found is not None and is_null(found[0]):
            continue
        if found is None or not isinstance(found[0], Table):
            if isinstance(node, Missing):
                return node
            # Whatever was set before may be set in another way.
            result.more = given.open(node.why if isinstance(node, Open) else "it is no mapping")
            result.entries.clear()
            result.keys.clear()
            continue
        names += found[1]
        result.entries.update(found[0].entries)
        result.keys.update(found[0].keys)
        result.more = result.more or found[0].more
        given.scope.instance.budget.collect(len(result.entries))
    return assumed(result, names, given.text, given.span)


def _flatten(given: Call, arguments: list[Node]) -> Node:
    items: list[Node] = []
    more: Open | None = None
    names: list[str] = []
    work = list(reversed(arguments))
    while work:
        node = work.pop()
        found = certain(node)
        if found is not None and isinstance(found[0], Sequence):
            names += found[1]
            more = more or found[0].more
            work += reversed(found[0].items)
        elif found is None and node in arguments:
            return given.open(node.why if isinstance(node, Open) else "")
        else:
            items.append(node)
        if len(items) + len(work) > MAX_ITEMS:
            raise ValueError
    return assumed(given.list_of(items, more), names, given.text, given.span)


def _json_encode(given: Call, arguments: list[Node]) -> Node:
    return Encoded(arguments[0], shown(given.text), given.span)


def _pass(given: Call, arguments: list[Node]) -> Node:  # noqa: ARG001 (the functions share one signature)
    """Return a value whose kind changes, or that is only marked, as it is."""
    return arguments[0]


def _join(given: Call, arguments: list[Node]) -> Node:
    separator, *rest = arguments
    between = certain(separator)
    items, more, names = _lists(given, rest)
    if more is not None or between is None:
        return given.open(more.why if more is not None else "the separator is open")
    names += between[1]
    source, start, end = given.span.source, given.span.start_offset, given.span.end_offset
    parts: list[Part] = []
    for index, item in enumerate(items):
        if index:
            parts.append(
                Part("value", as_text(between[0]) if isinstance(between[0], Scalar) else "", source, start, end)
            )
        found = certain(item) if not isinstance(item, (FileContent, Mixed)) else None
        if found is not None and isinstance(found[0], Scalar):
            names += found[1]
            own = parts_of(found[0])
            parts += own or [Part("value", as_text(found[0]), source, start, end)]
        elif isinstance(item, (FileContent, Mixed)):
            parts += parts_of(item)
        elif isinstance(item, Open):
            parts.append(Part("open", f"${{{item.text}}}", source, start, end, item))
        else:
            return given.missing()
    given.scope.instance.budget.copy(sum(len(part.text) for part in parts))
    return assumed(make_text(parts, given.text, given.span), names, given.text, given.span)


def _trimmed(given: Call, arguments: list[Node]) -> Node:
    """Take blanks away at the ends; a text that stands in the files keeps its places."""
    node = arguments[0]
    if isinstance(node, (FileContent, Mixed)):
        return node
    found = certain(node)
    if found is not None and isinstance(found[0], Text) and len(found[0].parts) == 1:
        (part,) = found[0].parts
        if part.kind == "literal":
            left = 0 if given.name == "chomp" else len(part.text) - len(part.text.lstrip(_TRAILING))
            text = part.text[left:].rstrip("\r\n" if given.name == "chomp" else _TRAILING)
            start = part.start + left
            kept = part._replace(text=text, start=start, end=start + len(text))
            return assumed(Text(text, found[0].span, (kept,)), found[1], given.text, given.span)
    return given.lifted(arguments, lambda nodes: given.string(_string(nodes[0]).strip(_TRAILING)))


def _contains(given: Call, arguments: list[Node]) -> Node:
    return given.lifted(arguments, lambda nodes: _is_in(given, nodes[0], nodes[1]))


def _is_in(given: Call, collection: Node, wanted: Node) -> Node:
    items = listed(collection)
    if items is None:
        return given.missing()
    answers: list[bool | None] = []
    for item in items:
        found = certain(item)
        answers.append(same(found[0], wanted) if found is not None and not found[1] else None)
    if True in answers:
        return boolean(True, given.span)
    if None in answers or getattr(collection, "more", None) is not None:
        return given.open("parts of what is looked through are only known at deployment")
    return boolean(False, given.span)


def _lookup(given: Call, arguments: list[Node]) -> Node:
    otherwise = arguments[2] if len(arguments) > 2 else given.missing()

    def look(nodes: list[Node]) -> Node:
        table, key = nodes
        if not isinstance(table, Table) or not isinstance(key, Scalar):
            return given.missing()
        found = table.get(as_text(key))
        if found is None and table.more is not None:
            return given.open(table.more.why)
        return otherwise if found is None else found

    return given.lifted(arguments[:2], look)


def _element(given: Call, arguments: list[Node]) -> Node:
    def pick(nodes: list[Node]) -> Node:
        items, index = listed(nodes[0]), as_number(nodes[1])
        if not items or index is None or getattr(nodes[0], "more", None) is not None:
            return given.missing() if items is not None and not items else given.open("the list is open")
        return items[int(index) % len(items)]

    return given.lifted(arguments, pick)


def _one(given: Call, nodes: list[Node]) -> Node:
    items = listed(nodes[0])
    if items is None:
        return nodes[0]
    return items[0] if items else Scalar(None, "", given.span)


# Functions of plain values.


def _string(node: Node) -> str:
    if isinstance(node, Scalar) and node.value is not None:
        return as_text(node)
    raise ValueError


def _whole(node: Node) -> int:
    value = as_number(node)
    if value is None or value != int(value):
        raise ValueError
    return int(value)


def _items(node: Node) -> list[Node]:
    items = listed(node)
    if items is None or getattr(node, "more", None) is not None:
        raise ValueError
    return items


def _texts(node: Node) -> list[str]:
    found = [certain(item) for item in _items(node)]
    return [_string(item[0]) if item is not None else _string(Sequence([], None)) for item in found]


def _length(given: Call, nodes: list[Node]) -> Node:
    node = nodes[0]
    if isinstance(node, Scalar):
        return number(len(_string(node)), given.span)
    assert isinstance(node, (Sequence, Table)), "a plain value is one of three kinds"
    if node.more is not None:
        return given.open(node.more.why)
    return number(len(_items(node)), given.span)


def _keys(given: Call, nodes: list[Node]) -> Node:
    node = nodes[0]
    if not isinstance(node, Table):
        return given.missing()
    return given.list_of([Scalar(key, key, node.keys[key].span) for key in sorted(node.entries)], node.more)


def _values(given: Call, nodes: list[Node]) -> Node:
    node = nodes[0]
    if not isinstance(node, Table):
        return given.missing()
    return given.list_of([node.entries[key] for key in sorted(node.entries)], node.more)


def _to_set(given: Call, nodes: list[Node]) -> Node:
    node = nodes[0]
    if isinstance(node, Scalar) and node.value is None:
        return node
    items = _distinct_items(listed(node) or [])
    if all(isinstance(item, Scalar) for item in items):
        items = sorted(items, key=lambda item: item.text if isinstance(item, Scalar) else "")
    return given.list_of(items, getattr(node, "more", None))


def _product(given: Call, nodes: list[Node]) -> Node:
    lists = [_items(node) for node in nodes]
    if prod(map(len, lists)) > MAX_ITEMS:
        return given.open("it has too many members to be followed")
    return given.list_of([given.list_of(list(row)) for row in product(*lists)])


def _set_difference(given: Call, nodes: list[Node]) -> Node:
    return given.list_of(_by_membership(nodes, wanted=False))


def _set_intersection(given: Call, nodes: list[Node]) -> Node:
    return given.list_of(_by_membership(nodes, wanted=True))


def _by_membership(nodes: list[Node], *, wanted: bool) -> list[Node]:
    """Return the texts of the first set that are, or are not, in the other one."""
    first, second = nodes
    known = set(_texts(second))
    return [item for item, text in zip(_items(first), _texts(first), strict=True) if (text in known) is wanted]


def _sort(given: Call, nodes: list[Node]) -> Node:
    return given.list_of([given.string(text) for text in sorted(_texts(nodes[0]))])


def _compact(given: Call, nodes: list[Node]) -> Node:
    kept: list[Node] = []
    for item in _items(nodes[0]):
        found = certain(item)
        if found is None or not (is_null(found[0]) or (isinstance(found[0], Scalar) and found[0].value == "")):
            kept.append(item)
    return given.list_of(kept)


def _slice(given: Call, nodes: list[Node]) -> Node:
    return given.list_of(_items(nodes[0])[_whole(nodes[1]) : _whole(nodes[2])])


def _range(given: Call, nodes: list[Node]) -> Node:
    numbers = [_whole(node) for node in nodes]
    steps = range(*numbers)
    if len(steps) > MAX_ITEMS:
        raise ValueError
    return given.list_of([number(value, given.span) for value in steps])


def _index_of(given: Call, nodes: list[Node]) -> Node:
    position = next((index for index, item in enumerate(_items(nodes[0])) if same(item, nodes[1])), None)
    return given.missing() if position is None else number(position, given.span)


def _zip(given: Call, nodes: list[Node]) -> Node:
    names, values = _texts(nodes[0]), _items(nodes[1])
    if len(names) != len(values):
        return given.missing()
    keys = {name: Scalar(name, name, given.span) for name in names}
    return Table(dict(zip(names, values, strict=True)), keys, given.span)


def _to_map(given: Call, nodes: list[Node]) -> Node:
    return nodes[0] if isinstance(nodes[0], Table) or is_null(nodes[0]) else given.missing()


def _to_number(given: Call, nodes: list[Node]) -> Node:
    if is_null(nodes[0]):
        return nodes[0]
    value = as_number(nodes[0])
    return given.missing() if value is None else number(value, given.span)


def _to_bool(given: Call, nodes: list[Node]) -> Node:
    if is_null(nodes[0]):
        return nodes[0]
    value = truth(nodes[0])
    return given.missing() if value is None else boolean(value, given.span)


def _to_string(given: Call, nodes: list[Node]) -> Node:
    if is_null(nodes[0]) or isinstance(nodes[0], Text):
        return nodes[0]
    return given.string(_string(nodes[0]))


def _replace(given: Call, nodes: list[Node]) -> Node:
    text, old, new = (_string(node) for node in nodes)
    if len(old) > 1 and old.startswith("/") and old.endswith("/"):
        return given.open("it replaces what a regular expression matches")
    if not old:
        return given.open("it replaces nothing")
    if text.count(old) * len(new) > 2_000_000:
        raise ValueError
    return given.string(text.replace(old, new))


def _split(given: Call, nodes: list[Node]) -> Node:
    separator, text = _string(nodes[0]), _string(nodes[1])
    parts = text.split(separator, MAX_ITEMS) if separator else list(text[:MAX_ITEMS])
    return given.list_of([given.string(part) for part in parts])


def _format(given: Call, nodes: list[Node]) -> Node:
    pattern, *rest = nodes
    values = iter(rest)
    pieces: list[str] = []
    text = _string(pattern)
    position = 0
    for match in _VERB.finditer(text):
        pieces.append(text[position : match.start()])
        position = match.end()
        if match[1] == "%":
            pieces.append("%")
            continue
        value = next(values, None)
        if value is None:
            return given.missing()
        own = _string(value)
        pieces.append(f'"{own}"' if match[1] == "q" else own)
    pieces.append(text[position:])
    result = "".join(pieces)
    if "%" in text[position:] or next(values, None) is not None:
        return given.open("its format is not followed")
    return given.string(result)


def _substring(given: Call, nodes: list[Node]) -> Node:
    text, start, length = _string(nodes[0]), _whole(nodes[1]), _whole(nodes[2])
    return given.string(text[start:][:length] if length >= 0 else text[start:])


def _indent(given: Call, nodes: list[Node]) -> Node:
    blanks = _whole(nodes[0])
    if not 0 <= blanks <= 100:
        raise ValueError
    return given.string(_string(nodes[1]).replace("\n", "\n" + " " * blanks))


def _strings(function: Callable[..., str | bool]) -> Callable[[Call, list[Node]], Node]:
    """Make a function of Terraform of one of texts."""

    def applied(given: Call, nodes: list[Node]) -> Node:
        result = function(*(_string(node) for node in nodes))
        return boolean(result, given.span) if isinstance(result, bool) else given.string(result)

    return applied


def _numbers(function: Callable[[list[float]], float]) -> Callable[[Call, list[Node]], Node]:
    """Make a function of Terraform of one of numbers."""

    def applied(given: Call, nodes: list[Node]) -> Node:
        values = [as_number(node) for node in nodes]
        kept = [value for value in values if value is not None]
        return number(function(kept), given.span) if kept and len(kept) == len(values) else given.missing()

    return applied


def _truths(function: Callable[[list[bool]], bool]) -> Callable[[Call, list[Node]], Node]:
    def applied(given: Call, nodes: list[Node]) -> Node:
        values = [truth(item) for item in _items(nodes[0])]
        kept = [value for value in values if value is not None]
        return boolean(function(kept), given.span) if len(kept) == len(values) else given.missing()

    return applied


def _parent(path: str) -> str:
    head = path.rpartition("/")[0]
    return head or ("/" if path.startswith("/") else ".")


def _title(text: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


# Functions of the project's files.


def _file(given: Call, arguments: list[Node]) -> Node:
    return given.lifted(arguments[:1], lambda nodes: _content(given, _string(nodes[0])))


def _content(given: Call, path: str) -> Node:
    files = given.scope.instance.files
    return FileContent(shown(given.text), given.span, path, files.base, lambda: files.read(path, given.span))


def _file_exists(given: Call, nodes: list[Node]) -> Node:
    return boolean(given.scope.instance.files.exists(_string(nodes[0])), given.span)


def _file_set(given: Call, nodes: list[Node]) -> Node:
    found = given.scope.instance.files.matching(_string(nodes[0]), _string(nodes[1]), given.span)
    if found is None or len(found) > MAX_ITEMS:
        return given.open("which files it names is not followed")
    return given.list_of([given.string(path) for path in found])


def _decoded(given: Call, arguments: list[Node]) -> Node:
    """Read JSON or YAML; a file's content keeps the places of the file."""
    node = arguments[0]
    if isinstance(node, Encoded):
        return node.node
    text = plain_text(node)
    if text is None:
        found = certain(node)
        text = plain_text(found[0]) if found is not None and not found[1] else None
    if text is None:
        return given.open(node.why if isinstance(node, Open) else "it is no text")
    from ..loader import load_tree

    source = node.read() if isinstance(node, FileContent) else None
    try:
        tree = load_tree(source or SourceText(given.span.path, text))
    except InputError as error:
        return given.open(f"it cannot be read: {error.message}")
    if source is None:
        _move(tree, given.span)
    return tree


def _move(tree: Node, span: Span) -> None:
    """Give the nodes of a text that stands in no file the place of what it was worked out from."""
    left: list[Node] = [tree]
    seen: set[int] = set()
    while left:
        node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        node.span = span
        if isinstance(node, Table):
            left += [*node.entries.values(), *node.keys.values()]
        elif isinstance(node, Sequence):
            left += node.items


def _template_file(given: Call, arguments: list[Node]) -> Node:
    def rendered(nodes: list[Node]) -> Node:
        values = arguments[1] if len(arguments) > 1 else Table({}, {}, given.span)
        return given.scope.instance.template(_string(nodes[0]), values, given.text, given.span)

    return given.lifted(arguments[:1], rendered)


# Times.


def _timestamp(given: Call, nodes: list[Node]) -> Node:  # noqa: ARG001
    return Lifetime(0.0, shown(given.text), given.span)


def _add_time(given: Call, arguments: list[Node]) -> Node:
    start, duration = arguments
    found = certain(duration)
    seconds = _seconds(found[0]) if found is not None else None
    if isinstance(start, Lifetime) and seconds is not None and found is not None:
        later = Lifetime(start.seconds + seconds, shown(given.text), given.span)
        return assumed(later, found[1], given.text, given.span)
    begun = certain(start)
    if begun is not None and seconds is not None and isinstance(begun[0], Scalar):
        from datetime import datetime, timedelta

        moment = datetime.fromisoformat(begun[0].text.replace("Z", "+00:00")) + timedelta(seconds=seconds)
        return given.string(moment.isoformat().replace("+00:00", "Z"))
    return given.open("it is counted from a time that only deployment knows")


def _format_date(given: Call, arguments: list[Node]) -> Node:
    return arguments[1] if isinstance(arguments[1], Lifetime) else given.open("formatdate() is not followed")


def _seconds(node: Node) -> float | None:
    text = node.text if isinstance(node, Scalar) else ""
    pieces = list(_DURATION.finditer(text)) if len(text) < 50 else []
    if not pieces or "".join(piece[0] for piece in pieces) != text:
        return None
    return sum(float(piece[1]) * _UNITS[piece[2]] for piece in pieces)


_LAZY: Mapping[str, Callable[[Call], Node]] = {
    "try": _try,
    "can": _can,
    "coalesce": _coalesce,
    "coalescelist": _coalesce_lists,
}
_STRUCTURAL: Mapping[str, Callable[[Call, list[Node]], Node]] = {
    "concat": _concat,
    "setunion": _set_union,
    "merge": _merge,
    "flatten": _flatten,
    "join": _join,
    "jsonencode": _json_encode,
    "yamlencode": _json_encode,
    "nonsensitive": _pass,
    "sensitive": _pass,
    "tolist": _pass,
    "chomp": _trimmed,
    "trimspace": _trimmed,
    "contains": _contains,
    "lookup": _lookup,
    "element": _element,
    "file": _file,
    "templatefile": _template_file,
    "jsondecode": _decoded,
    "yamldecode": _decoded,
    "timestamp": _timestamp,
    "plantimestamp": _timestamp,
    "timeadd": _add_time,
    "formatdate": _format_date,
}
_PLAIN: Mapping[str, Callable[[Call, list[Node]], Node]] = {
    "one": _one,
    "length": _length,
    "keys": _keys,
    "values": _values,
    "toset": _to_set,
    "tomap": _to_map,
    "tostring": _to_string,
    "tonumber": _to_number,
    "tobool": _to_bool,
    "distinct": lambda given, nodes: given.list_of(_distinct_items(_items(nodes[0]))),
    "reverse": lambda given, nodes: given.list_of(_items(nodes[0])[::-1]),
    "sort": _sort,
    "setproduct": _product,
    "setsubtract": _set_difference,
    "setintersection": _set_intersection,
    "compact": _compact,
    "slice": _slice,
    "range": _range,
    "index": _index_of,
    "zipmap": _zip,
    "alltrue": _truths(all),
    "anytrue": _truths(any),
    "min": _numbers(min),
    "max": _numbers(max),
    "sum": lambda given, nodes: _numbers(sum)(given, _items(nodes[0])),
    "ceil": _numbers(lambda values: ceil(values[0])),
    "floor": _numbers(lambda values: floor(values[0])),
    "abs": _numbers(lambda values: abs(values[0])),
    "lower": _strings(str.lower),
    "upper": _strings(str.upper),
    "title": _strings(_title),
    "trim": _strings(str.strip),
    "trimprefix": _strings(str.removeprefix),
    "trimsuffix": _strings(str.removesuffix),
    "startswith": _strings(str.startswith),
    "endswith": _strings(str.endswith),
    "strcontains": _strings(str.__contains__),
    "basename": _strings(lambda path: path.rstrip("/").rpartition("/")[2]),
    "dirname": _strings(_parent),
    "abspath": _strings(str),
    "pathexpand": _strings(str),
    "replace": _replace,
    "split": _split,
    "format": _format,
    "substr": _substring,
    "indent": _indent,
    "fileexists": _file_exists,
    "fileset": _file_set,
}
