"""CloudFormation's intrinsic functions, followed as far as the template itself decides.

A value is resolved to the nodes that it can be. Where only deployment knows, the template still often
admits a few values: a parameter's allowed ones, both branches of a condition, the entries of a mapping.
Nothing is guessed; a parameter's default is used and remembered as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from re import compile as regex
from typing import Protocol

from ..tree import Node, Open, Scalar, Sequence, Table
from .resolution import MAX_OPTIONS, Resolution, resolved, written
from .resolution import choice as _choice
from .resolution import left_open as _open

__all__ = ["Depth", "Resolver", "Surroundings", "attribute_of", "intrinsic", "plain"]

#: How many entries of a mapping are looked at for them.
MAX_ENTRIES = 200
#: How many variables a text may have.
MAX_VARIABLES = 200
#: How many texts a template may split off others.
MAX_PARTS = 20_000
#: How long a text may become by joining: an inline schema is at most a template long.
MAX_TEXT = 1_000_000
#: How many functions deep a value may be; beyond it is left to deployment.
MAX_DEPTH = 60

_VARIABLE = regex(r"\$\{(!?)\s*([^${}]*?)\s*\}")
_LISTS = regex(r"(?:CommaDelimitedList|List<.*>)\Z")


def intrinsic(node: Node) -> tuple[str, Node] | None:
    """Return a function's name (``Ref``, ``Fn::If`` ...) and its argument, or None for a plain value."""
    if node.tag is not None and node.tag.startswith("!"):
        name = node.tag[1:]
        return (name if name in ("Ref", "Condition") else f"Fn::{name}"), plain(node)
    if isinstance(node, Table) and len(node.entries) == 1:
        name, argument = next(iter(node.entries.items()))
        if name == "Ref" or (name.startswith("Fn::") and not name.startswith("Fn::ForEach")):
            return name, argument
    return None


def attribute_of(argument: Node) -> tuple[str, str]:
    """Return the resource and the attribute that ``Fn::GetAtt`` names."""
    if isinstance(argument, Scalar):
        resource, _, attribute = argument.text.partition(".")
        return resource, attribute
    words = [_word(item) for item in _items(argument)]
    return words[0] if words else "", ".".join(words[1:])


def plain(node: Node) -> Node:
    """Return a node without its tag."""
    if node.tag is None or isinstance(node, Open):
        return node
    if isinstance(node, Scalar):
        return Scalar(node.value, node.text, node.span, None, node.style)
    if isinstance(node, Sequence):
        return Sequence(node.items, node.span)
    return Table(node.entries, node.keys, node.span, None, node.repeated)


class Surroundings(Protocol):
    """What stands around a template: the one that deploys it and those that it deploys. None where that is nothing."""

    def parameter(self, name: str) -> Resolution | None:
        """Return what is passed for a parameter."""

    def attribute(self, resource: str, name: str) -> Resolution | None:
        """Return an attribute of a resource that is a template of its own."""

    def export(self, name: str) -> Resolution | None:
        """Return what another template exports under a name."""


class Depth:
    """How many functions deep a value is at the moment, shared by templates that refer to each other."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0


class Resolver:
    """Resolves the values of one template. ``around`` answers for what other templates decide."""

    def __init__(self, template: Table, around: Surroundings | None = None, depth: Depth | None = None) -> None:
        self._around = around
        self._deep = depth or Depth()
        self._parameters = _section(template, "Parameters")
        self._mappings = _section(template, "Mappings")
        self._conditions = _section(template, "Conditions")
        self._resources = _section(template, "Resources")
        # The node is kept beside its resolution, so that its id stays its own.
        self._known: dict[int, tuple[Node, Resolution]] = {}
        self._truths: dict[str, _Truth] = {}
        self._busy: set[str] = set()
        self._split_off = 0
        self._functions: dict[str, Callable[[Node, Node], Resolution]] = {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::ImportValue": self._import_value,
            "Fn::Transform": self._transform,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::Split": self._split,
        }

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be. The members of a list or mapping are not resolved."""
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._resolve(node))
        return known[1]

    def holds(self, condition: str) -> bool | None:
        """Return whether a condition holds, or None where only deployment knows."""
        return self._truth(condition).decided

    def variables(self, template: Scalar) -> Iterator[tuple[int, int, Node]]:
        """Give the places of the variables in the text of a ``Fn::Sub`` and a reference for each."""
        for match in _VARIABLE.finditer(template.text):
            yield match.start(), match.end(), _variable(template, match[1], match[2])

    def _resolve(self, node: Node) -> Resolution:
        call = intrinsic(node)
        if call is None:
            if isinstance(node, Scalar) and "{{resolve:" in node.text:
                return _open(node, "it is read from a store when the stack is deployed")
            return resolved(node)
        if self._deep.value >= MAX_DEPTH:
            return _open(node, "it is nested too deeply to be followed")
        name, argument = call
        function = self._functions.get(name)
        if function is None:
            return _open(node, _WHY.get(name, f"{name} is worked out when the stack is deployed"))
        self._deep.value += 1
        try:
            return function(node, argument)
        finally:
            self._deep.value -= 1

    # References.

    def _ref(self, node: Node, argument: Node) -> Resolution:
        name = _word(argument)
        if name == "AWS::NoValue":
            return Resolution((None,))
        if name.startswith("AWS::"):
            return _open(node, f"{name} depends on where the stack is deployed")
        parameter = self._parameters.get(name)
        if isinstance(parameter, Table):
            return self._parameter(node, name, parameter)
        if name in self._resources:
            return _open(node, f"it is the id that {name} gets when it is made")
        return _open(node, f"this template has no parameter or resource {name}")

    def _parameter(self, node: Node, name: str, parameter: Table) -> Resolution:
        kind = _word(parameter.get("Type"))
        if kind.startswith("AWS::SSM::"):
            return _open(node, f"the parameter {name} is read from the parameter store")
        default = parameter.get("Default")
        allowed = parameter.get("AllowedValues")
        passed = self._around.parameter(name) if self._around is not None else None
        if passed is not None and not (passed.decided and passed.node is None):
            found = self._passed(node, name, passed, splits=_LISTS.match(kind) is not None)
            if found.complete or allowed is None:
                return found
            default = None
        if isinstance(allowed, Sequence) and allowed.items and not _LISTS.match(kind):
            if len(allowed.items) > MAX_OPTIONS:
                return _open(node, f"the parameter {name} may be any of its {len(allowed.items)} allowed values")
            ordered = sorted(allowed.items, key=lambda item: _word(item) != _word(default))
            return _choice(node, ordered, f"the parameter {name} may be any of its allowed values")
        if not isinstance(default, Scalar):
            return _open(node, f"the parameter {name} has no default")
        value: Node = default
        if _LISTS.match(kind):
            parts = self._parts(default.text, ",", default)
            if parts is None:
                return _open(node, f"the parameter {name} is too long to be followed")
            value = parts
        return Resolution((value,), assumed=(name,))

    def _passed(self, node: Node, name: str, passed: Resolution, *, splits: bool) -> Resolution:
        """Return what is passed for a parameter, as what stands at the place that names the parameter."""
        if passed.unresolved is not None:
            unresolved = replace(passed.unresolved, text=written(node), span=node.span)
            return replace(passed, unresolved=unresolved)
        if splits and isinstance(passed.node, Scalar):
            parts = self._parts(passed.node.text, ",", passed.node)
            if parts is None:
                return _open(node, f"the parameter {name} is too long to be followed")
            return replace(passed, options=(parts,))
        return passed

    def _get_att(self, node: Node, argument: Node) -> Resolution:
        found = self._around.attribute(*attribute_of(argument)) if self._around is not None else None
        return found or _open(node, "it is an attribute of a resource that does not exist yet")

    def _import_value(self, node: Node, argument: Node) -> Resolution:
        if self._around is not None:
            name = self.resolve(argument).node
            found = self._around.export(name.text) if isinstance(name, Scalar) else None
            if found is not None:
                return found
        return _open(node, "another stack exports it")

    def _transform(self, node: Node, argument: Node) -> Resolution:
        name = _word(argument.get("Name")) if isinstance(argument, Table) else ""
        if name != "AWS::Include":
            return _open(node, "a macro fills it in when the stack is deployed")
        return _open(node, "AWS::Include puts another file in its place when the stack is deployed")

    def _parts(self, text: str, separator: str, like: Node) -> Sequence | None:
        """Split a text into a list of texts; None once a template has made this too many."""
        self._split_off += text.count(separator) + 1
        if self._split_off > MAX_PARTS:
            return None
        return Sequence([_text_node(part.strip(), like) for part in text.split(separator)], like.span)

    # Choices.

    def _if(self, node: Node, argument: Node) -> Resolution:
        parts = _items(argument)
        if len(parts) != 3:
            return _open(node, "Fn::If needs a condition and two values")
        name = _word(parts[0])
        truth = self._truth(name)
        if truth.decided is not None:
            return self.resolve(parts[1] if truth.decided else parts[2])
        branches = [self.resolve(part) for part in (parts[1:] if truth.likely else reversed(parts[1:]))]
        options = [option for branch in branches for option in branch.options]
        assumed = tuple(dict.fromkeys(name for branch in branches for name in branch.assumed))
        complete = all(branch.complete for branch in branches)
        return _choice(node, options, f"it depends on the condition {name}", complete=complete, assumed=assumed)

    def _find_in_map(self, node: Node, argument: Node) -> Resolution:
        parts = _items(argument)
        if len(parts) < 3:
            return _open(node, "Fn::FindInMap needs a mapping and two keys")
        mapping = self._mappings.get(_word(self.resolve(parts[0]).node))
        if not isinstance(mapping, Table):
            return _open(node, "it names a mapping that only deployment knows")
        found: list[Node | None] = []
        for row in self._keys(parts[1], mapping):
            inner = mapping.get(row)
            if isinstance(inner, Table):
                found += [inner.entries[key] for key in self._keys(parts[2], inner) if key in inner]
            if len(found) > MAX_ENTRIES:
                return _open(node, f"the mapping {_word(parts[0])} is too large to be followed")
        keys = [self.resolve(part) for part in parts[1:3]]
        if not found:
            return _open(node, f"the mapping {_word(parts[0])} has no such entry")
        assumed = tuple(name for key in keys for name in key.assumed)
        if all(key.decided for key in keys):
            return Resolution((found[0],), assumed=assumed)
        why = f"it depends on which entry of {_word(parts[0])} is looked up"
        return _choice(node, found, why, assumed=assumed)

    def _keys(self, key: Node, table: Table) -> list[str]:
        """Return the keys that a lookup can use: every one of the table where anything is possible."""
        result = self.resolve(key)
        return [_word(option) for option in result.options] if result.complete else list(table.entries)

    # Texts.

    def _sub(self, node: Node, argument: Node) -> Resolution:
        template, own = self.sub_parts(argument)
        if template is None:
            return _open(node, "Fn::Sub needs a text")
        if template.text.count("${") > MAX_VARIABLES:
            return _open(node, "it has too many variables to be followed")
        pieces: list[Resolution] = []
        end = 0
        for start, stop, reference in self.variables(template):
            pieces.append(Resolution((_text_node(template.text[end:start], template),)))
            pieces.append(self.resolve(self.given(reference, own)))
            end = stop
        pieces.append(Resolution((_text_node(template.text[end:], template),)))
        if len(pieces) == 1 and "{{resolve:" not in template.text:
            return Resolution((template,))
        return self._concatenation(node, pieces, "")

    @staticmethod
    def given(reference: Node, own: dict[str, Node]) -> Node:
        """Return what a variable stands for: what ``Fn::Sub`` defines itself comes first."""
        return own.get(_word(reference), reference) if reference.tag else reference

    def sub_parts(self, argument: Node) -> tuple[Scalar | None, dict[str, Node]]:
        """Return the text of a ``Fn::Sub`` and the variables that it defines itself."""
        if isinstance(argument, Scalar):
            return argument, {}
        parts = _items(argument)
        template = parts[0] if parts else None
        own = parts[1] if len(parts) > 1 else None
        return (
            template if isinstance(template, Scalar) else None,
            dict(own.entries) if isinstance(own, Table) else {},
        )

    def _join(self, node: Node, argument: Node) -> Resolution:
        parts = _items(argument)
        if len(parts) != 2:
            return _open(node, "Fn::Join needs a separator and a list")
        members = self.resolve(parts[1])
        if not members.decided or not isinstance(members.node, Sequence):
            why = members.unresolved.why if members.unresolved else "Fn::Join needs a list"
            return _open(node, why)
        pieces = [self.resolve(item) for item in members.node]
        joined = self._concatenation(node, pieces, _word(parts[0]))
        return replace(joined, assumed=(*members.assumed, *joined.assumed))

    def _concatenation(self, node: Node, pieces: list[Resolution], separator: str) -> Resolution:
        assumed = tuple(dict.fromkeys(name for piece in pieces for name in piece.assumed))
        for piece in pieces:
            if not piece.complete:
                assert piece.unresolved is not None
                return _open(node, piece.unresolved.why)
            if not all(option is None or isinstance(option, Scalar) for option in piece.options):
                return _open(node, "it joins what is no text")
        combinations = 1
        length = 0
        for piece in pieces:
            combinations *= len(piece.options)
            length += max(len(_word(option)) for option in piece.options) + len(separator)
            if combinations > MAX_OPTIONS or length > MAX_TEXT:
                return _open(node, "there are too many possible texts")
        texts = [
            separator.join(_word(option) for option in chosen if option is not None)
            for chosen in product(*(piece.options for piece in pieces))
        ]
        why = next((piece.unresolved.why for piece in pieces if piece.unresolved), "")
        return _choice(node, [_text_node(text, node) for text in texts], why, assumed=assumed)

    def _select(self, node: Node, argument: Node) -> Resolution:
        parts = _items(argument)
        if len(parts) != 2:
            return _open(node, "Fn::Select needs an index and a list")
        index, members = self.resolve(parts[0]), self.resolve(parts[1])
        number = _word(index.node)
        if not isinstance(members.node, Sequence) or not number.isdecimal() or len(number) > 6:
            why = next((item.unresolved.why for item in (index, members) if item.unresolved), "it selects from no list")
            return _open(node, why)
        if int(number) >= len(members.node):
            return _open(node, "it selects an item that the list does not have")
        chosen = self.resolve(members.node.items[int(number)])
        return replace(chosen, assumed=(*members.assumed, *chosen.assumed))

    def _split(self, node: Node, argument: Node) -> Resolution:
        parts = _items(argument)
        if len(parts) != 2:
            return _open(node, "Fn::Split needs a separator and a text")
        text, separator = self.resolve(parts[1]), _word(parts[0])
        if not isinstance(text.node, Scalar) or not separator:
            return _open(node, text.unresolved.why if text.unresolved else "it splits what is no text")
        pieces = self._parts(text.node.text, separator, node)
        if pieces is None:
            return _open(node, "it is too long to be followed")
        return Resolution((pieces,), assumed=text.assumed)

    # Conditions.

    def _truth(self, name: str) -> _Truth:
        known = self._truths.get(name)
        if known is not None:
            return known
        condition = self._conditions.get(name)
        if condition is None or name in self._busy or self._deep.value >= MAX_DEPTH:
            return _OPEN
        self._busy.add(name)
        self._deep.value += 1
        try:
            truth = self._evaluate(condition)
        finally:
            self._deep.value -= 1
            self._busy.discard(name)
        self._truths[name] = truth
        return truth

    def _evaluate(self, node: Node) -> _Truth:
        name, argument = intrinsic(node) or _condition(node)
        if name == "Condition":
            return self._truth(_word(argument))
        if name == "Fn::Equals":
            return self._equals(_items(argument))
        if self._deep.value >= MAX_DEPTH:
            return _OPEN
        self._deep.value += 1
        try:
            parts = [self._evaluate(part) for part in _items(argument)]
        finally:
            self._deep.value -= 1
        decided = [part.decided for part in parts]
        likely = [part.likely for part in parts]
        if name == "Fn::Not" and len(parts) == 1:
            return _Truth(None if decided[0] is None else not decided[0], not likely[0])
        if name == "Fn::And":
            return _Truth(False if False in decided else None if None in decided else True, all(likely))
        if name == "Fn::Or":
            return _Truth(True if True in decided else None if None in decided else False, any(likely))
        return _OPEN

    def _equals(self, parts: list[Node]) -> _Truth:
        if len(parts) != 2:
            return _OPEN
        left, right = (self.resolve(part) for part in parts)
        likely = bool(left.options and right.options) and _word(left.options[0]) == _word(right.options[0])
        # A default is only a default: another value may be passed.
        if not (left.complete and right.complete) or left.assumed or right.assumed:
            return _Truth(None, likely)
        outcomes = {_word(one) == _word(other) for one, other in product(left.options, right.options)}
        return _Truth(outcomes.pop() if len(outcomes) == 1 else None, likely)


@dataclass(frozen=True, slots=True)
class _Truth:
    """Whether a condition holds (None where only deployment knows), and whether it does by the defaults."""

    decided: bool | None
    likely: bool


_OPEN = _Truth(None, True)

_WHY = {
    "Fn::GetAZs": "it depends on where the stack is deployed",
}


def _variable(template: Scalar, literal: str, name: str) -> Node:
    if literal:
        return _text_node("${" + name + "}", template)
    return Scalar(name, name, template.span, "!GetAtt" if "." in name else "!Ref")


def _text_node(text: str, like: Node) -> Scalar:
    return Scalar(text, text, like.span)


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _items(node: Node) -> list[Node]:
    return node.items if isinstance(node, Sequence) else []


def _section(template: Table, name: str) -> dict[str, Node]:
    section = template.get(name)
    return section.entries if isinstance(section, Table) else {}


def _condition(node: Node) -> tuple[str, Node]:
    if isinstance(node, Table) and len(node.entries) == 1:
        return next(iter(node.entries.items()))
    return "", node
