"""What holds of the rules whatever the schema and the API: they never fail, and what they say of callers is so."""

from __future__ import annotations

from re import compile as regex

from hypothesis import given

from appsync_lint import Api, Finding, Mode, parse_schema
from appsync_lint.linter.runner import run
from appsync_lint.linter.settings import Settings

from ..access.reference import Reference
from ..strategies import ApiSpec, World, apis, thorough, worlds
from .asking import RULES

COGNITO = Mode.AMAZON_COGNITO_USER_POOLS
NO_GROUP = (COGNITO.value, frozenset[str]())
_ADMITTED = regex(r", so (.+) may (?:call|read) ")


def findings(text: str, spec: ApiSpec | None) -> list[Finding]:
    api = Api.from_dict(spec.native()) if spec is not None else None
    return list(run(parse_schema(text), api, Settings(), rules=RULES).findings)


@given(worlds(), apis())
@thorough(120)
def test_rules_never_fail_and_speak_in_short_sentences(world: World, spec: ApiSpec) -> None:
    for described in (spec, None):
        for finding in findings(world.sdl(), described):
            assert finding.help
            assert finding.label
            for text in (finding.message, finding.label, finding.help):
                assert text == text.strip()
                assert len(text) < 500
                assert "\n" not in text
            assert "may be" not in finding.message
            assert "None" not in finding.message + finding.help
            assert finding.fingerprint


@given(worlds(), apis())
@thorough(200)
def test_what_is_said_of_callers_is_so(world: World, spec: ApiSpec) -> None:
    reference = Reference(world, spec)
    for finding in findings(world.sdl(), spec):
        parent, _, name = finding.coordinate.partition(".")
        if not name or parent not in reference.types or name not in reference.types[parent].all_fields():
            continue
        said = finding.message
        verdicts = {mode: reference.merged(parent, name, (mode.value, frozenset())) for mode in Mode}
        if "so nobody" in said:
            assert {reference.merged(parent, name, who) for who in reference.callers()} == {"deny"}, said
        elif (admitted := _ADMITTED.search(said)) is not None:
            for mode in Mode:
                if mode is COGNITO:
                    assert (f"all {mode.who}" in admitted[1]) == (verdicts[mode] == "allow"), said
                else:
                    assert (mode.who in admitted[1]) == (verdicts[mode] == "allow"), said
        if f"and {COGNITO.who} are refused" in said:
            assert verdicts[COGNITO] == "deny", said
        if "whom that admits is not known" in said:
            # A group whose name a template fills in leaves open whether members of another one are meant.
            callers = [*reference.callers(), (COGNITO.value, frozenset(["Z"]))]
            assert "unknown" in {reference.merged(parent, name, who) for who in callers}, said


@given(worlds(extensions=False), apis())
@thorough(120)
def test_under_deny_every_closed_root_field_is_told_of_once(world: World, spec: ApiSpec) -> None:
    """By the rule about DENY, or by the one about the directive that does not open it."""
    reference = Reference(world, spec)
    if spec.additional or spec.action != "DENY":
        return
    closed = set()
    for parent, field in reference.edges():
        undirected = all(mark.name != "aws_auth" for mark in field.marks)
        if parent in reference.roots.values() and undirected:
            verdicts = {reference.merged(parent, field.name, who) for who in reference.callers()}
            closed.update([f"{parent}.{field.name}"] if verdicts == {"deny"} else [])
    by_rule: dict[str, set[str]] = {}
    for finding in findings(world.sdl(), spec):
        fields = {cause.partition(":")[2] for cause in finding.causes if cause.startswith("field:")}
        by_rule.setdefault(finding.rule, set()).update(fields)
    speaks = ("deny-default-uncovered-root", "user-pools-directive-ignored", "unknown-auth-directive")
    told = set[str]().union(*(by_rule.get(rule, set()) for rule in speaks))
    assert closed <= told
    assert by_rule.get("deny-default-uncovered-root", set()) <= closed


@given(worlds(), apis())
@thorough(60)
def test_findings_do_not_depend_on_blanks(world: World, spec: ApiSpec) -> None:
    def plain(text: str) -> list[tuple[str, str, str, str]]:
        return sorted((one.rule, one.coordinate, one.message, one.fingerprint) for one in findings(text, spec))

    assert plain(world.sdl(between=" ")) == plain(world.sdl(between=" # a comment\n\n  ", end="\r\n\r\n"))
