"""The templates that are deployed together: nested stacks, the stacks of a CDK app, and what they pass each other.

A parent passes parameters down, a child gives outputs back, stacks of one app import what others export.
References are followed through all of that. Files are read once each, however many stacks are made of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from os.path import normpath
from pathlib import Path
from re import compile as regex
from typing import NamedTuple

from ...errors import InputError
from ...files import resolved
from ...tree import Node, Scalar, Sequence, Table
from ..intrinsics import Depth, attribute_of, intrinsic, plain
from ..places import project_folder, real_path
from ..reader import File
from ..resolution import Resolution, written
from .assembly import Assembly
from .template import API_TYPES, Resource, Template, plain_text, table_under

__all__ = ["Deployment", "Piece", "Target", "Variable"]

#: The types of a nested stack, each with the property that says where its template is.
NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
#: CloudFormation nests as often as people like; nobody goes this deep, or makes this many.
MAX_DEPTH = 12
MAX_STACKS = 150
#: In characters, for all templates that one file leads to.
MAX_LENGTH = 32 * 1024 * 1024
#: How much of a value is searched for references.
MAX_REFERENCES = 1_000
#: How many pieces a text is put together from, how long they are together, and how deep they stand.
MAX_PIECES = 500
MAX_CHARACTERS = 200_000
MAX_JOINED = 40
#: How long a value may be that is compared by what is written.
MAX_WRITTEN = 2_000

_VARIABLE = regex(r"\$\{\s*([\w:]+)(?:\.([\w.]+))?\s*\}")
_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: Where ``sam build`` and ``sam package`` put what they make of the template beside.
_BUILT = regex(r"(?:^|(?<=/))\.aws-sam/(?:packaged|build/template)\.ya?ml\Z")
#: What a template may hold that says something about an API of another one.
_TELLING = (
    "AWS::AppSync::",
    "AWS::Serverless::",
    "AWS::Cognito::",
    "AWS::WAFv2::WebACLAssociation",
    "AWS::CloudFormation::Stack",
    "appsync:",
)


class Target(NamedTuple):
    """A resource that a text refers to, and which attribute of it; empty for what ``Ref`` gives."""

    template: Template
    name: str
    attribute: str

    def __str__(self) -> str:
        return f"${{{self.template.index}.{self.name}.{self.attribute}}}"


class Variable(NamedTuple):
    """A part of a text that only deployment knows. ``known`` is set for what is no one's choice, like the region."""

    name: str
    known: bool = False

    def __str__(self) -> str:
        return "${" + self.name.replace(":", ".").replace("/", ".") + "}"


Piece = str | Target | Variable

#: What is the same for all stacks of a deployment, and part of every ARN.
_PLACES = frozenset(["AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::URLSuffix"])


class Deployment:
    """A template with all that is deployed with it.

    ``templates`` are the file's own and its nested ones, parents first; ``others`` are stacks of the same CDK
    app, which are searched for what belongs to an API and whose own APIs are not told here.
    """

    def __init__(self, files: Iterable[File]) -> None:
        self.templates: list[Template] = []
        self.others: list[Template] = []
        self.sources: dict[Path, File] = {}
        self._depth = Depth()
        self._length = 0
        self._around: dict[int, _Around] = {}
        self._count = 0
        self._naming_exports = False
        self._assemblies: dict[str, Assembly] = {}
        #: What is wrong with files that were asked for, while others can be read.
        self.errors: list[InputError] = []
        for file in files:
            self.sources[resolved(file.path)] = file
            try:
                self._open_all(self._made(file, None, None), self.templates)
            except InputError as error:
                self.errors.append(error)
        if not self.templates:
            raise self.errors[0]
        root = self.templates[0]
        if root.is_synthesized:
            for file in self.assembly_of(root).siblings(dict(self.sources)):
                try:
                    self._open_all(self._made(file, None, None), self.others)
                except InputError:
                    # It is no part of what was asked for, and is told about where it is.
                    continue

    @property
    def all_templates(self) -> list[Template]:
        """Every template that was read."""
        return [*self.templates, *self.others]

    def of_kinds(self, *kinds: str) -> Iterator[Resource]:
        """Give the resources of some types in all templates."""
        for template in self.all_templates:
            yield from template.of_kinds(*kinds)

    def find(self, place: tuple[int, str]) -> Resource | None:
        """Return the resource at a place."""
        around = self._around.get(place[0])
        return around.template.by_name.get(place[1]) if around is not None else None

    # Reading templates.

    def _made(self, file: File, parent: Template | None, item: Resource | None) -> Template:
        self._count += 1
        index = self._count
        stack = ""
        if parent is not None and item is not None:
            stack = f"{parent.stack}.{item.name}" if parent.stack else item.name

        def around(template: Template) -> _Around:
            self._around[index] = _Around(self, template, parent, item)
            return self._around[index]

        return Template(file, index, around, self._depth, stack)

    def _open_all(self, template: Template, found: list[Template]) -> None:
        """Add a template and the nested ones that may say something about an API."""
        found.append(template)
        for item in template.of_kinds(*NESTED):
            child = self._around[template.index].child(item, telling=True)
            if child is not None:
                self._open_all(child, found)

    def nested(self, item: Resource) -> Template | None:
        """Return the template of a nested stack, None where it is not at hand."""
        return self._around[item.template.index].child(item)

    def _nested_file(self, item: Resource) -> tuple[File | None, str]:
        """Return the file of a nested stack's template, or why there is none."""
        template = item.template
        properties = template.properties(item)
        key = NESTED[item.kind]
        node = properties.get(key)
        if node is None:
            return None, f"it has no {key}"
        path = self._asset(item, node)
        if path is None:
            value = template.resolve(node).node
            if not isinstance(value, Scalar):
                return None, f"its template is fetched from {written(node)} when the stack is deployed"
            path = value.text.strip()
            if not path or _ADDRESS.match(path):
                return None, f"its template is fetched from {path or 'nowhere'} when the stack is deployed"
        try:
            return self._file(template, path, node), ""
        except InputError as error:
            return None, error.message

    def _asset(self, item: Resource, node: Node) -> str | None:
        """Return where CDK has put the template of a nested stack."""
        metadata = table_under(item.node, "Metadata")
        if plain_text(metadata.get("aws:asset:property")) == NESTED[item.kind]:
            return plain_text(metadata.get("aws:asset:path")) or None
        return self.asset(item.template, node)

    def asset(self, template: Template, node: Node) -> str | None:
        """Return the file of a CDK app that an address of its bucket means, None for anything else."""
        if not template.is_synthesized:
            return None
        last = self.pieces(template, node)[-1:]
        key = last[0].rpartition("/")[2] if last and isinstance(last[0], str) else ""
        return self.assembly_of(template).asset(key) if key else None

    def assembly_of(self, template: Template) -> Assembly:
        """Return what CDK has put beside a template."""
        if template.base not in self._assemblies:
            allow_outside = template.file.allow_outside
            self._assemblies[template.base] = Assembly(template.file.path.parent, allow_outside=allow_outside)
        return self._assemblies[template.base]

    def _file(self, template: Template, path: str, node: Node) -> File:
        folder = Path(template.base)
        path = _source_of(folder, path)
        allow_outside = template.file.allow_outside
        real = real_path(folder / path, project_folder(folder), path, node.span, allow_outside=allow_outside)
        known = self.sources.get(real)
        if known is not None:
            return known
        file = File(Path(normpath(folder / path)), allow_outside=allow_outside)
        self._length += len(file.source.text)
        if self._length > MAX_LENGTH:
            raise InputError("there are too many templates to read them all", span=node.span)
        return file

    # References.

    def referred(self, template: Template, node: Node) -> frozenset[tuple[int, str]]:
        """Return the places of the resources that a value refers to, wherever in it, through all stacks."""
        around = self._around[template.index]
        known = around.referred.get(id(node))
        if known is None:
            known = around.referred[id(node)] = frozenset(self._search(template, node))
        return known

    def _search(self, template: Template, node: Node) -> Iterator[tuple[int, str]]:
        seen: set[tuple[int, int]] = set()
        left = [(template, node)]
        while left and len(seen) < MAX_REFERENCES:
            here, item = left.pop()
            if (here.index, id(item)) in seen:
                continue
            seen.add((here.index, id(item)))
            name, argument = intrinsic(item) or ("", plain(item))
            names: list[tuple[str, str]] = []
            if name == "Ref":
                names.append((plain_text(argument), ""))
            elif name == "Fn::GetAtt":
                names.append(attribute_of(argument))
            elif name == "Fn::Sub":
                text = argument.items[0] if isinstance(argument, Sequence) and argument.items else argument
                names += _VARIABLE.findall(plain_text(text))
            elif name == "Fn::ImportValue":
                left += self._exported(here, argument)
            around = self._around[here.index]
            for resource, attribute in names:
                further = around.beyond(resource, attribute)
                if further is not None:
                    left.append(further)
                elif resource in here.by_name:
                    yield here.index, resource
            if isinstance(argument, Sequence):
                left += [(here, part) for part in argument.items]
            elif isinstance(argument, Table):
                left += [(here, part) for part in argument.entries.values()]

    def _exported(self, template: Template, name: Node) -> list[tuple[Template, Node]]:
        # A name that is itself imported, which no template has, would be looked for in a circle.
        found = None if self._naming_exports else self._exports.get(self.told(template, name))
        return [found] if found is not None else []

    @cached_property
    def _exports(self) -> dict[str, tuple[Template, Node]]:
        """What the templates export, by name; names that are put together are compared as they are put together."""
        exports: dict[str, tuple[Template, Node]] = {}
        self._naming_exports = True
        for template in self.all_templates:
            for _, output in table_under(template.file.table, "Outputs"):
                export = output.get("Export") if isinstance(output, Table) else None
                name = export.get("Name") if isinstance(export, Table) else None
                value = output.get("Value") if isinstance(output, Table) else None
                if name is not None and value is not None:
                    exports.setdefault(self.told(template, name), (template, value))
        self._naming_exports = False
        return exports

    def exported(self, name: str) -> tuple[Template, Node] | None:
        """Return what is exported under a name."""
        return None if self._naming_exports else self._exports.get(name)

    # Texts.

    def told(self, template: Template, node: Node) -> str:
        """Return a text in which the parts that only deployment knows have names; equal texts are the same."""
        return "".join(map(str, self.pieces(template, node)))

    def pieces(self, template: Template, node: Node) -> list[Piece]:
        """Return what a text is put together from: plain texts, references to resources, and what is open."""
        found = _Pieces()
        self._collect(template, node, found, 0)
        return found

    def _collect(self, template: Template, node: Node, found: _Pieces, depth: int) -> None:
        call = intrinsic(node)
        if depth > MAX_JOINED or found.is_full:
            found.append(_unknown(template, node))
            return
        if call is None:
            found.append(node.text if isinstance(node, Scalar) else _unknown(template, node))
            return
        name, argument = call
        if name == "Ref":
            self._refer(template, (plain_text(argument), ""), node, found, depth)
        elif name == "Fn::GetAtt":
            self._refer(template, attribute_of(argument), node, found, depth)
        elif name == "Fn::Sub":
            self._substitute(template, argument, node, found, depth)
        elif name == "Fn::Join" and isinstance(argument, Sequence) and len(argument) == 2:
            self._join(template, argument, node, found, depth)
        elif name == "Fn::ImportValue" and (exported := self._exported(template, argument)):
            self._collect(*exported[0], found, depth + 1)
        else:
            self._decided(template, node, found)

    def _substitute(self, template: Template, argument: Node, node: Node, found: _Pieces, depth: int) -> None:
        text, own = template.resolver.sub_parts(argument)
        if text is None or text.text.count("${") > MAX_PIECES:
            self._decided(template, node, found)
            return
        end = 0
        for start, stop, reference in template.resolver.variables(text):
            found.append(text.text[end:start])
            self._collect(template, template.resolver.given(reference, own), found, depth + 1)
            end = stop
        found.append(text.text[end:])

    def _join(self, template: Template, argument: Sequence, node: Node, found: _Pieces, depth: int) -> None:
        members = template.resolver.resolve(argument.items[1]).node
        if not isinstance(members, Sequence):
            self._decided(template, node, found)
            return
        for number, member in enumerate(members):
            if number:
                found.append(plain_text(argument.items[0]))
            self._collect(template, member, found, depth + 1)

    def _refer(self, template: Template, name: tuple[str, str], node: Node, found: _Pieces, depth: int) -> None:
        resource, attribute = name
        if resource in _PLACES:
            found.append(Variable(resource, known=True))
            return
        further = self._around[template.index].beyond(resource, attribute)
        if further is not None:
            self._collect(*further, found, depth + 1)
        elif resource in template.by_name:
            found.append(Target(template, resource, attribute))
        else:
            self._decided(template, node, found, f"{resource}.{attribute}")

    def _decided(self, template: Template, node: Node, found: _Pieces, name: str = "") -> None:
        value = template.resolver.resolve(node).node
        if isinstance(value, Scalar):
            found.append(value.text)
        else:
            found.append(Variable(f"{template.index}.{name}") if name else _unknown(template, node))


def _unknown(template: Template, node: Node) -> Variable:
    """Return a part of a text that is told by what is written there: two that are written alike are the same."""
    text = node.span.text if node.span is not None else ""
    told = " ".join(text.split()) if len(text) <= MAX_WRITTEN else ""
    return Variable(f"{template.index}.{told or id(node)}")


def _source_of(folder: Path, path: str) -> str:
    """Return the template that ``sam build`` makes another one of: what it makes lacks files, or is not there."""
    built = _BUILT.search(path)
    if built is not None:
        for name in ("template.yaml", "template.yml"):
            source = path[: built.start()] + name
            if (folder / source).is_file():
                return source
    return path


class _Pieces(list[Piece]):
    """The pieces of one text, as long as there are not too many of them."""

    def __init__(self) -> None:
        super().__init__()
        self.length = 0

    def append(self, piece: Piece) -> None:
        """Add a piece."""
        self.length += len(piece) if isinstance(piece, str) else 1
        super().append(piece)

    @property
    def is_full(self) -> bool:
        """Whether no more should be added."""
        return len(self) > MAX_PIECES or self.length > MAX_CHARACTERS


class _Around:
    """What stands around one template of a deployment: it answers the template's resolver."""

    def __init__(
        self, deployment: Deployment, template: Template, parent: Template | None, item: Resource | None
    ) -> None:
        self.deployment = deployment
        self.template = template
        self.parent = parent
        self.level: int = deployment._around[parent.index].level + 1 if parent is not None else 0
        self.referred: dict[int, frozenset[tuple[int, str]]] = {}
        self._item = item
        self._children: dict[str, Template | None] = {}

    @cached_property
    def _passed(self) -> dict[str, Node]:
        if self.parent is None or self._item is None:
            return {}
        found = self.parent.table(self.parent.properties(self._item), "Parameters")
        return found.entries if found is not None else {}

    def child(self, item: Resource, *, telling: bool = False) -> Template | None:
        """Return the template of a nested stack, read when it is first asked for.

        With ``telling`` it is only parsed if it may say something about an API.
        """
        if item.name not in self._children:
            # Whoever asks for it meanwhile asks in a circle.
            self._children[item.name] = None
            file = self._file(item)
            if file is not None and telling and not any(mark in file.source.text for mark in _TELLING):
                del self._children[item.name]
                return None
            self._children[item.name] = None if file is None else self._read(item, file)
        return self._children[item.name]

    def _file(self, item: Resource) -> File | None:
        if self.level >= MAX_DEPTH or self.deployment._count >= MAX_STACKS:
            self.template.unread[item.name] = "there are too many nested stacks to follow them all"
            return None
        file, why = self.deployment._nested_file(item)
        if file is None:
            self.template.unread[item.name] = why
        return file

    def _read(self, item: Resource, file: File) -> Template | None:
        deployment = self.deployment
        real = resolved(file.path)
        if real in self._ancestors():
            self.template.note(item.key, f"the nested stack {item.name} holds itself and is not followed")
            return None
        try:
            template = deployment._made(file, self.template, item)
        except InputError as error:
            if any(mark in file.source.text for mark in API_TYPES):
                self.template.errors.append(error)
            self.template.unread[item.name] = str(error)
            return None
        deployment.sources.setdefault(real, file)
        return template

    def _ancestors(self) -> set[Path]:
        found: set[Path] = set()
        around: _Around | None = self
        while around is not None:
            found.add(resolved(around.template.file.path))
            around = self.deployment._around[around.parent.index] if around.parent is not None else None
        return found

    def beyond(self, resource: str, attribute: str) -> tuple[Template, Node] | None:
        """Return the value in another template that a reference leads to."""
        if not attribute and self.parent is not None and resource in self._passed:
            return self.parent, self._passed[resource]
        item = self.template.by_name.get(resource)
        if item is None or item.kind not in NESTED or not attribute.startswith("Outputs."):
            return None
        child = self.child(item)
        if child is None:
            return None
        output = table_under(table_under(child.file.table, "Outputs"), attribute.removeprefix("Outputs."))
        value = output.get("Value")
        return None if value is None else (child, value)

    # What the template's resolver asks.

    def parameter(self, name: str) -> Resolution | None:
        return self._followed(self.beyond(name, ""))

    def attribute(self, resource: str, name: str) -> Resolution | None:
        return self._followed(self.beyond(resource, name))

    def export(self, name: str) -> Resolution | None:
        return self._followed(self.deployment.exported(name))

    @staticmethod
    def _followed(found: tuple[Template, Node] | None) -> Resolution | None:
        return found[0].resolver.resolve(found[1]) if found is not None else None
