"""@aws_auth below the root fields is never read.

## What it does

Reports `@aws_auth` on object types other than the root types, and on their fields.

## Why it matters

With a Cognito user pool as its only mode AppSync reads `@aws_auth` on the fields of `Query`, `Mutation` and
`Subscription` and nowhere else; with several modes, or another single one, it reads `@aws_auth` nowhere at all. So
below the roots the directive restricts nobody on any API. Whoever gets an object by any way reads the field.
Local emulators do enforce it, so a test against one proves the opposite of what AppSync does.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: User
}
type User {
  id: ID!
  salary: Int @aws_auth(cognito_groups: ["HR"])
  #           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

A root field of its own, which is where `@aws_auth` counts:

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: User
  salary(user: ID!): Int @aws_auth(cognito_groups: ["HR"])
}
type User {
  id: ID!
}
```

## Limits

On an API with several modes `aws-auth-ignored` says the same of every `@aws_auth`, and this rule leaves it to that
one. A resolver may check the groups again; the rule cannot see that. Interfaces and their fields are not looked at.
Where no API is described and `@aws_cognito_user_pools` with the same groups stands beside it, nothing is reported:
with several modes that one counts.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Finding, Rule, Severity, Subject, listing

from ._consequence import AUTH, COGNITO, POOLS, beside, cause, groups_of, is_nested, pools_directive
from ._resolvers import weighed


class NestedAwsAuthDead(Rule):
    name = "nested-aws-auth-dead"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.1
    cwe = (863, 862)
    since = "0.1.0"
    facts = ("3.1", "3.12")
    needs_api = False

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.described
        if api is not None and subject.model.is_multi:
            return
        for directive in subject.schema.applied(AUTH):
            if not is_nested(subject, directive):
                continue
            groups = groups_of(directive)
            twin = beside(subject, directive, POOLS)
            if api is None and groups is not None and groups_of(twin) == groups:
                continue
            causes = [cause(directive), f"field:{directive.owner}"]
            if twin is not None:
                causes.append(cause(twin))
            told = self.finding(
                directive,
                f"AppSync reads @aws_auth on root fields only: {self._effect(directive, groups)}",
                label="is never read",
                help=self._help(subject, groups),
                causes=causes,
            )
            yield weighed(subject, directive, told)

    def _effect(self, directive: Directive, groups: tuple[str, ...] | None) -> str:
        type_name = directive.owner.partition(".")[0]
        what = "its fields" if directive.place == "OBJECT" else directive.owner
        effect = f"whoever gets to {type_name} reads {what}"
        return f"{effect}, whether in {listing(groups, conjunction='or')} or not" if groups else effect

    def _help(self, subject: Subject, groups: tuple[str, ...] | None) -> str:
        written = pools_directive(groups)
        if (
            subject.described is not None
            and subject.model.is_multi is False
            and subject.api.default_mode is not COGNITO
        ):
            return (
                "an API with one mode that is no user pool has no groups to check: restrict it in the resolver, or "
                f"give the API a user pool and write {written}"
            )
        return (
            "move what is to be restricted to a root field of its own with @aws_auth, or give the API a second mode "
            f"and write {written} (on root fields too, in place of @aws_auth, which then counts nowhere)"
        )
