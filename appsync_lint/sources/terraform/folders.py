"""The files of a module: all of a folder's are one. They are parsed when something in them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from re import Pattern
from re import compile as regex

from ...errors import InputError
from ...files import display_path, read_source, resolved
from ...text import SourceText, Span
from ..globs import Search, TooManyError
from ..places import project_folder, real_path
from .syntax import Block, Body, parse_body

__all__ = ["Files", "Folder", "ModuleFile", "is_override", "load_folder", "local_sources", "module_files"]

#: Far more than a module has.
MAX_FILES = 500
#: In characters, of all files of a module.
MAX_TEXT = 8_000_000
MAX_MATCHES = 2_000

_NATIVE = (".tf", ".tofu")
_JSON = (".tf.json", ".tofu.json")
_SOURCE = regex(r'"?\bsource"?\s*[=:]\s*"(\.\.?/[^"\n]*|\.\.?)"')
#: What makes a module worth reading.
_INTERESTING = regex(
    r"aws_appsync_|appsync:|aws_wafv2_web_acl_association|aws_cognito_user_group"
    r"|terraform-aws-modules/(?:terraform-aws-)?appsync"
)


class Files:
    """What a module may read: files of its project, by paths relative to the folder that Terraform is run in."""

    def __init__(self, folder: Path, *, allow_outside: bool) -> None:
        self.folder = folder
        self.base = str(folder)
        self._project = project_folder(folder)
        self._allow_outside = allow_outside
        self._known: dict[str, SourceText | None] = {}
        self._search = Search(None if allow_outside else self._project)

    def real(self, written: str, span: Span | None) -> Path:
        """Return where a path leads. Raises :class:`InputError` for one that leads out of the project."""
        if "\0" in written or not written.strip():
            raise InputError(f"{written!r} is no path", span=span)
        path = Path(self.folder, written)
        real_path(path, self._project, written, span, allow_outside=self._allow_outside)
        return path

    def is_inside(self, path: Path) -> bool:
        """Whether a path leads to something in the project, or anything may be read."""
        return self._allow_outside or resolved(path).is_relative_to(self._project)

    def read(self, written: str, span: Span | None) -> SourceText | None:
        """Return a file's text; None where it cannot be read."""
        if written not in self._known:
            try:
                self._known[written] = read_source(self.real(written, span))
            except InputError:
                self._known[written] = None
        return self._known[written]

    def exists(self, written: str) -> bool:
        """Whether a path leads to a file of the project."""
        try:
            return self.real(written, None).is_file()
        except (InputError, OSError):
            return False

    def below(self, folder: Path, pattern: str) -> list[Path]:
        """Return the files below a folder that match, in order of name; none where there is too much to look at."""
        try:
            return self._search.matching(folder, Path(pattern).parts)
        except TooManyError:
            return []

    def matching(self, written: str, pattern: str, span: Span | None) -> list[str] | None:
        """Return what a pattern matches below a folder, in order of name; None where that is not followed."""
        if ".." in pattern or pattern.startswith("/") or "{" in pattern:
            return None
        try:
            folder = self.real(written, span)
            found = self._search.matching(folder, Path(pattern).parts)
        except (InputError, TooManyError, OSError, ValueError, RuntimeError):
            return None
        return None if len(found) > MAX_MATCHES else [path.relative_to(folder).as_posix() for path in found]


def is_override(path: Path) -> bool:
    """Whether a file changes the blocks of the module's other files."""
    stem = path.name.lower()
    for suffix in (*_JSON, *_NATIVE):
        if stem.endswith(suffix):
            stem = stem.removesuffix(suffix)
            break
    return stem == "override" or stem.endswith("_override")


def module_files(names: Iterator[str]) -> list[str]:
    """Return the names of the files of a folder that make up its module, in Terraform's order."""
    kept = sorted(
        name
        for name in names
        if name.lower().endswith((*_NATIVE, *_JSON)) and not name.startswith((".", "#")) and not name.endswith("~")
    )
    tofu = {name.lower() for name in kept}
    # Where there are both, OpenTofu reads its own.
    return [
        name
        for name in kept
        if not (name.lower().endswith(".tf") and f"{name[:-3].lower()}.tofu" in tofu)
        and not (name.lower().endswith(".tf.json") and f"{name[:-8].lower()}.tofu.json" in tofu)
    ]


class ModuleFile:
    """A file of a module. ``error`` is what was wrong with it, once somebody asked for its blocks."""

    def __init__(self, path: Path, source: SourceText, error: InputError | None = None) -> None:
        self.path = path
        self.source = source
        self.error = error
        self._body = Body(source.span(0, 0)) if error is not None else None
        self._is_interesting: bool | None = None

    @property
    def is_interesting(self) -> bool:
        """Whether the file speaks about AppSync, or about what is set beside an API."""
        if self._is_interesting is None:
            self._is_interesting = _INTERESTING.search(self.source.text) is not None
        return self._is_interesting

    @property
    def body(self) -> Body:
        """The blocks of the file; none where it cannot be read."""
        if self._body is None:
            try:
                if self.path.name.lower().endswith(_JSON):
                    from .json_syntax import parse_json

                    self._body = parse_json(self.source)
                else:
                    self._body = parse_body(self.source)
            except InputError as error:
                self.error = error
                self._body = Body(self.source.span(0, 0))
        return self._body


class Folder:
    """A module's folder. Files that hold none of the words in question are not parsed."""

    def __init__(self, path: Path, files: list[ModuleFile]) -> None:
        self.path = path
        self.files = files
        self._found: dict[tuple[str, ...], list[Block]] = {}

    @property
    def broken(self) -> list[InputError]:
        """What was wrong with files that were parsed so far."""
        return [file.error for file in self.files if file.error is not None]

    def holding(self, kind: str, *words: str) -> Iterator[ModuleFile]:
        """Give the files that may hold a block of a type with some words; those that override others come last."""
        header = _header(kind)
        for last in (False, True):
            for file in self.files:
                text = file.source.text
                if is_override(file.path) is last and all(word in text for word in words) and header.search(text):
                    yield file

    def blocks(self, kind: str, *labels: str) -> list[Block]:
        """Return the blocks of a type whose first labels are these, each with what overrides it."""
        key = (kind, *labels)
        if key not in self._found:
            merged: dict[tuple[str, ...], Block] = {}
            for file in self.holding(kind, *labels):
                overrides = is_override(file.path)
                for block in file.body.named(kind):
                    if block.labels[: len(labels)] != labels:
                        continue
                    known = merged.get(block.labels)
                    if known is None:
                        merged[block.labels] = block
                    elif overrides:
                        merged[block.labels] = _overridden(known, block)
            self._found[key] = list(merged.values())
        return self._found[key]

    def block(self, kind: str, *labels: str) -> Block | None:
        """Return the one block with these labels."""
        return next(iter(self.blocks(kind, *labels)), None)

    def locals(self, name: str) -> Iterator[Body]:
        """Give the blocks of local values that hold a name, what overrides others first."""
        for file in reversed(list(self.holding("locals", name))):
            for block in reversed(list(file.body.named("locals"))):
                if name in block.body.attributes:
                    yield block.body


def _overridden(block: Block, other: Block) -> Block:
    """Merge a block of an override file into the one that it is for."""
    body = Body(block.body.span, dict(block.body.attributes), repeated=list(block.body.repeated))
    body.attributes.update(other.body.attributes)
    replaced = {_nested_kind(item) for item in other.body.blocks} | set(other.body.attributes)
    body.blocks = [item for item in block.body.blocks if _nested_kind(item) not in replaced]
    body.blocks += other.body.blocks
    for item in other.body.blocks:
        body.attributes.pop(_nested_kind(item), None)
    return Block(block.kind, block.labels, block.span, body)


def _nested_kind(block: Block) -> str:
    return block.labels[0] if block.kind == "dynamic" and block.labels else block.kind


@lru_cache(maxsize=32)
def _header(kind: str) -> Pattern[str]:
    """Return what the beginning of a block of a type looks like, in either syntax."""
    return regex(rf'(?<![\w.-])"?{kind}"?[ \t]*(?:["{{:]|[A-Za-z_])')


def load_folder(path: Path, is_inside: Callable[[Path], bool]) -> Folder | None:
    """Read the files of a module; None where the folder holds none. ``is_inside`` says what may be read."""
    try:
        names = module_files(entry.name for entry in path.iterdir())
    except OSError:
        return None
    if len(names) > MAX_FILES:
        raise InputError(f"the module in {path.name} has more than {MAX_FILES} files")
    files = []
    length = 0
    for name in names:
        try:
            if not is_inside(path / name):
                raise InputError("links to a file outside the project's folder", path=display_path(path / name))
            source = read_source(path / name)
        except InputError as error:
            files.append(ModuleFile(path / name, SourceText(error.path or name, ""), error))
            continue
        length += len(source.text)
        if length > MAX_TEXT:
            raise InputError(f"the module in {path.name} is larger than {MAX_TEXT} characters")
        files.append(ModuleFile(path / name, source))
    return Folder(path, files) if files else None


def local_sources(text: str) -> list[str]:
    """Return the paths that a file's module calls name, as far as a look at its text tells."""
    return [match[1] for match in _SOURCE.finditer(text)]
