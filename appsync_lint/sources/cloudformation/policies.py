"""IAM policies of a deployment, as far as they let somebody call an API."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple, cast

from ...api import PolicyStatement, PolicyText
from ...text import Span
from ...tree import Node, Scalar, Sequence, Table
from ..intrinsics import intrinsic
from .references import Piece, Target
from .stacks import Deployment
from .template import API_TYPES, Resource, Template, plain_text

__all__ = ["Policies", "Statement"]

ACTION = "appsync:graphql"
#: Far more than a deployment has.
MAX_STATEMENTS = 20_000
#: How many conditions deep a value may be.
MAX_CHOICES = 6
#: Resources with policies written into them, and the key of the list.
_HOLDERS = {
    "AWS::IAM::Role": "Policies",
    "AWS::IAM::User": "Policies",
    "AWS::IAM::Group": "Policies",
    "AWS::Serverless::Function": "Policies",
    "AWS::Serverless::StateMachine": "Policies",
}
_POLICIES = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
)
#: AWS's own policies that let their holder call any API.
MANAGED = ("AWSAppSyncInvokeFullAccess", "AWSAppSyncAdministrator", "AdministratorAccess", "PowerUserAccess")


class _Resource(NamedTuple):
    """A resource of a statement: its text, and the place of the API that it names, None where it may be any."""

    text: PolicyText
    api: tuple[int, str] | None


class Statement(NamedTuple):
    """A statement that lets somebody call an API, or keeps somebody from it. ``item`` is what holds it."""

    item: Resource
    effect: Literal["Allow", "Deny"]
    actions: tuple[PolicyText, ...]
    resources: tuple[_Resource, ...]
    negated: bool
    span: Span | None

    def about(self, api: tuple[int, str]) -> PolicyStatement | None:
        """Return what the statement says about an API; None where it is about others."""
        mine = tuple(item.text for item in self.resources if item.api in (None, api))
        if not mine and not self.negated:
            return None
        return PolicyStatement(self.effect, self.actions, mine, self.item.name, self.negated, self.span)


class Policies:
    """The statements of a deployment's policies that speak about calling AppSync."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, template by template."""
        found: list[Statement] = []
        for template in self._deployment.all_templates:
            for item in template.of_kinds(*_HOLDERS, *_POLICIES):
                for statement in self._of(item):
                    found.append(statement)
                    if len(found) >= MAX_STATEMENTS:
                        return tuple(found)
        return tuple(found)

    def about(self, api: tuple[int, str]) -> tuple[PolicyStatement, ...]:
        """Return the statements that are about an API."""
        found = (statement.about(api) for statement in self._relevant(api))
        return tuple(statement for statement in found if statement is not None)

    def _relevant(self, api: tuple[int, str]) -> Iterator[Statement]:
        for index in sorted({*self._by_api.get(None, ()), *self._by_api.get(api, ())}):
            yield self.statements[index]

    @cached_property
    def _by_api(self) -> dict[tuple[int, str] | None, list[int]]:
        """The numbers of the statements by the API that they name, None for those that may be about any."""
        found: dict[tuple[int, str] | None, list[int]] = {}
        for index, statement in enumerate(self.statements):
            named = {item.api for item in statement.resources}
            for api in {None} if statement.negated or None in named else named:
                found.setdefault(api, []).append(index)
        return found

    def held_by(self, item: Resource) -> list[Statement]:
        """Return the statements of a role: its own, and those of policies that are attached to it."""
        return [statement for statement in self.statements if item.place in self._roles_of(statement.item)]

    def _roles_of(self, item: Resource) -> set[tuple[int, str]]:
        if item.kind == "AWS::IAM::Role":
            return {item.place}
        properties = item.template.properties(item)
        nodes = [properties.get("Roles"), properties.get("RoleName")]
        return {
            place
            for node in nodes
            if node is not None
            for place in self._deployment.references.referred(item.template, node)
        }

    # Reading.

    def _of(self, item: Resource) -> Iterator[Statement]:
        template = item.template
        properties = template.properties(item)
        if item.kind in _POLICIES:
            yield from self._document(item, properties.get("PolicyDocument"))
            return
        managed = [*_each(template, properties.get("ManagedPolicyArns"))]
        for policy in _each(template, properties.get(_HOLDERS[item.kind])):
            if isinstance(policy, Scalar):
                managed.append(policy)
            elif isinstance(policy, Table):
                document = policy if "Statement" in policy else policy.get("PolicyDocument")
                yield from self._document(item, document)
        for node in managed:
            written = self._deployment.references.told(template, node).rpartition("/")[2]
            if written in MANAGED:
                anything = PolicyText("*", node.span)
                call = PolicyText("appsync:GraphQL", node.span)
                yield Statement(item, "Allow", (call,), (_Resource(anything, None),), False, node.span)

    def _document(self, item: Resource, node: Node | None) -> Iterator[Statement]:
        template = item.template
        for document in _each(template, node):
            if not isinstance(document, Table):
                continue
            for statement in _each(template, document.get("Statement")):
                if isinstance(statement, Table):
                    read = self._statement(item, statement)
                    if read is not None:
                        yield read

    def _statement(self, item: Resource, node: Table) -> Statement | None:
        template = item.template
        effect = self._deployment.references.told(template, node.entries["Effect"]) if "Effect" in node else ""
        if effect not in ("Allow", "Deny"):
            return None
        actions = [
            action
            for action in self._actions(template, node.get("Action"))
            if _covers(action.text) and not (action.open and not action.text.startswith("appsync"))
        ]
        excepted = list(self._actions(template, node.get("NotAction")))
        if excepted and not any(_covers(action.text) for action in excepted):
            actions = [PolicyText("*", node.entries["NotAction"].span)]
        negated = "NotResource" in node
        listed = _each(template, node.get("NotResource" if negated else "Resource"))
        resources = tuple(self._resources(template, listed)) if actions else ()
        if not actions or not (resources or negated):
            return None
        return Statement(item, cast("Literal['Allow', 'Deny']", effect), tuple(actions), resources, negated, node.span)

    def _actions(self, template: Template, node: Node | None) -> Iterator[PolicyText]:
        for action in _each(template, node):
            yield self._pattern(self._deployment.references.pieces(template, action), action)

    def _resources(self, template: Template, listed: Iterator[Node]) -> Iterator[_Resource]:
        for node in listed:
            pieces = self._deployment.references.pieces(template, node)
            api, others = self._meant(pieces)
            text = self._pattern(pieces, node)
            if api is not None or (not others and _may_be_api(text.text)):
                yield _Resource(text, api)

    @staticmethod
    def _meant(pieces: list[Piece]) -> tuple[tuple[int, str] | None, bool]:
        """Return the API that a resource names, and whether it is something else that the templates make."""
        for piece in pieces:
            if isinstance(piece, Target) and _is_api(piece):
                return (piece.template.index, piece.name), False
        first = next((piece for piece in pieces if piece), "")
        return None, isinstance(first, Target)

    @staticmethod
    def _pattern(pieces: list[Piece], node: Node) -> PolicyText:
        """Return a text in which what only deployment knows is ``*``. An API's id is its logical one."""
        words: list[str] = []
        is_open = False
        for piece in pieces:
            if isinstance(piece, str):
                words.append(piece)
            elif isinstance(piece, Target):
                is_api = _is_api(piece)
                arn = "arn:*:appsync:*:*:apis/" if piece.attribute in ("", "Arn") else ""
                words.append(f"{arn}{piece.name}" if is_api else "*")
                is_open = is_open or not is_api
            else:
                words.append("*")
                is_open = is_open or not piece.known
        return PolicyText("".join(words), node.span, is_open)


def _is_api(target: Target) -> bool:
    return target.template.by_name[target.name].kind in API_TYPES


def _each(template: Template, node: Node | None) -> Iterator[Node]:
    """Give the items of a list, or the one that stands for a list; all that conditions may choose."""
    for chosen in _alternatives(template, node):
        value = template.resolver.resolve(chosen).node
        if isinstance(value, Sequence):
            for item in value.items:
                yield from _alternatives(template, item)
        else:
            yield chosen


def _alternatives(template: Template, node: Node | None, depth: int = 0) -> Iterator[Node]:
    """Give what a value may be, as it is written in the branches of its conditions."""
    if node is None:
        return
    name, argument = intrinsic(node) or ("", node)
    if name == "Ref" and plain_text(argument) == "AWS::NoValue":
        return
    if name != "Fn::If" or not isinstance(argument, Sequence) or len(argument) != 3 or depth >= MAX_CHOICES:
        yield node
        return
    condition, *branches = argument.items
    holds = template.resolver.holds(plain_text(condition))
    for branch, chosen in zip(branches, (holds is not False, holds is not True), strict=True):
        if chosen:
            yield from _alternatives(template, branch, depth + 1)


def _covers(action: str) -> bool:
    """Whether an action of a policy is, or includes, calling an API."""
    return _like(action.lower(), ACTION)


def _may_be_api(resource: str) -> bool:
    """Whether the ARN of an API that is yet to be made may match a resource."""
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return "*" in resource or "?" in resource
    service, rest = parts[2], parts[5]
    if not _like(service, "appsync"):
        return False
    api = rest.removeprefix("apis/").partition("/")[0]
    return "*" in api or "?" in api


def _like(pattern: str, text: str) -> bool:
    """Whether a pattern with ``*`` and ``?`` matches a text, in a time that grows with both lengths only."""
    place = own = 0
    star = mark = -1
    while place < len(text):
        if own < len(pattern) and pattern[own] in ("?", text[place]):
            place, own = place + 1, own + 1
        elif own < len(pattern) and pattern[own] == "*":
            star, mark, own = own, place, own + 1
        elif star >= 0:
            mark += 1
            place, own = mark, star + 1
        else:
            return False
    return all(character == "*" for character in pattern[own:])
