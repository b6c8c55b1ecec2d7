"""From a resource ``aws_appsync_graphql_api`` to an API, whatever says what the resource is."""

from __future__ import annotations

from collections.abc import Callable

from ...api import Api, SchemaFile, Tool, Unresolved
from ...errors import InputError
from ...text import Span
from ...tree import Node, Open, Scalar, Table
from ..providers import ProviderReader, Spelling
from .landscape import Item, Landscape
from .texts import assembled, text_of
from .values import FileContent, Mixed, Part, Text, is_null, plain_text

__all__ = ["API", "SPELLING", "ApiReader"]

API = "aws_appsync_graphql_api"
#: The provider's own default, in seconds (A6); the schema is uploaded as it stands (9.4).
TERRAFORM = Tool("Terraform", unset_lambda_ttl=300, folds_extensions=False)

SPELLING = Spelling(
    TERRAFORM,
    mode=("authentication_type",),
    additional=("additional_authentication_provider",),
    pool=("user_pool_config",),
    oidc=("openid_connect_config",),
    authorizer=("lambda_authorizer_config",),
    pool_id=("user_pool_id",),
    action=("default_action",),
    client_regex=("app_id_client_regex",),
    issuer=("issuer",),
    client_id=("client_id",),
    issued_ttl=("iat_ttl",),
    auth_ttl=("auth_ttl",),
    uri=("authorizer_uri",),
    ttl=("authorizer_result_ttl_in_seconds",),
    identity_validation=("identity_validation_expression",),
    variable="variable",
)
_LEFT_ALONE = "Terraform leaves alone what it is changed to (ignore_changes)"


class ApiReader:
    """Reads the APIs of one landscape. ``note`` takes what the user should know, with its place."""

    def __init__(self, landscape: Landscape, base: str, note: Callable[[Span | None, str], None]) -> None:
        self.landscape = landscape
        self.base = base
        self.note = note
        self.providers = ProviderReader(
            SPELLING,
            lambda node, text: note(node.span, text),
            code=lambda table: landscape.code_behind(table.get("authorizer_uri")),
        )

    def api(self, item: Item, name: str) -> Api:
        """Read one API. Raises :class:`InputError` for what no deployment survives."""
        from .settings import groups_of, settings_of

        table = self._left_alone(item)
        self.providers.note_repeated(table)
        owner = Scalar(name, name, item.span)
        default, additional, additional_open = self.providers.providers(table, owner, name)
        self._note_assumed(table, "additional_authentication_provider")
        schema_files = self.schema(table, item, name)
        return Api(
            name=name,
            default=default,
            additional=additional,
            additional_open=additional_open,
            schema_files=schema_files,
            groups=groups_of(table, self.landscape, self.providers),
            settings=settings_of(item, table, self.landscape, self.providers),
            tool=TERRAFORM,
            path=item.span.path,
            span=item.span,
        )

    def _left_alone(self, item: Item) -> Table:
        """Return an API's settings, those open whose changes Terraform ignores."""
        table = item.table
        if not item.ignored:
            return table
        entries = dict(table.entries)
        keys = dict(table.keys)
        settings = (*SPELLING.mode, *SPELLING.additional, *SPELLING.pool, *SPELLING.oidc, *SPELLING.authorizer)
        for key in settings:
            if key in item.ignored or "all" in item.ignored:
                entries[key] = Open("ignore_changes", _LEFT_ALONE, item.ignored_span)
                keys.setdefault(key, Scalar(key, key, item.ignored_span))
        result = Table(entries, keys, table.span, None, table.repeated)
        result.more = table.more
        if "schema" in item.ignored or "all" in item.ignored:
            self.note(item.ignored_span, f"{_LEFT_ALONE}: the live schema may be another one than the one here")
        return result

    def _note_assumed(self, table: Table, key: str) -> None:
        node = table.get(key)
        if isinstance(node, Open) and node.assumed and len(node.options) == 1:
            plural = "s" if len(node.assumed) > 1 else ""
            names = ", ".join(node.assumed)
            text = f"{key} rests on the default{plural} of the variable{plural} {names}; a deployment may pass others"
            self.note(node.span, text)

    # The schema.

    def schema(self, table: Table, item: Item, name: str) -> tuple[SchemaFile, ...]:
        """Return where an API's schema is."""
        node = table.get("schema")
        if node is None or is_null(node):
            if not isinstance(table.get("api_type"), Scalar) or "MERGED" not in getattr(
                table.get("api_type"), "text", ""
            ):
                self.note(item.span, f"{name} is given no schema")
            return ()
        span = node.span
        if isinstance(node, Open) and node.assumed and len(node.options) == 1 and node.options[0] is not None:
            plural = "s" if len(node.assumed) > 1 else ""
            origin = f"the default{plural} of the variable{plural} {', '.join(node.assumed)}"
            self.note(span, f"the schema rests on {origin}; a deployment may pass another value")
            node = node.options[0]
        if isinstance(node, FileContent):
            return (SchemaFile(path=node.path, base=node.base, span=node.span),)
        if isinstance(node, (Text, Mixed)) and node.parts:
            return self._of_parts(node.parts, node)
        if isinstance(node, Scalar):
            if not isinstance(node.value, str):
                raise node.error("schema must be a text")
            return (SchemaFile(text=text_of(node), span=node.span),)
        if isinstance(node, Open):
            return (SchemaFile(unresolved=Unresolved(node.text, node.why, span), span=span),)
        raise node.error(f"schema must be a text, not {node.kind}")

    def _of_parts(self, parts: tuple[Part, ...], node: Node) -> tuple[SchemaFile, ...]:
        left = [part for part in parts if part.kind == "open"]
        if left and not any(part.kind in ("literal", "file") and part.text.strip() for part in parts):
            why = left[0].node.why if isinstance(left[0].node, Open) else ""
            return (SchemaFile(unresolved=Unresolved(left[0].text, why, node.span), span=node.span),)
        if left:
            names = ", ".join(dict.fromkeys(part.text for part in left))
            self.note(node.span, f"the schema holds {names}, which only deployment knows; it is read as it stands")
        files: list[SchemaFile] = []
        run: list[Part] = []
        opened = 0
        for part in parts:
            content = part.node
            if part.kind != "file" or not isinstance(content, FileContent):
                run.append(part)
                opened += part.text.count("{") - part.text.count("}")
                continue
            if opened == 0:
                files += self._run(run, node.span)
                run = []
                files.append(SchemaFile(path=content.path, base=content.base, span=content.span))
            else:
                # It stands inside a definition: only together do the pieces make a schema.
                text = plain_text(content)
                if text is None:
                    raise InputError(f"{content.path} cannot be read", span=content.span)
                run.append(Part("value", text, part.source, part.start, part.end))
        files += self._run(run, node.span)
        return tuple(files) or (SchemaFile(text=assembled(run), span=node.span),)

    @staticmethod
    def _run(run: list[Part], span: Span | None) -> list[SchemaFile]:
        if not any(part.text.strip() for part in run):
            return []
        return [SchemaFile(text=assembled(run), span=span)]
