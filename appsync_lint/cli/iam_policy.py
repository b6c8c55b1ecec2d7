"""``appsync-lint iam-policy``: the least policy that lets a principal call some operations."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import click

from ..access import AccessModel
from ..access.policies import ACTION
from ..api import Caller, Mode
from ..errors import InputError
from ..project import load
from ..tree import nearest
from .access import NO_MODES
from .console import print_error, print_note, write
from .options import input_options, quiet_option, read_stdin, request_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..project import Unit
    from ..schema import Field, Schema

__all__ = ["command"]

#: What stands for the API until somebody writes its ARN.
PLACEHOLDER = "arn:aws:appsync:REGION:ACCOUNT_ID:apis/API_ID"


@click.command("iam-policy", short_help="Print the least IAM policy for some operations.")
@input_options
@click.option("--as", "caller", default="iam", metavar="CALLER", help="Who is to have the policy; iam is who can.")
@click.option(
    "--allow",
    "patterns",
    multiple=True,
    required=True,
    metavar="TYPE.FIELD",
    help="An operation, such as Query.post or 'Query.*'; repeatable.",
)
@click.option("--api-arn", default=PLACEHOLDER, metavar="ARN", help="The API's ARN, for the policy's resources.")
@quiet_option
def command(**values: Any) -> int:
    """Print the least IAM policy that lets a principal call some operations.

    The policy names each operation that matches and that the schema opens to IAM callers, since AppSync lets
    through only what both allow. It says nothing about fields below the root: those are the schema's to
    protect.
    """
    caller = Caller.parse(values.pop("caller"))
    if caller.mode is not Mode.AWS_IAM:
        raise InputError(f"--as {caller}: only IAM callers have policies; write --as iam")
    patterns, arn = values.pop("patterns"), _checked(values.pop("api_arn"))
    request = request_from(values)
    project = load(request, read_stdin(request))
    notes = list(project.notes)
    errors = list(project.errors)
    unit = _one(project.units, errors)
    if unit is not None and unit.api is not None:
        fields = _chosen(unit.schema, patterns)
        model = AccessModel(unit.schema, unit.api)
        if not model.callers_of(Mode.AWS_IAM):
            raise InputError(f"the API {unit.api.name} has no mode AWS_IAM, so no policy lets anybody call it")
        verdicts = {field.coordinate: model.verdict(field, caller) for field in fields}
        granted = [name for name, verdict in verdicts.items() if verdict != "deny"]
        refused = [name for name, verdict in verdicts.items() if verdict == "deny"]
        unsure = [name for name, verdict in verdicts.items() if verdict == "unknown"]
        if refused:
            notes.append(f"left out, the schema refuses them to IAM callers: {', '.join(refused)}")
        if unsure:
            notes.append(f"included, though whether the schema opens them is not known: {', '.join(unsure)}")
        if granted:
            write(_policy(granted, arn), machine=True)
        else:
            errors.append(InputError("no operation is left to allow"))
    for note in notes if not values["quiet"] else ():
        print_note(note)
    for error in errors:
        print_error(str(error))
    return 2 if errors else 0


def _checked(arn: str) -> str:
    arn = arn.rstrip("/")
    if arn != PLACEHOLDER and (not arn.startswith("arn:") or "/types/" in arn or ":apis/" not in arn):
        raise InputError(f"--api-arn: {arn!r} is not the ARN of an API; it looks like {PLACEHOLDER}")
    return arn


def _one(units: list[Unit], errors: list[InputError]) -> Unit | None:
    """Return the API that the policy is for."""
    described = [unit for unit in units if unit.api is not None]
    if len(described) > 1:
        names = ", ".join(unit.api.name for unit in described if unit.api is not None)
        raise InputError(
            f"a policy is for one API, and there are {len(described)} ({names}); choose with --api FILE#NAME"
        )
    if not described and units:
        errors.append(InputError(NO_MODES))
    return described[0] if described else None


def _chosen(schema: Schema, patterns: Iterable[str]) -> list[Field]:
    """Return the root fields that the patterns match, in the schema's order."""
    fields = [field for name in schema.roots.values() for field in schema.types[name].fields.values()]
    chosen: set[str] = set()
    for pattern in patterns:
        escaped = pattern.replace("[", "[[]")
        matched = {field.coordinate for field in fields if fnmatchcase(field.coordinate, escaped)}
        if not matched:
            meant = nearest(pattern, [field.coordinate for field in fields])
            roots = ", ".join(schema.roots.values())
            hint = f"did you mean {meant}?" if meant else f"an operation is a field of {roots}"
            raise InputError(f"--allow {pattern}: no operation matches; {hint}")
        chosen |= matched
    return [field for field in fields if field.coordinate in chosen]


def _policy(coordinates: list[str], arn: str) -> str:
    resources = [
        f"{arn}/types/{type_name}/fields/{name}" for type_name, _, name in (c.partition(".") for c in coordinates)
    ]
    statement = {"Effect": "Allow", "Action": ACTION, "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2) + "\n"
