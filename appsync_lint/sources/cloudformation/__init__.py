"""CloudFormation and SAM templates, those that CDK synthesizes among them.

``AWS::AppSync::GraphQLApi`` and ``AWS::Serverless::GraphQLApi`` are read through the intrinsic functions
(:mod:`..intrinsics`) and through nested stacks; a setting that only deployment knows is ``Unresolved``. A
template is somebody's deployed file: what AppSync or CloudFormation tolerates in it (keys written twice, two
Lambda authorizers) is noted, and only what no deployment survives is an error.
"""

from __future__ import annotations

from ..reader import Described, File, Reader

__all__ = ["READER"]


def _matches(file: File) -> bool:
    from .assembly import is_manifest

    table = file.table
    return "Resources" in table or "AWSTemplateFormatVersion" in table or is_manifest(file)


def _read(file: File) -> Described:
    from .apis import read

    return read(file)


READER = Reader(
    kind="cloudformation",
    expects="a CloudFormation or SAM template (Resources)",
    matches=_matches,
    read=_read,
    marks=(
        b"AWS::AppSync::GraphQLApi",
        b"AWS::Serverless::GraphQLApi",
        # A template that only deploys others says what their parameters are.
        b"AWS::CloudFormation::Stack",
        b"AWS::Serverless::Application",
    ),
)
