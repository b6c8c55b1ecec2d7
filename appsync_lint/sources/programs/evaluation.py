"""Following a whole program: its file, then what only somebody outside starts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...authorizer import ir
from ...authorizer.javascript import ParserMissingError
from ...authorizer.modules import language_of, lower
from ...authorizer.python import NotParsedError
from ...effort import effort
from ...errors import InputError
from ...text import SourceText
from ...tree import Node, Open, Scalar
from ..places import project_folder
from .base import Class, TooMuchError
from .expressions import Expressions
from .nodes import Function, Program

__all__ = ["read_program"]

_NAMES = {"python": "Python", "javascript": "JavaScript", "typescript": "TypeScript"}
#: Before 3.11 each call of a Python function takes room on the C stack.
_RECURSION = 6000 if sys.version_info >= (3, 11) else 2500


def read_program(source: SourceText, path: Path, *, allow_outside: bool = False) -> Program:
    """See :func:`appsync_lint.sources.programs.read_program`."""
    language, _ = language_of(path.name)
    if language is None:
        raise InputError("is no TypeScript, JavaScript or Python", path=source.path)
    try:
        with _deep_stack():
            module = lower(source, language, path.name)
            real = path.resolve()
            root = Path(real.anchor) if allow_outside else project_folder(real.parent)
            return _followed(_Evaluator(real, module, root))
    except ParserMissingError:
        message = f"is {_NAMES[language]}; install its parser: pip install 'appsync-lint[js]'"
        raise InputError(message, path=source.path) from None
    except NotParsedError as error:
        raise InputError(f"cannot be parsed: {error}", path=source.path) from None
    except TooMuchError:
        raise InputError("is too large a program to be followed", path=source.path) from None
    except (RecursionError, MemoryError):
        raise InputError("is nested too deeply to be followed", path=source.path) from None


def _followed(evaluator: _Evaluator) -> Program:
    spent = effort()
    if not spent.left:
        message = "is not followed: the programs of this project are too much together; name the one that is meant"
        raise InputError(message, path=evaluator.source.path)
    try:
        return evaluator.program()
    finally:
        spent.done += evaluator.work


@contextmanager
def _deep_stack() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


class _Evaluator(Expressions):
    """Follows one program."""

    def program(self) -> Program:
        """Follow the file, and what it makes that nobody in it calls."""
        self.start(self.main)
        place = 0
        while place < len(self.created):
            function = self.created[place]
            place += 1
            if function.span is not None and function.span.source is self.source:
                self._from_outside(function)
        return Program(
            self.language,
            tuple(self.calls),
            tuple(self.writes),
            {name: self.snapshot(value) for name, value in self.exports(self.main).items()},
            tuple(self.sources),
            self.returned,
        )

    def returned(self, function: Node, *arguments: Node) -> Node:
        """Return what a function of the program returns."""
        if not isinstance(function, Function):
            text = function.text if isinstance(function, Open | Scalar) else function.kind
            return Open(text, "it is no function of this program", function.span)
        unknown = self.opened(function.span, "somebody else calls it")
        try:
            with _deep_stack():
                return self.snapshot(self.invoke(function, [*arguments], {}, None, function.span, unknown=unknown))
        except (TooMuchError, RecursionError):
            return self.opened(function.span, "it is too much to be followed")

    def _from_outside(self, function: Function) -> None:
        """Follow a function or class that nobody in the program calls: somebody outside does."""
        why = self.opened(function.span, "somebody else calls it")
        definition = function.definition
        if isinstance(definition, ir.Function):
            if id(definition) not in self.followed:
                self.run += 1
                self.invoke(function, [], {}, function.receiver, function.span, unknown=why)
        elif isinstance(definition, Class):
            self._class_from_outside(function, definition, why)

    def _class_from_outside(self, function: Function, held: Class, why: Open) -> None:
        if not held.instances:
            self.run += 1
            self.construct(function, [], {}, function.span, unknown=why)
        for member in held.definition.members:
            value = member.value
            if isinstance(value, ir.FunctionExpression) and id(value.function) not in self.followed:
                self.run += 1
                receiver: Node = function if member.is_static or member.class_method else held.instances[0]
                bound = self.bound(function, member, value.function, receiver)
                self.invoke(bound, [], {}, bound.receiver or receiver, value.span, unknown=why)
