"""The decision procedure of SEMANTICS.md once more: written straight from its text, slow, and sharing no code.

It reads the description that a random schema was printed from, never the schema that the program parsed, so
an error in the parser, the builder or the model shows as a difference.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import combinations

from ..strategies import MODES, ApiSpec, FieldSpec, Mark, World

ENFORCED = {
    "aws_api_key": "API_KEY",
    "aws_iam": "AWS_IAM",
    "aws_oidc": "OPENID_CONNECT",
    "aws_lambda": "AWS_LAMBDA",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
}
COGNITO = "AMAZON_COGNITO_USER_POOLS"

Who = tuple[str, frozenset[str]]


@dataclass
class Type:
    """A type with all its blocks merged; ``extended`` names the fields that only ``extend`` blocks declare."""

    kind: str
    name: str
    marks: list[Mark] = field(default_factory=list)
    extension_marks: list[Mark] = field(default_factory=list)
    fields: dict[str, FieldSpec] = field(default_factory=dict)
    extended: dict[str, FieldSpec] = field(default_factory=dict)
    implements: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)
    has_base: bool = False

    def all_fields(self) -> dict[str, FieldSpec]:
        return {**self.extended, **self.fields}


class Reference:
    """Answers every question about one schema behind one API."""

    def __init__(self, world: World, api: ApiSpec) -> None:
        self.world = world
        self.api = api
        self.types: dict[str, Type] = {}
        for block in world.blocks:
            item = self.types.setdefault(block.name, Type(block.kind, block.name))
            (item.extension_marks if block.extension else item.marks).extend(block.marks)
            into = item.extended if block.extension else item.fields
            for spec in block.fields:
                into.setdefault(spec.name, spec)
            item.implements += block.implements
            item.members += block.members
            item.has_base = item.has_base or not block.extension
        named = dict(world.schema_block) or {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
        self.roots = {op: name for op, name in named.items() if self.is_object(name)}

    def is_object(self, name: str) -> bool:
        return name in self.types and self.types[name].kind == "object"

    # The schema's shape.

    def possible(self, name: str) -> list[str]:
        """The object types that a value of a named type can be."""
        if name not in self.types:
            return []
        if self.types[name].kind == "object":
            return [name]
        if self.types[name].kind == "union":
            return [member for member in self.types if member in self.types[name].members and self.is_object(member)]
        return [item for item in self.types if self.is_object(item) and name in self.implemented(item, set())]

    def implemented(self, name: str, seen: set[str]) -> set[str]:
        for interface in self.types[name].implements:
            known = self.types.get(interface)
            if interface not in seen and known is not None and known.kind == "interface":
                seen.add(interface)
                self.implemented(interface, seen)
        return seen

    def edges(self) -> list[tuple[str, FieldSpec]]:
        """Every field of every object type, with the name of its parent."""
        objects = (item for item in self.types.values() if item.kind == "object")
        return [(item.name, spec) for item in objects for spec in item.all_fields().values()]

    # The law.

    def counted_marks(self, name: str) -> list[Mark]:
        item = self.types[name]
        if self.api.folds or not item.has_base:
            return item.marks + item.extension_marks
        return item.marks

    def decide(self, parent: str, name: str, caller: Who) -> str:
        """Decide as the program's users see it: a field that only an extension declares is not deployed."""
        item = self.types[parent]
        if caller[0] not in {self.api.default, *self.api.additional}:
            return "deny"
        if name in ("__typename", "__schema", "__type"):
            return "unknown" if self.refused() else "allow"
        if item.kind == "interface":
            answers = {
                self.decide(concrete, name, caller)
                for concrete in self.possible(parent)
                if name in self.types[concrete].all_fields()
            }
            return answers.pop() if len(answers) == 1 else "unknown"
        if name not in item.fields and not self.api.folds:
            return "unknown"
        return self.merged(parent, name, caller)

    def refused(self) -> bool:
        return self.api.default == COGNITO and self.api.action == "DENY" and bool(self.api.additional)

    def merged(self, parent: str, name: str, caller: Who) -> str:
        """Decide a field of an object type, with extensions merged."""
        if caller[0] not in {self.api.default, *self.api.additional}:
            return "deny"
        if self.refused():
            return "unknown"
        on_field = list(self.types[parent].all_fields()[name].marks)
        on_type = self.counted_marks(parent)
        if self.api.additional:
            return self.multi_law(on_field, on_type, caller)
        if self.api.default == COGNITO:
            return self.single_cognito(parent, on_field, on_type, caller)
        return "allow"  # 2.9 and A1: a single mode reads no directive

    def single_cognito(self, parent: str, on_field: list[Mark], on_type: list[Mark], caller: Who) -> str:
        if parent not in self.roots.values():
            return "allow"
        auth = [mark for mark in on_field if mark.name == "aws_auth"]
        if not auth:
            if any(mark.name == "aws_auth" for mark in on_type):
                return "unknown"
            return {"ALLOW": "allow", "DENY": "deny", None: "unknown"}[self.api.action]
        return any_of([admits(mark, caller) for mark in auth])

    def multi_law(self, on_field: list[Mark], on_type: list[Mark], caller: Who) -> str:
        effective = [mark for mark in on_field if mark.name in ENFORCED]
        if not effective:
            effective = [mark for mark in on_type if mark.name in ENFORCED]
        if not effective:
            return "allow" if caller[0] == self.api.default else "deny"
        return any_of([admits(mark, caller) for mark in effective if ENFORCED[mark.name] == caller[0]])

    # What follows from it.

    def callers(self) -> list[Who]:
        """One caller for each mode, and one for each group that a directive of the schema names."""
        groups: set[str] = set()
        for item in self.types.values():
            for mark in (*item.marks, *item.extension_marks, *(m for f in item.all_fields().values() for m in f.marks)):
                if mark.name in ("aws_auth", "aws_cognito_user_pools"):
                    groups.update(group_names(mark))
        found: list[Who] = []
        for mode in dict.fromkeys((self.api.default, *self.api.additional)):
            found.append((mode, frozenset()))
            found += [(mode, frozenset([group])) for group in sorted(groups) if mode == COGNITO]
        return found

    def passes(self, parent: str, spec: FieldSpec, caller: Who, *, possibly: bool) -> bool:
        verdict = self.merged(parent, spec.name, caller)
        return verdict == "allow" or (possibly and verdict == "unknown")

    def distances(self, operations: tuple[str, ...], caller: Who, *, possibly: bool = False) -> dict[str, int]:
        """How many fields it takes to get to each type, abstract ones included; roots take none."""
        far = {name: 0 for operation, name in self.roots.items() if operation in operations}
        changed = True
        while changed:
            changed = False
            for parent, spec in self.edges():
                if parent in far and self.passes(parent, spec, caller, possibly=possibly):
                    possible = self.possible(spec.named)
                    for name in {*possible, *([spec.named] if possible else ())}:
                        if far.get(name, 10**6) > far[parent] + 1:
                            far[name] = far[parent] + 1
                            changed = True
        return far

    def entries(self, operations: tuple[str, ...], name: str, caller: Who) -> list[str]:
        """The fields through which a caller certainly gets to an object type."""
        reached = self.distances(operations, caller)
        return [
            f"{parent}.{spec.name}"
            for parent, spec in self.edges()
            if parent in reached
            and name in self.possible(spec.named)
            and self.merged(parent, spec.name, caller) == "allow"
        ]

    def null_trail(self, operations: tuple[str, ...], parent: str, caller: Who) -> tuple[set[str], bool]:
        """Where the null of a refused non-null field of a type stops, and whether it can take the whole response."""
        stops: set[str] = set()
        dying = [parent]
        for name in dying:
            for coordinate in self.entries(operations, name, caller):
                above, _, field_name = coordinate.partition(".")
                if nullable_somewhere(self.types[above].all_fields()[field_name].type):
                    stops.add(coordinate)
                elif above not in dying:
                    dying.append(above)
        roots = {name for operation, name in self.roots.items() if operation in operations}
        return stops, any(name in roots for name in dying)


def any_of(answers: list[str]) -> str:
    return "allow" if "allow" in answers else "unknown" if "unknown" in answers else "deny"


def admits(mark: Mark, caller: Who) -> str:
    """Whether one directive of the caller's mode admits him."""
    if mark.groups is None or mark.name not in ("aws_auth", "aws_cognito_user_pools"):
        return "allow"
    names = group_names(mark)
    if caller[1] & names:
        return "allow"
    if not well_formed(mark):
        return "unknown"
    templated = any("${" in name for name in names)
    return "unknown" if templated and caller[1] else "deny"


def group_names(mark: Mark) -> set[str]:
    value = value_of(mark)
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


def well_formed(mark: Mark) -> bool:
    value = value_of(mark)
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def value_of(mark: Mark) -> object:
    if mark.groups is None or mark.groups.isalpha():
        return None
    return json.loads(mark.groups)


def nullable_somewhere(type_text: str) -> bool:
    """``A!``, ``[A!]!`` are non-null through and through; in ``[A]!`` and ``[A!]`` a null stops."""
    return type_text.count("!") != type_text.count("[") + 1


def fillings(
    default: tuple[str, ...], additional: tuple[tuple[str, ...], ...], more: bool, actions: tuple[str | None, ...]
) -> list[ApiSpec]:
    """Every API that deployment can make of open settings; refused ones only where there is no other."""
    chosen: list[tuple[str, ...]] = [()]
    for options in additional:
        chosen = [(*modes, mode) for modes in chosen for mode in options]
    if more:
        subsets = [subset for size in range(len(MODES) + 1) for subset in combinations(MODES, size)]
        chosen = [modes + subset for modes in chosen for subset in subsets]
    every = [
        ApiSpec(first, modes, action)
        for first in default
        for modes in chosen
        for action in (actions if first == COGNITO else (None,))
    ]
    deployable = [spec for spec in every if not (spec.default == COGNITO and spec.action == "DENY" and spec.additional)]
    return deployable or every
