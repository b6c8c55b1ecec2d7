"""What the user asks to have linted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..api import Api, Mode, Provider
from ..errors import InputError
from ..tree import nearest

__all__ = ["Request", "api_from_flags", "mode_named"]


@dataclass(frozen=True, slots=True)
class Request:
    """Paths and how to read them.

    ``paths`` are files, globs, directories and ``-`` as typed; none means the working directory.
    ``api_file`` is a description to use whatever lies around (``FILE`` or ``FILE#NAME``), ``flags`` an API
    described on the command line; one of them at most. ``stdin_filename`` is the path that standard input
    stands for. ``allow_outside`` permits descriptions to name files outside their project's folder.
    ``iam_policies`` are files with IAM policies that count for every API.
    """

    paths: tuple[str, ...] = ()
    api_file: str = ""
    flags: Api | None = None
    stdin_filename: str = ""
    allow_outside: bool = False
    iam_policies: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.api_file and self.flags is not None:
            raise InputError("--api and --default-mode both describe the API; give one of them")
        if self.stdin_filename and "-" not in self.paths:
            raise InputError("--stdin-filename is for standard input: give - as a path")


def api_from_flags(
    default_mode: str | None,
    additional_modes: Sequence[str],
    default_action: str | None,
    lambda_ttl: int | None,
) -> Api | None:
    """Make the API that the command line describes, or None where it describes none.

    ``lambda_ttl`` is in seconds. Raises :class:`InputError` for modes that do not exist and for settings
    that belong to a mode which is not there.
    """
    if default_mode is None:
        for flag, given in (
            ("--additional-mode", bool(additional_modes)),
            ("--default-action", default_action is not None),
            ("--lambda-ttl", lambda_ttl is not None),
        ):
            if given:
                raise InputError(f"{flag} needs --default-mode, the API's default authorization mode")
        return None
    default = mode_named(default_mode, "--default-mode")
    additional = [mode_named(text, "--additional-mode") for text in additional_modes]
    if default_action is not None and default is not Mode.AMAZON_COGNITO_USER_POOLS:
        raise InputError(f"--default-action is a setting of a user pool as the default mode, not of {default.value}")
    if lambda_ttl is not None and Mode.AWS_LAMBDA not in (default, *additional):
        raise InputError("--lambda-ttl is a setting of AWS_LAMBDA, which is none of the modes given")
    description: dict[str, object] = _provider(default, lambda_ttl)
    if default_action is not None:
        description["userPoolConfig"] = {"defaultAction": default_action.upper()}
    description["additionalAuthenticationProviders"] = [_provider(mode, lambda_ttl) for mode in additional]
    api = Api.from_dict(description)
    return replace(
        api,
        default=_from(api.default, "--default-mode"),
        additional=tuple(_from(item, "--additional-mode") for item in api.additional),
    )


def mode_named(text: str, flag: str) -> Mode:
    """Read a mode by AppSync's name, by its caller's short name or by its directive, whatever the case."""
    key = text.strip().lower()
    names = {mode.value.lower(): mode for mode in Mode}
    names |= {mode.caller: mode for mode in Mode}
    names |= {f"@{mode.directive}": mode for mode in Mode}
    mode = names.get(key) or names.get(key.replace("-", "_")) or names.get(key.replace("_", "-"))
    if mode is not None:
        return mode
    meant = nearest(key, tuple(names))
    hint = f"did you mean {names[meant].value}?" if meant else f"the modes are {', '.join(m.value for m in Mode)}"
    raise InputError(f"{flag}: {text!r} is not an authorization mode; {hint}")


def _provider(mode: Mode, lambda_ttl: int | None) -> dict[str, object]:
    provider: dict[str, object] = {"authenticationType": mode.value}
    if mode is Mode.AWS_LAMBDA and lambda_ttl is not None:
        provider["lambdaAuthorizerConfig"] = {"authorizerResultTtlInSeconds": lambda_ttl}
    return provider


def _from(provider: Provider, flag: str) -> Provider:
    return replace(provider, origin=flag)
