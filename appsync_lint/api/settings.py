"""What is described of an API besides its modes: keys, limits, logging, caching, resolvers, policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from ..text import EmbeddedText, SourceText, Span
from .api_settings import ApiSettings
from .mode import Mode
from .unresolved import Unresolved

__all__ = [
    "AmplifySettings",
    "ApiCache",
    "ApiKey",
    "ApiSettings",
    "EnvironmentVariable",
    "Logging",
    "MergedApi",
    "PolicyStatement",
    "PolicyText",
    "Resolver",
    "ResolverCode",
    "Setting",
    "SourceApi",
]

T = TypeVar("T")

CodeLanguage: TypeAlias = Literal["vtl", "javascript", "typescript"]


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """The value of a setting and where it stands."""

    value: T | Unresolved
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """An API key. ``expires`` is in seconds since 1970, ``lifetime_days`` the time that it lives once deployed.

    Both are None where nothing is written: AppSync then gives the key 7 days (4.8).
    """

    name: str = ""
    expires: int | Unresolved | None = None
    lifetime_days: int | Unresolved | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Logging:
    """What is logged of requests. ``level`` is NONE, ERROR, ALL, INFO or DEBUG."""

    level: str | Unresolved | None = None
    excludes_verbose: bool | Unresolved | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ApiCache:
    """The API's cache. ``behaviour`` is FULL_REQUEST_CACHING, PER_RESOLVER_CACHING or OPERATION_LEVEL_CACHING."""

    behaviour: str | Unresolved | None = None
    ttl: int | Unresolved | None = None
    encrypted_at_rest: bool | Unresolved | None = None
    encrypted_in_transit: bool | Unresolved | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class EnvironmentVariable:
    """A variable that every resolver of the API can read."""

    name: str
    value: str | Unresolved
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ResolverCode:
    """A piece of a resolver: a mapping template or a JavaScript function, of the resolver or of its pipeline.

    ``path`` is relative to the folder ``base``; ``text`` is the code itself where it stands in the description.
    ``unresolved`` says why there is neither.
    """

    language: CodeLanguage
    path: str | None = None
    base: str = "."
    text: SourceText | EmbeddedText | None = None
    unresolved: Unresolved | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Resolver:
    """A field's resolver.

    ``caching_keys`` is None where the resolver has no caching of its own. ``code`` are the pieces that run,
    in their order. ``whole`` says that no piece is missing: without it nothing follows from what is not there.
    """

    type_name: str
    field_name: str
    caching_keys: tuple[str | Unresolved, ...] | None = None
    caching_ttl: int | Unresolved | None = None
    caching_span: Span | None = None
    code: tuple[ResolverCode, ...] = ()
    whole: bool = False
    span: Span | None = None

    @property
    def coordinate(self) -> str:
        """The field that the resolver is for."""
        return f"{self.type_name}.{self.field_name}"


@dataclass(frozen=True, slots=True)
class PolicyText:
    """An action or resource of a policy. What only deployment knows of it is ``*`` in ``text``, and ``open`` is set.

    Not so for what leaves nothing open: the API's own id is the one that the description has for it, and its ARN is
    ``arn:*:appsync:*:*:apis/Name``; partition, region and account are ``*``.
    """

    text: str
    span: Span | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class PolicyStatement:
    """A statement of an IAM policy that speaks about AppSync.

    ``owner`` names the policy or role as the file does. ``negated`` is set for ``NotResource``: then
    ``resources`` are those that the statement is not about.
    """

    effect: Literal["Allow", "Deny"]
    actions: tuple[PolicyText, ...]
    resources: tuple[PolicyText, ...]
    owner: str = ""
    negated: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class MergedApi:
    """An API that this one is merged into. ``modes`` are its modes, the default first, as far as they are certain.

    ``complete`` says that it has no others.
    """

    name: str
    modes: tuple[Mode, ...]
    complete: bool = True
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class SourceApi:
    """An API that is merged into this one, by the name or id that the description has for it."""

    name: str | Unresolved
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class AmplifySettings:
    """What Amplify's compiler is told besides the schema (9.8, 9.10).

    ``admin_roles`` are the names that its resolvers look for in the ARN of an IAM caller, to let him pass.
    ``global_public`` is set where the schema's ``globalAuthRule`` opens every model without rules of its own to
    the API key, ``sandbox`` where Gen 2 does so because the app has no other callers.
    """

    admin_roles: tuple[Setting[str], ...] = ()
    global_public: Setting[bool] | None = None
    sandbox: Setting[bool] | None = None
