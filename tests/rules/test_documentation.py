"""What every rule promises: documentation under fixed headings, complete metadata, and examples that hold."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import appsync_lint_rules
from appsync_lint.linter import Rule, Severity
from appsync_lint.linter.runner import all_rules

from .examples import HEADINGS, example, headings, place, section

RULES = all_rules()
EVERY_RULE = pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
FOLDER = Path(appsync_lint_rules.__file__).parent
MODULES = sorted(FOLDER.glob("*.py"))

#: The rules that the project promises.
PROMISED = """
    all-groups-listed amplify-admin-role-too-broad amplify-global-rule-public amplify-sandbox-mode
    amplify-source-schema api-key-default api-key-expiry api-key-reaches-mutation aws-auth-groups-differ
    aws-auth-ignored aws-auth-on-root-type aws-auth-without-groups cache-key-without-identity
    cache-not-encrypted cognito-groups-not-a-list connection-wrapper-missing-mode default-action-in-additional
    default-action-missing default-mode-lost deny-default-uncovered-root deny-with-additional-modes
    directive-mode-not-configured duplicate-directive duplicate-field duplicate-group duplicate-provider
    empty-cognito-groups extension-fields-dropped field-opens-type field-unreachable group-restriction-bypassed
    group-spelled-two-ways groups-beside-api-key groups-only-on-aws-auth guests-reach-mutation
    hidden-field-still-served iam-field-without-policy iam-policy-names-no-field iam-policy-too-wide
    inconsistent-read-gates interface-implements-interface introspection-open-to-public lambda-always-allows
    lambda-answer-outlives-token lambda-answer-without-is-authorized lambda-api-gateway-shape
    lambda-authorizer-not-analysed lambda-bearer-clash lambda-cache-hazard lambda-cache-ttl-implicit
    lambda-cache-ttl-out-of-range lambda-config-missing lambda-connect-allowed lambda-context-not-flat
    lambda-context-secret lambda-denial-cached lambda-denied-field-unknown lambda-denied-fields-beside-refusal
    lambda-denied-nonnull-field lambda-denied-root-field lambda-fail-open lambda-is-authorized-not-boolean
    lambda-jwt-any-audience lambda-jwt-clash lambda-jwt-without-algorithms lambda-literal-token
    lambda-operation-name-trusted lambda-phantom-field lambda-prefix-only lambda-query-partly-read
    lambda-query-text-decision lambda-secret-compared-directly lambda-stateful-check-cached lambda-test-bypass
    lambda-throws-to-deny lambda-token-logged lambda-token-not-verified lambda-ttl-override-invalid
    log-holds-request-data merge-directive-misused merged-api-ignores-aws-auth merged-api-lacks-mode
    misplaced-auth-directive misplaced-subscribe mode-never-admitted nested-aws-auth-dead nonnull-field-denied
    nonstandard-syntax oidc-time-in-seconds oidc-without-client-id open-to-default orphan-type
    partial-mode-coverage payload-non-null-field public-api-without-waf publish-directive-deprecated
    publisher-mode-missing redundant-builtin-definition redundant-directive requests-not-logged
    resolver-context-not-checked return-type-unreachable secret-in-environment signed-in-users-locked-out
    subscribe-mutations-malformed subscribe-unknown-mutation subscription-argument-never-matches
    subscription-bypasses-query subscription-delivers-restricted-field subscription-name-too-long
    subscription-never-fed subscription-output-mismatch subscription-wider-than-mutation syntax-error
    unfiltered-subscription unknown-auth-argument unknown-auth-directive unknown-directive unknown-group
    unknown-scalar unlimited-query-depth useless-ignore user-pool-any-client user-pools-directive-ignored
""".split()


def test_the_promised_rules_are_there() -> None:
    assert set(PROMISED) <= set(RULES)


@EVERY_RULE
def test_a_rule_is_documented_under_the_fixed_headings(rule: Rule) -> None:
    documentation = rule.documentation()
    found = headings(documentation)
    # What AppSync does has a page of AWS's own; what the linter itself does has none.
    assert found == list(HEADINGS if rule.name != "useless-ignore" else HEADINGS[:-1])
    summary = documentation.splitlines()[0]
    assert summary == rule.summary() + "."
    assert len(summary) <= 120
    assert documentation.splitlines()[1] == ""
    for heading in found:
        assert section(documentation, heading), f"nothing under {heading}"


@EVERY_RULE
def test_a_rule_has_its_metadata(rule: Rule) -> None:
    assert rule.name == rule.name.lower()
    assert rule.name.replace("-", "").isalpha()
    module = type(rule).__module__.rpartition(".")[2]
    assert module == rule.name.replace("-", "_") or module == "ignores"
    assert isinstance(rule.severity, Severity)
    assert rule.confidence in ("high", "medium", "low")
    assert rule.since == "0.1.0"
    # A security rule has both, another has neither.
    assert bool(rule.cwe) == (rule.security_severity is not None)
    if rule.security_severity is not None:
        assert 0.1 <= rule.security_severity <= 10
    if rule.name != "useless-ignore":
        assert rule.facts
    assert not (rule.pedantic and rule.enabled)


@EVERY_RULE
def test_a_rule_yields_to_rules_that_exist(rule: Rule) -> None:
    assert set(rule.yields_to) <= set(RULES)
    assert rule.name not in rule.yields_to


def test_rules_do_not_wait_for_each_other() -> None:
    """Two rules that yield to each other would both stay silent."""

    def beyond(name: str, seen: frozenset[str]) -> bool:
        return any(other in seen or beyond(other, seen | {other}) for other in RULES[name].yields_to if other in RULES)

    assert not [name for name in RULES if beyond(name, frozenset([name]))]


@EVERY_RULE
def test_the_bad_example_is_reported_at_its_marks(rule: Rule) -> None:
    bad = example(rule.documentation(), "Bad")
    assert bad.marks, "the bad example marks the place"
    found = [place(finding) for finding in bad.findings(of=rule) if finding.rule == rule.name]
    assert sorted(found) == sorted(bad.marks)


@EVERY_RULE
def test_the_good_example_is_clean(rule: Rule) -> None:
    good = example(rule.documentation(), "Good")
    assert not good.marks
    found = good.findings(of=rule)
    assert [finding.message for finding in found if finding.rule == rule.name] == []
    assert [(finding.rule, finding.message) for finding in found if finding.severity is Severity.ERROR] == []


@EVERY_RULE
def test_the_messages_are_whole_and_short(rule: Rule) -> None:
    bad = example(rule.documentation(), "Bad")
    for finding in (finding for finding in bad.findings(of=rule) if finding.rule == rule.name):
        assert finding.label
        assert finding.help
        assert 20 <= len(finding.message) <= 400
        assert not finding.message.endswith(".")
        for text in (finding.message, finding.label, finding.help):
            assert "\n" not in text
            assert "  " not in text
            assert "may be a problem" not in text


@pytest.mark.parametrize("path", MODULES, ids=[path.stem for path in MODULES])
def test_a_rule_imports_nothing_below_the_public_names(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(name.name.partition(".")[0] in sys.stdlib_module_names for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = f"appsync_lint_rules.{node.module}" if node.level else node.module or ""
            package = module.partition(".")[0]
            known = package == "appsync_lint_rules" or package in sys.stdlib_module_names
            assert known or module == "appsync_lint.plugin"
