"""Which groups a schema names, at the directives that AppSync reads."""

from __future__ import annotations

from typing import Any

from appsync_lint.plugin import Directive, Subject

from ._consequence import AUTH, COGNITO, POOLS, on_object


def read_for_groups(subject: Subject) -> list[Directive]:
    """Return the directives with groups that AppSync reads for the API; all of them where no API is described.

    The others restrict nobody, which is another rule's matter.
    """
    schema = subject.schema
    if subject.described is None:
        return [item for item in schema.applied(POOLS, AUTH) if item.arguments and on_object(subject, item)]
    model = subject.model
    names: tuple[str, ...] = (POOLS, AUTH)
    if not model.members(COGNITO):
        names = ()
    elif model.is_multi is not None:
        names = (POOLS,) if model.is_multi else (AUTH,)
    folded = subject.api.tool.folds_extensions
    return [
        item
        for name in names
        for item in schema.applied(name)
        if item.arguments
        and (folded or not item.from_extension)
        and on_object(subject, item)
        and (name == POOLS or _on_root_field(subject, item))
    ]


def _on_root_field(subject: Subject, directive: Directive) -> bool:
    return directive.place == "FIELD_DEFINITION" and subject.model.is_root(directive.owner.partition(".")[0])


def group_nodes(directive: Directive) -> list[Any]:
    """Return the names in a directive's list of groups, without those that a template fills in."""
    argument = directive.argument("cognito_groups")
    values = getattr(argument.value, "values", ()) if argument is not None else ()
    return [item for item in values if item.kind == "string_value" and item.value.strip() and "${" not in item.value]


def elsewhere(count: int) -> str:
    """Say in how many further places something stands: " (here and in 2 other places)"; empty where in none."""
    return f" (here and in {count} other place{'s' if count > 1 else ''})" if count else ""
