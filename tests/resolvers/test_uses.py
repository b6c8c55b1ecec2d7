"""What a resolver's code asks about its caller."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import Resolver, ResolverCode
from appsync_lint.resolvers import Use, use_of, uses_of
from appsync_lint.text import SourceText

from ..strategies import thorough


def asked(use: Use | None) -> dict[str, tuple[int, int, str]]:
    """Return what is asked, each with its line, column and the text there."""
    assert use is not None
    found = {"identity": use.identity, "context": use.context, "groups": use.groups, "refuses": use.refuses}
    return {name: (*span.start, span.text) for name, span in found.items() if span is not None}


def template(text: str) -> Use | None:
    return use_of(ResolverCode("vtl", text=SourceText("a.vtl", text)))


def script(text: str, language: str = "javascript") -> Use | None:
    return use_of(ResolverCode(language, text=SourceText("a.js", text)))  # type: ignore[arg-type]


class TestTemplates:
    def test_all_that_is_asked_has_its_place(self) -> None:
        text = '\n#if(!$ctx.identity.claims.get("cognito:groups").contains("A")) $util.unauthorized() #end\n'
        assert asked(template(text)) == {
            "identity": (2, 6, "$ctx.identity"),
            "groups": (2, 32, "cognito:groups"),
            "refuses": (2, 64, "$util.unauthorized("),
        }

    @pytest.mark.parametrize(
        "text",
        [
            "$ctx.identity.resolverContext.role",
            "$!{context.identity.resolverContext.role}",
            "#set($identity = $context.identity) $identity.resolverContext",
        ],
    )
    def test_spellings_of_the_context(self, text: str) -> None:
        assert {"identity", "context"} <= set(asked(template(text)))

    @pytest.mark.parametrize(
        "text",
        [
            "## $ctx.identity.resolverContext $util.unauthorized()",
            "#* $ctx.identity.groups\n $util.unauthorized() *#",
            "#[[ $ctx.identity.groups ]]#",
            "#* $ctx.identity",
            "$ctx.identityProvider $ctx.args.groupsOf $util.errorType",
            "",
        ],
    )
    def test_comments_and_other_names_ask_nothing(self, text: str) -> None:
        assert asked(template(text)) == {}

    @pytest.mark.parametrize(
        ("text", "whole"),
        [
            ('{"operation": "Invoke", "payload": $util.toJson($context)}', False),
            ("$utils.toJson($ctx)", False),
            ("$utils.toJson(${ctx})", False),
            ("$util.toJson($ctx.args) $context.result.items[0] $ctxs", True),
            ("## $util.toJson($ctx)", True),
        ],
    )
    def test_a_template_that_hands_the_whole_context_on_is_not_all(self, text: str, whole: bool) -> None:
        use = template(text)
        assert use is not None
        assert use.whole is whole

    @thorough(100)
    @given(st.text("#*[]$\n ctx.identity", max_size=60))
    def test_any_text_can_be_read(self, text: str) -> None:
        use = template(text)
        assert use is not None
        assert use.identity is None or text[use.identity.start_offset :].startswith("$")


class TestFunctions:
    def test_all_that_is_asked_has_its_place(self) -> None:
        text = (
            "import { util } from '@aws-appsync/utils'\n"
            "// é ctx.identity.groups\n"
            "export function request(ctx) {\n"
            "  /* ü */ if (!ctx.identity.groups.includes('A')) util.unauthorized()\n"
            "}\n"
        )
        use = script(text)
        assert asked(use) == {
            "identity": (4, 20, "identity"),
            "groups": (4, 29, "groups"),
            "refuses": (4, 56, "unauthorized"),
        }
        assert use is not None
        assert use.whole

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("const { identity } = ctx; identity.resolverContext.x", {"identity", "context"}),
            ("const { identity: { resolverContext } } = ctx", {"identity", "context"}),
            ("ctx['identity']['resolverContext']", {"identity", "context"}),
            ("ctx.identity.claims['cognito:groups']", {"identity", "groups"}),
            ("ctx.identity?.claims?.['cognito:groups']", {"identity", "groups"}),
            ("util.error('no', 'Unauthorized')", {"refuses"}),
            ("console.error", set()),
            ("'ctx.identity.groups' // ctx.identity\n/* util.unauthorized() */", set()),
        ],
    )
    def test_spellings(self, text: str, found: set[str]) -> None:
        assert set(asked(script(text))) == found

    def test_typescript(self) -> None:
        assert set(asked(script("const a = (ctx.identity as Lambda).resolverContext!.x", "typescript"))) == {
            "identity",
            "context",
        }

    def test_code_that_is_elsewhere_is_missing(self) -> None:
        use = script("import { check } from './check'\nexport const request = check")
        assert use is not None
        assert not use.whole

    @pytest.mark.parametrize(
        ("text", "whole"),
        [
            ("export const request = (ctx) => ({ operation: 'Invoke', payload: ctx })", False),
            ("export const request = (context) => ({ payload: { context } })", False),
            ("export function request(ctx) { return helper(ctx) }", False),
            ("export const request = (ctx) => ctx", False),
            ("export const request = ctx => get(ctx.args.id)", True),
            ("export function request(ctx) { const { args } = ctx; return { payload: args } }", True),
        ],
    )
    def test_code_that_hands_the_whole_context_on_is_not_all(self, text: str, whole: bool) -> None:
        use = script(text)
        assert use is not None
        assert use.whole is whole

    def test_broken_code_is_not_judged(self) -> None:
        assert script("export function request(ctx { ctx.identity") is None


class TestFields:
    def test_the_pieces_of_a_pipeline_are_one(self) -> None:
        check = ResolverCode("vtl", text=SourceText("a", "$ctx.identity.resolverContext"))
        refuse = ResolverCode("vtl", text=SourceText("b", "$util.unauthorized()"))
        found = uses_of([Resolver("Query", "a", code=(check, refuse), whole=True)])
        assert found["Query.a"].checks_context
        assert found["Query.a"].whole
        assert not found["Query.a"].checks_groups

    @pytest.mark.parametrize(
        "code",
        [
            (),
            (ResolverCode("vtl"),),
            (ResolverCode("vtl", path="gone.vtl"),),
            (ResolverCode("vtl", path="../../../../etc/hostname"),),
            (ResolverCode("javascript", text=SourceText("a", "{{{")),),
        ],
    )
    def test_nothing_follows_from_code_that_is_not_at_hand(self, code: tuple[ResolverCode, ...]) -> None:
        assert not uses_of([Resolver("Query", "a", code=code, whole=True)])["Query.a"].whole

    def test_a_file_is_read_where_it_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "a.vtl").write_text("$ctx.identity", encoding="utf-8")
        use = use_of(ResolverCode("vtl", path="a.vtl", base=str(tmp_path)))
        assert set(asked(use)) == {"identity"}
