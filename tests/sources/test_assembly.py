"""Templates that CDK synthesizes: their nested stacks, their assets, and the other stacks of their app."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from appsync_lint.api import Api, FunctionCode
from appsync_lint.errors import InputError
from appsync_lint.sources import Described, read_file, schema_sources

PROJECT = Path(__file__).parents[2] / "fixtures" / "projects" / "cdk-assembly" / "cdk.out"
STACK = "ApiStack.template.json"


@pytest.fixture(autouse=True)
def _assembly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(PROJECT, tmp_path / "cdk.out")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "cdk.out")


def read(name: str = STACK) -> Described:
    return read_file(Path(name))


def only(described: Described) -> Api:
    assert len(described.apis) == 1
    return described.apis[0]


def code_of(api: Api) -> FunctionCode:
    assert api.default.authorizer is not None
    assert api.default.authorizer.code is not None
    return api.default.authorizer.code


def edit(name: str = STACK) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(name).read_text("utf-8"))
    return loaded


def save(value: object, name: str = STACK) -> None:
    Path(name).write_text(json.dumps(value), encoding="utf-8")


def test_synthesized_template_is_what_cdk_deploys() -> None:
    described = read()
    api = only(described)
    assert (api.name, api.tool.name, api.tool.unset_lambda_ttl) == ("OrchardApi0A1B2C3D", "CDK", 0)
    assert (described.kind, described.compiled_from, described.notes) == ("cloudformation", "cdk", ())
    # The stacks beside it are searched, not read in its place.
    assert [source.path for source in described.sources] == [STACK, "ApiStackResolvers5E4D3C2B.nested.template.json"]


def test_assets_are_the_files_that_the_assembly_has_for_them() -> None:
    api = only(read())
    (schema,) = schema_sources(api)
    assert schema.path.startswith("asset.5b1f0a3c")
    (resolver,) = api.settings.resolvers
    (piece,) = resolver.code
    assert (resolver.coordinate, piece.language, piece.path and piece.path[:9]) == (
        "Mutation.harvest",
        "javascript",
        "asset.77a",
    )
    assert Path(piece.base, piece.path or "").is_file()


def test_assets_are_found_by_their_names_where_no_list_of_them_is() -> None:
    for path in Path().glob("*.assets.json"):
        path.unlink()
    assert len(schema_sources(only(read()))) == 1
    next(Path().glob("asset.5b1f*")).unlink()
    (file,) = only(read()).schema_files
    assert file.unresolved is not None
    assert file.unresolved.why == "AWS::AccountId depends on where the stack is deployed"


def test_authorizer_in_another_stack_of_the_app_is_found() -> None:
    code = code_of(only(read()))
    assert code.paths[0].startswith("asset.c0ffee11")
    assert code.paths[0].endswith("/index.js")
    assert Path(code.base, code.paths[0]).is_file()
    assert code.handler == "index.handler"


def test_authorizer_without_metadata_is_found_by_its_key() -> None:
    auth = edit("AuthStack.template.json")
    auth["Resources"]["TokenCheck4B1C7A90"]["Metadata"] = {}
    save(auth, "AuthStack.template.json")
    assert code_of(only(read())).paths[0].startswith("asset.c0ffee11")


def test_without_a_manifest_the_template_stands_alone() -> None:
    Path("manifest.json").unlink()
    described = read()
    assert code_of(only(described)).why == "the function behind AuthorizerUri is not in this template"
    assert len(only(described).settings.resolvers) == 1


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"artifacts": 7}', '{"artifacts": {"A": 7, "B": {"properties": 7}}}', "[" * 100_000]
)
def test_manifest_that_is_none_is_no_obstacle(text: str) -> None:
    Path("manifest.json").write_text(text, encoding="utf-8")
    Path("ApiStack.assets.json").write_text(text, encoding="utf-8")
    assert len(read().apis) == 1


def test_manifest_stands_for_all_stacks_of_the_app() -> None:
    described = read("manifest.json")
    assert [api.name for api in described.apis] == ["OrchardApi0A1B2C3D"]
    assert described.sources[0].path == "manifest.json"
    assert STACK in [source.path for source in described.sources]
    Path("AuthStack.template.json").write_text('{"Resources": ', encoding="utf-8")
    described = read("manifest.json")
    assert ([error.path for error in described.errors], len(described.apis)) == (["AuthStack.template.json"], 1)
    manifest = edit("manifest.json")
    for artifact in manifest["artifacts"].values():
        artifact["properties"]["templateFile"] = "../../elsewhere.template.json"
    save(manifest, "manifest.json")
    with pytest.raises(InputError, match="lists no template that can be read"):
        read("manifest.json")


def test_template_that_the_manifest_does_not_list_is_noted() -> None:
    shutil.copy(STACK, "OldStack.template.json")
    assert read("OldStack.template.json").notes == (
        "OldStack.template.json: manifest.json does not list this template; an older synthesis may have left it",
    )


def test_asset_outside_the_project_is_refused() -> None:
    assets = edit("ApiStack.assets.json")
    for asset in assets["files"].values():
        asset["source"]["path"] = "/etc/hostname"
    save(assets, "ApiStack.assets.json")
    with pytest.raises(InputError, match="leads out of the project's folder"):
        schema_sources(only(read()))


def test_template_kept_elsewhere_is_read_alone() -> None:
    Path("../deployed").mkdir()
    shutil.copy(STACK, "../deployed/cdk.out.ApiStack.template.json")
    described = read_file(Path("../deployed/cdk.out.ApiStack.template.json"))
    api = only(described)
    assert (api.tool.name, described.compiled_from) == ("CDK", "cdk")
    assert api.schema_files[0].unresolved is not None
    assert not api.settings.whole


def test_inline_schema_with_escaped_line_ends_keeps_its_places() -> None:
    template = edit()
    schema = template["Resources"]["OrchardApiSchema11223344"]["Properties"]
    del schema["DefinitionS3Location"]
    schema["Definition"] = "type Query {\r\n  trees: [ID!] @aws_iam\r\n}\r\n"
    save(template)
    (text,) = schema_sources(only(read()))
    start = text.text.index("@aws_iam")
    assert text.span(start, start + 8).text == "@aws_iam"


def test_api_of_another_stack_is_not_told_twice() -> None:
    auth = edit("AuthStack.template.json")
    auth["Resources"]["Second"] = {"Type": "AWS::AppSync::GraphQLApi", "Properties": {"AuthenticationType": "API_KEY"}}
    save(auth, "AuthStack.template.json")
    assert [api.name for api in read().apis] == ["OrchardApi0A1B2C3D"]
    assert [api.name for api in read("AuthStack.template.json").apis] == ["Second"]


def test_broken_stack_beside_it_is_no_obstacle() -> None:
    Path("AuthStack.template.json").write_text('{"Resources": "Export" "AWS::AppSync::"', encoding="utf-8")
    assert len(read().apis) == 1
