"""The five authorization modes and how people, directives and AppSync's own API call them."""

from __future__ import annotations

from enum import Enum

__all__ = ["Mode"]


class Mode(Enum):
    """An authorization mode; the value is the name in AppSync's API (SEMANTICS 1.1)."""

    API_KEY = "API_KEY"
    AWS_IAM = "AWS_IAM"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OPENID_CONNECT = "OPENID_CONNECT"
    AWS_LAMBDA = "AWS_LAMBDA"

    # There is one object for each mode. Enum's own hash is that of the name, by a call of a Python function.
    __hash__ = object.__hash__

    @property
    def directive(self) -> str:
        """The directive that names the mode, without the ``@`` (1.2)."""
        return _DIRECTIVES[self]

    @property
    def caller(self) -> str:
        """The short name by which a person writes a caller of this mode: ``api-key``, ``cognito`` ..."""
        return _CALLERS[self]

    @property
    def who(self) -> str:
        """The callers of this mode in a sentence, plural: "signed-in users" and the like."""
        return _WHO[self]

    @classmethod
    def of_directive(cls, name: str) -> Mode | None:
        """Return the mode that a directive names, or None for any other directive."""
        return _BY_DIRECTIVE.get(name)

    @classmethod
    def of_caller(cls, name: str) -> Mode | None:
        """Return the mode that a caller's short name stands for, or None."""
        return _BY_CALLER.get(name)


_DIRECTIVES = {
    Mode.API_KEY: "aws_api_key",
    Mode.AWS_IAM: "aws_iam",
    Mode.AMAZON_COGNITO_USER_POOLS: "aws_cognito_user_pools",
    Mode.OPENID_CONNECT: "aws_oidc",
    Mode.AWS_LAMBDA: "aws_lambda",
}
_CALLERS = {
    Mode.API_KEY: "api-key",
    Mode.AWS_IAM: "iam",
    Mode.AMAZON_COGNITO_USER_POOLS: "cognito",
    Mode.OPENID_CONNECT: "oidc",
    Mode.AWS_LAMBDA: "lambda",
}
_WHO = {
    Mode.API_KEY: "callers with the API key",
    Mode.AWS_IAM: "IAM callers",
    Mode.AMAZON_COGNITO_USER_POOLS: "signed-in Cognito users",
    Mode.OPENID_CONNECT: "OIDC users",
    Mode.AWS_LAMBDA: "callers with a token for the Lambda authorizer",
}
_BY_DIRECTIVE = {name: mode for mode, name in _DIRECTIVES.items()}
_BY_CALLER = {name: mode for mode, name in _CALLERS.items()}
