"""What the rules about subscriptions have in common."""

from __future__ import annotations

from appsync_lint.plugin import Field

SUBSCRIBE = "aws_subscribe"
PUBLISH = "aws_publish"


def opened(field: Field) -> str:
    """Name the mistake "this subscription lets in too many" in the words that all rules share."""
    return f"subscription-open:{field.coordinate}"


def output(field: Field) -> str:
    """Name the mistake "this subscription returns the wrong type" in the words that all rules share."""
    return f"subscription-output:{field.coordinate}"


def required_arguments(field: Field) -> list[str]:
    """Return the names of the arguments that a client must give."""
    return [
        item.name.value for item in field.arguments if item.type.kind == "non_null_type" and item.default_value is None
    ]
