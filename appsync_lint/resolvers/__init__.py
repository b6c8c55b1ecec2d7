"""What a resolver's code asks about its caller: its mapping templates or JavaScript, read and never run."""

from __future__ import annotations

from .uses import FieldUse, Use, use_of, uses_of

__all__ = ["FieldUse", "Use", "use_of", "uses_of"]
