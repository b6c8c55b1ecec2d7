"""What subscriptions deliver: which mutations feed them, and the callers on either side."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import AccessModel, Api, Caller, Mode, parse_schema

from ..strategies import ApiSpec, Block, FieldSpec, Mark, World, apis, marks, thorough, worlds
from .reference import Reference

COGNITO_AND_KEY = Api.from_dict(
    {
        "authenticationType": "AMAZON_COGNITO_USER_POOLS",
        "userPoolConfig": {"defaultAction": "ALLOW"},
        "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}],
    }
)


def model_of(text: str, api: Api = COGNITO_AND_KEY) -> AccessModel:
    return AccessModel(parse_schema(text), api)


def test_subscribers_publishers_and_readers_are_told_apart() -> None:
    model = model_of(
        'type Query { post: Post @aws_cognito_user_pools(cognito_groups: ["A"]) }\n'
        "type Mutation { put: Post @aws_api_key  drop: Post @aws_api_key }\n"
        'type Subscription { onPut: Post @aws_subscribe(mutations: ["put", "none", "drop", "put"]) }\n'
        "type Post @aws_api_key @aws_cognito_user_pools { id: ID }"
    )
    [delivery] = model.deliveries()

    assert [item.value for item in delivery.feed.names] == ["put", "none", "drop", "put"]
    assert [field.coordinate for field in delivery.feed.mutations] == ["Mutation.put", "Mutation.drop"]
    assert delivery.subscribers == model.mask(model.callers_of(Mode.AMAZON_COGNITO_USER_POOLS))
    assert delivery.publishers == model.mask(model.callers_of(Mode.API_KEY))
    assert model.unmask(delivery.readers) == (Caller(Mode.AMAZON_COGNITO_USER_POOLS, frozenset("A")),)


def test_an_abstract_payload_is_delivered_as_each_of_its_types() -> None:
    model = model_of(
        "type Query { a: Int }\ntype Mutation { put: Item }\n"
        'type Subscription { onPut: Item @aws_subscribe(mutations: ["put"]) }\n'
        "union Item = A | B\ntype A { x: Int }\ntype B { x: Int }"
    )
    assert [item.definition.name for item in model.deliveries()] == ["A", "B"]


def test_what_nothing_feeds_delivers_nothing() -> None:
    for directive in ("", "@aws_subscribe", '@aws_subscribe(mutations: ["gone"])', '@aws_subscribe(mutations: "put")'):
        model = model_of(
            f"type Query {{ a: Int }}\ntype Mutation {{ put: T }}\ntype Subscription {{ on: T {directive} }}\n"
            "type T { x: Int }"
        )
        assert model.deliveries() == ()


@given(worlds(extensions=False), apis(), marks(), st.sampled_from(("T", "S", "I", "U", "[T!]!")))
@thorough(80)
def test_deliveries_agree_with_the_reference(world: World, spec: ApiSpec, on_field: tuple[Mark, ...], of: str) -> None:
    """A subscription added to any schema delivers to whom the reference lets in, whatever its payload's directives."""
    feeding = Mark("aws_subscribe", other='mutations: ["fed"]')
    publish = FieldSpec("fed", of)
    listen = FieldSpec("listen", of, (feeding, *(mark for mark in on_field if mark.name != "aws_subscribe")))
    blocks = [block for block in world.blocks if block.name not in ("Mutation", "Subscription")]
    blocks += [Block("object", "Mutation", (publish,)), Block("object", "Subscription", (listen,))]
    world = replace(world, blocks=tuple(blocks), schema_block=())
    reference = Reference(world, spec)
    model = AccessModel(parse_schema(world.sdl()), Api.from_dict(spec.native()))
    universe = reference.callers()

    def bits(mask: int) -> list[bool]:
        return [bool(mask & model.mask([Caller(Mode(mode), groups)])) for mode, groups in universe]

    found = {item.definition.name: item for item in model.deliveries()}
    assert set(found) == set(reference.possible(listen.named))
    for name, delivery in found.items():
        assert bits(delivery.subscribers) == [
            reference.merged("Subscription", "listen", who) == "allow" for who in universe
        ]
        assert bits(delivery.publishers) == [reference.merged("Mutation", "fed", who) == "allow" for who in universe]
        fields = reference.types[name].all_fields()
        assert bits(delivery.readers) == [
            name in reference.distances(("query",), who, possibly=True)
            and any(reference.merged(name, field, who) != "deny" for field in fields)
            for who in universe
        ]
