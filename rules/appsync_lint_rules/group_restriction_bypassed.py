"""Each query for a type is for some groups, and another query leads to it all the same.

## What it does

Reports an object type whose every direct query is restricted to groups, but which every user of the pool gets to
through a field of another type, and whose own fields admit him.

## Why it matters

A directive on a query decides about that query, not about the type that it returns. Any other field that returns the
type is another way in, and AppSync asks nobody there for the groups.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  invoice(id: ID!): Invoice @aws_cognito_user_pools(cognito_groups: ["Finance"])
  orders: [Order]
}
type Order {
  id: ID!
  invoice: Invoice
# ^^^^^^^
}
type Invoice {
  total: Int
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
  invoice(id: ID!): Invoice @aws_cognito_user_pools(cognito_groups: ["Finance"])
  orders: [Order]
}
type Order {
  id: ID!
  invoice: Invoice
}
type Invoice @aws_cognito_user_pools(cognito_groups: ["Finance"]) {
  total: Int
}
```

## Limits

The other way may lead to the user's own objects only, which its resolver knows and the schema does not: the confidence
is low. Where a query returns the type directly to every user nothing is reported, nor where one has to pass a field
whose own directive admits every user.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Caller, Field, Finding, Label, Rule, Severity, Subject, listing

from ._consequence import COGNITO, pools_directive
from ._coverage import SHOWN, is_page


class GroupRestrictionBypassed(Rule):
    name = "group-restriction-bypassed"
    severity = Severity.WARNING
    confidence = "low"
    security_severity = 5.9
    cwe = (863,)
    since = "0.1.0"
    facts = ("2.5", "2.6", "3.12")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        if COGNITO not in subject.api.modes:
            return
        reach = model.reach("query")
        user = Caller(COGNITO)
        plain = model.mask([user])
        told: set[str] = set()
        for name, returned in self._restricted(subject, plain).items():
            definition = subject.schema.types[name]
            fields = definition.fields.values()
            if not reach.certain(name) & plain or not any(model.allowed(field) & plain for field in fields):
                continue
            path = reach.path(name, user)
            # What lies behind a type that has been told of is open for the same reason.
            if len(path) < 2 or any(field.parent in told for field in path):
                continue
            if any(model.grant(field).origin == "field" for field in path[1:]):
                continue
            told.add(name)
            queries = [field for field in _queries(subject) if field.type_name in returned]
            yield self._report(subject, name, queries, path)

    def _restricted(self, subject: Subject, plain: int) -> dict[str, list[str]]:
        """Return the types with what the queries for them return, where groups restrict some and none is for everybody.

        Thousands of queries may return one interface of thousands of types, so they are looked at by what they return.
        """
        model = subject.model
        allowed: dict[str, int] = {}
        possible: dict[str, int] = {}
        for field in _queries(subject):
            target = field.type_name
            allowed[target] = allowed.get(target, 0) | model.allowed(field)
            possible[target] = possible.get(target, 0) | model.possible(field)
        direct: dict[str, list[str]] = {}
        for target in allowed:
            for name in _delivered(subject, target):
                direct.setdefault(name, []).append(target)
        pool = model.members(COGNITO)
        return {
            name: targets
            for name, targets in direct.items()
            if not any(possible[target] & plain for target in targets)
            and any(allowed[target] & pool for target in targets)
        }

    def _report(self, subject: Subject, name: str, queries: list[Field], path: tuple[Field, ...]) -> Finding:
        model = subject.model
        groups = tuple(sorted({group for field in queries for group in model.grant(field).gate(COGNITO).groups}))
        last = path[-1]
        way = " and ".join(field.coordinate for field in path) if len(path) == 2 else f"{path[0].coordinate} ... {last}"
        single = model.is_multi is False
        return self.finding(
            last,
            f"every signed-in Cognito user gets to {name} through {way}, while the queries for it are for "
            f"{listing(groups, conjunction='or')}: {listing(field.coordinate for field in queries)}",
            label=f"another way to {name}",
            related=[Label(field.span, "restricted to groups") for field in queries[:SHOWN]],
            flow=[Label(field.span, f"leads to {field.type_name}") for field in path],
            help="restrict the query that leads here too: with a user pool alone, directives count on root fields only"
            if single
            else f"write type {name} {pools_directive(groups)}, with the directives of the other modes that are to "
            "have it",
            subject=name,
        )


def _queries(subject: Subject) -> tuple[Field, ...]:
    """Return the queries for objects."""
    root = subject.schema.root("query")
    return subject.schema.links(root.name) if root is not None else ()


def _delivered(subject: Subject, target: str) -> list[str]:
    """Return the object types that a query for a type is for: those that it can be, or what such a page holds."""
    schema = subject.schema
    found: list[str] = []
    waiting = list(schema.possible_types(target))
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        if not is_page(schema.types[name]):
            found.append(name)
            continue
        for inner in schema.links(name):
            for held in schema.possible_types(inner.type_name):
                if held not in seen:
                    seen.add(held)
                    waiting.append(held)
    return found
