"""Applying the fixes that rules propose: each is proved on a draft of the whole project before a file is written."""

from __future__ import annotations

from .patch import patch
from .rounds import Applied, Fixed, Reading, Refused, fix
from .writing import files_outside, write_files

__all__ = ["Applied", "Fixed", "Reading", "Refused", "files_outside", "fix", "patch", "write_files"]
