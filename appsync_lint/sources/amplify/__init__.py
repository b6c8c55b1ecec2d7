"""Amplify Gen 1: ``amplify/backend``, with what Amplify compiles an API to where it is there.

The compiled template and ``build/schema.graphql`` are what is deployed, so they count; ``cli-inputs.json``
and ``backend-config.json`` say what the next compilation starts from. The source schema is never read as
if AppSync got it.
"""

from __future__ import annotations

from pathlib import Path

from ..reader import Described, File, Reader

__all__ = ["READER"]

BACKEND = "backend-config.json"
INPUTS = "cli-inputs.json"


def _matches(file: File) -> bool:
    if file.path.name == INPUTS:
        return (Path.cwd() / file.path).parent.parent.name == "api" and "serviceConfiguration" in file.table
    return file.path.name == BACKEND


def _read(file: File) -> Described:
    from .app import read_app

    return read_app(file)


READER = Reader(
    kind="amplify",
    expects="an Amplify backend (amplify/backend/backend-config.json)",
    matches=_matches,
    read=_read,
    suffixes=(BACKEND, INPUTS),
    marks=(b'"AppSync"',),
)
