"""Any API written as a template, in either spelling and either syntax, is read back as the same API."""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.api import (
    Api,
    LambdaAuthorizer,
    Mode,
    OpenIdConnect,
    Provider,
    SchemaFile,
    Tool,
    Unresolved,
    UserPool,
)
from appsync_lint.sources import read_file
from appsync_lint.text import EmbeddedText, SourceText

from ..strategies import thorough

TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="$\u2028\u2029\ufeff\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: "{{resolve:" not in text)
NAME = st.from_regex(r"[A-Z][A-Za-z0-9]{0,12}", fullmatch=True)
OPEN = NAME.map(lambda name: Unresolved(f"!Ref Open{name}", f"the parameter Open{name} has no default"))
MAYBE = st.none() | TEXT | OPEN
NUMBER = st.none() | st.integers(0, 10**7) | OPEN
ACTION = st.sampled_from(["ALLOW", "DENY"])

POOL = st.builds(UserPool, pool_id=MAYBE, default_action=st.none() | ACTION | OPEN, app_client_regex=MAYBE)
ISSUER = st.builds(OpenIdConnect, issuer=MAYBE, client_id=MAYBE, issued_ttl_ms=NUMBER, auth_ttl_ms=NUMBER)
AUTHORIZER = st.builds(LambdaAuthorizer, uri=MAYBE, ttl=NUMBER, identity_validation=MAYBE)
PROVIDER = st.builds(
    Provider,
    mode=st.sampled_from(list(Mode)) | OPEN,
    user_pool=st.none() | POOL,
    oidc=st.none() | ISSUER,
    authorizer=st.none() | AUTHORIZER,
)
SCHEMA = (
    st.none()
    | TEXT.map(lambda text: SchemaFile(text=SourceText("", text)))
    | NAME.map(lambda name: SchemaFile(path=f"{name}.graphql"))
)


def _without_action(provider: Provider) -> Provider:
    if provider.user_pool is None:
        return provider
    return replace(provider, user_pool=replace(provider.user_pool, default_action=None))


APIS = st.builds(
    Api,
    name=NAME,
    default=PROVIDER,
    # Only the default pool has a default action.
    additional=st.lists(PROVIDER.map(_without_action), max_size=3).map(tuple),
    additional_open=st.none() | OPEN,
    schema_files=SCHEMA.map(lambda file: (file,) if file else ()),
    tool=st.sampled_from([Tool("CloudFormation", 0), Tool("SAM", 0)]),
)
TEMPLATES = st.lists(APIS, min_size=1, max_size=3, unique_by=lambda api: api.name.casefold())

SPELLING = {
    "CloudFormation": ("AuthenticationType", "UserPoolConfig", "OpenIDConnectConfig", "LambdaAuthorizerConfig"),
    "SAM": ("Type", "UserPool", "OpenIDConnect", "LambdaAuthorizer"),
}


def template(apis: list[Api]) -> dict[str, object]:
    """Write APIs as a template, in the long forms of the intrinsic functions."""
    parameters: dict[str, object] = {}

    def plain(value: object) -> object:
        if isinstance(value, Unresolved):
            name = value.text.removeprefix("!Ref ")
            parameters[name] = {"Type": "String"}
            return {"Ref": name}
        return value.value if isinstance(value, Mode) else value

    def settings(**values: object) -> dict[str, object]:
        return {name: plain(value) for name, value in values.items() if value is not None}

    def provider(item: Provider, tool: str) -> dict[str, object]:
        mode, pool, oidc, authorizer = SPELLING[tool]
        written: dict[str, object] = {mode: plain(item.mode)}
        if item.user_pool:
            values = item.user_pool
            written[pool] = settings(
                UserPoolId=values.pool_id, DefaultAction=values.default_action, AppIdClientRegex=values.app_client_regex
            )
        if item.oidc:
            issuer = item.oidc
            written[oidc] = settings(
                Issuer=issuer.issuer,
                ClientId=issuer.client_id,
                IatTTL=issuer.issued_ttl_ms,
                AuthTTL=issuer.auth_ttl_ms,
            )
        if item.authorizer:
            function = item.authorizer
            written[authorizer] = settings(
                AuthorizerUri=function.uri,
                AuthorizerResultTtlInSeconds=function.ttl,
                IdentityValidationExpression=function.identity_validation,
            )
        return written

    resources: dict[str, object] = {}
    for api in apis:
        tool = api.tool.name
        auth = provider(api.default, tool)
        additional: list[object] = [provider(item, tool) for item in api.additional]
        if api.additional_open:
            additional.append(plain(api.additional_open))
        if additional:
            auth["AdditionalAuthenticationProviders" if tool == "CloudFormation" else "Additional"] = additional
        file = api.schema_files[0] if api.schema_files else None
        inline = file.text.text if file and file.text else None
        path = file.path if file else None
        if tool == "SAM":
            properties = {"Auth": auth, **settings(SchemaInline=inline, SchemaUri=path)}
            resources[api.name] = {"Type": "AWS::Serverless::GraphQLApi", "Properties": properties}
            continue
        resources[api.name] = {"Type": "AWS::AppSync::GraphQLApi", "Properties": auth}
        if file:
            link = {"ApiId": {"Fn::GetAtt": [api.name, "ApiId"]}}
            resources[f"{api.name}0Schema"] = {
                "Type": "AWS::AppSync::GraphQLSchema",
                "Properties": {**link, **settings(Definition=inline, DefinitionS3Location=path)},
            }
    return {"Parameters": parameters, "Resources": resources}


def bare(value: object) -> object:
    """An API as plain data, without places and without the words that explain what is open."""
    if isinstance(value, Unresolved):
        # The text differs with the syntax, the parameter that it names does not.
        return ("unresolved", re.findall(r"Open\w+", value.text), value.why, value.candidates)
    if isinstance(value, (SourceText, EmbeddedText)):
        return value.text
    if isinstance(value, tuple):
        return [bare(item) for item in value]
    if is_dataclass(value):
        left_out = ("path", "base") if isinstance(value, Api) else ("base", "code")
        return {
            item.name: bare(getattr(value, item.name))
            for item in fields(value)
            if not item.name.endswith("span") and item.name not in left_out
        }
    return value


class _ShortForms(yaml.SafeDumper):
    """Writes ``!Ref Name`` where the long form is ``Ref: Name``."""


def _short(dumper: yaml.SafeDumper, data: dict[str, object]) -> yaml.Node:
    if set(data) == {"Ref"}:
        return dumper.represent_scalar("!Ref", str(data["Ref"]))
    return dumper.represent_mapping("tag:yaml.org,2002:map", data)


_ShortForms.add_representer(dict, _short)
_ShortForms.ignore_aliases = lambda self, data: True  # type: ignore[method-assign]


@pytest.mark.parametrize("syntax", ["json", "yaml"])
@given(apis=TEMPLATES, wide=st.booleans())
@thorough(50)
def test_api_is_read_back_as_it_was_written(
    apis: list[Api], wide: bool, syntax: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    written = template(apis)
    if syntax == "json":
        text = json.dumps(written, ensure_ascii=wide)
    else:
        text = yaml.dump(written, Dumper=_ShortForms, allow_unicode=wide, sort_keys=False, width=200)
    path = Path(tmp_path_factory.getbasetemp(), f"template.{syntax}")
    path.write_text(text, encoding="utf-8", newline="")
    assert [bare(api) for api in read_file(path).apis] == [bare(api) for api in apis]
