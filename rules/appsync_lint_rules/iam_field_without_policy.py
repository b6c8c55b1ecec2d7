"""Fields are open to IAM callers, and no policy at hand lets anybody call them.

## What it does

Lists the root fields that admit IAM callers but that none of the described policies allows. Silent where no policy
for the API is described at all.

## Why it matters

Both must agree: the schema must admit IAM callers, and the caller's policy must allow the root field. Where no policy
does, either the caller is refused with a 403, or the directive is left over and opens the field to whoever gets a
wider policy later.

## Bad

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
# ^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AWS_IAM
iamPolicies:
  - Statement:
      - Effect: Allow
        Action: appsync:GraphQL
        Resource:
          - arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/*
          - arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Mutation/fields/deletePost
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

Policies of other stacks and those that people made by hand are not seen: give them with `--iam-policy`.

## References

- [Actions and resources for AWS AppSync](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Policies, Rule, Severity, Subject, listing


class IamFieldWithoutPolicy(Rule):
    name = "iam-field-without-policy"
    severity = Severity.INFO
    confidence = "low"
    since = "0.1.0"
    facts = ("10.1", "10.4")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        policies = Policies(subject.api.settings.policies)
        iam = model.members(Mode.AWS_IAM)
        if not iam or not policies.allowing:
            return
        roots = [subject.schema.types[name] for name in subject.schema.roots.values()]
        missed = [
            field
            for root in roots
            for field in root.fields.values()
            if model.allowed(field) & iam and not policies.allows(field)
        ]
        for fields in self.together(subject, missed):
            yield self.finding(
                fields[0],
                f"no policy at hand allows {listing(field.coordinate for field in fields)}, "
                f"which the schema opens to IAM callers",
                label="open to IAM callers",
                related=[Label(field.span, "likewise") for field in fields[1:4]],
                help="add the field to a policy, or take IAM callers off the field; --iam-policy FILE adds a policy "
                "from elsewhere",
                causes=[f"api:policy-missing:{field.coordinate}" for field in fields],
            )
