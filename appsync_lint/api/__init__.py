"""What an API is: modes, providers, callers, the Lambda authorizer's settings. Plain values, no I/O."""

from __future__ import annotations

from .caller import Caller
from .mode import Mode
from .settings import (
    AmplifySettings,
    ApiCache,
    ApiKey,
    ApiSettings,
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
