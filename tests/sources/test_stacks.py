"""Templates that deploy other templates: what is passed down, what is given back, and what is not followed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from appsync_lint.api import Api, Mode, Unresolved
from appsync_lint.errors import InputError
from appsync_lint.sources import Described, read_file, schema_sources
from appsync_lint.text import EmbeddedText


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


def read(name: str = "parent.yaml") -> Described:
    return read_file(Path(name))


def only(described: Described) -> Api:
    assert len(described.apis) == 1
    return described.apis[0]


def stack(location: str = "child.yaml", parameters: str = "{}", name: str = "Child") -> str:
    return (
        f"  {name}:\n    Type: AWS::CloudFormation::Stack\n"
        f"    Properties: {{TemplateURL: {location}, Parameters: {parameters}}}\n"
    )


API = "  Api: {Type: AWS::AppSync::GraphQLApi, Properties: {AuthenticationType: API_KEY}}\n"
SCHEMA = """\
Parameters: {Id: {Type: String}}
Resources:
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !Ref Id
      Definition: |
        type Query {
          me: ID
        }
"""
#: An API with everything from parameters.
CHILD = """\
Parameters:
  Mode: {Type: String, Default: API_KEY}
  Pool: {Type: String, Default: ""}
  Regions: {Type: CommaDelimitedList, Default: ""}
  Text: {Type: String, Default: "type Query { default: ID }"}
Conditions:
  IsPool: !Equals [!Ref Mode, AMAZON_COGNITO_USER_POOLS]
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      AuthenticationType: !Ref Mode
      UserPoolConfig: {UserPoolId: !Ref Pool, DefaultAction: !Select [1, !Ref Regions]}
      AdditionalAuthenticationProviders: !If [IsPool, [{AuthenticationType: AWS_IAM}], !Ref AWS::NoValue]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, Definition: !Ref Text}
Outputs:
  Id: {Value: !GetAtt Api.ApiId}
  Mode: {Value: !Ref Mode}
"""


def test_schema_in_a_nested_template_belongs_to_the_api_of_its_parent() -> None:
    write(parent=f"Resources:\n{API}{stack(parameters='{Id: !GetAtt Api.ApiId}')}", child=SCHEMA)
    described = read()
    assert described.notes == ()
    assert [source.path for source in described.sources] == ["parent.yaml", "child.yaml"]
    (text,) = schema_sources(only(described))
    assert isinstance(text, EmbeddedText)
    span = text.span(text.text.index("me"), text.text.index("me") + 2)
    assert (span.path, span.start, span.text) == ("child.yaml", (9, 11), "me")


@pytest.mark.parametrize(
    "passed",
    [
        "!GetAtt ApiStack.Outputs.Id",
        "{Fn::GetAtt: [ApiStack, Outputs.Id]}",
        '!Sub "${ApiStack.Outputs.Id}"',
        '!Sub ["${It}", {It: !GetAtt ApiStack.Outputs.Id}]',
        '!Join ["", [!GetAtt ApiStack.Outputs.Id]]',
    ],
)
def test_schema_in_a_sibling_gets_the_id_that_the_apis_stack_gives_back(passed: str) -> None:
    api = f"Resources:\n{API}Outputs: {{Id: {{Value: !GetAtt Api.ApiId}}}}\n"
    both = stack("api.yaml", name="ApiStack") + stack("schema.yaml", f"{{Id: {passed}}}", name="SchemaStack")
    write(parent=f"Resources:\n{both}", api=api, schema=SCHEMA)
    described = read()
    assert (described.notes, only(described).path, len(schema_sources(only(described)))) == ((), "api.yaml", 1)


def test_schema_in_a_sibling_may_import_what_the_apis_stack_exports() -> None:
    api = (
        f"Parameters: {{Stage: {{Type: String}}}}\nResources:\n{API}"
        'Outputs: {Id: {Value: !GetAtt Api.ApiId, Export: {Name: !Sub "${Stage}-id"}}}\n'
    )
    schema = SCHEMA.replace("Id:", "Stage:").replace("!Ref Id", 'Fn::ImportValue: !Sub "${Stage}-id"')
    schema = schema.replace("ApiStage: ", "ApiId: ").replace("ApiId: Fn::", "ApiId:\n        Fn::")
    both = stack("api.yaml", "{Stage: !Ref S}", "ApiStack") + stack("schema.yaml", "{Stage: !Ref S}", "SchemaStack")
    write(parent=f"Parameters: {{S: {{Type: String}}}}\nResources:\n{both}", api=api, schema=schema)
    assert len(schema_sources(only(read()))) == 1
    # Another stage's export is another API's.
    write(parent=f"Resources:\n{both.replace('{Stage: !Ref S}', '{Stage: dev}', 1)}")
    assert schema_sources(only(read())) == []


def test_what_a_parent_passes_decides_the_child() -> None:
    passed = "{Mode: AMAZON_COGNITO_USER_POOLS, Pool: pool-1, Regions: 'x, DENY', Text: 'type Query { mine: ID }'}"
    write(parent=f"Resources:\n{stack(parameters=passed)}", child=CHILD)
    described = read()
    api = only(described)
    assert described.notes == ()
    assert [provider.mode for provider in api.providers] == [Mode.AMAZON_COGNITO_USER_POOLS, Mode.AWS_IAM]
    assert api.default.user_pool is not None
    assert (api.default.user_pool.pool_id, api.default_action) == ("pool-1", "DENY")
    # The mode is named where the API stands, the schema where its text stands.
    assert api.default.span is not None
    assert (api.default.span.path, api.default.span.text) == ("child.yaml", "!Ref Mode")
    (text,) = schema_sources(api)
    span = text.span(text.text.index("mine"), text.text.index("mine") + 4)
    assert (span.path, span.text) == ("parent.yaml", "mine")


def test_a_nested_template_alone_has_its_own_defaults() -> None:
    write(child=CHILD)
    described = read("child.yaml")
    assert only(described).default_mode is Mode.API_KEY
    assert described.notes[0].endswith(
        "AuthenticationType is API_KEY, the default of the parameter Mode; a deployment may pass another value"
    )


def test_defaults_of_the_parent_are_told_as_such() -> None:
    parameters = "Parameters: {ItsMode: {Type: String, Default: AWS_IAM}}\n"
    write(parent=f"{parameters}Resources:\n{stack(parameters='{Mode: !Ref ItsMode}')}", child=CHILD)
    described = read()
    assert only(described).default_mode is Mode.AWS_IAM
    assert only(described).default.origin == "the default of the parameter ItsMode"


def test_what_is_passed_and_not_known_leaves_the_values_that_the_child_allows() -> None:
    child = CHILD.replace("Mode: {Type: String,", "Mode: {Type: String, AllowedValues: [API_KEY, AWS_IAM],")
    write(parent=f"Parameters: {{M: {{Type: String}}}}\nResources:\n{stack(parameters='{Mode: !Ref M}')}", child=child)
    mode = only(read()).default.mode
    assert isinstance(mode, Unresolved)
    assert (mode.text, mode.candidates) == ("!Ref Mode", ("API_KEY", "AWS_IAM"))
    write(child=CHILD)
    mode = only(read()).default.mode
    assert isinstance(mode, Unresolved)
    assert (mode.text, mode.why, mode.candidates) == ("!Ref Mode", "the parameter M has no default", ())


def test_parameter_that_the_parent_leaves_to_its_default_has_it() -> None:
    write(parent=f"Resources:\n{stack(parameters='{Mode: !Ref AWS::NoValue}')}", child=CHILD)
    assert only(read()).default_mode is Mode.API_KEY


def test_one_template_deployed_twice_gives_two_apis_with_their_stacks_names() -> None:
    both = stack(parameters="{Mode: API_KEY}", name="Left") + stack(parameters="{Mode: AWS_IAM}", name="Right")
    write(parent=f"Resources:\n{both}", child=CHILD)
    described = read()
    assert [(api.name, api.default_mode) for api in described.apis] == [
        ("Left.Api", Mode.API_KEY),
        ("Right.Api", Mode.AWS_IAM),
    ]
    assert len(described.sources) == 2


def test_groups_of_a_pool_that_is_passed_down_are_known() -> None:
    pool = "  Pool: {Type: AWS::Cognito::UserPool}\n"
    group = "  Staff: {Type: AWS::Cognito::UserPoolGroup, Properties: {GroupName: Staff, UserPoolId: !Ref Pool}}\n"
    passed = "{Mode: AMAZON_COGNITO_USER_POOLS, Pool: !Ref Pool, Regions: 'x,ALLOW'}"
    write(parent=f"Resources:\n{pool}{group}{stack(parameters=passed)}", child=CHILD)
    assert only(read()).groups == ("Staff",)


def test_authorizer_in_the_parent_is_found_from_the_child() -> None:
    function = (
        "  Auth: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, CodeUri: src}}\n"
    )
    child = (
        "Parameters: {Arn: {Type: String}}\nResources:\n  Api:\n    Type: AWS::AppSync::GraphQLApi\n"
        "    Properties: {AuthenticationType: AWS_LAMBDA, LambdaAuthorizerConfig: {AuthorizerUri: !Ref Arn}}\n"
    )
    Path("nested").mkdir()
    Path("nested/child.yaml").write_text(child, encoding="utf-8")
    write(parent=f"Resources:\n{function}{stack('nested/child.yaml', '{Arn: !GetAtt Auth.Arn}')}")
    authorizer = only(read()).default.authorizer
    assert authorizer is not None
    assert authorizer.code is not None
    assert (authorizer.code.paths, authorizer.code.base) == (("src/a.py",), ".")


# What is not followed.


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("https://s3.amazonaws.com/b/t.yaml", "its template is fetched from https://s3.amazonaws.com/b/t.yaml"),
        ("s3://b/t.yaml", "its template is fetched from s3://b/t.yaml when the stack is deployed"),
        ('!Sub "https://${Bucket}/t.yaml"', 'its template is fetched from !Sub "https://${Bucket}/t.yaml"'),
        ("nowhere.yaml", "no such file"),
        ("../../outside.yaml", "'../../outside.yaml' leads out of the project's folder"),
        ("''", "its template is fetched from nowhere"),
        ("{ApplicationId: arn, SemanticVersion: 1.0.0}", "its template is fetched from"),
        ("broken.yaml", "broken.yaml:2:13: a value is missing here"),
        ("empty.yaml", ""),
    ],
)
def test_template_that_is_not_at_hand_is_named_where_the_schema_may_be(location: str, why: str) -> None:
    Path("broken.yaml").write_text("# AWS::AppSync::\nResources: [", encoding="utf-8")
    Path("empty.yaml").write_text("# AWS::AppSync::\n", encoding="utf-8")
    write(parent=f"Resources:\n{API}{stack(location, '{Id: !GetAtt Api.ApiId}')}")
    described = read()
    assert described.errors == ()
    (note,) = described.notes
    start = "parent.yaml:2:3: the schema of Api is not in this template"
    assert note.startswith(f"{start}; it may be in the nested stack Child: {why}" if why else start)
    # A resolver or a policy may be there, too.
    assert only(described).settings.whole is (location == "empty.yaml")


def test_nested_stack_that_has_nothing_to_do_with_the_api_is_not_mentioned() -> None:
    inline = SCHEMA.partition("Resources:\n")[2].replace("!Ref Id", "!GetAtt Api.ApiId")
    write(parent=f"Resources:\n{API}{inline}{stack('https://s3.amazonaws.com/b/t.yaml', '{Other: 1}')}")
    described = read()
    assert described.notes == ()
    assert only(described).settings.whole


def test_broken_template_with_an_api_is_an_error_and_the_others_are_read() -> None:
    write(parent=f"Resources:\n{API}{stack()}", child="Resources:\n  A: {Type: AWS::AppSync::GraphQLApi\n  B: [")
    described = read()
    assert len(described.apis) == 1
    assert [error.path for error in described.errors] == ["child.yaml"]
    write(child="Resources:\n  A: {Type: AWS::AppSync::GraphQLApi, Properties: 7}\n")
    assert [str(error) for error in read().errors] == [
        "child.yaml:2:51: Properties must be a mapping, not a plain value"
    ]


def test_stack_that_is_never_deployed_is_left_out() -> None:
    conditions = "Conditions: {Never: !Equals [a, b]}\n"
    nested = stack().replace("    Type", "    Condition: Never\n    Type")
    write(parent=f"{conditions}Resources:\n{API}{nested}", child=f"Resources:\n{API}")
    assert len(read().apis) == 1


def test_link_that_leads_out_of_the_project_is_not_followed(tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "child.yaml"
    outside.write_text(f"Resources:\n{API}", encoding="utf-8")
    Path("child.yaml").symlink_to(outside)
    write(parent=f"Resources:\n{stack()}")
    assert read().apis == ()
    assert len(read_file(Path("parent.yaml"), allow_outside=True).apis) == 1


@pytest.mark.parametrize("built", ["./nested/.aws-sam/packaged.yaml", "nested/.aws-sam/build/template.yaml"])
def test_source_counts_of_a_template_that_sam_builds(built: str) -> None:
    Path("nested/.aws-sam/build").mkdir(parents=True)
    write(parent=f"Resources:\n{API}{stack(built, '{Id: !GetAtt Api.ApiId}')}")
    assert only(read()).schema_files == ()
    packaged = SCHEMA.partition("      Definition:")[0] + "      DefinitionS3Location: s3://b/k\n"
    Path(built).write_text(packaged, encoding="utf-8")
    assert only(read()).schema_files[0].unresolved is not None
    Path("nested/template.yaml").write_text(SCHEMA, encoding="utf-8")
    assert [text.path for text in schema_sources(only(read()))] == ["nested/template.yaml"]


# Circles and masses.


def test_stacks_that_hold_each_other_are_read_once() -> None:
    write(parent=f"Resources:\n{API}{stack()}", child=f"Resources:\n{stack('parent.yaml', name='Back')}")
    described = read()
    assert len(described.apis) == 1
    assert "child.yaml:2:3: the nested stack Back holds itself and is not followed" in described.notes


def test_values_that_refer_to_each_other_through_stacks_come_to_an_end() -> None:
    child = CHILD.replace("  Mode: {Value: !Ref Mode}", "  Mode: {Value: !Sub '${Mode}'}")
    write(parent=f"Resources:\n{stack(parameters='{Mode: !GetAtt Child.Outputs.Mode}')}", child=child)
    mode = only(read()).default.mode
    assert isinstance(mode, Unresolved)
    assert mode.why


def test_names_of_exports_that_are_imported_come_to_an_end() -> None:
    outputs = "Outputs: {Id: {Value: !GetAtt Api.ApiId, Export: {Name: !ImportValue x}}}\n"
    write(parent=f"Resources:\n{API}{outputs}")
    assert len(read().apis) == 1


def test_long_chain_of_stacks_is_followed_for_a_while() -> None:
    for number in range(40):
        text = f"Resources:\n{stack(f't{number + 1}.yaml')}" if number < 39 else f"Resources:\n{API}"
        Path(f"t{number}.yaml").write_text(text, encoding="utf-8")
    assert len(read("t0.yaml").sources) == 13
    assert len(read("t30.yaml").apis) == 1


def test_templates_that_multiply_are_read_in_bounded_time() -> None:
    for level in range(8):
        both = "".join(stack(f"t{level + 1}.yaml", name=f"S{number}") for number in range(10))
        Path(f"t{level}.yaml").write_text(f"Resources:\n{both}", encoding="utf-8")
    Path("t8.yaml").write_text(f"Resources:\n{API}", encoding="utf-8")
    begin = time.monotonic()
    assert len(read("t0.yaml").sources) <= 9
    assert time.monotonic() - begin < 20


def test_bad_input_is_told_in_one_line() -> None:
    write(parent="Resources:\n  Child: {Type: AWS::CloudFormation::Stack}\n  Api: {Type: AWS::AppSync::GraphQLApi}\n")
    with pytest.raises(InputError) as caught:
        read()
    assert str(caught.value) == "parent.yaml:3:3: the API Api has no Properties"
