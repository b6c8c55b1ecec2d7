"""Terraform: every spelling of a module, what its files decide, and what they leave open; plans and states."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appsync_lint.api import Api, Mode, Provider, SchemaFile, Tool, Unresolved
from appsync_lint.errors import InputError
from appsync_lint.sources import Described, read_file, schema_sources
from appsync_lint.text import EmbeddedText, SourceText

from ..strategies import thorough
from .test_round_trip import APIS, bare

API_KEY, IAM, COGNITO = Mode.API_KEY, Mode.AWS_IAM, Mode.AMAZON_COGNITO_USER_POOLS
OIDC, LAMBDA = Mode.OPENID_CONNECT, Mode.AWS_LAMBDA


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(text: str, name: str = "main.tf") -> Described:
    return read_file(write(name, text))


def only(described: Described) -> Api:
    assert len(described.apis) == 1, described
    return described.apis[0]


def resource(settings: str, before: str = "") -> str:
    """Return a module whose one API has these settings."""
    return f'{before}\nresource "aws_appsync_graphql_api" "it" {{\n  name = "it"\n{settings}\n}}\n'


def api(settings: str, before: str = "") -> Api:
    return only(read(resource(settings, before)))


def refusal(text: str, name: str = "main.tf") -> str:
    with pytest.raises(InputError) as caught:
        read(text, name)
    return str(caught.value)


def outcome(text: str, name: str = "main.tf") -> Described:
    """Read what may be wrong; an error must be one line."""
    try:
        return read(text, name)
    except InputError as error:
        return Described(Path(name), "", notes=tuple(str(error).split("\n")))


def modes(found: Api) -> list[Mode | Unresolved]:
    return [provider.mode for provider in found.providers]


def left_open(value: object) -> Unresolved:
    assert isinstance(value, Unresolved)
    return value


def sdl(found: Api) -> str:
    return "".join(text.text for text in schema_sources(found))


# Providers.

EVERYTHING = """
  authentication_type = "AMAZON_COGNITO_USER_POOLS"
  additional_authentication_provider {
    authentication_type = "OPENID_CONNECT"
    openid_connect_config {
      issuer    = "https://issuer.example.com"
      client_id = "a|b"
      iat_ttl   = 1000
      auth_ttl  = "2000"
    }
  }
\tuser_pool_config {
\t\tuser_pool_id = "pool"
\t\tdefault_action = "DENY"
\t\tapp_id_client_regex = "^one$"
\t}
  additional_authentication_provider {
    authentication_type = "AWS_LAMBDA"
    lambda_authorizer_config {
      authorizer_uri                   = "arn:aws:lambda:eu-west-1:1:function:auth"
      authorizer_result_ttl_in_seconds = 60
      identity_validation_expression   = "^Bearer "
    }
  }
"""


def test_blocks_are_read_with_everything_in_them() -> None:
    found = api(EVERYTHING)
    assert modes(found) == [COGNITO, OIDC, LAMBDA]
    pool, oidc, authorizer = found.default.user_pool, found.additional[0].oidc, found.additional[1].authorizer
    assert pool
    assert oidc
    assert authorizer
    assert (pool.pool_id, pool.default_action, pool.app_client_regex) == ("pool", "DENY", "^one$")
    assert (oidc.issuer, oidc.client_id) == ("https://issuer.example.com", "a|b")
    assert (oidc.issued_ttl_ms, oidc.auth_ttl_ms) == (1000, 2000)
    assert (authorizer.ttl, authorizer.identity_validation) == (60, "^Bearer ")
    assert found.tool == Tool("Terraform", unset_lambda_ttl=300)
    assert found.additional_open is None


def test_places_count_characters_and_lead_to_what_is_written() -> None:
    found = api('  authentication_type = "API_KEY" # è\n  /* ü */ introspection_config = "DISABLED"', "# ñ 😀\n")
    assert found.default.span is not None
    assert found.default.span.text == '"API_KEY"'
    assert found.default.span.start == (5, 25)
    assert found.span is not None
    assert found.span.text == 'resource "aws_appsync_graphql_api" "it"'
    introspection = found.settings.introspection
    assert introspection is not None
    assert introspection.span is not None
    assert introspection.span.text == '"DISABLED"'


def test_default_action_is_not_filled_in() -> None:
    found = api(
        '  authentication_type = "AMAZON_COGNITO_USER_POOLS"\n  user_pool_config {\n    user_pool_id = "p"\n  }'
    )
    assert found.default_action is None


def test_escapes_stand_for_themselves() -> None:
    found = api(
        '  authentication_type = "AMAZON_COGNITO_USER_POOLS"\n  user_pool_config {\n    user_pool_id = "$${a} %%{b} $c %d \\"\\u00e9\\\\"\n  }'
    )
    assert found.default.user_pool is not None
    assert found.default.user_pool.pool_id == '${a} %{b} $c %d "é\\'


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    text = resource('  authentication_type = "API_KEY"\n  schema = <<EOF\ntype Query {\n  a: Int\n}\nEOF')
    Path("main.tf").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    found = only(read_file(Path("main.tf")))
    assert modes(found) == [API_KEY]
    assert sdl(found) == "type Query {\r\n  a: Int\r\n}\r\n"


def test_a_default_ttl_is_left_unset_and_counts_300() -> None:
    found = api('  authentication_type = "AWS_LAMBDA"\n  lambda_authorizer_config {\n    authorizer_uri = "arn"\n  }')
    assert found.default.authorizer is not None
    assert found.default.authorizer.ttl is None
    assert found.tool.unset_lambda_ttl == 300


def test_unknown_mode_names_the_nearest() -> None:
    assert "did you mean AMAZON_COGNITO_USER_POOLS?" in refusal(resource('  authentication_type = "COGNITO"'))


def test_missing_mode_is_an_error_at_the_resource() -> None:
    assert refusal(resource("")).startswith("main.tf:2:1: the API it has no authentication_type")


def test_other_api_is_read_where_one_is_broken() -> None:
    described = read(
        resource('  authentication_type = "COGNITO"')
        + resource('  authentication_type = "API_KEY"').replace('"it"', '"other"')
    )
    assert [found.name for found in described.apis] == ["other"]
    assert len(described.errors) == 1


# Variables and local values.


def mode_of(expression: str, before: str = "") -> Mode | Unresolved:
    return api(f"  authentication_type = {expression}", before).default.mode


VARIABLE = 'variable "mode" {\n  default = "AWS_IAM"\n}\n'


def test_variables_default_counts_and_is_noted() -> None:
    described = read(resource("  authentication_type = var.mode", VARIABLE))
    assert modes(only(described)) == [IAM]
    assert only(described).default.origin == "the default of the variable mode"
    assert [note for note in described.notes if "mode" in note] == [
        "main.tf:7:25: authentication_type is AWS_IAM, the default of the variable mode; a deployment may pass another value"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("terraform.tfvars", 'mode = "API_KEY"'),
        ("terraform.tfvars.json", '{"mode": "API_KEY"}'),
        ("one.auto.tfvars", 'mode = "API_KEY"'),
        ("one.auto.tfvars.json", '{"mode": "API_KEY"}'),
    ],
)
def test_variable_files_count_before_defaults(name: str, text: str) -> None:
    write(name, text)
    described = read(resource("  authentication_type = var.mode", VARIABLE))
    assert modes(only(described)) == [API_KEY]
    assert not any("default" in note for note in described.notes)
    span = only(described).default.span
    assert span is not None
    assert span.path == name


def test_last_variable_file_counts() -> None:
    write("terraform.tfvars", 'mode = "API_KEY"')
    write("a.auto.tfvars", 'mode = "OPENID_CONNECT"')
    write("b.auto.tfvars", 'mode = "AWS_LAMBDA"')
    assert mode_of("var.mode", VARIABLE) is LAMBDA


def test_variable_without_default_is_open() -> None:
    found = left_open(mode_of("var.mode", 'variable "mode" {}\n'))
    assert (found.text, found.why, found.candidates) == ("var.mode", "the variable mode has no default", ())


def test_variables_own_check_says_what_it_can_be() -> None:
    check = 'validation {\n    condition = contains(["API_KEY", "AWS_IAM"], var.mode)\n    error_message = "no"\n  }'
    assert left_open(mode_of("var.mode", f'variable "mode" {{\n  {check}\n}}\n')).candidates == ("API_KEY", "AWS_IAM")


def test_variable_file_that_somebody_must_name_does_not_decide() -> None:
    write("prod.tfvars", 'mode = "API_KEY"')
    assert left_open(mode_of("var.mode", VARIABLE)).why == "the variable mode is set in prod.tfvars"


def test_variable_file_that_says_what_the_default_says_changes_nothing() -> None:
    write("env/prod.tfvars", 'mode = "AWS_IAM"')
    assert mode_of("var.mode", VARIABLE) is IAM


def test_optional_members_of_an_object_have_their_defaults() -> None:
    before = 'variable "auth" {\n  type = object({\n    mode = optional(string, "AWS_IAM")\n    other = optional(string)\n  })\n}\n'
    write("terraform.tfvars", "auth = {}")
    assert mode_of("var.auth.mode", before) is IAM


LOCALS = """
locals {
  modes  = { first = "AWS_IAM", "second" = "API_KEY" }
  list   = ["OPENID_CONNECT", "AWS_LAMBDA"]
  prefix = "AWS"
  again  = local.modes.first
}
"""


@pytest.mark.parametrize(
    ("expression", "mode"),
    [
        ("local.modes.first", IAM),
        ('local.modes["second"]', API_KEY),
        ("local.list[1]", LAMBDA),
        ("local.list.0", OIDC),
        ('"${local.prefix}_IAM"', IAM),
        ('"${local.modes.second}"', API_KEY),
        ("local.again", IAM),
        ('lookup(local.modes, "third", "API_KEY")', API_KEY),
        ('try(local.modes.third, local.modes["third"], "AWS_LAMBDA")', LAMBDA),
        ('coalesce(null, "", "AWS_IAM")', IAM),
        ('true ? "API_KEY" : "AWS_IAM"', API_KEY),
        ('local.prefix == "AWS" && !(1 > 2) ? "API_KEY" : "AWS_IAM"', API_KEY),
        ('upper(join("_", ["api", "key"]))', API_KEY),
        ('format("%s_%s", local.prefix, "LAMBDA")', LAMBDA),
        ('element(concat(local.list, ["AWS_IAM"]), 2)', IAM),
        ('merge(local.modes, { first = "API_KEY" }).first', API_KEY),
        ('[for mode in local.list : mode if mode != "AWS_LAMBDA"][0]', OIDC),
        ('{ for name, mode in local.modes : upper(name) => mode }["FIRST"]', IAM),
        ('replace("API-KEY", "-", "_")', API_KEY),
        ('one([for m in values(local.modes) : m if startswith(m, "API")])', API_KEY),
        ('jsondecode("{\\"a\\": \\"AWS_IAM\\"}").a', IAM),
        ('split(",", "API_KEY,AWS_IAM")[1]', IAM),
        ('join("_", setproduct(["AWS"], ["IAM"])[0])', IAM),
        ('one(setsubtract(["AWS_IAM", "API_KEY"], ["API_KEY"]))', IAM),
        ("one(local.modes[*].first)", IAM),
        ('zipmap(["a"], local.list[*] == [] ? [] : ["AWS_IAM"])["a"]', IAM),
        ('length(local.list) == 2 ? "AWS_IAM" : "API_KEY"', IAM),
        ('contains(keys(local.modes), "first") ? "AWS_IAM" : "API_KEY"', IAM),
        ("trimspace(<<EOF\n AWS_IAM\nEOF\n)", IAM),
        ('"%{ if local.prefix == "AWS" }AWS_IAM%{ else }API_KEY%{ endif }"', IAM),
    ],
)
def test_expressions_are_worked_out(expression: str, mode: Mode) -> None:
    assert mode_of(expression, LOCALS) is mode


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("aws_ssm_parameter.mode.value", "aws_ssm_parameter.mode does not exist yet"),
        ("data.aws_ssm_parameter.mode.value", "it is looked up when the plan is made"),
        ("terraform.workspace", "the workspace decides"),
        ("local.none", "no local value none is defined"),
        ("var.none", "no variable none is declared"),
        ("module.none.mode", "the module none is not here"),
        ('local.modes["none"]', "it has no none"),
        ('base64decode("QVBJX0tFWQ==")', "base64decode() is not followed"),
        ('"${var.none}_KEY"', "no variable none is declared"),
        ('replace("API_KEY", "/_.*/", "")', "it replaces what a regular expression matches"),
    ],
)
def test_what_only_deployment_knows_is_open(expression: str, why: str) -> None:
    assert left_open(mode_of(expression, LOCALS)).why == why


def test_condition_leaves_both_branches() -> None:
    found = left_open(mode_of('terraform.workspace == "prod" ? "AWS_IAM" : "API_KEY"'))
    assert found.candidates == ("AWS_IAM", "API_KEY")
    assert found.why == 'it depends on terraform.workspace == "prod"'


def test_condition_on_a_default_leaves_both_branches_the_likelier_first() -> None:
    before = 'variable "stage" {\n  default = "dev"\n}\n'
    found = left_open(mode_of('var.stage == "prod" ? "AWS_IAM" : "API_KEY"', before))
    assert found.candidates == ("API_KEY", "AWS_IAM")


def test_values_that_refer_to_themselves_are_open() -> None:
    found = left_open(mode_of("local.a", "locals {\n  a = local.b\n  b = local.a\n}\n"))
    assert found.why == "it refers to itself"


def test_workspaces_files_make_one_module_and_overrides_win() -> None:
    write("variables.tf", VARIABLE)
    write("locals.tf", 'locals {\n  extra = "API_KEY"\n}\n')
    write("main_override.tf", 'resource "aws_appsync_graphql_api" "it" {\n  authentication_type = "AWS_LAMBDA"\n}\n')
    described = read(
        resource(
            "  authentication_type = var.mode\n  additional_authentication_provider {\n    authentication_type = local.extra\n  }"
        )
    )
    assert modes(only(described)) == [LAMBDA, API_KEY]
    assert described.sources[0].path == "main.tf"
    assert {source.path for source in described.sources} == {"main.tf", "variables.tf", "locals.tf", "main_override.tf"}


def test_override_replaces_all_blocks_of_a_type() -> None:
    write(
        "override.tf",
        'resource "aws_appsync_graphql_api" "it" {\n  additional_authentication_provider {\n    authentication_type = "AWS_IAM"\n  }\n}\n',
    )
    assert modes(api(EVERYTHING)) == [COGNITO, IAM]


def test_file_of_opentofu_replaces_its_namesake() -> None:
    write("main.tofu", resource('  authentication_type = "AWS_IAM"'))
    assert modes(only(read(resource('  authentication_type = "API_KEY"')))) == [API_KEY]
    assert modes(only(read_file(Path("main.tofu")))) == [IAM]


# Dynamic blocks, count, for_each.


def dynamic(for_each: str, before: str = "", mode: str = '"AWS_IAM"') -> Api:
    content = f"    content {{\n      authentication_type = {mode}\n    }}"
    block = f'  dynamic "additional_authentication_provider" {{\n    for_each = {for_each}\n{content}\n  }}'
    return api(f'  authentication_type = "API_KEY"\n{block}', before)


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ('["AWS_IAM", "AWS_LAMBDA"]', [API_KEY, IAM, LAMBDA]),
        ('toset(["AWS_LAMBDA", "AWS_IAM"])', [API_KEY, IAM, LAMBDA]),
        ('{ b = "AWS_IAM", a = "AWS_LAMBDA" }', [API_KEY, LAMBDA, IAM]),
        ("[]", [API_KEY]),
    ],
)
def test_dynamic_blocks_are_written_out(for_each: str, expected: list[Mode]) -> None:
    found = dynamic(for_each, mode="additional_authentication_provider.value")
    assert modes(found) == expected
    assert found.additional_open is None


def test_dynamic_blocks_of_unknown_number_leave_the_list_open() -> None:
    found = dynamic("var.none")
    assert modes(found) == [API_KEY]
    assert left_open(found.additional_open).candidates == ("AWS_IAM",)
    found = dynamic("var.none", mode="additional_authentication_provider.value")
    assert left_open(found.additional_open).candidates == ()


def test_dynamic_block_that_depends_on_a_default_leaves_the_list_open() -> None:
    found = dynamic("var.extra ? [1] : []", 'variable "extra" {\n  default = false\n}\n')
    assert modes(found) == [API_KEY]
    assert left_open(found.additional_open).candidates == ("AWS_IAM",)


def test_dynamic_settings_inside_a_provider_are_read() -> None:
    block = """
  dynamic "additional_authentication_provider" {
    for_each = local.providers
    iterator = each_one
    content {
      authentication_type = each_one.value.mode
      dynamic "openid_connect_config" {
        for_each = each_one.value.issuer == null ? [] : [each_one.value.issuer]
        content {
          issuer = openid_connect_config.value
        }
      }
    }
  }"""
    before = 'locals {\n  providers = [{ mode = "AWS_IAM", issuer = null }, { mode = "OPENID_CONNECT", issuer = "https://i" }]\n}\n'
    found = api(f'  authentication_type = "API_KEY"\n{block}', before)
    assert modes(found) == [API_KEY, IAM, OIDC]
    assert found.additional[0].oidc is None
    assert found.additional[1].oidc is not None
    assert found.additional[1].oidc.issuer == "https://i"


def test_settings_that_may_not_be_there_are_open() -> None:
    block = '  dynamic "user_pool_config" {\n    for_each = var.none ? [1] : []\n    content {\n      user_pool_id = "p"\n      default_action = "DENY"\n    }\n  }'
    found = api(f'  authentication_type = "AMAZON_COGNITO_USER_POOLS"\n{block}')
    assert isinstance(found.default_action, Unresolved)


def test_count_of_zero_leaves_an_api_out() -> None:
    described = read(resource('  count = 0\n  authentication_type = "API_KEY"'))
    assert described.apis == ()
    assert described.notes[0] == "main.tf: no AppSync API is in this module"
    assert described.notes[1] == "main.tf:2:1: it is left out, its count is 0"


def test_count_that_defaults_make_zero_leaves_an_api_out_and_says_why() -> None:
    before = 'variable "on" {\n  default = false\n}\n'
    described = read(resource('  count = var.on ? 1 : 0\n  authentication_type = "API_KEY"', before))
    assert described.apis == ()
    assert any("its count is 0 with the default of the variable on" in note for note in described.notes)


def test_one_api_per_mode_knows_its_mode() -> None:
    text = 'variable "mode" {}\n'
    for name, mode in (("key", "API_KEY"), ("iam", "AWS_IAM")):
        text += resource(f'  count = var.mode == "{mode}" ? 1 : 0\n  authentication_type = var.mode').replace(
            '"it" {', f'"{name}" {{'
        )
    assert [(found.name, found.default.mode) for found in read(text).apis] == [("key", API_KEY), ("iam", IAM)]


def test_for_each_makes_an_api_of_each() -> None:
    text = resource('  for_each = { public = "API_KEY", staff = "AWS_IAM" }\n  authentication_type = each.value')
    assert [(found.name, found.default.mode) for found in read(text).apis] == [
        ('it["public"]', API_KEY),
        ('it["staff"]', IAM),
    ]


def test_for_each_that_is_not_known_makes_one_open_api() -> None:
    found = api("  for_each = var.none\n  authentication_type = each.value")
    assert found.name == "it"
    assert left_open(found.default.mode).why == "it differs from one instance to another"


@pytest.mark.parametrize(
    "ignored", ["[additional_authentication_provider]", "[tags, additional_authentication_provider[0]]", "all"]
)
def test_ignored_changes_leave_the_modes_open(ignored: str) -> None:
    lifecycle = f"  lifecycle {{\n    ignore_changes = {ignored}\n  }}"
    found = api(f'  authentication_type = "API_KEY"\n{lifecycle}')
    assert found.additional_open is not None
    assert "ignore_changes" in found.additional_open.why
    assert isinstance(found.default.mode, Unresolved) is (ignored == "all")


# Schemas.


def schema(expression: str, before: str = "") -> Described:
    return read(resource(f'  authentication_type = "API_KEY"\n  schema = {expression}', before))


@pytest.mark.parametrize(
    "expression",
    [
        'file("schema.graphql")',
        'file("${path.module}/schema.graphql")',
        'file("${path.root}/schema.graphql")',
        'file("${path.cwd}/schema.graphql")',
        '"${file("schema.graphql")}"',
        "data.local_file.schema.content",
        '"${data.local_file.schema.content}"',
        "local.schema",
        'trimspace(file(join("/", [path.module, "schema.graphql"])))',
        'templatefile("schema.graphql", { a = 1 })',
        'join("\\n", [file("schema.graphql")])',
        'join("\\n", [for name in sort(fileset(path.module, "*.graphql")) : file(name)])',
    ],
)
def test_schema_file_is_found(expression: str) -> None:
    write("schema.graphql", "type Query { a: Int }")
    before = 'data "local_file" "schema" {\n  filename = "schema.graphql"\n}\nlocals {\n  schema = file("./schema.graphql")\n}\n'
    found = only(schema(expression, before))
    (source,) = schema_sources(found)
    assert source.path == "schema.graphql"
    assert type(source) is SourceText


def test_schema_in_several_files_is_all_of_them() -> None:
    write("a.graphql", "type Query { a: B }")
    write("b.graphql", "type B { c: Int }")
    found = only(schema('join("\\n", [file("a.graphql"), file("b.graphql")])'))
    assert [source.path for source in schema_sources(found)] == ["a.graphql", "b.graphql"]


def test_heredoc_keeps_its_places() -> None:
    found = only(schema("<<EOF\ntype Query {\n  a: Int @aws_iam\n}\nEOF"))
    (source,) = schema_sources(found)
    assert source.text == "type Query {\n  a: Int @aws_iam\n}\n"
    span = source.span(source.text.index("@aws_iam"), source.text.index("@aws_iam") + 8)
    assert (span.path, span.start, span.text) == ("main.tf", (7, 10), "@aws_iam")


def test_indented_heredoc_loses_the_indentation_of_all_lines() -> None:
    found = only(schema("<<-EOF\n    type Query {\n\n      é: Int @aws_iam\n    }\n  EOF"))
    (source,) = schema_sources(found)
    assert source.text == "type Query {\n\n  é: Int @aws_iam\n}\n"
    start = source.text.index("@aws_iam")
    assert source.span(start, start + 8).text == "@aws_iam"


def test_values_are_put_into_a_schema() -> None:
    before = 'locals {\n  group = "Editors"\n  more = "extend"\n}\n'
    found = only(
        schema('<<EOF\ntype Query { a: Int @aws_auth(cognito_groups: ["${local.group}"]) b: Int }\nEOF', before)
    )
    (source,) = schema_sources(found)
    assert 'cognito_groups: ["Editors"]) b' in source.text
    place = source.text.index("Editors")
    assert source.span(place, place + 7).text == "${local.group}"
    behind = source.text.index("b: Int")
    assert source.span(behind, behind + 6).text == "b: Int"


def test_unknown_values_stay_in_the_schema_and_are_noted() -> None:
    described = schema('<<EOF\ntype Query { a: Int @aws_auth(cognito_groups: ["${var.none}"]) $${b} }\nEOF')
    assert 'cognito_groups: ["${var.none}"]) ${b} }' in sdl(only(described))
    assert any("the schema holds ${var.none}, which only deployment knows" in note for note in described.notes)


def test_template_file_is_filled_in_and_keeps_its_places() -> None:
    text = 'type Query {\n%{ for name in names ~}\n  ${name}: Int @aws_auth(cognito_groups: ["${group}"])\n%{ endfor ~}\n}\n'
    write("schema.graphql", text)
    found = only(schema('templatefile("schema.graphql", { names = ["a", "b"], group = "G" })'))
    (source,) = schema_sources(found)
    assert isinstance(source, EmbeddedText)
    assert (
        source.text
        == 'type Query {\n  a: Int @aws_auth(cognito_groups: ["G"])\n  b: Int @aws_auth(cognito_groups: ["G"])\n}\n'
    )
    last = source.text.rindex("@aws_auth")
    assert source.span(last, last + 9).start == (3, 16)
    assert source.span(last, last + 9).path == "schema.graphql"


def test_only_what_stands_once_in_a_template_is_written_back() -> None:
    text = "type Query {\n%{ for name in names }  ${name}: Int @aws_iam\n%{ endfor }  last: Int ${mark} @aws_oidc\n}\n"
    write("schema.graphql", text)
    found = only(schema('templatefile("schema.graphql", { names = ["a", "b"], mark = "@aws_api_key" })'))
    (source,) = schema_sources(found)

    def written(word: str) -> str | None:
        start = source.text.index(word)
        edit = source.replacement(start, start + len(word), "x")
        return edit.span.text if edit is not None else None

    assert written("@aws_oidc") == "@aws_oidc"
    assert written("@aws_iam") is None
    assert written("@aws_api_key") is None
    assert written("aws_api") is None


def test_heredoc_is_written_back() -> None:
    (source,) = schema_sources(only(schema("<<-EOF\n  type Query {\n    a: Int @aws_iam\n  }\n  EOF")))
    start = source.text.index("@aws_iam")
    edit = source.replacement(start, start + 8, "@aws_oidc")
    assert edit is not None
    assert (edit.span.text, edit.text) == ("@aws_iam", "@aws_oidc")


def test_template_that_goes_through_an_open_list_leaves_the_schema_open() -> None:
    write("schema.graphql", "type Query {\n%{ for name in names }\n${name}: Int\n%{ endfor }\n}\n")
    (file,) = only(schema('templatefile("schema.graphql", { names = var.none })')).schema_files
    assert file.unresolved is not None
    assert file.unresolved.why == "it depends on names, and no variable none is declared"


def test_old_template_file_is_filled_in() -> None:
    write("schema.graphql", "type Query { ${field}: Int }")
    before = (
        'data "template_file" "schema" {\n  template = file("schema.graphql")\n  vars = {\n    field = "a"\n  }\n}\n'
    )
    assert sdl(only(schema("data.template_file.schema.rendered", before))) == "type Query { a: Int }"


def test_schema_that_is_fetched_is_open() -> None:
    (file,) = only(schema("data.aws_s3_object.schema.body")).schema_files
    assert file.unresolved is not None
    assert file.unresolved.why == "it is looked up when the plan is made"


def test_schema_outside_the_project_is_refused(tmp_path: Path) -> None:
    found = only(schema('file("../../secret.graphql")'))
    with pytest.raises(InputError, match="leads out of the project"):
        schema_sources(found)


def test_schema_that_is_not_there_is_an_error_at_its_place() -> None:
    with pytest.raises(InputError, match=r"^main\.tf:5:12: none\.graphql: no such file"):
        schema_sources(only(schema('file("none.graphql")')))


# Modules.

MODULE = """
variable "mode" {}
variable "extra" {
  default = []
}
resource "aws_appsync_graphql_api" "this" {
  name                = "m"
  authentication_type = var.mode
  schema              = file("${path.module}/schema.graphql")
  dynamic "additional_authentication_provider" {
    for_each = var.extra
    content {
      authentication_type = additional_authentication_provider.value
    }
  }
}
output "id" {
  value = aws_appsync_graphql_api.this.id
}
"""


def test_local_module_is_read_with_its_inputs() -> None:
    write("modules/api/main.tf", MODULE)
    write("modules/api/schema.graphql", "type Query { a: Int }")
    described = read(
        'module "one" {\n  source = "./modules/api"\n  mode = "API_KEY"\n  extra = ["AWS_IAM"]\n}\nmodule "two" {\n  source = "./modules/api"\n  mode = "AWS_IAM"\n}\n'
    )
    assert [(found.name, modes(found)) for found in described.apis] == [
        ("one.this", [API_KEY, IAM]),
        ("two.this", [IAM]),
    ]
    assert [schema_sources(found)[0].path for found in described.apis] == ["modules/api/schema.graphql"] * 2
    assert {source.path for source in described.sources} == {"main.tf", "modules/api/main.tf"}


def test_module_is_read_as_its_callers_make_it() -> None:
    write("environments/dev/main.tf", 'module "api" {\n  source = "../../modules/api"\n  mode = "API_KEY"\n}\n')
    write("environments/prod/main.tf", 'module "api" {\n  source = "../../modules/api"\n  mode = "AWS_IAM"\n}\n')
    described = read(MODULE, "modules/api/main.tf")
    assert [(found.name, modes(found)) for found in described.apis] == [
        ("dev.api.this", [API_KEY]),
        ("prod.api.this", [IAM]),
    ]
    assert len(read_file(Path("environments/dev/main.tf")).apis) == 1


def test_module_that_nobody_calls_is_open() -> None:
    assert left_open(only(read(MODULE, "modules/api/main.tf")).default.mode).why == "the variable mode has no default"


def test_repeated_module_is_read_for_each() -> None:
    write("modules/api/main.tf", MODULE)
    described = read(
        'module "api" {\n  for_each = { a = "API_KEY", b = "AWS_IAM" }\n  source = "./modules/api"\n  mode = each.value\n}\n'
    )
    assert [(found.name, modes(found)) for found in described.apis] == [
        ('api["a"].this', [API_KEY]),
        ('api["b"].this', [IAM]),
    ]


def test_module_outside_the_project_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-other"
    outside.mkdir()
    (outside / "main.tf").write_text(MODULE)
    described = read(
        f'# aws_appsync_graphql_api\nmodule "api" {{\n  source = "../{outside.name}"\n  mode = "API_KEY"\n}}\n'
    )
    assert described.apis == ()


def test_modules_that_call_each_other_end() -> None:
    write("a/main.tf", MODULE + 'module "b" {\n  source = "../b"\n}\n')
    write("b/main.tf", 'module "a" {\n  source = "../a"\n  mode = "API_KEY"\n}\n')
    assert read_file(Path("a/main.tf")).apis


COMMUNITY = """
module "api" {
  source = "terraform-aws-modules/appsync/aws"
  name   = "x"
  %s
}
"""


def community(inputs: str) -> Api:
    return only(read(COMMUNITY % inputs))


def test_inputs_of_the_community_module_are_read() -> None:
    found = community("""
  authentication_type      = "OPENID_CONNECT"
  openid_connect_config    = { issuer = "https://i", client_id = "c" }
  lambda_authorizer_config = {}
  additional_authentication_provider = {
    two = { authentication_type = "AWS_IAM" }
    one = {
      authentication_type      = "AWS_LAMBDA"
      lambda_authorizer_config = { authorizer_uri = "arn", authorizer_result_ttl_in_seconds = 5 }
      user_pool_config         = {}
    }
  }""")
    assert modes(found) == [OIDC, LAMBDA, IAM]
    assert found.default.oidc is not None
    assert (found.default.oidc.issuer, found.default.authorizer) == ("https://i", None)
    assert found.additional[0].authorizer is not None
    assert (found.additional[0].authorizer.ttl, found.additional[0].user_pool) == (5, None)


def test_defaults_of_the_community_module_count() -> None:
    found = community('api_keys = { web = null, app = "2030-01-01T00:00:00Z" }\n  caching_enabled = true')
    assert modes(found) == [API_KEY]
    assert [(key.name.rpartition(".")[2], key.expires) for key in found.settings.api_keys] == [
        ("app", 1893456000),
        ("web", None),
    ]
    assert found.settings.cache is not None
    assert (found.settings.cache.behaviour, found.settings.cache.ttl) == ("FULL_REQUEST_CACHING", 1)
    assert found.settings.cache.encrypted_at_rest is False


def test_community_module_that_makes_nothing_is_left_out() -> None:
    assert read(COMMUNITY % "create_graphql_api = false").apis == ()


# The JSON syntax.


def test_json_syntax_says_the_same() -> None:
    text = json.dumps(
        {
            "//": "a comment",
            "variable": {"mode": {"default": "AWS_IAM"}},
            "locals": {"modes": ["API_KEY"]},
            "resource": {
                "aws_appsync_graphql_api": {
                    "it": {
                        "name": "it",
                        "authentication_type": "${var.mode}",
                        "schema": "type Query { a: Int }",
                        "dynamic": {
                            "additional_authentication_provider": [
                                {
                                    "for_each": "${local.modes}",
                                    "content": [{"authentication_type": "${additional_authentication_provider.value}"}],
                                }
                            ]
                        },
                        "lifecycle": {"ignore_changes": ["tags"]},
                    }
                }
            },
        },
        indent=1,
    )
    found = only(read(text, "main.tf.json"))
    assert modes(found) == [IAM, API_KEY]
    assert sdl(found) == "type Query { a: Int }"


def test_both_syntaxes_make_one_module() -> None:
    write("variables.tf.json", '{"variable": {"mode": {"default": "AWS_LAMBDA"}}}')
    assert mode_of("var.mode") is LAMBDA


# Settings.


def test_settings_of_an_api_are_read() -> None:
    found = api(
        """  authentication_type = "API_KEY"
  visibility           = "PRIVATE"
  introspection_config = "DISABLED"
  query_depth_limit    = 5
  resolver_count_limit = 0
  log_config {
    cloudwatch_logs_role_arn = "arn"
    field_log_level          = "ALL"
    exclude_verbose_content  = true
  }""",
        """
resource "aws_appsync_api_key" "a" {
  api_id  = aws_appsync_graphql_api.it.id
  expires = timeadd(timestamp(), "48h")
}
resource "aws_appsync_api_cache" "c" {
  api_id               = aws_appsync_graphql_api.it.id
  api_caching_behavior = "FULL_REQUEST_CACHING"
  type                 = "SMALL"
  ttl                  = 60
}
resource "aws_wafv2_web_acl_association" "w" {
  resource_arn = aws_appsync_graphql_api.it.arn
  web_acl_arn  = "arn:acl"
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.guest.id
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["appsync:GraphQL"], Resource = "${aws_appsync_graphql_api.it.arn}/types/Query/*" },
      { Effect = "Allow", Action = "s3:*", Resource = "*" },
    ]
  })
}
resource "aws_cognito_identity_pool_roles_attachment" "r" {
  roles = { unauthenticated = aws_iam_role.guest.arn }
}
""",
    )
    settings = found.settings
    assert settings.whole
    assert settings.visibility
    assert settings.introspection
    assert settings.query_depth_limit
    assert settings.waf
    assert settings.cache
    assert settings.logging
    assert (settings.visibility.value, settings.introspection.value) == ("PRIVATE", "DISABLED")
    assert (settings.query_depth_limit.value, settings.resolver_count_limit) == (5, None)
    assert (settings.logging.level, settings.logging.excludes_verbose) == ("ALL", True)
    assert [key.lifetime_days for key in settings.api_keys] == [2]
    assert (settings.cache.behaviour, settings.cache.ttl) == ("FULL_REQUEST_CACHING", 60)
    assert settings.waf.value == "arn:acl"
    (statement,) = settings.policies
    assert [action.text for action in statement.actions] == ["appsync:GraphQL"]
    assert [(text.text, text.open) for text in statement.resources] == [("*/types/Query/*", True)]
    assert settings.unauthenticated_role is not None
    assert settings.unauthenticated_role.value is True


def test_policy_documents_and_policies_in_text_are_read() -> None:
    found = api(
        '  authentication_type = "AWS_IAM"',
        """
data "aws_iam_policy_document" "d" {
  statement {
    effect        = "Deny"
    actions       = ["appsync:*"]
    not_resources = ["${aws_appsync_graphql_api.it.arn}/*"]
  }
}
resource "aws_iam_policy" "a" {
  policy = data.aws_iam_policy_document.d.json
}
resource "aws_iam_policy" "b" {
  policy = <<EOF
{"Statement": {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": "${aws_appsync_graphql_api.it.arn}/types/*"}}
EOF
}
""",
    )
    first, second = found.settings.policies
    assert (first.effect, first.negated, first.owner) == ("Deny", True, "a")
    assert (second.effect, second.resources[0].text, second.owner) == ("Allow", "*/types/*", "b")


def test_what_belongs_to_another_api_is_not_this_ones() -> None:
    described = read(
        resource('  authentication_type = "API_KEY"')
        + resource('  authentication_type = "API_KEY"').replace('"it" {', '"other" {')
        + 'resource "aws_appsync_api_key" "k" {\n  api_id = aws_appsync_graphql_api.other.id\n}\n'
    )
    assert [(found.name, len(found.settings.api_keys)) for found in described.apis] == [("it", 0), ("other", 1)]


def test_resolvers_are_read_with_their_pipeline() -> None:
    write("before.vtl", "$util.unauthorized()")
    found = api(
        '  authentication_type = "API_KEY"',
        """
resource "aws_appsync_function" "f" {
  api_id = aws_appsync_graphql_api.it.id
  name   = "f"
  code   = file("f.js")
}
resource "aws_appsync_resolver" "r" {
  api_id            = aws_appsync_graphql_api.it.id
  type              = "Query"
  field             = "a"
  request_template  = file("before.vtl")
  response_template = "$util.toJson($ctx.result)"
  pipeline_config {
    functions = [aws_appsync_function.f.function_id]
  }
  caching_config {
    caching_keys = ["$context.identity.sub"]
    ttl          = 60
  }
}
""",
    )
    (resolver,) = found.settings.resolvers
    assert (resolver.coordinate, resolver.caching_keys, resolver.caching_ttl) == (
        "Query.a",
        ("$context.identity.sub",),
        60,
    )
    assert [(piece.language, piece.path) for piece in resolver.code] == [
        ("vtl", "before.vtl"),
        ("javascript", "f.js"),
        ("vtl", None),
    ]
    assert resolver.code[2].text is not None
    assert resolver.code[2].text.text == "$util.toJson($ctx.result)"
    assert resolver.whole


def test_groups_of_the_pool_are_known() -> None:
    groups = 'resource "aws_cognito_user_group" "g" {\n  for_each = toset(["A", "B"])\n  name = each.key\n  user_pool_id = aws_cognito_user_pool.p.id\n}\n'
    other = (
        'resource "aws_cognito_user_group" "h" {\n  name = "C"\n  user_pool_id = aws_cognito_user_pool.other.id\n}\n'
    )
    pool = '  authentication_type = "AMAZON_COGNITO_USER_POOLS"\n  user_pool_config {\n    user_pool_id = aws_cognito_user_pool.p.id\n    default_action = "ALLOW"\n  }'
    assert api(pool, groups + other).groups == ("A", "B")
    assert api(pool, groups.replace('["A", "B"]', "var.none")).groups is None


def test_merged_api_names_its_sources() -> None:
    described = read(
        resource('  authentication_type = "API_KEY"')
        + resource('  authentication_type = "API_KEY"\n  api_type = "MERGED"').replace('"it" {', '"all" {')
        + 'resource "aws_appsync_source_api_association" "s" {\n  source_api_id = aws_appsync_graphql_api.it.id\n  merged_api_id = aws_appsync_graphql_api.all.id\n}\n'
    )
    merged = described.apis[1].settings
    assert merged.merged
    assert [source.name for source in merged.sources] == ["it"]


def test_settings_are_not_whole_where_another_module_is_given_the_api() -> None:
    waf = 'module "waf" {\n  source = "somebody/waf/aws"\n  arns = [aws_appsync_graphql_api.it.arn]\n}\n'
    assert not api('  authentication_type = "API_KEY"', waf).settings.whole


# The authorizer's code.

AUTHORIZER = """  authentication_type = "AWS_LAMBDA"
  lambda_authorizer_config {
    authorizer_uri = %s
  }"""
FUNCTION = """
resource "aws_lambda_function" "auth" {
  function_name = "auth"
  handler       = "index.handler"
  runtime       = "%s"
  filename      = %s
}
resource "aws_lambda_alias" "live" {
  name          = "live"
  function_name = aws_lambda_function.auth.arn
}
data "archive_file" "auth" {
  type        = "zip"
  output_path = "auth.zip"
  %s
}
"""


def code(
    source: str,
    uri: str = "aws_lambda_function.auth.arn",
    filename: str = "data.archive_file.auth.output_path",
    runtime: str = "nodejs20.x",
) -> tuple[tuple[str, ...], str | None, str]:
    found = api(AUTHORIZER % uri, FUNCTION % (runtime, filename, source))
    assert found.default.authorizer is not None
    known = found.default.authorizer.code
    assert known is not None
    return known.paths, known.text.text if known.text is not None else None, known.why


@pytest.mark.parametrize(
    "uri",
    [
        "aws_lambda_function.auth.arn",
        "aws_lambda_function.auth.qualified_arn",
        "aws_lambda_alias.live.arn",
        '"arn:aws:lambda:eu-west-1:1:function:auth"',
        '"arn:aws:lambda:${var.region}:1:function:${aws_lambda_function.auth.function_name}"',
    ],
)
def test_function_behind_the_authorizer_is_found(uri: str) -> None:
    paths, _, why = code('source_file = "src/index.js"', uri)
    assert (paths, why) == (("src/index.js",), "")


def test_folder_of_the_code_is_looked_through_for_the_handler() -> None:
    assert "src/index.mjs" in code('source_dir = "${path.module}/src"')[0]
    assert code('source_dir = "src"', runtime="python3.12")[0] == ("src/index.py",)


def test_archive_is_found_by_the_path_that_it_is_written_to() -> None:
    assert code('source_file = "src/index.js"', filename='"auth.zip"')[0] == ("src/index.js",)
    assert "packed in other.zip" in code('source_file = "src/index.js"', filename='"other.zip"')[2]


def test_inline_code_is_read() -> None:
    source = 'source {\n    filename = "index.js"\n    content = <<EOF\nexports.handler = async () => ({ isAuthorized: true });\nEOF\n  }'
    assert code(source)[1] == "exports.handler = async () => ({ isAuthorized: true });\n"


def test_function_from_elsewhere_is_named_as_such() -> None:
    assert "is not in this configuration" in code("", "data.aws_lambda_function.auth.arn")[2]
    assert "written in Java" in code("", runtime="java21")[2]


def test_function_of_the_communitys_module_is_found() -> None:
    module = 'module "auth" {\n  source = "terraform-aws-modules/lambda/aws"\n  handler = "app.main"\n  runtime = "python3.12"\n  source_path = "./src"\n}\n'
    found = api(AUTHORIZER % "module.auth.lambda_function_arn", module)
    assert found.default.authorizer is not None
    assert found.default.authorizer.code is not None
    assert found.default.authorizer.code.paths == ("src/app.py",)


# Plans and states.


def plan(values: dict[str, object], unknown: dict[str, object] | None = None, kind: str = "plan") -> str:
    own = {
        "address": "aws_appsync_graphql_api.it",
        "mode": "managed",
        "type": "aws_appsync_graphql_api",
        "name": "it",
        "values": values,
    }
    module = {"root_module": {"resources": [own]}}
    if kind == "state":
        return json.dumps({"format_version": "1.0", "values": module})
    change = {"address": "aws_appsync_graphql_api.it", "change": {"after_unknown": unknown or {}}}
    return json.dumps({"format_version": "1.2", "planned_values": module, "resource_changes": [change]})


@pytest.mark.parametrize("kind", ["plan", "state"])
def test_snapshot_is_exact(kind: str) -> None:
    values: dict[str, object] = {
        "authentication_type": "AWS_IAM",
        "additional_authentication_provider": [{"authentication_type": "API_KEY", "user_pool_config": []}],
        "user_pool_config": [],
        "schema": "type Query { a: Int }",
    }
    described = read(plan(values, kind=kind), "plan.json")
    found = only(described)
    assert modes(found) == [IAM, API_KEY]
    assert found.additional_open is None
    assert sdl(found) == "type Query { a: Int }"
    assert described.compiled_from == "terraform"


def test_what_a_plan_does_not_know_is_open() -> None:
    values: dict[str, object] = {
        "authentication_type": "AMAZON_COGNITO_USER_POOLS",
        "user_pool_config": [{"default_action": "DENY"}],
    }
    found = only(read(plan(values, {"user_pool_config": [{"user_pool_id": True}], "schema": True}), "plan.json"))
    assert found.default.user_pool is not None
    assert isinstance(found.default.user_pool.pool_id, Unresolved)
    assert found.default_action == "DENY"
    assert found.schema_files[0].unresolved is not None


def test_plan_without_an_api_says_so() -> None:
    text = json.dumps({"format_version": "1.2", "planned_values": {"root_module": {}}})
    assert read(text, "plan.json").notes == ("plan.json: no AppSync API is in this plan",)


# Bad input.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'resource "aws_appsync_graphql_api" "it" {',
            "main.tf:1:42: this is not HCL: the end of the file was not expected here",
        ),
        ("a = <<EOF\nx\n", "main.tf:1:5: this heredoc never ends"),
        ('a = "${b', "main.tf:1:9: this is not HCL: the end of the file was not expected here"),
        ("a = '1'", 'main.tf:1:5: this is not HCL: "\'" was not expected here'),
        (resource("  authentication_type = 3"), "main.tf:4:25: authenticationType must be a text, not '3'"),
        (
            resource('  authentication_type = ["API_KEY"]'),
            "main.tf:4:25: authenticationType must be a text, not a list",
        ),
        (
            resource('  authentication_type = "API_KEY"\n  additional_authentication_provider = "x"'),
            "main.tf:5:40: additional_authentication_provider must be a list, not a plain value",
        ),
        (
            resource('  authentication_type = "API_KEY"\n  schema = {}'),
            "main.tf:5:12: schema must be a text, not a mapping",
        ),
        (
            resource('  authentication_type = "API_KEY"\n  query_depth_limit = "x"'),
            "main.tf:5:23: query_depth_limit must be a whole number, not 'x'",
        ),
        ("x" * 1_000_001, "main.tf: is too long for a Terraform file (1000001 characters)"),
        ("a = <<E\n" + "\n" * 100_000, "main.tf: holds more blanks in a row than a Terraform file does"),
        ("a = " + "(" * 5_000, "main.tf:1:5005: this is not HCL: the end of the file was not expected here"),
    ],
)
def test_bad_input_gives_one_clear_line(text: str, message: str) -> None:
    assert refusal(text).split("\n") == [message]


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 3_000 + '"API_KEY"' + ")" * 3_000,
        "[" * 3_000 + "]" * 3_000,
        "!" * 3_000 + "true",
        " + ".join(["1"] * 20_000),
        "local.a0",
        "local.b",
        "local.b" + "[*]" * 5_000,
        "local.b" + ".x" * 10_000,
        'join("", [for i in range(2000) : join("", [for j in range(2000) : "xxxxxxxxxx"])])',
    ],
)
def test_work_is_bounded(expression: str) -> None:
    chain = "".join(f'  a{index} = "${{local.a{index + 1}}}${{local.a{index + 1}}}"\n' for index in range(60))
    before = f'locals {{\n{chain}  a60 = "x"\n  b = [for i in range(2000) : concat(range(2000), range(2000))]\n}}\n'
    described = outcome(resource(f"  authentication_type = {expression}", before))
    if described.apis:
        assert isinstance(only(described).default.mode, Unresolved)
    else:
        assert len(described.notes) == 1


def test_nested_blocks_are_bounded() -> None:
    deep = "a {\n" * 3_000 + "}\n" * 3_000
    assert modes(api(f'  authentication_type = "API_KEY"\n{deep}')) == [API_KEY]
    wide = 'content {\n dynamic "b" {\n for_each = range(2000)\n' * 8 + "content {}\n" + "}\n}\n" * 8
    assert modes(
        api(f'  authentication_type = "API_KEY"\n  dynamic "b" {{\n    for_each = range(2000)\n{wide}\n  }}')
    ) == [API_KEY]


def test_modules_that_multiply_are_bounded() -> None:
    call = 'module "m" {{\n  count = 50\n  source = "../m{0}"\n}}\nresource "aws_appsync_resolver" "r{0}" {{\n  api_id = "x"\n}}\n'
    for number in range(8):
        write(f"m{number}/main.tf", call.format(number + 1))
    write("m8/main.tf", resource('  authentication_type = "API_KEY"'))
    assert len(read_file(write("root/main.tf", call.format(0))).apis) <= 100


def test_links_out_of_the_project_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}.tf"
    outside.write_text(VARIABLE)
    Path("variables.tf").symlink_to(outside)
    described = read(resource("  authentication_type = var.mode"))
    assert isinstance(only(described).default.mode, Unresolved)
    assert any("variables.tf: links to a file outside the project's folder" in note for note in described.notes)


def test_file_that_cannot_be_read_leaves_what_it_holds_open() -> None:
    write("variables.tf", 'variable "mode" {\n  default = \n}\n')
    described = read(resource("  authentication_type = var.mode"))
    assert left_open(only(described).default.mode).why == "a file of the module cannot be read"
    assert any("variables.tf:2:13" in note and "counts as unknown" in note for note in described.notes)
    assert not only(described).settings.whole


def test_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "hcl2", None)
    text = resource('  authentication_type = "API_KEY" # not read before')
    assert refusal(text) == "main.tf: reading Terraform needs python-hcl2: pip install 'appsync-lint[terraform]'"


@given(text=st.text(st.sampled_from('ab"{}[]()=$%<>-~.,:?!\n\\ EOFfor in if'), max_size=60))
@thorough(100)
def test_no_text_makes_a_traceback(text: str) -> None:
    described = outcome(resource(f'  authentication_type = "API_KEY"\n  schema = "{text}"\n  x = {text}'))
    assert described.apis or len(described.notes) == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"resource": []}',
        '{"resource": {"aws_appsync_graphql_api": 3}}',
        "[]",
        "{",
        '{"resource": {"aws_appsync_graphql_api": {"a": [[]]}}}',
    ],
)
def test_bad_json_gives_no_traceback(text: str) -> None:
    described = outcome(text, "main.tf.json")
    assert described.apis == ()
    assert len(described.notes) == 1


@pytest.mark.parametrize(
    "values",
    [
        [],
        {"root_module": []},
        {"root_module": {"resources": [3, {"mode": "managed"}]}},
        {"root_module": {"child_modules": {}}},
    ],
)
def test_bad_plan_gives_no_traceback(values: object) -> None:
    assert read(json.dumps({"format_version": "1.2", "planned_values": values}), "plan.json").apis == ()


# Any API that is written is read back.


def _open_variables(found: list[Api]) -> set[str]:
    return {f"Open{name}" for name in __import__("re").findall(r"!Ref Open(\w+)", repr(found))}


class _Writer:
    """Writes APIs in one of the two syntaxes."""

    def __init__(self, apis: list[Api]) -> None:
        self.apis = apis

    def value(self, value: object) -> object:
        if isinstance(value, Unresolved):
            return f"${{var.{value.text.removeprefix('!Ref ')}}}"
        if isinstance(value, Mode):
            return value.value
        return value.replace("${", "$${").replace("%{", "%%{") if isinstance(value, str) else value

    def block(self, **values: object) -> dict[str, object]:
        return {name: self.value(value) for name, value in values.items() if value is not None}

    def provider(self, item: Provider) -> dict[str, object]:
        written = self.block(authentication_type=item.mode)
        if item.user_pool:
            pool = item.user_pool
            written["user_pool_config"] = self.block(
                user_pool_id=pool.pool_id, default_action=pool.default_action, app_id_client_regex=pool.app_client_regex
            )
        if item.oidc:
            oidc = item.oidc
            written["openid_connect_config"] = self.block(
                issuer=oidc.issuer, client_id=oidc.client_id, iat_ttl=oidc.issued_ttl_ms, auth_ttl=oidc.auth_ttl_ms
            )
        if item.authorizer:
            function = item.authorizer
            written["lambda_authorizer_config"] = self.block(
                authorizer_uri=function.uri,
                authorizer_result_ttl_in_seconds=function.ttl,
                identity_validation_expression=function.identity_validation,
            )
        return written

    def resources(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for item in self.apis:
            written = {"name": item.name, **self.provider(item.default)}
            written["additional_authentication_provider"] = [self.provider(other) for other in item.additional]
            for file in item.schema_files:
                written["schema"] = self.value(file.text.text) if file.text else f'${{file("{file.path}")}}'
            if item.additional_open:
                content = {"authentication_type": "${additional_authentication_provider.value}"}
                written["dynamic"] = {
                    "additional_authentication_provider": {
                        "for_each": self.value(item.additional_open),
                        "content": content,
                    }
                }
            found[item.name] = written
        return found

    def json(self) -> str:
        variables: dict[str, object] = {name: {} for name in sorted(_open_variables(self.apis))}
        return json.dumps({"variable": variables, "resource": {"aws_appsync_graphql_api": self.resources()}})

    def hcl(self) -> str:
        lines = [f'variable "{name}" {{}}' for name in sorted(_open_variables(self.apis))]
        for name, settings in self.resources().items():
            lines.append(f'resource "aws_appsync_graphql_api" "{name}" {{')
            lines += self.lines(settings)
            lines.append("}")
        return "\n".join(lines) + "\n"

    def lines(self, settings: dict[str, object]) -> list[str]:
        lines: list[str] = []
        for name, value in settings.items():
            if name == "dynamic":
                assert isinstance(value, dict)
                for label, inner in value.items():
                    lines += [f'dynamic "{label}" {{', *self.lines(inner), "}"]
            elif isinstance(value, dict):
                lines += [f"{name} {{", *self.lines(value), "}"]
            elif isinstance(value, list):
                for inner in value:
                    lines += [f"{name} {{", *self.lines(inner), "}"]
            else:
                lines.append(f"{name} = {self.literal(value)}")
        return lines

    @staticmethod
    def literal(value: object) -> str:
        if isinstance(value, str) and not value.startswith(("${var.Open", "${file(")):
            value = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{value}"' if isinstance(value, str) else str(value)


def _expected(item: Api) -> Api:
    """Return an API as Terraform's reader gives it back: what is open is a variable."""
    opened = item.additional_open
    return replace(
        item,
        tool=Tool("Terraform", unset_lambda_ttl=300),
        additional_open=opened
        and replace(opened, text=f"dynamic additional_authentication_provider Open{opened.text[9:]}"),
        schema_files=tuple(SchemaFile(path=file.path, text=file.text) for file in item.schema_files),
    )


def _told(value: object) -> object:
    """An API as plain data, with variables where the strategies speak of parameters."""
    text = repr(bare(value))
    return text.replace("the parameter", "the variable")


TEMPLATES = st.lists(APIS, min_size=1, max_size=2, unique_by=lambda item: item.name)


@pytest.mark.parametrize("syntax", ["tf", "tf.json"])
@given(apis=TEMPLATES)
@thorough(40)
def test_api_is_read_back_as_it_was_written(
    apis: list[Api], syntax: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = Path(tmp_path_factory.getbasetemp(), f"round-{syntax.replace('.', '-')}")
    folder.mkdir(exist_ok=True)
    path = folder / f"main.{syntax}"
    writer = _Writer(apis)
    text = writer.json() if syntax == "tf.json" else writer.hcl()
    # The library takes an escaped directive only with the brace that closes it.
    assume(syntax == "tf.json" or "%%{" not in text)
    path.write_text(text, encoding="utf-8", newline="")
    found = [replace(item, settings=apis[0].settings) for item in read_file(path).apis]
    # Why the list is open says which variable it is; the text says that the blocks are dynamic.
    found = [
        replace(item, additional_open=item.additional_open and replace(item.additional_open, text="")) for item in found
    ]
    expected = [_expected(item) for item in apis]
    expected = [
        replace(item, additional_open=item.additional_open and replace(item.additional_open, text=""))
        for item in expected
    ]
    assert [_told(item) for item in found] == [_told(item) for item in expected]
