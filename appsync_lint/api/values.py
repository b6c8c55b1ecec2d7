"""What an API is, as far as authorization goes. Plain values: no files, no decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..errors import InputError
from ..text import EmbeddedText, SourceText, Span
from .api_settings import ApiSettings
from .mode import Mode
from .unresolved import Unresolved

__all__ = [
    "Api",
    "DefaultAction",
    "FunctionCode",
    "LambdaAuthorizer",
    "OpenIdConnect",
    "Provider",
    "SchemaFile",
    "Tool",
    "Unresolved",
    "UserPool",
]

DefaultAction: TypeAlias = Literal["ALLOW", "DENY"]

_NO_SETTINGS = ApiSettings()


@dataclass(frozen=True, slots=True)
class Tool:
    """A way of deploying an API, with what it does on its own.

    ``name`` as people say it. ``unset_lambda_ttl`` is what the tool deploys, in seconds, when the authorizer's
    TTL is not written (SEMANTICS A6); None where the description does not say which tool deploys it.
    ``folds_extensions`` says that the tool merges ``extend`` blocks before it uploads the schema; AppSync
    itself drops them (9.4).
    """

    name: str
    unset_lambda_ttl: int | None = None
    folds_extensions: bool = False


@dataclass(frozen=True, slots=True)
class UserPool:
    """A Cognito user pool's settings. ``default_action`` counts for the default provider only (3.6, 2.10)."""

    pool_id: str | Unresolved | None = None
    default_action: DefaultAction | Unresolved | None = None
    default_action_span: Span | None = None
    app_client_regex: str | Unresolved | None = None


@dataclass(frozen=True, slots=True)
class OpenIdConnect:
    """An OpenID Connect issuer's settings; both times are in milliseconds (8.11)."""

    issuer: str | Unresolved | None = None
    client_id: str | Unresolved | None = None
    issued_ttl_ms: int | Unresolved | None = None
    auth_ttl_ms: int | Unresolved | None = None


@dataclass(frozen=True, slots=True)
class FunctionCode:
    """Where the code of a Lambda function is.

    ``paths`` are the files that it can be, the likeliest first, relative to the folder ``base``; ``text`` is the
    code itself where it stands in the description, in the ``language`` given. ``handler`` is Lambda's setting
    (``index.handler``) or a function's name. ``why`` says why there is neither.
    """

    paths: tuple[str, ...] = ()
    base: str = "."
    handler: str | None = None
    text: SourceText | None = None
    language: Literal["python", "javascript", "typescript"] = "javascript"
    why: str = ""
    allow_outside: bool = False


@dataclass(frozen=True, slots=True)
class LambdaAuthorizer:
    """A Lambda authorizer's settings. ``ttl`` is in seconds, None where it is not written.

    ``source`` is the path of the function's code as the native form has it; ``code`` says where the code is,
    whoever described it, None where the description does not say anything about it.
    """

    uri: str | Unresolved | None = None
    ttl: int | Unresolved | None = None
    ttl_span: Span | None = None
    identity_validation: str | Unresolved | None = None
    source: str | None = None
    code: FunctionCode | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """One of an API's authorization providers: a mode with its settings.

    ``span`` is the place that names the mode; ``origin`` says where that is when it is no file
    (``--default-mode``).
    """

    mode: Mode | Unresolved
    span: Span | None = None
    origin: str = ""
    user_pool: UserPool | None = None
    oidc: OpenIdConnect | None = None
    authorizer: LambdaAuthorizer | None = None


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """Where a part of an API's schema is: a path (or glob) as written, or the text itself.

    ``base`` is the folder that a path is relative to. ``unresolved`` explains a schema that only deployment
    knows (a bucket, a parameter).
    """

    path: str | None = None
    base: str = "."
    text: SourceText | EmbeddedText | None = None
    unresolved: Unresolved | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """An AppSync API: its modes and the settings that rules look at.

    ``additional_open`` is set where the file leaves open which additional providers there are at all.
    ``groups`` are the Cognito groups that exist, None where nobody says. ``settings`` is the rest of what is
    described: keys, limits, logging, resolvers. ``path`` and ``span`` say where the API is described, ``tool``
    by what it is deployed.
    """

    name: str
    default: Provider
    additional: tuple[Provider, ...] = ()
    additional_open: Unresolved | None = None
    schema_files: tuple[SchemaFile, ...] = ()
    groups: tuple[str, ...] | None = None
    settings: ApiSettings = _NO_SETTINGS
    tool: Tool = Tool("AppSync")
    path: str = ""
    span: Span | None = None

    @property
    def providers(self) -> tuple[Provider, ...]:
        """The default provider and the additional ones, in the order of the file."""
        return (self.default, *self.additional)

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes that are certainly configured, default first, each once."""
        found = (item.mode for item in self.providers)
        return tuple(dict.fromkeys(mode for mode in found if isinstance(mode, Mode)))

    @property
    def default_mode(self) -> Mode | None:
        """The default mode, or None where only deployment knows it."""
        return self.default.mode if isinstance(self.default.mode, Mode) else None

    @property
    def is_multi(self) -> bool | None:
        """Whether there is an additional provider: None where only deployment knows."""
        if self.additional:
            return True
        return None if self.additional_open is not None else False

    @property
    def default_action(self) -> DefaultAction | Unresolved | None:
        """The default pool's ``defaultAction``; None where it is not written or there is no default pool."""
        pool = self.default.user_pool
        return pool.default_action if pool else None

    def provider(self, mode: Mode) -> Provider | None:
        """Return the first provider of a mode, or None."""
        return next((item for item in self.providers if item.mode is mode), None)

    @classmethod
    def from_dict(cls, description: Mapping[str, object]) -> Api:
        """Read the native form, or what ``aws appsync get-graphql-api`` prints (bare or whole), from plain data.

        Raises :class:`~appsync_lint.errors.InputError` for unknown keys, wrong types and impossible modes.
        """
        from ..tree import Table, from_python
        from .native import get_table, read_api

        node = from_python(description)
        if not isinstance(node, Table):
            raise InputError(f"an API must be a mapping, not {node.kind}")
        answer = get_table(node, "graphqlApi") if list(node.entries) == ["graphqlApi"] else None
        return read_api(answer or node)
