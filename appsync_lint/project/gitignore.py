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

    Folders must be asked about from the top down, as ``os.walk`` gives them. Git itself is not run: a
    repository's settings can make it run anything.
    """

    def __init__(self, folder: Path) -> None:
        self._specs: dict[Path, GitIgnoreSpec] = {}
        self._patterns = 0
        self._comparisons = 0
        top = folder.resolve()
        repository = next((one for one in (top, *top.parents) if (one / ".git").exists()), top)
        self._read(repository, ".git/info/exclude", ".gitignore")
        for part in reversed(top.relative_to(repository).parents[:-1]):
            self._read(repository / part, ".gitignore")
        if top != repository:
            if self.ignores(top, is_folder=True):
                # Somebody asks for just this folder.
                self._specs.clear()
            self._read(top, ".gitignore")

    def enter(self, folder: Path, names: list[str]) -> None:
        """Take over the list of a folder, whose files are ``names``."""
        if ".gitignore" in names and folder not in self._specs:
            self._read(folder, ".gitignore")

    def ignores(self, path: Path, *, is_folder: bool) -> bool:
        """Whether a file or folder is left out; what lies in a folder that is left out must not be asked about."""
        if not self._specs:
            return False
        for folder in path.parents:
            spec = self._specs.get(folder)
            if spec is not None and self._comparisons < MAX_COMPARISONS:
                self._comparisons += len(spec.patterns)
                name = path.relative_to(folder).as_posix()
                verdict = spec.check_file(f"{name}/" if is_folder else name).include
                if verdict is not None:
                    return verdict
        return False

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
