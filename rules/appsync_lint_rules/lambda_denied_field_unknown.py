"""An entry of deniedFields names no field of the schema, so it denies nothing.

## What it does

Holds every entry of the authorizer's `deniedFields` against the schema, and reports those that name a type or a field
which does not exist, hold a wildcard, or have neither of the two forms that AppSync reads.

## Why it matters

AppSync reads `Type.field` and the field's ARN, exactly as the schema spells them, and says nothing about an entry that
fits no field. The field that somebody meant to hide stays readable for every token.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  user: User
}

type User {
  name: String
  salary: Int
}
```

```python
from tokens import is_member


def handler(event, context):
    member = is_member(event["authorizationToken"]) is True
    return {"isAuthorized": member, "deniedFields": ["user.salary"]}
    #                                                ^^^^^^^^^^^^^
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 0
```

```graphql
type Query {
  user: User
}

type User {
  name: String
  salary: Int
}
```

```python
from tokens import is_member


def handler(event, context):
    member = is_member(event["authorizationToken"]) is True
    return {"isAuthorized": member, "deniedFields": ["User.salary"]}
```

## Limits

Entries that the function puts together while it runs are checked as far as their text is constant. Of an ARN, only the
type and the field are checked. Where the schema at hand is not the deployed one, neither is the answer.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import Finding, Severity, Subject, nearest

from ._authorizers import AuthorizerRule, Case, shortened
from ._denied_fields import OPEN, Named, entries, is_broken_arn, named

if TYPE_CHECKING:
    from appsync_lint.plugin import DeniedField

_FORMS = "write Type.field, once for each field"


class LambdaDeniedFieldUnknown(AuthorizerRule):
    name = "lambda-denied-field-unknown"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 7.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("5.3", "5.4")

    def judge(self, case: Case) -> Iterator[Finding]:
        for entry in entries(case.analysis):
            found = named(entry)
            if "*" in entry.text:
                yield self._denies_nothing(
                    entry, "AppSync knows no wildcards", "wildcard", _FORMS, "no field is called so"
                )
            elif found is None:
                if OPEN not in entry.text or is_broken_arn(entry):
                    yield self._denies_nothing(
                        entry,
                        "it is neither Type.field nor a field's ARN",
                        "shape",
                        _form(case.subject, entry),
                        "no field",
                    )
            elif found.type is not None:
                yield from self._unknown(case.subject, found)

    def _unknown(self, subject: Subject, found: Named) -> Iterator[Finding]:
        entry, types = found.entry, subject.schema.types
        assert found.type is not None
        owner = types.get(found.type)
        if owner is None:
            meant = _meant(found.type, list(types))
            place = f"the schema has no type {shortened(found.type)}"
            yield self._denies_nothing(entry, place, "unknown", _hint(meant, found.field), "no such type")
        elif found.field is not None and not found.field.startswith("__") and found.field not in owner.fields:
            meant = _meant(found.field, list(owner.fields))
            place = f"{owner.name} has no field {shortened(found.field)}"
            yield self._denies_nothing(
                entry, place, "unknown", _hint(owner.name, meant) if meant else "", "no such field"
            )

    def _denies_nothing(self, entry: DeniedField, why: str, kind: str, help: str, label: str) -> Finding:
        return self.finding(
            entry.span,
            f"{why}, so {shortened(entry.text)!r} in deniedFields denies nothing, and what was meant stays readable",
            label=label,
            help=help or "name a field that the schema has, spelt as there, or take the entry out",
            subject=f"{kind} {shortened(entry.text)}",
        )


def _meant(name: str, known: list[str]) -> str | None:
    same = next((item for item in known if item.lower() == name.lower()), None)
    return same or nearest(name, known)


def _hint(owner: str | None, field: str | None) -> str:
    return f"did you mean {owner}.{field}?" if owner and field else f"did you mean {owner}?" if owner else ""


def _form(subject: Subject, entry: DeniedField) -> str:
    """Say how an entry of the wrong form must be written, where the schema tells."""
    words = [word for word in entry.text.replace("/", ".").replace(":", ".").split(".") if word]
    if len(words) >= 2:
        owner = _meant(words[-2], list(subject.schema.types))
        fields = subject.schema.types[owner].fields if owner else {}
        if owner and words[-1] in fields:
            return f"write {owner}.{words[-1]}"
    return _FORMS
