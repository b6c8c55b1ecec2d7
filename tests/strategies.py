"""Random schemas and APIs, as plain descriptions that know nothing of the code under test.

A :class:`World` is what somebody wrote: definitions and ``extend`` blocks in the order of the file. It prints
itself as SDL for the program, and the slow reference reads it directly.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st

__all__ = ["ApiSpec", "Block", "FieldSpec", "Mark", "World", "apis", "callers", "marks", "thorough", "worlds"]

settings.register_profile("ci", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")

MODES = ("API_KEY", "AWS_IAM", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT", "AWS_LAMBDA")
GROUPS = ("A", "B", "${G}")


def thorough(examples: int) -> settings:
    """Settings for a property: how many examples, and no deadline on a busy machine.

    Where the suite runs once more on another Python (``APPSYNC_LINT_QUICK``), a few show what differs there.
    """
    if os.environ.get("APPSYNC_LINT_QUICK"):
        examples = max(examples // 8, 5)
    return settings(max_examples=examples, deadline=None)


@dataclass(frozen=True)
class Mark:
    """A directive. ``groups`` is the value of ``cognito_groups`` as SDL, None where the argument is absent."""

    name: str
    groups: str | None = None
    other: str = ""

    def __str__(self) -> str:
        arguments = ([f"cognito_groups: {self.groups}"] if self.groups is not None else []) + [self.other] * bool(
            self.other
        )
        return f"@{self.name}" + (f"({', '.join(arguments)})" if arguments else "")


@dataclass(frozen=True)
class FieldSpec:
    """A field: its type as SDL, such as ``[A!]!``."""

    name: str
    type: str
    marks: tuple[Mark, ...] = ()

    @property
    def named(self) -> str:
        return self.type.strip("[]!")


@dataclass(frozen=True)
class Block:
    """A definition, or an ``extend`` block, of a type."""

    kind: str
    name: str
    fields: tuple[FieldSpec, ...] = ()
    marks: tuple[Mark, ...] = ()
    implements: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    extension: bool = False


@dataclass(frozen=True)
class World:
    """A schema as somebody wrote it. ``schema_block`` maps operations to the names of root types."""

    blocks: tuple[Block, ...]
    schema_block: tuple[tuple[str, str], ...] = ()

    def sdl(self, *, between: str = "\n", end: str = "\n", separator: str = " & ") -> str:
        """Print the schema; ``between`` stands between any two words."""
        lines = []
        if self.schema_block:
            lines.append(["schema", "{", *(f"{operation}: {name}" for operation, name in self.schema_block), "}"])
        for block in self.blocks:
            words = ["extend"] if block.extension else []
            words += ["type" if block.kind == "object" else block.kind, block.name]
            if block.implements:
                words += ["implements", separator.join(block.implements)]
            words += map(str, block.marks)
            if block.kind == "union":
                words += ["=", " | ".join(block.members)] if block.members else []
            elif block.fields:
                fields = (f"{f.name}: {f.type}{''.join(' ' + str(mark) for mark in f.marks)}" for f in block.fields)
                words += ["{", *fields, "}"]
            lines.append(words)
        return end.join(between.join(words) for words in lines)

    def with_marks(self, change: dict[str, tuple[Mark, ...]]) -> World:
        """Return the schema with the directives of some fields, by coordinate, replaced."""
        blocks = tuple(
            replace(
                block,
                fields=tuple(replace(f, marks=change.get(f"{block.name}.{f.name}", f.marks)) for f in block.fields),
            )
            for block in self.blocks
        )
        return replace(self, blocks=blocks)


@dataclass(frozen=True)
class ApiSpec:
    """An API's modes by their names; ``folds`` says that the tool merges ``extend`` blocks."""

    default: str
    additional: tuple[str, ...] = ()
    action: str | None = None
    folds: bool = False

    def native(self) -> dict[str, object]:
        """Return the API in the program's native form."""
        described: dict[str, object] = {
            "authenticationType": self.default,
            "additionalAuthenticationProviders": [{"authenticationType": mode} for mode in self.additional],
            "preprocessed": self.folds,
        }
        if self.action is not None:
            described["userPoolConfig"] = {"defaultAction": self.action}
        return described


_GROUP_VALUES = ('["A"]', '["B"]', '["A", "B"]', '["${G}"]', '["A", "${G}"]', "[]", '"A"', "null", '["A", 7]', "A")
_COGNITO = [Mark("aws_cognito_user_pools"), *(Mark("aws_cognito_user_pools", value) for value in _GROUP_VALUES)]
_AUTH = [Mark("aws_auth"), *(Mark("aws_auth", value) for value in _GROUP_VALUES)]
_UNKNOWN_ARGUMENT = [Mark(name, other='groups: ["A"]') for name in ("aws_cognito_user_pools", "aws_auth", "aws_iam")]
_PLAIN = [Mark("aws_api_key"), Mark("aws_iam"), Mark("aws_oidc"), Mark("aws_lambda")]
_NOISE = [
    Mark("aws_cognito_user_pool", '["A"]'),
    Mark("deprecated"),
    Mark("aws_subscribe", other='mutations: ["a"]'),
    Mark("hidden"),
]

_one_mark = st.sampled_from([*_COGNITO, *_AUTH, *_UNKNOWN_ARGUMENT, *_PLAIN * 4, *_COGNITO[:4] * 3, *_NOISE])


def marks(limit: int = 3) -> st.SearchStrategy[tuple[Mark, ...]]:
    """Directives on one node: often none, sometimes several, sometimes the same twice."""
    return st.one_of(st.just(()), st.lists(_one_mark, max_size=limit).map(tuple))


_OBJECTS = ("Query", "Mutation", "Subscription", "Ops", "T", "S", "R")
_INTERFACES = ("I", "J")
_UNIONS = ("U",)
_NAMED = (*_OBJECTS[3:] * 2, *_INTERFACES, *_UNIONS, "String", "Query", "Missing")
_WRAPPINGS = ("{}", "{}", "{}!", "{}!", "[{}]", "[{}!]", "[{}]!", "[{}!]!")
_TYPES = [wrapping.format(name) for name in _NAMED for wrapping in _WRAPPINGS]
_fields = st.builds(FieldSpec, st.sampled_from(("a", "b", "c", "d")), st.sampled_from(_TYPES), marks())


@st.composite
def _block(draw: st.DrawFn, name: str, *, extension: bool) -> Block:
    if name in _UNIONS:
        members = draw(st.lists(st.sampled_from((*_OBJECTS[3:], "I", "Missing")), min_size=1, max_size=3))
        return Block("union", name, (), draw(marks(1)), (), tuple(members), extension)
    kind = "interface" if name in _INTERFACES else "object"
    fields = draw(st.lists(_fields, min_size=1, max_size=3))
    implements = draw(st.sampled_from(((), (), ("I",), ("J",), ("I", "J"), ("Missing",), ("T",))))
    return Block(kind, name, tuple(fields), draw(marks(2)), implements, (), extension)


@st.composite
def worlds(draw: st.DrawFn, *, extensions: bool = True) -> World:
    """A schema: definitions in any order, repeated and extended, with usual or odd root names."""
    names = draw(st.lists(st.sampled_from((*_OBJECTS[1:], *_INTERFACES, *_UNIONS)), unique=True, max_size=5))
    names = draw(st.permutations([*names, "Query"]))
    again = draw(st.lists(st.sampled_from([*names, "Q2"]), max_size=2))
    blocks = [draw(_block(name, extension=False)) for name in names]
    for name in again:
        extension = extensions and draw(st.booleans())
        blocks.insert(draw(st.integers(0, len(blocks))), draw(_block(name, extension=extension)))
    roots = draw(
        st.sampled_from(
            (
                (),
                (),
                (("query", "Query"), ("mutation", "Ops")),
                (("query", "Ops"), ("subscription", "T")),
                (("query", "Query"), ("mutation", "Query")),
                (("query", "Missing"), ("mutation", "I")),
                (("mutation", "Q2"),),
            )
        )
    )
    return World(tuple(blocks), roots)


@st.composite
def apis(draw: st.DrawFn, *, several: bool = False) -> ApiSpec:
    """An API of any shape that the native form admits, deployable or not; with ``several`` modes only, if asked."""
    default = draw(st.sampled_from((*MODES, "AMAZON_COGNITO_USER_POOLS", "AMAZON_COGNITO_USER_POOLS")))
    once = ("API_KEY", "AWS_IAM", "AWS_LAMBDA")
    others = [mode for mode in MODES if mode != default or mode not in once]
    some = st.lists(st.sampled_from(others), min_size=int(several), max_size=3, unique=True)
    additional = draw(some if several else st.one_of(st.just([]), some))
    cognito = default == "AMAZON_COGNITO_USER_POOLS"
    action = draw(st.sampled_from(("ALLOW", "ALLOW", "DENY", None))) if cognito else None
    return ApiSpec(default, tuple(additional), action, draw(st.booleans()))


def callers() -> st.SearchStrategy[tuple[str, frozenset[str]]]:
    """A caller: a mode and, for Cognito, groups, named in the schema or not."""
    groups = st.frozensets(st.sampled_from((*GROUPS, "Z")), max_size=3)
    cognito = st.tuples(st.just("AMAZON_COGNITO_USER_POOLS"), groups)
    return st.one_of(cognito, st.tuples(st.sampled_from(MODES), st.just(frozenset[str]())))
