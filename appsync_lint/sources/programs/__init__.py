"""Reading what a TypeScript, JavaScript or Python program makes of literals. Nothing is run.

``read_program(source, path)`` follows a file statement by statement and gives a :class:`Program`: every call
and construction in it (``program.calls``, in the order of the file) and what it exports
(``program.exports``), with all arguments worked out to nodes of :mod:`appsync_lint.tree`.

* Objects and dicts are ``Table``, arrays, lists and tuples ``Sequence``, texts, numbers, truth values and
  null (also ``undefined`` and ``None``) ``Scalar``. Comments are not there. Variables, fields of ``this``
  and ``self``, properties, spreads, ``+``, template strings, conditions whose outcome is known, calls of
  functions and classes of the program itself, and what relative imports of the project give are followed.
  Paths built of ``__dirname``, ``__file__``, ``process.cwd()`` and ``path.join`` become absolute texts.
* What depends on a condition is ``Open`` with its ``options``; what has a default (``process.env.X ?? "a"``,
  a parameter's default) is ``Open`` with that as its one option and the variable's name in ``assumed``.
* What the program leaves to others is ``Open`` as well, in a form that a reader can recognise:
  :class:`Reference` (an imported or global name: ``AuthorizationType.USER_POOL``), :class:`Call` (what a
  call or construction gives: ``Duration.minutes(5)``, ``SchemaFile.fromAsset(p)``), :class:`Attribute` (a
  property of something else: ``api.apiId``), :class:`FileText` (the text of a file: ``readFileSync(p)``),
  :class:`Joined` (a text of which parts are open) and :class:`Function` (``program.returned(function)`` is
  what it returns). A reader that does not know one treats it as any ``Open``.

A :class:`Reference` says where a name comes from: ``import * as appsync from "aws-cdk-lib/aws-appsync"``
makes ``appsync.GraphqlApi`` the reference with ``module`` "aws-cdk-lib/aws-appsync" and ``path``
("GraphqlApi",); a name of no import, such as SST's ``sst.aws.AppSync``, has the module "". Python's
``from aws_cdk import aws_appsync`` gives the module "aws_cdk" and a path that starts with "aws_appsync".

A call's arguments are ``call.arguments`` and, for keywords of Python, ``call.keywords``; ``call.argument(2,
"props")`` finds one. ``call.fields`` are properties set on the result afterwards (``cfnApi.x = ...``);
``program.writes`` lists them, with those of properties (``api.node.defaultChild.x = ...``).
``inline_text(scalar)`` gives a literal's text with its places in the program.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .nodes import Attribute, Call, FileText, Function, Joined, Program, Reference, Write

if TYPE_CHECKING:
    from ...text import EmbeddedText, SourceText
    from ...tree import Scalar

__all__ = [
    "Attribute",
    "Call",
    "FileText",
    "Function",
    "Joined",
    "Program",
    "Reference",
    "Write",
    "inline_text",
    "read_program",
]


def read_program(source: SourceText, path: Path, *, allow_outside: bool = False) -> Program:
    """Follow a TypeScript, JavaScript or Python file, with what it imports of its own project.

    Raises :class:`~appsync_lint.errors.InputError` for a file that cannot be parsed, for a missing parser and
    for a program that is too large to be followed.
    """
    # The parsers are loaded by the runs that read a program.
    from .evaluation import read_program

    return read_program(source, path, allow_outside=allow_outside)


def inline_text(node: Scalar) -> EmbeddedText:
    """Return the text of a literal of a program with its places in the file."""
    from ..embedding import embedded

    assert node.span is not None, "a literal stands in a file"
    return embedded(node, node.span.source)
