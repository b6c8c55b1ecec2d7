"""With an API key as the default, a signed-in user's token is refused where an anonymous caller passes.

## What it does

Reports queries and subscriptions without a directive in an API whose default mode is API_KEY and that also has a
mode for people who sign in (a Cognito user pool, OpenID Connect, a Lambda authorizer). With AWS_IAM as the default,
only fields whose return type names the sign-in mode are reported. There is one finding for each root type and mode.

## Why it matters

A field without a directive admits the default mode and nothing else. When that is the API key, logging in takes
rights away: the client that sends a token gets "Not Authorized to access posts on type Query" where the same client
without an account gets the posts. AppSync has no default access for additional modes.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  posts: [ID]
# ^^^^^
  mine: [ID] @aws_cognito_user_pools
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
  mine: [ID] @aws_cognito_user_pools
}
```

## Limits

A client may keep sending the API key for public queries even when somebody is signed in; then nothing is lost. Write
`@aws_api_key` on such a field: a field that says so is not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Mode, Rule, Severity, Subject, TypeDefinition, listing
from appsync_lint_rules._coverage import SHOWN, default_label, mistaken

_SIGN_IN = (Mode.AMAZON_COGNITO_USER_POOLS, Mode.OPENID_CONNECT, Mode.AWS_LAMBDA)


class SignedInUsersLockedOut(Rule):
    name = "signed-in-users-locked-out"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("2.10", "2.1", "4.6")
    yields_to = ("mode-never-admitted", "api-key-reaches-mutation", "return-type-unreachable")

    def check(self, subject: Subject) -> Iterator[Finding]:
        default = subject.api.default_mode
        if not subject.model.is_multi or default not in (Mode.API_KEY, Mode.AWS_IAM):
            return
        for mode in subject.api.modes:
            if mode in _SIGN_IN:
                for operation in ("query", "mutation", "subscription"):
                    root = subject.schema.root(operation)
                    if root is not None and (default is Mode.AWS_IAM or operation != "mutation"):
                        yield from self._root(subject, root, default, mode)

    def _root(self, subject: Subject, root: TypeDefinition, default: Mode, mode: Mode) -> Iterator[Finding]:
        model = subject.model
        refused = [
            field
            for field in root.fields.values()
            if model.grant(field).origin == "default"
            and not mistaken(field)
            and (default is Mode.API_KEY or _returns(subject, field, mode))
        ]
        for fields in self.together(subject, refused):
            yield self._report(subject, fields, default, mode)

    def _report(self, subject: Subject, refused: list[Field], default: Mode, mode: Mode) -> Finding:
        first = refused[0]
        passing = "only the API key is admitted" if default is Mode.API_KEY else "only IAM callers are admitted"
        evidence = "" if default is Mode.API_KEY else f", although type {first.type_name} names the mode"
        return self.finding(
            first,
            f"{_token(mode)} is refused on {listing(field.coordinate for field in refused)}: {passing}, because no "
            f"directive stands there and {default.value} is the default mode{evidence}",
            label=f"admits {default.value} alone",
            related=[*(Label(field.span, "likewise") for field in refused[1 : SHOWN + 1]), *default_label(subject)],
            help=f"write @{default.directive} @{mode.directive} on the fields meant for both, and on the types "
            f"they return; write @{default.directive} alone on those that are not",
            subject=mode.value,
            causes=[f"mode-unused:{mode.value}", *(f"root-default:{field.coordinate}" for field in refused)],
        )


def _token(mode: Mode) -> str:
    if mode is Mode.AWS_LAMBDA:
        return "a token for the Lambda authorizer"
    return "a signed-in user's token" if mode is Mode.AMAZON_COGNITO_USER_POOLS else "an OIDC user's token"


def _returns(subject: Subject, field: Field, mode: Mode) -> bool:
    """Whether the type that a field returns names a mode itself: its author expected the mode's callers."""
    for name in subject.schema.possible_types(field.type_name):
        directives = subject.model.counted(subject.schema.types[name])
        if any(item.name == mode.directive for item in directives):
            return True
    return False
