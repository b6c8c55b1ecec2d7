"""What operators do to marked values: arithmetic, comparisons, texts put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..text import Span
from . import classes, ir, names, objects
from .domain import (
    ABSENT,
    FALSE,
    TRUE,
    Bound,
    Builtin,
    Choice,
    Class,
    Closure,
    Constant,
    External,
    Mark,
    Marks,
    Obj,
    Opaque,
    Ref,
    Source,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["CONNECT", "binary", "compare", "present", "signed", "text_of"]


CONNECT = re.compile(r"deepdish|connect", re.IGNORECASE)


_BENIGN_TOKENS = re.compile(
    r"^(|anonymous|anon|guest|public|null|undefined|none|bearer ?|basic ?|fail|custom.*)$", re.I
)


def text_of(machine: Machine, parts: Sequence[Value], span: Span) -> Value:
    """Text put together from parts."""
    if all(isinstance(part, Constant) for part in parts):
        return Constant("".join(names.shown(part) for part in parts if isinstance(part, Constant)), span)
    structure = ("text", *(machine.number(part) for part in parts))
    return Opaque(machine.all_marks(parts), span, "text", tuple(parts), structure=structure)


_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
}


def binary(machine: Machine, operator: str, left: Value, right: Value, span: Span) -> Value:
    """``left operator right``."""
    if operator in {"==", "in", "instanceof"} or operator in _COMPARISONS:
        return compare(machine, operator, left, right, span)
    if isinstance(left, Choice) and len(machine.leaves(left)) <= 16:
        return machine.map(left, lambda leaf: binary(machine, operator, leaf, right, span))
    if isinstance(right, Choice) and len(machine.leaves(right)) <= 16:
        return machine.map(right, lambda leaf: binary(machine, operator, left, leaf, span))
    if isinstance(left, Constant) and isinstance(right, Constant):
        folded = _fold(operator, left.value, right.value)
        if folded is not None:
            return Constant(folded, span)
    if operator == "+":
        one, two = machine.load(left), machine.load(right)
        if isinstance(one, Obj) and isinstance(two, Obj) and one.kind == two.kind == "list":
            rest = None
            if one.rest is not None or two.rest is not None:
                rest = Opaque(machine.marks(one.rest) | machine.marks(two.rest), span)
            return machine.allocate(Obj("list", {}, one.items + two.items, rest, span=span), span)
        if _is_text(left) or _is_text(right):
            return text_of(machine, [*_parts(left), *_parts(right)], span)
    if operator == "%" and isinstance(left, Constant) and isinstance(left.value, str):
        return Opaque(machine.marks(right), span, "text")
    if operator == "|":
        return machine.allocate(
            objects.spread(machine, objects.spread(machine, Obj("object", span=span), left), right), span
        )
    structure = (operator, machine.number(left), machine.number(right))
    return Opaque(machine.marks(left) | machine.marks(right), span, "number", structure=structure)


def _is_text(value: Value) -> bool:
    return (isinstance(value, Constant) and isinstance(value.value, str)) or (
        isinstance(value, Opaque) and value.type == "text"
    )


def _parts(value: Value) -> tuple[Value, ...]:
    return value.parts if isinstance(value, Opaque) and value.parts else (value,)


def _fold(operator: str, left: ir.Scalar, right: ir.Scalar) -> ir.Scalar:
    if isinstance(left, str) and isinstance(right, str):
        return left + right if operator == "+" else None
    if isinstance(left, int | float) and isinstance(right, int | float):
        compute = _ARITHMETIC.get(operator)
        if compute is not None:
            try:
                result = compute(left, right)
            except (ArithmeticError, ValueError):
                return None
            if isinstance(result, float) and result.is_integer() and operator != "/":
                return int(result)
            return int(result) if isinstance(result, float) and result.is_integer() else result
    return None


def signed(machine: Machine, operator: str, value: Value, span: Span) -> Value:
    """``-value`` and its like."""
    if isinstance(value, Constant) and isinstance(value.value, int | float) and operator != "~":
        return Constant(-value.value if operator == "-" else value.value, span)
    structure = (operator, machine.number(value))
    return Opaque(machine.marks(value), span, "number", structure=structure)


def present(machine: Machine, value: Value, span: Span) -> Value:
    """Whether a value is neither null nor undefined."""
    if isinstance(value, Constant):
        return FALSE if value.value is None or isinstance(value.value, ir.Undefined) else TRUE
    if isinstance(value, Source):
        return TRUE if value.path in {(), ("requestContext",)} else machine.decide(value, span)
    if isinstance(value, Opaque):
        return TRUE if value.type in {"bool", "pattern", "number"} else machine.decide(value, span)
    return TRUE


_TEXTS = {("requestContext", "queryString"), ("requestContext", "operationName"), ("authorizationToken",)}


def compare(machine: Machine, operator: str, left: Value, right: Value, span: Span) -> Value:
    """A comparison: true, false, or a boolean of which only the origin is known."""
    if isinstance(left, Choice) and len(machine.leaves(left)) <= 16:
        return machine.map(left, lambda leaf: compare(machine, operator, leaf, right, span))
    if isinstance(right, Choice) and len(machine.leaves(right)) <= 16:
        return machine.map(right, lambda leaf: compare(machine, operator, left, leaf, span))
    known = _compare_known(machine, operator, left, right)
    if known is not None:
        return TRUE if known else FALSE
    if operator == "in" and isinstance(right, Source) and isinstance(left, Constant) and right.path not in _TEXTS:
        # Whether a key is there asks about that key, not about the whole.
        return machine.truth(machine.source_member(right, str(left.value), span), span)
    marks = machine.marks(left) | machine.marks(right)
    if operator == "in" and names.has(machine.marks(right), "querytext"):
        marks |= {Mark("textmatch", "in", span)}
    if operator == "in" and names.has(machine.marks(left), "opname") and _connect_names(machine, right):
        marks = frozenset(mark for mark in marks if mark.kind != "opname") | {Mark("connect", "yes", span)}
    if operator == "==":
        marks = _equality(machine, left, right, marks, span)
    structure = (operator, machine.number(left), machine.number(right))
    return Opaque(marks, span, "bool", structure=structure)


def _connect_names(machine: Machine, value: Value) -> bool:
    names = machine.elements(value) or []
    texts = [item.value for item in names if isinstance(item, Constant) and isinstance(item.value, str)]
    return bool(texts) and len(texts) == len(names) and all(CONNECT.search(text) or not text for text in texts)


def _compare_known(machine: Machine, operator: str, left: Value, right: Value) -> bool | None:
    if operator == "instanceof":
        content = machine.load(left)
        if isinstance(content, Obj) and content.cls is not None:
            return classes.is_instance(machine, content.cls, right)
        if isinstance(left, Opaque) and left.structure is not None and left.structure[0] == "raised":
            same = isinstance(right, External) and right.path in {left.structure[1], "Error", "Exception"}
            return True if same else None
        return None
    if isinstance(left, Constant) and isinstance(right, Constant):
        one, two = left.value, right.value
        if operator == "==":
            if isinstance(one, ir.Undefined) or isinstance(two, ir.Undefined) or one is None or two is None:
                return names.nothing(one) and names.nothing(two)
            return type(one) is type(two) and one == two
        if operator == "in":
            return one in two if isinstance(one, str) and isinstance(two, str) else None
        if isinstance(one, int | float) and isinstance(two, int | float):
            return _COMPARISONS[operator](one, two)
        return None
    if operator == "==":
        for one_value, other in ((left, right), (right, left)):
            if isinstance(one_value, Constant) and names.nothing(one_value.value):
                if isinstance(other, Ref | Closure | Class | Builtin | Bound):
                    return False
                if isinstance(other, Source) and other.path in {(), ("requestContext",)}:
                    return False
    if operator == "in":
        content = machine.load(right)
        if isinstance(content, Obj) and content.rest is None and isinstance(left, Constant):
            if content.kind == "list" and all(isinstance(item, Constant) for item in content.items):
                return any(
                    isinstance(item, Constant) and item is not ABSENT and item.value == left.value
                    for item in content.items
                )
            if content.kind == "object" and content.cls is None:
                found = content.entries.get(str(left.value))
                return False if found is None else None if ABSENT in machine.leaves(found) else True
        if isinstance(right, Source) and right.path in {(), ("requestContext",)} and isinstance(left, Constant):
            return True if left.value in {"requestContext", "authorizationToken"} else None
    return None


def _equality(machine: Machine, left: Value, right: Value, marks: Marks, span: Span) -> Marks:
    for one, other in ((left, right), (right, left)):
        own, others = machine.marks(one), machine.marks(other)
        if names.has(own, "opname") and (
            names.token(others) or names.has(others, "claims") or names.has(others, "checked")
        ):
            # A label that is compared with something signed is not trusted, it is checked.
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
        if not isinstance(other, Constant):
            if names.token(own) and names.has(others, "env") and not names.token(others):
                machine.observe("secret-compared-directly", span)
            continue
        content = other.value
        if names.nothing(content):
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
        if names.has(own, "textcut") and isinstance(content, str) and content:
            marks |= {Mark("textmatch", "==", span)}
        if names.has(own, "opname") and isinstance(content, str) and CONNECT.search(content):
            marks = frozenset(mark for mark in marks if mark.kind != "opname")
            marks |= {Mark("connect", "yes", span)}
        elif names.has(own, "querytext") and content in ("", 0):
            marks |= {Mark("connect", "yes", span)}
        if names.token(own) and not names.has(own, "tokenpart") and isinstance(content, str):
            whole = isinstance(one, Source) or (isinstance(one, Opaque) and one.type != "number")
            if whole and not _BENIGN_TOKENS.match(content):
                machine.observe("literal-token", other.span or span, content)
                marks |= {Mark("literal", "", span)}
            elif content.lower().startswith("bearer"):
                machine.observe("bearer-expected", span)
    return marks
