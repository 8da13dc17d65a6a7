"""Dates of the same event that cannot both hold: *crollato il 12 marzo*, *collapsed on 14 March*.

A date is an act's where it stands nearest to it, with no other act between. Two are of the same event where both
sentences hold what the question asks about, and neither their places nor their names part them.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis import passage_terms, word_term, words
from index.dates import MONTHS
from index.moments import Moment, find_moments, moments
from index.phrases import Days, Precision
from index.records import Article, Span
from qa.acts import Asked, act, asked, once
from qa.claims import names_of
from qa.records import Claim, Disagreement, Matter, Question, Quote
from qa.statements import Ground, in_order, opening, overlap, part

_ASKING = frozenset(
    "quando data date giorno anno mese when day year month divergono discordanti differ disagree dates".split()
)
_BOUND = re.compile(
    r"(?:\b(?:dal|dall['’]|dalla|da|fino (?:al?|all['’])|entro(?: il)?|prima (?:del|di)|dopo (?:il|di)|since|from|until"
    r"|till|by|before|after|through)|[-–])\s*$",
    re.IGNORECASE,
)
"""Words that make a date the beginning or the end of something else."""
_DENIED = frozenset("non not never mai senza without sarà sarebbe will would should could potrebbe dovrebbe".split())
_WRITTEN = re.compile(rf"\d|\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_APART = 80
"""Characters between an act and its date at most."""
_COMMA = 20
"""Characters that a comma between them counts for."""
_NEAR = 62
"""Days between the dates of one event that happens again, at most: further apart they are two events."""
_SAME_NAMES, _SAME_WORDS, _FEW_WORDS = 0.5, 0.6, 4
_LEAP = datetime.date(2000, 12, 31)
"""Dates without a year are read as of a leap year."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that an article gives for an event.

    Attributes:
        days: first and last day meant; of `yearless` ones in the year 2000.
        told: the words for the act, where the lexicon knows it.
    """

    article: Article
    sentence: Span
    span: Span
    days: Days
    precision: Precision
    yearless: bool
    told: Span | None
    happened: str | None
    names: frozenset[str]
    places: frozenset[str]
    terms: frozenset[str]


def differing_dates(question: Question, ground: Ground) -> list[Disagreement]:
    """The disagreements about the date asked for, in the order of the citations; claims have no authority yet."""
    wanted = asked(question, _ASKING)
    if wanted is None:
        return []
    anchors = ground.cited(lambda sentence: _dates(sentence, wanted))
    known = ground.all(lambda sentence: _dates(sentence, wanted)) if anchors else []
    pinned = any(key.named for key in wanted.keys)
    found = []
    for anchor in anchors:
        others = [date for date in known if date != anchor and _same_event(anchor, date, pinned=pinned)]
        against = [date for date in others if date.article.id != anchor.article.id and _differs(anchor, date)]
        if against:
            group = in_order([anchor, *against, *(date for date in others if not _differs(anchor, date))])
            found.append(_disagreement(anchor, group, wanted))
    return found


def _dates(sentence: Quote, wanted: Asked) -> Iterator[Dated]:
    """The dates a sentence gives for what is asked."""
    article, text = sentence.article, sentence.article.text
    terms = frozenset(passage_terms(sentence.text, article.language))
    if not wanted.held(terms, opening(article)):
        return
    inside = _whole(text, [moment for moment in find_moments(article) if sentence.span.covers(moment.span)])
    usable = [moment for moment in inside if not _BOUND.search(text, max(0, moment.span.start - 20), moment.span.start)]
    told = _nearest(sentence, usable, wanted) if wanted.acts else _only(inside, usable)
    for moment, span, happened in told:
        days = _days(text, moment)
        if days is None:
            continue
        names, places, _ = names_of(text, sentence.span, article.language)
        dated = (moment.span, days, moment.precision, moment.days is None, span, happened)
        yield Dated(article, sentence.span, *dated, names, places, terms)


def _whole(text: str, inside: Sequence[Moment]) -> list[Moment]:
    """`inside` without the days of the week that stand right before their dates: *mercoledì 12 marzo*."""
    weekdays = {
        one.span
        for one, other in itertools.pairwise(inside)
        if not _is_written(text, one.span)
        and other.precision is Precision.DAY
        and _is_written(text, other.span)
        and not text[one.span.end : other.span.start].strip(" ,")
    }
    return [moment for moment in inside if moment.span not in weekdays]


def _only(inside: Sequence[Moment], usable: Sequence[Moment]) -> Iterator[tuple[Moment, Span | None, str | None]]:
    if len(inside) == 1:
        yield from ((moment, None, None) for moment in usable)


def _nearest(
    sentence: Quote, usable: Sequence[Moment], wanted: Asked
) -> Iterator[tuple[Moment, Span | None, str | None]]:
    """For each act that is asked for, the date that stands nearest to it with no other act between."""
    text, start = sentence.article.text, sentence.span.start
    found = list(words(sentence.text))
    acts = [
        (Span(start + word.span.start, start + word.span.end), act(word.form), place)
        for place, word in enumerate(found)
    ]
    acts = [item for item in acts if item[1] is not None]
    for span, happened, place in acts:
        before = {word.form for word in found[max(0, place - 4) : place]}
        if happened not in wanted.acts or before & _DENIED:
            continue
        reachable = []
        for moment in usable:
            gap = Span(min(span.end, moment.span.end), max(span.start, moment.span.start))
            crossed = any(other is not span and gap.covers(other) for other, _, _ in acts)
            if len(gap) <= _APART and not crossed and not re.search(r"[;:()\n]", gap.of(text)):
                cost = len(gap) + _COMMA * gap.of(text).count(",")
                reachable.append((cost, moment.span, moment))
        if reachable:
            yield min(reachable, key=lambda item: item[:2])[2], span, happened


def _days(text: str, moment: Moment) -> Days | None:
    """Which days a date means; those told from the day of writing only where they are single days."""
    if moment.days is not None:
        return moment.days if moment.precision is Precision.DAY or _is_written(text, moment.span) else None
    if moment.precision is not Precision.DAY or not _is_written(text, moment.span):
        return None
    day = next((read.days[0] for read in moments(moment.span.of(text), _LEAP) if read.days is not None), None)
    return None if day is None else (day.replace(year=_LEAP.year), day.replace(year=_LEAP.year))


def _is_written(text: str, span: Span) -> bool:
    return _WRITTEN.search(span.of(text)) is not None


def _same_event(one: Dated, other: Dated, *, pinned: bool) -> bool:
    """Whether two dates are of one event; `pinned` says that the question names whose."""
    if one.happened != other.happened or part(one.places, other.places):
        return False
    if not (one.happened is not None and once(one.happened)) and _distance(one, other) > _NEAR:
        return False
    if one.happened is None or not pinned:
        same = one.article.language == other.article.language and overlap(
            one.terms, other.terms, _SAME_WORDS, _FEW_WORDS
        )
        return same or (one.happened is not None and overlap(one.names, other.names, _SAME_NAMES, 1))
    return not part(one.names, other.names) and overlap(one.names, other.names, _SAME_NAMES, 0)


def _distance(one: Dated, other: Dated) -> float:
    """Days between the middles of two dates; without years within one."""
    first, second = (sum(day.toordinal() for day in days) / 2 for days in _comparable(one, other))
    return abs(first - second)


def _comparable(one: Dated, other: Dated) -> tuple[Days, Days]:
    """The days of both, in the leap year where one of them has no year."""
    if not (one.yearless or other.yearless):
        return one.days, other.days
    first, second = (
        (date.days[0].replace(year=_LEAP.year), date.days[1].replace(year=_LEAP.year)) for date in (one, other)
    )
    return first, second


def _differs(one: Dated, other: Dated) -> bool:
    """Whether no day is meant by both; a day counted from the day of writing may be one off."""
    (first, last), (begin, end) = _comparable(one, other)
    slack = 0 if all(_is_written(date.article.text, date.span) for date in (one, other)) else 1
    apart = max((begin - last).days, (first - end).days)
    return first <= last and begin <= end and apart > slack


def _disagreement(anchor: Dated, group: Sequence[Dated], wanted: Asked) -> Disagreement:
    claims = tuple(
        Claim(Quote(date.article, date.span), Quote(date.article, date.sentence), None, date=_iso(date))
        for date in group
    )
    article = anchor.article
    if anchor.told is not None:
        about = [anchor.told]
    else:
        start, text = anchor.sentence.start, anchor.sentence.of(article.text)
        about = [
            Span(start + word.span.start, start + word.span.end)
            for word in words(text)
            if any(word_term(word, text, article.language) in key.terms for key in wanted.keys)
        ]
    return Disagreement(Matter.DATES, tuple(Quote(article, span) for span in about), claims)


def _iso(date: Dated) -> str:
    """The date as ISO 8601 has it, as precisely as it is told: ``2025-03-12``, ``2025-03``, ``2025``, ``--03-12``."""
    first, last = (day.isoformat() for day in date.days)
    if date.yearless:
        return f"-{first[4:]}"
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}.get(date.precision)
    return f"{first}/{last}" if length is None else first[:length]
