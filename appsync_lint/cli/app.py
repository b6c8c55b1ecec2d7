"""The ``appsync-lint`` command: its sub-commands, and what becomes of every error."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .. import __version__
from ..errors import InputError
from .console import print_error

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["run"]

#: The default command: ``appsync-lint PATH`` is ``appsync-lint check PATH``.
DEFAULT = "check"
_COMMANDS = ("check", "access", "authorizer", "iam-policy", "rules", "explain")
_OWN_OPTIONS = ("-h", "--help", "-V", "--version")
SETTINGS = {"help_option_names": ["-h", "--help"]}


class _Commands(click.Group):
    """Sub-commands that are imported when they are called; arguments that name none are for ``check``."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f".{cmd_name.replace('-', '_')}", __package__).command
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in (*_COMMANDS, *_OWN_OPTIONS):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "[OPTIONS] [PATH]...")
        formatter.write_usage(ctx.command_path, "COMMAND [OPTIONS] ...", prefix="       ")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        default = self.get_command(ctx, DEFAULT)
        assert default is not None
        self.format_commands(ctx, formatter)
        default.format_options(ctx, formatter)


@click.command(cls=_Commands, context_settings=SETTINGS)
@click.version_option(__version__, "-V", "--version", prog_name="appsync-lint", message="%(prog)s %(version)s")
def _appsync_lint() -> None:
    """Tell who can call what in an AWS AppSync API, from its schema and its authorization modes.

    PATH is a schema, a template, an appsync-lint.yaml or a folder; the working directory if none is given.
    Findings go to standard output, everything else to standard error. The exit code is 0 where there is
    nothing at or above the threshold of --fail-on, 1 where there is, and 2 where the request was wrong or
    an input could not be read.
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with some arguments (the process's by default) and return its exit code."""
    try:
        code = _appsync_lint.main(
            None if arguments is None else list(arguments), prog_name="appsync-lint", standalone_mode=False
        )
    except InputError as error:
        print_error(str(error))
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except click.ClickException as error:
        print_error(error.format_message())
        return 2
    except Exception as error:
        print_error(_internal(error))
        return 2
    return code if isinstance(code, int) else 0


def _internal(error: Exception) -> str:
    """Tell of a defect of the program itself, in one line that says where it is."""
    place = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "appsync_lint" in file.as_posix():
            place = f" in {file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"internal error{place}, please report it: {type(error).__name__}: {error}"
