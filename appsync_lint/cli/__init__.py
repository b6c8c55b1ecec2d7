"""The command line. Parses arguments, calls the rest, chooses the exit code; decides nothing itself."""

from __future__ import annotations

__all__ = ["main"]


def main() -> int:
    """Run ``appsync-lint`` with the process's arguments and return its exit code.

    The garbage collector is held for the whole run, which is short and keeps what it makes: collecting a
    growing syntax tree again and again costs more than reading it, and so does collecting it at the exit.
    """
    import gc

    gc.disable()
    try:
        from .startup import defer_graphql

        defer_graphql()
        from .app import run

        return run()
    finally:
        gc.freeze()
        gc.enable()
