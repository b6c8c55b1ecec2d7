"""Analyse whatever source lies about: ``python -m tests.authorizer.wild FOLDER...``.

Every Python, JavaScript and TypeScript file below the folders is analysed as it is. It prints how many files there
were, which of them are taken for authorizers, which crashed the analysis and which took long.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appsync_lint.authorizer import analyse
from appsync_lint.errors import InputError

SUFFIXES = {".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx"}
#: Seconds of processor time that one file may take.
BOUND = 10.0


@dataclass(slots=True)
class Sweep:
    """What came of many files."""

    count: int = 0
    authorizers: list[Path] = field(default_factory=list)
    crashes: list[tuple[Path, str]] = field(default_factory=list)
    slow: list[tuple[Path, float]] = field(default_factory=list)


def sources(folder: Path) -> Iterator[Path]:
    """The source files below a folder, in a fixed order."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES and path.is_file())


def sweep(paths: Iterable[Path]) -> Sweep:
    """Analyse files one after the other; a file that cannot be read is no crash."""
    result = Sweep()
    for path in paths:
        result.count += 1
        began = time.process_time()
        try:
            if analyse(path).not_analysed is None:
                result.authorizers.append(path)
        except InputError:
            pass
        except Exception as error:
            result.crashes.append((path, repr(error)))
        seconds = time.process_time() - began
        if seconds > BOUND:
            result.slow.append((path, seconds))
    return result


def main() -> int:
    """Print what came of the folders; exit code 1 where a file crashed the analysis or took too long."""
    began = time.perf_counter()
    result = sweep(path for folder in sys.argv[1:] for path in sources(Path(folder)))
    print(f"{result.count} files in {time.perf_counter() - began:.1f} s")
    for path in result.authorizers:
        print(f"authorizer: {path}")
    for path, error in result.crashes:
        print(f"crash: {path}: {error}")
    for path, seconds in result.slow:
        print(f"slow: {path}: {seconds:.1f} s")
    return 1 if result.crashes or result.slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
