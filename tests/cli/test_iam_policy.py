"""``appsync-lint iam-policy``."""

from __future__ import annotations

import json

import pytest

from .command import Command
from .conftest import Write

SCHEMA = """\
type Query { post(id: ID!): Post @aws_iam  posts: [Post]  search: [Post] @aws_iam @aws_cognito_user_pools }
type Mutation { put: Post @aws_iam }
type Post @aws_iam @aws_cognito_user_pools { id: ID }
"""
API = """\
name: blog
schema: schema.graphql
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders: [{authenticationType: AWS_IAM}]
"""
ARN = "arn:aws:appsync:eu-west-1:111122223333:apis/abc"


@pytest.fixture
def project(write: Write) -> None:
    write({"schema.graphql": SCHEMA, "appsync-lint.yaml": API})


def resources(text: str) -> list[str]:
    policy = json.loads(text)
    assert policy["Version"] == "2012-10-17"
    [statement] = policy["Statement"]
    assert (statement["Effect"], statement["Action"]) == ("Allow", "appsync:GraphQL")
    return [str(resource) for resource in statement["Resource"]]


@pytest.mark.usefixtures("project")
class TestPolicy:
    def test_it_names_each_operation_that_the_schema_opens(self, command: Command) -> None:
        answer = command("iam-policy", "--allow", "Query.*", "--api-arn", ARN)
        assert answer.code == 0
        assert resources(answer.out) == [f"{ARN}/types/Query/fields/post", f"{ARN}/types/Query/fields/search"]
        assert answer.notes == ["left out, the schema refuses them to IAM callers: Query.posts"]

    def test_operations_come_once_and_in_the_schemas_order(self, command: Command) -> None:
        answer = command("iam-policy", "--allow", "Mutation.put", "--allow", "Query.p*", "--allow", "*.post", "-q")
        assert [one.rpartition("/types/")[2] for one in resources(answer.out)] == [
            "Query/fields/post",
            "Mutation/fields/put",
        ]
        assert answer.err == ""

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("--allow", "Query.posst"), "--allow Query.posst: no operation matches; did you mean Query.post?"),
            (
                ("--allow", "Post.id"),
                "--allow Post.id: no operation matches; an operation is a field of Query, Mutation",
            ),
            (("--allow", "Query.posts"), "no operation is left to allow"),
            (("--allow", "*", "--as", "cognito"), "--as cognito: only IAM callers have policies; write --as iam"),
            (
                ("--allow", "*", "--api-arn", "abc"),
                "--api-arn: 'abc' is not the ARN of an API; it looks like arn:aws:appsync:REGION:ACCOUNT_ID:apis/API_ID",
            ),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, command: Command, arguments: tuple[str, ...], message: str) -> None:
        answer = command("iam-policy", *arguments)
        assert answer.code == 2
        assert answer.out == ""
        assert answer.errors == [message]


def test_an_api_without_iam_has_no_policies(command: Command, write: Write) -> None:
    write({"schema.graphql": SCHEMA, "appsync-lint.yaml": "name: blog\nauthenticationType: API_KEY\n"})
    answer = command("iam-policy", "--allow", "Query.*")
    assert answer.errors == ["the API blog has no mode AWS_IAM, so no policy lets anybody call it"]


def test_a_policy_is_for_one_api(command: Command, write: Write) -> None:
    apis = "".join(f"- {{name: {name}, schema: schema.graphql, authenticationType: AWS_IAM}}\n" for name in "ab")
    write({"schema.graphql": SCHEMA, "appsync-lint.yaml": f"apis:\n{apis}"})
    answer = command("iam-policy", "--allow", "Query.*")
    assert answer.errors == ["a policy is for one API, and there are 2 (a, b); choose with --api FILE#NAME"]
    assert command("iam-policy", "--allow", "Query.*", "--api", "appsync-lint.yaml#b").code == 0


def test_modes_that_are_not_known_are_asked_for(command: Command, write: Write) -> None:
    write({"schema.graphql": SCHEMA})
    answer = command("iam-policy", "schema.graphql", "--allow", "Query.*")
    assert answer.code == 2
    assert answer.errors[0].startswith("access depends on the API's modes")


POLICY = """\
{"Version": "2012-10-17", "Statement": {
  "Effect": "Allow", "Action": "appsync:GraphQL",
  "Resource": "arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/fields/pots"
}}
"""


class TestPolicyFromElsewhere:
    """``--iam-policy FILE``."""

    def test_it_is_held_against_the_schema(self, command: Command, write: Write) -> None:
        write({"schema.graphql": SCHEMA, "appsync-lint.yaml": API, "reader.json": POLICY})
        answer = command("--iam-policy", "reader.json", "--format", "concise", "--select", "iam-policy-names-no-field")
        assert answer.code == 1
        assert answer.out.startswith("reader.json:3:15: error[iam-policy-names-no-field] Query has no field pots")

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("[]", "reader.json: holds a list, not an IAM policy"),
            ("{}", "reader.json:1:1: a policy has a Statement"),
            ('{"Statement": [1]}', "reader.json:1:16: a statement must be a mapping, not a plain value"),
        ],
    )
    def test_what_is_no_policy_is_refused(self, command: Command, write: Write, text: str, message: str) -> None:
        write({"schema.graphql": SCHEMA, "appsync-lint.yaml": API, "reader.json": text})
        answer = command("--iam-policy", "reader.json")
        assert answer.code == 2
        assert answer.errors == [message]

    def test_it_is_for_one_api(self, command: Command, write: Write) -> None:
        apis = "".join(f"- {{name: {name}, schema: schema.graphql, authenticationType: AWS_IAM}}\n" for name in "ab")
        write({"schema.graphql": SCHEMA, "appsync-lint.yaml": f"apis:\n{apis}", "reader.json": POLICY})
        answer = command("--iam-policy", "reader.json")
        assert answer.errors == ["--iam-policy is for one API, and there are 2 (a, b); choose with --api"]
