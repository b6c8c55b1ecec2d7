"""A directive lists every group that there is.

## What it does

Where the groups of the user pool are known and there are at least two, notes the directives that name all of them.
There is one finding for the whole schema.

## Why it matters

A list of all groups admits every user who is in a group, and refuses those who are in none: often the people who have
just signed up. If every signed-in user is meant, the list says something else, and it has to be changed with every new
group.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
groups: [Admins, Members]
```

```graphql
type Query {
  news: [String] @aws_cognito_user_pools(cognito_groups: ["Admins", "Members"])
  #              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
groups: [Admins, Members]
```

```graphql
type Query {
  news: [String] @aws_cognito_user_pools
}
```

## Limits

Where every user is put into a group, or those without one are to be kept out, the list is right; so the rule is
pedantic. Directives that AppSync does not read on the API are left out.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Label, Rule, Severity, Subject, listing

from ._groups import elsewhere, group_nodes, read_for_groups


class AllGroupsListed(Rule):
    name = "all-groups-listed"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("3.11",)
    enabled = False
    pedantic = True

    def check(self, subject: Subject) -> Iterator[Finding]:
        groups = frozenset(subject.api.groups or ())
        if len(groups) < 2:
            return
        found = [
            directive
            for directive in read_for_groups(subject)
            if groups <= {node.value for node in group_nodes(directive)}
        ]
        if not found:
            return
        first, others = found[0], found[1:]
        yield self.finding(
            first,
            f"@{first.name} on {first.owner} lists every group of the pool ({listing(sorted(groups))})"
            f"{elsewhere(len(others))}: it refuses just those signed-in users who are in none",
            label="all groups",
            related=[Label(item.span, "here too") for item in others[:3]],
            help=f"write @{first.name} without groups if every signed-in user is meant",
        )
