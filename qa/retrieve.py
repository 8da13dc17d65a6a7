"""Finding passages: dense passages, dense sentences and words, fused.

Measured choices, with figures, stand in ``docs/retrieval.md``. In short: the best sentence of a passage is a second,
sharper vector of it; the share of the question's words that a passage holds is worth more than BM25's score; and
translated by a small lexicon, words help across languages as well, where untranslated they mislead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from index.archive import Archive
from index.keys import Key, question_keys
from index.records import Article, Sentence, Span
from index.selection import Selection
from index.shelf import OnDemand, Shelved
from index.vectors import VectorIndex
from qa.coverage import Coverage, Shares
from qa.quotations import selection_of
from qa.records import Filters, Hit, Question

_POOL = 100
"""Candidates taken from each source. On squad-it-dev 50 and 100 differ by .001 in P@1."""
_SAME_LANGUAGE, _OTHER_LANGUAGE = 0.9, 0.7
"""Weight of the share of the question's words that a passage and its title hold, beside 1 for its vector: translated by
the lexicon, words are less sure."""
_SENTENCE_WORDS = 0.25
"""Weight of the share of the question's words that a sentence holds, beside 1 for its vector."""
_SPREAD = 0.12
"""Spread of such shares from which on they count in full; below it no candidate stands out by its words."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one search brought.

    Attributes:
        hits: best first, equal ones by article and place.
        articles: the hits' articles by id; they are read when they are asked for, and so are the sentences.
        sentences: by passage id, in order.
        read: what a reader made of the sentences it was shown, by sentence id.
        answerable: the log-odds, by the reader, that any of the windows it was shown answers; None without one.
        spoken: where the speaker that was filtered by speaks, by article; None without such a filter. Only there may be
            quoted.
    """

    hits: tuple[Hit, ...]
    articles: Mapping[str, Article]
    sentences: Mapping[int, tuple[Sentence, ...]]
    read: Mapping[int, ReadSentence] = field(default_factory=dict)
    answerable: float | None = None
    spoken: Mapping[str, Sequence[Span]] | None = None


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """What a reader made of one sentence.

    Attributes:
        score: the log-odds of an answer beginning in it, mean over the windows that held it.
        answer: the words that answer best, if any do.
    """

    score: float
    answer: Span


def retrieve(archive: Archive, question: Question, vector: NDArray[np.float32], filters: Filters) -> Found:
    """The passages of `archive` nearest to `question`, whose vector is `vector`."""
    selection = selection_of(archive, filters) if filters.active else None
    keys = question_keys(question.searched, tuple(question.sources))
    ranks = _ranked(archive, keys, vector, selection)
    shelf = archive.shelf
    shelved = shelf.passages(i for ranked in ranks.values() for i in ranked)
    if not shelved:
        return Found((), {}, {})
    coverage = Coverage.of(keys, archive.terms)
    shares = coverage.shares(archive.numbered.of([one.passage.id for one in shelved]))
    hits = _fused(archive, question, vector, shelved, shares, ranks)
    articles = OnDemand((hit.article_id for hit in hits), shelf.articles)
    sentences = OnDemand((hit.passage_id for hit in hits), shelf.sentences)
    spoken = None if selection is None or selection.speakers is None else _spoken(archive, selection.speakers, articles)
    return Found(hits, articles, sentences, spoken=spoken)


def _spoken(archive: Archive, speakers: frozenset[str], articles: Iterable[str]) -> dict[str, list[Span]]:
    """Where one of `speakers` speaks, by article."""
    spoken: dict[str, list[Span]] = {}
    for speech in archive.store.direct_quotes(articles):
        if speech.speaker in speakers:
            spoken.setdefault(speech.article_id, []).append(speech.span)
    return spoken


def _ranked(
    archive: Archive, keys: Sequence[Key], vector: NDArray[np.float32], selection: Selection | None
) -> dict[str, dict[int, tuple[int, float]]]:
    """By source: passage id to (rank from 1, that source's score)."""
    by_sentence = archive.sentences.search(vector, 2 * _POOL, selection)
    owners = archive.sentences.owners_of([i for i, _ in by_sentence])
    by_terms = archive.terms.search([key.terms for key in keys], _POOL, selection)
    return {
        "passage": _first_ranks(archive.passages.search(vector, _POOL, selection)),
        "sentence": _first_ranks((owner, score) for owner, (_, score) in zip(owners, by_sentence, strict=True)),
        "terms": _first_ranks(by_terms),
    }


def _first_ranks(found: Iterable[tuple[int, float]]) -> dict[int, tuple[int, float]]:
    ranks: dict[int, tuple[int, float]] = {}
    for i, score in found:
        ranks.setdefault(i, (len(ranks) + 1, score))
    return ranks


def _fused(
    archive: Archive,
    question: Question,
    vector: NDArray[np.float32],
    shelved: Sequence[Shelved],
    shares: tuple[Shares, Shares],
    ranks: Mapping[str, Mapping[int, tuple[int, float]]],
) -> tuple[Hit, ...]:
    passages = [one.passage for one in shelved]
    rows = [i for one in shelved for i in one.sentences]
    firsts = np.cumsum([0, *(len(one.sentences) for one in shelved)])
    lexical, of_lines = shares
    language = [passage.language for passage in passages]
    of_rows = [code for code, one in zip(language, shelved, strict=True) for _ in one.sentences]
    nonsense = archive.nonsense[question.language.value]
    by_sentence = archive.sentences.products(vector, rows).tolist()
    places = [passage.id for passage in passages]
    by_passage = archive.passages.products(vector, places).tolist()
    near = _levelled(archive.passages, by_passage, nonsense, places, language)
    nearest = _levelled(archive.sentences, by_sentence, nonsense, rows, of_rows)
    # The first line of each is its title's.
    held = np.delete(of_lines, firsts[:-1] + np.arange(len(shelved)))
    own = _standard(nearest) + _SENTENCE_WORDS * _standard(held, _SPREAD)
    sharp = _standard(np.maximum.reduceat(own, firsts[:-1]))
    weights = np.array([_SAME_LANGUAGE if code in question.sources else _OTHER_LANGUAGE for code in language])
    scores = _standard(near) + sharp + weights * _standard(lexical, _SPREAD)
    of_sentences = (own + np.repeat(scores, np.diff(firsts))).tolist()
    hits = [
        Hit(
            passage.id,
            passage.article_id,
            passage.span,
            score,
            {source: ranked[passage.id][0] for source, ranked in ranks.items() if passage.id in ranked},
            dict(zip(one.sentences, by_sentence[first:last], strict=True)),
            dict(zip(one.sentences, of_sentences[first:last], strict=True)),
            passage.language,
        )
        for one, passage, score, first, last in zip(
            shelved, passages, scores.tolist(), firsts[:-1].tolist(), firsts[1:].tolist(), strict=True
        )
    ]
    return tuple(sorted(hits, key=lambda hit: (-hit.score, hit.article_id, hit.span.start)))


def rescored(hit: Hit, score: float) -> Hit:
    """`hit` with another score, its sentences as far apart as before."""
    weights = {i: weight - hit.score + score for i, weight in hit.sentence_weights.items()}
    return replace(hit, score=score, sentence_weights=weights)


def _levelled(
    index: VectorIndex,
    products: Sequence[float],
    nonsense: NDArray[np.float32],
    ids: Sequence[int],
    language: Sequence[str | None],
) -> Sequence[float]:
    """The question's inner `products` with the vectors `ids`, less what nonsense scores with texts in that language.

    A model brings a question nearer to texts in its own language, whatever they say: an Italian one by .045 with the
    bundled model, two standard deviations. How much, the questions about nothing tell (:mod:`index.floor`), of which
    `nonsense` is the mean vector. Where all texts are in one language there is nothing to level.
    """
    if len(set(language)) < 2:
        return products
    background: dict[str | None, list[float]] = {}
    for code, product in zip(language, index.products(nonsense, ids).tolist(), strict=True):
        background.setdefault(code, []).append(product)
    level = {code: sum(values) / len(values) for code, values in background.items()}
    return [product - level[code] for code, product in zip(language, products, strict=True)]


def _standard(values: Sequence[float] | NDArray[np.float64], least: float = 1e-9) -> NDArray[np.float64]:
    """Standard scores by a spread of at least `least`; all zero where the values do not differ."""
    array = np.array(values, np.float64)
    spread = max(float(array.std()), least)
    return np.asarray((array - array.mean()) / spread)
