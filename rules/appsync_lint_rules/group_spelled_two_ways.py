"""Two names of groups look like two spellings of one group.

## What it does

Reports names in `cognito_groups` that differ from another name in the schema only in case, in blanks, hyphens and
underscores, by a plural s or by a slip of one letter. There is one finding for each odd name, at its first place; the
name that the schema uses more often is taken for the right one.

## Why it matters

AppSync compares names of groups letter by letter: `admin` and `Admin` are two groups. If only one of them exists, the
fields that name the other are closed to the people they were meant for; if both do, membership in one is silently not
enough.

## Bad

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
  users: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
  bills: [String] @aws_cognito_user_pools(cognito_groups: ["admin"])
  #                                                        ^^^^^^^
}
```

## Good

```yaml
authenticationType: AMAZON_COGNITO_USER_POOLS
userPoolConfig: {defaultAction: ALLOW}
additionalAuthenticationProviders:
  - authenticationType: AWS_IAM
```

```graphql
type Query {
  me: ID
  audit: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
  users: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
  bills: [String] @aws_cognito_user_pools(cognito_groups: ["Admin"])
}
```

## Limits

Two such groups may both exist. The rule is silent where one list names both, and where the groups that exist are known
(`groups` in the API's description) and both are among them. Names with digits count as slips of each other never
(`team1` and `team2`), short names only where they differ in case, marks or a plural. Directives that AppSync does not
read on the API, and names that a template fills in, are left out.

## References

- [Authorization and authentication](https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from appsync_lint.plugin import Confidence, Directive, Finding, Label, Rule, Severity, Subject, count

from ._groups import group_nodes, read_for_groups

#: From how many letters on a name with one letter added, dropped or swapped counts as a slip; with one changed.
_SHORTEST_SLIP = 6
_SHORTEST_CHANGE = 8
#: Longer names are not searched for slips.
_LONGEST = 64


class GroupSpelledTwoWays(Rule):
    name = "group-spelled-two-ways"
    severity = Severity.WARNING
    confidence = "medium"
    since = "0.1.0"
    facts = ("3.11",)
    needs_api = False
    yields_to = ("unknown-group",)

    def check(self, subject: Subject) -> Iterator[Finding]:
        places: dict[str, dict[Directive, Any]] = {}
        for directive in read_for_groups(subject):
            for node in group_nodes(directive):
                places.setdefault(node.value, {}).setdefault(directive, node)
        known = frozenset(subject.described.groups or ()) if subject.described is not None else frozenset[str]()
        # The names that are used most come first, so that each is compared with the likelier spelling.
        names = sorted(places, key=lambda name: -len(places[name]))
        reported: set[str] = set()
        for odd, usual in (*_one_spelling(names), *_slips(names)):
            both_exist = odd in known and usual in known
            if odd in reported or both_exist or not places[odd].keys().isdisjoint(places[usual]):
                continue
            reported.add(odd)
            yield self._finding(odd, usual, places)

    def _finding(self, odd: str, usual: str, places: dict[str, dict[Directive, Any]]) -> Finding:
        how, confidence = _difference(odd, usual)
        spelling = f'write "{usual}"' if len(places[usual]) > len(places[odd]) else "write the right one of them"
        directive, node = next(iter(places[odd].items()))
        other, known = next(iter(places[usual].items()))
        return self.finding(
            directive.place_of(node),
            f'the groups "{odd}" ({count(len(places[odd]), "place")}) and "{usual}" '
            f"({count(len(places[usual]), 'place')}) differ only {how}, and AppSync compares names exactly: members of "
            "one are refused where the other stands",
            label="another group to AppSync",
            coordinate=directive.owner,
            related=[Label(other.place_of(known), "spelled so here")],
            help=f"{spelling} in all places if one group is meant; if both exist, list them under groups in the API's "
            "description",
            subject=odd,
            causes=(f"group:{odd}", f"group:{usual}"),
            confidence=confidence,
        )


def _one_spelling(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the names that are equal but for case, marks and a plural s, each with the first such name."""
    first: dict[str, str] = {}
    for name in names:
        usual = first.setdefault(_plain(name).removesuffix("s"), name)
        if usual != name:
            yield name, usual


def _slips(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the names that a slip of one letter turns into an earlier one.

    Two such names become equal once one letter is taken out of one or both of them, so they are found without
    comparing each with each.
    """
    first: dict[str, str] = {}
    for name in names:
        if not _SHORTEST_SLIP <= len(name) <= _LONGEST or any(letter.isdigit() for letter in name):
            continue
        for key in dict.fromkeys((name, *(name[:index] + name[index + 1 :] for index in range(1, len(name))))):
            usual = first.setdefault(key, name)
            if usual != name and _is_slip(name, usual):
                yield name, usual
                break


def _is_slip(left: str, right: str) -> bool:
    """Whether one letter was added, dropped, swapped with its neighbour or, in a long name, changed."""
    begin = 0
    while begin < min(len(left), len(right)) and left[begin] == right[begin]:
        begin += 1
    if begin == 0:
        return False
    if len(left) != len(right):
        short, long = sorted((left, right), key=len)
        return len(short) >= _SHORTEST_SLIP and long[begin].isalpha() and short[begin:] == long[begin + 1 :]
    if left[begin : begin + 2] == right[begin : begin + 2][::-1]:
        return left[begin + 2 :] == right[begin + 2 :]
    # A letter that stands alone or ends a name tells groups apart: team-a and team-b, TeamA and TeamB.
    inside = left[begin - 1 : begin + 2] + right[begin : begin + 2]
    return (
        len(left) >= _SHORTEST_CHANGE
        and begin + 1 < len(left)
        and left[begin + 1 :] == right[begin + 1 :]
        and inside.isalpha()
        and left[begin].islower()
        and right[begin].islower()
    )


def _plain(name: str) -> str:
    letters = "".join(letter for letter in name.casefold() if letter.isalnum())
    return letters or name


def _difference(left: str, right: str) -> tuple[str, Confidence]:
    """Say in what two names differ, and how sure that makes it that one group is meant."""
    if left.casefold() == right.casefold():
        return "in case", "medium"
    if _plain(left) == _plain(right):
        return "in case, blanks or marks", "medium"
    if _plain(left).removesuffix("s") == _plain(right).removesuffix("s"):
        return "by an s at the end", "medium"
    return "in one letter", "low"
