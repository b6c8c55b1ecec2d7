"""What the console command does before anything else is imported."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType

__all__ = ["defer_graphql"]


class _Deferred(ModuleType):
    """A package whose submodules can be imported while its own body waits for the first name asked of it."""

    def __getattr__(self, name: str) -> object:
        self.__class__ = ModuleType  # type: ignore[assignment]  # as importlib.util.LazyLoader does
        assert self.__spec__ is not None
        assert self.__spec__.loader is not None
        self.__spec__.loader.exec_module(self)
        return getattr(self, name)


def defer_graphql() -> None:
    """Let ``import graphql.language`` import just that.

    The body of the package ``graphql`` imports all of graphql-core. Its validation and execution are a third of
    the package's start-up and of no use to a linter. Whoever asks the package for a name (a rule package
    may) gets the whole package, as always.
    """
    if "graphql" in sys.modules:
        return
    spec = PathFinder.find_spec("graphql")
    if spec is None or spec.loader is None or spec.submodule_search_locations is None:
        return
    package = _Deferred("graphql")
    package.__spec__ = spec
    package.__loader__ = spec.loader
    package.__package__ = "graphql"
    package.__path__ = spec.submodule_search_locations
    package.__file__ = spec.origin
    sys.modules["graphql"] = package
