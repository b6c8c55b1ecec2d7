"""Settings that only deployment knows: certain is exactly what every way of filling them in agrees on."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import AccessModel, Api, Caller, Mode, parse_schema
from appsync_lint.api import Provider, Unresolved, UserPool
from appsync_lint.schema import Field

from ..strategies import MODES, ApiSpec, World, apis, callers, thorough, worlds
from .reference import Reference, Who, fillings

ANY = "${Mode}"


def setting(options: tuple[str, ...]) -> Mode | Unresolved:
    return (
        Mode(options[0])
        if len(options) == 1
        else Unresolved(ANY, "a parameter", None, () if options == MODES else options)
    )


options = st.one_of(
    st.sampled_from(MODES).map(lambda mode: (mode,)),
    st.lists(st.sampled_from(MODES), min_size=2, max_size=3, unique=True).map(tuple),
    st.just(MODES),
)
actions = st.sampled_from((("ALLOW",), ("DENY",), ("ALLOW", "DENY"), (None,)))


@given(worlds(), options, st.lists(options, max_size=1), st.booleans(), actions, st.booleans(), callers())
@thorough(80)
def test_an_open_api_is_certain_of_what_all_its_fillings_agree_on(
    world: World,
    default: tuple[str, ...],
    additional: list[tuple[str, ...]],
    more: bool,
    action: tuple[str | None, ...],
    folds: bool,
    who: Who,
) -> None:
    pool = UserPool(default_action=Unresolved("${Action}") if len(action) == 2 else action[0])  # type: ignore[arg-type]
    api = Api(
        name="open",
        default=Provider(setting(default), user_pool=pool),
        additional=tuple(Provider(setting(item)) for item in additional),
        additional_open=Unresolved("${Providers}") if more else None,
    )
    api = replace(api, tool=replace(api.tool, folds_extensions=folds))
    model = AccessModel(parse_schema(world.sdl()), api)
    filled = [replace(spec, folds=folds) for spec in fillings(default, tuple(additional), more, action)]
    references = [Reference(world, spec) for spec in dict.fromkeys(normal(spec) for spec in filled)]
    universe = dict.fromkeys((item for reference in references for item in reference.callers()), None)
    assert {(caller.mode.value, caller.groups) for caller in model.callers} == set(universe)
    rows = {row.field.coordinate: row.verdicts for row in model.matrix()}
    for row in model.matrix():
        check_grant(model, row.field)
    for parent, field in references[0].edges():
        coordinate = f"{parent}.{field.name}"
        for caller, verdict in zip(model.callers, rows[coordinate], strict=True):
            assert verdict == agreed(references, parent, field.name, (caller.mode.value, caller.groups)), (
                coordinate,
                caller,
            )
        for name in (field.name, "__typename"):
            decision = model.decide(f"{parent}.{name}", Caller(Mode(who[0]), who[1]))
            assert decision.verdict == agreed(references, parent, name, who)
            assert decision.reason


def check_grant(model: AccessModel, field: Field) -> None:
    """A grant is exact about who is admitted; in doubt about one group of a mode, it is about all of them."""
    grant, allowed, doubtful = model.grant(field), model.allowed(field), model.doubtful(field)
    for caller in model.callers:
        bit = model.mask([caller])
        verdict = grant.verdict(caller)
        assert (verdict == "allow") == bool(allowed & bit)
        alike = model.mask(model.callers_of(caller.mode) if caller.groups else [caller])
        assert (verdict == "unknown") == (not allowed & bit and bool(doubtful & alike))


def normal(spec: ApiSpec) -> ApiSpec:
    """Bring providers into one order, each once: neither matters, and it saves the reference most of its work."""
    return replace(spec, additional=tuple(sorted(set(spec.additional))))


def agreed(references: list[Reference], parent: str, name: str, who: Who) -> str:
    found = {reference.decide(parent, name, who) for reference in references}
    return found.pop() if len(found) == 1 else "unknown"


@given(worlds(), apis())
@thorough(50)
def test_one_candidate_is_no_doubt(world: World, spec: ApiSpec) -> None:
    plain = Api.from_dict(spec.native())

    def opened(provider: Provider) -> Provider:
        assert isinstance(provider.mode, Mode)
        return replace(provider, mode=Unresolved("${M}", candidates=(provider.mode.value,)))

    opened_api = replace(plain, default=opened(plain.default), additional=tuple(map(opened, plain.additional)))
    schema = parse_schema(world.sdl())
    certain, open_model = AccessModel(schema, plain), AccessModel(schema, opened_api)
    assert set(certain.callers) == set(open_model.callers)
    for field in (row.field for row in certain.matrix()):
        for caller in certain.callers:
            left, right = certain.decide(field.coordinate, caller), open_model.decide(field.coordinate, caller)
            assert (left.verdict, left.facts, left.confidence) == (right.verdict, right.facts, right.confidence)


def test_an_open_second_mode() -> None:
    """Nobody knows whether @aws_auth counts; that the API key gets everywhere without directives is certain."""
    schema = parse_schema("type Query { a: Int b: Int @aws_iam }")
    api = Api("open", Provider(Mode.API_KEY), additional_open=Unresolved("!If [Dev, ...]", "a condition"))
    model = AccessModel(schema, api)
    key, iam = Caller.parse("api-key"), Caller.parse("iam")
    assert model.is_multi is None
    assert model.law is None
    assert model.decide("Query.a", key).verdict == "allow"
    assert model.decide("Query.a", key).facts == ("2.1",)
    assert model.decide("Query.a", iam).verdict == "deny"
    decision = model.decide("Query.b", key)
    assert decision.verdict == "unknown"
    assert decision.reason == "it depends on what deployment makes of !If [Dev, ...]"
    assert model.decide("Query.b", iam).verdict == "unknown"
    assert model.decide("Query.__typename", key).verdict == "allow"
    assert model.decide("Query.__typename", iam).verdict == "unknown"


def test_many_open_providers_are_quick() -> None:
    """Forty unknown modes are five modes, not 5 ** 40 combinations."""
    unknown = tuple(Provider(Unresolved(f"${{M{number}}}")) for number in range(40))
    model = AccessModel(parse_schema("type Query { a: Int }"), Api("open", Provider(Mode.API_KEY), unknown))
    assert model.decide("Query.a", Caller.parse("api-key")).verdict == "allow"
    assert model.is_multi is True


def test_deny_beside_perhaps_another_mode() -> None:
    """AppSync refuses DENY with additional modes (3.7), so either there are none or the API does not exist."""
    schema = parse_schema("type Query { a: Int }")
    pool = UserPool(default_action="DENY")
    default = Provider(Mode.AMAZON_COGNITO_USER_POOLS, user_pool=pool)
    model = AccessModel(schema, Api("open", default, additional_open=Unresolved("!If ...")))
    assert model.is_multi is False
    assert model.decide("Query.a", Caller.parse("cognito")).verdict == "deny"


def test_a_filling_is_what_deployment_can_do() -> None:
    """The test's own oracle: refused ways are left out, unless all are."""
    cognito = "AMAZON_COGNITO_USER_POOLS"
    assert len(fillings(("API_KEY",), (), True, (None,))) == 32
    assert fillings((cognito,), (("AWS_IAM",),), False, ("ALLOW", "DENY")) == [ApiSpec(cognito, ("AWS_IAM",), "ALLOW")]
    assert fillings((cognito,), (("AWS_IAM",),), False, ("DENY",)) == [ApiSpec(cognito, ("AWS_IAM",), "DENY")]
