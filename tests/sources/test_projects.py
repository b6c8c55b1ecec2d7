"""Whole projects: the small ones of ``fixtures/``, and real ones where they stand beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appsync_lint.api import Api, Mode, Unresolved
from appsync_lint.schema import parse_text
from appsync_lint.sources import read_file, schema_sources

ROOT = Path(__file__).parents[2]
PROJECTS = ROOT / "fixtures" / "projects"
CORPUS = ROOT.parent / "shared" / "corpus"

EXPECTED = {
    "helpdesk/template.yaml": [
        ("HelpdeskApi", "AMAZON_COGNITO_USER_POOLS", ["API_KEY"], "ALLOW", ("Agents", "Supervisors"), 1),
    ],
    "bookshop/infra/template.yaml": [
        ("CatalogueApi", "!Ref CatalogueMode: API_KEY, AWS_IAM", [], None, None, 1),
        (
            "OrdersApi",
            "AMAZON_COGNITO_USER_POOLS",
            ["AWS_IAM"],
            "!FindInMap [Stages, !Ref Stage, Action]: ALLOW, DENY",
            None,
            1,
        ),
    ],
    "fleet/template.yaml": [
        ("FleetApi", "AWS_LAMBDA", ["AWS_IAM", "AMAZON_COGNITO_USER_POOLS"], None, None, 1),
    ],
    "newsroom/newsroom.template.json": [
        ("PublicApiA1B2C3D4", "API_KEY", [], None, None, 1),
        ("DeskApi92A3B4C5", "AWS_IAM", ["OPENID_CONNECT"], None, None, 1),
    ],
}


def told(value: Mode | Unresolved | str | None) -> str | None:
    if isinstance(value, Unresolved):
        return f"{value.text}: {', '.join(value.candidates)}"
    return value.value if isinstance(value, Mode) else value


def summary(api: Api) -> tuple[object, ...]:
    additional = [told(item.mode) for item in api.additional]
    texts = schema_sources(api)
    assert not any(problem for text in texts for problem in parse_text(text).problems)
    return (api.name, told(api.default.mode), additional, told(api.default_action), api.groups, len(texts))


@pytest.mark.parametrize("name", EXPECTED)
def test_fixture_project_is_read_as_it_is_meant(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert [summary(api) for api in read_file(PROJECTS / name).apis] == EXPECTED[name]


def test_every_fixture_template_is_expected() -> None:
    templates = {path for suffix in ("yaml", "json") for path in PROJECTS.rglob(f"*template.{suffix}")}
    assert {path.relative_to(PROJECTS).as_posix() for path in templates} >= set(EXPECTED)


def test_condition_of_the_bookshop_leaves_its_third_provider_open() -> None:
    orders = read_file(PROJECTS / "bookshop/infra/template.yaml").apis[1]
    assert orders.additional_open is not None
    assert orders.additional_open.candidates == ("AWS_LAMBDA",)
    assert orders.additional_open.why == "it depends on the condition HasPartners"


def corpus_templates() -> list[Path]:
    if not CORPUS.is_dir():
        return []
    found = (path for path in CORPUS.rglob("*") if path.suffix in (".yaml", ".yml", ".json", ".template"))
    marks = (b"AWS::AppSync::GraphQLApi", b"AWS::Serverless::GraphQLApi")
    return sorted(path for path in found if path.is_file() and any(mark in path.read_bytes() for mark in marks))


def corpus_parents() -> list[Path]:
    """Templates that deploy others."""
    if not CORPUS.is_dir():
        return []
    marks = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application")
    found = (path for path in CORPUS.rglob("*") if path.suffix in (".yaml", ".yml", ".template") and path.is_file())
    return sorted(path for path in found if any(mark in path.read_bytes() for mark in marks))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real projects are not beside the checkout")
@pytest.mark.parametrize("path", corpus_parents(), ids=lambda path: path.relative_to(CORPUS).as_posix()[-60:])
def test_real_parent_tells_the_apis_of_its_children(path: Path) -> None:
    described = read_file(path)
    assert not described.errors
    alone = {api.name: api for source in described.sources[1:] for api in read_file(Path(source.path)).apis}
    through = {api.name: api for api in described.apis}
    assert set(alone) <= set(through)
    for name, api in alone.items():
        assert through[name].modes == api.modes
        assert through[name].path == api.path
        assert len(schema_sources(through[name], allow_outside=True)) == len(schema_sources(api, allow_outside=True))


def about(path: Path) -> dict[str, object]:
    project = CORPUS / path.relative_to(CORPUS).parts[0]
    loaded: dict[str, object] = json.loads((project / "about.json").read_text())
    return loaded


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the real projects are not beside the checkout")
@pytest.mark.parametrize("path", corpus_templates(), ids=lambda path: path.relative_to(CORPUS).as_posix()[-60:])
def test_real_template_has_the_modes_that_are_known(path: Path) -> None:
    if path.name.startswith("error_"):
        described = read_file(path)
        assert described.apis
        assert described.errors
        return
    known = about(path)
    tool = str(known["deploy_tool"])
    for api in read_file(path).apis:
        schema_sources(api, allow_outside=True)
        assert not any(isinstance(provider.mode, Unresolved) for provider in api.providers)
        assert api.additional_open is None
        if len(known["infra_paths"]) > 3 or ("sam" not in tool and "cloudformation" not in tool):  # type: ignore[arg-type]
            continue
        assert [told(provider.mode) for provider in api.providers] == [
            known["default_mode"],
            *known["additional_modes"],  # type: ignore[misc]
        ]
        assert api.default_action == known["cognito_default_action"]
