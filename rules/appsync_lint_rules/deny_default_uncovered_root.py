"""Under defaultAction DENY nobody may call a root field that has no @aws_auth.

## What it does

On an API whose only mode is a Cognito user pool with `defaultAction: DENY`, reports for each root type the fields that
carry no `@aws_auth`.

## Why it matters

With `DENY` AppSync refuses every root field that `@aws_auth` does not open, subscriptions included. The schema deploys;
the field answers "Not Authorized" to everybody.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: DENY}
```

```graphql
type Query {
  me: ID @aws_auth
}
type Mutation {
#    ^^^^^^^^
  rename(name: String!): ID
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: DENY}
```

```graphql
type Query {
  me: ID @aws_auth
}
type Mutation {
  rename(name: String!): ID @aws_auth(cognito_groups: ["Editors"])
}
```

## Limits

Measured for queries; for mutations and subscriptions it is concluded, so their confidence is medium. A field that is
meant to be closed is reported too. A field whose directive does not count (`user-pools-directive-ignored`) or does not
exist (`unknown-auth-directive`) is left to that rule. `@aws_auth` on the root type itself: nobody has measured whether
it opens the fields, so nothing is said.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Rule, Severity, Subject, TypeDefinition, count, listing

from ._consequence import COGNITO, POOLS
from ._names import looks_like_auth


class DenyDefaultUncoveredRoot(Rule):
    name = "deny-default-uncovered-root"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("3.8", "3.1")

    def check(self, subject: Subject) -> Iterator[Finding]:
        api, model = subject.api, subject.model
        if model.is_multi is not False or api.default_mode is not COGNITO or api.default_action != "DENY":
            return
        for operation in subject.schema.roots:
            root = subject.schema.root(operation)
            if root is None or any(_speaks_elsewhere(item.name) for item in root.directives):
                continue
            closed = [field for field in root.fields.values() if self._is_closed(subject, field)]
            for fields in self.together(subject, closed):
                yield self._finding(subject, root, fields, measured=operation == "query")

    def _is_closed(self, subject: Subject, field: Field) -> bool:
        grant = subject.model.grant(field)
        elsewhere = any(_speaks_elsewhere(item.name) for item in field.directives)
        return grant.origin == "action" and not grant.gate(COGNITO).everybody and not elsewhere

    def _finding(self, subject: Subject, root: TypeDefinition, closed: list[Field], *, measured: bool) -> Finding:
        pool = subject.api.default.user_pool
        span = pool.default_action_span if pool is not None else None
        related = [Label(field.span, "has no @aws_auth") for field in closed[:3]]
        if span is not None:
            related.append(Label(span, "refuses what has no @aws_auth"))
        what = listing(field.coordinate for field in closed)
        number = count(len(closed), "field")
        return self.finding(
            closed[0] if self.apart(subject, closed[0].span) else root,
            f"the pool's defaultAction DENY closes {what} to every caller: {number} of {root.name} "
            f"{'has' if len(closed) == 1 else 'have'} no @aws_auth",
            label=f"{number} that nobody may call",
            related=related,
            help="write @aws_auth on each for every user of the pool, or @aws_auth(cognito_groups: [...]) for some "
            "groups",
            causes=[f"root-default:{field.coordinate}" for field in closed]
            + [f"field:{field.coordinate}" for field in closed],
            confidence=None if measured else "medium",
        )


def _speaks_elsewhere(directive: str) -> bool:
    return directive == POOLS or looks_like_auth(directive)
