"""An API's settings as one value. It stands apart from what it is made of: every run needs it, and few the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .settings import (
        AmplifySettings,
        ApiCache,
        ApiKey,
        EnvironmentVariable,
        Logging,
        MergedApi,
        PolicyStatement,
        Resolver,
        Setting,
        SourceApi,
    )

__all__ = ["ApiSettings"]


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """The settings of an API that are no part of its authorization modes.

    ``whole`` says that what is not here is not set: AppSync's defaults count. Where it is False (a
    description by hand, a file of a tool that has its own defaults) nothing follows from an absent setting.
    Keys, cache, resolvers and policies are things of their own, which may be made elsewhere: their absence
    says nothing even then.
    ``merged`` is set for an API of the type MERGED; ``sources`` are the APIs that it is merged from,
    ``merged_into`` those that this one is a source of.
    ``unauthenticated_role`` says whether an identity pool gives its guests a role that may call the API.
    ``amplify`` is set for an API whose schema Amplify compiles.
    """

    whole: bool = False
    api_keys: tuple[ApiKey, ...] = ()
    introspection: Setting[str] | None = None
    query_depth_limit: Setting[int] | None = None
    resolver_count_limit: Setting[int] | None = None
    visibility: Setting[str] | None = None
    waf: Setting[str] | None = None
    logging: Logging | None = None
    cache: ApiCache | None = None
    environment: tuple[EnvironmentVariable, ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    policies: tuple[PolicyStatement, ...] = ()
    unauthenticated_role: Setting[bool] | None = None
    merged: bool = False
    sources: tuple[SourceApi, ...] = ()
    merged_into: tuple[MergedApi, ...] = ()
    amplify: AmplifySettings | None = None
