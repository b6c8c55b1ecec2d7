"""@aws_cognito_user_pools restricts nobody on an API whose only mode is a Cognito user pool.

## What it does

On an API whose single mode is a Cognito user pool, reports `@aws_cognito_user_pools`: with groups wherever it
stands; without groups on root fields where `defaultAction` is `DENY`, once for each root type.

## Why it matters

`@aws_cognito_user_pools` comes to count with the second mode. Until then AppSync reads `@aws_auth` on root fields, and
what has none is decided by the pool's `defaultAction`. With `ALLOW` the groups restrict nobody: the field is open to
every signed-in user. With `DENY` the field is closed to everybody, members of the groups included.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  salaries: [Int] @aws_cognito_user_pools(cognito_groups: ["HR"])
  #               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
```

```graphql
type Query {
  salaries: [Int] @aws_auth(cognito_groups: ["HR"])
}
```

## Limits

The confidence is medium: a member of the group was refused on a real API, and authors who measured the directives say
the same, but a sentence in AWS's documentation suggests that the two directives are interchangeable. A field with
`@aws_auth` for the same groups beside it is safe in both kinds of API; nothing is reported there, nor where the
directive has no groups and `ALLOW` admits whom it admits. Interfaces, unions, inputs and enums are not looked at.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
- [A user in the group is refused](https://github.com/aws/aws-appsync-community/issues/349)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Edit, Finding, Fix, Label, Rule, Severity, Subject, listing

from ._consequence import (
    AUTH,
    COGNITO,
    POOLS,
    Consequence,
    beside,
    cause,
    consequence,
    groups_of,
    on_object,
    short,
    with_groups,
)
from ._resolvers import weighed


class UserPoolsDirectiveIgnored(Rule):
    name = "user-pools-directive-ignored"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 8.1
    cwe = (863, 862)
    since = "0.1.0"
    facts = ("3.4", "3.5", "3.1")
    yields_to = ("nested-aws-auth-dead",)
    unsafe_fix = "writes @aws_auth in its place on root fields, so that the groups count"

    def check(self, subject: Subject) -> Iterator[Finding]:
        if subject.model.is_multi is not False or subject.api.default_mode is not COGNITO:
            return
        closed: dict[str, list[tuple[Directive, Consequence]]] = {}
        for directive in subject.schema.applied(POOLS):
            if not on_object(subject, directive):
                continue
            found = consequence(subject, directive)
            decided_by_auth = found is None or found.grant.origin == "field"
            if not directive.arguments:
                if found is not None and _is_closed(found):
                    closed.setdefault(found.field.parent, []).append((directive, found))
            elif decided_by_auth or found is None:
                yield from self._beside_auth(subject, directive)
            else:
                yield weighed(subject, directive, self._exposure(subject, directive, found))
        for places in closed.values():
            yield self._refusal(subject, places)

    def _exposure(self, subject: Subject, directive: Directive, found: Consequence) -> Finding:
        nested = found.grant.origin == "single"
        label = "restricts nobody"
        what = self._what(directive)
        if nested:
            type_name = directive.owner.partition(".")[0]
            what = "its fields" if directive.place == "OBJECT" else what
            effect = f"whoever gets to {type_name} reads {what}, whatever their groups"
        elif _is_closed(found):
            return self._refusal(subject, [(directive, found)])
        elif found.doubtful:
            effect = f"{what} falls to {found.reason}, and whom that admits is not known"
            label = "does not count"
        else:
            effect = f"{what} falls to {found.reason}, so {found.admitted} may call it, whatever their groups"
        return self.finding(
            directive,
            f"{_UNREAD}: {effect}",
            label=label,
            related=self._action(subject, nested),
            help=self._help(subject, directive, nested),
            causes=(cause(directive), f"field:{directive.owner}"),
            fix=None if nested else _fix(directive),
        )

    def _refusal(self, subject: Subject, places: list[tuple[Directive, Consequence]]) -> Finding:
        """Tell of what nobody may call: one directive with groups, or all bare ones of a root type together."""
        (first, found), others = places[0], places[1:]
        fields = dict.fromkeys(field.coordinate for _, item in places for field in item.fields)
        return self.finding(
            first,
            f"{_UNREAD}: {listing(fields)} {'falls' if len(fields) == 1 else 'fall'} to {found.reason}, so nobody may "
            f"call {'it' if len(fields) == 1 else 'them'}",
            label="admits nobody",
            related=[
                *(Label(item.span, "nor does this") for item, _ in others[:3]),
                *self._action(subject, nested=False),
            ],
            help=self._help(subject, first, nested=False),
            causes=[*(cause(item) for item, _ in places), *(f"field:{name}" for name in fields)],
            fix=_fix(first) if not others else None,
        )

    def _beside_auth(self, subject: Subject, directive: Directive) -> Iterator[Finding]:
        """Where @aws_auth decides: silent for the same groups, else only those of @aws_auth count."""
        auth = beside(subject, directive, AUTH)
        groups, counted = groups_of(directive), groups_of(auth)
        if auth is None or groups is None or (counted is not None and set(counted) == set(groups)):
            return
        yield self.finding(
            directive,
            f"{_UNREAD}: on {directive.owner} {short(auth)} decides, and these groups do not count",
            label="does not count",
            related=[Label(auth.span, "this one counts")],
            help=f"name the same groups on both: {with_groups(AUTH, groups)}",
            causes=(cause(directive), cause(auth)),
        )

    def _what(self, directive: Directive) -> str:
        return f"every undirected field of {directive.owner}" if directive.place == "OBJECT" else directive.owner

    def _action(self, subject: Subject, nested: bool) -> list[Label]:
        pool = subject.api.default.user_pool
        span = pool.default_action_span if pool is not None else None
        if nested or span is None:
            span = subject.api.default.span
            return [Label(span, "the API's only mode")] if span is not None else []
        return [Label(span, "decides where there is no @aws_auth")]

    def _help(self, subject: Subject, directive: Directive, nested: bool) -> str:
        groups = groups_of(directive)
        written = with_groups(AUTH, groups)
        who = ""
        if nested:
            return (
                "no directive restricts a field below the root on this API: move it to a root field with "
                f"{written}, or give the API a second mode"
            )
        if groups is None and directive.arguments:
            written = "@aws_auth(cognito_groups: [...]) with the groups' names"
        elif groups is None and subject.api.default_action == "DENY":
            written = "@aws_auth"
            who = ", which admits every user of the pool"
        where = " on each of its fields" if directive.place == "OBJECT" else ""
        return f"write {written}{where}{who}; should the API get a second mode, it is {short(directive)} that counts"


def _fix(directive: Directive) -> Fix | None:
    if directive.place != "FIELD_DEFINITION" or groups_of(directive) is None:
        return None
    return Fix.of("write @aws_auth in its place", [Edit.renaming(directive, AUTH)], safe=False)


def _is_closed(found: Consequence) -> bool:
    """Whether defaultAction DENY refuses everybody, for certain."""
    return found.grant.origin == "action" and found.admitted == "nobody" and not found.doubtful


_UNREAD = "@aws_cognito_user_pools does not count on an API whose only mode is a Cognito user pool"
