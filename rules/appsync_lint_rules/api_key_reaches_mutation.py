"""Anybody who has the API key may call a mutation.

## What it does

Reports mutations that the mode API_KEY is admitted to: because a directive says so, or because API_KEY is the default
mode and no directive says otherwise. Mutations that one cause opens share one finding.

## Why it matters

An API key is no secret. It is sent with every request of every client, so it stands in the page or the app, and
whoever reads it there writes your data under no name. AppSync does not even need a client without a token: a request
that carries both a key and a token counts as the key's.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  posts: [ID] @aws_api_key @aws_cognito_user_pools
}
type Mutation {
  deletePost(id: ID!): ID
# ^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  posts: [ID] @aws_api_key @aws_cognito_user_pools
}
type Mutation {
  deletePost(id: ID!): ID @aws_cognito_user_pools
}
```

## Limits

Some mutations are for everybody: a contact form, a vote, a sign-up. Say so with an ignore comment and the reason. In
an API that has no other mode the finding is a warning, since the schema cannot do better.
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Field, Finding, Label, Mode, Rule, Severity, Subject, count, listing
from appsync_lint_rules._coverage import SHOWN, default_label, mistaken

_SIGN_IN = (Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT)


class ApiKeyReachesMutation(Rule):
    name = "api-key-reaches-mutation"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 7.5
    cwe = (306, 862)
    since = "0.1.0"
    facts = ("4.2", "4.8", "2.1")
    yields_to = ("aws-auth-ignored", "unknown-auth-directive", "groups-beside-api-key")

    def check(self, subject: Subject) -> Iterator[Finding]:
        root = subject.schema.root("mutation")
        model = subject.model
        if root is None or Mode.API_KEY not in subject.api.modes:
            return
        key = model.mask(model.callers_of(Mode.API_KEY))
        by_default: list[Field] = []
        by_type: list[Field] = []
        for field in root.fields.values():
            if not model.allowed(field) & key:
                continue
            origin = model.grant(field).origin
            if origin == "field":
                yield self._report(subject, [field], _naming(subject, field))
            elif origin == "type":
                by_type.append(field)
            else:
                by_default.append(field)
        for group in self.together(subject, by_type):
            yield self._report(subject, group, _naming(subject, group[0]))
        # A directive that does not count is a mistake of its own, told for each field that carries one.
        alone = [field for field in by_default if mistaken(field)]
        for group in (
            *self.together(subject, [field for field in by_default if field not in alone]),
            *([field] for field in alone),
        ):
            yield self._report(subject, group, None)

    def _report(self, subject: Subject, fields: list[Field], directive: Directive | None) -> Finding:
        api = subject.api
        single = subject.model.is_multi is False
        names = listing(field.coordinate for field in fields)
        others = [mode for mode in api.modes if mode is not Mode.API_KEY]
        wanted = " ".join(f"@{mode.directive}" for mode in others)
        related = [Label(field.span, "likewise") for field in fields[1 : SHOWN + 1]]
        if directive is None:
            label = "no directive, so the default mode API_KEY decides"
            refused = [mode.who for mode in others if mode in _SIGN_IN]
            message = f"anybody who has the API key may call {names}"
            message += f"; {listing(refused)} may not" if refused else ""
            related += default_label(subject)
        else:
            label = "admits the API key"
            message = f"anybody who has the API key may call {names}"
            if len(fields) > 1:
                message = f"anybody who has the API key may call {count(len(fields), 'mutation')}: {names}"
        rest = _beside(subject, fields[0]) if directive is not None else ""
        if rest and directive is not None and directive.place == "OBJECT":
            help_text = f"write {rest} on each mutation that is not for everybody, or remove @aws_api_key from the type"
        elif rest:
            help_text = f"remove @aws_api_key if it is not for everybody: {rest} stays"
        elif others:
            help_text = f"write {wanted} (those meant, without @aws_api_key) on each mutation that is not for everybody"
        else:
            help_text = "add a mode for people who sign in, or for IAM callers, and name it on each mutation"
        at_type = directive is not None and directive.place == "OBJECT" and not self.apart(subject, fields[0].span)
        return self.finding(
            directive if directive is not None and (at_type or directive.place != "OBJECT") else fields[0],
            message,
            label=label,
            related=related,
            help=help_text,
            coordinate=directive.owner if directive is not None and at_type else fields[0].coordinate,
            causes=[
                *(f"root-default:{field.coordinate}" for field in fields if directive is None),
                *([f"directive:{directive.owner}@{directive.name}"] if directive is not None else []),
                *(f"directive:{item.owner}@{item.name}" for field in fields for item in field.directives),
            ],
            severity=Severity.WARNING if single else Severity.ERROR,
        )


def _beside(subject: Subject, field: Field) -> str:
    """Return the directives that admit somebody beside the API key, as they are written: their groups stay."""
    others = [item for item in subject.model.deciding(field) if Mode.of_directive(item.name) in subject.api.modes]
    return " ".join(item.text for item in others if item.name != Mode.API_KEY.directive)


def _naming(subject: Subject, field: Field) -> Directive | None:
    deciding = subject.model.deciding(field)
    return next((item for item in deciding if item.name == Mode.API_KEY.directive), None)
