"""Whatever stands in a template: one clear line, and never anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import Api
from appsync_lint.errors import InputError
from appsync_lint.sources import read_file, schema_sources

from ..strategies import thorough
from .test_round_trip import apis_with_settings, template

GUESTS: dict[str, object] = {
    "Pool": {"Type": "AWS::Cognito::IdentityPool", "Properties": {"AllowUnauthenticatedIdentities": True}},
    "Roles": {
        "Type": "AWS::Cognito::IdentityPoolRoleAttachment",
        "Properties": {"IdentityPoolId": {"Ref": "Pool"}, "Roles": {"unauthenticated": {"Fn::GetAtt": "Guest.Arn"}}},
    },
    "Guest": {
        "Type": "AWS::IAM::Role",
        "Properties": {"ManagedPolicyArns": ["x"], "Policies": [{"PolicyDocument": {}}]},
    },
    "Group": {"Type": "AWS::Cognito::UserPoolGroup", "Properties": {"GroupName": "A", "UserPoolId": "p"}},
    "Stack": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "other.json", "Parameters": {}}},
    "Merge": {"Type": "AWS::AppSync::SourceApiAssociation", "Properties": {"MergedApiIdentifier": {"Ref": "A"}}},
}
VALUES = st.sampled_from([None, 7, "", "x", [], {}, [1], {"a": 1}, "../../outside", "{{resolve:ssm:x}}"])
FUNCTIONS = st.sampled_from(
    [
        "Ref",
        "Fn::GetAtt",
        "Fn::Sub",
        "Fn::Join",
        "Fn::If",
        "Fn::Select",
        "Fn::ImportValue",
        "Fn::Transform",
        "Fn::Nothing",
    ]
)
ANYTHING = VALUES | st.tuples(
    FUNCTIONS, st.recursive(VALUES, lambda inner: st.lists(inner, max_size=3), max_leaves=4)
).map(lambda pair: {pair[0]: pair[1]})


def places(value: object) -> list[tuple[object, object]]:
    """Every place in some data: what holds it, and the key or number."""
    found: list[tuple[object, object]] = []
    left = [value]
    while left:
        item = left.pop()
        members = (
            list(item.items()) if isinstance(item, dict) else list(enumerate(item)) if isinstance(item, list) else []
        )
        found += [(item, key) for key, _ in members]
        left += [member for _, member in members]
    return found


@given(
    apis=st.lists(apis_with_settings(), min_size=1, max_size=2, unique_by=lambda api: api.name.casefold()),
    changes=st.lists(st.tuples(st.integers(0, 10**6), ANYTHING), min_size=1, max_size=3),
    name=st.sampled_from(["any.json", "manifest.json", "Any.template.json"]),
)
@thorough(50)
def test_any_value_in_any_place_is_read_or_refused(
    apis: list[Api], changes: list[tuple[int, object]], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = template(apis)
    assert isinstance(whole["Resources"], dict)
    whole["Resources"] |= json.loads(json.dumps(GUESTS))
    for number, value in changes:
        everywhere = places(whole)
        holder, key = everywhere[number % len(everywhere)]
        holder[key] = json.loads(json.dumps(value))  # type: ignore[index]
    path = Path(tmp_path_factory.getbasetemp(), "arbitrary", name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert not any("\n" in line for line in told(path))


def told(path: Path) -> list[str]:
    """Every line that a user sees about a template."""
    try:
        described = read_file(path)
    except InputError as error:
        return [str(error)]
    lines = [*described.notes, *map(str, described.errors)]
    for api in described.apis:
        try:
            schema_sources(api)
        except InputError as error:
            lines.append(str(error))
    return lines
