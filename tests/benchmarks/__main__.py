"""``python -m tests.benchmarks``: measure the installed linter against the bare work, in ratios.

All that is compared runs in whole processes of the Python that runs this, in turn, in one go; ratios are
medians of processor time. Absolute figures belong to the machine and its load.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from .generate import API, API_FLAGS, faulty_schema, projects, schema, template
from .measure import Measured, compare, python

SIZES = (1_000, 10_000, 100_000)
FINDINGS = 5_000
TEMPLATE_BYTES = 500_000
FORMATS = ("text", "concise", "json", "sarif")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where the inputs lie, and how often each process runs."""

    folder: Path
    rounds: int

    @property
    def lint(self) -> list[str]:
        """The command that people run."""
        script = Path(sys.executable).with_name("appsync-lint")
        return [str(script)] if script.exists() else [sys.executable, "-m", "appsync_lint"]

    def write(self, name: str, text: str) -> str:
        """Write an input and return its name, as the measured processes know it."""
        self.folder.joinpath(name).write_text(text, encoding="utf-8")
        return name

    def compare(self, rounds: int, **commands: list[str]) -> dict[str, Measured]:
        """Measure some commands; the first is what the others are compared with."""
        named = {name.replace("_", " "): command for name, command in commands.items()}
        return compare(named, self.folder, rounds)

    def phases(self, *arguments: str) -> dict[str, float]:
        """Return what the parts of a run take, from a process of its own."""
        command = [sys.executable, "-m", "tests.benchmarks.phases", *arguments]
        found: dict[str, float] = json.loads(run(command, check=True, capture_output=True).stdout)
        return found


def startup(bench: Bench) -> Iterator[str]:
    """100 lines: the whole process against ``import graphql`` alone."""
    name = bench.write("small.graphql", schema(100))
    described = {"name": "small", "schema": name, **API}
    bench.write("small.yaml", json.dumps(described, indent=2))  # JSON is YAML, and read as such
    found = bench.compare(
        bench.rounds * 3,
        import_graphql=python("import graphql"),
        import_graphql_and_click=python("import graphql, click"),
        lint_with_modes_given=[*bench.lint, name, *API_FLAGS],
        lint_with_a_YAML_file=[*bench.lint, name, "--api", "small.yaml"],
    )
    return _rows(found)


def large(bench: Bench) -> Iterator[str]:
    """1k, 10k and 100k lines: the whole process against a bare one that imports graphql and parses the text."""
    linted: list[float] = []
    for lines in SIZES:
        name = bench.write(f"large{lines}.graphql", schema(lines))
        found = bench.compare(
            max(bench.rounds // (1 if lines < SIZES[-1] else 3), 3),
            bare_parse=python(_parse(name)),
            lint=[*bench.lint, name, *API_FLAGS],
        )
        yield f"{lines:,} lines"
        yield from _rows(found)
        linted.append(found["lint"].cpu)
    yield f"growth from {SIZES[-2]:,} to {SIZES[-1]:,} lines: {linted[-1] / linted[-2]:.1f} times the time"
    small, more = linted[0], linted[-1]
    yield f"beyond the first {SIZES[0]:,} lines: {1e6 * (more - small) / (SIZES[-1] - SIZES[0]):.0f} us a line"


def memory(bench: Bench) -> Iterator[str]:
    """What Python allocates for a schema of 10,000 lines: all of it against the syntax tree alone."""
    name = bench.write("memory.graphql", schema(10_000))
    found = bench.phases(str(bench.folder / name), "--memory")
    for key in ("all", "peak"):
        yield f"{key}: {found[key]:.1f} MiB, {found[key] / found['tree']:.2f} times the tree's {found['tree']:.1f} MiB"


def rules(bench: Bench) -> Iterator[str]:
    """What the rules cost on 100,000 lines, as a share of the parse, with the collector held: the least of some runs."""
    name = bench.write("rules.graphql", schema(SIZES[-1]))
    times = bench.phases(str(bench.folder / name))
    parse = times["parse"]
    named = {key: value for key, value in times.items() if not key.startswith("rule ")}
    dear = sorted(((value, key) for key, value in times.items() if key not in named), reverse=True)[:5]
    for key, value in (*named.items(), *((key, value) for value, key in dear)):
        yield f"{key}: {value * 1e3:.0f} ms, {value / parse:.3f} of the parse"


def findings(bench: Bench) -> Iterator[str]:
    """5,000 findings in one file: time and size of each format, against a bare parse of the file."""
    name = bench.write("faulty.graphql", faulty_schema(FINDINGS))
    command = [*bench.lint, name, *API_FLAGS]
    formats = {kind: [*command, "--format", f"{kind}=report.{kind}"] for kind in FORMATS}
    found = compare({"bare parse": python(_parse(name)), **formats}, bench.folder, bench.rounds)
    yield from _rows(found)
    for kind in FORMATS:
        size = (bench.folder / f"report.{kind}").stat().st_size
        yield f"{kind}: {size / 1e6:.2f} MB, {size / FINDINGS:.0f} bytes a finding"


def templates(bench: Bench) -> Iterator[str]:
    """A CloudFormation template of 500 KB: the whole process against libyaml's parse and graphql's."""
    text = template(TEMPLATE_BYTES)
    name = bench.write("template.yaml", text)
    inline = bench.write("inline.graphql", schema(2_000))
    loader = "getattr(yaml, 'CSafeLoader', yaml.SafeLoader)"
    both = f"import yaml; yaml.compose(open({name!r}, encoding='utf-8'), {loader}); {_parse(inline)}"
    found = bench.compare(bench.rounds, bare_parse_of_both=python(both), lint=[*bench.lint, name])
    return _rows(found)


def folders(bench: Bench) -> Iterator[str]:
    """A folder that is searched, 100 lines of schema in it: the whole process against ``import graphql`` alone."""
    text = schema(100)
    for name, files in projects(text).items():
        for path, content in files.items():
            place = bench.folder / name / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(content, encoding="utf-8")
    found = bench.compare(
        bench.rounds,
        import_graphql=python("import graphql"),
        **{f"lint_{name}": [*bench.lint, name] for name in projects(text)},
    )
    return _rows(found)


PARTS: dict[str, Callable[[Bench], Iterator[str]]] = {
    "startup": startup,
    "large": large,
    "memory": memory,
    "rules": rules,
    "findings": findings,
    "template": templates,
    "folders": folders,
}


def _parse(name: str) -> str:
    return f"import graphql; graphql.parse(open({name!r}, encoding='utf-8').read())"


def _rows(found: dict[str, Measured]) -> Iterator[str]:
    first = next(iter(found.values()))
    for name, item in found.items():
        yield (
            f"{name:<28}{item.cpu:8.3f} s  {item.ratio:5.2f} ({min(item.ratios):.2f} to {max(item.ratios):.2f})"
            f"{item.memory:8.0f} MiB  {item.memory / first.memory:5.2f}"
        )


def main() -> None:
    """Measure the parts that are asked for, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all by default")
    parser.add_argument("--rounds", type=int, default=7, help="how often each process runs (%(default)s)")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder), max(options.rounds, 1))
        for part in options.parts or PARTS:
            measure = PARTS[part]
            print(f"\n{part}: {measure.__doc__}", flush=True)
            for row in measure(bench):
                print(f"  {row}", flush=True)


if __name__ == "__main__":
    main()
