"""The groups stand on @aws_auth, which is ignored; @aws_cognito_user_pools beside it admits every user.

## What it does

On an API with several modes, reports a field or type that carries `@aws_auth` with groups and, beside it,
`@aws_cognito_user_pools` without groups.

## Why it matters

With several modes only `@aws_cognito_user_pools` counts, and without groups it admits every signed-in user. The
author wrote down who may get in, and AppSync does not read it: a mutation that was meant for administrators is
open to everybody who can sign up.

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
  setRole(id: ID!): ID @aws_cognito_user_pools @aws_auth(cognito_groups: ["Admins"])
  #                    ^^^^^^^^^^^^^^^^^^^^^^^
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
  setRole(id: ID!): ID
    @aws_cognito_user_pools(cognito_groups: ["Admins"])
    @aws_auth(cognito_groups: ["Admins"])
}
```

## Limits

A resolver may check the groups again; the rule cannot see that. Two lists that both name groups, but not the same
ones, are reported by `aws-auth-ignored`.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Edit, Finding, Fix, Label, Rule, Severity, Subject, listing

from ._consequence import (
    AUTH,
    COGNITO,
    POOLS,
    beside,
    cause,
    consequence,
    groups_of,
    pools_directive,
    second_mode,
    verb,
)


class GroupsOnlyOnAwsAuth(Rule):
    name = "groups-only-on-aws-auth"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.8
    cwe = (863,)
    since = "0.1.0"
    facts = ("1.12", "2.2", "3.3")
    unsafe_fix = "names the groups of @aws_auth on @aws_cognito_user_pools, which keeps everybody else out"

    def check(self, subject: Subject) -> Iterator[Finding]:
        if not subject.model.is_multi:
            return
        related, note = second_mode(subject)
        for directive in subject.schema.applied(AUTH):
            groups = groups_of(directive)
            pools = beside(subject, directive, POOLS)
            found = consequence(subject, directive)
            if not groups or pools is None or pools.arguments or found is None:
                continue
            if not found.grant.gate(COGNITO).everybody:
                continue
            names = listing(groups, conjunction="or")
            it = "its fields" if directive.place == "OBJECT" else directive.owner
            yield self.finding(
                pools,
                f"AppSync reads @aws_cognito_user_pools and ignores the groups on @aws_auth: {COGNITO.who} may "
                f"{verb(subject, found.field)} {it} whether they are in {names} or not",
                label="admits every signed-in user" + note,
                related=[Label(directive.span, "these groups do not count"), *related],
                help=f"write {pools_directive(groups)}",
                causes=(cause(directive), cause(pools), f"field:{directive.owner}"),
                fix=_fix(directive, pools),
            )


def _fix(auth: Directive, pools: Directive) -> Fix | None:
    groups = auth.argument("cognito_groups")
    assert groups is not None
    assert groups.loc is not None
    text = auth.source.text[groups.loc.start : groups.loc.end]
    if "#" in text:  # perhaps a comment, which cannot be copied onto one line
        return None
    edit = Edit.after(pools, pools.node.name, f"({' '.join(map(str.strip, text.splitlines()))})")
    return Fix.of(f"name the groups on @{POOLS}", [edit], safe=False)
