"""The nodes for what a program leaves to others, and what a program gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...text import SourceText, Span
from ...tree import Node, Open, Table

__all__ = ["Attribute", "Call", "FileText", "Function", "Joined", "Program", "Reference", "Write"]


class Reference(Open):
    """An imported or global name, or a property of one: ``appsync.AuthorizationType.IAM``.

    ``module`` as the import has it, empty for a name that no import brings; ``path`` are the names from
    there, an imported default being ``default``. ``level`` counts the dots of a relative Python import.
    """

    __slots__ = ("level", "module", "path")
    kind = "a name of another module"

    def __init__(self, text: str, span: Span | None, module: str, path: tuple[str, ...], level: int = 0) -> None:
        super().__init__(text, f"it is {text}, which is defined elsewhere", span)
        self.module = module
        self.path = path
        self.level = level

    @property
    def name(self) -> str:
        """The last part of the name, the module's for the module itself."""
        return self.path[-1] if self.path else self.module

    def attribute(self, name: str, text: str, span: Span | None) -> Reference:
        """Return the reference to a property of what this one means."""
        return Reference(text, span, self.module, (*self.path, name), self.level)


class Attribute(Open):
    """A property of something that the program does not make itself: ``api.apiId``, ``props.userPool``."""

    __slots__ = ("base", "key")

    def __init__(self, text: str, why: str, span: Span | None, base: Node, key: str) -> None:
        super().__init__(text, why, span)
        self.base = base
        self.key = key


class Call(Open):
    """What a call or a construction gives.

    ``callee`` is what is called: a :class:`Reference`, an :class:`Attribute` (a method of something), any
    other node. ``name`` is its last part (``fromAsset``). ``arguments`` are the positional ones as they
    were at the time of the call, ``keywords`` Python's; ``more`` says why there may be further arguments.
    ``new`` for ``new X()`` and for ``super()`` calls of a class's constructor. ``path`` numbers the conditions,
    loops and exceptions that it depends on whether the call happens. ``fields`` are the properties that the
    program sets on the result.
    """

    __slots__ = ("arguments", "callee", "fields", "keywords", "more", "new", "path")
    kind = "what a call returns"

    def __init__(
        self,
        text: str,
        span: Span | None,
        callee: Node,
        arguments: list[Node],
        keywords: Table,
        *,
        new: bool = False,
        more: Open | None = None,
    ) -> None:
        super().__init__(text, f"it is what {text} gives", span)
        self.callee = callee
        self.arguments = arguments
        self.keywords = keywords
        self.new = new
        self.more = more
        self.path: tuple[int, ...] = ()
        self.fields = Table({}, {}, span)

    @property
    def name(self) -> str:
        """The last part of the name of what is called; empty where it has none."""
        if isinstance(self.callee, Reference):
            return self.callee.name
        return self.callee.key if isinstance(self.callee, Attribute) else ""

    @property
    def conditional(self) -> bool:
        """Whether it depends on something whether the call happens."""
        return bool(self.path)

    def argument(self, index: int, keyword: str = "") -> Node | None:
        """Return an argument by its position (from 0) or its keyword; None where it is not given."""
        found = self.keywords.get(keyword) if keyword else None
        if found is None and 0 <= index < len(self.arguments):
            found = self.arguments[index]
        return found


class FileText(Open):
    """The text of a file that the program reads. ``path`` is an absolute or relative path, or open."""

    __slots__ = ("path",)
    kind = "the text of a file"

    def __init__(self, text: str, span: Span | None, path: Node) -> None:
        super().__init__(text, f"it is what {text} reads", span)
        self.path = path


class Joined(Open):
    """A text that is put together of parts, at least one of which is open."""

    __slots__ = ("parts",)
    kind = "a text with open parts"

    def __init__(self, text: str, why: str, span: Span | None, parts: tuple[Node, ...]) -> None:
        super().__init__(text, why, span)
        self.parts = parts


class Function(Open):
    """A function or class of the program as a value. ``definition`` and ``scope`` are the evaluator's own."""

    __slots__ = ("definition", "receiver", "scope")
    kind = "a function"

    def __init__(self, text: str, span: Span | None, definition: object, scope: object, receiver: Node | None) -> None:
        super().__init__(text, "it is a function", span)
        self.definition = definition
        self.scope = scope
        self.receiver = receiver


@dataclass(frozen=True, slots=True)
class Write:
    """A property that is set on something that the program does not make itself: ``api.node.defaultChild.x = 1``.

    ``path`` as that of a :class:`Call`.
    """

    holder: Node
    key: str
    value: Node
    span: Span | None
    path: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Program:
    """What one file makes. ``calls`` stand in the order of the file, each once for every way it is reached.

    ``writes`` are the properties that it sets on what calls give and on properties of that, in the order of the file.

    ``exports`` are what other modules can import (``default``; for CommonJS the properties of
    ``module.exports`` and itself as ``default``; in Python all names of the module). ``sources`` are all
    files that were read for it, the program itself first. ``returned`` gives what a function returns; its
    parameters are open but for the arguments that are passed.
    """

    language: Literal["python", "javascript"]
    calls: tuple[Call, ...] = ()
    writes: tuple[Write, ...] = ()
    exports: Mapping[str, Node] = field(default_factory=dict)
    sources: tuple[SourceText, ...] = ()
    returned: Callable[..., Node] = field(default=lambda function, *_: function)
