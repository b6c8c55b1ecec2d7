"""Which of the files found in a folder describe its APIs, when several speak about the same one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError, UnknownFileError
from ..files import display_path, resolved
from ..sources import Described

__all__ = ["Choice", "choose"]

#: Programs that make a template: where the template is at hand, it says exactly what they come to.
_PROGRAMS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".py")
#: By the kind of the reader whose files a build is made from, how those files' names end.
_SOURCES = {"cdk": _PROGRAMS, "pulumi": _PROGRAMS, "terraform": (".tf", ".tofu")}
_SHOWN = 2
#: What files say that deploy an API, in small letters; Amplify's programs never name the service.
_WORDS = (b"appsync", b"definedata(")


class Choice(NamedTuple):
    """What counts of the descriptions in a folder.

    ``passed`` are the sources that were passed over, each with what it was built to; ``notes`` say so.
    """

    described: list[Described]
    errors: list[InputError]
    notes: list[str]
    passed: list[tuple[Described, Described]]


def choose(paths: Iterable[Path], read: Callable[[Path], Described | InputError]) -> Choice:
    """Read descriptions and keep one for each API.

    A file that another description was read from (a nested template, a module, an include) does not count on
    its own, and a program does not where what it comes to is there. ``read`` gives what was wrong with a file
    as a value.
    """
    results: dict[Path, Described | InputError] = {}
    parts: set[Path] = set()
    for path in paths:
        if resolved(path) in parts:
            continue
        result = results[path] = read(path)
        if isinstance(result, Described):
            parts.update(resolved(Path(source.path)) for source in result.sources[1:])
            parts.discard(resolved(result.path))
    known = [result for result in results.values() if isinstance(result, Described)]
    compiled = [(result, scope) for result in known if (scope := _compiled_scope(result)) is not None]
    chosen: list[Described] = []
    errors: list[InputError] = []
    passed: dict[str, list[str]] = {}
    sources: list[tuple[Described, Described]] = []
    for path, result in results.items():
        real = resolved(path)
        if real in parts or isinstance(result, UnknownFileError):
            # Many a file speaks of APIs that it does not deploy.
            continue
        better = next((best for best, scope in compiled if _comes_to(path, result, best, scope)), None)
        if better is not None:
            if isinstance(result, InputError) or result.apis:
                passed.setdefault(display_path(better.path), []).append(display_path(path))
            if isinstance(result, Described):
                sources.append((result, better))
        elif isinstance(result, InputError):
            if _speaks_of_appsync(path):
                errors.append(result)
        elif result.apis or result.errors:
            chosen.append(result)
    return Choice(chosen, errors, [_passed(better, names) for better, names in passed.items()], sources)


def _speaks_of_appsync(path: Path) -> bool:
    """Whether a file that cannot be read is worth an error: others deploy stacks, too, and are none of our business."""
    try:
        return not path.is_file() or any(word in path.read_bytes().lower() for word in _WORDS)
    except OSError:
        return True


def _compiled_scope(result: Described) -> Path | None:
    """Return the folder whose sources a description is the compiled form of; None for a source."""
    if not result.apis or not result.compiled_from:
        return None
    folder = resolved(result.path).parent
    return next((parent.parent for parent in (folder, *folder.parents) if parent.name == "cdk.out"), folder)


def _comes_to(path: Path, result: Described | InputError, best: Described, scope: Path) -> bool:
    """Whether a file is the source of a compiled description."""
    if result is best or not resolved(path).is_relative_to(scope):
        return False
    if isinstance(result, InputError):
        return path.suffix.lower() in _SOURCES.get(best.compiled_from, ())
    return result.kind == best.compiled_from and not result.compiled_from


def _passed(better: str, names: list[str]) -> str:
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
    pronoun = "they come" if len(names) > 1 else "that comes"
    return f"{better}: linted instead of {shown}, since it is what {pronoun} to; build it anew where it is older"
