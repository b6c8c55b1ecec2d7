"""Telling source APIs which merged API of the same description they go into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..api import Api, MergedApi

__all__ = ["with_merged"]


def with_merged(apis: Iterable[Api]) -> tuple[Api, ...]:
    """Return the APIs, those that a merged API names as its sources with that API in ``settings.merged_into``."""
    found = tuple(apis)
    into: dict[str, list[MergedApi]] = {}
    for api in found:
        for source in api.settings.sources if api.settings.merged else ():
            if isinstance(source.name, str) and source.name != api.name:
                known = api.default_mode is not None and len(api.modes) == len({item.mode for item in api.providers})
                merged = MergedApi(api.name, api.modes, known and api.additional_open is None, source.span)
                into.setdefault(source.name, []).append(merged)
    if not into:
        return found
    return tuple(
        replace(api, settings=replace(api.settings, merged_into=(*api.settings.merged_into, *into[api.name])))
        if api.name in into
        else api
        for api in found
    )
