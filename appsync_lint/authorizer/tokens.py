"""Reading and checking tokens: JWT packages and base64."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from . import names
from .domain import Arguments, Bound, Closure, Constant, Mark, Obj, Opaque, Value

if TYPE_CHECKING:
    from .machine import Machine

__all__ = ["check_jwt", "decoding"]


_DECODERS = re.compile(
    r"(^|\.)(jwt-decode(\.jwtDecode|\.jwt_decode)?|jsonwebtoken\.decode|decodeJwt|decodeToken|get_unverified_claims"
    r"|jwt_decode|unsafeDecode|decode_unverified|decodeWithoutVerify)$"
)


_HEADER_DECODERS = re.compile(r"(decodeProtectedHeader|get_unverified_header|get_unverified_headers)$")


_BASE64 = re.compile(r"(^|\.)(atob|b64decode|urlsafe_b64decode|standard_b64decode|base64url_decode|Buffer\.from)$")


def decoding(machine: Machine, path: str, arguments: Arguments, site: names.Site) -> Value | None:
    """Reading a token without checking it."""
    marks = machine.all_marks(arguments.every())
    span = site.span
    name = site.name or path
    if _HEADER_DECODERS.search(path) or _HEADER_DECODERS.search(name):
        return Opaque(marks, span)
    unverified = bool(_DECODERS.search(path) or (site.name and _DECODERS.search(site.name)))
    if not unverified and path in {"jwt.decode", "jose.jwt.decode", "jwt.PyJWT.decode"}:
        unverified = _verification_off(machine, arguments)
    if not unverified and (_BASE64.search(path) or _BASE64.search(name)):
        if not any(mark.kind == "tokenpart" and mark.field == "." for mark in marks):
            return Opaque(marks, span)
        unverified = True
    if not unverified:
        return None
    if not any(mark.kind == "token" for mark in marks):
        return Opaque(marks, span)
    if machine.try_depth:
        machine.may_throw(marks, span)
    kept = frozenset(mark for mark in marks if mark.kind not in {"token", "tokenpart"})
    return Opaque(kept | {Mark("claims", "", span)}, span)


def _verification_off(machine: Machine, arguments: Arguments) -> bool:
    if arguments.keywords.get("verify") is not None:
        verify = arguments.keywords["verify"]
        return isinstance(verify, Constant) and verify.value is False
    options = machine.load(arguments.keywords.get("options") or Constant(None))
    if isinstance(options, Obj):
        flag = options.entries.get("verify_signature")
        return isinstance(flag, Constant) and flag.value is False
    return False


def check_jwt(machine: Machine, path: str, arguments: Arguments, site: names.Site) -> None:
    """Note a signature check that accepts whatever algorithm the token names."""
    options: Value | None
    if path == "jsonwebtoken.verify":
        options = arguments.get(2)
        content = machine.load(options) if options is not None else None
        if isinstance(options, Closure | Bound) or options is None:
            machine.observe("jwt-without-algorithms", site.span)
            machine.observe("jwt-without-audience", site.span)
        elif isinstance(content, Obj) and content.rest is None:
            if "algorithms" not in content.entries:
                machine.observe("jwt-without-algorithms", site.span)
            if not {"audience", "issuer"} & content.entries.keys():
                machine.observe("jwt-without-audience", site.span)
    elif path in {"jwt.decode", "jose.jwt.decode"} and arguments.rest is None:
        if "algorithms" not in arguments.keywords and len(arguments.positional) < 3:
            machine.observe("jwt-without-algorithms", site.span)
        if not {"audience", "issuer"} & arguments.keywords.keys():
            machine.observe("jwt-without-audience", site.span)
