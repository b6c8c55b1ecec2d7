"""What strangers' source may do to the analysis: nothing."""

from __future__ import annotations

import builtins
import json
import time
from pathlib import Path
from typing import Any

import pytest

from appsync_lint.authorizer import Analysis, analyse, analyse_text, javascript, judge
from appsync_lint.errors import InputError
from appsync_lint.files import read_source
from appsync_lint.text import SourceText

ALLOW = 'return {"isAuthorized": True}'


def python(text: str, handler: str | None = "handler") -> Analysis:
    return analyse_text(SourceText("a.py", text), language="python", handler=handler)


def script(text: str, handler: str | None = "handler") -> Analysis:
    return analyse_text(SourceText("a.js", text), language="javascript", handler=handler)


def test_source_is_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    source = tmp_path / "app.py"
    source.write_text(f"open({str(mark)!r}, 'w').close()\ndef handler(event, context):\n    {ALLOW}\n")
    assert analyse(source).returns
    assert not mark.exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [("def handler(:\n", 1), ("x = 1\ndef handler(event)\n", 2), ("a\0b", 1)],
)
def test_python_that_does_not_parse(text: str, line: int) -> None:
    reason = python(text).not_analysed
    assert reason is not None
    assert reason.startswith(f"not parsed: line {line}")


def test_javascript_that_does_not_parse() -> None:
    reason = script("const a = 1;\nexports.handler = (event => {\n").not_analysed
    assert reason is not None
    assert reason.startswith("not parsed: line ")


def test_nothing_to_say_is_not_safe() -> None:
    analysis = python("def handler(:\n")
    assert judge(analysis, ttl=300).verdict == "not-analysed"


@pytest.mark.parametrize(
    "text", ["(" * 5000 + ")" * 5000, "x = " + "-" * 100_000 + "1", "x = " + "[" * 150 + "]" * 150]
)
def test_deep_python(text: str) -> None:
    python(f"{text}\ndef handler(event, context):\n    {ALLOW}\n")


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 20_000 + "1" + ")" * 20_000,
        "[" * 5000 + "]" * 5000,
        "a" + ".b" * 20_000,
        "if(a){" * 4000 + "}" * 4000,
    ],
)
def test_deep_javascript(text: str) -> None:
    script(f"{text};\nexports.handler = async (event) => ({{ isAuthorized: true }});\n")


def test_long_chain_of_branches() -> None:
    tests = "".join(f'    if "{n}" in q:\n        x{n} = {n}\n    else:\n        y = {n}\n' for n in range(400))
    analysis = python(
        f'def handler(event, context):\n    q = event["requestContext"]["queryString"]\n{tests}    {ALLOW}\n'
    )
    assert judge(analysis, ttl=300).verdict in {"safe", "not-analysed"}


def test_many_answers_are_bounded() -> None:
    tests = "".join(
        f'    if event["authorizationToken"] == "{n}" and "{n}" in q:\n'
        f'        return {{"isAuthorized": True, "ttlOverride": {n}}}\n'
        for n in range(120)
    )
    began = time.process_time()
    analysis = python(
        f'def handler(event, context):\n    q = event["requestContext"]["queryString"]\n{tests}    {ALLOW}\n'
    )
    assert time.process_time() - began < 10
    assert judge(analysis, ttl=300).verdict in {"safe", "hazard", "possible", "not-analysed"}


def test_a_promise_settled_by_a_long_condition() -> None:
    parts = " || ".join(f"(q.includes('{n}') && token.includes('{n}'))" for n in range(24))
    began = time.process_time()
    analysis = script(
        "exports.handler = async (event) => {\n  const token = event.authorizationToken;\n"
        "  const q = event.requestContext.queryString;\n  const found = await new Promise((resolve, reject) => {\n"
        f"    if ({parts}) resolve(1); else reject();\n  }});\n  return {{ isAuthorized: found === 1 }};\n}};\n"
    )
    assert time.process_time() - began < 10
    assert judge(analysis, ttl=300).verdict == "hazard"


def test_an_answer_spread_from_a_long_condition() -> None:
    parts = " || ".join(f"(q.includes('{n}') && token.includes('{n}'))" for n in range(24))
    began = time.process_time()
    analysis = script(
        "exports.handler = async (event) => {\n  const token = event.authorizationToken;\n"
        "  const q = event.requestContext.queryString;\n"
        f"  const found = {parts} ? {{ isAuthorized: false }} : {{ isAuthorized: true }};\n  return {{ ...found }};\n}};\n"
    )
    assert time.process_time() - began < 10
    assert judge(analysis, ttl=300).verdict == "hazard"


def test_endless_recursion_and_loops_end() -> None:
    text = """
def a(x): return b(x)
def b(x): return a(x)
def handler(event, context):
    while True:
        if a(event["requestContext"]["variables"]):
            return {"isAuthorized": False}
        event = event
"""
    assert python(text).not_analysed is None


def test_calls_that_double_stop_at_the_budget() -> None:
    functions = "".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x) + f{n + 1}(x)\n" for n in range(16))
    began = time.process_time()
    analysis = python(f"{functions}def f16(x):\n    return x\ndef handler(event, context):\n    return f0(event)\n")
    assert time.process_time() - began < 10
    assert judge(analysis, ttl=300).verdict == "possible"
    assert analysis.unresolved == ("f0",)


def test_too_much_work_is_told() -> None:
    functions = "".join(f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x) + f{n + 1}(x)\n" for n in range(16))
    calls = " + ".join(["f0(event)"] * 12)
    analysis = python(f"{functions}def f16(x):\n    return x\ndef handler(event, context):\n    return {calls}\n")
    assert analysis.not_analysed == "the function is too large to be followed to the end"


def test_a_large_file_is_refused() -> None:
    reason = python("x = 1\n" * 300_000).not_analysed
    assert reason is not None
    assert "larger than" in reason


@pytest.mark.parametrize(
    ("name", "language"), [("main.go", "Go"), ("Auth.java", "Java"), ("lib.rs", "Rust"), ("A.cs", "C#")]
)
def test_other_languages_are_told(tmp_path: Path, name: str, language: str) -> None:
    path = tmp_path / name
    path.write_text("x")
    reason = analyse(path).not_analysed
    assert reason == f"the function is written in {language}; only Python, JavaScript and TypeScript are read"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        analyse(tmp_path / "index.ts")


def test_a_handler_that_is_not_there() -> None:
    assert python("x = 1\n").not_analysed == "no function named handler in it"


def test_without_the_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def refuse(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.startswith("tree_sitter"):
            raise ImportError(name)
        return plain(name, *arguments, **keywords)

    javascript._parser.cache_clear()
    monkeypatch.setattr(builtins, "__import__", refuse)
    assert script("exports.handler = 1").not_analysed == (
        "JavaScript and TypeScript need the parsers: pip install 'appsync-lint[js]'"
    )


def project(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


DECIDES = "export const decide = (e: any) => e.requestContext.queryString.includes('x');\n"
IMPORTS = "import {{ decide }} from '{0}';\nexport const handler = async (e) => ({{ isAuthorized: decide(e) }});\n"


@pytest.mark.parametrize(
    ("specifier", "file"),
    [
        ("./decide", "src/decide.ts"),
        ("./decide.js", "src/decide.ts"),
        ("./lib", "src/lib/index.ts"),
        ("../shared/decide.mjs", "shared/decide.mjs"),
    ],
)
def test_relative_imports_are_followed(tmp_path: Path, specifier: str, file: str) -> None:
    text = DECIDES.replace(": any", "") if file.endswith("mjs") else DECIDES
    project(tmp_path, {"src/index.ts": IMPORTS.format(specifier), file: text})
    analysis = analyse(tmp_path / "src/index.ts", root=tmp_path)
    assert judge(analysis, ttl=300).verdict == "hazard"
    assert len(analysis.files) == 2


def test_imports_of_imports_and_reexports(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "index.ts": IMPORTS.format("./one"),
            "one.ts": "export * from './two';\n",
            "two.ts": "export { decide } from './three/decide';\n",
            "three/decide.ts": DECIDES,
        },
    )
    assert judge(analyse(tmp_path / "index.ts"), ttl=300).verdict == "hazard"


def test_imports_do_not_leave_the_project(tmp_path: Path) -> None:
    project(tmp_path, {"project/index.ts": IMPORTS.format("../outside"), "outside.ts": DECIDES})
    analysis = analyse(tmp_path / "project/index.ts", root=tmp_path / "project")
    assert judge(analysis, ttl=300).verdict == "possible"
    assert len(analysis.files) == 1


def test_links_do_not_leave_the_project(tmp_path: Path) -> None:
    project(tmp_path, {"project/index.ts": IMPORTS.format("./link"), "outside.ts": DECIDES})
    try:
        (tmp_path / "project/link.ts").symlink_to(tmp_path / "outside.ts")
    except OSError:
        pytest.skip("no symbolic links here")
    analysis = analyse(tmp_path / "project/index.ts", root=tmp_path / "project")
    assert len(analysis.files) == 1


def test_circular_imports(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "app.py": f"from .other import f\ndef handler(event, context):\n    f()\n    {ALLOW}\n",
            "other.py": "from .app import handler\ndef f():\n    return 1\n",
        },
    )
    assert judge(analyse(tmp_path / "app.py"), ttl=300).verdict == "safe"


def test_python_imports_from_the_code_folder(tmp_path: Path) -> None:
    project(
        tmp_path,
        {
            "src/auth/app.py": 'from common.rules import ok\ndef handler(event, _):\n    return {"isAuthorized": ok(event)}\n',
            "src/common/rules.py": 'def ok(event):\n    return "x" in event["requestContext"]["queryString"]\n',
        },
    )
    assert judge(analyse(tmp_path / "src/auth/app.py", root=tmp_path), ttl=300).verdict == "hazard"


def test_recursion_limit_is_put_back() -> None:
    import sys

    before = sys.getrecursionlimit()
    python(f"def handler(event, context):\n    {ALLOW}\n")
    assert sys.getrecursionlimit() == before


def test_the_standard_library_has_no_authorizers() -> None:
    """A slice of it: each file is looked at without a crash, and nothing is said of it."""
    for path in sorted(Path(json.__file__).parent.parent.glob("*.py"))[:60]:
        analysis = analyse_text(read_source(path), language="python")
        assert judge(analysis, ttl=300).verdict in {"not-analysed", "safe"}, path.name


def test_answers_of_many_alternatives_are_bounded() -> None:
    chosen = "".join(f'    if event["authorizationToken"] in s{n} or q in t{n}:\n        a = b{n}\n' for n in range(60))
    began = time.process_time()
    analysis = python(
        f'def handler(event, context):\n    a = 0\n    q = event["requestContext"]["queryString"]\n{chosen}    return a\n'
    )
    assert time.process_time() - began < 10
    assert judge(analysis, ttl=300).verdict in {"hazard", "possible", "not-analysed"}
