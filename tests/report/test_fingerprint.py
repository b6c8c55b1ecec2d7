"""GitHub's fingerprint of lines, against a second, slow way to work it out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.report.fingerprint import line_hashes
from appsync_lint.text import SourceText

BLOCK = 100
WORD = 1 << 64


def rolling(text: str) -> list[str]:
    """Hash as a reader of a stream has to: unit by unit, with a window that forgets what falls out of it."""
    data = text.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(data[index : index + 2], "little") for index in range(0, len(data), 2)]
    window = [0] * BLOCK
    starts = [False] * BLOCK
    value = slot = 0
    found: list[str] = []
    counts: dict[int, int] = {}

    def push(unit: int, starts_line: bool) -> None:
        nonlocal value, slot
        if starts[slot]:
            counts[value] = counts.get(value, 0) + 1
            found.append(f"{value:x}:{counts[value]}")
        gone, window[slot], starts[slot] = window[slot], unit, starts_line
        value = (value * 37 + unit - gone * pow(37, BLOCK, WORD)) % WORD
        slot = (slot + 1) % BLOCK

    at_start, after_return = True, False
    for unit in units:
        if unit in (9, 32) or (after_return and unit == 10):
            after_return = False
            continue
        after_return = unit == 13
        push(10 if after_return else unit, at_start)
        at_start = unit in (10, 13)
    push(0xFFFF, at_start)
    for _ in range(BLOCK):
        push(0, False)
    return found


def hashes(text: str) -> list[str]:
    return line_hashes(SourceText("file", text))


def test_an_empty_file_is_the_mark_of_its_end_and_zeros() -> None:
    assert hashes("") == [f"{0xFFFF * 37**99 % WORD:x}:1"]


def test_a_short_line_by_hand() -> None:
    first = ord("a") * 37**99 + 10 * 37**98 + ord("b") * 37**97 + 0xFFFF * 37**96
    second = ord("b") * 37**99 + 0xFFFF * 37**98
    assert hashes("a\nb") == [f"{first % WORD:x}:1", f"{second % WORD:x}:1"]


def test_blanks_and_the_kind_of_line_end_do_not_count() -> None:
    plain = hashes("type Query {\n  me: ID\n}\n")
    assert hashes("type Query{\r\nme:\tID\r\n}\r\n") == plain
    assert hashes("type Query {\rme:ID \r} \r") == plain


def test_equal_lines_are_numbered() -> None:
    found = hashes("x: ID\n" * 60)
    first = found[0].partition(":")[0]
    assert found[:3] == [f"{first}:1", f"{first}:2", f"{first}:3"]
    assert len(set(found)) == len(found) == 61


def test_a_line_further_than_the_block_does_not_count() -> None:
    assert hashes("a" * 100 + "\nb")[0] == hashes("a" * 100 + "\nc")[0]
    assert hashes("a" * 98 + "\nb")[0] != hashes("a" * 98 + "\nc")[0]


def test_characters_beyond_sixteen_bits_are_two_units() -> None:
    high, low = 0xD83D, 0xDE00
    value = high * 37**99 + low * 37**98 + 0xFFFF * 37**97
    assert hashes("\U0001f600") == [f"{value % WORD:x}:1"]


@given(st.text(alphabet="ab \t\r\n\u20ac\U0001f600\ufeff", max_size=300))
def test_agrees_with_the_rolling_hash(text: str) -> None:
    assert hashes(text) == rolling(text)


@given(st.text(alphabet="a \r\n", max_size=40))
def test_there_is_one_for_every_line(text: str) -> None:
    assert len(hashes(text)) == SourceText("file", text).line_count


@given(st.lists(st.text("ab ", max_size=20), max_size=60))
def test_short_lines_among_others(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert hashes(text) == rolling(text)


def test_lines_before_the_end_of_the_file() -> None:
    text = "x" * 130 + "\n" * 150 + "y\n\n" * 3
    assert hashes(text) == rolling(text)
