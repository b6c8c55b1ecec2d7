"""The API logs nothing, so nobody can tell later who called what.

## What it does

Reports an API without a `logConfig`, or with the level `NONE`.

## Why it matters

AppSync writes no request log at all unless it is told to. After an incident there is then no record of which
operations were called.

## Bad

```yaml
authenticationType: AWS_IAM
logConfig:
#^^^^^^^^
  fieldLogLevel: NONE
  cloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: AWS_IAM
logConfig:
  fieldLogLevel: ERROR
  cloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
```

```graphql
type Query {
  me: String
}
```

## Limits

Whether requests must be logged is the owner's to say. Reported only where the description says so, or is one in
which leaving it out means that.

## References

- [Monitoring and logging](https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject

from ._places import first_place


class RequestsNotLogged(Rule):
    name = "requests-not-logged"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 2.0
    cwe = (778,)
    since = "0.1.0"
    enabled = False
    pedantic = True
    facts = ("8.7",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        settings = subject.api.settings
        logging = settings.logging
        if logging.level != "NONE" if logging is not None else not settings.whole:
            return
        yield self.finding(
            first_place(subject, logging.span if logging else None),
            "AppSync keeps no log of this API's requests: later nobody can tell who called what",
            label="logs nothing",
            coordinate="",
            help="configure logging with the level ERROR and excludeVerboseContent: true",
            causes=("api:logging",),
        )
