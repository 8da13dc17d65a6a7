"""Figures as claims: how many of whom, what happened to them, where and when, each by the words of its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.analysis import fold, is_figure, is_function_word, passage_terms, term, words
from index.language import ENGLISH, ITALIAN
from index.records import Article, Span
from qa.counted import counted_thing, happening
from qa.masks import MONTH_NUMBERS
from qa.nations import SIDES, nation_words, nations
from qa.quantities import Quantity, quantities

_BE = frozenset(
    "è sono era erano fu furono sia siano stato stati stata state essere sarebbe sarebbero venne vennero viene vengono "
    "rimasto rimasti rimasta rimaste risultano is are was were been being be got".split()
)
_OBJECT = frozenset("il lo la i gli le l un uno una di del dei degli delle the a an its their his her".split())
_ADDED = frozenset(
    "altro altri altre another other others more further additional nuovi nuove new primi prime first".split()
)
_SHARED_OUT = re.compile(
    r"al giorno|al mese|all['’]anno|alla settimana"
    r"|ogni|ciascun\w*|per day|a day|a month|a year|a week|each|every|daily|di cui"
    r"|dei quali|delle quali|of whom|of which|of them|di loro",
    re.IGNORECASE,
)
_LOCATING = frozenset("in a ad nel nella nei nelle nell alla at near into to from dalla vicino presso over su".split())
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NEAR, _FAR = 7, 9
"""Words after, and before, a figure among which what happens to those counted is looked for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it can be compared with others.

    Attributes:
        article: where it stands.
        sentence: the sentence that states it.
        quantity: the figure.
        noun: the word for what is counted, behind the figure or before it; of an earlier figure of the sentence where
            this one has none of its own.
        event: the word for what happens to those counted, where one is known.
        thing: what is counted, by the lexicon's name or as a term.
        known: whether the lexicon knows what is counted.
        happening: what happens, by the lexicon's name.
        owners: nations in the words about what is counted; where none is, those of the sentence that say not where.
        names: nations and capitalised names in the sentence.
        places: the names that stand after a preposition of place.
        days: years and months the sentence names.
        terms: the sentence's terms, its figures left out.
    """

    article: Article
    sentence: Span
    quantity: Quantity
    noun: Span
    event: Span | None
    thing: str
    known: bool
    happening: str | None
    owners: frozenset[str]
    names: frozenset[str]
    places: frozenset[str]
    days: frozenset[str]
    terms: frozenset[str]

    @property
    def span(self) -> Span:
        """The figure's words, with what is counted where that follows within a word or two."""
        beside = 0 <= self.noun.start - self.quantity.span.end <= _BESIDE
        return Span(self.quantity.span.start, self.noun.end) if beside else self.quantity.span


_BESIDE = 5
"""Characters between a figure and its noun that are shown with them: *milioni di munizioni*."""


def figures(article: Article, sentence: Span) -> Iterator[Figure]:
    """The comparable figures of a sentence: of something that is named, whole, of no day or part of another figure."""
    text, language = article.text, article.language
    found = quantities(text, sentence, language)
    if not found:
        return
    names, places, actors = names_of(text, sentence, language)
    days = days_of(text, sentence)
    terms = frozenset(
        known
        for known in passage_terms(sentence.of(text), language)
        if not known.startswith("=") or known[1:].isalpha()
    )
    counted: Quantity | None = None
    for place, quantity in enumerate(found):
        start = found[place - 1].phrase.start if place else sentence.start
        end = found[place + 1].span.start if place + 1 < len(found) else sentence.end
        bracketed = _bracket(text, start, quantity.span.start)
        noun, phrase = quantity.noun, quantity.phrase
        if noun is None and quantity.unit is None and counted is not None and not _named_since(text, counted, quantity):
            noun, phrase = counted.noun, counted.phrase
        counted = quantity if quantity.noun is not None else counted
        if noun is None or _is_part(text, quantity, end, language) or not _is_whole(quantity):
            continue
        before = Span(
            start if bracketed is None else sentence.start, quantity.span.start if bracketed is None else bracketed
        )
        behind = max(noun.end, quantity.span.end)
        event = _event(text, noun, Span(behind, max(behind, end)), before)
        own = noun.of(text)
        if quantity.noun is None and bracketed is None and event is None:
            continue
        yield Figure(
            article,
            sentence,
            quantity,
            noun,
            event,
            counted_thing(own) or term(own, language if language in (ITALIAN, ENGLISH) else None),
            counted_thing(own) is not None,
            None if event is None else happening(event.of(text)),
            nations(text, phrase, language) or actors,
            names,
            places,
            days,
            terms,
        )


def _named_since(text: str, counted: Quantity, quantity: Quantity) -> bool:
    """Whether something else is named after what an earlier figure counts: *12 i morti e i feriti una quarantina*."""
    after = max(counted.phrase.end, counted.noun.end if counted.noun is not None else 0)
    between = text[after : quantity.span.start]
    return any(counted_thing(word.span.of(between)) is not None for word in words(between))


def _is_whole(quantity: Quantity) -> bool:
    """Whether it counts whole things, or is money or a share."""
    return quantity.unit is not None or (quantity.low == quantity.low.to_integral_value() and quantity.low > Decimal(1))


def _is_part(text: str, quantity: Quantity, end: int, language: str | None) -> bool:
    """Whether it counts further ones, some of others, or so many for each."""
    near = Span(quantity.span.end, max(quantity.span.end, min(end, quantity.phrase.end + 25, len(text))))
    around = [word.form for word in words(text[max(0, quantity.span.start - 12) : quantity.phrase.end])]
    return not _ADDED.isdisjoint(around) or _SHARED_OUT.search(near.of(text)) is not None


def _bracket(text: str, start: int, at: int) -> int | None:
    """Where the bracket opens in which `at` lies."""
    opening = text.rfind("(", start, at)
    return opening if opening >= 0 and ")" not in text[opening:at] else None


def _event(text: str, noun: Span, after: Span, before: Span) -> Span | None:
    """The word for what happens to those counted: the noun, a participle after it, or a verb before the figure."""
    if happening(noun.of(text)) is not None:
        return noun
    passive = False
    following = list(words(_until(after.of(text))))[:_NEAR]
    for at, word in enumerate(following):
        form = word.span.of(after.of(text))
        if happening(form) is not None:
            next_ = following[at + 1].form if at + 1 < len(following) else ""
            tail = after.of(text)[word.span.end :].strip()
            acting = not passive and (
                next_ in _OBJECT or (not tail and after.end < len(text) and _continues(text, after.end))
            )
            if not acting:
                return Span(after.start + word.span.start, after.start + word.span.end)
        passive = passive or word.form in map(fold, _BE)
    part = before.of(text)
    cut = max(part.rfind(mark) for mark in ".;:()") + 1
    commas = part.count(",", cut)
    cut = max(cut, part.rfind(",") + 1) if commas == 1 else cut
    for word in reversed([word for word in words(part) if word.span.start >= cut][-_FAR:]):
        if happening(word.span.of(part)) is not None:
            return Span(before.start + word.span.start, before.start + word.span.end)
    return None


def _until(text: str) -> str:
    return re.split(r"[,;:.()\n]", text, maxsplit=1)[0]


def _continues(text: str, at: int) -> bool:
    """Whether a figure stands right there: ``600 soldiers killed 20``."""
    return text[at : at + 1].isalnum()


def names_of(text: str, sentence: Span, language: str | None) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The nations and other names of a sentence; those names that say where; the nations that do not."""
    nation_at = {at: nation for nation, at in nation_words(text, sentence, language)}
    names, places, actors = set(nation_at.values()), set(), set()
    part = sentence.of(text)
    found = list(words(part))
    for place, word in enumerate(found):
        at = sentence.start + word.span.start
        located = place > 0 and found[place - 1].form in _LOCATING
        if at in nation_at:
            actors |= set() if located else {nation_at[at]}
            continue
        if not word.capitalised or is_figure(word) or word.form in SIDES or word.form in MONTH_NUMBERS or not place:
            continue
        if not is_function_word(word, part, language):
            names.add(word.form)
            places |= {word.form} if located else set()
    return frozenset(names), frozenset(places), frozenset(actors)


def days_of(text: str, sentence: Span) -> frozenset[str]:
    """The years, and months as ``-3``, that a sentence names."""
    part = sentence.of(text)
    months = {
        f"-{MONTH_NUMBERS[word.form]}" for word in words(part) if word.form in MONTH_NUMBERS and word.form != "may"
    }
    return frozenset(set(_YEAR.findall(part)) | months)
