"""Modules as they are called: variables, locals, outputs, resources, each instance with its own values."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from ...errors import InputError
from ...text import Span
from ...tree import Node, Open, Scalar, Sequence, Table
from .evaluation import Scope, evaluate, own_template
from .expansion import NO_NAMES, Expansion, expansion, iterated, unknown
from .folders import Folder, local_sources
from .operations import MAX_ITEMS, pairs_of
from .syntax import Block, Body, HclExpression
from .values import (
    FileContent,
    Missing,
    Reference,
    assumed,
    certain,
    plain_text,
    shown,
)
from .variables import allowed_values, possible, typed
from .workspace import Workspace

__all__ = ["Instance", "Resource"]

#: How deep modules call modules.
MAX_MODULES = 8

_META = frozenset(["source", "version", "count", "for_each", "providers", "provider", "depends_on", "lifecycle"])
#: What is found through what refers to it, rather than by what it is called.
_KEPT = frozenset(
    ["archive_file", "aws_lambda_function", "aws_lambda_alias", "aws_appsync_graphql_api", "aws_iam_policy_document"]
)
_COMPUTED = frozenset(["id", "arn"])


@dataclass(slots=True)
class Resource:
    """A resource, as one of the instances that its block stands for."""

    instance: Instance
    block: Block
    key: str | int | None
    scope: Scope
    _table: Table | None = None

    @property
    def kind(self) -> str:
        """The resource's type."""
        return self.block.labels[0]

    @property
    def name(self) -> str:
        """The resource's own name."""
        return self.block.labels[1]

    @property
    def span(self) -> Span:
        """The place of the block's header."""
        return self.block.span

    @property
    def table(self) -> Table:
        """The settings, with blocks as lists."""
        if self._table is None:
            self._table = self.scope.instance.table(self.block.body, self.scope)
        return self._table

    def is_meant(self, reference: Reference) -> bool:
        """Whether a reference leads here; one without an index leads to all of a block's instances."""
        return (
            reference.variety == "resource"
            and reference.instance.prefix == self.instance.prefix
            and (reference.type_name, reference.name) == self.block.labels
            and (reference.key is None or self.key is None or reference.key == self.key)
        )


class Instance:
    """A module with the values that it is called with.

    ``names`` are the names of the calls that lead to it, ``inputs`` what it is called with; a root module
    has none. ``path`` is its folder, relative to that of the root module.
    """

    def __init__(
        self,
        workspace: Workspace,
        folder: Folder,
        names: tuple[str, ...] = (),
        call: Callable[[str], Node | None] | None = None,
        *,
        chain: tuple[Path, ...] = (),
        fixed: Mapping[str, Node] = NO_NAMES,
    ) -> None:
        self.workspace = workspace
        self.folder = folder
        self.names = names
        self.budget = workspace.budget
        self.files = workspace.files
        self.prefix = "".join(f"module.{name}." for name in names)
        self._call = call
        self._chain = (*chain, folder.path.resolve())
        self._fixed = fixed
        self._known: dict[tuple[str, ...], Node] = {}
        self._busy: set[tuple[str, ...]] = set()
        self._called: dict[str, list[tuple[str | int | None, Instance]] | None] = {}
        self._expanded: dict[int, Expansion] = {}

    @property
    def path(self) -> str:
        """The module's folder as ``path.module`` has it."""
        relative = os.path.relpath(self.folder.path, self.files.folder)
        return Path(relative).as_posix()

    @property
    def scope(self) -> Scope:
        """Where the module's own expressions stand."""
        return Scope(self, NO_NAMES)

    def narrowed(self, fixed: Mapping[str, Node]) -> Instance:
        """Return this module with some variables known: those that something in it depends on."""
        other = Instance(
            self.workspace, self.folder, self.names, self._call, chain=self._chain[:-1], fixed={**self._fixed, **fixed}
        )
        other.prefix = self.prefix
        return other

    def _once(self, key: tuple[str, ...], work: Callable[[], Node], text: str, span: Span | None) -> Node:
        """Work a value out once; one that refers to itself is open."""
        if key in self._known:
            return self._known[key]
        if key in self._busy:
            return Open(shown(text), "it refers to itself", span)
        self._busy.add(key)
        try:
            node = work()
        except InputError as error:
            node = Open(shown(text), f"it cannot be read: {error.message}", span)
        finally:
            self._busy.discard(key)
        if not self.budget.spent:
            self._known[key] = node
        return node

    # Variables, local values, outputs.

    def variable(self, name: str, span: Span) -> Node:
        """Return what a variable is set to, or may be set to."""
        if name in self._fixed:
            return self._fixed[name]
        return self._once(("var", name), lambda: self._variable(name, span), f"var.{name}", span)

    def _variable(self, name: str, span: Span) -> Node:
        text = f"var.{name}"
        block = self.folder.block("variable", name)
        if block is None:
            why = "a file of the module cannot be read" if self.folder.broken else f"no variable {name} is declared"
            return Open(text, why, span)
        default = block.body.attributes.get("default")
        kind = block.body.attributes.get("type")
        if self._call is not None:
            passed = self._call(name)
            if passed is not None:
                return typed(passed, kind.value if kind else None, self.scope)
            if default is None:
                return Open(text, f"the variable {name} is not passed", span)
            return typed(evaluate(default.value, self.scope), kind.value if kind else None, self.scope)
        options: list[Node] = []
        set_in: list[str] = []
        for file, expression in self.workspace.values_of(name):
            value = typed(evaluate(expression, self.scope), kind.value if kind else None, self.scope)
            if not file:
                return value
            options.append(value)
            set_in.append(file)
        if default is not None:
            options.insert(0, typed(evaluate(default.value, self.scope), kind.value if kind else None, self.scope))
        allowed = allowed_values(block, name, self.scope)
        return possible(name, span, options, set_in, allowed=allowed, has_default=default is not None)

    def local(self, name: str, span: Span) -> Node:
        """Return a local value."""
        return self._once(("local", name), lambda: self._local(name, span), f"local.{name}", span)

    def _local(self, name: str, span: Span) -> Node:
        body = next(self.folder.locals(name), None)
        if body is None:
            why = "a file of the module cannot be read" if self.folder.broken else f"no local value {name} is defined"
            return Open(f"local.{name}", why, span)
        return evaluate(body.attributes[name].value, self.scope)

    def output(self, module: str, key: str | int | None, name: str, span: Span) -> Node:
        """Return an output of a module that this one calls."""
        called = self.called(module)
        if called is None:
            return Reference(self, "module", "", module, span, key=key, attribute=name)
        child = next((item for own, item in called if key is None or own == key), None)
        if child is None:
            return Missing(f"module.{module}", "there is no such instance", span)
        return child.own_output(name, span)

    def own_output(self, name: str, span: Span) -> Node:
        """Return one of the module's outputs."""
        return self._once(("output", name), lambda: self._output(name, span), f"output.{name}", span)

    def _output(self, name: str, span: Span) -> Node:
        block = self.folder.block("output", name)
        value = block.body.attributes.get("value") if block is not None else None
        if value is None:
            return Open(name, f"the module in {self.path} has no output {name}", span)
        return evaluate(value.value, self.scope)

    # Modules that this one calls.

    def called(self, name: str) -> list[tuple[str | int | None, Instance]] | None:
        """Return the instances of a module that is called; None for one whose files are not in the project."""
        if name not in self._called:
            # While a call is worked out it has no instances, so that one which depends on itself ends.
            self._called[name] = []
            block = self.folder.block("module", name)
            self._called[name] = None if block is None else self._instances(block)
        return self._called[name]

    def _instances(self, block: Block) -> list[tuple[str | int | None, Instance]] | None:
        source = self.source_of(block)
        if not source.startswith(("./", "../")) and source not in (".", ".."):
            return None
        path = Path(self.folder.path, source)
        attribute = block.body.attributes["source"]
        try:
            self.files.real(os.path.relpath(path, self.files.folder), attribute.value.span)
            folder = self.workspace.folder(path)
        except InputError as error:
            self.workspace.note(attribute.value.span, f"the module {block.labels[0]} is not followed: {error.message}")
            return None
        if folder is None or len(self.names) >= MAX_MODULES or folder.path.resolve() in self._chain:
            if folder is None:
                self.workspace.note(attribute.value.span, f"there is no module in {source}")
            return None
        result: list[tuple[str | int | None, Instance]] = []
        for member in self.expand(block.body).members:
            scope = self.scope.having(member.names)
            index = "" if member.key is None else f"[{_quoted(member.key)}]"
            names = (*self.names, block.labels[0] + index)
            result.append(
                (member.key, Instance(self.workspace, folder, names, _call(block.body, scope), chain=self._chain))
            )
        return result

    def source_of(self, block: Block) -> str:
        """Return where a module call says that the module is."""
        attribute = block.body.attributes.get("source")
        if attribute is None:
            return ""
        text = attribute.value.text
        return text.strip('"') if isinstance(attribute.value, HclExpression) else text

    def module_calls(self) -> Iterator[Block]:
        """Give the calls of modules that are worth following, in the order of the files."""
        worth = {
            source
            for file in self.folder.files
            for source in local_sources(file.source.text)
            if (folder := self.workspace.inside(Path(self.folder.path, source))) is not None
            and self.workspace.is_worth(folder)
        }
        for block in self.folder.blocks("module") if worth or self._names_community() else ():
            source = self.source_of(block)
            if source in worth or "appsync" in source:
                yield block

    def _names_community(self) -> bool:
        return any("appsync" in file.source.text and "module" in file.source.text for file in self.folder.files)

    def tree(self) -> Iterator[Instance]:
        """Give this instance and those of the modules that it calls, as far as they are worth following."""
        left = [self]
        while left:
            item = left.pop(0)
            yield item
            inner: list[Instance] = []
            for block in item.module_calls():
                inner += [child for _, child in item.called(block.labels[0]) or ()]
            left = [*inner, *left]

    # Resources.

    def resources(self, kind: str) -> Iterator[Resource]:
        """Give the module's resources of a type, each instance on its own."""
        for block in self.folder.blocks("resource", kind):
            if len(block.labels) != 2:
                continue
            for member in self.expand(block.body).members:
                yield Resource(self, block, member.key, self.scope.having(member.names))

    def keys(self, variety: str, type_name: str, name: str) -> list[str | int | None] | None:
        """Return the indices of a resource's instances; None where only deployment knows them."""
        block = self.folder.block(variety, type_name, name)
        if block is None:
            return None
        expansion = self.expand(block.body)
        return [member.key for member in expansion.members] if expansion.known else None

    def expand(self, body: Body) -> Expansion:
        """Return the instances that a block stands for (``count``, ``for_each``)."""
        key = id(body)
        if key not in self._expanded:
            # While it is worked out, a block that depends on itself has an unknown number of instances.
            self._expanded[key] = unknown(body)
            with suppress(InputError):
                self._expanded[key] = expansion(body, self.scope)
        return self._expanded[key]

    def attribute(
        self, variety: str, type_name: str, name: str, attribute: str, *, span: Span, key: str | int | None
    ) -> Node:
        """Return an attribute of a resource or a data source: what the files set it to, or a reference."""
        reference = Reference(self, variety, type_name, name, span, key=key, attribute=attribute)
        if variety == "data" and type_name == "local_file" and attribute == "content":
            return self._at(reference, "filename", span, self._file_content)
        if variety == "data" and type_name == "template_file" and attribute == "rendered":
            return self._at(reference, "template", span, self._rendered)
        if type_name in _KEPT or attribute in _COMPUTED:
            return reference
        return self._at(reference, attribute, span, lambda node, scope: node)  # noqa: ARG005

    def _at(
        self, reference: Reference, attribute: str, span: Span, use: Callable[[Node, tuple[Body, Scope]], Node]
    ) -> Node:
        """Work with the value that a resource's attribute is set to; return the reference where it is not set."""
        block = self.folder.block(reference.variety, reference.type_name, reference.name)
        if block is None or attribute not in block.body.attributes:
            return reference

        def work() -> Node:
            scope = self.scope
            members = self.expand(block.body).members
            member = next((item for item in members if reference.key is None or item.key == reference.key), None)
            if member is not None:
                scope = scope.having(member.names)
            return use(evaluate(block.body.attributes[attribute].value, scope), (block.body, scope))

        return self._once((reference.text, attribute), work, reference.text, span)

    def table_of(self, reference: Reference) -> Table | None:
        """Return the settings of the resource or data source that a reference leads to."""
        block = self.folder.block(reference.variety, reference.type_name, reference.name)
        if block is None:
            return None
        members = self.expand(block.body).members
        member = next((item for item in members if reference.key is None or item.key == reference.key), None)
        scope = self.scope if member is None else self.scope.having(member.names)
        return self.table(block.body, scope)

    def _file_content(self, node: Node, where: tuple[Body, Scope]) -> Node:
        found = certain(node)
        path = plain_text(found[0]) if found is not None else None
        span = where[0].attributes["filename"].value.span
        if path is None:
            return Open("data.local_file", node.why if isinstance(node, Open) else "", span)
        return FileContent(path, span, path, self.files.base, lambda: self.files.read(path, span))

    def _rendered(self, node: Node, where: tuple[Body, Scope]) -> Node:
        body, scope = where
        given = body.attributes.get("vars")
        span = body.attributes["template"].value.span
        values = evaluate(given.value, scope) if given is not None else Table({}, {}, span)
        if isinstance(node, FileContent):
            return self.template(node.path, values, node.text, span)
        # Its own syntax has been worked out where the text stands.
        return node

    def template(self, path: str, values: Node, text: str, span: Span) -> Node:
        """Return what a template file comes to with some values."""
        content = FileContent(shown(text), span, path, self.files.base, lambda: self.files.read(path, span))
        source = content.read()
        if source is None or ("${" not in source.text and "%{" not in source.text):
            return content
        found = certain(values)
        names: dict[str, Node] = {}
        if found is not None and isinstance(found[0], Table):
            names = {key: assumed(item, found[1]) for key, item in found[0]}
        # A template sees its own variables only.
        return own_template(source, Scope(self, names), span)

    # Bodies.

    def table(self, body: Body, scope: Scope) -> Table:
        """Return a block's settings: attributes as they are, nested blocks as lists, repeated ones written out."""
        result = Table({}, {}, body.span, None, tuple(body.repeated))
        self.budget.collect(1)
        if self.budget.spent:
            result.more = Open("the block", "there is too much to follow", body.span)
            return result
        self.budget.depth += 1
        try:
            self._fill(result, body, scope)
        finally:
            self.budget.depth -= 1
        return result

    def _fill(self, result: Table, body: Body, scope: Scope) -> None:
        for name, attribute in body.attributes.items():
            if name in ("count", "for_each", "provider", "depends_on"):
                continue
            result.keys[name] = Scalar(name, name, attribute.key)
            try:
                result.entries[name] = evaluate(attribute.value, scope)
            except InputError as error:
                why = f"it cannot be read: {error.message}"
                result.entries[name] = Open(shown(attribute.value.text), why, attribute.value.span)
        rests_on: dict[str, tuple[str, ...]] = {}
        for block in body.blocks:
            if block.kind in ("lifecycle", "provisioner", "connection", "timeouts"):
                continue
            name = block.labels[0] if block.kind == "dynamic" and block.labels else block.kind
            known = result.entries.setdefault(name, Sequence([], block.body.span))
            result.keys.setdefault(name, Scalar(name, name, block.span))
            if not isinstance(known, Sequence):
                continue
            if block.kind != "dynamic":
                known.items.append(self.table(block.body, scope))
                continue
            items, more, names = self._dynamic(block, name, scope)
            known.items += items
            known.more = known.more or more
            if names:
                rests_on[name] = (*rests_on.get(name, ()), *names)
        for name, names in rests_on.items():
            result.entries[name] = assumed(result.entries[name], names, f"dynamic {name}", result.keys[name].span)

    def _dynamic(self, block: Block, name: str, scope: Scope) -> tuple[list[Node], Open | None, tuple[str, ...]]:
        """Return the blocks that a dynamic block writes, why there may be more, and what their number rests on."""
        content = next(block.body.named("content"), None)
        repeated = block.body.attributes.get("for_each")
        if content is None or repeated is None:
            return [], None, ()
        iterator = block.body.attributes.get("iterator")
        word = iterator.value.text.strip('"') if iterator is not None else name

        def written(pairs: list[tuple[Node, Node]]) -> list[Node]:
            return [self.table(content.body, scope.having({word: iterated(*pair)})) for pair in pairs]

        node = evaluate(repeated.value, scope)
        text, span = f"dynamic {name}", block.span
        found = certain(node)
        pairs = pairs_of(found[0]) if found is not None else None
        if found is not None:
            if pairs is None or len(pairs) > MAX_ITEMS:
                return [], Open(text, "it is repeated for what is no collection", span), ()
            more = found[0].more if isinstance(found[0], (Table, Sequence)) else None
            return written(pairs), more and Open(text, more.why, span), found[1]
        assert isinstance(node, Open), "what is not open is certain"
        why = node.why
        if node.complete and node.options:
            lists: list[list[Node]] = []
            for option in node.options:
                known = certain(option) if option is not None else None
                inner = pairs_of(known[0]) if known is not None else None
                lists.append(written(inner) if inner is not None and len(inner) <= MAX_ITEMS else [])
            longest = max(map(len, lists))
            items: list[Node] = []
            for index in range(longest):
                options = [own[index] if index < len(own) else None for own in lists]
                # What is there in the likeliest case stands first.
                items.append(Open(text, why, span, tuple(options), complete=True))
            return items, None, ()
        unknown = Open(text, why, span)
        (example,) = written([(unknown, unknown)])
        decided = isinstance(example, Table) and not any(isinstance(item, Open) for item in example.entries.values())
        return [Open(text, why, span, (example, None), complete=decided)], None, ()


def _quoted(key: str | int) -> str:
    return str(key) if isinstance(key, int) else f'"{key}"'


def _call(body: Body, scope: Scope) -> Callable[[str], Node | None]:
    """Return what a module is called with, worked out when it is asked for."""

    def passed(name: str) -> Node | None:
        attribute = body.attributes.get(name) if name not in _META else None
        return evaluate(attribute.value, scope) if attribute is not None else None

    return passed
