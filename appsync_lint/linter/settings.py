"""Which rules run, at which severity, and whether ignore comments count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..errors import InputError
from ..tree import nearest
from .finding import Severity
from .rule import Rule

__all__ = ["Settings", "level_of"]

_NONE: Mapping[str, Severity | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for. ``levels`` maps a rule to its severity, or to None for off.

    ``select`` restricts the run to some rules (and turns on those that are off by default); ``ignore``
    leaves some out. ``honour_ignores`` is False for ``--no-ignores``.
    """

    levels: Mapping[str, Severity | None] = field(default_factory=lambda: _NONE)
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    honour_ignores: bool = True

    def with_levels(self, levels: Mapping[str, Severity | None]) -> Settings:
        """Return settings in which these levels count too; those already set win."""
        return replace(self, levels={**levels, **self.levels})

    def check_names(self, known: Iterable[str]) -> None:
        """Refuse names of rules that do not exist, naming the nearest that does."""
        known = tuple(known)
        for name in (*self.levels, *sorted(self.select), *sorted(self.ignore)):
            if name not in known:
                meant = nearest(name, known)
                raise InputError(f"there is no rule {name}" + (f"; did you mean {meant}?" if meant else ""))

    def runs(self, rule: Rule) -> bool:
        """Whether a rule is to run. A decisive one is not left out by selecting others, which would speak nonsense."""
        if rule.name in self.ignore:
            return False
        if rule.name in self.select:
            return True
        if self.select and not rule.decisive:
            return False
        if rule.name in self.levels:
            return self.levels[rule.name] is not None
        return rule.enabled


def level_of(text: str) -> Severity | None:
    """Read a severity as people write it: ``error``, ``warning``, ``info``, or ``off`` (None)."""
    if text == "off":
        return None
    try:
        return Severity(text)
    except ValueError:
        raise InputError(f"{text!r} is no severity; write off, info, warning or error") from None
