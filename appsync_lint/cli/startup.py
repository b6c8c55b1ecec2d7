"""What the console command does before anything else is imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

__all__ = ["defer_graphql"]

#: The parts of graphql-core that can be imported without the rest.
_ALONE = ("error", "language", "pyutils")


class _Deferred(ModuleType):
    """A package whose submodules can be imported while its own body waits for the first name asked of it."""

    def __getattr__(self, name: str) -> object:
        _run_body(self)
        return getattr(self, name)


class _Piecemeal(_Deferred):
    """A deferred package that takes a name from the one submodule from which its body would import it.

    The body runs only for a name that it gets in another way.
    """

    def __getattr__(self, name: str) -> object:
        home = self._homes().get(name)
        if home is None:
            return super().__getattr__(name)
        from importlib import import_module

        value = getattr(import_module(f"{self.__name__}.{home}"), name)
        setattr(self, name, value)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and self._homes().get(name) == name:
            # A submodule was imported that holds something of its own name: that is what the body puts there.
            value = getattr(value, name)
        super().__setattr__(name, value)

    def _homes(self) -> dict[str, str]:
        """Return the submodules by the names that the body imports from them."""
        known: dict[str, str] | None = self.__dict__.get("_homes_known")
        if known is None:
            known = self.__dict__["_homes_known"] = dict(_imports_of(self))
        return known


class _WholeFirst:
    """Runs graphql-core's own body before a part of it is imported that relies on the body's order."""

    def find_spec(self, name: str, *_where: object) -> ModuleSpec | None:
        package, _, part = name.partition(".")
        if package != "graphql" or part.partition(".")[0] in ("", *_ALONE):
            return None
        sys.meta_path.remove(self)
        whole = sys.modules[package]
        if isinstance(whole, _Deferred):
            _run_body(whole)
        module = sys.modules.get(name)
        if module is None:
            return None
        # The body has imported the part. A module without a spec is what the import machinery leaves to this loader.
        self.spec, module.__spec__ = module.__spec__, None
        return ModuleSpec(name, self)  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return sys.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.spec


def defer_graphql() -> None:
    """Let ``import graphql.language`` import just that.

    The body of the package ``graphql`` imports all of graphql-core. Its validation and execution are a third of
    the package's start-up and of no use to a linter; another third is asyncio, which ``graphql.pyutils`` imports
    for the execution. Whoever asks the packages for anything else (a rule package may) gets what is there, as always.
    """
    if "graphql" not in sys.modules and _defer("graphql", _Deferred, None):
        _defer("graphql.pyutils", _Piecemeal, list(sys.modules["graphql"].__path__))
        sys.meta_path.insert(0, _WholeFirst())


def _defer(name: str, kind: type[_Deferred], path: Sequence[str] | None) -> bool:
    spec = PathFinder.find_spec(name, path)
    if spec is None or spec.loader is None or spec.submodule_search_locations is None:
        return False
    package = kind(name)
    package.__spec__ = spec
    package.__loader__ = spec.loader
    package.__package__ = name
    package.__path__ = spec.submodule_search_locations
    package.__file__ = spec.origin
    sys.modules[name] = package
    parent, _, child = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], child, package)
    return True


def _run_body(package: _Deferred) -> None:
    package.__class__ = ModuleType  # type: ignore[assignment]  # as importlib.util.LazyLoader does
    assert package.__spec__ is not None
    assert package.__spec__.loader is not None
    package.__spec__.loader.exec_module(package)


def _imports_of(package: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield the names that a package's body imports from its submodules, each with its submodule."""
    assert package.__spec__ is not None
    text = getattr(package.__spec__.loader, "get_source", lambda _name: None)(package.__name__) or ""
    for statement in text.split("\nfrom .")[1:]:
        home, _, names = statement.partition(" import ")
        names = names[1:].partition(")")[0] if names.startswith("(") else names.partition("\n")[0]
        yield from ((name.strip(), home) for name in names.split(",") if name.strip().isidentifier())
