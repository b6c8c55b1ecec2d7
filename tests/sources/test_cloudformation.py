"""CloudFormation and SAM templates: every spelling, what the template decides, and what it leaves open."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appsync_lint.api import Api, Mode, SchemaFile, Unresolved
from appsync_lint.errors import InputError
from appsync_lint.sources import Described, read_file, schema_sources
from appsync_lint.text import EmbeddedText

API_KEY, IAM, COGNITO = Mode.API_KEY, Mode.AWS_IAM, Mode.AMAZON_COGNITO_USER_POOLS
OIDC, LAMBDA = Mode.OPENID_CONNECT, Mode.AWS_LAMBDA


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def read(text: str, name: str = "template.yaml") -> Described:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def only(described: Described) -> Api:
    assert len(described.apis) == 1
    return described.apis[0]


def api(properties: str, *, before: str = "", after: str = "") -> Api:
    """Read a template whose one API has these properties, given as lines of YAML."""
    return only(describe(properties, before=before, after=after))


def describe(properties: str, *, before: str = "", after: str = "") -> Described:
    lines = "".join(f"      {line}\n" for line in properties.strip("\n").split("\n"))
    return read(f"{before}Resources:\n  Api:\n    Type: AWS::AppSync::GraphQLApi\n    Properties:\n{lines}{after}")


def refusal(text: str, name: str = "template.yaml") -> str:
    with pytest.raises(InputError) as caught:
        read(text, name)
    return str(caught.value)


def modes(found: Api) -> list[Mode | Unresolved]:
    return [provider.mode for provider in found.providers]


def open_modes(found: Api, index: int = 0) -> Unresolved:
    mode = found.providers[index].mode
    assert isinstance(mode, Unresolved)
    return mode


# The two resource types.

CLOUDFORMATION = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
  BlogApi:
    Type: "AWS::AppSync::GraphQLApi"
    Description: with everything
    Properties:
      Name: !Sub "${AWS::StackName}-blog"
      AuthenticationType: "AMAZON_COGNITO_USER_POOLS"
      UserPoolConfig:
        UserPoolId: !Ref Pool
        AwsRegion: !Ref "AWS::Region"
        DefaultAction: DENY
        AppIdClientRegex: !Sub ^${Pool}$
      AdditionalAuthenticationProviders:
        - AuthenticationType: API_KEY
        - AuthenticationType: 'AWS_IAM'
        - AuthenticationType: OPENID_CONNECT
          OpenIDConnectConfig: {Issuer: "https://example.org", ClientId: web, IatTTL: 60000, AuthTTL: "3600000"}
        - AuthenticationType: AWS_LAMBDA
          LambdaAuthorizerConfig:
            AuthorizerUri: !GetAtt Function.Arn
            AuthorizerResultTtlInSeconds: 120
            IdentityValidationExpression: ^tok-
  BlogSchema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt BlogApi.ApiId
      Definition: |
        type Query {
          posts: [ID!] @aws_iam
        }
  Editors:
    Type: AWS::Cognito::UserPoolGroup
    Properties: {GroupName: Editors, UserPoolId: !Ref Pool}
"""

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  BlogApi:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      SchemaInline: |
        type Query {
          posts: [ID!] @aws_iam
        }
      ApiKeys:
        Unused: {Description: says nothing about the modes}
      Auth:
        Type: "AWS_LAMBDA"
        LambdaAuthorizer:
          AuthorizerUri: !GetAtt Function.Arn
          AuthorizerResultTtlInSeconds: 10
          IdentityValidationExpression: hello
        Additional:
          - Type: AWS_IAM
          - Type: AWS_LAMBDA
            LambdaAuthorizer:
              AuthorizerUri: !GetAtt Other.Arn
          - Type: OPENID_CONNECT
            OpenIDConnect: {Issuer: "https://example.org", IatTTL: 10}
          - Type: AMAZON_COGNITO_USER_POOLS
            UserPool: {UserPoolId: pool-1, DefaultAction: dropped}
"""


def test_cloudformation_api_with_everything() -> None:
    described = read(CLOUDFORMATION)
    found = only(described)
    assert (described.kind, described.notes) == ("cloudformation", ())
    assert (found.name, found.path, found.tool.name) == ("BlogApi", "template.yaml", "CloudFormation")
    assert (found.tool.unset_lambda_ttl, found.tool.folds_extensions) == (0, False)
    assert modes(found) == [COGNITO, API_KEY, IAM, OIDC, LAMBDA]
    assert found.default_action == "DENY"
    pool = found.default.user_pool
    assert pool is not None
    assert (str(pool.pool_id), str(pool.app_client_regex)) == ("!Ref Pool", "!Sub ^${Pool}$")
    oidc = found.additional[2].oidc
    assert oidc is not None
    assert (oidc.issuer, oidc.client_id, oidc.issued_ttl_ms, oidc.auth_ttl_ms) == (
        "https://example.org",
        "web",
        60000,
        3600000,
    )
    authorizer = found.additional[3].authorizer
    assert authorizer is not None
    assert (authorizer.ttl, authorizer.identity_validation, str(authorizer.uri)) == (
        120,
        "^tok-",
        "!GetAtt Function.Arn",
    )
    assert found.groups == ("Editors",)


def test_settings_have_their_places() -> None:
    found = only(read(CLOUDFORMATION))
    places = [provider.span for provider in found.providers]
    assert [(span.start, span.text) for span in places if span] == [
        ((10, 27), '"AMAZON_COGNITO_USER_POOLS"'),
        ((17, 31), "API_KEY"),
        ((18, 31), "'AWS_IAM'"),
        ((19, 31), "OPENID_CONNECT"),
        ((21, 31), "AWS_LAMBDA"),
    ]
    assert found.span is not None
    assert (found.span.start, found.span.text) == ((5, 3), "BlogApi")
    pool, authorizer = found.default.user_pool, found.additional[3].authorizer
    assert pool is not None
    assert pool.default_action_span is not None
    assert pool.default_action_span.start == (14, 24)
    assert authorizer is not None
    assert authorizer.ttl_span is not None
    assert (authorizer.ttl_span.start, authorizer.ttl_span.text) == ((24, 43), "120")


def test_inline_schema_has_the_places_of_the_template() -> None:
    found = only(read(CLOUDFORMATION))
    (text,) = schema_sources(found)
    assert isinstance(text, EmbeddedText)
    assert text.text == "type Query {\n  posts: [ID!] @aws_iam\n}\n"
    start = text.text.index("@aws_iam")
    span = text.span(start, start + 8)
    assert (span.path, span.start, span.text) == ("template.yaml", (32, 24), "@aws_iam")


def test_sam_has_its_own_spelling() -> None:
    described = read(SAM)
    found = only(described)
    assert (found.tool.name, found.tool.unset_lambda_ttl, found.tool.folds_extensions) == ("SAM", 0, False)
    # Two Lambda authorizers are refused by AppSync, not by the reader: a rule has to say so.
    assert modes(found) == [LAMBDA, IAM, LAMBDA, OIDC, COGNITO]
    assert found.default.authorizer is not None
    assert (found.default.authorizer.ttl, found.default.authorizer.identity_validation) == (10, "hello")
    assert found.additional[1].authorizer is not None
    assert found.additional[1].authorizer.ttl is None
    pool = found.additional[3].user_pool
    assert pool is not None
    assert (pool.pool_id, pool.default_action) == ("pool-1", None)
    assert pool.default_action_span is not None
    assert pool.default_action_span.start == (26, 59)
    assert described.notes == ()
    (text,) = schema_sources(found)
    assert text.span(0, 4).start == (7, 9)


def test_both_types_and_several_apis_stand_in_one_template() -> None:
    described = read(
        """\
Resources:
  One:
    Type: AWS::AppSync::GraphQLApi
    Properties: {AuthenticationType: API_KEY}
  Two:
    Type: AWS::Serverless::GraphQLApi
    Properties: {Auth: {Type: AWS_IAM}, SchemaUri: ./two.graphql}
  SchemaOfOne:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt [One, ApiId], DefinitionS3Location: one.graphql}
  NoType:
    Properties: {}
  Odd: 3
"""
    )
    assert [(item.name, item.tool.name, item.schema_files[0].path) for item in described.apis] == [
        ("One", "CloudFormation", "one.graphql"),
        ("Two", "SAM", "./two.graphql"),
    ]


def test_json_template_is_read_like_the_yaml_one() -> None:
    template = {
        "Resources": {
            "Api": {
                "Type": "AWS::AppSync::GraphQLApi",
                "Properties": {
                    "AuthenticationType": "API_KEY",
                    "AdditionalAuthenticationProviders": [
                        {
                            "AuthenticationType": "AMAZON_COGNITO_USER_POOLS",
                            "UserPoolConfig": {"UserPoolId": {"Fn::ImportValue": {"Fn::Sub": "${Stage}-pool"}}},
                        }
                    ],
                },
            },
            "Schema": {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {
                    "ApiId": {"Fn::GetAtt": ["Api", "ApiId"]},
                    "Definition": 'type Query {\r\n\tme: ID @aws_auth(cognito_groups: ["A"])\r\n}\r\n',
                },
            },
        }
    }
    found = only(read(json.dumps(template, indent="\t"), "stack.template.json"))
    assert modes(found) == [API_KEY, COGNITO]
    pool = found.additional[0].user_pool
    assert pool is not None
    assert isinstance(pool.pool_id, Unresolved)
    assert pool.pool_id.why == "another stack exports it"
    (text,) = schema_sources(found)
    start = text.text.index('"A"')
    assert text.span(start, start + 3).text == '\\"A\\"'


# Where the schema is.


def schema(properties: str, extra: str = "") -> SchemaFile:
    lines = "".join(f"      {line}\n" for line in properties.strip("\n").split("\n"))
    described = read(
        f"{extra}Resources:\n  Api:\n    Type: AWS::AppSync::GraphQLApi\n    Properties: {{AuthenticationType: API_KEY}}\n"
        f"  Schema:\n    Type: AWS::AppSync::GraphQLSchema\n    Properties:\n      ApiId: !GetAtt Api.ApiId\n{lines}"
    )
    (file,) = only(described).schema_files
    return file


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("s3://bucket/key/schema.graphql", "it is fetched from there when the stack is deployed"),
        ("https://bucket.s3.amazonaws.com/schema.graphql", "it is fetched from there when the stack is deployed"),
        ("!Sub s3://${Bucket}/schema.graphql", "this template has no parameter or resource Bucket"),
        ('!Join ["", ["s3://", !Ref Bucket, "/schema.graphql"]]', "this template has no parameter or resource Bucket"),
        ('{"Fn::Sub": ["s3://${A}/x", {A: !GetAtt B.C}]}', "it is an attribute of a resource that does not exist yet"),
        ("!Ref AWS::Region", "AWS::Region depends on where the stack is deployed"),
        ('""', "it is empty by default"),
    ],
)
def test_schema_that_only_deployment_knows(written: str, why: str) -> None:
    file = schema(f"DefinitionS3Location: {written}")
    assert (file.path, file.text) == (None, None)
    assert file.unresolved is not None
    assert file.unresolved.why == why


def test_included_schema_is_named_as_open() -> None:
    file = schema("Definition:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}")
    assert file.unresolved is not None
    assert file.unresolved.why == "AWS::Include puts another file in its place when the stack is deployed"


def test_local_schema_is_relative_to_the_template() -> None:
    Path("infra").mkdir()
    Path("graphql").mkdir()
    Path("graphql/schema.gql").write_text("type Query { a: Int }")
    text = CLOUDFORMATION.partition("Definition: |")[0] + "DefinitionS3Location: ../graphql/schema.gql\n"
    found = only(read(text, "infra/template.yaml"))
    assert found.schema_files[0].path == "../graphql/schema.gql"
    assert [source.path for source in schema_sources(found)] == ["graphql/schema.gql"]


def test_missing_schema_file_is_told_at_the_place_that_names_it() -> None:
    found = only(
        read(
            "Resources: {A: {Type: AWS::Serverless::GraphQLApi, Properties: {Auth: {Type: AWS_IAM}, SchemaUri: no.gql}}}"
        )
    )
    with pytest.raises(InputError) as caught:
        schema_sources(found)
    assert str(caught.value) == "template.yaml:1:99: no.gql: no such file"


@pytest.mark.parametrize(
    "api_id",
    [
        "!GetAtt Api.ApiId",
        "!GetAtt [Api, ApiId]",
        "{Fn::GetAtt: [Api, ApiId]}",
        "{Fn::GetAtt: Api.ApiId}",
        "!Ref Api",
        "!Sub ${Api.ApiId}",
        '!Select [1, !Split ["/", !Ref Api]]',
        "!If [Never, !GetAtt Api.ApiId, !Ref Other]",
    ],
)
def test_schema_is_linked_by_reference(api_id: str) -> None:
    found = api(
        "AuthenticationType: API_KEY",
        after="  S:\n    Type: AWS::AppSync::GraphQLSchema\n    Properties:\n"
        f"      ApiId: {api_id}\n      Definition: 'type Query {{ a: Int }}'\n",
    )
    assert len(found.schema_files) == 1


def test_schema_of_another_template_is_noted() -> None:
    described = describe(
        "AuthenticationType: API_KEY",
        after="  S:\n    Type: AWS::AppSync::GraphQLSchema\n    Properties: {ApiId: !Ref ApiId, Definition: x}\n",
    )
    assert only(described).schema_files == ()
    assert described.notes == (
        "template.yaml:2:3: the schema of Api is not in this template",
        "template.yaml:6:3: the API that the schema S belongs to is not in this template",
    )


def test_variables_in_an_inline_schema_are_filled_in() -> None:
    file = schema(
        'Definition: !Sub |\n  type Query {\n    a: ID @aws_auth(cognito_groups: ["${Group}", "${Other}"]) # ${!Kept}\n  }',
        "Parameters:\n  Group: {Type: String, Default: Administrators}\n  Other: {Type: String}\n",
    )
    assert file.text is not None
    assert '["Administrators", "${Other}"]) # ${Kept}' in file.text.text
    for word, there in (("Administrators", "${Group}"), ("${Other}", "${Other}"), ("cognito_groups", "cognito_groups")):
        start = file.text.text.index(word)
        assert file.text.span(start, start + len(word)).text == there


def test_joined_inline_schema_keeps_its_places() -> None:
    file = schema('Definition: !Join ["\\n", ["type Query {", "  a: ID @aws_iam", "}"]]')
    assert file.text is not None
    assert file.text.text == "type Query {\n  a: ID @aws_iam\n}"
    start = file.text.text.index("@aws_iam")
    assert file.text.span(start, start + 8).text == "@aws_iam"


# What the template decides.

PARAMETERS = """\
Parameters:
  Mode: {Type: String, AllowedValues: [AWS_IAM, API_KEY], Default: API_KEY}
  OneMode: {Type: String, AllowedValues: [AWS_IAM]}
  Assumed: {Type: String, Default: OPENID_CONNECT}
  NoMode: {Type: String, Default: ""}
  Free: {Type: String}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /modes/default}
  Names: {Type: CommaDelimitedList, Default: "API_KEY, AWS_IAM"}
  Stage: {Type: String, AllowedValues: [test, live], Default: live}
  Ttl: {Type: Number, Default: 300}
Mappings:
  Stages:
    test: {Mode: API_KEY, Same: AWS_IAM}
    live: {Mode: AWS_IAM, Same: AWS_IAM}
Conditions:
  IsLive: !Equals [!Ref Stage, live]
  IsOld: !Equals [!Ref Stage, old]
  IsNew: !Not [!Condition IsOld]
  Both: {"Fn::And": [{Condition: IsLive}, {Condition: IsNew}]}
  Neither: !And [!Condition IsOld, !Condition IsLive]
  Any: !Or [!Condition IsNew, !Condition IsLive]
  ByDefault: !Equals [!Ref Assumed, OPENID_CONNECT]
  Round: !Condition Round
"""


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ("!Ref OneMode", IAM),
        ("!FindInMap [Stages, live, Mode]", IAM),
        ("!FindInMap [Stages, !Ref Stage, Same]", IAM),
        ("!Sub 'AWS_IAM'", IAM),
        ('!Join ["_", [AWS, IAM]]', IAM),
        ("!Select [1, !Ref Names]", IAM),
        ('!Select [0, !Split ["|", "AWS_IAM|x"]]', IAM),
        ("!If [IsOld, API_KEY, AWS_IAM]", IAM),
        ("!If [IsNew, AWS_IAM, API_KEY]", IAM),
        ("!If [Neither, API_KEY, AWS_IAM]", IAM),
        ("!If [Any, AWS_IAM, API_KEY]", IAM),
        ("!If [IsLive, AWS_IAM, AWS_IAM]", IAM),
        ("{Fn::If: [IsOld, !Ref Free, {Ref: OneMode}]}", IAM),
        ("!Ref Assumed", OIDC),
    ],
)
def test_mode_that_the_template_decides(written: str, mode: Mode) -> None:
    assert modes(api(f"AuthenticationType: {written}", before=PARAMETERS)) == [mode]


@pytest.mark.parametrize(
    ("written", "candidates", "why"),
    [
        ("!Ref Mode", ("API_KEY", "AWS_IAM"), "the parameter Mode may be any of its allowed values"),
        ("{Ref: Mode}", ("API_KEY", "AWS_IAM"), "the parameter Mode may be any of its allowed values"),
        ("!Ref Free", (), "the parameter Free has no default"),
        ("!Ref NoMode", (), "the default of the parameter NoMode is no mode"),
        ("!Ref Stored", (), "the parameter Stored is read from the parameter store"),
        ("!Ref Nothing", (), "this template has no parameter or resource Nothing"),
        ("!If [IsLive, AWS_IAM, API_KEY]", ("AWS_IAM", "API_KEY"), "it depends on the condition IsLive"),
        (
            "!If [IsLive, !Ref Mode, OPENID_CONNECT]",
            ("API_KEY", "AWS_IAM", "OPENID_CONNECT"),
            "it depends on the condition IsLive",
        ),
        ("!If [Both, AWS_IAM, !Ref Free]", (), "it depends on the condition Both"),
        ("!If [Round, AWS_IAM, API_KEY]", ("AWS_IAM", "API_KEY"), "it depends on the condition Round"),
        ("!If [Unknown, AWS_IAM, API_KEY]", ("AWS_IAM", "API_KEY"), "it depends on the condition Unknown"),
        # A default is only a default: a condition on it is not decided by it.
        ("!If [ByDefault, AWS_IAM, API_KEY]", ("AWS_IAM", "API_KEY"), "it depends on the condition ByDefault"),
        (
            "!FindInMap [Stages, !Ref Stage, Mode]",
            ("AWS_IAM", "API_KEY"),
            "it depends on which entry of Stages is looked up",
        ),
        (
            "!FindInMap [Stages, !Ref AWS::Region, Mode]",
            ("API_KEY", "AWS_IAM"),
            "it depends on which entry of Stages is looked up",
        ),
        ("!FindInMap [Stages, other, Mode]", (), "the mapping Stages has no such entry"),
        ("!Sub '${Free}_KEY'", (), "the parameter Free has no default"),
        (
            "!Sub ['${A}', {A: !Ref Mode}]",
            ("API_KEY", "AWS_IAM"),
            "the parameter Mode may be any of its allowed values",
        ),
        ("!ImportValue mode", (), "another stack exports it"),
        ("!GetAtt Other.Outputs.Mode", (), "it is an attribute of a resource that does not exist yet"),
        ("'{{resolve:ssm:/mode}}'", (), "it is read from a store when the stack is deployed"),
        ("!Select [9, !Ref Names]", (), "it selects an item that the list does not have"),
        ("!Length [a]", (), "Fn::Length is worked out when the stack is deployed"),
    ],
)
def test_mode_that_the_template_leaves_open(written: str, candidates: tuple[str, ...], why: str) -> None:
    mode = open_modes(api(f"AuthenticationType: {written}", before=PARAMETERS))
    assert (mode.text, mode.candidates, mode.why) == (written, candidates, why)
    assert mode.span is not None
    assert mode.span.text == written


def test_default_of_a_parameter_is_used_and_told() -> None:
    described = describe(
        "AuthenticationType: !Ref Assumed\nLambdaAuthorizerConfig: {AuthorizerResultTtlInSeconds: !Ref Ttl}",
        before=PARAMETERS,
    )
    found = only(described)
    assert found.default.origin == "the default of the parameter Assumed"
    assert found.default.authorizer is not None
    assert found.default.authorizer.ttl == 300
    assert described.notes[1:] == (
        (
            "template.yaml:28:27: AuthenticationType is OPENID_CONNECT, the default of the parameter Assumed; "
            "a deployment may pass another value"
        ),
        (
            "template.yaml:29:62: AuthorizerResultTtlInSeconds is 300, the default of the parameter Ttl; "
            "a deployment may pass another value"
        ),
    )


ADDITIONAL = [
    # What stands there, the certain modes, the candidates of what is open (None: nothing is open).
    ("!Ref AWS::NoValue", [], None),
    ("[]", [], None),
    ("", [], None),
    ("[{AuthenticationType: AWS_IAM}, !Ref AWS::NoValue]", [IAM], None),
    ("[!If [IsLive, {AuthenticationType: AWS_IAM}, !Ref 'AWS::NoValue']]", [], ("AWS_IAM",)),
    ("[!If [IsOld, {AuthenticationType: AWS_IAM}, !Ref 'AWS::NoValue']]", [], None),
    ("[!If [IsNew, {AuthenticationType: AWS_IAM}, !Ref 'AWS::NoValue']]", [IAM], None),
    ("[!If [IsLive, {AuthenticationType: AWS_IAM}, {AuthenticationType: AWS_IAM}]]", [IAM], None),
    (
        "[!If [IsLive, {AuthenticationType: AWS_IAM}, {AuthenticationType: AWS_LAMBDA}]]",
        [("AWS_IAM", "AWS_LAMBDA")],
        None,
    ),
    ("!If [IsLive, [{AuthenticationType: AWS_IAM}], !Ref AWS::NoValue]", [], ("AWS_IAM",)),
    ("!If [IsLive, [{AuthenticationType: AWS_IAM}], []]", [], ("AWS_IAM",)),
    (
        "!If [IsLive, [{AuthenticationType: AWS_IAM}, {AuthenticationType: AWS_LAMBDA}], [{AuthenticationType: AWS_LAMBDA}]]",
        [LAMBDA],
        ("AWS_IAM",),
    ),
    (
        "!If [IsLive, [{AuthenticationType: AWS_IAM}], [{AuthenticationType: AWS_LAMBDA}]]",
        [("AWS_IAM", "AWS_LAMBDA")],
        None,
    ),
    ("!Ref Free", [], ()),
    ("[!Ref Free]", [], ()),
    ("[!If [IsLive, !Ref Free, {AuthenticationType: AWS_IAM}]]", [], ()),
    ("[{AuthenticationType: !Ref Mode}]", [("API_KEY", "AWS_IAM")], None),
]


@pytest.mark.parametrize(("written", "certain", "left_open"), ADDITIONAL)
def test_additional_providers_under_conditions(
    written: str, certain: list[Mode | tuple[str, ...]], left_open: tuple[str, ...] | None
) -> None:
    found = api(f"AuthenticationType: API_KEY\nAdditionalAuthenticationProviders: {written}", before=PARAMETERS)
    assert [
        item.mode.candidates if isinstance(item.mode, Unresolved) else item.mode for item in found.additional
    ] == certain
    assert (found.additional_open.candidates if found.additional_open else None) == left_open


def test_settings_under_a_condition_are_certain_where_both_branches_agree() -> None:
    found = api(
        "AuthenticationType: AMAZON_COGNITO_USER_POOLS\n"
        "UserPoolConfig: !If\n"
        "  - IsLive\n"
        "  - {UserPoolId: !Ref Pool, DefaultAction: DENY, AppIdClientRegex: web}\n"
        "  - {UserPoolId: !Ref Pool, DefaultAction: ALLOW, AppIdClientRegex: web}\n",
        before=PARAMETERS,
        after="  G: {Type: AWS::Cognito::UserPoolGroup, Properties: {GroupName: A, UserPoolId: !Ref Pool}}\n",
    )
    pool = found.default.user_pool
    assert pool is not None
    assert pool.app_client_regex == "web"
    assert isinstance(pool.default_action, Unresolved)
    assert pool.default_action.candidates == ("DENY", "ALLOW")
    assert found.groups == ("A",)


def test_api_that_is_never_deployed_is_left_out() -> None:
    text = f"{PARAMETERS}Resources:\n  Api:\n    Type: AWS::AppSync::GraphQLApi\n    Condition: IsOld\n    Properties: {{}}\n"
    described = read(text)
    assert described.apis == ()
    assert described.notes == (
        "template.yaml:25:3: Api is left out, its condition IsOld never holds",
        "template.yaml: no AppSync API is in this template",
    )


@pytest.mark.parametrize(
    "holder", ["Properties: !Transform {Name: X}", "Properties:\n      Fn::Transform: {Name: X}\n      Name: x"]
)
def test_macro_around_the_properties_leaves_the_mode_open(holder: str) -> None:
    found = only(read(f"Resources:\n  Api:\n    Type: AWS::AppSync::GraphQLApi\n    {holder}\n"))
    assert open_modes(found).candidates == ()


# Groups.


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], None),
        (["GroupName: A, UserPoolId: !Ref Pool", "GroupName: B, UserPoolId: {Ref: Other}"], ("A",)),
        (["GroupName: A, UserPoolId: !Ref Pool", "GroupName: !Sub 'b', UserPoolId: !Ref Pool"], ("A", "b")),
        (["GroupName: A, UserPoolId: !Ref Pool", "GroupName: !Ref Name, UserPoolId: !Ref Pool"], None),
        (["GroupName: A, UserPoolId: !Ref Pool", "UserPoolId: !Ref Pool"], None),
        (["GroupName: !Ref Assumed, UserPoolId: !Ref Pool"], None),
    ],
)
def test_groups_are_known_only_if_all_names_are(groups: list[str], expected: tuple[str, ...] | None) -> None:
    after = "".join(
        f"  G{index}: {{Type: AWS::Cognito::UserPoolGroup, Properties: {{{text}}}}}\n"
        for index, text in enumerate(groups)
    )
    found = api(
        "AuthenticationType: AMAZON_COGNITO_USER_POOLS\nUserPoolConfig: {UserPoolId: !Ref Pool}",
        before=PARAMETERS,
        after=after,
    )
    assert found.groups == expected


# Templates with mistakes.


def test_key_written_twice_is_noted_and_the_last_counts() -> None:
    described = describe("AuthenticationType: AMAZON_COGNITO_USER_POOLS\nAuthenticationType: API_KEY")
    assert modes(only(described)) == [API_KEY]
    assert described.notes[1] == "template.yaml:6:7: the key AuthenticationType is written twice; the last one counts"


@pytest.mark.parametrize(
    ("properties", "line"),
    [
        (
            "AuthenticationType: COGNITO",
            "5:27: 'COGNITO' is not an authorization mode; did you mean AMAZON_COGNITO_USER_POOLS?",
        ),
        ("AuthenticationType: [API_KEY]", "5:27: authenticationType must be a text, not a list"),
        ("Name: x", "2:3: the API Api has no AuthenticationType"),
        ("AuthenticationType: !Ref AWS::NoValue", "5:7: AuthenticationType is set to AWS::NoValue"),
        (
            "AuthenticationType: API_KEY\nAdditionalAuthenticationProviders: {AuthenticationType: AWS_IAM}",
            "6:42: AdditionalAuthenticationProviders must be a list, not a mapping",
        ),
        (
            "AuthenticationType: API_KEY\nAdditionalAuthenticationProviders: [AWS_IAM]",
            "6:43: an additional provider must be a mapping, not a plain value",
        ),
        (
            "AuthenticationType: API_KEY\nAdditionalAuthenticationProviders: [{UserPoolConfig: {}}]",
            "6:43: an additional provider has no AuthenticationType",
        ),
        (
            "AuthenticationType: AMAZON_COGNITO_USER_POOLS\nUserPoolConfig: {DefaultAction: allow}",
            "6:39: DefaultAction is ALLOW or DENY, not 'allow'",
        ),
        (
            "AuthenticationType: AWS_LAMBDA\nLambdaAuthorizerConfig: arn",
            "6:31: LambdaAuthorizerConfig must be a mapping, not a plain value",
        ),
        (
            "AuthenticationType: AWS_LAMBDA\nLambdaAuthorizerConfig: {AuthorizerResultTtlInSeconds: soon}",
            "6:62: AuthorizerResultTtlInSeconds must be a whole number, not 'soon'",
        ),
    ],
)
def test_what_no_deployment_survives_is_an_error_at_its_place(properties: str, line: str) -> None:
    with pytest.raises(InputError) as caught:
        describe(properties)
    assert str(caught.value) == f"template.yaml:{line}"


def test_tab_that_indents_is_named() -> None:
    assert refusal("Resources:\n\tApi: 1\n") == "template.yaml:2:1: a tab cannot indent a line of YAML; use blanks"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Resources: {A: {Type: AWS::Serverless::GraphQLApi, Properties: {}}}", "1:13: the API A has no Auth"),
        ("Resources: {A: {Type: AWS::Serverless::GraphQLApi}}", "1:13: the API A has no Properties"),
        (
            "Resources: {A: {Type: AWS::Serverless::GraphQLApi, Properties: {Auth: AWS_IAM}}}",
            "1:71: Auth must be a mapping, not a plain value",
        ),
    ],
)
def test_broken_sam_api_is_an_error_at_its_place(text: str, line: str) -> None:
    assert refusal(text) == f"template.yaml:{line}"


@pytest.mark.parametrize("text", ["Resources:\n", "Resources: []\n", "Resources: {A: {Type: AWS::S3::Bucket}}\n"])
def test_template_without_an_api_is_no_error(text: str) -> None:
    described = read(text)
    assert described.apis == ()
    assert described.notes == ("template.yaml: no AppSync API is in this template",)


# Templates that mean harm.


def test_chains_and_bombs_of_functions_end() -> None:
    conditions = "".join(f"  C{n}: !Condition C{n + 1}\n" for n in range(5_000))
    joins = "x0: &x0 [a, b, c]\n" + "".join(
        f"x{n}: &x{n} !Join ['', [{', '.join([f'*x{n - 1}'] * 9)}]]\n" for n in range(1, 50)
    )
    joins = joins.replace("x0: &x0 [a, b, c]", "x0: &x0 abcdefgh")
    found = api(
        "AuthenticationType: !If [C0, API_KEY, AWS_IAM]\n"
        "AdditionalAuthenticationProviders: [{AuthenticationType: *x49}]\n"
        "UserPoolConfig: {UserPoolId: *x49}",
        before=f"{joins}Conditions:\n{conditions}",
        after="  S:\n    Type: AWS::AppSync::GraphQLSchema\n    Properties: {ApiId: [*x49, !Ref Api], Definition: *x49}\n",
    )
    assert open_modes(found).candidates == ("API_KEY", "AWS_IAM")
    assert open_modes(found, 1).why == "there are too many possible texts"
    assert found.schema_files[0].unresolved is not None


def test_huge_template_is_read_quickly() -> None:
    import time

    noise = "".join(
        f"  Queue{n}:\n    Type: AWS::SQS::Queue\n    Properties:\n      QueueName: !Sub '${{AWS::StackName}}-{n}'\n"
        f"      Tags: [{{Key: stage, Value: !Ref Stage}}]\n"
        for n in range(2_500)
    )
    begin = time.monotonic()
    assert modes(api("AuthenticationType: API_KEY", after=noise)) == [API_KEY]
    assert time.monotonic() - begin < 20


def test_text_that_many_schemas_share_is_not_copied_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appsync_lint.sources.cloudformation.texts.MAX_SCHEMA", 200_000)
    text = "x: &x '" + "type A { a: Int } " * 500 + "'\nResources:\n"
    text += "".join(
        f"  A{n}: {{Type: AWS::AppSync::GraphQLApi, Properties: {{AuthenticationType: API_KEY}}}}\n"
        f"  S{n}: {{Type: AWS::AppSync::GraphQLSchema, Properties: {{ApiId: !Ref A{n}, Definition: *x}}}}\n"
        for n in range(100)
    )
    files = [item.schema_files[0] for item in read(text).apis]
    copied = [file for file in files if file.text is not None]
    assert len(copied) == 200_000 // 9_000
    assert {str(file.unresolved.why) for file in files if file.unresolved} == {"it is too long to be followed"}


def test_template_full_of_apis_is_read_in_time_that_grows_with_it() -> None:
    import time

    mapping = "".join(f"    k{n}: {{Mode: API_KEY}}\n" for n in range(2_000))
    apis = "".join(
        f"  A{n}: {{Type: AWS::AppSync::GraphQLApi, Properties: {{AuthenticationType: !FindInMap [M, !Ref P, Mode]}}}}\n"
        f"  S{n}: {{Type: AWS::AppSync::GraphQLSchema, Properties: {{ApiId: !Ref A{n}, Definition: x}}}}\n"
        for n in range(2_000)
    )
    begin = time.monotonic()
    described = read(f"Mappings:\n  M:\n{mapping}Resources:\n{apis}")
    assert len(described.apis) == 2_000
    assert time.monotonic() - begin < 30


def test_loop_that_makes_apis_is_noted() -> None:
    described = read(
        "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Apis:\n    - Name\n    - [A, B]\n"
        "    - ${Name}Api: {Type: AWS::AppSync::GraphQLApi, Properties: {AuthenticationType: API_KEY}}\n"
    )
    assert described.notes == (
        "template.yaml:3:3: Fn::ForEach::Apis makes APIs in a loop, which is not followed",
        "template.yaml: no AppSync API is in this template",
    )


def test_loop_that_makes_resolvers_is_no_matter() -> None:
    described = read(
        "Transform: AWS::LanguageExtensions\nResources:\n  GraphQLApi:\n    Type: AWS::AppSync::GraphQLApi\n"
        "    Properties: {AuthenticationType: API_KEY}\n  Fn::ForEach::Resolvers:\n    - Name\n    - [a, b]\n"
        "    - ${Name}Resolver: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt GraphQLApi.ApiId}}\n"
    )
    assert not [note for note in described.notes if "in a loop" in note]


def test_more_providers_than_any_api_has_are_refused() -> None:
    items = ", ".join(["{AuthenticationType: API_KEY}"] * 501)
    line = "template.yaml:6:42: an API has at most 50 authorization providers, not 501"
    with pytest.raises(InputError) as caught:
        describe(f"AuthenticationType: API_KEY\nAdditionalAuthenticationProviders: [{items}]")
    assert str(caught.value) == line
