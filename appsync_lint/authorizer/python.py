"""Python source to the intermediate form, through the standard library's ``ast``. Nothing is imported or run."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator
from re import compile as regex

from ..text import SourceText, Span
from . import ir

__all__ = ["NotParsedError", "lower_python"]

_LINE_END = regex(r"\r\n|\n|\r")

_OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Is: "==",
    ast.IsNot: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Not: "not",
    ast.USub: "-",
    ast.UAdd: "+",
    ast.Invert: "~",
}

_RECORD_BASES = {"NamedTuple", "BaseModel", "TypedDict", "Struct"}


class NotParsedError(Exception):
    """The source has a syntax error, or is nested too deeply; the message completes "not parsed: ..."."""


def lower_python(source: SourceText) -> ir.Module:
    """Lower a Python file. Raises :class:`NotParsedError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except SyntaxError as error:
        raise NotParsedError(f"line {error.lineno or 1}: {error.msg}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise NotParsedError(f"line 1: {str(error) or 'nested too deeply'}") from None
    return _Lowering(source).module(tree)


class _Names(ast.NodeVisitor):
    """The names that a function body binds, without those of functions and classes inside it."""

    def __init__(self) -> None:
        self.bound: dict[str, None] = {}
        self.outer: set[str] = set()
        self.yields = False

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load):
            self.bound[node.id] = None

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.bound[node.name] = None

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        pass

    def visit_ListComp(self, node: ast.AST) -> None:
        for child in ast.walk(node):
            if isinstance(child, ast.NamedExpr) and isinstance(child.target, ast.Name):
                self.bound[child.target.id] = None

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.outer.update(node.names)

    visit_Nonlocal = visit_Global

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self.bound[alias.asname or alias.name.partition(".")[0]] = None

    visit_ImportFrom = visit_Import

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bound[node.name] = None
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.name:
            self.bound[node.name] = None
        self.generic_visit(node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.bound[node.name] = None

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.bound[node.rest] = None
        self.generic_visit(node)

    def visit_Yield(self, node: ast.Yield | ast.YieldFrom) -> None:
        self.yields = True
        self.generic_visit(node)

    visit_YieldFrom = visit_Yield


def _names(statements: Iterable[ast.stmt]) -> _Names:
    visitor = _Names()
    for statement in statements:
        visitor.visit(statement)
    for name in visitor.outer:
        visitor.bound.pop(name, None)
    return visitor


class _Lowering:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(source.text))]
        self.ascii = source.text.isascii()
        self.matches = 0

    # Places

    def offset(self, line: int, column: int) -> int:
        if line > len(self.starts):
            return len(self.source.text)
        start = self.starts[line - 1]
        if self.ascii or not column:
            return start + column
        end = self.starts[line] if line < len(self.starts) else len(self.source.text)
        return start + len(self.source.text[start:end].encode()[:column].decode(errors="ignore"))

    def span(self, node: ast.expr | ast.stmt | ast.ExceptHandler | ast.pattern | ast.keyword | ast.arg) -> Span:
        start = self.offset(node.lineno, node.col_offset)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.source.span(start, max(start, self.offset(node.end_lineno, node.end_col_offset)))

    # Modules, functions and classes

    def module(self, tree: ast.Module) -> ir.Module:
        bound = tuple(_names(tree.body).bound)
        block = ir.Block(tuple(self.statements(tree.body)), bound)
        return ir.Module("python", block, self.source.span(0, len(self.source.text)))

    def block(self, statements: list[ast.stmt]) -> ir.Block:
        return ir.Block(tuple(self.statements(statements)))

    def statements(self, statements: list[ast.stmt]) -> Iterator[ir.Statement]:
        for statement in statements:
            yield from self.statement(statement)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Function:
        names = _names(node.body)

        def lower() -> ir.Block:
            return ir.Block(tuple(self.statements(node.body)), tuple(names.bound))

        return ir.Function(
            node.name,
            self.parameters(node.args),
            ir.Body(lower),
            self.span(node),
            is_async=isinstance(node, ast.AsyncFunctionDef),
            is_generator=names.yields,
        )

    def decorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Expression:
        function: ir.Expression = ir.FunctionExpression(self.function(node), self.span(node))
        for decorator in reversed(node.decorator_list):
            function = ir.Call(self.expression(decorator), (ir.Argument(function),), self.span(decorator))
        return function

    def parameters(self, arguments: ast.arguments) -> tuple[ir.Parameter, ...]:
        plain = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(plain) - len(arguments.defaults)) + list(arguments.defaults)
        found = [
            ir.Parameter(self.parameter(item), self.optional(default))
            for item, default in zip(plain, defaults, strict=True)
        ]
        if arguments.vararg:
            found.append(ir.Parameter(self.parameter(arguments.vararg), kind="rest"))
        found += [
            ir.Parameter(self.parameter(item), self.optional(default), "keyword-only")
            for item, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        ]
        if arguments.kwarg:
            found.append(ir.Parameter(self.parameter(arguments.kwarg), kind="keywords"))
        return tuple(found)

    def parameter(self, item: ast.arg) -> ir.NamePattern:
        return ir.NamePattern(item.arg, self.span(item))

    def class_definition(self, node: ast.ClassDef) -> ir.ClassDefinition:
        members: list[ir.ClassMember] = []
        for item in node.body:
            if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef):
                members.append(self.method(item))
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                members.append(
                    ir.ClassMember(item.target.id, "field", self.optional(item.value), item.value is not None)
                )
            elif isinstance(item, ast.Assign):
                value = self.expression(item.value)
                members += [
                    ir.ClassMember(target.id, "field", value, is_static=True)
                    for target in item.targets
                    if isinstance(target, ast.Name)
                ]
        bases = tuple(self.expression(base) for base in node.bases)
        record = any(_last_name(base) in _RECORD_BASES for base in node.bases) or any(
            _last_name(item.func if isinstance(item, ast.Call) else item) in {"dataclass", "define", "frozen", "attrs"}
            for item in node.decorator_list
        )
        return ir.ClassDefinition(node.name, bases, tuple(members), self.span(node), record)

    def method(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.ClassMember:
        words = {_last_name(item) for item in node.decorator_list}
        known = {"property", "cached_property", "staticmethod", "classmethod", "abstractmethod", "setter", "override"}
        others = tuple(self.expression(item) for item in node.decorator_list if _last_name(item) not in known)
        kind = "getter" if words & {"property", "cached_property"} else "setter" if "setter" in words else "method"
        return ir.ClassMember(
            node.name,
            kind,  # type: ignore[arg-type]
            ir.FunctionExpression(self.function(node), self.span(node)),
            is_static="staticmethod" in words,
            class_method="classmethod" in words,
            explicit_self=True,
            decorators=others,
        )

    # Statements

    def statement(self, node: ast.stmt) -> Iterator[ir.Statement]:
        span = self.span(node)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield self.assign(ir.NamePattern(node.name, span), self.decorated(node), span)
            case ast.ClassDef():
                yield self.assign(ir.NamePattern(node.name, span), self.class_definition(node), span)
            case ast.Return():
                yield ir.Return(self.optional(node.value), span)
            case ast.Assign():
                value = self.expression(node.value)
                for target in node.targets:
                    yield self.assign(self.pattern(target), value, span)
            case ast.AnnAssign():
                if node.value is not None:
                    yield self.assign(self.pattern(node.target), self.expression(node.value), span)
            case ast.AugAssign():
                operator = _OPERATORS.get(type(node.op), "?")
                assign = ir.Assign(self.pattern(node.target), self.expression(node.value), span, operator)
                yield ir.Evaluate(assign, span)
            case ast.Expr():
                yield ir.Evaluate(self.expression(node.value), span)
            case ast.If():
                other = self.block(node.orelse) if node.orelse else None
                yield ir.If(self.expression(node.test), self.block(node.body), other, self.span(node.test))
            case ast.For() | ast.AsyncFor():
                otherwise = self.block(node.orelse) if node.orelse else None
                yield ir.Loop(
                    self.block(node.body),
                    self.span(node.iter),
                    target=self.pattern(node.target),
                    iterable=self.expression(node.iter),
                    otherwise=otherwise,
                )
            case ast.While():
                otherwise = self.block(node.orelse) if node.orelse else None
                yield ir.Loop(
                    self.block(node.body), self.span(node.test), test=self.expression(node.test), otherwise=otherwise
                )
            case ast.Raise():
                yield ir.Throw(self.optional(node.exc), span)
            case ast.Assert():
                test = ir.Unary("not", self.expression(node.test), self.span(node.test))
                yield ir.If(test, ir.Block((ir.Throw(self.optional(node.msg), span),)), None, span)
            case ast.With() | ast.AsyncWith():
                yield from self.with_statement(node, span)
            case ast.Match():
                yield from self.match(node, span)
            case ast.Import() | ast.ImportFrom():
                yield from self.imports(node, span)
            case ast.Break():
                yield ir.Break(None, span)
            case ast.Continue():
                yield ir.Continue(None, span)
            case ast.Delete():
                for target in node.targets:
                    yield ir.Evaluate(ir.Unary("delete", self.expression(target), span), span)
            case _ if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
                yield self.try_statement(node, span)  # type: ignore[arg-type]

    def try_statement(self, node: ast.Try, span: Span) -> ir.Try:
        catches = []
        for handler in node.handlers:
            place = self.span(handler)
            target = ir.NamePattern(handler.name, place) if handler.name else None
            types: tuple[ir.Expression, ...] = ()
            if isinstance(handler.type, ast.Tuple):
                types = tuple(self.expression(item) for item in handler.type.elts)
            elif handler.type is not None:
                types = (self.expression(handler.type),)
            catches.append(ir.Catch(types, target, self.block(handler.body), place))
        otherwise = self.block(node.orelse) if node.orelse else None
        finalizer = self.block(node.finalbody) if node.finalbody else None
        return ir.Try(self.block(node.body), tuple(catches), otherwise, finalizer, span)

    def with_statement(self, node: ast.With | ast.AsyncWith, span: Span) -> Iterator[ir.Statement]:
        for item in node.items:
            value = self.expression(item.context_expr)
            place = self.span(item.context_expr)
            if item.optional_vars is not None:
                yield self.assign(self.pattern(item.optional_vars), value, place)
            else:
                yield ir.Evaluate(value, place)
        swallowed = [
            item.context_expr
            for item in node.items
            if isinstance(item.context_expr, ast.Call) and _last_name(item.context_expr.func) == "suppress"
        ]
        if swallowed:
            types = tuple(self.expression(item) for item in swallowed[0].args)
            catch = ir.Catch(types, None, ir.Block(()), span)
            yield ir.Try(self.block(node.body), (catch,), None, None, span)
        else:
            yield from self.statements(node.body)

    def imports(self, node: ast.Import | ast.ImportFrom, span: Span) -> Iterator[ir.Statement]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname:
                    yield ir.Import(alias.name, "*", alias.asname, span)
                else:
                    # `import a.b` binds `a`, through which a.b is reached.
                    yield ir.Import(alias.name, "*", alias.name, span)
            return
        for alias in node.names:
            local = None if alias.name == "*" else alias.asname or alias.name
            yield ir.Import(node.module or "", alias.name, local, span, node.level)

    def match(self, node: ast.Match, span: Span) -> Iterator[ir.Statement]:
        self.matches += 1
        name = f"match#{self.matches}"
        subject = ir.Name(name, self.span(node.subject))
        chain: ir.Block | None = None
        for case in reversed(node.cases):
            test, binds = self.match_pattern(case.pattern, subject, node.subject)
            place = self.span(case.pattern)
            body: tuple[ir.Statement, ...] = tuple(self.statements(case.body))
            if case.guard is not None:
                guard = ir.Sequence((*binds, self.expression(case.guard)), place)
                test = guard if test is None else ir.Logical("and", test, guard, place)
            else:
                body = (*(ir.Evaluate(bind, place) for bind in binds), *body)
            chain = ir.Block(body) if test is None else ir.Block((ir.If(test, ir.Block(body), chain, place),))
        assign = self.assign(ir.NamePattern(name, subject.span), self.expression(node.subject), span)
        yield ir.Block((assign, *(chain.statements if chain else ())), (name,))

    def match_pattern(
        self, pattern: ast.pattern, subject: ir.Expression, displayed: ast.expr | None = None
    ) -> tuple[ir.Expression | None, list[ir.Expression]]:
        """The test that a pattern makes (None: always matches) and what it binds.

        ``displayed`` is the subject as it is written: the length of a tuple that stands there is known.
        """
        place = self.span(pattern)
        match pattern:
            case ast.MatchValue():
                return ir.Binary("==", subject, self.expression(pattern.value), place), []
            case ast.MatchSingleton():
                return ir.Binary("==", subject, ir.Constant(pattern.value, place), place), []
            case ast.MatchAs():
                test, binds = (
                    (None, []) if pattern.pattern is None else self.match_pattern(pattern.pattern, subject, displayed)
                )
                if pattern.name:
                    binds = [*binds, ir.Assign(ir.NamePattern(pattern.name, place), subject, place)]
                return test, binds
            case ast.MatchOr():
                tests = [self.match_pattern(item, subject, displayed) for item in pattern.patterns]
                test = tests[0][0]
                for other, _ in tests[1:]:
                    test = None if test is None or other is None else ir.Logical("or", test, other, place)
                return test, [bind for _, binds in tests for bind in binds]
            case ast.MatchMapping():
                test = ir.Unknown((subject,), place) if not pattern.keys else None
                collected: list[ir.Expression] = []
                for key, item in zip(pattern.keys, pattern.patterns, strict=True):
                    part = ir.Index(subject, self.expression(key), place)
                    inner, binds = self.match_pattern(item, part)
                    # A key that is missing fails the match, so the key itself is tested too.
                    inner = ir.Logical("and", part, inner, place) if inner is not None else part
                    test = inner if test is None else ir.Logical("and", test, inner, place)
                    collected += binds
                if pattern.rest:
                    collected.append(ir.Assign(ir.NamePattern(pattern.rest, place), subject, place))
                return test, collected
            case ast.MatchSequence():
                tests = [
                    self.match_pattern(item, ir.Index(subject, ir.Constant(index, place), place))
                    for index, item in enumerate(pattern.patterns)
                ]
                test = None if _fits(pattern, displayed) else ir.Unknown((subject,), place)
                for other, _ in tests:
                    if other is not None:
                        test = other if test is None else ir.Logical("and", test, other, place)
                return test, [bind for _, binds in tests for bind in binds]
            case ast.MatchClass():
                names = [None] * len(pattern.patterns) + list(pattern.kwd_attrs)
                test = ir.Unknown((subject,), place)
                collected = []
                for attribute, item in zip(names, [*pattern.patterns, *pattern.kwd_patterns], strict=True):
                    whole = subject if attribute is None else ir.Member(subject, attribute, place)
                    inner, binds = self.match_pattern(item, whole)
                    test = test if inner is None else ir.Logical("and", test, inner, place)
                    collected += binds
                return test, collected
            case ast.MatchStar():
                bind = [ir.Assign(ir.NamePattern(pattern.name, place), subject, place)] if pattern.name else []
                return None, [*bind]
        return ir.Unknown((subject,), place), []

    def assign(self, target: ir.Pattern, value: ir.Expression, span: Span) -> ir.Evaluate:
        return ir.Evaluate(ir.Assign(target, value, span), span)

    def pattern(self, node: ast.expr) -> ir.Pattern:
        span = self.span(node)
        match node:
            case ast.Name():
                return ir.NamePattern(node.id, span)
            case ast.Attribute():
                return ir.MemberPattern(self.expression(node.value), ir.Constant(node.attr, span), span)
            case ast.Subscript():
                return ir.MemberPattern(self.expression(node.value), self.expression(node.slice), span)
            case ast.Tuple() | ast.List():
                entries: list[ir.PatternEntry | None] = []
                rest: ir.Pattern | None = None
                for item in node.elts:
                    if isinstance(item, ast.Starred):
                        rest = self.pattern(item.value)
                    else:
                        entries.append(ir.PatternEntry(None, self.pattern(item)))
                return ir.ArrayPattern(tuple(entries), rest, span)
            case ast.Starred():
                return self.pattern(node.value)
        return ir.MemberPattern(self.expression(node), ir.Constant("?", span), span)

    # Expressions

    def optional(self, node: ast.expr | None) -> ir.Expression | None:
        return None if node is None else self.expression(node)

    def arguments(self, nodes: list[ast.expr]) -> Iterator[ir.Argument]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield ir.Argument(self.expression(node.value), spread=True)
            else:
                yield ir.Argument(self.expression(node))

    def expression(self, node: ast.expr) -> ir.Expression:
        span = self.span(node)
        match node:
            case ast.Constant():
                value = node.value
                if isinstance(value, str | int | float | bool | bytes) or value is None:
                    return ir.Constant(value, span)
                return ir.Unknown((), span)
            case ast.Name():
                return ir.Name(node.id, span)
            case ast.Attribute():
                return ir.Member(self.expression(node.value), node.attr, span)
            case ast.Subscript():
                if isinstance(node.slice, ast.Slice):
                    bounds = (node.slice.lower, node.slice.upper, node.slice.step)
                    parts = tuple(ir.Argument(self.expression(item)) for item in bounds if item is not None)
                    return ir.Call(ir.Member(self.expression(node.value), "slice", span), parts, span)
                return ir.Index(self.expression(node.value), self.expression(node.slice), span)
            case ast.Call():
                keywords = (
                    ir.Argument(self.expression(item.value), spread=item.arg is None, keyword=item.arg or "**")
                    for item in node.keywords
                )
                return ir.Call(self.expression(node.func), (*self.arguments(node.args), *keywords), span)
            case ast.Dict():
                return ir.ObjectDisplay(
                    tuple(
                        ir.Entry(self.optional(key), self.expression(value))
                        for key, value in zip(node.keys, node.values, strict=True)
                    ),
                    span,
                )
            case ast.List() | ast.Tuple() | ast.Set():
                return ir.ListDisplay(tuple(self.arguments(node.elts)), span)
            case ast.JoinedStr():
                return ir.Template(tuple(self.expression(item) for item in node.values), span)
            case ast.FormattedValue():
                return self.expression(node.value)
            case ast.BinOp():
                operator = _OPERATORS.get(type(node.op), "?")
                return ir.Binary(operator, self.expression(node.left), self.expression(node.right), span)
            case ast.UnaryOp():
                return ir.Unary(_OPERATORS[type(node.op)], self.expression(node.operand), span)
            case ast.BoolOp():
                word = "and" if isinstance(node.op, ast.And) else "or"
                result = self.expression(node.values[0])
                for item in node.values[1:]:
                    result = ir.Logical(word, result, self.expression(item), span)  # type: ignore[arg-type]
                return result
            case ast.Compare():
                return self.compare(node, span)
            case ast.IfExp():
                return ir.Conditional(
                    self.expression(node.test), self.expression(node.body), self.expression(node.orelse), span
                )
            case ast.Lambda():
                return self.lambda_expression(node, span)
            case ast.Await():
                return ir.Await(self.expression(node.value), span)
            case ast.Yield():
                return ir.Yield(self.optional(node.value) or ir.Constant(None, span), span)
            case ast.YieldFrom():
                return ir.Yield(self.expression(node.value), span)
            case ast.NamedExpr():
                return ir.Assign(self.pattern(node.target), self.expression(node.value), span)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self.comprehension(node.generators, None, node.elt, span)
            case ast.DictComp():
                return self.comprehension(node.generators, node.key, node.value, span)
            case ast.Starred():
                return self.expression(node.value)
        children = (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))
        return ir.Unknown(tuple(self.expression(child) for child in children), span)

    def compare(self, node: ast.Compare, span: Span) -> ir.Expression:
        left = self.expression(node.left)
        result: ir.Expression | None = None
        for operator, item in zip(node.ops, node.comparators, strict=True):
            right = self.expression(item)
            word = _OPERATORS[type(operator)]
            part: ir.Expression
            if word == "not in":
                part = ir.Unary("not", ir.Binary("in", left, right, span), span)
            elif word == "!=":
                part = ir.Unary("not", ir.Binary("==", left, right, span), span)
            else:
                part = ir.Binary(word, left, right, span)
            result = part if result is None else ir.Logical("and", result, part, span)
            left = right
        assert result is not None
        return result

    def lambda_expression(self, node: ast.Lambda, span: Span) -> ir.Expression:
        def lower() -> ir.Block:
            value = self.expression(node.body)
            return ir.Block((ir.Return(value, self.span(node.body)),))

        function = ir.Function("<lambda>", self.parameters(node.args), ir.Body(lower), span)
        return ir.FunctionExpression(function, span)

    def comprehension(
        self, generators: list[ast.comprehension], key: ast.expr | None, value: ast.expr, span: Span
    ) -> ir.Expression:
        names = _Names()
        for item in generators:
            names.visit(item.target)
        loops = tuple(
            (
                self.pattern(item.target),
                self.expression(item.iter),
                tuple(self.expression(test) for test in item.ifs),
            )
            for item in generators
        )
        return ir.Comprehension(loops, self.expression(value), span, self.optional(key), tuple(names.bound))


def _fits(pattern: ast.MatchSequence, displayed: ast.expr | None) -> bool:
    """Whether a sequence that stands in the source is as long as a pattern for it."""
    if not isinstance(displayed, ast.Tuple | ast.List):
        return False
    parts = [*displayed.elts, *pattern.patterns]
    return len(displayed.elts) == len(pattern.patterns) and not any(
        isinstance(part, ast.Starred | ast.MatchStar) for part in parts
    )


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
