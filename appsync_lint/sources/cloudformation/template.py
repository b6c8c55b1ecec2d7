"""One template: its resources by type, and reading values from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ...api import Unresolved
from ...errors import InputError
from ...tree import Node, Scalar, Sequence, Table
from ..intrinsics import Depth, Resolver, Surroundings
from ..providers import ProviderReader
from ..reader import File
from ..resolution import Resolution
from .spelling import SPELLINGS

if TYPE_CHECKING:
    from ...text import Span

__all__ = ["API_TYPES", "Resource", "Template", "plain_text", "table_under"]

T = TypeVar("T")

API_TYPES = tuple(SPELLINGS)
#: Macros of AWS whose work is known here, or which touch nothing that is read.
_KNOWN_MACROS = frozenset(
    [
        "AWS::Serverless-2016-10-31",
        "AWS::LanguageExtensions",
        "AWS::CodeDeployBlueGreen",
        "AWS::ServiceCatalog",
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
    ]
)
#: What a user looks for when it is not there.
_NOTED = (*API_TYPES, "AWS::AppSync::GraphQLSchema")
_LOOP = regex(r"Fn::ForEach(?:::|\Z)")


class Resource(NamedTuple):
    """A resource that may be deployed: its logical id, the id's node, its own node and its type."""

    template: Template
    name: str
    key: Scalar
    node: Table
    kind: str

    @property
    def place(self) -> tuple[int, str]:
        """What tells it from the resources of all templates."""
        return self.template.index, self.name


class Template:
    """A template as one stack deploys it. ``index`` is its number, ``stack`` names it among the nested ones."""

    def __init__(
        self,
        file: File,
        index: int,
        around: Callable[[Template], Surroundings],
        depth: Depth,
        stack: str = "",
    ) -> None:
        self.file = file
        self.index = index
        self.stack = stack
        self.base = str(file.path.parent)
        self.resolver = Resolver(file.table, around(self), depth)
        #: What the user should know: the place in the file, and the line.
        self.notes: list[tuple[int, str]] = []
        self.errors: list[InputError] = []
        #: Nested stacks whose template is not at hand, with the reason.
        self.unread: dict[str, str] = {}
        #: Values that only deployment knows, by the place that was reported for them.
        self.opened: dict[Span, Node] = {}
        self.values = ProviderReader(SPELLINGS["AWS::AppSync::GraphQLApi"], self.note, resolve=self.resolve)
        #: Whether something that is not read may add resources.
        self.partial = False
        self.resources = self._resources()
        self.by_name = {item.name: item for item in self.resources}
        self.by_kind: dict[str, list[Resource]] = {}
        for item in self.resources:
            self.by_kind.setdefault(item.kind, []).append(item)
        self._deployed: dict[str, bool | None] = {}
        self._note_macros()

    @cached_property
    def is_synthesized(self) -> bool:
        """Whether CDK wrote the template."""
        table = self.file.table
        return (
            any("aws:cdk:path" in table_under(item.node, "Metadata") for item in self.resources)
            or bool(self.by_kind.get("AWS::CDK::Metadata"))
            or "BootstrapVersion" in table_under(table, "Parameters")
        )

    def of_kinds(self, *kinds: str) -> Iterator[Resource]:
        """Give the resources of some types that may be deployed, in the order of the file."""
        found = self.by_kind.get(kinds[0], ()) if len(kinds) == 1 else self.resources
        return (item for item in found if item.kind in kinds and self.deployed(item))

    def _resources(self) -> list[Resource]:
        section = self.file.table.get("Resources")
        if not isinstance(section, Table):
            return []
        self.values.note_repeated(section)
        found = []
        for name, node in section:
            if _LOOP.match(name):
                self._loop(section.keys[name], node)
            elif name == "Fn::Transform":
                self.partial = True
                self.note(section.keys[name], "a macro may add resources here when the stack is deployed")
            kind = node.get("Type") if isinstance(node, Table) else None
            if isinstance(node, Table) and isinstance(kind, Scalar):
                found.append(Resource(self, name, section.keys[name], node, kind.text))
        return found

    def _loop(self, key: Scalar, node: Node) -> None:
        text = node.span.text if node.span is not None else ""
        if any(kind in text for kind in API_TYPES):
            self.note(key, f"{key.text} makes APIs in a loop, which is not followed")
        if "AWS::AppSync::" in text or "AWS::IAM::" in text:
            self.partial = True

    def _note_macros(self) -> None:
        """Note the macros that work on a whole template of an API."""
        node = self.file.table.get("Transform")
        items = node.items if isinstance(node, Sequence) else [node] if node is not None else []
        for item in items:
            name = plain_text(item.get("Name")) if isinstance(item, Table) else plain_text(item)
            if name and name not in _KNOWN_MACROS:
                self.partial = True
                if any(kind in self.by_kind for kind in API_TYPES):
                    self.note(item, f"the macro {name} may change this template when it is deployed")

    # Conditions.

    def deployed(self, item: Resource) -> bool:
        """Whether a resource may be deployed; one whose condition never holds is noted."""
        known = self.holds(item)
        return known is not False

    def holds(self, item: Resource) -> bool | None:
        """Whether a resource is deployed, None where only deployment knows."""
        if item.name not in self._deployed:
            condition = item.node.get("Condition")
            holds = self.resolver.holds(condition.text) if isinstance(condition, Scalar) else True
            if holds is False and isinstance(condition, Scalar) and item.kind in _NOTED:
                self.note(item.key, f"{item.name} is left out, its condition {condition.text} never holds")
            self._deployed[item.name] = holds
        return self._deployed[item.name]

    def condition_of(self, item: Resource) -> Unresolved | None:
        """Return why it is open whether a resource is deployed; None where it is."""
        condition = item.node.get("Condition")
        if self.holds(item) is not None or not isinstance(condition, Scalar):
            return None
        return Unresolved(condition.text, f"it depends on the condition {condition.text}", condition.span)

    # Values.

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be, and remember the node of one that is open."""
        result = self.resolver.resolve(node)
        if result.unresolved is not None and result.unresolved.span is not None:
            self.opened.setdefault(result.unresolved.span, node)
        return result

    def properties(self, item: Resource) -> Table:
        """Return a resource's properties, none where it has none that can be read."""
        node = item.node.get("Properties")
        found = self.resolve(node).node if node is not None else None
        return found if isinstance(found, Table) else Table({}, {}, None)

    def holder(self, table: Table, key: str, owner: Scalar) -> Table | Unresolved:
        """Return the mapping under a key that a resource cannot do without."""
        found = self.values.value(table, (key,))
        if found is None:
            raise owner.error(f"the API {owner.text} has no {key}")
        if isinstance(found, Resolution):
            assert found.unresolved is not None
            return found.unresolved
        if not isinstance(found, Table):
            raise found.error(f"{key} must be a mapping, not {found.kind}")
        self.values.note_repeated(found)
        return found

    # What is wrong with one setting is kept as an error, and the rest is read.

    def text(self, table: Table, key: str) -> str | Unresolved | None:
        """Return the text under a key, None where it is not set."""
        return self.tried(partial(self.values.text, table, (key,)), None)

    def number(self, table: Table, key: str) -> int | Unresolved | None:
        """Return the whole number under a key, None where it is not set."""
        return self.tried(partial(self.values.number, table, (key,)), None)

    def flag(self, table: Table, key: str) -> bool | Unresolved | None:
        """Return the truth value under a key, None where it is not set."""
        return self.tried(partial(self.values.flag, table, (key,)), None)

    def table(self, table: Table, key: str) -> Table | None:
        """Return the mapping under a key, None where there is none that can be read."""
        node = table.get(key)
        found = self.resolve(node).node if node is not None else None
        return found if isinstance(found, Table) else None

    def tried(self, read: Callable[[], T], otherwise: T) -> T:
        """Return what is read, ``otherwise`` where it cannot be; the error is kept."""
        try:
            return read()
        except InputError as error:
            self.errors.append(error)
            return otherwise

    def note(self, node: Node, text: str) -> None:
        """Keep a line for the user."""
        self.notes.append((node.span.start_offset if node.span else 0, str(node.error(text))))


def plain_text(node: Node | None) -> str:
    """Return a plain value's text, an empty one for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def table_under(table: Table, key: str) -> Table:
    """Return the mapping under a key as it is written, an empty one where there is none."""
    node = table.get(key)
    return node if isinstance(node, Table) else Table({}, {}, None)
