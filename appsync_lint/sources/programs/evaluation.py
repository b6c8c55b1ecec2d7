"""Following a program: statements in their order, branches side by side, functions where they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ...authorizer import ir
from ...authorizer.javascript import ParserMissingError
from ...authorizer.modules import MAX_CHARACTERS, Files, language_of, lower
from ...authorizer.python import NotParsedError
from ...errors import InputError
from ...files import display_path, read_source
from ...text import SourceText, Span
from ...tree import Node, Open, Scalar, Sequence, Table
from ..places import project_folder
from .library import FUNCTIONS, METHODS, PROPERTIES, Arguments
from .nodes import Attribute, Call, FileText, Function, Joined, Program, Reference, Write
from .state import Flow, Memory, Scope, either, snapshot, undefined

__all__ = ["read_program"]

#: How many expressions and statements are followed, over all files of a program.
MAX_STEPS = 400_000
#: How deeply functions of the program are followed into each other, and expressions into themselves.
MAX_CALLS = 12
MAX_DEPTH = 120
#: A loop over a list of the program is followed item by item up to so many.
MAX_ITEMS = 40
MAX_TEXT = 2_000_000
_SHOWN = 60
#: What calls of these names take is not changed by them.
_HARMLESS = frozenset(
    "log warn error info debug print stringify dumps len str repr list tuple sorted keys values".split()
)


class _TooMuchError(Exception):
    """The program takes more steps than anybody should wait for."""


def read_program(source: SourceText, path: Path, *, allow_outside: bool = False) -> Program:
    """Follow a TypeScript, JavaScript or Python file, with what it imports of its own project.

    Raises :class:`InputError` for a file that cannot be parsed, for a missing parser and for a program that is
    too large to be followed.
    """
    language, _ = language_of(path.name)
    if language is None:
        raise InputError("is no TypeScript, JavaScript or Python", path=source.path)
    try:
        module = lower(source, language, path.name)
        root = Path(path.anchor) if allow_outside and path.is_absolute() else project_folder(path.parent)
        return _Evaluator(source, path.resolve(), module, root).program()
    except ParserMissingError:
        message = f"is {_NAMES[language]}; install its parser: pip install 'appsync-lint[js]'"
        raise InputError(message, path=source.path) from None
    except NotParsedError as error:
        raise InputError(f"cannot be parsed: {error}", path=source.path) from None
    except _TooMuchError:
        raise InputError("is too large a program to be followed", path=source.path) from None
    except RecursionError:
        raise InputError("is nested too deeply to be followed", path=source.path) from None


_NAMES = {"python": "Python", "javascript": "JavaScript", "typescript": "TypeScript"}


class _Class:
    """A class of the program: its definition with its bases worked out."""

    __slots__ = ("bases", "definition", "instances", "static")

    def __init__(self, definition: ir.ClassDefinition, bases: list[Node]) -> None:
        self.definition = definition
        self.bases = bases
        self.static = Table({}, {}, definition.span)
        self.instances: list[_Instance] = []

    def base(self) -> Node | None:
        return self.bases[0] if self.bases else None


class _Instance(Call):
    """An object of a class of the program; a construction of its base where that comes from elsewhere."""

    __slots__ = ("of",)

    def __init__(self, text: str, span: Span, of: Function) -> None:
        super().__init__(text, span, of, [], Table({}, {}, span), new=True)
        self.of = of


class _Frame:
    """A function that is being followed."""

    __slots__ = ("breaks", "name", "results", "returns", "self")

    def __init__(self, name: str, receiver: Node | None) -> None:
        self.name = name
        self.self = receiver
        self.results: list[Node] = []
        self.returns: list[dict] = []  # type: ignore[type-arg]
        self.breaks: list[list[dict]] = []  # type: ignore[type-arg]


class _Module:
    """A file of the program while it is followed."""

    __slots__ = ("path", "scope", "source", "tree")

    def __init__(self, source: SourceText, path: Path, tree: ir.Module, run: int) -> None:
        self.source = source
        self.path = path
        self.tree = tree
        self.scope = Scope(None, tree.body.names, run)


class _Evaluator:
    def __init__(self, source: SourceText, path: Path, tree: ir.Module, root: Path) -> None:
        self.source = source
        self.memory = Memory()
        self.files = Files(root, str(path))
        self.language = tree.language
        self.main = _Module(source, path, tree, 0)
        self.modules: dict[str, _Module | None] = {}
        self.of_source: dict[SourceText, _Module] = {source: self.main}
        self.sources: list[SourceText] = [source]
        self.calls: list[Call] = []
        self.writes: list[Write] = []
        self.created: list[Function] = []
        self.classes: list[_Class] = []
        self.followed: set[int] = set()
        self.keep: list[object] = []
        self.frames: list[_Frame] = [_Frame("", None)]
        self.muted = 0
        self.steps = 0
        self.depth = 0
        self.run = 0

    # The program.

    def program(self) -> Program:
        self.start(self.main)
        self.rest()
        exports = self.exports(self.main)
        return Program(
            self.language, tuple(self.calls), tuple(self.writes), exports, tuple(self.sources), self.returned
        )

    def returned(self, function: Node, *arguments: Node) -> Node:
        """Return what a function of the program returns."""
        if not isinstance(function, Function):
            return Open(function_text(function), "it is no function of this program", function.span)
        try:
            return self.invoke(function, list(arguments), {}, None, function.span)
        except (_TooMuchError, RecursionError):
            return Open(function.text, "it is too much to be followed", function.span)

    def start(self, module: _Module) -> None:
        scope = module.scope
        if module.tree.language == "javascript":
            exports = Table({}, {}, None)
            holder = Table({"exports": exports}, {}, None)
            scope.names |= {"module", "exports"}
            scope.values |= {"module": holder, "exports": exports}
        self.block(module.tree.body, scope)

    def exports(self, module: _Module) -> dict[str, Node]:
        found: dict[str, Node] = {}
        if module.tree.language == "python":
            return dict(module.scope.values)
        holder = module.scope.values.get("module")
        given = holder.get("exports") if isinstance(holder, Table) else None
        if given is not None and not (isinstance(given, Table) and not given.entries and given.more is None):
            found["default"] = given
            if isinstance(given, Table):
                found.update(given.entries)
        for exported, specifier, name in module.tree.reexports:
            target = self.imported_module(module, specifier, 0)
            if target is None:
                continue
            others = self.exports(target)
            if exported == "*":
                found.update({key: value for key, value in others.items() if key != "default"})
            elif name == "*":
                found[exported] = self.namespace(target)
            elif name in others:
                found[exported] = others[name]
        for exported, local in module.tree.exports.items():
            value = module.scope.values.get(local)
            if value is not None:
                found[exported] = value
        return found

    def namespace(self, module: _Module) -> Table:
        entries = self.exports(module)
        return Table(entries, {key: Scalar(key, key, value.span) for key, value in entries.items()}, None)

    def rest(self) -> None:
        """Follow the functions and classes that nobody calls: something outside does."""
        place = 0
        while place < len(self.created):
            function = self.created[place]
            place += 1
            if function.span is None or function.span.source is not self.source:
                continue
            if isinstance(function.definition, _Class):
                self.rest_of_class(function, function.definition)
            elif isinstance(function.definition, ir.Function) and id(function.definition) not in self.followed:
                self.run += 1
                self.invoke(function, [], {}, function.receiver, function.span, outside=True)

    def rest_of_class(self, function: Function, held: _Class) -> None:
        if not held.instances:
            self.run += 1
            self.construct(function, [], {}, function.span, outside=True)
        for member in held.definition.members:
            value = member.value
            if isinstance(value, ir.FunctionExpression) and id(value.function) not in self.followed:
                self.run += 1
                receiver: Node = function if member.is_static or member.class_method else held.instances[0]
                bound = self.function(value.function, function.scope, receiver, explicit=member.explicit_self)
                self.invoke(bound, [], {}, receiver, value.span, outside=True)

    # Other files.

    def imported_module(self, importer: _Module, specifier: str, level: int) -> _Module | None:
        path = self.files.resolve(str(importer.path), importer.tree.language, specifier, level)
        if path is None:
            return None
        if path not in self.modules:
            self.modules[path] = None
            tree = self.files.load(path)
            if tree is not None:
                source = tree.span.source
                module = _Module(source, Path(path), tree, self.run)
                self.modules[path] = module
                self.of_source[source] = module
                self.sources.append(source)
                self.start(module)
        return self.modules[path]

    def bind_import(self, node: ir.Import, scope: Scope) -> None:
        module = self.module_of(node.span)
        target = self.imported_module(module, node.specifier, node.level)
        if node.local is None:
            if target is not None:
                for name, value in self.exports(target).items():
                    self.memory.assign(scope, name, value)
            return
        first, _, inner = node.local.partition(".")
        if inner:
            self.memory.assign(scope, first, Reference(first, node.span, first, ()))
            return
        self.memory.assign(scope, node.local, self.imported(module, target, node))

    def imported(self, module: _Module, target: _Module | None, node: ir.Import) -> Node:
        local = node.local or node.imported
        if target is not None:
            if node.imported == "*":
                return self.namespace(target)
            found = self.exports(target).get(node.imported)
            if found is not None:
                return found
        elif module.tree.language == "javascript":
            data = self.data(module, node.specifier, node.span)
            if data is not None:
                return data
        if module.tree.language == "python" and node.level + bool(node.specifier):
            # `from . import constants`: a module of the package.
            joined = f"{node.specifier}.{node.imported}" if node.specifier else node.imported
            inner = self.imported_module(module, joined, node.level)
            if inner is not None:
                return self.namespace(inner)
        path = () if node.imported == "*" else (node.imported,)
        return Reference(local, node.span, node.specifier, path, node.level)

    def data(self, module: _Module, specifier: str, span: Span) -> Node | None:
        """Return what a relative import of a file of data gives."""
        if not specifier.startswith(".") or "\0" in specifier:
            return None
        path = module.path.parent / specifier
        suffix = path.suffix.lower()
        if suffix in {".graphql", ".gql", ".graphqls", ".sdl"}:
            return FileText(self.shown(span), span, Scalar(path.as_posix(), specifier, span))
        root = self.files.root
        if suffix != ".json" or root is None:
            return None
        from ..loader import load_tree

        try:
            if not path.is_file() or not path.resolve().is_relative_to(root):
                return None
            source = read_source(path)
            tree = load_tree(source)
        except (InputError, OSError, ValueError, RuntimeError):
            return None
        self.sources.append(source)
        return tree

    def module_of(self, span: Span) -> _Module:
        return self.of_source.get(span.source, self.main)

    # Statements.

    def step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise _TooMuchError

    def block(self, block: ir.Block, scope: Scope) -> Flow:
        for name, function in block.functions:
            scope.names.add(name)
            self.memory.assign(scope, name, self.function(function, scope, None))
        for statement in block.statements:
            flow = self.statement(statement, scope)
            if flow != "falls":
                return flow
        return "falls"

    def inner(self, block: ir.Block | None, scope: Scope, names: Iterable[str] = ()) -> Flow:
        if block is None:
            return "falls"
        declared = (*block.names, *names)
        return self.block(block, Scope(scope, declared, self.run) if declared or block.functions else scope)

    def statement(self, statement: ir.Statement, scope: Scope) -> Flow:
        self.step()
        match statement:
            case ir.Evaluate():
                self.value(statement.value, scope)
            case ir.If():
                return self.branch_on(statement, scope)
            case ir.Loop():
                return self.loop(statement, scope)
            case ir.Try():
                return self.attempt(statement, scope)
            case ir.Switch():
                return self.switch(statement, scope)
            case ir.Return():
                value = self.value(statement.value, scope) if statement.value is not None else undefined(statement.span)
                self.frames[-1].results.append(value)
                return "returns"
            case ir.Throw():
                if statement.value is not None:
                    self.value(statement.value, scope)
                return "throws"
            case ir.Break() | ir.Continue():
                return "breaks"
            case ir.Import():
                self.bind_import(statement, scope)
            case ir.Block():
                return self.inner(statement, scope)
            case ir.LabelledBlock():
                return self.loose(lambda: self.inner(statement.body, scope), statement.span)
        return "falls"

    def branch_on(self, statement: ir.If, scope: Scope) -> Flow:
        known = truth(self.value(statement.test, scope), self.language)
        if known is True:
            return self.inner(statement.then, scope)
        if known is False:
            return self.inner(statement.other, scope)
        runs: list[Callable[[], Flow]] = [
            lambda: self.inner(statement.then, scope),
            lambda: self.inner(statement.other, scope),
        ]
        return self.branches(runs, self.depends(statement.test.span))

    def branches(self, runs: list[Callable[[], Flow]], why: Open) -> Flow:
        """Follow several ways that the program can go from here, and go on in what they have in common."""
        ends = [self.memory.attempt(run) for run in runs]
        frame = self.frames[-1]
        for flow, left in ends:
            if flow == "returns":
                frame.returns.append(left)
            elif flow == "breaks" and frame.breaks:
                frame.breaks[-1].append(left)
        going = [left for flow, left in ends if flow == "falls"]
        if going:
            self.memory.join(going, why)
            return "falls"
        flows = {flow for flow, _ in ends}
        return "breaks" if "breaks" in flows else "returns" if "returns" in flows else "throws"

    def loose(self, run: Callable[[], Flow], span: Span) -> Flow:
        """Follow something that ``break`` leaves."""
        breaks: list[dict] = []  # type: ignore[type-arg]
        frame = self.frames[-1]
        frame.breaks.append(breaks)
        try:
            flow = run()
        finally:
            frame.breaks.pop()
        if breaks:
            self.memory.join(breaks, self.depends(span), unchanged=True)
            return "falls"
        return "falls" if flow == "breaks" else flow

    def loop(self, loop: ir.Loop, scope: Scope) -> Flow:
        own = Scope(scope, loop.names, self.run) if loop.names else scope
        iterable = self.value(loop.iterable, own) if loop.iterable is not None else None
        if isinstance(iterable, Sequence) and iterable.more is None and not loop.keys and len(iterable) <= MAX_ITEMS:
            return self.loose(lambda: self.each(loop, list(iterable.items), scope), loop.span)
        why = Open(self.shown(loop.span), "a loop decides it", loop.span)

        def round_() -> Flow:
            if loop.test is not None:
                self.value(loop.test, own)
            if loop.target is not None:
                self.assign(loop.target, why, own)
            flow = self.inner(loop.body, own)
            if loop.update is not None:
                self.value(loop.update, own)
            return flow

        # What a round changes, the next one finds changed.
        self.muted += 1
        try:
            _, left = self.memory.attempt(lambda: self.loose(round_, loop.span))
        finally:
            self.muted -= 1
        changed = {slot: _unknown_like(value, why) for slot, value in left.items()}
        self.memory.join([changed], why)  # type: ignore[list-item]
        runs: list[Callable[[], Flow]] = [lambda: self.loose(round_, loop.span), lambda: "falls"]
        flow = self.branches(runs, why)
        if loop.otherwise is not None:
            return self.inner(loop.otherwise, own)
        return flow

    def each(self, loop: ir.Loop, items: list[Node], scope: Scope) -> Flow:
        for item in items:
            own = Scope(scope, loop.names, self.run) if loop.names else scope
            if loop.target is not None:
                self.assign(loop.target, item, own)
            flow = self.loose(lambda own=own: self.inner(loop.body, own), loop.span)  # type: ignore[misc]
            if flow != "falls":
                return flow
        return self.inner(loop.otherwise, scope)

    def attempt(self, statement: ir.Try, scope: Scope) -> Flow:
        def body() -> Flow:
            flow = self.inner(statement.body, scope)
            return self.inner(statement.otherwise, scope) if flow == "falls" else flow

        def handler(catch: ir.Catch) -> Callable[[], Flow]:
            def run() -> Flow:
                own = Scope(scope, (), self.run)
                if catch.target is not None:
                    self.assign(catch.target, Open(self.shown(catch.span), "it is an exception", catch.span), own)
                return self.inner(catch.body, own)

            return run

        if statement.catches:
            runs = [body, *(handler(catch) for catch in statement.catches)]
            why = Open(self.shown(statement.span), "it depends on whether something fails", statement.span)
            flow = self.branches(runs, why)
        else:
            flow = body()
        final = self.inner(statement.finalizer, scope)
        return flow if final == "falls" else final

    def switch(self, statement: ir.Switch, scope: Scope) -> Flow:
        own = Scope(scope, statement.names, self.run)
        subject = self.value(statement.subject, own)
        cases = statement.cases
        for index, case in enumerate(cases):
            if case.test is not None and same(subject, self.value(case.test, own)) is True:
                return self.loose(lambda: self.cases(cases[index:], own), statement.span)
        runs: list[Callable[[], Flow]] = [
            lambda index=index: self.loose(lambda: self.cases(cases[index:], own), statement.span)  # type: ignore[misc]
            for index in range(min(len(cases), MAX_ITEMS))
        ]
        if all(case.test is not None for case in cases):
            runs.append(lambda: "falls")
        return self.branches(runs, self.depends(statement.span)) if runs else "falls"

    def cases(self, cases: tuple[ir.Case, ...], scope: Scope) -> Flow:
        for case in cases:
            flow = self.block(case.body, scope)
            if flow != "falls":
                return flow
        return "falls"

    # Targets.

    def assign(self, target: ir.Pattern, value: Node, scope: Scope) -> None:
        self.step()
        match target:
            case ir.NamePattern():
                holder = scope.holder(target.id) or self.module_of(target.span).scope
                self.memory.assign(holder, target.id, value)
            case ir.MemberPattern():
                self.assign_member(self.value(target.object, scope), self.value(target.key, scope), value)
            case ir.ObjectPattern():
                taken = []
                for entry in target.entries:
                    key = self.value(entry.key, scope) if entry.key is not None else undefined(target.span)
                    taken.append(key.text if isinstance(key, Scalar) else "")
                    self.assign(entry.target, self.defaulted(self.item(value, key, key.span), entry, scope), scope)
                if target.rest is not None:
                    self.assign(target.rest, self.without(value, taken), scope)
            case ir.ArrayPattern():
                for index, part in enumerate(target.entries):
                    if part is not None:
                        key = Scalar(index, str(index), target.span)
                        item = self.item(value, key, target.span)
                        self.assign(part.target, self.defaulted(item, part, scope), scope)
                if target.rest is not None:
                    self.assign(
                        target.rest, Open(self.shown(target.span), "it is a part of a list", target.span), scope
                    )

    def defaulted(self, value: Node, entry: ir.PatternEntry, scope: Scope) -> Node:
        if entry.default is None:
            return value
        if isinstance(value, Scalar) and value.value is None:
            return self.value(entry.default, scope)
        if isinstance(value, Open) and not isinstance(value, Call | Reference | Function):
            return self.with_default(value, self.value(entry.default, scope), value.span)
        return value

    def without(self, value: Node, taken: list[str]) -> Node:
        if not isinstance(value, Table):
            return value
        rest = Table({}, {}, value.span)
        for key, item in value.entries.items():
            if key not in taken:
                rest.entries[key], rest.keys[key] = item, value.keys.get(key, Scalar(key, key, item.span))
        rest.more = value.more
        return rest

    def assign_member(self, holder: Node, key: Node, value: Node) -> None:
        if isinstance(holder, Call | Attribute) and not self.muted and isinstance(key, Scalar):
            if key.span is None or key.span.source is self.source:
                self.writes.append(Write(holder, key.text, snapshot(value), key.span, self.memory.conditional))
        if isinstance(holder, Call):
            holder = holder.fields
        elif isinstance(holder, Function) and isinstance(holder.definition, _Class):
            holder = holder.definition.static
        if isinstance(holder, Table):
            if isinstance(key, Scalar):
                self.memory.set_entry(holder, key.text, value)
            else:
                self.memory.open_entries(holder, Open(self.shown(key.span), "a computed key is set", key.span))
        elif isinstance(holder, Sequence):
            index = key.value if isinstance(key, Scalar) else None
            if isinstance(index, int) and 0 <= index < len(holder):
                items = list(holder.items)
                items[index] = value
                self.memory.set_items(holder, items, holder.more)
            else:
                self.memory.set_items(holder, holder.items, Open(self.shown(key.span), "an item is set", key.span))
        elif type(holder) is Open:
            for option in holder.options:
                if isinstance(option, Table | Sequence):
                    self.forget(option, Open(self.shown(value.span), "it may be changed", value.span))

    def forget(self, node: Node, why: Open) -> None:
        """Take what an object or list holds for what somebody else may have changed."""
        if isinstance(node, Table):
            for key, item in list(node.entries.items()):
                if not isinstance(item, Open):
                    self.memory.set_entry(node, key, Open(why.text, why.why, why.span, (item,)))
            self.memory.open_entries(node, why)
        elif isinstance(node, Sequence):
            self.memory.set_items(node, node.items, node.more or why)

    # Functions and classes.

    def function(
        self, definition: ir.Function, scope: object, receiver: Node | None, *, explicit: bool = False
    ) -> Function:
        function = Function(self.shown(definition.span), definition.span, definition, scope, receiver)
        function.tag = "method" if explicit else None
        self.created.append(function)
        self.keep.append(definition)
        return function

    def invoke(
        self,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        receiver: Node | None,
        span: Span | None,
        *,
        outside: bool = False,
        more: Open | None = None,
    ) -> Node:
        definition, scope = function.definition, function.scope
        if isinstance(definition, _Class):
            return self.construct(function, arguments, keywords, span, more=more)
        assert isinstance(definition, ir.Function)
        assert isinstance(scope, Scope)
        if len(self.frames) > MAX_CALLS:
            return Open(self.shown(span), "functions call each other too deeply", span)
        if self.muted == 0:
            self.followed.add(id(definition))
        own = Scope(scope, (), self.run)
        if not definition.arrow:
            own.names.add("this")
            own.values["this"] = receiver or Open("this", "it is whatever the function is called on", span)
        if function.tag == "method" and receiver is not None:
            arguments = [receiver, *arguments]
        frame = _Frame(definition.name or "a function", receiver)
        self.frames.append(frame)
        try:
            unknown = more if more is not None else Open("", "", span) if outside else None
            self.parameters(definition, arguments, keywords, own, unknown)
            body = definition.body.block
            own.names.update(body.names)
            flow = self.block(body, own)
        finally:
            self.frames.pop()
        if frame.returns:
            why = Open(self.shown(definition.span), f"it depends on where {frame.name} returns", definition.span)
            self.memory.join(frame.returns, why, unchanged=True)
        results: list[Node | None] = list(frame.results)
        if flow == "falls" or not results:
            results.append(None)
        if definition.is_generator:
            return Open(self.shown(span), f"{frame.name} makes it step by step", span)
        return either(results, Open(self.shown(span), f"it depends on what {frame.name} returns", span))

    def parameters(
        self,
        definition: ir.Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        scope: Scope,
        unknown: Open | None,
    ) -> None:
        given = list(arguments)
        left = dict(keywords)
        for parameter in definition.parameters:
            names = list(pattern_names(parameter.target))
            scope.names.update(names)
            target = parameter.target
            name = names[0] if isinstance(target, ir.NamePattern) else ""
            span = target.span
            value: Node | None
            if parameter.kind == "rest":
                rest = Sequence(given, span)
                rest.more = Open(name, f"it is a parameter of {definition.name}", span) if unknown else None
                value, given = rest, []
            elif parameter.kind == "keywords":
                table = Table(left, {key: Scalar(key, key, item.span) for key, item in left.items()}, span)
                table.more = Open(name, f"it is a parameter of {definition.name}", span) if unknown else None
                value, left = table, {}
            elif given and parameter.kind == "plain":
                value = given.pop(0)
            else:
                value = left.pop(name, None)
            if value is None or (isinstance(value, Scalar) and value.value is None and self.language == "javascript"):
                value = self.missing(definition, parameter, name, scope, unknown)
            self.assign(target, value, scope)

    def missing(
        self, definition: ir.Function, parameter: ir.Parameter, name: str, scope: Scope, unknown: Open | None
    ) -> Node:
        default = self.value(parameter.default, scope) if parameter.default is not None else None
        span = parameter.target.span
        if unknown is None:
            return default if default is not None else undefined(span)
        shown = name or self.shown(span)
        opened = Open(shown, f"it is a parameter of {definition.name or 'a function'}", span)
        return opened if default is None else self.with_default(opened, default, span)

    def with_default(self, value: Open, default: Node, span: Span | None) -> Node:
        """Return a value that somebody may give, and what it is where nobody does."""
        if type(value) is Open and value.options:
            if value.complete:
                options = [option for option in value.options if option is not None]
                if len(options) < len(value.options):
                    options.append(default)
                return either(list(options), Open(value.text, value.why, span))
            return value
        if isinstance(default, Open) and not isinstance(default, Reference | Call | Function):
            return Open(value.text, value.why, span, default.options, assumed=(value.text, *default.assumed))
        return Open(value.text, value.why, span, (default,), assumed=(value.text,))

    def class_value(self, definition: ir.ClassDefinition, scope: Scope) -> Function:
        held = _Class(definition, [self.value(base, scope) for base in definition.bases])
        function = Function(self.shown(definition.span), definition.span, held, scope, None)
        self.classes.append(held)
        self.created.append(function)
        for member in definition.members:
            if member.is_static and member.kind == "field" and member.value is not None:
                value = self.value(member.value, scope)
                held.static.entries[member.name] = value
                held.static.keys[member.name] = Scalar(member.name, member.name, value.span)
        return function

    def construct(
        self,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        span: Span | None,
        *,
        outside: bool = False,
        more: Open | None = None,
    ) -> Node:
        held = function.definition
        assert isinstance(held, _Class)
        if len(self.frames) > MAX_CALLS or span is None:
            return Open(self.shown(span), "functions call each other too deeply", span)
        instance = _Instance(self.shown(span), span, function)
        if self.muted == 0:
            held.instances.append(instance)
        unknown = more if more is not None else Open("", "", span) if outside else None
        if held.definition.record:
            self.record(held, instance, arguments, keywords, unknown)
        self.initialize(instance, function, arguments, keywords, unknown, span)
        return instance

    def record(
        self, held: _Class, instance: _Instance, arguments: list[Node], keywords: dict[str, Node], unknown: Open | None
    ) -> None:
        given = list(arguments)
        for member in held.definition.members:
            if member.kind == "field":
                value = given.pop(0) if given else keywords.get(member.name)
                if value is None and unknown is not None:
                    value = Open(member.name, f"it is a field of {held.definition.name}", instance.span)
                if value is not None:
                    self.memory.set_entry(instance.fields, member.name, value)

    def initialize(
        self,
        instance: _Instance,
        function: Function,
        arguments: list[Node],
        keywords: dict[str, Node],
        unknown: Open | None,
        span: Span | None,
    ) -> None:
        """Run the constructor of a class, or that of its base, on an object."""
        held = function.definition
        assert isinstance(held, _Class)
        members = {member.name: member for member in held.definition.members if member.kind == "method"}
        own = members.get("constructor" if self.language == "javascript" else "__init__")
        base = held.base()
        if own is None or base is None:
            self.fields(instance, function, None)
        if own is None:
            if base is not None:
                self.initialize_base(instance, base, arguments, keywords, unknown, span)
            return
        assert isinstance(own.value, ir.FunctionExpression)
        bound = self.function(own.value.function, function.scope, instance, explicit=own.explicit_self)
        scope = Scope(bound.scope if isinstance(bound.scope, Scope) else None, ("super#",), self.run)
        scope.values["super#"] = base if base is not None else undefined(span)
        bound.scope = scope
        bound.receiver = instance
        scope.names.add("class#")
        scope.values["class#"] = function
        self.invoke(bound, arguments, keywords, instance, span, outside=unknown is not None, more=unknown)

    def fields(self, instance: _Instance, function: Function, scope: Scope | None) -> None:
        """Set the fields that a class gives its objects."""
        held = function.definition
        assert isinstance(held, _Class)
        assert isinstance(function.scope, Scope)
        own = Scope(function.scope, ("this",), self.run)
        own.values["this"] = instance
        for member in held.definition.members:
            if member.kind == "field" and not member.is_static and member.value is not None:
                value: Node | None
                if isinstance(member.value, ir.Name) and member.value.id.startswith("="):
                    value = scope.values.get(member.value.id[1:]) if scope is not None else None
                elif member.name in instance.fields and held.definition.record:
                    value = None
                else:
                    value = self.value(member.value, own)
                if value is not None:
                    self.memory.set_entry(instance.fields, member.name, value)

    def initialize_base(
        self,
        instance: _Instance,
        base: Node,
        arguments: list[Node],
        keywords: dict[str, Node],
        unknown: Open | None,
        span: Span | None,
    ) -> None:
        if isinstance(base, Function) and isinstance(base.definition, _Class):
            if len(self.frames) <= MAX_CALLS:
                self.initialize(instance, base, arguments, keywords, unknown, span)
            return
        instance.callee = base
        instance.arguments = [snapshot(item) for item in arguments]
        instance.keywords = self.keyword_table(keywords, span)
        instance.more = unknown
        self.remember(instance)

    def keyword_table(self, keywords: dict[str, Node], span: Span | None) -> Table:
        table = Table({}, {}, span)
        for key, value in keywords.items():
            table.entries[key] = snapshot(value)
            table.keys[key] = Scalar(key, key, value.span)
        return table

    def remember(self, call: Call) -> None:
        call.conditional = call.conditional or self.memory.conditional
        if not self.muted and call.span is not None and call.span.source is self.source:
            self.calls.append(call)

    # Expressions.

    def shown(self, span: Span | None) -> str:
        if span is None:
            return ""
        text = span.source.text[span.start_offset : min(span.end_offset, span.start_offset + _SHOWN * 8)]
        text = " ".join(text.split())
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"

    def depends(self, span: Span) -> Open:
        shown = self.shown(span)
        return Open(shown, f"it depends on {shown}", span)

    def value(self, expression: ir.Expression, scope: Scope) -> Node:
        self.step()
        if self.depth > MAX_DEPTH:
            return Open(self.shown(expression.span), "it is nested too deeply", expression.span)
        self.depth += 1
        try:
            return self.evaluate(expression, scope)
        finally:
            self.depth -= 1

    def evaluate(self, node: ir.Expression, scope: Scope) -> Node:
        span = node.span
        match node:
            case ir.Constant():
                return self.constant(node)
            case ir.Name():
                return self.name(node, scope)
            case ir.Member():
                return self.member(node, scope)
            case ir.Index():
                return self.item(self.value(node.object, scope), self.value(node.index, scope), span)
            case ir.Call():
                return self.call(node, scope)
            case ir.ObjectDisplay():
                return self.object(node, scope)
            case ir.ListDisplay():
                items, more = self.listed(node.items, scope)
                sequence = Sequence(items, span)
                sequence.more = more
                return sequence
            case ir.Template():
                return self.joined([self.value(part, scope) for part in node.parts], span)
            case ir.Binary():
                return self.binary(node, scope)
            case ir.Unary():
                return self.unary(node, scope)
            case ir.Logical():
                return self.logical(node, scope)
            case ir.Conditional():
                return self.conditional(node, scope)
            case ir.FunctionExpression():
                receiver = None
                return self.function(node.function, scope, receiver)
            case ir.ClassDefinition():
                return self.class_value(node, scope)
            case ir.Await():
                return self.value(node.operand, scope)
            case ir.Yield():
                self.value(node.operand, scope)
            case ir.Assign():
                return self.assignment(node, scope)
            case ir.Comprehension():
                return self.comprehension(node, scope)
            case ir.Sequence():
                values = [self.value(item, scope) for item in node.expressions]
                return values[-1] if values else undefined(span)
            case ir.ImportCall():
                return self.required(node)
            case ir.Unknown():
                for part in node.parts:
                    self.value(part, scope)
        return Open(self.shown(span), f"it is what {self.shown(span)} gives", span)

    def constant(self, node: ir.Constant) -> Node:
        value = node.value
        if isinstance(value, ir.Undefined):
            return undefined(node.span)
        if isinstance(value, bytes):
            return Scalar(value.decode(errors="replace"), value.decode(errors="replace"), node.span)
        text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
        return Scalar(value, text if value is not None else "null", node.span)

    def name(self, node: ir.Name, scope: Scope) -> Node:
        holder = scope.holder(node.id)
        if holder is not None:
            history = holder.history.get(node.id, ())
            if holder.run != self.run and len(history) > 1:
                return either(list(history), Open(node.id, f"{node.id} is set in several places", node.span))
            found = holder.values.get(node.id)
            if found is not None:
                return found
            if self.language == "python":
                return Open(node.id, f"{node.id} is set somewhere else", node.span)
            return undefined(node.span)
        module = self.module_of(node.span)
        if node.id in {"__dirname", "__file__", "__filename"}:
            path = module.path.parent if node.id == "__dirname" else module.path
            return Scalar(path.absolute().as_posix(), node.id, node.span, "path")
        return Reference(node.id, node.span, "", (node.id,))

    def required(self, node: ir.ImportCall) -> Node:
        module = self.module_of(node.span)
        target = self.imported_module(module, node.specifier, 0)
        if target is not None:
            found = self.exports(target)
            return found["default"] if "default" in found and not target.tree.exports else self.namespace(target)
        return self.data(module, node.specifier, node.span) or Reference(node.specifier, node.span, node.specifier, ())

    def member(self, node: ir.Member, scope: Scope) -> Node:
        if isinstance(node.object, ir.Unknown) and node.object.span.text == "import.meta":
            path = self.module_of(node.span).path.absolute()
            if node.key in {"dirname", "dir"}:
                return Scalar(path.parent.as_posix(), node.key, node.span, "path")
            if node.key in {"url", "filename", "path"}:
                return Scalar(path.as_posix(), node.key, node.span, "path")
        return self.attribute(self.value(node.object, scope), node.key, node.span)

    def item(self, holder: Node, key: Node, span: Span | None) -> Node:
        if isinstance(holder, Sequence) and isinstance(key, Scalar) and isinstance(key.value, int):
            index = key.value
            if -len(holder) <= index < len(holder) and (index >= 0 or holder.more is None):
                return holder.items[index]
            if holder.more is None:
                return undefined(span)
        elif isinstance(holder, Sequence) and not isinstance(key, Scalar) and holder.more is None and holder.items:
            return either(list(holder.items), self.depends(key.span or span))  # type: ignore[arg-type]
        elif isinstance(key, Scalar) and key.value is not None:
            return self.attribute(holder, key.text, span, indexed=True)
        elif isinstance(holder, Table) and holder.more is None and key.span is not None:
            why = self.depends(key.span)
            return either([*holder.entries.values(), None], why) if len(holder.entries) <= MAX_ITEMS else why
        return Open(self.shown(span), f"it is what {self.shown(span)} gives", span)

    def attribute(self, holder: Node, key: str, span: Span | None, *, indexed: bool = False) -> Node:
        text = self.shown(span)
        if isinstance(holder, Reference):
            return self.of_reference(holder, key, text, span)
        if isinstance(holder, Table):
            return self.of_table(holder, key, text, span, indexed=indexed)
        if isinstance(holder, Call):
            found = holder.fields.get(key)
            if found is not None:
                return found
            if isinstance(holder, _Instance):
                found = self.method(holder.of, key, holder)
                if found is not None:
                    return found
        elif isinstance(holder, Function) and isinstance(holder.definition, _Class):
            found = holder.definition.static.get(key) or self.method(holder, key, holder)
            if found is not None:
                return found
        elif isinstance(holder, Sequence) and key == "length" and holder.more is None:
            return Scalar(len(holder), str(len(holder)), span)
        elif isinstance(holder, Scalar):
            known = PROPERTIES.get(key)
            found = known(holder, span) if known is not None and holder.tag == "path" else None
            if found is not None:
                return found
        elif type(holder) is Open and holder.options and (holder.complete or holder.assumed):
            options = [None if option is None else self.attribute(option, key, span) for option in holder.options]
            if holder.complete:
                return either(options, Open(text, holder.why, span))
            if options[0] is not None and not isinstance(options[0], Attribute):
                return Open(text, holder.why, span, (options[0],), assumed=holder.assumed)
        why = (
            holder.why if isinstance(holder, Open) and type(holder) in (Open, Attribute) else f"it is what {text} gives"
        )
        return Attribute(text, why, span, holder, key)

    def of_reference(self, holder: Reference, key: str, text: str, span: Span | None) -> Node:
        found = holder.attribute(key, text, span)
        if _canonical(holder) in {"process.env", "os.environ"}:
            return Open(text, f"it is the environment variable {key}", span)
        return found

    def of_table(self, holder: Table, key: str, text: str, span: Span | None, *, indexed: bool) -> Node:
        found = holder.get(key)
        if found is not None:
            if isinstance(found, Function) and found.receiver is None:
                found.receiver = holder
            return found
        if self.language == "javascript" or indexed:
            if holder.more is None and key not in METHODS:
                return undefined(span)
        why = holder.more.why if holder.more is not None else f"it is what {text} gives"
        return Attribute(text, why, span, holder, key)

    def method(self, function: Function, key: str, receiver: Node) -> Node | None:
        """Return a method of a class or of its bases; a getter's value."""
        seen = 0
        current: Node | None = function
        while isinstance(current, Function) and isinstance(current.definition, _Class) and seen < MAX_CALLS:
            held = current.definition
            static = held.static.get(key)
            if static is not None and isinstance(receiver, _Instance) and self.language == "python":
                return static
            for member in held.definition.members:
                if member.name == key and isinstance(member.value, ir.FunctionExpression) and member.kind != "setter":
                    bound_to = None if member.explicit_self and member.is_static else receiver
                    if member.explicit_self and receiver is current and not member.class_method:
                        bound_to = None
                    scope = Scope(current.scope if isinstance(current.scope, Scope) else None, ("super#",), self.run)
                    scope.values["super#"] = held.base() or undefined(None)
                    bound = Function(
                        self.shown(member.value.span), member.value.span, member.value.function, scope, bound_to
                    )
                    bound.tag = "method" if member.explicit_self else None
                    if member.kind == "getter":
                        return self.invoke(bound, [], {}, receiver, member.value.span)
                    return bound
            current = held.base()
            seen += 1
        return None

    def object(self, node: ir.ObjectDisplay, scope: Scope) -> Table:
        table = Table({}, {}, node.span)
        repeated: list[Scalar] = []
        for entry in node.entries:
            value = self.value(entry.value, scope)
            if entry.key is None:
                self.spread(table, value)
                continue
            key = self.value(entry.key, scope)
            if not isinstance(key, Scalar):
                table.more = Open(self.shown(key.span), "a key is computed", key.span)
                continue
            if isinstance(value, Function) and value.receiver is None:
                value.receiver = table
            table.entries[key.text] = value
            table.keys[key.text] = Scalar(key.text, key.text, key.span)
        table.repeated = tuple(repeated)
        return table

    def spread(self, table: Table, value: Node) -> None:
        """Add the keys of a value to an object that is being made."""
        if isinstance(value, Table):
            for key, item in value.entries.items():
                table.entries[key] = item
                table.keys[key] = value.keys.get(key, Scalar(key, key, item.span))
            if value.more is not None:
                self.overwritable(table, value.more)
            return
        if isinstance(value, Scalar) and not value.text.strip("{}") or isinstance(value, Scalar):
            return
        options = value.options if type(value) is Open else ()
        if (
            isinstance(value, Open)
            and value.complete
            and all(o is None or isinstance(o, Table | Scalar) for o in options)
        ):
            tables = [option for option in options if isinstance(option, Table)]
            for key in dict.fromkeys(key for option in tables for key in option.entries):
                before = table.get(key)
                values = [option.get(key) or before if isinstance(option, Table) else before for option in options]
                table.entries[key] = either(list(values), Open(value.text, value.why, value.span))
                table.keys.setdefault(key, Scalar(key, key, value.span))
            more = next((option.more for option in tables if option.more is not None), None)
            if more is not None:
                self.overwritable(table, more)
            return
        why = value if isinstance(value, Open) else Open(self.shown(value.span), "it is no object", value.span)
        self.overwritable(table, Open(why.text, why.why, why.span))

    def overwritable(self, table: Table, why: Open) -> None:
        """Say that a spread of something unknown may bring keys, those that are there already included."""
        for key, item in table.entries.items():
            table.entries[key] = Open(why.text, why.why, why.span, (item,))
        table.more = why

    def listed(self, items: Iterable[ir.Argument], scope: Scope) -> tuple[list[Node], Open | None]:
        found: list[Node] = []
        more: Open | None = None
        for item in items:
            value = self.value(item.value, scope)
            if not item.spread:
                found.append(value)
            elif isinstance(value, Sequence):
                found += value.items
                more = more or value.more
            elif (
                type(value) is Open
                and value.complete
                and all(isinstance(o, Sequence) or o is None or isinstance(o, Scalar) for o in value.options)
            ):
                found += self.optional_items(value)
            else:
                more = more or Open(self.shown(value.span), value.why if isinstance(value, Open) else "", value.span)
        return found, more

    def optional_items(self, value: Open) -> Iterator[Node]:
        lists = [list(option.items) if isinstance(option, Sequence) else [] for option in value.options]
        why = Open(value.text, value.why, value.span)
        for index in range(max((len(items) for items in lists), default=0)):
            yield either([items[index] if index < len(items) else None for items in lists], why)

    def joined(self, parts: list[Node], span: Span | None) -> Node:
        flat: list[Node] = []
        for part in parts:
            flat += part.parts if isinstance(part, Joined) else [part]
        if all(isinstance(part, Scalar) for part in flat):
            text = "".join(_as_text(part) for part in flat if isinstance(part, Scalar))
            if len(text) > MAX_TEXT:
                raise _TooMuchError
            single = flat[0] if len(flat) == 1 else None
            tag = "path" if any(part.tag == "path" for part in flat) else None
            if isinstance(single, Scalar) and isinstance(single.value, str):
                return Scalar(text, text, span, tag)
            return Scalar(text, text, span, tag)
        left = next(part for part in flat if not isinstance(part, Scalar))
        why = left.why if isinstance(left, Open) else f"it holds {self.shown(left.span)}"
        if len(flat) == 1 and isinstance(left, Open):
            return left
        options = left.options if type(left) is Open else ()
        if (
            options
            and isinstance(left, Open)
            and (left.complete or left.assumed)
            and sum(not isinstance(p, Scalar) for p in flat) == 1
        ):
            texts = [
                self.joined([option if part is left and option is not None else part for part in flat], span)
                for option in options
                if option is not None
            ]
            if all(isinstance(text, Scalar) for text in texts) and None not in options:
                return Open(self.shown(span), why, span, tuple(texts), complete=left.complete, assumed=left.assumed)
        return Joined(self.shown(span), why, span, tuple(flat))

    def binary(self, node: ir.Binary, scope: Scope) -> Node:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        span = node.span
        if node.operator == "==":
            equal = same(left, right)
            if equal is not None:
                return Scalar(equal, str(equal).lower(), span)
        elif node.operator == "+":
            if isinstance(left, Sequence) and isinstance(right, Sequence):
                result = Sequence([*left.items, *right.items], span)
                result.more = left.more or right.more
                return result
            if not (_is_number(left) and _is_number(right)):
                if isinstance(left, Scalar | Joined | FileText) or isinstance(right, Scalar | Joined | FileText):
                    return self.joined([left, right], span)
        elif node.operator == "|" and isinstance(left, Table) and isinstance(right, Table):
            merged = Table({}, {}, span)
            self.spread(merged, left)
            self.spread(merged, right)
            return merged
        elif node.operator == "/" and isinstance(left, Scalar) and isinstance(left.value, str):
            return self.library("path.join", left, [left, right], {}, span) or self.opened(span)
        if isinstance(left, Scalar) and isinstance(right, Scalar) and _is_number(left) and _is_number(right):
            number = _arithmetic(node.operator, left.value, right.value)  # type: ignore[arg-type]
            if number is not None:
                return Scalar(number, str(number), span)
        return self.opened(span)

    def opened(self, span: Span | None) -> Open:
        return Open(self.shown(span), f"it is what {self.shown(span)} gives", span)

    def unary(self, node: ir.Unary, scope: Scope) -> Node:
        operand = self.value(node.operand, scope)
        if node.operator == "not":
            known = truth(operand, self.language)
            if known is not None:
                return Scalar(not known, str(not known).lower(), node.span)
        elif node.operator in {"-", "+"} and isinstance(operand, Scalar) and _is_number(operand):
            value = operand.value
            assert isinstance(value, int | float)
            number = -value if node.operator == "-" else value
            return Scalar(number, str(number), node.span)
        elif node.operator == "void":
            return undefined(node.span)
        elif node.operator == "delete":
            self.delete(node.operand, scope)
        return self.opened(node.span)

    def delete(self, target: ir.Expression, scope: Scope) -> None:
        if isinstance(target, ir.Member):
            key: Node = Scalar(target.key, target.key, target.span)
        elif isinstance(target, ir.Index):
            key = self.value(target.index, scope)
        else:
            return
        holder = self.value(target.object, scope)
        if isinstance(holder, Table) and isinstance(key, Scalar):
            self.memory.set_entry(holder, key.text, undefined(target.span))
        else:
            self.forget(holder, self.opened(target.span))

    def logical(self, node: ir.Logical, scope: Scope) -> Node:
        left = self.value(node.left, scope)
        known = truth(left, self.language)
        if node.operator == "??":
            known = None if isinstance(left, Open) and type(left) not in (Function, FileText) else not _is_null(left)
        if known is True:
            return self.value(node.right, scope) if node.operator == "and" else left
        if known is False:
            return left if node.operator == "and" else self.value(node.right, scope)
        right: list[Node] = []

        def other() -> Flow:
            right.append(self.value(node.right, scope))
            return "falls"

        self.branches([other, lambda: "falls"], self.depends(node.left.span))
        if node.operator == "and":
            return either([right[0], None], self.depends(node.left.span))
        assert isinstance(left, Open)
        return self.with_default(left, right[0], node.span)

    def conditional(self, node: ir.Conditional, scope: Scope) -> Node:
        known = truth(self.value(node.test, scope), self.language)
        if known is not None:
            return self.value(node.then if known else node.other, scope)
        values: list[Node] = []

        def run(part: ir.Expression) -> Callable[[], Flow]:
            def follow() -> Flow:
                values.append(self.value(part, scope))
                return "falls"

            return follow

        why = self.depends(node.test.span)
        self.branches([run(node.then), run(node.other)], why)
        return either(list(values), why)

    def assignment(self, node: ir.Assign, scope: Scope) -> Node:
        if node.operator is None:
            value = self.value(node.value, scope)
        else:
            target: ir.Expression
            match node.target:
                case ir.NamePattern():
                    target = ir.Name(node.target.id, node.target.span)
                case ir.MemberPattern():
                    target = ir.Index(node.target.object, node.target.key, node.target.span)
                case _:
                    return self.opened(node.span)
            if node.operator in {"and", "or", "??"}:
                value = self.value(ir.Logical(node.operator, target, node.value, node.span), scope)  # type: ignore[arg-type]
                if node.operator == "and":
                    value = either([value, self.value(target, scope)], self.depends(node.span))
            else:
                value = self.value(ir.Binary(node.operator, target, node.value, node.span), scope)
                held = self.value(target, scope)
                if isinstance(held, Sequence) and isinstance(value, Sequence):
                    # Python's += changes the list itself.
                    self.memory.set_items(held, value.items, value.more)
                    return held
        self.assign(node.target, value, scope)
        return value

    def comprehension(self, node: ir.Comprehension, scope: Scope) -> Node:
        result = Sequence([], node.span)
        if len(node.loops) == 1 and node.key is None:
            pattern, iterable, conditions = node.loops[0]
            items = self.value(iterable, scope)
            if isinstance(items, Sequence) and not conditions and len(items) <= MAX_ITEMS:
                for item in items:
                    own = Scope(scope, node.names, self.run)
                    self.assign(pattern, item, own)
                    result.items.append(self.value(node.value, own))
                result.more = items.more
                return result
        own = Scope(scope, node.names, self.run)
        self.memory.attempt(lambda: self.rounds(node, own))
        return self.opened(node.span)

    def rounds(self, node: ir.Comprehension, scope: Scope) -> Flow:
        for pattern, iterable, conditions in node.loops:
            self.value(iterable, scope)
            self.assign(pattern, self.opened(iterable.span), scope)
            for condition in conditions:
                self.value(condition, scope)
        self.value(node.value, scope)
        return "falls"

    # Calls.

    def call(self, node: ir.Call, scope: Scope) -> Node:
        if isinstance(node.callee, ir.Name) and node.callee.id == "super":
            return self.super_call(node, scope)
        callee, receiver = self.callee(node.callee, scope)
        arguments, keywords, more = self.arguments(node, scope)
        if isinstance(callee, Function):
            if callee.receiver is not None and callee.tag == "method":
                receiver = callee.receiver
            result = self.invoke(callee, arguments, keywords, receiver or callee.receiver, node.span, more=more)
            return result
        if not node.new or self.language == "python" or _canonical(callee) in FUNCTIONS:
            known = self.known(node, callee, receiver, arguments, keywords, more)
            if known is not None:
                return known
        call = Call(
            self.shown(node.span),
            node.span,
            callee,
            [snapshot(item) for item in arguments],
            self.keyword_table(keywords, node.span),
            new=node.new,
            more=more,
        )
        self.remember(call)
        if not node.new and self.language == "javascript" and call.name not in _HARMLESS:
            self.expose(arguments, node.span)
        if isinstance(receiver, Table | Sequence) and isinstance(callee, Attribute):
            self.forget(receiver, Open(self.shown(node.span), f"{callee.key} may change it", node.span))
        return call

    def callee(self, node: ir.Expression, scope: Scope) -> tuple[Node, Node | None]:
        """Return what is called, and what it is a method of."""
        if isinstance(node, ir.Member) and isinstance(node.object, ir.Call):
            inner = node.object.callee
            if isinstance(inner, ir.Name) and inner.id == "super":
                return self.super_method(node, scope), scope_value(scope, "this") or self.frames[-1].self
        if isinstance(node, ir.Member) and isinstance(node.object, ir.Name) and node.object.id == "super":
            return self.super_method(node, scope), scope_value(scope, "this")
        if isinstance(node, ir.Member):
            receiver = self.value(node.object, scope)
            if isinstance(receiver, Sequence | Scalar | FileText) and not (
                isinstance(receiver, Scalar) and receiver.tag == "path" and False
            ):
                return Attribute(self.shown(node.span), "it is a method", node.span, receiver, node.key), receiver
            return self.attribute(receiver, node.key, node.span), receiver
        if isinstance(node, ir.Index):
            receiver = self.value(node.object, scope)
            return self.item(receiver, self.value(node.index, scope), node.span), receiver
        return self.value(node, scope), None

    def super_method(self, node: ir.Member, scope: Scope) -> Node:
        base = scope_value(scope, "super#")
        receiver = self.frames[-1].self
        if isinstance(base, Function) and receiver is not None:
            found = self.method(base, node.key, receiver)
            if found is not None:
                return found
            if node.key == "__init__":
                return _SuperInit(base, receiver, node.span)
        if node.key == "__init__" and base is not None and receiver is not None:
            return _SuperInit(base, receiver, node.span)
        return Attribute(
            self.shown(node.span),
            "it is a method of the base class",
            node.span,
            base or self.opened(node.span),
            node.key,
        )

    def super_call(self, node: ir.Call, scope: Scope) -> Node:
        """JavaScript's ``super(...)`` in a constructor; Python's ``super()`` alone is read with its method."""
        arguments, keywords, more = self.arguments(node, scope)
        receiver = self.frames[-1].self
        base, own = scope_value(scope, "super#"), scope_value(scope, "class#")
        if self.language == "javascript" and isinstance(receiver, _Instance) and isinstance(own, Function):
            if base is not None:
                self.initialize_base(receiver, base, arguments, keywords, more, node.span)
            holder: Scope | None = scope
            while holder is not None and "this" not in holder.names:
                holder = holder.parent
            self.fields(receiver, own, holder)
        return self.opened(node.span)

    def arguments(self, node: ir.Call, scope: Scope) -> tuple[list[Node], dict[str, Node], Open | None]:
        positional: list[ir.Argument] = []
        keywords: dict[str, Node] = {}
        more: Open | None = None
        for argument in node.arguments:
            if argument.keyword is None:
                positional.append(argument)
                continue
            value = self.value(argument.value, scope)
            if not argument.spread:
                keywords[argument.keyword] = value
                continue
            table = Table(dict(keywords), {}, node.span)
            self.spread(table, value)
            keywords, more = table.entries, more or table.more
        found, left = self.listed(positional, scope)
        return found, keywords, more or left

    def known(
        self,
        node: ir.Call,
        callee: Node,
        receiver: Node | None,
        arguments: list[Node],
        keywords: dict[str, Node],
        more: Open | None,
    ) -> Node | None:
        """Return what a call of the language's own library gives; None where it is another one."""
        if isinstance(callee, _SuperInit):
            if isinstance(callee.receiver, _Instance):
                self.initialize_base(callee.receiver, callee.base_class, arguments, keywords, more, node.span)
            return undefined(node.span)
        if more is not None:
            return None
        canonical = _canonical(callee)
        if canonical:
            return self.library(canonical, receiver, arguments, keywords, node.span)
        if isinstance(callee, Attribute) and receiver is not None:
            handler = METHODS.get(callee.key)
            if handler is not None:
                return handler(self, receiver, Arguments(arguments, keywords, node.span))
        return None

    def library(
        self, canonical: str, receiver: Node | None, arguments: list[Node], keywords: dict[str, Node], span: Span | None
    ) -> Node | None:
        handler = FUNCTIONS.get(canonical)
        return handler(self, receiver, Arguments(arguments, keywords, span)) if handler is not None else None

    def expose(self, arguments: list[Node], span: Span) -> None:
        """Take it that a function of somebody else may change the objects that it is given by a variable."""
        for argument in arguments:
            if isinstance(argument, Table | Sequence) and (argument.span is None or not _within(argument.span, span)):
                self.forget(argument, Open(self.shown(span), f"{self.shown(span)} may change it", span))


class _SuperInit(Attribute):
    """Python's ``super().__init__`` of a base that comes from elsewhere."""

    __slots__ = ("base_class", "receiver")

    def __init__(self, base: Node, receiver: Node, span: Span) -> None:
        super().__init__("super().__init__", "it is the base's constructor", span, base, "__init__")
        self.base_class = base
        self.receiver = receiver


def function_text(node: Node) -> str:
    return node.text if isinstance(node, Open | Scalar) else node.kind


def scope_value(scope: Scope, name: str) -> Node | None:
    holder = scope.holder(name)
    return holder.values.get(name) if holder is not None else None


def _within(inner: Span, outer: Span) -> bool:
    return inner.source is outer.source and outer.start_offset <= inner.start_offset < outer.end_offset


def _unknown_like(value: object, why: Open) -> object:
    if isinstance(value, tuple):
        return value[0], value[1] or why
    if isinstance(value, Function | Table | Sequence):
        # What a loop makes anew each round is of the same kind each time.
        return value
    return why


def _canonical(callee: Node) -> str:
    """Return a library function's name with its module's, as one text: ``path.join``; empty for anything else."""
    if not isinstance(callee, Reference) or callee.level:
        return ""
    path = callee.path[1:] if callee.path[:1] == ("default",) else callee.path
    module = callee.module.removeprefix("node:")
    return ".".join((module, *path) if module else path)


def pattern_names(target: ir.Pattern) -> Iterator[str]:
    """Yield the names that a pattern binds."""
    match target:
        case ir.NamePattern():
            yield target.id
        case ir.ObjectPattern() | ir.ArrayPattern():
            for entry in target.entries:
                if entry is not None:
                    yield from pattern_names(entry.target)
            if target.rest is not None:
                yield from pattern_names(target.rest)


def truth(node: Node, language: str) -> bool | None:
    """Return whether a value counts as true; None where only a run knows."""
    if isinstance(node, Scalar):
        return bool(node.value)
    if isinstance(node, Table | Sequence):
        if language == "javascript":
            return True
        size = len(node.entries) if isinstance(node, Table) else len(node.items)
        return True if size else None if node.more is not None else False
    if isinstance(node, Function) or (isinstance(node, Call) and node.new):
        return True
    return None


def same(left: Node, right: Node) -> bool | None:
    """Return whether two values are equal; None where only a run knows."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        if isinstance(left.value, bool) != isinstance(right.value, bool):
            return None
        return left.value == right.value
    if isinstance(left, Reference) and isinstance(right, Reference):
        return True if (left.module, left.path) == (right.module, right.path) else None
    return None


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _is_number(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _as_text(node: Scalar) -> str:
    return node.value if isinstance(node.value, str) else node.text


def _arithmetic(operator: str, left: float, right: float) -> int | float | None:
    try:
        match operator:
            case "+":
                result: int | float = left + right
            case "-":
                result = left - right
            case "*":
                result = left * right
            case "/":
                result = left / right
            case _:
                return None
    except (ZeroDivisionError, OverflowError):
        return None
    return result if abs(result) < 1 << 53 else None
