"""What a program imports: other files of its project are followed, everything else is a reference."""

from __future__ import annotations

from pathlib import Path

from ...authorizer import ir
from ...errors import InputError
from ...files import read_source
from ...text import Span
from ...tree import Node, Scalar, Table
from .base import MAX_FILES, MAX_IMPORTS, Base, Module, TooMuchError, keyed
from .nodes import FileText, Reference
from .state import Scope

__all__ = ["Imports"]

#: Larger files hold no constants that somebody wrote.
MAX_FILE_BYTES = 400_000
_SCHEMAS = frozenset([".graphql", ".gql", ".graphqls", ".sdl"])


class Imports(Base):
    """Follows imports and knows what files export."""

    def __init__(self, path: Path, tree: ir.Module, root: Path) -> None:
        super().__init__(path, tree, root)
        self._data: dict[Path, Node | None] = {}
        #: What is found so far of the files whose exports are being put together.
        self._exporting: dict[Module, dict[str, Node]] = {}

    def start(self, module: Module) -> None:
        """Follow a file."""
        scope = module.scope
        if module.tree.language == "javascript":
            exports = Table({}, {}, None)
            scope.names |= {"module", "exports"}
            scope.values |= {"module": keyed({"exports": exports}, None), "exports": exports}
        self.block(module.tree.body, scope)

    def exports(self, module: Module) -> dict[str, Node]:
        """Return what other files can import of one, by name."""
        if module.tree.language == "python":
            return dict(module.scope.values)
        known = self._exporting.get(module)
        if known is not None:
            # Files that hand on what each other exports.
            return known
        is_first = not self._exporting
        try:
            return self._exports(module)
        finally:
            if is_first:
                self._exporting.clear()

    def _exports(self, module: Module) -> dict[str, Node]:
        scope = module.scope
        found = self._exporting[module] = {}
        holder = scope.values.get("module")
        given = holder.get("exports") if isinstance(holder, Table) else None
        if isinstance(given, Table):
            found |= given.entries
        if given is not None and not (isinstance(given, Table) and not given.entries and given.more is None):
            found["default"] = given
        for exported, specifier, name in module.tree.reexports:
            self.step()
            target = self.imported_module(module, specifier, 0)
            if target is None and exported != "*":
                path = () if name == "*" else (name,)
                found[exported] = Reference(exported, module.tree.span, specifier, path)
            if target is None or target is module:
                continue
            others = self.exports(target)
            if exported == "*":
                found |= {key: value for key, value in others.items() if key != "default"}
            elif name == "*":
                found[exported] = self.namespace(target)
            elif name in others:
                found[exported] = others[name]
        found |= {name: scope.values[local] for name, local in module.tree.exports.items() if local in scope.values}
        return found

    def namespace(self, module: Module) -> Table:
        """Return a file's exports as one object."""
        return keyed(self.exports(module), None)

    def imported_module(self, importer: Module, specifier: str, level: int) -> Module | None:
        """Return the file of the project that an import means, followed; None where there is none."""
        path = self.files.resolve(str(importer.path), importer.tree.language, specifier, level)
        if path is None:
            return None
        if path not in self.modules and self.importing < MAX_IMPORTS and len(self.modules) < MAX_FILES:
            # A file that imports one which imports it finds what was followed so far.
            self.modules[path] = None
            tree = self.files.load(path) if Path(path).stat().st_size <= MAX_FILE_BYTES else None
            if tree is not None:
                self._follow(Module(Path(path), tree, self.run), path)
        return self.modules.get(path)

    def _follow(self, module: Module, path: str) -> None:
        """Follow a file that is imported; what takes too long is no file of constants."""
        self.of_source[module.source] = module
        self.modules[path] = module
        try:
            with self.shortened():
                self.start(module)
        except TooMuchError:
            self.modules[path] = None
        else:
            self.sources.append(module.source)

    def bind_import(self, node: ir.Import, scope: Scope) -> None:
        """Set the variables of an import statement."""
        module = self.module_of(node.span)
        target = self.imported_module(module, node.specifier, node.level)
        if node.local is None:
            if target is None:
                module.stars.append(node.specifier)
            for name, value in self.exports(target).items() if target is not None else ():
                self.step()
                self.memory.assign(scope, name, value)
            return
        first, _, inner = node.local.partition(".")
        if inner:
            # `import a.b` binds `a`.
            self.memory.assign(scope, first, Reference(first, node.span, first, ()))
        else:
            self.memory.assign(scope, node.local, self._imported(module, target, node))

    def _imported(self, module: Module, target: Module | None, node: ir.Import) -> Node:
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
        if module.tree.language == "python" and node.imported != "*":
            # `from . import constants` and `from app import constants` import files of a package.
            joined = f"{node.specifier}.{node.imported}" if node.specifier else node.imported
            inner = self.imported_module(module, joined, node.level)
            if inner is not None:
                return self.namespace(inner)
        path = () if node.imported == "*" else (node.imported,)
        return Reference(node.local or node.imported, node.span, node.specifier, path, node.level)

    def data(self, module: Module, specifier: str, span: Span) -> Node | None:
        """Return what the import of a file of data gives, None where it is none or cannot be read."""
        if not specifier.startswith(".") or "\0" in specifier:
            return None
        path = module.path.parent / specifier
        suffix = path.suffix.lower()
        if suffix in _SCHEMAS:
            return FileText(self.shown(span), span, Scalar(path.as_posix(), path.as_posix(), span, "path"))
        if suffix != ".json":
            return None
        if path not in self._data:
            self._data[path] = self._read(path) if len(self._data) < MAX_FILES else None
        return self._data[path]

    def _read(self, path: Path) -> Node | None:
        """Return what a JSON file of the project holds, None where it cannot be read."""
        from ..loader import load_tree

        root = self.files.root
        try:
            if root is None or not path.is_file() or not path.resolve().is_relative_to(root):
                return None
            source = read_source(path)
            tree = load_tree(source) if len(source.text) <= MAX_FILE_BYTES else None
        except (InputError, OSError, ValueError, RuntimeError):
            return None
        if tree is not None:
            self.sources.append(source)
        return tree

    def required(self, node: ir.ImportCall) -> Node:
        """Return what ``require("./x")`` and ``import("./x")`` give."""
        module = self.module_of(node.span)
        target = self.imported_module(module, node.specifier, 0)
        if target is not None:
            found = self.exports(target)
            return found["default"] if "default" in found and not target.tree.exports else self.namespace(target)
        data = self.data(module, node.specifier, node.span)
        return data or Reference(node.specifier, node.span, node.specifier, ())
