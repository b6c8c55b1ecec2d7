"""Places in files: lines and columns in code points, whatever ends a line, and texts inside other files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.text import EmbeddedText, SourceText, Span

TEXT = "ab\r\ncd\re😀f\n\ng"


@pytest.mark.parametrize(
    ("needle", "position"),
    [("a", (1, 1)), ("b", (1, 2)), ("c", (2, 1)), ("e", (3, 1)), ("😀", (3, 2)), ("f", (3, 3)), ("g", (5, 1))],
)
def test_positions(needle: str, position: tuple[int, int]) -> None:
    assert SourceText("s", TEXT).position(TEXT.index(needle)) == position


def test_lines() -> None:
    source = SourceText("s", TEXT)
    assert [source.line(number) for number in range(8)] == ["", "ab", "cd", "e😀f", "", "g", "", ""]
    assert source.line_count == 5


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("a", 1), ("a\n", 2), ("\r\n\r\n", 3), ("\r\r\n\n", 4), ("a\u2028b\x0bc\x85", 1)]
)
def test_only_graphqls_line_ends_end_lines(text: str, lines: int) -> None:
    assert SourceText("s", text).line_count == lines


def test_the_end_of_a_span_is_exclusive() -> None:
    source = SourceText("dir/s.graphql", "type A {\n  a: Int\n}\n")
    span = source.span(5, 18)
    assert span.text == "A {\n  a: Int\n"
    assert (span.start, span.end, span.path) == ((1, 6), (3, 1), "dir/s.graphql")
    assert source.span(len(source.text), len(source.text)).start == (4, 1)


@given(st.text(alphabet="ab😀\u3000\r\n", max_size=40))
def test_positions_and_lines_agree(text: str) -> None:
    source = SourceText("s", text)
    for offset, character in enumerate(text):
        line, column = source.position(offset)
        if character not in "\r\n":
            assert source.line(line)[column - 1] == character
        if offset:
            before = source.position(offset - 1)
            new_line = text[offset - 1] == "\n" or (text[offset - 1] == "\r" and character != "\n")
            assert (line, column) == ((before.line + 1, 1) if new_line else (before.line, before.column + 1))
    assert source.position(len(text)).line == source.line_count


def embedded() -> tuple[SourceText, EmbeddedText]:
    """A schema as a template holds it: three indented lines under a block scalar."""
    host = SourceText("template.yaml", "Schema: |\n    type A {\n      a: Int\n    }\n")
    own = "type A {\n  a: Int\n}\n"
    starts = [0, own.index("  a"), own.index("}")]
    hosts = [host.text.index("type"), host.text.index("  a: Int"), host.text.index("}")]
    return host, EmbeddedText(host, own, list(zip(starts, hosts, strict=True)))


def test_spans_of_an_embedded_text_are_spans_of_its_host() -> None:
    host, inner = embedded()
    for word, position in {"type": (2, 5), "A": (2, 10), "a:": (3, 7), "Int": (3, 10), "}": (4, 5)}.items():
        start = inner.text.index(word)
        span = inner.span(start, start + len(word))
        assert isinstance(span, Span)
        assert span.source is host
        assert (span.text, span.start) == (word, position)


def test_a_span_over_several_lines_of_an_embedded_text() -> None:
    host, inner = embedded()
    span = inner.span(0, inner.text.index("}") + 1)
    assert span.text == host.text[host.text.index("type") : host.text.index("}") + 1]
    # The end of a line is its own, though the next segment begins right behind it.
    assert inner.span(0, inner.text.index("\n")).text == "type A {"
    assert inner.span(3, 3).text == ""
