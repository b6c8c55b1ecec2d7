"""Which files a description may name, and how the schemas that it names are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from appsync_lint.api import Api, Mode, Provider, SchemaFile, Unresolved
from appsync_lint.errors import InputError
from appsync_lint.sources import project_folder, read_file, schema_sources
from appsync_lint.text import SourceText


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository beside a file that is none of its business."""
    root = tmp_path / "repository"
    (root / ".git").mkdir(parents=True)
    (root / "api" / "parts").mkdir(parents=True)
    for name in ("b", "a"):
        (root / "api" / "parts" / f"{name}.graphql").write_text(f"type {name} {{ x: Int }}")
    (root / "api" / "parts" / "notes.txt").write_text("not a schema")
    (tmp_path / "outside.graphql").write_text("type Query { secret: Int }")
    monkeypatch.chdir(root)
    return root


def api(*files: SchemaFile) -> Api:
    return Api("it", Provider(Mode.API_KEY), schema_files=files)


def paths(*written: str, base: str = "api", allow_outside: bool = False) -> list[str]:
    files = (SchemaFile(path=item, base=base) for item in written)
    return [source.path for source in schema_sources(api(*files), allow_outside=allow_outside)]


PARTS = ["api/parts/a.graphql", "api/parts/b.graphql"]


@pytest.mark.parametrize(
    "written", ["parts/*.graphql", "**/*.graphql", "parts/[ab].graphql", "parts", "./parts/", "../api/parts/?.graphql"]
)
def test_globs_and_folders_are_read_in_order_of_name(written: str) -> None:
    assert paths(written) == PARTS


def test_file_that_is_named_twice_is_read_once() -> None:
    assert paths("parts/b.graphql", "parts/*.graphql", "./parts/../parts/b.graphql") == PARTS[::-1]


def test_file_whose_name_looks_like_a_glob_is_itself() -> None:
    Path("api/[a].graphql").write_text("type Query { a: Int }")
    assert paths("[a].graphql") == ["api/[a].graphql"]


def test_texts_are_returned_and_unresolved_ones_left_out() -> None:
    text = SourceText("template.yaml", "type Query { a: Int }")
    assert schema_sources(api(SchemaFile(text=text), SchemaFile(unresolved=Unresolved("!Ref X")))) == [text]


@pytest.mark.parametrize(
    "written", ["../../outside.graphql", "link.graphql", "linked/outside.graphql", "../../*.graphql", "linked"]
)
def test_path_out_of_the_project_is_refused_unless_allowed(written: str, root: Path) -> None:
    Path("api/link.graphql").symlink_to("../../outside.graphql")
    Path("api/linked").symlink_to(root.parent)
    with pytest.raises(InputError, match=r"leads out of the project's folder \(\.\); see --allow-outside"):
        paths(written)
    assert [Path(path).resolve() for path in paths(written, allow_outside=True)] == [root.parent / "outside.graphql"]


def test_absolute_path_is_judged_by_where_it_leads(root: Path) -> None:
    assert paths(str(root / "api/parts/a.graphql")) == PARTS[:1]
    with pytest.raises(InputError, match="leads out of"):
        paths("/etc/hostname")


def test_link_within_the_project_is_followed() -> None:
    Path("api/here.graphql").symlink_to("parts/a.graphql")
    assert paths("here.graphql") == PARTS[:1]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("none.graphql", "api/none.graphql: no such file"),
        ("none/*.graphql", "no file matches none/*.graphql"),
        ("**x/*.graphql", ""),
        ("", "'' is no path"),
        ("a\0b", r"'a\x00b' is no path"),
        ("empty", "no schema file lies in api/empty"),
        ("pipe", "api/pipe: is not a regular file"),
    ],
)
@pytest.mark.parametrize("allow_outside", [False, True])
def test_schema_that_cannot_be_read_is_told_at_the_place_that_names_it(
    written: str, message: str, allow_outside: bool
) -> None:
    import os

    Path("api/empty").mkdir()
    os.mkfifo("api/pipe")
    source = SourceText("appsync-lint.yaml", f"schema: {written}")
    file = SchemaFile(path=written, base="api", span=source.span(8, 9))
    with pytest.raises(InputError) as caught:
        schema_sources(api(file), allow_outside=allow_outside)
    assert str(caught.value).startswith(f"appsync-lint.yaml:1:9: {message}")


def test_links_in_a_circle_end() -> None:
    Path("api/loop.graphql").symlink_to("loop.graphql")
    Path("api/round").symlink_to(".")
    with pytest.raises(InputError):
        paths("loop.graphql")
    with pytest.raises(InputError):
        paths("loop.graphql", allow_outside=True)
    assert set(PARTS) <= set(paths("**/*.graphql", allow_outside=True))


def test_project_is_the_repository_or_else_where_the_user_stands(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside = root.parent / "plain" / "infra"
    outside.mkdir(parents=True)
    assert project_folder(Path("api/parts")) == root
    assert project_folder(outside) == outside
    monkeypatch.chdir(outside.parent)
    assert project_folder(Path("infra")) == outside.parent
    monkeypatch.setenv("HOME", str(outside.parent))
    assert project_folder(Path("infra")) == outside
    monkeypatch.chdir("/")
    assert project_folder(outside) == outside


def test_description_of_another_folder_names_files_from_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("api/appsync-lint.yaml").write_text("authenticationType: API_KEY\nschema: parts/*.graphql\n")
    monkeypatch.chdir(root / ".git")
    (found,) = read_file(Path("../api/appsync-lint.yaml")).apis
    assert [Path(source.path).name for source in schema_sources(found)] == ["a.graphql", "b.graphql"]
