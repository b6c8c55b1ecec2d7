"""How rule packages are found, and what becomes of those that are broken."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appsync_lint.errors import InputError
from appsync_lint.linter.registry import load_rules

RULE = """
'''Documentation.'''
from appsync_lint.plugin import Rule, Severity

class Made(Rule):
    name = {name!r}
    severity = Severity.INFO
    confidence = "low"
    since = "1.0.0"

    def check(self, subject):
        yield from ()
"""


class Site:
    """A folder on the search path into which a test installs packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, package: str, entry_points: str, **modules: str) -> None:
        (self.folder / package).mkdir()
        for name, text in {"__init__": "", **modules}.items():
            (self.folder / package / f"{name}.py").write_text(text, encoding="utf-8")
        metadata = self.folder / f"{package}-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
        (metadata / "entry_points.txt").write_text(entry_points, encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Site(tmp_path)
    for name in set(sys.modules) - known:
        if name.startswith("site_"):
            del sys.modules[name]


def announced(target: str) -> str:
    return (
        f"[console_scripts]\nx = site_x:main\n\n# ours\n[appsync_lint.rules]\nours = {target}\n\n[other]\ny = site_y\n"
    )


def test_each_module_of_a_package_is_read(site: Site) -> None:
    site.install("site_many", announced("site_many"), one=RULE.format(name="one"), two=RULE.format(name="two"))
    assert {"one", "two"} <= set(load_rules())


def test_an_entry_point_may_name_a_single_module(site: Site) -> None:
    site.install("site_single", announced("site_single.one"), one=RULE.format(name="one"), two=RULE.format(name="two"))
    rules = load_rules()
    assert "one" in rules
    assert "two" not in rules


def test_private_modules_are_not_read(site: Site) -> None:
    site.install("site_private", announced("site_private"), one=RULE.format(name="one"), _two="raise RuntimeError")
    assert "one" in load_rules()


def test_what_a_module_imports_is_not_its_rule_and_a_base_is_none(site: Site) -> None:
    base = "from appsync_lint.plugin import Rule\nclass Base(Rule):\n    pass\n"
    derived = RULE.format(name="derived").replace("(Rule)", "(Base)") + "from .base import Base\n"
    derived = "from .base import Base\n" + derived
    site.install("site_base", announced("site_base"), base=base, derived=derived)
    rules = load_rules()
    assert [name for name, rule in rules.items() if type(rule).__module__.startswith("site_base")] == ["derived"]


def test_the_rules_are_sorted_and_told_once(site: Site) -> None:
    site.install(
        "site_twice",
        announced("site_twice") + "[appsync_lint.rules]\nagain = site_twice.one\n",
        one=RULE.format(name="one"),
    )
    names = list(load_rules())
    assert names == sorted(names)
    assert names.count("one") == 1


@pytest.mark.parametrize("name", ["taken", "aws-auth-ignored"])
def test_two_rules_of_one_name_are_refused(site: Site, name: str) -> None:
    site.install("site_first", announced("site_first"), one=RULE.format(name=name))
    site.install("site_second", announced("site_second"), one=RULE.format(name=name))
    with pytest.raises(InputError, match=f"two rules are called {name}: .+ and site_"):
        load_rules()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found'"),
        ("def broken(:", "SyntaxError"),
        ("raise RuntimeError('two\\nlines')", "RuntimeError: two lines"),
    ],
)
def test_a_package_that_cannot_be_imported_is_named_in_one_line(site: Site, text: str, why: str) -> None:
    site.install("site_broken", announced("site_broken"), one=text)
    with pytest.raises(InputError) as caught:
        load_rules()
    line = str(caught.value)
    assert line.startswith("the rule package site_broken.one cannot be imported: ")
    assert why in line
    assert "\n" not in line


def test_a_package_that_is_announced_and_missing_is_named(site: Site) -> None:
    site.install("site_gone", announced("site_not_there"))
    with pytest.raises(InputError, match="site_not_there cannot be imported"):
        load_rules()


def test_other_packages_are_not_imported(site: Site) -> None:
    site.install("site_other", "[console_scripts]\nx = site_other:main\n", one="raise RuntimeError")
    load_rules()
    assert "site_other" not in sys.modules
