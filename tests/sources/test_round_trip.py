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
    ApiCache,
    ApiKey,
    ApiSettings,
    EnvironmentVariable,
    LambdaAuthorizer,
    Logging,
    Mode,
    OpenIdConnect,
    PolicyStatement,
    PolicyText,
    Provider,
    Resolver,
    ResolverCode,
    SchemaFile,
    Setting,
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

FLAG = st.none() | st.booleans() | OPEN


def optional(values: st.SearchStrategy[object]) -> st.SearchStrategy[Setting[object] | None]:
    return st.none() | values.map(Setting)


CODE = st.tuples(
    st.sampled_from(["javascript", "vtl"]),
    TEXT.map(lambda text: {"text": SourceText("", text)})
    | NAME.map(lambda name: {"path": f"{name}.code"})
    | OPEN.map(lambda value: {"unresolved": value}),
).map(lambda parts: ResolverCode(parts[0], **parts[1]))  # type: ignore[arg-type]
RESOLVER = st.builds(
    Resolver,
    type_name=NAME,
    field_name=NAME,
    caching_keys=st.none() | st.lists(TEXT | OPEN, max_size=2).map(tuple),
    code=st.none().map(lambda _: ()) | CODE.map(lambda piece: (piece,)),
    whole=st.just(True),
)
STATEMENT = st.builds(
    PolicyStatement,
    effect=st.sampled_from(["Allow", "Deny"]),
    actions=st.sampled_from([(PolicyText("appsync:GraphQL"),), (PolicyText("appsync:*"), PolicyText("*"))]),
    resources=st.lists(
        st.sampled_from(["*", "arn:aws:appsync:*:*:apis/*"]) | NAME.map(lambda name: f"{OWN_ARN}/types/{name}/*"),
        min_size=1,
        max_size=2,
    ).map(lambda texts: tuple(map(PolicyText, texts))),
    negated=st.booleans(),
)
#: Stands for the API's own ARN until it has a name.
OWN_ARN = "own"
COMMON = {
    "whole": st.just(True),
    "api_keys": st.lists(st.builds(ApiKey, expires=NUMBER), max_size=2).map(tuple),
    "logging": st.none() | st.builds(Logging, level=st.sampled_from(["ALL", "NONE"]) | OPEN, excludes_verbose=FLAG),
    "cache": st.none()
    | st.builds(ApiCache, behaviour=MAYBE, ttl=NUMBER, encrypted_at_rest=FLAG, encrypted_in_transit=FLAG),
    "resolvers": st.lists(RESOLVER, max_size=3, unique_by=lambda item: item.coordinate).map(tuple),
    "policies": st.lists(STATEMENT, max_size=2).map(tuple),
    "waf": optional(TEXT | OPEN),
}
OWN = {
    "introspection": optional(st.sampled_from(["ENABLED", "DISABLED"]) | OPEN),
    "query_depth_limit": optional(st.integers(0, 75) | OPEN),
    "resolver_count_limit": optional(st.integers(0, 10_000) | OPEN),
    "visibility": optional(st.sampled_from(["GLOBAL", "PRIVATE"]) | OPEN),
    "environment": st.lists(
        st.builds(EnvironmentVariable, name=NAME, value=TEXT | OPEN), max_size=2, unique_by=lambda item: item.name
    ).map(tuple),
}


def named(resource: PolicyText, api: Api) -> PolicyText:
    """Name the API in a resource that is its own."""
    return PolicyText(resource.text.replace(f"{OWN_ARN}/", f"{own_arn(api)}/"))


def own_arn(api: Api) -> str:
    """How the ARN of an API is read that a policy refers to."""
    return f"arn:*:appsync:*:*:apis/{api.name}"


@st.composite
def apis_with_settings(draw: st.DrawFn) -> Api:
    """An API with settings, whose keys, resolvers and policies have the names that the template gives them."""
    api = draw(APIS)
    parts = COMMON if api.tool.name == "SAM" else {**COMMON, **OWN}
    settings = draw(st.fixed_dictionaries(parts).map(lambda values: ApiSettings(**values)))  # type: ignore[arg-type]
    keys = [replace(key, name=f"{api.name}Key{index}") for index, key in enumerate(settings.api_keys)]
    policies = [
        replace(item, owner=f"{api.name}Policy{index}", resources=tuple(named(part, api) for part in item.resources))
        for index, item in enumerate(settings.policies)
    ]
    return replace(api, settings=replace(settings, api_keys=tuple(keys), policies=tuple(policies)))


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

    def own_settings(api: Api, own: ApiSettings) -> dict[str, object]:
        """Write what stands in the API's own resource."""
        logging = own.logging and settings(
            FieldLogLevel=own.logging.level, ExcludeVerboseContent=own.logging.excludes_verbose
        )
        if api.tool.name == "SAM":
            keys = {key.name: settings(ExpiresOn=key.expires) for key in own.api_keys}
            return {"ApiKeys": keys, "Logging": logging or False, **({"Cache": cache(own)} if own.cache else {})}
        return settings(
            LogConfig=logging,
            EnvironmentVariables={item.name: plain(item.value) for item in own.environment} or None,
            IntrospectionConfig=own.introspection and own.introspection.value,
            QueryDepthLimit=own.query_depth_limit and own.query_depth_limit.value,
            ResolverCountLimit=own.resolver_count_limit and own.resolver_count_limit.value,
            Visibility=own.visibility and own.visibility.value,
        )

    def cache(own: ApiSettings) -> dict[str, object]:
        found = own.cache or ApiCache()
        return settings(
            ApiCachingBehavior=found.behaviour,
            Ttl=found.ttl,
            AtRestEncryptionEnabled=found.encrypted_at_rest,
            TransitEncryptionEnabled=found.encrypted_in_transit,
        )

    def code(piece: ResolverCode) -> dict[str, object]:
        inline, place = {
            "javascript": ("Code", "CodeS3Location"),
            "vtl": ("RequestMappingTemplate", "RequestMappingTemplateS3Location"),
        }[piece.language]
        if piece.path is not None:
            return {place: piece.path}
        return {inline: plain(piece.unresolved) if piece.text is None else piece.text.text}

    def beside(api: Api, own: ApiSettings) -> dict[str, object]:
        """Write the resources that belong to an API."""
        link: dict[str, object] = {"ApiId": {"Fn::GetAtt": [api.name, "ApiId"]}}
        found: dict[str, object] = {}
        if api.tool.name != "SAM":
            for key in own.api_keys:
                found[key.name] = resource("AWS::AppSync::ApiKey", {**link, **settings(Expires=key.expires)})
            if own.cache:
                found[f"{api.name}0Cache"] = resource("AWS::AppSync::ApiCache", {**link, **cache(own)})
        for index, item in enumerate(own.resolvers):
            properties = {**link, "TypeName": item.type_name, "FieldName": item.field_name}
            if item.caching_keys is not None:
                caching = settings(CachingKeys=[plain(key) for key in item.caching_keys], Ttl=item.caching_ttl)
                properties["CachingConfig"] = caching
            for piece in item.code:
                properties |= code(piece)
            found[f"{api.name}0Resolver{index}"] = resource("AWS::AppSync::Resolver", properties)
        for policy in own.policies:
            statement = {
                "Effect": policy.effect,
                "Action": [item.text for item in policy.actions],
                "NotResource" if policy.negated else "Resource": [arn(api, item.text) for item in policy.resources],
            }
            document = {"Statement": [statement]}
            found[policy.owner] = resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": document})
        if own.waf:
            properties = {"ResourceArn": {"Ref": api.name}, "WebACLArn": plain(own.waf.value)}
            found[f"{api.name}0Waf"] = resource("AWS::WAFv2::WebACLAssociation", properties)
        return found

    def arn(api: Api, text: str) -> object:
        if not text.startswith(f"{own_arn(api)}/"):
            return text
        return {"Fn::Join": ["", [{"Fn::GetAtt": [api.name, "Arn"]}, text.removeprefix(own_arn(api))]]}

    def resource(kind: str, properties: dict[str, object]) -> dict[str, object]:
        return {"Type": kind, "Properties": properties}

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
        resources |= beside(api, api.settings)
        if tool == "SAM":
            properties = {"Auth": auth, **settings(SchemaInline=inline, SchemaUri=path)}
            properties |= own_settings(api, api.settings)
            resources[api.name] = {"Type": "AWS::Serverless::GraphQLApi", "Properties": properties}
            continue
        auth |= own_settings(api, api.settings)
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
@given(
    apis=st.lists(apis_with_settings(), min_size=1, max_size=3, unique_by=lambda api: api.name.casefold()),
    wide=st.booleans(),
)
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
    assert [bare(api) for api in read_file(path).apis] == [bare(with_all_policies(api, apis)) for api in apis]


@given(apis=st.lists(apis_with_settings(), min_size=1, max_size=2, unique_by=lambda api: api.name.casefold()))
@thorough(25)
def test_api_is_the_same_where_its_parts_are_in_a_nested_template(
    apis: list[Api], tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = template(apis)
    alone = Path(tmp_path_factory.getbasetemp(), "alone.json")
    alone.write_text(json.dumps(whole), encoding="utf-8")
    resources, parameters = whole["Resources"], whole["Parameters"]
    assert isinstance(resources, dict)
    assert isinstance(parameters, dict)
    names = {api.name for api in apis}
    passed = {name: {"Ref": name} for name in parameters}
    child = {
        "Parameters": {
            **parameters,
            **{f"{name}0{what}": {"Type": "String"} for name in names for what in ("", "Arn")},
        },
        "Resources": {
            name: renamed(item, {api: f"{api}0" for api in names})
            for name, item in resources.items()
            if name not in names
        },
    }
    for name in names:
        passed |= {f"{name}0": {"Fn::GetAtt": f"{name}.ApiId"}, f"{name}0Arn": {"Fn::GetAtt": [name, "Arn"]}}
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "parts.json", "Parameters": passed}}
    parent = {"Parameters": parameters, "Resources": {"0": stack, **{name: resources[name] for name in names}}}
    path = alone.with_name("parent.json")
    path.write_text(json.dumps(parent), encoding="utf-8")
    alone.with_name("parts.json").write_text(json.dumps(child), encoding="utf-8")

    def told(file: Path) -> list[object]:
        return sorted((bare(api) for api in read_file(file).apis), key=str)

    assert told(path) == told(alone)


def renamed(value: object, names: dict[str, str]) -> object:
    """Write what refers to some resources as references to the parameters that stand for them."""
    if isinstance(value, dict):
        match value:
            case {"Fn::GetAtt": [name, attribute]} if name in names:
                return {"Ref": names[name] + ("Arn" if attribute == "Arn" else "")}
            case {"Ref": name} if name in names:
                return {"Ref": f"{names[name]}Arn"}
        return {key: renamed(item, names) for key, item in value.items()}
    return [renamed(item, names) for item in value] if isinstance(value, list) else value


def with_all_policies(api: Api, apis: list[Api]) -> Api:
    """An API with what the policies of the others say about all APIs, in the order of the template."""
    found = []
    for other in apis:
        for item in other.settings.policies:
            mine = tuple(
                part for part in item.resources if other is api or not part.text.startswith(f"{own_arn(other)}/")
            )
            if mine or item.negated:
                found.append(replace(item, resources=mine))
    return replace(api, settings=replace(api.settings, policies=tuple(found)))
