"""The Lambda authorizers of an API: finding their code, and what the analysis says about it.

Imported when a rule asks and an API has an authorizer; the analysis itself when there is code to analyse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..api import LambdaAuthorizer, Mode, Unresolved
from ..errors import InputError

if TYPE_CHECKING:
    from ..api import Api, FunctionCode, Provider
    from ..authorizer import Analysis, Judgement
    from ..text import Span

__all__ = ["Authorizer", "authorizers_of", "cache_time"]

#: As many functions as a large repository has; one behind several APIs is analysed once.
_REMEMBERED = 256


@dataclass(frozen=True, slots=True)
class Authorizer:
    """A Lambda authorizer and what is known about its function.

    ``analysis`` and ``judgement`` are None where the code is not at hand or cannot be read, and ``why`` then
    completes "was not analysed: ...". ``ttl`` is how long the API keeps an answer that has no ``ttlOverride``, in
    seconds, None where only deployment knows; ``ttl_origin`` says who sets it.
    """

    provider: Provider
    settings: LambdaAuthorizer
    ttl: int | None
    ttl_origin: str
    analysis: Analysis | None = None
    judgement: Judgement | None = None
    why: str = ""

    @property
    def handler_span(self) -> Span | None:
        """The function's place, None where it is not known."""
        return self.analysis.handler_span if self.analysis is not None else None


def authorizers_of(api: Api) -> tuple[Authorizer, ...]:
    """Return an API's Lambda authorizers that are described, each once, with the analysis of its code."""
    found: dict[tuple[FunctionCode | None, int | Unresolved | None], Authorizer] = {}
    for provider in api.providers:
        settings = provider.authorizer
        if settings is None or (isinstance(provider.mode, Mode) and provider.mode is not Mode.AWS_LAMBDA):
            continue
        key = (settings.code, settings.ttl)
        if key not in found:
            found[key] = _authorizer(api, provider, settings)
    return tuple(found.values())


def cache_time(api: Api, settings: LambdaAuthorizer) -> tuple[int | None, str]:
    """Return how long the API keeps an answer without ``ttlOverride``, and who says so (SEMANTICS 5.1, A6)."""
    ttl = settings.ttl
    if isinstance(ttl, int):
        return ttl, "authorizerResultTtlInSeconds"
    if isinstance(ttl, Unresolved):
        values = {int(text) for text in ttl.candidates if text.isdecimal() and len(text) < 8}
        if len(values) == 1 and len(ttl.candidates) == len([*filter(str.isdecimal, ttl.candidates)]):
            return values.pop(), "authorizerResultTtlInSeconds"
        return None, f"authorizerResultTtlInSeconds is {ttl.text}, which only deployment knows"
    unset = api.tool.unset_lambda_ttl
    if unset is None:
        return None, "authorizerResultTtlInSeconds is not written, and what an API then gets depends on the tool"
    return unset, f"what {api.tool.name} deploys where authorizerResultTtlInSeconds is not written"


def _authorizer(api: Api, provider: Provider, settings: LambdaAuthorizer) -> Authorizer:
    ttl, origin = cache_time(api, settings)
    code = settings.code
    if code is None:
        why = "the API's description does not say where its code is"
        return Authorizer(provider, settings, ttl, origin, why=why)
    try:
        analysis = _analysis(code)
    except InputError as error:
        where = f"{error.path}: " if error.path else ""
        return Authorizer(provider, settings, ttl, origin, why=f"{where}{error.message}")
    if isinstance(analysis, str):
        return Authorizer(provider, settings, ttl, origin, why=analysis)
    if analysis.not_analysed is not None:
        return Authorizer(provider, settings, ttl, origin, why=f"{_shown(code)}{analysis.not_analysed}")

    from ..authorizer import judge

    return Authorizer(provider, settings, ttl, origin, analysis, judge(analysis, ttl=ttl, ttl_origin=origin))


def _analysis(code: FunctionCode) -> Analysis | str:
    """Analyse a function, or say why it cannot be done."""
    if code.text is not None:
        from ..authorizer import analyse_text

        return analyse_text(code.text, language=code.language, handler=code.handler)
    if not code.paths:
        return code.why or "its code is not here"
    located = _located(code)
    if isinstance(located, str):
        return located
    path, root = located
    try:
        status = path.stat()
    except OSError as error:
        return f"{path.as_posix()} cannot be read: {error.strerror}"
    return _analysed(path, code.handler, root, status.st_mtime_ns, status.st_size)


def _located(code: FunctionCode) -> tuple[Path, Path] | str:
    """Return the first file that is there and the folder of its project, or say that there is none."""
    from ..sources.places import project_folder, real_path

    root = project_folder(Path(code.base))
    outside = ""
    for written, path in _candidates(code):
        try:
            real_path(path, root, written, None, allow_outside=code.allow_outside)
            if path.is_file():
                return path, root
        except (InputError, OSError, ValueError) as error:
            outside = error.message if isinstance(error, InputError) else f"{written!r} is no path"
    if outside:
        return outside
    names = [written for written, _ in _candidates(code)]
    return f"{names[0]} is not there" + (f", nor is {', '.join(names[1:3])}" if len(names) > 1 else "")


def _candidates(code: FunctionCode) -> Iterator[tuple[str, Path]]:
    for written in code.paths:
        yield written, Path(code.base, written.replace("\0", "\N{REPLACEMENT CHARACTER}"))


@lru_cache(maxsize=_REMEMBERED)
def _analysed(path: Path, handler: str | None, root: Path, modified: int, size: int) -> Analysis:  # noqa: ARG001
    """Analyse a file; its time and size are in the key, so that a changed file is analysed again."""
    from ..authorizer import analyse

    return analyse(path, handler=handler, root=root)


def _shown(code: FunctionCode) -> str:
    located = _located(code) if code.paths else None
    from ..files import display_path

    return f"{display_path(located[0])}: " if isinstance(located, tuple) else ""
