"""Anybody with the API key can ask for answers of any depth.

## What it does

Reports an API that takes API keys, sets no limit for the depth of a query nor for the number of resolvers, and whose
schema lets such a caller go round in a circle. The circle is shown.

## Why it matters

`user { friends { friends { friends … } } }` multiplies the work with each level, and one short query keeps data
sources busy that are paid for by the request.

## Bad

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: people
authenticationType: API_KEY
```

```graphql
type Query {
  person(id: ID!): Person
}

type Person {
  name: String
  friends: [Person]
# ^^^^^^^
}
```

## Good

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: people
authenticationType: API_KEY
queryDepthLimit: 10
resolverCountLimit: 200
```

```graphql
type Query {
  person(id: ID!): Person
}

type Person {
  name: String
  friends: [Person]
}
```

## Limits

Without a limit AppSync still stops at 10,000 resolvers in a request. A circle whose fields have no resolvers costs
nothing more than its answer's size. Reported only where the description is one in which leaving limits out means that
there are none.

## References

- [Run complexity, query depth and introspection](https://docs.aws.amazon.com/appsync/latest/devguide/configuration-limits.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Field, Finding, Label, Mode, Rule, Severity, Subject


class UnlimitedQueryDepth(Rule):
    name = "unlimited-query-depth"
    severity = Severity.INFO
    confidence = "high"
    security_severity = 3.7
    cwe = (400, 674)
    since = "0.1.0"
    facts = ("8.2", "8.3")

    def check(self, subject: Subject) -> Iterator[Finding]:
        settings = subject.api.settings
        limits = (settings.query_depth_limit, settings.resolver_count_limit)
        unlimited = all(limit is None or limit.value == 0 for limit in limits)
        if not unlimited or not settings.whole or Mode.API_KEY not in subject.api.modes:
            return
        circle = self._circle(subject)
        if not circle:
            return
        path = " → ".join([circle[0].parent, *(field.type_name for field in circle)])
        yield self.finding(
            circle[-1].span,
            f"whoever has the API key can ask for answers of any depth: {path}",
            label="leads back",
            coordinate=circle[-1].coordinate,
            related=[Label(field.span, "from here") for field in circle[:-1]][:4],
            help="set queryDepthLimit, and resolverCountLimit (QueryDepthLimit, query_depth_limit ...)",
            causes=("api:query-depth",),
        )

    def _circle(self, subject: Subject) -> list[Field]:
        """Return the fields of the first circle that a caller with the key can walk, the one that closes it last."""
        model = subject.model
        key = model.members(Mode.API_KEY)
        root = subject.schema.root("query")
        if root is None:
            return []
        done: set[str] = set()
        path: list[Field] = []
        places: dict[str, int] = {root.name: 0}
        left = [iter(root.fields.values())]
        while left:
            field = next(left[-1], None)
            if field is None:
                left.pop()
                if path:
                    gone = path.pop()
                    del places[gone.type_name]
                    done.add(gone.type_name)
                continue
            target = subject.schema.types.get(field.type_name)
            if target is None or target.kind != "object" or not model.allowed(field) & key:
                continue
            if target.name in places:
                return [*path[places[target.name] :], field]
            if target.name not in done:
                path.append(field)
                places[target.name] = len(path)
                left.append(iter(target.fields.values()))
        return []
