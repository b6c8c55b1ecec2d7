"""The model against the slow reference, over random schemas, APIs and callers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import AccessModel, Api, Caller, InputError, Mode, parse_schema
from appsync_lint.access import Reach

from ..strategies import ApiSpec, World, apis, callers, thorough, worlds
from .reference import Reference, Who, nullable_somewhere

OPERATIONS = st.sampled_from(
    (("query", "mutation"), ("query",), ("subscription",), ("query", "mutation", "subscription"))
)


def caller_of(who: Who) -> Caller:
    return Caller(Mode(who[0]), who[1])


def both(world: World, spec: ApiSpec) -> tuple[AccessModel, Reference]:
    schema = parse_schema(world.sdl())
    assert not schema.problems
    return AccessModel(schema, Api.from_dict(spec.native())), Reference(world, spec)


@given(worlds(), apis(), callers())
@thorough(200)
def test_decisions(world: World, spec: ApiSpec, who: Who) -> None:
    model, reference = both(world, spec)
    caller = caller_of(who)
    for item in reference.types.values():
        if item.kind == "union":
            assert model.decide(f"{item.name}.__typename", caller).verdict == reference.decide(
                item.name, "__typename", who
            )
            continue
        for name in (*item.all_fields(), "__typename"):
            decision = model.decide(f"{item.name}.{name}", caller)
            assert decision.verdict == reference.decide(item.name, name, who), (item.name, name)
            assert decision.reason
            assert decision.facts


@given(worlds(), apis())
@thorough(150)
def test_matrix_and_masks(world: World, spec: ApiSpec) -> None:
    model, reference = both(world, spec)
    universe = reference.callers()
    assert [(caller.mode.value, caller.groups) for caller in model.callers] == universe
    rows = {row.field.coordinate: row for row in model.matrix()}
    assert set(rows) == {f"{parent}.{name.name}" for parent, name in reference.edges()}
    for parent, field in reference.edges():
        row = rows[f"{parent}.{field.name}"]
        assert row.because
        assert list(row.verdicts) == [reference.decide(parent, field.name, who) for who in universe]
        merged = [reference.merged(parent, field.name, who) for who in universe]
        for mask, verdict in ((model.allowed(row.field), "allow"), (model.doubtful(row.field), "unknown")):
            assert [bool(mask >> index & 1) for index in range(len(universe))] == [item == verdict for item in merged]
            assert model.unmask(mask) == tuple(
                c for c, item in zip(model.callers, merged, strict=True) if item == verdict
            )
        grant = model.grant(row.field)
        assert [grant.verdict(caller) for caller in model.callers] == merged


@given(worlds(), apis(), OPERATIONS)
@thorough(120)
def test_reachability(world: World, spec: ApiSpec, operations: tuple[str, ...]) -> None:
    model, reference = both(world, spec)
    reach = model.reach(*operations)
    universe = reference.callers()
    certainly = [reference.distances(operations, who) for who in universe]
    possibly = [reference.distances(operations, who, possibly=True) for who in universe]
    for name in (*reference.types, "String", "Missing"):
        assert bits(reach.certain(name), universe) == [name in far for far in certainly], name
        assert bits(reach.possible(name), universe) == [name in far for far in possibly], name
    for item in reference.types.values():
        reached = {
            f"{parent}.{field.name}"
            for parent, field in reference.edges()
            if item.kind == "object"
            and item.name in reference.possible(field.named)
            and any(parent in far for far in possibly)
        }
        if item.kind == "object":
            assert {field.coordinate for field in reach.into(item.name)} == reached
        for who in universe:
            entries = reach.entries(item.name, model.mask([caller_of(who)]))
            if item.kind == "object":
                assert {field.coordinate for field in entries} == set(reference.entries(operations, item.name, who))


@given(worlds(), apis(), callers(), OPERATIONS)
@thorough(120)
def test_paths_and_nulls(world: World, spec: ApiSpec, who: Who, operations: tuple[str, ...]) -> None:
    model, reference = both(world, spec)
    reach = model.reach(*operations)
    caller = caller_of(who)
    roots = {name for operation, name in reference.roots.items() if operation in operations}
    far = reference.distances(operations, who)
    for item in reference.types.values():
        if item.kind == "object":
            check_path(model, reference, reach, item.name, who, roots, far)
            for field in model.schema.types[item.name].fields.values():
                stops, whole = reach.null_trail(field, caller)
                assert ({stop.coordinate for stop in stops}, whole) == reference.null_trail(operations, item.name, who)


def check_path(
    model: AccessModel, reference: Reference, reach: Reach, name: str, who: Who, roots: set[str], far: dict[str, int]
) -> None:
    path = reach.path(name, caller_of(who))
    if name in roots or name not in far:
        assert path == ()
        return
    assert len(path) == far[name]
    assert path[0].parent in roots
    assert name in reference.possible(path[-1].type_name)
    for above, below in pairwise(path):
        assert below.parent in reference.possible(above.type_name)
    for field in path:
        assert reference.merged(field.parent, field.name, who) == "allow"


def bits(mask: int, universe: list[Who]) -> list[bool]:
    return [bool(mask >> index & 1) for index in range(len(universe))]


@pytest.mark.parametrize(
    ("type_text", "stops"),
    [("A", True), ("A!", False), ("[A]", True), ("[A!]", True), ("[A]!", True), ("[A!]!", False)],
)
def test_where_a_null_stops(type_text: str, stops: bool) -> None:
    """SEMANTICS 7.1 on one chain: Query.a, whose type varies, then A.b, non-null and refused."""
    assert nullable_somewhere(type_text) == stops
    schema = parse_schema(f"type Query {{ a: {type_text} }} type A {{ b: Int! @aws_iam }}")
    model = AccessModel(schema, Api.from_dict(ApiSpec("API_KEY", ("AWS_IAM",)).native()))
    refused = schema.field("A.b")
    assert refused is not None
    trail = model.reach().null_trail(refused, Caller.parse("api-key"))
    assert [field.coordinate for field in trail.stops] == (["Query.a"] if stops else [])
    # Query has no directive, so the default mode gets to A and loses all of it or all of the response.
    assert trail.whole_response is not stops


def test_unknown_coordinates_are_refused_with_the_nearest_name() -> None:
    schema = parse_schema("type Query { post: Int } input Filter { post: Int } union U = Query")
    model = AccessModel(schema, Api.from_dict({"authenticationType": "API_KEY"}))
    caller = Caller.parse("api-key")
    for coordinate, hint in {
        "Query.pots": "did you mean Query.post?",
        "Qurey.post": "did you mean Query?",
        "Filter.post": "the schema has no field Filter.post",
        "Filter.__typename": "the schema has no field Filter.__typename",
        "U.post": "the schema has no field U.post",
        "Query": "the schema has no field Query",
        "": "the schema has no type",
    }.items():
        with pytest.raises(InputError) as error:
            model.decide(coordinate, caller)
        assert hint in str(error.value)


def test_reach_knows_three_operations() -> None:
    model = AccessModel(parse_schema("type Query { a: Int }"), Api.from_dict({"authenticationType": "API_KEY"}))
    with pytest.raises(InputError, match="'queries' is not an operation"):
        model.reach("queries")
