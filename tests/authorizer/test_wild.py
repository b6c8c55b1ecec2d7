"""Source that is no authorizer, as it lies on the machine: no crash, bounded time, nothing found.

A part of the files, to be quick; ``python -m tests.authorizer.wild FOLDER...`` takes them all.
"""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from appsync_lint.authorizer import analyse_text
from appsync_lint.errors import InputError
from appsync_lint.files import read_source
from appsync_lint.text import SourceText

from . import wild

#: These start other programs, or read what is installed, and take their time.
pytestmark = pytest.mark.once

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def library() -> list[Path]:
    """The standard library's own modules, without what is installed beside them and without its tests."""
    apart = {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3"}
    return [path for path in wild.sources(STANDARD_LIBRARY) if apart.isdisjoint(path.parts)]


def npm() -> list[Path]:
    """The sources of npm and of the packages that come with it."""
    command = shutil.which("npm")
    if command is None:
        pytest.skip("npm is not installed")
    package = Path(command).resolve().parent.parent
    if not (package / "node_modules").is_dir():
        pytest.skip("npm's own packages are not beside it")
    return list(wild.sources(package))


def assert_nothing_happens(paths: list[Path]) -> None:
    result = wild.sweep(paths)
    assert result.count > 50
    assert not result.crashes
    assert not result.slow
    assert not result.authorizers


def test_the_standard_library() -> None:
    assert_nothing_happens(library()[::4])


def test_npm() -> None:
    assert_nothing_happens(npm()[::4])


@pytest.mark.parametrize("found", [library, npm])
def test_functions_that_are_tried_as_authorizers(found: Callable[[], list[Path]]) -> None:
    """With an authorizer's word in it, every function of a file is followed; most files never get that far."""
    paths = [path for path in found() if path.stat().st_size < 30_000]
    for path in islice(paths, 0, None, max(1, len(paths) // 25)):
        python = path.suffix == ".py"
        try:
            text = read_source(path).text
        except InputError:
            continue
        text += "\n# isAuthorized\n" if python else "\n// isAuthorized\n"
        analyse_text(SourceText(path.name, text), language="python" if python else "javascript")
