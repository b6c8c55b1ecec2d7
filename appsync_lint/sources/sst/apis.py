"""The APIs in a program of SST.

Versions 0 to 2 hand what stands under ``cdk.graphqlApi`` to CDK. Version 3 deploys API_KEY whatever the
program says, unless its ``transform`` changes the resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...api import Api, SchemaFile, Tool
from ...tree import Node, Open, Scalar, Sequence, Table
from ..cdk.apis import INTENT, RESOURCE, Constructs, Given, name_of
from ..cdk.values import construct, is_cdk, plain, properties
from ..programs import Call, Function, Reference, read_program
from ..reader import Described, File

__all__ = ["read_sst"]

#: A list of files is merged by graphql-tools, which folds ``extend``; a single file is uploaded as it is.
_ONE_FILE = Tool("SST", unset_lambda_ttl=0)
_MERGED = Tool("SST", unset_lambda_ttl=0, folds_extensions=True)
#: Version 3 deploys through the provider that Terraform has, with its defaults (A6).
_ION = Tool("SST", unset_lambda_ttl=300)

_COMPONENT = replace(RESOURCE, tool=_ION, oidc=("openidConnectConfig",))
_PACKAGES = ("sst/", "@serverless-stack/")


def read_sst(file: File) -> Described:
    """Read the APIs of an SST program. Raises :class:`InputError` for one that cannot be followed."""
    program = read_program(file.source, file.path, allow_outside=file.allow_outside)
    return _Constructs(file, program, "sst").read()


class _Constructs(Constructs):
    marks = ("sst.config.ts", "sst.config.js", "sst.config.mjs", "sst.json")

    def advice(self, api: Api) -> str:
        if api.tool is _ION:
            return f"{api.name}: what the program leaves open is exact in what is deployed: aws appsync get-graphql-api"
        return super().advice(api)

    def given(self) -> Iterator[Given]:
        for call in self.program.calls:
            callee = call.callee
            if (
                construct(call) == "AppSyncApi"
                and isinstance(callee, Reference)
                and callee.module.startswith(_PACKAGES)
            ):
                found = self._construct(call)
                if found is not None:
                    yield found
            elif construct(call) in {"AppSync", "AppSyncV5"} and _is_component(callee):
                yield self._component(call)
        yield from super().given()

    # Versions 0 to 2.

    def _construct(self, call: Call) -> Given | None:
        """Return what CDK is given; None where the construct takes an API that is made elsewhere."""
        props = self.properties(call)
        own = props.get("graphqlApi")
        more = props.more
        if own is None:
            holder = properties(props.get("cdk"), "cdk")
            own, more = holder.get("graphqlApi"), more or holder.more
        if isinstance(own, Call) and (is_cdk(own.callee) or construct(own)):
            return None
        inner = properties(own, "graphqlApi")
        together = Table(dict(inner.entries), dict(inner.keys), call.span)
        together.more = inner.more or more
        schema = inner.get("schema") or props.get("schema")
        if schema is not None:
            together.entries["schema"], together.keys["schema"] = schema, Scalar("schema", "schema", schema.span)
        merges = isinstance(schema, Sequence)
        return self.intent(call, together, name_of(call), replace(INTENT, tool=_MERGED if merges else _ONE_FILE))

    def schema(self, given: Given) -> tuple[SchemaFile, ...]:
        tool = given.tool
        if tool not in (_ONE_FILE, _MERGED, _ION):
            return super().schema(given)
        self.schemas.sources = None
        schema = given.props.get("schema")
        if isinstance(schema, Sequence):
            files = tuple(file for item in schema for file in self._paths(item))
            return (*files, self.schemas.unresolved(schema.more)) if schema.more is not None else files
        if schema is None:
            return (self.schemas.unresolved(given.props.more or given.call),)
        return self._paths(schema)

    def _paths(self, node: Node) -> tuple[SchemaFile, ...]:
        """Return the schema of a path, or of what CDK takes for one."""
        if isinstance(node, Call | Table):
            return self.schemas.read(node)
        return (self.schemas.file(node, node),)

    # Version 3.

    def _component(self, call: Call) -> Given:
        props = properties(plain(call.arguments[1])) if len(call.arguments) > 1 else Table({}, {}, call.span)
        mode = Scalar("API_KEY", "API_KEY", call.span)
        resource = Table({"authenticationType": mode}, {"authenticationType": mode}, call.span)
        transform = properties(props.get("transform"), "transform")
        change = transform.get("api")
        if isinstance(change, Function):
            # The function changes what it is given.
            self.program.returned(change, resource)
            changed = plain(resource)
            assert isinstance(changed, Table)
            resource = changed
        elif isinstance(change, Table):
            more = change.more
            if more is not None:
                # What else it brings may replace these as well.
                resource.entries = {key: Open(more.text, more.why, more.span, (item,)) for key, item in resource}
            for key, value in change:
                resource.entries[key], resource.keys[key] = value, change.keys[key]
            resource.more = more
        elif change is not None and not (isinstance(change, Scalar) and change.value is None):
            resource = _opened(change)
        elif transform.more is not None or props.more is not None:
            resource = _opened(transform.more or props.more or call)
        everywhere = next((other for other in self.program.calls if _transforms(other)), None)
        if everywhere is not None:
            resource = _opened(everywhere)
        schema = resource.get("schema") or props.get("schema")
        if schema is not None:
            resource.entries["schema"], resource.keys["schema"] = schema, Scalar("schema", "schema", schema.span)
        identity = call.argument(0)
        name = identity.text if isinstance(identity, Scalar) else call.name
        return Given(call, resource, _COMPONENT, name)


def _is_component(node: Node) -> bool:
    return isinstance(node, Reference) and not node.module and node.path[:2] == ("sst", "aws")


def _opened(node: Node) -> Table:
    """Return a resource whose every property somebody may change."""
    why = node.why if isinstance(node, Open) else f"it is {node.kind}"
    left = Open(node.text if isinstance(node, Open) else node.kind, f"a transform decides it ({why})", node.span)
    table = Table({}, {}, node.span)
    table.more = left
    return table


def _transforms(call: Call) -> bool:
    """Whether a call changes all APIs of the program: ``$transform(aws.appsync.GraphQLApi, ...)``."""
    callee = call.callee
    if not isinstance(callee, Reference) or callee.path != ("$transform",) or not call.arguments:
        return False
    target = call.arguments[0]
    return isinstance(target, Reference) and target.name in {"GraphQLApi", "AppSync", "AppSyncV5"}
