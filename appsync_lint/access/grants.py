"""Who passes one combination of directives: the decision procedure of SEMANTICS.md, and nothing else.

A field's fate depends on the directives on it, the directives on its type, whether the type is a root, and
the API. Large schemas repeat few such combinations, so a :class:`Grant` is worked out once for each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from graphql.language import ListValueNode, StringValueNode

from ..api import Api, Caller, DefaultAction, Mode, Unresolved
from ..schema import Directive

__all__ = [
    "AUTH",
    "COGNITO",
    "REFUSED",
    "Confidence",
    "Doubt",
    "Gate",
    "Grant",
    "Law",
    "Origin",
    "Term",
    "laws_of",
    "term_of",
]

COGNITO = Mode.AMAZON_COGNITO_USER_POOLS
AUTH = "aws_auth"

Verdict: TypeAlias = Literal["allow", "deny", "unknown"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
#: What decided: a directive on the field, one on its type, the default mode, the default pool's action, the fact
#: that a single-mode API does not read the directive there, or nothing because AppSync refuses the API.
Origin: TypeAlias = Literal["field", "type", "default", "action", "single", "refused", "open"]


class Term(NamedTuple):
    """A directive reduced to what the decision depends on.

    ``groups`` is None where no groups are asked for: no ``cognito_groups`` argument, or another argument in
    its place, which AppSync ignores (1.7). ``malformed`` marks a value whose reading is not known: no list,
    or an empty one (1.11, 3.10).
    """

    name: str
    groups: frozenset[str] | None = None
    malformed: bool = False


_GROUPED = (AUTH, COGNITO.directive)
_PLAIN = {name: Term(name) for name in (AUTH, *(mode.directive for mode in Mode))}


def term_of(directive: Directive) -> Term | None:
    """Reduce a directive; None for one that has nothing to do with authorization."""
    name = directive.name
    plain = _PLAIN.get(name)
    if plain is None or name not in _GROUPED or not directive.node.arguments:
        return plain
    argument = directive.argument("cognito_groups")
    if argument is None:
        return plain
    value = argument.value
    if not isinstance(value, ListValueNode) or not value.values:
        return Term(name, frozenset(), malformed=True)
    texts = frozenset(item.value for item in value.values if isinstance(item, StringValueNode))
    return Term(name, texts, malformed=any(not isinstance(item, StringValueNode) for item in value.values))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a verdict is unknown. ``grouped_only`` spares users who are in no group: they are refused for sure."""

    reason: str
    facts: tuple[str, ...]
    grouped_only: bool = False


@dataclass(frozen=True, slots=True)
class Gate:
    """Who passes in one mode: everybody, the members of some groups, or nobody; and where that is in doubt."""

    everybody: bool = False
    groups: frozenset[str] = frozenset()
    doubt: Doubt | None = None

    def verdict(self, groups: frozenset[str]) -> Verdict:
        """Decide for a caller of the gate's mode who is in these groups."""
        if self.everybody or not groups.isdisjoint(self.groups):
            return "allow"
        if self.doubt is not None and (groups or not self.doubt.grouped_only):
            return "unknown"
        return "deny"


NOBODY = Gate()
EVERYBODY = Gate(everybody=True)


@dataclass(frozen=True, slots=True)
class Grant:
    """Who passes one combination of directives, mode by mode; a mode that is not in ``gates`` is refused."""

    gates: dict[Mode, Gate]
    origin: Origin
    facts: tuple[str, ...]
    confidence: Confidence = "high"

    def gate(self, mode: Mode) -> Gate:
        """Return who passes in a mode."""
        return self.gates.get(mode, NOBODY)

    def verdict(self, caller: Caller) -> Verdict:
        """Decide for one caller."""
        return self.gate(caller.mode).verdict(caller.groups)


REFUSED = Doubt("AppSync refuses an API whose default pool has defaultAction DENY beside additional modes", ("3.7",))
_NO_ACTION = Doubt("the default user pool has no defaultAction, which AppSync requires", ("3.6",))
_TYPE_AUTH = Doubt("nobody has measured whether @aws_auth on a root type is read", ("3.9",))
_MALFORMED = Doubt("how AppSync reads a cognito_groups that is empty or no list is not known", ("1.11", "3.10"))
_TEMPLATED = Doubt(
    "the group's name is filled in by a template, so only deployment knows it", ("9.11",), grouped_only=True
)


@dataclass(frozen=True, slots=True)
class Law:
    """What an API decides by: its modes and, for a default user pool, the default action."""

    default: Mode
    additional: frozenset[Mode]
    action: DefaultAction | None

    @property
    def multi(self) -> bool:
        """Whether there is an additional provider, be it a second one of the default mode."""
        return bool(self.additional)

    @property
    def modes(self) -> frozenset[Mode]:
        """All modes, the default one included."""
        return self.additional | {self.default}

    @property
    def refused(self) -> bool:
        """Whether AppSync refuses such an API at deployment (3.7)."""
        return self.multi and self.default is COGNITO and self.action == "DENY"

    def grant(self, on_field: tuple[Term, ...], on_type: tuple[Term, ...], is_root: bool) -> Grant:
        """Return who passes a field with these directives, on a type with those."""
        if self.refused:
            return Grant(dict.fromkeys(self.modes, Gate(doubt=REFUSED)), "refused", ("3.7",))
        if self.multi:
            return self._multi(on_field, on_type)
        if self.default is COGNITO:
            return self._single_cognito(on_field, on_type, is_root)
        return self._single_other(on_field, on_type)

    def _multi(self, on_field: tuple[Term, ...], on_type: tuple[Term, ...]) -> Grant:
        for terms, origin, fact in ((on_field, "field", "2.2"), (on_type, "type", "2.3")):
            enforced = [term for term in terms if term.name != AUTH]
            if enforced:
                gates = self._admitted(enforced)
                confidence: Confidence = "high" if gates else "medium"
                facts = (fact,) if gates else (fact, "1.9")
                return Grant(gates, "field" if origin == "field" else "type", facts, confidence)
        return Grant({self.default: EVERYBODY}, "default", ("2.1",))

    def _admitted(self, terms: list[Term]) -> dict[Mode, Gate]:
        gates: dict[Mode, Gate] = {}
        for term in terms:
            mode = Mode.of_directive(term.name)
            if mode is None or mode not in self.modes:
                continue
            gates[mode] = _either(gates.get(mode, NOBODY), _gate(term))
        return gates

    def _single_cognito(self, on_field: tuple[Term, ...], on_type: tuple[Term, ...], is_root: bool) -> Grant:
        if not is_root:
            return Grant({COGNITO: EVERYBODY}, "single", ("3.1", "3.12"))
        auth = [term for term in on_field if term.name == AUTH]
        if auth:
            gate = NOBODY
            for term in auth:
                gate = _either(gate, _gate(term))
            return Grant({COGNITO: gate}, "field", ("3.1",))
        if any(term.name == AUTH for term in on_type):
            return Grant({COGNITO: Gate(doubt=_TYPE_AUTH)}, "type", ("3.9",))
        if self.action is None:
            return Grant({COGNITO: Gate(doubt=_NO_ACTION)}, "action", ("3.6",))
        facts: tuple[str, ...] = ("3.1",)
        confidence: Confidence = "high"
        if any(term.name == COGNITO.directive for term in (*on_field, *on_type)):
            facts, confidence = ("3.1", "3.4"), "medium"
        return Grant({COGNITO: EVERYBODY if self.action == "ALLOW" else NOBODY}, "action", facts, confidence)

    def _single_other(self, on_field: tuple[Term, ...], on_type: tuple[Term, ...]) -> Grant:
        enforced = [t for t in on_field if t.name != AUTH] or [t for t in on_type if t.name != AUTH]
        if not enforced or any(term.name == self.default.directive for term in enforced):
            return Grant({self.default: EVERYBODY}, "single", ("2.1",))
        return Grant({self.default: EVERYBODY}, "single", ("2.9", "A1"), "medium")


def _gate(term: Term) -> Gate:
    if term.groups is None:
        return EVERYBODY
    if term.malformed:
        return Gate(groups=term.groups, doubt=_MALFORMED)
    return Gate(groups=term.groups, doubt=_TEMPLATED if any("${" in name for name in term.groups) else None)


def _either(left: Gate, right: Gate) -> Gate:
    if left.everybody or right.everybody:
        return EVERYBODY
    doubts = [gate.doubt for gate in (left, right) if gate.doubt is not None]
    # A doubt about everybody outweighs one about group members only.
    doubt = next((item for item in doubts if not item.grouped_only), doubts[0] if doubts else None)
    return Gate(groups=left.groups | right.groups, doubt=doubt)


def laws_of(api: Api) -> tuple[Law, ...]:
    """Return what the API may decide by: one law, or one for each way in which deployment can fill it in.

    Ways that AppSync refuses are left out where another is possible.
    """
    # Sets of modes, not combinations of providers: there are at most 32 of the former.
    additional: dict[frozenset[Mode], None] = {frozenset(): None}
    for item in api.additional:
        additional = {modes | {mode}: None for modes in additional for mode in _modes(item.mode)}
    if api.additional_open is not None:
        for mode in Mode:
            additional |= {modes | {mode}: None for modes in additional}
    laws = tuple(
        Law(default, modes, action)
        for default in _modes(api.default.mode)
        for modes in additional
        for action in _actions(api, default)
    )
    return tuple(law for law in laws if not law.refused) or laws


def _modes(mode: Mode | Unresolved) -> tuple[Mode, ...]:
    if isinstance(mode, Mode):
        return (mode,)
    known = {item.value for item in Mode}
    return tuple(Mode(text) for text in mode.candidates if text in known) or tuple(Mode)


def _actions(api: Api, default: Mode) -> Iterator[DefaultAction | None]:
    if default is not COGNITO:
        yield None
        return
    action = api.default_action
    if isinstance(action, Unresolved):
        yield "ALLOW"
        yield "DENY"
    else:
        yield action
