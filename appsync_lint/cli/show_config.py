"""``--show-config``: which APIs were found, with which modes, and where each of them is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ..api import Mode, Unresolved
from ..errors import InputError
from ..files import display_path
from ..report.colours import BOLD, painter
from ..report.plain import visible
from ..sources.places import schema_paths
from .console import colour_wanted
from .outputs import Output, send
from .paint import FAINT, columns, padded

if TYPE_CHECKING:
    from ..api import Api, FunctionCode, Provider
    from ..project import Project, Unit
    from ..text import Span
    from ..tree import Scalar

__all__ = ["show_config"]

#: A value this long has its place on the next line.
LONG = 36

#: What it is, its value, and where that stands.
_Row: TypeAlias = "tuple[str, str, str]"


def show_config(project: Project, outputs: tuple[Output, ...], colour: str) -> None:
    """Send the configuration to each output: as JSON where JSON is asked for, else as text."""
    for output in outputs:
        if output.format in ("json", "sarif"):
            send(output, _json(project))
        else:
            paint = painter(colour_wanted(colour) and output.file is None)
            send(output, "\n".join("\n".join(_text(unit, project, paint)) + "\n" for unit in project.units))


def _text(unit: Unit, project: Project, paint: Callable[[str, str], str]) -> Iterator[str]:
    api = unit.api
    yield paint(BOLD, visible(api.name) if api else "no API described")
    rows: list[_Row] = []
    if api is not None:
        rows.append(("described", _place(api.span, api.path or "on the command line"), ""))
        rows.append(("default", _mode(api.default.mode), _place(api.default.span, api.default.origin)))
        rows += [("additional", _mode(item.mode), _place(item.span, item.origin)) for item in api.additional]
        if api.additional_open is not None:
            rows.append(("additional", _mode(api.additional_open), _place(api.additional_open.span, "")))
        pool = api.default.user_pool
        if pool is not None and pool.default_action is not None:
            action = pool.default_action
            shown = _open(action) if isinstance(action, Unresolved) else action
            rows.append(("defaultAction", shown, _place(pool.default_action_span, _unwritten_action(api))))
        rows += _authorizer(api)
        if api.groups is not None:
            rows.append(("groups", ", ".join(api.groups) or "none", ""))
        rows += _settings(api)
        if unit.described is not None and unit.described.kind != "native":
            rows.append(("deployed by", api.tool.name, ""))
    rows += _schemas(unit, project)
    rows += [
        ("rule", f"{name}: {getattr(node, 'text', '')}", _place(node.span, ""))
        for name, node in _severities(unit).items()
    ]
    # A value with nothing behind it may be as long as it likes.
    rows = [(label, visible(value), visible(place)) for label, value, place in rows]
    first, second, _ = columns(
        [(label, value if place and len(value) <= LONG else "", "") for label, value, place in rows]
    )
    for label, value, place in rows:
        if place and len(value) > LONG:
            yield f"  {padded(label, first)}  {value}"
            yield f"  {padded('', first)}  {paint(FAINT, place)}"
        else:
            yield f"  {padded(label, first)}  {padded(value, second)}  {paint(FAINT, place)}".rstrip()


def _authorizer(api: Api) -> Iterator[_Row]:
    for item in api.providers:
        authorizer = item.authorizer
        if item.mode is not Mode.AWS_LAMBDA:
            continue
        ttl = authorizer.ttl if authorizer is not None else None
        if authorizer is not None and ttl is not None:
            shown = f"{ttl} s" if isinstance(ttl, int) else _open(ttl)
            yield ("lambda TTL", shown, _place(authorizer.ttl_span, "--lambda-ttl"))
        elif api.tool.unset_lambda_ttl is not None:
            yield ("lambda TTL", f"{api.tool.unset_lambda_ttl} s", f"what {api.tool.name} takes when none is written")
        code = authorizer.code if authorizer is not None else None
        if code is not None:
            yield ("lambda code", *_code(code))


def _code(code: FunctionCode) -> tuple[str, str]:
    if code.text is not None:
        return "written in the description", code.text.path
    if not code.paths:
        return f"not at hand: {code.why}", ""
    candidates = [Path(code.base, path) for path in code.paths]
    return display_path(next((path for path in candidates if _is_file(path)), candidates[0])), ""


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _settings(api: Api) -> Iterator[_Row]:
    """Give the rows of what is described besides modes and schema, as far as it is."""
    settings = api.settings
    for key in settings.api_keys:
        if key.expires is not None:
            until = _open(key.expires) if isinstance(key.expires, Unresolved) else f"expires {_day(key.expires)}"
        elif key.lifetime_days is not None:
            days = key.lifetime_days
            until = _open(days) if isinstance(days, Unresolved) else f"lives {days} days"
        else:
            until = "lives 7 days, what AppSync takes when none is written"
        yield ("API key", f"{key.name}: {until}" if key.name else until, _place(key.span, ""))
    for label, setting in (
        ("introspection", settings.introspection),
        ("query depth", settings.query_depth_limit),
        ("resolver count", settings.resolver_count_limit),
        ("visibility", settings.visibility),
        ("WAF", settings.waf),
        ("guest role", settings.unauthenticated_role),
    ):
        if setting is not None and not (label == "WAF" and isinstance(setting.value, Unresolved)):
            value = setting.value
            shown = _open(value) if isinstance(value, Unresolved) else str(value)
            yield (label, {"True": "yes", "False": "no"}.get(shown, shown), _place(setting.span, ""))
    logging, cache = settings.logging, settings.cache
    if logging is not None:
        yield (
            "logging",
            _open_or(logging.level, "level not written"),
            _place(logging.span, f"what {api.tool.name} takes when none is written"),
        )
    if cache is not None:
        yield ("cache", _open_or(cache.behaviour, "behaviour not written"), _place(cache.span, ""))
    for variable in settings.environment:
        yield ("environment", variable.name, _place(variable.span, ""))
    if settings.merged:
        names = ", ".join(_open_or(source.name, "") for source in settings.sources)
        yield ("merged from", names or "unknown APIs", "")
    for label, items in (("resolvers", settings.resolvers), ("IAM statements", settings.policies)):
        if items:
            yield (label, str(len(items)), "")


def _unwritten_action(api: Api) -> str:
    """Return where a default action comes from that stands in no file."""
    return "--default-action" if api.default.origin == "--default-mode" else f"what {api.tool.name} fills in"


def _schemas(unit: Unit, project: Project) -> Iterator[_Row]:
    """Give the schema's files, each with the place that names it, and what is not known of them."""
    named: dict[str, str] = {}
    unknown: list[_Row] = []
    for item in unit.api.schema_files if unit.api is not None else ():
        if item.unresolved is not None:
            unknown.append(("schema", _open(item.unresolved), _place(item.unresolved.span or item.span, "")))
        elif item.text is not None:
            named[item.text.path] = _place(item.span, "")
            if len(unit.schema.sources) == 1:  # a build's schema is shown where it was copied from
                named[unit.schema.sources[0].path] = _place(item.span, "")
        elif item.path is not None:
            with suppress(InputError):
                paths = schema_paths(item, allow_outside=project.allow_outside)
                named.update(dict.fromkeys(map(display_path, paths), _place(item.span, "")))
    for source in unit.schema.sources:
        yield ("schema", source.path, named.get(source.path, ""))
    yield from unknown


def _day(seconds: int) -> str:
    from datetime import datetime, timezone

    try:
        return datetime.fromtimestamp(seconds, timezone.utc).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return f"at {seconds}"


def _open(value: Unresolved) -> str:
    candidates = f" (one of {', '.join(value.candidates)})" if value.candidates else ""
    return f"only known at deployment: {value.text}{candidates}"


def _open_or(value: str | Unresolved | None, absent: str) -> str:
    return absent if value is None else _open(value) if isinstance(value, Unresolved) else value


def _mode(mode: Mode | Unresolved) -> str:
    return mode.value if isinstance(mode, Mode) else _open(mode)


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
                "groups": list(api.groups) if api.groups is not None else None,
                "lambda": [{"what": label, "value": value, "from": place} for label, value, place in _authorizer(api)],
                "settings": [{"what": label, "value": value, "from": place} for label, value, place in _settings(api)],
                "schema_from": [{"schema": value, "from": place} for _, value, place in _schemas(unit, project)],
                "tool": api.tool.name,
                "kind": unit.described.kind if unit.described else None,
            }
        item["rules"] = {name: node.text for name, node in _severities(unit).items()}
        items.append(item)
    return json.dumps({"version": 1, "apis": items, "notes": list(project.notes)}, indent=2) + "\n"


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
