"""One mistake gives one finding, however far its consequences reach."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from appsync_lint import Api, Finding, lint, parse_schema
from appsync_lint.cli.app import _appsync_lint

COGNITO_AND_IAM: Mapping[str, object] = {
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"defaultAction": "ALLOW"},
    "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
}
BOTH = "@aws_iam @aws_cognito_user_pools"


def findings(schema: str, api: Mapping[str, object] = COGNITO_AND_IAM) -> list[Finding]:
    return lint(parse_schema(schema), Api.from_dict(api))


def test_a_type_used_everywhere_that_lacks_a_directive_is_reported_once() -> None:
    queries = "\n".join(f"  thing{n}: Thing{n}" for n in range(500))
    things = "\n".join(f"type Thing{n} {BOTH} {{ id: ID money: Money price: Money }}" for n in range(500))
    schema = f"type Query {BOTH} {{\n{queries}\n}}\n{things}\ntype Money {{ amount: Int currency: String unit: Unit }}"

    [finding] = findings(f"{schema}\ntype Unit {{ name: String }}")

    assert finding.rule == "return-type-unreachable"
    assert finding.coordinate == "Money"
    assert "through 1000 fields (Thing0.money, Thing0.price and 998 more)" in finding.message
    assert "(3 fields)" in finding.message
    assert "likewise on Unit" in finding.help
    assert len(finding.related) <= 5
    assert len(finding.message) < 300


def test_two_modes_that_a_type_lacks_are_two_findings() -> None:
    api = {
        "authenticationType": "API_KEY",
        "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}, {"authenticationType": "AWS_LAMBDA"}],
    }
    directives = "@aws_api_key @aws_iam @aws_lambda"

    found = findings(f"type Query {{ a: A {directives} }}\ntype A {{ x: Int }}", api)

    told = [(item.rule, item.coordinate, item.subject) for item in found if item.severity.value == "error"]
    assert told == [
        ("return-type-unreachable", "A", "AWS_IAM"),
        ("return-type-unreachable", "A", "AWS_LAMBDA"),
    ]


def test_a_mode_that_nobody_names_is_one_finding_and_not_one_a_field() -> None:
    fields = "\n".join(f"  q{n}: Int" for n in range(300))
    api = {
        "authenticationType": "API_KEY",
        "additionalAuthenticationProviders": [{"authenticationType": "AMAZON_COGNITO_USER_POOLS"}],
    }

    assert [item.rule for item in findings(f"type Query {{\n{fields}\n}}", api)] == ["mode-never-admitted"]


def test_a_mode_that_the_api_lost_is_one_finding_and_not_one_a_directive() -> None:
    fields = "\n".join(f"  q{n}: Int @aws_oidc" for n in range(300))

    found = findings(f"type Query {BOTH} {{\n  ok: Int\n{fields}\n}}")

    assert [item.rule for item in found] == ["directive-mode-not-configured"]
    assert "299 other places" in found[0].message


def test_open_mutations_of_an_api_key_are_one_finding() -> None:
    fields = "\n".join(f"  m{n}: Int" for n in range(40))
    api = {
        "authenticationType": "API_KEY",
        "additionalAuthenticationProviders": [{"authenticationType": "AMAZON_COGNITO_USER_POOLS"}],
    }

    found = findings(
        f"type Query {{ q: Int @aws_api_key @aws_cognito_user_pools }}\ntype Mutation {{\n{fields}\n}}", api
    )

    assert [item.rule for item in found] == ["api-key-reaches-mutation"]
    assert "Mutation.m0, Mutation.m1, Mutation.m2 and 37 more" in found[0].message


def test_the_fix_that_a_finding_advises_ends_it() -> None:
    broken = f"type Query {BOTH} {{ a: A }}\ntype A {{ x: Int b: B }}\ntype B {{ y: Int }}"
    [finding] = findings(broken)
    assert "write type A @aws_cognito_user_pools @aws_iam" in finding.help
    assert "likewise on B" in finding.help

    advised = "@aws_cognito_user_pools @aws_iam"
    assert (
        findings(f"type Query {BOTH} {{ a: A }}\ntype A {advised} {{ x: Int b: B }}\ntype B {advised} {{ y: Int }}")
        == []
    )


def test_a_misspelt_directive_on_a_type_is_told_once() -> None:
    api = {
        "authenticationType": "API_KEY",
        "additionalAuthenticationProviders": [{"authenticationType": "AMAZON_COGNITO_USER_POOLS"}],
    }

    found = findings(
        "type Query { a: A @aws_api_key @aws_cognito_user_pools }\n"
        "type A @aws_api_key @aws_cognito_user_pool { x: Int y: Int! }",
        api,
    )

    assert [item.rule for item in found] == ["unknown-auth-directive"]


def test_directives_on_a_dropped_block_are_told_once() -> None:
    found = findings(f"type Query {{ a: A {BOTH} }}\ntype A {{ x: Int }}\nextend type A {BOTH}")

    assert [item.rule for item in found] == ["extension-fields-dropped"]


def test_a_type_for_some_groups_is_one_finding_whatever_its_fields() -> None:
    fields = " ".join(f"f{n}: Int!" for n in range(20))
    schema = (
        f'type Query {{ a: A {BOTH} }}\ntype A @aws_iam @aws_cognito_user_pools(cognito_groups: ["G"]) {{ {fields} }}'
    )

    [finding] = findings(schema)

    assert "who select A.f0, A.f1, A.f2 or 17 more lose the object at Query.a" in finding.message
    assert finding.help.startswith("make the fields nullable")


FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"

#: Every mistake that was put into the projects below ``fixtures/``, each once.
MISTAKES = {
    "blog": {
        ("unknown-auth-directive", "Query.drafts"),
        ("aws-auth-ignored", "Mutation.publishPost"),
        ("api-key-reaches-mutation", "Mutation.deletePost"),
        ("nonnull-field-denied", "Author.id"),
    },
    "blog-fixed": set(),
    "projects/bookshop": {("return-type-unreachable", "OrderLine")},
    "projects/fleet": {
        ("default-mode-lost", "Query.vans"),
        ("empty-cognito-groups", "Mutation.retireVan"),
        ("return-type-unreachable", "Van"),
        ("return-type-unreachable", "Position"),
        ("lambda-cache-ttl-implicit", ""),
        ("lambda-secret-compared-directly", ""),
        ("log-holds-request-data", ""),
    },
    "projects/helpdesk": {
        ("aws-auth-ignored", "Query.allTickets"),
        ("aws-auth-ignored", "Mutation.closeTicket"),
        ("return-type-unreachable", "Incident"),
        ("api-key-expiry", ""),
    },
    "projects/newsroom": {
        ("oidc-without-client-id", ""),
        ("directive-mode-not-configured", "Query.ticker"),
        ("aws-auth-ignored", "Mutation.publish"),
        ("return-type-unreachable", "Draft"),
    },
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_of_a_project_is_told_once_and_nothing_else(name: str) -> None:
    answer = CliRunner().invoke(_appsync_lint, [str(FIXTURES / name), "--format", "json", "--fail-on", "never"])
    told = [(item["rule"], item["coordinate"]) for item in json.loads(answer.stdout)["findings"]]
    assert len(told) == len(MISTAKES[name])
    assert set(told) == MISTAKES[name]
