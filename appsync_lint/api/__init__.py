"""What an API is: modes, providers, callers, the Lambda authorizer's settings. Plain values, no I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .api_settings import ApiSettings
from .caller import Caller
from .mode import Mode
from .unresolved import Unresolved
from .values import (
    Api,
    DefaultAction,
    FunctionCode,
    LambdaAuthorizer,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Tool,
    UserPool,
)

if TYPE_CHECKING:
    from .settings import (
        AmplifySettings,
        ApiCache,
        ApiKey,
        EnvironmentVariable,
        Logging,
        MergedApi,
        PolicyStatement,
        PolicyText,
        Resolver,
        ResolverCode,
        Setting,
        SourceApi,
    )

__all__ = [
    "AmplifySettings",
    "Api",
    "ApiCache",
    "ApiKey",
    "ApiSettings",
    "Caller",
    "DefaultAction",
    "EnvironmentVariable",
    "FunctionCode",
    "LambdaAuthorizer",
    "Logging",
    "MergedApi",
    "Mode",
    "OpenIdConnect",
    "PolicyStatement",
    "PolicyText",
    "Provider",
    "Resolver",
    "ResolverCode",
    "SchemaFile",
    "Setting",
    "SourceApi",
    "Tool",
    "Unresolved",
    "UserPool",
]


def __getattr__(name: str) -> object:
    """Import what settings are made of when somebody asks: most runs on a schema meet no settings at all."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import settings

    return getattr(settings, name)
