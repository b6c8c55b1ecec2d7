"""Running whole processes side by side: time, processor time and peak memory, as the kernel counts them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen

__all__ = ["Measured", "compare", "python"]


@dataclass(frozen=True, slots=True)
class Measured:
    """The medians of a process's runs: seconds by the clock, seconds of the processor, peak MiB of memory.

    ``ratios`` are those of the processor time to that of the first process, run by run.
    """

    wall: float
    cpu: float
    memory: float
    ratios: tuple[float, ...] = ()

    @property
    def ratio(self) -> float:
        """The median ratio to the first process of the comparison."""
        return median(self.ratios)


def python(code: str) -> list[str]:
    """Return the command that runs a piece of Python in a bare process."""
    return [sys.executable, "-c", code]


def compare(commands: Mapping[str, Sequence[str]], folder: Path, rounds: int) -> dict[str, Measured]:
    """Run each command in turn, round after round, so that a slow moment of the machine hits them all.

    A first round, not counted, fills the caches of compiled modules.
    """
    runs: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            run = _run(command, folder)
            if number:
                runs[name].append(run)
    first = runs[next(iter(commands))]
    return {
        name: Measured(
            median(run[0] for run in own),
            median(run[1] for run in own),
            median(run[2] for run in own),
            tuple(run[1] / base[1] for run, base in zip(own, first, strict=True)),
        )
        for name, own in runs.items()
    }


def _run(command: Sequence[str], folder: Path) -> tuple[float, float, float]:
    # Compiled modules are kept beside the inputs, as an installed program has them, whatever the environment says.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "compiled"), "NO_COLOR": "1"}
    with (folder / "output").open("wb") as output:
        start = time.perf_counter()
        process = Popen(command, cwd=folder, env=environment, stdout=output, stderr=DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"exit code {process.returncode} from: {' '.join(command)}")
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit
