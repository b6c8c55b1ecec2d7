"""Pulumi YAML: resources with ``${...}`` references, ``fn::`` functions, variables and config values."""

from __future__ import annotations

from pathlib import Path
from re import compile as regex
from typing import TYPE_CHECKING

from ...api import FunctionCode, SchemaFile, Unresolved
from ...errors import InputError
from ...tree import Node, Open, Scalar, Sequence, Table
from ..loader import embedded
from ..reader import Described, File
from ..resolution import Resolution, resolved, written
from .functions import archive_code
from .resources import Language, Resource, Translator, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_yaml_program"]

#: ``$${`` stands for itself.
_INTERPOLATION = regex(r"(?<!\$)\$\{([^{}]*)\}")
_WHOLE = regex(r"\s*\$\{([^{}]*)\}\s*")
_HEAD = regex(r"""\s*([^.\[\s]+)""")
#: References lead to references; people write one or two.
MAX_STEPS = 50
MAX_STACKS = 100
MAX_TEXT = 1_000_000


def read_yaml_program(file: File) -> Described:
    """Read the APIs of a YAML program. Raises :class:`InputError` for a project whose program is elsewhere."""
    return _Program(file).read()


class _Program:
    def __init__(self, file: File) -> None:
        self.file = file
        self.base = str(file.path.parent)
        table = file.table
        section = table.get("resources")
        if not isinstance(section, Table):
            raise _elsewhere(table, file)
        self.section = section
        self.variables = _section(table, "variables")
        self.notes: list[tuple[int, str]] = []
        self._variables: dict[str, Node] = {}
        self._config: dict[str, Node] | None = None
        self.resources: dict[str, Resource] = {}
        for name, node in section:
            kind = node.get("type") if isinstance(node, Table) else None
            found = kind_of(kind.text) if isinstance(kind, Scalar) else None
            if isinstance(node, Table) and found is not None and "get" not in node:
                properties = node.get("properties")
                if isinstance(properties, Sequence):
                    raise properties.error(f"properties must be a mapping, not {properties.kind}")
                inputs = properties if isinstance(properties, Table) else Table({}, {}, node.span)
                self.resources[name] = Resource(found, name, inputs, section.keys[name])

    def read(self) -> Described:
        for key in self.section.repeated:
            self.note(key, f"the key {key.text} is written twice; the last one counts")
        language = Language(
            resolve=self.resolve,
            target=self.target,
            content=self.content,
            code=self.code,
            note=self.note,
            whole=True,
            path=self.file.source.path,
        )
        translator = Translator(list(self.resources.values()), language)
        apis = tuple(translator.apis())
        if translator.errors and not apis:
            raise translator.errors[0]
        if not apis:
            self.notes.append((0, f"{self.file.source.path}: no AppSync API is in this Pulumi program"))
        return Described(
            path=self.file.path,
            kind="pulumi",
            apis=apis,
            notes=tuple(dict.fromkeys(text for _, text in sorted(self.notes))),
            errors=tuple(translator.errors),
            sources=(self.file.source,),
        )

    def note(self, node: Node, text: str) -> None:
        self.notes.append((node.span.start_offset if node.span else 0, str(node.error(text))))

    # Values.

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be."""
        return resolved(self.value(node))

    def value(self, node: Node, depth: int = 0) -> Node:
        """Work out a value's outermost layer; what only a deployment knows is open."""
        if depth > MAX_STEPS:
            return Open(written(node), "it refers to itself", node.span)
        if isinstance(node, Scalar) and isinstance(node.value, str) and "${" in node.text:
            return self._text(node, depth)
        if isinstance(node, Table) and len(node.entries) == 1:
            (name,) = node.entries
            if name.lower().startswith("fn::"):
                return self._function(node, name.lower(), node.entries[name], depth)
        return node

    def _text(self, node: Scalar, depth: int) -> Node:
        whole = _WHOLE.fullmatch(node.text)
        if whole:
            return self._reference(node, whole[1], depth)
        if len(node.text) > MAX_TEXT:
            return Open(written(node), "it is too long to be followed", node.span)
        end = 0
        parts: list[str] = []
        assumed: list[str] = []
        for found in _INTERPOLATION.finditer(node.text):
            value = self._reference(node, found[1], depth)
            if isinstance(value, Open) and len(value.options) == 1 and value.assumed:
                assumed += value.assumed
                value = value.options[0] or value
            if not isinstance(value, Scalar) or sum(map(len, parts)) > MAX_TEXT:
                return Open(written(node), f"Pulumi fills in {found[0]} when it deploys", node.span)
            parts += [node.text[end : found.start()], value.text]
            end = found.end()
        text = "".join([*parts, node.text[end:]]).replace("$${", "${")
        made = Scalar(text, text, node.span)
        if assumed:
            return Open(written(node), "", node.span, (made,), assumed=tuple(dict.fromkeys(assumed)))
        return made

    def _reference(self, node: Node, path: str, depth: int) -> Node:
        """Return what ``${path}`` means: a variable or config value, or something of a resource, which is open."""
        head = _HEAD.match(path)
        name = head[1] if head else ""
        bare = head is not None and not path[head.end() :].strip()
        if name in self.resources or self._is_resource(name):
            return Open(written(node), f"it is what the resource {name} gets when it is deployed", node.span)
        if bare and name in self.variables:
            return self._variable(name, depth)
        config = self._config_values()
        if bare and name in config:
            return config[name]
        if name == "pulumi" or name.startswith("pulumi."):
            return Open(written(node), "Pulumi knows it when it deploys", node.span)
        return Open(written(node), f"{name or path} is not in this file", node.span)

    def _variable(self, name: str, depth: int) -> Node:
        """Work out a variable once, however often it is used."""
        if name not in self._variables:
            node = self.variables.entries[name]
            self._variables[name] = Open(written(node), "it refers to itself", node.span)
            self._variables[name] = self.value(node, depth + 1)
        return self._variables[name]

    def _is_resource(self, name: str) -> bool:
        return name in self.section

    def _function(self, node: Table, name: str, argument: Node, depth: int) -> Node:
        if name == "fn::secret":
            return self.value(argument, depth + 1)
        if name == "fn::join" and isinstance(argument, Sequence) and len(argument) == 2:
            separator, members = (self.value(item, depth + 1) for item in argument)
            texts = [self.value(item, depth + 1) for item in members] if isinstance(members, Sequence) else []
            plain = [item.text for item in texts if isinstance(item, Scalar)]
            if isinstance(separator, Scalar) and isinstance(members, Sequence) and len(plain) == len(texts):
                if sum(map(len, plain)) > MAX_TEXT:
                    return Open(written(node), "it is too long to be followed", node.span)
                text = separator.text.join(plain)
                return Scalar(text, text, node.span)
        return Open(written(node), f"{name} is worked out when Pulumi deploys", node.span)

    # Config values.

    def _config_values(self) -> dict[str, Node]:
        """Return the program's config values: what the stacks beside it set, else their defaults."""
        if self._config is not None:
            return self._config
        found: dict[str, Node] = {}
        stacks = list(self._stacks())
        project = self.file.table.get("name")
        prefix = f"{project.text}:" if isinstance(project, Scalar) else ""
        for section in (_section(self.file.table, "config"), _section(self.file.table, "configuration")):
            for name, node in section:
                plain = name.removeprefix(prefix)
                default = node.get("default") or node.get("value") if isinstance(node, Table) else node
                values = [stack.get(prefix + plain) or stack.get(plain) or default for stack in stacks] or [default]
                found[plain] = _config_value(plain, node, [value for value in values if value is not None])
        self._config = found
        return found

    def _stacks(self) -> Iterator[Table]:
        """Yield the config of each ``Pulumi.STACK.yaml`` beside the program."""
        folder = self.file.path.parent
        try:
            paths = sorted([*folder.glob("Pulumi.*.yaml"), *folder.glob("Pulumi.*.yml")])[:MAX_STACKS]
        except OSError:
            return
        for path in paths:
            if path.is_symlink():
                continue
            try:
                yield _section(File(path).table, "config")
            except InputError as error:
                self.notes.append((0, f"{error}; what it sets is not known"))

    # What the translator asks for.

    def target(self, node: Node, depth: int = 0) -> Resource | None:
        """Return the resource that a value refers to."""
        if isinstance(node, Scalar):
            whole = _WHOLE.fullmatch(node.text)
            head = _HEAD.match(whole[1]) if whole else None
            name = head[1] if head else ""
            if name in self.resources:
                return self.resources[name]
            if name in self.variables and depth < MAX_STEPS:
                return self.target(self.variables.entries[name], depth + 1)
        return None

    def content(self, node: Node) -> SchemaFile:
        """Return where a text is: in this file, or in the one that ``fn::readFile`` reads."""
        found = self._followed(node)
        path = self._read_path(found)
        if isinstance(path, Open):
            return SchemaFile(unresolved=Unresolved(written(node), path.why, node.span), span=node.span)
        if path is not None:
            return SchemaFile(path=path, base=self.base, span=node.span)
        value = self.value(found)
        if isinstance(value, Open):
            return SchemaFile(unresolved=Unresolved(value.text, value.why, node.span), span=node.span)
        if not isinstance(value, Scalar):
            raise node.error(f"this must be a text, not {value.kind}")
        if value is not found or value.span is None or "$${" in value.text:
            why = "it is put together of several texts"
            return SchemaFile(unresolved=Unresolved(written(node), why, node.span), span=node.span)
        return SchemaFile(text=embedded(value, self.file.source), span=node.span)

    def _followed(self, node: Node) -> Node:
        """Follow variables to the value that they stand for."""
        for _ in range(MAX_STEPS):
            whole = _WHOLE.fullmatch(node.text) if isinstance(node, Scalar) else None
            name = whole[1].strip() if whole else ""
            if name not in self.variables:
                break
            node = self.variables.entries[name]
        return node

    def _read_path(self, node: Node) -> str | Open | None:
        """Return the path that ``fn::readFile`` reads; None for anything else."""
        if not isinstance(node, Table) or len(node.entries) != 1:
            return None
        (name,) = node.entries
        if name.lower() not in ("fn::readfile", "fn::stringasset", "fn::fileasset"):
            return None
        argument = node.entries[name]
        if isinstance(argument, Scalar):
            # The working directory is that of the project.
            argument = Scalar(None, argument.text.replace("${pulumi.cwd}/", ""), argument.span)
            argument.value = argument.text
        value = self.value(argument)
        if isinstance(value, Open) and value.assumed and isinstance(value.options[0], Scalar):
            value = value.options[0]
        if isinstance(value, Scalar):
            return value.text
        return value if isinstance(value, Open) else None

    def code(self, function: Resource) -> FunctionCode:
        """Return where the code of a Lambda function is."""

        def text(name: str) -> str | None:
            node = function.inputs.get(name)
            value = self.value(node) if node is not None else None
            return value.text if isinstance(value, Scalar) else None

        node = function.inputs.get("code")
        folder = self._archive(node) if node is not None else None
        return archive_code(
            function.name, folder, text("handler"), text("runtime"), self.base, allow_outside=self.file.allow_outside
        )

    def _archive(self, node: Node) -> str | None:
        node = self._followed(node)
        if not isinstance(node, Table) or len(node.entries) != 1:
            return None
        (name,) = node.entries
        argument = node.entries[name]
        if name.lower() in ("fn::filearchive", "fn::fileasset"):
            value = self.value(argument)
            return value.text if isinstance(value, Scalar) else None
        if name.lower() == "fn::assetarchive" and isinstance(argument, Table):
            inner = argument.get(".")
            return self._archive(inner) if inner is not None else None
        return None


def _config_value(name: str, place: Node, values: list[Node]) -> Node:
    texts = list(dict.fromkeys(item.text for item in values if isinstance(item, Scalar)))
    text = f"${{{name}}}"
    if not values:
        return Open(text, f"the config value {name} has no default", place.span)
    if len(texts) == 1:
        first = next(item for item in values if isinstance(item, Scalar))
        return Open(text, f"it is the config value {name}", place.span, (first,), assumed=(name,))
    return Open(text, f"the stacks set the config value {name} differently", place.span, tuple(values))


def _section(table: Table, key: str) -> Table:
    found = table.get(key)
    return found if isinstance(found, Table) else Table({}, {}, None)


def _elsewhere(table: Table, file: File) -> InputError:
    runtime = table.get("runtime")
    if isinstance(runtime, Table):
        runtime = runtime.get("name")
    language = runtime.text if isinstance(runtime, Scalar) else "another language"
    main = table.get("main")
    where = Path(main.text).as_posix() if isinstance(main, Scalar) else "."
    if language == "yaml":
        return InputError("has no resources", path=file.source.path)
    message = f"the program of this Pulumi project is written in {language} (in {where}); name its file, or "
    return InputError(f"{message}export the stack: pulumi stack export --file stack.json", path=file.source.path)
