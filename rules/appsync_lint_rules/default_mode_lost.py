"""A directive on a query admits another mode and thereby removes the default mode.

## What it does

Reports queries and subscriptions whose own directives leave the default mode out while other operations admit it.
There is one finding for each root type.

## Why it matters

Without a directive a field admits the default mode. The first directive replaces that: `@aws_api_key` on a query of
an API for signed-in users does not open the query to the public as well, it closes it to every signed-in user. They
lose a query that callers without an account still have, and nothing says so at deployment.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  me: ID
  events: [ID] @aws_api_key
#              ^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: API_KEY
```

```graphql
type Query {
  me: ID
  events: [ID] @aws_api_key @aws_cognito_user_pools
}
```

## Limits

A query for another mode alone can be meant, above all for IAM callers such as a back end: a finding about `@aws_iam`
is information only. Mutations are left out: one that only a back end may call is common, and a mutation that an API
key reaches has its own rule.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Mode, Rule, Severity, Subject, TypeDefinition, count, listing
from appsync_lint_rules._coverage import SHOWN, default_label

#: Callers without an account, and back ends: modes that one would add beside people who sign in.
_OUTSIDERS = frozenset((Mode.API_KEY, Mode.AWS_IAM))


class DefaultModeLost(Rule):
    name = "default-mode-lost"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("2.1", "2.2")
    yields_to = ("mode-never-admitted", "directive-mode-not-configured")

    def check(self, subject: Subject) -> Iterator[Finding]:
        default = subject.api.default_mode
        # A directive that takes a field away from the API key is what directives are for.
        if default in (None, Mode.API_KEY) or not subject.model.is_multi:
            return
        roots = [subject.schema.types[name] for name in subject.schema.roots.values()]
        if not any(self._admits(subject, field, default) for root in roots for field in root.fields.values()):
            return
        for operation in ("query", "subscription"):
            root = subject.schema.root(operation)
            if root is not None:
                yield from self._root(subject, root, default)

    def _admits(self, subject: Subject, field: Field, mode: Mode) -> bool:
        model = subject.model
        return bool(model.possible(field) & model.members(mode))

    def _names_absent_mode(self, subject: Subject, field: Field) -> bool:
        model = subject.model
        modes = (Mode.of_directive(item.name) for item in model.enforced(field.directives))
        return any(mode is None or not model.members(mode) for mode in modes)

    def _root(self, subject: Subject, root: TypeDefinition, default: Mode) -> Iterator[Finding]:
        model = subject.model
        lost: list[Field] = []
        for field in root.fields.values():
            grant = model.grant(field)
            decided = grant.origin == "field" and not _OUTSIDERS.isdisjoint(grant.gates)
            if decided and not self._admits(subject, field, default):
                lost.append(field)
        # A directive for a mode that the API lacks is a mistake of its own, and takes no other field with it.
        sound = [field for field in lost if not self._names_absent_mode(subject, field)]
        lost = sound or lost
        for fields in self.together(subject, lost, at=lambda field: model.deciding(field)[0].span):
            yield self._report(subject, fields, default)

    def _report(self, subject: Subject, lost: list[Field], default: Mode) -> Finding:
        model = subject.model
        open_to_key = [field for field in lost if Mode.API_KEY in model.grant(field).gates]
        first = (open_to_key or lost)[0]
        directive = model.deciding(first)[0]
        admitted = sorted({mode.value for field in lost for mode in model.grant(field).gates})
        more = count(len(lost) - 1, "more field") if len(lost) > 1 else ""
        return self.finding(
            directive,
            f"{default.who} are refused on {listing(field.coordinate for field in lost)}: "
            f"the directives there admit {listing(admitted)} and so remove the default mode {default.value}",
            label="replaces the default mode",
            related=[*(Label(field.span, "likewise") for field in lost if field is not first)][:SHOWN]
            + default_label(subject),
            help=f"add @{default.directive}"
            + (f" here and on {more}" if more else "")
            + f"; if {default.who} are meant to be kept out, ignore this finding with a reason",
            coordinate=first.coordinate,
            causes=[
                f"mode-unused:{default.value}",
                *(f"directive:{item.owner}@{item.name}" for field in lost for item in field.directives),
            ],
            severity=Severity.WARNING if open_to_key else Severity.INFO,
            confidence="medium" if open_to_key else "low",
        )
