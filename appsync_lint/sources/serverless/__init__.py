"""Services of the Serverless Framework: the AppSync plugin's first and second version, and Framework v4's built-in."""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]

_NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
_PROGRAMS = ("serverless.ts", "serverless.mts", "serverless.cts", "serverless.js", "serverless.mjs", "serverless.cjs")
#: What a service under another name holds: the plugin that it loads, or the API at the top level.
_MARKS = ("- serverless-appsync-plugin", "\nappSync:")


def _matches(file: File) -> bool:
    text = file.source.text
    if file.path.name.lower() in (*_NAMES, *_PROGRAMS) or any(mark in text for mark in _MARKS):
        return True
    return "appSync" in text and "service" in file.table and ("custom" in file.table or "appSync" in file.table)


def _read(file: File) -> Described:
    if "appsync" not in file.source.text.lower():
        # Most services have no API of this kind, and what stands in their files is no matter of ours.
        note = f"{file.source.path}: no AppSync API is in this service"
        return Described(file.path, "serverless", notes=(note,), sources=(file.source,))
    if file.path.name.lower() in _PROGRAMS:
        from .programs import read_program_service

        return read_program_service(file)
    from .service import read_service

    return read_service(file.table, file)


READER = Reader(
    kind="serverless",
    expects="a service of the Serverless Framework (appSync)",
    matches=_matches,
    read=_read,
    marks=tuple(mark.encode() for mark in _MARKS),
    names=(*_NAMES, *_PROGRAMS),
)
