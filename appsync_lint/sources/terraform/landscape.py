"""The resources of a deployment, whether its configuration says them or a plan or state does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from re import compile as regex
from typing import Protocol

from ...api import FunctionCode
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from ..resolution import resolved
from .modules import Instance, Resource
from .narrowing import narrowed_by
from .syntax import Block, HclExpression, JsonExpression
from .values import Reference, as_text, certain, references

__all__ = ["Configuration", "Item", "Landscape", "block_of"]

_WORD = regex(r"[A-Za-z_]\w*")
_INDEX = regex(r"\[[^\]]*\]")
#: Where the community's module comes from; what it makes is known.
COMMUNITY = ("terraform-aws-modules/appsync", "terraform-aws-modules/terraform-aws-appsync")
#: More instances of modules, and more resources of a kind, are not looked at.
MAX_INSTANCES = 500
MAX_ITEMS = 3_000


@dataclass(slots=True)
class Item:
    """A resource. ``address`` is Terraform's, ``span`` the place of its header.

    ``certain`` is False where it stands for a number of resources that only deployment knows. ``ignored`` are the
    settings whose changes Terraform leaves alone, and where that is written.
    """

    kind: str
    address: str
    span: Span
    make: Callable[[], Table]
    is_meant: Callable[[Reference], bool]
    certain: bool = True
    ignored: tuple[str, ...] = ()
    ignored_span: Span | None = None
    _table: Table | None = field(default=None, repr=False)

    @property
    def table(self) -> Table:
        """The resource's settings."""
        if self._table is None:
            self._table = self.make()
        return self._table

    @property
    def name(self) -> str:
        """The resource's name without its type: ``blog``, ``api.this`` in a module, ``blog["b"]`` as one of several."""
        words = [word for word in self.address.split(".") if word not in ("module", self.kind)]
        # One that stands alone is mostly one by a count that may be 0.
        return ".".join(words).removesuffix("[0]") if self.address.endswith("[0]") else ".".join(words)


class Landscape(Protocol):
    """What the reading of an API asks about the resources around it."""

    def items(self, kind: str) -> list[Item]:
        """Return the resources of a type."""

    def links(self, node: Node | None, item: Item) -> bool:
        """Whether a value leads to a resource: by its id, its ARN or a reference."""

    def leads_somewhere(self, node: Node) -> bool:
        """Whether it is known what an open value refers to."""

    def identity(self, node: Node) -> str | None:
        """Return what tells whether two values name the same thing, None where that is open."""

    def code_behind(self, uri: Node | None) -> FunctionCode | None:
        """Return where the code of a function is, None where nothing is said about it."""

    def is_whole(self, item: Item) -> bool:
        """Whether what is not here about an API is not set."""

    def has_policies(self) -> bool:
        """Whether there may be policies that speak about AppSync."""


class Configuration:
    """The landscape of root modules with everything that they call."""

    def __init__(self, roots: Iterable[Instance]) -> None:
        trees = (instance for root in roots for instance in root.tree())
        self.instances = list(islice(trees, MAX_INSTANCES))
        self._items: dict[str, list[Item]] = {}
        self._community: list[Item] | None = None
        self._passed: list[Node] | None = None

    def items(self, kind: str) -> list[Item]:
        """Return the resources of a type."""
        if kind not in self._items:
            own = (_item(resource) for instance in self.instances for resource in instance.resources(kind))
            made = (item for item in self._from_community() if item.kind == kind)
            self._items[kind] = list(islice(chain(own, made), MAX_ITEMS))
        return self._items[kind]

    def _from_community(self) -> list[Item]:
        if self._community is None:
            from .community import community_items

            self._community = [item for instance in self.instances for item in community_items(instance)]
        return self._community

    def links(self, node: Node | None, item: Item) -> bool:
        """Whether a value leads to a resource by a reference."""
        return node is not None and any(item.is_meant(reference) for reference in references(node))

    def leads_somewhere(self, node: Node) -> bool:
        """Whether it is known what an open value refers to."""
        return any(True for _ in references(node))

    def identity(self, node: Node) -> str | None:
        """Return what tells whether two values name the same thing: a text, or a reference."""
        found = certain(node)
        if found is not None and isinstance(found[0], Scalar):
            return as_text(found[0])
        reference = next(references(node), None)
        return reference.address if reference is not None else None

    def code_behind(self, uri: Node | None) -> FunctionCode | None:
        """Return where the code of a function is."""
        if uri is None:
            return None
        from .lambdas import code_behind

        return code_behind(uri, self)

    def is_whole(self, item: Item) -> bool:
        """Whether no module from elsewhere is given the API, and every file could be read."""
        if any(instance.folder.broken for instance in self.instances):
            return False
        return not any(self.links(node, item) for node in self._handed_on())

    def _handed_on(self) -> list[Node]:
        """Return what is passed to modules whose files are not in the project, as far as it may be an API."""
        if self._passed is None:
            self._passed = []
            for instance in self.instances:
                for block in instance.folder.blocks("module") if _hands_on(instance) else ():
                    elsewhere = instance.called(block.labels[0]) is None
                    if elsewhere and not any(known in instance.source_of(block) for known in COMMUNITY):
                        self._passed += instance.table(block.body, instance.scope).entries.values()
        return self._passed

    def has_policies(self) -> bool:
        """Whether a file speaks about AppSync's actions, or names a policy's own file."""
        texts = (file.source.text for instance in self.instances for file in instance.folder.files)
        return any("appsync:" in text or ".json" in text for text in texts)

    def left_out(self, kind: str) -> Iterator[tuple[str, Block, str]]:
        """Give the resources of a type that are not made: name, block, and why."""
        for instance in self.instances:
            for block in instance.folder.blocks("resource", kind):
                why = instance.expand(block.body).left_out
                if why:
                    yield ".".join((*instance.names, block.labels[1])), block, why


def _hands_on(instance: Instance) -> bool:
    """Whether a module may pass an API on to another module, as far as its texts tell."""
    texts = [file.source.text for file in instance.folder.files]
    return any("module" in text for text in texts) and any(
        "aws_appsync_graphql_api." in text or "module." in text for text in texts
    )


def _item(resource: Resource) -> Item:
    instance, key = resource.instance, resource.key
    index = "" if key is None else f"[{key}]" if isinstance(key, int) else f'["{key}"]'
    ignored, span = _ignored(resource.block)
    known = instance.expand(resource.block.body).known
    return Item(
        kind=resource.kind,
        address=f"{instance.prefix}{resource.kind}.{resource.name}{index}",
        span=resource.span,
        make=lambda: _table_of(resource, is_certain=known),
        is_meant=resource.is_meant,
        certain=known,
        ignored=ignored,
        ignored_span=span,
    )


def _table_of(resource: Resource, *, is_certain: bool) -> Table:
    """Return a resource's settings, with what must hold where the resource is made at all."""
    fixed = {} if is_certain else narrowed_by(resource.block.body, resource.instance)
    if not fixed:
        return resource.table
    narrowed = resource.instance.narrowed(fixed)
    return narrowed.table(resource.block.body, narrowed.scope.having(resource.scope.names))


def _ignored(block: Block) -> tuple[tuple[str, ...], Span | None]:
    for lifecycle in block.body.named("lifecycle"):
        attribute = lifecycle.body.attributes.get("ignore_changes")
        if attribute is None:
            continue
        value = attribute.value
        text = value.text
        if isinstance(value, JsonExpression) and not isinstance(value.node, Scalar):
            items = value.node.items if isinstance(value.node, Sequence) else []
            text = " ".join(item.text for item in items if isinstance(item, Scalar))
        names = tuple(
            _WORD.findall(_INDEX.sub("", text[1:-1] if isinstance(value, HclExpression) and text[:1] == "[" else text))
        )
        return names, value.span
    return (), None


def block_of(table: Table, key: str) -> Table | Open | None:
    """Return a block that may stand once, open where only deployment knows it, None where it is not there."""
    node = table.get(key)
    for _ in range(3):
        if isinstance(node, Sequence):
            if not node.items:
                return node.more
            node = node.items[0]
        elif isinstance(node, Open):
            result = resolved(node)
            if not result.decided:
                return node
            node = result.node
    return node if isinstance(node, Table) else None
