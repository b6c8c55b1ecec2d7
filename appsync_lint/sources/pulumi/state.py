"""An exported stack (``pulumi stack export``) or a state file: what was deployed, value by value."""

from __future__ import annotations

import json

from ...api import FunctionCode, SchemaFile, Unresolved
from ...tree import Node, Open, Scalar, Sequence, Table
from ..loader import embedded
from ..reader import Described, File
from ..resolution import Resolution, resolved, written
from .resources import Language, Resource, Translator, kind_of

__all__ = ["read_state"]

#: What marks a value as something else than it seems, and how a secret is marked.
_MARK = "4dabf18193072939515e22adb298388d"
_OF_SECRETS = "1b47061264138c4ac30d75fd1eb44270"


def read_state(file: File) -> Described:
    """Read the APIs of a stack. Raises :class:`~appsync_lint.errors.InputError` for what is no exported stack."""
    return _State(file).read()


class _State:
    def __init__(self, file: File) -> None:
        self.file = file
        self.notes: list[str] = []
        self.resources: list[Resource] = []
        self.by_mark: dict[str, Resource] = {}
        for node in self._nodes():
            self._take(node)

    def _nodes(self) -> list[Node]:
        table = self.file.table
        holder: Node | None = table.get("deployment")
        if holder is None:
            checkpoint = table.get("checkpoint")
            holder = checkpoint.get("latest") if isinstance(checkpoint, Table) else None
        found = holder.get("resources") if isinstance(holder, Table) else None
        if found is None:
            return []
        if not isinstance(found, Sequence):
            raise found.error(f"resources must be a list, not {found.kind}")
        return found.items

    def _take(self, node: Node) -> None:
        if not isinstance(node, Table):
            return
        kind = kind_of(_text(node.get("type")))
        deleted = node.get("delete")
        if kind is None or (isinstance(deleted, Scalar) and deleted.value is True):
            return
        inputs, outputs = node.get("inputs"), node.get("outputs")
        merged = Table({}, {}, node.span)
        for part in (inputs, outputs):
            if isinstance(part, Table):
                merged.entries.update(part.entries)
                merged.keys.update(part.keys)
        urn = _text(node.get("urn"))
        arn = merged.get("arn")
        marks = (_text(node.get("id")), urn, _text(arn))
        place = node.get("urn") or node
        item = Resource(kind, urn.rpartition("::")[2] or _text(node.get("id")) or kind, merged, place, marks)
        self.resources.append(item)
        for mark in marks:
            if mark:
                self.by_mark.setdefault(mark, item)

    def read(self) -> Described:
        language = Language(
            resolve=self.resolve,
            target=self.target,
            content=self.content,
            code=lambda function: FunctionCode(why=f"the stack does not hold the code of {function.name}"),
            note=self.note,
            whole=True,
            path=self.file.source.path,
        )
        translator = Translator(self.resources, language)
        apis = tuple(translator.apis())
        if translator.errors and not apis:
            raise translator.errors[0]
        if not apis:
            self.notes.append(f"{self.file.source.path}: no AppSync API is in this stack")
        return Described(
            path=self.file.path,
            kind="pulumi",
            apis=apis,
            notes=tuple(dict.fromkeys(self.notes)),
            errors=tuple(translator.errors),
            sources=(self.file.source,),
            compiled_from="pulumi",
        )

    def note(self, node: Node, text: str) -> None:
        self.notes.append(str(node.error(text)))

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be: a secret is open unless it was exported with ``--show-secrets``."""
        value = _revealed(node)
        # The provider keeps what was never set as an empty text.
        return resolved(Scalar(None, "", value.span) if isinstance(value, Scalar) and value.value == "" else value)

    def target(self, node: Node) -> Resource | None:
        """Return the resource whose id or ARN a value is."""
        node = _revealed(node)
        return self.by_mark.get(node.text) if isinstance(node, Scalar) else None

    def content(self, node: Node) -> SchemaFile:
        """Return the text that the stack holds."""
        value = _revealed(node)
        if isinstance(value, Open):
            return SchemaFile(unresolved=Unresolved(value.text, value.why, node.span), span=node.span)
        if not isinstance(value, Scalar):
            raise node.error(f"this must be a text, not {value.kind}")
        if value is not node or value.span is None:
            # A secret's text stands in the file as JSON within JSON.
            why = "it is a secret; its places in the file cannot be told"
            return SchemaFile(unresolved=Unresolved(written(node), why, node.span), span=node.span)
        return SchemaFile(text=embedded(value, self.file.source), span=node.span)


def _revealed(node: Node) -> Node:
    signature = node.get(_MARK) if isinstance(node, Table) else None
    if not isinstance(node, Table) or signature is None:
        return node
    plain = node.get("plaintext")
    if _text(signature) == _OF_SECRETS and isinstance(plain, Scalar):
        try:
            value = json.loads(plain.text)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, (str, int, float, bool)):
            return Scalar(value, value if isinstance(value, str) else plain.text, node.span)
    return Open("[secret]", "it is a secret of the stack", node.span)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) and isinstance(node.value, str) else ""
