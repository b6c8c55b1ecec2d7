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

from ...errors import InputError
from ...files import resolved
from ...tree import Node, Scalar
from ..intrinsics import Depth
from ..places import project_folder, real_path
from ..reader import File
from ..resolution import Resolution, written
from .assembly import Assembly
from .references import References
from .template import API_TYPES, Resource, Template, plain_text, table_under

__all__ = ["Deployment"]

#: The types of a nested stack, each with the property that says where its template is.
NESTED = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
#: CloudFormation nests as often as people like; nobody goes this deep, or makes this many.
MAX_DEPTH = 12
MAX_STACKS = 150
#: In characters, for all templates that one file leads to.
MAX_LENGTH = 32 * 1024 * 1024

_ADDRESS = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: Where ``sam build`` and ``sam package`` put what they make of the template beside.
_BUILT = regex(r"(?:^|(?<=/))\.aws-sam/(?:packaged|build/template)\.ya?ml\Z")
#: What a template may hold that says something about an API of another one.
_TELLING = (
    "AppSync",
    "AWS::Serverless::",
    "AWS::Cognito::",
    "AWS::WAFv2::WebACLAssociation",
    "AWS::CloudFormation::Stack",
    "appsync:",
)


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
        self.references = References(lambda: self.all_templates, self._beyond)
        self._count = 0
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

    def _beyond(self, template: Template, resource: str, attribute: str) -> tuple[Template, Node] | None:
        return self._around[template.index].beyond(resource, attribute)

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
        last = self.references.pieces(template, node)[-1:]
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


def _source_of(folder: Path, path: str) -> str:
    """Return the template that ``sam build`` makes another one of: what it makes lacks files, or is not there."""
    built = _BUILT.search(path)
    if built is not None:
        for name in ("template.yaml", "template.yml"):
            source = path[: built.start()] + name
            if (folder / source).is_file():
                return source
    return path


class _Around:
    """What stands around one template of a deployment: it answers the template's resolver."""

    def __init__(
        self, deployment: Deployment, template: Template, parent: Template | None, item: Resource | None
    ) -> None:
        self.deployment = deployment
        self.template = template
        self.parent = parent
        self.level: int = deployment._around[parent.index].level + 1 if parent is not None else 0
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
        return self._followed(self.deployment.references.exported(name))

    @staticmethod
    def _followed(found: tuple[Template, Node] | None) -> Resolution | None:
        return found[0].resolver.resolve(found[1]) if found is not None else None
