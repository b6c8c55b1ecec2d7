"""The rules in a row, as a table in Markdown: what ``rules --markdown`` prints and ``docs/rules.md`` holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .rule import Rule

__all__ = ["as_markdown", "fixes_of", "how_fixed"]

_HEADS = ("rule", "severity", "confidence", "runs", "fix", "what it says")


def as_markdown(rules: Iterable[Rule], address: Callable[[Rule], str]) -> str:
    """Return a table of rules, each name a link to an address, with a line end after the last row."""
    rows = [_HEADS, tuple("---" for _ in _HEADS)]
    for rule in rules:
        name = f"[{rule.name}]({address(rule)})"
        runs = "by default" if rule.enabled else "if asked (pedantic)" if rule.pedantic else "if asked"
        cells = (name, rule.severity.value, rule.confidence, runs, ", ".join(fixes_of(rule)), rule.summary())
        rows.append(tuple(cell.replace("|", "\\|") for cell in cells))
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def fixes_of(rule: Rule) -> tuple[str, ...]:
    """Return the kinds of fixes that a rule proposes: "safe", "unsafe", both or none."""
    return tuple(kind for kind, said in (("safe", rule.safe_fix), ("unsafe", rule.unsafe_fix)) if said)


def how_fixed(rule: Rule) -> str:
    """Say what a rule's fixes do: "safe: removes it; unsafe: ..."; empty for a rule without any."""
    said = (("safe", rule.safe_fix), ("unsafe", rule.unsafe_fix))
    return "; ".join(f"{kind}: {text}" for kind, text in said if text)
