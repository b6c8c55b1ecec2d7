"""What the languages' own functions give for known values: paths, files, texts, lists and objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from posixpath import basename, dirname, isabs, join, normpath
from typing import TYPE_CHECKING

from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .base import may_lack
from .nodes import FileText, Function
from .state import MAX_LENGTH, undefined

if TYPE_CHECKING:
    from .objects import Objects

__all__ = ["FUNCTIONS", "METHODS", "PROPERTIES", "PURE", "Arguments"]

MAX_ITEMS = 200


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call is given."""

    positional: list[Node]
    keywords: Mapping[str, Node]
    span: Span | None

    def get(self, index: int, keyword: str = "") -> Node | None:
        """Return an argument by position or keyword, or None."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        return self.positional[index] if index < len(self.positional) else None


_Handler = Callable[["Objects", "Node | None", Arguments], "Node | None"]


def _texts(nodes: list[Node]) -> list[str] | None:
    """Return the texts of some nodes, None where one is no known text."""
    found = [node.value for node in nodes if isinstance(node, Scalar) and isinstance(node.value, str)]
    return found if len(found) == len(nodes) else None


def _path(text: str, span: Span | None) -> Scalar:
    return Scalar(text, text, span, "path")


def _distributed(evaluator: Objects, make: _Handler, arguments: Arguments) -> Node | None:
    """Call a function for each value that its one open argument can be."""
    from .state import either

    left = [index for index, node in enumerate(arguments.positional) if type(node) is Open and node.options]
    if len(left) != 1 or not all(
        isinstance(node, Scalar) for index, node in enumerate(arguments.positional) if index != left[0]
    ):
        return None
    opened = arguments.positional[left[0]]
    assert isinstance(opened, Open)
    if not (opened.complete or opened.assumed) or None in opened.options:
        return None
    results: list[Node | None] = []
    for option in opened.options:
        positional = list(arguments.positional)
        assert option is not None
        positional[left[0]] = option
        result = make(evaluator, None, Arguments(positional, arguments.keywords, arguments.span))
        if result is None:
            return None
        results.append(result)
    why = Open(evaluator.shown(arguments.span), opened.why, arguments.span)
    if opened.assumed:
        return Open(why.text, why.why, why.span, tuple(results), assumed=opened.assumed)
    return either(results, why)


# Paths.


def _join(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional)
    if texts is None:
        return _distributed(evaluator, _join, arguments)
    if not texts:
        return _path(".", arguments.span)
    # Node's path.join puts texts together; Python's starts over at an absolute one, which nobody writes.
    first, *rest = texts
    return _path(normpath(join(first, *(text.lstrip("/") for text in rest))), arguments.span)


def _resolve(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional)
    if texts is None:
        return _distributed(evaluator, _resolve, arguments)
    # A relative path is one from the working directory, which is where it stays.
    return _path(normpath(join(".", *texts)), arguments.span)


def _dirname(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional[:1])
    return _path(dirname(texts[0]) or ".", arguments.span) if texts else None


def _basename(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional[:1])
    return _path(basename(texts[0]), arguments.span) if texts else None


def _same_path(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional[:1])
    return _path(normpath(texts[0].removeprefix("file://")), arguments.span) if texts else None


def _here(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    return _path(".", arguments.span)


def _url(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    texts = _texts(arguments.positional)
    if texts is None or len(texts) != 2 or not isabs(texts[1]) or "://" in texts[0]:
        return None
    return _path(normpath(join(dirname(texts[1]), texts[0])), arguments.span)


# Files.


def _file_text(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    mode = arguments.get(1, "mode")
    if isinstance(mode, Scalar) and len(mode.text) <= 3 and not set("wax+").isdisjoint(mode.text):
        # A file that is written; what is longer is one of Node's encodings.
        return None
    path = arguments.get(0, "file")
    return None if path is None else FileText(evaluator.shown(arguments.span), arguments.span, path)


def _text_of(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    """``.toString()``, ``.read()``, ``.decode()`` and the like."""
    if isinstance(receiver, FileText):
        return receiver
    if isinstance(receiver, Scalar):
        text = receiver.value if isinstance(receiver.value, str) else receiver.text
        return Scalar(text, text, receiver.span, receiver.tag)
    return None


def _read_path(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if isinstance(receiver, Scalar) and receiver.tag == "path":
        return FileText(evaluator.shown(arguments.span), arguments.span, receiver)
    return receiver if isinstance(receiver, FileText) else None


# Texts.


def _text_method(change: Callable[[str], str]) -> _Handler:
    def handler(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
        if isinstance(receiver, FileText):
            return receiver
        if isinstance(receiver, Scalar) and isinstance(receiver.value, str) and not arguments.positional:
            text = change(receiver.value)
            return Scalar(text, text, receiver.span, receiver.tag)
        return None

    return handler


def _joined_list(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    """``list.join(text)`` and ``text.join(list)``."""
    other = arguments.get(0)
    if isinstance(receiver, Sequence):
        items, separator = receiver, other if other is not None else Scalar(",", ",", arguments.span)
    elif isinstance(other, Sequence) and receiver is not None:
        items, separator = other, receiver
    else:
        return None
    if items.more is not None or not isinstance(separator, Scalar):
        return None
    parts: list[Node] = []
    for index, item in enumerate(items):
        parts += [separator, item] if index and separator.text else [item]
    return evaluator.joined(parts, arguments.span)


def _joinpath(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if not isinstance(receiver, Scalar):
        return None
    return _join(evaluator, None, Arguments([receiver, *arguments.positional], {}, arguments.span))


def _path_itself(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    return receiver if isinstance(receiver, Scalar) and receiver.tag == "path" else None


# Lists and objects.


def _push(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if not isinstance(receiver, Sequence):
        return None
    evaluator.memory.set_items(receiver, [*receiver.items, *arguments.positional], receiver.more)
    return Scalar(None, "None", arguments.span)


def _unshift(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if not isinstance(receiver, Sequence):
        return None
    evaluator.memory.set_items(receiver, [*arguments.positional, *receiver.items], receiver.more)
    return Scalar(None, "None", arguments.span)


def _extend(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    other = arguments.get(0)
    if not isinstance(receiver, Sequence) or not isinstance(other, Sequence):
        return None
    evaluator.memory.set_items(receiver, [*receiver.items, *other.items], receiver.more or other.more)
    return Scalar(None, "None", arguments.span)


def _concat(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if isinstance(receiver, Scalar | FileText):
        return evaluator.joined([receiver, *arguments.positional], arguments.span)
    if not isinstance(receiver, Sequence):
        return None
    result = Sequence(list(receiver.items), arguments.span)
    result.more = receiver.more
    for other in arguments.positional:
        if len(result) > MAX_LENGTH:
            return None
        if isinstance(other, Sequence):
            result.items += other.items
            result.more = result.more or other.more
        elif isinstance(other, Open):
            result.more = result.more or other
        else:
            result.items.append(other)
    return result


def _map(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    function = arguments.get(0)
    if not isinstance(receiver, Sequence) or not isinstance(function, Function) or len(receiver) > MAX_ITEMS:
        return None
    if any(map(may_lack, receiver.items)):
        return None
    result = Sequence([], arguments.span)
    for index, item in enumerate(receiver.items):
        position = Scalar(index, str(index), item.span)
        result.items.append(evaluator.invoke(function, [item, position], {}, None, arguments.span))
    result.more = receiver.more
    return result


def _for_each(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    done = _map(evaluator, receiver, arguments) if isinstance(receiver, Sequence) and receiver.more is None else None
    return None if done is None else undefined(arguments.span)


def _update(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if not isinstance(receiver, Table):
        return None
    _assign_into(evaluator, receiver, [*arguments.positional, _keyword_table(arguments)])
    return Scalar(None, "None", arguments.span)


def _assign_into(evaluator: Objects, table: Table, others: list[Node]) -> None:
    merged = Table(dict(table.entries), dict(table.keys), table.span)
    merged.more = table.more
    for other in others:
        evaluator.spread(merged, other)
    for key, value in merged.entries.items():
        if table.entries.get(key) is not value:
            evaluator.memory.set_entry(table, key, value)
    if merged.more is not None:
        evaluator.memory.open_entries(table, merged.more)


def _keyword_table(arguments: Arguments) -> Table:
    keys = {key: Scalar(key, key, value.span) for key, value in arguments.keywords.items()}
    return Table(dict(arguments.keywords), keys, arguments.span)


def _dict(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    table = Table({}, {}, arguments.span)
    for other in (*arguments.positional, _keyword_table(arguments)):
        evaluator.spread(table, other)
    return table


def _object_assign(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    if not arguments.positional or not isinstance(arguments.positional[0], Table):
        return None
    target = arguments.positional[0]
    _assign_into(evaluator, target, arguments.positional[1:])
    return target


def _first(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    return arguments.get(0)


def _copied_list(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    given = arguments.get(0)
    if given is None:
        return Sequence([], arguments.span)
    if not isinstance(given, Sequence):
        return None
    copy = Sequence(list(given.items), given.span)
    copy.more = given.more
    return copy


def _values(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    given = arguments.get(0) if arguments.positional else receiver
    if not isinstance(given, Table):
        return None
    result = Sequence(list(given.entries.values()), arguments.span)
    result.more = given.more
    return result


def _dict_get(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    key, default = arguments.get(0), arguments.get(1)
    if not isinstance(receiver, Table) or not isinstance(key, Scalar):
        return None
    found = receiver.get(key.text)
    if found is None and receiver.more is None:
        return default if default is not None else undefined(arguments.span, "None")
    return found


# The environment.


def _environment(evaluator: Objects, receiver: Node | None, arguments: Arguments) -> Node | None:
    key, default = arguments.get(0, "key"), arguments.get(1, "default")
    name = key.text if isinstance(key, Scalar) else "…"
    found = Open(name, f"it is the environment variable {name}", arguments.span)
    return found if default is None else evaluator.with_default(found, default, arguments.span)


FUNCTIONS: Mapping[str, _Handler] = {
    **dict.fromkeys(("path.join", "path.posix.join", "os.path.join", "posixpath.join"), _join),
    **dict.fromkeys(("path.resolve", "path.posix.resolve"), _resolve),
    **dict.fromkeys(("path.normalize", "os.path.abspath", "os.path.realpath", "os.path.normpath"), _same_path),
    **dict.fromkeys(("url.fileURLToPath", "pathlib.PurePath", "os.fspath"), _same_path),
    **dict.fromkeys(("path.dirname", "os.path.dirname"), _dirname),
    **dict.fromkeys(("path.basename", "os.path.basename"), _basename),
    **dict.fromkeys(("process.cwd", "os.getcwd", "pathlib.Path.cwd"), _here),
    "pathlib.Path": _join,
    "URL": _url,
    "url.URL": _url,
    **dict.fromkeys(("fs.readFileSync", "fs.promises.readFile", "fs/promises.readFile", "open", "io.open"), _file_text),
    "Bun.file": _file_text,
    "Object.assign": _object_assign,
    **dict.fromkeys(("Object.freeze", "structuredClone", "String", "str", "copy.deepcopy", "copy.copy"), _first),
    **dict.fromkeys(("textwrap.dedent", "inspect.cleandoc", "dedent.default", "dedent"), _first),
    **dict.fromkeys(("Array.from", "list", "tuple"), _copied_list),
    "Object.values": _values,
    "dict": _dict,
    **dict.fromkeys(("os.getenv", "os.environ.get"), _environment),
}

METHODS: Mapping[str, _Handler] = {
    **dict.fromkeys(("toString", "read", "decode", "text", "as_posix", "encode"), _text_of),
    **dict.fromkeys(("trim", "strip"), _text_method(str.strip)),
    **dict.fromkeys(("toUpperCase", "upper"), _text_method(str.upper)),
    **dict.fromkeys(("toLowerCase", "lower"), _text_method(str.lower)),
    **dict.fromkeys(("read_text", "open"), _read_path),
    **dict.fromkeys(("resolve", "absolute"), _path_itself),
    "join": _joined_list,
    "joinpath": _joinpath,
    **dict.fromkeys(("push", "append"), _push),
    "unshift": _unshift,
    "extend": _extend,
    "concat": _concat,
    "map": _map,
    "forEach": _for_each,
    "update": _update,
    "get": _dict_get,
    "values": _values,
}


def _parent(holder: Scalar, span: Span | None) -> Node | None:
    return _path(dirname(holder.text) or ".", span)


#: Functions and methods that do not change what they are called on, nor what they are given.
PURE = frozenset(
    """
    log warn error info debug print stringify dumps len str repr sorted list tuple set keys values items entries
    filter find findIndex some every includes indexOf reduce slice flat flatMap startsWith endswith startswith endsWith
    split replace replaceAll match format substring at count index copy isinstance hasattr getattr forEach map join
    concat toString valueOf then catch apply all of get has is isArray
    """.split()
)


#: Properties of paths (pathlib).
PROPERTIES: Mapping[str, Callable[[Scalar, Span | None], Node | None]] = {"parent": _parent}
