"""The rules about a Lambda authorizer's code: severities, times, and the places that they show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appsync_lint.api import Api, FunctionCode, Tool, Unresolved
from appsync_lint.linter import Finding, Severity
from appsync_lint.text import SourceText

from .asking import LAMBDA, OIDC, api, everything

SCHEMA = """
type Query { user: User }
type Mutation { addPost: ID deletePost(id: ID!): ID }
type User { name: String salary: Int! notes: String }
"""
BY_QUERY = """
from tokens import is_editor, is_reader

def handler(event, context):
    token = event["authorizationToken"]
    if "deletePost" in event["requestContext"]["queryString"]:
        return {"isAuthorized": is_editor(token)}
    return {"isAuthorized": is_reader(token)}
"""


def behind(code: str | FunctionCode, ttl: int | Unresolved | None = 300, *others: str, tool: Tool | None = None) -> Api:
    """Make an API with this authorizer."""
    known = api(LAMBDA, *others)
    described = Api.from_dict({"authenticationType": LAMBDA, "lambdaAuthorizerConfig": {}}).default.authorizer
    assert described is not None
    if isinstance(code, str):
        code = FunctionCode(text=SourceText("authorizer.py", code), language="python")
    authorizer = replace(described, ttl=ttl, code=code)
    return replace(known, default=replace(known.default, authorizer=authorizer), tool=tool or known.tool)


def found(rule: str, known: Api) -> list[Finding]:
    return [finding for finding in everything(SCHEMA, known) if finding.rule == rule]


def only(rule: str, known: Api) -> Finding:
    (finding,) = found(rule, known)
    return finding


def answering(answer: str, before: str = "") -> str:
    """Write an authorizer that gives one answer to members and refuses everybody else."""
    return f"""
from tokens import is_member

def handler(event, context):
    {before or "pass"}
    if not is_member(event["authorizationToken"]):
        return {{"isAuthorized": False}}
    return {answer}
"""


class TestCacheHazard:
    def test_the_message_says_which_two_requests_show_the_hole(self) -> None:
        finding = only("lambda-cache-hazard", behind(BY_QUERY))
        assert finding.severity is Severity.ERROR
        assert "for 300 s (authorizerResultTtlInSeconds)" in finding.message
        assert "then, with the same token, Mutation.deletePost" in finding.message
        assert "ttlOverride: 0" in finding.help

    def test_it_shows_the_read_the_place_that_decides_and_the_answer(self) -> None:
        finding = only("lambda-cache-hazard", behind(BY_QUERY))
        assert [label.span.text for label in finding.flow] == [
            'event["requestContext"]["queryString"]',
            '"deletePost" in event["requestContext"]["queryString"]',
            'return {"isAuthorized": is_editor(token)}',
        ]
        assert [label.span for label in finding.related] == [label.span for label in finding.flow[:2]]
        assert finding.span == finding.flow[-1].span

    @pytest.mark.parametrize(
        ("ttl", "tool", "severity", "told"),
        [
            (0, None, Severity.INFO, "the API's cache time is 0 (authorizerResultTtlInSeconds)"),
            (None, Tool("SAM", 0), Severity.INFO, "the API's cache time is 0 (what SAM deploys"),
            (None, Tool("Amplify Gen 2", 60), Severity.ERROR, "for 60 s (what Amplify Gen 2 deploys"),
            (None, None, Severity.WARNING, "what an API then gets depends on the tool"),
            (Unresolved("!Ref Ttl"), None, Severity.WARNING, "is !Ref Ttl, which only deployment knows"),
            (Unresolved("!Ref Ttl", candidates=("300",)), None, Severity.ERROR, "for 300 s"),
            (Unresolved("!Ref Ttl", candidates=("0", "300")), None, Severity.WARNING, "only deployment knows"),
        ],
    )
    def test_the_time_and_where_it_comes_from_decide(
        self, ttl: int | Unresolved | None, tool: Tool | None, severity: Severity, told: str
    ) -> None:
        finding = only("lambda-cache-hazard", behind(BY_QUERY, ttl, tool=tool))
        assert finding.severity is severity
        assert told in finding.message

    def test_what_cannot_be_told_for_certain_has_low_confidence(self) -> None:
        assert only("lambda-cache-hazard", behind(BY_QUERY, Unresolved("!Ref Ttl"))).confidence == "low"

    def test_an_override_wins_over_the_api(self) -> None:
        cached = BY_QUERY.replace("(token)}", '(token), "ttlOverride": 60}')
        finding = only("lambda-cache-hazard", behind(cached, 0))
        assert finding.severity is Severity.ERROR
        assert "for 60 s (ttlOverride)" in finding.message
        guarded = BY_QUERY.replace("(token)}", '(token), "ttlOverride": 0}')
        assert found("lambda-cache-hazard", behind(guarded)) == []

    def test_only_resolver_context_is_a_warning(self) -> None:
        context = '{"isAuthorized": True, "resolverContext": {"name": event["requestContext"]["operationName"]}}'
        finding = only("lambda-cache-hazard", behind(answering(context)))
        assert finding.severity is Severity.WARNING
        assert "another request's data" in finding.message

    def test_a_refusal_that_is_kept_is_a_warning_told_once(self) -> None:
        code = """
from tokens import check

def handler(event, context):
    token = event["authorizationToken"]
    try:
        check(token, event["requestContext"]["variables"])
    except ValueError:
        return {"isAuthorized": False}
    return {"isAuthorized": True, "ttlOverride": 0}
"""
        finding = only("lambda-cache-hazard", behind(code))
        assert finding.severity is Severity.WARNING
        assert "is refused, too, whatever the token may do" in finding.message
        assert found("lambda-denial-cached", behind(code)) == []

    def test_an_authorizer_that_decides_by_the_token_is_left_alone(self) -> None:
        known = behind(answering('{"isAuthorized": True}'))
        assert [item.rule for item in everything(SCHEMA, known) if item.rule.startswith("lambda")] == []


class TestDeniedFields:
    def entry(self, text: str, rule: str = "lambda-denied-field-unknown") -> Finding:
        return only(rule, behind(answering(f'{{"isAuthorized": True, "deniedFields": ["{text}"]}}')))

    @pytest.mark.parametrize(
        ("entry", "why", "hint"),
        [
            ("user.notes", "no type user", "did you mean User.notes?"),
            ("User.note", "User has no field note", "did you mean User.notes?"),
            ("Product.price", "no type Product", "spelt as there"),
            ("*", "no wildcards", "Type.field"),
            ("Mutation.*", "no wildcards", "Type.field"),
            ("User/notes", "neither Type.field nor a field's ARN", "write User.notes"),
            ("User", "neither Type.field nor a field's ARN", "Type.field"),
            (
                "arn:aws:appsync:eu-west-1:111122223333:apis/x/types/User/fields/note",
                "User has no field note",
                "User.notes",
            ),
            ("arn:aws:appsync:eu-west-1:111122223333:apis/x/User.notes", "neither Type.field nor", "write User.notes"),
        ],
    )
    def test_an_entry_that_denies_nothing_is_an_error(self, entry: str, why: str, hint: str) -> None:
        finding = self.entry(entry)
        assert finding.severity is Severity.ERROR
        assert why in finding.message
        assert "denies nothing" in finding.message
        assert hint in finding.help
        assert entry in finding.span.text

    @pytest.mark.parametrize(
        "entry",
        [
            "User.notes",
            "arn:aws:appsync:eu-west-1:111122223333:apis/x/types/User/fields/notes",
            "arn:aws-cn:appsync:cn-north-1:111122223333:apis/x/types/User/fields/notes",
        ],
    )
    def test_the_two_forms_are_fine(self, entry: str) -> None:
        known = behind(answering(f'{{"isAuthorized": True, "deniedFields": ["{entry}"]}}'))
        assert [item.rule for item in everything(SCHEMA, known) if item.rule.startswith("lambda-denied")] == []

    def test_an_arn_that_is_put_together_is_checked_as_far_as_it_is_written(self) -> None:
        answer = '{"isAuthorized": True, "deniedFields": [f"arn:aws:appsync:{R}:{A}:apis/{I}/types/%s"]}'
        before = 'R, A, I = event["region"], event["account"], event["id"]'
        good = behind(answering(answer % "User/fields/notes", before))
        bad = behind(answering(answer % "User/fields/memo", before))
        assert found("lambda-denied-field-unknown", good) == []
        assert "User has no field memo" in only("lambda-denied-field-unknown", bad).message

    def test_a_non_null_field_and_an_operation_are_told(self) -> None:
        finding = self.entry("User.salary", "lambda-denied-nonnull-field")
        assert finding.coordinate == "User.salary"
        assert [label.span.path for label in finding.related] == ["schema.graphql"]
        assert self.entry("Mutation.addPost", "lambda-denied-root-field").severity is Severity.INFO


class TestTimes:
    @pytest.mark.parametrize(
        ("ttl", "problem"),
        [("-1", "negative"), ("7200.5", "above 3600"), ("300000", "milliseconds"), ('"60"', "not a number")],
    )
    def test_an_impossible_override_is_an_error_told_once(self, ttl: str, problem: str) -> None:
        known = behind(answering(f'{{"isAuthorized": True, "ttlOverride": {ttl}}}'))
        assert problem in only("lambda-ttl-override-invalid", known).message
        assert found("lambda-answer-outlives-token", known) == []

    def test_a_one_time_check_matters_only_where_the_answer_is_kept(self) -> None:
        code = """
from tickets import consume_ticket

def handler(event, context):
    if consume_ticket(event["authorizationToken"]):
        return {"isAuthorized": True}
    return {"isAuthorized": False}
"""
        assert "for 300 s" in only("lambda-stateful-check-cached", behind(code)).message
        assert found("lambda-stateful-check-cached", behind(code, 0)) == []


class TestNotAnalysed:
    def test_another_language_is_told_in_one_line(self) -> None:
        known = behind(
            FunctionCode(why="Authorizer is written in Java; only Python, JavaScript and TypeScript are read")
        )
        finding = only("lambda-authorizer-not-analysed", known)
        assert finding.severity is Severity.INFO
        assert "is written in Java" in finding.message

    def test_a_file_that_is_not_there_is_told(self) -> None:
        known = behind(FunctionCode(("authorizer/nowhere.py",)))
        assert "authorizer/nowhere.py is not there" in only("lambda-authorizer-not-analysed", known).message

    def test_python_that_cannot_be_parsed_is_told(self) -> None:
        finding = only(
            "lambda-authorizer-not-analysed", behind("def handler(event, context:\n    return {}\n# isAuthorized")
        )
        assert "not parsed" in finding.message

    def test_an_api_without_an_authorizer_has_none(self) -> None:
        assert found("lambda-authorizer-not-analysed", api(OIDC)) == []
