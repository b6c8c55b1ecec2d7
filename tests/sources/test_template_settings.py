"""What a template says about an API besides its modes: keys, limits, resolvers, policies, guests, merged APIs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from appsync_lint.api import Api, ApiSettings, PolicyText, Resolver, Setting, Unresolved
from appsync_lint.sources import Described, read_file


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def read(text: str) -> Described:
    path = Path("template.yaml")
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def only(described: Described) -> Api:
    assert len(described.apis) == 1
    return described.apis[0]


HEAD = """\
Parameters:
  P: {Type: String}
Conditions:
  Maybe: !Equals [!Ref P, x]
  Never: !Equals [a, b]
Resources:
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
"""
API = "  Api:\n    Type: AWS::AppSync::GraphQLApi\n    Properties:\n      AuthenticationType: AWS_IAM\n"


def settings(own: str = "", beside: str = "", *, head: str = HEAD) -> ApiSettings:
    """Read a template whose API has more properties, and other resources beside it, given as lines of YAML."""
    lines = "".join(f"      {line}\n" for line in own.split("\n") if line)
    return only(read(f"{head}{API}{lines}{beside}")).settings


def resource(name: str, kind: str, properties: str, *, condition: str = "") -> str:
    extra = f"Condition: {condition}, " if condition else ""
    return f"  {name}: {{Type: {kind}, {extra}Properties: {{{properties}}}}}\n"


MINE = "ApiId: !GetAtt Api.ApiId"


def value(setting: Setting[Any] | None) -> object:
    assert setting is not None
    return str(setting.value) if isinstance(setting.value, Unresolved) else setting.value


# The API's own properties.


def test_own_properties_have_values_and_places() -> None:
    found = settings(
        "IntrospectionConfig: DISABLED\nQueryDepthLimit: '12'\nResolverCountLimit: 300\n"
        "Visibility: !If [Maybe, PRIVATE, GLOBAL]\n"
        "LogConfig: {FieldLogLevel: ALL, ExcludeVerboseContent: false}\n"
        "EnvironmentVariables: {TABLE: posts, SECRET: !Ref P}\n"
    )
    assert found.whole
    assert (value(found.introspection), value(found.query_depth_limit), value(found.resolver_count_limit)) == (
        "DISABLED",
        12,
        300,
    )
    assert found.visibility is not None
    assert isinstance(found.visibility.value, Unresolved)
    assert found.visibility.value.candidates == ("GLOBAL", "PRIVATE")
    assert found.logging is not None
    assert (found.logging.level, found.logging.excludes_verbose) == ("ALL", False)
    assert [(item.name, str(item.value)) for item in found.environment] == [("TABLE", "posts"), ("SECRET", "!Ref P")]
    assert found.introspection is not None
    assert found.introspection.span is not None
    assert found.introspection.span.start == (12, 28)


def test_what_is_not_written_is_not_set() -> None:
    assert settings() == ApiSettings(whole=True)


def test_wrong_setting_is_an_error_and_the_rest_is_read() -> None:
    described = read(
        f"{HEAD}{API}      QueryDepthLimit: deep\n      Visibility: [PRIVATE]\n      IntrospectionConfig: ENABLED\n"
    )
    assert [str(error) for error in described.errors] == [
        "template.yaml:12:24: QueryDepthLimit must be a whole number, not 'deep'",
        "template.yaml:13:19: Visibility must be a text, not a list",
    ]
    assert value(only(described).settings.introspection) == "ENABLED"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", ("ALL", None)),
        ("Logging: false", None),
        ("Logging: true", ("ALL", None)),
        ("Logging: {ExcludeVerboseContent: true}", ("ALL", True)),
        ("Logging: {FieldLogLevel: NONE}", ("NONE", None)),
        ("Logging: !If [Maybe, {FieldLogLevel: NONE}, false]", ("!If [Maybe, {FieldLogLevel: NONE}, false]",) * 2),
    ],
)
def test_sam_logs_everything_unless_it_is_told_otherwise(written: str, expected: tuple[object, ...] | None) -> None:
    sam = f"  Api:\n    Type: AWS::Serverless::GraphQLApi\n    Properties:\n      Auth: {{Type: AWS_IAM}}\n      {written}\n"
    logging = only(read(HEAD + sam)).settings.logging
    told = None
    if logging is not None:
        told = tuple(
            str(item) if isinstance(item, Unresolved) else item for item in (logging.level, logging.excludes_verbose)
        )
    assert told == expected


# What stands beside the API.


def test_keys_belong_to_the_api_that_they_name() -> None:
    other = API.replace("Api:", "Other:", 1)
    keys = (
        resource("One", "AWS::AppSync::ApiKey", f"{MINE}, Expires: 1893456000")
        + resource("Two", "AWS::AppSync::ApiKey", f"{MINE}, Expires: !Ref P", condition="Maybe")
        + resource("Three", "AWS::AppSync::ApiKey", MINE)
        + resource("Gone", "AWS::AppSync::ApiKey", MINE, condition="Never")
        + resource("Foreign", "AWS::AppSync::ApiKey", "ApiId: !GetAtt Other.ApiId")
    )
    mine, foreign = read(f"{HEAD}{API}{other}{keys}").apis
    assert [(key.name, str(key.expires)) for key in mine.settings.api_keys] == [
        ("One", "1893456000"),
        ("Two", "!Ref P"),
        ("Three", "None"),
    ]
    assert [key.name for key in foreign.settings.api_keys] == ["Foreign"]


def test_cache_is_read() -> None:
    own = f"{MINE}, ApiCachingBehavior: PER_RESOLVER_CACHING, Ttl: '60', AtRestEncryptionEnabled: true"
    cache = settings(beside=resource("Cache", "AWS::AppSync::ApiCache", own)).cache
    assert cache is not None
    assert (cache.behaviour, cache.ttl, cache.encrypted_at_rest, cache.encrypted_in_transit) == (
        "PER_RESOLVER_CACHING",
        60,
        True,
        None,
    )


@pytest.mark.parametrize(
    ("condition", "arn", "expected"),
    [("", "arn:aws:wafv2:x", "arn:aws:wafv2:x"), ("", "!GetAtt Acl.Arn", "!GetAtt Acl.Arn"), ("Maybe", "x", "Maybe")],
)
def test_web_acl_is_the_one_that_is_associated_with_the_api(condition: str, arn: str, expected: str) -> None:
    association = "AWS::WAFv2::WebACLAssociation"
    mine = resource("Mine", association, f"ResourceArn: !GetAtt Api.Arn, WebACLArn: {arn}", condition=condition)
    assert value(settings(beside=mine).waf) == expected
    other = resource("Other", association, "ResourceArn: !Ref Balancer, WebACLArn: x")
    assert settings(beside=other).waf is None


def test_macro_may_add_what_is_not_read() -> None:
    assert settings(head="Transform: AWS::LanguageExtensions\n" + HEAD).whole
    described = read(f"Transform: [AWS::Serverless-2016-10-31, Mine, {{Name: AWS::Include}}]\n{HEAD}{API}")
    assert not only(described).settings.whole
    assert described.notes == (
        "template.yaml:1:41: the macro Mine may change this template when it is deployed",
        "template.yaml:1:47: the macro AWS::Include may change this template when it is deployed",
        "template.yaml:9:3: the schema of Api is not in this template",
    )
    include = "  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}\n"
    described = read(f"{HEAD}{API}{include}")
    assert not only(described).settings.whole
    assert "template.yaml:12:3: a macro may add resources here when the stack is deployed" in described.notes
    assert not settings("Fn::Transform: {Name: AWS::Include, Parameters: {Location: here.yaml}}").whole


# Resolvers.


def resolver(properties: str, beside: str = "") -> Resolver:
    mine = resource("R", "AWS::AppSync::Resolver", f"{MINE}, TypeName: Query, FieldName: me, {properties}")
    (found,) = settings(beside=mine + beside).resolvers
    return found


def pieces(found: Resolver) -> list[tuple[str, str | None]]:
    return [
        (item.language, item.path or (item.text.text if item.text else str(item.unresolved))) for item in found.code
    ]


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("DataSourceName: lambda", []),
        ("Code: 'export const a = 1'", [("javascript", "export const a = 1")]),
        ("CodeS3Location: src/me.js", [("javascript", "src/me.js")]),
        ("CodeS3Location: ../me.ts", [("typescript", "../me.ts")]),
        ("CodeS3Location: s3://bucket/me.js", [("javascript", "s3://bucket/me.js")]),
        ("CodeS3Location: !Ref P", [("javascript", "!Ref P")]),
        (
            "RequestMappingTemplate: '$a', ResponseMappingTemplateS3Location: b.vtl",
            [("vtl", "$a"), ("vtl", "b.vtl")],
        ),
    ],
)
def test_code_of_a_resolver_is_found(properties: str, expected: list[tuple[str, str]]) -> None:
    found = resolver(properties)
    assert (found.coordinate, pieces(found), found.whole) == ("Query.me", expected, True)


def test_code_inside_the_template_keeps_its_places() -> None:
    described = read(
        f"{HEAD}{API}  R:\n    Type: AWS::AppSync::Resolver\n    Properties:\n      {MINE}\n"
        "      TypeName: Query\n      FieldName: me\n      Code: !Sub |\n        // ${AWS::Region}\n        util.error();\n"
    )
    (piece,) = only(described).settings.resolvers[0].code
    assert piece.text is not None
    assert piece.text.text == "// ${AWS::Region}\nutil.error();\n"
    span = piece.text.span(piece.text.text.index("util"), piece.text.text.index("util") + 4)
    assert (span.path, span.start, span.text) == ("template.yaml", (20, 9), "util")
    assert any("the code holds ${AWS::Region}, which only deployment knows" in note for note in described.notes)


FUNCTION = resource("F", "AWS::AppSync::FunctionConfiguration", f"{MINE}, Code: inner")
MAPPED = resource(
    "M", "AWS::AppSync::FunctionConfiguration", f"{MINE}, RequestMappingTemplate: q, ResponseMappingTemplate: s"
)


@pytest.mark.parametrize(
    ("properties", "expected", "whole"),
    [
        ("Code: outer, PipelineConfig: {Functions: [!GetAtt F.FunctionId]}", ["outer", "inner"], True),
        (
            (
                "RequestMappingTemplate: b, ResponseMappingTemplate: a, PipelineConfig: "
                "{Functions: [!GetAtt M.FunctionId, !GetAtt F.FunctionId]}"
            ),
            ["b", "q", "s", "inner", "a"],
            True,
        ),
        ("Code: outer, PipelineConfig: {Functions: [!Ref P, !GetAtt F.FunctionId]}", ["outer", "inner"], False),
        ("Code: outer, PipelineConfig: {Functions: !Ref P}", ["outer"], False),
        ("Code: outer, PipelineConfig: !Ref P", ["outer"], False),
    ],
)
def test_pipeline_runs_its_functions_in_order(properties: str, expected: list[str], whole: bool) -> None:
    found = resolver(f"Kind: PIPELINE, {properties}", FUNCTION + MAPPED)
    assert ([text for _, text in pieces(found)], found.whole) == (expected, whole)


@pytest.mark.parametrize(
    ("written", "keys", "ttl"),
    [
        ("Kind: UNIT", None, None),
        ("CachingConfig: {Ttl: 60}", (), 60),
        (
            "CachingConfig: {Ttl: 60, CachingKeys: [$context.identity.sub, !Ref P]}",
            ("$context.identity.sub", "!Ref P"),
            60,
        ),
        (
            "CachingConfig: !If [Maybe, {Ttl: 1}, !Ref AWS::NoValue]",
            ("!If [Maybe, {Ttl: 1}, !Ref AWS::NoValue]",),
            None,
        ),
    ],
)
def test_caching_of_a_resolver(written: str, keys: tuple[str, ...] | None, ttl: int | None) -> None:
    found = resolver(written)
    assert (None if found.caching_keys is None else tuple(map(str, found.caching_keys)), found.caching_ttl) == (
        keys,
        ttl,
    )
    assert (found.caching_span is None) == (keys is None)


def test_resolver_of_a_field_that_is_not_known_is_noted() -> None:
    described = read(
        HEAD + API + resource("R", "AWS::AppSync::Resolver", f"{MINE}, TypeName: Query, FieldName: !Ref P")
    )
    assert only(described).settings.resolvers == ()
    assert "template.yaml:12:3: the field that the resolver R is for is only known at deployment" in described.notes


def test_resolvers_and_functions_inside_a_sam_api() -> None:
    sam = """\
  Api:
    Type: AWS::Serverless::GraphQLApi
    Properties:
      Auth: {Type: AWS_IAM}
      Functions:
        load: {CodeUri: load.js, DataSource: none}
        elsewhere: {Id: !Ref P}
      Resolvers:
        Query:
          me: {Pipeline: [load]}
          renamed: {FieldName: you, InlineCode: own, Pipeline: [load, elsewhere], Caching: {Ttl: 5, CachingKeys: [k]}}
        Mutation: 7
"""
    found = only(
        read(HEAD + sam + resource("R", "AWS::AppSync::Resolver", f"{MINE}, TypeName: A, FieldName: b"))
    ).settings
    assert [(item.coordinate, pieces(item), item.whole, item.caching_keys) for item in found.resolvers] == [
        ("Query.me", [("javascript", "load.js")], True, None),
        ("Query.you", [("javascript", "own"), ("javascript", "load.js")], False, ("k",)),
        ("A.b", [], True, None),
    ]


# Policies.

OWN = "arn:*:appsync:*:*:apis/Api"


def policy(
    statement: str, kind: str = "AWS::IAM::ManagedPolicy"
) -> list[tuple[str, list[PolicyText], list[PolicyText]]]:
    document = f"PolicyDocument: {{Statement: [{{{statement}}}]}}"
    found = settings(beside=resource("Policy", kind, document)).policies
    return [(item.effect, list(item.actions), list(item.resources)) for item in found]


def texts(items: list[PolicyText]) -> list[tuple[str, bool]]:
    return [(item.text, item.open) for item in items]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'*'", ("*", False)),
        ("!GetAtt Api.Arn", (OWN, False)),
        ("!Ref Api", (OWN, False)),
        ("!Sub '${Api.Arn}/types/Query/*'", (f"{OWN}/types/Query/*", False)),
        ("!Sub ['${It}/types/${T}/*', {It: !GetAtt Api.Arn, T: Query}]", (f"{OWN}/types/Query/*", False)),
        ("!Join ['', [!GetAtt Api.Arn, /types/Query/fields/me]]", (f"{OWN}/types/Query/fields/me", False)),
        ("!Sub '${Api.Arn}/types/${P}/*'", (f"{OWN}/types/*/*", True)),
        (
            "!Sub 'arn:${AWS::Partition}:appsync:${AWS::Region}:${AWS::AccountId}:apis/${Api.ApiId}/types/*'",
            (f"{OWN}/types/*", False),
        ),
        ("'arn:aws:appsync:*:*:apis/*'", ("arn:aws:appsync:*:*:apis/*", False)),
        ("!Sub '${P}/types/Query/*'", ("*/types/Query/*", True)),
        ("!Sub 'arn:aws:appsync:eu-west-1:1:apis/abcdef/types/*'", None),
        ("!GetAtt Other.Arn", None),
        ("!Sub '${Role.Arn}/*'", None),
        ("'arn:aws:s3:::bucket/*'", None),
    ],
)
def test_resource_of_a_policy_is_about_the_api_or_not(written: str, expected: tuple[str, bool] | None) -> None:
    beside = API.replace("Api:", "Other:", 1)
    document = f"PolicyDocument: {{Statement: {{Effect: Allow, Action: 'appsync:GraphQL', Resource: [{written}]}}}}"
    described = read(HEAD + API + beside + resource("Policy", "AWS::IAM::ManagedPolicy", document))
    found = described.apis[0].settings.policies
    assert [texts(list(item.resources)) for item in found] == ([] if expected is None else [[expected]])


@pytest.mark.parametrize(
    ("action", "covers"),
    [
        ("appsync:GraphQL", True),
        ("AppSync:graphql", True),
        ("'appsync:*'", True),
        ("'*'", True),
        ("'appsync:G*L'", True),
        ("'appsync:Graph??'", True),
        ("'appsync:Get*'", False),
        ("appsync:SourceGraphQL", False),
        ("'s3:*'", False),
        ("[], NotAction: 's3:*'", True),
        ("[], NotAction: ['s3:*', 'appsync:*']", False),
        ("!Ref P", False),
        ("[s3:GetObject, appsync:GraphQL]", True),
        ("!If [Maybe, appsync:GraphQL, s3:GetObject]", True),
    ],
)
def test_action_of_a_policy_is_calling_the_api_or_not(action: str, covers: bool) -> None:
    found = policy(f"Effect: Deny, Action: {action}, Resource: '*'")
    assert [effect for effect, _, _ in found] == ["Deny"] * covers
    assert all(len(actions) == 1 for _, actions, _ in found)


def test_statement_that_leaves_out_resources_says_so() -> None:
    document = "PolicyDocument: {Statement: {Effect: Allow, Action: '*', NotResource: 'arn:aws:s3:::b'}}"
    (found,) = settings(beside=resource("Policy", "AWS::IAM::ManagedPolicy", document)).policies
    assert found.negated


def test_policies_are_found_wherever_they_stand() -> None:
    statement = "{Effect: Allow, Action: 'appsync:GraphQL', Resource: !GetAtt Api.Arn}"
    document = f"PolicyDocument: {{Statement: [{statement}]}}"
    beside = (
        resource("InRole", "AWS::IAM::Role", f"Policies: [{{PolicyName: p, {document}}}]")
        + resource("Alone", "AWS::IAM::Policy", f"Roles: [!Ref Role], {document}")
        + resource("Attached", "AWS::IAM::RolePolicy", f"RoleName: !Ref Role, {document}")
        + resource(
            "Function", "AWS::Serverless::Function", f"Policies: [AmazonS3ReadOnlyAccess, {{Statement: [{statement}]}}]"
        )
        + resource("Single", "AWS::Serverless::Function", f"Policies: {{Statement: {statement}}}")
        + resource("Known", "AWS::Serverless::Function", "Policies: AWSAppSyncInvokeFullAccess")
        + resource(
            "Admin",
            "AWS::IAM::Role",
            "ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess']",
        )
        + resource("Chosen", "AWS::IAM::Policy", f"PolicyDocument: !If [Maybe, {{Statement: {statement}}}, {{}}]")
        + resource("Never", "AWS::IAM::Policy", document, condition="Never")
        + resource(
            "Strange",
            "AWS::IAM::Policy",
            "PolicyDocument: [7, {Statement: x}, {Statement: [{Effect: [], Action: {}}]}]",
        )
    )
    assert [item.owner for item in settings(beside=beside).policies] == [
        "InRole",
        "Alone",
        "Attached",
        "Function",
        "Single",
        "Known",
        "Admin",
        "Chosen",
    ]


# Guests.

CALLS = "Policies: [{PolicyDocument: {Statement: {Effect: Allow, Action: 'appsync:GraphQL', Resource: !Sub '${Api.Arn}/*'}}}]"


def guests(
    role: str, *, allowed: str = "true", attached: str = "{unauthenticated: !GetAtt Guest.Arn}", more: str = ""
) -> Setting[bool] | None:
    beside = (
        resource("Pool", "AWS::Cognito::IdentityPool", f"AllowUnauthenticatedIdentities: {allowed}")
        + resource("Roles", "AWS::Cognito::IdentityPoolRoleAttachment", f"IdentityPoolId: !Ref Pool, Roles: {attached}")
        + resource("Guest", "AWS::IAM::Role", role or "Path: /")
        + more
    )
    return settings(beside=beside).unauthenticated_role


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (CALLS, True),
        ("", False),
        (CALLS.replace("appsync:GraphQL", "s3:GetObject"), False),
        (CALLS.replace("${Api.Arn}/*", "${P}"), "the policy of the role Guest is not known whole"),
        ("ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSAppSyncInvokeFullAccess']", True),
        ("ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess']", False),
        ("ManagedPolicyArns: [!Ref P]", "the policy !Ref P is not in this template"),
        ("ManagedPolicyArns: !Ref P", "the policy !Ref P is not in this template"),
    ],
)
def test_guests_may_call_the_api_if_their_role_may(role: str, expected: bool | str) -> None:
    found = guests(role)
    assert found is not None
    assert (found.value.why if isinstance(found.value, Unresolved) else found.value) == expected


def test_guests_without_a_role_or_a_permission_to_come_call_nothing() -> None:
    assert value(guests(CALLS, allowed="false")) is False
    assert value(guests(CALLS, attached="{authenticated: !GetAtt Guest.Arn}")) is False
    assert value(guests(CALLS, allowed="!Ref P")) == "!Ref P"
    assert value(guests(CALLS, attached="{unauthenticated: !Ref P}")) == "!Ref P"
    assert settings().unauthenticated_role is None


def test_guests_get_what_a_policy_beside_the_role_gives() -> None:
    statement = "{Effect: Allow, Action: 'appsync:*', Resource: '*'}"
    more = resource("Extra", "AWS::IAM::Policy", f"Roles: [!Ref Guest], PolicyDocument: {{Statement: {statement}}}")
    assert value(guests("", more=more)) is True
    denied = more.replace("Allow", "Deny")
    found = guests(CALLS, more=denied)
    assert found is not None
    assert isinstance(found.value, Unresolved)
    assert found.span is not None
    assert found.span.text == "!GetAtt Guest.Arn"


# Merged APIs.


def test_merged_api_names_its_sources_and_has_no_schema_of_its_own() -> None:
    merged = API.replace("Api:", "All:", 1) + "      ApiType: MERGED\n"
    beside = resource(
        "A1",
        "AWS::AppSync::SourceApiAssociation",
        "MergedApiIdentifier: !GetAtt All.ApiId, SourceApiIdentifier: !GetAtt Api.Arn",
    ) + resource(
        "A2", "AWS::AppSync::SourceApiAssociation", "MergedApiIdentifier: !GetAtt All.Arn, SourceApiIdentifier: abc123"
    )
    more = resource(
        "A3", "AWS::AppSync::SourceApiAssociation", "MergedApiIdentifier: !GetAtt All.Arn, SourceApiIdentifier: !Ref P"
    )
    one, every = read(HEAD + API + merged + beside + more).apis
    assert not one.settings.merged
    assert every.settings.merged
    assert [str(source.name) for source in every.settings.sources] == ["Api", "abc123", "!Ref P"]
    (file,) = every.schema_files
    assert file.unresolved is not None
    assert file.unresolved.why == (
        "AppSync merges it from Api, abc123, !Ref P; lint what `aws appsync get-introspection-schema "
        "--include-directives` gives for the merged API"
    )
    assert [item.name for item in one.settings.merged_into] == ["All"]


# Masses.


def test_many_apis_and_what_belongs_to_them_are_read_in_time_that_grows_with_them() -> None:
    count = 400
    beside = "".join(
        f"  A{n}: {{Type: AWS::AppSync::GraphQLApi, Properties: {{AuthenticationType: API_KEY}}}}\n"
        f"  K{n}: {{Type: AWS::AppSync::ApiKey, Properties: {{ApiId: !GetAtt A{n}.ApiId}}}}\n"
        f"  R{n}: {{Type: AWS::AppSync::Resolver, Properties: {{ApiId: !Ref A{n}, TypeName: Q, FieldName: f, "
        f"PipelineConfig: {{Functions: [!GetAtt F.FunctionId]}}}}}}\n"
        f"  P{n}: {{Type: AWS::IAM::ManagedPolicy, Properties: {{PolicyDocument: {{Statement: "
        f"{{Effect: Allow, Action: 'appsync:GraphQL', Resource: !Sub '${{A{n}.Arn}}/*'}}}}}}}}\n"
        for n in range(count)
    )
    begin = time.monotonic()
    apis = read(HEAD + FUNCTION.replace("Api.", "A1.") + beside).apis
    assert time.monotonic() - begin < 20
    assert len(apis) == count
    for api in apis:
        found = api.settings
        assert (len(found.api_keys), len(found.resolvers), len(found.policies)) == (1, 1, 1)


def test_policy_made_of_conditions_in_conditions_is_read_in_bounded_time() -> None:
    nested = "x1: &x1 !If [Maybe, 'appsync:GraphQL', '*']\n" + "".join(
        f"x{n}: &x{n} !If [Maybe, [*x{n - 1}], *x{n - 1}]\n" for n in range(2, 60)
    )
    document = "PolicyDocument: {Statement: {Effect: Allow, Action: *x59, Resource: *x59}}"
    begin = time.monotonic()
    settings(beside=resource("Policy", "AWS::IAM::ManagedPolicy", document), head=nested + HEAD)
    assert time.monotonic() - begin < 10
