"""A directive says what holds without it.

## What it does

On an API with several modes, notes fields whose directives say the same as those on their type, once for each type,
and, once for the whole schema, types and fields that name the default mode alone where it would decide without them.

## Why it matters

Nothing is wrong with such a directive today. But it stays when the type's directives change: a mode that is added to
the type does not reach the field, and a group that is taken from the type keeps the field.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  job: Job @aws_iam
}
type Job @aws_iam {
  id: ID @aws_iam
  #      ^^^^^^^^
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
  job: Job @aws_iam
}
type Job @aws_iam {
  id: ID
}
```

## Limits

To write every directive out is a style that many prefer, so the rule is pedantic. It is silent where only deployment
knows the modes, and on APIs with one mode, where such directives are not read.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from appsync_lint.plugin import MODE_DIRECTIVES, Directive, Edit, Finding, Fix, Label, Rule, Severity, Subject

from ._consequence import POOLS, cause, groups_of, on_object, short
from ._groups import elsewhere

#: What directives say: their names, each with its groups; None for what cannot be read.
_Said: TypeAlias = frozenset[tuple[str, "frozenset[str] | None"]] | None


class RedundantDirective(Rule):
    name = "redundant-directive"
    severity = Severity.INFO
    confidence = "high"
    since = "0.1.0"
    facts = ("2.1", "2.2", "2.3")
    enabled = False
    pedantic = True
    safe_fix = "removes it"

    def check(self, subject: Subject) -> Iterator[Finding]:
        law = subject.model.law
        if law is None or not law.multi or law.refused:
            return
        plain: _Said = frozenset([(law.default.directive, None)])
        by_owner: dict[str, list[Directive]] = {}
        for directive in subject.schema.applied(*MODE_DIRECTIVES):
            if on_object(subject, directive) and not directive.from_extension:
                by_owner.setdefault(directive.owner, []).append(directive)
        default: list[list[Directive]] = []
        repeated: dict[str, list[list[Directive]]] = {}
        on_types: dict[str, tuple[Directive, ...]] = {}
        for owner, directives in by_owner.items():
            type_name, _, field_name = owner.partition(".")
            if type_name not in on_types:
                on_types[type_name] = subject.model.enforced(subject.model.counted(subject.schema.types[type_name]))
            on_type = on_types[type_name] if field_name else ()
            # Few directives have the right names, which is told faster than what they say.
            if {item.name for item in directives} != ({item.name for item in on_type} or {law.default.directive}):
                continue
            said = _said(directives)
            if said is None:
                continue
            if on_type:
                if said == _said(on_type):
                    repeated.setdefault(type_name, []).append(directives)
            elif said == plain:
                default.append(directives)
        if default:
            yield self._finding(default, "names the default mode alone, which is admitted without it")
        for type_name, found in repeated.items():
            yield self._finding(found, f"repeats what stands on type {type_name}")

    def _finding(self, found: list[list[Directive]], what: str) -> Finding:
        first = sorted(found[0], key=lambda item: item.span.start_offset)
        others = found[1:]
        return self.finding(
            first[0],
            f"{' '.join(short(item) for item in first)} on {first[0].owner}{elsewhere(len(others))} {what}",
            label="holds without it",
            related=[Label(item[0].span, "here too") for item in others[:3]],
            help="remove it",
            causes=[cause(item) for directives in found for item in directives],
            fix=Fix.of(
                f"remove {first[0].text}{elsewhere(len(others))}",
                Edit.removing_all(item for directives in found for item in directives),
                safe=True,
            ),
        )


def _said(directives: tuple[Directive, ...] | list[Directive]) -> _Said:
    found = set()
    for directive in directives:
        groups = groups_of(directive) if directive.name == POOLS else None
        if directive.arguments and groups is None:
            return None
        found.add((directive.name, frozenset(groups) if groups is not None else None))
    return frozenset(found)
