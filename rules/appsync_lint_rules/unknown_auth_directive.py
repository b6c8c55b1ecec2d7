"""A misspelt authorization directive is dropped without a word.

## What it does

Reports directives that AppSync does not have and that look as if they said who gets in: a letter more or less than
one of AppSync's (`@aws_cognito_user_pool`), another case (`@AWS_LAMBDA`), a missing underscore (`@aws_apikey`), a
missing `aws_` (`@auth`), any other name that begins with `aws`, and the access directives of other GraphQL
servers (`@authenticated`).

## Why it matters

AppSync does not check the names of directives. The schema deploys and the directive is dropped, so the field falls to
whatever decides without it: its type's directives or the default mode. A restriction that was meant is silently gone;
a mode that was to be let in is silently refused, and people look for the fault in the token.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AMAZON_COGNITO_USER_POOLS
```

```graphql
type Query {
  me: ID @aws_cognito_user_pool(cognito_groups: ["Staff"])
  #      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
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
  me: ID @aws_cognito_user_pools(cognito_groups: ["Staff"])
}
```

## Limits

The confidence is medium: several people report that such schemas deploy; emulators refuse them. A preprocessor that
replaces the directive before the upload is not seen; ignore the rule for such a schema, or lint what the preprocessor
writes. Names that resemble nothing are left to `unknown-directive`.

## References

- [A directive with two letters swapped](https://github.com/aws/aws-appsync-community/issues/113)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import DIRECTIVES, Directive, Edit, Finding, Fix, Mode, Rule, Severity, Subject

from ._consequence import (
    AUTH,
    COGNITO,
    POOLS,
    Consequence,
    advice,
    cause,
    consequence,
    groups_of,
    is_nested,
    mode_lost,
    others_admitted,
    subject_of,
    verb,
    with_groups,
)
from ._fixes import list_of_texts
from ._names import looks_like_auth, meant


class UnknownAuthDirective(Rule):
    name = "unknown-auth-directive"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 8.1
    cwe = (862, 863)
    since = "0.1.0"
    facts = ("1.6", "2.1", "2.2")
    needs_api = False
    safe_fix = "removes it where just those get in without it whom it would have admitted"
    unsafe_fix = "writes the directive that was meant, which ends the access of whoever gets in without it"

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        for name in schema.directive_names():
            if not looks_like_auth(name):
                continue
            intended = meant(name)
            mode = _mode(intended)
            for directive in schema.applied(name):
                found = consequence(subject, directive)
                effect = self._effect(subject, directive, mode, found)
                yield self.finding(
                    directive,
                    f"there is no directive @{name}, and AppSync drops it without a word{effect}",
                    label="does nothing",
                    help=self._help(subject, directive, intended, found),
                    causes=(
                        cause(directive),
                        f"field:{directive.owner}",
                        *self._fallen(subject, directive, mode, found),
                    ),
                    severity=Severity.WARNING if self._is_harmless(directive, mode, found) else None,
                    fix=self._fix(subject, directive, intended),
                )

    def _effect(self, subject: Subject, directive: Directive, mode: Mode | None, found: Consequence | None) -> str:
        if found is None or found.grant.origin in ("open", "refused"):
            return ""
        falls = f": {subject_of(directive, found)} to {found.reason}"
        if found.doubtful:
            return f"{falls}, and whom that admits is not known"
        if found.admitted == "nobody":
            return f"{falls}, so nobody gets in"
        it = "its fields" if directive.place == "OBJECT" else "it"
        effect = f"{falls}, so {found.admitted} may {verb(subject, found.field)} {it}"
        if mode is None:
            return effect
        gate = found.grant.gate(mode)
        if mode is COGNITO and gate.everybody and directive.arguments:
            return f"{effect}, whatever their groups"
        if not gate.everybody and not gate.groups:
            return f"{effect}, and {mode.who} are refused"
        return effect

    def _is_harmless(self, directive: Directive, mode: Mode | None, found: Consequence | None) -> bool:
        """Whether just those get in whom the directive, spelt right, would have admitted alone."""
        if found is None or mode is None or found.grant.origin not in ("default", "single") or directive.arguments:
            return False
        return found.grant.gate(mode).everybody and not others_admitted(found.grant, mode)

    def _fallen(
        self, subject: Subject, directive: Directive, mode: Mode | None, found: Consequence | None
    ) -> Iterator[str]:
        yield from mode_lost(mode, found)
        if mode is not None and directive.place == "OBJECT":
            yield f"mode-missing:{directive.owner}:{mode.value}"
        if found is not None and found.grant.origin in ("default", "action"):
            for field in found.fields:
                if subject.schema.operation_of(field.parent):
                    yield f"root-default:{field.coordinate}"

    def _help(self, subject: Subject, directive: Directive, intended: str | None, found: Consequence | None) -> str:
        if intended is None:
            return "AppSync's own are @aws_api_key, @aws_iam, @aws_cognito_user_pools, @aws_oidc and @aws_lambda"
        if directive.name == "auth":
            return (
                "if Amplify compiles this schema, lint what it writes; AppSync's own directives are @aws_api_key, "
                "@aws_iam, @aws_cognito_user_pools, @aws_oidc and @aws_lambda"
            )
        mode = _mode(intended)
        groups = groups_of(directive)
        multi = subject.model.is_multi if subject.described is not None else None
        if mode is COGNITO and multi is False and subject.api.default_mode is COGNITO:
            return self._help_on_pool(subject, directive, groups)
        # @aws_auth counts on no API but one with a user pool alone.
        intended = POOLS if mode is COGNITO and multi is not None else intended
        written = with_groups(intended, groups if "cognito_groups" in DIRECTIVES[intended] else None)
        if mode is None:
            return f"write {written}"
        if subject.described is not None and not subject.model.members(mode):
            return f"remove it, or configure {mode.value} on the API and write {written}"
        return advice(written, mode, found, directive)

    def _fix(self, subject: Subject, directive: Directive, intended: str | None) -> Fix | None:
        mode = _mode(intended)
        if intended is None or mode is None or subject.described is None or directive.name == "auth":
            return None
        if not subject.model.members(mode):
            return None
        multi = subject.model.is_multi
        if mode is COGNITO and multi is False:
            if not directive.arguments and subject.api.default_action == "ALLOW":
                return Fix.of(f"remove @{directive.name}", [Edit.removing(directive)], safe=True)
            if is_nested(subject, directive) or directive.place != "FIELD_DEFINITION":
                return None
        if multi is None or any(item.name.value not in DIRECTIVES[intended] for item in directive.arguments):
            return None
        written = intended if mode is not COGNITO else POOLS if multi else AUTH
        groups = directive.argument("cognito_groups")
        listed = list_of_texts(directive, groups.value) if groups is not None else None
        edits = [Edit.renaming(directive, written), *(listed.edits if listed is not None else ())]
        return Fix.of(f"write @{written} in place of @{directive.name}", edits, safe=False)

    def _help_on_pool(self, subject: Subject, directive: Directive, groups: tuple[str, ...] | None) -> str:
        """Write the directive that counts on an API with a user pool alone: @aws_auth, on a root field (3.1, 3.4)."""
        if is_nested(subject, directive):
            return "remove it: on an API with a user pool alone no directive restricts what is below the root fields"
        if not directive.arguments and subject.api.default_action == "ALLOW":
            return "remove it: every user of the pool gets in without it"
        where = " on each of its fields" if directive.place == "OBJECT" else ""
        return f"write {with_groups(AUTH, groups)}{where}"


def _mode(name: str | None) -> Mode | None:
    """Return the mode that a directive lets in, None for no directive about access."""
    if name == AUTH:
        return COGNITO
    return Mode.of_directive(name) if name is not None else None
