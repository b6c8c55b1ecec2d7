"""Running the rules over one schema and API: one mistake, one finding, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..errors import InputError
from .finding import Finding
from .ignores import Ignores, UselessIgnore
from .registry import load_rules
from .rule import Rule, Subject
from .settings import Settings

if TYPE_CHECKING:
    from ..api import Api
    from ..schema import Schema
    from ..text import SourceText, Span

__all__ = ["Outcome", "all_rules", "lint", "run"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: the findings to report, sorted, and those that ignore comments silenced.

    ``needed`` holds the place of each comment that silenced something, with the rule that it silenced.
    """

    findings: tuple[Finding, ...]
    ignored: tuple[Finding, ...] = ()
    needed: frozenset[tuple[Span, str]] = frozenset()


def all_rules() -> dict[str, Rule]:
    """Return every rule by its name: the engine's own and those of the installed rule packages."""
    rules: dict[str, Rule] = {UselessIgnore.name: UselessIgnore()}
    rules.update(load_rules())
    return dict(sorted(rules.items()))


def lint(schema: Schema, api: Api | None, settings: Settings | None = None) -> list[Finding]:
    """Return what ``appsync-lint check`` reports for a schema behind an API, sorted by place.

    Without an API only what is true whatever the modes are is reported.
    """
    return list(run(schema, api, settings or Settings()).findings)


def run(
    schema: Schema,
    api: Api | None,
    settings: Settings,
    *,
    rules: dict[str, Rule] | None = None,
    sources: Iterable[SourceText] = (),
) -> Outcome:
    """Run the rules. ``sources`` are further files in which ignore comments count: the API's description."""
    rules = all_rules() if rules is None else rules
    settings.check_names(rules)
    chosen = [rule for rule in rules.values() if settings.runs(rule)]
    ran = [rule for rule in chosen if api is not None or not rule.needs_api]
    embedded = (getattr(source, "host", source) for source in schema.sources)
    ignores = Ignores([*embedded, *sources], schema) if settings.honour_ignores else None
    found, decided, code = _check(schema, api, ran, ignores)
    found = _one_per_cause(found, rules)
    found = [_leveled(item, settings, rules[item.rule]) for item in found]
    if ignores is None:
        return Outcome(tuple(_finished(found, api)))
    ignores.read([*code, *(item.span.source for item in found)])
    kept: list[Finding] = []
    ignored: list[Finding] = []
    for item in found:
        (ignored if ignores.silences(item) else kept).append(item)
    useless = rules.get(UselessIgnore.name)
    # A decisive finding kept the other rules from running: nothing shows that their comments are useless.
    if isinstance(useless, UselessIgnore) and settings.runs(useless) and not decided:
        extra = useless.findings(ignores, [rule.name for rule in ran], rules)
        kept.extend(_leveled(item, settings, useless) for item in extra if not ignores.silences(item))
    return Outcome(tuple(_finished(kept, api)), tuple(_finished(ignored, api)), ignores.needed)


def _check(
    schema: Schema, api: Api | None, rules: list[Rule], ignores: Ignores | None
) -> tuple[list[Finding], bool, list[SourceText]]:
    """Return what the rules find, whether a decisive rule ended the matter, and the authorizers' code that was read."""
    model = None
    if api is not None:
        from ..access import AccessModel

        model = AccessModel(schema, api)
    subject = Subject(schema, api, model, ignores)
    for rule in rules:
        if rule.decisive and (found := _ask(rule, subject)):
            return found, True, []
    found = [item for rule in rules if not rule.decisive for item in _ask(rule, subject)]
    return found, False, subject.code


def _ask(rule: Rule, subject: Subject) -> list[Finding]:
    """Return a rule's findings; a rule that fails is named, since it may be anybody's."""
    try:
        return list(rule.check(subject))
    except InputError:
        raise
    except Exception as error:
        module = type(rule).__module__
        raise InputError(f"the rule {rule.name} ({module}) failed: {type(error).__name__}: {error}") from error


def _one_per_cause(found: list[Finding], rules: dict[str, Rule]) -> list[Finding]:
    """Leave out findings whose cause a more telling rule reports."""
    speakers: dict[str, set[str]] = {}
    for item in found:
        for cause in item.causes:
            speakers.setdefault(cause, set()).add(item.rule)

    def outspoken(item: Finding) -> bool:
        yields_to = rules[item.rule].yields_to
        return any(not speakers[cause].isdisjoint(yields_to) for cause in item.causes)

    return [item for item in found if not outspoken(item)]


def _leveled(item: Finding, settings: Settings, rule: Rule) -> Finding:
    level = settings.levels.get(rule.name)
    return item if level is None else replace(item, severity=level)


def _finished(found: Iterable[Finding], api: Api | None) -> list[Finding]:
    """Sort, name the API and give each finding its fingerprint."""
    from hashlib import sha256

    name = api.name if api else ""
    result: list[Finding] = []
    seen: dict[str, int] = {}
    for item in sorted(found, key=lambda one: one.sort_key):
        key = "\0".join((item.rule, item.coordinate, item.subject))
        count = seen[key] = seen.get(key, 0) + 1
        digest = sha256(f"{key}\0{count}".encode("utf-8", "surrogatepass")).hexdigest()[:20]
        result.append(replace(item, api=name, fingerprint=digest))
    return result
