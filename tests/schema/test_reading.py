"""What AppSync deploys although GraphQL does not allow it, and what belongs together although it is written apart."""

from __future__ import annotations

import pytest

from appsync_lint import Schema, parse_schema
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText

BLOG = "type Query { post: Post }\ntype Post { id: ID! title: String }\n"


def shape(schema: Schema) -> dict[str, list[str]]:
    return {name: list(item.fields) for name, item in schema.types.items()}


def kinds(schema: Schema) -> list[str]:
    return [problem.kind for problem in schema.problems]


@pytest.mark.parametrize("text", ["", " \n\t", "\ufeff", "# nothing here\n", ",,,"])
def test_an_empty_file_is_an_empty_schema(text: str) -> None:
    schema = parse_schema(text)
    assert shape(schema) == {}
    assert schema.roots == {}
    # graphql-core's complaint about the missing definition is not a mistake in a text without any.
    assert kinds(schema) == []


def test_semicolons() -> None:
    schema = parse_schema("type Query {\n  a: Int;\n  b(x: Int;): Int;;\n};\nscalar Odd;\n")
    assert shape(schema) == {"Query": ["a", "b"], "Odd": []}
    assert set(kinds(schema)) == {"semicolon"}
    assert [tuple(problem.span.start) for problem in schema.problems] == [
        (2, 9),
        (3, 11),
        (3, 18),
        (3, 19),
        (4, 2),
        (5, 11),
    ]
    assert {problem.span.text for problem in schema.problems} == {";"}


@pytest.mark.parametrize("written", ["I, J", "I J", "I & J", "& I & J", "I,J", "I\n J"])
def test_interfaces(written: str) -> None:
    schema = parse_schema(
        f"type A implements {written} @aws_iam {{ x: Int }}\ninterface I {{ x: Int }}\ninterface J {{ x: Int }}"
    )
    assert schema.types["A"].interfaces == ("I", "J")
    assert [directive.name for directive in schema.types["A"].directives] == ["aws_iam"]
    assert schema.possible_types("J") == ("A",)
    assert kinds(schema) == ([] if "&" in written else ["implements"])


def test_interfaces_end_where_the_next_definition_begins() -> None:
    schema = parse_schema("type A implements I, J\n\ntype B { x: Int }\nextend type A { y: Int }")
    assert schema.types["A"].interfaces == ("I", "J")
    assert shape(schema) == {"A": ["y"], "B": ["x"]}


@pytest.mark.parametrize("head", ["type A", "interface A", "input A", "enum A", "extend type A", "schema"])
def test_empty_bodies(head: str) -> None:
    schema = parse_schema(f"type Query {{ a: Int }}\n{head} {{}}\ntype Z {{ z: Int }}")
    assert kinds(schema) == ["empty-body"]
    assert schema.problems[0].span.text == "{}"
    assert schema.types["Z"].fields.keys() == {"z"}
    assert schema.roots == {"query": "Query"}


def test_a_type_without_a_body_is_valid() -> None:
    schema = parse_schema("type A @aws_iam\ntype B")
    assert shape(schema) == {"A": [], "B": []}
    assert kinds(schema) == []


def test_directives_anywhere_and_of_any_name() -> None:
    schema = parse_schema(
        """
        schema @a { query: Query }
        scalar Odd @b
        type Query @c { f(x: Int @d): Int @e @unknown(anything: {at: [all, 1, null]}) }
        interface I @g { x: Int @h }
        union U @i = Query
        enum E @j { V @k }
        input In @l { x: Int @m }
        extend type Query @n
        directive @aws_iam on FIELD
        """
    )
    assert kinds(schema) == []
    assert {(directive.name, directive.owner, directive.place) for directive in schema.directives()} == {
        ("a", "schema", "SCHEMA"),
        ("b", "Odd", "SCALAR"),
        ("c", "Query", "OBJECT"),
        ("d", "Query.f(x:)", "ARGUMENT_DEFINITION"),
        ("e", "Query.f", "FIELD_DEFINITION"),
        ("unknown", "Query.f", "FIELD_DEFINITION"),
        ("g", "I", "INTERFACE"),
        ("h", "I.x", "FIELD_DEFINITION"),
        ("i", "U", "UNION"),
        ("j", "E", "ENUM"),
        ("k", "E.V", "ENUM_VALUE"),
        ("l", "In", "INPUT_OBJECT"),
        ("m", "In.x", "INPUT_FIELD_DEFINITION"),
        ("n", "Query", "OBJECT"),
    }
    assert [(item.name, item.part.span.text) for item in schema.directive_definitions] == [
        ("aws_iam", "directive @aws_iam on FIELD")
    ]
    assert [item.from_extension for item in schema.directives() if item.name in "cn"] == [False, True]


def test_the_same_value_in_two_files_keeps_its_own() -> None:
    """Two enum values that look alike are not the same: each directive points into the file it stands in."""
    texts = [
        SourceText(f"{name}.graphql", f"{head} E {{ V @{name} W @x }}")
        for name, head in (("one", "enum"), ("two", "extend enum"))
    ]
    directives = [item for item in build_schema(map(parse_text, texts)).directives() if item.name == "x"]
    assert [(item.span.path, item.from_extension) for item in directives] == [
        ("one.graphql", False),
        ("two.graphql", True),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks(ends: str, mark: str) -> None:
    schema = parse_schema(mark + BLOG.replace("\n", ends))
    assert shape(schema) == {"Query": ["post"], "Post": ["id", "title"]}
    assert kinds(schema) == []
    title = schema.field("Post.title")
    assert title is not None
    assert title.span.start == (2, 21)
    assert title.span.text == "title"


def test_types_repeated_over_files_are_one() -> None:
    """SEMANTICS A5: modules repeat `type Query`; the first declaration of a field counts, each knows its file."""
    files = {
        "a.graphql": 'type Query @aws_iam { a: Int } "first"',
        "b.graphql": "type Query @aws_api_key { b: Int a: String }\ntype Post { id: ID }",
    }
    files["a.graphql"] = "type Query @aws_iam { a: Int }"
    schema = build_schema(parse_text(SourceText(path, text)) for path, text in files.items())
    query = schema.types["Query"]
    assert list(query.fields) == ["a", "b"]
    assert query.fields["a"].type_name == "Int"
    assert [(item.coordinate, item.type_name, item.span.path) for item in query.duplicates] == [
        ("Query.a", "String", "b.graphql")
    ]
    assert [item.span.path for item in query.fields.values()] == ["a.graphql", "b.graphql"]
    assert [directive.name for directive in query.directives] == ["aws_iam", "aws_api_key"]
    assert query.span.path == "a.graphql"
    assert [source.path for source in schema.sources] == list(files)
    assert kinds(schema) == []


def test_an_extension_before_its_base() -> None:
    """SEMANTICS 9.4: the base definition is what AppSync keeps, wherever the extension stands."""
    schema = parse_schema("extend type A @x { b: Int @y a: Int }\ntype A { a: String }\ntype Query { q: Int }")
    item = schema.types["A"]
    assert item.fields["a"].type_name == "String"
    assert not item.fields["a"].from_extension
    assert item.fields["b"].from_extension
    assert [duplicate.type_name for duplicate in item.duplicates] == ["Int"]
    assert item.span.start == (2, 6)
    assert not item.only_extended
    assert all(directive.from_extension for directive in schema.directives())


def test_a_type_that_is_only_extended() -> None:
    item = parse_schema("extend type A { a: Int }").types["A"]
    assert item.only_extended
    assert item.span.start == (1, 13)


def test_two_kinds_under_one_name() -> None:
    schema = parse_schema("type A { a: Int }\ninput A { b: Int }\nunion A = B")
    assert schema.types["A"].kind == "object"
    assert [(problem.kind, tuple(problem.span.start)) for problem in schema.problems] == [
        ("syntax", (2, 7)),
        ("syntax", (3, 7)),
    ]
    assert "A is defined as an input here and as a type before" in schema.problems[0].message


@pytest.mark.parametrize(
    ("text", "roots"),
    [
        ("", {"query": "Query", "mutation": "Mutation"}),
        ("schema { query: Query }", {"query": "Query"}),
        ("schema { query: Ops mutation: Missing subscription: In }", {"query": "Ops"}),
        ("schema { query: Query, mutation: Query }", {"query": "Query", "mutation": "Query"}),
        ("schema { query: Query query: Ops }", {"query": "Query"}),
        (
            "schema @aws_iam { query: Ops }\nextend schema { mutation: Mutation }",
            {"query": "Ops", "mutation": "Mutation"},
        ),
        ("extend schema { subscription: Ops }", {"query": "Query", "mutation": "Mutation", "subscription": "Ops"}),
        ("extend schema @aws_iam", {"query": "Query", "mutation": "Mutation"}),
        ('"""About."""\nschema { "q" query: Ops }', {"query": "Ops"}),
    ],
)
def test_roots(text: str, roots: dict[str, str]) -> None:
    types = "type Query { q: Int } type Mutation { m: Int } type Ops { o: Int } input In { i: Int }"
    schema = parse_schema(f"{text}\n{types}")
    assert schema.roots == roots


def test_schema_parts_have_places() -> None:
    schema = parse_schema(
        "schema @aws_iam { query: Q }\nextend schema { mutation: M }\ntype Q { a: Int } type M { b: Int }"
    )
    assert [part.name_span.text for part in schema.schema_parts] == ["schema", "extend"]
    assert [directive.owner for directive in schema.schema_directives] == ["schema"]


def test_client_operations_beside_types_are_set_aside() -> None:
    schema = parse_schema(
        BLOG
        + "query List($n: Int = 3) { post { ...F } }\nfragment F on Post { id }\n{ post { id } }\nsubscription { x }"
    )
    assert shape(schema) == {"Query": ["post"], "Post": ["id", "title"]}
    assert [tuple(part.span.start) for part in schema.skipped] == [(3, 1), (4, 1), (5, 1), (6, 1)]
    assert schema.problems == ()


def test_amplify_source_is_read_like_any_schema() -> None:
    schema = parse_schema(
        "input AMPLIFY { globalAuthRule: AuthRule = { allow: public } }\n"
        'type Post @model @auth(rules: [{allow: owner, provider: userPools}, {allow: groups, groups: ["Admin"]}]) {\n'
        '  id: ID! @primaryKey(sortKeyFields: ["title"])\n  title: String! @index(name: "byTitle")\n  tags: [Tag] @manyToMany(relationName: "T")\n}'
    )
    assert schema.problems == ()
    assert [item.name for item in schema.applied("model", "auth")] == ["model", "auth"]
    assert list(schema.types["Post"].fields) == ["id", "title", "tags"]


def test_keywords_in_descriptions_comments_and_names_define_nothing() -> None:
    schema = parse_schema(
        '"""\ntype No { a: Int }\n"""\n'
        "type Query {\n"
        '  "type No { a: Int }" type: String\n'
        "  # extend type No { a: Int }\n"
        '  """\n  union No = Query\n  """\n'
        "  input(type: Int, extend: [Int] = [1]): Int\n"
        "  schema: Int scalar: Int directive: Int implements: Int on: Int query: Int mutation(enum: Int): Int\n"
        "}"
    )
    assert schema.problems == ()
    assert shape(schema) == {"Query": "type input schema scalar directive implements on query mutation".split()}


def test_types_as_written() -> None:
    schema = parse_schema("type A { a: [ B ! ] ! b: [[Int!]] c: B d: B! } type B { x: Int }")
    fields = schema.types["A"].fields
    assert [field.type_text for field in fields.values()] == ["[B!]!", "[[Int!]]", "B", "B!"]
    assert [field.type_name for field in fields.values()] == ["B", "Int", "B", "B"]
    assert [field.non_null for field in fields.values()] == [True, False, False, True]
    assert [field.is_list for field in fields.values()] == [True, True, False, False]


def test_possible_types() -> None:
    schema = parse_schema(
        "interface I { x: Int } interface J implements I { x: Int } type A implements J { x: Int } type B { x: Int }\n"
        "union U = A | B | A | I | Missing union V = Missing interface Alone { x: Int } scalar S enum E { A } input In { x: Int }\n"
        "type C implements I & J & Missing & B { x: Int }"
    )
    assert {name: schema.possible_types(name) for name in (*schema.types, "Missing")} == {
        "I": ("A", "C"),
        "J": ("A", "C"),
        "A": ("A",),
        "B": ("B",),
        "U": ("A", "B"),
        "V": (),
        "Alone": (),
        "S": (),
        "E": (),
        "In": (),
        "C": ("C",),
        "Missing": (),
    }


def test_interfaces_that_implement_each_other_end() -> None:
    schema = parse_schema(
        "interface I implements J { x: Int } interface J implements I { x: Int } type A implements I { x: Int }"
    )
    assert schema.possible_types("I") == schema.possible_types("J") == ("A",)
