"""Trouble that real people reported: the model explains what the directives refused or admitted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from appsync_lint import AccessModel, Api, Caller, Mode, parse_schema

CASES = Path(__file__).parents[3] / "shared" / "cases"
FILES = sorted(CASES.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason="the cases are not beside the checkout")


def api_of(case: dict[str, Any]) -> Api:
    def provider(item: dict[str, Any]) -> dict[str, object]:
        return {"authenticationType": item["mode"]}

    described: dict[str, object] = provider(case["api"]["default"])
    action = case["api"]["default"].get("default_action")
    if action is not None:
        described["userPoolConfig"] = {"defaultAction": action}
    described["additionalAuthenticationProviders"] = [provider(item) for item in case["api"]["additional"]]
    return Api.from_dict(described)


def read(file: Path) -> tuple[dict[str, Any], AccessModel, Caller]:
    case = json.loads(file.read_text(encoding="utf-8"))
    schema = parse_schema(case["schema"], file.name)
    assert not schema.problems
    caller = Caller(Mode(case["caller"]["mode"]), frozenset(case["caller"].get("groups", ())))
    return case, AccessModel(schema, api_of(case)), caller


def decided_by_directives() -> list[Path]:
    return [file for file in FILES if json.loads(file.read_text(encoding="utf-8"))["layer"] == "schema"]


def expected(case: dict[str, Any], kind: str) -> list[str]:
    return [*case["expected"][kind], *case.get("inferred", {}).get(kind, ())]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_case(file: Path) -> None:
    case, model, caller = read(file)
    # Whoever else refuses a request, what was seen admitted was admitted by the directives too.
    for coordinate in expected(case, "authorized"):
        assert model.decide(coordinate, caller).verdict == "allow", coordinate
    if case["layer"] == "schema":
        for coordinate in expected(case, "unauthorized"):
            assert model.decide(coordinate, caller).verdict == "deny", coordinate


@pytest.mark.parametrize("file", decided_by_directives(), ids=lambda file: file.stem)
def test_a_refused_field_is_one_that_the_caller_gets_to(file: Path) -> None:
    """AppSync names the field that it refuses, so every field before it on the way admitted the caller."""
    case, model, caller = read(file)
    reach = model.reach("query", "mutation", "subscription")
    for kind in ("unauthorized", "authorized"):
        for coordinate in expected(case, kind):
            parent = coordinate.partition(".")[0]
            assert model.is_root(parent) or reach.path(parent, caller), coordinate


def test_a_report_with_two_sides_is_decided_both_ways() -> None:
    decided = {"unauthorized": 0, "authorized": 0}
    for file in decided_by_directives():
        case, _, _ = read(file)
        for kind in decided:
            decided[kind] += len(expected(case, kind))
    assert all(count > 20 for count in decided.values()), decided
