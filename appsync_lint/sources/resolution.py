"""What a value of a description can be, whatever language it is written in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..api import Unresolved
from ..tree import Node, Open, Scalar

__all__ = ["MAX_OPTIONS", "Resolution", "choice", "left_open", "resolved", "written"]

#: How many possible values are worth listing.
MAX_OPTIONS = 24
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a value can be. ``options`` are its possible nodes, the likeliest first; None stands for
    ``AWS::NoValue``: the setting is not made.

    ``unresolved`` is None where the template decides, and then there is exactly one option. ``complete``
    says that there are no values besides the options. ``assumed`` names the parameters whose defaults the
    value rests on.
    """

    options: tuple[Node | None, ...]
    unresolved: Unresolved | None = None
    complete: bool = True
    assumed: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether the template decides the value."""
        return self.unresolved is None

    @property
    def node(self) -> Node | None:
        """The value where the template decides; None where it does not, and for ``AWS::NoValue``."""
        return self.options[0] if self.unresolved is None else None


def resolved(node: Node) -> Resolution:
    """Return what a node can be in a tree whose every value is already worked out."""
    if not isinstance(node, Open):
        return Resolution((node,))
    if node.assumed and len(node.options) == 1:
        return Resolution(node.options, assumed=node.assumed)
    texts = (option.text for option in node.options if isinstance(option, Scalar))
    candidates = tuple(dict.fromkeys(texts)) if node.complete else ()
    return Resolution(node.options, Unresolved(node.text, node.why, node.span, candidates), node.complete)


def left_open(node: Node, why: str) -> Resolution:
    """Return what a node can be that only deployment knows."""
    return Resolution((), Unresolved(written(node), why, node.span), complete=False)


def choice(
    node: Node,
    options: Iterable[Node | None],
    why: str,
    *,
    complete: bool = True,
    assumed: tuple[str, ...] = (),
) -> Resolution:
    """Return what is one of several values: decided if they are all the same."""
    different: dict[object, Node | None] = {}
    for option in options:
        key = ("text", option.text) if isinstance(option, Scalar) else None if option is None else id(option)
        different.setdefault(key, option)
    values = tuple(different.values())
    if len(values) == 1 and complete:
        return Resolution(values, assumed=assumed)
    if len(values) > MAX_OPTIONS:
        return left_open(node, why)
    texts = tuple(option.text for option in values if isinstance(option, Scalar))
    candidates = texts if complete else ()
    return Resolution(values, Unresolved(written(node), why, node.span, candidates), complete, assumed)


def written(node: Node) -> str:
    """Return what stands in the file, on one line and shortened."""
    if node.span is not None:
        start = node.span.start_offset
        text = node.span.source.text[start : min(node.span.end_offset, start + _SHOWN * 8)]
    else:
        text = node.text if isinstance(node, Scalar) else node.kind
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
