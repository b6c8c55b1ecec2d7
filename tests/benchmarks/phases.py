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


def _times(text: str, api: Api) -> dict[str, float]:
    """Return seconds of the processor for each part."""
    times: dict[str, float] = {}

    def timed(name: str, part: Callable[[], T]) -> T:
        start = time.process_time()
        result = part()
        times[name] = time.process_time() - start
        return result

    rules = timed("load the rules", all_rules)
    parsed = timed("parse", lambda: parse_text(SourceText("schema.graphql", text)))
    schema = timed("schema", lambda: build_schema([parsed]))
    model = timed("model", lambda: AccessModel(schema, api))
    subject = Subject(schema, api, model)
    for name, rule in rules.items():
        timed(f"rule {name}", partial(_exhaust, rule, subject))
    timed("model, rules and what follows", lambda: run(schema, api, Settings(), rules=rules))
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
