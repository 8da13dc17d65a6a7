"""Writing a generation: the database with the vectors, then the indexes that follow from it."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.analysis import passage_terms
from index.archive import Archive
from index.encoder import Encoder, Identity, Precision
from index.floor import encode_invented, measure_floor
from index.manifest import DATABASE, PASSAGES, SCHEMA, SENTENCES, TERMS, Manifest, checksums
from index.passages import PASSAGE_SIZE, Draft, split_passages
from index.progress import Bars
from index.records import Article, DirectQuote, Sentence
from index.speech import extract
from index.store import Store
from index.terms import TantivyIndex, TermIndex
from index.vectors import FaissIndex

_GROUP = 64
"""Articles embedded at a time: enough texts to sort by length, few enough to hold."""
_READ = 1000
"""Passages whose terms are read at a time."""


def write_store(
    folder: Path,
    reusable: Archive | None,
    held: Sequence[Article],
    articles: Sequence[Article],
    open_model: Callable[[], Encoder],
    precision: Precision,
    bars: Bars,
) -> Store:
    """The database of `articles`: the `reusable` one, of the articles `held`, changed where there is one."""
    path = folder / DATABASE
    if reusable is None:
        store = Store.create(path)
        store.put_invented(encode_invented(open_model()))
        _embed(store, articles, open_model, precision, bars)
        return store
    shutil.copyfile(reusable.folder / DATABASE, path)
    store = Store.copied(path)
    wanted = {article.id: article for article in articles}
    for before in held:
        now = wanted.pop(before.id, None)
        if now == before:
            continue
        store.remove(before.id)
        if now is not None and _passages(now) == _passages(before):
            # Other metadata, same words: the vectors stay.
            store.add(now, *reusable.store.drafts(before.id), direct_speech(now))
        elif now is not None:
            wanted[now.id] = now
    _embed(store, [article for article in articles if article.id in wanted], open_model, precision, bars)
    return store


def _embed(
    store: Store, articles: Sequence[Article], open_model: Callable[[], Encoder], precision: Precision, bars: Bars
) -> None:
    """Store `articles` with the vectors of their passages and sentences."""
    if not articles:
        return
    encoder = open_model()
    drafts = [_passages(article) for article in articles]
    total = sum(1 + len(draft.sentences) for cut in drafts for draft in cut)
    with bars("embedding", total) as bar:
        for at in range(0, len(articles), _GROUP):
            group = list(zip(articles[at : at + _GROUP], drafts[at : at + _GROUP], strict=True))
            texts = [
                [span.of(article.text) for draft in cut for span in (draft.span, *draft.sentences)]
                for article, cut in group
            ]
            vectors = encoder.encode_passages([text for part in texts for text in part], bar.update, precision)
            first = 0
            for (article, cut), part in zip(group, texts, strict=True):
                store.add(article, cut, vectors[first : first + len(part)], direct_speech(article))
                first += len(part)


def _passages(article: Article) -> list[Draft]:
    """What of `article` can be found: nothing of a version that a newer one took the place of."""
    if article.superseded_by is not None:
        return []
    return split_passages(article.text, [e.span for e in article.exclusions])


def direct_speech(article: Article) -> tuple[DirectQuote, ...]:
    """The direct speech of `article` that can be found."""
    if article.superseded_by is not None:
        return ()
    return extract(article.id, article.text, article.language, [e.span for e in article.exclusions])


def write_indexes(
    folder: Path,
    store: Store,
    articles: Sequence[Article],
    former: TermIndex | None,
    identifier: str,
    identity: Identity,
) -> Manifest:
    """Derive the vector and term indexes from `store`, which holds `articles`, close it, and write the manifest.

    The terms of passages that the index `former` has are taken from there.
    """
    passages, sentences = (_vector_index(store, table, identity.dimension) for table in ("passages", "sentences"))
    passages.save(folder / PASSAGES)
    sentences.save(folder / SENTENCES)
    (folder / TERMS).mkdir()
    TantivyIndex.build(folder / TERMS, _terms(store, articles, former))
    counts = {table: store.count(table) for table in ("articles", "passages", "sentences", "direct_quotes")}
    floors = measure_floor(store.invented(), sentences)
    store.close()
    created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest = Manifest(
        SCHEMA, identifier, created, identity, PASSAGE_SIZE, **counts, floors=floors, files=checksums(folder)
    )
    manifest.write(folder)
    return manifest


def _terms(
    store: Store, articles: Sequence[Article], former: TermIndex | None
) -> Iterator[tuple[int, str, Sequence[Sequence[str]]]]:
    """Each passage's id, article and terms by line: the title's, then each sentence's."""
    by_id = {article.id: article for article in articles}
    passages = store.passages()
    for at in range(0, len(passages), _READ):
        part = passages[at : at + _READ]
        known = {} if former is None else former.lines([passage.id for passage in part])
        rows: dict[int, list[Sentence]] = {passage.id: [] for passage in part if passage.id not in known}
        for sentence in store.sentences(rows):
            rows[sentence.passage_id].append(sentence)
        for passage in part:
            lines: Sequence[Sequence[str]] | None = known.get(passage.id)
            if lines is None:
                article = by_id[passage.article_id]
                texts = [sentence.span.of(article.text) for sentence in rows[passage.id]]
                title = passage_terms(article.title or "", article.language)
                lines = [title, *(passage_terms(text, passage.language) for text in texts)]
            yield passage.id, passage.article_id, lines


def _vector_index(store: Store, table: str, dimension: int) -> FaissIndex:
    ids, vectors = store.vectors(table)
    return FaissIndex.of(ids, vectors.reshape(len(ids), dimension))
