"""How much may be done for one reading of a project: each of its files may be made to cost as much as one may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

__all__ = ["Effort", "effort", "one_reading"]

#: In steps, each of which takes about a hundred thousandth of a second.
ALLOWED = 400_000


class Effort:
    """What was done so far, in steps, and what need not be done twice."""

    __slots__ = ("_known", "done")

    def __init__(self) -> None:
        self.done = 0
        self._known: dict[object, object] = {}

    @property
    def left(self) -> int:
        """How many steps may still be taken."""
        return max(ALLOWED - self.done, 0)

    def once(self, key: object, find: Callable[[], T]) -> T:
        """Return what a function gives for a key, the first time as later: no file changes meanwhile."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]  # type: ignore[return-value]


_current: Effort | None = None


def effort() -> Effort:
    """Return what the present reading has cost; outside one, each question is about a reading of its own."""
    return _current or Effort()


@contextmanager
def one_reading() -> Iterator[None]:
    """Count together what is done here."""
    global _current  # noqa: PLW0603 (what is read goes through many hands that should not know of it)
    before, _current = _current, Effort()
    try:
        yield
    finally:
        _current = before
