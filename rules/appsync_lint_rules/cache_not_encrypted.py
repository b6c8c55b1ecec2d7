"""The API's cache holds answers unencrypted.

## What it does

Reports an API cache whose encryption, at rest or in transit, is turned off.

## Why it matters

The cache holds what resolvers answered, for all users. Both settings can only be made when the cache is created.

## Bad

```yaml
authenticationType: AWS_IAM
apiCache:
#^^^^^^^
  ttl: 60
  apiCachingBehavior: PER_RESOLVER_CACHING
  atRestEncryptionEnabled: false
  transitEncryptionEnabled: false
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: AWS_IAM
apiCache:
  ttl: 60
  apiCachingBehavior: PER_RESOLVER_CACHING
  atRestEncryptionEnabled: true
  transitEncryptionEnabled: true
```

```graphql
type Query {
  me: String
}
```

## Limits

Newer caches are encrypted at rest whatever is written. A setting that is not written is not reported.

## References

- [Caching](https://docs.aws.amazon.com/appsync/latest/devguide/enabling-caching.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, listing

from ._places import first_place


class CacheNotEncrypted(Rule):
    name = "cache-not-encrypted"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 3.1
    cwe = (311,)
    since = "0.1.0"
    facts = ("8.8",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        cache = subject.api.settings.cache
        if cache is None or cache.behaviour == "NONE":
            return
        off = [
            where
            for where, encrypted in (("at rest", cache.encrypted_at_rest), ("in transit", cache.encrypted_in_transit))
            if encrypted is False
        ]
        if off:
            yield self.finding(
                first_place(subject, cache.span),
                f"the cache of this API holds answers that are not encrypted {listing(off)}",
                label="not encrypted",
                coordinate="",
                help="turn both encryptions on; an existing cache must be made anew",
                causes=("api:cache",),
            )
