"""Which sentences answer, and whether any is about what was asked.

A quote is the sentence that stands first by the reader, or without one by nearness and words, with those of its
neighbours in the passage that come about as near.

Relatedness is decided by distance from the floor (:mod:`index.floor`). That tells questions about other things from
questions about these, and no more: a question about the very people of the articles that the articles do not answer
looks to it like any other. ``docs/retrieval.md`` has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.analysis import passage_terms, words_among
from index.floor import Floor
from index.keys import question_keys
from index.records import Sentence, Span
from qa.hits import average
from qa.records import Hit, Question
from qa.retrieve import Found
from qa.saying import Saying

MAX_SENTENCES = 3
"""Sentences in one quote at most."""
_NEIGHBOUR = 0.4
"""A neighbour joins when it stands above this part of the way from the average sentence to the best one."""
MARGIN = 1.5
"""Spreads above the floor's mean from which a sentence counts as related to the question."""
_SPOKEN = 2.0
"""What the direct speech of the person asked for weighs, in standard scores; from 1 to 3 hardly anything changes."""
_READ = 20
"""Passages whose sentences are weighed."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A run of neighbouring sentences of one passage.

    Attributes:
        similarity: inner product of its best sentence with the question.
        score: what it is ordered by; comparable within one question only.
        sentence: its best sentence.
        answer: the words in it that answer, where a reader names them.
    """

    hit: Hit
    span: Span
    similarity: float
    score: float
    sentence: Sentence
    answer: Span | None


def find_evidence(found: Found, k: int, saying: Saying | None = None) -> list[Evidence]:
    """The `k` best quotes among `found`, best first; no two share a sentence.

    Sentences with the direct speech of whom the question asks for (`saying`) weigh :data:`_SPOKEN` more.
    """
    hits = found.hits[:_READ]
    if not hits:
        return []
    middle = average(found.hits)
    weighed = [
        (hit.sentence_weights[sentence.id] + _spoken(saying, hit, sentence), hit, place)
        for hit in hits
        for place, sentence in enumerate(found.sentences[hit.passage_id])
        if found.spoken is None or any(span.overlaps(sentence.span) for span in found.spoken[hit.article_id])
    ]
    weighed.sort(key=lambda item: (-item[0], item[1].article_id, item[1].span.start, item[2]))
    evidence: list[Evidence] = []
    for score, hit, place in weighed:
        sentences = found.sentences[hit.passage_id]
        if any(e.hit is hit and e.span.overlaps(sentences[place].span) for e in evidence):
            continue
        taken = [e.span for e in evidence if e.hit is hit]
        similarity = hit.sentence_scores[sentences[place].id]
        span = _with_neighbours(hit, sentences, place, middle + _NEIGHBOUR * (similarity - middle), taken)
        told = found.read.get(sentences[place].id)
        answer = None if told is None or not span.covers(told.answer) else told.answer
        evidence.append(Evidence(hit, span, similarity, score, sentences[place], answer))
        if len(evidence) == k:
            break
    return evidence


def _spoken(saying: Saying | None, hit: Hit, sentence: Sentence) -> float:
    return _SPOKEN if saying is not None and saying.speaks(hit.article_id, sentence.span) else 0.0


def _with_neighbours(hit: Hit, sentences: tuple[Sentence, ...], place: int, least: float, taken: list[Span]) -> Span:
    """The span of sentence `place` and of up to two neighbours that score at least `least`, nearer ones first."""
    first = last = place
    while last - first + 1 < MAX_SENTENCES:
        sides = [
            (hit.sentence_scores[sentences[side].id], -side)
            for side in (first - 1, last + 1)
            if 0 <= side < len(sentences)
            and hit.sentence_scores[sentences[side].id] >= least
            and not any(span.overlaps(sentences[side].span) for span in taken)
        ]
        if not sides:
            break
        side = -max(sides)[1]
        first, last = min(first, side), max(last, side)
    return Span(sentences[first].span.start, sentences[last].span.end)


def above(evidence: Evidence, floor: Floor) -> float:
    """How many spreads `evidence` lies above the floor's mean."""
    return (evidence.similarity - floor.mean) / floor.spread


def is_related(question: Question, evidence: Evidence, context: str, language: str | None, floor: Floor) -> bool:
    """Whether `evidence` is near enough to be about what the question is about.

    Nothing is, to a question without a word of content. Above the floor by a margin it is; between the floor's mean
    and that margin only where the passage `context`, in `language`, names most of what the question names.
    """
    keys = question_keys(question.searched, tuple(question.sources))
    if not keys:
        return False
    if above(evidence, floor) >= MARGIN:
        return True
    named = [key for key in keys if key.named]
    if above(evidence, floor) < 0 or not named:
        return False
    terms = set(passage_terms(context, language))
    return 2 * sum(bool(key.terms & terms) for key in named) > len(named)


def matching_words(question: Question, text: str, within: Span, language: str | None) -> tuple[Span, ...]:
    """Where words of the question stand in ``text[within.start:within.end]``: same word, or its translation."""
    wanted = frozenset().union(*(key.terms for key in question_keys(question.searched, tuple(question.sources))))
    start = within.start
    found = words_among(wanted, within.of(text), language)
    return tuple(Span(start + word.span.start, start + word.span.end) for word in found)
