"""What the parts of one run take, in one process with the collector held: prints JSON.

``python -m tests.benchmarks.phases SCHEMA`` times the parse, the schema's values, the access model and each rule;
with ``--memory`` it counts what Python allocates instead (which makes everything slow).
"""

from __future__ import annotations

import gc
import json
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from math import inf
from pathlib import Path
from typing import TypeVar

from appsync_lint import AccessModel, Api
from appsync_lint.linter.rule import Rule, Subject
from appsync_lint.linter.runner import all_rules, run
from appsync_lint.linter.settings import Settings
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText

from .generate import API

T = TypeVar("T")

ROUNDS = 3


def _times(text: str, api: Api) -> dict[str, float]:
    """Return seconds of the processor for each part, the least of some runs."""
    times: dict[str, float] = {}

    def timed(name: str, part: Callable[[], T]) -> T:
        start = time.process_time()
        result = part()
        times[name] = min(time.process_time() - start, times.get(name, inf))
        return result

    rules = timed("load the rules", all_rules)
    chosen = {"by default": Settings(), "of all rules": Settings(select=frozenset(rules))}
    for _ in range(ROUNDS):
        parsed = timed("parse", lambda: parse_text(SourceText("schema.graphql", text)))
        schema = timed("schema", partial(build_schema, [parsed]))
        model = timed("model", partial(AccessModel, schema, api))
        subject = Subject(schema, api, model)
        for name, rule in rules.items():
            timed(f"rule {name}", partial(_exhaust, rule, subject))
        for name, settings in chosen.items():
            # A schema of its own: what one run has found out about it would serve the next.
            fresh = build_schema([parse_text(SourceText("schema.graphql", text))])
            timed(f"model, rules and what follows, {name}", partial(run, fresh, api, settings, rules=rules))
    return times


def _exhaust(rule: Rule, subject: Subject) -> None:
    for _ in rule.check(subject):
        pass


def _memory(text: str, api: Api) -> dict[str, float]:
    """Return MiB that Python holds after the parse and at the end, and the most that it held till then."""
    tracemalloc.start()
    parsed = parse_text(SourceText("schema.graphql", text))
    tree, peak_of_parse = tracemalloc.get_traced_memory()
    outcome = run(build_schema([parsed]), api, Settings())
    held, peak = tracemalloc.get_traced_memory()
    assert outcome.findings
    sizes = {"tree": tree, "peak of parse": peak_of_parse, "all": held, "peak": peak}
    return {name: size / (1 << 20) for name, size in sizes.items()}


if __name__ == "__main__":
    gc.disable()
    count = _memory if "--memory" in sys.argv else _times
    print(json.dumps(count(Path(sys.argv[1]).read_text(encoding="utf-8"), Api.from_dict(API))))
