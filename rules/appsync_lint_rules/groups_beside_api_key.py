"""The API key opens what a group restriction is meant to close.

## What it does

Reports fields and types whose directives restrict a user pool to groups and admit the API key as well.

## Why it matters

AppSync lets in whoever satisfies any one of the directives. A user who is in none of the groups leaves his token at
home and sends the API key, which every client of the API holds: the groups keep nobody out.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  news: [ID] @aws_api_key @aws_cognito_user_pools
  reports: [ID] @aws_cognito_user_pools(cognito_groups: ["Editors"]) @aws_api_key
  #                                                                  ^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  news: [ID] @aws_api_key @aws_cognito_user_pools
  reports: [ID] @aws_cognito_user_pools(cognito_groups: ["Editors"])
}
```

## Limits

If the key never leaves a back end it is a password, and the directive may stay: say so with an ignore comment. On
mutations the finding is an error and takes the place of `api-key-reaches-mutation`.
`@aws_iam` beside groups is not reported: IAM callers need credentials and a policy.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from appsync_lint.plugin import Directive, Finding, Grant, Label, Mode, Rule, Severity, Subject, listing

from ._consequence import COGNITO, on_object, short
from ._coverage import SHOWN

_KEY = Mode.API_KEY


class GroupsBesideApiKey(Rule):
    name = "groups-beside-api-key"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 6.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("2.4", "4.2")

    def check(self, subject: Subject) -> Iterator[Finding]:
        if not subject.model.is_multi:
            return
        together: dict[tuple[str, str], list[_Node]] = {}
        for directive in subject.schema.applied(_KEY.directive):
            node = _node(subject, directive)
            if node is not None:
                key = (directive.owner.partition(".")[0], node.groups.text)
                together.setdefault(key, []).append(node)
        for alike in together.values():
            for nodes in self.together(subject, alike, at=lambda node: node.key.span):
                yield self._report(subject, nodes)

    def _report(self, subject: Subject, nodes: list[_Node]) -> Finding:
        first = nodes[0]
        names = listing(sorted(first.grant.gate(COGNITO).groups), conjunction="or")
        writes = subject.schema.operation_of(first.key.owner.partition(".")[0]) == "mutation"
        return self.finding(
            first.key,
            f"anybody who has the API key gets {listing(node.key.owner for node in nodes)} without being in {names}: "
            "AppSync lets in whoever satisfies one of the directives",
            label="admits everybody who has the key",
            related=[
                Label(first.groups.span, "keeps nobody out"),
                *(Label(node.key.span, "likewise") for node in nodes[1 : SHOWN + 1]),
            ],
            help=f"remove @aws_api_key: {' '.join(map(short, first.others))} stays",
            causes=[f"directive:{node.key.owner}@{node.key.name}" for node in nodes],
            severity=Severity.ERROR if writes else Severity.WARNING,
        )


class _Node(NamedTuple):
    """A field or type that admits the API key and some groups: the two directives, and all but the key's."""

    key: Directive
    groups: Directive
    others: tuple[Directive, ...]
    grant: Grant


def _node(subject: Subject, key: Directive) -> _Node | None:
    """Return what a directive for the API key stands on, if groups are all that it otherwise admits of a user pool."""
    if not on_object(subject, key):
        return None
    schema, model = subject.schema, subject.model
    field = schema.field(key.owner)
    if field is not None:
        grant, directives = model.grant(field), field.directives
    else:
        definition = schema.types[key.owner]
        grant, directives = model.undirected(definition), model.counted(definition)
        if not any(model.grant(item).origin == "type" for item in definition.fields.values()):
            return None
    gate = grant.gate(COGNITO)
    if key not in directives or not grant.gate(_KEY).everybody or gate.everybody or not gate.groups:
        return None
    others = tuple(item for item in model.enforced(directives) if item.name != key.name)
    groups = next(item for item in others if item.name == COGNITO.directive)
    return _Node(key, groups, others, grant)
