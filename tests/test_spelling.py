"""The hint "did you mean": the name that difflib finds, and no long wait where thousands are known."""

from __future__ import annotations

import sys
from difflib import get_close_matches
from types import FrameType

from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.spelling import nearest

names = st.text("abcdeABC_é", min_size=1, max_size=12)


@given(names, st.lists(names, max_size=20))
def test_it_is_the_closest_match(name: str, known: list[str]) -> None:
    folded = {item.casefold(): item for item in known}
    close = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    assert nearest(name, known) == (folded[close[0]] if close else None)


def test_case_does_not_count() -> None:
    assert nearest("CREATEPOST", ("createPost", "deletePost")) == "createPost"


def test_nothing_is_near_to_a_text() -> None:
    assert nearest("a" * 300, ("a" * 299,)) is None


def test_few_of_many_names_are_compared() -> None:
    known = tuple(f"create{letter}Order{number}" for letter in "ABCDE" for number in range(400))
    nearest("deleteOrder", known)
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        found = nearest("createBOrder37x", known)
    finally:
        sys.setprofile(before)
    assert found == "createBOrder37"
    assert count < 3 * len(known)
