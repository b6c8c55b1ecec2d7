"""Which directive a misspelt one was meant to be."""

from __future__ import annotations

from functools import cache

from appsync_lint.plugin import DIRECTIVES, MODE_DIRECTIVES

#: The directives that say who gets in.
AUTH_DIRECTIVES = (*MODE_DIRECTIVES, "aws_auth")

#: Directives with which other GraphQL servers restrict access; on AppSync they are words without a meaning.
FOREIGN = frozenset(
    "authenticated authorize authorized hasrole hasscope haspermission isauthenticated requireauth "
    "requiresscopes".split()
)
#: By how many letters a misspelt name may differ from the one that was meant.
_FARTHEST = 3
_SHORT_FORMS = {"cognito": "aws_cognito_user_pools", "userpools": "aws_cognito_user_pools"}


@cache
def meant(name: str) -> str | None:
    """Return the directive of the service that an unknown one most likely was to be, or None.

    Case and underscores do not count; a name without its ``aws_`` must otherwise be right; a name with it may
    differ by three letters, but by no more than a third of them.
    """
    plain = _plain(name)
    known = {_plain(item): item for item in DIRECTIVES}
    short = {key.removeprefix("aws"): item for key, item in known.items() if key.startswith("aws")}
    exact = known.get(plain) or short.get(plain) or _SHORT_FORMS.get(plain.removeprefix("aws"))
    if exact is not None:
        return exact
    if plain.startswith("awscognito"):
        return "aws_cognito_user_pools"
    scored = sorted(
        (distance(plain, key), item)
        for key, item in known.items()
        if key.startswith("aws") and abs(len(plain) - len(key)) <= _FARTHEST
    )
    if not scored:
        return None
    letters, nearest = scored[0]
    return nearest if letters <= min(_FARTHEST, len(_plain(nearest)) // 3) else None


def looks_like_auth(name: str) -> bool:
    """Whether an unknown directive looks as if it said who gets in."""
    if name in DIRECTIVES:
        return False
    found = meant(name)
    if found is not None:
        return found in AUTH_DIRECTIVES
    plain = _plain(name)
    return plain in FOREIGN or plain.startswith("aws")


def _plain(name: str) -> str:
    return name.replace("_", "").casefold()


def distance(left: str, right: str) -> int:
    """Count the letters to add, drop or change to get from one name to the other."""
    row = list(range(len(right) + 1))
    for index, letter in enumerate(left, 1):
        previous, row[0] = row[0], index
        for column, other in enumerate(right, 1):
            previous, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, previous + (letter != other)),
            )
    return row[-1]
