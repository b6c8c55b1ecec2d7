"""Whatever a program gives when it is run is among what was read of it.

Random programs of Python with conditions, loops, exceptions and functions are read, then run with all kinds of
values for what only a run knows.
"""

from __future__ import annotations

import copy
import random
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.errors import InputError
from appsync_lint.sources.programs import Attribute, Call, Function, Reference, read_program
from appsync_lint.text import SourceText
from appsync_lint.tree import Node, Open, Scalar, Sequence, Table

from ..strategies import thorough

MAX_LINES_RUN = 500
RUNS = 6


class Writer:
    """Writes a program about the variables a, b, c, the list l and the mapping d; F0 to F3 and MANY are open."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.functions: list[str] = []

    def program(self) -> list[str]:
        lines = ["a = b = c = None", "l = [0]", "d = {'p': 0}"]
        for _ in range(self.chance.randrange(1, 6)):
            lines += self.statement(0, in_function=False, in_loop=False)
        lines.append("show([a, b, c, l, d])")
        # Each place that shows something says which it is.
        return [line.replace("show([", f"show({number}, [") for number, line in enumerate(lines, 1)]

    def expression(self, depth: int = 0) -> str:
        pick = self.chance.choice

        def inner() -> str:
            return self.expression(depth + 1)

        kind = self.chance.randrange(15)
        if kind < 4 or depth > 2:
            return repr(pick([0, 1, 2, "x", "y", None, True, False]))
        if kind < 7:
            return pick("abc")
        if kind == 7:
            return f"({inner()} if {self.condition()} else {inner()})"
        if kind == 8:
            return f"[{', '.join(inner() for _ in range(self.chance.randrange(3)))}]"
        if kind == 9:
            keys = self.chance.sample("pqr", self.chance.randrange(3))
            return "{" + ", ".join(f"{key!r}: {inner()}" for key in keys) + "}"
        if kind == 10:
            return f"({inner()} {pick(['or', 'and'])} {inner()})"
        if kind == 11:
            return f"[*l, {inner()}]"
        if kind == 12:
            return "{**d, " + f"{pick('pqr')!r}: {inner()}" + "}"
        if kind == 13 and self.functions:
            return f"{pick(self.functions)}({inner()})"
        return f"d.get({pick('pqr')!r})"

    def condition(self) -> str:
        flag = f"F{self.chance.randrange(4)}"
        name = self.chance.choice("abc")
        return self.chance.choice(
            [flag, flag, f"not {flag}", f"{name} == {self.chance.choice([1, 'x'])!r}", name, "True"]
        )

    def block(self, indent: int, in_function: bool, in_loop: bool) -> list[str]:
        count = self.chance.randrange(1, 4)
        return [line for _ in range(count) for line in self.statement(indent, in_function, in_loop)]

    def statement(self, indent: int, in_function: bool, in_loop: bool) -> list[str]:
        pick, space = self.chance.choice, "    " * indent
        simple = [
            f"{pick('abc')} = {self.expression()}",
            f"l.append({self.expression()})",
            f"l += [{self.expression()}]",
            f"d[{pick('pqr')!r}] = {self.expression()}",
            f"d.update({{{pick('pqr')!r}: {self.expression()}}})",
            f"l = {pick(['[]', '[1]', 'l', '[*l]'])}",
            f"d = {pick(['{}', 'd', '{**d}', 'dict(p=1)'])}",
            "show([a, b, c, l, d])",
            f"call(lambda: l.append({self.expression()}))",
        ]
        if in_loop:
            simple.append(f"if {self.condition()}: {pick(['break', 'continue'])}")
        if in_function:
            simple.append(f"if {self.condition()}: return {self.expression()}")
        if indent > 2 or self.chance.random() < 0.6:
            return [space + pick(simple)]
        return [space + line for line in self.compound(indent, in_function, in_loop)]

    def compound(self, indent: int, in_function: bool, in_loop: bool) -> list[str]:
        def inside(loop: bool = in_loop, function: bool = in_function) -> list[str]:
            return [line[4 * indent :] for line in self.block(indent + 1, function, loop)]

        kind = self.chance.randrange(5)
        if kind < 2:
            other = ["else:", *inside()] if self.chance.random() < 0.6 else []
            return [f"if {self.condition()}:", *inside(), *other]
        if kind == 2:
            return [f"for i in {self.chance.choice(['[1, 2]', 'MANY', 'l[:3]', '(1,)'])}:", *inside(loop=True)]
        if kind == 3 or indent:
            failing = f"    if {self.condition()}: raise ValueError"
            return ["try:", *inside(), failing, *inside(), "except ValueError:", *inside()]
        name = f"f{len(self.functions) + 1}"
        body = [
            f"    {self.chance.choice('abc')} = x",
            *inside(loop=False, function=True),
            f"    return {self.expression()}",
        ]
        self.functions.append(name)
        return [f"def {name}(x):", "    global a, b, c, l, d", *body]


class Stopped(BaseException):
    """The program ran for too long."""


def run(code: str, chance: random.Random) -> list[tuple[int, object]]:
    """Run a program once, and return what it shows and where; nothing of one that fails."""
    shown: list[tuple[int, object]] = []
    times, steps = chance.randrange(3), 0

    def call(function: Any) -> None:
        for _ in range(times):
            function()

    def count(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal steps
        steps += 1
        if steps > MAX_LINES_RUN:
            raise Stopped
        return count

    names: dict[str, object] = {f"F{index}": chance.random() < 0.5 for index in range(4)}
    names |= {"MANY": [7, 8][: chance.randrange(3)], "call": call}
    names["show"] = lambda place, value: shown.append((place, copy.deepcopy(value)))
    before = sys.gettrace()
    sys.settrace(count)
    try:
        exec(compile(code, "program", "exec"), names)
    except (Stopped, Exception):
        return []
    finally:
        sys.settrace(before)
    return shown


def admits(node: Node | None, value: object) -> bool:
    """Whether a value is one that was read; what counts as false may be read as not set."""
    match node:
        case None:
            return not value
        case Scalar():
            return (type(node.value), node.value) == (type(value), value) or (node.value is None and not value)
        case Sequence():
            return isinstance(value, list) and fits(list(node), value, node.more is not None)
        case Table():
            if not isinstance(value, dict):
                return False
            known = all(admits(item, value[key]) if key in value else may_lack(item) for key, item in node)
            return known and (node.more is not None or all(key in node for key in value))
        case Attribute() | Call() | Function() | Reference():
            return True
        case Open():
            return not node.complete or any(admits(option, value) for option in node.options)


def may_lack(node: Node) -> bool:
    if isinstance(node, Scalar):
        return node.value is None
    if type(node) is Open:
        return not node.complete or any(option is None or may_lack(option) for option in node.options)
    return isinstance(node, Open)


def fits(items: list[Node], values: list[object], more: bool) -> bool:
    """Whether a list is one that was read, some of whose items may be missing."""
    if not items:
        return more or not values
    if values and admits(items[0], values[0]) and fits(items[1:], values[1:], more):
        return True
    if may_lack(items[0]) and fits(items[1:], values, more):
        return True
    return bool(more and values) and fits(items, values[1:], more)


@given(seed=st.integers(0, 2**32))
@thorough(80)
def test_whatever_a_run_gives_was_read(seed: int) -> None:
    chance = random.Random(seed)
    code = "\n".join(Writer(chance).program())
    path = Path("/project/app.py")
    read: dict[int, list[Node]] = {}
    try:
        calls = read_program(SourceText(path.as_posix(), code), path).calls
    except InputError as error:
        # Values may be put into each other again and again.
        if "too large" not in error.message:
            raise
        return
    for call in calls:
        place = call.arguments[0] if call.name == "show" else None
        if isinstance(place, Scalar) and isinstance(place.value, int):
            read.setdefault(place.value, []).append(call.arguments[1])
    for _ in range(RUNS):
        for place_shown, value in run(code, chance):
            assert any(admits(node, value) for node in read.get(place_shown, [])), f"{place_shown}: {value}\n{code}"


def test_the_check_itself_can_fail() -> None:
    path = Path("/project/app.py")
    (call,) = read_program(SourceText(path.as_posix(), "show(1, [x or 'a', 2])"), path).calls
    read = call.arguments[1]
    assert admits(read, ["a", 2])
    assert not admits(read, ["a", 3])
    assert not admits(read, ["a"])
    assert not admits(read, ["a", 2, 2])
