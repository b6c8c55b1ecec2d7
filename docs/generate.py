"""Write the pages that are made from the rules: ``docs/rules.md`` and one page a rule below ``docs/rules/``.

What was merged and left out is written by hand, in ``docs/rules-left-out.md``, and ends the list.

python docs/generate.py          writes them
python docs/generate.py --check  exits 1 and names the pages that are not what the rules say
"""

from __future__ import annotations

import sys
from pathlib import Path

from appsync_lint.linter import Rule, all_rules
from appsync_lint.linter.catalogue import as_markdown, how_fixed

DOCS = Path(__file__).parent
NOTICE = "<!-- Made by docs/generate.py from the rule itself; edit the rule, not this page. -->\n\n"


def pages() -> dict[Path, str]:
    """Return every generated page by its path."""
    rules = all_rules()
    result = {DOCS / "rules" / f"{rule.name}.md": page(rule) for rule in rules.values()}
    result[DOCS / "rules.md"] = index(rules)
    return result


def page(rule: Rule) -> str:
    """Return a rule's page."""
    summary, _, rest = rule.documentation().partition("\n")
    facts = [
        f"**Severity** {rule.severity.value}",
        f"**Confidence** {rule.confidence}",
        f"**Since** {rule.since}",
    ]
    if rule.security_severity is not None:
        facts.append(f"**Security severity** {rule.security_severity}")
    if rule.cwe:
        facts.append(
            "**CWE** " + ", ".join(f"[{n}](https://cwe.mitre.org/data/definitions/{n}.html)" for n in rule.cwe)
        )
    if not rule.enabled:
        facts.append("pedantic: off by default" if rule.pedantic else "off by default")
    if not rule.needs_api:
        facts.append("needs no API description")
    fixes = how_fixed(rule)
    fix = f"**Fix** {fixes}\n\n" if fixes else ""
    return f"{NOTICE}# {rule.name}\n\n{summary}\n\n{' · '.join(facts)}\n\n{fix}{rest.strip()}\n"


def index(rules: dict[str, Rule]) -> str:
    """Return the page that lists all rules."""
    lines = [
        NOTICE + "# Rules\n",
        "Every rule states a defect. `appsync-lint explain RULE` prints the page of a rule; how to turn a rule off or",
        "to change its severity is told in [configuration](configuration.md). A pedantic rule holds an opinion and is",
        "off by default. `appsync-lint --fix` applies safe fixes, which provably change nobody's access, and with",
        "`--unsafe-fixes` also those that change who gets in.\n",
    ]
    table = as_markdown(rules.values(), lambda rule: f"rules/{rule.name}.md")
    left_out = (DOCS / "rules-left-out.md").read_text(encoding="utf-8")
    return "\n".join(lines) + "\n" + table.rstrip("\n") + "\n\n" + left_out


def main(arguments: list[str]) -> int:
    """Write or check the pages; return the exit code."""
    wanted = pages()
    stale = [path for path in (DOCS / "rules").glob("*.md") if path not in wanted]
    wrong = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in arguments:
        for path in sorted([*stale, *wrong]):
            print(f"{path.relative_to(DOCS.parent).as_posix()} is out of date; run python docs/generate.py")
        return 1 if stale or wrong else 0
    (DOCS / "rules").mkdir(exist_ok=True)
    for path in stale:
        path.unlink()
    for path in wrong:
        path.write_text(wanted[path], encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
