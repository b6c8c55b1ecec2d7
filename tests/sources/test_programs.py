"""Programs: what literals, variables, conditions, functions and imports come to, and what stays open."""

from __future__ import annotations

import builtins
import json
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appsync_lint.errors import InputError
from appsync_lint.sources.programs import (
    Attribute,
    Call,
    FileText,
    Function,
    Joined,
    Program,
    Reference,
    inline_text,
    read_program,
)
from appsync_lint.text import SourceText
from appsync_lint.tree import Node, Open, Scalar, Sequence, Table

from ..strategies import thorough

HERE = Path("/project/app.ts")


def read(text: str, name: str = "app.ts", folder: Path = HERE.parent) -> Program:
    path = folder / name
    return read_program(SourceText(path.as_posix(), text), path)


def told(node: Node | None) -> object:
    """A node as plain data: what is open in angle brackets, with what it can be."""
    match node:
        case None:
            return None
        case Scalar():
            return node.value
        case Sequence():
            return [told(item) for item in node] + (["<more>"] if node.more is not None else [])
        case Table():
            return {key: told(item) for key, item in node} | ({"<more>": True} if node.more is not None else {})
        case Reference():
            return f"<{node.module}:{'.'.join(node.path)}>"
        case FileText():
            return {"<text of>": told(node.path)}
        case Joined():
            return {"<joined>": [told(part) for part in node.parts]}
        case Function():
            return "<function>"
        case Attribute():
            return f"<.{node.key}>"
        case Call():
            return f"<{node.name}()>"
        case Open():
            options = [told(option) for option in node.options]
            if node.assumed:
                return {"<by default>": options, "of": list(node.assumed)}
            return {"<one of>": options} if node.complete else {"<open>": options} if options else "<open>"
    raise AssertionError(node)


def given_to(text: str, name: str = "app.ts", folder: Path = HERE.parent) -> list[object]:
    """What the calls of ``show`` in a program are given, in their order."""
    calls = [call for call in read(text, name, folder).calls if call.name == "show"]
    return [told(call.arguments[0]) for call in calls]


SHOWN = [
    # Literals.
    ("show({ a: 1, 'b': [true, null, undefined], 3: 0x10 })", {"a": 1, "b": [True, None, None], "3": 16}),
    ("show('it\\'s \\u0041 \\x42\\n')", "it's A B\n"),
    ("show('\\ud83d\\ude00' + `\\ud83d\\ude00`)", "😀😀"),
    ("show(`a${1}b${'c'}`)", "a1bc"),
    ("show(-2 * 3 + 10 / 4)", -3.5),
    ("show('a' + 1 + 'b')", "a1b"),
    ("show(/* 1 */ 2 // 3\n)", 2),
    ("show(('x' as const) satisfies string)", "x"),
    ("show(<any>{ a: 1 })", {"a": 1}),
    ("show(x!)", "<:x>"),
    ("show([1, , 2])", [1, 2]),
    # Variables.
    ("const a = 1; show(a)", 1),
    ("let a = 1; a = 2; show(a)", 2),
    ("let a; show(a)", None),
    ("const { a, b: { c = 3 }, ...rest } = { a: 1, b: {}, d: 4 }; show([a, c, rest])", [1, 3, {"d": 4}]),
    ("const [a, , b = 5] = [1, 2]; show([a, b])", [1, 5]),
    ("const o = { a: { b: ['x'] } }; show(o.a.b[0])", "x"),
    ("const o = { a: 1 }; show(o['a'])", 1),
    ("const o = { a: 1 }; show(o.b)", None),
    ("const a = 1; { const a = 2; } show(a)", 1),
    ("enum Mode { A = 'x', B = 7, C } show([Mode.A, Mode.B])", ["x", 7]),
    # Objects change.
    ("const o: any = {}; o.a = 1; o['b'] = 2; delete o.a; show(o)", {"a": None, "b": 2}),
    ("const l = [1]; l.push(2, 3); show(l)", [1, 2, 3]),
    ("const l = [1]; show(l); l.push(2)", [1]),
    ("const o = { a: 1 }; Object.assign(o, { b: 2 }); show(o)", {"a": 1, "b": 2}),
    ("show({ ...{ a: 1, b: 1 }, b: 2 })", {"a": 1, "b": 2}),
    ("show({ a: 1, ...other })", {"a": {"<open>": [1]}, "<more>": True}),
    ("show({ ...other, a: 1 })", {"a": 1, "<more>": True}),
    ("show([1, ...others])", [1, "<more>"]),
    ("const o = { a: 1 }; change(o); show(o)", {"a": {"<open>": [1]}, "<more>": True}),
    ("const o = { a: 1 }; console.log(o); show(o)", {"a": 1}),
    ("const l = [1]; l.sort(); show(l)", ["<more>"]),
    # Conditions.
    ("show(x ? 1 : 2)", {"<one of>": [1, 2]}),
    ("show(true ? 1 : 2)", 1),
    ("show('a' === 'b' ? 1 : 2)", 2),
    ("let a; if (x) { a = 1 } else { a = 2 } show(a)", {"<one of>": [1, 2]}),
    ("let a; if (x) a = 1; show(a)", {"<one of>": [1, None]}),
    ("let a; if (x) { a = 1 } else if (y) { a = 2 } else { throw 0 } show(a)", {"<one of>": [1, 2]}),
    ("let a; if (x) { a = 1 } else { a = 1 } show(a)", 1),
    ("let a; switch (x) { case 1: a = 1; break; case 2: a = 2; break; default: a = 3 } show(a)", {"<one of>": [1, 2, 3]}),
    ("let a; switch ('k') { case 'j': a = 1; break; case 'k': a = 2; } show(a)", 2),
    ("const l = [1]; if (x) l.push(2); show(l)", [1, {"<one of>": [2, None]}]),
    ("const o: any = { a: 1 }; if (x) { o.a = 2; o.b = 3 } show(o)", {"a": {"<one of>": [2, 1]}, "b": {"<one of>": [3, None]}}),
    ("show({ a: 1, ...(x && { b: 2 }) })", {"a": 1, "b": {"<one of>": [2, None]}}),
    ("show([1, ...(x ? [2] : [])])", [1, {"<one of>": [2, None]}]),
    ("show((x ? { a: 1 } : { a: 2 }).a)", {"<one of>": [1, 2]}),
    ("show(null ?? 1)", 1),
    ("show('' || 'b')", "b"),
    ("let a; try { a = 1; f() } catch (e) { a = 2 } show(a)", {"<one of>": [1, 2]}),
    # What others decide.
    ("show(process.env.MODE)", "<open>"),
    ("show(process.env.MODE ?? 'IAM')", {"<by default>": ["IAM"], "of": ["process.env.MODE"]}),
    ("show(`${process.env.MODE || 'a'}.graphql`)", {"<by default>": ["a.graphql"], "of": ["process.env.MODE"]}),
    ("show(`${x ? 'a' : 'b'}.graphql`)", {"<one of>": ["a.graphql", "b.graphql"]}),
    ("show(`${x}.graphql`)", {"<joined>": ["<:x>", ".graphql"]}),
    ("import { MODE } from 'shared'; show(MODE ?? 'IAM')", {"<open>": ["IAM"]}),
    # Functions.
    ("const f = (a, b = 2) => ({ a, b }); show(f(1))", {"a": 1, "b": 2}),
    ("function f({ a }, ...rest) { return [a, rest] } show(f({ a: 1 }, 2, 3))", [1, [2, 3]]),
    ("function f(x) { if (x === 1) return 'one'; return 'other' } show([f(1), f(2)])", ["one", "other"]),
    ("function f() { if (x) return 1; return 2 } show(f())", {"<one of>": [1, 2]}),
    ("function f(n) { return f(n - 1) } show(f(3))", "<open>"),
    ("show([1, 2].map((item) => item * 2))", [2, 4]),
    ("const l: any[] = []; ['a', 'b'].forEach((x) => l.push(x)); show(l)", ["a", "b"]),
    ("const l: any[] = [1]; others.forEach((x) => l.push(x)); show(l)", [1, "<more>"]),
    ("const l: any[] = [1]; for (const x of others) l.push(x); show(l)", [1, "<more>"]),
    ("const l: any[] = []; for (const x of [1, 2]) { l.push(x) } show(l)", [1, 2]),
    ("let a = 1; for (const x of others) { show(a); a = 2 }", "<open>"),
    ("let a = 1; while (x) { a = 2; break } show(a)", {"<one of>": [2, 1]}),
    ("let mode = 'A'; setTimeout(() => { mode = 'B' }); show(mode)", {"<one of>": ["B", "A"]}),
    ("let a = 1; function f() { show(a) } a = 2; export { f }", {"<one of>": [1, 2]}),
    ("async function f() { return 1 } show(await f())", 1),
    ("export function f(mode = 'IAM') { show(mode) }", {"<by default>": ["IAM"], "of": ["mode"]}),
    ("export function f(props) { show(props.mode) }", "<.mode>"),
    # Classes.
    ("class A { x = 1; constructor() { this.y = 2 } get z() { return this.x + this.y } } show(new A().z)", 3),
    ("class A { constructor(private readonly x: number) {} f() { return this.x } } show(new A(5).f())", 5),
    ("class A { f() { return 1 } } class B extends A { f() { return super.f() + 1 } } show(new B().f())", 2),
    ("class A { static X = 'x' } show(A.X)", "x"),
    ("class A { constructor(p) { this.p = p } } class B extends A { constructor() { super(7) } } show(new B().p)", 7),
    # Names of others.
    ("import * as a from 'm'; show(a.b.C)", "<m:b.C>"),
    ("import a, { b as c } from 'm'; show([a, c])", ["<m:default>", "<m:b>"]),
    ("const { b } = require('m'); show(b)", "<m:b>"),
    ("import a = require('m'); show(a.B)", "<m:B>"),
    ("show(sst.aws.X)", "<:sst.aws.X>"),
    ("const m = x ? 'p' : 'q'; show(m.length)", 1),
    # Files and paths.
    ("import * as path from 'path'; show(path.join(__dirname, '..', 'a', './b.graphql'))", "/a/b.graphql"),
    ("import { join } from 'node:path'; show(join('a', 'b'))", "a/b"),
    ("import path from 'path'; show(path.resolve(process.cwd(), 'a/b'))", "a/b"),
    ("show(`${__dirname}/a.graphql`)", "/project/a.graphql"),
    ("import { fileURLToPath } from 'url'; show(fileURLToPath(new URL('./a', import.meta.url)))", "/project/a"),
    ("import { readFileSync as r } from 'fs'; show(r('a.graphql', 'utf8').toString().trim())", {"<text of>": "a.graphql"}),
    ("import schema from './a.graphql'; show(schema)", {"<text of>": "/project/a.graphql"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SHOWN, ids=[text[:60] for text, _ in SHOWN])
def test_script_comes_to(text: str, expected: object) -> None:
    assert given_to(text) == [expected]


PYTHON = [
    ("show({'a': 1, **{'b': None}, 'c': (True, 2.5)})", {"a": 1, "b": None, "c": [True, 2.5]}),
    ("show('a' 'b' + f'c{1}')", "abc1"),
    ("show('''x\n''' if True else 1)", "x\n"),
    ("A = 1\ndef f():\n    show(A)", 1),
    ("A = 1\nA = 2\ndef f():\n    show(A)", {"<one of>": [1, 2]}),
    ("x = [1]\nx += [2]\nx.append(3)\nx.extend([4])\nshow(x)", [1, 2, 3, 4]),
    ("d = dict(a=1)\nd['b'] = 2\nd.update(c=3)\nshow(d)", {"a": 1, "b": 2, "c": 3}),
    ("d = {'a': 1}\nshow([d.get('a'), d.get('b', 5), d['a']])", [1, 5, 1]),
    ("if x:\n    a = 1\nelse:\n    a = 2\nshow(a)", {"<one of>": [1, 2]}),
    ("show([i * 2 for i in (1, 2)])", [2, 4]),
    ("a = [1]\nfor i in others:\n    a.append(i)\nshow(a)", [1, "<more>"]),
    ("import os\nshow(os.environ['X'])", "<open>"),
    ("import os\nshow(os.environ.get('X', 'a'))", {"<by default>": ["a"], "of": ["X"]}),
    ("import os\nshow(os.getenv('X') or 'a')", {"<by default>": ["a"], "of": ["X"]}),
    ("import os\nshow(os.path.join(os.path.dirname(__file__), '..', 'a'))", "/a"),
    ("from pathlib import Path\nshow(Path(__file__).resolve().parent / 'a')", "/project/a"),
    ("from pathlib import Path\nshow((Path('a') / 'b').read_text())", {"<text of>": "a/b"}),
    ("with open('a') as f:\n    show(f.read())", {"<text of>": "a"}),
    ("show(open('a', 'w'))", "<open()>"),
    ("class A:\n    X = 1\n    def __init__(self, y):\n        self.y = y\n    def f(self):\n        return [self.X, self.y]\nshow(A(2).f())", [1, 2]),
    ("class A:\n    @staticmethod\n    def f(x):\n        return x\n    @classmethod\n    def g(cls, x):\n        return cls.f(x)\n    @property\n    def h(self):\n        return 3\nshow([A.f(1), A.g(2), A().h])", [1, 2, 3]),
    ("@dataclass\nclass A:\n    x: int\n    y: int = 2\na = A(1)\nshow([a.x, a.y])", [1, 2]),
    ("def f(a, *b, c=3, **d):\n    return [a, b, c, d]\nshow(f(1, 2, e=4))", [1, [2], 3, {"e": 4}]),
    ("@cached\ndef f():\n    return 1\nshow(f())", "<()>"),
    ("import aws_cdk as cdk\nshow(cdk.aws_appsync.X)", "<aws_cdk:aws_appsync.X>"),
    ("import aws_cdk.aws_appsync\nshow(aws_cdk.aws_appsync.X)", "<aws_cdk:aws_appsync.X>"),
    ("from aws_cdk.aws_appsync import *\nshow(X)", "<aws_cdk.aws_appsync:X>"),
    ("try:\n    from a import X\nexcept ImportError:\n    X = None\nshow(X.Y)", {"<one of>": ["<a:X.Y>", None]}),
    ("# show(1)\nshow(2)", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PYTHON, ids=[text[:60] for text, _ in PYTHON])
def test_python_comes_to(text: str, expected: object) -> None:
    assert given_to(text, "app.py") == [expected]


# Calls.


def test_call_tells_its_name_its_arguments_and_where_it_stands() -> None:
    text = "import { X as Y } from 'pkg';\nconst y = new Y(this, 'Id', { a: 1 });\ny.size = 3;\nshow(y.size, y.name);"
    program = read(text)
    made, shown = program.calls
    assert isinstance(made.callee, Reference)
    assert (made.callee.module, made.callee.path, made.name, made.new) == ("pkg", ("X",), "X", True)
    assert told(made.argument(1)) == "Id"
    assert told(made.argument(2, "props")) == {"a": 1}
    assert made.argument(3) is None
    assert made.span is not None
    assert made.span.text == "new Y(this, 'Id', { a: 1 })"
    assert told(made.fields) == {"size": 3}
    assert told(shown.arguments[0]) == 3
    name = shown.arguments[1]
    assert isinstance(name, Attribute)
    assert name.base is made


def test_keywords_of_python_are_by_name() -> None:
    (call,) = read("from m import X\nX(scope, 'Id', a=1, **{'b': 2})", "app.py").calls
    assert told(call.keywords) == {"a": 1, "b": 2}
    assert told(call.argument(1, "id")) == "Id"
    assert told(call.argument(9, "b")) == 2


def test_class_that_extends_another_ones_is_its_construction() -> None:
    text = """
import { Api } from 'pkg';
class Mine extends Api {
  constructor(scope: any) { super(scope, 'Mine', { mode: 'A' }); this.other = 1; }
}
const mine = new Mine(app);
show(mine);
"""
    made = next(call for call in read(text).calls if call.name == "Api")
    assert [told(item) for item in made.arguments] == ["<:app>", "Mine", {"mode": "A"}]
    shown = next(call for call in read(text).calls if call.name == "show")
    assert isinstance(shown.arguments[0], Call)
    assert shown.arguments[0].name == "Api"


def test_python_class_that_extends_another_ones_is_its_construction() -> None:
    text = "from m import Api\nclass Mine(Api):\n    def __init__(self, scope, **kw):\n        super().__init__(scope, 'Mine', mode='A', **kw)\nMine(1)"
    (made,) = read(text, "app.py").calls
    assert (made.name, [told(item) for item in made.arguments], told(made.keywords)) == (
        "Api",
        [1, "Mine"],
        {"mode": "A"},
    )


def test_arguments_are_those_of_the_call_whatever_happens_later() -> None:
    (call,) = [call for call in read("const o = { a: [1] }; f(o); o.a.push(2); o.b = 3;").calls if call.name == "f"]
    assert told(call.arguments[0]) == {"a": [1]}


def test_class_and_function_that_nobody_calls_are_followed() -> None:
    text = "export class A { constructor(p) { show(p) } m(q) { show(q) } } export const f = (r) => show(r);"
    assert len(given_to(text)) == 3


def test_class_that_is_constructed_in_the_file_is_followed_with_what_it_is_given() -> None:
    assert given_to("class A { constructor(p) { show(p.x) } } new A({ x: 1 }); new A({ x: 2 });") == [1, 2]


def test_property_that_is_set_on_something_foreign_is_kept() -> None:
    program = read("const c = api.node.defaultChild; c.mode = 'X'; if (y) c.other = 1;")
    first, second = program.writes
    assert (first.key, told(first.value), first.path) == ("mode", "X", ())
    assert second.path
    assert isinstance(first.holder, Reference)


def test_what_happens_under_a_condition_says_so() -> None:
    calls = read("f(); if (x) g(); x && h();").calls
    assert [call.conditional for call in calls] == [False, True, True]


def test_function_returns_what_it_makes_of_its_arguments() -> None:
    program = read("export default { api: (args) => { args.mode = 'X'; return [args.mode, 1] } }")
    table = program.exports["default"]
    assert isinstance(table, Table)
    function = table.get("api")
    assert isinstance(function, Function)
    changed = Table({}, {}, None)
    assert told(program.returned(function, changed)) == ["X", 1]
    assert told(changed) == {"mode": "X"}
    assert told(program.returned(Scalar(1, "1", None))) == "<open>"


# Places.


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("show(`\n  type Query { a: String }\n`)", "a.ts"),
        ('show("type Query { a: String }")', "a.js"),
        ("show('''\ntype Query { a: String }\n''')", "a.py"),
        ('show("type Query {\\n a: String }\\n")', "a.py"),
    ],
)
def test_text_in_a_program_has_its_places(text: str, name: str) -> None:
    (call,) = read(text, name).calls
    node = call.arguments[0]
    assert isinstance(node, Scalar)
    inner = inline_text(node)
    place = inner.text.index("String")
    assert inner.span(place, place + 6).text == "String"
    assert inner.span(place, place + 6).start_offset == text.index("String")


# Other files.


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "lib").mkdir()
    return tmp_path


def test_constants_of_the_project_are_followed(project: Path) -> None:
    (project / "lib/a.ts").write_text(
        "import { B } from './b'; export const A = B + 1; export default { d: 4 }; export { X as Y } from 'pkg';"
    )
    (project / "lib/b.ts").write_text("export * from './c';")
    (project / "lib/c.ts").write_text("export const B = 1; export function f(x) { return [x, B] }")
    (project / "lib/data.json").write_text('{"k": [1]}')
    text = (
        "import d, { A, Y } from './lib/a'; import * as b from './lib/b'; import j from './lib/data.json';\n"
        "const { f } = require('./lib/c');\nshow([A, d, b.B, j, f(2), Y, b.missing]);"
    )
    assert given_to(text, folder=project) == [[2, {"d": 4}, 1, {"k": [1]}, [2, 1], "<pkg:X>", None]]


def test_python_modules_of_the_project_are_followed(project: Path) -> None:
    (project / "lib/__init__.py").write_text("")
    (project / "lib/names.py").write_text("A = 'a'\n")
    text = "from lib import names\nfrom lib.names import A\nfrom . import lib\nshow([names.A, A])"
    assert given_to(text, "app.py", project) == [["a", "a"]]


def test_files_that_import_each_other_come_to_an_end(project: Path) -> None:
    (project / "a.ts").write_text("import { B } from './b'; export const A = 1; export const C = B;")
    (project / "b.ts").write_text("import { A } from './a'; export const B = 2; export const D = A;")
    assert given_to("import { A } from './a'; import { B } from './b'; show([A, B])", folder=project) == [[1, 2]]


def test_nothing_outside_the_project_is_read(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.ts").write_text("export const S = 1;")
    (outside / "secret.json").write_text("1")
    up = "../" * len(project.parts)
    target = outside.as_posix().lstrip("/")
    text = f"import {{ S }} from '{up}{target}/secret'; import j from '{up}{target}/secret.json'; show([S, j])"
    (shown,) = given_to(text, folder=project)
    assert isinstance(shown, list)
    assert all(str(item).startswith("<") for item in shown)


# Trouble.


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.ts", "const a = {", "cannot be parsed: line 1"),
        ("a.py", "x = (", "cannot be parsed: line 1"),
        ("a.py", "(" * 5000, "cannot be parsed"),
        ("a.ts", f"const a = {'[' * 20000}1{']' * 20000}", "nested too deeply"),
        ("a.js", f"const a = {'+'.join(['1'] * 30000)}", "nested too deeply"),
        ("a.ts", "\n".join(f"f{i}(a{i}, b, c);" for i in range(12000)), "too large"),
        ("a.go", "package a", "is no TypeScript, JavaScript or Python"),
    ],
)
def test_file_that_cannot_be_followed_gives_one_line(name: str, text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        read(text, name)
    assert said in raised.value.message
    assert "\n" not in str(raised.value)
    assert str(raised.value).startswith("/project/a.")


@pytest.mark.parametrize(
    "text",
    [
        "function f(n) { return n ? [f(n - 1), f(n - 1), f(n - 1)] : 0 } show(f(40));",
        "const f = (g) => g(g); show(f(f));",
        "const o: any = {}; o.o = o; show(o); show({ ...o });",
        "class A extends A {} new A();",
        "class A extends B {} class B extends A {} new A();",
        "while (true) { while (true) { while (true) { f(() => { g(() => { h(() => {}) }) }) } } }",
        "let s = 'x'; " + "s = s + s; " * 60 + "show(s)",
        "let l: any[] = [1]; " + "l = [...l, ...l]; " * 40 + "show(l)",
        "let o: any = {}; " + "o = { a: o, b: o, c: o }; " * 40 + "show(o)",
        "import './app';",
    ],
)
def test_program_that_grows_comes_to_an_end(text: str) -> None:
    said = _survives(text, "app.ts")
    assert not said or "too large" in said or "too deeply" in said


def test_missing_parser_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from appsync_lint.authorizer import javascript

    original = builtins.__import__

    def without(name: str, *arguments: object, **named: object) -> object:
        if name.startswith("tree_sitter"):
            raise ImportError(name)
        return original(name, *arguments, **named)  # type: ignore[arg-type]

    javascript._parser.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"is TypeScript; install its parser: pip install 'appsync-lint\[js\]'"):
        read("f()")
    monkeypatch.undo()
    javascript._parser.cache_clear()


# Any value, any program.

NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=4)
PLAIN = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)


@given(value=VALUES, ascii_only=st.booleans())
@thorough(80)
def test_any_value_is_read_as_it_is_written_in_a_script(value: object, ascii_only: bool) -> None:
    assert given_to(f"show({json.dumps(value, ensure_ascii=ascii_only)})") == [value]


@given(value=VALUES)
@thorough(80)
def test_any_value_is_read_as_it_is_written_in_python(value: object) -> None:
    assert given_to(f"show({value!r})", "app.py") == [value]


@given(parts=st.dictionaries(NAMES, VALUES, min_size=1, max_size=4), flag=st.booleans())
@thorough(50)
def test_value_put_together_of_pieces_is_the_same(parts: dict[str, object], flag: bool) -> None:
    """Through variables, spreads, functions, fields and decided conditions."""
    lines = [f"const v{index} = {json.dumps(value)};" for index, value in enumerate(parts.values())]
    spread = ", ".join(f"...{{ {key}: f(v{index}) }}" for index, key in enumerate(parts))
    test = "1 === 1" if flag else "!true"
    text = "\n".join(
        [
            *lines,
            "function f(x) { return g(x) }\nconst g = (y) => new Held(y).value;",
            "class Held { constructor(readonly value) {} }",
            f"const whole = {{ {spread} }};\nlet shown;",
            f"if ({test}) {{ shown = {'whole' if flag else 'null'} }} else {{ shown = {'null' if flag else 'whole'} }}",
            "show(shown);",
        ]
    )
    assert given_to(text) == [parts]


TOKENS = st.sampled_from(
    "{ } ( ) [ ] ... => = new this. if(a) for(x_of_y) return `${ ?? ? : , ; class_A_extends_B super( yield await ** "
    "* lambda self. del break continue try { catch(e) throw switch(x) case_1: default: import_x_from'./y' with".split()
)
CORPUS = [text for text, _ in SHOWN]
CORPUS_PYTHON = [text for text, _ in PYTHON]


@given(
    text=st.sampled_from(CORPUS), cuts=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 9), TOKENS), max_size=4)
)
@thorough(250)
def test_no_script_brings_it_down(text: str, cuts: list[tuple[int, int, str]]) -> None:
    _survives(_mutated(text, cuts), "app.ts")


@given(
    text=st.sampled_from(CORPUS_PYTHON),
    cuts=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 9), TOKENS), max_size=4),
)
@thorough(250)
def test_no_python_brings_it_down(text: str, cuts: list[tuple[int, int, str]]) -> None:
    _survives(_mutated(text, cuts), "app.py")


def _mutated(text: str, cuts: list[tuple[int, int, str]]) -> str:
    for place, length, token in cuts:
        place %= len(text) + 1  # noqa: PLW2901
        text = text[:place] + token.replace("_", " ") + text[place + length :]
    return text


def _survives(text: str, name: str) -> str:
    """Return what is said of a program; nothing but an error in one line comes of any."""
    said = ""
    try:
        calls = read(text, name).calls
    except InputError as error:
        said, calls = str(error), ()
    assert "\n" not in said
    assert all(len(str(told(item))) < 10_000_000 for call in calls for item in call.arguments)
    return said


# What a run could tell apart.

TOLD_APART = [
    ("const f = (x = 'a') => x; show([f(undefined), f(null), f()])", ["a", None, "a"]),
    ("const { p = 1, ...rest } = x ? { p: 2, q: 3 } : { q: 4 }; show([p, rest])",
     [{"<one of>": [2, 1, None]}, {"<one of>": [{"q": 3}, {"q": 4}]}]),
    ("let a; show(a === null ? 1 : 2)", {"<one of>": [1, 2]}),
    ("let o: any = {}; const p = o; o.q = (o = { r: 1 }).r; show([o, p])", [{"r": 1}, {"q": 1}]),
    ("let a = 1; for (const i of [1, 2]) { if (x) break; a = 2 } show(a)", {"<one of>": [1, 2]}),
    ("let a = 1; for (const i of [1, 2]) { if (x) continue; a = 2 } show(a)", {"<one of>": [1, 2]}),
    ("let a; try { a = 1; a = f(a); a = 2 } catch (e) { show(a) }", {"<one of>": [None, 1, "<f()>", 2]}),
    ("const l = [1]; if (x) l.push(2); l.push(3); show(l[1])", {"<one of>": [1, 2, None, 3]}),
    ("const l: any[] = x ? [1] : [2]; l.push(3); show(l)", {"<one of>": [["<more>"], ["<more>"]]}),
    ("const o = x ? { a: 1 } : { a: 2 }; Object.assign(o, { a: 3 }); show(o.a)", {"<open>": [1, 2]}),
    ("let a = 1; function f() { if (x) { a = 2; return } a = 3 } f(); show(a)", {"<one of>": [2, 3]}),
    ("const f = (g) => { g() }; let a = 1; f(() => { a = 2 }); show(a)", 2),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TOLD_APART, ids=[text[:60] for text, _ in TOLD_APART])
def test_what_a_run_tells_apart_is_told_apart(text: str, expected: object) -> None:
    assert given_to(text) == [expected]
