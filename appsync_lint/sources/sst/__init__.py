"""SST: the construct ``AppSyncApi`` of its versions 0 to 2, and the component ``sst.aws.AppSync`` of version 3."""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]

_CONSTRUCT = "AppSyncApi("
_PACKAGES = ("sst/constructs", "@serverless-stack/")
_COMPONENTS = ("sst.aws.AppSync(", "sst.aws.AppSyncV5(")


def _matches(file: File) -> bool:
    text = file.source.text
    if any(mark in text for mark in _COMPONENTS):
        return True
    return _CONSTRUCT in text and any(package in text for package in _PACKAGES)


def _read(file: File) -> Described:
    from .apis import read_sst

    return read_sst(file)


READER = Reader(
    kind="sst",
    expects="a program of SST with an AppSync API (AppSyncApi, sst.aws.AppSync)",
    matches=_matches,
    read=_read,
    suffixes=(".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs"),
    marks=tuple(mark.encode() for mark in (_CONSTRUCT, *_COMPONENTS)),
)
