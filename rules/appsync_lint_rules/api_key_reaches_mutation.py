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

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Field, Finding, Label, Mode, Rule, Severity, Subject, listing
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
        key = model.members(Mode.API_KEY)
        # What opens a mutation, and what stands beside it, decide what is to be written instead.
        alike: dict[tuple[str, str], list[Field]] = {}
        alone: list[Field] = []
        for field in root.fields.values():
            if not model.allowed(field) & key:
                continue
            origin = model.grant(field).origin
            # A directive that does not count is a mistake of its own, told for each field that carries one.
            if mistaken(field):
                alone.append(field)
            else:
                beside = _beside(subject, field) if origin == "field" else ""
                alike.setdefault((origin, beside), []).append(field)
        for fields in alike.values():
            for group in self.together(subject, fields, at=lambda field: self._place(subject, field).span):
                yield self._report(subject, group)
        for field in alone:
            yield self._report(subject, [field], alone=True)

    def _place(self, subject: Subject, field: Field) -> Directive | Field:
        """Return where a mutation alone is reported: at the directive that opens it, unless its type has that."""
        directive = _naming(subject, field)
        return directive if directive is not None and directive.place == "FIELD_DEFINITION" else field

    def _report(self, subject: Subject, fields: list[Field], *, alone: bool = False) -> Finding:
        api = subject.api
        single = subject.model.is_multi is False
        first = fields[0]
        directive = _naming(subject, first)
        place: Directive | Field = self._place(subject, first)
        # An ignore comment on a field is about the field, even where its type's directive opens it.
        if directive is not None and not alone and not self.apart(subject, place.span):
            place = directive
        message = f"anybody who has the API key may call {listing(field.coordinate for field in fields)}"
        others: list[Mode] = [mode for mode in api.modes if mode is not Mode.API_KEY]
        related = [Label(self._place(subject, item).span, "likewise") for item in fields[1 : SHOWN + 1]]
        if directive is None:
            label = "no directive, so the default mode API_KEY decides"
            refused = [mode.who for mode in others if mode in _SIGN_IN]
            message += f"; {listing(refused)} may not" if refused else ""
            related += default_label(subject)
        else:
            label = "admits the API key"
        return self.finding(
            place,
            message,
            label=label,
            related=related,
            help=self._help(subject, fields, directive, others),
            causes=[
                *(f"root-default:{field.coordinate}" for field in fields if directive is None),
                *([f"directive:{directive.owner}@{directive.name}"] if directive is not None else []),
                *(f"directive:{item.owner}@{item.name}" for field in fields for item in field.directives),
            ],
            severity=Severity.WARNING if single else Severity.ERROR,
        )

    def _help(self, subject: Subject, fields: list[Field], directive: Directive | None, others: list[Mode]) -> str:
        rest = _beside(subject, fields[0]) if directive is not None else ""
        on_type = directive is not None and directive.place == "OBJECT"
        if rest and on_type:
            return f"write {rest} on each mutation that is not for everybody, or remove @aws_api_key from the type"
        if rest and len(fields) > 1:
            return f"remove @aws_api_key from each that is not for everybody: {rest} stays"
        if rest:
            return f"remove @aws_api_key if it is not for everybody: {rest} stays"
        if not others:
            return "add a mode for people who sign in, or for IAM callers, and name it on each mutation"
        wanted = listing((f"@{mode.directive}" for mode in others), limit=5, conjunction="or")
        if directive is None or on_type:
            return f"write {wanted} on each mutation that is not for everybody"
        where = " on each that" if len(fields) > 1 else " if it"
        return f"write {wanted} in its place{where} is not for everybody"


def _beside(subject: Subject, field: Field) -> str:
    """Return the directives that admit somebody beside the API key, as they are written: their groups stay."""
    others = [item for item in subject.model.deciding(field) if Mode.of_directive(item.name) in subject.api.modes]
    return " ".join(item.text for item in others if item.name != Mode.API_KEY.directive)


def _naming(subject: Subject, field: Field) -> Directive | None:
    deciding = subject.model.deciding(field)
    return next((item for item in deciding if item.name == Mode.API_KEY.directive), None)
