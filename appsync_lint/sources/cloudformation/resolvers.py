"""The resolvers of an API and the code that they run: ``AWS::AppSync::Resolver``, and those inside a SAM API."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from ...api import Resolver, ResolverCode, Unresolved
from ...api.settings import CodeLanguage
from ...tree import Node, Scalar, Sequence, Table
from ..resolution import written
from .stacks import Deployment
from .template import Resource, Template, plain_text
from .texts import Texts

__all__ = ["Resolvers"]

_TYPESCRIPT = (".ts", ".mts", ".cts")
#: AppSync takes 10 functions in a pipeline.
MAX_FUNCTIONS = 100


class _Caching(NamedTuple):
    """A resolver's own caching: what it depends on, for how long, and its place."""

    keys: tuple[str | Unresolved, ...] | None = None
    ttl: int | Unresolved | None = None
    node: Node | None = None


class Resolvers:
    """Reads the resolvers of a deployment's templates."""

    def __init__(self, deployment: Deployment, texts: Texts) -> None:
        self._deployment = deployment
        self._texts = texts
        #: Pipeline functions by their place: many resolvers share them.
        self._functions: dict[tuple[int, str], tuple[tuple[ResolverCode, ...], bool]] = {}

    # AWS::AppSync::Resolver.

    def read(self, item: Resource) -> Resolver | None:
        """Read a resource; None where only deployment knows which field it is for."""
        template = item.template
        properties = template.properties(item)
        type_name = template.text(properties, "TypeName")
        field_name = template.text(properties, "FieldName")
        if not isinstance(type_name, str) or not isinstance(field_name, str):
            template.note(item.key, f"the field that the resolver {item.name} is for is only known at deployment")
            return None
        caching = self._caching(template, properties, "CachingConfig")
        code, whole = self._pipeline(template, properties)
        return Resolver(
            type_name,
            field_name,
            caching.keys,
            caching.ttl,
            caching.node.span if caching.node is not None else None,
            code,
            whole,
            item.key.span,
        )

    def _pipeline(self, template: Template, properties: Table) -> tuple[tuple[ResolverCode, ...], bool]:
        """Return all pieces that run, in their order, and whether there are no others."""
        before, after = self._pieces(template, properties)
        pipeline = template.table(properties, "PipelineConfig")
        if pipeline is None:
            return (*before, *after), "PipelineConfig" not in properties
        node = pipeline.get("Functions")
        listed = template.resolve(node).node if node is not None else Sequence([], None)
        if not isinstance(listed, Sequence):
            return (*before, *after), False
        code = list(before)
        whole = len(listed) <= MAX_FUNCTIONS
        for function in listed.items[:MAX_FUNCTIONS]:
            pieces, known = self._function(template, function)
            code += pieces
            whole = whole and known
        return (*code, *after), whole

    def _function(self, template: Template, node: Node) -> tuple[tuple[ResolverCode, ...], bool]:
        """Return the pieces of a pipeline function, and whether it is known."""
        places = [
            place
            for place in self._deployment.references.referred(template, node)
            if (item := self._deployment.find(place)) and item.kind == "AWS::AppSync::FunctionConfiguration"
        ]
        if len(places) != 1:
            return (), False
        (place,) = places
        if place not in self._functions:
            item = self._deployment.find(place)
            assert item is not None
            before, after = self._pieces(item.template, item.template.properties(item))
            self._functions[place] = (*before, *after), True
        return self._functions[place]

    def _pieces(
        self, template: Template, properties: Table
    ) -> tuple[tuple[ResolverCode, ...], tuple[ResolverCode, ...]]:
        """Return the pieces that run before a pipeline's functions, and those after: a script runs around them."""
        script = self._piece(template, properties, "Code", "CodeS3Location", "javascript")
        if script is not None:
            return (script,), ()
        request = self._piece(template, properties, "RequestMappingTemplate", "RequestMappingTemplateS3Location", "vtl")
        response = self._piece(
            template, properties, "ResponseMappingTemplate", "ResponseMappingTemplateS3Location", "vtl"
        )
        return (request,) if request is not None else (), (response,) if response is not None else ()

    def _piece(
        self, template: Template, table: Table, inline: str, location: str, language: CodeLanguage
    ) -> ResolverCode | None:
        found = self._texts.located(template, table, inline, location)
        if found is None:
            return None
        if found.path is not None and found.path.endswith(_TYPESCRIPT):
            language = "typescript"
        return ResolverCode(language, found.path, template.base, found.text, found.unresolved, found.node.span)

    def _caching(self, template: Template, properties: Table, key: str) -> _Caching:
        node = properties.get(key)
        if node is None:
            return _Caching()
        config = template.table(properties, key)
        if config is None:
            return _Caching((Unresolved(written(node), "it depends on a condition", node.span),), node=node)
        listed = config.get("CachingKeys")
        keys: list[str | Unresolved] = []
        if listed is not None:
            result = template.resolve(listed)
            if isinstance(result.node, Sequence):
                keys = [self._key(template, item) for item in result.node]
            elif result.unresolved is not None:
                keys = [result.unresolved]
        return _Caching(tuple(keys), template.number(config, "Ttl"), node)

    @staticmethod
    def _key(template: Template, node: Node) -> str | Unresolved:
        result = template.resolve(node)
        if isinstance(result.node, Scalar):
            return result.node.text
        return result.unresolved or Unresolved(written(node), "it is no text", node.span)

    # Those of a SAM API.

    def of_sam(self, template: Template, properties: Table) -> Iterator[Resolver]:
        """Read the resolvers that stand in a SAM API: by type, then by name."""
        functions = template.table(properties, "Functions") or Table({}, {}, None)
        for type_name, by_name in template.table(properties, "Resolvers") or ():
            if not isinstance(by_name, Table):
                continue
            for name, node in by_name:
                resolver = template.resolve(node).node
                if isinstance(resolver, Table):
                    key = by_name.keys[name]
                    read = partial(self._sam_resolver, template, type_name, key, resolver, functions)
                    found = template.tried(read, None)
                    if found is not None:
                        yield found

    def _sam_resolver(
        self, template: Template, type_name: str, key: Scalar, node: Table, functions: Table
    ) -> Resolver | None:
        field_name = template.text(node, "FieldName") or key.text
        if not isinstance(field_name, str):
            return None
        caching = self._caching(template, node, "Caching")
        # Without code of its own SAM writes one that hands everything on.
        own = self._piece(template, node, "InlineCode", "CodeUri", "javascript")
        code = [own] if own is not None else []
        listed = node.get("Pipeline")
        whole = listed is None or isinstance(listed, Sequence)
        for name in listed.items[:MAX_FUNCTIONS] if isinstance(listed, Sequence) else ():
            function = functions.get(plain_text(name))
            if isinstance(function, Table) and "Id" not in function:
                piece = self._piece(template, function, "InlineCode", "CodeUri", "javascript")
                code += [piece] if piece is not None else []
            else:
                whole = False
        span = caching.node.span if caching.node is not None else None
        return Resolver(type_name, field_name, caching.keys, caching.ttl, span, tuple(code), whole, key.span)
