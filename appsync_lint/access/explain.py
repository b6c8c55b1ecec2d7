"""Verdicts in words: which directive, or which setting, decided and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..api import Caller
from .grants import AUTH, COGNITO, Grant, Verdict

if TYPE_CHECKING:
    from ..schema import Field
    from .model import AccessModel

__all__ = ["because", "sentence"]


def because(model: AccessModel, field: Field, grant: Grant) -> str:
    """Say in a few words what decides a field, for every caller alike."""
    default = model.api.default_mode
    directives = " ".join(item.text for item in model.deciding(field))
    if grant.origin == "field":
        return f"{directives} on {field.coordinate}"
    if grant.origin == "type":
        return f"{directives} on type {field.parent}"
    if grant.origin == "default":
        ignored = any(item.name == AUTH for item in field.directives)
        note = "; @aws_auth is not read on an API with several modes" if ignored else ""
        return f"default mode {default.value if default else 'unknown'}{note}"
    if grant.origin == "action":
        return f"defaultAction {model.api.default_action or 'not set'}"
    if grant.origin == "single":
        if default is COGNITO:
            return "below the root, an API with a user pool alone reads no directive"
        return (
            "the API's only mode; it reads no directive for another" if "A1" in grant.facts else "the API's only mode"
        )
    if grant.origin == "refused":
        return "AppSync refuses defaultAction DENY beside additional modes"
    return "depends on settings that only deployment knows"


def sentence(model: AccessModel, field: Field, grant: Grant, caller: Caller, verdict: Verdict) -> str:
    """Give the reason of one verdict in one sentence."""
    if verdict == "unknown":
        doubt = grant.gate(caller.mode).doubt
        if doubt is not None:
            return doubt.reason
        return model.open_settings
    who = _who(caller)
    where = field.coordinate
    allowed = verdict == "allow"
    if grant.origin in ("field", "type"):
        place = where if grant.origin == "field" else f"type {field.parent}"
        directives = " ".join(item.text for item in model.deciding(field))
        if grant.origin == "type":
            directives = f"{where} has no directive of its own and {directives}"
        return f"{directives} on {place} {'admits' if allowed else 'does not admit'} {who}"
    if grant.origin == "default":
        mode = model.api.default_mode
        name = mode.value if mode else "unknown"
        what = f"neither {where} nor type {field.parent} has a directive that counts, so only the default mode {name}"
        return f"{what} is admitted" if allowed else f"{what} is admitted, not {who}"
    if grant.origin == "action":
        action = model.api.default_action
        return f"{where} has no @aws_auth, so the default pool's defaultAction {action} decides for {who}"
    if grant.origin == "single":
        if caller.mode is COGNITO:
            return f"an API with a user pool alone reads directives on root fields only, and {where} is below them"
        return f"{caller.mode.value} is the API's only mode, so every field is open to it"
    answer = "admits" if allowed else "refuses"
    return f"whatever deployment fills in, AppSync {answer} {who} on {where}"


def _who(caller: Caller) -> str:
    if not caller.groups:
        return f"{caller.mode.value} callers" if caller.mode is not COGNITO else "a pool user in no group"
    names = " and ".join(sorted(caller.groups))
    return f"a pool user in {names}"
