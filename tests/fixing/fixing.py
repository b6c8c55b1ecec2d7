"""Fixing a schema in memory: what the command does, without files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from appsync_lint.api import Api
from appsync_lint.files import resolved
from appsync_lint.fixing import Fixed, Reading, fix
from appsync_lint.linter.result import Result, Target
from appsync_lint.linter.runner import all_rules, run
from appsync_lint.linter.settings import Settings
from appsync_lint.project import Project, Unit
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText

RULES = all_rules()


def fixing(
    texts: Mapping[str, str],
    apis: Sequence[tuple[Api | None, Sequence[str]]],
    *,
    unsafe: bool,
    settings: Settings | None = None,
) -> Fixed:
    """Fix some texts, by their paths; each API has some of them as its schema."""

    def attempt(drafts: Mapping[Path, str]) -> Reading:
        sources = {path: SourceText(path, drafts.get(resolved(Path(path)), text)) for path, text in texts.items()}
        project, targets = Project(), []
        for api, paths in apis:
            schema = build_schema([parse_text(sources[path]) for path in paths])
            outcome = run(schema, api, settings or Settings(), rules=RULES)
            project.units.append(Unit(api, schema))
            targets.append(Target(api, schema, outcome))
        return Reading(project, Result(tuple(targets)))

    return fix(attempt, attempt({}), unsafe=unsafe, why_not=lambda _: "")


def fixed_text(text: str, api: Api | None, *, unsafe: bool = False, settings: Settings | None = None) -> str:
    """Return a schema as it is after fixing."""
    done = fixing({"schema.graphql": text}, [(api, ["schema.graphql"])], unsafe=unsafe, settings=settings)
    return done.drafts.get(resolved(Path("schema.graphql")), text)
