"""What the real service answered, 2,176 times: the model says the same, every time."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from appsync_lint import AccessModel, Api, Caller, parse_schema

from .test_tables import COGNITO_ALONE, COGNITO_THEN_IAM, IAM_THEN_COGNITO, path

MEASURED = Path(__file__).parents[3] / "shared" / "measured" / "aws-auth-directives.tsv"
APIS: dict[str, Mapping[str, object]] = {
    "cognito-deny": COGNITO_ALONE["DENY"],
    "cognito-allow": COGNITO_ALONE["ALLOW"],
    "cognito-then-iam": COGNITO_THEN_IAM,
    "iam-then-cognito": IAM_THEN_COGNITO,
}
CALLERS = {"cognito_user": Caller.parse("cognito:user"), "iam": Caller.parse("iam")}

pytestmark = pytest.mark.skipif(not MEASURED.exists(), reason="the measurements are not beside the checkout")


def rows(api: str) -> Iterator[dict[str, str]]:
    with MEASURED.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.DictReader(file, delimiter="\t") if row["api"] == api)


@pytest.mark.parametrize(("api", "outcomes"), [(name, 64 if "then" not in name else 1024) for name in APIS])
def test_the_service_and_the_model_agree(api: str, outcomes: int) -> None:
    description = Api.from_dict(APIS[api])
    compared = 0
    for row in rows(api):
        schema = parse_schema(
            f"type Query {{ q: T! {row['query_field']} }}\n"
            f"type T {row['object_type']} {{ f: String! {row['nested_field']} }}"
        )
        model = AccessModel(schema, description)
        for column, caller in CALLERS.items():
            if row[column]:
                assert path(model, caller) == row[column], row
                compared += 1
    assert compared == outcomes
