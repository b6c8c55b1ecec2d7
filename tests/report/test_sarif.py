"""SARIF: what GitHub and other readers need of it, and what the standard's own tools say to it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from appsync_lint.linter import Label, Severity, all_rules
from appsync_lint.report import Options, render
from appsync_lint.report.addresses import Addresses
from appsync_lint.text import SourceText

from .sample import FINDINGS, OUTSIDE, RULES, SAMPLE, SCHEMA, at, finding, result

HERE = Options(root="/checkout", folder="/checkout")


def sarif(found: Any = SAMPLE, options: Options = HERE) -> dict[str, Any]:
    """Return the only run of a report, and check on the way what holds of every report."""
    log = json.loads(render("sarif", found, RULES, options))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    check(run)
    return run  # type: ignore[no-any-return]


def members(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield key, item
            yield from members(item)
    elif isinstance(value, list):
        for item in value:
            yield from members(item)


def check(run: dict[str, Any]) -> None:
    """What is true of every run, whatever was found."""
    assert all(value is not None and value != -1 for _, value in members(run))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"].endswith("/")
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    for rule in rules:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["helpUri"].startswith("https://")
        assert rule.get("name", "A").isalnum()
        # The validator takes two names that differ in case only for the same.
        assert rule.get("name", "").lower() != rule["id"]
        for description in (rule["shortDescription"], rule["fullDescription"]):
            assert 1 < len(description["text"]) <= 1024
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        properties = rule["properties"]
        assert properties["precision"] in ("very-high", "high", "medium", "low")
        assert ("security-severity" in properties) == ("security" in properties["tags"])
        assert ("security-severity" in properties) != ("problem.severity" in properties)
        assert len(properties["tags"]) <= 10
        if "security-severity" in properties:
            assert isinstance(properties["security-severity"], str)
            assert 0 < float(properties["security-severity"]) <= 10
    for item in run["results"]:
        assert rules[item["ruleIndex"]]["id"] == item["ruleId"]
        assert item["level"] in ("error", "warning", "note")
        assert set(item["partialFingerprints"]) == {"primaryLocationLineHash", "appsyncLint/v1"}
        assert len(item["locations"]) == 1
        related = item.get("relatedLocations", [])
        assert [place["id"] for place in related] == list(range(1, len(related) + 1))
        for place in related:
            assert f"]({place['id']})" in item["message"]["text"]
        for place in (*item["locations"], *related):
            physical = place["physicalLocation"]
            address = physical["artifactLocation"]
            assert (address.get("uriBaseId") == "%SRCROOT%") != address["uri"].startswith("file:///")
            assert address["uri"].isascii()
            region = physical["region"]
            assert set(region) == {"startLine", "startColumn", "endLine", "endColumn"}
            assert region["startLine"] == region["endLine"] >= 1
            assert 1 <= region["startColumn"] <= region["endColumn"]


def region_of(found: Any) -> tuple[int, int, int]:
    region = sarif(result(found))["results"][0]["locations"][0]["physicalLocation"]["region"]
    return region["startLine"], region["startColumn"], region["endColumn"]


def test_the_sample_holds_what_every_report_holds() -> None:
    assert len(sarif()["results"]) == len(FINDINGS)


def test_rules_are_described_whether_they_found_something_or_not() -> None:
    assert [rule["id"] for rule in sarif(result())["tool"]["driver"]["rules"]] == sorted(RULES)


def test_the_built_in_rules_hold_what_every_report_holds() -> None:
    (run,) = json.loads(render("sarif", result(), all_rules(), HERE))["runs"]
    check(run)


def test_the_steps_that_lead_to_a_finding_are_a_code_flow() -> None:
    steps = (Label(at(SCHEMA, "posts"), "goes in"), Label(at(SCHEMA, "drop"), "decides"))
    (item,) = sarif(result(replace(FINDINGS[0], flow=steps)))["results"]
    (flow,) = item["codeFlows"]
    (thread,) = flow["threadFlows"]
    assert [set(step) for step in thread["locations"]] == [{"location"}, {"location"}]
    places = [step["location"] for step in thread["locations"]]
    assert [place["message"]["text"] for place in places] == ["goes in.", "decides."]
    assert [place["physicalLocation"]["region"]["startLine"] for place in places] == [
        step.span.start.line for step in steps
    ]


def test_a_finding_without_steps_has_no_code_flow() -> None:
    assert all("codeFlows" not in item for item in sarif()["results"])


def test_level_is_written_even_where_it_is_the_standards_default() -> None:
    run = sarif(result(replace(FINDINGS[0], severity=Severity.WARNING)))
    assert run["results"][0]["level"] == "warning"
    assert run["tool"]["driver"]["rules"][0]["defaultConfiguration"]["level"] == "error"


def test_columns_count_code_points() -> None:
    source = SourceText("a.graphql", '"\U0001f600\U0001f600" field')
    assert region_of(finding("unusual", source.span(5, 10), "m")) == (1, 6, 11)


@pytest.mark.parametrize(
    ("text", "start", "end", "region"),
    [
        ("abc\r\ndef", 1, 7, (1, 2, 4)),
        ("ab  \ndef", 0, 6, (1, 1, 3)),
        ("abc", 1, 1, (1, 2, 3)),
        ("abc", 3, 3, (1, 3, 4)),
        ("abc\n", 4, 4, (2, 1, 1)),
        ("abc\ndef", 3, 4, (1, 3, 4)),
        ("abc\r\n", 1, 4, (1, 2, 4)),
        ("", 0, 0, (1, 1, 1)),
    ],
)
def test_a_region_is_a_part_of_one_line(text: str, start: int, end: int, region: tuple[int, int, int]) -> None:
    assert region_of(finding("unusual", SourceText("a", text).span(start, end), "m")) == region


@given(st.text(alphabet='ab{ \n\r\t"文', max_size=40), st.data())
def test_any_place_gives_a_sound_region(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    # No place starts between the two characters of a line end.
    assume(text[max(start - 1, 0) : start + 1] != "\r\n")
    end = data.draw(st.integers(start, len(text)))
    line, _, last = region_of(finding("unusual", SourceText("a", text).span(start, end), "m"))
    assert last <= len(SourceText("a", text).line(line)) + 1


def test_second_places_are_linked_from_the_message() -> None:
    place = Label(at(SCHEMA, "Post"), "the [Post] \\ type")
    (found,) = sarif(result(finding("unusual", at(SCHEMA, "posts"), "it is refused", related=(place,))))["results"]
    assert found["message"]["text"] == "it is refused. See [the \\[Post\\] \\\\ type](1)."


def test_ignored_findings_are_left_out() -> None:
    assert sarif(result(ignored=FINDINGS))["results"] == []


def test_what_no_reader_can_decode_is_shown_instead() -> None:
    source = SourceText("bad\udcff.graphql", "x")
    (found,) = sarif(result(finding("unusual", source.span(0, 1), "a \ud800 half")))["results"]
    assert found["message"]["text"] == "a \\ud800 half."
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "bad%FF.graphql"


def test_a_finding_of_a_rule_that_nobody_knows_has_no_index() -> None:
    log = json.loads(render("sarif", result(FINDINGS[0]), {}, HERE))
    assert "ruleIndex" not in log["runs"][0]["results"][0]


@pytest.mark.parametrize(
    ("root", "folder", "path", "address"),
    [
        ("/repo", "/repo", "schema.graphql", "schema.graphql"),
        ("/repo", "/repo/api", "schema.graphql", "api/schema.graphql"),
        ("/repo", "/repo/api", "../infra/template.yaml", "infra/template.yaml"),
        ("/repo", "/repo", "/repo/a/b.graphql", "a/b.graphql"),
        ("/repo", "/repo", "a b/50%/größe#1?.graphql", "a%20b/50%25/gr%C3%B6%C3%9Fe%231%3F.graphql"),
        ("/repo", "/repo", "c:schema", "c%3Aschema"),
        ("/repo", "/repo", "../other/x", "file:///other/x"),
        ("/repo", "/repo", "/repository/x", "file:///repository/x"),
        ("/repo", "/repo", "<stdin>", "%3Cstdin%3E"),
        ("/repo/", "/repo/./", "x", "x"),
        ("/", "/", "x", "x"),
    ],
)
def test_addresses(root: str, folder: str, path: str, address: str) -> None:
    assert Addresses(root, folder).of(path) == (address, not address.startswith("file:"))


def test_addresses_are_relative_to_the_working_directory_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Addresses().of("x") == ("x", True)
    assert Addresses(tmp_path.parent).of("x") == (f"{tmp_path.name}/x", True)


def test_the_checkouts_place_on_the_machine_is_not_told() -> None:
    inside = result(*(item for item in FINDINGS if item.span.source is not OUTSIDE))
    reports = {
        render("sarif", inside, RULES, Options(root=root, folder=f"{root}/api"))
        for root in ("/checkout", "/home/me/it")
    }
    assert len(reports) == 1
    assert "checkout/" not in reports.pop()


def test_category_tells_several_uploads_apart() -> None:
    def category(value: str | None) -> str:
        return str(sarif(options=replace(HERE, category=value))["automationDetails"]["id"])

    assert category("admin-api") == "admin-api/"
    assert category("admin-api/") == "admin-api/"
    assert category(None) == category("") == "appsync-lint/"


def test_not_more_results_than_github_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appsync_lint.report.sarif.RESULT_LIMIT", 3)
    run = sarif()
    assert [item["level"] for item in run["results"]] == ["error", "warning", "error"]
    assert run["properties"] == {"omittedResults": len(FINDINGS) - 3}


#: The package has both the JSON schema of SARIF 2.1.0 and Microsoft's validator. 43 MB.
PACKAGE = "@microsoft/sarif-multitool-linux@5.7.0"


@pytest.fixture(scope="module")
def multitool(pytestconfig: pytest.Config) -> Path:
    """Return the folder of the unpacked package, which is fetched once and kept in pytest's cache."""
    npm = shutil.which("npm")
    folder = pytestconfig.cache.mkdir("sarif-multitool-5.7.0") if pytestconfig.cache else None
    if folder is None:
        pytest.skip("there is no cache to keep the validator in")
    if not (folder / "package").is_dir():
        if npm is None:
            pytest.skip("npm is not installed")
        draft = folder / f"draft-{os.getpid()}"
        draft.mkdir()
        try:
            _fetch(npm, draft)
            if not (folder / "package").is_dir():
                (draft / "package").rename(folder / "package")
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return folder / "package"


def _fetch(npm: str, folder: Path) -> None:
    command = (npm, "pack", PACKAGE, "--fetch-retries=0", "--fetch-timeout=60000", "--loglevel=error")
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=180)
    except subprocess.TimeoutExpired:
        pytest.skip("npm took longer than three minutes")
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or not archives:
        pytest.skip(f"npm cannot fetch {PACKAGE}: {done.stderr.strip().partition(chr(10))[0]}")
    with tarfile.open(archives[0]) as archive:
        (folder / "package").mkdir()
        for name in ("package/sarif-2.1.0.json", "package/Sarif.Multitool"):
            content = archive.extractfile(name)
            assert content is not None
            with content, (folder / name).open("wb") as file:
                shutil.copyfileobj(content, file)
    (folder / "package" / "Sarif.Multitool").chmod(0o755)


def reports(folder: Path) -> list[Path]:
    """Write reports: everything difficult, the built-in rules, and nothing found."""
    rules = {**all_rules(), **RULES}
    files = []
    for name, found, known in (("sample", SAMPLE, rules), ("nothing", result(), rules), ("own", SAMPLE, RULES)):
        file = folder / f"{name}.sarif"
        file.write_text(render("sarif", found, known, HERE), encoding="utf-8")
        files.append(file)
    return files


@pytest.mark.once
def test_valid_by_the_json_schema(multitool: Path, tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(json.loads((multitool / "sarif-2.1.0.json").read_text("utf-8-sig")))
    for file in reports(tmp_path):
        assert [error.message for error in validator.iter_errors(json.loads(file.read_text("utf-8")))] == []
    assert not validator.is_valid({"version": "2.1.0", "runs": [{}]})


def validate(multitool: Path, file: Path) -> list[str]:
    """Return what Microsoft's validator has to say. Its exit code says nothing."""
    command = (multitool / "Sarif.Multitool", "validate", file, "--rule-kind", "Sarif;Ghas")
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    if done.returncode < 0 or "Analysis completed" not in done.stdout:
        pytest.skip(f"the validator does not run here: {(done.stdout + done.stderr).strip()[:200]}")
    return [line for line in done.stdout.splitlines() if file.name in line]


@pytest.mark.once
def test_microsofts_validator_has_nothing_to_say(multitool: Path, tmp_path: Path) -> None:
    for file in reports(tmp_path):
        assert validate(multitool, file) == []
    spoilt = json.loads(render("sarif", SAMPLE, RULES, HERE))
    del spoilt["runs"][0]["results"][0]["locations"]
    broken = tmp_path / "broken.sarif"
    broken.write_text(json.dumps(spoilt), encoding="utf-8")
    assert any("GH1015" in line for line in validate(multitool, broken))
