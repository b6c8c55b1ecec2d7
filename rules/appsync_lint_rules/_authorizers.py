"""What the rules about Lambda authorizers' code have in common. The analysis itself is imported only when it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from appsync_lint.plugin import Finding, Label, Rule, Span, Subject

if TYPE_CHECKING:
    from appsync_lint.plugin import Analysis, Authorizer, Observation, Return

#: A TTL, and who sets it.
Kept: TypeAlias = "tuple[int | float | None, str]"

_FIELDS = {
    "queryString": "the query's text",
    "variables": "the query's variables",
    "operationName": "the operation's name",
    "requestHeaders": "the request's headers",
    "requestContext": "the whole requestContext",
    "event": "the whole event",
}
_DESTRUCTIVE = ("delete", "remove", "purge", "cancel", "revoke", "update", "set")


class Case:
    """What a rule is asked about: one function that was analysed, behind one API."""

    # A plain class: every run imports this module, and a NamedTuple takes a millisecond to make.
    __slots__ = ("analysis", "authorizer", "subject")

    def __init__(self, subject: Subject, authorizer: Authorizer, analysis: Analysis) -> None:
        self.subject = subject
        self.authorizer = authorizer
        self.analysis = analysis


class AuthorizerRule(Rule):
    """The base of the rules about an authorizer's code: asked once for each function that was analysed."""

    def check(self, subject: Subject) -> Iterator[Finding]:
        for authorizer in subject.authorizers:
            if authorizer.analysis is not None:
                yield from self.judge(Case(subject, authorizer, authorizer.analysis))

    def judge(self, case: Case) -> Iterator[Finding]:
        """Yield the findings for one function."""
        raise NotImplementedError


def seen(analysis: Analysis, *kinds: str) -> list[Observation]:
    """Return the observations of some kinds, each place once."""
    found: dict[tuple[str, Span], Observation] = {}
    for item in analysis.observations:
        if item.kind in kinds:
            found.setdefault((item.kind, item.span), item)
    return list(found.values())


def kept(authorizer: Authorizer, returned: Return) -> Kept:
    """Return how long AppSync keeps an answer, in seconds or None where that is not known, and who says so."""
    if returned.ttl is None:
        return authorizer.ttl, authorizer.ttl_origin
    if isinstance(returned.ttl, int | float):
        return returned.ttl, "its ttlOverride"
    return None, "its ttlOverride is not a constant"


def denial(place: Span) -> str:
    """Name the mistake that a refusal at a place is kept too long, for the rules that tell of it."""
    return f"authorizer-denial:{place.path}:{place.start_offset}"


def is_kept(authorizer: Authorizer, returned: Return) -> bool:
    """Whether AppSync certainly keeps an answer."""
    seconds, _ = kept(authorizer, returned)
    return seconds is not None and seconds > 0


def called(field: str) -> str:
    """Name a part of the request as a reader says it."""
    return _FIELDS.get(field, field)


def shortened(text: str, longest: int = 60) -> str:
    """Return a text from somebody's source for a message: one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def related(observation: Observation, **texts: str) -> list[Label]:
    """Return an observation's other places, in words; places on the same text are left out."""
    return [Label(span, texts.get(name, name)) for name, span in observation.related if span != observation.span]


def telling_field(subject: Subject) -> str:
    """Return a root field that nobody wants called by the wrong person: a destructive mutation where there is one."""
    mutation, query = subject.schema.root("mutation"), subject.schema.root("query")
    names = list(mutation.fields) if mutation is not None else []
    for word in _DESTRUCTIVE:
        for name in names:
            if name.lower().startswith(word):
                return f"Mutation.{name}"
    if names:
        return f"Mutation.{names[-1]}"
    names = list(query.fields) if query is not None else []
    return f"Query.{names[-1]}" if names else "another field"
