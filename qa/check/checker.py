"""The check of a draft: each quotation against the archive, with what was changed and where the words stand."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from index.archive import Archive
from index.records import Span
from qa.check.alignment import JUMP, Alignment, Step, Terrain
from qa.check.candidates import candidates, holders, weight
from qa.check.differences import Difference, Op, cut_numbers, differences, lost_negation, spelling_differences
from qa.check.drafts import Given, read_draft
from qa.check.folding import FUNCTION_WORDS, Kind, Token, tokens
from qa.check.gravity import Change
from qa.check.readings import Library, Reading
from qa.check.records import Check, Checked, Source, Verdict
from qa.check.rewording import Rewordings
from qa.check.speakers import Speakers
from qa.records import Quote

_FEWEST = 3
"""Words: a shorter quotation is exact or not in the archive, since one changed word would leave nothing of it."""
_LONGEST = 2_000
"""Words: a longer quotation is only looked for word for word."""
_CHANGED = 0.4
"""Share of its words that may be changed, added or left out for a quotation to be an altered one."""
_TELLING = 0.5
"""What its unchanged words must tell at least (:func:`qa.check.candidates.weight`): common words stand everywhere."""
_PATCHED = 0.2
"""The same, for words cut together."""
_STRETCH = 4
"""Words from one place, two of them content, that make it one of the places words were cut together from."""
_BETWEEN = 3
"""Words left out between two quotations from which on these were cut together."""
_TOGETHER = 32
"""Quotations encoded at once."""
_Work = TypeVar("_Work")


class Checker:
    """Checks drafts against one generation of an archive. Thread-safe; the same draft gets the same check."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._library = Library(archive)
        self._speakers = Speakers(archive)
        self._rewordings = Rewordings(archive)
        self._working = threading.Lock()

    def check(self, text: str, until: float | None = None) -> Check:
        """Check every quotation of `text`; a text without quotation marks is itself the quotation.

        Args:
            text: the draft.
            until: when nobody waits for it any longer, in seconds of :func:`time.monotonic`; None for never.

        Raises:
            TimeoutError: it is past `until`; looked at before each quotation.
            SourceError: the text is empty, too long or no text.
            ArchiveError: the archive is damaged, or its model has changed.
            ModelError: its model cannot be opened; it is needed only for what is not there word for word.
        """
        given = read_draft(text)
        with self._working:
            compared = [self._compared(text, quotation) for quotation in _in_time(given, until)]
            missing = [g for g, found in zip(given, compared, strict=True) if found is None]
            reworded = iter(self._reworded(text, missing, until))
            checked = tuple(next(reworded) if found is None else found for found in compared)
        return Check(text, checked, self._archive.manifest.index_id)

    def _compared(self, text: str, given: Given) -> Checked | None:
        """What comparing words finds; None where the words, or most of them, stand nowhere."""
        readings = [given]
        whole = tuple(tokens(text, given.span, markup=True))
        if not given.breaks and len(whole) != len(given.words):
            # What looks like an attribution between the words may be part of them: an article quoted whole.
            readings.append(replace(given, words=whole))
        for reading in readings:
            if found := self._exact(text, reading):
                return found
        if _FEWEST <= len(given.words) <= _LONGEST:
            made = [found for reading in readings if (found := self._made_from(text, reading))]
            if made:
                return min(made, key=lambda checked: len(checked.differences))
        return None

    def _exact(self, text: str, given: Given) -> Checked | None:
        """The words one after the other, with their accents; accents alone may be what was altered."""
        if any(0 < place < len(given.words) for place in given.breaks):
            return None
        places: list[tuple[int, Source, list[Difference]]] = []
        for article in holders(self._archive, given.words):
            reading = self._library.reading(article)
            for place in reading.occurrences(given.words):
                changed = spelling_differences(text, given.words, reading, place)
                changed += lost_negation(text, given, reading, place)
                changed += cut_numbers(text, given, reading, place)
                places.append((len(changed), _source(reading, place), changed))
        if not places:
            return None
        least = min(count for count, _, _ in places)
        same = [(source, changed) for count, source, changed in places if count == least]
        return self._attributed(text, given, [source for source, _ in same], same[0][1])

    def _attributed(self, text: str, given: Given, sources: Sequence[Source], changed: Sequence[Difference]) -> Checked:
        """Exact or altered, once the speaker is compared; sources in which he speaks first."""
        every = [*changed, *self._said_by_another(text, given, sources)]
        ordered = sorted(sources, key=lambda source: self._order(given, source))
        verdict = Verdict.ALTERED if every else Verdict.EXACT
        return Checked(given, given.span.of(text), verdict, tuple(every), tuple(ordered))

    def _said_by_another(self, text: str, given: Given, sources: Sequence[Source]) -> list[Difference]:
        """The speaker, where all those of `sources` are others than the one the draft names."""
        wrong = self._speakers.wrong(given, [source.speech for source in sources])
        if wrong is None:
            return []
        named = given.speaker_span
        span = Span(given.span.start, given.span.start) if named is None else named
        mention = given.speaker or "" if named is None else named.of(text)
        return [Difference(Op.REPLACE, Change.SPEAKER, mention, wrong, span)]

    def _order(self, given: Given, source: Source) -> tuple[int, str, str, int]:
        article, speech = source.quote.article, source.speech
        rank = 2 if speech is None else 1 - self._speakers.same(given.speaker, speech)
        return (rank, article.source_file, article.id, source.quote.span.start)

    def _made_from(self, text: str, given: Given) -> Checked | None:
        """What the words were made from: one place with changes, or several."""
        readings = [self._library.reading(article) for article in candidates(self._archive, given.words)]
        terrain = Terrain(readings, len(given.words))
        if not terrain.readings:
            return None
        numbers = np.array([self._library.number(token.form) for token in given.words], np.int64)
        freely = terrain.align(numbers, given.breaks, jumps=True)
        pieces = _pieces(freely.steps, terrain)
        if len(pieces) > 1:
            joined = self._joined(text, given, terrain, freely, pieces)
            if joined is not None:
                return joined
        whole = freely if not any(step.jump for step in freely.steps) else None
        whole = whole or terrain.align(numbers, given.breaks, jumps=False)
        return self._altered(text, given, terrain, whole)

    def _joined(
        self, text: str, given: Given, terrain: Terrain, alignment: Alignment, pieces: Sequence[tuple[int, ...]]
    ) -> Checked | None:
        edits = alignment.cost - JUMP * sum(step.jump for step in alignment.steps)
        patched = edits <= _PATCHED * len(given.words)
        if not patched or not all(_is_stretch(given.words, alignment.steps, piece, terrain) for piece in pieces):
            return None
        changed = differences(text, given.words, alignment.steps, terrain)
        sources = []
        for piece in pieces:
            reading, place, lost = _origin(text, given, alignment.steps, piece, terrain)
            part = replace(given, words=tuple(given.words[i] for i in piece))
            forms = {word.form for word in part.words}
            kept = [index for index in place if reading.tokens[index].form in forms]
            said = [_source(reading, kept), *self._elsewhere(reading, kept, terrain)]  # a changed end may be unspoken
            changed += lost
            changed += [other for other in self._said_by_another(text, part, said) if other not in changed]
            sources.append(_source(reading, place))
        return Checked(given, given.span.of(text), Verdict.JOINED, tuple(changed), tuple(sources))

    def _altered(self, text: str, given: Given, terrain: Terrain, alignment: Alignment) -> Checked | None:
        every = range(len(given.words))
        reading, place, lost = _origin(text, given, alignment.steps, every, terrain)
        same = _same(given.words, alignment.steps, every, terrain)
        telling = weight(self._archive, same, reading.article.language)
        if alignment.cost > _CHANGED * len(given.words) or telling < _TELLING:
            return None
        changed = lost + differences(text, given.words, alignment.steps, terrain)
        sources = [_source(reading, place)]
        sources += self._elsewhere(reading, place, terrain)
        return self._attributed(text, given, sources, changed)

    def _elsewhere(self, reading: Reading, place: Sequence[int], terrain: Terrain) -> Iterable[Source]:
        """Where else the very words of a source stand, as far as the articles at hand go."""
        words = [token for i, token in enumerate(reading.tokens) if place[0] <= i <= place[-1] and not reading.aside[i]]
        for other in terrain.readings:
            for found in other.occurrences(words):
                if other is not reading or found[0] != place[0]:
                    yield _source(other, found)

    def _reworded(self, text: str, missing: Sequence[Given], until: float | None) -> list[Checked]:
        """Quotations that stand nowhere word for word, many at once: a model encodes them for little more than one."""
        long = [given.span.of(text) for given in missing if len(given.words) > _FEWEST]
        parts = [long[first : first + _TOGETHER] for first in range(0, len(long), _TOGETHER)]
        found = (near for part in _in_time(parts, until) for near in self._rewordings.wordings(part))
        checked = []
        for given in missing:
            near = next(found) if len(given.words) > _FEWEST else []
            sources = tuple(Source(Quote(one.article, one.span), (one.span,), one.speech) for one in near)
            verdict = Verdict.REWORDED if sources else Verdict.NOT_FOUND
            checked.append(Checked(given, given.span.of(text), verdict, (), sources))
        return checked


def _in_time(work: Iterable[_Work], until: float | None) -> Iterator[_Work]:
    """`work`, one after the other, as long as somebody waits for it."""
    for one in work:
        if until is not None and time.monotonic() > until:
            raise TimeoutError
        yield one


def _origin(
    text: str, given: Given, steps: Sequence[Step], piece: Sequence[int], terrain: Terrain
) -> tuple[Reading, list[int], list[Difference]]:
    """Where the words of a piece come from: a reading, the indexes in it, and a negation lost before them."""
    taken = [(i, j) for i in piece if (j := steps[i].source) is not None]
    at, begin = taken[0]
    reading, first = terrain.word(begin)
    place = [first + j - begin for _, j in taken]
    return reading, place, lost_negation(text, given, reading, place, at)


def _pieces(steps: Sequence[Step], terrain: Terrain) -> list[tuple[int, ...]]:
    """The given words by the place they come from: a jump, or leaving one quotation for another, begins a new one."""
    pieces: list[list[int]] = [[]]
    last: int | None = None
    for i, step in enumerate(steps):
        if step.source is not None:
            if last is not None and (step.jump or _leaves(terrain, last, step.source)):
                pieces.append([])
            last = step.source
        pieces[-1].append(i)
    return [tuple(piece) for piece in pieces]


def _leaves(terrain: Terrain, last: int, following: int) -> bool:
    """Whether two words of an article stand in two quotations, with more than a word or two between."""
    reading, first = terrain.word(last)
    second = first + following - last
    return (
        0 <= reading.quotes[first] != reading.quotes[second] >= 0
        and int((~reading.aside[first + 1 : second]).sum()) >= _BETWEEN
    )


def _is_stretch(words: Sequence[Token], steps: Sequence[Step], piece: Sequence[int], terrain: Terrain) -> bool:
    same = _same(words, steps, piece, terrain)
    content = {word.form for word in same if word.kind is Kind.NUMBER or word.form not in FUNCTION_WORDS}
    return len(same) >= _STRETCH and len(content) >= 2


def _same(words: Sequence[Token], steps: Sequence[Step], piece: Iterable[int], terrain: Terrain) -> list[Token]:
    """Those of the given words that are the words they were taken from."""
    same = []
    for i in piece:
        source = steps[i].source
        if source is not None:
            reading, at = terrain.word(source)
            if reading.tokens[at].form == words[i].form:
                same.append(words[i])
    return same


def _source(reading: Reading, place: Sequence[int]) -> Source:
    """The words at the indexes `place` of a reading."""
    first, last = reading.tokens[place[0]], reading.tokens[place[-1]]
    segments: list[Span] = []
    for before, index in zip((None, *place), place, strict=False):
        token = reading.tokens[index]
        if before is not None and index == before + 1:
            segments[-1] = Span(segments[-1].start, token.end)
        else:
            segments.append(Span(token.start, token.end))
    span = Span(first.start, last.end)
    return Source(Quote(reading.article, span), tuple(segments), reading.said(place[0], place[-1]))
