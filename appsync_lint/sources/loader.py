"""A file's text to a positioned tree: YAML or JSON, whichever it is."""

from __future__ import annotations

from ..errors import InputError
from ..text import SourceText
from ..tree import Node
from .embedding import embedded

__all__ = ["embedded", "load_tree"]

#: In characters. CloudFormation takes 1 MB.
MAX_LENGTH = 8 * 1024 * 1024


def load_tree(source: SourceText) -> Node:
    """Read a YAML or JSON text. Nothing in it is executed or constructed; aliases share their node.

    Raises :class:`InputError` at its place for what is neither, for nesting and sizes that no description
    of an API has, for a second document, and for aliases that refer to themselves or to nothing.
    """
    if len(source.text) > MAX_LENGTH:
        raise InputError(f"is larger than {MAX_LENGTH >> 20} MiB", path=source.path)
    start = source.text.lstrip(" \t\r\n")[:1]
    named_json = source.path.lower().endswith(".json")
    if not start or not (named_json or start in "{["):
        return _read_yaml(source)
    try:
        return _read_json(source)
    except InputError as error:
        if "nested" in error.message or "holds more" in error.message:
            raise
        try:
            # YAML's flow style looks like JSON and allows more: comments, plain keys, a last comma.
            return _read_yaml(source)
        except InputError as other:
            raise (error if named_json else other) from None


def _read_json(source: SourceText) -> Node:
    from .json_text import read_json

    return read_json(source)


def _read_yaml(source: SourceText) -> Node:
    from .yaml_text import read_yaml

    return read_yaml(source)
