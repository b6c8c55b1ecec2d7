"""What the rules about directives that do not count have in common: what decides in their place, and for whom."""

from __future__ import annotations

from typing import NamedTuple

from appsync_lint.plugin import Directive, Field, Grant, Label, Mode, Subject, listing

COGNITO = Mode.AMAZON_COGNITO_USER_POOLS
AUTH = "aws_auth"
POOLS = "aws_cognito_user_pools"
#: How many groups a message names.
LONGEST = 8


class Consequence(NamedTuple):
    """What decides the fields that a directive stands for, taking the directive as AppSync does.

    ``fields`` are those that it would have decided: one, or the undirected fields of a type. ``reason`` completes
    "falls to ...", ``admitted`` names who gets in for certain ("nobody" where it is so), and ``doubtful`` says
    that of some callers it is not known.
    """

    fields: tuple[Field, ...]
    grant: Grant
    reason: str
    admitted: str
    doubtful: bool

    @property
    def field(self) -> Field:
        """One of the fields; the same holds for all of them."""
        return self.fields[0]


def consequence(subject: Subject, directive: Directive) -> Consequence | None:
    """Work out what decides where a directive stands; None where no API is known or no object field depends on it."""
    if subject.described is None:
        return None
    fields = _decided(subject, directive)
    if not fields:
        return None
    model = subject.model
    grant = model.grant(fields[0])
    reason = _reason(subject, directive, fields[0], grant)
    doubtful = any(gate.doubt is not None for gate in grant.gates.values())
    return Consequence(fields, grant, reason, who_passes(subject, grant), doubtful)


def _decided(subject: Subject, directive: Directive) -> tuple[Field, ...]:
    schema, model = subject.schema, subject.model
    if directive.place == "FIELD_DEFINITION":
        field = schema.field(directive.owner)
        if field is None or directive not in field.directives or schema.types[field.parent].kind != "object":
            return ()
        return (field,)
    if directive.place != "OBJECT":
        return ()
    definition = schema.types[directive.owner]
    single_pool = model.is_multi is False and subject.api.default_mode is COGNITO

    def undirected(field: Field) -> bool:
        if single_pool:
            return all(item.name != AUTH for item in field.directives)
        return not model.enforced(field.directives)

    return tuple(field for field in definition.fields.values() if undirected(field))


def _reason(subject: Subject, directive: Directive, field: Field, grant: Grant) -> str:
    deciding = " ".join(short(item) for item in subject.model.deciding(field))
    if grant.origin == "field" or (grant.origin == "type" and directive.place == "OBJECT"):
        return f"{deciding} beside it"
    if grant.origin == "type":
        return f"{deciding} on type {field.parent}"
    default = subject.api.default_mode
    if grant.origin == "default":
        return f"the default mode {default.value if default else ''}".rstrip()
    if grant.origin == "action":
        return f"the default pool's defaultAction {subject.api.default_action or '(not written)'}"
    if grant.origin == "single" and default is not None:
        return f"the API's only mode {default.value}"
    return "settings that only deployment knows"


def who_passes(subject: Subject, grant: Grant) -> str:
    """Name the callers whom a grant admits for certain, in the order of the API's modes; "nobody" where none."""
    found: list[str] = []
    for mode in subject.model.modes_in(subject.model.everybody):
        gate = grant.gate(mode)
        if gate.everybody:
            found.append(f"all {mode.who}" if mode is COGNITO else mode.who)
        elif gate.groups:
            found.append(f"{mode.who} in {listing(sorted(gate.groups), conjunction='or')}")
    return listing(found, limit=len(Mode)) or "nobody"


def others_admitted(grant: Grant, mode: Mode = COGNITO) -> list[Mode]:
    """Return the modes besides one that a grant admits, be it only some groups."""
    return [item for item in Mode if item is not mode and (grant.gate(item).everybody or grant.gate(item).groups)]


def advice(written: str, mode: Mode, found: Consequence | None, directive: Directive) -> str:
    """Tell to write a directive for a mode in place of one, and how to keep the modes that come in today.

    A directive on its own removes the default mode and what the type admits (2.1, 2.2); directives beside it stay.
    """
    if found is None or found.grant.origin not in ("type", "default"):
        return f"write {written}"
    if found.grant.origin == "type" and directive.place == "OBJECT":
        return f"write {written}"
    others = others_admitted(found.grant, mode)
    if not others:
        return f"write {written}"
    who = listing((item.who for item in others), limit=len(Mode))
    keep = " ".join(
        pools_directive(tuple(sorted(found.grant.gate(item).groups))) if item is COGNITO else f"@{item.directive}"
        for item in others
    )
    return f"write {written}; that ends the access of {who}: if they are to keep it, write {written} {keep}"


def mode_lost(mode: Mode | None, found: Consequence | None) -> tuple[str, ...]:
    """Name the mistake "this mode gets in nowhere" in the words that rules share, where a mode is refused."""
    if mode is None or found is None or found.doubtful:
        return ()
    gate = found.grant.gate(mode)
    return () if gate.everybody or gate.groups else (f"mode-unused:{mode.value}",)


def verb(subject: Subject, field: Field) -> str:
    """Say what passing a field lets a caller do: call a root field, read any other."""
    return "call" if subject.model.is_root(field.parent) else "read"


def subject_of(directive: Directive, found: Consequence) -> str:
    """Name what a directive stands on, with the verb of what happens to it: "Query.me falls", "3 fields fall"."""
    if directive.place != "OBJECT":
        return f"{found.field.coordinate} falls"
    return f"type {directive.owner} falls"


def groups_of(directive: Directive | None) -> tuple[str, ...] | None:
    """Return the groups that a directive names, None where it names none or they cannot be read."""
    argument = directive.argument("cognito_groups") if directive is not None else None
    values = getattr(argument.value, "values", None) if argument is not None else None
    if not values:
        return None
    texts = [getattr(item, "value", None) for item in values if item.kind == "string_value"]
    return tuple(str(text) for text in texts) if len(texts) == len(values) else None


def beside(subject: Subject, directive: Directive, name: str) -> Directive | None:
    """Return another directive, by its name, on the same field or type."""
    schema = subject.schema
    if directive.place == "FIELD_DEFINITION":
        field = schema.field(directive.owner)
        on_node = field.directives if field is not None else ()
    else:
        definition = schema.types.get(directive.owner)
        on_node = definition.directives if definition is not None else ()
    return next((item for item in on_node if item.name == name and item is not directive), None)


def on_object(subject: Subject, directive: Directive) -> bool:
    """Whether a directive stands on an object type or on a field of one: nowhere else is one read."""
    if directive.place not in ("OBJECT", "FIELD_DEFINITION"):
        return False
    definition = subject.schema.types.get(directive.owner.partition(".")[0])
    return definition is not None and definition.kind == "object"


def is_nested(subject: Subject, directive: Directive) -> bool:
    """Whether a directive stands on an object type, or a field of one, that is no root."""
    return on_object(subject, directive) and subject.schema.operation_of(directive.owner.partition(".")[0]) is None


def cause(directive: Directive, name: str | None = None) -> str:
    """Name the mistake "something is wrong with this directive" in the words that all rules share."""
    return f"directive:{directive.owner}@{name or directive.name}"


def pools_directive(groups: tuple[str, ...] | None) -> str:
    """Write ``@aws_cognito_user_pools`` for some groups, or for every user."""
    return with_groups(POOLS, groups)


def with_groups(name: str, groups: tuple[str, ...] | None) -> str:
    """Write a directive with its groups, or without where there are none."""
    if not groups:
        return f"@{name}"
    texts = ['"' + group.replace("\\", "\\\\").replace('"', '\\"') + '"' for group in groups[:LONGEST]]
    if len(groups) > LONGEST:
        texts.append("...")
    return f"@{name}(cognito_groups: [{', '.join(texts)}])"


def short(directive: Directive) -> str:
    """Return a directive as it is written, a long list of groups cut."""
    groups = groups_of(directive)
    if groups is not None and len(groups) > LONGEST:
        return with_groups(directive.name, groups)
    text = directive.text
    return text if len(text) <= 200 else f"@{directive.name}(...)"


def second_mode(subject: Subject) -> tuple[list[Label], str]:
    """Show what makes the API one with several modes: its place, or a note where that is no file."""
    for provider in subject.api.additional:
        if provider.span is not None:
            return [Label(provider.span, "the second mode")], ""
        if provider.origin:
            name = provider.mode.value if isinstance(provider.mode, Mode) else provider.mode.text
            return [], f"; the second mode, {name}, is given by {provider.origin}"
    return [], ""
