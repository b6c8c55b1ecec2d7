"""A mistake in one API of a file does not hide the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.errors import InputError
from appsync_lint.sources import read_file

BROKEN = """\
  Broken:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: broken}
"""
GOOD = """\
  Good:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: good, AuthenticationType: API_KEY}
"""


def template(folder: Path, *resources: str) -> Path:
    path = folder / "template.yaml"
    path.write_text("Resources:\n" + "".join(resources), encoding="utf-8")
    return path


def test_the_others_are_read_and_the_mistake_is_told(tmp_path: Path) -> None:
    described = read_file(template(tmp_path, BROKEN, GOOD))

    assert [api.name for api in described.apis] == ["Good"]
    assert [error.message for error in described.errors] == ["the API Broken has no AuthenticationType"]
    assert [error.span.start for error in described.errors if error.span] == [(2, 3)]


def test_through_a_native_file_too(tmp_path: Path) -> None:
    template(tmp_path, BROKEN, GOOD)
    native = tmp_path / "appsync-lint.yaml"
    native.write_text("apis: [{from: template.yaml}]\n", encoding="utf-8")

    described = read_file(native)

    assert [api.name for api in described.apis] == ["Good"]
    assert len(described.errors) == 1


def test_where_there_is_no_other_the_file_is_in_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the API Broken has no AuthenticationType"):
        read_file(template(tmp_path, BROKEN))
