"""Services that are written as a program: ``serverless.ts`` and ``serverless.js``, as far as they are literal."""

from __future__ import annotations

from ...errors import InputError
from ...tree import Node, Open, Table
from ..programs import Function, read_program
from ..reader import Described, File
from .service import read_service

__all__ = ["read_program_service"]


def read_program_service(file: File) -> Described:
    """Read the service that a program exports. Raises :class:`InputError` where it exports none that is literal."""
    program = read_program(file.source, file.path, allow_outside=file.allow_outside)
    exported: Node | None = program.exports.get("default")
    if isinstance(exported, Function):
        # The Framework calls what it is given.
        exported = program.returned(exported)
    if exported is None:
        raise InputError("exports no service", path=file.source.path)
    if not isinstance(exported, Table):
        why = exported.why if isinstance(exported, Open) else f"it is {exported.kind}"
        raise exported.error(f"the service that is exported is not literal ({why}); name the schema and its modes")
    return read_service(exported, file)
