"""What a rule is: metadata, documentation and check in one module.

The module's docstring is the documentation. Its first line is the rule's summary; then come headings in
Markdown, always these and in this order: ``## What it does``, ``## Why it matters``, ``## Bad``, ``## Good``,
``## Limits`` and, where there is something to read, ``## References``. The code blocks under Bad and Good
are run as tests: ``graphql`` is the schema, ``yaml`` the API in the native form, ``python``, ``javascript``
or ``typescript`` its Lambda authorizer. In a bad example a comment line of carets below a line marks where
the finding must be.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from ..text import SourceText, Span
from .finding import Confidence, Finding, Label, Severity
from .fix import Fix

if TYPE_CHECKING:
    from ..access import AccessModel
    from ..api import Api
    from ..resolvers import FieldUse
    from ..schema import Directive, Field, Schema, TypeDefinition
    from .authorizers import Authorizer
    from .ignores import Ignores

__all__ = ["Rule", "Subject"]

_T = TypeVar("_T")

#: Where the documentation of a rule is published, by its name.
HELP_URI = "https://github.com/appsync-lint/appsync-lint/blob/main/docs/rules/{name}.md"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is asked about: a schema, and the API it stands behind where one is described.

    Rules that need the API (all but those with ``needs_api = False``) are not run without one, so they use
    ``api`` and ``model`` freely.
    """

    schema: Schema
    described: Api | None = None
    known_model: AccessModel | None = None
    ignores: Ignores | None = None
    _asked: dict[str, tuple[Authorizer, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _uses: dict[str, dict[str, FieldUse]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def api(self) -> Api:
        """The API's description."""
        assert self.described is not None, "a rule with needs_api = False must not ask for the API"
        return self.described

    @property
    def model(self) -> AccessModel:
        """The access model of the schema behind the API."""
        assert self.known_model is not None, "a rule with needs_api = False must not ask for the model"
        return self.known_model

    @property
    def authorizers(self) -> tuple[Authorizer, ...]:
        """The API's Lambda authorizers, each with the analysis of its code where that is at hand."""
        if all(provider.authorizer is None for provider in self.api.providers):
            return ()
        if "authorizers" not in self._asked:
            from .authorizers import authorizers_of

            self._asked["authorizers"] = authorizers_of(self.api)
        return self._asked["authorizers"]

    @property
    def resolvers(self) -> Mapping[str, FieldUse]:
        """What the resolvers at hand ask about the caller, by the coordinate of their field."""
        resolvers = self.described.settings.resolvers if self.described is not None else ()
        if not resolvers:
            return {}
        if "resolvers" not in self._uses:
            from ..resolvers import uses_of

            self._uses["resolvers"] = uses_of(resolvers)
        return self._uses["resolvers"]

    @property
    def code(self) -> list[SourceText]:
        """The files of the authorizers that were analysed so far, without what they import."""
        places = (item.handler_span for item in self._asked.get("authorizers", ()))
        return [place.source for place in places if place is not None]


def _place(item: Any) -> Span:
    """Return the place of what a finding can be about."""
    place: Span = item.span
    return place


class Rule:
    """The base of every rule. A subclass sets the metadata and writes :meth:`check`.

    ``name`` states the defect in kebab-case and is the rule's only id. ``severity`` says how bad the defect
    is, ``confidence`` how sure the facts behind it are; a finding may differ from both. ``security_severity``
    is GitHub's scale from 0.1 to 10, None for what is no security matter. ``facts`` number the entries of
    the project's list of facts. ``yields_to`` names more telling rules: where one of them reports a cause
    that this rule reports too, this rule stays silent. A ``decisive`` rule that finds something silences
    all others: what they would say about such an input is nonsense. A ``pedantic`` rule holds an opinion, or is
    right about less than most of what it reports; such a rule is never ``enabled`` by default.
    """

    name: ClassVar[str]
    severity: ClassVar[Severity]
    confidence: ClassVar[Confidence]
    since: ClassVar[str]
    facts: ClassVar[tuple[str, ...]] = ()
    cwe: ClassVar[tuple[int, ...]] = ()
    security_severity: ClassVar[float | None] = None
    enabled: ClassVar[bool] = True
    pedantic: ClassVar[bool] = False
    needs_api: ClassVar[bool] = True
    decisive: ClassVar[bool] = False
    yields_to: ClassVar[tuple[str, ...]] = ()
    safe_fix: ClassVar[str] = ""
    unsafe_fix: ClassVar[str] = ""

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield the findings for one schema and API."""
        raise NotImplementedError

    def together(self, subject: Subject, items: Iterable[_T], at: Callable[[_T], Span] = _place) -> Iterator[list[_T]]:
        """Yield the items that one finding may tell of: all of them, but each that is :meth:`apart` alone.

        ``at`` gives the place at which an item alone is reported.
        """
        rest: list[_T] = []
        for item in items:
            if self.apart(subject, at(item)):
                yield [item]
            else:
                rest.append(item)
        if rest:
            yield rest

    def apart(self, subject: Subject, place: Span) -> bool:
        """Whether an ignore comment for this rule stands at a place: what is found there is reported alone, and there.

        A comment silences the findings at its place. If they told of other places too, it would silence those.
        """
        return subject.ignores is not None and subject.ignores.covers(self.name, place)

    def finding(
        self,
        at: Span | Directive | Field | TypeDefinition,
        message: str,
        *,
        label: str = "",
        coordinate: str | None = None,
        related: Iterable[Label] = (),
        flow: Iterable[Label] = (),
        help: str = "",
        subject: str = "",
        causes: Iterable[str] = (),
        severity: Severity | None = None,
        confidence: Confidence | None = None,
        fix: Fix | None = None,
    ) -> Finding:
        """Make a finding at a place, or at what it is about: the place and the coordinate follow from it."""
        span = at if isinstance(at, Span) else at.span
        if coordinate is None:
            coordinate = "" if isinstance(at, Span) else _coordinate(at)
        return Finding(
            rule=self.name,
            severity=severity or self.severity,
            confidence=confidence or self.confidence,
            message=message,
            coordinate=coordinate,
            span=span,
            label=label,
            related=tuple(related),
            flow=tuple(flow),
            help=help,
            subject=subject,
            causes=frozenset(causes),
            fix=fix,
        )

    @classmethod
    def documentation(cls) -> str:
        """Return the whole documentation, in Markdown: the docstring of the rule's module."""
        return (sys.modules[cls.__module__].__doc__ or "").strip()

    @classmethod
    def summary(cls) -> str:
        """Return the first line of the documentation, without its full stop."""
        return cls.documentation().partition("\n")[0].rstrip(".")

    @classmethod
    def help_uri(cls) -> str:
        """Return where the documentation is published."""
        return HELP_URI.format(name=cls.name)


def _coordinate(item: Directive | Field | TypeDefinition) -> str:
    owner: str | None = getattr(item, "owner", None) or getattr(item, "coordinate", None)
    return owner or item.name
