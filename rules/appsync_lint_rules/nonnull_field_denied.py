"""A refused field is non-null, so the refusal destroys more than the field.

## What it does

Reports non-null fields that refuse callers who get to their type: of a whole mode, or of a Cognito user pool
outside some groups. There is one finding for each type and mode, and one for each directive that restricts to groups.

## Why it matters

AppSync answers a refused field with an error and `null`. A non-null field cannot be `null`, so the object around
it becomes `null`, and if that is non-null too, the one around it, up to the whole response. A caller who selects
one field that is not for him loses everything that he may have.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  order(id: ID!): Order @aws_iam @aws_cognito_user_pools
}
type Order @aws_iam @aws_cognito_user_pools {
  id: ID!
  margin: Float! @aws_iam
# ^^^^^^
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
  order(id: ID!): Order @aws_iam @aws_cognito_user_pools
}
type Order @aws_iam @aws_cognito_user_pools {
  id: ID!
  margin: Float @aws_iam
}
```

## Limits

Only requests that select the field suffer; clients that never do so notice nothing. A field whose own directives
leave the callers out is a warning for that reason, a field that merely forgets them an error.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Caller, Field, Finding, Gap, GroupGap, Label, Rule, Severity, Subject, count, listing
from appsync_lint_rules._coverage import SHOWN, cause, default_label, type_advice


class NonnullFieldDenied(Rule):
    name = "nonnull-field-denied"
    severity = Severity.ERROR
    confidence = "high"
    since = "0.1.0"
    facts = ("7.1", "7.2")
    yields_to = (
        "return-type-unreachable",
        "connection-wrapper-missing-mode",
        "field-unreachable",
        "unknown-auth-directive",
        "extension-fields-dropped",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for gap in subject.model.gaps():
            if not gap.total:
                yield from self._of_mode(subject, gap)
        by_place: dict[str, list[GroupGap]] = {}
        for restricted in subject.model.group_gaps():
            field = restricted.field
            if field.non_null:
                own = subject.model.grant(field).origin == "field"
                by_place.setdefault(field.coordinate if own else field.parent, []).append(restricted)
        for together in by_place.values():
            yield self._of_groups(subject, together)

    def _of_mode(self, subject: Subject, gap: Gap) -> Iterator[Finding]:
        fatal = [field for field in gap.refused if field.non_null]
        if not fatal:
            return
        forgotten = undirected(subject, gap)
        first = fatal[0]
        mode, definition = gap.mode, gap.definition
        others = [field for field in gap.refused if not field.non_null]
        more = f"; {listing(f.name for f in others)} {_is(len(others))} refused too" if others else ""
        related = [Label(field.span, "so is this one") for field in fatal[1 : SHOWN + 1]]
        related += _nulled(subject, first, Caller(mode))
        if forgotten:
            related += default_label(subject)
        yield self.finding(
            first,
            f"{mode.who} who select {listing(f.coordinate for f in fatal)} lose {_lost(subject, first, Caller(mode))}: "
            f"AppSync refuses them the field, and it is non-null{more}",
            label=_reason(subject, first),
            related=related,
            help=_advice(subject, gap, fatal, forgotten),
            subject=mode.value,
            causes=[cause(definition, mode)],
            severity=Severity.ERROR if any(field in forgotten for field in fatal) else Severity.WARNING,
        )

    def _of_groups(self, subject: Subject, together: list[GroupGap]) -> Finding:
        """Report the fields that one place restricts: a field's own directive, or their type's."""
        field, outsider = together[0].field, together[0].outsider
        groups = listing(together[0].groups, conjunction="or")
        names = listing((item.field.coordinate for item in together), conjunction="or")
        return self.finding(
            field,
            f"pool users outside {groups} who select {names} lose {_lost(subject, field, outsider)}: "
            "AppSync refuses them the field, and it is non-null",
            label=_reason(subject, field),
            related=[Label(item.field.span, "so is this one") for item in together[1 : SHOWN + 1]]
            + _nulled(subject, field, outsider),
            help="make the field nullable, so that only the field is lost"
            if len(together) == 1
            else "make the fields nullable, so that only the fields are lost",
            subject="groups",
            severity=Severity.WARNING,
            confidence="medium",
        )


def undirected(subject: Subject, gap: Gap) -> list[Field]:
    """Return the refused fields of a gap that nobody decided about: they merely fall to the default mode."""
    return [field for field in gap.refused if subject.model.grant(field).origin == "default"]


def _advice(subject: Subject, gap: Gap, fatal: list[Field], forgotten: list[Field]) -> str:
    nullable = f"or make the {'field' if len(fatal) == 1 else 'fields'} nullable"
    decided = [field for field in fatal if field not in forgotten]
    if not decided:
        return f"{type_advice(subject, gap.definition, gap.mode)}; {nullable}"
    texts = {" ".join(item.text for item in subject.model.deciding(field)) for field in decided}
    where = "" if len(fatal) == 1 else f" on {listing(field.coordinate for field in decided)}"
    directive = f"@{gap.mode.directive}"
    wanted = (
        f"write {texts.pop()} {directive}{where}" if len(texts) == 1 else f"add {directive} to the directives{where}"
    )
    it = "it" if len(fatal) == 1 else "them"
    rest = f"; {type_advice(subject, gap.definition, gap.mode)}" if forgotten else ""
    return f"{wanted} if they are meant to have {it}{rest}; {nullable}"


def _reason(subject: Subject, field: Field) -> str:
    directives = " ".join(item.text for item in subject.model.deciding(field))
    return f"{directives} admits nobody else" if directives else "no directive, so only the default mode is admitted"


def _lost(subject: Subject, field: Field, caller: Caller) -> str:
    trail = subject.model.reach().null_trail(field, caller)
    if trail.whole_response:
        return "the whole response"
    if len(trail.stops) == 1:
        stop = trail.stops[0]
        return f"the object at {stop.coordinate}"
    return f"the object around it, at {count(len(trail.stops), 'place')}"


def _nulled(subject: Subject, field: Field, caller: Caller) -> list[Label]:
    trail = subject.model.reach().null_trail(field, caller)
    return [Label(stop.span, "null here") for stop in trail.stops[:SHOWN]]


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
