"""Running the command: in this process, or as the user does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from appsync_lint.cli.app import run

ROOT = Path(__file__).resolve().parent.parent.parent
COLOURS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")


class Answer(NamedTuple):
    """What the command answers: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines on standard error that tell of an error, without their beginning."""
        begin = "appsync-lint: error: "
        return [line.removeprefix(begin) for line in self.err.splitlines() if line.startswith(begin)]

    @property
    def notes(self) -> list[str]:
        """The lines on standard error that tell something else, without their beginning."""
        begin = "appsync-lint: note: "
        return [line.removeprefix(begin) for line in self.err.splitlines() if line.startswith(begin)]


class Command:
    """``appsync-lint`` in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> Answer:
        self.capsys.readouterr()
        code = run(arguments)
        return Answer(code, *self.capsys.readouterr())


def process(
    *arguments: str | Path, folder: Path, stdin: bytes = b"", seconds: float = 20, **environment: str
) -> Answer:
    """Run ``python -m appsync_lint`` as a process of its own, for no longer than some seconds."""
    inherited = {name: value for name, value in os.environ.items() if name not in COLOURS}
    done = subprocess.run(
        (sys.executable, "-m", "appsync_lint", *map(str, arguments)),
        cwd=folder,
        input=stdin,
        env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        check=False,
        timeout=seconds,
    )
    return Answer(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
