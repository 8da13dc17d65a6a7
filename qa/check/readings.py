"""Articles prepared for comparison: their words as numbers, and where sentences and direct speech begin and end."""

from __future__ import annotations

import itertools
import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.archive import Archive
from index.records import Article, DirectQuote, Span
from index.sentences import split_sentences
from qa.check.folding import Kind, Token, opens, tokens

_KEPT = 400
"""Prepared articles kept at once; one takes some 300 kB."""
_BRACKETS = re.compile(r"\[[^\[\]\n]{0,200}\]")


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """An article's words in order.

    Attributes:
        ids: for each word the number of its form.
        places: for each word the number of its sentence; a sentence never ends inside direct speech.
        quotes: for each word the index in `speech` of the quotation it stands in, or -1; of one that goes on after
            its attribution (*“Nobody,” she said, “asked”*) the index of the first part.
        aside: whether the word interrupts a quotation: an attribution between its segments, or words in brackets.
        names: forms that the article writes with a capital inside a sentence, and always with one.
    """

    article: Article
    tokens: tuple[Token, ...]
    ids: NDArray[np.int64]
    places: NDArray[np.int64]
    quotes: NDArray[np.int64]
    aside: NDArray[np.bool_]
    speech: tuple[DirectQuote, ...]
    names: frozenset[str]

    def said(self, first: int, last: int) -> DirectQuote | None:
        """The direct speech in which both of these words stand."""
        index = int(self.quotes[first])
        return self.speech[index] if index >= 0 and index == self.quotes[last] else None

    def occurrences(self, words: Sequence[Token]) -> Iterator[tuple[int, ...]]:
        """Where these words stand one after the other, however spaced: for each place the indexes of the words."""
        needle = _run_together(words)[0]
        streams = [range(len(self.tokens))]
        if self.aside.any():
            streams.append([i for i in streams[0] if not self.aside[i]])  # type: ignore[arg-type]
        seen = set()
        for stream in streams:
            whole, starts, ends = _run_together([self.tokens[i] for i in stream])
            for match in re.finditer(f"(?={re.escape(needle)})", whole):
                first, last = starts.get(match.start()), ends.get(match.start() + len(needle))
                if first is None or last is None:
                    continue
                found = tuple(stream[i] for i in range(first, last + 1))
                if (found[0], found[-1]) not in seen:
                    seen.add((found[0], found[-1]))
                    yield found


def _utterances(
    article: Article, speech: Sequence[DirectQuote], sentences: Sequence[Span]
) -> Iterator[tuple[int, Span, list[Span]]]:
    """Quotations with the parts that go on after their attribution: index of the first, the whole, the words said."""
    begin = frozenset(sentence.start for sentence in sentences)
    at = 0
    while at < len(speech):
        first, segments = at, list(speech[at].segments)
        while at + 1 < len(speech) and _goes_on(article.text, speech[at], speech[at + 1], begin):
            at += 1
            segments += speech[at].segments
        yield first, Span(speech[first].span.start, speech[at].span.end), segments
        at += 1


def _goes_on(text: str, one: DirectQuote, other: DirectQuote, begin: frozenset[int]) -> bool:
    """Whether nothing but the attribution of both, set off by a comma or dash, stands between two quotations."""
    verb, gap = one.verb_span, Span(one.span.end, max(one.span.end, other.span.start))
    if verb is None or verb != other.verb_span or not gap.covers(verb) or one.speaker != other.speaker:
        return False
    parted = re.search(r"[:;\n]", gap.of(text)) or not begin.isdisjoint(range(gap.start, gap.end + 1))
    return not parted and re.match(r"\w?\W*?[,–—-]", text[gap.start - 1 : gap.end]) is not None


def _run_together(words: Sequence[Token]) -> tuple[str, dict[int, int], dict[int, int]]:
    """Forms without spaces (numbers kept apart), and which word begins and ends at which character."""
    starts, ends = {}, {}
    parts: list[str] = []
    length = 0
    for place, word in enumerate(words):
        form = f" {word.form} " if word.kind is Kind.NUMBER else word.form
        starts[length] = place
        length += len(form)
        ends[length] = place
        parts.append(form)
    return "".join(parts), starts, ends


class Library:
    """Readings of an archive's articles, made when they are needed."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._numbers: defaultdict[str, int] = defaultdict(itertools.count().__next__)
        self._readings: OrderedDict[str, Reading] = OrderedDict()

    def number(self, form: str) -> int:
        """The number of a form; the same as long as this library lives."""
        return self._numbers[form]

    def reading(self, article_id: str) -> Reading:
        """The article `article_id`, prepared."""
        if article_id not in self._readings:
            self._readings[article_id] = self._read(article_id)
        self._readings.move_to_end(article_id)
        while len(self._readings) > _KEPT:
            self._readings.popitem(last=False)
        return self._readings[article_id]

    def _read(self, article_id: str) -> Reading:
        article = self._archive.store.article(article_id)
        speech = tuple(self._archive.store.direct_quotes([article_id]))
        found = tuple(tokens(article.text))
        starts = np.array([token.start for token in found], np.int64)
        sentences = split_sentences(article.text, Span(0, len(article.text)))
        places = np.searchsorted([sentence.start for sentence in sentences], starts, side="right")
        quotes = np.full(len(found), -1, np.int64)
        aside = np.zeros(len(found), np.bool_)
        for index, span, segments in _utterances(article, speech, sentences):
            inside = slice(*np.searchsorted(starts, [span.start, span.end]))
            if inside.start == inside.stop:
                continue
            quotes[inside] = index
            # Sentences that one quotation runs over are one place; those after keep their own numbers.
            joined = (places >= places[inside][0]) & (places <= places[inside][-1])
            places[joined] = places[inside][0]
            spoken = np.zeros(len(found), np.bool_)
            for segment in segments:
                spoken[slice(*np.searchsorted(starts, [segment.start, segment.end]))] = True
            aside[inside] |= ~spoken[inside]
        for match in _BRACKETS.finditer(article.text):
            aside[slice(*np.searchsorted(starts, match.span()))] = True
        opening = {sentence.start for sentence in sentences}
        names = frozenset(
            token.form
            for token in found
            if token.capital and token.start not in opening and not opens(article.text, token.start)
        ) - {token.form for token in found if not token.capital}
        ids = np.array([self.number(token.form) for token in found], np.int64)
        return Reading(article, found, ids, places, quotes, aside, speech, names)
