"""A directive names a Cognito group that does not exist.

## What it does

Where the groups of the user pool are known, reports each name in `cognito_groups` that is none of them, once for each
name. The groups are known where the API's file lists them (`groups`), or where the template that makes the API makes
the pool's groups too.

## Why it matters

AppSync compares names with those in the token. A name that no group has admits nobody: the members of the group that
was meant are refused, and if the list names no other group, so is every signed-in user. Whoever may create groups may
later give the name a meaning that nobody thought of.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
groups: [Admins, Editors]
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
  #                                                        ^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
groups: [Admins, Editors]
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

A group that is made elsewhere (in the console, by another stack) is not known; list it under `groups`. A name that
begins with two underscores, such as `__deny_all__`, is taken for a group that is meant not to exist. Directives that
AppSync does not read on the API, and names that a template fills in, are left out.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Directive, Finding, Label, Rule, Severity, Subject, listing, nearest

from ._consequence import groups_of
from ._fixes import respelt
from ._groups import elsewhere, group_nodes, read_for_groups

#: How a name begins that says that nobody is meant.
_NOBODY = "__"


class UnknownGroup(Rule):
    name = "unknown-group"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("3.11",)
    unsafe_fix = "writes the group's name where it is misspelt, which lets its members in"

    def check(self, subject: Subject) -> Iterator[Finding]:
        groups = subject.api.groups
        if groups is None:
            return
        known = frozenset(groups)
        places: dict[str, list[tuple[Directive, Any]]] = {}
        closed: set[Directive] = set()
        for directive in read_for_groups(subject):
            nodes = group_nodes(directive)
            # A name that a template fills in can be that of a group.
            if not any(name in known or "${" in name for name in groups_of(directive) or ()):
                closed.add(directive)
            for node in nodes:
                if node.value not in known and not node.value.startswith(_NOBODY):
                    places.setdefault(node.value, []).append((directive, node))
        for name, found in places.items():
            yield self._finding(name, found, groups, closes=found[0][0] in closed)

    def _finding(
        self, name: str, found: list[tuple[Directive, Any]], groups: tuple[str, ...], *, closes: bool
    ) -> Finding:
        (first, node), others = found[0], found[1:]
        effect = "it admits nobody"
        if closes:
            effect = f"@{first.name} on {first.owner} names no group that exists, so it refuses every signed-in user"
        meant = nearest(name, groups)
        if meant is not None:
            advice = f'write "{meant}" if that is meant, or create the group'
        elif groups:
            advice = f"create the group, or write one that exists ({listing(groups, conjunction='or')})"
        else:
            advice = "create the group; the API's description says that there is none"
        return self.finding(
            first.place_of(node),
            f'the user pool has no group "{name}"{elsewhere(len(others))}: {effect}',
            label="no such group",
            coordinate=first.owner,
            related=[Label(item.place_of(value), "nor here") for item, value in others[:3]],
            help=f"{advice}; if it exists, list it under groups in the API's description",
            subject=name,
            causes=(f"group:{name}",),
            fix=respelt(name, meant, found),
        )
