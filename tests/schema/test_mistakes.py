"""A real mistake costs the field, or the definition, that has it: everything around it is read."""

from __future__ import annotations

import pytest

from appsync_lint import Schema, parse_schema
from appsync_lint.schema.recovery import MAX_PROBLEMS

AFTER = "\ntype Z {\n  z: Int\n}\n"


def shape(schema: Schema) -> dict[str, list[str]]:
    return {name: list(item.fields) for name, item in schema.types.items() if name != "Z"}


def read(text: str) -> Schema:
    schema = parse_schema(text + AFTER)
    assert list(schema.types["Z"].fields) == ["z"], "what follows the mistake is read"
    return schema


MISTAKES = {
    "no colon": ("type A {\n  a: Int\n  b Int\n  c: Int\n}", {"A": ["a", "c"]}, (3, 5)),
    "no type": ("type A {\n  a: Int\n  b:\n  c: Int\n}", {"A": ["a", "c"]}, (4, 4)),
    "no type, last": ("type A {\n  a: Int\n  b:\n}", {"A": ["a"]}, (4, 1)),
    "two colons": ("type A {\n  a:: Int\n  b: Int\n}", {"A": ["b"]}, (2, 5)),
    "argument without a colon": ("type A {\n  a(x Int, y: Int): Int\n  b: Int\n}", {"A": ["b"]}, (2, 7)),
    "arguments over lines": ("type A {\n  a(\n    x Int\n    y: Int\n  ): Int\n  b: Int\n}", {"A": ["b"]}, (3, 7)),
    "empty arguments": ("type A {\n  a(): Int\n  b: Int\n}", {"A": ["b"]}, (2, 5)),
    "parenthesis not closed": ("type A {\n  a(x: Int: Int\n  b: Int\n  c: Int\n}", {"A": ["b", "c"]}, (2, 11)),
    "bracket not closed": ("type A {\n  a: [Int\n  b: Int\n}", {"A": ["b"]}, (3, 3)),
    "bracket not opened": ("type A {\n  a: Int]\n  b: Int\n}", {"A": ["a", "b"]}, (2, 9)),
    "list of groups not closed": (
        'type A {\n  a: Int @aws_auth(cognito_groups: ["X")\n  b: Int\n}',
        {"A": ["b"]},
        (2, 40),
    ),
    "group without quotes": (
        "type A {\n  a: Int @aws_auth(cognito_groups: [${X}])\n  b: Int\n}",
        {"A": ["b"]},
        (2, 37),
    ),
    "directive without a name": ("type A {\n  a: Int @\n  b: Int @ (x: 1)\n  c: Int\n}", {"A": ["c"]}, (3, 4)),
    "all on one line": ("type A { a: Int b Int c(x: Int): Int @d(e: 1) f: Int }", {"A": ["a", "c", "f"]}, (1, 19)),
    "brace not closed": ("type A {\n  a: Int\n", {"A": ["a"]}, (1, 8)),
    "brace not closed, then a directive": ("type A {\n  a: Int\n\ndirective @x on OBJECT\n", {"A": ["a"]}, (1, 8)),
    "brace not closed, then a schema": ("type A {\n  a: Int\n\nschema { query: A }\n", {"A": ["a"]}, (1, 8)),
    "brace not closed, then an extension": ("type A {\n  a: Int\n\nextend type Z @x\n", {"A": ["a"]}, (1, 8)),
    "brace twice": ("type A {\n  a: Int\n}\n}", {"A": ["a"]}, (4, 1)),
    "brace not opened": ("type A\n  a: Int\n}", {"A": []}, (2, 3)),
    "keyword misspelt": ("tpye A {\n  a: Int\n}", {}, (1, 1)),
    "keyword misspelt, all on one line": (
        "type A { a: Int } tpye B { b: Int } type C { c: Int }",
        {"A": ["a"], "C": ["c"]},
        (1, 19),
    ),
    "no name": ("type {\n  a: Int\n}\ntype B { b: Int }", {"B": ["b"]}, (1, 6)),
    "a field called type without its colon": (
        "type A {\n  a: Int\n  type String\n  input: Int\n}",
        {"A": ["a", "input"]},
        (3, 8),
    ),
    "implements nobody": ("type A implements {\n  a: Int\n}", {}, (1, 19)),
    "a mistake in a schema block": ("schema {\n  query: Z\n  mutation\n}", {}, (4, 1)),
    "a number of no kind": ("type A {\n  a(x: Int = 1x): Int\n  b: Int\n}", {"A": ["b"]}, (2, 15)),
    "a description of nothing": ('type A { a: Int }\n"""about"""\n5', {"A": ["a"]}, (3, 1)),
    "a union without its last member": ("union U = A |\n\ntype A {\n  a: Int\n}", {"U": [], "A": ["a"]}, (3, 6)),
    "a scalar without a name": ("scalar\ntype A {\n  a: Int\n}", {"type": [], "A": ["a"]}, (2, 6)),
    "an enum value in quotes": ('enum E {\n  A\n  "B"\n}', {"E": []}, (4, 1)),
}


@pytest.mark.parametrize(("text", "expected", "place"), MISTAKES.values(), ids=MISTAKES)
def test_mistake(text: str, expected: dict[str, list[str]], place: tuple[int, int]) -> None:
    schema = read(text)
    assert shape(schema) == expected
    assert tuple(schema.problems[0].span.start) == place
    assert {problem.kind for problem in schema.problems} == {"syntax"}
    assert len(schema.problems) <= 2


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("type A { a: Int }\nextend\n\n", (2, 1), "unexpected end of file"),
        ("type A { a: Int }\ntype B { b: \n", (2, 11), "expected Name, found end of file"),
        ('type A { a: Int }\n"""about"""\n', (2, 1), "unexpected end of file"),
    ],
)
def test_a_mistake_at_the_end_points_at_the_last_word(text: str, place: tuple[int, int], said: str) -> None:
    schema = parse_schema(text)
    assert shape(schema)["A"] == ["a"]
    assert [(tuple(problem.span.start), problem.message) for problem in schema.problems] == [(place, said)]


def test_a_mistake_in_a_schema_block_keeps_its_other_roots() -> None:
    assert read("schema {\n  query: Z\n  mutation:: M\n  subscription: Z\n}").roots == {
        "query": "Z",
        "subscription": "Z",
    }


ODD = {
    "ideographic space": ("type A {\u3000a: Int\n  b:\u3000Int }", ["a", "b"], [(1, 9), (2, 5)]),
    "no-break space": ("type A {\n\u00a0 a: Int\n}", ["a"], [(2, 1)]),
    "NUL": ("type A { a:\0 Int }", ["a"], [(1, 12)]),
    "curly quotes": ("type A {\n  a: Int @x(y: [“B”])\n}", ["a"], [(2, 17), (2, 19)]),
    "single quotes": ("type A {\n  a: Int @x(y: ['B'])\n}", ["a"], [(2, 17), (2, 19)]),
    "an emoji": ("type A { a: Int 😀 b: Int }", ["a", "b"], [(1, 17)]),
    "a stretch of them": ("type A { a: Int ü¨😀§ b: Int }", ["a", "b"], [(1, 17)]),
    "a bad escape": ('type A { a: Int @x(y: "\\q") b: Int }', ["a", "b"], [(1, 23)]),
    "a lone surrogate": ('type A { a: Int @x(y: "\ud800") b: Int }', ["a", "b"], [(1, 23)]),
    "a lone surrogate in a description": ('"""\ud800 type N { n: Int }"""\ntype A { a: Int }', ["a"], [(1, 1)]),
    "a string that is not closed": ('type A {\n  a: Int @x(y: "B)\n  b: Int\n}', ["b"], [(2, 16), (4, 1)]),
    "a block string that is not closed": ('type A {\n  """ about\n  a: Int\n}', ["a"], [(2, 3)]),
}


@pytest.mark.parametrize(("text", "fields", "places"), ODD.values(), ids=ODD)
def test_odd_characters_are_stepped_over(text: str, fields: list[str], places: list[tuple[int, int]]) -> None:
    schema = read(text)
    assert shape(schema) == {"A": fields}
    assert [tuple(problem.span.start) for problem in schema.problems] == places


def test_places_after_a_mistake_are_exact() -> None:
    text = "\ufefftype A {\r\n  a Int\r\n  😀 b: Int;\r}\r\ninterface I implements J, K {}\n" + AFTER
    schema = parse_schema(text)
    for item in schema.types.values():
        assert item.span.text == item.name
        for field in item.fields.values():
            assert field.span.text == field.name
    assert [(problem.kind, tuple(problem.span.start), problem.span.text) for problem in schema.problems] == [
        ("syntax", (2, 5), "Int"),
        ("syntax", (3, 3), "😀"),
        ("semicolon", (3, 11), ";"),
        ("implements", (5, 27), "K"),
        ("empty-body", (5, 29), "{}"),
    ]


DEEP = 20_000
NESTED = {
    "list types": "type A { a: " + "[" * DEEP + "Int" + "]" * DEEP + "\n b: Int }",
    "list types, never closed": "type A { a: " + "[" * DEEP + "\n b: Int }",
    "default values": "type A { a(x: Int = " + "[" * DEEP + "]" * DEEP + "): Int\n b: Int }",
    "objects": "type A { a(x: Int = " + "{x: " * DEEP + "}" * DEEP + "): Int\n b: Int }",
    "directive arguments": "type A { a: Int @x(y: " + "[" * DEEP + "]" * DEEP + ")\n b: Int }",
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED)
def test_deep_nesting(text: str) -> None:
    schema = read(text)
    assert shape(schema) == {"A": ["b"]}
    assert [(problem.message, problem.span.start.line) for problem in schema.problems] == [("nested too deeply", 1)]


@pytest.mark.parametrize("text", ["{" * DEEP, "{ a " * DEEP, "query { " + "a { " * DEEP + "}" * DEEP + "}", "(" * DEEP])
def test_deep_nesting_that_is_no_type(text: str) -> None:
    assert shape(read(text + "\n")) == {}


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html>\n<p>hello</p>" * 500,
        '{"data": {"__schema": {"types": []}}}',
        "\0" * 5000,
        "lorem ipsum " * 5000,
        "😀" * 5000,
    ],
)
def test_a_text_that_is_no_schema_has_one_problem(text: str) -> None:
    schema = parse_schema(text)
    assert not schema.types
    assert len(schema.problems) == 1


def test_too_many_mistakes() -> None:
    """What was read before counts, and the reader is told that there is more."""
    schema = parse_schema("type A { a: Int }\n" + "type B { b Int }\n" * 500)
    assert list(schema.types["A"].fields) == ["a"]
    assert len(schema.problems) == MAX_PROBLEMS + 1
    assert schema.problems[-1].message == f"more than {MAX_PROBLEMS} mistakes; the rest of the file is not read"


def test_accepted_spellings_are_no_mistakes() -> None:
    fields = "\n".join(f"  f{number}: Int;" for number in range(1000))
    schema = parse_schema(f"type A {{\n{fields}\n}}")
    assert len(schema.types["A"].fields) == len(schema.problems) == 1000


#: Texts that would take minutes if reading on after a mistake looked again at all that it has seen.
LONG = {
    "fields on one line": "type A { x y " + "a: Int " * 20_000 + "}",
    "garbage on one line": "type A { " + "a 5 " * 20_000 + "}",
    "a definition misspelt": "tpye A { " + "a: Int " * 20_000 + "}",
    "a parenthesis never closed": "type A {\na(x: Int\n" + "a: Int\n" * 10_000 + "}",
    "semicolons": "type A {" + "a: Int;" * 10_000 + "}",
    "one type in many parts": "".join(f"extend type A @x {{ f{number}: Int }}\n" for number in range(5_000)),
    "one interface list": "type A implements " + ", ".join(f"I{number}" for number in range(10_000)) + " { a: Int }",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_long_texts_are_read_in_one_go(text: str) -> None:
    assert "Z" in read(text + "\n").types
