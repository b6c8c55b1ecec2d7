"""The function behind an authorizer's ARN, and where its code is."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.api import FunctionCode
from appsync_lint.sources import read_file

HEAD = """
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Arn: {Type: String}
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      AuthenticationType: AWS_LAMBDA
      LambdaAuthorizerConfig:
        AuthorizerUri: URI
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties: {ApiId: !GetAtt Api.ApiId, Definition: "type Query { me: ID }"}
"""
FUNCTION = """
  Authorizer:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: my-auth, Runtime: python3.12, Handler: app.handler, CodeUri: src/auth}
"""


def code_of(tmp_path: Path, resources: str, uri: str = "!GetAtt Authorizer.Arn", head: str = HEAD) -> FunctionCode:
    """Read a template and return where it has its authorizer's code."""
    path = tmp_path / "template.yaml"
    path.write_text(head.replace("URI", uri) + resources, encoding="utf-8")
    (api,) = read_file(path).apis
    assert api.default.authorizer is not None
    assert api.default.authorizer.code is not None
    return api.default.authorizer.code


@pytest.mark.parametrize(
    "uri",
    [
        "!GetAtt Authorizer.Arn",
        "!GetAtt [Authorizer, Arn]",
        "{Fn::GetAtt: [Authorizer, Arn]}",
        "!Sub ${Authorizer.Arn}",
        '!Sub "${Authorizer.Arn}:live"',
        '!Sub ["${Authorizer.Arn}:${Stage}", {Stage: live}]',
        '!Sub ["${Function}:live", {Function: !GetAtt Authorizer.Arn}]',
        '!Join ["", ["arn:aws:lambda:", !Ref AWS::Region, ":111122223333:function:", !Ref Authorizer]]',
        "arn:aws:lambda:eu-west-1:111122223333:function:my-auth",
        "arn:aws:lambda:eu-west-1:111122223333:function:my-auth:live",
        "!Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:my-auth",
        "!Ref Live",
    ],
)
def test_every_way_to_name_the_function_leads_to_it(uri: str, tmp_path: Path) -> None:
    alias = "\n  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Authorizer, Name: live}}\n"
    code = code_of(tmp_path, FUNCTION + alias, uri)
    assert (code.paths, code.base, code.handler) == (("src/auth/app.py",), str(tmp_path), "app.handler")


def test_a_name_that_is_put_together_is_compared_as_it_is_written(tmp_path: Path) -> None:
    function = FUNCTION.replace("my-auth", '!Sub "${AWS::StackName}-auth"')
    uri = '!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-auth"'
    assert code_of(tmp_path, function, uri).paths == ("src/auth/app.py",)


@pytest.mark.parametrize(
    ("properties", "first"),
    [
        ("Runtime: nodejs20.x, Handler: src/auth.handler, CodeUri: .", "src/auth.ts"),
        ("Runtime: nodejs20.x, Handler: index.handler, CodeUri: ./authorizer/", "authorizer/index.ts"),
        ("Runtime: python3.12, Handler: auth.app.handler, CodeUri: src", "src/auth/app.py"),
        ("Runtime: python3.12, Handler: auth/app.handler, CodeUri: src", "src/auth/app.py"),
        ("Runtime: python3.12, Handler: app.handler", "globally/app.py"),
        ("Runtime: nodejs20.x, Handler: app.handler, CodeUri: src/app.js", "src/app.js"),
    ],
)
def test_the_handler_and_the_folder_give_the_file(properties: str, first: str, tmp_path: Path) -> None:
    head = HEAD.replace("Resources:", "Globals: {Function: {CodeUri: globally}}\nResources:")
    function = f"\n  Authorizer: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}\n"
    assert code_of(tmp_path, function, head=head).paths[0] == first


def test_a_script_may_have_any_of_the_usual_endings(tmp_path: Path) -> None:
    function = FUNCTION.replace("python3.12", "nodejs20.x").replace("src/auth", "dist")
    paths = code_of(tmp_path, function).paths
    assert {"dist/app.js", "dist/app.mjs", "dist/app.cjs", "dist/app.ts", "dist/app.tsx"} <= set(paths)
    assert "src/app.ts" in paths  # what a build made lies beside its source


def test_a_bundler_starts_from_its_entry_point(tmp_path: Path) -> None:
    function = """
  Authorizer:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs20.x, Handler: app.handler, CodeUri: functions}
    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [auth/other.ts, auth/app.ts]}}
"""
    assert code_of(tmp_path, function).paths[0] == "functions/auth/app.ts"


def test_an_asset_of_a_synthesized_template_is_its_folder(tmp_path: Path) -> None:
    function = """
  Authorizer:
    Type: AWS::Lambda::Function
    Properties: {Runtime: nodejs20.x, Handler: index.handler, Code: {S3Bucket: !Sub "assets-${AWS::Region}", S3Key: abc.zip}}
    Metadata: {aws:asset:path: asset.abc, aws:asset:property: Code}
"""
    assert "asset.abc/index.js" in code_of(tmp_path, function).paths


@pytest.mark.parametrize(
    ("kind", "key"),
    [("AWS::Serverless::Function", "InlineCode:"), ("AWS::Lambda::Function", "Code:\n        ZipFile:")],
)
def test_inline_code_keeps_its_places(kind: str, key: str, tmp_path: Path) -> None:
    function = f"""
  Authorizer:
    Type: {kind}
    Properties:
      Runtime: python3.12
      Handler: index.handler
      {key} |
          def handler(event, context):
              return {{"isAuthorized": False}}
"""
    code = code_of(tmp_path, function)
    assert code.text is not None
    assert (code.language, code.handler, code.paths) == ("python", "index.handler", ())
    start = code.text.text.index("return")
    assert code.text.span(start, start + 6).text == "return"
    assert code.text.span(start, start + 6).path == code.text.path


@pytest.mark.parametrize(
    ("resources", "uri", "why"),
    [
        (FUNCTION, "!Ref Arn", "the function behind AuthorizerUri is not in this template"),
        (FUNCTION, "arn:aws:lambda:eu-west-1:111122223333:function:other", "is not in this template"),
        (
            FUNCTION.replace("python3.12", "java21"),
            "!GetAtt Authorizer.Arn",
            "Authorizer is written in Java; only Python",
        ),
        (FUNCTION.replace("python3.12", "provided.al2023"), "!GetAtt Authorizer.Arn", "brings its own runtime"),
        (FUNCTION.replace("Runtime", "PackageType: Image, R"), "!GetAtt Authorizer.Arn", "is a container image"),
        (FUNCTION.replace("src/auth", "s3://bucket/key"), "!GetAtt Authorizer.Arn", "fetched from somewhere else"),
        (FUNCTION.replace("src/auth", "{Bucket: b, Key: k}"), "!GetAtt Authorizer.Arn", "fetched from somewhere else"),
        (FUNCTION.replace("Handler: app.handler", "A: b"), "!GetAtt Authorizer.Arn", "has no Handler"),
        (
            FUNCTION + FUNCTION.replace("Authorizer:", "Other:"),
            "!If [X, !GetAtt Authorizer.Arn, !GetAtt Other.Arn]",
            "one of several functions (Authorizer, Other)",
        ),
    ],
)
def test_what_is_not_known_is_said(resources: str, uri: str, why: str, tmp_path: Path) -> None:
    code = code_of(tmp_path, resources, uri)
    assert (code.paths, code.text) == ((), None)
    assert why in code.why


def test_functions_that_name_each_other_end(tmp_path: Path) -> None:
    loop = """
  One: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Two}}
  Two: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref One}}
"""
    assert code_of(tmp_path, loop, "!Ref One").why
