"""The API key has expired, is refused at deployment, or ends sooner than its users expect.

## What it does

Reports an API key whose time is over or longer than the 365 days that AppSync takes as an error, and a key without
any time as information: it ends 7 days after it was made.

## Why it matters

When a key expires, every caller who uses it is refused with a 401 from one second to the next, and nothing in the
deployment has changed. A key without `Expires` works in the first week of a project and then takes the clients down.

## Bad

```yaml
authenticationType: API_KEY
apiKeys:
  - id: web
    expires: 2021-03-01T00:00:00Z
#            ^^^^^^^^^^^^^^^^^^^^
```

```graphql
type Query {
  news: [String]
}
```

## Good

```yaml
authenticationType: API_KEY
apiKeys:
  - id: web
    expires: 2121-03-01T00:00:00Z
```

```graphql
type Query {
  news: [String]
}
```

## Limits

A date is compared with today's, so the same files can give another answer tomorrow. A date more than 365 days ahead
is right for a key that is renewed in place each year, so only times that count from the deployment are held against
the limit. What somebody changed in the console is not seen.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place

if TYPE_CHECKING:
    from appsync_lint.plugin import ApiKey

LONGEST_DAYS = 365


class ApiKeyExpiry(Rule):
    name = "api-key-expiry"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("4.8", "8.6")

    def check(self, subject: Subject) -> Iterator[Finding]:
        # A key of an API that takes none opens nothing, and nobody misses it.
        if Mode.API_KEY not in subject.api.modes:
            return
        for index, key in enumerate(subject.api.settings.api_keys):
            told = self._told(key)
            if told is not None:
                message, label, severity = told
                yield self.finding(
                    first_place(subject, key.span),
                    message,
                    label=label,
                    coordinate="",
                    subject=key.name or str(index),
                    help=f"write when the key is to end, {LONGEST_DAYS} days later at most, and renew it in time",
                    causes=("api:key-expiry",),
                    severity=severity,
                )

    def _told(self, key: ApiKey) -> tuple[str, str, Severity] | None:
        name = f"the API key {key.name}" if key.name else "the API key"
        if isinstance(key.expires, int):
            from time import time

            if key.expires > time():
                return None
            day = _day(key.expires)
            return f"{name} expired on {day}: AppSync refuses everybody who calls with it", "expired", Severity.ERROR
        if isinstance(key.lifetime_days, int):
            days = key.lifetime_days
            if 1 <= days <= LONGEST_DAYS:
                return None
            return f"AppSync refuses a key of {days} days: it takes 1 to {LONGEST_DAYS}", "out of range", Severity.ERROR
        if key.expires is None and key.lifetime_days is None:
            message = f"{name} says no time, so AppSync refuses everybody who calls with it 7 days after it is made"
            return message, "ends after 7 days", Severity.INFO
        return None


def _day(seconds: int) -> str:
    from datetime import datetime, timezone

    try:
        return datetime.fromtimestamp(seconds, timezone.utc).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return f"second {seconds} of 1970"
