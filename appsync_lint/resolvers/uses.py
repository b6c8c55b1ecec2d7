"""What the code of an API's resolvers asks about the caller, piece by piece and field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..files import read_source

if TYPE_CHECKING:
    from ..api import Resolver, ResolverCode
    from ..text import SourceText, Span

__all__ = ["FieldUse", "Use", "use_of", "uses_of"]


@dataclass(frozen=True, slots=True)
class Use:
    """What one piece of code asks. Each is the first place that does so, None where there is none.

    ``identity`` is any look at the caller at all. ``refuses`` is a call that refuses the request. ``whole`` is
    False where a look may be taken elsewhere: in an import of the project's own, or by a data source that is handed
    the whole context.
    """

    identity: Span | None = None
    context: Span | None = None
    groups: Span | None = None
    refuses: Span | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class FieldUse:
    """What a field's resolver asks, all its pieces together. ``whole`` says that no piece is missing or unread."""

    coordinate: str
    identity: Span | None = None
    context: Span | None = None
    groups: Span | None = None
    refuses: Span | None = None
    whole: bool = False

    @property
    def checks_context(self) -> bool:
        """Whether it looks at what the Lambda authorizer says about the caller, and can refuse."""
        return self.context is not None and self.refuses is not None

    @property
    def checks_groups(self) -> bool:
        """Whether it looks at the caller's Cognito groups, and can refuse."""
        return self.groups is not None and self.refuses is not None


def uses_of(resolvers: Iterable[Resolver]) -> dict[str, FieldUse]:
    """Return what the resolvers ask, by the coordinate of their field; code that cannot be read counts as missing."""
    read: dict[ResolverCode, Use | None] = {}
    found: dict[str, FieldUse] = {}
    for resolver in resolvers:
        uses: list[Use] = []
        whole = resolver.whole
        for code in resolver.code:
            if code not in read:
                read[code] = use_of(code)
            use = read[code]
            if use is None:
                whole = False
            else:
                uses.append(use)
                whole = whole and use.whole
        found[resolver.coordinate] = FieldUse(
            resolver.coordinate,
            identity=_first(use.identity for use in uses),
            context=_first(use.context for use in uses),
            groups=_first(use.groups for use in uses),
            refuses=_first(use.refuses for use in uses),
            whole=whole and bool(resolver.code),
        )
    return found


def use_of(code: ResolverCode) -> Use | None:
    """Return what a piece of code asks, or None where it is not at hand or cannot be read."""
    try:
        source = _source(code)
        if source is None:
            return None
        if code.language == "vtl":
            from .vtl import read_template

            return read_template(source)
        from .javascript import read_function

        return read_function(source, typescript=code.language == "typescript")
    except InputError:
        return None


def _source(code: ResolverCode) -> SourceText | None:
    if code.text is not None:
        return code.text
    if code.path is None:
        return None
    from ..sources.places import project_folder, real_path

    path = Path(code.base, code.path)
    real_path(path, project_folder(Path(code.base)), code.path, code.span, allow_outside=False)
    return read_source(path)


def _first(spans: Iterable[Span | None]) -> Span | None:
    return next((span for span in spans if span is not None), None)
