"""The command in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from .command import COLOURS, Command

Write = Callable[[dict[str, str]], None]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """``appsync-lint`` in this process, whatever the environment says about colours."""
    for name in COLOURS:
        monkeypatch.delenv(name, raising=False)
    return Command(capsys)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write files, by path, below a folder that is the working directory and a repository of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()

    def write_files(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return write_files
