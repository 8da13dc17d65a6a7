"""The articles of an archive on this machine as rows for the engine and the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from index.archive import LocalArchive
from index.records import DirectQuote, Passage
from index.schema import OF_ARTICLES, VECTORS
from index.shared.engine import Row
from index.shared.ranked import words_of
from index.shared.tables import COLUMNS, OPEN
from index.shared.tags import number_of, tags_of

_GROUP = 200
"""Articles read at a time."""


def grouped(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """`ids`, some at a time."""
    for at in range(0, len(ids), _GROUP):
        yield ids[at : at + _GROUP]


def vector_rows(archive: LocalArchive, ids: Sequence[str], since: int, *, ranked: bool) -> dict[str, list[Row]]:
    """What the engine is to hold of the articles `ids` from the generation `since` on, by table."""
    store = archive.store
    articles = {article.id: article for article in store.articles_with("id", ids)}
    speech: dict[str, list[DirectQuote]] = {i: [] for i in articles}
    for quote in store.direct_quotes(articles):
        speech[quote.article_id].append(quote)
    passages = store.passages(store.passage_ids(articles))
    sentences = store.sentences([passage.id for passage in passages])
    tags = {p.id: {**tags_of(articles[p.article_id]), "speakers": _speakers(p, speech[p.article_id])} for p in passages}
    counts = {"since": since, "until": OPEN}
    lines = archive.terms.lines(list(tags)) if ranked else {}
    rows: dict[str, list[Row]] = {}
    for table, index, keys in (
        (VECTORS[0], archive.passages, [(p.id, p.id) for p in passages]),
        (VECTORS[1], archive.sentences, [(s.id, s.passage_id) for s in sentences]),
    ):
        here = [i for i, _ in keys]
        of = zip(keys, index.owners_of(here), index.vectors_of(here), strict=True)
        rows[table] = [
            {"id": i, "owner": owner, "vector": vector.tolist(), **tags[passage], **counts}
            for (i, passage), owner, vector in of
        ]
    if ranked:
        rows[VECTORS[0]] = [{**row, "terms": words_of(lines[row["id"]])} for row in rows[VECTORS[0]]]
    return rows


def _speakers(passage: Passage, speech: Sequence[DirectQuote]) -> list[int]:
    said = {quote.speaker for quote in speech if quote.span.overlaps(passage.span)}
    return sorted(number_of(name) for name in said if name)


def stored_rows(archive: LocalArchive, table: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of `table` that belong to the articles `ids`, in the order of :data:`index.shared.tables.COLUMNS`."""
    store = archive.store
    for group in grouped(ids):
        if table in OF_ARTICLES:
            yield from store.stored(table, COLUMNS[table], OF_ARTICLES[table], group)
            continue
        passages = store.passage_ids(group)
        if table == "termed":
            yield from sorted(archive.terms.lines(passages).items())
        else:
            yield from store.stored(table, COLUMNS[table], "passage_id", passages)


def frequencies(archive: LocalArchive, ids: Sequence[str]) -> Counter[str]:
    """How many passages of the articles `ids` hold each term; under no term, how many terms these passages have."""
    found: Counter[str] = Counter()
    for group in grouped(ids):
        for text in archive.terms.lines(archive.store.passage_ids(group)).values():
            terms = text.split()
            found.update(set(terms))
            found[""] += len(terms)
    return found
