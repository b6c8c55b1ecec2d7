"""What an analysis says: plain values with places, no decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..text import Span

__all__ = [
    "Analysis",
    "Authorized",
    "ContextEntry",
    "DeniedField",
    "Dependence",
    "Judgement",
    "Observation",
    "ObservationKind",
    "Read",
    "Return",
    "Verdict",
]

RequestField: TypeAlias = Literal[
    "queryString", "variables", "operationName", "requestHeaders", "requestContext", "event"
]
Authorized: TypeAlias = Literal["true", "false", "depends", "missing"]

ObservationKind: TypeAlias = Literal[
    "token-not-verified",
    "query-text-decision",
    "query-first-definition-only",
    "query-argument-literal",
    "operation-name-trusted",
    "connect-allowed",
    "phantom-field",
    "constant-allow",
    "test-bypass",
    "prefix-only",
    "literal-token",
    "secret-compared-directly",
    "jwt-without-algorithms",
    "jwt-without-audience",
    "context-nested",
    "context-null",
    "context-secret",
    "stateful-check",
    "missing-is-authorized",
    "api-gateway-shape",
    "not-boolean",
    "not-awaited",
    "fail-open",
    "throw-to-deny",
    "throw-with-secret",
    "denial-cached",
    "allow-kept-long",
    "ttl-override-invalid",
    "bearer-expected",
    "bearer-split",
    "event-logged",
    "token-logged",
    "denied-fields-useless",
]


@dataclass(frozen=True, slots=True)
class Read:
    """A place that reads a part of the event. ``used`` is false where nothing in an answer depends on it."""

    field: str
    span: Span
    used: bool = False


@dataclass(frozen=True, slots=True)
class Dependence:
    """That an answer depends on a part of the request which the cache key does not contain.

    ``how``: ``data`` where the value goes into the answer, ``control`` where it decides which answer is given.
    ``sinks`` are the parts of the answer: ``isAuthorized``, ``deniedFields``, ``resolverContext``. ``via`` names
    a call into code that was not found, where only the whole event is known to go in: the dependence is
    then possible, not certain.
    """

    field: RequestField
    how: Literal["data", "control"]
    read: Span
    decider: Span
    sinks: tuple[str, ...] = ("isAuthorized",)
    via: str = ""


@dataclass(frozen=True, slots=True)
class DeniedField:
    """An entry of ``deniedFields``. Parts that are not literal stand as ``${}`` in ``text``; ``exact`` if none are."""

    text: str
    exact: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A key of ``resolverContext``, and what kind of value it holds."""

    key: str
    kind: Literal["scalar", "nested", "null", "unknown"]
    span: Span


@dataclass(frozen=True, slots=True)
class Return:
    """One answer that the function can give: a place that returns, and one way of getting there.

    ``ttl`` is the ``ttlOverride`` in seconds: None where the answer has none (the API's setting counts),
    ``"dynamic"`` where it is not a constant. ``unrestricted`` means a constant allow without ``deniedFields``.
    """

    span: Span
    is_authorized: Authorized
    depends_on: tuple[Dependence, ...] = ()
    ttl: int | float | str | None = None
    ttl_span: Span | None = None
    denied_fields: tuple[DeniedField, ...] | None = None
    denied_fields_known: bool = True
    context: tuple[ContextEntry, ...] = ()
    context_known: bool = True
    after_exception: bool = False

    @property
    def unrestricted(self) -> bool:
        """Whether this is a constant allow that hides nothing."""
        return self.is_authorized == "true" and self.denied_fields_known and not self.denied_fields


@dataclass(frozen=True, slots=True)
class Observation:
    """Something in the source that a rule may want to speak about. ``detail`` depends on the kind."""

    kind: ObservationKind
    span: Span
    detail: str = ""
    related: tuple[tuple[str, Span], ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """What one authorizer does. ``not_analysed`` is a sentence where nothing can be said about it.

    ``shape`` is ``appsync`` where the function answers or reads like an AppSync authorizer, otherwise what it
    looks like instead.
    """

    language: Literal["python", "javascript", "typescript", "unknown"]
    handler: str
    handler_span: Span | None = None
    reads: tuple[Read, ...] = ()
    returns: tuple[Return, ...] = ()
    observations: tuple[Observation, ...] = ()
    files: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    shape: Literal["appsync", "api-gateway", "unknown"] = "unknown"
    not_analysed: str | None = None


Verdict: TypeAlias = Literal[
    "not-analysed",
    "safe",
    "guarded",
    "safe-while-ttl-0",
    "deny-cached",
    "context-hazard",
    "possible",
    "hazard",
]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on an authorizer at a given TTL, with the return that earned it.

    ``ttl`` is the time that the answer is kept: seconds, or None where that is not known; ``ttl_origin`` says
    who set it. ``dependence`` is the one to show: its read, the deciding place, then the return.
    """

    verdict: Verdict
    returned: Return | None = None
    dependence: Dependence | None = None
    ttl: int | float | None = None
    ttl_origin: str = ""
    verdicts: tuple[tuple[Return, Verdict], ...] = ()
