"""``appsync-lint access``: who may call which field, as tables or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..access import AccessModel
from ..api import Caller
from ..errors import InputError
from ..project import load
from ..report.colours import painter
from ..tree import nearest
from .console import colour_wanted, print_error, print_note, terminal_width, write
from .matrix import Matrix, matrix_of, to_json, to_text
from .options import colour_option, input_options, quiet_option, read_stdin, request_from

if TYPE_CHECKING:
    from ..api import Api
    from ..schema import Schema, TypeDefinition

__all__ = ["command"]

NO_MODES = (
    "access depends on the API's modes, and no API is described; give --default-mode MODE "
    "(and --additional-mode MODE), or write an appsync-lint.yaml beside the schema"
)


@click.command("access", short_help="Show who may call which field.")
@input_options
@click.option(
    "--as",
    "callers",
    multiple=True,
    metavar="CALLER",
    help="Answer for this caller only: api-key, iam, oidc, lambda, cognito, cognito:Admins, "
    "cognito:Admins+Editors; repeatable.",
)
@click.option("--only", multiple=True, metavar="TYPE[.FIELD]", help="Show this type or this field only; repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@colour_option
@quiet_option
def command(**values: Any) -> int:
    """Show who may call which field, and the directive or default that decides.

    PATH is what it is for check. Callers are one for each of the API's modes, and one for each Cognito
    group that the schema names.
    """
    callers = tuple(dict.fromkeys(Caller.parse(text) for text in values.pop("callers")))
    request = request_from(values)
    project = load(request, read_stdin(request))
    if not values["quiet"]:
        for note in project.notes:
            print_note(note)
    described = [(unit.schema, unit.api) for unit in project.units if unit.api is not None]
    matrices = [matrix_of(AccessModel(schema, api), callers, values["only"]) for schema, api in described]
    errors = project.errors
    if len(described) < len(project.units):
        errors.append(InputError(NO_MODES))
    if matrices and not any(matrix.rows for matrix in matrices):
        errors.append(_nothing_shown(values["only"], described))
    elif matrices:
        _show(matrices, values["form"], values["colour"])
    for error in errors:
        print_error(str(error))
    return 2 if errors else 0


def _show(matrices: list[Matrix], form: str, colour: str) -> None:
    if form == "json":
        write(to_json(matrices), machine=True)
    else:
        write(to_text(matrices, painter(colour_wanted(colour)), terminal_width()))


def _nothing_shown(only: tuple[str, ...], described: list[tuple[Schema, Api]]) -> InputError:
    if not only:
        return InputError("the schema has no object type with a field")
    known = [name for schema, _ in described for item in schema.objects for name in (item.name, *_coordinates(item))]
    meant = nearest(only[0], known)
    return InputError(
        f"--only {only[0]}: the schema has no such type or field" + (f"; did you mean {meant}?" if meant else "")
    )


def _coordinates(item: TypeDefinition) -> list[str]:
    return [field.coordinate for field in item.fields.values()]
