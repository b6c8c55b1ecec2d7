"""The ``resources`` of a service: CloudFormation that stands in its files beside what the plugin makes.

They are read as the template that they become, with the Framework's variables filled in: groups of a user
pool, a firewall of the API's, and whole APIs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from re import compile as regex

from ...api import Provider, Setting
from ...text import SourceText
from ...tree import Node, Open, Scalar, Sequence, Table
from ..intrinsics import intrinsic, plain
from ..resolution import written
from .variables import Variables

__all__ = ["Resources"]

#: How many values of the resources are looked at.
MAX_NODES = 200_000
MAX_DEPTH = 100

_SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources")
_API = "AWS::AppSync::GraphQLApi"
_SCHEMA = "AWS::AppSync::GraphQLSchema"
_GROUP = "AWS::Cognito::UserPoolGroup"
_FIREWALL = "AWS::WAFv2::WebACLAssociation"
#: How the plugin names the resource of an API; the first version adds the API's own name where there are several.
_PLUGIN_API = "GraphQlApi"
_VARIABLE = regex(r"\$\{(\w+)")
_NAME = regex(r"[\w-]+")


class Resources:
    """The resources of one service, whose file is ``source``."""

    def __init__(self, service: Table, variables: Variables, source: SourceText) -> None:
        self._variables = variables
        self._source = source
        self._count = 0
        self._expanded: dict[int, tuple[Node, Node]] = {}
        self._sections: dict[str, Table] = {name: Table({}, {}, None) for name in _SECTIONS}
        node = service.get("resources")
        value = variables.value(node)
        for block in value if isinstance(value, Sequence) else (value,):
            self._take(variables.value(block))

    def _take(self, block: Node | None) -> None:
        """Add a block of resources; a later one overrides what an earlier one has under the same name."""
        if not isinstance(block, Table):
            return
        for name, section in self._sections.items():
            found = self._variables.value(block.get(name))
            if isinstance(found, Table):
                section.entries.update(found.entries)
                section.keys.update(found.keys)
                section.span = section.span or found.span

    def _of(self, kind: str) -> Iterator[tuple[str, Scalar, Table]]:
        section = self._sections["Resources"]
        for name, node in section:
            resource = self._variables.value(node)
            if isinstance(resource, Table) and _word(self._variables.value(resource.get("Type"))) == kind:
                yield name, section.keys[name], resource

    # What belongs to an API of the plugin's.

    def groups(self, providers: Iterable[Provider]) -> tuple[str, ...] | None:
        """Return the groups that the service makes in the API's user pools, if it tells all their names."""
        pools = {_words(str(item.user_pool.pool_id)) for item in providers if item.user_pool and item.user_pool.pool_id}
        names: list[str | None] = []
        for _, _, resource in self._of(_GROUP):
            properties = self._variables.value(resource.get("Properties"))
            pool = properties.get("UserPoolId") if isinstance(properties, Table) else None
            if pool is None or not isinstance(properties, Table) or _words(self._text(pool)) not in pools:
                continue
            result = None if (own := properties.get("GroupName")) is None else self._variables.resolve(own)
            certain = result is not None and isinstance(result.node, Scalar) and not result.assumed
            names.append(_word(result.node) if certain and result is not None else None)
        known = [name for name in names if name]
        return tuple(dict.fromkeys(known)) if known and len(known) == len(names) else None

    def firewall(self) -> Setting[str] | None:
        """Return the firewall that the service puts before an API of the plugin's."""
        for name, key, resource in self._of(_FIREWALL):
            properties = self._variables.value(resource.get("Properties"))
            arn = properties.get("ResourceArn") if isinstance(properties, Table) else None
            if arn is not None and any(item.startswith(_PLUGIN_API) for item in _referred(arn)):
                return Setting(name, key.span)
        return None

    def _text(self, node: Node) -> str:
        value = self._variables.value(node)
        return value.text if isinstance(value, Scalar) else written(node)

    # Whole APIs.

    def template(self) -> tuple[SourceText, Table] | None:
        """Return the template that the resources are, with the file that its APIs stand in; None without an API."""
        apis = list(self._of(_API))
        if not apis:
            return None
        source = next((key.span.source for _, key, _ in apis if key.span), self._source)
        sections = {name: self._expand(section) for name, section in self._sections.items()}
        resources = sections["Resources"]
        assert isinstance(resources, Table)
        for name, _, _ in self._of(_SCHEMA):
            schema = resources.get(name)
            properties = schema.get("Properties") if isinstance(schema, Table) else None
            if isinstance(schema, Table) and isinstance(properties, Table) and "Definition" in properties:
                schema.entries["Properties"] = self._placed(properties, source)
        keys = {name: Scalar(name, name, None) for name in sections}
        return source, Table(dict(sections), keys, self._sections["Resources"].span)

    def _placed(self, properties: Table, source: SourceText) -> Table:
        """Return a schema's properties such that its text has a place in the template's file, or a file of its own."""
        definition = properties.entries["Definition"]
        place = definition.span.source if definition.span is not None else source
        if place is source or not isinstance(definition, Scalar):
            return properties
        entries, keys = dict(properties.entries), dict(properties.keys)
        if _is_file(definition):
            # ${file(schema.graphql)}: the text is a file.
            path = Path(place.path).absolute().as_posix()
            entries["DefinitionS3Location"] = Scalar(path, path, keys["Definition"].span)
            keys["DefinitionS3Location"] = keys["Definition"]
            del entries["Definition"], keys["Definition"]
        else:
            entries["Definition"] = Open(written(definition), f"it stands in {place.path}", keys["Definition"].span)
        return Table(entries, keys, properties.span)

    def _expand(self, node: Node, depth: int = 0) -> Node:
        """Return a node with all variables of the Framework in it filled in; what is open is ``Open``."""
        known = self._expanded.get(id(node))
        if known is not None:
            return known[1]
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            return Open(written(node), "there is too much to be followed", node.span)
        result = self._expansion(node, depth)
        self._expanded[id(node)] = (node, result)
        return result

    def _expansion(self, node: Node, depth: int) -> Node:
        tag = node.tag
        value: Node | None = node
        if isinstance(node, Scalar):
            if "${" not in node.text:
                return node
            result = self._variables.resolve(plain(node))
            if result.unresolved is not None:
                why = result.unresolved.why
                return Open(written(node), why, node.span, result.options, complete=result.complete)
            value = result.node
            if tag is not None:
                return Scalar(_word(value), _word(value), node.span, tag, node.style)
            if isinstance(value, Scalar) and not _is_file(value):
                # A person looks for it where it is used.
                value = Scalar(value.value, value.text, node.span)
            if result.assumed and value is not None:
                return Open(written(node), "", node.span, (value,), complete=True, assumed=result.assumed)
        if isinstance(value, Sequence):
            listed = Sequence([self._expand(item, depth + 1) for item in value], value.span, tag)
            listed.more = value.more
            return listed
        if isinstance(value, Table):
            entries = {name: self._expand(item, depth + 1) for name, item in value}
            table = Table(entries, value.keys, value.span, tag, value.repeated)
            table.more = value.more
            return table
        return value if value is not None else Scalar(None, "", node.span)


def _is_file(value: Scalar) -> bool:
    """Whether a text is all of a file."""
    return value.span is not None and value.text == value.span.source.text


def _referred(node: Node) -> list[str]:
    """Return the resources that a value names by ``Ref``, ``Fn::GetAtt`` or ``Fn::Sub``."""
    call = intrinsic(node)
    if call is None:
        return []
    name, argument = call
    first = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
    if not isinstance(first, Scalar):
        return []
    return _VARIABLE.findall(first.text) if name == "Fn::Sub" else [first.text.partition(".")[0]]


def _words(text: str) -> tuple[str, ...]:
    """Return what makes a reference the same as another, in whatever form it is written."""
    return tuple(_NAME.findall(text))


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""
