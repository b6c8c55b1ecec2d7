"""Made-up AppSync schemas of any length, the same for the same seed.

A schema is a number of entities, each with what people write for one: the type, its page type, inputs, an
enum, queries, mutations and subscriptions. The proportions are those of real schemas: about one line in
twelve has an authorization directive, nearly half of the types have one, one line in ten is empty, one in
forty is a comment or a description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random

__all__ = ["API", "API_FLAGS", "faulty_schema", "projects", "schema", "template"]

#: The API that the schemas are written for, in the native form and on the command line.
API: dict[str, object] = {
    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
    "userPoolConfig": {"defaultAction": "ALLOW"},
    "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}, {"authenticationType": "AWS_IAM"}],
}
API_FLAGS = (
    *("--default-mode", "AMAZON_COGNITO_USER_POOLS", "--default-action", "ALLOW"),
    *("--additional-mode", "API_KEY", "--additional-mode", "AWS_IAM"),
)

_ADJECTIVES = "Active Annual Basic Client Daily Draft Field Global Home Inner Joint Local Main Open Prime Team".split()
_NOUNS = "Account Article Booking Budget Comment Device Event Invoice Lesson Message Order Photo Report Ticket".split()
_GROUPS = "Admins Auditors Editors Finance Operators Support".split()
_SCALARS = "String Int Float Boolean AWSDateTime AWSEmail AWSURL AWSJSON ID".split()
_FIELDS = (
    "amount address body category city comment count country currency description duration email firstName height "
    "imageUrl kind language lastName latitude location longitude metadata name note number phone price priority "
    "quantity rating score slug source startsAt summary tags title total url version weight width zipCode"
).split()
#: Who an entity is for, and how often: the default mode alone, everybody, back ends too, some groups.
_AUDIENCES = ("members", "public", "system", "staff")
_SHARES = (50, 20, 18, 12)


def schema(lines: int, seed: int = 1, fault_share: float = 0.01) -> str:
    """Return a schema of at least that many lines, by less than one entity's worth (about 70 lines) more.

    ``fault_share`` is how many of the types lack a directive that their operations need.
    """
    return _Schema(Random(seed), fault_share).text(lines)


def faulty_schema(findings: int) -> str:
    """Return a schema for :data:`API_FLAGS` with one missing directive on each of that many types."""
    names = [f"Thing{number}" for number in range(findings)]
    types = "".join(f"type {name} {{\n  id: ID!\n  title: String\n}}\n\n" for name in names)
    fields = "".join(f"  get{name}(id: ID!): {name} @aws_iam @aws_cognito_user_pools\n" for name in names)
    return f"{types}type Query {{\n{fields}}}\n"


def template(size: int, schema_lines: int = 2000, seed: int = 1) -> str:
    """Return a CloudFormation template in YAML of about that many bytes: an API, its schema inline, resolvers."""
    sdl = "".join(f"        {line}\n" if line else "\n" for line in schema(schema_lines, seed).splitlines())
    head = _TEMPLATE_HEAD + sdl
    parts = [head]
    length = len(head)
    number = 0
    while length < size:
        part = _RESOLVER.format(number=number)
        parts.append(part)
        length += len(part)
        number += 1
    return "".join(parts)


def projects(sdl: str) -> dict[str, dict[str, str]]:
    """Return small projects for a schema by their names, each with its files: described in the usual ways."""
    native = json.dumps({"schema": "schema.graphql", **API}, indent=2)
    template_text = _TEMPLATE_HEAD.replace("Definition: |", "DefinitionS3Location: schema.graphql")
    cdk = {"schema.graphql": sdl, "cdk.json": '{"app": "npx ts-node app.ts"}', "lib/api-stack.ts": _CDK_STACK}
    other = {f"src/module{number // 40}/{kind}{number}.{kind}": "" for number in range(2_000) for kind in ("ts", "md")}
    return {
        "native": {"schema.graphql": sdl, "appsync-lint.yaml": native},
        "template": {"schema.graphql": sdl, "template.yaml": template_text},
        "cdk": cdk,
        "template_and_4,000_files": {
            "schema.graphql": sdl,
            "template.yaml": template_text,
            ".gitignore": "node_modules/\n*.log\n/build\n.env*\n**/generated/*.ts\n",
            **other,
        },
    }


class _Schema:
    def __init__(self, random: Random, fault_share: float) -> None:
        self.random = random
        self.fault_share = fault_share
        self.lines: list[str] = []
        self.queries: list[str] = []
        self.mutations: list[str] = []
        self.subscriptions: list[str] = []
        self.known: dict[str, list[str]] = {audience: [] for audience in _AUDIENCES}

    def text(self, lines: int) -> str:
        number = 0
        roots = (("Query", self.queries), ("Mutation", self.mutations), ("Subscription", self.subscriptions))
        while not number or len(self.lines) + sum(len(fields) + 3 for _, fields in roots) < lines:
            self.entity(number)
            number += 1
        for name, fields in roots:
            self.block("type", name, "", fields)
        return "\n".join(self.lines)

    def entity(self, number: int) -> None:
        random = self.random
        name = _name(number)
        audience = random.choices(_AUDIENCES, _SHARES)[0]
        on_operation = self.directives(audience)
        on_type = "" if random.random() < self.fault_share else on_operation
        if random.random() < 0.3:
            self.lines.append(f"# {'-' * 20} {name} {'-' * 20}")
        if random.random() < 0.2:
            self.lines.append(f'"""One {name.lower()} and whatever belongs to it."""')
        self.block("type", name, on_type, [f"  status: {name}Status!", *self.fields(name, audience)])
        self.block("type", f"{name}Connection", on_type, [f"  items: [{name}]", "  nextToken: String"])
        values = random.sample("ACTIVE ARCHIVED CLOSED DELETED DRAFT OPEN PENDING".split(), 4)
        self.block("enum", f"{name}Status", "", [f"  {value}" for value in values])
        plain = [f"  {field}: {random.choice(_SCALARS)}" for field in random.sample(_FIELDS, random.randint(3, 8))]
        self.block("input", f"Create{name}Input", "", [f"  status: {name}Status!", *plain])
        self.block("input", f"Update{name}Input", "", ["  id: ID!", *plain[:3]])
        self.operations(name, on_operation)
        self.known[audience].append(name)

    def directives(self, audience: str) -> str:
        if audience == "members":
            return ""
        if audience == "public":
            return " @aws_api_key @aws_iam @aws_cognito_user_pools"
        if audience == "system":
            return " @aws_iam @aws_cognito_user_pools"
        groups = ", ".join(f'"{group}"' for group in sorted(self.random.sample(_GROUPS, self.random.randint(1, 2))))
        return f" @aws_cognito_user_pools(cognito_groups: [{groups}])"

    def fields(self, name: str, audience: str) -> Iterator[str]:
        random = self.random
        yield "  id: ID!"
        for field in random.sample(_FIELDS, random.randint(4, 14)):
            chance = random.random()
            if chance < 0.03:
                yield f"  # {field} as people know it"
            elif chance < 0.06:
                yield f'  "The {field} of one {name}."'
            kind = random.choice(_SCALARS) + random.choice(("", "", "!"))
            kind = f"[{kind}]" if random.random() < 0.08 else kind
            deprecated = ' @deprecated(reason: "see metadata")' if random.random() < 0.01 else ""
            own = ' @aws_cognito_user_pools(cognito_groups: ["Admins"])' if random.random() < 0.03 else ""
            yield f"  {field}: {kind}{own}{deprecated}"
        others = self.known[audience] if audience != "staff" else ()
        for other in random.sample(others, min(len(others), random.randint(0, 2))):
            yield f"  of{other}: {other}"
            if random.random() < 0.5:
                yield f"  all{other}s(limit: Int = 20, nextToken: String): {other}Connection"

    def operations(self, name: str, directives: str) -> None:
        self.queries.append(f"  get{name}(id: ID!): {name}{directives}")
        self.queries.append(f"  list{name}s(limit: Int, nextToken: String): {name}Connection{directives}")
        # Nobody lets the API key write.
        writing = directives.replace(" @aws_api_key", "")
        for verb, argument in (("create", f"input: Create{name}Input!"), ("update", f"input: Update{name}Input!")):
            self.mutations.append(f"  {verb}{name}({argument}): {name}{writing}")
        self.mutations.append(f"  delete{name}(id: ID!): {name}{writing}")
        if self.random.random() < 0.5:
            subscribe = f'@aws_subscribe(mutations: ["create{name}"])'
            self.subscriptions.append(f"  onCreate{name}(id: ID): {name} {subscribe}{writing}")

    def block(self, keyword: str, name: str, directives: str, members: list[str]) -> None:
        if members:
            self.lines += [f"{keyword} {name}{directives} {{", *members, "}", ""]


def _name(number: int) -> str:
    adjective = _ADJECTIVES[number // len(_NOUNS) % len(_ADJECTIVES)]
    turn = number // (len(_NOUNS) * len(_ADJECTIVES))
    return f"{adjective}{_NOUNS[number % len(_NOUNS)]}{turn or ''}"


_TEMPLATE_HEAD = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Stage:
    Type: String
    Default: dev
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: !Sub benchmark-${Stage}
      AuthenticationType: AMAZON_COGNITO_USER_POOLS
      UserPoolConfig:
        UserPoolId: !Ref Pool
        AwsRegion: !Ref AWS::Region
        DefaultAction: ALLOW
      AdditionalAuthenticationProviders:
        - AuthenticationType: API_KEY
        - AuthenticationType: AWS_IAM
  Pool:
    Type: AWS::Cognito::UserPool
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: |
"""
_CDK_STACK = """\
import { Stack } from 'aws-cdk-lib';
import * as appsync from 'aws-cdk-lib/aws-appsync';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

export class ApiStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new appsync.GraphqlApi(this, 'Api', {
      name: 'benchmark',
      definition: appsync.Definition.fromFile('schema.graphql'),
      authorizationConfig: {
        defaultAuthorization: {
          authorizationType: appsync.AuthorizationType.USER_POOL,
          userPoolConfig: { userPool: new UserPool(this, 'Pool') },
        },
        additionalAuthorizationModes: [
          { authorizationType: appsync.AuthorizationType.API_KEY },
          { authorizationType: appsync.AuthorizationType.IAM },
        ],
      },
    });
  }
}
"""
_RESOLVER = """\
  Resolver{number}:
    Type: AWS::AppSync::Resolver
    DependsOn: Schema
    Properties:
      ApiId: !GetAtt Api.ApiId
      TypeName: Query
      FieldName: field{number}
      DataSourceName: !Join ["-", [table, !Ref Stage]]
      RequestMappingTemplate: |
        {{
          "version": "2018-05-29",
          "operation": "GetItem",
          "key": {{"id": $util.dynamodb.toDynamoDBJson($ctx.args.id)}}
        }}
      ResponseMappingTemplate: $util.toJson($ctx.result)
"""
