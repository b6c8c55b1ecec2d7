"""The decision table: may the cached answer be wrong for the next request with the same token?"""

from __future__ import annotations

from .values import Analysis, Dependence, Judgement, Return, Verdict

__all__ = ["judge"]

_ORDER: tuple[Verdict, ...] = (
    "safe",
    "guarded",
    "safe-while-ttl-0",
    "deny-cached",
    "context-hazard",
    "possible",
    "hazard",
)


def judge(analysis: Analysis, *, ttl: int | None, ttl_origin: str = "the API's setting") -> Judgement:
    """Say what caching does to an authorizer's answers.

    ``ttl`` is the API's ``authorizerResultTtlInSeconds`` as deployed, None where only deployment knows it. A
    ``ttlOverride`` in an answer beats it. The worst answer decides (AppSync keeps an answer under the API and
    the token alone, whatever else the request held).
    """
    if analysis.not_analysed is not None:
        return Judgement("not-analysed", ttl=ttl, ttl_origin=ttl_origin)
    verdicts = tuple((item, _verdict(item, ttl)) for item in analysis.returns)
    if not verdicts:
        return Judgement("safe", ttl=ttl, ttl_origin=ttl_origin)
    worst, verdict = max(verdicts, key=lambda pair: _ORDER.index(pair[1]))
    effective, origin = _effective(worst, ttl, ttl_origin)
    dependence = _shown(worst)
    return Judgement(verdict, worst, dependence, effective, origin, verdicts)


def _effective(item: Return, ttl: int | None, origin: str) -> tuple[int | float | None, str]:
    if item.ttl is None:
        return ttl, origin
    if isinstance(item.ttl, int | float):
        return item.ttl, "ttlOverride"
    return None, "ttlOverride"


def _verdict(item: Return, ttl: int | None) -> Verdict:
    if not item.depends_on:
        return "safe"
    kept, _ = _effective(item, ttl, "")
    if kept is not None and kept <= 0:
        return "guarded" if item.ttl is not None else "safe-while-ttl-0"
    if item.is_authorized in {"false", "missing"}:
        return "deny-cached"
    if kept is None or all(dependence.via for dependence in item.depends_on):
        return "possible"
    if all(dependence.sinks == ("resolverContext",) for dependence in item.depends_on):
        return "context-hazard"
    return "hazard"


def _shown(item: Return) -> Dependence | None:
    """The dependence that says most: certain before possible, deciding before accompanying."""
    return min(
        item.depends_on,
        key=lambda one: (bool(one.via), one.sinks == ("resolverContext",), one.read.start_offset),
        default=None,
    )
