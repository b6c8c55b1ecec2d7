"""The intermediate form: a small, typed language that Python, JavaScript and TypeScript are lowered to.

Only what matters to the question "what does this answer depend on" is kept: values, calls, branches, loops,
exceptions and scopes. Types, operators' exact results and formatting are dropped. What a front end does not
know becomes :class:`Unknown`, which keeps its parts, so that what goes in is taken to come out.

Each node is itself and equal to no other. That spares making 46 classes twice the time, and a run waits for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ..text import Span

__all__ = [
    "Argument",
    "ArrayPattern",
    "Assign",
    "Await",
    "Binary",
    "Block",
    "Body",
    "Break",
    "Call",
    "Case",
    "Catch",
    "ClassDefinition",
    "ClassMember",
    "Comprehension",
    "Conditional",
    "Constant",
    "Continue",
    "Entry",
    "Evaluate",
    "Expression",
    "Function",
    "FunctionExpression",
    "If",
    "Import",
    "ImportCall",
    "Index",
    "ListDisplay",
    "Logical",
    "Loop",
    "Member",
    "MemberPattern",
    "Module",
    "Name",
    "NamePattern",
    "ObjectDisplay",
    "ObjectPattern",
    "Parameter",
    "Pattern",
    "PatternEntry",
    "Return",
    "Scalar",
    "Sequence",
    "Statement",
    "Switch",
    "Template",
    "Throw",
    "Try",
    "Unary",
    "Undefined",
    "Unknown",
    "Yield",
]


class Undefined:
    """JavaScript's ``undefined``; also what a missing key reads as."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "undefined"


UNDEFINED = Undefined()

Scalar: TypeAlias = "str | int | float | bool | bytes | Undefined | None"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Constant:
    """A literal."""

    value: Scalar
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Name:
    """A variable read; ``this`` and ``super`` are names too."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Member:
    """``object.key``; ``optional`` for ``object?.key``."""

    object: Expression
    key: str
    span: Span
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Index:
    """``object[index]``."""

    object: Expression
    index: Expression
    span: Span
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Argument:
    """An argument or a list item: positional, ``*spread``, or with a keyword (``**`` is a spread keyword)."""

    value: Expression
    spread: bool = False
    keyword: str | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Call:
    """A call; ``new`` for a constructor call, ``optional`` for ``f?.()``."""

    callee: Expression
    arguments: tuple[Argument, ...]
    span: Span
    new: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Entry:
    """One entry of an object or dict display; ``key`` is None for a spread."""

    key: Expression | None
    value: Expression


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ObjectDisplay:
    """``{key: value, ...rest}``."""

    entries: tuple[Entry, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ListDisplay:
    """A list, tuple, set or array literal."""

    items: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Template:
    """Text put together from parts: a template literal or an f-string."""

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Binary:
    """An operator with two operands: arithmetic, comparison, ``in``. Equality is always ``==`` or ``!=``."""

    operator: str
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unary:
    """An operator with one operand: ``not``, ``-``, ``+``, ``~``, ``typeof``, ``void``, ``delete``."""

    operator: str
    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Logical:
    """A short circuit: ``and``, ``or``, ``??``."""

    operator: Literal["and", "or", "??"]
    left: Expression
    right: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Conditional:
    """``test ? then : other``."""

    test: Expression
    then: Expression
    other: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FunctionExpression:
    """A function as a value."""

    function: Function
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Await:
    """``await operand``."""

    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Yield:
    """``yield operand`` (also ``yield*`` and ``yield from``)."""

    operand: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Assign:
    """An assignment, itself an expression. ``operator`` is set for ``x += y``, ``x ||= y`` and the like."""

    target: Pattern
    value: Expression
    span: Span
    operator: str | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Comprehension:
    """A Python comprehension: ``loops`` are (pattern, iterable, conditions) from the outside in."""

    loops: tuple[tuple[Pattern, Expression, tuple[Expression, ...]], ...]
    value: Expression
    span: Span
    key: Expression | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Sequence:
    """Expressions in a row; the last one's value counts."""

    expressions: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ImportCall:
    """``import("./x")`` or ``require("./x")``."""

    specifier: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Unknown:
    """Syntax without a meaning of its own here: depends on all its parts."""

    parts: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NamePattern:
    """A variable as a target."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MemberPattern:
    """``object.key = ...`` or ``object[key] = ...`` as a target."""

    object: Expression
    key: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PatternEntry:
    """One part of a destructuring: which key (an index for arrays, by position), into what, and the default."""

    key: Expression | None
    target: Pattern
    default: Expression | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ObjectPattern:
    """``{a, b: c = 1, ...rest}`` as a target."""

    entries: tuple[PatternEntry, ...]
    rest: Pattern | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ArrayPattern:
    """``[a, , b = 1, ...rest]`` as a target; a hole is None."""

    entries: tuple[PatternEntry | None, ...]
    rest: Pattern | None
    span: Span


Pattern: TypeAlias = "NamePattern | MemberPattern | ObjectPattern | ArrayPattern"

Expression: TypeAlias = (
    "Constant | Name | Member | Index | Call | ObjectDisplay | ListDisplay | Template | Binary | Unary | Logical"
    " | Conditional | FunctionExpression | ClassDefinition | Await | Yield | Assign | Comprehension | Sequence"
    " | ImportCall | Unknown"
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Parameter:
    """A parameter: a pattern with a default. ``kind`` tells ``*rest``, ``**rest`` and keyword-only ones."""

    target: Pattern
    default: Expression | None = None
    kind: Literal["plain", "rest", "keywords", "keyword-only"] = "plain"


class Body:
    """A function's statements, lowered on the first call: most functions of a bundle are never called."""

    __slots__ = ("_block", "_lower")

    def __init__(self, lower: Callable[[], Block]) -> None:
        self._lower: Callable[[], Block] | None = lower
        self._block: Block | None = None

    @property
    def block(self) -> Block:
        """The statements."""
        if self._block is None:
            assert self._lower is not None
            self._block = self._lower()
            self._lower = None
        return self._block


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Function:
    """A function. ``arrow`` functions see the ``this`` of where they stand."""

    name: str
    parameters: tuple[Parameter, ...]
    body: Body
    span: Span
    is_async: bool = False
    arrow: bool = False
    is_generator: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClassMember:
    """A method, accessor or field. Python's functions in a class are methods, with ``self`` as a parameter."""

    name: str
    kind: Literal["method", "getter", "setter", "field"]
    value: Expression | None
    is_static: bool = False
    class_method: bool = False
    explicit_self: bool = False
    decorators: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ClassDefinition:
    """A class as a value. ``record`` classes (dataclasses, models) take their fields as arguments."""

    name: str
    bases: tuple[Expression, ...]
    members: tuple[ClassMember, ...]
    span: Span
    record: bool = False


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Block:
    """Statements with the names that they declare; ``functions`` are bound before the first statement runs."""

    statements: tuple[Statement, ...]
    names: tuple[str, ...] = ()
    functions: tuple[tuple[str, Function], ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Evaluate:
    """An expression as a statement."""

    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class If:
    """A branch."""

    test: Expression
    then: Block
    other: Block | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Loop:
    """Any loop. With ``iterable`` it binds ``target`` to each element (keys for ``for in``)."""

    body: Block
    span: Span
    target: Pattern | None = None
    iterable: Expression | None = None
    keys: bool = False
    test: Expression | None = None
    update: Expression | None = None
    test_last: bool = False
    otherwise: Block | None = None
    names: tuple[str, ...] = ()
    label: str | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Catch:
    """An exception handler: ``types`` are what it catches, empty for everything."""

    types: tuple[Expression, ...]
    target: Pattern | None
    body: Block
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Try:
    """try, catch, else, finally."""

    body: Block
    catches: tuple[Catch, ...]
    otherwise: Block | None
    finalizer: Block | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Case:
    """A case of a switch; ``test`` is None for the default."""

    test: Expression | None
    body: Block


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Switch:
    """A switch with falling through."""

    subject: Expression
    cases: tuple[Case, ...]
    span: Span
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Return:
    """Leave the function with a value."""

    value: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Throw:
    """Leave with an exception; no value re-raises."""

    value: Expression | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Break:
    """Leave a loop, a switch or a labelled block."""

    label: str | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Continue:
    """Go on with the next round of a loop."""

    label: str | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Import:
    """Bind ``local`` to ``imported`` of a module; ``*`` is the module itself, with ``local`` None a star import.

    ``level`` counts the dots of a relative Python import.
    """

    specifier: str
    imported: str
    local: str | None
    span: Span
    level: int = 0


Statement: TypeAlias = (
    "Evaluate | If | Loop | Try | Switch | Return | Throw | Break | Continue | Import | Block | LabelledBlock"
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LabelledBlock:
    """A block that ``break label`` leaves."""

    label: str
    body: Block
    span: Span


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Module:
    """A file. ``exports`` maps exported to local names, ``reexports`` lists (exported or ``*``, specifier, name)."""

    language: Literal["python", "javascript"]
    body: Block
    span: Span
    exports: dict[str, str] = field(default_factory=dict)
    reexports: tuple[tuple[str, str, str], ...] = ()
