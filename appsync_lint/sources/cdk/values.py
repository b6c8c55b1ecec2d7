"""What a CDK program's values come to: enumerations, durations and Python's classes for mappings become plain."""

from __future__ import annotations

from collections.abc import Callable

from ...api import Mode
from ...tree import Node, Open, Scalar, Sequence, Table
from ..programs import Attribute, Call, Function, Reference

__all__ = ["camel", "construct", "is_cdk", "keyed", "plain", "properties", "root", "spelled"]

_DEEPEST = 40

_MODES = {
    "API_KEY": Mode.API_KEY,
    "IAM": Mode.AWS_IAM,
    "USER_POOL": Mode.AMAZON_COGNITO_USER_POOLS,
    "OIDC": Mode.OPENID_CONNECT,
    "LAMBDA": Mode.AWS_LAMBDA,
}
#: Enumerations whose members' names are what is deployed.
_PLAIN_ENUMS = frozenset("UserPoolDefaultAction FieldLogLevel Visibility IntrospectionConfig".split())
_SECONDS = {"millis": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_OWN_NAMES = frozenset(["environmentVariables", "tags"])
_PACKAGES = ("@aws-cdk/", "aws-cdk-lib", "monocdk", "aws_cdk")


def is_cdk(node: Node, service: str = "") -> bool:
    """Whether a name comes from a package of CDK, and from its module for a service if one is given."""
    if not isinstance(node, Reference) or not node.module.startswith(_PACKAGES):
        return False
    where = f"{node.module}/{'/'.join(node.path[:-1])}".replace("_", "-")
    return f"aws-{service}" in where if service else True


def construct(call: Call) -> str:
    """Return the class that a call constructs an object of; empty for any other call."""
    callee = call.callee
    return callee.name if isinstance(callee, Reference) and callee.path and callee.name[:1].isupper() else ""


def root(node: Node) -> Call | None:
    """Return the call or construction that a property, or a method's result, is taken from."""
    last: Call | None = None
    for _ in range(_DEEPEST):
        if isinstance(node, Attribute):
            node = node.base
        elif isinstance(node, Call):
            last = node
            if not isinstance(node.callee, Attribute):
                break
            node = node.callee.base
        else:
            break
    return last


def camel(name: str) -> str:
    """Return a name of Python's as the same property is called elsewhere."""
    first, *others = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in others)


def keyed(table: Table, name: Callable[[str], str]) -> Table:
    """Return a mapping under other keys."""
    result = Table({}, {}, table.span, table.tag, table.repeated)
    for key, item in table:
        result.entries[name(key)] = item
        result.keys[name(key)] = table.keys.get(key, Scalar(key, key, item.span))
    result.more = table.more
    return result


def spelled(node: Node, depth: int = 0) -> Node:
    """Return a value of a Python program with the names that the same properties have elsewhere.

    Names that are somebody's own, those of environment variables, stay.
    """
    if isinstance(node, Table) and depth < _DEEPEST:
        result = keyed(node, lambda key: camel(key) if key.islower() else key)
        for key, item in result:
            result.entries[key] = item if key in _OWN_NAMES else spelled(item, depth + 1)
        return result
    if isinstance(node, Sequence) and depth < _DEEPEST:
        items = Sequence([spelled(item, depth + 1) for item in node], node.span)
        items.more = node.more
        return items
    return node


def plain(node: Node, depth: int = 0) -> Node:
    """Return a value with what it comes to where CDK decides it; the rest stays open."""
    if depth > _DEEPEST:
        return Open("…", "it is nested too deeply", node.span)
    if isinstance(node, Table):
        result = Table({}, dict(node.keys), node.span, node.tag, node.repeated)
        result.entries.update((key, plain(item, depth + 1)) for key, item in node)
        result.more = node.more
        return result
    if isinstance(node, Sequence):
        items = Sequence([plain(item, depth + 1) for item in node], node.span)
        items.more = node.more
        return items
    if isinstance(node, Reference):
        return _member(node)
    if isinstance(node, Call):
        return _call(node, depth)
    if isinstance(node, Open) and node.options and not isinstance(node, Function | Attribute):
        options = tuple(None if option is None else plain(option, depth + 1) for option in node.options)
        return Open(node.text, node.why, node.span, options, complete=node.complete, assumed=node.assumed)
    return node


def _member(node: Reference) -> Node:
    """Return what a member of one of CDK's enumerations stands for."""
    if len(node.path) < 2 or not is_cdk(node):
        return node
    enum, name = node.path[-2:]
    if enum == "AuthorizationType" and name in _MODES:
        return Scalar(_MODES[name].value, _MODES[name].value, node.span)
    return Scalar(name, name, node.span) if enum in _PLAIN_ENUMS else node


def _call(node: Call, depth: int) -> Node:
    callee = node.callee
    if not is_cdk(callee) or node.more is not None:
        return node
    assert isinstance(callee, Reference)
    if callee.path[-2:-1] == ("Duration",) and callee.name in _SECONDS and node.arguments:
        return _duration(node, _SECONDS[callee.name])
    if node.keywords.entries and not node.arguments and construct(node):
        # Python has a class for each kind of mapping.
        return keyed(plain(node.keywords, depth + 1), camel)  # type: ignore[arg-type]
    return node


def _duration(node: Call, factor: float) -> Node:
    amount = node.arguments[0]
    if isinstance(amount, Open) and type(amount) is Open and amount.options:
        texts = [None if option is None else _duration_of(option, factor, node) for option in amount.options]
        return Open(node.text, amount.why, node.span, tuple(texts), complete=amount.complete, assumed=amount.assumed)
    return _duration_of(amount, factor, node)


def _duration_of(amount: Node, factor: float, node: Call) -> Node:
    if not isinstance(amount, Scalar) or not isinstance(amount.value, int | float):
        return node
    seconds = amount.value * factor
    return Scalar(int(seconds), str(int(seconds)), node.span) if seconds == int(seconds) else node


def properties(node: Node | None, why: str = "") -> Table:
    """Return a mapping that may be one of several, or open altogether, as one mapping with open values."""
    if node is None:
        return Table({}, {}, None)
    if isinstance(node, Table):
        return node
    table = Table({}, {}, node.span)
    if isinstance(node, Scalar) and node.value is None:
        return table
    if not isinstance(node, Open):
        raise node.error(f"{why or 'this'} must be an object, not {node.kind}")
    tables = [option for option in node.options if isinstance(option, Table)]
    if len(tables) + node.options.count(None) < len(node.options) or not (node.complete or node.assumed):
        tables = []
    for key in dict.fromkeys(key for option in tables for key in option.entries):
        options = tuple(option.get(key) if isinstance(option, Table) else None for option in node.options)
        if len(options) == 1 and options[0] is not None and not node.assumed:
            table.entries[key] = options[0]
        else:
            table.entries[key] = _open_entry(node, options)
        table.keys[key] = next(option.keys[key] for option in tables if key in option.keys)
    if not tables:
        table.more = Open(node.text, node.why, node.span)
    else:
        table.more = next((option.more for option in tables if option.more is not None), None)
    return table


def _open_entry(node: Open, options: tuple[Node | None, ...]) -> Node:
    """Return a key's value where the mapping around it is open."""
    from ..programs.state import either

    if node.assumed:
        inner = options[0]
        if isinstance(inner, Open) and type(inner) is Open:
            return inner
        return Open(node.text, node.why, node.span, options, assumed=node.assumed)
    return either(list(options), Open(node.text, node.why, node.span))
