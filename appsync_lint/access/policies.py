"""What IAM policies let through: AppSync asks them about the root fields of a request, and nothing else (10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ..api import PolicyStatement, PolicyText
    from ..schema import Field, Schema

__all__ = ["ACTION", "Policies", "Target", "target_of"]

ACTION = "appsync:GraphQL"

#: What the part of an ARN after the API's id is about; ``malformed`` is a shape that AppSync never asks for.
TargetKind: TypeAlias = Literal["everything", "api", "type", "field", "malformed", "other"]
_COVERING = ("everything", "type", "field")


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
        self._allowed = _Spoken(self.allowing, certain=False)
        self._denied = _Spoken(self.denying, certain=True)

    def allows(self, field: Field) -> bool:
        """Whether some statement lets a caller call a root field, and none forbids it for certain."""
        return field not in self._denied and field in self._allowed

    @staticmethod
    def fields_of(statement: PolicyStatement, schema: Schema) -> list[Field]:
        """Return the root fields that a statement is about."""
        roots = [schema.types[name] for name in schema.roots.values()]
        spoken = _Spoken([statement], certain=False)
        return [field for root in roots for field in root.fields.values() if field in spoken]


class _Spoken:
    """The fields that some statements are about; an open resource is about whatever it can be, unless ``certain``.

    There may be thousands of fields and of statements, so what they name is sorted out first.
    """

    def __init__(self, statements: Iterable[PolicyStatement], *, certain: bool) -> None:
        named: list[Target] = []
        self._all_but: list[_Covered] = []
        for item in statements:
            targets = [target_of(resource) for resource in item.resources if not (certain and resource.open)]
            if item.negated:
                self._all_but.append(_Covered(targets))
            else:
                named += targets
        self._named = _Covered(named)

    def __contains__(self, field: Field) -> bool:
        return field in self._named or any(field not in covered for covered in self._all_but)


class _Covered:
    """The fields that at least one of some targets covers."""

    def __init__(self, targets: Iterable[Target]) -> None:
        names = {(item.type_name, item.field_name): None for item in targets if item.kind in _COVERING}
        self._patterns = [(_matcher(of), _matcher(name)) for of, name in names if _is_pattern(of) or _is_pattern(name)]
        self._names = names.keys()

    def __contains__(self, field: Field) -> bool:
        if (field.parent, field.name) in self._names:
            return True
        return any(of_type(field.parent) and of_field(field.name) for of_type, of_field in self._patterns)


def _covers_action(pattern: str) -> bool:
    return bool(_matcher(pattern.lower())(ACTION.lower()))


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _matcher(pattern: str) -> Callable[[str], object]:
    """Return what says whether a text matches a pattern of IAM's, in which ``*`` and ``?`` are all that is special."""
    if not _is_pattern(pattern):
        return pattern.__eq__
    from fnmatch import translate
    from re import compile as regex

    return regex(translate(pattern.replace("[", "[[]"))).match
