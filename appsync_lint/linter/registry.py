"""Finding the rules: built-in ones and everybody else's come through the same door.

A rule package announces itself in its metadata with an entry point of the group ``appsync_lint.rules``. The
entry point names a package, whose modules are the rules, or a single module. Each module's subclasses of
:class:`Rule` that are defined in it are its rules.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType

from ..errors import InputError
from .rule import Rule

__all__ = ["GROUP", "load_rules"]

GROUP = "appsync_lint.rules"


def load_rules() -> dict[str, Rule]:
    """Return every installed rule by its name, sorted by name.

    Raises :class:`InputError` where two rules have one name, or a rule package cannot be imported.
    """
    rules: dict[str, Rule] = {}
    for target in sorted(set(_announced())):
        for rule in _rules_of(target):
            known = rules.get(rule.name)
            if known is not None and type(known) is not type(rule):
                raise InputError(f"two rules are called {rule.name}: {_where(known)} and {_where(rule)}")
            rules[rule.name] = rule
    return dict(sorted(rules.items()))


def _announced() -> Iterator[str]:
    """Yield the modules that installed distributions announce.

    This is what ``importlib.metadata.entry_points`` finds, read straight from the metadata folders: importing
    that module takes as long as a fifth of the whole run on a small schema. A search path that is no folder
    (a zip file) is left to it.
    """
    for entry in dict.fromkeys(sys.path):
        folder = Path(entry or ".")
        if folder.is_file():
            yield from _announced_in_archives()
            continue
        with suppress(OSError):  # search paths that are not there
            for item in folder.iterdir():
                if item.name.endswith((".dist-info", ".egg-info")):
                    yield from _parse(_text_of(item / "entry_points.txt"))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:  # most distributions have no entry points
        return ""


def _parse(text: str) -> Iterator[str]:
    if GROUP not in text:
        return
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == GROUP and "=" in line and not line.startswith(("#", ";")):
            yield line.partition("=")[2].partition(":")[0].partition("[")[0].strip()


def _announced_in_archives() -> Iterator[str]:
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP):
        yield point.module


def _rules_of(target: str) -> Iterator[Rule]:
    module = _import(target)
    modules = [module]
    for folder in getattr(module, "__path__", ()):
        names = (name for name in _modules_in(folder) if not name.startswith("_"))
        modules.extend(_import(f"{target}.{name}") for name in sorted(names))
    for item in modules:
        for value in vars(item).values():
            is_rule = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == item.__name__
            if is_rule and hasattr(value, "name"):  # without a name it is a base that rules share
                yield value()


def _modules_in(folder: str) -> Iterator[str]:
    path = Path(folder)
    if path.is_dir():
        yield from (file.stem for file in path.glob("*.py"))
    else:
        from pkgutil import iter_modules

        yield from (module.name for module in iter_modules([folder]))


def _import(name: str) -> ModuleType:
    try:
        return import_module(name)
    except Exception as error:  # somebody else's code runs here
        why = str(error) if isinstance(error, ImportError) else f"{type(error).__name__}: {error}"
        raise InputError(f"the rule package {name} cannot be imported: {' '.join(why.split())}") from error


def _where(rule: Rule) -> str:
    return type(rule).__module__
