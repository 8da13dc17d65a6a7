"""What was changed, word by word, and whether it matters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.records import Article, Span
from qa.check.alignment import Step, Terrain
from qa.check.drafts import Given
from qa.check.folding import Kind, Token, same_spelling, tokens
from qa.check.gravity import Change, gravest
from qa.check.readings import Reading

_HIDDEN = 5
"""Words: a marked omission this short that swallows a negation is a change all the same."""
_GOVERNING = frozenset("non ne senza not t never cannot neither nor without".split())
"""Negations that deny what follows them; *mai* and *nothing* belong to what is before."""
_HUNDRED = 100
_THOUSANDS = re.compile(r"[.,][\u00a0\u2009\u202f]?")
_AHEAD = 40
"""Characters before a quotation in which the word before it is looked for."""


class Op(StrEnum):
    """What was done to the source's words."""

    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Difference:
    """A change of somebody's words.

    Attributes:
        given: the slice of the draft; empty where words were left out.
        source: the slice of the article, or a speaker's name; empty where words were added.
        span: where `given` stands in the draft, or where the missing words would.
    """

    op: Op
    change: Change
    given: str
    source: str
    span: Span

    @property
    def serious(self) -> bool:
        """Whether a number, a unit, a name, a negation or the speaker was changed."""
        return self.change is not Change.WORD


@dataclass(frozen=True, slots=True)
class _Place:
    """Changed words that touch: given ones by index, source ones by index in one reading."""

    at: int
    given: tuple[int, ...]
    source: tuple[int, ...]


def differences(text: str, words: Sequence[Token], steps: Sequence[Step], terrain: Terrain) -> list[Difference]:
    """How the given `words` of the draft `text`, taken by `steps` from `terrain`, differ from their source."""
    found = []
    for reading, places in _places(words, steps, terrain):
        for place in places:
            given = [words[i] for i in place.given]
            source = [reading.tokens[i] for i in place.source]
            if not _same_run_together(given, source):
                found.append(_difference(text, words, place.at, given, source, reading))
    return found


def spelling_differences(text: str, words: Sequence[Token], reading: Reading, place: Sequence[int]) -> list[Difference]:
    """How `words` differ by accents from those of `reading` at the indexes `place`, which have the same forms."""
    source = [reading.tokens[i] for i in place]
    if [token.form for token in source] != [token.form for token in words]:
        return []  # spaced otherwise: words cannot be compared one by one
    return [
        _difference(text, words, i, [words[i]], [source[i]], reading)
        for i, same in enumerate(same_spelling(words, source))
        if not same
    ]


def lost_negation(text: str, given: Given, reading: Reading, place: Sequence[int], at: int = 0) -> list[Difference]:
    """A negation that the source has right before words of a quotation, and the draft neither there nor before it.

    `place` holds the indexes of their source in `reading`, `at` is the first of the words in `given`.
    """
    before = place[0] - 1
    if before < 0 or reading.places[before] != reading.places[place[0]]:
        return []
    negation = reading.tokens[before]
    ahead = given.words[at - 1 : at] or tokens(
        text, Span(max(0, given.span.start - _AHEAD), given.span.start), markup=True
    )
    denied = negation.kind is Kind.NEGATION and negation.form in _GOVERNING
    if not denied or (ahead and ahead[-1].kind is Kind.NEGATION):
        return []
    return [_difference(text, given.words, at, [], [negation], reading)]


def cut_numbers(text: str, given: Given, reading: Reading, place: Sequence[int]) -> list[Difference]:
    """What the source has of a number that the words begin or end inside: *two hundred and* before *fifty*."""
    source, words = reading.tokens, reading.article.text
    found = []
    first, last = place[0], place[-1]
    if source[first].kind is Kind.NUMBER and (before := _number_before(words, source, first)):
        found.append(_difference(text, given.words, 0, [], before, reading))
    if source[last].kind is Kind.NUMBER and (after := _number_after(words, source, last)):
        found.append(_difference(text, given.words, len(given.words), [], after, reading))
    return found


def _number_before(text: str, source: Sequence[Token], at: int) -> Sequence[Token]:
    if not at:
        return ()
    before, own = source[at - 1], source[at]
    gap = text[before.end : own.start]
    thousands = before.form.isdecimal() and text[own.start : own.start + 3].isdecimal() and _THOUSANDS.fullmatch(gap)
    if (before.form == "-" and not gap) or thousands:
        return [before]
    return source[at - 2 : at] if _adds(text, source, at - 2, at) else ()


def _number_after(text: str, source: Sequence[Token], at: int) -> Sequence[Token]:
    if at + 1 < len(source) and source[at + 1].form == "%":
        return source[at + 1 : at + 2]
    return source[at + 1 : at + 3] if _adds(text, source, at, at + 2) else ()


def _adds(text: str, source: Sequence[Token], first: int, second: int) -> bool:
    """Whether two numbers in words make one: *two hundred* and *fifty*, *due milioni* e *mezzo*."""
    if first < 0 or second >= len(source) or source[first + 1].form not in ("and", "e"):
        return False
    high, low = source[first], source[second]
    written = not any(text[token.start].isdigit() for token in (high, low))
    added = low.form == "mezzo" or (low.form.isdecimal() and int(low.form) < _HUNDRED)
    return written and high.form.isdecimal() and int(high.form) >= _HUNDRED and int(high.form) % _HUNDRED == 0 and added


def _places(words: Sequence[Token], steps: Sequence[Step], terrain: Terrain) -> Iterator[tuple[Reading, list[_Place]]]:
    """By piece: its reading, and the places of it where words were changed."""
    at = 0
    while at < len(steps):
        end = next((i for i in range(at + 1, len(steps)) if steps[i].jump), len(steps))
        taken = [step.source for step in steps[at:end] if step.source is not None]
        if taken:
            reading, first = terrain.word(taken[0])
            yield reading, _piece(words, steps, range(at, end), reading, taken[0] - first)
        at = end


def _piece(words: Sequence[Token], steps: Sequence[Step], part: range, reading: Reading, offset: int) -> list[_Place]:
    places: list[_Place] = []
    given: list[int] = []
    source: list[int] = []
    equal = [(i, j - offset) for i in part if (j := steps[i].source) is not None]
    spelled = _spelled(words, reading, equal)
    last: int | None = None

    def close(at: int) -> None:
        if given or source:
            places.append(_Place(at, tuple(given), tuple(source)))
            given.clear()
            source.clear()

    for i in part:
        j = steps[i].source
        if j is None:
            given.append(i)
            continue
        j -= offset
        if last is not None:
            source += _left_out(reading, last, j, free=steps[i].free)
        if spelled[i]:
            close(i)
        else:
            given.append(i)
            source.append(j)
        last = j
    close(part.stop)
    return places


def _spelled(words: Sequence[Token], reading: Reading, taken: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """For each given word that was taken from a source: whether it is the same word."""
    same = {i: words[i].form == reading.tokens[j].form for i, j in taken}
    alike = [(i, j) for i, j in taken if same[i]]
    spelled = same_spelling([words[i] for i, _ in alike], [reading.tokens[j] for _, j in alike])
    return same | {i: right for (i, _), right in zip(alike, spelled, strict=True)}


def _left_out(reading: Reading, last: int, following: int, *, free: bool) -> list[int]:
    """The indexes of the words between two that were taken; of a marked omission, only a negation's clause."""
    gap = [i for i in range(last + 1, following) if not reading.aside[i]]
    if not free:
        return gap
    hides = any(reading.tokens[i].kind is Kind.NEGATION for i in gap)
    return gap if hides and len(gap) <= _HIDDEN else []


def _same_run_together(given: Sequence[Token], source: Sequence[Token]) -> bool:
    """Whether only spaces, hyphens or apostrophes differ: *mezz'ora*, *mezzora*."""
    if any(token.kind is Kind.NUMBER for token in (*given, *source)):
        return False
    return "".join(token.spelled for token in given) == "".join(token.spelled for token in source)


def _difference(
    text: str, words: Sequence[Token], at: int, given: Sequence[Token], source: Sequence[Token], reading: Reading
) -> Difference:
    if given:
        span = Span(given[0].start, given[-1].end)
    else:
        place = words[at].start if at < len(words) else words[-1].end
        span = Span(place, place)
    op = Op.REPLACE if given and source else Op.INSERT if given else Op.DELETE
    return Difference(
        op,
        gravest(given, text, source, reading.article.text, reading.names),
        span.of(text),
        _slice(reading.article, source),
        span,
    )


def _slice(article: Article, source: Sequence[Token]) -> str:
    return Span(source[0].start, source[-1].end).of(article.text) if source else ""
