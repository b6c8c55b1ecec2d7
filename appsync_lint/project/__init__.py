"""From what the user names to what is linted: paths and options in, APIs with their schemas out."""

from __future__ import annotations

from .load import Project, Unit, load
from .request import Request

__all__ = ["Project", "Request", "Unit", "load"]
