"""Whether @aws_auth on a root type restricts anybody is not known.

## What it does

Reports `@aws_auth` on the type `Query`, `Mutation` or `Subscription` of an API whose only mode is a Cognito user pool.

## Why it matters

AppSync declares `@aws_auth` for fields. On a type it deploys all the same, and nobody has published whether it is read
there. If it is not, every root field without a directive of its own falls to the pool's `defaultAction`: with ALLOW,
every signed-in user calls what was meant for a group. What is known to work is `@aws_auth` on each root field.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  me: ID
}
type Mutation @aws_auth(cognito_groups: ["Admins"]) {
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  deleteUser(id: ID!): ID
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
  deleteUser(id: ID!): ID @aws_auth(cognito_groups: ["Admins"])
}
```

## Limits

The directive may work: the rule says that nobody knows, not that it fails. The verdict on the fields it stands for is
`unknown` for the same reason. A root type on which every field has its own `@aws_auth` is not reported.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Rule, Severity, Subject, listing


class AwsAuthOnRootType(Rule):
    name = "aws-auth-on-root-type"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 6.5
    cwe = (862,)
    since = "0.1.0"
    facts = ("3.9", "1.3")
    yields_to = ("empty-cognito-groups", "cognito-groups-not-a-list", "unknown-auth-argument")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        for name in dict.fromkeys(subject.schema.roots.values()):
            definition = subject.schema.types[name]
            directive = next((item for item in model.counted(definition) if item.name == "aws_auth"), None)
            if directive is None:
                continue
            left = [field for field in definition.fields.values() if "3.9" in model.grant(field).facts]
            if not left:
                continue
            action = subject.api.default_action
            otherwise = {
                "ALLOW": "every signed-in user may call them if it does not",
                "DENY": "nobody may call them if it does not",
            }.get(str(action), "the pool's defaultAction decides if it does not")
            names = listing(field.coordinate for field in left)
            yield self.finding(
                directive,
                f"whether AppSync reads @aws_auth on a root type is not known: {names} depend on it, and {otherwise}"
                if len(left) > 1
                else f"whether AppSync reads @aws_auth on a root type is not known: {names} depends on it, and "
                + otherwise.replace("them", "it", 1),
                label="declared for fields, not for types",
                help=f"write {directive.text} on each field of {name} instead",
                causes=[f"directive:{directive.owner}@{directive.name}"],
            )
