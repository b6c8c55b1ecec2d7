"""A policy allows reading and writing alike, where the schema keeps them apart.

## What it does

Reports an `appsync:GraphQL` statement whose one wildcard lets its holder call queries and mutations that IAM callers
may call: a warning where it reaches every API of the account, else information.

## Why it matters

`@aws_iam` admits every principal with a policy; the policy is the only thing that tells readers from writers among
them. With `apis/abc/*` a function that only reads can delete as well, and with `*` it can do so in every other API.

## Bad

```yaml
authenticationType: AWS_IAM
iamPolicies:
  - Statement:
      - Effect: Allow
        Action: appsync:GraphQL
        Resource: "*"
#                 ^^^
```

```graphql
type Query {
  post(id: ID!): String
}

type Mutation {
  deletePost(id: ID!): Boolean
}
```

## Good

```yaml
authenticationType: AWS_IAM
iamPolicies:
  - Statement:
      - Effect: Allow
        Action: appsync:GraphQL
        Resource: arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/*
```

```graphql
type Query {
  post(id: ID!): String
}

type Mutation {
  deletePost(id: ID!): Boolean
}
```

## Limits

A principal that does everything may well be allowed everything. What else limits it (conditions, permission
boundaries) is not seen.

## References

- [Actions and resources for AWS AppSync](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Policies, Rule, Severity, Subject, count, target_of

from ._places import first_place


class IamPolicyTooWide(Rule):
    name = "iam-policy-too-wide"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 5.5
    cwe = (732,)
    since = "0.1.0"
    facts = ("4.7", "10.1")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        iam = model.members(Mode.AWS_IAM)
        if not iam:
            return
        open_to_iam = {
            operation: [field for field in root.fields.values() if model.allowed(field) & iam]
            for operation in ("query", "mutation")
            if (root := subject.schema.root(operation)) is not None
        }
        queries, mutations = open_to_iam.get("query", []), open_to_iam.get("mutation", [])
        if not queries or not mutations:
            return
        for statement in Policies(subject.api.settings.policies).allowing:
            if statement.negated:
                continue
            for resource in statement.resources:
                target = target_of(resource)
                if target.kind != "everything" or (resource.open and resource.text == "*"):
                    continue
                everywhere = resource.text == "*" or ":apis/*" in resource.text
                yield self.finding(
                    first_place(subject, resource.span, statement.span),
                    f"who holds this policy may call {count(len(mutations), 'mutation')} of this API beside its queries"
                    + (", and every other API of the account" if everywhere else ""),
                    label=f"in {statement.owner}" if statement.owner else "every field",
                    coordinate="",
                    subject=f"{statement.owner} {resource.text}",
                    help="name the operations: appsync-lint iam-policy --allow 'Query.*' prints the policy",
                    causes=(f"api:policy:{statement.owner}:{resource.text}",),
                    severity=None if everywhere else Severity.INFO,
                )
