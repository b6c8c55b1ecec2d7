"""AppSync drops an argument that an authorization directive does not have.

## What it does

Reports arguments other than `cognito_groups` on `@aws_cognito_user_pools` and `@aws_auth`, and any argument on
`@aws_api_key`, `@aws_iam`, `@aws_oidc` and `@aws_lambda`.

## Why it matters

The schema deploys and the argument is dropped. `@aws_cognito_user_pools(groups: ["Admins"])` is to AppSync
`@aws_cognito_user_pools`: it admits every signed-in user. `@aws_iam` cannot tell one role from another, whatever is
written behind it.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(groups: ["Admins"])
  #                                       ^^^^^^^^^^^^^^^^^^
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
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admins"])
}
```

## Limits

The confidence is medium: the dropped argument rests on one report. Where the directive itself does not count
(`aws-auth-ignored`, `nested-aws-auth-dead`, `user-pools-directive-ignored`) that rule speaks.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import DIRECTIVES, Directive, Edit, Finding, Fix, Mode, Rule, Severity, Subject, listing

from ._consequence import COGNITO, cause, consequence, verb
from ._names import AUTH_DIRECTIVES


class UnknownAuthArgument(Rule):
    name = "unknown-auth-argument"
    severity = Severity.ERROR
    confidence = "medium"
    security_severity = 8.1
    cwe = (863,)
    since = "0.1.0"
    facts = ("1.7", "1.2")
    needs_api = False
    safe_fix = "removes what stands beside cognito_groups"
    unsafe_fix = "calls a list of groups cognito_groups, which keeps everybody else out"
    yields_to = (
        "aws-auth-ignored",
        "directive-mode-not-configured",
        "misplaced-auth-directive",
        "nested-aws-auth-dead",
        "user-pools-directive-ignored",
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        for directive in subject.schema.applied(*AUTH_DIRECTIVES):
            if not directive.arguments:
                continue
            known = DIRECTIVES[directive.name]
            unknown = [item for item in directive.arguments if item.name.value not in known]
            if not unknown:
                continue
            names = listing(item.name.value for item in unknown)
            restricted = directive.argument("cognito_groups") is not None
            yield self.finding(
                directive.place_of(unknown[0]),
                f"@{directive.name} has no argument {names}, and AppSync drops it without a word: "
                f"{self._effect(subject, directive, restricted)}",
                label="is not read",
                coordinate=directive.owner,
                help=self._help(directive, known, restricted),
                causes=(cause(directive),),
                severity=Severity.WARNING if restricted else None,
                subject=directive.name,
                fix=self._fix(directive, known, unknown, restricted),
            )

    def _fix(self, directive: Directive, known: tuple[str, ...], unknown: list[Any], restricted: bool) -> Fix | None:
        if len(unknown) > 1 or not known:
            return None
        argument = unknown[0]
        name = argument.name.value
        if restricted:
            removal = Edit.removing_one(directive, directive.arguments, argument)
            return Fix.of(f"remove {name}", [removal], safe=True)
        if "group" not in name.casefold() or not _names_groups(argument):
            return None
        edits = [Edit.replacing(directive, argument.name, "cognito_groups")]
        if argument.value.kind == "string_value":
            edits += [Edit.before(directive, argument.value, "["), Edit.after(directive, argument.value, "]")]
        return Fix.of(f"write cognito_groups in place of {name}", edits, safe=False)

    def _effect(self, subject: Subject, directive: Directive, restricted: bool) -> str:
        if restricted:
            return "only cognito_groups counts"
        mode = Mode.of_directive(directive.name) or COGNITO
        found = consequence(subject, directive)
        if found is not None and found.grant.gate(mode).everybody:
            it = "the fields of " if directive.place == "OBJECT" else ""
            return f"all {mode.who} may {verb(subject, found.field)} {it}{directive.owner}"
        return f"the directive does not tell one of the {mode.who} from another"

    def _help(self, directive: Directive, known: tuple[str, ...], restricted: bool) -> str:
        if not known:
            return f"@{directive.name} takes no argument; decide between callers of one mode in the resolver"
        if restricted:
            return "remove it"
        groups = _list_text(directive)
        return f"write @{directive.name}(cognito_groups: {groups})"


def _names_groups(argument: Any) -> bool:
    """Whether an argument's value is a text, or a list of texts that is not empty."""
    values = getattr(argument.value, "values", (argument.value,))
    return bool(values) and all(item.kind == "string_value" for item in values)


def _list_text(directive: Directive) -> str:
    """Return the list of names that was written under the wrong argument, as written."""
    values = [item.value for item in directive.arguments]
    if len(values) == 1:
        if values[0].kind == "list_value" and values[0].loc is not None:
            return directive.source.text[values[0].loc.start : values[0].loc.end]
        if values[0].kind == "string_value" and values[0].loc is not None:
            return f"[{directive.source.text[values[0].loc.start : values[0].loc.end]}]"
    return "[...]"
