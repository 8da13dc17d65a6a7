"""Building, adding and removing: each writes a whole new generation aside and publishes it in one step."""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.analysis import passage_terms
from index.archive import Archive
from index.encoder import BUNDLED, Encoder, Identity, identify, open_encoder, require_same
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError, ArchiveMissingError
from index.floor import encode_invented, measure_floor
from index.ingest import Refusal, SourcesRefusedError, read_sources
from index.manifest import DATABASE, PASSAGES, SCHEMA, SENTENCES, TERMS, Manifest, checksums, index_id
from index.passages import PASSAGE_SIZE, split_passages
from index.progress import progress
from index.publish import building_folder, publish, writer_lock
from index.records import Article, DirectQuote, Sentence
from index.speech import extract
from index.store import Store
from index.terms import TantivyIndex
from index.vectors import FaissIndex

_GROUP = 64
"""Articles embedded at a time: enough texts to sort by length, few enough to hold."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a build, add or remove did, by article.

    Attributes:
        added: ids of articles that are new.
        updated: ids of articles that took the place of another text from the same file, or got other metadata.
        removed: ids of articles that are no longer there, those replaced left out.
        unchanged: how many stayed as they were.
        published: False where nothing had to change.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    published: bool
    manifest: Manifest


def build(archive: Path, sources: Sequence[Path], model: str = BUNDLED) -> Change:
    """Make `archive` hold exactly the articles under `sources`. Unchanged articles are not embedded again.

    Raises:
        VirgolettatoError: a source, the model or the folder cannot be used; the former archive stays as it was.
    """
    return build_articles(archive, read_sources(sources), model)


def build_articles(archive: Path, articles: list[Article], model: str = BUNDLED) -> Change:
    """Make `archive` hold exactly `articles`, whose ids differ; as :func:`build`, for texts that are not files."""
    with writer_lock(archive):
        former = _former(archive)
        encoder = open_encoder(model)
        identity = identify(encoder)
        reusable = former if former is not None and _made_alike(former.manifest, encoder) else None
        return _publish_articles(archive, former, reusable, articles, lambda: encoder, identity)


def add(archive: Path, sources: Sequence[Path], model: str | None = None) -> Change:
    """Add the articles under `sources`; one from a file that is already in the archive takes its former text's place.

    Raises:
        ArchiveMissingError: there is no archive to add to.
        ArchiveMismatchError: `model` is not the archive's.
        VirgolettatoError: as for :func:`build`.
    """
    new = read_sources(sources)
    with writer_lock(_existing(archive)):
        former = Archive.open(archive)
        if model is not None and model != former.manifest.model.name:
            raise ArchiveMismatchError(
                f"the archive was made with the model {former.manifest.model.name}, not {model}",
                f"leave out --model, or build it again: python -m index build --model {model}",
            )
        _refuse_copies(former, new)
        replaced = {article.source_path for article in new}
        known = {article.id for article in new}
        kept = [a for a in former.store.articles() if a.id not in known and a.source_path not in replaced]
        return _publish_articles(archive, former, former, [*kept, *new], lambda: former.encoder, former.manifest.model)


def _refuse_copies(former: Archive, new: list[Article]) -> None:
    """A text that the archive has from another file, which is still there, is not added again under a new name."""
    held = {article.id: article.source_path for article in former.store.articles()}
    refusals = [
        Refusal(article.source_path, f"holds the same text as {path}, which is in the archive", "leave it out")
        for article in new
        if (path := held.get(article.id)) not in (None, article.source_path) and Path(str(path)).is_file()
    ]
    if refusals:
        raise SourcesRefusedError(refusals)


def remove(archive: Path, article_ids: Sequence[str]) -> Change:
    """Remove the articles `article_ids`.

    Raises:
        ArchiveError: one of them is not in the archive; nothing is removed then.
    """
    with writer_lock(_existing(archive)):
        former = Archive.open(archive)
        articles = list(former.store.articles())
        unknown = sorted(set(article_ids) - {article.id for article in articles})
        if unknown:
            raise ArchiveError(
                f"not in the archive: {', '.join(unknown)}", "list the ids with: python -m index info --articles"
            )
        kept = [article for article in articles if article.id not in article_ids]
        return _publish_articles(archive, former, former, kept, lambda: former.encoder, former.manifest.model)


def _existing(archive: Path) -> Path:
    """`archive`, which must be there: adding must not leave an empty folder behind a mistyped name."""
    Archive.open(archive)
    return archive


def _former(archive: Path) -> Archive | None:
    """What stands at `archive` and can be read; a build does not need it."""
    try:
        former = Archive.open(archive)
        for _ in former.store.articles():
            pass  # each is checked as it is read
        return former
    except (ArchiveMissingError, ArchiveDamagedError, ArchiveMismatchError):
        return None


def _made_alike(manifest: Manifest, encoder: Encoder) -> bool:
    if manifest.passage_size != PASSAGE_SIZE or manifest.model.name != encoder.name:
        return False
    try:
        require_same(manifest.model, encoder)
    except ArchiveMismatchError:
        return False
    return True


def _publish_articles(
    archive: Path,
    former: Archive | None,
    reusable: Archive | None,
    articles: list[Article],
    open_model: Callable[[], Encoder],
    identity: Identity,
) -> Change:
    """Publish an archive of `articles`, taking over from `reusable` what is unchanged."""
    articles = sorted(articles, key=lambda article: (article.source_file, article.id))
    identifier = index_id(articles, identity)
    if reusable is not None and list(reusable.store.articles()) == articles:
        return Change((), (), (), len(articles), False, reusable.manifest)
    with building_folder(archive) as folder:
        store = _write_store(folder, reusable, articles, open_model)
        manifest = _write_indexes(folder, store, identifier, identity)
        publish(archive, folder, identifier)
    before = {article.id: article for article in former.store.articles()} if former is not None else {}
    return _compared(before, {article.id: article for article in articles}, manifest)


def _compared(before: dict[str, Article], now: dict[str, Article], manifest: Manifest) -> Change:
    paths_before = {article.source_path for article in before.values()}
    paths_now = {article.source_path for article in now.values()}
    fresh = [article for i, article in now.items() if i not in before]
    # A file that merely lies elsewhere now is not a change.
    changed = [i for i, a in now.items() if i in before and replace(before[i], source_path=a.source_path) != a]
    added = [article.id for article in fresh if article.source_path not in paths_before]
    updated = [article.id for article in fresh if article.source_path in paths_before] + changed
    removed = [i for i, article in before.items() if i not in now and article.source_path not in paths_now]
    unchanged = len(now) - len(added) - len(updated)
    return Change(tuple(added), tuple(updated), tuple(removed), unchanged, True, manifest)


def _write_store(
    folder: Path, reusable: Archive | None, articles: list[Article], open_model: Callable[[], Encoder]
) -> Store:
    """The database of `articles`: the former one changed where there is one, else a new one."""
    path = folder / DATABASE
    if reusable is None:
        store = Store.create(path)
        store.put_invented(encode_invented(open_model()))
        _embed(store, articles, open_model)
        return store
    shutil.copyfile(reusable.folder / DATABASE, path)
    store = Store.copied(path)
    wanted = {article.id: article for article in articles}
    for before in reusable.store.articles():
        now = wanted.pop(before.id, None)
        if now == before:
            continue
        store.remove(before.id)
        if now is not None and now.exclusions == before.exclusions:
            # Other metadata, same words: the vectors stay.
            store.add(now, *reusable.store.drafts(before.id), _speech(now))
        elif now is not None:
            wanted[now.id] = now
    _embed(store, [article for article in articles if article.id in wanted], open_model)
    return store


def _embed(store: Store, articles: list[Article], open_model: Callable[[], Encoder]) -> None:
    """Store `articles` with the vectors of their passages and sentences."""
    if not articles:
        return
    encoder = open_model()
    drafts = [split_passages(article.text, [e.span for e in article.exclusions]) for article in articles]
    total = sum(1 + len(draft.sentences) for cut in drafts for draft in cut)
    with progress("embedding", total) as bar:
        for at in range(0, len(articles), _GROUP):
            group = list(zip(articles[at : at + _GROUP], drafts[at : at + _GROUP], strict=True))
            texts = [
                [span.of(article.text) for draft in cut for span in (draft.span, *draft.sentences)]
                for article, cut in group
            ]
            vectors = encoder.encode_passages([text for part in texts for text in part], bar.update)
            first = 0
            for (article, cut), part in zip(group, texts, strict=True):
                store.add(article, cut, vectors[first : first + len(part)], _speech(article))
                first += len(part)


def _speech(article: Article) -> tuple[DirectQuote, ...]:
    return extract(article.id, article.text, article.language, [e.span for e in article.exclusions])


def _write_indexes(folder: Path, store: Store, identifier: str, identity: Identity) -> Manifest:
    """Derive the vector and term indexes from `store`, close it, and write the manifest."""
    passages, sentences = (_vector_index(store, table, identity.dimension) for table in ("passages", "sentences"))
    passages.save(folder / PASSAGES)
    sentences.save(folder / SENTENCES)
    articles = {article.id: article for article in store.articles()}
    rows: dict[int, list[Sentence]] = {}
    for sentence in store.sentences([passage.id for passage in store.passages()]):
        rows.setdefault(sentence.passage_id, []).append(sentence)
    (folder / TERMS).mkdir()
    TantivyIndex.build(
        folder / TERMS,
        (
            (passage.id, article.id, [passage_terms(text, article.language) for text in (article.title or "", *texts)])
            for passage in store.passages()
            for article in [articles[passage.article_id]]
            for texts in [[sentence.span.of(article.text) for sentence in rows[passage.id]]]
        ),
    )
    counts = {table: store.count(table) for table in ("articles", "passages", "sentences", "direct_quotes")}
    floors = measure_floor(store.invented(), sentences)
    store.close()
    created = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    manifest = Manifest(
        SCHEMA, identifier, created, identity, PASSAGE_SIZE, **counts, floors=floors, files=checksums(folder)
    )
    manifest.write(folder)
    return manifest


def _vector_index(store: Store, table: str, dimension: int) -> FaissIndex:
    ids, vectors = store.vectors(table)
    return FaissIndex.of(ids, vectors.reshape(len(ids), dimension))
