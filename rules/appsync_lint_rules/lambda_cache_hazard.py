"""The Lambda authorizer decides by the request, and AppSync reuses its answer for other requests.

## What it does

Follows what the authorizer reads of the request (query, variables, operation name, headers) to the answers that it
returns, and reports answers that depend on it and are kept.

| the answer depends on the request, and | severity |
| --- | --- |
| it is kept, and it lets somebody in | error |
| it is kept, and only `resolverContext` depends on the request | warning |
| it is kept, and it refuses: one bad request locks the token out | warning |
| only deployment knows how long it is kept, or it depends through code that is not here | warning, low confidence |
| it is not kept, but only because the API's cache time is 0 | info |

## Why it matters

AppSync keeps the answer under the token alone. Within that time it does not ask the function again: whatever the
function saw in one query, the next query with the same token gets the same answer. A function that allows a harmless
query and would refuse a dangerous one lets the dangerous one in if it comes second.

## Bad

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
```

```graphql
type Query {
  posts: [ID]
}

type Mutation {
  deletePost(id: ID!): ID
}
```

```python
from tokens import is_editor, is_reader


def handler(event, context):
    token = event["authorizationToken"]
    if "deletePost" in event["requestContext"]["queryString"]:
        return {"isAuthorized": is_editor(token)}
    #   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    return {"isAuthorized": is_reader(token)}
```

## Good

```yaml
authenticationType: AWS_LAMBDA
lambdaAuthorizerConfig:
  authorizerUri: arn:aws:lambda:eu-west-1:111122223333:function:authorizer
  authorizerResultTtlInSeconds: 300
```

```graphql
type Query {
  posts: [ID]
}

type Mutation {
  deletePost(id: ID!): ID
}
```

```python
from tokens import is_editor, is_reader


def handler(event, context):
    token = event["authorizationToken"]
    denied = [] if is_editor(token) else ["Mutation.deletePost"]
    return {"isAuthorized": is_reader(token), "deniedFields": denied}
```

## Limits

The function is read, not run. What a package that is not here does with the request is not known; such a finding has
low confidence. Code in Python, JavaScript and TypeScript is followed; `appsync-lint authorizer FILE` shows what is
seen in it. [Lambda authorizers](../authorizers.md) has the figures and the known limits.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from appsync_lint.plugin import Finding, Label, Severity, Subject, count

from ._authorizers import AuthorizerRule, Case, called, denial, shortened, telling_field

if TYPE_CHECKING:
    from appsync_lint.plugin import Dependence, Judgement, Return

_TOLD = frozenset(["hazard", "context-hazard", "deny-cached", "possible", "safe-while-ttl-0"])
_SEVERITY = {
    "context-hazard": Severity.WARNING,
    "deny-cached": Severity.WARNING,
    "possible": Severity.WARNING,
    "safe-while-ttl-0": Severity.INFO,
}


class LambdaCacheHazard(AuthorizerRule):
    name = "lambda-cache-hazard"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.1
    cwe = (524, 863)
    since = "0.1.0"
    facts = ("5.1", "5.2", "5.3")

    def judge(self, case: Case) -> Iterator[Finding]:
        judgement = case.authorizer.judgement
        if judgement is None or judgement.verdict not in _TOLD:
            return
        returned, dependence = judgement.returned, judgement.dependence
        if returned is None or dependence is None:
            return
        steps = _steps(returned, dependence)
        places = [step for step in steps if step.span != returned.span]
        if judgement.ttl_origin == case.authorizer.ttl_origin and case.authorizer.settings.ttl_span is not None:
            places.append(Label(case.authorizer.settings.ttl_span, "how long AppSync keeps it"))
        elif returned.ttl_span is not None and returned.ttl_span != returned.span:
            places.append(Label(returned.ttl_span, "how long AppSync keeps it"))
        yield self.finding(
            returned.span,
            _message(case.subject, judgement, dependence),
            label=_label(judgement, dependence),
            related=places,
            flow=steps,
            help=_help(judgement),
            subject=f"{case.analysis.handler} {dependence.field}",
            causes=(denial(returned.span),) if judgement.verdict == "deny-cached" else (),
            severity=_SEVERITY.get(judgement.verdict),
            confidence="low" if judgement.verdict == "possible" else None,
        )


def _steps(returned: Return, dependence: Dependence) -> list[Label]:
    """Return the read, the deciding place and the answer, each place once."""
    texts = {
        dependence.read: f"{called(dependence.field)} {'go' if dependence.field == 'variables' else 'goes'} in here",
        dependence.decider: "decides here" if dependence.how == "control" else "becomes part of the answer here",
        returned.span: "the answer that depends on it",
    }
    return [Label(span, text) for span, text in texts.items()]


def _message(subject: Subject, judgement: Judgement, dependence: Dependence) -> str:
    what, verdict = called(dependence.field), judgement.verdict
    field = telling_field(subject)
    for_how_long = _time(judgement)
    if verdict == "hazard":
        return (
            f"this answer depends on {what}, and AppSync reuses it {for_how_long} for every request with the same "
            f"token: send a query that the function allows, then, with the same token, {field}, and AppSync lets it in "
            "without asking"
        )
    if verdict == "context-hazard":
        return (
            f"resolverContext holds something of {what}, and AppSync reuses it {for_how_long} for every request with "
            f"the same token: the resolver of {field} then works with another request's data"
        )
    if verdict == "deny-cached":
        return (
            f"this refusal depends on {what}, and AppSync reuses it {for_how_long} for every request with the same "
            f"token: after one request that the function refuses, {field} is refused, too, whatever the token may do"
        )
    if verdict == "safe-while-ttl-0":
        return (
            f"this answer depends on {what} and is right only because the API's cache time is 0 "
            f"({judgement.ttl_origin}): with any other, {field} gets in on an earlier query's answer"
        )
    why = f"what {shortened(dependence.via)} does with it is not known" if dependence.via else ""
    if judgement.ttl is None:
        time = f"how long AppSync keeps it is not known ({_unknown(judgement)})"
        why = f"{why}, and {time}" if why else time
    return (
        f"this answer depends on {what}, and {why}; where AppSync keeps the answer, a query that the function allows "
        f"and then, with the same token, {field} show the hole"
    )


def _unknown(judgement: Judgement) -> str:
    return "ttlOverride is not a constant" if judgement.ttl_origin == "ttlOverride" else judgement.ttl_origin


def _time(judgement: Judgement) -> str:
    return f"for {judgement.ttl:g} s ({judgement.ttl_origin})" if judgement.ttl is not None else "for some time"


def _label(judgement: Judgement, dependence: Dependence) -> str:
    others = sum(verdict == judgement.verdict for _, verdict in judgement.verdicts) - 1
    more = f", like {count(others, 'other answer')}" if others > 0 else ""
    verb = "is decided by" if dependence.how == "control" or dependence.sinks[0] == "isAuthorized" else "holds"
    return f"{verb} {called(dependence.field)}{more}"


def _help(judgement: Judgement) -> str:
    if judgement.verdict == "context-hazard":
        return "put ttlOverride: 0 into this answer, or let the resolver read the request itself ($context.arguments)"
    if judgement.verdict == "deny-cached":
        return "put ttlOverride: 0 into every refusal that a request can cause"
    if judgement.verdict == "safe-while-ttl-0":
        return "put ttlOverride: 0 into this answer, so that it stays right when somebody sets a cache time"
    return (
        "put ttlOverride: 0 into every answer that depends on the request, or decide by the token alone: deniedFields "
        "worked out from the token, or a check in the resolver"
    )
