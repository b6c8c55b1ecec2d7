"""Plans and states as JSON (``terraform show -json``, ``terraform.tfstate``): what is deployed, exactly.

What a plan cannot know yet, such as the id of something new, is open.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from ...api import Api, FunctionCode
from ...errors import InputError
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from ..reader import Described, File
from .apis import API, ApiReader
from .landscape import Item
from .values import as_text

__all__ = ["read_snapshot"]

#: How deep modules call modules, in a plan too.
MAX_MODULES = 30
MAX_RESOURCES = 50_000

_INDEX = regex(r"\[[^\]]*\]")
_WHY = "it is not known before the plan is applied"


class Unknown(Open):
    """What a plan does not know yet; ``targets`` are the addresses of what its expression refers to."""

    __slots__ = ("targets",)

    def __init__(self, text: str, span: Span | None, targets: tuple[str, ...]) -> None:
        super().__init__(text, _WHY, span)
        self.targets = targets


def read_snapshot(file: File) -> Described:
    """Read the APIs of a plan or a state. Raises :class:`InputError` for what is neither."""
    snapshot = _Snapshot(file)
    notes: list[tuple[int, str]] = []

    def note(span: Span | None, text: str) -> None:
        place = span.start_offset if span is not None else 0
        notes.append((place, str(InputError(text, span=span, path=file.source.path))))

    reader = ApiReader(snapshot, str(file.path.parent), note)
    apis: list[Api] = []
    errors: list[InputError] = []
    for item in snapshot.items(API):
        try:
            apis.append(reader.api(item, item.name))
        except InputError as error:
            errors.append(error)
    if errors and not apis:
        raise errors[0]
    if not apis:
        notes.append((0, f"{file.source.path}: no AppSync API is in this {snapshot.what}"))
    return Described(
        path=file.path,
        kind="terraform",
        apis=tuple(apis),
        notes=tuple(dict.fromkeys(text for _, text in sorted(notes))),
        errors=tuple(errors),
        sources=(file.source,),
        compiled_from="terraform",
    )


class _Snapshot:
    """The landscape of a plan or a state."""

    def __init__(self, file: File) -> None:
        table = file.tree
        if not isinstance(table, Table):
            raise InputError(f"holds {table.kind}, so it is no plan or state of Terraform", path=file.source.path)
        self.what = "plan" if "planned_values" in table else "state"
        self._unknown: dict[str, Node] = {}
        self._targets: dict[str, dict[str, tuple[str, ...]]] = {}
        self._items: dict[str, list[Item]] = {}
        for change in _list(table.get("resource_changes")):
            unknown = _table(change.get("change")).get("after_unknown")
            if unknown is not None:
                self._unknown[_word(change.get("address"))] = unknown
        self._take_targets(_table(_table(table.get("configuration")).get("root_module")))
        found = self._raw(table) if "resources" in table else self._shown(table)
        for count, item in enumerate(found):
            if count > MAX_RESOURCES:
                raise InputError(f"holds more than {MAX_RESOURCES} resources", path=file.source.path)
            self._items.setdefault(item.kind, []).append(item)

    # The two forms.

    def _shown(self, table: Table) -> Iterator[Item]:
        values = _table(table.get("planned_values") or table.get("values"))
        left = [(_table(values.get("root_module")), 0)]
        while left:
            module, depth = left.pop(0)
            for resource in _list(module.get("resources")):
                if _word(resource.get("mode")) != "managed":
                    continue
                address = _word(resource.get("address"))
                kind = _word(resource.get("type"))
                place = resource.get("address") or resource
                yield self._item(kind, address, place, _table(resource.get("values")))
            if depth < MAX_MODULES:
                left += [(child, depth + 1) for child in _list(module.get("child_modules"))]

    def _raw(self, table: Table) -> Iterator[Item]:
        for resource in _list(table.get("resources")):
            if _word(resource.get("mode")) != "managed":
                continue
            kind, name = _word(resource.get("type")), _word(resource.get("name"))
            module = _word(resource.get("module"))
            for instance in _list(resource.get("instances")):
                key = instance.get("index_key")
                index = ""
                if isinstance(key, Scalar):
                    index = f"[{key.text}]" if isinstance(key.value, int) else f'["{key.text}"]'
                address = ".".join(word for word in (module, kind, name) if word) + index
                yield self._item(kind, address, resource.get("name") or resource, _table(instance.get("attributes")))

    def _item(self, kind: str, address: str, place: Node, values: Table) -> Item:
        span = place.span
        assert span is not None, "the tree was read from a file"
        return Item(kind, address, span, lambda: self._overlaid(address, values), lambda _: False)

    # What is not known yet.

    def _take_targets(self, root: Table) -> None:
        left: list[tuple[str, Table, int]] = [("", root, 0)]
        while left:
            prefix, module, depth = left.pop()
            for resource in _list(module.get("resources")):
                own: dict[str, tuple[str, ...]] = {}
                for name, node in _table(resource.get("expressions")):
                    named = _table(node).get("references")
                    words = [_word(item) for item in named.items] if isinstance(named, Sequence) else []
                    own[name] = tuple(prefix + _resource_of(word) for word in words if _resource_of(word))
                self._targets[prefix + _word(resource.get("address"))] = own
            if depth < MAX_MODULES:
                for name, call in _table(module.get("module_calls")):
                    left.append((f"{prefix}module.{name}.", _table(_table(call).get("module")), depth + 1))

    def _overlaid(self, address: str, values: Table) -> Table:
        unknown = self._unknown.get(address)
        if not isinstance(unknown, Table):
            return values
        known = self._targets.get(_INDEX.sub("", address), {})
        result = _overlay(values, unknown, address)
        for name, node in result:
            if isinstance(node, Unknown) and name in known:
                result.entries[name] = Unknown(node.text, node.span, known[name])
        return result

    # What the reading of an API asks.

    def items(self, kind: str) -> list[Item]:
        """Return the resources of a type."""
        return self._items.get(kind, [])

    def links(self, node: Node | None, item: Item) -> bool:
        """Whether a value is a resource's id or ARN, or will be."""
        if isinstance(node, Unknown):
            own = _INDEX.sub("", item.address)
            return own in node.targets or (not node.targets and len(self.items(item.kind)) == 1)
        if not isinstance(node, Scalar) or not isinstance(node.value, str):
            return False
        return node.text in {_word(item.table.get(key)) for key in ("id", "arn", "function_id")} - {""}

    def leads_somewhere(self, node: Node) -> bool:
        """Whether it is known what an open value refers to."""
        return isinstance(node, Unknown) and bool(node.targets)

    def identity(self, node: Node) -> str | None:
        """Return what tells whether two values name the same thing."""
        if isinstance(node, Unknown):
            return node.targets[0] if node.targets else None
        return as_text(node) if isinstance(node, Scalar) and node.value is not None else None

    def code_behind(self, uri: Node | None) -> FunctionCode | None:
        """Return why an authorizer's code is not at hand."""
        return None if uri is None else FunctionCode(why=f"a {self.what} does not hold the code of functions")

    def is_whole(self, item: Item) -> bool:  # noqa: ARG002 (another landscape asks for it)
        """Whether what is not here about an API is not set."""
        return True

    def has_policies(self) -> bool:
        """Whether there may be policies that speak about AppSync."""
        return True


def _overlay(values: Table, unknown: Table, text: str) -> Table:
    """Return settings with those that are not known yet as open values."""
    result = Table(dict(values.entries), dict(values.keys), values.span, None, values.repeated)
    for name, mark in unknown:
        node = values.get(name)
        shown = f"{text}.{name}"
        place = (node or values).span
        if isinstance(mark, Scalar) and mark.value is True:
            result.entries[name] = Unknown(shown, place, ())
            result.keys.setdefault(name, Scalar(name, name, place))
        elif isinstance(mark, Table) and isinstance(node, Table):
            result.entries[name] = _overlay(node, mark, shown)
        elif isinstance(mark, Sequence) and isinstance(node, Sequence):
            items = list(node.items)
            for index, (item, own) in enumerate(zip(node.items, mark.items, strict=False)):
                if isinstance(item, Table) and isinstance(own, Table):
                    items[index] = _overlay(item, own, shown)
                elif isinstance(own, Scalar) and own.value is True:
                    items[index] = Unknown(shown, item.span, ())
            result.entries[name] = Sequence(items, node.span)
    return result


def _resource_of(reference: str) -> str:
    """Return the resource that a reference leads to; empty for a variable, a local value and the like."""
    words = _INDEX.sub("", reference).split(".")
    if words[0] in ("var", "local", "each", "count", "path", "terraform", "module", "data") or len(words) < 2:
        return ""
    return ".".join(words[:2])


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _table(node: Node | None) -> Table:
    return node if isinstance(node, Table) else Table({}, {}, None)


def _list(node: Node | None) -> list[Table]:
    return [item for item in node if isinstance(item, Table)] if isinstance(node, Sequence) else []
