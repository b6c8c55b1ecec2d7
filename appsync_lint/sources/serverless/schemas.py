"""The schema files of an API: what the plugin finds by its globs, and whether it merges them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from re import compile as regex

from ...api import SchemaFile, Unresolved
from ...errors import InputError
from ...tree import Node, Scalar, Sequence, Table
from ..globs import is_pattern
from ..places import MAX_NAMED, schema_paths
from ..resolution import Resolution
from .variables import Variables

__all__ = ["DEFAULT", "count", "schema_files"]

#: What the plugin reads where no schema is named, beside the service's file.
DEFAULT = "schema.graphql"
#: How many patterns one with braces may stand for.
MAX_PATTERNS = 50

_BRACES = regex(r"\{([^{}]*,[^{}]*)\}")


def schema_files(
    config: Table, variables: Variables, base: str, owner: Node, *, allow_outside: bool
) -> tuple[SchemaFile, ...]:
    """Return an API's schema files, each entry as it is written; ``base`` is the service's folder."""
    node = config.get("schema")
    if node is None:
        if config.more is not None:
            return (SchemaFile(unresolved=Unresolved(config.more.text, config.more.why, config.more.span)),)
        return (SchemaFile(path=DEFAULT, base=base, span=owner.span),)
    found: list[SchemaFile] = []
    excluded: list[str] = []
    for item, result in _items(node, variables):
        value = result.node
        if result.unresolved is not None:
            found.append(SchemaFile(unresolved=result.unresolved, span=item.span))
        elif isinstance(value, Scalar) and isinstance(value.value, str):
            if value.text.startswith("!"):
                excluded.append(value.text[1:])
            else:
                found += [SchemaFile(path=path, base=base, span=item.span) for path in _expanded(value.text)]
        elif isinstance(value, Scalar) and value.value is None:
            found.append(SchemaFile(path=DEFAULT, base=base, span=owner.span))
        else:
            raise item.error("schema is the path of a file, or a list of paths")
    if len(found) + len(excluded) > MAX_NAMED:
        raise node.error(f"schema names more than {MAX_NAMED} files")
    return tuple(_matching(found, excluded, base, allow_outside))


def count(files: tuple[SchemaFile, ...], *, allow_outside: bool) -> int:
    """Return how many files an API's entries come to, those that cannot be told as one each."""
    return sum(max(len(_found(item, allow_outside)), 1) for item in files)


def _items(node: Node, variables: Variables) -> Iterator[tuple[Node, Resolution]]:
    result = variables.resolve(node)
    if not isinstance(result.node, Sequence):
        yield node, result
        return
    for item in result.node:
        yield item, variables.resolve(item)


def _expanded(pattern: str) -> list[str]:
    """Return what a pattern with alternatives in braces stands for."""
    done: list[str] = []
    left = [pattern]
    while left and len(done) + len(left) <= MAX_PATTERNS:
        text = left.pop(0)
        match = _BRACES.search(text)
        if match is None:
            done.append(text)
        else:
            left += [text[: match.start()] + part + text[match.end() :] for part in match[1].split(",")]
    return done or [pattern]


def _matching(files: list[SchemaFile], excluded: list[str], base: str, allow_outside: bool) -> Iterator[SchemaFile]:
    """Give the entries that find something, as the plugin does: a pattern that finds nothing counts for nothing."""
    out = {path for pattern in excluded for path in _found(SchemaFile(path=pattern, base=base), allow_outside)}
    found = [(item, _found(item, allow_outside) if _is_glob(item) else []) for item in files]
    for item, paths in [(item, paths) for item, paths in found if paths or not _is_glob(item)] or found[:1]:
        if out.isdisjoint(paths):
            yield item
            continue
        for path in paths:
            if path not in out:
                yield SchemaFile(path=path.relative_to(base).as_posix(), base=base, span=item.span)


def _is_glob(item: SchemaFile) -> bool:
    return item.path is not None and is_pattern(item.path)


def _found(item: SchemaFile, allow_outside: bool) -> list[Path]:
    try:
        return schema_paths(item, allow_outside=allow_outside)
    except InputError:
        return []
