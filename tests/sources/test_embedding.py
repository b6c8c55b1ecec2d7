"""Schemas inside YAML and JSON strings: every character is found again in the file that holds it."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from appsync_lint.sources.loader import embedded, load_tree
from appsync_lint.text import EmbeddedText, SourceText
from appsync_lint.tree import Scalar, Table

from ..strategies import thorough


def embed(text: str, path: str = "file.yaml") -> EmbeddedText:
    """Load a file and return the text under its key ``Definition``."""
    source = SourceText(path, text)
    tree = load_tree(source)
    assert isinstance(tree, Table)
    scalar = tree.get("Definition")
    assert isinstance(scalar, Scalar)
    found = embedded(scalar, source)
    assert found.text == scalar.text
    return found


def spans(text: EmbeddedText, pattern: str) -> list[tuple[str, str]]:
    """What a pattern matches in the embedded text, and what stands at that place in the file."""
    return [(match[0], text.span(*match.span()).text) for match in re.finditer(pattern, text.text)]


def assert_words_are_found(text: EmbeddedText) -> None:
    for word, there in spans(text, r"[A-Za-z_]\w*"):
        assert there == word


WORD = st.sampled_from(
    ["type", "Query", "a", "posts", "[Post!]!", "{", "}", "(id: ID!)", "@aws_iam", "'quoted'", '"x \\" y"', "é😀", "\\"]
)
LINE = st.builds(
    lambda indent, words, blanks: " " * indent + " ".join(words) + blanks,
    st.integers(0, 6),
    st.lists(WORD, max_size=6),
    st.sampled_from(["", "", " ", "\t"]),
)
SDL = st.lists(LINE, min_size=1, max_size=8).map("\n".join)


@given(
    SDL,
    st.sampled_from(["|", ">", "'", '"', None]),
    st.booleans(),
    st.integers(20, 100),
    st.sampled_from(["\n", "\r\n"]),
)
@thorough(200)
def test_words_are_found_in_every_style_of_yaml(
    sdl: str, style: str | None, escaped: bool, width: int, line_end: str
) -> None:
    data = {"First": 1, "Definition": sdl, "Last": "x"}
    text = yaml.dump(data, default_style=style, allow_unicode=not escaped, width=width, sort_keys=False)
    if line_end != "\n":
        text = text.replace("\n", line_end)
    found = embed(text)
    assert found.text == yaml.safe_load(text)["Definition"]
    for word, there in spans(found, r"[A-Za-z_]+"):
        assert there == word


@given(st.text(max_size=60), st.booleans(), st.sampled_from([None, 1, "\t"]))
@thorough(150)
def test_every_character_is_found_in_json(sdl: str, escaped: bool, indent: int | str | None) -> None:
    text = json.dumps({"First": 1, "Definition": sdl}, ensure_ascii=escaped, indent=indent)
    assume(not re.search("[\ud800-\udfff]", sdl))
    found = embed(text, "file.json")
    for offset, character in enumerate(sdl):
        there = found.span(offset, offset + 1).text
        if there != character:
            assert json.loads(f'"{there}"') == character


BLOCKS = {
    "literal": "Definition: |\n  type Query {\n    # é😀\n    me: User! @aws_iam\n  }\n",
    "kept": "Definition: |2+\n    type Query {\n    me: User! @aws_iam\n\n\n",
    "tagged": "Definition: !Sub |-  # a comment\n  type Query {\n      me: User! @aws_iam\n  }\n",
    "anchored": "Definition: &it !Sub\n  # the schema\n  |\n  type Query {\n    me: User! @aws_iam\n  }\n",
    "folded": "Definition: >\n  type Query {\n  me: User!\n\n  @aws_iam\n    }\n",
    "plain": "Definition: type Query { me -> User!\n  @aws_iam\n\n  }\n",
    "single": "Definition: 'type Query ''x'' {\n\n    me: User!\n    @aws_iam }'\n",
    "double": 'Definition: "type Query \\"x\\" {\\n me: \\\n    User!\\\n    \\ @aws_iam\n\n    \\u007d\\x41"\n',
    "tabs": "Definition: |\n  type Query {\n  \tme: User!\t@aws_iam\n  }\n",
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS.keys())
def test_words_are_found_in_text_written_by_hand(text: str, line_end: str) -> None:
    found = embed("First: 1\n" + text.replace("\n", line_end) + "Last: 2\n")
    assert_words_are_found(EmbeddedText(found.host, re.sub(r"A$|\bx\b", " ", found.text), found.segments))
    assert spans(found, "@aws_iam") == [("@aws_iam", "@aws_iam")]


def test_place_is_the_line_and_column_of_the_template() -> None:
    found = embed("First: 1\nDefinition: !Sub |\n    type Query {\n      me: User!\n    }\n")
    start = found.text.index("me")
    assert found.span(start, start + 2).start == (4, 7)
    whole = found.span(0, found.text.index("}") + 1)
    assert (whole.start, whole.end) == ((3, 5), (5, 6))


def test_escapes_belong_to_the_place_as_a_whole() -> None:
    found = embed('{"Definition": "a(g: [\\"A\\"]) \\ud83d\\ude00 \\t b"}', "file.json")
    assert spans(found, r'"A"|😀|\t') == [('"A"', '\\"A\\"'), ("😀", "\\ud83d\\ude00"), ("\t", "\\t")]


def test_a_span_is_never_backwards() -> None:
    found = embed("Definition: |\n  a\n\n  b\n")
    for start in range(len(found.text) + 1):
        for end in range(start, len(found.text) + 1):
            span = found.span(start, end)
            assert span.start_offset <= span.end_offset <= len(found.host.text) + 1


def test_no_word_is_lost_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    for text in BLOCKS.values():
        assert spans(embed(text), "@aws_iam") == [("@aws_iam", "@aws_iam")]
