"""Which files of a folder the project leaves out of version control: generated ones, as a rule."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

__all__ = ["GitIgnore"]

#: Far longer than any list that people write.
MAX_BYTES = 1_000_000
#: Of a pattern between two slashes; people write one or two.
MAX_STARS = 3
#: How many patterns are taken over, and how often one of them is held against a name.
MAX_PATTERNS = 10_000
MAX_COMPARISONS = 10_000_000


class GitIgnore:
    """The ``.gitignore`` files that count below a folder, those above it up to the repository's root included.

    Folders must be entered from the top down, as ``os.walk`` gives them. Git itself is not run: a
    repository's settings can make it run anything.
    """

    def __init__(self, folder: Path) -> None:
        self._specs: dict[Path, GitIgnoreSpec] = {}
        #: Those that count in the folder that is listed, the nearest first, with what leads there from their own.
        self._here: list[tuple[GitIgnoreSpec, str]] = []
        self._patterns = 0
        self._comparisons = 0
        top = folder.resolve()
        repository = next((one for one in (top, *top.parents) if (one / ".git").exists()), top)
        self._read(repository, ".git/info/exclude", ".gitignore")
        for part in reversed(top.relative_to(repository).parents[:-1]):
            self._read(repository / part, ".gitignore")
        if top != repository:
            self._turn_to(top.parent)
            if self.ignores(top.name, is_folder=True):
                # Somebody asks for just this folder.
                self._specs.clear()
            self._read(top, ".gitignore")

    def enter(self, folder: Path, names: list[str]) -> None:
        """Turn to a folder, whose files are ``names``."""
        if ".gitignore" in names and folder not in self._specs:
            self._read(folder, ".gitignore")
        self._turn_to(folder)

    def ignores(self, name: str, *, is_folder: bool) -> bool:
        """Whether a file or folder of the folder that was entered last is left out.

        What lies in a folder that is left out must not be asked about.
        """
        for spec, way in self._here if self._comparisons < MAX_COMPARISONS else ():
            self._comparisons += len(spec.patterns)
            verdict = spec.check_file(f"{way}{name}/" if is_folder else way + name).include
            if verdict is not None:
                return verdict
        return False

    def _turn_to(self, folder: Path) -> None:
        known = [parent for parent in (folder, *folder.parents) if parent in self._specs] if self._specs else []
        ways = (f"{folder.relative_to(parent).as_posix()}/" if parent != folder else "" for parent in known)
        self._here = [(self._specs[parent], way) for parent, way in zip(known, ways, strict=True)]

    def _read(self, folder: Path, *names: str) -> None:
        lines: list[str] = []
        for name in names:
            try:
                path = folder / name
                if path.is_file() and path.stat().st_size <= MAX_BYTES:
                    lines += path.read_text("utf-8", "replace").splitlines()
            except OSError:
                continue
        if lines:
            from pathspec import GitIgnoreSpec

            patterns: list[GitIgnoreSpecPattern] = []
            self._patterns += len(lines)
            for line in lines if self._patterns <= MAX_PATTERNS else ():
                # Matching takes a name's length to the power of the stars, and the list may be a stranger's.
                if any(part.count("*") > MAX_STARS for part in line.replace("**", "").split("/")):
                    continue
                # Git passes over a pattern that makes no sense.
                with suppress(ValueError):
                    patterns += GitIgnoreSpec.from_lines([line]).patterns
            self._specs[folder] = GitIgnoreSpec(patterns)
