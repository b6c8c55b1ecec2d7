"""Finding and reading the files that a function is made of, inside the project's folder only."""

from __future__ import annotations

from os.path import dirname
from pathlib import Path, PurePosixPath
from typing import Literal

from ..errors import InputError
from ..files import read_source
from ..text import SourceText
from . import ir
from .python import NotParsedError, lower_python

__all__ = ["Files", "Language", "language_of", "lower"]

Language = Literal["python", "javascript", "typescript"]

_LANGUAGES: dict[str, Language] = {
    ".py": "python",
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts", ".tsx"), "typescript"),
}
_OTHERS = {".go": "Go", ".java": "Java", ".rs": "Rust", ".cs": "C#", ".kt": "Kotlin", ".rb": "Ruby", ".scala": "Scala"}

#: An analysis reads at most so many files, each of at most so many characters.
MAX_FILES = 60
#: How many different imports are looked for; each takes a walk through the project's folders.
MAX_IMPORTS = 2_000
MAX_CHARACTERS = 1_500_000


def language_of(path: str) -> tuple[Language | None, str]:
    """The language of a file by its name, and its name for messages (``""`` where it is unknown)."""
    suffix = PurePosixPath(path).suffix.lower()
    language = _LANGUAGES.get(suffix)
    if language is not None:
        return language, language
    return None, _OTHERS.get(suffix, "")


def lower(source: SourceText, language: Language, name: str) -> ir.Module:
    """Lower a source text. Raises :class:`NotParsedError` and :class:`~.javascript.ParserMissingError`."""
    if len(source.text) > MAX_CHARACTERS:
        raise NotParsedError(f"the file is larger than {MAX_CHARACTERS} characters")
    if language == "python":
        return lower_python(source)
    from .javascript import lower_javascript

    suffix = PurePosixPath(name).suffix.lower()
    if language == "javascript":
        return lower_javascript(source, "javascript")
    return lower_javascript(source, "tsx" if suffix == ".tsx" else "typescript")


class Files:
    """The modules of one analysis. ``root`` bounds what imports may reach; None: nothing is followed."""

    def __init__(self, root: Path | None, main: str) -> None:
        self.root = root.resolve() if root is not None else None
        self.main = main
        self.modules: dict[str, ir.Module | None] = {}
        self.found: dict[tuple[str, str, int], str | None] = {}

    def resolve(
        self, importer: str, language: Literal["python", "javascript"], specifier: str, level: int
    ) -> str | None:
        """The file that an import means, None where it is not one of the project's."""
        if self.root is None:
            return None
        # A program may import one file again and again: this is for speed.
        key = (dirname(importer), specifier, level)  # noqa: PTH120
        if key not in self.found:
            if len(self.found) >= MAX_IMPORTS:
                return None
            self.found[key] = self._resolve(Path(importer), language, specifier, level)
        return self.found[key]

    def _resolve(self, importer: Path, language: str, specifier: str, level: int) -> str | None:
        if "\0" in specifier or len(specifier) > 400:
            return None
        if language == "python":
            return self._resolve_python(importer, specifier, level)
        if not specifier.startswith("."):
            return None
        return self._first_script(importer.parent / specifier)

    def _resolve_python(self, importer: Path, specifier: str, level: int) -> str | None:
        parts = [part for part in specifier.split(".") if part]
        if level:
            folder = importer.parent
            for _ in range(level - 1):
                folder = folder.parent
            return self._first_python(folder, parts)
        if not parts:
            return None
        # Lambda puts the code's folder on the path; which folder that is only the template knows.
        folder = importer.parent
        while self._inside(folder):
            found = self._first_python(folder, parts)
            if found is not None:
                return found
            if folder in (self.root, folder.parent):
                break
            folder = folder.parent
        return None

    def _first_python(self, folder: Path, parts: list[str]) -> str | None:
        target = folder.joinpath(*parts)
        candidates = [target.with_name(f"{target.name}.py")] if parts else []
        return self._first([*candidates, target / "__init__.py"])

    def _first_script(self, target: Path) -> str | None:
        candidates: list[Path] = []
        suffix = target.suffix.lower()
        if suffix in _LANGUAGES:
            candidates.append(target)
            # TypeScript writes the extension that the compiled file will have.
            written = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
            candidates += [target.with_suffix(other) for other in written.get(suffix, ())]
        suffixes = (".ts", ".tsx", ".js", ".mjs", ".cjs", ".jsx", ".mts", ".cts")
        if target.name:
            candidates += [target.with_name(target.name + other) for other in suffixes]
        candidates += [target / f"index{other}" for other in suffixes]
        return self._first(candidates)

    def _inside(self, path: Path) -> bool:
        assert self.root is not None
        try:
            return path.resolve().is_relative_to(self.root)
        except (OSError, RuntimeError, ValueError):
            return False

    def _first(self, candidates: list[Path]) -> str | None:
        for path in candidates:
            try:
                if path.is_file() and self._inside(path):
                    return str(path.resolve())
            except (OSError, ValueError):
                continue
        return None

    def load(self, path: str) -> ir.Module | None:
        """Read and lower a file of the project; None where that is not possible."""
        if path not in self.modules:
            self.modules[path] = self._load(path) if len(self.modules) < MAX_FILES else None
        return self.modules[path]

    def _load(self, path: str) -> ir.Module | None:
        language, _ = language_of(path)
        if language is None:
            return None
        try:
            return lower(read_source(Path(path)), language, path)
        except (InputError, NotParsedError):
            return None
