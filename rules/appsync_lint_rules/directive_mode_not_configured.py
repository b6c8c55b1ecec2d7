"""A directive names an authorization mode that the API does not have.

## What it does

Reports, once for each mode, directives (`@aws_oidc`, `@aws_lambda` ...) whose mode is neither the API's default mode
nor among its additional ones. The finding stands at the first place and says how many there are.

## Why it matters

AppSync accepts the schema. No request can be authenticated in that mode, so on an API with several modes the directive
admits nobody, and it removes the default mode from the field or type: where it stands alone, nobody gets in. On an
API with a single mode AppSync reads, as far as is known, no directive for another one: what looks restricted is open
to every caller.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  posts: [ID]
  audit: [String] @aws_oidc
  #               ^^^^^^^^^
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  posts: [ID]
  audit: [String] @aws_iam
}
```

## Limits

The confidence is medium: nobody has seen AppSync refuse such a schema, and what a single-mode API does with it rests on
two public projects. A schema that several environments with different modes share is reported for each API that lacks
the mode. Where only deployment knows the modes, those that are possible count as configured.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Directive, Finding, Label, Mode, Rule, Severity, Subject, count, listing

from ._consequence import AUTH, COGNITO, beside, cause, consequence, groups_of, is_nested, on_object, pools_directive


class DirectiveModeNotConfigured(Rule):
    name = "directive-mode-not-configured"
    severity = Severity.ERROR
    confidence = "medium"
    since = "0.1.0"
    facts = ("1.9", "2.9", "A1")

    def check(self, subject: Subject) -> Iterator[Finding]:
        configured = list(subject.model.modes_in(subject.model.everybody))
        for mode in Mode:
            if mode in configured:
                continue
            places = [item for item in subject.schema.applied(mode.directive) if on_object(subject, item)]
            if mode is COGNITO and subject.model.is_multi is False:
                auth = subject.schema.applied(AUTH)
                places += [item for item in auth if on_object(subject, item) and not is_nested(subject, item)]
            for group in self.together(subject, places):
                yield self._finding(subject, mode, group, configured)

    def _finding(self, subject: Subject, mode: Mode, places: list[Directive], configured: list[Mode]) -> Finding:
        first, others = places[0], places[1:]
        more = f" (here and in {count(len(others), 'other place')})" if others else ""
        single = subject.model.is_multi is False
        severity = None
        if single:
            grouped = any(item.arguments for item in places)
            severity = None if grouped else Severity.WARNING
            only = configured[0]
            # On a pool alone defaultAction and @aws_auth decide; on any other single mode nothing does.
            effect = "changes nothing" if only is COGNITO else f"does not count, and nothing keeps {only.who} out"
            sure = "as far as is known "
        else:
            effect = f"admits nobody{self._closed(subject, places)}"
            sure = ""
            if all(self._stands_beside(subject, item) or self._decides_nothing(subject, item) for item in places):
                severity = Severity.WARNING
        related = [Label(item.span, "here too") for item in others[:3]]
        span = subject.api.default.span
        if span is not None:
            related.append(Label(span, "the only mode" if single else "the default mode"))
        return self.finding(
            first,
            f"the API has no mode {mode.value}: {sure}@{first.name}{more} {effect}",
            label="not one of the API's modes",
            related=related,
            help=self._help(subject, mode, places, configured),
            subject=mode.value,
            causes=[*(cause(item) for item in places), *(f"field:{item.owner}" for item in places)],
            severity=severity,
        )

    def _help(self, subject: Subject, mode: Mode, places: list[Directive], configured: list[Mode]) -> str:
        if any(item.name == AUTH for item in places):
            written = pools_directive(groups_of(places[0]))
            return f"remove it and check in the resolver, or configure {mode.value} on the API and write {written}"
        if subject.model.is_multi is False:
            return f"configure {mode.value} on the API, or remove it"
        if all(self._decides_nothing(subject, item) for item in places):
            return f"remove it, or configure {mode.value} on the API: every field there has a directive of its own"
        if all(self._stands_beside(subject, item) for item in places):
            return f"configure {mode.value} on the API, or remove it: the directives beside it count without it"
        instead = listing((f"@{item.directive}" for item in configured), limit=5, conjunction="or")
        return f"configure {mode.value} on the API, or write the directive of a mode that it has ({instead})"

    def _stands_beside(self, subject: Subject, directive: Directive) -> bool:
        """Whether a directive of a mode that the API has stands beside it."""
        has = subject.model.modes_in(subject.model.everybody)
        return any(beside(subject, directive, item.directive) is not None for item in has)

    def _decides_nothing(self, subject: Subject, directive: Directive) -> bool:
        """Whether it stands on a type all of whose fields have directives of their own that count."""
        definition = subject.schema.types.get(directive.owner)
        fields = definition.fields.values() if definition is not None else ()
        return definition is not None and all(subject.model.grant(field).origin == "field" for field in fields)

    def _closed(self, subject: Subject, places: list[Directive]) -> str:
        """Name the fields that nobody at all gets, because no other directive stands beside it."""
        closed: dict[str, None] = {}
        for directive in places:
            found = consequence(subject, directive)
            if found is not None and found.admitted == "nobody" and not found.doubtful:
                closed.update(dict.fromkeys(field.coordinate for field in found.fields))
        if not closed:
            return ""
        return f", and {listing(closed)} {'is' if len(closed) == 1 else 'are'} closed to every caller"
