"""A name in Amplify's `adminRoleNames` is part of the names of roles that nobody meant.

## What it does

Reports names that stand in the ARN of every caller with a role (`role`, `aws`), and names of a single common word such
as `admin` or `lambda`, on an API that takes IAM callers.

## Why it matters

The resolvers that Amplify generates let an IAM caller pass all `@auth` rules when his ARN contains one of the names,
wherever in it. `admin` is meant for one role and matches `readonly-admin-reports`, a session that somebody called
`admin`, and whatever role is made next year.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
amplify:
  adminRoleNames: [admin]
#                  ^^^^^
```

```graphql
type Query {
  getPost(id: ID!): ID @aws_cognito_user_pools @aws_iam
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig:
  defaultAction: ALLOW
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
amplify:
  adminRoleNames: [blog-nightly-import-role-eu]
```

```graphql
type Query {
  getPost(id: ID!): ID @aws_cognito_user_pools @aws_iam
}
```

## Limits

Which roles the account has is not known: a longer name can match a foreign role just as well. The roles of the app's
own identity pool are never matched, Amplify leaves them out.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place

#: What every caller with a role has in his ARN.
_EVERY_ARN = "arn:aws:sts::assumed-role/"
#: Words that people call roles, functions and sessions by.
_COMMON = frozenset(
    "access account admin admins administrator amplify api app appsync auth backend data default deploy dev "
    "developer exec execution full function job lambda main power prod production root sandbox script server "
    "service staging system task test user users worker".split()
)


class AmplifyAdminRoleTooBroad(Rule):
    name = "amplify-admin-role-too-broad"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 7.5
    cwe = (187, 863)
    since = "0.1.0"
    facts = ("9.10",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        amplify = subject.api.settings.amplify
        if amplify is None or Mode.AWS_IAM not in subject.api.modes:
            return
        for role in amplify.admin_roles:
            if not isinstance(role.value, str):
                continue
            everybody = role.value in _EVERY_ARN
            if not everybody and role.value.lower() not in _COMMON:
                continue
            yield self.finding(
                first_place(subject, role.span),
                "every IAM caller with a role passes all @auth rules: the name stands in all their ARNs"
                if everybody
                else f"every IAM caller whose ARN has {role.value} anywhere in it passes all @auth rules",
                label="looked for in the whole ARN",
                coordinate="",
                subject=role.value,
                help="write the whole name of the one role or function that is meant",
                causes=(f"amplify:admin-role:{role.value}",),
                severity=Severity.ERROR if everybody else None,
            )
