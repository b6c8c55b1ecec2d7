"""How much may be done for one reading of a project: each of its files may be made to cost as much as one may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Effort", "effort", "one_reading"]

#: In steps, each of which takes about a hundred thousandth of a second.
ALLOWED = 400_000


class Effort:
    """What was done so far, in steps."""

    __slots__ = ("done",)

    def __init__(self) -> None:
        self.done = 0

    @property
    def is_too_much(self) -> bool:
        """Whether nothing costly should be begun any more."""
        return self.done >= ALLOWED


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
