"""Passages with the terms they are indexed under, read from the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.analysis import passage_terms
from index.records import Article, DirectQuote, Passage, Sentence
from index.store import Store
from index.terms import TermedPassage, TermIndex, lines_in

_READ = 1_000
"""Passages read at a time."""


def termed_passages(store: Store, former: TermIndex | None = None) -> Iterator[TermedPassage]:
    """All passages of `store`, by id.

    The terms of those that the index `former` has are taken from there.
    """
    passages = store.passages()
    for at in range(0, len(passages), _READ):
        part = passages[at : at + _READ]
        known = {} if former is None else former.lines([passage.id for passage in part])
        held = {article.id: article for article in store.articles_with("id", {p.article_id for p in part})}
        speech: dict[str, list[DirectQuote]] = {i: [] for i in held}
        for quote in store.direct_quotes(held):
            speech[quote.article_id].append(quote)
        rows: dict[int, list[Sentence]] = {passage.id: [] for passage in part if passage.id not in known}
        for sentence in store.sentences(rows):
            rows[sentence.passage_id].append(sentence)
        for passage in part:
            article = held[passage.article_id]
            if (text := known.get(passage.id)) is None:
                lines = _lines(article, passage, rows[passage.id])
            else:
                lines = lines_in(text)
            said = {quote.speaker for quote in speech[article.id] if quote.span.overlaps(passage.span)}
            about = (article.published, article.outlet, article.language)
            yield TermedPassage(passage.id, article.id, lines, *about, sorted(name for name in said if name))


def _lines(article: Article, passage: Passage, sentences: Sequence[Sentence]) -> list[list[str]]:
    texts = [sentence.span.of(article.text) for sentence in sentences]
    title = passage_terms(article.title or "", article.language)
    return [title, *(passage_terms(text, passage.language) for text in texts)]
