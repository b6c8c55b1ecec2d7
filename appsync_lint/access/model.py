"""The access model: one schema, one API, and every question about who may call what.

Nothing else in the program decides access. A decision for a single caller comes with its reason; questions
about many callers at once are answered with bit masks, one bit for each caller of :attr:`AccessModel.callers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ..api import Api, Caller, Mode, Unresolved
from ..errors import InputError
from ..schema import Directive, Field, Schema, TypeDefinition
from ..schema.builtins import INTROSPECTION_FIELDS
from ..tree import nearest
from .coverage import Gap, GroupGap, gaps, group_gaps, types_behind
from .delivery import Delivery, deliveries
from .explain import because, sentence
from .grants import AUTH, COGNITO, REFUSED, Confidence, Doubt, Gate, Grant, Law, Term, Verdict, laws_of, term_of
from .reach import Edge, Reach

__all__ = ["AccessModel", "Decision", "FieldAccess"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What AppSync answers one caller on one field.

    ``reason`` is one sentence, ``facts`` the numbers of SEMANTICS.md that it rests on; ``directives`` are
    those that decided, empty where none did.
    """

    verdict: Verdict
    reason: str
    facts: tuple[str, ...]
    confidence: Confidence = "high"
    directives: tuple[Directive, ...] = ()


class FieldAccess(NamedTuple):
    """A field's row of the matrix: the callers' verdicts in the order of :attr:`AccessModel.callers`."""

    field: Field
    verdicts: tuple[Verdict, ...]
    because: str


class _Access(NamedTuple):
    """A grant with its masks: who passes for certain, of whom it is not known, and both together.

    ``grants`` holds one grant for each law; ``grant`` is what they have in common.
    """

    grant: Grant
    allow: int
    doubt: int
    possible: int
    grants: tuple[Grant, ...]


class AccessModel:
    """Decides, for one schema behind one API, who may call which field."""

    def __init__(self, schema: Schema, api: Api) -> None:
        self.schema = schema
        self.api = api
        self._laws = laws_of(api)
        self._roots = frozenset(schema.roots.values())
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._access: dict[object, _Access] = {}
        self._of_type: dict[str, _Access] = {}
        self._of_field: dict[Field, _Access] = {}
        self._reach: dict[tuple[str, ...], Reach] = {}
        self._edges: dict[str, list[Edge]] = {}
        self._gaps: tuple[Gap, ...] | None = None
        self._gaps_of: dict[str, list[Gap]] | None = None
        self._deliveries: tuple[Delivery, ...] | None = None
        self.groups = self._named_groups()
        self.callers = self._all_callers()
        self._bits = {caller: 1 << index for index, caller in enumerate(self.callers)}
        self._group_bits = {name: bit for caller, bit in self._bits.items() for name in caller.groups}
        self._mode_bits = {mode: self.mask(self.callers_of(mode)) for mode in Mode}
        self._modes = tuple(dict.fromkeys(caller.mode for caller in self.callers))
        self._everybody = (1 << len(self.callers)) - 1

    # Questions about one caller.

    def decide(self, coordinate: str, caller: Caller) -> Decision:
        """Decide whether AppSync lets a caller have a field, ``Type.field``.

        A field of an interface is decided through the object types that implement it (2.7). Raises
        :class:`~appsync_lint.errors.InputError` for a coordinate that the schema does not define.
        """
        type_name, _, field_name = coordinate.partition(".")
        definition = self.schema.types.get(type_name)
        if definition is None:
            raise InputError(_unknown("type", type_name, self.schema.types))
        configured = self._configured(caller.mode)
        if configured == "deny":
            reason = f"{caller.mode.value} is not one of the API's modes, so the request ends with 401"
            return Decision("deny", reason, ("4.4",))
        if field_name in INTROSPECTION_FIELDS and definition.kind in ("object", "interface", "union"):
            return self._decide_introspection(configured)
        field = definition.fields.get(field_name)
        if field is None or definition.kind not in ("object", "interface"):
            raise InputError(_unknown("field", coordinate, (f"{type_name}.{n}" for n in definition.fields)))
        if definition.kind == "interface":
            return self._decide_abstract(definition, field_name, caller)
        if field.from_extension and not self.api.tool.folds_extensions:
            reason = f"only an extend block declares {coordinate}, and AppSync drops extend blocks"
            return Decision("unknown", reason, ("9.4",))
        access = self._of(field)
        grant = access.grant
        verdict = self._verdict(access, caller)
        doubt = grant.gate(caller.mode).doubt if verdict == "unknown" else None
        return Decision(
            verdict,
            sentence(self, field, grant, caller, verdict),
            doubt.facts if doubt else grant.facts,
            grant.confidence,
            self.deciding(field),
        )

    def _decide_introspection(self, configured: Verdict) -> Decision:
        if configured == "unknown":
            return Decision("unknown", self.open_settings, ("4.4",))
        if self._laws[0].refused:
            return Decision("unknown", REFUSED.reason, REFUSED.facts)
        return Decision("allow", "introspection fields are open to every caller of the API", ("2.12",))

    def _decide_abstract(self, interface: TypeDefinition, field_name: str, caller: Caller) -> Decision:
        names = [n for n in self.schema.possible_types(interface.name) if field_name in self.schema.types[n].fields]
        found = [self.decide(f"{name}.{field_name}", caller) for name in names]
        if not found:
            return Decision("unknown", f"no object type of the schema implements {interface.name}", ("2.7",))
        verdicts = {item.verdict for item in found}
        if len(verdicts) == 1:
            first = found[0]
            reason = f"so it is for every type that implements {interface.name}: {first.reason}"
            return Decision(first.verdict, reason, ("2.7", *first.facts), "medium", first.directives)
        split = ", ".join(f"{item.verdict} on {name}" for name, item in zip(names, found, strict=True))
        return Decision("unknown", f"it depends on the object's type: {split}", ("2.7",))

    def verdict(self, field: Field, caller: Caller) -> Verdict:
        """Decide for a field of an object type, without the reason; extensions count as merged."""
        if caller not in self._bits and self._configured(caller.mode) == "deny":
            return "deny"
        return self._verdict(self._of(field), caller)

    # Questions about all callers.

    def grant(self, field: Field) -> Grant:
        """Return who passes a field of an object type."""
        return self._of(field).grant

    def grants(self, field: Field) -> tuple[Grant, ...]:
        """Return who passes a field of an object type, one grant for each way to fill in what deployment knows."""
        return self._of(field).grants

    def undirected(self, definition: TypeDefinition) -> Grant:
        """Return who passes a field of an object type that carries no directive of its own."""
        return self._access_of((), definition.name).grant

    def allowed(self, field: Field) -> int:
        """Return the mask of the callers who certainly pass a field of an object type."""
        return self._of(field).allow

    def doubtful(self, field: Field) -> int:
        """Return the mask of the callers of whom it is not known whether they pass."""
        return self._of(field).doubt

    def possible(self, field: Field) -> int:
        """Return the mask of the callers who pass a field of an object type, or of whom it is not known."""
        return self._of(field).possible

    def masks(self, field: Field) -> tuple[int, int]:
        """Return :meth:`allowed` and :meth:`possible` at once."""
        access = self._of(field)
        return access.allow, access.possible

    def bit(self, caller: Caller) -> int:
        """Return the mask of one caller, 0 for one who is not among :attr:`callers`."""
        return self._bits.get(caller, 0)

    def mask(self, callers: Iterable[Caller]) -> int:
        """Return the mask of some of :attr:`callers`."""
        mask = 0
        for caller in callers:
            mask |= self._bits[caller]
        return mask

    def unmask(self, mask: int) -> tuple[Caller, ...]:
        """Return the callers of a mask, in the order of :attr:`callers`."""
        found: list[Caller] = []
        while mask:
            lowest = mask & -mask
            found.append(self.callers[lowest.bit_length() - 1])
            mask ^= lowest
        return tuple(found)

    def callers_of(self, mode: Mode) -> tuple[Caller, ...]:
        """Return the callers of a mode: for Cognito the user without a group and one for each group."""
        return tuple(caller for caller in self.callers if caller.mode is mode)

    def members(self, mode: Mode) -> int:
        """Return the mask of the callers of a mode."""
        return self._mode_bits[mode]

    def modes_in(self, mask: int) -> tuple[Mode, ...]:
        """Return the modes that some callers of a mask are of, in the order of :attr:`callers`."""
        return tuple(mode for mode in self._modes if mask & self._mode_bits[mode])

    @property
    def everybody(self) -> int:
        """The mask of all callers."""
        return self._everybody

    def reach(self, *operations: str) -> Reach:
        """Return which types which callers get to from the roots of these operations.

        By default from queries and mutations: what a subscription delivers was resolved with the
        publisher's rights, so the subscriber's do not matter below the subscription field (6.5, A2).
        """
        chosen = operations or ("query", "mutation")
        if chosen not in self._reach:
            self._reach[chosen] = Reach(self, chosen, self._edges)
        return self._reach[chosen]

    def gaps(self) -> tuple[Gap, ...]:
        """Return where a mode gets to a type and is refused on fields of it; worked out once."""
        if self._gaps is None:
            self._gaps = tuple(gaps(self))
        return self._gaps

    def gaps_of(self, definition: TypeDefinition) -> tuple[Gap, ...]:
        """Return the gaps of one type."""
        if self._gaps_of is None:
            self._gaps_of = {}
            for gap in self.gaps():
                self._gaps_of.setdefault(gap.definition.name, []).append(gap)
        return tuple(self._gaps_of.get(definition.name, ()))

    def group_gaps(self) -> Iterator[GroupGap]:
        """Yield the fields below the roots that pool users get to and only some groups may have."""
        return group_gaps(self)

    def deliveries(self) -> tuple[Delivery, ...]:
        """Return what subscriptions deliver, and to whom; worked out once."""
        if self._deliveries is None:
            self._deliveries = tuple(deliveries(self))
        return self._deliveries

    def admitted(self, definition: TypeDefinition) -> int:
        """Return the mask of the callers who pass, or may pass, at least one field of an object type."""
        mask = 0
        for field in self.schema.distinct_fields(definition):
            mask |= self.possible(field)
        return mask

    def types_behind(self, gap: Gap) -> tuple[TypeDefinition, ...]:
        """Return the types behind a totally refused one that refuse its mode too, nearest first."""
        return types_behind(self, gap)

    def matrix(self) -> Iterator[FieldAccess]:
        """Yield every field of every object type with the verdict for each of :attr:`callers`."""
        for definition in self.schema.objects:
            for field in definition.fields.values():
                access = self._of(field)
                if field.from_extension and not self.api.tool.folds_extensions:
                    verdicts: tuple[Verdict, ...] = tuple("unknown" for _ in self.callers)
                    yield FieldAccess(field, verdicts, "declared in an extend block, which AppSync drops")
                    continue
                verdicts = tuple(self._verdict(access, caller) for caller in self.callers)
                yield FieldAccess(field, verdicts, because(self, field, access.grant))

    # What decides.

    @property
    def law(self) -> Law | None:
        """What the API decides by, or None where deployment can still fill it in in several ways."""
        return self._laws[0] if len(self._laws) == 1 else None

    @property
    def is_multi(self) -> bool | None:
        """Whether the API has additional modes; None where only deployment knows."""
        found = {law.multi for law in self._laws}
        return found.pop() if len(found) == 1 else None

    def enforced(self, directives: Iterable[Directive]) -> tuple[Directive, ...]:
        """Return those directives that AppSync reads on an API with several modes."""
        return tuple(item for item in directives if Mode.of_directive(item.name) is not None)

    def counted(self, definition: TypeDefinition) -> tuple[Directive, ...]:
        """Return a type's directives without those on ``extend`` blocks that AppSync drops (9.4)."""
        if self.api.tool.folds_extensions:
            return definition.directives
        if definition.only_extended:
            return definition.directives
        return tuple(item for item in definition.directives if not item.from_extension)

    def deciding(self, field: Field) -> tuple[Directive, ...]:
        """Return the directives that decide a field: its own or its type's; empty where none do."""
        grant = self._of(field).grant
        if grant.origin == "field":
            own = field.directives
        elif grant.origin == "type":
            own = self.counted(self.schema.types[field.parent])
        else:
            return ()
        enforced = self.enforced(own)
        return enforced if enforced and self.is_multi else tuple(i for i in own if i.name == AUTH) or enforced

    def is_root(self, type_name: str) -> bool:
        """Whether a type is the root of an operation."""
        return type_name in self._roots

    # How it is worked out.

    def _of(self, field: Field) -> _Access:
        # Asked for every field by many rules: most fields have no directive and share their type's answer.
        if not field.directives:
            found = self._of_type.get(field.parent)
            if found is None:
                found = self._of_type[field.parent] = self._work_out(field)
            return found
        found = self._of_field.get(field)
        if found is None:
            found = self._of_field[field] = self._work_out(field)
        return found

    def _work_out(self, field: Field) -> _Access:
        return self._access_of(_terms(field.directives), field.parent)

    def _access_of(self, on_field: tuple[Term, ...], parent: str) -> _Access:
        on_type = self._terms.get(parent)
        if on_type is None:
            on_type = self._terms[parent] = _terms(self.counted(self.schema.types[parent]))
        key = (on_field, on_type, parent in self._roots)
        found = self._access.get(key)
        if found is None:
            found = self._access[key] = self._combine(*key)
        return found

    def _combine(self, on_field: tuple[Term, ...], on_type: tuple[Term, ...], is_root: bool) -> _Access:
        grants = tuple(law.grant(on_field, on_type, is_root) for law in self._laws)
        certain, possible = self.everybody, 0
        for grant in grants:
            allow, doubt = self._masks(grant)
            certain &= allow
            possible |= allow | doubt
        doubtful = possible & ~certain
        grant = grants[0] if all(other == grants[0] for other in grants) else self._common(grants, certain, doubtful)
        return _Access(grant, certain, doubtful, possible, grants)

    def _masks(self, grant: Grant) -> tuple[int, int]:
        """Return who passes a grant, and of whom it is not known."""
        allow = doubt = 0
        for mode, gate in grant.gates.items():
            members = self._mode_bits[mode]
            admitted = 0
            if gate.everybody:
                admitted = members
            else:
                for name in gate.groups:
                    admitted |= self._group_bits.get(name, 0)
            allow |= admitted
            if gate.doubt is not None:
                spared = self._bits[Caller(mode)] if gate.doubt.grouped_only else 0
                doubt |= members & ~admitted & ~spared
        return allow, doubt

    def _common(self, grants: tuple[Grant, ...], certain: int, doubtful: int) -> Grant:
        """Return what the grants of all laws agree on; in doubt about one group of a mode, it is about all of them."""
        facts = tuple(dict.fromkeys(fact for grant in grants for fact in grant.facts))
        confidence: Confidence = "high" if all(grant.confidence == "high" for grant in grants) else "medium"
        gates: dict[Mode, Gate] = {}
        for mode, members in self._mode_bits.items():
            if not (certain | doubtful) & members:
                continue
            nobody = self._bits[Caller(mode)]
            groups = frozenset(name for name, bit in self._group_bits.items() if bit & members & certain)
            doubt = Doubt(self.open_settings, facts, grouped_only=not doubtful & nobody)
            gates[mode] = Gate(bool(certain & nobody), groups, doubt if doubtful & members else None)
        return Grant(gates, "open", facts, confidence)

    @property
    def open_settings(self) -> str:
        """What deployment has yet to fill in, as the reason of an unknown verdict; empty where there is nothing."""
        api = self.api
        settings: list[object] = [item.mode for item in api.providers]
        settings += [api.default_action, api.additional_open]
        texts = dict.fromkeys(item.text for item in settings if isinstance(item, Unresolved))
        return f"it depends on what deployment makes of {', '.join(texts)}" if texts else ""

    def _verdict(self, access: _Access, caller: Caller) -> Verdict:
        bit = self._bits.get(caller)
        if bit is not None:
            return "allow" if access.allow & bit else "unknown" if access.doubt & bit else "deny"
        # A caller in several groups, or in one that the schema does not name.
        verdicts = {grant.verdict(caller) for grant in access.grants}
        return verdicts.pop() if len(verdicts) == 1 else "unknown"

    def _configured(self, mode: Mode) -> Verdict:
        """Whether a mode is among the API's: ``unknown`` where only deployment knows."""
        found = {mode in law.modes for law in self._laws}
        return "unknown" if len(found) > 1 else "allow" if found.pop() else "deny"

    def _named_groups(self) -> tuple[str, ...]:
        named: set[str] = set()
        for directive in self.schema.applied(AUTH, COGNITO.directive):
            term = term_of(directive)
            if term is not None and term.groups and not term.groups <= named and self._counts(directive):
                named.update(term.groups)
        return tuple(sorted(named))

    def _counts(self, directive: Directive) -> bool:
        """Whether a directive stands on a type, or on a field that is the first one of its name."""
        if directive.place not in ("FIELD_DEFINITION", "INPUT_FIELD_DEFINITION"):
            return directive.place not in ("SCHEMA", "ARGUMENT_DEFINITION", "ENUM_VALUE")
        field = self.schema.field(directive.owner)
        return field is not None and directive in field.directives

    def _all_callers(self) -> tuple[Caller, ...]:
        certain = list(self.api.modes)
        possible = [mode for mode in Mode if mode not in certain and self._configured(mode) != "deny"]
        callers: list[Caller] = []
        for mode in (*certain, *possible):
            callers.append(Caller(mode))
            if mode is COGNITO:
                callers.extend(Caller(mode, frozenset((name,))) for name in self.groups)
        return tuple(callers)


def _terms(directives: Iterable[Directive]) -> tuple[Term, ...]:
    return tuple([term for item in directives if (term := term_of(item)) is not None])


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    meant = nearest(name, tuple(known))
    return f"the schema has no {what} {name}" + (f"; did you mean {meant}?" if meant else "")
