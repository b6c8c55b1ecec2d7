"""A field's directive opens to everybody what its type restricts to groups.

## What it does

On an API with several modes, reports fields whose own directives admit every user of the pool, or anybody with the API
key, although the directives of their type admit some groups only.

## Why it matters

A field's directives replace those of its type; AppSync does not ask for both. Whoever adds a mode to one field of a
restricted type (`@aws_iam @aws_cognito_user_pools`) and does not repeat the groups has opened that field to every
signed-in user.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  payroll: Payroll @aws_cognito_user_pools(cognito_groups: ["HR"])
}
type Payroll @aws_cognito_user_pools(cognito_groups: ["HR"]) {
  month: String
  total: Int @aws_iam @aws_cognito_user_pools
# ^^^^^
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
  payroll: Payroll @aws_cognito_user_pools(cognito_groups: ["HR"])
}
type Payroll @aws_cognito_user_pools(cognito_groups: ["HR"]) {
  month: String
  total: Int @aws_iam @aws_cognito_user_pools(cognito_groups: ["HR"])
}
```

## Limits

A type may be closed on purpose and some of its fields open. Where the directives add no mode to those of the type, or
the type is a root, that is likely: the finding is a warning then. A field that names other groups than its type, or
admits a further mode and keeps the groups, is not reported: that is what a field's directive is for.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Grant, Label, Mode, Rule, Severity, Subject, TypeDefinition, listing

from ._consequence import COGNITO, POOLS, pools_directive, short, verb
from ._coverage import SHOWN


class FieldOpensType(Rule):
    name = "field-opens-type"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 7.5
    cwe = (863,)
    since = "0.1.0"
    facts = ("2.2", "2.4")
    yields_to = ("groups-only-on-aws-auth", "unknown-auth-argument")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model = subject.model
        if not model.is_multi:
            return
        for definition in subject.schema.objects:
            if not definition.directives:
                continue
            rule = model.undirected(definition)
            gate = rule.gate(COGNITO)
            if rule.origin != "type" or not gate.groups or gate.everybody or gate.doubt is not None:
                continue
            opened: dict[tuple[str, ...], list[Field]] = {}
            for field in definition.fields.values():
                if field.directives and (gained := _gained(model.grant(field), rule)) is not None:
                    texts = tuple(item.text for item in model.deciding(field))
                    opened.setdefault((gained.value, *texts), []).append(field)
            for (gained_name, *_), alike in opened.items():
                for fields in self.together(subject, alike):
                    yield self._report(subject, definition, fields, Mode(gained_name))

    def _report(self, subject: Subject, definition: TypeDefinition, fields: list[Field], gained: Mode) -> Finding:
        model = subject.model
        first = fields[0]
        rule = model.undirected(definition)
        groups = tuple(sorted(rule.gate(COGNITO).groups))
        adds = any(not rule.gate(mode).everybody for mode in model.grant(first).gates if mode is not COGNITO)
        likely = adds and not model.is_root(definition.name)
        who = "every signed-in Cognito user" if gained is COGNITO else "anybody who has the API key"
        written = [item for item in model.deciding(first) if item.name not in (COGNITO.directive, "aws_api_key")]
        wanted = " ".join([*(short(item) for item in written), pools_directive(groups)])
        own = " ".join(short(item) for item in model.deciding(first))
        return self.finding(
            first,
            f"{who} may {verb(subject, first)} {listing(field.coordinate for field in fields)}, although type "
            f"{definition.name} is for {listing(groups, conjunction='or')}: a field's directives replace its type's",
            label=f"{own} replaces the type's directives",
            related=[
                *(Label(field.span, "likewise") for field in fields[1 : SHOWN + 1]),
                *(Label(item.span, "does not count there") for item in definition.directives if item.name == POOLS),
            ],
            help=f"write {wanted}",
            subject=gained.value,
            causes=[f"directive:{field.coordinate}@{item.name}" for field in fields for item in field.directives],
            severity=Severity.ERROR if likely else Severity.WARNING,
        )


def _gained(own: Grant, rule: Grant) -> Mode | None:
    """Return the mode whose callers a field's directives let in beyond its type's groups, or None."""
    if own.origin != "field":
        return None
    if own.gate(COGNITO).everybody:
        return COGNITO
    keeps_groups = bool(own.gate(COGNITO).groups)
    key = Mode.API_KEY
    return key if own.gate(key).everybody and not rule.gate(key).everybody and not keeps_groups else None
