"""CDK programs that were not synthesized: TypeScript, JavaScript and Python, as far as they are literal."""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]

#: How the constructs' classes are called or extended: today's, the one of one resource, the oldest.
_MARKS = ("GraphqlApi(", "GraphQLApi(", "GraphqlApi {", "GraphQLApi {")
_PACKAGES = ("aws-cdk", "aws_cdk", "monocdk")
_SST = ("sst/constructs", "@serverless-stack/")


def _matches(file: File) -> bool:
    text = file.source.text
    if "AppSyncApi(" in text and any(package in text for package in _SST):
        # Its reader knows CDK's constructs, too.
        return False
    return any(mark in text for mark in _MARKS) and any(package in text for package in _PACKAGES)


def _read(file: File) -> Described:
    from .apis import read_constructs

    return read_constructs(file, "cdk")


READER = Reader(
    kind="cdk",
    expects="a CDK program with an AppSync API (GraphqlApi, CfnGraphQLApi)",
    matches=_matches,
    read=_read,
    suffixes=(".ts", ".tsx", ".mts", ".js", ".mjs", ".cjs", ".py"),
    marks=tuple(mark.encode() for mark in _MARKS),
)
