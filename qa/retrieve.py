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
from index.candidates import Candidates
from index.errors import REDERIVE, ArchiveDamagedError
from index.keys import Key, question_keys
from index.records import Article, Sentence, Span
from index.selection import Selection
from index.shelf import OnDemand
from index.vectors import VectorIndex
from qa.coverage import Coverage, Shares
from qa.hits import Hits
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

    hits: Sequence[Hit]
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
    candidates = archive.candidates.of(i for ranked in ranks.values() for i in ranked)
    if not len(candidates.ids):
        return Found((), {}, {})
    shares = Coverage.of(keys, archive.terms).shares(candidates.terms)
    # A large archive is opened without comparing checksums.
    if len(shares[1]) != len(candidates.sentences) + len(candidates.ids):
        raise ArchiveDamagedError("the archive's passages have other sentences than terms", REDERIVE)
    similarities = archive.sentences.products(vector, candidates.sentences).astype(np.float64)
    scores, weights = _fused(archive, question, vector, candidates, similarities, shares)
    hits = Hits(candidates, ranks, scores, similarities, weights)
    articles = OnDemand(hits.articles, archive.shelf.articles)
    sentences = OnDemand(hits.passages, archive.shelf.sentences)
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
) -> dict[str, dict[int, int]]:
    """By source: passage id to rank from 1."""
    by_sentence = archive.sentences.search(vector, 2 * _POOL, selection)
    by_terms = archive.terms.search([key.terms for key in keys], _POOL, selection)
    return {
        "passage": _first_ranks(i for i, _ in archive.passages.search(vector, _POOL, selection)),
        "sentence": _first_ranks(archive.sentences.owners_of([i for i, _ in by_sentence])),
        "terms": _first_ranks(i for i, _ in by_terms),
    }


def _first_ranks(found: Iterable[int]) -> dict[int, int]:
    return {i: rank for rank, i in enumerate(dict.fromkeys(found), start=1)}


def _fused(
    archive: Archive,
    question: Question,
    vector: NDArray[np.float32],
    candidates: Candidates,
    similarities: NDArray[np.float64],
    shares: tuple[Shares, Shares],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The scores of `candidates`, and what orders their sentences, whose products with the question are given."""
    lexical, of_lines = shares
    counts = candidates.counts
    firsts = np.cumsum(counts) - counts
    nonsense = archive.nonsense[question.language.value]
    _, tongues = np.unique([code or "" for code in candidates.languages], return_inverse=True)
    by_passage = archive.passages.products(vector, candidates.ids).astype(np.float64)
    near = _levelled(archive.passages, by_passage, nonsense, candidates.ids, tongues)
    nearest = _levelled(archive.sentences, similarities, nonsense, candidates.sentences, np.repeat(tongues, counts))
    # The first line of each is its title's.
    held = np.delete(of_lines, firsts + np.arange(len(counts)))
    own = _standard(nearest) + _SENTENCE_WORDS * _standard(held, _SPREAD)
    sharp = _standard(np.maximum.reduceat(own, firsts))
    weights = np.array([_SAME_LANGUAGE if c in question.sources else _OTHER_LANGUAGE for c in candidates.languages])
    scores = _standard(near) + sharp + weights * _standard(lexical, _SPREAD)
    return scores, own + np.repeat(scores, counts)


def rescored(hit: Hit, score: float) -> Hit:
    """`hit` with another score, its sentences as far apart as before."""
    weights = {i: weight - hit.score + score for i, weight in hit.sentence_weights.items()}
    return replace(hit, score=score, sentence_weights=weights)


def _levelled(
    index: VectorIndex,
    products: NDArray[np.float64],
    nonsense: NDArray[np.float32],
    ids: NDArray[np.int64],
    tongues: NDArray[np.intp],
) -> NDArray[np.float64]:
    """The question's inner `products` with the vectors `ids`, less what nonsense scores with texts in that language.

    A model brings a question nearer to texts in its own language, whatever they say: an Italian one by .045 with the
    bundled model, two standard deviations. How much, the questions about nothing tell (:mod:`index.floor`), of which
    `nonsense` is the mean vector. Where all texts are in one language, which `tongues` number, there is nothing to
    level.
    """
    if not tongues.any():
        return products
    level = np.bincount(tongues, index.products(nonsense, ids)) / np.bincount(tongues)
    return np.asarray(products - level[tongues])


def _standard(values: NDArray[np.float64], least: float = 1e-9) -> NDArray[np.float64]:
    """Standard scores by a spread of at least `least`; all zero where the values do not differ."""
    spread = max(float(values.std()), least)
    return np.asarray((values - values.mean()) / spread)
