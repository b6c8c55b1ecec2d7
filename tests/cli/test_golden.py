"""What the user sees: whole runs of the command, compared with files.

Each file in ``golden/`` begins with the command line, run in the project's folder; then come standard
output, standard error if there is any, and the exit code. A new file needs its first line only;
:mod:`tests.golden` tells how the rest is written.
"""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from .. import golden
from .command import ROOT, Command

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.txt")), ids=lambda file: file.stem)
def test_the_user_sees_this(file: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    line = file.read_text(encoding="utf-8").partition("\n")[0]
    program, *arguments = shlex.split(line.removeprefix("$ "))
    assert program == "appsync-lint"
    answer = command(*arguments)
    seen = f"{line}\n{answer.out}"
    if answer.err:
        seen += f"-- standard error\n{answer.err}"
    seen += f"-- exit code {answer.code}\n"
    golden.check(seen, file)
