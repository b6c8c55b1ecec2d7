"""What IAM policies let through: AppSync asks them about the root fields of a request, and nothing else (10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..api import PolicyStatement, PolicyText
    from ..schema import Field, Schema

__all__ = ["ACTION", "Policies", "Target", "target_of"]

ACTION = "appsync:GraphQL"

#: What the part of an ARN after the API's id is about; ``malformed`` is a shape that AppSync never asks for.
TargetKind: TypeAlias = Literal["everything", "api", "type", "field", "malformed", "other"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a policy's resource is about, the API's own part of the ARN left out.

    ``type_name`` and ``field_name`` may hold ``*`` and ``?``. ``api`` is the resource of the API alone, which is
    no field; ``other`` is a resource of another service or of another action of AppSync's.
    """

    kind: TargetKind
    type_name: str = "*"
    field_name: str = "*"
    path: str = ""


def target_of(resource: PolicyText) -> Target:
    """Read a policy's resource (10.1, 10.3)."""
    text = resource.text
    if text == "*":
        return Target("everything")
    if text.startswith("arn:") and not resource.open and text.split(":", 3)[2:3] not in (["appsync"], ["*"]):
        return Target("other")
    head, found, path = text.partition("/types/")
    if not found:
        if text.endswith("*") and (not text.endswith("/*") or "apis/" in head or resource.open):
            return Target("everything")
        return Target("api")
    parts = path.split("/")
    if path == "*":
        return Target("everything", path=path)
    if len(parts) == 2 and parts[1] == "*":
        return Target("type", parts[0], path=path)
    if len(parts) == 3 and parts[1] in ("fields", "*"):
        return Target("field", parts[0], parts[2], path)
    return Target("malformed", parts[0], path=path)


class Policies:
    """Which root fields some statements allow. A ``Deny`` wins; conditions are taken as met."""

    def __init__(self, statements: Iterable[PolicyStatement]) -> None:
        relevant = [item for item in statements if any(_covers_action(action.text) for action in item.actions)]
        self.allowing = tuple(item for item in relevant if item.effect == "Allow")
        self.denying = tuple(item for item in relevant if item.effect == "Deny")

    def allows(self, field: Field) -> bool:
        """Whether some statement lets a caller call a root field, and none forbids it for certain."""
        if any(_speaks_of(item, field, certain=True) for item in self.denying):
            return False
        return any(_speaks_of(item, field, certain=False) for item in self.allowing)

    @staticmethod
    def fields_of(statement: PolicyStatement, schema: Schema) -> list[Field]:
        """Return the root fields that a statement is about."""
        roots = [schema.types[name] for name in schema.roots.values()]
        return [
            field for root in roots for field in root.fields.values() if _speaks_of(statement, field, certain=False)
        ]


def _covers_action(pattern: str) -> bool:
    return _matcher(pattern.lower())(ACTION.lower())


def _speaks_of(statement: PolicyStatement, field: Field, *, certain: bool) -> bool:
    """Whether a statement is about a field; an open resource is about whatever it can be, unless ``certain``."""
    found = any(_target_covers(target_of(item), field) for item in statement.resources if not (certain and item.open))
    return found is not statement.negated


def _target_covers(target: Target, field: Field) -> bool:
    if target.kind in ("api", "malformed", "other"):
        return False
    return _matcher(target.type_name)(field.parent) and _matcher(target.field_name)(field.name)


@lru_cache(maxsize=512)
def _matcher(pattern: str) -> Callable[[str], bool]:
    """Return what says whether a text matches a pattern of IAM's, in which ``*`` and ``?`` are all that is special."""
    from fnmatch import fnmatchcase

    escaped = pattern.replace("[", "[[]")
    return lambda text: fnmatchcase(text, escaped)
