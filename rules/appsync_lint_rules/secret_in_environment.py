"""A secret stands in the API's environment variables.

## What it does

Reports an environment variable of the API whose name is that of a secret and whose value is written out.

## Why it matters

The variables are plain text. Everybody who may read the API's configuration reads them, and so does everybody who
reads this file.

## Bad

```yaml
authenticationType: AWS_IAM
environmentVariables:
  DB_PASSWORD: hunter2-hunter2
#              ^^^^^^^^^^^^^^^
```

```graphql
type Query {
  me: String
}
```

## Good

```yaml
authenticationType: AWS_IAM
environmentVariables:
  DB_SECRET_ARN: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db
```

```graphql
type Query {
  me: String
}
```

## Limits

Judged by the name: a password under an innocent name is missed, and a word such as `token` in the name of something
harmless is reported. Values that only deployment knows, ARNs, addresses, numbers and empty values are left alone.

## References

- [Environment variables](https://docs.aws.amazon.com/appsync/latest/devguide/environment-variables.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from re import IGNORECASE, match, search
from re import sub as substitute

from appsync_lint.plugin import Finding, Rule, Severity, Subject

from ._places import first_place

_TELLING = r"(?:^|_)(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)$"
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])"
_HARMLESS = r"arn:|https?://|[0-9.]*$|true$|false$|/|\$\{"


class SecretInEnvironment(Rule):
    name = "secret-in-environment"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.5
    cwe = (312, 526)
    since = "0.1.0"
    facts = ("8.10",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        for variable in subject.api.settings.environment:
            name = _words(variable.name)
            if (
                not isinstance(variable.value, str)
                or not search(_TELLING, name, IGNORECASE)
                or match(_HARMLESS, variable.value, IGNORECASE)
            ):
                continue
            yield self.finding(
                first_place(subject, variable.span),
                f"everybody who may read this API's configuration reads the value of {variable.name}",
                label="plain text",
                coordinate="",
                subject=variable.name,
                help="keep it in Secrets Manager or the parameter store, and write its ARN here",
                causes=(f"api:environment:{variable.name}",),
            )


def _words(name: str) -> str:
    """Return a name in the form of environment variables, its words parted by underscores."""
    return substitute(_HUMP, "_", name)
