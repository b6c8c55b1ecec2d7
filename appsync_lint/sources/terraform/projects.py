"""Which modules of a project belong together, and the APIs that they make."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ...api import Api
from ...effort import effort
from ...errors import InputError
from ...files import read_source, resolved
from ...text import SourceText, Span
from ..places import project_folder
from ..reader import Described, File
from .apis import API, ApiReader
from .evaluation import Budget
from .folders import Files, Folder, ModuleFile, load_folder, local_sources, module_files
from .landscape import Configuration
from .modules import Instance
from .workspace import Workspace

__all__ = ["read_configuration"]

#: How many folders of a project are looked at for modules that call the one that is read.
MAX_FOLDERS = 5_000
#: How many root modules are read for one that they share.
MAX_ROOTS = 50
#: A deployment has far fewer APIs.
MAX_APIS = 100
_SKIPPED = frozenset(["node_modules", "venv", "site-packages", "__pycache__"])


def read_configuration(file: File) -> Described:
    """Read the APIs of a module: as the modules that call it make them, where there are such."""
    return _Reading(file).read()


class _Reading:
    def __init__(self, file: File) -> None:
        self.file = file
        self.folder = file.path.parent
        self.folders: dict[Path, Folder | None] = {}
        self.notes: list[tuple[str, int, str]] = []
        self.errors: list[InputError] = []
        self._known_callers: dict[Path, list[Path]] | None = None
        self.sources: dict[Path, SourceText] = {resolved(file.path): file.source}

    def read(self) -> Described:
        roots = self._roots()
        spent = effort()
        budget = Budget()
        allowed = budget.steps = min(budget.steps, spent.left)
        found = [(root, list(self._of_root(root, budget))) for root in roots]
        spent.done += allowed - budget.steps
        several = sum(bool(apis) for _, apis in found) > 1
        apis = [
            replace(api, name=f"{root.resolve().name}.{api.name}") if several else api
            for root, apis in found
            for api in apis
        ]
        self._refuse_broken(apis)
        if not apis and not self.errors:
            self._note(None, f"{self.file.source.path}: no AppSync API is in this module")
        return Described(
            path=self.file.path,
            kind="terraform",
            apis=tuple(apis),
            notes=tuple(dict.fromkeys(text for _, _, text in sorted(self.notes))),
            errors=tuple(self.errors),
            sources=tuple(self.sources.values()),
        )

    # Which modules belong together.

    def _callers(self) -> dict[Path, list[Path]]:
        if self._known_callers is None:
            project = project_folder(self.folder)
            self._known_callers = effort().once((_callers, project), lambda: _callers(project))
        return self._known_callers

    def _roots(self) -> list[Path]:
        """Return the folders of the root modules through which the file's module is deployed."""
        own = self._own_folder()
        callers = self._callers()
        self.folders[own.path.resolve()] = own
        seen: set[Path] = set()
        roots: list[Path] = []
        left = [self.folder.resolve()]
        while left:
            folder = left.pop()
            if folder in seen:
                continue
            seen.add(folder)
            above = callers.get(folder, [])
            if above:
                left += [path.resolve() for path in above]
            else:
                roots.append(folder)
        if len(roots) > MAX_ROOTS:
            self._note(None, f"{self.file.source.path}: {len(roots)} modules call it; the first {MAX_ROOTS} are read")
        here = Path.cwd().resolve()
        shown = [path.relative_to(here) if path.is_relative_to(here) else path for path in sorted(roots)[:MAX_ROOTS]]
        # Modules that call each other in a circle have no root: the module is read on its own.
        return shown or [self.folder]

    def _own_folder(self) -> Folder:
        """Return the module of the file, with the file as it was given."""
        files_of = Files(self.folder, allow_outside=self.file.allow_outside)
        loaded = load_folder(self.folder, files_of.is_inside)
        files = loaded.files if loaded is not None else []
        mine = resolved(self.file.path)
        kept = [ModuleFile(item.path, self.file.source) if resolved(item.path) == mine else item for item in files]
        own = next((item for item in kept if resolved(item.path) == mine), None)
        if own is None:
            # OpenTofu passes it over for a namesake; who names it means it.
            own = ModuleFile(self.file.path, self.file.source)
            stem = self.file.path.name.partition(".")[0]
            kept = [*(item for item in kept if item.path.name.partition(".")[0] != stem), own]
        if own.body.blocks or own.error is None:
            return Folder(self.folder, kept)
        raise own.error

    # The APIs of one root module.

    def _of_root(self, folder: Path, budget: Budget) -> Iterator[Api]:
        workspace = Workspace(folder, allow_outside=self.file.allow_outside, folders=self.folders, budget=budget)
        own = workspace.folder(folder)
        if own is None:
            return
        root = Instance(workspace, own)
        landscape = Configuration([root])
        reader = ApiReader(landscape, workspace.files.base, self._note)
        found: list[Api] = []
        items = landscape.items(API)
        if len(items) > MAX_APIS:
            self._note(items[MAX_APIS].span, f"there are {len(items)} APIs; the first {MAX_APIS} are read")
        for item in items[:MAX_APIS]:
            try:
                found.append(reader.api(item, item.name))
            except InputError as error:
                self.errors.append(error)
        for name, block, why in landscape.left_out(API):
            self._note(block.span, f"{name} is left out, {why}")
        for span, text in workspace.notes:
            self._note(span, text)
        self._take_sources(landscape, folder)
        yield from found

    def _take_sources(self, landscape: Configuration, root: Path) -> None:
        """Count the files of the modules that were read, unless another root module reads them, too."""
        mine = self.folder.resolve()
        callers = self._callers()
        for instance in landscape.instances:
            real = instance.folder.path.resolve()
            others = {path.resolve() for path in callers.get(real, [])}
            alone = real in (mine, root.resolve()) or len(others) < 2 or mine != root.resolve()
            if alone:
                for file in instance.folder.files:
                    self.sources.setdefault(resolved(file.path), file.source)
            for error in instance.folder.broken:
                text = f"{error}; what it holds counts as unknown"
                if not any(note == text for _, _, note in self.notes):
                    self.notes.append((error.path or "", 0, text))

    def _refuse_broken(self, apis: list[Api]) -> None:
        """Make it an error where a file that speaks about APIs cannot be read."""
        for folder in self.folders.values():
            for file in folder.files if folder is not None else ():
                if file.error is None:
                    continue
                named = resolved(file.path) == resolved(self.file.path)
                if named or API in file.source.text or not apis:
                    self.notes = [note for note in self.notes if not note[2].startswith(str(file.error))]
                    if file.error not in self.errors:
                        self.errors.append(file.error)
        if self.errors and not apis:
            raise self.errors[0]

    def _note(self, span: Span | None, text: str) -> None:
        if span is None:
            self.notes.append(("", 0, text))
        else:
            self.notes.append((span.path, span.start_offset, str(InputError(text, span=span))))


def _callers(project: Path) -> dict[Path, list[Path]]:
    """Return which folders of a project call which, as far as a look at the texts tells; the called one is the key."""
    found: dict[Path, list[Path]] = {}
    seen = 0
    for current, folders, names in os.walk(project):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        seen += 1
        if seen > MAX_FOLDERS:
            break
        for name in module_files(iter(names)):
            path = Path(current, name)
            if path.is_symlink() and not resolved(path).is_relative_to(project):
                continue
            try:
                text = read_source(path).text
            except InputError:
                continue
            for source in local_sources(text):
                called = resolved(Path(current, source))
                if called != Path(current).resolve():
                    known = found.setdefault(called, [])
                    if Path(current) not in known:
                        known.append(Path(current))
    return found
