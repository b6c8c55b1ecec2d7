"""Services of the Serverless Framework: what is read, what stays open, and what is refused at its place."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import (
    Api,
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    Logging,
    Mode,
    Provider,
    Resolver,
    ResolverCode,
    SchemaFile,
    Setting,
    Tool,
    Unresolved,
    UserPool,
)
from appsync_lint.sources import Described, read_file, schema_sources
from appsync_lint.sources.reader import File
from appsync_lint.sources.serverless.service import read_service
from appsync_lint.sources.serverless.syntax import Source, variables
from appsync_lint.tree import Open, Table, from_python

from ..cli.command import Command
from ..strategies import thorough
from .test_round_trip import NAME, PROVIDER, _without_action, bare

ROOT = Path(__file__).parents[2]
PROJECTS = ROOT / "fixtures" / "projects"
CORPUS = ROOT.parent / "shared" / "corpus"

SERVICE = "service: kiosk\nplugins: [serverless-appsync-plugin]\nprovider: {name: aws, runtime: nodejs20.x}\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which the service stands."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def described(text: str, name: str = "serverless.yml") -> Described:
    write(name, SERVICE + text)
    return read_file(Path(name))


def read(text: str) -> Api:
    found = described(text)
    assert not found.errors
    (api,) = found.apis
    return api


def modes(api: Api) -> list[str]:
    return [item.mode.value if isinstance(item.mode, Mode) else f"{item.mode.text}" for item in api.providers]


def mode_of(value: str, more: str = "") -> Provider:
    """The default provider of an API whose mode is written as ``value``."""
    return read(f"appSync: {{name: a, authentication: {{type: {json.dumps(value)}}}}}\n{more}").default


# Variables.


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("${opt:stage}", [Source("opt", address="stage")]),
        (
            "${opt:stage, self:provider.stage, 'dev'}",
            [
                Source("opt", address="stage"),
                Source("self", address="provider.stage"),
                Source("", address="dev", quoted=True),
            ],
        ),
        ("${file(./a b.yml):x.y}", [Source("file", "./a b.yml", "x.y")]),
        ("${file('a.yml')}", [Source("file", "a.yml")]),
        ("${self:a.${self:b}, self:a.c}", [Source("self", address="a.${self:b}"), Source("self", address="a.c")]),
        ("${opt:x, ${self:y}}", [Source("opt", address="x"), Source("", address="${self:y}", quoted=True)]),
        ('${env:A, "b, c}"}', [Source("env", address="A"), Source("", address="b, c}", quoted=True)]),
        ("${param:n, 30}", [Source("param", address="n"), Source("", address="30")]),
        ("${ssm(eu-west-1):/a/b}", [Source("ssm", "eu-west-1", "/a/b")]),
        ("${cf:stack-${sls:stage}.Output}", [Source("cf", address="stack-${sls:stage}.Output")]),
        ("${opt:x, it's}", []),
    ],
)
def test_a_variable_has_its_sources_in_order(text: str, sources: list[Source]) -> None:
    (found,) = variables(text)
    assert (found.start, found.end, list(found.sources)) == (0, len(text), sources)


@pytest.mark.parametrize(
    "text", ["${AWS::Region}", "${Name}", "\\${self:a}", "${self:a", "plain", "${", "${}", "$self:a", "${A:b}"]
)
def test_what_is_no_variable_of_the_framework(text: str) -> None:
    assert list(variables(text)) == []


@pytest.mark.parametrize(
    ("value", "more", "mode", "assumed"),
    [
        ("API_KEY", "", "API_KEY", ""),
        ("${self:custom.mode}", "custom: {mode: AWS_IAM}", "AWS_IAM", ""),
        ("${self:custom.modes.1}", "custom: {modes: [AWS_IAM, API_KEY]}", "API_KEY", ""),
        ("${self:custom.none, 'API_KEY'}", "custom: {none: null}", "API_KEY", ""),
        (
            "${self:custom.none, self:custom.mode}",
            "custom: {mode: '${self:custom.more}', more: AWS_IAM}",
            "AWS_IAM",
            "",
        ),
        ("${self:custom.prefix}_IAM", "custom: {prefix: AWS}", "AWS_IAM", ""),
        ("${opt:mode, 'API_KEY'}", "", "API_KEY", "opt:mode"),
        ("${env:MODE, 'API_KEY'}", "", "API_KEY", "env:MODE"),
        ("${param:mode}", "params: {default: {mode: API_KEY}}", "API_KEY", "param:mode"),
        ("${param:mode}", "stages: {default: {params: {mode: API_KEY}}}", "API_KEY", "param:mode"),
        ("${param:mode}", "params: {dev: {mode: API_KEY}, live: {mode: API_KEY}}", "API_KEY", "param:mode"),
        ("${param:other, 'AWS_IAM'}", "params: {default: {mode: API_KEY}}", "AWS_IAM", "param:other"),
        ("${self:custom.modes.${sls:stage}}", "custom: {modes: {dev: API_KEY}}", "API_KEY", "opt:stage"),
        ("${file(modes.yml):default}", "", "AWS_IAM", ""),
        ("${file(./modes.json):a.b}", "", "AWS_LAMBDA", ""),
        ("${file(mode.txt)}", "", "OPENID_CONNECT", ""),
        ("${file(none.yml):mode, 'API_KEY'}", "", "API_KEY", "file:none.yml"),
        ("${file(modes.yml):${self:custom.key}}", "custom: {key: default}", "AWS_IAM", ""),
    ],
)
def test_a_value_is_followed_as_far_as_the_files_decide(value: str, more: str, mode: str, assumed: str) -> None:
    write("modes.yml", "default: AWS_IAM\n")
    write("modes.json", '{"a": {"b": "AWS_LAMBDA"}}')
    write("mode.txt", "OPENID_CONNECT")
    provider = mode_of(value, more)
    assert provider.mode is Mode(mode)
    plural = "s" if "," in assumed else ""
    assert provider.origin == (f"the default{plural} of the variable{plural} {assumed}" if assumed else "")


@pytest.mark.parametrize(
    ("value", "more", "why", "candidates"),
    [
        ("${opt:mode}", "", "the option --mode has no default", ()),
        ("${env:MODE}", "", "the environment variable MODE has no default", ()),
        ("${param:mode}", "", "the parameter mode has no default", ()),
        ("${self:custom.none}", "", "there is no custom.none in the service", ()),
        ("${file(none.yml):mode}", "", "there is no file none.yml in the project, or no mode in it", ()),
        ("${file(make.js):mode}", "", "make.js is a program that makes it", ()),
        ("${file(make.ts)}", "", "make.ts is a program that makes it", ()),
        ("${cf:stack.Mode, 'API_KEY'}", "", "it is the output of another stack", ()),
        ("${ssm:/mode}", "", "it is read from the parameter store when the service is deployed", ()),
        ("${aws:accountId}", "", "accountId depends on where the service is deployed", ()),
        ("${sls:instanceId}", "", "the Framework makes instanceId when the service is deployed", ()),
        ("${doppler:mode}", "", "doppler: is no variable of the Framework's own", ()),
        ("${self:custom.a}", "custom: {a: '${self:custom.b}', b: '${self:custom.a}'}", "it refers to itself", ()),
        ("#{Modes.Default}", "", "CloudFormation works it out when the stack is deployed", ()),
        ("${opt:mode, auth}", "", "it is no variable that the Framework has", ()),
        (
            "${self:custom.modes.${sls:stage}}",
            "custom: {modes: {live: AWS_IAM, dev: API_KEY}}",
            "it depends on opt:stage",
            ("API_KEY", "AWS_IAM"),
        ),
        (
            "${self:custom.modes.${opt:stage}.auth, 'OPENID_CONNECT'}",
            "custom: {modes: {live: {auth: AWS_IAM}, dev: {auth: API_KEY}}}",
            "the option --stage has no default",
            ("AWS_IAM", "API_KEY", "OPENID_CONNECT"),
        ),
        (
            "${param:mode}",
            "params: {default: {mode: API_KEY}, live: {mode: AWS_IAM}}",
            "the parameter mode depends on the stage",
            ("API_KEY", "AWS_IAM"),
        ),
    ],
)
def test_what_only_deployment_knows_stays_open(value: str, more: str, why: str, candidates: tuple[str, ...]) -> None:
    write("make.js", "module.exports = { mode: 'API_KEY' };")
    write("make.ts", "export default 'API_KEY';")
    mode = mode_of(value, more).mode
    assert isinstance(mode, Unresolved)
    assert (mode.text.strip('"'), mode.why, mode.candidates) == (value, why, candidates)
    assert mode.span is not None


def test_only_related_values_stand_beside_the_one_for_a_stage() -> None:
    # What else is under custom is no stage.
    custom = "custom: {dev: {mode: API_KEY}, live: {mode: AWS_IAM}, tool: {x: 1}, other: text}"
    mode = mode_of("${self:custom.${sls:stage}.mode}", custom).mode
    assert isinstance(mode, Unresolved)
    assert mode.candidates == ("API_KEY", "AWS_IAM")


def test_a_service_with_a_variable_syntax_of_its_own_is_not_guessed_at() -> None:
    write(
        "serverless.yml", "service: a\nprovider: {name: aws, variableSyntax: '%{([^}]+)}'}\n" + V2.format("${self:x}")
    )
    (api,) = read_file(Path("serverless.yml")).apis
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.why == "the service has a syntax of its own for variables"


V2 = "appSync: {{name: a, authentication: {{type: '{}'}}}}\n"


def test_an_included_file_that_a_default_chooses_is_noted() -> None:
    write("api.dev.yml", "name: a\nauthentication: {type: API_KEY}\n")
    found = described("appSync: ${file(api.${opt:stage, 'dev'}.yml)}\n")
    assert modes(found.apis[0]) == ["API_KEY"]
    assert found.notes == (
        "serverless.yml:4:10: api.dev.yml is read, by the default of opt:stage; a deployment may read another file",
    )
    assert [source.path for source in found.sources] == ["serverless.yml", "api.dev.yml"]


def test_an_api_that_a_program_makes_is_open_as_a_whole() -> None:
    write("api.js", "module.exports = {}")
    api = read("appSync: ${file(api.js)}\n")
    assert (api.name, modes(api)) == ("kiosk", ["${file(api.js)}"])
    assert api.additional_open is not None
    assert api.additional_open.why == "api.js is a program that makes it"
    assert [item.unresolved is not None for item in api.schema_files] == [True]


def test_so_is_one_whose_custom_section_a_program_makes() -> None:
    write("custom.js", "module.exports = {}")
    api = read("custom: ${file(custom.js)}\n")
    assert (api.name, modes(api)) == ("kiosk", ["${file(custom.js)}"])


# Modes and their settings.


def test_the_first_version_leaves_the_default_action_to_the_service() -> None:
    api = read("custom: {appSync: {authenticationType: AMAZON_COGNITO_USER_POOLS, userPoolConfig: {userPoolId: p}}}\n")
    assert (api.name, api.default_action) == ("kiosk", None)


def test_the_second_version_fills_it_in() -> None:
    api = read("appSync: {name: a, authentication: {type: AMAZON_COGNITO_USER_POOLS, config: {userPoolId: p}}}\n")
    assert api.default_action == "ALLOW"


@pytest.mark.parametrize("key", ["additionalAuthentications", "additionalAuthentication"])
def test_additional_modes_in_each_spelling(key: str) -> None:
    api = read(f"appSync:\n  name: a\n  authentication: {{type: API_KEY}}\n  {key}: [{{type: AWS_IAM}}]\n")
    assert modes(api) == ["API_KEY", "AWS_IAM"]


def test_functions_may_be_a_list_of_included_files() -> None:
    write("gate.yml", "gate: {handler: src/gate.check, runtime: python3.12}\n")
    config = "{name: a, authentication: {type: AWS_LAMBDA, config: {functionName: gate}}}"
    api = read(f"appSync: {config}\nfunctions: ['${{file(gate.yml)}}']\n")
    authorizer = api.default.authorizer
    assert authorizer is not None
    assert authorizer.code is not None
    assert (authorizer.code.paths, authorizer.code.handler) == (("src/gate.py",), "src/gate.check")


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("", "the service has no function gate"),
        (
            "gate: {handler: a.b, runtime: go1.x}",
            "gate is written in Go; only Python, JavaScript and TypeScript are read",
        ),
        ("gate: {image: repo}", "gate is a container image"),
        (
            "gate: {handler: a.b, package: {artifact: a.zip}}",
            "the code of gate is in a package that is built elsewhere",
        ),
        ("gate: {handler: '${opt:handler}'}", "gate has no handler that the service's files decide"),
        (
            "gate: ${file(none.yml)}",
            "the function gate is not in the service's files (there is no file none.yml in the project)",
        ),
    ],
)
def test_why_the_authorizers_code_is_not_at_hand(function: str, why: str) -> None:
    config = "{name: a, authentication: {type: AWS_LAMBDA, config: {functionName: gate}}}"
    api = read(f"appSync: {config}\nfunctions:\n  {function}\n")
    assert api.default.authorizer is not None
    assert api.default.authorizer.code is not None
    assert (api.default.authorizer.code.paths, api.default.authorizer.code.why) == ((), why)


def test_a_function_written_into_the_authorizer() -> None:
    config = "{type: AWS_LAMBDA, config: {function: {handler: a/b.c}}}"
    authorizer = read(f"appSync: {{name: a, authentication: {config}}}\n").default.authorizer
    assert authorizer is not None
    assert authorizer.code is not None
    assert authorizer.code.handler == "a/b.c"
    assert "a/b.mjs" in authorizer.code.paths


# Schemas.


def schema_of(value: str) -> tuple[list[str], bool]:
    api = read(f"appSync:\n  name: a\n  authentication: {{type: API_KEY}}\n{value}")
    return [source.path for source in schema_sources(api)], api.tool.folds_extensions


@pytest.mark.parametrize(
    ("value", "files", "merges"),
    [
        ("", ["schema.graphql"], False),
        ("  schema: null\n", ["schema.graphql"], False),
        ("  schema: a/*.graphql\n", ["a/one.graphql", "a/two.graphql"], True),
        ("  schema: a/{one,two}.graphql\n", ["a/one.graphql", "a/two.graphql"], True),
        ("  schema: [a/one.graphql, b/*.gql]\n", ["a/one.graphql"], False),
        ("  schema: ['a/*.graphql', '!a/two.graphql']\n", ["a/one.graphql"], False),
        ("  schema: [a/two.graphql, schema.graphql]\n", ["a/two.graphql", "schema.graphql"], True),
        ("  schema: ${self:custom.files}\ncustom: {files: [a/one.graphql]}\n", ["a/one.graphql"], False),
    ],
)
def test_the_files_of_a_schema(value: str, files: list[str], merges: bool) -> None:
    for name in ("schema.graphql", "a/one.graphql", "a/two.graphql"):
        write(name, "type Query { a: Int }\n")
    assert schema_of(value) == (files, merges)


def test_a_schema_in_the_parent_folder_is_of_the_same_project() -> None:
    write("shared/all.graphql", "type Query { a: Int }\n")
    text = SERVICE + "appSync: {name: a, authentication: {type: API_KEY}, schema: '../shared/*.graphql'}\n"
    write("service/serverless.yml", text)
    (api,) = read_file(Path("service/serverless.yml")).apis
    assert [source.path for source in schema_sources(api)] == ["shared/all.graphql"]


# Mistakes.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("appSync: {name: a}\n", "serverless.yml:4:11: the API a has no authentication"),
        ("appSync: {authentication: {}}\n", "serverless.yml:4:27: authentication has no type"),
        (
            "appSync: {authentication: API_KEY}\n",
            "serverless.yml:4:27: authentication must be a mapping, not a plain value",
        ),
        ("custom: {appSync: {schema: a}}\n", "serverless.yml:4:10: the API kiosk has no authenticationType"),
        ("appSync: [{authentication: {type: NONE}}]\n", "serverless.yml:4:35: 'NONE' is not an authorization mode"),
        ("appSync: text\n", "serverless.yml:4:1: appSync must be a mapping, not a plain value"),
        (V2.format("API_KEY")[:-2] + ", schema: {a: 1}}\n", "serverless.yml:4:63: schema is the path of a file"),
        (
            "appSync: ${file(../../other.yml)}\n",
            "serverless.yml:4:10: '../../other.yml' leads out of the project's folder",
        ),
        ("appSync: ${file(~/other.yml)}\n", "serverless.yml:4:10: ~/other.yml leads out of the project's folder"),
        ("appSync: ${file(broken.yml)}\n", "broken.yml:1:2: "),
        ("appSync: ${file(folder.yml)}\n", "folder.yml: is a directory"),
    ],
)
def test_a_mistake_has_its_place(text: str, message: str) -> None:
    write("broken.yml", "[}")
    Path("folder.yml").mkdir()
    found = described(text)
    assert found.apis == ()
    assert [str(error).startswith(message) for error in found.errors] == [True], found.errors
    assert "\n" not in str(found.errors[0])


def test_a_mistake_in_one_api_does_not_hide_the_others() -> None:
    found = described("custom: {appSync: [{name: a}, {name: b, authenticationType: API_KEY}, {name: c, schema: x}]}\n")
    assert [api.name for api in found.apis] == ["b"]
    assert [error.message for error in found.errors] == [
        "the API a has no authenticationType",
        "the API c has no authenticationType",
    ]


def test_a_wrong_setting_does_not_hide_the_modes() -> None:
    found = described(V2.format("API_KEY")[:-2] + ", queryDepthLimit: deep}\n")
    assert [modes(api) for api in found.apis] == [["API_KEY"]]
    assert [error.message for error in found.errors] == ["queryDepthLimit must be a whole number, not 'deep'"]


@pytest.mark.parametrize(
    "text", ["", "appsync: {}\n", "custom: {appSync: null}\n", "functions: {appsync: {handler: a.b}}\n"]
)
def test_a_service_without_an_api_says_so(text: str) -> None:
    write("serverless.yml", "service: a\n" + text)
    found = read_file(Path("serverless.yml"))
    assert (found.apis, found.errors) == ((), ())
    assert found.notes == ("serverless.yml: no AppSync API is in this service",)


@pytest.mark.parametrize("name", ["serverless-api.yml", "serverless.prod.json", "api.yaml"])
@pytest.mark.parametrize(
    "service",
    [
        {"service": "a", "appSync": {"name": "b", "authentication": {"type": "API_KEY"}}},
        {"service": "a", "custom": {"appSync": {"name": "b", "authenticationType": "API_KEY"}}},
    ],
)
def test_a_service_may_have_any_name(name: str, service: dict[str, object]) -> None:
    write(name, json.dumps(service) if name.endswith(".json") else yaml.safe_dump(service))
    found = read_file(Path(name))
    assert (found.kind, [api.name for api in found.apis]) == ("serverless", ["b"])


def test_a_service_under_another_name_is_found_by_what_it_loads(command: Command) -> None:
    write("serverless-api.yml", "service: a\nplugins:\n  - serverless-appsync-plugin\n" + V2.format("API_KEY"))
    write("package.json", '{"devDependencies": {"serverless-appsync-plugin": "^2.0.0"}}')
    write("plugins.yml", "- serverless-appsync-plugin\n")
    write("schema.graphql", "type Query { a: Int }\n")
    answer = command("check", "--show-config")
    assert (answer.code, answer.errors) == (0, [])
    assert "API_KEY" in answer.out


def test_a_service_is_read_from_any_tree() -> None:
    # As a program that makes one hands it over.
    path = write("serverless.ts", "export default {}")
    service = from_python({"service": "a", "appSync": {"name": "b", "authentication": {"type": "${self:custom.x}"}}})
    assert isinstance(service, Table)
    service.entries["custom"] = Open("config", "it is imported", None)
    (api,) = read_service(service, File(path)).apis
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.why == "it is imported"


def test_a_service_that_has_nothing_to_do_with_appsync_is_not_even_parsed() -> None:
    write("serverless.yml", "service: [broken\n")
    assert read_file(Path("serverless.yml")).apis == ()


@pytest.mark.parametrize(
    "custom",
    [
        {f"v{number}": f"${{self:custom.v{number + 1}}}${{self:custom.v{number + 1}}}" for number in range(60)},
        {f"v{number}": f"${{self:custom.v{number + 1}}}" for number in range(3_000)},
        {"v0": "${self:custom." + "${self:custom." * 300 + "x" + "}" * 301},
        {"v0": "${self:a, " * 900 + "'x'" + "}" * 900},
        {"v0": "${" * 1_900},
        {"v0": "${opt:a, " + "'" * 3_000},
    ],
)
def test_variables_take_bounded_work(custom: dict[str, str]) -> None:
    document = {"custom": custom, "appSync": {"name": "a", "authentication": {"type": "${self:custom.v0}"}}}
    write("serverless.yml", yaml.safe_dump({"service": "a", **document}))
    found = read_file(Path("serverless.yml"))
    assert [isinstance(api.default.mode, Unresolved) for api in found.apis] == [True] * (1 - len(found.errors))
    assert all(len(str(error)) < 200 for error in found.errors)


@given(st.text(st.sampled_from("${}():,'\" selfoptx.\\"), max_size=40))
@thorough(300)
def test_any_text_is_read_or_left_open(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = Path(tmp_path_factory.getbasetemp(), "serverless.json")
    document = {"service": "a", "custom": {"x": text}, "appSync": {"name": "${self:custom.x}", "authentication": text}}
    path.write_text(json.dumps(document), encoding="utf-8")
    found = read_file(path)
    assert len(found.apis) + len(found.errors) == 1


# Settings.


def test_settings_of_the_second_version() -> None:
    folder = PROJECTS / "serverless-v2"
    (api,) = read_file(folder / "serverless.yml").apis
    settings = api.settings
    assert settings.whole
    assert [(key.name, key.lifetime_days) for key in settings.api_keys] == [("kiosk", 365), ("partner", 91)]
    assert settings.logging is None
    assert settings.cache is not None
    assert (settings.cache.behaviour, settings.cache.ttl, settings.cache.encrypted_at_rest) == (
        "FULL_REQUEST_CACHING",
        60,
        False,
    )
    assert settings.introspection is not None
    assert settings.introspection.value == "DISABLED"
    assert [(item.name, str(item.value)) for item in settings.environment] == [
        ("SEASON", "autumn"),
        ("TABLE", "!Ref Trees"),
    ]
    trees, harvest, prices = settings.resolvers
    assert (trees.coordinate, trees.caching_keys, trees.caching_ttl) == ("Query.trees", ("$context.identity.sub",), 60)
    assert [(piece.language, piece.path) for piece in trees.code] == [("javascript", "src/trees.js")]
    assert (harvest.coordinate, harvest.whole) == ("Mutation.harvest", True)
    assert [(piece.language, piece.path) for piece in harvest.code] == [
        ("vtl", "src/harvest.request.vtl"),
        ("typescript", "src/weigh.ts"),
        ("vtl", "src/store.response.vtl"),
    ]
    assert (prices.coordinate, prices.code, prices.whole) == ("Query.prices", (), True)


def test_settings_of_the_first_version() -> None:
    (api,) = read_file(PROJECTS / "serverless-v1" / "serverless.yml").apis
    plots, rent = api.settings.resolvers
    assert [piece.path for piece in plots.code] == [
        "mapping-templates/Query.plots.request.vtl",
        "mapping-templates/Query.plots.response.vtl",
    ]
    assert (plots.caching_keys, plots.caching_ttl) == (("$context.identity.sub",), 120)
    assert [piece.path for piece in rent.code] == [
        "mapping-templates/start.vtl",
        "mapping-templates/checkDues.request.vtl",
        "mapping-templates/checkDues.response.vtl",
        "mapping-templates/savePlot.request.vtl",
        "mapping-templates/savePlot.response.vtl",
    ]
    assert api.settings.logging == replace(Logging("ERROR", excludes_verbose=True), span=api.settings.logging.span)  # type: ignore[union-attr]
    assert api.groups == ("Treasurers",)


def test_a_pipeline_with_an_unknown_function_is_not_whole() -> None:
    api = read(
        "appSync:\n  name: a\n  authentication: {type: API_KEY}\n"
        "  resolvers: {Query.a: {functions: [missing]}, Query.b: {functions: '${opt:f}'}}\n"
    )
    assert [resolver.whole for resolver in api.settings.resolvers] == [False, False]


@pytest.mark.parametrize(
    ("written", "days"),
    [("30d", 30), ("24h", 1), ("48", 2), ("1y", 365), ("12M", 365), ("1M", 30), ("2w", 14), ("5h", 0), ("1q", 91)],
)
def test_lives_of_keys(written: str, days: int) -> None:
    api = read(
        f"appSync: {{name: a, authentication: {{type: API_KEY}}, apiKeys: [{{name: k, expiresAfter: {written}}}]}}\n"
    )
    assert [key.lifetime_days for key in api.settings.api_keys] == [days]


def test_keys_of_an_api_without_the_mode_are_not_made() -> None:
    assert read("appSync: {name: a, authentication: {type: AWS_IAM}, apiKeys: [k]}\n").settings.api_keys == ()


def test_a_wrong_date_is_noted() -> None:
    found = described(V2.format("API_KEY")[:-2] + ", apiKeys: [{name: k, expiresAt: soon}]}\n")
    assert found.notes == ("serverless.yml:4:86: expiresAt is no date: 'soon'",)


def test_a_firewall_that_refuses_introspection_leaves_it_open() -> None:
    (api,) = read_file(PROJECTS / "serverless-v4" / "serverless.yml").apis
    assert api.settings.introspection is not None
    assert isinstance(api.settings.introspection.value, Unresolved)


# Round trips.

LIMIT = st.none() | st.integers(1, 75).map(Setting)
KEYS = st.lists(
    st.builds(ApiKey, NAME, expires=st.none(), lifetime_days=st.integers(1, 365))
    | st.builds(ApiKey, NAME, expires=st.integers(0, 2**31)),
    max_size=2,
).map(tuple)
PIECE = NAME.map(lambda name: ResolverCode("javascript", f"{name}.js"))
RESOLVER = st.builds(
    Resolver,
    NAME,
    NAME,
    caching_keys=st.none() | st.lists(NAME, max_size=2).map(tuple),
    caching_ttl=st.integers(1, 3600),
    code=st.lists(PIECE, min_size=1, max_size=1).map(tuple),
    whole=st.just(True),
).map(lambda item: replace(item, caching_ttl=None if item.caching_keys is None else item.caching_ttl))
SETTINGS = st.builds(
    ApiSettings,
    whole=st.just(True),
    api_keys=KEYS,
    introspection=st.none() | st.sampled_from(["ENABLED", "DISABLED"]).map(Setting),
    query_depth_limit=LIMIT,
    resolver_count_limit=LIMIT,
    visibility=st.none() | st.sampled_from(["GLOBAL", "PRIVATE"]).map(Setting),
    waf=st.none() | NAME.map(Setting),
    logging=st.none() | st.builds(Logging, st.sampled_from(["ALL", "ERROR", "NONE"]), st.none() | st.booleans()),
    cache=st.none()
    | st.builds(ApiCache, st.just("PER_RESOLVER_CACHING"), st.integers(1, 3600), st.booleans(), st.booleans()),
    environment=st.lists(st.builds(EnvironmentVariable, NAME, NAME), max_size=2, unique_by=lambda item: item.name).map(
        tuple
    ),
    resolvers=st.lists(RESOLVER, max_size=2, unique_by=lambda item: item.coordinate).map(tuple),
)
_SECOND = Tool("Serverless Framework", 0)
_FIRST = Tool("Serverless Framework", 0, folds_extensions=True)
_OWN = {
    Mode.AMAZON_COGNITO_USER_POOLS: "user_pool",
    Mode.OPENID_CONNECT: "oidc",
    Mode.AWS_LAMBDA: "authorizer",
}


def _own_settings(provider: Provider) -> Provider:
    """The second version has settings for a provider's own mode only."""
    own = _OWN.get(provider.mode) if isinstance(provider.mode, Mode) else None
    changes: dict[str, Any] = {name: None for name in _OWN.values() if name != own}
    return replace(provider, **changes)


def _known(api: Api) -> Api:
    """An API as the second version deploys it: with its own defaults, and keys only where there is the mode."""
    default = api.default
    if default.mode is Mode.AMAZON_COGNITO_USER_POOLS:
        pool = default.user_pool or UserPool()
        default = replace(default, user_pool=replace(pool, default_action=pool.default_action or "ALLOW"))
    may_have_keys = api.additional_open is not None or any(
        not isinstance(item.mode, Mode) or item.mode is Mode.API_KEY for item in api.providers
    )
    keys = api.settings.api_keys if may_have_keys else ()
    return replace(api, default=default, settings=replace(api.settings, api_keys=keys))


def _settings_as_written(settings: ApiSettings) -> dict[str, Any]:
    def key(item: ApiKey) -> dict[str, object]:
        if item.expires is None:
            return {"name": item.name, "expiresAfter": f"{item.lifetime_days}d"}
        from datetime import datetime, timezone

        assert isinstance(item.expires, int)
        return {"name": item.name, "expiresAt": datetime.fromtimestamp(item.expires, timezone.utc).isoformat()}

    def resolver(item: Resolver) -> dict[str, object]:
        written: dict[str, object] = {"kind": "UNIT", "dataSource": "none", "code": item.code[0].path}
        if item.caching_keys is not None:
            written["caching"] = {"keys": list(item.caching_keys), "ttl": item.caching_ttl}
        return written

    cache, logging = settings.cache, settings.logging
    written: dict[str, Any] = {
        "apiKeys": [key(item) for item in settings.api_keys],
        "introspection": None if settings.introspection is None else settings.introspection.value == "ENABLED",
        "queryDepthLimit": settings.query_depth_limit and settings.query_depth_limit.value,
        "resolverCountLimit": settings.resolver_count_limit and settings.resolver_count_limit.value,
        "visibility": settings.visibility and settings.visibility.value,
        "waf": settings.waf and {"arn": settings.waf.value},
        "logging": logging and {"level": logging.level, "excludeVerboseContent": logging.excludes_verbose},
        "caching": cache
        and {
            "behavior": cache.behaviour,
            "ttl": cache.ttl,
            "atRestEncryption": cache.encrypted_at_rest,
            "transitEncryption": cache.encrypted_in_transit,
        },
        "environment": {item.name: item.value for item in settings.environment},
        "resolvers": {item.coordinate: resolver(item) for item in settings.resolvers},
    }
    return {name: value for name, value in written.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, Unresolved):
        return "${opt:" + value.text.removeprefix("!Ref ") + "}"
    return value.value if isinstance(value, Mode) else value


def _provider_settings(provider: Provider, arn: str) -> dict[str, dict[str, object]]:
    """A provider's settings by mode, in the plugin's words."""
    groups: dict[str, dict[str, object]] = {}
    if provider.user_pool:
        pool = provider.user_pool
        groups["userPoolConfig"] = {
            "userPoolId": pool.pool_id,
            "defaultAction": pool.default_action,
            "appIdClientRegex": pool.app_client_regex,
        }
    if provider.oidc:
        issuer = provider.oidc
        groups["openIdConnectConfig"] = {
            "issuer": issuer.issuer,
            "clientId": issuer.client_id,
            "iatTTL": issuer.issued_ttl_ms,
            "authTTL": issuer.auth_ttl_ms,
        }
    if provider.authorizer:
        function = provider.authorizer
        groups["lambdaAuthorizerConfig"] = {
            arn: function.uri,
            "authorizerResultTtlInSeconds": function.ttl,
            "identityValidationExpression": function.identity_validation,
        }
    return {
        name: {key: _plain(value) for key, value in values.items() if value is not None}
        for name, values in groups.items()
    }


def second_version(api: Api) -> dict[str, object]:
    def provider(item: Provider) -> dict[str, object]:
        (config,) = _provider_settings(item, "functionArn").values() or [None]
        return {"type": _plain(item.mode), **({} if config is None else {"config": config})}

    others: list[object] = [provider(item) for item in api.additional]
    if api.additional_open:
        others.append(_plain(api.additional_open))
    config = {
        "name": api.name,
        "schema": [item.path for item in api.schema_files],
        "authentication": provider(api.default),
        "additionalAuthentications": others,
        **_settings_as_written(api.settings),
    }
    return {"service": "a", "appSync": config}


def first_version(api: Api) -> dict[str, object]:
    def provider(item: Provider) -> dict[str, object]:
        return {"authenticationType": _plain(item.mode), **_provider_settings(item, "lambdaFunctionArn")}

    others: list[object] = [provider(item) for item in api.additional]
    if api.additional_open:
        others.append(_plain(api.additional_open))
    config = {
        "name": api.name,
        "schema": [item.path for item in api.schema_files],
        "additionalAuthenticationProviders": others,
        "apiKeys": [],
        **provider(api.default),
    }
    return {"service": "a", "custom": {"appSync": [config]}}


def as_options(api: Api) -> object:
    """An API as plain data, with what a template leaves to a parameter left to an option."""

    def told(value: object) -> object:
        if isinstance(value, tuple) and value and value[0] == "unresolved":
            return (*value[:2], re.sub(r"the parameter (Open\w+)", r"the option --\1", str(value[2])), value[3])
        if isinstance(value, dict):
            return {name: told(item) for name, item in value.items()}
        return [told(item) for item in value] if isinstance(value, list) else value

    return told(bare(api))


FILES = st.just((SchemaFile(path="schema.graphql"),))
CLEAN = PROVIDER.filter(lambda item: "#{" not in repr(item))
APIS_V2 = st.builds(
    Api,
    name=NAME,
    default=CLEAN.map(_own_settings),
    additional=st.lists(CLEAN.map(_without_action).map(_own_settings), max_size=3).map(tuple),
    additional_open=st.none()
    | NAME.map(lambda name: Unresolved(f"!Ref Open{name}", f"the parameter Open{name} has no default")),
    schema_files=FILES,
    settings=SETTINGS,
    tool=st.just(_SECOND),
)
APIS_V1 = st.builds(
    Api,
    name=NAME,
    default=CLEAN,
    additional=st.lists(CLEAN.map(_without_action), max_size=3).map(tuple),
    additional_open=st.none(),
    schema_files=FILES,
    settings=st.just(ApiSettings(whole=True)),
    tool=st.just(_FIRST),
)


@pytest.mark.parametrize("syntax", ["json", "yml"])
@pytest.mark.parametrize("version", [1, 2])
@given(data=st.data())
@thorough(40)
def test_api_is_read_back_as_it_was_written(
    data: st.DataObject, version: int, syntax: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    api = data.draw(APIS_V1) if version == 1 else _known(data.draw(APIS_V2))
    written = first_version(api) if version == 1 else second_version(api)
    path = Path(tmp_path_factory.getbasetemp(), f"serverless.{syntax}")
    text = json.dumps(written) if syntax == "json" else yaml.safe_dump(written, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8", newline="")
    found = read_file(path)
    assert found.errors == ()
    assert [as_options(one) for one in found.apis] == [as_options(api)]


# Real projects.

SERVICES = sorted(CORPUS.rglob("serverless.yml")) if CORPUS.is_dir() else []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real projects are not beside the checkout")
@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.relative_to(CORPUS).parts[0])
def test_real_service_has_the_modes_that_are_known(path: Path) -> None:
    known = json.loads((CORPUS / path.relative_to(CORPUS).parts[0] / "about.json").read_text())
    found = read_file(path)
    if known["default_mode"] is None:
        assert [error.message.endswith("has no authenticationType") for error in found.errors] == [True]
        return
    (api,) = found.apis
    assert modes(api) == [known["default_mode"], *known["additional_modes"]]
    assert api.default_action == known["cognito_default_action"]
    assert schema_sources(api)
