"""A run's result made by hand, with everything in it that makes reports difficult."""

from __future__ import annotations

from typing import ClassVar

from appsync_lint.api import Api, Mode, Provider, Unresolved
from appsync_lint.linter import Confidence, Edit, Finding, Fix, Label, Outcome, Rule, Severity
from appsync_lint.linter.result import Result, Target
from appsync_lint.schema import build_schema, parse_text
from appsync_lint.text import SourceText, Span

#: Line 2 has tabs, 3 wide and combining characters, 5 an escape sequence and a mark that reverses text,
#: 8 to 10 one directive, 11 is the longest.
SCHEMA = SourceText(
    "api/schema.graphql",
    "type Query {\n"
    "\tposts:\t[Post]\t@aws_auth\n"
    '  "文章 e\u0301" post(id: ID!): Post @aws_iam\n'
    "}\n"
    'type Mutation { "\x1b[31mred\x1b[0m \u202eesrever" drop: ID @aws_api_key }\r\n'
    "type Post {\r\n"
    "  id: ID!\r\n"
    "  title: String @aws_cognito_user_pools(cognito_groups: [  \r\n"
    '    "Admins"\r\n'
    "  ])\r\n"
    '  updatePostOfAnybody(id: ID!, title: String!, text: String!): Post @aws_auth(cognito_groups: ["Admins", "Editors"])\r\n'
    "}\r\n",
)
#: A template of one line, far longer than any terminal.
TEMPLATE = SourceText(
    "infra/my template.json",
    '{"Resources": {'
    + '"Bucket": {"Type": "AWS::S3::Bucket"}, ' * 30_000
    + '"Api": {"Type": "AWS::AppSync::GraphQLApi", '
    '"Properties": {"Name": "blog", "AuthenticationType": "API_KEY", "AdditionalAuthenticationProviders": '
    '[{"AuthenticationType": "AMAZON_COGNITO_USER_POOLS"}]}}' + ', "More": {}' * 30_000 + "}}",
)
OUTSIDE = SourceText("/elsewhere/größe.graphql", "extend type Query { more: ID }")


def at(source: SourceText, text: str, *, after: str = "") -> Span:
    """Return the place of a text in a file: the first one, or the first one after another text."""
    start = source.text.index(text, source.text.index(after) + len(after) if after else 0)
    return source.span(start, start + len(text))


class _Documented(Rule):
    """A rule whose documentation stands in its class: real ones have a module each."""

    text: ClassVar[str]

    @classmethod
    def documentation(cls) -> str:
        return cls.text


class AuthIgnored(_Documented):
    name = "auth-ignored"
    severity = Severity.ERROR
    confidence = "high"
    security_severity = 8.8
    cwe = (863, 22)
    since = "0.1.0"
    text = """AppSync ignores @aws_auth.

## What it does

Reports every `@aws_auth` on an API with
more than one mode.

## Why it matters

Groups restrict *nobody*.

## Bad

```graphql
type Query {
  me: ID @aws_auth(cognito_groups: ["Admins"])
  #      ^^^^^^^^^
}
```

## Good

Write `@aws_cognito_user_pools`.

## Limits

None."""


class TtlImplicit(_Documented):
    name = "ttl-implicit"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    enabled = False
    text = f"""The TTL is not written.

## What it does

{"Tells what the tool sets. " * 60}

## Why it matters

Answers are kept."""


class Unusual(_Documented):
    name = "unusual"
    severity = Severity.INFO
    confidence = "low"
    security_severity = 3.0
    since = "0.2.0"
    text = "A rule of which nothing is told"


RULES: dict[str, Rule] = {rule.name: rule for rule in (Unusual(), TtlImplicit(), AuthIgnored())}

_LEVELS: dict[str, tuple[Severity, Confidence]] = {
    "auth-ignored": (Severity.ERROR, "high"),
    "ttl-implicit": (Severity.WARNING, "medium"),
    "unusual": (Severity.INFO, "low"),
}


def finding(
    rule: str,
    span: Span,
    message: str,
    *,
    coordinate: str = "",
    label: str = "",
    related: tuple[Label, ...] = (),
    help: str = "",
    fingerprint: str = "00c0ffee",
    fix: Fix | None = None,
) -> Finding:
    """Make a finding of one of the rules above."""
    severity, confidence = _LEVELS[rule]
    return Finding(
        rule,
        severity,
        confidence,
        message,
        coordinate,
        span,
        label=label,
        related=related,
        help=help,
        api="blog",
        fingerprint=fingerprint,
        fix=fix,
    )


def edit(span: Span, text: str = "") -> Edit:
    """Write a text in place of what stands somewhere."""
    return Edit(span.source, span.start_offset, span.end_offset, text)


SECOND_MODE = Label(at(TEMPLATE, '"AuthenticationType": "AMAZON_COGNITO_USER_POOLS"'), "the second mode")

FINDINGS = (
    finding(
        "auth-ignored",
        at(SCHEMA, "@aws_auth"),
        "AppSync ignores @aws_auth on an API with more than one authorization mode",
        coordinate="Query.posts",
        label="restricts nobody",
        related=(SECOND_MODE, Label(at(SCHEMA, "Post"), "returns posts")),
        help='write @aws_cognito_user_pools(cognito_groups: ["Admins"])',
        fix=Fix("remove @aws_auth", (edit(at(SCHEMA, "\t@aws_auth")),), safe=True),
    ),
    finding(
        "unusual",
        at(SCHEMA, "@aws_iam"),
        "the directive names a mode that the API lacks",
        coordinate="Query.post",
        label="admits nobody",
        related=(
            Label(at(SCHEMA, "Query"), "the type"),
            Label(at(SCHEMA, "Post", after="(id: ID!): "), "what it returns"),
        ),
    ),
    finding(
        "unusual",
        at(SCHEMA, "drop"),
        "the field \x1b]0;title\x07 is \u202edesrever\u202c",
        coordinate="Mutation.drop",
        label="after \x9b31m and \u2028",
        help="remove\nthe\ttext",
    ),
    finding(
        "ttl-implicit",
        SCHEMA.span(SCHEMA.text.index("@aws_cognito"), SCHEMA.text.index("  updatePost")),
        "a directive over three lines",
        coordinate="Post.title",
        label="starts here",
        fix=Fix(
            "remove @aws_cognito_user_pools](1)\x1b",
            (edit(SCHEMA.span(SCHEMA.text.index("@aws_cognito"), SCHEMA.text.index("  updatePost"))),),
            safe=True,
        ),
    ),
    finding(
        "auth-ignored",
        at(SCHEMA, '@aws_auth(cognito_groups: ["Admins", "Editors"])'),
        "AppSync ignores @aws_auth on an API with more than one authorization mode: callers with the API key may call "
        "Post.updatePostOfAnybody, and signed-in Cognito users in Admins or Editors are refused",
        coordinate="Post.updatePostOfAnybody",
        label="restricts nobody: any API key may call updatePostOfAnybody, Cognito users may not, whatever their groups",
        related=(Label(at(SCHEMA, "Post"), "returned by Query.posts"), SECOND_MODE),
        help="write @aws_cognito_user_pools",
        fix=Fix(
            "write @aws_cognito_user_pools in place of @aws_auth",
            (
                edit(at(SCHEMA, "aws_auth", after="Post @"), "aws_cognito_user_pools"),
                edit(SCHEMA.span(len(SCHEMA.text), len(SCHEMA.text)), '# "done"\n'),
            ),
            safe=False,
        ),
    ),
    finding(
        "ttl-implicit",
        at(TEMPLATE, '"AuthenticationType": "API_KEY"'),
        "the default mode is [the API key](https://example.org)",
        label="[here](1)",
        related=tuple(Label(at(SCHEMA, word), word) for word in ("posts", "drop", "id", "title", "Admins", "Editors")),
    ),
    finding(
        "unusual", OUTSIDE.span(0, 0), "a place of no length", label="", related=(Label(OUTSIDE.span(30, 30), ""),)
    ),
    finding("unusual", OUTSIDE.span(30, 30), "the end of the file"),
)

API = Api(
    "blog",
    Provider(Mode.API_KEY),
    (Provider(Mode.AMAZON_COGNITO_USER_POOLS),),
    additional_open=Unresolved("!Ref MoreModes", candidates=("AWS_IAM", "AWS_LAMBDA")),
    path="infra/my template.json",
)


def result(*findings: Finding, api: Api | None = API, ignored: tuple[Finding, ...] = ()) -> Result:
    """Return a run over one API with these findings."""
    schema = build_schema([parse_text(SCHEMA)])
    return Result((Target(api, schema, Outcome(findings, ignored)),))


SAMPLE = result(*FINDINGS, ignored=FINDINGS[:1])
