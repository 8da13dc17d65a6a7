"""Records as rows of the database: lists and spans are JSON in them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from index.claims import Claim, Field, Origin
from index.records import Article, DirectQuote, Exclusion, ExclusionKind, Span

_COLUMNS = (
    "id", "text", "title", "outlet", "author", "published", "language", "url", "source_file", "source_path", "sha256",
    "source_sha256", "exclusions", "claims", "pages", "superseded_by", "story", "included",
)  # fmt: skip
ARTICLE_COLUMNS = ", ".join(_COLUMNS)
"""The columns of the table ``articles`` that make the record, in the order of its fields."""


def article_row(article: Article) -> tuple[Any, ...]:
    """An article in :data:`ARTICLE_COLUMNS`."""
    claims = [[c.field.value, c.value, c.origin.value, c.sureness] for c in article.claims]
    return (
        article.id,
        article.text,
        article.title,
        article.outlet,
        article.author,
        article.published,
        article.language,
        article.url,
        article.source_file,
        article.source_path,
        article.sha256,
        article.source_sha256,
        _exclusion_list(article.exclusions),
        json.dumps(claims, ensure_ascii=False),
        json.dumps(article.pages),
        article.superseded_by,
        article.story,
        _exclusion_list(article.included),
    )


def _exclusion_list(exclusions: Sequence[Exclusion]) -> str:
    return json.dumps([[e.span.start, e.span.end, e.kind.value] for e in exclusions])


def _exclusions(listed: str) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(Span(start, end), ExclusionKind(kind)) for start, end, kind in json.loads(listed))


def article_record(values: tuple[Any, ...]) -> Article:
    """The article of such a row.

    Raises:
        ValueError, TypeError, KeyError: it does not hold one.
    """
    row = dict(zip(_COLUMNS, values, strict=True))
    claims = [
        Claim(Field(field), value, Origin(origin), sureness)
        for field, value, origin, sureness in json.loads(row["claims"])
    ]
    pages = tuple(json.loads(row["pages"]))
    marked = {name: _exclusions(row[name]) for name in ("exclusions", "included")}
    return Article(**{**row, **marked, "claims": tuple(claims), "pages": pages})


def speech_row(quote: DirectQuote) -> tuple[Any, ...]:
    """A row of the table ``direct_quotes``."""

    def pair(span: Span | None) -> str | None:
        return None if span is None else json.dumps([span.start, span.end])

    segments = json.dumps([[segment.start, segment.end] for segment in quote.segments])
    said = (pair(quote.speaker_span), pair(quote.verb_span), quote.reported_by, pair(quote.reported_by_span))
    return (quote.article_id, quote.span.start, quote.span.end, segments, int(quote.partial), quote.speaker, *said)


def speech_record(row: tuple[Any, ...]) -> DirectQuote:
    """The quotation of such a row.

    Raises:
        ValueError: it does not hold one.
    """
    article_id, start, end, segments, partial, speaker, speaker_span, verb_span, reported_by, reported_by_span = row

    def span(pair: str | None) -> Span | None:
        return None if pair is None else Span(*json.loads(pair))

    return DirectQuote(
        article_id=article_id,
        span=Span(start, end),
        segments=tuple(Span(*segment) for segment in json.loads(segments)),
        partial=bool(partial),
        speaker=speaker,
        speaker_span=span(speaker_span),
        verb_span=span(verb_span),
        reported_by=reported_by,
        reported_by_span=span(reported_by_span),
    )
