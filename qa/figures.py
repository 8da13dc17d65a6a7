"""Figures of the same thing that cannot both hold. Every rule here would rather miss one than see one falsely.

Two figures are about the same thing when what is counted and what happened to it are the same entry of the lexicon
(:mod:`qa.counted`), or their sentences say nearly the same; when nations, places and dates do not part them; and when
neither counts further ones or a part.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal

from index.analysis import words
from index.keys import question_keys
from qa.claims import Figure, figures
from qa.counted import counted_thing, happening
from qa.nations import owners_of
from qa.qualifiers import Qualifier
from qa.records import Claim, Disagreement, Matter, Question, Quote
from qa.statements import Ground, opening, overlap, part

_ROUNDED = Decimal("0.05")
"""Rounding to two leading digits moves a number by less than a twentieth of it."""
_ABOUT = Decimal("0.1")
"""*Circa 15.000* is taken for what rounds to it more coarsely: a tenth either way."""
_OPEN = Decimal("1.5")
"""*Più di 10.000* leads one to expect less than the next round number (Cummins, Sauerland and Solt 2012): it is taken
for up to half as many again, and *fino a* likewise downwards."""
_SAME_NAMES = 0.6
"""Share of the names of the sentence with fewer of them that the other one has as well."""
_SAME_WORDS, _FEW_WORDS = 0.6, 4
"""Likewise for all words, where the lexicon does not know what happened; and how many of them at least."""
_SAME_DAYS = 3
"""Days between articles, at most, that are taken to tell the same news where sentences leave its names out."""
_ASKING = frozenset(
    "quanti quante numero numeri cifra cifre bilancio stima stime totale vittime perdite divergono discordanti many "
    "number numbers figure figures toll total estimate estimates losses casualties victims differ disagree".split()
)
"""Words that ask for figures."""
_MEASURES = frozenset("volte volta giorni giorno mesi mese anni ore times time days months years hours".split())
"""What is asked for after *quante* or *how many* where nobody is counted."""
_LOSSES = {"losses": ("dead", "wounded"), "dead": ("dead",), "wounded": ("wounded",)}
"""Words for those counted that say as well what happened to them."""


def differing_figures(question: Question, ground: Ground) -> list[Disagreement]:
    """The disagreements about what cited sentences count, in their order; claims have no authority yet."""
    asking = [word.span.of(question.searched).lower() for word in words(question.searched)]
    measured = any(before in _ASKING and word in _MEASURES for before, word in itertools.pairwise(asking))
    if measured or _ASKING.isdisjoint(asking):
        return []
    anchors = [figure for figure in ground.cited(_figures) if _asked(question, figure)]
    known = ground.all(_figures) if anchors else []
    named = [key.terms for key in question_keys(question.searched, tuple(question.sources)) if key.named]
    told: list[Disagreement] = []
    for anchor in anchors:
        group = [figure for figure in known if figure == anchor or _same_thing(anchor, figure, named)]
        differing = [one for one in group if any(_differs(one, other) for other in group)]
        if any(_apart(one, other) and _differs(one, other) for one in differing for other in differing):
            shown = [one for one in group if one in differing or one.quantity.high is not None]
            told.append(_disagreement(anchor, shown))
    return told


def _figures(sentence: Quote) -> Iterable[Figure]:
    return figures(sentence.article, sentence.span)


def _asked(question: Question, figure: Figure) -> bool:
    """Whether a question for figures is after this one: it names what is counted or what happened."""
    text = question.searched
    spans = [word.span for word in words(text)]
    found = [span.of(text) for span in spans]
    asked = [owners_of(text, span, question.language) for span in spans if counted_thing(span.of(text)) is not None]
    if any(owners and figure.owners and owners.isdisjoint(figure.owners) for owners in asked):
        return False
    things = {thing for word in found if (thing := counted_thing(word)) is not None}
    events = {event for word in found if (event := happening(word)) is not None}
    events |= {event for thing in things for event in _LOSSES.get(thing, ())}
    things -= {*_LOSSES, "people"}
    if events and (figure.happening not in events or not things):
        return figure.happening in events
    return figure.thing in things or figure.noun.of(figure.article.text).lower() in map(str.lower, found)


def _same_thing(one: Figure, other: Figure, named: Sequence[frozenset[str]]) -> bool:
    """Whether two figures count the same; `named` are the terms of each name in the question."""
    if one.quantity.unit != other.quantity.unit or one.happening != other.happening:
        return False
    if not _same_count(one, other) or part(one.owners, other.owners) or bool(one.owners) != bool(other.owners):
        return False
    if part(one.days, other.days) or part(one.places, other.places):
        return False
    if not (overlap(one.names, other.names, _SAME_NAMES, 1) or _same_news(one, other, named)):
        return False
    if one.happening is not None and one.known and other.known:
        return True
    return one.article.language == other.article.language and overlap(one.terms, other.terms, _SAME_WORDS, _FEW_WORDS)


def _same_news(one: Figure, other: Figure, named: Sequence[frozenset[str]]) -> bool:
    """Whether both articles are of the same days and hold, in the sentence or their openings, every name asked for."""
    days = [article.published for article in (one.article, other.article) if article.published is not None]
    if not named or len(days) < 2:
        return False
    first, second = (datetime.date.fromisoformat(day[:10]) for day in days)
    return abs((first - second).days) <= _SAME_DAYS and all(
        terms & figure.terms or terms & opening(figure.article) for terms in named for figure in (one, other)
    )


def _same_count(one: Figure, other: Figure) -> bool:
    """The same things are counted; *the dead* and *people killed* are the same."""
    things = {one.thing, other.thing}
    return len(things) == 1 or things == {"people", one.happening}


def _apart(one: Figure, other: Figure) -> bool:
    """Whether two figures come from different articles."""
    return one.article.id != other.article.id


def _differs(one: Figure, other: Figure) -> bool:
    """Whether what one states lies outside what the other can mean, and the other way round."""
    first, second = one.quantity, other.quantity
    stated, told = (first.low, first.high), (second.low, second.high)
    if _meets(stated, told, closed=True):
        return False
    return not _meets(stated, _meant(other), closed=False) and not _meets(told, _meant(one), closed=False)


_Range = tuple[Decimal, Decimal | None]


def _meant(figure: Figure) -> _Range:
    """What a figure can mean, bounds left out: rounded, about, or up to half more or less."""
    quantity = figure.quantity
    low, high = quantity.low, quantity.high
    if quantity.qualifier is Qualifier.MORE:
        return low, None if high is None else high * _OPEN
    if quantity.qualifier is Qualifier.LESS:
        return low / _OPEN, high
    slack = _ABOUT if quantity.qualifier is Qualifier.ABOUT else _ROUNDED if _is_round(quantity.low) else Decimal(0)
    return low * (1 - slack), None if high is None else high * (1 + slack)


def _is_round(value: Decimal) -> bool:
    """Whether a number has at most two digits that are not closing zeros, of three or more."""
    digits = f"{value.normalize():f}"
    return "." not in digits and len(digits) > 2 and len(digits.rstrip("0")) <= 2


def _meets(one: _Range, other: _Range, *, closed: bool) -> bool:
    def below(low: Decimal, high: Decimal | None) -> bool:
        return high is None or (low <= high if closed else low < high)

    return below(one[0], other[1]) and below(other[0], one[1])


def _disagreement(anchor: Figure, group: Sequence[Figure]) -> Disagreement:
    claims = tuple(
        Claim(
            Quote(figure.article, figure.span),
            Quote(figure.article, figure.sentence),
            None,
            f"{figure.quantity.low.normalize():f}",
            None if figure.quantity.high is None else f"{figure.quantity.high.normalize():f}",
            figure.quantity.qualifier.value,
        )
        for figure in group
    )
    about = sorted({span for span in (anchor.noun, anchor.event) if span is not None})
    return Disagreement(Matter.FIGURES, tuple(Quote(anchor.article, span) for span in about), claims)
