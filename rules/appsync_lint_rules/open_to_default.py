"""A field that sounds like administration is open to every signed-in user.

## What it does

Reports queries and mutations without a directive, in an API whose default mode is a Cognito user pool or OpenID
Connect and whose schema does restrict other operations to groups, when the field's name speaks of administration
(`admin...`, `purge...`, `setRole` ...), or when it is the only mutation left open among several restricted ones.

## Why it matters

A field without a directive admits the default mode: with a user pool, everybody who can sign up. Beside operations
that groups restrict, such a field has most likely been forgotten, and forgetting is silent.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  users: [ID] @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
type Mutation {
  setUserRole(id: ID!, role: String!): ID
# ^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  users: [ID] @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
type Mutation {
  setUserRole(id: ID!, role: String!): ID @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

The name is a guess, and a resolver may check the user. An API that uses no groups at all is never reported. Write
`@aws_cognito_user_pools` on a field that is meant for every user (or `@aws_auth` where the user pool is the only mode).

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex

from appsync_lint.plugin import Field, Finding, Mode, Rule, Severity, Subject
from appsync_lint_rules._coverage import default_label

_SENSITIVE = r"(?i)^(admin|purge|wipe|grant|revoke|ban|unban|impersonate|(set|change|assign|update).*role)"
_BROAD = (Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT)


class OpenToDefault(Rule):
    name = "open-to-default"
    severity = Severity.WARNING
    confidence = "low"
    security_severity = 6.5
    cwe = (862,)
    since = "0.1.0"
    facts = ("2.1", "3.1")
    yields_to = ("aws-auth-ignored", "unknown-auth-directive", "user-pools-directive-ignored")

    def check(self, subject: Subject) -> Iterator[Finding]:
        mode = subject.api.default_mode
        if mode not in _BROAD:
            return
        roots = [root for root in (subject.schema.root("query"), subject.schema.root("mutation")) if root]
        fields = [field for root in roots for field in root.fields.values()]
        restricted = [field for field in fields if _by_groups(subject, field)]
        if not restricted:
            return
        writing = {root.name for root in roots if subject.schema.operation_of(root.name) == "mutation"}
        mutations = [field for field in fields if field.parent in writing]
        left = [field for field in mutations if self._open(subject, field, mode)]
        lone = len(left) == 1 and len([field for field in mutations if _by_groups(subject, field)]) >= 3
        is_sensitive = regex(_SENSITIVE).match
        for field in fields:
            if (is_sensitive(field.name) or (lone and field in left)) and self._open(subject, field, mode):
                yield self._report(subject, field, mode, restricted[0])

    def _open(self, subject: Subject, field: Field, mode: Mode) -> bool:
        grant = subject.model.grant(field)
        return grant.origin in ("default", "action") and grant.gate(mode).everybody

    def _report(self, subject: Subject, field: Field, mode: Mode, sibling: Field) -> Finding:
        directive = "aws_auth" if subject.model.is_multi is False else mode.directive
        is_pool = mode is Mode.AMAZON_COGNITO_USER_POOLS
        wanted = f'@{directive}(cognito_groups: ["..."])' if is_pool else "the directives of the modes that may call it"
        return self.finding(
            field,
            f"every one of the {mode.who} may call {field.coordinate}, while {sibling.coordinate} is for a group only",
            label="no directive, so the default mode decides",
            related=default_label(subject),
            help=f"write {wanted}, or @{directive} alone to say that it is for everybody",
            causes=[
                f"root-default:{field.coordinate}",
                *(f"directive:{item.owner}@{item.name}" for item in field.directives),
            ],
        )


def _by_groups(subject: Subject, field: Field) -> bool:
    gate = subject.model.grant(field).gate(Mode.AMAZON_COGNITO_USER_POOLS)
    return bool(gate.groups) and not gate.everybody
