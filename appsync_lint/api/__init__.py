"""What an API is: modes, providers, callers, the Lambda authorizer's settings. Plain values, no I/O."""

from __future__ import annotations

from .caller import Caller
from .mode import Mode
from .values import (
    Api,
    DefaultAction,
    FunctionCode,
    LambdaAuthorizer,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Tool,
    Unresolved,
    UserPool,
)

__all__ = [
    "Api",
    "Caller",
    "DefaultAction",
    "FunctionCode",
    "LambdaAuthorizer",
    "Mode",
    "OpenIdConnect",
    "Provider",
    "SchemaFile",
    "Tool",
    "Unresolved",
    "UserPool",
]
