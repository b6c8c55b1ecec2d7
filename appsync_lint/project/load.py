"""Deciding which schema stands behind which API, and reading both.

The whole of an API is linted whichever of its files was named, and once however many were: a schema torn
out of its API gives wrong answers about the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..effort import one_reading
from ..errors import InputError
from ..files import display_path, is_folder, read_source, resolved, through_link
from ..schema import Schema, build_schema, parse_text
from ..schema.introspection import ANSWER, is_answer, printed_from_answer
from ..text import EmbeddedText, SourceText
from ..tree import nearest
from .find import DESCRIPTION_SUFFIXES, Found, TooManyError, expand, look_below
from .origins import Origins
from .request import Request

if TYPE_CHECKING:
    from ..api import Api, PolicyStatement
    from ..schema.parser import Parsed
    from ..sources import Described
    from .descriptions import Choice

__all__ = ["Project", "Unit", "load"]

#: What Terraform has deployed. It is read when it is named: in a search what is to be deployed counts.
_STATE = ".tfstate"
#: How many files a project may hold to be searched for what describes a schema's API.
MAX_SEARCHED = 20_000
#: How many schema files that no API names are looked at.
MAX_LOOKED_AT = 200
SHOWN = 3


class Unit(NamedTuple):
    """One API with its schema, or a schema without an API (None).

    ``described`` is the file that describes the API, None where the command line does or nothing.
    """

    api: Api | None
    schema: Schema
    described: Described | None = None


class Project:
    """What a request comes to: the units to lint, what could not be read, and what the user should know.

    ``allow_outside`` is what the request says about files outside a project's folder.
    """

    def __init__(self, *, allow_outside: bool = False) -> None:
        self.allow_outside = allow_outside
        self.units: list[Unit] = []
        self.errors: list[InputError] = []
        self.notes: list[str] = []


def load(request: Request, stdin: SourceText | None = None) -> Project:
    """Read everything that a request names. ``stdin`` is what ``-`` stands for.

    A file that cannot be read is in the result's ``errors`` and the others are read all the same. Raises
    :class:`InputError` only for a request that names nothing to lint.
    """
    loader = _Loader(request, stdin)
    with one_reading():
        loader.load()
    return loader.project


class _Piece(NamedTuple):
    """A schema file that the user named; ``source`` is set where its text is at hand (standard input)."""

    path: Path
    source: SourceText | None = None


class _Loader:
    def __init__(self, request: Request, stdin: SourceText | None) -> None:
        self.request = request
        self.stdin = stdin
        self.project = Project(allow_outside=request.allow_outside)
        self._described: dict[Path, Described | InputError] = {}
        self._noted: set[Path] = set()
        self._texts: dict[Path, SourceText] = {}
        self._parsed: dict[SourceText, Parsed] = {}
        self._done: set[tuple[Path, int]] = set()
        self._origins = Origins()
        self._policies: tuple[PolicyStatement, ...] | None = None
        if stdin is not None and request.stdin_filename:
            # Where an API names the file that standard input stands for, what was typed counts.
            self._texts[resolved(Path(request.stdin_filename))] = stdin

    def load(self) -> None:
        request = self.request
        pieces, folders, descriptions = self._sorted_out()
        if request.flags is not None or request.api_file:
            self._one_description(pieces, folders, descriptions)
        else:
            for path in descriptions:
                self._all_of(path)
            for folder in folders:
                try:
                    self._folder(folder)
                except InputError as error:
                    self.project.errors.append(error)
            self._pieces(pieces)
        if not self.project.units and not self.project.errors:
            raise InputError("nothing to lint")
        described = [unit.api for unit in self.project.units if unit.api is not None]
        if request.iam_policies and len(described) > 1:
            names = ", ".join(api.name for api in described)
            raise InputError(
                f"--iam-policy is for one API, and there are {len(described)} ({names}); choose with --api"
            )

    def _sorted_out(self) -> tuple[list[_Piece], list[Path], list[Path]]:
        """Sort what was named into schema files, folders and descriptions, by what it is and how it ends."""
        pieces: list[_Piece] = []
        folders: list[Path] = []
        descriptions: list[Path] = []
        for given in self.request.paths or (".",):
            if given == "-":
                pieces.append(self._standard_input())
                continue
            try:
                paths = expand(given)
            except InputError as error:
                self.project.errors.append(error)
                continue
            for path in paths:
                if is_folder(path):
                    folders.append(path)
                elif path.suffix.lower() in (*DESCRIPTION_SUFFIXES, _STATE) and not _is_answer(path):
                    descriptions.append(path)
                else:
                    pieces.append(_Piece(path))
        return pieces, folders, descriptions

    def _standard_input(self) -> _Piece:
        assert self.stdin is not None, "a request for standard input comes with its text"
        return _Piece(Path(self.request.stdin_filename or "."), self.stdin)

    # One description for everything: --api or the mode flags.

    def _one_description(self, pieces: list[_Piece], folders: list[Path], descriptions: list[Path]) -> None:
        flag = "--api" if self.request.api_file else "--default-mode"
        if descriptions:
            message = f"describes an API, and so does {flag}; give one of them"
            raise InputError(message, path=display_path(descriptions[0]))
        if self.request.flags is not None:
            below = self._schemas_below(folders)
            if pieces or below:
                self._add(self.request.flags, self._read([*pieces, *below]))
            elif not self.project.errors:
                raise _nothing_below(folders, "schema file")
            return
        self._chosen_api(pieces, folders)

    def _chosen_api(self, pieces: list[_Piece], folders: list[Path]) -> None:
        file, _, name = self.request.api_file.partition("#")
        described = self._describe(Path(file))
        if described is None:
            return
        chosen = [api for api in described.apis if not name or api.name == name]
        if not chosen:
            raise InputError(_no_such_api(name, [api.name for api in described.apis]), path=display_path(Path(file)))
        self._origins.add(piece.path for piece in pieces)
        naming = [api for api in chosen if self._named(described, api, pieces)]
        if pieces and not naming and len(chosen) > 1:
            names = ", ".join(api.name for api in chosen)
            message = f"describes {len(chosen)} APIs ({names}); choose one with --api {file}#NAME"
            raise InputError(message, path=display_path(Path(file)))
        for api in naming or chosen:
            if naming or (not pieces and api.schema_files):
                self._whole(described, api)
            else:
                own = pieces or self._schemas_below(folders)
                if not own:
                    message = f"the API {api.name} names no schema; give its schema files as PATH"
                    raise InputError(message, path=display_path(Path(file)))
                self._add(api, self._read(own), described)

    # Descriptions, each with its own schema.

    def _all_of(self, path: Path) -> None:
        """Lint all APIs of a description."""
        described = self._describe(path)
        if described is not None:
            self._all_apis(described)

    def _all_apis(self, described: Described) -> None:
        for api in described.apis:
            self._whole(described, api)

    def _whole(self, described: Described, api: Api) -> None:
        from ..sources import schema_sources

        key = (resolved(described.path), described.apis.index(api))
        if key in self._done:
            return
        self._done.add(key)
        if not api.schema_files and described.kind == "native":
            beside = self._schemas_below([described.path.parent])
            if not beside:
                message = f"the API {api.name} names no schema, and no schema file lies beside it"
                self.project.errors.append(InputError(message, span=api.span, path=api.path))
                return
            self._add(api, self._read(beside), described)
            return
        for item in api.schema_files:
            if item.unresolved is not None:
                why = item.unresolved.why or "it is not in the file"
                self._note(f"{api.path}: the schema of {api.name} is only known at deployment ({why})")
        self._mention_open_mode(api)
        try:
            texts = schema_sources(api, allow_outside=self.request.allow_outside)
        except InputError as error:
            self.project.errors.append(error)
            return
        self._add(api, [self._shared(self._origin(described, text)) for text in texts], described)

    def _mention_open_mode(self, api: Api) -> None:
        """Say that an API's default mode may be any: a report without findings means little then."""
        from ..api import Unresolved

        mode = api.default.mode
        if isinstance(mode, Unresolved) and not mode.candidates:
            span = mode.span or api.default.span or api.span
            place = f"{api.path}:" if span is None else f"{span.path}:{span.start.line}:{span.start.column}:"
            self._note(
                f"{place} the default mode of {api.name} is only known at deployment ({mode.text}), so what depends on "
                "it is not reported; lint what is built or planned, or write the modes into an appsync-lint.yaml"
            )

    def _origin(self, described: Described, text: SourceText) -> SourceText:
        """Return the file that a build took a schema from; the schema in the build where that is not at hand."""
        path = self._origins.of(text) if described.compiled_from else None
        return next(iter(self._read([_Piece(path)], quiet=True)), text) if path is not None else text

    def _describe(self, path: Path) -> Described | None:
        """Read a description; None, and the error kept, where it cannot be read."""
        result = self._tried(path)
        if isinstance(result, InputError):
            if result not in self.project.errors:
                self.project.errors.append(result)
            return None
        self._take_notes(result)
        return result

    def _tried(self, path: Path) -> Described | InputError:
        """Read a description once; what is wrong with it is a value."""
        from ..sources import read_file

        key = resolved(path)
        if key not in self._described:
            try:
                self._refuse_outside(path)
                self._described[key] = read_file(path, allow_outside=self.request.allow_outside)
            except InputError as error:
                self._described[key] = error
        return self._described[key]

    def _take_notes(self, described: Described) -> None:
        if described.path in self._noted:
            return
        self._noted.add(described.path)
        self.project.errors.extend(described.errors)
        for note in described.notes:
            self._note(str(note))

    def _refuse_outside(self, path: Path) -> None:
        """Refuse a file of the project that is a link to one elsewhere, for a stranger may have made the link."""
        if self.request.allow_outside or not through_link(path):
            return
        from ..sources.places import left_by_link

        project = left_by_link(path)
        if project is not None:
            message = f"links to a file outside the project's folder ({display_path(project)}); see --allow-outside"
            raise InputError(message, path=path.as_posix())

    # Folders.

    def _folder(self, folder: Path) -> None:
        from ..sources import find_native

        native = find_native(folder)
        if native is not None:
            inside = resolved(native.parent) == resolved(folder)
            described = self._describe(native)
            if described is None or inside:
                self._all_of(native)
                return
            below = [api for api in described.apis if self._lies_below(api, folder)]
            for api in below:
                self._whole(described, api)
            if below:
                return
        found = self._look_below(folder)
        self._origins.add(found.schemas)
        choice = self._choose([*found.natives, *found.descriptions])
        self.project.errors += choice.errors
        for note in choice.notes:
            self._note(note)
        for described in choice.described:
            self._take_notes(described)
            self._all_apis(described)
        if choice.described or self.project.errors:
            self._mention_unnamed(found.schemas, choice)
            return
        if not found.schemas:
            raise _nothing_below([folder], "file that describes an AppSync API, and no schema file,")
        self._unclaimed(folder, found.schemas)

    def _choose(self, paths: list[Path]) -> Choice:
        from .descriptions import choose

        return choose(paths, self._tried)

    def _unclaimed(self, folder: Path, schemas: list[Path]) -> None:
        """Lint the schema files of a folder in which nothing describes an API."""
        whole = [path for path in schemas if self._is_whole(path)]
        if len(whole) > 1:
            # Each has its own Query: these are several schemas, or copies of one.
            self._note(f"{display_path(folder)}: linting its {len(schemas)} schema files one by one")
            for path in schemas:
                self._pieces([_Piece(path)], search=False)
            return
        if len(schemas) > 1:
            self._note(
                f"{display_path(folder)}: linting its {len(schemas)} schema files as the pieces of one schema; "
                "name the files of one schema if they are several"
            )
        self._pieces([_Piece(path) for path in schemas], search=False)

    def _is_whole(self, path: Path) -> bool:
        return any(_has_root(self._parse(text)) for text in self._read([_Piece(path)], quiet=True))

    def _mention_unnamed(self, schemas: list[Path], choice: Choice) -> None:
        """Say in one line which schema files no API names: copies and drafts are not linted as if they were live."""
        named = {resolved(Path(source.path)) for unit in self.project.units for source in unit.schema.sources}
        # What a description was read from is accounted for, such as the source of a compiled schema.
        named |= {resolved(Path(source.path)) for described in choice.described for source in described.sources}
        named |= self._mention_changed(schemas, named, choice)
        unnamed = [path for path in schemas if resolved(path) not in named]
        left = [path for path in unnamed[:MAX_LOOKED_AT] if self._is_schema(path)]
        if not left:
            return
        shown = ", ".join(display_path(path) for path in left[:SHOWN])
        more = len(left) - SHOWN + max(len(unnamed) - MAX_LOOKED_AT, 0)
        shown += f" and {more} more" if more > 0 else ""
        without = [(described, api) for described in choice.described for api in described.apis if _lacks_schema(api)]
        hint = ""
        if without:
            described, api = without[0]
            file = f"{display_path(described.path)}#{api.name}"
            hint = f"; to lint one as the schema of {api.name}: appsync-lint {display_path(left[0])} --api {file}"
        which = "no API that could be read" if self.project.errors else "no API"
        self._note(f"{shown}: not linted, {which} names {'it' if len(left) == 1 and more <= 0 else 'them'}{hint}")

    def _mention_changed(self, schemas: list[Path], named: set[Path], choice: Choice) -> set[Path]:
        """Say which files a build's source names and the build has in another text; return them."""
        changed: set[Path] = set()
        for source, build in choice.passed:
            for path in frozenset().union(*map(self._schema_paths, source.apis)) - named - changed:
                shown = next((display_path(schema) for schema in schemas if resolved(schema) == path), "")
                if shown:
                    changed.add(path)
                    better = display_path(build.path)
                    self._note(f"{shown}: not linted, {better} was built from another text of it; build that anew")
        return changed

    def _is_schema(self, path: Path) -> bool:
        return any(not _no_schema(self._parse(text)) for text in self._read([_Piece(path)], quiet=True))

    def _look_below(self, folder: Path) -> Found:
        found = look_below(folder, allow_outside=self.request.allow_outside)
        for path in found.outside:
            self._note(f"{path.as_posix()}: not followed, it links to a file outside {display_path(folder)}")
        return found

    def _schemas_below(self, folders: Iterable[Path]) -> list[_Piece]:
        return [_Piece(path) for folder in folders for path in self._look_below(folder).schemas]

    def _lies_below(self, api: Api, folder: Path) -> bool:
        top = resolved(folder)
        return any(path.is_relative_to(top) for path in self._schema_paths(api))

    # Schema files on their own.

    def _pieces(self, pieces: list[_Piece], *, search: bool = True) -> None:
        from ..sources import find_native

        alone: list[_Piece] = []
        grouped: dict[Path | None, list[_Piece]] = {}
        for piece in pieces:
            known = piece.source is None or bool(self.request.stdin_filename)
            native = find_native(piece.path.parent) if known else None
            grouped.setdefault(native, []).append(piece)
        for native, group in grouped.items():
            if native is None:
                alone += group
                continue
            described = self._describe(native)
            if described is None:
                continue
            alone += self._behind([described], group)
        if search:
            alone = self._behind_any(alone)
        if alone:
            self._add(None, self._read(alone))

    def _behind_any(self, pieces: list[_Piece]) -> list[_Piece]:
        """Lint the APIs of the project that name some of these files; return the files that none names."""
        choice = self._choose(self._descriptions_around(pieces))
        rest = self._behind(choice.described, pieces) if choice.described else pieces
        if rest:
            for error in choice.errors:
                self._note(f"{error}; an API that is described there is not known")
        return rest

    def _descriptions_around(self, pieces: list[_Piece]) -> list[Path]:
        """Return what may describe APIs in the projects that some schema files are in."""
        from ..sources import project_folder

        projects: dict[Path, None] = {}
        for piece in pieces:
            # A link out of the project is refused when it is read; nothing is looked for where it leads.
            with suppress(InputError, OSError, ValueError):
                self._refuse_outside(piece.path)
                if self.request.stdin_filename if piece.source is not None else piece.path.is_file():
                    projects[project_folder(piece.path.parent)] = None
        found: list[Path] = []
        for project in projects:
            try:
                below = look_below(_as_given(project), allow_outside=self.request.allow_outside, limit=MAX_SEARCHED)
            except TooManyError:
                self._note(
                    f"{display_path(project)}: holds more than {MAX_SEARCHED} files, so it was not searched for what "
                    "describes the API; name that with --api"
                )
            except InputError:
                continue
            else:
                found += [*below.natives, *below.descriptions]
                self._origins.add(below.schemas)
        return found

    def _behind(self, all_described: list[Described], pieces: list[_Piece]) -> list[_Piece]:
        """Lint the APIs that name some of these files; return the files that none names."""
        first = all_described[0]
        if first.kind == "native" and len(first.apis) == 1 and not first.apis[0].schema_files:
            self._add(first.apis[0], self._read(pieces), first)
            return []
        named: set[Path] = set()
        for described in all_described:
            for api in described.apis:
                mine = self._named(described, api, pieces)
                if mine:
                    named |= mine
                    self._take_notes(described)
                    self._whole(described, api)
        rest = [piece for piece in pieces if resolved(piece.path) not in named]
        for piece in rest:
            self._note(f"{display_path(piece.path)}: {_nobody_names(all_described)}, so it is linted without one")
        return rest

    def _named(self, described: Described, api: Api, pieces: Iterable[_Piece]) -> set[Path]:
        files = set(self._schema_paths(api))
        if described.compiled_from:
            texts = [item.text for item in api.schema_files if item.text is not None]
            files.update(resolved(path) for text in texts if (path := self._origins.of(text)) is not None)
        return {path for piece in pieces if (path := resolved(piece.path)) in files}

    def _schema_paths(self, api: Api) -> frozenset[Path]:
        """Return the files that an API names as its schema; entries that name none are reported when they are read."""
        from ..sources.places import schema_paths

        found: set[Path] = set()
        for item in api.schema_files:
            with suppress(InputError):
                found.update(map(resolved, schema_paths(item, allow_outside=self.request.allow_outside)))
        return frozenset(found)

    # Texts.

    def _read(self, pieces: Iterable[_Piece], *, quiet: bool = False) -> list[SourceText]:
        texts: list[SourceText] = []
        for path, piece in {resolved(piece.path): piece for piece in pieces}.items():
            known = piece.source or self._texts.get(path)
            if known is None:
                try:
                    self._refuse_outside(piece.path)
                    known = self._texts[path] = read_source(piece.path)
                except InputError as error:
                    if not quiet:
                        self.project.errors.append(error)
                    continue
            texts.append(known)
        return texts

    def _shared(self, text: SourceText) -> SourceText:
        """Return the one object that stands for a file, so that APIs with a common file have common findings."""
        if isinstance(text, EmbeddedText):
            return text
        return self._texts.setdefault(resolved(Path(text.path)), text)

    def _add(self, api: Api | None, texts: Sequence[SourceText], described: Described | None = None) -> None:
        """Add a unit, unless none of its texts is a schema."""
        kept: list[Parsed] = []
        other: list[tuple[str, str]] = []
        for text in texts:
            if is_answer(text.text):
                self.project.errors.append(InputError(ANSWER, path=text.path))
                continue
            parsed = self._parse(text)
            reason = _no_schema(parsed)
            if reason:
                other.append((text.path, reason))
            else:
                kept.append(parsed)
        if kept:
            for path, reason in other:
                self._note(f"{path}: skipped, it {reason}")
        elif other:
            path, reason = other[0]
            more = f", and so it is with {len(other) - 1} more" if len(other) > 1 else ""
            self.project.errors.append(InputError(f"{reason}{more}", path=path))
            return
        elif api is None or texts:
            return
        schema = build_schema(kept)
        if printed_from_answer(schema):
            self._note(
                f"{kept[0].source.path}: declares AppSync's directives in the words of an introspection answer and "
                "uses none; if it is an export, make it with --include-directives, for every verdict on it is wrong"
            )
        self.project.units.append(Unit(self._with_policies(api), schema, described))

    def _with_policies(self, api: Api | None) -> Api | None:
        """Give an API the IAM policies that the user names."""
        if api is None or not self.request.iam_policies:
            return api
        if self._policies is None:
            self._policies = tuple(self._read_policies())
        settings = api.settings
        return replace(api, settings=replace(settings, policies=(*settings.policies, *self._policies)))

    def _read_policies(self) -> Iterable[PolicyStatement]:
        from ..api.native_settings import read_policy
        from ..sources.loader import load_tree
        from ..tree import Table

        for name in self.request.iam_policies:
            try:
                self._refuse_outside(Path(name))
                source = read_source(Path(name))
                tree = load_tree(source)
                if not isinstance(tree, Table):
                    raise InputError(f"holds {tree.kind}, not an IAM policy", path=source.path)
                yield from read_policy(tree, source.path)
            except InputError as error:
                self.project.errors.append(error)

    def _parse(self, text: SourceText) -> Parsed:
        parsed = self._parsed.get(text)
        if parsed is None:
            parsed = self._parsed[text] = parse_text(text)
        return parsed

    def _note(self, text: str) -> None:
        if text not in self.project.notes:
            self.project.notes.append(text)


def _is_answer(path: Path) -> bool:
    """Whether a file is taken for a description by its name, and holds what an introspection query returns."""
    if path.suffix.lower() != ".json":
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return is_answer(file.read(1_000).lstrip("\ufeff"))
    except (OSError, ValueError):
        return False


def _no_schema(parsed: Parsed) -> str:
    """Say why a text is no schema; empty for one that is, even a broken one."""
    if parsed.document is None:
        return "" if parsed.problems else "is empty"
    if all(node.kind in ("operation_definition", "fragment_definition") for node in parsed.document.definitions):
        return "" if parsed.problems else "holds client operations, not a schema"
    return ""


def _has_root(parsed: Parsed) -> bool:
    """Whether a text defines the Query type, or says in a schema block what stands for it."""
    definitions = parsed.document.definitions if parsed.document is not None else ()
    return any(
        node.kind == "schema_definition"
        or (node.kind == "object_type_definition" and getattr(node, "name", None) and node.name.value == "Query")  # type: ignore[attr-defined]
        for node in definitions
    )


def _lacks_schema(api: Api) -> bool:
    # What Amplify deploys is compiled first: no file of the project stands in for that.
    return not api.tool.name.startswith("Amplify") and not any(
        item.path is not None or item.text is not None for item in api.schema_files
    )


def _as_given(folder: Path) -> Path:
    """Return a folder as people write it: relative to the working directory where it lies below."""
    try:
        return folder.relative_to(Path.cwd().resolve())
    except ValueError:
        return folder


def _nobody_names(described: list[Described]) -> str:
    if len(described) == 1:
        return f"no API of {display_path(described[0].path)} names this file"
    return "no API of the project names this file"


def _no_such_api(name: str, known: list[str]) -> str:
    meant = nearest(name, known)
    hint = f"did you mean {meant}?" if meant else f"it has {', '.join(known) or 'none'}"
    return f"describes no API {name!r}; {hint}"


def _nothing_below(folders: Sequence[Path], what: str) -> InputError:
    where = ", ".join(display_path(folder) for folder in folders) or "."
    return InputError(f"no {what} in this folder or below", path=where)
