"""No caller of the API can ever have a field.

## What it does

Reports fields and types that none of the API's modes is admitted to: the directives name only modes that are
not configured or, for a type, modes that never get there while those that do get there are left out.

## Why it matters

What nobody can have is dead: every request that selects it gets `null` and "Not Authorized". Usually a mode was
renamed or dropped in the API's configuration, or an operation and its type name different modes.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  report: Report @aws_iam
  me: ID
}
type Report @aws_cognito_user_pools {
#    ^^^^^^
  total: Int
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  report: Report @aws_iam
  me: ID
}
type Report @aws_iam @aws_cognito_user_pools {
  total: Int
}
```

## Limits

A list of groups that no user is in, such as `["__deny_all__"]`, is a known way to close a field on purpose and is not
reported. A type that no field returns is not reported either.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Gap, Mode, Rule, Severity, Subject, TypeDefinition, listing
from appsync_lint_rules._coverage import SHOWN, cause, entry_labels


class FieldUnreachable(Rule):
    name = "field-unreachable"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("1.9", "2.5")
    yields_to = ("directive-mode-not-configured", "deny-default-uncovered-root")

    def check(self, subject: Subject) -> Iterator[Finding]:
        gaps: dict[str, list[Gap]] = {}
        for gap in subject.model.gaps():
            if gap.total:
                gaps.setdefault(gap.definition.name, []).append(gap)
        for definition in subject.schema.objects:
            if definition.name in gaps:
                yield from self._type(subject, definition, gaps[definition.name])
            elif subject.model.is_root(definition.name) or subject.model.reach().certain(definition.name):
                yield from self._fields(subject, definition)

    def _type(self, subject: Subject, definition: TypeDefinition, gaps: list[Gap]) -> Iterator[Finding]:
        """Report a type that some modes get to, none of which it admits, while it names others."""
        model = subject.model
        arriving = model.reach("query", "mutation", "subscription").possible(definition.name)
        passing = model.admitted(definition)
        admitted = sorted(mode.value for mode in model.modes_in(passing))
        if arriving & passing or not model.enforced(model.counted(definition)):
            return
        lost = listing(gap.mode.who for gap in gaps)
        others = " and ".join(admitted) if admitted else "only modes that the API does not have"
        yield self.finding(
            definition,
            f"nobody can read {definition.name}: {lost} get there, and it admits {others}",
            label=f"{' '.join(item.text for item in model.enforced(model.counted(definition)))}",
            related=entry_labels(gaps[0].entries, f"{gaps[0].mode.who} get here"),
            help=f"add {' '.join('@' + gap.mode.directive for gap in gaps)} to type {definition.name}, "
            "or admit its modes on the fields that return it",
            causes=[
                *(cause(definition, gap.mode) for gap in gaps),
                *(f"directive:{item.owner}@{item.name}" for item in model.enforced(definition.directives)),
            ],
        )

    def _fields(self, subject: Subject, definition: TypeDefinition) -> Iterator[Finding]:
        """Report the fields of a type whose directives admit no mode of the API."""
        model = subject.model

        def is_dead(field: Field) -> bool:
            grant = model.grant(field)
            return not grant.gates and grant.origin in ("field", "type")

        if not any(map(is_dead, subject.schema.distinct_fields(definition))):
            return
        dead = [field for field in definition.fields.values() if is_dead(field)]
        directives = [item for field in dead for item in model.deciding(field)]
        modes = {Mode.of_directive(item.name) for item in directives}
        named = listing(sorted(mode.value for mode in modes if mode is not None))
        yield self.finding(
            dead[0],
            f"no caller of this API can have {listing(field.coordinate for field in dead)}: "
            f"the directives admit {named}, which the API does not have",
            label=" ".join(item.text for item in model.deciding(dead[0])),
            related=entry_labels(dead[1 : SHOWN + 1], "nor this one"),
            help="configure the mode in the API, or name a mode that the API has",
            causes=[f"directive:{item.owner}@{item.name}" for item in directives],
        )
