"""Nations in a text, each by one name: *nordcoreani*, *Corea del Nord* and *North Korean* are one nation."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from index.analysis import words
from index.language import ENGLISH, ITALIAN
from index.lexicon import counterparts, kin
from index.records import Span
from qa.counted import counted_thing

_NO_NATION = frozenset("en:state en:unit en:kingdom en:north en:south en:east en:west en:latin".split())
SIDES = {"nord": "n", "north": "n", "sud": "s", "south": "s"}
"""Halves of a nation that are two."""


def owners_of(text: str, noun: Span, language: str | None) -> frozenset[str]:
    """The nations named right beside a noun: *soldati russi*, *North Korean troops*."""
    found = [word.span for word in words(text)]
    at = [place for place, span in enumerate(found) if span.start == noun.start]
    near = found[max(0, at[0] - 2) : at[0] + 3] if at else []
    return (
        frozenset(n for n, _ in nation_words(text, Span(near[0].start, near[-1].end), language))
        if near
        else frozenset()
    )


def nations(text: str, within: Span, language: str | None) -> frozenset[str]:
    """The nations named in a span."""
    return frozenset(nation for nation, _ in nation_words(text, within, language))


def nation_words(text: str, within: Span, language: str | None) -> Iterator[tuple[str, int]]:
    """The nations named in a span, by an English term each, and where; north and south apart."""
    part = within.of(text)
    found = list(words(part))
    for place, word in enumerate(found):
        own, side = word.span.of(part), ""
        for prefix in SIDES:
            if word.form.startswith(prefix) and len(word.form) > len(prefix) + 3:
                own, side = word.form[len(prefix) :], SIDES[prefix]
        known = nation_of(own, language)
        if known is None:
            continue
        neighbours = [found[place - 1].form] if place else []
        neighbours += [other.form for other in found[place + 1 : place + 3]]
        side = side or next((SIDES[form] for form in neighbours if form in SIDES), "")
        yield side + known, within.start + word.span.start


@functools.lru_cache(maxsize=1 << 14)
def nation_of(word: str, language: str | None = None) -> str | None:
    """The nation a folded word stands for, by an English term; None for other words.

    An Italian plural is read by its singular, which stems do not always join.
    """
    if counted_thing(word) is not None:  # stems make *persone* a kin of *persiano*
        return None
    if language != ENGLISH:
        for form in (word, word[:-1] + "o", word[:-1] + "e"):
            if kin(form, ITALIAN) and (known := counterparts(form, ITALIAN, ENGLISH)):
                return None if min(known) in _NO_NATION else min(known)
    known = frozenset() if language == ITALIAN else kin(word, ENGLISH)
    return min(known) if known and min(known) not in _NO_NATION else None
