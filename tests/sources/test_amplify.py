"""Amplify apps: which file counts, what is never taken for the deployed schema, and any API read back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import Api, LambdaAuthorizer, Mode, OpenIdConnect, Provider, Unresolved, UserPool
from appsync_lint.cli.app import _appsync_lint
from appsync_lint.errors import InputError
from appsync_lint.sources import read_file, schema_sources

from ..strategies import thorough
from .test_round_trip import NAME, TEXT

ROOT = Path(__file__).parents[2]
PROJECTS = ROOT / "fixtures" / "projects"
CORPUS = ROOT.parent / "shared" / "corpus"

COGNITO, IAM, KEY = Mode.AMAZON_COGNITO_USER_POOLS, Mode.AWS_IAM, Mode.API_KEY


def write(folder: Path, files: dict[str, object]) -> Path:
    """Write files, anything but a text as JSON; return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def copied(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECTS / name, tmp_path / name))


def only(path: Path) -> Api:
    (api,) = read_file(path).apis
    return api


def run(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[str, str]:
    monkeypatch.chdir(folder)
    answer = CliRunner().invoke(_appsync_lint, ["check", *arguments])
    assert answer.exit_code in (0, 1), answer.output
    return answer.stdout, answer.stderr


# Gen 1: which file counts.


def test_compiled_form_is_linted_and_the_source_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = copied("amplify-gen1", tmp_path) / "amplify" / "backend"
    api = only(backend / "backend-config.json")
    assert [Path(text.path).parent.name for text in schema_sources(api)] == ["build"]
    out, err = run(backend.parents[1], monkeypatch)
    assert "@auth" not in out
    assert len(err.splitlines()) == 1, err
    assert "linted instead of amplify/backend/api/clinic/schema.graphql" in err


def test_source_alone_gets_one_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied("amplify-gen1-2019", tmp_path)
    out, err = run(folder, monkeypatch)
    assert "No findings" in out
    (line,) = err.splitlines()
    assert "run amplify api gql-compile" in line


def test_template_counts_where_the_inputs_differ_and_that_is_said(tmp_path: Path) -> None:
    backend = copied("amplify-gen1", tmp_path) / "amplify" / "backend"
    template = backend / "api" / "clinic" / "build" / "cloudformation-template.json"
    template.write_text(
        template.read_text("utf-8")
        .replace('{ "AuthenticationType": "AWS_IAM" }', "")
        .replace("}\n          },\n          \n", "}\n          }\n"),
        encoding="utf-8",
    )
    described = read_file(backend / "backend-config.json")
    assert IAM not in described.apis[0].modes
    assert any("gql-compile" in note and "AWS_IAM here" in note for note in described.notes)


def test_mode_that_the_template_leaves_open_is_that_of_the_inputs(tmp_path: Path) -> None:
    backend = copied("amplify-gen1", tmp_path) / "amplify" / "backend"
    template = backend / "api" / "clinic" / "build" / "cloudformation-template.json"
    text = template.read_text("utf-8")
    text = text.replace('"AuthenticationType": "AMAZON_COGNITO_USER_POOLS"', '"AuthenticationType": {"Ref": "Mode"}', 1)
    template.write_text(text.replace('"env": {', '"Mode": {"Type": "String"}, "env": {', 1), encoding="utf-8")
    assert only(backend / "backend-config.json").default_mode is COGNITO


def test_copy_of_the_last_deployment_is_never_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = copied("amplify-gen1", tmp_path)
    out, _ = run(folder, monkeypatch, "--show-config")
    assert "current-cloud-backend" not in out
    stale = read_file(folder / "amplify" / "#current-cloud-backend" / "backend-config.json")
    assert any("copy of what was deployed last" in note for note in stale.notes)


def test_all_files_of_an_app_are_one_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backend = copied("amplify-gen1", tmp_path) / "amplify" / "backend"
    names = {Path(source.path).name for source in read_file(backend / "backend-config.json").sources}
    assert names >= {
        "backend-config.json",
        "cli-inputs.json",
        "cloudformation-template.json",
        "custom-roles.json",
        "user-pool-groups.json",
        "schema.graphql",
    }
    out, _ = run(backend.parents[1], monkeypatch, "--show-config")
    assert out.count("deployed by") == 1
    # Each of the files leads to the same API.
    assert only(backend / "api" / "clinic" / "cli-inputs.json").modes == only(backend / "backend-config.json").modes


def test_what_the_compiler_is_told_is_kept(tmp_path: Path) -> None:
    api = only(copied("amplify-gen1", tmp_path) / "amplify" / "backend" / "backend-config.json")
    assert api.groups == ("Doctors", "Desk")
    (key,) = api.settings.api_keys
    # The date in the compiled template is that of the last compilation.
    assert (key.expires, key.lifetime_days) == (None, 30)
    assert api.settings.amplify is not None
    assert [role.value for role in api.settings.amplify.admin_roles] == ["clinic-night-import-role"]
    authorizer = next(item.authorizer for item in api.additional if item.authorizer)
    assert authorizer.ttl == 120
    assert authorizer.code is not None
    assert authorizer.code.handler == "kiosk.handler"
    assert Path(authorizer.code.base, authorizer.code.paths[0]).name == "kiosk.js"


def test_global_rule_of_a_schema_in_pieces_is_found(tmp_path: Path) -> None:
    api = only(copied("amplify-gen1-source", tmp_path) / "amplify" / "backend" / "backend-config.json")
    assert api.settings.amplify is not None
    rule = api.settings.amplify.global_public
    assert rule is not None
    assert rule.span is not None
    assert rule.span.text == "globalAuthRule"


def test_api_of_api_gateway_is_none_of_appsync(tmp_path: Path) -> None:
    backend = write(tmp_path, {"backend-config.json": {"api": {"rest": {"service": "API Gateway"}}}})
    described = read_file(backend / "backend-config.json")
    assert described.apis == ()
    assert "no AppSync API" in described.notes[0]


def backend_config(**output: object) -> dict[str, object]:
    return {"api": {"shop": {"service": "AppSync", "output": output}}}


def config(default: str, *additional: str) -> dict[str, object]:
    return {
        "authConfig": {
            "defaultAuthentication": {"authenticationType": default},
            "additionalAuthenticationProviders": [{"authenticationType": mode} for mode in additional],
        }
    }


def inputs(default: str, *additional: str) -> dict[str, object]:
    service = {"defaultAuthType": {"mode": default}, "additionalAuthTypes": [{"mode": mode} for mode in additional]}
    return {"version": 1, "serviceConfiguration": {"apiName": "shop", "serviceName": "AppSync", **service}}


def test_modes_on_which_two_files_differ_are_open(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "backend-config.json": backend_config(**config("API_KEY", "AWS_IAM", "AWS_LAMBDA")),
            "api/shop/cli-inputs.json": inputs("AWS_IAM", "API_KEY", "AWS_LAMBDA"),
        },
    )
    api = only(tmp_path / "backend-config.json")
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.candidates == ("AWS_IAM", "API_KEY")
    assert [item.mode for item in api.additional] == [Mode.AWS_LAMBDA]
    assert api.additional_open is not None


@pytest.mark.parametrize(
    ("override", "is_open"),
    [
        ("resources.api.GraphQLAPI.xrayEnabled = true;", False),
        ('resources.api.GraphQLAPI.authenticationType = "AWS_IAM";', True),
        ("resources.api.GraphQLAPI.additionalAuthenticationProviders = [];", True),
    ],
)
def test_override_that_may_change_the_modes_leaves_them_open(override: str, is_open: bool, tmp_path: Path) -> None:
    write(tmp_path, {"backend-config.json": backend_config(**config("API_KEY")), "api/shop/override.ts": override})
    described = read_file(tmp_path / "backend-config.json")
    assert isinstance(described.apis[0].default.mode, Unresolved) is is_open
    assert is_open or any("override.ts: not read" in note for note in described.notes)


def test_file_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    secret = write(tmp_path, {"elsewhere/user-pool-groups.json": [{"groupName": "Secret"}]})
    app = write(tmp_path / "app", {"backend-config.json": backend_config(**config("API_KEY")), ".git/HEAD": ""})
    (app / "auth" / "userPoolGroups").mkdir(parents=True)
    link = app / "auth" / "userPoolGroups" / "user-pool-groups.json"
    link.symlink_to(secret / "elsewhere" / "user-pool-groups.json")
    with pytest.raises(InputError, match="leads out of the project"):
        read_file(app / "backend-config.json")


# Any API of Gen 1.

DAYS = st.none() | st.integers(1, 365)


def _provider(mode: Mode) -> st.SearchStrategy[Provider]:
    text, number = st.none() | TEXT, st.none() | st.integers(0, 10**6)
    return st.builds(
        Provider,
        mode=st.just(mode),
        user_pool=st.builds(UserPool, pool_id=text) if mode is COGNITO else st.none(),
        oidc=st.builds(OpenIdConnect, issuer=text, client_id=text, issued_ttl_ms=number, auth_ttl_ms=number)
        if mode is Mode.OPENID_CONNECT
        else st.none(),
        authorizer=st.builds(LambdaAuthorizer, uri=st.none() | NAME, ttl=number)
        if mode is Mode.AWS_LAMBDA
        else st.none(),
    )


PROVIDERS = st.lists(st.sampled_from(list(Mode)), min_size=1, unique=True).flatmap(
    lambda modes: st.tuples(*map(_provider, modes))
)


def _given(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


def _as_inputs(item: Provider, days: int | None) -> dict[str, object]:
    assert isinstance(item.mode, Mode)
    written: dict[str, object] = {"mode": item.mode.value}
    if item.user_pool:
        written |= _given(cognitoUserPoolId=item.user_pool.pool_id)
    if item.oidc:
        issuer = item.oidc
        written |= _given(
            openIDIssuerURL=issuer.issuer,
            openIDClientID=issuer.client_id,
            openIDIatTTL=None if issuer.issued_ttl_ms is None else str(issuer.issued_ttl_ms),
            openIDAuthTTL=None if issuer.auth_ttl_ms is None else str(issuer.auth_ttl_ms),
        )
    if item.authorizer:
        ttl = item.authorizer.ttl
        written |= _given(lambdaFunction=item.authorizer.uri, ttlSeconds=None if ttl is None else str(ttl))
    return written | (_given(expirationTime=days) if item.mode is KEY else {})


def _as_config(item: Provider, days: int | None) -> dict[str, object]:
    assert isinstance(item.mode, Mode)
    written: dict[str, object] = {"authenticationType": item.mode.value}
    if item.user_pool:
        written["userPoolConfig"] = _given(userPoolId=item.user_pool.pool_id)
    if item.oidc:
        issuer = item.oidc
        written["openIDConnectConfig"] = _given(
            issuerUrl=issuer.issuer,
            clientId=issuer.client_id,
            iatTTL=issuer.issued_ttl_ms,
            authTTL=issuer.auth_ttl_ms,
        )
    if item.authorizer:
        written["lambdaAuthorizerConfig"] = _given(lambdaFunction=item.authorizer.uri, ttlSeconds=item.authorizer.ttl)
    if item.mode is KEY:
        written["apiKeyConfig"] = _given(apiKeyExpirationDays=days)
    return written


def _told(item: Provider) -> tuple[object, ...]:
    pool, issuer, authorizer = item.user_pool, item.oidc, item.authorizer
    return (
        item.mode,
        (pool.pool_id, pool.default_action) if pool else None,
        (issuer.issuer, issuer.client_id, issuer.issued_ttl_ms, issuer.auth_ttl_ms) if issuer else None,
        (authorizer.uri, authorizer.ttl) if authorizer else None,
    )


@pytest.mark.parametrize("form", ["cli-inputs.json", "backend-config.json"])
@given(name=NAME, providers=PROVIDERS, days=DAYS, wide=st.booleans())
@thorough(50)
def test_gen1_api_is_read_back_as_it_was_written(
    form: str,
    name: str,
    providers: tuple[Provider, ...],
    days: int | None,
    wide: bool,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = Path(tmp_path_factory.getbasetemp(), "gen1", form)
    shutil.rmtree(folder, ignore_errors=True)
    if form == "cli-inputs.json":
        default, *additional = (_as_inputs(item, days) for item in providers)
        service = {"apiName": name, "defaultAuthType": default, "additionalAuthTypes": additional}
        content: object = {"version": 1, "serviceConfiguration": service}
        path = folder / "api" / name / form
    else:
        default, *additional = (_as_config(item, days) for item in providers)
        auth = {"defaultAuthentication": default, "additionalAuthenticationProviders": additional}
        content = {"api": {name: {"service": "AppSync", "output": {"authConfig": auth}}}}
        path = folder / form
    write(path.parent, {form: json.dumps(content, ensure_ascii=wide)})
    api = only(path)
    expected = list(providers)
    if expected[0].user_pool:
        # Amplify deploys its default pool with ALLOW.
        expected[0] = replace(expected[0], user_pool=replace(expected[0].user_pool, default_action="ALLOW"))
    assert api.name == name
    assert [_told(item) for item in api.providers] == [_told(item) for item in expected]
    keys = [key.lifetime_days for key in api.settings.api_keys]
    assert keys == ([days] if any(item.mode is KEY for item in providers) else [])


@given(modes=st.lists(st.sampled_from(list(Mode)), min_size=1, unique=True), groups=st.lists(NAME, unique=True))
@thorough(50)
def test_outputs_of_gen2_are_read_back_as_they_were_written(
    modes: list[Mode], groups: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = {
        "version": "1.4",
        "auth": {"groups": [{name: {"precedence": 0}} for name in groups]},
        "data": {
            "url": "https://x",
            "default_authorization_type": modes[0].value,
            "authorization_types": [mode.value for mode in modes[1:]],
        },
    }
    folder = write(Path(tmp_path_factory.getbasetemp(), "outputs"), {"amplify_outputs.json": content})
    api = only(folder / "amplify_outputs.json")
    assert api.modes == tuple(modes)
    assert api.groups == tuple(groups)
    assert api.schema_files[0].unresolved is not None


# Gen 2 programs.

AUTH = 'import { defineAuth } from "@aws-amplify/backend";\nexport const auth = defineAuth({ loginWith: { email: true } });\n'
WITH_AUTH = """\
import { defineBackend } from "@aws-amplify/backend";
import { auth } from "./auth/resource";
import { data } from "./data/resource";
defineBackend({ auth, data });
"""
WITHOUT_AUTH = WITH_AUTH.replace('import { auth } from "./auth/resource";\n', "").replace("{ auth, data }", "{ data }")


def gen2(folder: Path, modes: str, backend: str | None = WITH_AUTH) -> Path:
    program = f'import {{ defineData }} from "@aws-amplify/backend";\nexport const data = defineData({{ schema, {modes} }});\n'
    files: dict[str, object] = {"amplify/data/resource.ts": program, "amplify/auth/resource.ts": AUTH}
    if backend is not None:
        files["amplify/backend.ts"] = backend
    return write(folder, files) / "amplify" / "data" / "resource.ts"


@pytest.mark.parametrize(
    ("modes", "backend", "expected"),
    [
        ("", WITH_AUTH, "COGNITO IAM"),
        ("", WITHOUT_AUTH, "KEY IAM"),
        ("authorizationModes: { defaultAuthorizationMode: 'iam' }", WITH_AUTH, "IAM COGNITO"),
        ("authorizationModes: { defaultAuthorizationMode: 'identityPool' }", WITH_AUTH, "IAM COGNITO"),
        ("authorizationModes: { defaultAuthorizationMode: 'apiKey' }", WITHOUT_AUTH, "KEY IAM"),
        ("authorizationModes: { defaultAuthorizationMode: 'userPool' }", None, "COGNITO IAM"),
        ("authorizationModes: { apiKeyAuthorizationMode: {} }", WITHOUT_AUTH, "KEY IAM"),
        ("authorizationModes: { lambdaAuthorizationMode: { function: f } }", WITHOUT_AUTH, "LAMBDA IAM"),
        (
            "authorizationModes: { defaultAuthorizationMode: 'userPool', apiKeyAuthorizationMode: { expiresInDays: 9 } }",
            WITH_AUTH,
            "COGNITO KEY IAM",
        ),
    ],
)
def test_modes_of_gen2_are_those_that_it_deploys(
    modes: str, backend: str | None, expected: str, tmp_path: Path
) -> None:
    pytest.importorskip("tree_sitter")
    names = {"COGNITO": COGNITO, "IAM": IAM, "KEY": KEY, "LAMBDA": Mode.AWS_LAMBDA}
    api = only(gen2(tmp_path, modes, backend))
    assert [item.mode for item in api.providers] == [names[name] for name in expected.split()]
    assert api.additional_open is None
    assert api.schema_files[0].unresolved is not None


def test_user_pool_that_the_backend_may_have_is_open(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    api = only(gen2(tmp_path, "authorizationModes: { defaultAuthorizationMode: 'apiKey' }", None))
    assert api.modes == (KEY, IAM)
    assert api.additional_open is not None
    assert api.additional_open.candidates == (COGNITO.value,)
    api = only(gen2(tmp_path, "", None))
    assert isinstance(api.default.mode, Unresolved)
    assert api.default.mode.candidates == (COGNITO.value, KEY.value)
    assert api.modes == (IAM,)


def test_default_that_only_a_run_knows_is_open(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    path = gen2(tmp_path, "authorizationModes: { defaultAuthorizationMode: process.env.MODE as any }")
    api = only(path)
    assert isinstance(api.default.mode, Unresolved)
    assert api.additional_open is not None
    # What was deployed settles it.
    data = {"default_authorization_type": KEY.value, "authorization_types": [IAM.value, COGNITO.value]}
    write(tmp_path, {"amplify_outputs.json": {"version": "1.4", "data": data}})
    assert only(path).modes == (KEY, IAM, COGNITO)


def test_backend_that_may_change_the_modes_leaves_them_open(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    changed = WITH_AUTH.replace("defineBackend({", "const backend = defineBackend({")
    changed += "backend.data.resources.cfnResources.cfnGraphqlApi.additionalAuthenticationProviders = [];\n"
    api = only(gen2(tmp_path, "", changed))
    assert isinstance(api.default.mode, Unresolved)


def test_outputs_that_differ_from_the_program_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tree_sitter")
    gen2(tmp_path, "authorizationModes: { defaultAuthorizationMode: 'userPool' }")
    data = {"default_authorization_type": KEY.value, "authorization_types": [IAM.value]}
    write(tmp_path, {"amplify_outputs.json": {"version": "1.4", "data": data}})
    out, err = run(tmp_path, monkeypatch, "--show-config")
    assert out.count("deployed by") == 1
    assert "what was deployed counts" in err


def test_default_that_amplify_wants_and_misses_is_an_error(tmp_path: Path) -> None:
    pytest.importorskip("tree_sitter")
    with pytest.raises(InputError, match="wants a defaultAuthorizationMode"):
        read_file(gen2(tmp_path, "authorizationModes: { apiKeyAuthorizationMode: {} }"))


def test_issuer_of_gen2_has_its_times_in_milliseconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tree_sitter")
    api = only(copied("amplify-gen2", tmp_path) / "amplify" / "data" / "resource.ts")
    issuer = next(item.oidc for item in api.providers if item.oidc)
    assert (issuer.issued_ttl_ms, issuer.auth_ttl_ms) == (3_600_000, 3_600_000)


# Bad input, and real apps.


@pytest.mark.parametrize(
    "name",
    [
        "amplify-gen1/amplify/backend/backend-config.json",
        "amplify-gen1/amplify/backend/api/clinic/cli-inputs.json",
        "amplify-gen1/amplify/backend/api/clinic/custom-roles.json",
        "amplify-gen1/amplify/backend/api/clinic/build/cloudformation-template.json",
        "amplify-gen1/amplify/backend/auth/userPoolGroups/user-pool-groups.json",
        "amplify-gen1-source/amplify/backend/api/choir/schema/settings.graphql",
        "amplify-gen2-outputs/amplify_outputs.json",
    ],
)
@given(data=st.data())
@thorough(40)
def test_broken_file_is_one_error(name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = (PROJECTS / name).read_text("utf-8")
    start = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 200))
    instead = data.draw(st.sampled_from(["", "[]", "{}", "null", "0", '"x"', '"../../x"', "{"]))
    project = name.partition("/")[0]
    folder = Path(tmp_path_factory.getbasetemp(), "broken-amplify", project)
    if not folder.exists():
        shutil.copytree(PROJECTS / project, folder)
    path = folder.parent / name
    path.write_text(text[:start] + instead + text[start + cut :], encoding="utf-8")
    entry = path if "gen2" in name else folder / "amplify" / "backend" / "backend-config.json"
    said: tuple[str, ...]
    try:
        described = read_file(entry)
        said = (*described.notes, *map(str, described.errors))
    except InputError as error:
        said = (str(error),)
    finally:
        path.write_text(text, encoding="utf-8")
    assert not any("\n" in line for line in said)


def _real() -> list[Path]:
    return sorted(CORPUS.glob("**/amplify/backend/backend-config.json"))


@pytest.mark.skipif(not _real(), reason="real projects are not here")
@pytest.mark.parametrize("path", _real(), ids=lambda path: path.relative_to(CORPUS).parts[0])
def test_real_app_has_the_modes_that_it_is_known_to_have(path: Path) -> None:
    about = json.loads((CORPUS / path.relative_to(CORPUS).parts[0] / "about.json").read_text("utf-8"))
    api = only(path)
    assert api.default_mode is not None
    assert api.default_mode.value == about["default_mode"]
    assert sorted(mode.value for mode in api.modes[1:]) == sorted(about["additional_modes"])
    compiled = (path.parent / "api" / api.name / "build" / "schema.graphql").is_file()
    assert len(schema_sources(api)) == compiled
