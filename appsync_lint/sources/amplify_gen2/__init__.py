"""Amplify Gen 2: ``defineData`` in ``amplify/data/resource.ts``, and ``amplify_outputs.json`` of a deployment.

Neither holds the schema that AppSync gets: Amplify compiles it when it synthesizes the app.
"""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]

OUTPUTS = "amplify_outputs.json"
_PROGRAMS = (".ts", ".mts", ".js", ".mjs")


def _matches(file: File) -> bool:
    if file.path.name.lower().endswith(OUTPUTS):
        return "data" in file.table
    text = file.source.text
    return "defineData(" in text and "@aws-amplify/backend" in text


def _read(file: File) -> Described:
    from .app import read_app

    return read_app(file)


READER = Reader(
    kind="amplify-gen2",
    expects="an Amplify app (defineData or amplify_outputs.json)",
    matches=_matches,
    read=_read,
    suffixes=(OUTPUTS, *_PROGRAMS),
    marks=(b'"default_authorization_type"', b"defineData("),
)
