"""What must hold whatever the schema: the laws of SEMANTICS section 2 and 3, stated over the model alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appsync_lint import AccessModel, Api, Caller, Mode, parse_schema

from ..strategies import ApiSpec, Mark, World, apis, marks, thorough, worlds

RANK = {"deny": 0, "unknown": 1, "allow": 2}
DIRECTIVES = {
    "API_KEY": "aws_api_key",
    "AWS_IAM": "aws_iam",
    "AMAZON_COGNITO_USER_POOLS": "aws_cognito_user_pools",
    "OPENID_CONNECT": "aws_oidc",
    "AWS_LAMBDA": "aws_lambda",
}
ENFORCED = set(DIRECTIVES.values())
COGNITO = Mode.AMAZON_COGNITO_USER_POOLS
groups = st.frozensets(st.sampled_from(("A", "B", "${G}", "Z")))


def model_of(text: str, spec: ApiSpec) -> AccessModel:
    return AccessModel(parse_schema(text), Api.from_dict(spec.native()))


def verdicts(model: AccessModel, extra: tuple[Caller, ...] = ()) -> dict[str, list[str]]:
    callers = (*model.callers, *extra)
    return {
        row.field.coordinate: [model.decide(row.field.coordinate, caller).verdict for caller in callers]
        for row in model.matrix()
    }


@given(worlds(), apis(), groups, groups)
@thorough(60)
def test_more_groups_never_admit_less(world: World, spec: ApiSpec, some: frozenset[str], more: frozenset[str]) -> None:
    model = model_of(world.sdl(), spec)
    for row in model.matrix():
        few = model.decide(row.field.coordinate, Caller(COGNITO, some)).verdict
        many = model.decide(row.field.coordinate, Caller(COGNITO, some | more)).verdict
        assert RANK[few] <= RANK[many]


@given(worlds(extensions=False), apis(several=True), st.data())
@thorough(60)
def test_a_directive_for_another_mode_removes_the_default(world: World, spec: ApiSpec, data: st.DataObject) -> None:
    """SEMANTICS 2.1: a field that nothing decides is the default mode's until it names another."""
    others = [mode for mode in spec.additional if mode != spec.default]
    assume(others and spec.action != "DENY")
    plain = World(tuple(replace(block, marks=()) for block in world.blocks), world.schema_block)
    coordinates = [f"{b.name}.{f.name}" for b in plain.blocks for f in b.fields if b.kind == "object"]
    coordinate = data.draw(st.sampled_from(coordinates))
    before = model_of(plain.with_marks({coordinate: ()}).sdl(), spec)
    named = data.draw(st.sampled_from(others))
    after = model_of(plain.with_marks({coordinate: (Mark(DIRECTIVES[named]),)}).sdl(), spec)
    default, other = Caller(Mode(spec.default)), Caller(Mode(named))
    assert [before.decide(coordinate, caller).verdict for caller in (default, other)] == ["allow", "deny"]
    assert [after.decide(coordinate, caller).verdict for caller in (default, other)] == ["deny", "allow"]


@given(worlds(extensions=False), apis(several=True), marks(), st.data())
@thorough(60)
def test_a_field_replaces_its_type(world: World, spec: ApiSpec, other: tuple[Mark, ...], data: st.DataObject) -> None:
    """SEMANTICS 2.2: where a field has a directive that counts, those on its type do not matter."""
    name = data.draw(st.sampled_from([block.name for block in world.blocks if block.kind == "object"]))
    blocks = tuple(replace(block, marks=other) if block.name == name else block for block in world.blocks)
    before, after = model_of(world.sdl(), spec), model_of(replace(world, blocks=blocks).sdl(), spec)
    callers = tuple(Caller(COGNITO, frozenset(names)) for names in ("", "A", "B"))
    for field in before.schema.types[name].fields.values():
        if any(directive.name in ENFORCED for directive in field.directives):
            for caller in (*(Caller(mode) for mode in Mode), *callers):
                verdict = before.decide(field.coordinate, caller).verdict
                assert after.decide(field.coordinate, caller).verdict == verdict


@given(worlds(), apis())
@thorough(60)
def test_the_order_of_directives_does_not_matter(world: World, spec: ApiSpec) -> None:
    blocks = tuple(
        replace(
            block,
            marks=block.marks[::-1],
            fields=tuple(replace(field, marks=field.marks[::-1]) for field in block.fields),
        )
        for block in world.blocks
    )
    turned = replace(world, blocks=blocks)
    assert verdicts(model_of(world.sdl(), spec)) == verdicts(model_of(turned.sdl(), spec))


FORMATS = [
    {"between": " ", "end": " "},
    {"between": "\r\n", "end": "\r"},
    {"between": " , ", "end": ",,\n"},
    {"between": '\n# type Query @aws_iam { a: Int } """\n', "end": "\n\n"},
    {"between": "\ufeff\t", "end": " "},
]


@given(worlds(), apis(), st.sampled_from(FORMATS))
@thorough(60)
def test_formatting_does_not_matter(world: World, spec: ApiSpec, layout: dict[str, str]) -> None:
    model = model_of(world.sdl(**layout), spec)
    assert not model.schema.problems
    assert verdicts(model) == verdicts(model_of(world.sdl(), spec))


@given(worlds(), apis(), st.sampled_from((" ", ", ", " ,\n", " & ")))
@thorough(40)
def test_interfaces_may_stand_without_an_ampersand(world: World, spec: ApiSpec, separator: str) -> None:
    """SEMANTICS 9.5: AppSync accepts commas; the recovering parser reads the same schema, layout and all."""
    text = world.sdl(separator=separator, between=" ", end=" ")
    assert verdicts(model_of(text, spec)) == verdicts(model_of(world.sdl(), spec))


@pytest.mark.parametrize("mode", [mode for mode in DIRECTIVES if mode != COGNITO.value])
def test_a_single_mode_reads_no_directive_of_another(mode: str) -> None:
    """SEMANTICS 2.9 and A1: admitted, and only medium sure of it; a matching directive leaves no doubt."""
    for name, confidence in {DIRECTIVES[mode]: "high", "aws_auth": "high", "aws_cognito_user_pools": "medium"}.items():
        model = model_of(f"type Query {{ a: Int @{name} }}", ApiSpec(mode))
        decision = model.decide("Query.a", Caller(Mode(mode)))
        assert (decision.verdict, decision.confidence) == ("allow", confidence)
        assert decision.facts == (("2.9", "A1") if confidence == "medium" else ("2.1",))


FACTS = [
    # schema, API, caller, verdict, facts
    ("a: Int", ApiSpec("API_KEY", ("AWS_IAM",)), "iam", "deny", ("2.1",)),
    ("a: Int", ApiSpec("API_KEY", ("AWS_IAM",)), "oidc", "deny", ("4.4",)),
    ("a: Int @aws_iam", ApiSpec("API_KEY", ("AWS_IAM",)), "iam", "allow", ("2.2",)),
    ("a: Int @aws_oidc", ApiSpec("API_KEY", ("AWS_IAM",)), "iam", "deny", ("2.2", "1.9")),
    ("a: Int", ApiSpec(COGNITO.value, (), "DENY"), "cognito", "deny", ("3.1",)),
    ("a: Int @aws_auth", ApiSpec(COGNITO.value, (), "DENY"), "cognito", "allow", ("3.1",)),
    ("a: Int @aws_cognito_user_pools", ApiSpec(COGNITO.value, (), "DENY"), "cognito", "deny", ("3.1", "3.4")),
    ("a: Int", ApiSpec(COGNITO.value), "cognito", "unknown", ("3.6",)),
    ("a: Int", ApiSpec(COGNITO.value, ("AWS_IAM",), "DENY"), "cognito", "unknown", ("3.7",)),
    ("a: Int", ApiSpec(COGNITO.value, ("AWS_IAM",), "DENY"), "iam", "unknown", ("3.7",)),
    (
        "a: Int @aws_auth(cognito_groups: [])",
        ApiSpec(COGNITO.value, (), "DENY"),
        "cognito:A",
        "unknown",
        ("1.11", "3.10"),
    ),
    (
        'a: Int @aws_cognito_user_pools(cognito_groups: "A")',
        ApiSpec("API_KEY", (COGNITO.value,)),
        "cognito:A",
        "unknown",
        ("1.11", "3.10"),
    ),
    (
        'a: Int @aws_cognito_user_pools(cognito_groups: ["${G}"])',
        ApiSpec("API_KEY", (COGNITO.value,)),
        "cognito:A",
        "unknown",
        ("9.11",),
    ),
    (
        'a: Int @aws_cognito_user_pools(cognito_groups: ["${G}"])',
        ApiSpec("API_KEY", (COGNITO.value,)),
        "cognito",
        "deny",
        ("2.2",),
    ),
    (
        'a: Int @aws_cognito_user_pools(groups: ["A"])',
        ApiSpec("API_KEY", (COGNITO.value,)),
        "cognito",
        "allow",
        ("2.2",),
    ),
    (
        'a: Int @aws_cognito_user_pools(cognito_groups: ["a"])',
        ApiSpec("API_KEY", (COGNITO.value,)),
        "cognito:A",
        "deny",
        ("2.2",),
    ),
    (
        'a: Int @aws_auth(cognito_groups: ["A"])',
        ApiSpec(COGNITO.value, ("AWS_IAM",), "ALLOW"),
        "cognito",
        "allow",
        ("2.1",),
    ),
]


@pytest.mark.parametrize(("field", "spec", "caller", "verdict", "facts"), FACTS)
def test_a_verdict_names_its_facts(
    field: str, spec: ApiSpec, caller: str, verdict: str, facts: tuple[str, ...]
) -> None:
    decision = model_of(f"type Query {{ {field} }}", spec).decide("Query.a", Caller.parse(caller))
    assert (decision.verdict, decision.facts) == (verdict, facts)


def test_root_type_auth_is_unknown() -> None:
    model = model_of('type Query @aws_auth(cognito_groups: ["A"]) { a: Int }', ApiSpec(COGNITO.value, (), "ALLOW"))
    assert model.decide("Query.a", Caller.parse("cognito:A")).facts == ("3.9",)
    assert model.decide("Query.a", Caller.parse("cognito:A")).verdict == "unknown"


def test_extensions() -> None:
    """SEMANTICS 9.4: AppSync drops extend blocks, fields and directives alike, unless a tool merges them first."""
    text = "type Query { a: Int } extend type Query @aws_iam { b: Int }"
    iam = Caller.parse("iam")
    dropped = model_of(text, ApiSpec("API_KEY", ("AWS_IAM",)))
    assert dropped.decide("Query.a", iam).verdict == "deny"
    assert (dropped.decide("Query.b", iam).verdict, dropped.decide("Query.b", iam).facts) == ("unknown", ("9.4",))
    merged = model_of(text, ApiSpec("API_KEY", ("AWS_IAM",), folds=True))
    assert merged.decide("Query.a", iam).verdict == merged.decide("Query.b", iam).verdict == "allow"


def test_a_pool_beside_a_pool_is_several_modes() -> None:
    """Two user pools are two providers (SEMANTICS 1.13), so @aws_auth is off and groups match in either (1.14)."""
    pools = ApiSpec(COGNITO.value, (COGNITO.value,), "ALLOW")
    model = model_of(
        'type Query { a: Int @aws_auth(cognito_groups: ["A"]) b: Int @aws_cognito_user_pools(cognito_groups: ["A"]) }',
        pools,
    )
    assert model.is_multi is True
    nobody, member = Caller.parse("cognito"), Caller.parse("cognito:A")
    assert [model.decide("Query.a", caller).verdict for caller in (nobody, member)] == ["allow", "allow"]
    assert [model.decide("Query.b", caller).verdict for caller in (nobody, member)] == ["deny", "allow"]


def test_an_interface_field_follows_its_objects() -> None:
    text = "interface I @aws_iam { x: Int @aws_iam } type A implements I { x: Int } type B implements I { x: Int %s }"
    key, iam = Caller.parse("api-key"), Caller.parse("iam")
    spec = ApiSpec("API_KEY", ("AWS_IAM",))
    alike = model_of("type Query { a: Int } " + text % "", spec)
    assert [alike.decide("I.x", caller).verdict for caller in (key, iam)] == ["allow", "deny"]
    split = model_of("type Query { a: Int } " + text % "@aws_iam", spec)
    decision = split.decide("I.x", key)
    assert (decision.verdict, decision.facts) == ("unknown", ("2.7",))
    assert "allow on A" in decision.reason
    assert "deny on B" in decision.reason
    assert model_of("type Query { a: Int } interface I { x: Int }", spec).decide("I.x", key).verdict == "unknown"


@given(worlds(), apis())
@thorough(60)
def test_a_type_decides_for_its_undirected_fields(world: World, spec: ApiSpec) -> None:
    model = model_of(world.sdl(), spec)
    for definition in model.schema.objects:
        for field in definition.fields.values():
            if not field.directives:
                assert model.undirected(definition) == model.grant(field)
