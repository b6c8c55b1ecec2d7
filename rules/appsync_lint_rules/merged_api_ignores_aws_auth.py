"""`@aws_auth` stops restricting anybody in the merged API.

## What it does

Reports `@aws_auth` in the schema of an API with a user pool alone that is merged into an API with several modes.

## Why it matters

With a user pool alone `@aws_auth` decides. The merged API is decided as one with several modes, and there `@aws_auth`
is not read: the fields fall back to the directive that merging adds for the source's default mode, which admits every
signed-in user. The source's own endpoint still looks as it should.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
mergedInto:
  - name: all
    authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig: {defaultAction: ALLOW}
    additionalAuthenticationProviders:
      - authenticationType: AWS_IAM
```

```graphql
type Query {
  salaries: [Int] @aws_auth(cognito_groups: ["HR"])
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
mergedInto:
  - name: all
    authenticationType: AMAZON_COGNITO_USER_POOLS
    userPoolConfig: {defaultAction: ALLOW}
    additionalAuthenticationProviders:
      - authenticationType: AWS_IAM
```

```graphql
type Query {
  salaries: [Int] @aws_auth(cognito_groups: ["HR"]) @aws_cognito_user_pools(cognito_groups: ["HR"])
}
```

## Limits

That AppSync adds the source's default mode in merging is documented; that it thereby makes `@aws_auth` inert follows
from how an API with several modes is decided, and was not measured on a merged API. A field that is `@hidden` is not
merged.

## References

- [Merging APIs](https://docs.aws.amazon.com/appsync/latest/devguide/merged-api.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Mode, Rule, Severity, Subject, count


class MergedApiIgnoresAwsAuth(Rule):
    name = "merged-api-ignores-aws-auth"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 8.1
    cwe = (863,)
    since = "0.1.0"
    facts = ("3.3", "8M.2")

    def check(self, subject: Subject) -> Iterator[Finding]:
        api = subject.api
        if api.default_mode is not Mode.AMAZON_COGNITO_USER_POOLS or subject.model.is_multi is not False:
            return
        merged = next((one for one in api.settings.merged_into if set(one.modes) - {api.default_mode}), None)
        if merged is None:
            return
        inert = [
            item
            for root in (subject.schema.types[name] for name in subject.schema.roots.values())
            for field in root.fields.values()
            if not {one.name for one in field.directives} & {"hidden", "aws_cognito_user_pools"}
            for item in field.directives
            if item.name == "aws_auth"
        ]
        if not inert:
            return
        first = inert[0]
        more = f" and {count(len(inert) - 1, 'more field')}" if len(inert) > 1 else ""
        yield self.finding(
            first,
            f"in the merged API {merged.name} every signed-in user may call {first.owner}{more}: it has several modes, "
            "and there AppSync ignores @aws_auth",
            label="restricts nobody in the merged API",
            related=[
                *(Label(item.span, "likewise") for item in inert[1:4]),
                *([Label(merged.span, "merged here")] if merged.span is not None else []),
            ],
            subject=merged.name,
            help="add @aws_cognito_user_pools with the same groups beside @aws_auth",
            causes=[f"directive:{item.owner}@aws_auth" for item in inert],
        )
