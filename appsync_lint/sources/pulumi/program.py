"""Pulumi programs in TypeScript, JavaScript and Python: the resources that they make of literals."""

from __future__ import annotations

from pathlib import Path
from re import compile as regex

from ...api import FunctionCode, SchemaFile, Unresolved
from ...files import display_path
from ...tree import Node, Open, Scalar, Table
from ..programs import Attribute, Call, FileText, Function, Joined, Program, Reference
from ..reader import Described, File
from ..resolution import Resolution, resolved, written
from .functions import archive_code
from .resources import Language, Resource, Translator

__all__ = ["read_pulumi_program"]

_CLASS = regex(r"(?:@pulumi/|pulumi_)(aws(?:[-_]native)?)[./]([a-z0-9]+)_?(?:[./]\w+)*[./](\w+)")
#: Where Pulumi's project file is, programs run.
_PROJECTS = ("Pulumi.yaml", "Pulumi.yml")
_ARGUMENTS = "Args"
MAX_DEPTH = 20


def read_pulumi_program(file: File) -> Described:
    """Read the APIs that a program makes. Raises :class:`~appsync_lint.errors.InputError` for a broken program."""
    from ..programs import read_program

    program: Program = read_program(file.source, Path.cwd() / file.path, allow_outside=file.allow_outside)
    return _Program(file, program).read()


class _Program:
    def __init__(self, file: File, program: Program) -> None:
        self.file = file
        self.program = program
        self.base = _working_directory(file.path)
        self.notes: list[str] = []
        self.by_call: dict[int, Resource] = {}
        for call in program.calls:
            kind = _kind(call)
            if kind is not None:
                name = call.argument(0, "resource_name")
                shown = name.text if isinstance(name, Scalar) else call.name
                place = name if isinstance(name, Scalar) else call
                self.by_call[id(call)] = Resource(kind, shown, self._inputs(call), place, conditional=call.conditional)

    def _inputs(self, call: Call) -> Table:
        """Return the arguments of a resource: keywords in Python, the object behind the name otherwise."""
        given = call.arguments[1] if len(call.arguments) > 1 else None
        if given is not None:
            value = _plain(given)
            if isinstance(value, Table):
                return _without_undefined(value)
            table = Table({}, {}, call.span)
            table.more = value if isinstance(value, Open) else None
            return table
        table = Table(dict(call.keywords.entries), dict(call.keywords.keys), call.span)
        table.more = call.keywords.more or call.more
        for own in ("opts", "resource_name"):
            table.entries.pop(own, None)
        if "args" in table:
            args = _plain(table.entries["args"])
            if isinstance(args, Table):
                return args
        return _without_undefined(table)

    def read(self) -> Described:
        language = Language(
            resolve=self.resolve,
            target=self.target,
            content=self.content,
            code=self.code,
            note=self.note,
            # A program may make more in its other files.
            whole=False,
            path=self.file.source.path,
        )
        translator = Translator(list(self.by_call.values()), language)
        apis = tuple(translator.apis())
        if translator.errors and not apis:
            raise translator.errors[0]
        return Described(
            path=self.file.path,
            kind="pulumi",
            apis=apis,
            notes=tuple(dict.fromkeys(self.notes)),
            errors=tuple(translator.errors),
            sources=self.program.sources or (self.file.source,),
        )

    def note(self, node: Node, text: str) -> None:
        self.notes.append(str(node.error(text)))

    # What the translator asks for.

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be; a call that only groups arguments is those arguments."""
        return resolved(_plain(node))

    def target(self, node: Node) -> Resource | None:
        """Return the resource whose property a value is, or that is the value itself."""
        for _ in range(MAX_DEPTH):
            if id(node) in self.by_call:
                return self.by_call[id(node)]
            if isinstance(node, Attribute):
                node = node.base
            elif isinstance(node, Open) and len(node.options) == 1 and node.options[0] is not None:
                node = node.options[0]
            else:
                return None
        return None

    def content(self, node: Node) -> SchemaFile:
        """Return where a text is: a literal of the program, or the file that it reads."""
        value = node
        if isinstance(value, Open) and len(value.options) == 1 and value.assumed:
            value = value.options[0] or value
        if isinstance(value, FileText):
            return self._file(value.path, node)
        if isinstance(value, Reference) and value.module.endswith((".graphql", ".gql", ".graphqls", ".sdl")):
            # A hook loads the file as a text.
            module = Path(self.file.path.parent, value.module)
            return SchemaFile(path=display_path(module), base=".", span=node.span)
        if isinstance(value, Scalar) and isinstance(value.value, str):
            from ..programs import inline_text

            if value.span is not None:
                text = inline_text(value)
                if text.text == value.text:
                    return SchemaFile(text=text, span=node.span)
            why = "it is put together of several texts"
            return SchemaFile(unresolved=Unresolved(written(node), why, node.span), span=node.span)
        if isinstance(value, Open):
            return SchemaFile(unresolved=Unresolved(value.text, _why(value), node.span), span=node.span)
        raise node.error(f"this must be a text, not {value.kind}")

    def _file(self, path: Node, node: Node) -> SchemaFile:
        if isinstance(path, Open) and len(path.options) == 1 and path.assumed and path.options[0] is not None:
            path = path.options[0]
        if isinstance(path, Scalar):
            return SchemaFile(path=path.text, base=self.base, span=node.span)
        why = path.why if isinstance(path, Open) else "its path is not a text"
        return SchemaFile(unresolved=Unresolved(written(node), why, node.span), span=node.span)

    def code(self, function: Resource) -> FunctionCode:
        """Return where the code of a Lambda function is."""

        def text(name: str) -> str | None:
            node = function.inputs.get(name)
            value = self.resolve(node).node if node is not None else None
            if isinstance(value, Reference):
                # ``aws.lambda.Runtime.NodeJS20dX``
                return "python" if value.name.lower().startswith("python") else "nodejs"
            return value.text if isinstance(value, Scalar) else None

        node = function.inputs.get("code")
        folder = _archive(node) if node is not None else None
        return archive_code(
            function.name, folder, text("handler"), text("runtime"), self.base, allow_outside=self.file.allow_outside
        )


def _kind(call: Call) -> str | None:
    """Return the kind of the resource that a call makes, or None."""
    callee = call.callee
    if not isinstance(callee, Reference) or callee.name.endswith(_ARGUMENTS):
        return None
    found = _CLASS.fullmatch(".".join((callee.module, *callee.path)))
    return f"{found[1].replace('_', '-')}:{found[2]}:{found[3]}" if found else None


def _plain(node: Node) -> Node:
    """Return the arguments that ``FooArgs(...)`` holds as the mapping that they are."""
    if isinstance(node, Call) and node.name.endswith(_ARGUMENTS) and not node.arguments:
        table = Table(dict(node.keywords.entries), dict(node.keywords.keys), node.span)
        table.more = node.keywords.more or node.more
        return _without_undefined(table)
    if isinstance(node, Table):
        return _without_undefined(node)
    if isinstance(node, (Function, Joined)):
        return Open(node.text, node.why, node.span, node.options, complete=node.complete, assumed=node.assumed)
    return node


def _without_undefined(table: Table) -> Table:
    """Leave out the properties that are undefined: they are not there for Pulumi."""
    gone = [key for key, item in table if isinstance(item, Scalar) and item.value is None]
    if not gone:
        return table
    entries = {key: item for key, item in table if key not in gone}
    kept = Table(entries, {key: table.keys[key] for key in entries if key in table.keys}, table.span)
    kept.more = table.more
    return kept


def _archive(node: Node, depth: int = 0) -> str | None:
    """Return the folder or file that an archive is made of."""
    if not isinstance(node, Call) or depth > MAX_DEPTH:
        return None
    argument = node.argument(0, "path") or node.argument(0, "assets")
    if node.name in ("FileArchive", "FileAsset"):
        return argument.text if isinstance(argument, Scalar) else None
    if node.name == "AssetArchive" and isinstance(argument, Table):
        inner = argument.get(".")
        return _archive(inner, depth + 1) if inner is not None else None
    return None


def _working_directory(program: Path) -> str:
    """Return the folder that a program runs in: the project's, where its project file is there."""
    folder = (Path.cwd() / program).parent
    for candidate in (folder, *list(folder.parents)[:5]):
        try:
            if any((candidate / name).is_file() for name in _PROJECTS):
                return display_path(candidate)
            if (candidate / ".git").exists():
                break
        except OSError:
            break
    return str(program.parent)


def _why(value: Open) -> str:
    return value.why or "the program works it out"
