"""Answers that a resolver caches for one user are served to others.

## What it does

Reports a resolver whose caching keys hold nothing of the caller's identity, on a field that callers with an identity
may call.

## Why it matters

Left alone, AppSync caches by the field's arguments and the caller's identity. Caching keys replace both: with
`$context.arguments.id` alone, what the first user was given is what the next one gets who asks for the same id,
whatever the resolver would have checked.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
resolvers:
  - typeName: Query
    fieldName: order
    kind: UNIT
    cachingConfig: {ttl: 300, cachingKeys: [$context.arguments.id]}
#   ^^^^^^^^^^^^^
```

```graphql
type Query {
  order(id: ID!): String
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
resolvers:
  - typeName: Query
    fieldName: order
    kind: UNIT
    cachingConfig: {ttl: 300, cachingKeys: [$context.identity.sub, $context.arguments.id]}
```

```graphql
type Query {
  order(id: ID!): String
}
```

## Limits

Data that is the same for everybody is right to be cached for everybody: ignore the finding there, with that as the
reason. Where all of the resolver's code is at hand, looks at no caller and hands none on, nothing is reported: what
it answers cannot differ.

## References

- [Caching](https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject, Unresolved

from ._places import first_place

if TYPE_CHECKING:
    from appsync_lint.plugin import Resolver

#: Callers of these modes are all the same.
_NOBODY = frozenset((Mode.API_KEY,))


class CacheKeyWithoutIdentity(Rule):
    name = "cache-key-without-identity"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 6.5
    cwe = (524,)
    since = "0.1.0"
    facts = ("8.9",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for resolver in subject.api.settings.resolvers:
            if self._is_shared(resolver) and self._has_identity(subject, resolver) and not _blind(subject, resolver):
                yield self.finding(
                    first_place(subject, resolver.caching_span, resolver.span),
                    f"what one user was given of {resolver.coordinate} is served to the next who asks alike: "
                    "its caching keys hold nothing of the caller",
                    label="no $context.identity",
                    coordinate=resolver.coordinate,
                    help="add $context.identity.sub (or what tells the callers apart) to the caching keys, "
                    "or ignore this finding if the answer is the same for everybody",
                    causes=(f"api:caching-keys:{resolver.coordinate}",),
                )

    def _is_shared(self, resolver: Resolver) -> bool:
        keys = resolver.caching_keys
        if not keys or any(isinstance(key, Unresolved) for key in keys):
            return False
        return not any("identity" in str(key) for key in keys)

    def _has_identity(self, subject: Subject, resolver: Resolver) -> bool:
        """Whether callers who differ from each other may call the field."""
        owner = subject.schema.types.get(resolver.type_name)
        field = owner.fields.get(resolver.field_name) if owner is not None else None
        if field is None:
            return False
        modes = subject.model.modes_in(subject.model.allowed(field))
        return any(mode not in _NOBODY for mode in modes)


def _blind(subject: Subject, resolver: Resolver) -> bool:
    """Whether nothing of the caller goes into the resolver's answer: its code is at hand, and looks at none."""
    use = subject.resolvers.get(resolver.coordinate)
    return use is not None and use.whole and use.identity is None
