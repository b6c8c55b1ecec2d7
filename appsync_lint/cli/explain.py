"""``appsync-lint explain RULE``: a rule's documentation, for the terminal or as Markdown."""

from __future__ import annotations

import click

from ..errors import InputError
from ..linter import all_rules
from ..linter.catalogue import how_fixed
from ..report.colours import BOLD, painter
from ..report.plain import wrap
from ..tree import nearest
from .console import colour_wanted, terminal_width, write
from .markdown import to_terminal
from .options import colour_option
from .paint import FAINT

__all__ = ["command"]


@click.command("explain", short_help="Tell what a rule reports, and why.")
@click.argument("name", metavar="RULE")
@click.option("--format", "form", type=click.Choice(["text", "markdown"]), default="text", show_default=True)
@colour_option
def command(name: str, form: str, colour: str) -> int:
    """Tell what a rule reports, why it matters, and what to write instead."""
    rules = all_rules()
    rule = rules.get(name.strip().lower())
    if rule is None:
        meant = nearest(name, tuple(rules))
        hint = f"did you mean {meant}?" if meant else "appsync-lint rules lists them"
        raise InputError(f"there is no rule {name}; {hint}")
    facts = f"{rule.severity.value}, confidence {rule.confidence}, since {rule.since}"
    if rule.cwe:
        facts += "".join(f", CWE-{number}" for number in rule.cwe)
    if not rule.enabled:
        facts += f"{', pedantic' if rule.pedantic else ''}\noff by default (--select {rule.name})"
    fixes = how_fixed(rule)
    if form == "markdown":
        write(f"# {rule.name}\n\n{rule.documentation()}\n", machine=True)
        return 0
    paint = painter(colour_wanted(colour))
    head = f"{paint(BOLD, rule.name)}\n{paint(FAINT, facts)}"
    if fixes:
        head += "".join(f"\n{paint(FAINT, line)}" for line in wrap(f"fix {fixes}", terminal_width()))
    body = to_terminal(rule.documentation(), paint, terminal_width())
    write(f"{head}\n\n{body}\n{paint(FAINT, rule.help_uri())}\n")
    return 0
