"""The request log holds what callers send and what they are given.

## What it does

Reports a log level that records every request (`ALL`, `INFO`, `DEBUG`) without `excludeVerboseContent: true`.

## Why it matters

At these levels AppSync writes the request's headers and each resolver's context, and with it what callers sent and
were given. Whoever may read the log group then reads the data of all users, without any directive applying.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
logConfig:
#^^^^^^^^
  fieldLogLevel: ALL
  cloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
logConfig:
  fieldLogLevel: ALL
  excludeVerboseContent: true
  cloudWatchLogsRoleArn: arn:aws:iam::111122223333:role/logs
```

```graphql
type Query {
  me: String
}
```

## Limits

Who may read the log group is not seen. In an account for development this may be just what is wanted. AppSync cuts
the `authorization` header short in its own log lines, so the callers' tokens are not what is at stake.

## References

- [Monitoring and logging](https://docs.aws.amazon.com/appsync/latest/devguide/monitoring.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject

from ._places import first_place

_VERBOSE = ("ALL", "INFO", "DEBUG")


class LogHoldsRequestData(Rule):
    name = "log-holds-request-data"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 3.3
    cwe = (532,)
    since = "0.1.0"
    facts = ("8.7",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        logging = subject.api.settings.logging
        if logging is None or logging.level not in _VERBOSE:
            return
        if logging.excludes_verbose not in (None, False):
            return
        tool = subject.api.tool
        unwritten = logging.span is None and tool is not None and tool.name == "SAM"
        own = ", which SAM takes when none is written," if unwritten else ""
        yield self.finding(
            first_place(subject, logging.span),
            f"AppSync writes what callers send and are given to the log: the level is {logging.level}{own} and "
            "excludeVerboseContent is not set",
            label="logs every request's data",
            coordinate="",
            help="set excludeVerboseContent to true, or the level to ERROR",
            causes=("api:logging",),
        )
