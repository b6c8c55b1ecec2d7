"""Terraform and OpenTofu: modules (``.tf``, ``.tf.json``, ``.tofu``), and plans and states as JSON, which are exact."""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")


def _matches(file: File) -> bool:
    if file.path.name.lower().endswith(CONFIGURATION):
        return True
    if file.path.suffix.lower() == ".tfstate":
        return True
    table = file.table
    if "format_version" in table and ("planned_values" in table or "values" in table):
        return True
    return "terraform_version" in table and "lineage" in table


def _read(file: File) -> Described:
    if file.path.name.lower().endswith(CONFIGURATION):
        from .projects import read_configuration

        return read_configuration(file)
    from .snapshots import read_snapshot

    return read_snapshot(file)


READER = Reader(
    kind="terraform",
    expects="a Terraform module, plan or state",
    matches=_matches,
    read=_read,
    suffixes=(*CONFIGURATION, ".json", ".tfstate"),
    # References to an API, which stand all over a project, have no quotes.
    marks=(
        b'"aws_appsync_graphql_api"',
        b"resource aws_appsync_graphql_api",
        b"terraform-aws-modules/appsync",
        b"terraform-aws-modules/terraform-aws-appsync",
    ),
)
