"""Who signs in: the groups of a deployment's user pools, and what identity pools let their guests do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from ...api import Provider, Setting, Unresolved
from ...tree import Node, Sequence
from ..resolution import written
from .policies import MANAGED, Policies, Statement
from .stacks import Deployment
from .template import Resource, Template

__all__ = ["Identity"]


class Identity:
    """The user pools' groups and the guests of the identity pools of a deployment."""

    def __init__(self, deployment: Deployment, policies: Policies) -> None:
        self._deployment = deployment
        self._policies = policies

    # Groups.

    def groups(self, template: Template, providers: Iterable[Provider]) -> tuple[str, ...] | None:
        """Return the groups that the templates make in an API's user pools, if they tell all their names."""
        pools: list[str] = []
        for provider in providers:
            pool_id = provider.user_pool.pool_id if provider.user_pool else None
            if isinstance(pool_id, Unresolved) and pool_id.span is not None:
                node = template.opened.get(pool_id.span)
                pools.append(self._deployment.references.told(template, node) if node is not None else "")
            elif pool_id:
                pools.append(str(pool_id))
        names = [name for pool in dict.fromkeys(pools) for name in self._groups_by_pool.get(pool, ())]
        known = [name for name in names if name is not None]
        return tuple(dict.fromkeys(known)) if known and len(known) == len(names) else None

    @cached_property
    def _groups_by_pool(self) -> dict[str, list[str | None]]:
        """The names of the groups by what names their pool; None for a name that is open."""
        groups: dict[str, list[str | None]] = {}
        for item in self._deployment.of_kinds("AWS::Cognito::UserPoolGroup"):
            properties = item.template.properties(item)
            name = properties.get("GroupName")
            pool = properties.get("UserPoolId")
            if pool is None:
                continue
            text = item.template.text(properties, "GroupName")
            certain = name is not None and isinstance(text, str) and not item.template.resolver.resolve(name).assumed
            groups.setdefault(self._deployment.references.told(item.template, pool), []).append(
                str(text) if certain else None
            )
        return groups

    # Guests.

    def unauthenticated_role(self, api: tuple[int, str]) -> Setting[bool] | None:
        """Return whether guests get a role that may call an API; None where there is no identity pool."""
        found: list[Setting[bool]] = []
        for pool in self._deployment.of_kinds("AWS::Cognito::IdentityPool"):
            found += self._guests_of(pool, api)
        for wanted in (True, None, False):
            for setting in found:
                if setting.value is wanted or (wanted is None and isinstance(setting.value, Unresolved)):
                    return setting
        return None

    def _guests_of(self, pool: Resource, api: tuple[int, str]) -> list[Setting[bool]]:
        template = pool.template
        properties = template.properties(pool)
        node = properties.get("AllowUnauthenticatedIdentities")
        allowed = template.flag(properties, "AllowUnauthenticatedIdentities")
        place = node.span if node is not None else pool.key.span
        if not allowed:
            return [Setting(False, place)]
        roles = [
            (item, role)
            for item in self._attachments.get(pool.place, ())
            if (role := self._guest_role(item)) is not None
        ]
        if not roles:
            return [Setting(False, place)]
        found = []
        for item, role in roles:
            value = self._may_call(item, role, api)
            doubt = allowed if isinstance(allowed, Unresolved) else template.condition_of(pool)
            found.append(Setting(doubt if value is True and doubt is not None else value, role.span))
        return found

    @cached_property
    def _attachments(self) -> dict[tuple[int, str], list[Resource]]:
        """The role attachments by the identity pool that they are for."""
        found: dict[tuple[int, str], list[Resource]] = {}
        for item in self._deployment.of_kinds("AWS::Cognito::IdentityPoolRoleAttachment"):
            pool = item.template.properties(item).get("IdentityPoolId")
            for place in self._deployment.references.referred(item.template, pool) if pool is not None else ():
                found.setdefault(place, []).append(item)
        return found

    @staticmethod
    def _guest_role(item: Resource) -> Node | None:
        roles = item.template.table(item.template.properties(item), "Roles")
        return roles.get("unauthenticated") if roles is not None else None

    def _may_call(self, attachment: Resource, role: Node, api: tuple[int, str]) -> bool | Unresolved:
        """Return whether a role may call an API."""
        places = self._deployment.references.referred(attachment.template, role)
        held = [item for place in places if (item := self._deployment.find(place)) and item.kind == "AWS::IAM::Role"]
        if not held:
            return Unresolved(written(role), "the role is not in this template", role.span)
        verdicts = [self._role_may(item, api) for item in held]
        if len(set(map(str, verdicts))) == 1:
            return verdicts[0]
        return Unresolved(written(role), "it is one of several roles", role.span)

    def _role_may(self, role: Resource, api: tuple[int, str]) -> bool | Unresolved:
        statements = [(item, about) for item in self._policies.held_by(role) if (about := item.about(api)) is not None]
        allows = [item for item, about in statements if about.effect == "Allow"]
        if len(allows) < len(statements):
            return Unresolved(role.name, f"the role {role.name} has a statement that denies, too", role.key.span)
        if any(self._is_certain(item, api) for item in allows):
            return True
        if allows:
            return Unresolved(role.name, f"the policy of the role {role.name} is not known whole", role.key.span)
        unknown = self._attached_elsewhere(role)
        if unknown:
            return Unresolved(unknown, f"the policy {unknown} is not in this template", role.key.span)
        return False

    @staticmethod
    def _is_certain(statement: Statement, api: tuple[int, str]) -> bool:
        sure = any(not item.text.open for item in statement.resources if item.api in (None, api))
        return sure and not statement.negated and statement.item.template.holds(statement.item) is True

    def _attached_elsewhere(self, role: Resource) -> str:
        """Return a policy that a role has and that is not at hand; those of AWS itself are known."""
        template = role.template
        listed = template.properties(role).get("ManagedPolicyArns")
        found = template.resolver.resolve(listed).node if listed is not None else None
        for node in found.items if isinstance(found, Sequence) else ():
            name = self._deployment.references.told(template, node)
            ours = any(self._deployment.find(place) for place in self._deployment.references.referred(template, node))
            if not ours and ":aws:policy/" not in name and name.rpartition("/")[2] not in MANAGED:
                return written(node)
        return "" if listed is None or found is not None else written(listed)
