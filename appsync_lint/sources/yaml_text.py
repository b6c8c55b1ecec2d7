"""YAML text to a positioned tree, from the parser's events alone.

PyYAML's composer and constructors are not used: the composer of libyaml overflows its stack on deep
nesting, and constructors make objects of tags. Here a tag is a name on a node and nothing else. Plain
scalars get the types of YAML 1.1, as CloudFormation and PyYAML see them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..text import SourceText
from ..tree import Node, Scalar, ScalarValue, Sequence, Table
from .builder import TreeBuilder

__all__ = ["read_yaml"]

_STANDARD = "tag:yaml.org,2002:"
#: Tags that say what a node is anyhow.
_IDLE_TAGS = frozenset(["!", *(_STANDARD + name for name in ("str", "map", "seq", "null", "bool", "int", "float"))])
_TRUE = frozenset(["yes", "true", "on"])

#: Python refuses to convert longer numbers, and nobody means one.
MAX_DIGITS = 1000

#: The parser compares each of these lines with all others.
MAX_DIRECTIVES = 100

_ENDLESS = "this text in quotes never ends"
#: What the parser complains about, in words that need no knowledge of it. The first that occurs counts.
_PLAIN_WORDS = (
    ("control characters are not allowed", "there is a control character here, which YAML does not allow"),
    ("special characters are not allowed", "there is a control character here, which YAML does not allow"),
    ("unknown escape character", "there is no such escape in YAML; write the backslash twice"),
    ("escape", "this escape does not name a character"),
    ("quoted scalar", _ENDLESS),
    ("mapping values are not allowed", "a colon cannot stand here; put a text that holds a colon in quotes"),
    ("cannot start any token", "a text cannot start with this character; put it in quotes"),
    ("could not find expected ':'", "there is no colon after this key"),
    ("expected ',' or '}'", "expected a comma or }"),
    ("expected ',' or ']'", "expected a comma or ]"),
    ("undefined tag handle", "this tag is not known"),
    ("tag", "this tag is written wrongly"),
    ("alias", "the name of an alias or anchor is written wrongly"),
    ("anchor", "the name of an alias or anchor is written wrongly"),
    ("directive", "a line that starts with % is not understood"),
    ("block scalar", "after | or > only the end of the line may follow"),
    ("flow node", "a value is missing here"),
    ("node content", "a value is missing here"),
    ("block collection", "this line's indentation fits no line above"),
    ("block mapping", "this line's indentation fits no line above"),
    ("document start", "expected the end of the file"),
    ("", "this is not valid YAML"),
)


def read_yaml(source: SourceText) -> Node:
    """Read the one document of a YAML text; an empty text is an empty scalar.

    Raises :class:`~appsync_lint.errors.InputError` at its place for what is no YAML, for a second document,
    and for aliases that nothing or only the node around them defines.
    """
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: SourceText) -> None:
        import yaml

        self.yaml = yaml
        self.source = source
        self.builder = TreeBuilder(source)
        self.anchors: dict[str, Node] = {}
        self.typed: dict[str, ScalarValue] = {}

    def read(self) -> Node:
        yaml = self.yaml
        documents = 0
        second = 0
        for event in self._events():
            if documents > 1 and isinstance(event, yaml.NodeEvent):
                if isinstance(event, yaml.ScalarEvent) and not event.value and not event.style:
                    continue
                raise self.builder.error("a second document starts here; one is expected", second)
            if isinstance(event, yaml.ScalarEvent):
                self._scalar(event)
            elif isinstance(event, yaml.MappingStartEvent):
                self._open(Table({}, {}, None, _tag(event.tag)), event)
            elif isinstance(event, yaml.SequenceStartEvent):
                self._open(Sequence([], None, _tag(event.tag)), event)
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                start, end = event.start_mark.index, event.end_mark.index
                # The end of an indented collection is found where the next thing begins: take its last member's.
                self.builder.close(end if end > start else None)
            elif isinstance(event, yaml.AliasEvent):
                self._alias(event)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                second = event.start_mark.index
        return self.builder.root or Scalar(None, "", self.builder.span(0, 0))

    def _events(self) -> Iterator[Any]:
        yaml = self.yaml
        if self.source.text.count("\n%TAG") > MAX_DIRECTIVES:
            raise self.builder.error("there are too many %TAG lines", 0)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            yield from yaml.parse(self.source.text, Loader=loader)
        except yaml.reader.ReaderError as error:
            raise self.builder.error(_in_plain_words(error.reason), self._place(error)) from None
        except yaml.MarkedYAMLError as error:
            said = f"{error.context or ''} {error.problem or ''}"
            words = _in_plain_words(said)
            mark = error.context_mark if words == _ENDLESS and error.context_mark else error.problem_mark
            at = min(mark.index if mark else 0, len(self.source.text))
            if self.source.text[at : at + 1] == "\t":
                words = "a tab cannot indent a line of YAML; use blanks"
            raise self.builder.error(words, at) from None

    def _place(self, error: Any) -> int:
        """Return the offset of the character that the parser could not read."""
        # libyaml gives its place in bytes, so the character itself is looked for.
        code = error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")
        return max(self.source.text.find(chr(code)), 0)

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        start, end = event.start_mark.index, event.end_mark.index
        style: str = event.style or ""
        tag: str | None = event.tag
        value: ScalarValue = text
        if tag is None:
            if event.implicit[0]:
                value = self._typed(text)
        elif tag in _IDLE_TAGS and tag not in ("!", _STANDARD + "str"):
            value = self._typed(text)
        if style in ("|", ">"):
            end = len(self.source.text[start:end].rstrip()) + start
        node = Scalar(value, text, self.builder.span(start, end), _tag(tag), style)
        self.builder.add(node, start, end)
        if event.anchor:
            self.anchors[event.anchor] = node

    def _open(self, node: Table | Sequence, event: Any) -> None:
        self.builder.open(node, event.start_mark.index, event.end_mark.index)
        if event.anchor:
            self.anchors[event.anchor] = node

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        node = self.anchors.get(event.anchor)
        if node is None:
            raise self.builder.error(f"nothing above is marked &{event.anchor}", start, end)
        if node.span is None:
            raise self.builder.error(f"*{event.anchor} stands inside what it stands for", start, end)
        self.builder.add(node, start, end)

    def _typed(self, text: str) -> ScalarValue:
        """Give a plain scalar its type by YAML 1.1; dates and whatever else is unknown stay texts."""
        resolvers = self.yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1])
        if not resolvers:
            return text
        if text in self.typed:
            return self.typed[text]
        tag = next((tag for tag, pattern in resolvers if pattern.match(text)), "")
        value = self.typed[text] = _convert(text, tag.removeprefix(_STANDARD))
        return value


def _convert(text: str, kind: str) -> ScalarValue:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in _TRUE
    if kind not in ("int", "float") or len(text) > MAX_DIGITS:
        return text
    plain = text.replace("_", "").lower()
    sign = -1 if plain.startswith("-") else 1
    digits = plain.lstrip("+-")
    try:
        if ":" in digits:
            total: int | float = 0
            for part in digits.split(":"):
                total = total * 60 + (int(part) if kind == "int" else float(part))
            return sign * total
        if kind == "float":
            return sign * float({".inf": "inf", ".nan": "nan"}.get(digits, digits))
        if digits.startswith(("0b", "0x")):
            return sign * int(digits[2:], 2 if digits[1] == "b" else 16)
        return sign * int(digits, 8 if digits.startswith("0") and digits != "0" else 10)
    except (ValueError, OverflowError):
        return text


def _tag(tag: str | None) -> str | None:
    if tag is None or tag in _IDLE_TAGS:
        return None
    return f"!!{tag.removeprefix(_STANDARD)}" if tag.startswith(_STANDARD) else tag


def _in_plain_words(said: str) -> str:
    return next(words for words_in, words in _PLAIN_WORDS if words_in in said)
