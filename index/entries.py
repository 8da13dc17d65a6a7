"""Articles made ready to be written: cut into passages and sentences, embedded, their direct speech found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from index.archive import LocalArchive
from index.arranging import Arrangement
from index.encoder import Encoder, Precision, Vectors, ignore
from index.passages import Draft, split_passages
from index.progress import Bars
from index.records import Article, DirectQuote, Span
from index.segment import Entry
from index.speech import extract
from index.store import Store

_GROUP = 64
"""Articles embedded at a time: enough texts to sort by length, few enough to hold."""

Drafts = Mapping[str, Sequence[Draft]]
Piece = tuple[Article, Sequence[Draft]]
"""An article and its passages."""
Made = tuple[tuple[DirectQuote, ...], Vectors]
"""What is made of a piece: its direct speech, and for each passage its vector, then those of its sentences."""


class Embedder(Protocol):
    """Embeds groups of articles, here or elsewhere; the texts of a group are embedded together."""

    def __call__(self, groups: Sequence[Sequence[Piece]], done: Callable[[int], object]) -> Iterator[Sequence[Made]]:
        """What is made of each group, in order; `done` hears how many more texts are embedded."""


def passages_of(article: Article) -> list[Draft]:
    """What of `article` can be found: nothing of a version that a newer one took the place of."""
    if article.superseded_by is not None:
        return []
    return split_passages(article.text, [e.span for e in article.exclusions])


def direct_speech(article: Article) -> tuple[DirectQuote, ...]:
    """The direct speech of `article` that can be found."""
    if article.superseded_by is not None:
        return ()
    return extract(article.id, article.text, article.language, [e.span for e in article.exclusions])


def stored_drafts(store: Store, article_id: str) -> tuple[list[Draft], list[tuple[int, list[int]]]]:
    """An article's passages as they are stored, and the ids of each and of its sentences, in order."""
    drafts, ids = [], []
    for passage in store.passages(store.passage_ids([article_id])):
        sentences = store.sentences([passage.id])
        drafts.append(Draft(passage.span, tuple(sentence.span for sentence in sentences)))
        ids.append((passage.id, [sentence.id for sentence in sentences]))
    return drafts, ids


def embedded(
    group: Sequence[Piece], encoder: Encoder, precision: Precision, done: Callable[[int], object] = ignore
) -> list[Made]:
    """What `encoder` makes of a group."""
    texts = [[span.of(article.text) for spans in _spans(drafts) for span in spans] for article, drafts in group]
    vectors = encoder.encode_passages([text for part in texts for text in part], done, precision)
    parts = np.split(vectors, np.cumsum([len(part) for part in texts])[:-1])
    return [(direct_speech(article), part) for (article, _), part in zip(group, parts, strict=True)]


def embedding_here(open_model: Callable[[], Encoder], precision: Precision) -> Embedder:
    """An embedder in this process; `open_model` is called where there is something to embed."""

    def embed(groups: Sequence[Sequence[Piece]], done: Callable[[int], object]) -> Iterator[Sequence[Made]]:
        for group in groups:
            yield embedded(group, open_model(), precision, done)

    return embed


def entries(
    former: LocalArchive | None,
    arrangement: Arrangement,
    articles: Sequence[Article],
    drafts: Drafts,
    embed: Embedder,
    bars: Bars,
) -> Iterator[tuple[Entry, Vectors]]:
    """What is to be written of `articles`, cut into `drafts`, with the vectors of passages and sentences in order.

    Where `former` holds the same words, cut alike, its vectors serve; the others are for `embed`.
    """

    def entry(article: Article, speech: tuple[DirectQuote, ...]) -> Entry:
        return Entry(article, drafts[article.id], speech, arrangement.sketches[article.id])

    fresh = []
    for article in articles:
        vectors = None if former is None else _known(former, arrangement.before.get(article.id), drafts[article.id])
        if vectors is None:
            fresh.append((article, drafts[article.id]))
        else:
            yield entry(article, direct_speech(article)), vectors
    if not fresh:
        return
    groups = [fresh[at : at + _GROUP] for at in range(0, len(fresh), _GROUP)]
    with bars("embedding", sum(len(spans) for _, cut in fresh for spans in _spans(cut))) as bar:
        for group, made in zip(groups, embed(groups, bar.update), strict=True):
            for (article, _), (speech, vectors) in zip(group, made, strict=True):
                yield entry(article, speech), vectors


def _spans(drafts: Sequence[Draft]) -> list[tuple[Span, ...]]:
    """What of each passage has a vector: itself and its sentences."""
    return [(draft.span, *draft.sentences) for draft in drafts]


def _known(former: LocalArchive, before: Article | None, drafts: Sequence[Draft]) -> Vectors | None:
    """The vectors that `former` has of an article cut into `drafts`; None where it has others, or none."""
    if before is None or not drafts:
        return None if drafts else np.empty((0, former.manifest.model.dimension), np.float32)
    stored, ids = stored_drafts(former.store, before.id)
    if stored != list(drafts):
        return None
    rows = []
    for passage, sentences in ids:
        rows += [former.passages.vectors_of([passage]), former.sentences.vectors_of(sentences)]
    return np.concatenate(rows)
