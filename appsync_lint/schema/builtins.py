"""What AppSync knows without being told: its scalars and its directives.

The service's own definitions count, never those that a file repeats (SEMANTICS 1.3, 9.1, 9.2, A4).
"""

from __future__ import annotations

__all__ = [
    "AMPLIFY_DIRECTIVES",
    "DIRECTIVES",
    "INTROSPECTION_FIELDS",
    "MODE_DIRECTIVES",
    "SCALARS",
]

SCALARS = frozenset(
    "ID String Int Float Boolean BigInt Double AWSDate AWSTime AWSDateTime AWSTimestamp AWSEmail AWSJSON "
    "AWSURL AWSPhone AWSIPAddress".split()
)

#: The directives that name a mode, in the order in which AppSync's documentation lists the modes (1.2).
MODE_DIRECTIVES = (
    "aws_api_key",
    "aws_iam",
    "aws_cognito_user_pools",
    "aws_oidc",
    "aws_lambda",
)

#: Every directive of the service with the arguments it takes (9.2).
DIRECTIVES: dict[str, tuple[str, ...]] = {
    "aws_api_key": (),
    "aws_iam": (),
    "aws_oidc": (),
    "aws_lambda": (),
    "aws_cognito_user_pools": ("cognito_groups",),
    "aws_auth": ("cognito_groups",),
    "aws_subscribe": ("mutations",),
    "aws_publish": ("subscriptions",),
    "canonical": (),
    "hidden": (),
    "renamed": ("to",),
    "deprecated": ("reason",),
    "include": ("if",),
    "skip": ("if",),
    "defer": ("if", "label"),
}

INTROSPECTION_FIELDS = frozenset({"__typename", "__schema", "__type"})

#: Directives that only Amplify's compiler understands (9.8). ``@auth``, ``@default`` and ``@validate`` are left
#: out: alone they do not prove that a file is Amplify's.
AMPLIFY_DIRECTIVES = frozenset(
    "model connection key versioned searchable function http predictions primaryKey index hasOne hasMany "
    "belongsTo manyToMany mapsTo refersTo sql conversation generation".split()
)
