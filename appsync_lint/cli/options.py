"""The options that several commands have: which files, which API, which colours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..errors import InputError
from ..files import MAX_BYTES, decode
from ..project import Request
from ..project.request import api_from_flags
from ..text import SourceText

__all__ = [
    "colour_option",
    "input_options",
    "quiet_option",
    "read_stdin",
    "request_from",
    "stdin_bytes",
    "stdin_source",
]

F = TypeVar("F", bound=Callable[..., Any])

_INPUT = (
    click.argument("paths", nargs=-1, metavar="[PATH]..."),
    click.option(
        "--api",
        "api_file",
        default="",
        metavar="FILE[#NAME]",
        help="Take the API from this description instead of looking for one.",
    ),
    click.option(
        "--default-mode",
        metavar="MODE",
        help="Describe the API here: its default mode (API_KEY, AWS_IAM, AMAZON_COGNITO_USER_POOLS, "
        "OPENID_CONNECT, AWS_LAMBDA; or api-key, iam, cognito, oidc, lambda).",
    ),
    click.option(
        "--additional-mode",
        "additional_modes",
        multiple=True,
        metavar="MODE",
        help="An additional mode of the API; repeatable.",
    ),
    click.option(
        "--default-action",
        type=click.Choice(["ALLOW", "DENY"], case_sensitive=False),
        metavar="ALLOW|DENY",
        help="The default user pool's default action.",
    ),
    click.option(
        "--lambda-ttl", type=int, metavar="SECONDS", help="How long the Lambda authorizer's answers are cached."
    ),
    click.option(
        "--stdin-filename", default="", metavar="FILE", help="The file that standard input (PATH is -) stands for."
    ),
    click.option("--allow-outside", is_flag=True, help="Follow paths that lead out of the project's folder."),
)


def input_options(command: F) -> F:
    """Add the options from which :func:`request_from` makes a request."""
    for option in reversed(_INPUT):
        command = option(command)
    return command


colour_option = click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours; auto minds the terminal, NO_COLOR and FORCE_COLOR.",
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="No notes on standard error.")


def request_from(values: dict[str, Any]) -> Request:
    """Take the values of :func:`input_options` out of a command's parameters and make the request."""
    flags = api_from_flags(
        values.pop("default_mode"),
        values.pop("additional_modes"),
        values.pop("default_action"),
        values.pop("lambda_ttl"),
    )
    return Request(
        paths=values.pop("paths"),
        api_file=values.pop("api_file"),
        flags=flags,
        stdin_filename=values.pop("stdin_filename"),
        allow_outside=values.pop("allow_outside"),
        iam_policies=values.pop("iam_policies", ()),
    )


def read_stdin(request: Request) -> SourceText | None:
    """Return standard input as a schema's text, where the request asks for it."""
    return stdin_source(request, stdin_bytes(request))


def stdin_bytes(request: Request) -> bytes | None:
    """Return what standard input holds, where the request asks for it."""
    return sys.stdin.buffer.read(MAX_BYTES + 1) if "-" in request.paths else None


def stdin_source(request: Request, data: bytes | None) -> SourceText | None:
    """Return what standard input holds as a text; None where it is not asked for."""
    if data is None:
        return None
    shown = request.stdin_filename or "<stdin>"
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES >> 20} MiB", path=shown)
    return SourceText(shown, decode(data, shown))
