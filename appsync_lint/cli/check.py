"""``appsync-lint check``: lint, report, and say with the exit code what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from ..errors import InputError
from ..linter import Settings, Severity, all_rules, level_of
from ..linter import run as run_rules
from ..linter.result import Result, Target
from ..project import load
from ..tree import nearest
from .console import print_error, print_note
from .options import colour_option, input_options, quiet_option, request_from, stdin_bytes, stdin_source
from .outputs import emit, outputs_of

if TYPE_CHECKING:
    from ..linter import Rule
    from ..project import Project, Unit

__all__ = ["command"]

NO_DESCRIPTION = (
    "no API is described, so only what is true for any modes is reported; give --default-mode MODE "
    "(and --additional-mode MODE), or write an appsync-lint.yaml beside the schema"
)


@click.command("check", short_help="Lint schemas behind their APIs (the default command).")
@input_options
@click.option(
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text (default), concise, json or sarif; repeatable, each to its own file.",
)
@click.option("--output", default="", metavar="FILE", help="Where the format without a file of its own goes.")
@click.option("--sarif-category", default="", metavar="NAME", help="Tells several SARIF uploads of one commit apart.")
@click.option("--select", multiple=True, metavar="RULE,...", help="Run these rules only.")
@click.option("--ignore", multiple=True, metavar="RULE,...", help="Leave these rules out.")
@click.option(
    "--severity", "severities", multiple=True, metavar="RULE=LEVEL", help="off, info, warning or error; repeatable."
)
@click.option("--no-ignores", is_flag=True, help="Report what ignore comments silence, too.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "info", "never"]),
    # A hook or a CI step that passes is not looked at: what is to be seen must fail. An info asks for nothing.
    default="warning",
    show_default=True,
    help="The least severity of a finding with which the exit code is 1.",
)
@click.option(
    "--iam-policy",
    "iam_policies",
    multiple=True,
    metavar="FILE",
    help="An IAM policy in JSON or YAML that counts for the API, beside those that its description holds; repeatable.",
)
@click.option("--fix", is_flag=True, help="Make the edits that provably change nobody's access; report the rest.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix or --diff: also make edits that change who gets in towards what was plainly meant; "
    "who gains and who loses is told.",
)
@click.option("--diff", is_flag=True, help="Show the edits as a patch; write nothing.")
@click.option("--show-config", is_flag=True, help="Show the modes that were found, and where; lint nothing.")
@colour_option
@quiet_option
def command(**values: Any) -> int:
    """Lint schemas behind their APIs.

    PATH is a schema (.graphql, .gql, .graphqls, .sdl), a CloudFormation or SAM template, an
    appsync-lint.yaml, a folder or - for standard input; several schema files are the pieces of one schema.
    The working directory if none is given.
    """
    formats = values.pop("formats")
    outputs = outputs_of(formats, values.pop("output"))
    settings = Settings(
        levels=_levels(values.pop("severities")),
        select=_names(values.pop("select")),
        ignore=_names(values.pop("ignore")),
        honour_ignores=not values.pop("no_ignores"),
    )
    rules = all_rules()
    settings.check_names(rules)
    request = request_from(values)
    data = stdin_bytes(request)
    stdin = stdin_source(request, data)
    project = load(request, stdin)
    if not values["quiet"]:
        for note in project.notes:
            print_note(note)
        if any(unit.api is None for unit in project.units):
            print_note(NO_DESCRIPTION)
    if values["show_config"]:
        from .show_config import show_config

        show_config(project, outputs, values["colour"])
        return _report_errors(project.errors)
    result = _lint(project, settings, rules)
    fixing, diff = values["fix"], values["diff"]
    if diff and not formats:
        outputs = ()
    elif diff and any(output.file is None for output in outputs):
        raise InputError("--diff takes standard output for the patch; give the report a file: --format FORMAT=FILE")
    if fixing or diff:
        from .fix import find_fixes, tell, write_drafts

        def lint(draft: Project) -> Result:
            return _lint(draft, settings, rules)

        fixed = find_fixes(lint, project, result, request, stdin, unsafe=values["unsafe_fixes"])
        write_drafts(fixed, stdin, data or b"", diff=diff)
        if not values["quiet"]:
            tell(fixed, diff=diff)
        if not diff:
            project, result = fixed.reading.project, fixed.result
    if result.targets:
        emit(
            outputs,
            result,
            rules,
            colour=values["colour"],
            category=values["sarif_category"],
            unsafe_fixes=values["unsafe_fixes"],
            aside=fixing and stdin is not None,
        )
    return _report_errors(project.errors) or _code(result, values["fail_on"])


def _lint(project: Project, settings: Settings, rules: dict[str, Rule]) -> Result:
    targets: list[Target] = []
    for unit in project.units:
        try:
            chosen = settings.with_levels(_levels_of(unit, rules))
            sources = unit.described.sources if unit.described else ()
            outcome = run_rules(unit.schema, unit.api, chosen, rules=rules, sources=sources)
        except InputError as error:
            project.errors.append(error)
        else:
            targets.append(Target(unit.api, unit.schema, outcome))
    return Result(tuple(targets))


def _levels_of(unit: Unit, rules: dict[str, Rule]) -> Mapping[str, Severity | None]:
    """Read the severities that a description sets; a mistake is told with its place in the file."""
    levels: dict[str, Severity | None] = {}
    if unit.described is None:
        return levels
    for name, node in unit.described.rules.items():
        if name not in rules:
            meant = nearest(name, tuple(rules))
            hint = f"; did you mean {meant}?" if meant else ""
            raise unit.described.rule_names[name].error(f"there is no rule {name}{hint}")
        try:
            levels[name] = level_of(node.text)
        except InputError as error:
            raise node.error(error.message) from None
    return levels


def _report_errors(errors: list[InputError]) -> int:
    for text in dict.fromkeys(map(str, errors)):
        print_error(text)
    return 2 if errors else 0


def _code(result: Result, fail_on: str) -> int:
    if fail_on == "never":
        return 0
    threshold = Severity(fail_on)
    return int(any(threshold <= finding.severity for finding in result.findings))


def _names(given: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name for item in given for name in map(str.strip, item.split(",")) if name)


def _levels(given: tuple[str, ...]) -> dict[str, Severity | None]:
    levels: dict[str, Severity | None] = {}
    for item in given:
        for pair in item.split(","):
            rule, separator, level = map(str.strip, pair.partition("="))
            if not separator:
                raise InputError(f"--severity {pair}: write RULE=LEVEL, the level off, info, warning or error")
            levels[rule] = level_of(level)
    return levels
