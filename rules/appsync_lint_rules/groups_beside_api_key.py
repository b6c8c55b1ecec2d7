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

If the key never leaves a back end it is a password, and the directive may stay: say so with an ignore comment.
`@aws_iam` beside groups is not reported: IAM callers need credentials and a policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Field, Finding, Label, Mode, Rule, Severity, Subject, listing

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
        together: dict[tuple[str, str], list[tuple[Directive, Directive]]] = {}
        for directive in subject.schema.applied(_KEY.directive):
            groups = self._restriction(subject, directive)
            if groups is not None:
                key = (directive.owner.partition(".")[0], groups.text)
                together.setdefault(key, []).append((directive, groups))
        for places in together.values():
            yield self._report(subject, places)

    def _restriction(self, subject: Subject, directive: Directive) -> Directive | None:
        """Return the directive beside one for the API key that names groups, if that is all the pool's users have."""
        if not on_object(subject, directive):
            return None
        schema, model = subject.schema, subject.model
        field = schema.field(directive.owner)
        definition = schema.types[directive.owner.partition(".")[0]]
        grant = model.grant(field) if isinstance(field, Field) else model.undirected(definition)
        on_node = field.directives if field is not None else model.counted(definition)
        gate = grant.gate(COGNITO)
        if directive not in on_node or not grant.gate(_KEY).everybody or gate.everybody or not gate.groups:
            return None
        return next((item for item in on_node if item.name == COGNITO.directive), None)

    def _report(self, subject: Subject, places: list[tuple[Directive, Directive]]) -> Finding:
        first, groups = places[0]
        owners = [directive.owner for directive, _ in places]
        grant_of = subject.schema.field(first.owner)
        definition = subject.schema.types[first.owner.partition(".")[0]]
        grant = subject.model.grant(grant_of) if grant_of is not None else subject.model.undirected(definition)
        names = listing(sorted(grant.gate(COGNITO).groups), conjunction="or")
        return self.finding(
            first,
            f"anybody who has the API key gets {listing(owners)} without being in {names}: "
            "AppSync lets in whoever satisfies one of the directives",
            label="admits everybody who has the key",
            related=[
                Label(groups.span, "keeps nobody out"),
                *(Label(item.span, "likewise") for item, _ in places[1 : SHOWN + 1]),
            ],
            help=f"remove @aws_api_key: {short(groups)} stays",
            causes=[f"directive:{directive.owner}@{directive.name}" for directive, _ in places],
        )
