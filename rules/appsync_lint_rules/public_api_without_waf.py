"""Nothing stands between the internet and an API that takes API keys.

## What it does

Reports an API that takes API keys, can be reached from the internet and has no web ACL of AWS WAF.

## Why it matters

A key can be copied from any page that uses it, and AppSync itself limits neither how often one caller calls nor from
where. A web ACL does.

## Bad

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: news
authenticationType: API_KEY
#                   ^^^^^^^
visibility: GLOBAL
```

```graphql
type Query {
  news: [String]
}
```

## Good

```yaml
apiId: abc
arn: arn:aws:appsync:eu-west-1:111122223333:apis/abc
name: news
authenticationType: API_KEY
visibility: GLOBAL
wafWebAclArn: arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/news/1
```

```graphql
type Query {
  news: [String]
}
```

## Limits

A web ACL that another stack or a person attaches is not seen, nor is one of a custom domain's distribution.

## References

- [Using AWS WAF](https://docs.aws.amazon.com/appsync/latest/devguide/WAF-Integration.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from appsync_lint.plugin import Finding, Mode, Rule, Severity, Subject

from ._places import first_place


class PublicApiWithoutWaf(Rule):
    name = "public-api-without-waf"
    severity = Severity.WARNING
    confidence = "medium"
    security_severity = 3.7
    cwe = (770,)
    since = "0.1.0"
    enabled = False
    pedantic = True
    facts = ("8.4", "8.5")

    def check(self, subject: Subject) -> Iterator[Finding]:
        settings = subject.api.settings
        provider = subject.api.provider(Mode.API_KEY)
        if provider is None or not settings.whole or settings.waf is not None:
            return
        if settings.visibility is not None and settings.visibility.value != "GLOBAL":
            return
        yield self.finding(
            first_place(subject, provider.span),
            "anybody on the internet who has the API key may call this API as often as he likes: it has no web ACL",
            label="a key that can be copied",
            coordinate="",
            help="associate a web ACL of AWS WAF with the API, with a rate-based rule",
            causes=("api:waf",),
        )
