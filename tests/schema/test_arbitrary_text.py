"""Reading a schema never fails, whatever the text, and on valid text every way of reading agrees."""

from __future__ import annotations

from typing import Any

from graphql import Source, print_ast
from graphql.language import Lexer, TokenKind, parse
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint import Schema, parse_schema
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.schema.parser import Parsed
from appsync_lint.schema.recovery import MAX_PROBLEMS, RecoveringParser
from appsync_lint.text import SourceText

from ..strategies import World, thorough, worlds

WORDS = st.sampled_from(
    (
        *"type interface union enum input scalar schema directive extend implements on query fragment".split(),
        *"Query A a Int String true null".split(),
        *'{ } ( ) [ ] : = | & ! @ $ ... . , ; # " """ \\" \\ 0 01 1.5 -1 1e 😀 \u3000 \ufeff \0 \ud800'.split(" "),
        *("\n", "\r\n", "\r", "\t", " "),
        *("@aws_iam", '@aws_auth(cognito_groups: ["A"])', "{ a: Int }", "type Query {\n a: Int\n}", '"""x"""', '"x"'),
    )
)
soups = st.lists(WORDS, max_size=40).map(" ".join) | st.lists(WORDS, max_size=40).map("".join)


def check(text: str) -> Schema:
    schema = parse_schema(text)
    assert sum(problem.kind == "syntax" for problem in schema.problems) <= MAX_PROBLEMS + 1
    for problem in schema.problems:
        assert 0 <= problem.span.start_offset <= problem.span.end_offset <= len(text)
        assert problem.span.end >= problem.span.start >= (1, 1)
        assert problem.message
    for item in schema.types.values():
        assert item.span.text == item.name
        for field in (*item.fields.values(), *item.duplicates):
            assert field.span.text == field.name
            assert field.type_text
    for directive in schema.directives():
        assert directive.text.startswith("@")
    return schema


@given(st.text(max_size=200))
@thorough(150)
def test_any_text(text: str) -> None:
    check(text)


@given(st.binary(max_size=200))
@thorough(100)
def test_any_bytes(data: bytes) -> None:
    check(data.decode("latin-1"))


@given(soups)
@thorough(300)
def test_any_order_of_words(text: str) -> None:
    check(text)


@given(worlds(), st.data())
@thorough(125)
def test_a_schema_with_a_stretch_cut_out_or_put_in(world: World, data: st.DataObject) -> None:
    text = world.sdl(between=data.draw(st.sampled_from((" ", "\n"))))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    check(text[:start] + data.draw(soups) + text[end:])


def recovered(source: SourceText) -> Parsed:
    """Read a text by the recovering parser, whether or not it needs that."""
    parser = RecoveringParser(source, Source(source.text))
    document = parser.parse_document()
    return Parsed(source, document, tuple(parser.problems))


def outline(schema: Schema) -> list[Any]:
    return [
        (
            item.kind,
            item.name,
            item.interfaces,
            item.members,
            [(part.extension, part.span.text) for part in item.parts],
            [(d.text, d.place, d.from_extension, d.span.start) for d in item.directives],
            [
                (
                    f.name,
                    f.type_text,
                    f.type_name,
                    f.non_null,
                    f.is_list,
                    f.from_extension,
                    f.span.start,
                    [d.text for d in f.directives],
                )
                for f in (*item.fields.values(), *item.duplicates)
            ],
        )
        for item in schema.types.values()
    ]


@given(worlds(), st.sampled_from(("\n", " ", "\r\n", " ,\t")))
@thorough(75)
def test_both_parsers_read_a_valid_schema_alike(world: World, between: str) -> None:
    source = SourceText("s.graphql", world.sdl(between=between))
    fast, slow = build_schema([parse_text(source)]), build_schema([recovered(source)])
    assert fast.problems == slow.problems == ()
    assert outline(fast) == outline(slow)
    assert fast.roots == slow.roots


@given(worlds())
@thorough(50)
def test_graphql_core_prints_what_is_read_alike(world: World) -> None:
    """Layout is graphql-core's own here, descriptions and all."""
    text = print_ast(parse(world.sdl()))
    schema, original = parse_schema(text), parse_schema(world.sdl())
    assert schema.problems == ()
    assert [row[1:4] for row in outline(schema)] == [row[1:4] for row in outline(original)]


def tokens(text: str) -> list[tuple[int, int]]:
    lexer = Lexer(Source(text))
    found = []
    while lexer.advance().kind is not TokenKind.EOF:
        found.append((lexer.token.start, lexer.token.end))
    return found


def printed(world: World) -> str:
    """The schema as people write it: a field a line, braces on lines of their own."""
    return print_ast(parse(world.sdl()))


@given(worlds(extensions=False), st.data())
@thorough(150)
def test_a_lost_token_costs_its_own_definition_only(world: World, data: st.DataObject) -> None:
    """Whatever token is missing: few problems, and every other definition keeps all its fields."""
    text = printed(world)
    whole = parse_schema(text)
    start, end = data.draw(st.sampled_from(tokens(text)))
    broken = check(text[:start] + " " * (end - start) + text[end:])
    assert sum(problem.kind == "syntax" for problem in broken.problems) <= 3
    for item in whole.types.values():
        if not any(part.span.start_offset <= start < part.span.end_offset for part in item.parts):
            assert item.name in broken.types
            kept = broken.types[item.name]
            assert [(f.name, f.type_text, f.span.start) for f in kept.fields.values()] == [
                (f.name, f.type_text, f.span.start) for f in item.fields.values()
            ]
            assert [d.text for f in kept.fields.values() for d in f.directives] == [
                d.text for f in item.fields.values() for d in f.directives
            ]


@given(worlds(extensions=False), st.data())
@thorough(100)
def test_a_lost_token_in_a_field_costs_that_field_only(world: World, data: st.DataObject) -> None:
    """The fields on the other lines of the same type are there, in their places."""
    text = printed(world)
    whole = parse_schema(text)
    choices = [
        (field.node.loc.start, field.node.loc.end)
        for item in whole.types.values()
        for field in (*item.fields.values(), *item.duplicates)
        if field.node.loc is not None
    ]
    inside = [token for token in tokens(text) if any(start <= token[0] < end for start, end in choices)]
    start, end = data.draw(st.sampled_from(inside))
    broken = check(text[:start] + " " * (end - start) + text[end:])
    line = SourceText("", text).position(start).line
    for item in whole.types.values():
        for field in item.fields.values():
            if field.span.start.line not in (line, line + 1):
                assert field.name in broken.types[item.name].fields
