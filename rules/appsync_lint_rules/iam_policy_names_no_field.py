"""A policy names a field that AppSync never asks about.

## What it does

Reports resources of `appsync:GraphQL` statements that match no root field of the schema: a type or field that does
not exist, a field below the root, a shape that AppSync does not use, the API's ARN without `/*`.

## Why it matters

AppSync asks IAM about the root fields of a request, as `types/Query/fields/getPost`, and about nothing else. A
resource that matches none of them allows nothing: the caller is refused. In a `Deny` it forbids nothing, and what it
was meant to protect is open to whoever has the root field above it.

## Bad

```yaml
authenticationType: AWS_IAM
iamPolicies:
  - Statement:
      - Effect: Allow
        Action: appsync:GraphQL
        Resource: arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/fields/getPosts
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
```

```graphql
type Query {
  getPost(id: ID!): String
}
```

## Good

```yaml
authenticationType: AWS_IAM
iamPolicies:
  - Statement:
      - Effect: Allow
        Action: appsync:GraphQL
        Resource: arn:aws:appsync:eu-west-1:111122223333:apis/abc/types/Query/fields/getPost
```

```graphql
type Query {
  getPost(id: ID!): String
}
```

## Limits

Only resources that are written out to the field are judged. A statement that allows a field below the root does no
harm; it is information, and a warning in a `Deny`. Amplify generates such statements, where nothing is reported.

## References

- [Actions and resources for AWS AppSync](https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappsync.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import (
    Finding,
    Rule,
    Severity,
    Subject,
    Target,
    nearest,
    target_of,
)

from ._places import first_place

if TYPE_CHECKING:
    from appsync_lint.plugin import PolicyStatement, PolicyText

_SHAPE = "types/<Query, Mutation or Subscription>/fields/<field>"


class IamPolicyNamesNoField(Rule):
    name = "iam-policy-names-no-field"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 5.4
    cwe = (863,)
    since = "0.1.0"
    facts = ("10.1", "10.2", "10.3")

    def check(self, subject: Subject) -> Iterator[Finding]:
        if not subject.schema.roots:
            return
        for statement in subject.api.settings.policies:
            for resource in statement.resources:
                told = self._told(subject, statement, resource, target_of(resource))
                if told is not None:
                    message, advice, severity = told
                    yield self.finding(
                        first_place(subject, resource.span, statement.span),
                        message,
                        label=f"in {statement.owner}" if statement.owner else "matches no root field",
                        coordinate="",
                        subject=f"{statement.owner} {resource.text}",
                        help=advice,
                        causes=(f"api:policy:{statement.owner}:{resource.text}",),
                        severity=severity,
                    )

    def _told(
        self, subject: Subject, statement: PolicyStatement, resource: PolicyText, target: Target
    ) -> tuple[str, str, Severity | None] | None:
        schema = subject.schema
        nothing = "so it forbids nothing" if statement.effect == "Deny" else "so it allows nothing"
        if target.kind == "malformed":
            return f"AppSync never asks for types/{target.path}, {nothing}", f"write {_SHAPE}", None
        if target.kind == "api" and not resource.open and ":apis/" in resource.text:
            return f"the API's ARN alone matches no field, {nothing}", "add /* for the whole API, or name fields", None
        if target.kind not in ("type", "field") or _is_pattern(target.type_name):
            return None
        roots = {name: schema.types[name] for name in schema.roots.values()}
        if target.type_name in roots:
            fields = roots[target.type_name].fields
            if target.kind == "type" or _is_pattern(target.field_name) or target.field_name in fields:
                return None
            meant = nearest(target.field_name, list(fields))
            hint = f"did you mean {target.type_name}.{meant}?" if meant else f"name a field of {target.type_name}"
            return f"{target.type_name} has no field {target.field_name}, {nothing}", hint, None
        if target.type_name in schema.types:
            if statement.effect == "Allow" and _is_generated(subject):
                return None
            severity = Severity.WARNING if statement.effect == "Deny" else Severity.INFO
            message = f"AppSync asks about root fields only, and {target.type_name} is no root type, {nothing}"
            return message, f"protect {target.type_name} with directives, such as @aws_iam", severity
        meant = nearest(target.type_name, list(roots))
        return (
            f"the schema has no type {target.type_name}, {nothing}",
            f"did you mean {meant}?" if meant else f"the root types are {', '.join(roots)}",
            None,
        )


def _is_generated(subject: Subject) -> bool:
    """Whether Amplify wrote the policies: nobody can change there what it allows too much."""
    tool = subject.api.tool
    return tool is not None and tool.name.startswith("Amplify")


def _is_pattern(text: str) -> bool:
    return "*" in text or "?" in text or "${" in text
