"""@aws_auth and @aws_cognito_user_pools on one field name different groups.

## What it does

Reports a field or type on which `@aws_auth` and `@aws_cognito_user_pools` both name groups, but not the same ones,
where nothing says which of the two counts: no API is described, or only deployment knows its modes.

## Why it matters

The two directives are written side by side so that the schema works on an API with a user pool alone, where
`@aws_auth` counts, and on one with several modes, where `@aws_cognito_user_pools` does. With two different lists the
day on which the API gets its second mode changes who gets in, without a change in the schema.

## Bad

```graphql
type Query {
  audit: [String] @aws_auth(cognito_groups: ["Admins"]) @aws_cognito_user_pools(cognito_groups: ["Staff"])
  #                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```graphql
type Query {
  audit: [String] @aws_auth(cognito_groups: ["Admins"]) @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

Where the modes are known, `aws-auth-ignored` or `user-pools-directive-ignored` tells which list is lost. A list beside
a directive without groups is reported by `groups-only-on-aws-auth`, `aws-auth-ignored` or
`user-pools-directive-ignored`. Below the root fields `@aws_auth` never counts, and `nested-aws-auth-dead` speaks.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Rule, Severity, Subject, listing

from ._consequence import AUTH, POOLS, beside, cause, groups_of, on_object, with_groups


class AwsAuthGroupsDiffer(Rule):
    name = "aws-auth-groups-differ"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 6.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("1.12", "3.3", "3.4")
    needs_api = False
    yields_to = (
        "aws-auth-ignored",
        "directive-mode-not-configured",
        "groups-only-on-aws-auth",
        "nested-aws-auth-dead",
        "user-pools-directive-ignored",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for auth in subject.schema.applied(AUTH):
            groups = groups_of(auth)
            pools = beside(subject, auth, POOLS) if groups and on_object(subject, auth) else None
            others = groups_of(pools)
            if not groups or pools is None or not others or set(groups) == set(others):
                continue
            yield self.finding(
                pools,
                f"who gets {auth.owner} depends on how many modes the API has: with a user pool alone AppSync reads "
                f"@aws_auth ({listing(groups, conjunction='or')}), with a second mode @aws_cognito_user_pools "
                f"({listing(others, conjunction='or')})",
                label="other groups than on @aws_auth",
                related=[Label(auth.span, "counts with a user pool alone")],
                help=f"name the same groups on both, for instance {with_groups(AUTH, others)}",
                causes=(cause(auth), cause(pools)),
            )
