"""The dates an article tells of: where they stand, how precise they are, and which days they mean.

A date without a year, and one told from the day of writing (``giovedì``, ``lo scorso giugno``, ``un anno fa``), is
resolved against the article's own; without that it stays open.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.dates import MONTHS
from index.phrases import NEAR, RULES, WEEKDAYS, Days, Precision
from index.records import Article, Span


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in a text.

    Attributes:
        span: the words that tell it.
        days: the first and the last day that may be meant; None where the article does not say from when to count.
    """

    span: Span
    precision: Precision
    days: Days | None


_AROUND = 40
"""Characters; no rule tells a date in more."""
_SIGN = re.compile(
    rf"\b(?:(?:19|20)\d\d|(?:{'|'.join(MONTHS)})|{'|'.join([*WEEKDAYS, *NEAR])}|fa|ago|scors[oa]|last|"
    r"prossim[oa]|next|settimana|week)\b",
    re.IGNORECASE,
)


def find_moments(article: Article) -> list[Moment]:
    """The dates `article` tells of, in order, disjoint; those in excluded spans too."""
    day = None if article.published is None else datetime.date.fromisoformat(article.published[:10])
    return moments(article.text, day)


def moments(text: str, written: datetime.date | None) -> list[Moment]:
    """The dates in `text`, written on the day `written`, in order, disjoint; of two that overlap the first rule's."""
    return [moment for window in _windows(text) for moment in _told(text, window, written)]


def _windows(text: str) -> Iterator[Span]:
    """Where a word stands that dates are told with, and what is around it: rules are slow, and most text has none."""
    start = end = 0
    for match in _SIGN.finditer(text):
        if match.start() - _AROUND > end:
            if end:
                yield Span(start, end)
            start = max(0, match.start() - _AROUND)
        end = min(len(text), match.end() + _AROUND)
    if end:
        yield Span(start, end)


def _told(text: str, window: Span, written: datetime.date | None) -> list[Moment]:
    found: list[Moment] = []
    for precision, pattern, rule in RULES:
        for match in pattern.finditer(text, window.start, window.end):
            span = Span(*match.span("told"))
            if any(span.overlaps(other.span) for other in found):
                continue
            try:
                found.append(Moment(span, precision, rule(match, written)))
            except (ValueError, OverflowError):
                continue  # the 31st of a month that has none
    return sorted(found, key=lambda moment: moment.span)
