"""Which schema file a built template's schema was copied from, so that findings stand where people can mend them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..errors import InputError
from ..files import drafted, read_source, resolved
from ..text import EmbeddedText, SourceText

__all__ = ["Origins"]

#: How many schema files are compared; a project that has more is no usual one.
_MOST = 200


class Origins:
    """The schema files that are known of, by their texts."""

    def __init__(self) -> None:
        self._files: dict[Path, Path] = {}
        self._by_text: dict[str, list[Path]] | None = None

    def add(self, files: Iterable[Path]) -> None:
        """Let these files be looked at, too."""
        self._files.update((resolved(path), path) for path in files)
        self._by_text = None

    def of(self, text: SourceText) -> Path | None:
        """Return the one file that holds, on the disk, exactly the text of a schema inside another file.

        None where none does, and where several do: which of the copies it is cannot be told.
        """
        if not isinstance(text, EmbeddedText):
            return None
        if self._by_text is None:
            self._by_text = self._read()
        found = self._by_text.get(text.text, [])
        return found[0] if len(found) == 1 else None

    def _read(self) -> dict[str, list[Path]]:
        texts: dict[str, list[Path]] = {}
        # A draft of the file is as much the schema's source as what it holds by now.
        with drafted({}):
            for path in list(self._files.values())[:_MOST]:
                try:
                    texts.setdefault(read_source(path).text, []).append(path)
                except InputError:
                    continue
        return texts
