"""What the rules about missing modes have in common: the places they show and the directives they advise."""

from __future__ import annotations

from collections.abc import Iterable

from appsync_lint.plugin import (
    DIRECTIVES,
    Edit,
    Field,
    Finding,
    Fix,
    Gap,
    Label,
    Mode,
    Rule,
    Severity,
    Subject,
    TypeDefinition,
    count,
    listing,
)

#: How many further places a finding shows.
SHOWN = 3


def default_label(subject: Subject) -> list[Label]:
    """Show the line of the API's file that sets the default mode, where there is one."""
    span = subject.api.default.span
    return [Label(span, "the default mode")] if span is not None else []


def mode_label(subject: Subject, mode: Mode, text: str) -> list[Label]:
    """Show the line of the API's file that configures a mode, where there is one."""
    provider = subject.api.provider(mode)
    return [Label(provider.span, text)] if provider is not None and provider.span is not None else []


def entry_labels(entries: Iterable[Field], text: str) -> list[Label]:
    """Show the first few fields through which callers get to a type."""
    return [Label(field.span, text) for field in tuple(entries)[:SHOWN]]


def cause(definition: TypeDefinition, mode: Mode) -> str:
    """Name the mistake "this type lacks this mode" in the words that all rules share."""
    return f"mode-missing:{definition.name}:{mode.value}"


def decided_alone(subject: Subject, definition: TypeDefinition) -> tuple[Field, ...]:
    """Return the fields that their own directives decide: what is written on the type does not change them (2.2)."""
    return tuple(field for field in definition.fields.values() if subject.model.grant(field).origin == "field")


def is_explicit(subject: Subject, definition: TypeDefinition) -> bool:
    """Whether directives, not their absence, decide every field of a type: what they leave out may be meant."""
    directives = subject.model.enforced(subject.model.counted(definition))
    return bool(directives) or len(decided_alone(subject, definition)) == len(definition.fields)


def why_refused(subject: Subject, definition: TypeDefinition) -> str:
    """Say what a type's directives, or their absence, admit."""
    if len(decided_alone(subject, definition)) == len(definition.fields):
        return "the directives on its fields admit nobody else"
    directives = subject.model.enforced(subject.model.counted(definition))
    if directives:
        return f"{' '.join(item.text for item in directives)} admits nobody else"
    default = subject.api.default_mode
    return f"no directive, so only the default mode{f' {default.value}' if default else ''} is admitted"


def advice(subject: Subject, definition: TypeDefinition, mode: Mode) -> str:
    """Say what to write on a type, and on the fields that decide for themselves, none of which admits a mode."""
    alone = decided_alone(subject, definition)
    on_fields = f"add @{mode.directive} to the {'directive' if len(alone) == 1 else 'directives'} on "
    on_fields += listing(field.coordinate for field in alone)
    if len(alone) == len(definition.fields):
        return on_fields
    head = type_advice(subject, definition, mode)
    return f"{head}; {on_fields} too" if alone else head


def type_advice(subject: Subject, definition: TypeDefinition, mode: Mode) -> str:
    """Write the type's head as it should be for the fields without a directive of their own."""
    directives = subject.model.enforced(subject.model.counted(definition))
    default = subject.api.default_mode
    if directives:
        today = [item.text for item in directives]
        note = ""
    else:
        today = [f"@{default.directive}"] if default else []
        note = "; a directive replaces the default mode, so name that too"
    wanted = " ".join([*today, f"@{mode.directive}"])
    return f"write type {definition.name} {wanted}{note}"


def behind(subject: Subject, gap: Gap) -> str:
    """Name the types that come next once a gap is mended; empty where there are none."""
    names = [item.name for item in subject.model.types_behind(gap)]
    return f", and likewise on {listing(names)}, which {'is' if len(names) == 1 else 'are'} behind it" if names else ""


def ways(entries: tuple[Field, ...]) -> str:
    """Say through how many fields, and which, callers get to a type."""
    names = listing((field.coordinate for field in entries), limit=2)
    return names if len(entries) <= SHOWN else f"{count(len(entries), 'field')} ({names})"


def mistaken(field: Field) -> bool:
    """Whether a field carries a directive that does not count, which has a finding of its own."""
    return any(item.name == "aws_auth" or item.name not in DIRECTIVES for item in field.directives)


def admission(subject: Subject, definition: TypeDefinition) -> Fix | None:
    """Write the modes that get to a type and are refused on all of it, on a type that no directive decides."""
    default = subject.api.default_mode
    if default is None or is_explicit(subject, definition) or decided_alone(subject, definition):
        return None
    part = next((part for part in definition.parts if not part.extension), None)
    if part is None:
        return None
    modes = dict.fromkeys([default, *(gap.mode for gap in subject.model.gaps_of(definition) if gap.total)])
    written = " ".join(f"@{mode.directive}" for mode in modes)
    return Fix.of(f"write type {definition.name} {written}", [Edit.directing(part, written)], safe=False)


def refused_type(rule: Rule, subject: Subject, gap: Gap, message: str, fix: Fix | None = None) -> Finding:
    """Report a type that refuses a mode on all its fields: for certain where it forgets the mode, else as a warning."""
    definition, mode = gap.definition, gap.mode
    explicit = is_explicit(subject, definition)
    related = entry_labels(gap.entries, f"{mode.who} get here")
    return rule.finding(
        definition,
        message,
        label=why_refused(subject, definition),
        related=related if explicit else related + default_label(subject),
        help=advice(subject, definition, mode) + behind(subject, gap),
        subject=mode.value,
        causes=[cause(definition, mode)],
        severity=Severity.WARNING if explicit else Severity.ERROR,
        confidence="medium" if explicit else "high",
        fix=fix,
    )


def is_page(definition: TypeDefinition) -> bool:
    """Whether a type only wraps a list: a connection, an edge, a page, page information."""
    names = definition.fields.keys()
    return names <= _PAGE_FIELDS and not _PAGE_MARKS.isdisjoint(names)


_PAGE_MARKS = frozenset("items edges nodes node cursor hasNextPage endCursor".split())
_PAGE_FIELDS = frozenset(
    "items edges nodes node cursor nextToken startedAt pageInfo total totalCount scannedCount count hasNextPage "
    "hasPreviousPage startCursor endCursor aggregateItems".split()
)
