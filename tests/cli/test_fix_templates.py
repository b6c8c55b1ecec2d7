"""Schemas inside templates: an edit is escaped as the template wants it, or it is not made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command import Command
from .conftest import Write

SCHEMA = 'type Query {\n  a: ID @aws_auth(cognito_groups: ["Admins"])\n  b: ID @aws_iam @aws_cognito_user_pools\n}\n'
FIXED = SCHEMA.replace("aws_auth", "aws_cognito_user_pools")
WRAPPED = SCHEMA.replace('["Admins"]', '"Admins"').replace("aws_auth", "aws_cognito_user_pools")

TEMPLATE = """\
# the blog
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: blog
      AuthenticationType: AMAZON_COGNITO_USER_POOLS
      UserPoolConfig: {UserPoolId: x, AwsRegion: eu-west-1, DefaultAction: ALLOW}
      AdditionalAuthenticationProviders: [{AuthenticationType: AWS_IAM}]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: DEFINITION
"""


def fix(command: Command, write: Write, definition: str, *, name: str = "template.yaml") -> str:
    text = TEMPLATE.replace("DEFINITION", definition)
    write({name: text})
    answer = command(name, "--fix", "--unsafe-fixes", "--ignore", "group-restriction-bypassed")
    assert answer.code in (0, 1), answer.err
    after = Path(name).read_text(encoding="utf-8")
    head, _, tail = text.partition(definition)
    assert after.startswith(head), "nothing before the schema changes"
    return after.removeprefix(head).removesuffix(tail)


def block(schema: str, style: str = "|") -> str:
    return style + "\n" + "".join(f"        {line}\n".replace("        \n", "\n") for line in schema.splitlines())


@pytest.mark.parametrize("style", ["|", "|-", "|2-"])
def test_a_block(command: Command, write: Write, style: str) -> None:
    before, after = (block(text, style).rstrip("\n") for text in (SCHEMA, FIXED))
    assert fix(command, write, before) == after


def test_quotes_in_a_block_stay(command: Command, write: Write) -> None:
    assert fix(command, write, block(WRAPPED).rstrip("\n")) == block(FIXED).rstrip("\n")


def test_double_quotes_are_escaped(command: Command, write: Write) -> None:
    unquoted = WRAPPED.replace('"Admins"', "Admins")
    assert fix(command, write, json.dumps(unquoted)) == json.dumps(FIXED)


def test_single_quotes(command: Command, write: Write) -> None:
    unquoted = " ".join(WRAPPED.replace('"Admins"', "Admins").split())
    assert fix(command, write, f"'{unquoted}'") == "'" + " ".join(FIXED.split()) + "'"


def test_a_variable_stays_a_variable(command: Command, write: Write) -> None:
    schema = SCHEMA.replace('"Admins"', '"${AWS::StackName}-Admins"')
    before = "!Sub " + block(schema).rstrip("\n")
    assert fix(command, write, before) == "!Sub " + block(schema.replace("aws_auth", "aws_cognito_user_pools")).rstrip(
        "\n"
    )


def test_joined_parts_are_left_alone_where_only_guessing_could_tell(command: Command, write: Write) -> None:
    parts = json.dumps(WRAPPED.replace('"Admins"', "Admins").splitlines())
    joined = f'!Join ["\\n", {parts}]'
    assert fix(command, write, joined) == joined


def test_json(command: Command, write: Write) -> None:
    template = {
        "Resources": {
            "Api": {
                "Type": "AWS::AppSync::GraphQLApi",
                "Properties": {
                    "Name": "größe \U0001f600",
                    "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
                    "UserPoolConfig": {"UserPoolId": "x", "AwsRegion": "eu-west-1", "DefaultAction": "ALLOW"},
                    "AdditionalAuthenticationProviders": [{"AuthenticationType": "AWS_IAM"}],
                },
            },
            "Schema": {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {
                    "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
                    "Definition": '"größe \U0001f600"\n' + WRAPPED.replace('"Admins"', "Admins"),
                },
            },
        }
    }
    text = json.dumps(template, indent=1)
    write({"template.json": text})
    assert command("template.json", "--fix", "--unsafe-fixes").code in (0, 1)
    after = Path("template.json").read_text(encoding="utf-8")
    assert after == text.replace("Admins", '[\\"Admins\\"]')
    assert json.loads(after)["Resources"]["Schema"]["Properties"]["Definition"] == '"größe \U0001f600"\n' + FIXED
