"""What ``cdk synth`` puts beside a template: the list of an app's stacks, and the files that it deploys with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from re import compile as regex
from typing import cast

from ...errors import InputError
from ...files import read_source, resolved
from ..places import project_folder, real_path
from ..reader import File

__all__ = ["MANIFEST", "Assembly", "is_manifest"]

MANIFEST = "manifest.json"
#: How many stacks of an app are looked at, and how many lists of assets.
MAX_STACKS = 100
#: In characters: beyond it a list is not worth its reading time.
MAX_LENGTH = 32 * 1024 * 1024
#: In characters, for all stacks that are searched beside one.
MAX_SIBLINGS = 8 * 1024 * 1024
#: What another stack of the app may hold that belongs to an API.
_TELLING = ("AWS::AppSync::", "appsync:", "AWS::WAFv2::WebACLAssociation")
_IMPORT = regex(r'"Fn::ImportValue"\s*:\s*("[^"]+")')


def is_manifest(file: File) -> bool:
    """Whether a file is the manifest of a CDK app."""
    return file.path.name.lower() == MANIFEST and "aws:cloudformation:stack" in file.source.text


class Assembly:
    """The folder that a synthesized template lies in."""

    def __init__(self, folder: Path, *, allow_outside: bool = False) -> None:
        self.folder = folder
        self.allow_outside = allow_outside

    @cached_property
    def stacks(self) -> dict[str, str]:
        """The files of the app's stacks, each with the name that the manifest has for it."""
        found: dict[str, str] = {}
        for name, artifact in _items(self._loaded(self.folder / MANIFEST).get("artifacts")):
            properties = artifact.get("properties")
            file = properties.get("templateFile") if isinstance(properties, dict) else None
            if artifact.get("type") == "aws:cloudformation:stack" and isinstance(file, str):
                shown = artifact.get("displayName")
                found[file] = shown if isinstance(shown, str) else name
            if len(found) >= MAX_STACKS:
                break
        return found

    def lists(self, file: File) -> bool:
        """Whether the manifest lists a template; it does where there is no manifest."""
        return not self.stacks or file.path.name in self.stacks or ".nested." in file.path.name

    def files(self) -> Iterator[File]:
        """Give the files of the app's stacks that can be read."""
        for name in self.stacks:
            file = self._file(name)
            if file is not None:
                yield file

    def siblings(self, known: Mapping[Path, File]) -> Iterator[File]:
        """Give the other stacks of the app that may hold something of an API, or export what the known ones import."""
        imported = {name for file in known.values() for name in _IMPORT.findall(file.source.text)}
        left = MAX_SIBLINGS
        for file in self.files():
            text = file.source.text
            telling = any(mark in text for mark in _TELLING) or any(name in text for name in imported)
            left -= len(text) if telling else 0
            if telling and left >= 0 and resolved(file.path) not in known:
                yield file

    def _file(self, name: str) -> File | None:
        try:
            return File(self._inside(self.folder / name), allow_outside=self.allow_outside)
        except InputError:
            return None

    def _inside(self, path: Path) -> Path:
        """Return a path. Raises :class:`InputError` for one that leads out of the project's folder."""
        real_path(path, project_folder(self.folder), path.name, None, allow_outside=self.allow_outside)
        return path

    def _loaded(self, path: Path) -> dict[str, object]:
        """Return the object that a JSON file holds; an empty one where there is none."""
        try:
            text = read_source(self._inside(path)).text
            value = json.loads(text) if len(text) <= MAX_LENGTH else None
        except (InputError, ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def asset(self, key: str) -> str | None:
        """Return the file or folder of the app that is uploaded under a key, relative to the folder, or None."""
        listed = self._assets.get(key)
        if listed is not None:
            return listed
        for name in (f"asset.{key}", f"asset.{key.removesuffix('.zip')}", key):
            try:
                if "/" not in key and (self.folder / name).exists():
                    return name
            except (OSError, ValueError):
                break
        return None

    @cached_property
    def _assets(self) -> dict[str, str]:
        found: dict[str, str] = {}
        try:
            lists = sorted(self.folder.glob("*.assets.json"))[:MAX_STACKS]
        except OSError:
            return found
        for path in lists:
            for _, asset in _items(self._loaded(path).get("files")):
                source = asset.get("source")
                file = source.get("path") if isinstance(source, dict) else None
                for _, destination in _items(asset.get("destinations")):
                    key = destination.get("objectKey")
                    if isinstance(file, str) and isinstance(key, str):
                        found[key.rpartition("/")[2]] = file
        return found


def _items(value: object) -> Iterator[tuple[str, dict[str, object]]]:
    """Give the members of an object that are objects."""
    if isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            if isinstance(item, dict):
                yield name, item
