"""JavaScript and TypeScript source to the intermediate form, through tree-sitter's grammars. Nothing is run.

The grammars come with ``pip install appsync-lint[js]``; without them :class:`ParserMissingError` is raised.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ..text import SourceText, Span
from . import ir
from .python import NotParsedError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["ParserMissingError", "lower_javascript"]

_FUNCTIONS = {
    "arrow_function",
    "function_expression",
    "function_declaration",
    "generator_function",
    "generator_function_declaration",
    "method_definition",
    "class_declaration",
    "class",
    "abstract_class_declaration",
}

_UNWRAPPED = {
    "parenthesized_expression",
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "instantiation_expression",
}

_NUMBER_BASES = {"0x": 16, "0o": 8, "0b": 2}

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


class ParserMissingError(Exception):
    """The tree-sitter grammars are not installed."""


@lru_cache(maxsize=3)
def _parser(grammar: Literal["javascript", "typescript", "tsx"]) -> Parser:
    try:
        from tree_sitter import Language, Parser

        if grammar == "javascript":
            import tree_sitter_javascript

            pointer = tree_sitter_javascript.language()
        else:
            import tree_sitter_typescript

            language = tree_sitter_typescript
            pointer = language.language_typescript() if grammar == "typescript" else language.language_tsx()
    except ImportError:
        raise ParserMissingError from None
    return Parser(Language(pointer))


def parse(data: bytes, grammar: Literal["javascript", "typescript", "tsx"]) -> Node:
    """Parse a file. Raises :class:`ParserMissingError`."""
    return _parser(grammar).parse(data).root_node


def lower_javascript(source: SourceText, grammar: Literal["javascript", "typescript", "tsx"]) -> ir.Module:
    """Lower a file. Raises :class:`~.python.NotParsedError` and :class:`ParserMissingError`."""
    data = source.text.encode("utf-8", "replace")
    root = parse(data, grammar)
    lowering = _Lowering(source, data)
    if root.has_error:
        place = _first_error(root)
        line = data.count(b"\n", 0, place.start_byte) + 1
        raise NotParsedError(
            f"line {line}: the text is not {'JavaScript' if grammar == 'javascript' else 'TypeScript'}"
        )
    return lowering.module(root)


def _first_error(root: Node) -> Node:
    node = root
    while not (node.is_error or node.is_missing):
        inner = next((child for child in node.children if child.has_error or child.is_missing), None)
        if inner is None:
            break
        node = inner
    return node


class _Lowering:
    def __init__(self, source: SourceText, data: bytes) -> None:
        self.source = source
        self.data = data
        self.ascii = len(data) == len(source.text)
        self.line_starts: list[tuple[int, int]] = []
        self.handlers: dict[str, Callable[[Node], ir.Expression]] = {}
        self.exports: dict[str, str] = {}
        self.reexports: list[tuple[str, str, str]] = []

    # Places and texts

    def offset(self, byte: int) -> int:
        if self.ascii:
            return byte
        if not self.line_starts:
            where = 0
            characters = 0
            for line in self.data.splitlines(keepends=True):
                self.line_starts.append((where, characters))
                where += len(line)
                characters += len(line.decode(errors="replace"))
            self.line_starts.append((where, characters))
        start, characters = self.line_starts[max(bisect_right(self.line_starts, (byte, 1 << 60)) - 1, 0)]
        return characters + len(self.data[start:byte].decode(errors="ignore"))

    def span(self, node: Node) -> Span:
        return self.source.span(self.offset(node.start_byte), self.offset(node.end_byte))

    def text(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode(errors="replace")

    def named(self, node: Node) -> list[Node]:
        return [child for child in node.named_children if child.type != "comment"]

    # Modules

    def module(self, root: Node) -> ir.Module:
        block = self.block_of(self.named(root), hoist=root)
        return ir.Module("javascript", block, self.span(root), self.exports, tuple(self.reexports))

    def block(self, node: Node | None) -> ir.Block:
        if node is None:
            return ir.Block(())
        if node.type in {"statement_block", "else_clause"}:
            return self.block_of(self.named(node))
        return self.block_of([node])

    def block_of(self, nodes: list[Node], hoist: Node | None = None) -> ir.Block:
        names: dict[str, None] = dict.fromkeys(self.hoisted(hoist)) if hoist is not None else {}
        functions: list[tuple[str, ir.Function]] = []
        statements: list[ir.Statement] = []
        for node in nodes:
            declaration = node
            if node.type == "export_statement":
                declaration = node.child_by_field_name("declaration") or node
            if declaration.type in {"function_declaration", "generator_function_declaration"}:
                name = declaration.child_by_field_name("name")
                if name is not None:
                    names[self.text(name)] = None
                    functions.append((self.text(name), self.function(declaration)))
            elif declaration.type in {"lexical_declaration", "variable_declaration"}:
                if declaration.type == "lexical_declaration" or hoist is not None:
                    for declarator in declaration.named_children:
                        target = declarator.child_by_field_name("name")
                        if target is not None:
                            names.update(dict.fromkeys(self.bound(target)))
            elif declaration.type in {"class_declaration", "abstract_class_declaration", "enum_declaration"}:
                name = declaration.child_by_field_name("name")
                if name is not None:
                    names[self.text(name)] = None
            elif declaration.type == "import_statement":
                names.update(dict.fromkeys(local for local, _ in self.import_names(declaration)))
            statements.extend(self.statement(node))
        return ir.Block(tuple(statements), tuple(names), tuple(functions))

    def hoisted(self, node: Node) -> Iterator[str]:
        """The names of ``var`` declarations anywhere in a function, without inner functions."""
        if b"var " not in self.data[node.start_byte : node.end_byte]:
            return
        stack = list(node.children)
        while stack:
            child = stack.pop()
            if child.type in _FUNCTIONS or not child.is_named:
                continue
            if child.type == "variable_declaration":
                for declarator in child.named_children:
                    target = declarator.child_by_field_name("name")
                    if target is not None:
                        yield from self.bound(target)
            elif child.type == "for_in_statement" and any(item.type == "var" for item in child.children):
                left = child.child_by_field_name("left")
                if left is not None:
                    yield from self.bound(left)
            if child.type.endswith(("statement", "block", "clause", "body", "case", "default")) or child is node:
                stack.extend(child.children)

    def bound(self, node: Node) -> Iterator[str]:
        if node.type in {"identifier", "shorthand_property_identifier_pattern"}:
            yield self.text(node)
        elif node.type == "pair_pattern":
            value = node.child_by_field_name("value")
            if value is not None:
                yield from self.bound(value)
        elif node.type in {"assignment_pattern", "object_assignment_pattern"}:
            left = node.child_by_field_name("left")
            if left is not None:
                yield from self.bound(left)
        elif node.type in {"object_pattern", "array_pattern", "rest_pattern"}:
            for child in node.named_children:
                yield from self.bound(child)

    # Statements

    def statement(self, node: Node) -> Iterator[ir.Statement]:
        span = self.span(node)
        match node.type:
            case "expression_statement":
                children = self.named(node)
                if children and children[0].type == "internal_module":
                    yield from self.statement(children[0])
                elif children:
                    yield ir.Evaluate(self.expression(children[0]), span)
            case "return_statement":
                children = self.named(node)
                yield ir.Return(self.expression(children[0]) if children else None, span)
            case "lexical_declaration" | "variable_declaration":
                yield from self.declaration(node)
            case "if_statement":
                test = node.child_by_field_name("condition")
                then = node.child_by_field_name("consequence")
                other = node.child_by_field_name("alternative")
                assert test is not None
                yield ir.If(
                    self.expression(test), self.block(then), self.block(other) if other else None, self.span(test)
                )
            case "statement_block":
                yield self.block(node)
            case "throw_statement":
                children = self.named(node)
                yield ir.Throw(self.expression(children[0]) if children else None, span)
            case "try_statement":
                yield self.try_statement(node, span)
            case "switch_statement":
                yield self.switch(node)
            case "break_statement" | "continue_statement":
                label = node.child_by_field_name("label")
                word = self.text(label) if label is not None else None
                yield ir.Break(word, span) if node.type == "break_statement" else ir.Continue(word, span)
            case "labeled_statement":
                yield from self.labelled(node, span)
            case "for_statement" | "for_in_statement" | "while_statement" | "do_statement":
                yield from self.loop(node, span, None)
            case "class_declaration" | "abstract_class_declaration":
                name = node.child_by_field_name("name")
                assert name is not None
                target = ir.NamePattern(self.text(name), self.span(name))
                yield ir.Evaluate(ir.Assign(target, self.class_definition(node), span), span)
            case "enum_declaration":
                yield self.enum(node, span)
            case "import_statement":
                yield from self.imports(node, span)
            case "export_statement":
                yield from self.export(node, span)
            case "internal_module" | "module":
                yield from self.namespace(node)

    def declaration(self, node: Node) -> Iterator[ir.Statement]:
        for declarator in self.named(node):
            if declarator.type != "variable_declarator":
                continue
            target = declarator.child_by_field_name("name")
            value = declarator.child_by_field_name("value")
            if target is not None and value is not None:
                span = self.span(declarator)
                name = self.text(target) if target.type == "identifier" else ""
                yield ir.Evaluate(ir.Assign(self.pattern(target), self.expression(value, name), span), span)

    def labelled(self, node: Node, span: Span) -> Iterator[ir.Statement]:
        label = node.child_by_field_name("label")
        body = node.child_by_field_name("body")
        word = self.text(label) if label is not None else ""
        if body is None:
            return
        if body.type in {"for_statement", "for_in_statement", "while_statement", "do_statement"}:
            yield from self.loop(body, span, word)
        else:
            yield ir.LabelledBlock(word, self.block(body), span)

    def loop(self, node: Node, span: Span, label: str | None) -> Iterator[ir.Statement]:
        body = self.block(node.child_by_field_name("body"))
        if node.type == "for_in_statement":
            left = node.child_by_field_name("left")
            right = node.child_by_field_name("right")
            operator = node.child_by_field_name("operator")
            assert left is not None
            assert right is not None
            declares = any(child.type in {"const", "let"} for child in node.children)
            yield ir.Loop(
                body,
                self.span(right),
                target=self.pattern(left),
                iterable=self.expression(right),
                keys=operator is not None and self.text(operator) == "in",
                names=tuple(self.bound(left)) if declares else (),
                label=label,
            )
            return
        condition = node.child_by_field_name("condition")
        test = None
        if condition is not None and condition.type != "empty_statement":
            inner = self.named(condition) if condition.type == "expression_statement" else [condition]
            test = self.expression(inner[0]) if inner else None
        update = node.child_by_field_name("increment")
        loop = ir.Loop(
            body,
            self.span(condition) if condition is not None else span,
            test=test,
            update=self.expression(update) if update is not None else None,
            test_last=node.type == "do_statement",
            label=label,
        )
        initializer = node.child_by_field_name("initializer")
        if initializer is not None and initializer.type != "empty_statement":
            first = self.block_of([initializer])
            yield ir.Block((*first.statements, loop), first.names)
        else:
            yield loop

    def try_statement(self, node: Node, span: Span) -> ir.Try:
        handler = node.child_by_field_name("handler")
        finalizer = node.child_by_field_name("finalizer")
        catches: tuple[ir.Catch, ...] = ()
        if handler is not None:
            parameter = handler.child_by_field_name("parameter")
            target = self.pattern(parameter) if parameter is not None else None
            catches = (ir.Catch((), target, self.block(handler.child_by_field_name("body")), self.span(handler)),)
        final = self.block(finalizer.child_by_field_name("body")) if finalizer is not None else None
        return ir.Try(self.block(node.child_by_field_name("body")), catches, None, final, span)

    def switch(self, node: Node) -> ir.Switch:
        subject = node.child_by_field_name("value")
        body = node.child_by_field_name("body")
        assert subject is not None
        assert body is not None
        cases = []
        names: list[str] = []
        for case in self.named(body):
            value = case.child_by_field_name("value")
            block = self.block_of(case.children_by_field_name("body"))
            names += block.names
            test = self.expression(value) if value is not None else None
            cases.append(ir.Case(test, ir.Block(block.statements, (), block.functions)))
        return ir.Switch(self.expression(subject), tuple(cases), self.span(subject), tuple(names))

    def enum(self, node: Node, span: Span) -> ir.Statement:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        assert name is not None
        entries: list[ir.Entry] = []
        for index, item in enumerate(self.named(body) if body is not None else []):
            place = self.span(item)
            if item.type == "enum_assignment":
                key = item.child_by_field_name("name")
                value = item.child_by_field_name("value")
                assert key is not None
                assert value is not None
                entries.append(ir.Entry(ir.Constant(self.key_text(key), place), self.expression(value)))
            else:
                entries.append(ir.Entry(ir.Constant(self.key_text(item), place), ir.Constant(index, place)))
        target = ir.NamePattern(self.text(name), self.span(name))
        return ir.Evaluate(ir.Assign(target, ir.ObjectDisplay(tuple(entries), span), span), span)

    def namespace(self, node: Node) -> Iterator[ir.Statement]:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            return
        saved, self.exports = self.exports, {}
        block = self.block_of(self.named(body))
        exported, self.exports = self.exports, saved
        span = self.span(node)
        entries = tuple(ir.Entry(ir.Constant(key, span), ir.Name(local, span)) for key, local in exported.items())

        def lower() -> ir.Block:
            result = ir.Return(ir.ObjectDisplay(entries, span), span)
            return ir.Block((*block.statements, result), block.names, block.functions)

        function = ir.Function(self.text(name), (), ir.Body(lower), span)
        call = ir.Call(ir.FunctionExpression(function, span), (), span)
        yield ir.Evaluate(ir.Assign(ir.NamePattern(self.text(name), span), call, span), span)

    # Imports and exports

    def import_names(self, node: Node) -> Iterator[tuple[str, str]]:
        """Pairs of a local name and what it is in the module (``*``: the module)."""
        for clause in node.named_children:
            if clause.type == "import_require_clause":
                names = [child for child in clause.named_children if child.type == "identifier"]
                if names:
                    yield self.text(names[0]), "*"
            elif clause.type == "import_clause":
                for item in clause.named_children:
                    if item.type == "identifier":
                        yield self.text(item), "default"
                    elif item.type == "namespace_import":
                        yield self.text(self.named(item)[0]), "*"
                    elif item.type == "named_imports":
                        for specifier in self.named(item):
                            name = specifier.child_by_field_name("name")
                            alias = specifier.child_by_field_name("alias") or name
                            if name is not None and alias is not None:
                                yield self.text(alias), self.key_text(name)

    def imports(self, node: Node, span: Span) -> Iterator[ir.Statement]:
        if any(child.type == "type" for child in node.children):
            return
        source = node.child_by_field_name("source")
        if source is None:
            clause = next((child for child in node.named_children if child.type == "import_require_clause"), None)
            source = clause.child_by_field_name("source") if clause is not None else None
        if source is None:
            return
        specifier = self.string(source)
        for local, imported in self.import_names(node):
            yield ir.Import(specifier, imported, local, span)

    def export(self, node: Node, span: Span) -> Iterator[ir.Statement]:
        source = node.child_by_field_name("source")
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        words = {child.type for child in node.children}
        if source is not None:
            self.reexport(node, self.string(source))
        elif declaration is not None and "default" in words and declaration.child_by_field_name("name") is None:
            yield from self.export_value(declaration, "default", span)
        elif declaration is not None:
            yield from self.statement(declaration)
            for name in self.declared(declaration):
                self.exports["default" if "default" in words else name] = name
        elif value is not None:
            yield from self.export_value(value, "default", span)
        elif "=" in words:
            children = self.named(node)
            if children:
                target = ir.MemberPattern(ir.Name("module", span), ir.Constant("exports", span), span)
                yield ir.Evaluate(ir.Assign(target, self.expression(children[0]), span), span)
        for clause in node.named_children:
            if clause.type == "export_clause" and source is None:
                for item in self.named(clause):
                    original = item.child_by_field_name("name")
                    alias = item.child_by_field_name("alias") or original
                    if original is not None and alias is not None:
                        self.exports[self.key_text(alias)] = self.text(original)

    def reexport(self, node: Node, specifier: str) -> None:
        clause = next((child for child in node.named_children if child.type == "export_clause"), None)
        if clause is not None:
            for item in self.named(clause):
                name = item.child_by_field_name("name")
                alias = item.child_by_field_name("alias") or name
                if name is not None and alias is not None:
                    self.reexports.append((self.key_text(alias), specifier, self.key_text(name)))
            return
        namespace = next((child for child in node.named_children if child.type == "namespace_export"), None)
        if namespace is not None:
            self.reexports.append((self.text(self.named(namespace)[0]), specifier, "*"))
        else:
            self.reexports.append(("*", specifier, "*"))

    def export_value(self, node: Node, name: str, span: Span) -> Iterator[ir.Statement]:
        local = f"{name}#export"
        self.exports[name] = local
        yield ir.Evaluate(ir.Assign(ir.NamePattern(local, span), self.expression(node), span), span)

    def declared(self, node: Node) -> Iterator[str]:
        if node.type in {"lexical_declaration", "variable_declaration"}:
            for declarator in node.named_children:
                target = declarator.child_by_field_name("name")
                if target is not None:
                    yield from self.bound(target)
        else:
            name = node.child_by_field_name("name")
            if name is not None:
                yield self.text(name)

    # Functions and classes

    def function(self, node: Node, name: str = "") -> ir.Function:
        own = node.child_by_field_name("name")
        body = node.child_by_field_name("body")

        def lower() -> ir.Block:
            if body is None:
                return ir.Block(())
            if body.type == "statement_block":
                return self.block_of(self.named(body), hoist=body)
            return ir.Block((ir.Return(self.expression(body), self.span(body)),))

        words = {child.type for child in node.children if not child.is_named}
        return ir.Function(
            self.key_text(own) if own is not None else name,
            self.parameters(node),
            ir.Body(lower),
            self.span(node),
            is_async="async" in words,
            arrow=node.type == "arrow_function",
            is_generator="*" in words,
        )

    def parameters(self, node: Node) -> tuple[ir.Parameter, ...]:
        single = node.child_by_field_name("parameter")
        if single is not None:
            return (ir.Parameter(self.pattern(single)),)
        formal = node.child_by_field_name("parameters")
        found = []
        for item in self.named(formal) if formal is not None else []:
            pattern: Node | None = item
            default: Node | None = None
            if item.type in {"required_parameter", "optional_parameter"}:
                pattern = item.child_by_field_name("pattern")
                default = item.child_by_field_name("value")
            if pattern is None or pattern.type in {"this", "decorator"}:
                continue
            if pattern.type == "assignment_pattern":
                default = pattern.child_by_field_name("right")
                pattern = pattern.child_by_field_name("left")
                assert pattern is not None
            if pattern.type == "rest_pattern":
                found.append(ir.Parameter(self.pattern(self.named(pattern)[0]), kind="rest"))
            else:
                value = self.expression(default) if default is not None else None
                found.append(ir.Parameter(self.pattern(pattern), value))
        return tuple(found)

    def class_definition(self, node: Node) -> ir.ClassDefinition:
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        bases: list[ir.Expression] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                for clause in child.named_children:
                    if clause.type == "extends_clause":
                        value = clause.child_by_field_name("value")
                        bases += [self.expression(value)] if value is not None else []
                    elif clause.type != "implements_clause":
                        bases.append(self.expression(clause))
        members: list[ir.ClassMember] = []
        for item in self.named(body) if body is not None else []:
            if item.type == "method_definition":
                members.append(self.method(item))
                members += self.parameter_properties(item)
            elif item.type in {"public_field_definition", "field_definition"}:
                key = item.child_by_field_name("name") or item.child_by_field_name("property")
                value = item.child_by_field_name("value")
                if key is not None:
                    static = any(child.type == "static" for child in item.children)
                    text = self.key_text(key)
                    initial = self.expression(value, text) if value is not None else None
                    members.append(ir.ClassMember(text, "field", initial, is_static=static))
        return ir.ClassDefinition(
            self.text(name) if name is not None else "", tuple(bases), tuple(members), self.span(node)
        )

    def method(self, node: Node) -> ir.ClassMember:
        key = node.child_by_field_name("name")
        assert key is not None
        words = {child.type for child in node.children if not child.is_named}
        kind: Literal["method", "getter", "setter"] = (
            "getter" if "get" in words else "setter" if "set" in words else "method"
        )
        value = ir.FunctionExpression(self.function(node), self.span(node))
        return ir.ClassMember(self.key_text(key), kind, value, is_static="static" in words)

    def parameter_properties(self, node: Node) -> Iterator[ir.ClassMember]:
        """``constructor(private readonly x: X)`` declares a field that takes the argument (marked by ``=``)."""
        formal = node.child_by_field_name("parameters")
        for item in formal.named_children if formal is not None else []:
            if any(child.type in {"accessibility_modifier", "readonly"} for child in item.children):
                pattern = item.child_by_field_name("pattern")
                if pattern is not None and pattern.type == "identifier":
                    name = self.text(pattern)
                    yield ir.ClassMember(name, "field", ir.Name(f"={name}", self.span(pattern)))

    # Patterns

    def pattern(self, node: Node) -> ir.Pattern:
        span = self.span(node)
        match node.type:
            case "identifier" | "shorthand_property_identifier_pattern" | "undefined":
                return ir.NamePattern(self.text(node), span)
            case "object_pattern" | "object":
                return self.object_pattern(node, span)
            case "array_pattern" | "array":
                return self.array_pattern(node, span)
            case "member_expression" | "subscript_expression":
                target = self.expression(node)
                if isinstance(target, ir.Member):
                    return ir.MemberPattern(target.object, ir.Constant(target.key, target.span), span)
                if isinstance(target, ir.Index):
                    return ir.MemberPattern(target.object, target.index, span)
            case "assignment_pattern":
                left = node.child_by_field_name("left")
                assert left is not None
                return self.pattern(left)
            case "rest_pattern":
                return self.pattern(self.named(node)[0])
            case _ if node.type in _UNWRAPPED:
                return self.pattern(self.named(node)[0])
        return ir.MemberPattern(ir.Unknown((), span), ir.Constant("?", span), span)

    def object_pattern(self, node: Node, span: Span) -> ir.ObjectPattern:
        entries: list[ir.PatternEntry] = []
        rest: ir.Pattern | None = None
        for item in self.named(node):
            place = self.span(item)
            if item.type in {"shorthand_property_identifier_pattern", "shorthand_property_identifier"}:
                name = self.text(item)
                entries.append(ir.PatternEntry(ir.Constant(name, place), ir.NamePattern(name, place)))
            elif item.type in {"object_assignment_pattern", "assignment_pattern", "assignment_expression"}:
                left = item.child_by_field_name("left")
                right = item.child_by_field_name("right")
                assert left is not None
                default = self.expression(right) if right is not None else None
                name = self.text(left)
                entries.append(ir.PatternEntry(ir.Constant(name, self.span(left)), self.pattern(left), default))
            elif item.type in {"pair_pattern", "pair"}:
                key = item.child_by_field_name("key")
                value = item.child_by_field_name("value")
                assert key is not None
                assert value is not None
                entries.append(ir.PatternEntry(self.key(key), self.pattern(value), self.default_of(value)))
            elif item.type in {"rest_pattern", "spread_element"}:
                rest = self.pattern(self.named(item)[0])
        return ir.ObjectPattern(tuple(entries), rest, span)

    def array_pattern(self, node: Node, span: Span) -> ir.ArrayPattern:
        entries: list[ir.PatternEntry | None] = []
        rest: ir.Pattern | None = None
        pending = True
        for child in node.children:
            if child.type == ",":
                if pending:
                    entries.append(None)
                pending = True
            elif child.is_named and child.type != "comment":
                pending = False
                if child.type in {"rest_pattern", "spread_element"}:
                    rest = self.pattern(self.named(child)[0])
                else:
                    entries.append(ir.PatternEntry(None, self.pattern(child), self.default_of(child)))
        return ir.ArrayPattern(tuple(entries), rest, span)

    def default_of(self, node: Node) -> ir.Expression | None:
        if node.type in {"assignment_pattern", "assignment_expression"}:
            right = node.child_by_field_name("right")
            return self.expression(right) if right is not None else None
        return None

    # Expressions

    def key(self, node: Node) -> ir.Expression:
        if node.type == "computed_property_name":
            return self.expression(self.named(node)[0])
        return ir.Constant(self.key_text(node), self.span(node))

    def key_text(self, node: Node) -> str:
        if node.type == "string":
            return self.string(node)
        if node.type == "computed_property_name":
            inner = self.named(node)[0]
            return self.string(inner) if inner.type == "string" else self.text(inner)
        return self.text(node)

    def string(self, node: Node) -> str:
        return "".join(
            _unescape(self.text(child)) if child.type == "escape_sequence" else self.text(child)
            for child in node.named_children
        )

    def expression(self, node: Node, name: str = "") -> ir.Expression:
        while node.type in _UNWRAPPED:
            inner = self.named(node)
            if not inner:
                return ir.Unknown((), self.span(node))
            node = inner[0]
        handler = self.handlers.get(node.type)
        if handler is None:
            handler = getattr(self, f"on_{node.type}", self.on_other)
            self.handlers[node.type] = handler
        if name and node.type in _FUNCTIONS:
            return self.on_function(node, name)
        return handler(node)

    def optional_chain(self, node: Node) -> bool:
        return any(child.type in {"optional_chain", "?."} for child in node.children)

    def on_other(self, node: Node) -> ir.Expression:
        parts = tuple(
            self.expression(child)
            for child in self.named(node)
            if not child.type.startswith(("type_", "predefined")) and not child.type.endswith(("_type", "_identifier"))
        )
        return ir.Unknown(parts, self.span(node))

    def on_identifier(self, node: Node) -> ir.Expression:
        text = self.text(node)
        return ir.Constant(ir.UNDEFINED, self.span(node)) if text == "undefined" else ir.Name(text, self.span(node))

    on_shorthand_property_identifier = on_identifier
    on_this = on_identifier
    on_super = on_identifier
    on_import = on_identifier

    def on_undefined(self, node: Node) -> ir.Expression:
        return ir.Constant(ir.UNDEFINED, self.span(node))

    def on_null(self, node: Node) -> ir.Expression:
        return ir.Constant(None, self.span(node))

    def on_true(self, node: Node) -> ir.Expression:
        return ir.Constant(True, self.span(node))

    def on_false(self, node: Node) -> ir.Expression:
        return ir.Constant(False, self.span(node))

    def on_number(self, node: Node) -> ir.Expression:
        return ir.Constant(_number(self.text(node)), self.span(node))

    def on_string(self, node: Node) -> ir.Expression:
        return ir.Constant(self.string(node), self.span(node))

    def on_regex(self, node: Node) -> ir.Expression:
        span = self.span(node)
        return ir.Call(ir.Name("RegExp", span), (ir.Argument(ir.Constant(self.text(node), span)),), span, new=True)

    def on_template_string(self, node: Node) -> ir.Expression:
        parts: list[ir.Expression] = []
        for child in node.named_children:
            if child.type == "template_substitution":
                inner = self.named(child)
                parts += [self.expression(inner[0])] if inner else []
            elif child.type == "escape_sequence":
                parts.append(ir.Constant(_unescape(self.text(child)), self.span(child)))
            elif child.type != "comment":
                parts.append(ir.Constant(self.text(child), self.span(child)))
        return ir.Template(tuple(parts), self.span(node))

    def on_member_expression(self, node: Node) -> ir.Expression:
        target = node.child_by_field_name("object")
        key = node.child_by_field_name("property")
        assert target is not None
        assert key is not None
        return ir.Member(self.expression(target), self.text(key), self.span(node), self.optional_chain(node))

    def on_subscript_expression(self, node: Node) -> ir.Expression:
        target = node.child_by_field_name("object")
        index = node.child_by_field_name("index")
        assert target is not None
        assert index is not None
        return ir.Index(self.expression(target), self.expression(index), self.span(node), self.optional_chain(node))

    def arguments(self, node: Node | None) -> tuple[ir.Argument, ...]:
        if node is None:
            return ()
        if node.type == "template_string":
            return (ir.Argument(self.expression(node)),)
        return tuple(self.item(child) for child in self.named(node))

    def item(self, node: Node) -> ir.Argument:
        if node.type == "spread_element":
            return ir.Argument(self.expression(self.named(node)[0]), spread=True)
        return ir.Argument(self.expression(node))

    def on_call_expression(self, node: Node) -> ir.Expression:
        callee = node.child_by_field_name("function")
        arguments = node.child_by_field_name("arguments")
        assert callee is not None
        span = self.span(node)
        if callee.type == "import" or (callee.type == "identifier" and self.text(callee) == "require"):
            strings = [child for child in arguments.named_children if child.type == "string"] if arguments else []
            if strings:
                return ir.ImportCall(self.string(strings[0]), span)
        return ir.Call(self.expression(callee), self.arguments(arguments), span, optional=self.optional_chain(node))

    def on_new_expression(self, node: Node) -> ir.Expression:
        callee = node.child_by_field_name("constructor")
        assert callee is not None
        arguments = self.arguments(node.child_by_field_name("arguments"))
        return ir.Call(self.expression(callee), arguments, self.span(node), new=True)

    def on_object(self, node: Node) -> ir.Expression:
        entries: list[ir.Entry] = []
        for item in self.named(node):
            place = self.span(item)
            if item.type == "pair":
                key = item.child_by_field_name("key")
                value = item.child_by_field_name("value")
                assert key is not None
                assert value is not None
                name = self.key_text(key) if value.type in _FUNCTIONS else ""
                entries.append(ir.Entry(self.key(key), self.expression(value, name)))
            elif item.type == "shorthand_property_identifier":
                entries.append(ir.Entry(ir.Constant(self.text(item), place), self.on_identifier(item)))
            elif item.type == "spread_element":
                entries.append(ir.Entry(None, self.expression(self.named(item)[0])))
            elif item.type == "method_definition":
                key = item.child_by_field_name("name")
                assert key is not None
                entries.append(ir.Entry(self.key(key), ir.FunctionExpression(self.function(item), place)))
        return ir.ObjectDisplay(tuple(entries), self.span(node))

    def on_array(self, node: Node) -> ir.Expression:
        return ir.ListDisplay(tuple(self.item(child) for child in self.named(node)), self.span(node))

    def on_binary_expression(self, node: Node) -> ir.Expression:
        left = node.child_by_field_name("left")
        right = node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        assert left is not None
        assert right is not None
        assert operator is not None
        span = self.span(node)
        if operator.type == "in" and left.type == "private_property_identifier":
            return ir.Unknown((self.expression(right),), span)
        one, two = self.expression(left), self.expression(right)
        match operator.type:
            case "&&":
                return ir.Logical("and", one, two, span)
            case "||":
                return ir.Logical("or", one, two, span)
            case "??":
                return ir.Logical("??", one, two, span)
            case "===" | "==":
                return ir.Binary("==", one, two, span)
            case "!==" | "!=":
                return ir.Unary("not", ir.Binary("==", one, two, span), span)
        return ir.Binary(operator.type, one, two, span)

    def on_unary_expression(self, node: Node) -> ir.Expression:
        operand = node.child_by_field_name("argument")
        operator = node.child_by_field_name("operator")
        assert operand is not None
        assert operator is not None
        word = "not" if operator.type == "!" else operator.type
        return ir.Unary(word, self.expression(operand), self.span(node))

    def on_update_expression(self, node: Node) -> ir.Expression:
        operand = node.child_by_field_name("argument")
        assert operand is not None
        span = self.span(node)
        return ir.Assign(self.pattern(operand), ir.Constant(1, span), span, "+")

    def on_ternary_expression(self, node: Node) -> ir.Expression:
        test = node.child_by_field_name("condition")
        then = node.child_by_field_name("consequence")
        other = node.child_by_field_name("alternative")
        assert test is not None
        assert then is not None
        assert other is not None
        return ir.Conditional(self.expression(test), self.expression(then), self.expression(other), self.span(node))

    def on_function(self, node: Node, name: str = "") -> ir.Expression:
        if node.type == "class":
            return self.class_definition(node)
        return ir.FunctionExpression(self.function(node, name), self.span(node))

    on_arrow_function = on_function
    on_function_expression = on_function
    on_generator_function = on_function
    on_function_declaration = on_function
    on_generator_function_declaration = on_function
    on_class = on_function

    def on_class_declaration(self, node: Node) -> ir.Expression:
        return self.class_definition(node)

    def on_await_expression(self, node: Node) -> ir.Expression:
        return ir.Await(self.expression(self.named(node)[0]), self.span(node))

    def on_yield_expression(self, node: Node) -> ir.Expression:
        children = self.named(node)
        span = self.span(node)
        return ir.Yield(self.expression(children[0]) if children else ir.Constant(None, span), span)

    def on_assignment_expression(self, node: Node) -> ir.Expression:
        left = node.child_by_field_name("left")
        right = node.child_by_field_name("right")
        assert left is not None
        assert right is not None
        return ir.Assign(self.pattern(left), self.expression(right), self.span(node))

    def on_augmented_assignment_expression(self, node: Node) -> ir.Expression:
        left = node.child_by_field_name("left")
        right = node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        assert left is not None
        assert right is not None
        word = operator.type.removesuffix("=") if operator is not None else "+"
        word = {"&&": "and", "||": "or"}.get(word, word)
        return ir.Assign(self.pattern(left), self.expression(right), self.span(node), word)

    def on_sequence_expression(self, node: Node) -> ir.Expression:
        return ir.Sequence(tuple(self.expression(child) for child in self.named(node)), self.span(node))

    def on_type_assertion(self, node: Node) -> ir.Expression:
        return self.expression(self.named(node)[-1])

    def on_meta_property(self, node: Node) -> ir.Expression:
        return ir.Unknown((), self.span(node))


def _number(text: str) -> int | float:
    clean = text.replace("_", "").lower()
    try:
        if clean[:2] in _NUMBER_BASES:
            return int(clean[2:].removesuffix("n"), _NUMBER_BASES[clean[:2]])
        if clean.endswith("n"):
            return int(clean[:-1])
        value = float(clean)
    except (ValueError, OverflowError):
        return 0.5
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value


def _unescape(text: str) -> str:
    body = text[1:]
    if body[:1] in {"x", "u"}:
        digits = body[1:].strip("{}")
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            return body
    return _ESCAPES.get(body, body)
