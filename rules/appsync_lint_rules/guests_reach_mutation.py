"""Guests of the identity pool may call mutations.

## What it does

Reports mutations that admit IAM callers, where the identity pool gives a role to visitors who have not signed in and
that role may call the API.

## Why it matters

To AppSync a guest with the role for unauthenticated identities is an IAM caller like any back end: `@aws_iam` admits
both. Anybody can get such credentials, so the mutation is public, though no directive says so.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
unauthenticatedRole: true
```

```graphql
type Query {
  me: String
}

type Mutation {
  rebuildIndex: Boolean @aws_iam
# ^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
unauthenticatedRole: false
```

```graphql
type Query {
  me: String
}

type Mutation {
  rebuildIndex: Boolean @aws_iam
}
```

## Limits

Which fields the guests' policy allows is not looked at: one that names queries only keeps them from the mutations.

## References

- [Actions and resources for AWS AppSync](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Rule, Severity, Subject, listing


class GuestsReachMutation(Rule):
    name = "guests-reach-mutation"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 7.5
    cwe = (862,)
    since = "0.1.0"
    facts = ("4.7", "10.4")

    def check(self, subject: Subject) -> Iterator[Finding]:
        role = subject.api.settings.unauthenticated_role
        root = subject.schema.root("mutation")
        if role is None or role.value is not True or root is None:
            return
        model = subject.model
        iam = model.members(Mode.AWS_IAM)
        reached = [field for field in root.fields.values() if model.allowed(field) & iam]
        for fields in self.together(subject, reached):
            yield self.finding(
                fields[0],
                f"visitors who have not signed in may call {listing(field.coordinate for field in fields)}: "
                "the identity pool gives them a role, and to AppSync they are IAM callers",
                label="admits IAM callers, guests included",
                related=[
                    *(Label(field.span, "likewise") for field in fields[1:3]),
                    *([Label(role.span, "the guests' role")] if role.span is not None else []),
                ],
                help="let the guests' policy name the queries that they need, or call the mutation with another mode",
                causes=[f"api:guest:{field.coordinate}" for field in fields],
            )
