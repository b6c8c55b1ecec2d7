"""A configured authorization mode is admitted to no operation at all.

## What it does

Reports a mode of the API that no field of `Query`, `Mutation` or `Subscription` admits. Where the schema has no
authorization directive at all there is one finding for all such modes.

## Why it matters

An additional mode has no default access: it is admitted where a directive names it and nowhere else. A mode that
no operation names is configured for nothing. Its callers are let into the API and refused on every field: "my
authorizer returns isAuthorized: true and AppSync still says Not Authorized". The same happens to the default mode
when every operation has a directive that leaves it out.

## Bad

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
  #                     ^^^^^^^^^^
```

```graphql
type Query {
  event(id: ID!): Event
}
type Event {
  id: ID!
}
```

## Good

```yaml
authenticationType: API_KEY
additionalAuthenticationProviders:
  - authenticationType: AWS_LAMBDA
```

```graphql
type Query {
  event(id: ID!): Event @aws_api_key @aws_lambda
}
type Event @aws_api_key @aws_lambda {
  id: ID!
}
```

## Limits

A schema that was exported from a live API without its directives looks just the same: export it with directives, then
every other finding is right too. Some tools add AWS_IAM to every API; if nobody calls it that way, nothing is lost.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Mode, Rule, Severity, Span, Subject, listing
from appsync_lint_rules._coverage import default_label
from appsync_lint_rules._names import looks_like_auth, meant


class ModeNeverAdmitted(Rule):
    name = "mode-never-admitted"
    severity = Severity.WARNING
    confidence = "high"
    since = "0.1.0"
    facts = ("2.1", "4.6", "9.13")
    yields_to = ("unknown-auth-directive", "aws-auth-ignored")

    def check(self, subject: Subject) -> Iterator[Finding]:
        model, schema = subject.model, subject.schema
        roots = [schema.types[name] for name in schema.roots.values()]
        fields = [field for root in roots for field in root.fields.values()]
        if not model.is_multi or not fields:
            return
        passing = 0
        for field in fields:
            passing |= model.possible(field)
        admitted = model.modes_in(passing)
        idle = [mode for mode in subject.api.modes if mode not in admitted]
        if not idle:
            return
        bare = not any(Mode.of_directive(directive.name) for directive in schema.directives())
        # A mode whose directive is misspelt, or is @aws_auth, is told by the rule for that: alone, so that it takes no
        # other mode with it.
        meant_modes = set(_ineffective(subject))
        together = [mode for mode in idle if bare and mode not in meant_modes]
        for modes in [together, *([mode] for mode in idle if mode not in together)]:
            if modes:
                yield self._report(subject, modes, fields, bare, exported_bare=not meant_modes)

    def _report(
        self, subject: Subject, modes: list[Mode], fields: list[Field], bare: bool, exported_bare: bool
    ) -> Finding:
        api = subject.api
        default = api.default_mode
        provider = api.provider(modes[0])
        place: Span = provider.span if provider and provider.span else subject.schema.types[fields[0].parent].span
        names = listing(mode.value for mode in modes)
        directives = " ".join(f"@{mode.directive}" for mode in modes)
        also = f" beside @{default.directive}" if default and default not in modes else ""
        wanted = f"write {directives}{also} on the operations meant for them and on the types that these return"
        if bare:
            none = "no directive stands anywhere" if exported_bare else "no directive that counts stands anywhere"
            reason = f"{none}, so only the default mode{f' {default.value}' if default else ''} is admitted"
            if exported_bare:
                wanted += "; if the schema was exported from a live API, export it with its directives"
        elif default in modes:
            reason = "every operation has a directive, and none of them restates the default mode"
        else:
            reason = "no operation has a directive that names the mode"
        verb = "is" if len(modes) == 1 else "are"
        return self.finding(
            place,
            f"{names} {verb} configured, but AppSync refuses {listing(mode.who for mode in modes)} on every operation: "
            f"{reason}",
            label="admitted nowhere",
            related=() if default in modes else default_label(subject),
            help=wanted,
            subject=names,
            causes=[f"mode-unused:{mode.value}" for mode in modes],
        )


def _ineffective(subject: Subject) -> Iterator[Mode]:
    """Yield the modes that directives without an effect were to admit: misspelt ones, and @aws_auth."""
    for name in subject.schema.directive_names():
        intended = meant(name) if looks_like_auth(name) else name
        mode = Mode.AMAZON_COGNITO_USER_POOLS if intended == "aws_auth" else Mode.of_directive(intended or "")
        if mode is not None:
            yield mode
