"""@aws_auth without groups admits every user of the pool.

## What it does

On an API whose only mode is a Cognito user pool, reports `@aws_auth` without arguments on a root field.

## Why it matters

Without groups `@aws_auth` restricts nobody. Where the pool's `defaultAction` is `ALLOW` it changes nothing: the field
is open to every signed-in user with and without it. Where it is `DENY` it opens the field to every signed-in user, in
whatever group or in none.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: ID
}
type Mutation {
  purge: Boolean @aws_auth
  #              ^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: ID
}
type Mutation {
  purge: Boolean @aws_auth(cognito_groups: ["Admins"])
}
```

## Limits

Under `DENY` a bare `@aws_auth` is how one writes "every user of the pool", so there it is only noted (info). On an API
with several modes `aws-auth-ignored` speaks, below the root `nested-aws-auth-dead`.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Rule, Severity, Subject

from ._consequence import AUTH, COGNITO, cause, consequence


class AwsAuthWithoutGroups(Rule):
    name = "aws-auth-without-groups"
    severity = Severity.WARNING
    confidence = "high"
    security_severity = 5.3
    cwe = (862,)
    since = "0.1.0"
    facts = ("3.1",)
    yields_to = ("aws-auth-ignored", "nested-aws-auth-dead", "user-pools-directive-ignored")

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if subject.model.is_multi is not False or api.default_mode is not COGNITO:
            return
        pool = api.default.user_pool
        span = pool.default_action_span if pool is not None else None
        for directive in subject.schema.applied(AUTH):
            found = consequence(subject, directive)
            if directive.arguments or directive.place != "FIELD_DEFINITION":
                continue
            if found is None or not subject.model.is_root(found.field.parent):
                continue
            closed = api.default_action == "DENY"
            known = api.default_action == "ALLOW"
            effect = "leaves it open to every signed-in user" if known else "opens it to every signed-in user"
            yield self.finding(
                directive,
                f"@aws_auth without groups on {directive.owner} {effect}, in whatever group or in none",
                label="restricts nobody",
                related=[Label(span, "what holds without it")] if span is not None else (),
                help="name the groups: @aws_auth(cognito_groups: [...])"
                + (", or remove it" if known else "; if every user is meant, nothing needs to change"),
                causes=(cause(directive),),
                severity=Severity.INFO if closed else None,
            )
