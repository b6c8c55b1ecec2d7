"""A root module with everything that it calls: its folders, its variable files, and what the user should know."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ...errors import InputError
from ...files import read_source
from ...text import Span
from ...tree import Table
from .evaluation import Budget
from .folders import Files, Folder, load_folder, local_sources
from .syntax import Body, Expression

__all__ = ["Workspace"]

#: How many variable files beside the ones that are read by themselves are looked at.
MAX_VARIABLE_FILES = 40

_AUTOMATIC = ("terraform.tfvars", "terraform.tfvars.json")


class Workspace:
    """A root module and everything that it calls, with how much work may be spent on it."""

    def __init__(
        self, folder: Path, *, allow_outside: bool, folders: dict[Path, Folder | None], budget: Budget
    ) -> None:
        self.files = Files(folder, allow_outside=allow_outside)
        self.budget = budget
        self.folders = folders
        self.notes: list[tuple[Span | None, str]] = []
        self._worth: dict[Path, bool] = {}
        self._values: dict[str, list[tuple[str, Expression]]] | None = None

    def folder(self, path: Path) -> Folder | None:
        """Return the module in a folder; None where there is none."""
        real = path.resolve()
        if real not in self.folders:
            self.folders[real] = load_folder(path, self.files.is_inside)
        return self.folders[real]

    def is_worth(self, folder: Folder) -> bool:
        """Whether a module, or one that it calls, speaks about AppSync."""
        real = folder.path.resolve()
        if real not in self._worth:
            self._worth[real] = any(file.is_interesting for item in self.below(folder) for file in item.files)
        return self._worth[real]

    def below(self, folder: Folder) -> Iterator[Folder]:
        """Give a module and the ones that it calls, each once, as far as their texts tell."""
        seen: set[Path] = set()
        left = [folder]
        while left:
            item = left.pop()
            real = item.path.resolve()
            if real in seen:
                continue
            seen.add(real)
            yield item
            for file in item.files:
                for source in local_sources(file.source.text):
                    inner = self.inside(Path(item.path, source))
                    if inner is not None:
                        left.append(inner)

    def inside(self, path: Path) -> Folder | None:
        """Return the module in a folder of the project; None where there is none."""
        try:
            written = os.path.relpath(path, self.files.folder)
            self.files.real(written, None)
            return self.folder(path)
        except (InputError, OSError, ValueError):
            return None

    def note(self, span: Span | None, text: str) -> None:
        """Keep what the user should know."""
        if (span, text) not in self.notes:
            self.notes.append((span, text))

    # The values of the root module's variables.

    def values_of(self, name: str) -> list[tuple[str, Expression]]:
        """Return what variable files set a variable to, the file that counts first.

        The name of a file stands beside the value; it is empty for a file that is read by itself.
        """
        if self._values is None:
            self._values = {}
            for path, automatic in self._variable_files():
                if not self.files.is_inside(path):
                    continue
                try:
                    for key, expression in _settings(path):
                        self._values.setdefault(key, []).append(("" if automatic else path.name, expression))
                except InputError as error:
                    self.note(error.span, f"{error.message}; the values that it sets are not known")
        return self._values.get(name, [])

    def _variable_files(self) -> list[tuple[Path, bool]]:
        folder = self.files.folder
        found: list[tuple[Path, bool]] = []
        try:
            names = sorted(entry.name for entry in folder.iterdir())
        except OSError:
            return []
        below = [path for pattern in ("*/*.tfvars", "*/*.tfvars.json") for path in self.files.below(folder, pattern)]
        automatic = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
        # The last one counts.
        ordered = [*(name for name in _AUTOMATIC if name in names), *automatic]
        found += [(folder / name, True) for name in reversed(ordered)]
        others = [name for name in names if name.endswith((".tfvars", ".tfvars.json"))]
        others = [name for name in others if name not in automatic and name not in _AUTOMATIC]
        below = [path for path in below if not path.parent.name.startswith(".")]
        found += [(path, False) for path in [*(folder / name for name in others), *below][:MAX_VARIABLE_FILES]]
        return found


def _settings(path: Path) -> Iterator[tuple[str, Expression]]:
    from .json_syntax import body_of
    from .syntax import parse_body

    source = read_source(path)
    if path.name.endswith(".json"):
        from ..loader import load_tree

        tree = load_tree(source)
        body = body_of(tree, source, literal=True) if isinstance(tree, Table) else Body(source.span(0, 0))
    else:
        body = parse_body(source)
    for name, attribute in body.attributes.items():
        yield name, attribute.value
