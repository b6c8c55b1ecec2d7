"""Nothing in a report acts on the terminal, and every mark stands below what it marks."""

from __future__ import annotations

import re
from unicodedata import category

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appsync_lint.linter import Label
from appsync_lint.report import Options, render
from appsync_lint.report.excerpt import Excerpt
from appsync_lint.report.plain import cell_width, shorten, text_width, visible, wrap
from appsync_lint.text import SourceText

from .sample import RULES, finding, result

#: What strangers write, with much of what is difficult in it.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("ab \t\n\r\x1b\x07\x7f\x9b\u0301\u200d\u200b\u202e\u2028\u2066\ufeff文🙂\ud800\U000e0041"),
    ),
    max_size=200,
)


def acts_on_a_terminal(text: str) -> list[str]:
    """Return the characters that must not be in a report: Unicode's controls, formats (but the joiners) and halves."""
    return [
        character
        for character in text
        if category(character) in ("Cc", "Cs", "Zl", "Zp")
        or re.match("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", character)
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain größe 文 \U0001f600", "plain größe 文 \U0001f600"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\tb\nc\rd\0", r"a\x09b\x0ac\x0dd\x00"),
        ("\u202eabc\u202c", r"\u202eabc\u202c"),
        ("\u2066\u2069\u2028\u2029\ufeff", r"\u2066\u2069\u2028\u2029\ufeff"),
        ("\udcff", r"\udcff"),
        ("\U000e0041", r"\U000e0041"),
        ("\x7f", r"\x7f"),
    ],
)
def test_what_is_hidden_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(TEXTS)
def test_nothing_hidden_is_left(text: str) -> None:
    assert acts_on_a_terminal(visible(text)) == []
    visible(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("文章", 4), ("e\u0301", 1), ("\uff21", 2), ("\U0001f600", 2), ("a\u200db", 2), ("ß", 1)],
)
def test_columns_that_a_text_takes(text: str, width: int) -> None:
    assert text_width(text) == width


def test_shortening() -> None:
    assert shorten("abcd", 4) == "abcd"
    assert shorten("abcde", 4) == "abc…"


def test_wrapping() -> None:
    assert wrap("one two three", 7) == ["one two", "three"]
    assert wrap("one two three", 7, taken=4) == ["one", "two", "three"]
    assert wrap("three", 7, taken=4) == ["", "three"]
    assert wrap("abcdefghij kl", 4) == ["abcd", "efgh", "ij", "kl"]
    assert wrap("文文文", 4) == ["文文", "文"]
    assert wrap("", 4) == [""]


@given(TEXTS, st.integers(4, 60), st.integers(-4, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, width: int, taken: int) -> None:
    assume(taken < width - 1)
    lines = wrap(visible(text), width, taken=taken)
    assert "".join("".join(lines).split()) == "".join(visible(text).split())
    first, *others = lines
    assert text_width(first) <= width - taken
    assert all(text_width(line) <= width for line in others)


def cut_out(text: str, start: int, size: int) -> str:
    """Return what stands in some columns of a line."""
    column, found = 0, []
    for character in text:
        if start <= column < start + size or (column == start + size and not cell_width(character)):
            found.append(character)
        column += cell_width(character)
    return "".join(found)


@st.composite
def lines_and_places(draw: st.DrawFn) -> tuple[str, int, int]:
    line = draw(TEXTS.map(lambda text: re.sub(r"[\r\n]", "", text)))
    start = draw(st.integers(0, len(line)))
    return line, start, draw(st.integers(start, len(line)))


@given(lines_and_places(), st.integers(30, 120))
def test_a_mark_stands_below_what_it_marks(case: tuple[str, int, int], room: int) -> None:
    line, start, end = case
    span = SourceText("file", line).span(start, end)
    excerpt = Excerpt(span, room)
    assert text_width(excerpt.text) <= room
    where = excerpt.mark(span)
    assert where is not None
    column, size = where
    assert column + size <= room + 1
    marked = line[start:end]
    if marked.strip() and "\t" not in marked and not excerpt.text.endswith("…"):
        shown = visible(marked)
        assert cut_out(excerpt.text, column, size).strip().startswith(shown.strip()) or not cell_width(shown[0])


def test_a_place_in_the_middle_of_a_line_of_megabytes_is_found_at_once() -> None:
    source = SourceText("file", "x" * 20_000_000 + "HERE" + "y" * 20_000_000)
    excerpt = Excerpt(source.span(20_000_000, 20_000_004), 40)
    column, size = excerpt.mark(source.span(20_000_000, 20_000_004)) or (0, 0)
    assert excerpt.text[column : column + size] == "HERE"
    assert len(excerpt.text) == 40
    assert excerpt.text[0] == excerpt.text[-1] == "…"


def test_a_line_that_is_short_enough_is_shown_whole() -> None:
    source = SourceText("file", "a\r\n" + "b" * 40 + "\r\nc")
    assert Excerpt(source.span(5, 6), 40).text == "b" * 40


def test_a_line_is_shown_from_its_beginning_where_that_shows_the_place() -> None:
    source = SourceText("file", "name: Type @directive " + "x" * 100)
    assert Excerpt(source.span(11, 21), 40).text == "name: Type @directive " + "x" * 17 + "…"


def test_indentation_goes_before_anything_else_does() -> None:
    source = SourceText("file", " " * 20 + "name: Type @directive " + "x" * 100)
    assert Excerpt(source.span(31, 41), 40).text == "…name: Type @directive " + "x" * 16 + "…"


def test_a_place_further_on_is_shown_with_something_before_and_after_it() -> None:
    source = SourceText("file", "name: Type " + "x" * 50 + " @directive " + "y" * 50)
    assert Excerpt(source.span(62, 72), 40).text == "…" + "x" * 13 + " @directive " + "y" * 13 + "…"


def test_another_line_is_not_marked() -> None:
    source = SourceText("file", "one\ntwo")
    excerpt = Excerpt(source.span(0, 3), 40)
    assert excerpt.mark(source.span(4, 7)) is None
    assert excerpt.mark(SourceText("other", "one").span(0, 3)) is None


@given(TEXTS, TEXTS, TEXTS, st.integers(40, 100), st.data())
def test_reports_for_people_hide_nothing_and_keep_the_width(
    text: str, message: str, path: str, width: int, data: st.DataObject
) -> None:
    source = SourceText(path, text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = source.span(start, end)
    found = result(
        finding("unusual", span, message, label=message, help=message, related=(Label(source.span(0, 0), message),))
    )
    report = render("text", found, RULES, Options(width=width))
    report.encode("utf-8")
    assert acts_on_a_terminal(report.replace("\n", "")) == []
    for line in report.splitlines():
        assert text_width(line) <= width or "-->" in line or ":::" in line
    concise = render("concise", found, RULES, Options())
    assert acts_on_a_terminal(concise[:-1]) == []
    assert concise.endswith("\n")
