"""Pulumi: YAML programs, ``pulumi stack export``, and TypeScript and Python programs with literal arguments.

The exported stack is exact; a program's values are followed as far as they are literals. The AWS provider is
Terraform's, with its defaults; ``aws-native`` is CloudFormation's.
"""

from __future__ import annotations

from re import MULTILINE
from re import compile as regex

from ...tree import Table
from ..reader import Described, File, Reader

__all__ = ["READER"]

_PROGRAMS = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py")
_PROJECTS = ("pulumi.yaml", "pulumi.yml", "main.yaml", "main.yml")
#: Of AppSync's resources in Pulumi's words, as YAML, exports and programs write them.
_MARKS = (
    b"aws:appsync:GraphQLApi",
    b"aws:appsync/graphQLApi:GraphQLApi",
    b"aws-native:appsync:GraphQlApi",
)
#: A quick look only, so that other programs are not followed; what is imported is read from the program itself.
_IMPORT = regex(r"^[ \t]*(?:import|from)[ \t]+pulumi_aws|(?:from|require\(|import)\s*[\"']@pulumi/aws", MULTILINE)


def _matches(file: File) -> bool:
    name = file.path.name.lower()
    if name.endswith(_PROGRAMS):
        text = file.source.text
        return _IMPORT.search(text) is not None and ("GraphQLApi" in text or "GraphQlApi" in text)
    if name.endswith(".json"):
        return _is_state(file.table)
    table = file.table
    if not isinstance(table.get("resources"), Table):
        return name in _PROJECTS[:2] and "runtime" in table
    return name in _PROJECTS or any(mark.decode() in file.source.text for mark in _MARKS)


def _is_state(table: Table) -> bool:
    return isinstance(table.get("deployment"), Table) or isinstance(table.get("checkpoint"), Table)


def _read(file: File) -> Described:
    name = file.path.name.lower()
    if name.endswith(_PROGRAMS):
        from .program import read_pulumi_program

        return read_pulumi_program(file)
    if name.endswith(".json"):
        from .state import read_state

        return read_state(file)
    from .yaml_program import read_yaml_program

    return read_yaml_program(file)


READER = Reader(
    kind="pulumi",
    expects="a Pulumi program or an exported stack",
    matches=_matches,
    read=_read,
    suffixes=(".yaml", ".yml", ".json", *_PROGRAMS),
    marks=(*_MARKS, b"@pulumi/aws", b"pulumi_aws"),
)
