"""Excluded spans that somebody took back: they can be quoted again, and stay so as long as the text does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.errors import ArchiveError
from index.records import Article, Exclusion, ExclusionKind, Span


def include(article: Article, span: Span) -> Article:
    """`article` with every exclusion that `span` touches taken back.

    Raises:
        ArchiveError: it touches none.
    """
    found = [one for one in article.exclusions if one.span.overlaps(span)]
    return _moved(article, span, found, included=(*article.included, *found))


def exclude(article: Article, span: Span) -> Article:
    """`article` with what was taken back of `span` excluded again.

    Raises:
        ArchiveError: nothing was.
    """
    found = [one for one in article.included if one.span.overlaps(span)]
    return _moved(article, span, found, included=[one for one in article.included if one not in found])


def _moved(article: Article, span: Span, found: Sequence[Exclusion], included: Iterable[Exclusion]) -> Article:
    if not found:
        raise ArchiveError(
            f"nothing to change at {span.start}:{span.end} of article {article.id}",
            f"list its spans with: python -m index info --excluded {article.id}",
        )
    taken = tuple(sorted(included, key=_place))
    # A repeated line is learnt again where it still is one.
    again = [one for one in found if one not in taken and one.kind is not ExclusionKind.REPEATED]
    return replace(article, included=taken, exclusions=_outside([*article.exclusions, *again], taken))


def carried(articles: Iterable[Article], held: Iterable[Article]) -> list[Article]:
    """`articles` as they were read, with what was taken back of the same texts in the archive."""
    taken = {article.id: article.included for article in held if article.included}
    return [
        replace(article, included=taken[article.id], exclusions=_outside(article.exclusions, taken[article.id]))
        if article.id in taken
        else article
        for article in articles
    ]


def _outside(exclusions: Iterable[Exclusion], taken: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    kept = [one for one in exclusions if not any(one.span.overlaps(other.span) for other in taken)]
    return tuple(sorted(kept, key=_place))


def _place(exclusion: Exclusion) -> Span:
    return exclusion.span
