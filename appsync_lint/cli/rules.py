"""``appsync-lint rules``: every rule with its severity, as a table for the terminal or in Markdown, or as JSON."""

from __future__ import annotations

import click

from ..errors import InputError
from ..linter import Rule, all_rules
from ..report.colours import BOLD, SEVERITY, painter
from ..report.plain import wrap
from .console import colour_wanted, terminal_width, write
from .options import colour_option
from .paint import columns

__all__ = ["command"]


@click.command("rules", short_help="List the rules.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--markdown", is_flag=True, help="The table in Markdown, with confidences and fixes.")
@colour_option
def command(form: str, markdown: bool, colour: str) -> int:
    """List the rules: name, severity, whether it runs by default, what it reports."""
    rules = all_rules()
    if markdown:
        from ..linter.catalogue import as_markdown

        if form == "json":
            raise InputError("--markdown and --format json are two formats; give one of them")
        write(as_markdown(rules.values(), lambda rule: rule.help_uri()), machine=True)
    elif form == "json":
        write(_json(rules), machine=True)
    else:
        write(_table(rules, colour_wanted(colour), terminal_width()))
    return 0


def _json(rules: dict[str, Rule]) -> str:
    import json

    from ..linter.catalogue import fixes_of

    items = [
        {
            "name": rule.name,
            "summary": rule.summary(),
            "severity": rule.severity.value,
            "confidence": rule.confidence,
            "enabled": rule.enabled,
            "pedantic": rule.pedantic,
            "needs_api": rule.needs_api,
            "security_severity": rule.security_severity,
            "cwe": list(rule.cwe),
            "fixes": list(fixes_of(rule)),
            "facts": list(rule.facts),
            "since": rule.since,
            "help_uri": rule.help_uri(),
        }
        for rule in rules.values()
    ]
    return json.dumps({"version": 1, "rules": items}, indent=2) + "\n"


def _table(rules: dict[str, Rule], colour: bool, width: int) -> str:
    paint = painter(colour)
    lines: list[str] = []
    heads = [(rule.name, rule.severity.value, _runs(rule)) for rule in rules.values()]
    sizes = columns([("rule", "severity", "runs"), *heads])
    indent = sum(sizes) + 2 * len(sizes)
    lines.append(
        paint(
            BOLD, "  ".join(t.ljust(n) for t, n in zip(("rule", "severity", "runs"), sizes, strict=True)) + "  reports"
        )
    )
    for rule, (name, severity, runs) in zip(rules.values(), heads, strict=True):
        painted = "  ".join(
            (
                name.ljust(sizes[0]),
                paint(SEVERITY[rule.severity], severity.ljust(sizes[1])),
                runs.ljust(sizes[2]),
            )
        )
        first, *rest = wrap(rule.summary(), width - indent)
        lines.append(f"{painted}  {first}".rstrip())
        lines.extend(" " * indent + more for more in rest)
    lines.append("")
    lines.append(f"{len(rules)} rules; appsync-lint explain RULE tells more about one")
    return "\n".join(lines) + "\n"


def _runs(rule: Rule) -> str:
    """Say whether a rule runs by default: on, off, or pedantic (off, a matter of opinion)."""
    return "on" if rule.enabled else "pedantic" if rule.pedantic else "off"
