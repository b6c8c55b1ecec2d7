"""``--show-config``: which APIs were found, with which modes, and where each of them is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from ..api import Mode, Unresolved
from ..report.colours import BOLD, painter
from ..report.plain import visible
from .console import colour_wanted
from .outputs import Output, send
from .paint import FAINT, columns, padded

if TYPE_CHECKING:
    from ..api import Provider
    from ..project import Project, Unit
    from ..text import Span
    from ..tree import Scalar

__all__ = ["show_config"]


def show_config(project: Project, outputs: tuple[Output, ...], colour: str) -> None:
    """Send the configuration to each output: as JSON where JSON is asked for, else as text."""
    for output in outputs:
        if output.format in ("json", "sarif"):
            send(output, _json(project))
        else:
            paint = painter(colour_wanted(colour) and output.file is None)
            send(output, "\n".join("\n".join(_text(unit, paint)) + "\n" for unit in project.units))


def _text(unit: Unit, paint: Callable[[str, str], str]) -> Iterator[str]:
    api = unit.api
    yield paint(BOLD, visible(api.name) if api else "no API described")
    rows: list[tuple[str, str, str]] = []
    if api is not None:
        rows.append(("described", _place(api.span, api.path or "on the command line"), ""))
        rows.append(("default", _mode(api.default.mode), _place(api.default.span, api.default.origin)))
        rows += [("additional", _mode(item.mode), _place(item.span, item.origin)) for item in api.additional]
        if api.additional_open is not None:
            rows.append(("additional", _mode(api.additional_open), _place(api.additional_open.span, "")))
        pool = api.default.user_pool
        if pool is not None and pool.default_action is not None:
            rows.append(
                ("defaultAction", str(pool.default_action), _place(pool.default_action_span, "--default-action"))
            )
        authorizer = _authorizer(api.providers)
        if authorizer is not None:
            rows.append(authorizer)
        if unit.described is not None and unit.described.kind != "native":
            rows.append(("deployed by", api.tool.name, ""))
    rows += [("schema", source.path, "") for source in unit.schema.sources]
    rows += [
        ("rule", f"{name}: {getattr(node, 'text', '')}", _place(node.span, ""))
        for name, node in _severities(unit).items()
    ]
    # A value with nothing behind it may be as long as it likes.
    rows = [(label, visible(value), visible(place)) for label, value, place in rows]
    first, second, _ = columns([(label, value if place else "", "") for label, value, place in rows])
    for label, value, place in rows:
        yield f"  {padded(label, first)}  {padded(value, second)}  {paint(FAINT, place)}".rstrip()


def _authorizer(providers: tuple[Provider, ...]) -> tuple[str, str, str] | None:
    for item in providers:
        if item.authorizer is not None and item.authorizer.ttl is not None:
            return ("lambda TTL", f"{item.authorizer.ttl} s", _place(item.authorizer.ttl_span, "--lambda-ttl"))
    return None


def _mode(mode: Mode | Unresolved) -> str:
    if isinstance(mode, Mode):
        return mode.value
    candidates = f" (one of {', '.join(mode.candidates)})" if mode.candidates else ""
    return f"only known at deployment: {mode.text}{candidates}"


def _place(span: Span | None, otherwise: str) -> str:
    if span is None:
        return otherwise
    return f"{span.path}:{span.start.line}:{span.start.column}"


def _json(project: Project) -> str:
    import json

    items = []
    for unit in project.units:
        api = unit.api
        item: dict[str, object] = {"name": api.name if api else None, "schema": [s.path for s in unit.schema.sources]}
        if api is not None:
            pool = api.default.user_pool
            item |= {
                "described": _place(api.span, api.path),
                "default": _provider(api.default),
                "additional": [_provider(one) for one in api.additional],
                "additional_open": api.additional_open.text if api.additional_open else None,
                "default_action": str(pool.default_action) if pool and pool.default_action else None,
                "tool": api.tool.name,
            }
        item["rules"] = {name: node.text for name, node in _severities(unit).items()}
        items.append(item)
    return json.dumps({"version": 1, "apis": items}, indent=2) + "\n"


def _provider(provider: Provider) -> dict[str, object]:
    mode = provider.mode
    known = isinstance(mode, Mode)
    return {
        "mode": mode.value if isinstance(mode, Mode) else None,
        "unresolved": None if known else str(mode),
        "from": _place(provider.span, provider.origin),
    }


def _severities(unit: Unit) -> Mapping[str, Scalar]:
    return unit.described.rules if unit.described else {}
