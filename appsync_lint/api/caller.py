"""Who calls: a mode and, for a Cognito user pool, the groups that the user is in."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import InputError
from ..tree import nearest
from .mode import Mode

__all__ = ["Caller"]


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller as AppSync sees one. ``groups`` is empty for every mode but Cognito.

    Written ``api-key``, ``iam``, ``oidc``, ``lambda``, ``cognito`` (a user in no group),
    ``cognito:Admins``, ``cognito:Admins+Editors`` (a user in both).
    """

    mode: Mode
    groups: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Caller:
        """Read a caller as a person writes one. Raises :class:`InputError` for anything else."""
        name, separator, groups = text.strip().partition(":")
        mode = Mode.of_caller(name)
        if mode is None:
            known = [item.caller for item in Mode]
            meant = nearest(name, known)
            hint = f"; did you mean {meant}?" if meant else f"; write one of {', '.join(known)}"
            raise InputError(f"unknown caller {text!r}{hint}")
        if not separator:
            return cls(mode)
        if mode is not Mode.AMAZON_COGNITO_USER_POOLS:
            raise InputError(f"caller {text!r}: only cognito callers have groups")
        names = [group.strip() for group in groups.split("+")]
        if not all(names):
            raise InputError(f"caller {text!r}: a group's name is empty")
        return cls(mode, frozenset(names))

    def __str__(self) -> str:
        if not self.groups:
            return self.mode.caller
        return f"{self.mode.caller}:{'+'.join(sorted(self.groups))}"
