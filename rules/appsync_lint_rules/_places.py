"""Where a finding about the API's configuration points, even where no file describes the API."""

from __future__ import annotations

from appsync_lint.plugin import Provider, Span, Subject


def first_place(subject: Subject, *candidates: Span | None) -> Span:
    """Return the first place that is known; failing that the API's, the root type's, the schema's beginning."""
    root = subject.schema.root("query")
    known = (*candidates, subject.api.span, root.span if root is not None else None)
    found = next((span for span in known if span is not None), None)
    return found if found is not None else subject.schema.sources[0].span(0, 0)


def given_by(provider: Provider) -> str:
    """Say where a provider is described if that is no file: " (given by --default-mode)"."""
    return f" (given by {provider.origin})" if provider.span is None and provider.origin else ""
