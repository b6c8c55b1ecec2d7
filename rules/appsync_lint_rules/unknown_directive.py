"""A directive that AppSync does not know has no effect.

## What it does

Reports, once for each name, directives that AppSync does not have and that do not look like one about access (those
are reported by `unknown-auth-directive`). A name close to one of AppSync's, such as `@aws_subscribes`, is a warning at
each place; others are noted.

## Why it matters

AppSync does not check the names of directives: the schema deploys, and the directive does nothing. Whoever reads the
schema takes it for a promise. Near `@aws_subscribe` it is worse: a subscription whose directive is misspelt is never
fed.

## Bad

```graphql
type Query {
  now: AWSTimestamp @cacheControl(maxAge: 60)
  #                 ^^^^^^^^^^^^^^^^^^^^^^^^^
}
```

## Good

```graphql
type Query {
  now: AWSTimestamp
}
```

## Limits

A tool that reads the directive before the schema is uploaded (a code generator, a preprocessor) is not seen; give the
rule the severity `off` in such a project. A definition of the directive in the file changes nothing for AppSync.

## References

- [Designing a GraphQL schema](https://docs.aws.amazon.com/appsync/latest/devguide/designing-your-schema.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import DIRECTIVES, Edit, Finding, Fix, Label, Rule, Severity, Subject, count

from ._consequence import cause
from ._names import looks_like_auth, meant


class UnknownDirective(Rule):
    name = "unknown-directive"
    severity = Severity.INFO
    confidence = "medium"
    since = "0.1.0"
    facts = ("1.6", "9.2", "A3")
    needs_api = False
    yields_to = ("unknown-auth-directive", "amplify-source-schema")
    unsafe_fix = "writes the directive that was meant"

    def check(self, subject: Subject) -> Iterator[Finding]:
        schema = subject.schema
        for name in schema.directive_names():
            if name in DIRECTIVES or looks_like_auth(name):
                continue
            places = schema.applied(name)
            intended = meant(name)
            if intended is not None:
                for directive in places:
                    yield self.finding(
                        directive,
                        f"there is no directive @{name}, and AppSync drops it without a word",
                        label="does nothing",
                        help=f"write @{intended}",
                        causes=(cause(directive),),
                        severity=Severity.WARNING,
                        fix=Fix.of(
                            f"write @{intended} in place of @{name}", [Edit.renaming(directive, intended)], safe=False
                        ),
                    )
                continue
            first, others = places[0], places[1:]
            more = f" and {count(len(others), 'other place')}" if others else ""
            yield self.finding(
                first,
                f"AppSync has no directive @{name}: on {first.owner}{more} it has no effect",
                label="does nothing",
                related=[Label(item.span, "nor here") for item in others[:3]],
                help="remove it, or turn this rule off if a tool reads it before the schema is uploaded",
                subject=name,
                causes=[cause(item) for item in places],
            )
