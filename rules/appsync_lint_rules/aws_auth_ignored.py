"""AppSync ignores @aws_auth on an API with more than one authorization mode.

## What it does

Reports every `@aws_auth` on an object type, or on a field of one, in the schema of an API that has additional
authorization modes, and says what decides in its place and who therefore gets in.

## Why it matters

AppSync reads `@aws_auth` only on an API whose single mode is a Cognito user pool. The first additional mode
switches every `@aws_auth` of the schema off, silently: it deploys, it shows in the schema, it restricts
nobody. The field falls to its type's directives or to the default mode. With a user pool as the default,
that is every signed-in user, whatever the groups say. With another default it is that mode's callers, and no
signed-in user at all.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
type Mutation {
  deleteUser(id: ID!): ID @aws_auth(cognito_groups: ["Admins"])
  #                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
}
type Mutation {
  deleteUser(id: ID!): ID @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

A resolver may check the groups again; the rule cannot see that. Where `@aws_cognito_user_pools` with the same
groups stands beside `@aws_auth`, the field is safe in both kinds of API and nothing is reported. `@aws_auth` on
interfaces, unions, inputs and enums is not looked at. Where only deployment knows how many modes the API has,
the rule stays silent.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Edit, Finding, Fix, Mode, Rule, Severity, Subject, listing

from ._consequence import (
    AUTH,
    COGNITO,
    POOLS,
    Consequence,
    advice,
    beside,
    cause,
    consequence,
    groups_of,
    mode_lost,
    others_admitted,
    pools_directive,
    second_mode,
    short,
    subject_of,
    verb,
)
from ._resolvers import weighed


class AwsAuthIgnored(Rule):
    name = "aws-auth-ignored"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.8
    cwe = (863, 862)
    since = "0.1.0"
    facts = ("3.3", "1.12", "2.1", "2.2")
    yields_to = ("groups-only-on-aws-auth",)
    safe_fix = "removes @aws_auth without groups where just those get in whom it would have admitted"
    unsafe_fix = "writes @aws_cognito_user_pools in its place, which ends the access of whoever gets in without it"

    def check(self, subject: Subject) -> Iterator[Finding]:
        if not subject.model.is_multi:
            return
        related, note = second_mode(subject)
        for directive in subject.schema.applied(AUTH):
            found = consequence(subject, directive)
            if found is None or found.grant.origin == "refused" or self._is_harmless(subject, directive, found):
                continue
            idle = self._changes_nothing(directive, found)
            told = self.finding(
                directive,
                f"AppSync ignores @aws_auth on an API with more than one authorization mode: "
                f"{self._effect(subject, directive, found)}",
                label=("has no effect" if idle else "restricts nobody") + note,
                related=related,
                help=self._help(subject, directive, found, idle),
                causes=(cause(directive), f"field:{directive.owner}", *mode_lost(COGNITO, found)),
                severity=Severity.INFO if idle else None,
                confidence="medium" if found.doubtful else None,
                fix=self._fix(subject, directive, idle),
            )
            yield weighed(subject, directive, told)

    def _fix(self, subject: Subject, directive: Directive, idle: bool) -> Fix | None:
        if idle:
            return Fix.of("remove @aws_auth", [Edit.removing(directive)], safe=True)
        unclear = directive.arguments and groups_of(directive) is None
        if unclear or COGNITO not in _modes(subject) or beside(subject, directive, POOLS) is not None:
            return None
        return Fix.of(f"write @{POOLS} in place of @aws_auth", [Edit.renaming(directive, POOLS)], safe=False)

    def _is_harmless(self, subject: Subject, directive: Directive, found: Consequence) -> bool:
        """Whether what decides in its place restricts signed-in users to the same groups."""
        other = beside(subject, directive, POOLS)
        if other is not None and other.arguments and other.argument("cognito_groups") is None:
            return True  # unknown-auth-argument tells of the groups that do not count there
        if other is not None and not subject.model.members(COGNITO):
            return True  # directive-mode-not-configured tells that the API has no pool whose groups could count
        groups = groups_of(directive)
        gate = found.grant.gate(COGNITO)
        same = groups is not None and not gate.everybody and gate.groups == frozenset(groups)
        return same and (found.grant.origin == "field" or not others_admitted(found.grant))

    def _changes_nothing(self, directive: Directive, found: Consequence) -> bool:
        """Whether a directive without groups would have admitted just those who get in anyway."""
        everybody = found.grant.gate(COGNITO).everybody
        return not directive.arguments and everybody and not others_admitted(found.grant)

    def _effect(self, subject: Subject, directive: Directive, found: Consequence) -> str:
        falls = f"{subject_of(directive, found)} to {found.reason}"
        if found.doubtful:
            return f"{falls}, and whom that admits is not known"
        gate = found.grant.gate(COGNITO)
        groups = groups_of(directive)
        may = f"may {verb(subject, found.field)} {'its fields' if directive.place == 'OBJECT' else 'it'}"
        if found.admitted == "nobody":
            return f"{falls}, so nobody {may}"
        effect = f"{falls}, so {found.admitted} {may}"
        if gate.everybody:
            return f"{effect}, whatever their groups" if directive.arguments else effect
        kept_out = [name for name in groups or () if name not in gate.groups]
        if gate.groups and not kept_out:
            return effect
        in_groups = f" in {listing(kept_out, conjunction='or')}" if kept_out else ""
        return f"{effect}, and {COGNITO.who}{in_groups} are refused"

    def _help(self, subject: Subject, directive: Directive, found: Consequence, idle: bool) -> str:
        if idle:
            return "remove it, or write @aws_cognito_user_pools(cognito_groups: [...]) to restrict it to some groups"
        if not subject.model.members(COGNITO):
            modes = listing((f"@{mode.directive}" for mode in _modes(subject)), limit=5, conjunction="or")
            return (
                f"the API has no user pool whose groups could count; write the directive of one of its modes ({modes})"
            )
        groups = groups_of(directive)
        written = pools_directive(groups)
        if groups is None and directive.arguments:
            written = f"@{POOLS}(cognito_groups: [...]) with the groups' names"
        other = beside(subject, directive, POOLS)
        if other is not None:
            return f"write {written} in place of both {short(other)} and @aws_auth"
        if found.grant.origin == "field":
            return f"write {written} in its place"
        return advice(written, COGNITO, found, directive)


def _modes(subject: Subject) -> tuple[Mode, ...]:
    return subject.model.modes_in(subject.model.everybody)
