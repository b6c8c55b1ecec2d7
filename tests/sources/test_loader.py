"""YAML and JSON to a positioned tree: values, exact places, and files that mean harm."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.errors import InputError
from appsync_lint.sources.loader import load_tree
from appsync_lint.text import SourceText
from appsync_lint.tree import Node, Scalar, Sequence, Table

from ..strategies import thorough


def load(text: str, path: str = "file.yaml") -> Node:
    return load_tree(SourceText(path, text))


def table(text: str, path: str = "file.yaml") -> Table:
    node = load(text, path)
    assert isinstance(node, Table)
    return node


def value(node: Node | None) -> object:
    """A tree as plain data; a tag goes before its value."""
    assert node is not None
    plain: object
    if isinstance(node, Scalar):
        plain = node.value
    elif isinstance(node, Sequence):
        plain = [value(item) for item in node]
    else:
        assert isinstance(node, Table)
        plain = {name: value(item) for name, item in node}
    return (node.tag, plain) if node.tag else plain


def place(node: Node | None) -> tuple[str, str]:
    """Where a node stands, and what stands there."""
    assert node is not None
    assert node.span is not None
    start, end = node.span.start, node.span.end
    return f"{start.line}:{start.column}-{end.line}:{end.column}", node.span.text


def refusal(text: str, path: str = "file.yaml") -> str:
    with pytest.raises(InputError) as caught:
        load(text, path)
    return str(caught.value)


def outcome(text: str, path: str) -> str:
    """The line with which a text is refused, or where it stands if it is read."""
    try:
        node = load(text, path)
    except InputError as error:
        lines = str(error).split("\n")
        return lines[0] if len(lines) == 1 else f"several lines: {lines}"
    return f"{path}: {place(node)[0]}"


@pytest.fixture(params=["libyaml", "pure Python"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run with libyaml's parser and as if PyYAML had been built without it."""
    if request.param == "pure Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    elif not hasattr(yaml, "CSafeLoader"):
        pytest.skip("PyYAML was built without libyaml")
    return str(request.param)


TEMPLATE = """\
# é😀 before everything
Resources:
  Api: &api !Named
    Type: "AWS::AppSync::GraphQLApi"   # quoted
    Providers:
      - {Mode: API_KEY, Ttl: 300}
      - !Ref Mode
    Empty:
    Text: |
      one
        two

    Folded: >-
      three
      four
  "quoted": 'it''s'
"""


def test_every_node_has_its_place(either_parser: str) -> None:
    api = table(TEMPLATE).get("Resources")
    assert isinstance(api, Table)
    node = api.get("Api")
    assert isinstance(node, Table)
    assert node.tag == "!Named"
    assert place(api.keys["Api"]) == ("3:3-3:6", "Api")
    assert place(node.get("Type")) == ("4:11-4:37", '"AWS::AppSync::GraphQLApi"')
    providers = node.get("Providers")
    assert isinstance(providers, Sequence)
    assert place(providers.items[0]) == ("6:9-6:34", "{Mode: API_KEY, Ttl: 300}")
    assert place(providers.items[1]) == ("7:9-7:18", "!Ref Mode")
    # Indented collections end with their last member, not where the next thing begins.
    assert place(providers)[0] == "6:7-7:18"
    assert place(node.get("Text"))[0] == "9:11-11:12"
    assert place(node.get("Folded"))[0] == "13:13-15:11"
    assert place(node.get("Empty"))[1] == ""
    assert place(api.get("quoted")) == ("16:13-16:20", "'it''s'")


def test_values_are_those_that_were_written(either_parser: str) -> None:
    api = table(TEMPLATE).get("Resources")
    assert value(api) == {
        "Api": (
            "!Named",
            {
                "Type": "AWS::AppSync::GraphQLApi",
                "Providers": [{"Mode": "API_KEY", "Ttl": 300}, ("!Ref", "Mode")],
                "Empty": None,
                "Text": "one\n  two\n",
                "Folded": "three four",
            },
        ),
        "quoted": "it's",
    }


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_places_count_from_any_line_end(line_end: str, either_parser: str) -> None:
    text = table(TEMPLATE.replace("\n", line_end))
    resources = text.get("Resources")
    assert isinstance(resources, Table)
    assert place(resources.get("quoted"))[0] == "16:13-16:20"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yes", True),
        ("off", False),
        ("No", False),
        ("y", "y"),
        ("~", None),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-1_000", -1000),
        ("0x1F", 31),
        ("010", 8),
        ("0b101", 5),
        ("1:30", 90),
        ("08", "08"),
        ("2.5", 2.5),
        ("-.inf", float("-inf")),
        ("1e3", "1e3"),
        ("2010-09-09", "2010-09-09"),
        ("'12'", "12"),
        ('"yes"', "yes"),
        ("!!str 12", "12"),
        ('!!int "12"', 12),
        ("! 12", "12"),
        ("!Ref 12", ("!Ref", "12")),
        ("API_KEY", "API_KEY"),
        ("=", "="),
    ],
)
def test_scalars_have_the_types_of_yaml_1_1(written: str, expected: object, either_parser: str) -> None:
    assert value(table(f"key: {written}\n").get("key")) == expected


def test_numbers_too_long_to_mean_anything_stay_texts() -> None:
    digits = "9" * 5000
    assert value(table(f"key: {digits}\n").get("key")) == digits
    assert value(load(f"[{digits}]", "file.json")) == [digits]


def test_key_written_twice_is_kept_with_its_place(either_parser: str) -> None:
    node = table("a: 1\nb: 2\na: 3\na: 4\n")
    assert value(node) == {"a": 4, "b": 2}
    assert [place(key)[0] for key in node.repeated] == ["3:1-3:2", "4:1-4:2"]


def test_merge_keys_take_over_what_is_not_there_itself() -> None:
    text = "base: &base {a: 1, b: 2}\nmore: &more {b: 3, c: 4}\nuse: {<<: [*base, *more], a: 5}\n"
    assert value(table(text).get("use")) == {"a": 5, "b": 2, "c": 4}
    assert value(table('use: {"<<": 1}\n')) == {"use": {"<<": 1}}


def test_aliases_share_one_node() -> None:
    node = table("a: &x {k: v}\nb: *x\nc: *x\n")
    assert node.get("a") is node.get("b") is node.get("c")


def test_anchor_can_be_given_again() -> None:
    assert value(table("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")) == {"a": 1, "b": 1, "c": 2, "d": 2}


JSON_TEXT = '{\n\t"a": [1, -2.5e3, true, null, {}],\n\t"\\u00e9\\/": "\\ud83d\\ude00\\t\\\\",\n\t"lone": "\\ud83d"\n}\n'


def test_json_is_read_with_tabs_escapes_and_surrogate_pairs() -> None:
    node = table(JSON_TEXT, "file.json")
    assert value(node) == {"a": [1, -2500.0, True, None, {}], "é/": "😀\t\\", "lone": "\ufffd"}
    assert place(node.keys["é/"]) == ("3:2-3:12", '"\\u00e9\\/"')
    assert place(node.get("a"))[0] == "2:7-2:34"
    assert place(node)[0] == "1:1-5:2"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON_VALUES, st.sampled_from([None, 2, "\t"]), st.booleans())
@thorough(100)
def test_any_json_is_read_as_the_standard_library_reads_it(data: object, indent: int | str | None, plain: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=not plain)
    expected = json.loads(text)
    assert value(load(text, "file.json")) == _without_surrogates(expected)


def _without_surrogates(data: object) -> object:
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


def test_yaml_that_looks_like_json_is_read_all_the_same() -> None:
    assert value(load("{a: 1, 'b': [x, y,],}  # flow style\n")) == {"a": 1, "b": ["x", "y"]}


def test_json_is_read_without_the_yaml_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from appsync_lint.sources.loader import load_tree; from appsync_lint.text import SourceText;"
        "load_tree(SourceText('a.json', '{\"a\": [1]}')); sys.exit('yaml' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "---\n", "---\n...\n"])
def test_empty_file_is_an_empty_value(text: str) -> None:
    assert value(load(text)) is None


def test_markers_without_a_second_document_are_fine() -> None:
    assert value(load("---\na: 1\n...\n---\n")) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\n---\nb: 2\n", "file.yaml:2:1: a second document starts here; one is expected"),
        ("a: *b\n", "file.yaml:1:4: nothing above is marked &b"),
        ("a: &b [1, *b]\n", "file.yaml:1:11: *b stands inside what it stands for"),
        ("<<: 3\n", "file.yaml:1:1: << takes over the keys of a mapping, not of a plain value"),
        ("[a]: b\n", "file.yaml:1:1: a key must be a plain value, not a list"),
        ('a: "b\nc: d\n', "file.yaml:1:4: this text in quotes never ends"),
        ('a: "\\q"\n', "file.yaml:1:5: there is no such escape in YAML; write the backslash twice"),
        ('a: "\\ud83d"\n', "file.yaml:1:7: this escape does not name a character"),
        ("a: b: c\n", "file.yaml:1:5: a colon cannot stand here; put a text that holds a colon in quotes"),
        ("a: @b\n", "file.yaml:1:4: a text cannot start with this character; put it in quotes"),
        ("a:\n\tb: 1\n", "file.yaml:2:1: a tab cannot indent a line of YAML; use blanks"),
        ("a:\n  - b\n c: d\n", "file.yaml:3:2: this line's indentation fits no line above"),
        ("a: {b: c]\n", "file.yaml:1:9: expected a comma or }"),
        ("a: [b, c}\n", "file.yaml:1:9: expected a comma or ]"),
        ("a: |x\n  b\n", "file.yaml:1:5: after | or > only the end of the line may follow"),
        ("a: !x!y z\n", "file.yaml:1:4: this tag is not known"),
        ("é: \0\n", "file.yaml:1:4: there is a control character here, which YAML does not allow"),
        ('é: 1\nb: "\x1b[31m"\n', "file.yaml:2:5: there is a control character here, which YAML does not allow"),
    ],
)
@pytest.mark.skipif(not hasattr(yaml, "CSafeLoader"), reason="the places are those of libyaml's parser")
def test_broken_yaml_is_told_in_plain_words_at_its_place(text: str, line: str) -> None:
    assert refusal(text) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('{"a": [1, 2}', "file.json:1:12: expected a comma or ], found '}'"),
        ('{"a" 1}', "file.json:1:6: expected a colon, found '1'"),
        ('{"a": 1,}}', "file.json:1:9: expected a key in double quotes, found '}'"),
        ('{"a": nul]', "file.json:1:7: expected a value, found 'n'"),
        ('{"a": 1}}', "file.json:1:9: expected the end of the file, found '}'"),
        ('{"a": "b', "file.json:1:7: this text in quotes never ends"),
        ('["\\q"]', "file.json:1:3: there is no such escape in JSON"),
        ("[", "file.json:1:2: expected a value, found the end of the file"),
        ('["a", "\\u12"]', "file.json:1:9: there is no such escape in JSON"),
    ],
)
def test_broken_json_is_told_at_its_place(text: str, line: str) -> None:
    assert refusal(text, "file.json") == line


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "[" * 20_000 + "]" * 20_000,
        '{"a":' * 20_000,
        "- " * 20_000 + "x",
        "".join(f"{' ' * depth}a:\n" for depth in range(2_000)),
        "{a: " * 20_000,
    ],
    ids=["lists", "closed lists", "mappings", "items", "indentation", "flow"],
)
def test_deep_nesting_is_refused_at_once(text: str, either_parser: str) -> None:
    begin = time.monotonic()
    assert "this is nested more than 100 levels deep" in refusal(text)
    assert time.monotonic() - begin < 5


def test_alias_bomb_costs_nothing() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    begin = time.monotonic()
    assert len(table("\n".join(lines)).entries) == 60
    assert time.monotonic() - begin < 5


def test_merging_bomb_is_refused() -> None:
    base = "base: &base {" + ", ".join(f"k{n}: 1" for n in range(2_000)) + "}\n"
    text = base + "".join(f"m{n}:\n  <<: *base\n" for n in range(2_000))
    assert "the file holds more than 1000000 values" in refusal(text)


def test_many_tag_lines_are_refused() -> None:
    text = "".join(f"%TAG !t{n}! x\n" for n in range(50_000)) + "--- a\n"
    assert refusal(text) == "file.yaml:1:1: there are too many %TAG lines"


def test_huge_text_is_refused() -> None:
    assert refusal("a" * (8 * 1024 * 1024 + 1)) == "file.yaml: is larger than 8 MiB"


@pytest.mark.parametrize(
    "written",
    [
        '!!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ["made-by-a-tag"]]',
        '!!python/object/apply:os.system ["touch made-by-a-tag"]',
        "!!python/name:os.system ''",
        '!!python/object/new:subprocess.Popen [["touch", "made-by-a-tag"]]',
        "!!binary aGVsbG8=",
    ],
)
def test_tags_construct_nothing(
    written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, either_parser: str
) -> None:
    monkeypatch.chdir(tmp_path)
    node = table(f"a: {written}\n").get("a")
    assert node is not None
    assert node.tag == written.split(maxsplit=1)[0]
    assert list(tmp_path.iterdir()) == []


@given(st.text(alphabet="ab1 \n\t:-#&*!|>'\"%@`{}[],?~<\\é😀\0\x1b\x85\u2028\ufeff", max_size=60))
@thorough(200)
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    assert outcome(text, "file.yaml").startswith("file.yaml:")


@given(st.binary(max_size=80))
@thorough(100)
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(data.decode("latin-1"), "file.json").startswith("file.json:")


def test_both_parsers_give_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    projects = Path(__file__).parents[2] / "fixtures" / "projects"
    texts = [path.read_text() for path in sorted(projects.rglob("*.yaml"))]
    assert texts

    def shape(node: Node) -> object:
        own = (type(node).__name__, node.tag, place(node)[0])
        if isinstance(node, Scalar):
            return (*own, node.value, node.text, node.style)
        assert isinstance(node, (Sequence, Table))
        members = node.items if isinstance(node, Sequence) else node.entries.values()
        return (*own, [shape(item) for item in members])

    fast = [shape(load(text)) for text in texts]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [shape(load(text)) for text in texts] == fast
