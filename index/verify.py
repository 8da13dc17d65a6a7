"""Checking an archive in full: every file, every span, every vector."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.archive import Archive, open_vectors
from index.candidates import open_places, places_of
from index.entries import direct_speech
from index.errors import REBUILD, REDERIVE, ArchiveError
from index.manifest import TERMS, Manifest, checksums, digest_of, index_id, mend_of
from index.numbered import SegmentNumbers, numbers_of
from index.publish import current_generation
from index.records import Article
from index.schema import DATABASE, VECTORS
from index.segment import stored_places, stored_rows
from index.segmented import SegmentStore
from index.store import Store
from index.terms import TantivyIndex, lines_in
from index.vectors import FaissIndex

_BLOCK = 65_536
"""Vectors checked at a time."""
_READ = 1_000
"""Passages whose terms are compared at a time."""
LENGTH = 1e-3
"""What a vector's length may differ from 1 by."""
_UPDATE = "the archive quotes it as it was read; to take it as it is now: python -m index add or remove"


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is wrong with an archive, and the command that mends it."""

    what: str
    mend: str


def verify(archive: Path) -> list[Damage]:
    """Everything that is wrong with the archive at `archive`; empty for a sound one.

    Raises:
        ArchiveError: there is no archive to check, or its manifest cannot be read.
    """
    folder = current_generation(archive)
    manifest = Manifest.read(folder)
    return list(_problems(folder, manifest))


def changed_sources(archive: Path) -> list[Damage]:
    """Articles whose file has changed or gone since it was read; the archive goes on quoting what it read.

    Raises:
        ArchiveError: there is no archive that can be read.
    """
    store = Archive.open(archive).store
    files: dict[str, list[Article]] = {}
    for article in store.articles():
        if Path(article.source_path).is_absolute():
            files.setdefault(article.source_path, []).append(article)
    found = []
    for path, articles in files.items():
        whose = f"article {articles[0].id}" if len(articles) == 1 else f"{len(articles)} articles"
        try:
            with open(path, "rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found.append(Damage(f"the file of {whose} is gone: {path}", _UPDATE))
            continue
        if any(article.source_sha256 != digest for article in articles):
            found.append(Damage(f"the file of {whose} has changed: {path}", _UPDATE))
    return found


def _problems(folder: Path, manifest: Manifest) -> Iterator[Damage]:
    """File by file first; what the files say is read only where all of them are as they were written."""
    found = checksums(folder)
    whole = True
    for name in sorted(manifest.files.keys() | found.keys()):
        if found.get(name) == manifest.files.get(name):
            continue
        whole = False
        if name not in found:
            yield Damage(f"{name} is missing", mend_of(name))
        elif name not in manifest.files:
            yield Damage(f"{name} does not belong to the archive", mend_of(name))
        else:
            yield Damage(f"{name} was altered", mend_of(name))
    if not whole:
        return
    try:
        segments = manifest.segments
        store = SegmentStore([(folder / segment.name, segment.removed) for segment in segments])
        stored = (f"{DATABASE}: {line}" for line in store.problems())
        for what in (*stored, *text_problems(store, manifest), *_speech_problems(store)):
            yield Damage(what, REBUILD)
        names = [segment.name for segment in segments]
        for table, vectors in open_vectors(folder, segments, store).items():
            for what in _vector_problems(folder, names, table, vectors):
                yield Damage(what, REDERIVE)
        for what in _candidate_problems(folder, names, manifest.passages):
            yield Damage(what, REDERIVE)
    except ArchiveError as error:
        yield Damage(str(error), error.hint)
    except ValueError as error:
        yield Damage(str(error), REBUILD)


def text_problems(store: Store, manifest: Manifest) -> Iterator[str]:
    """What is wrong with articles, passages and sentences."""
    articles = {article.id: article for article in store.articles()}
    digest = digest_of(articles.values())
    if (f"{digest:064x}", index_id(digest, manifest.model)) != (manifest.digest, manifest.index_id):
        yield f"the articles are not those of the archive {manifest.index_id}"
    for passage in store.passages():
        if passage.article_id not in articles:
            yield f"passage {passage.id} belongs to no article"
            continue
        article = articles[passage.article_id]
        sentences = [sentence.span for sentence in store.sentences([passage.id])]
        if not sentences or not all(passage.span.covers(span) for span in sentences):
            yield f"passage {passage.id} of article {article.id} does not hold its sentences"
        if passage.span.end > len(article.text) or any(
            exclusion.span.overlaps(passage.span) for exclusion in article.exclusions
        ):
            yield f"passage {passage.id} lies outside the text of article {article.id}"


def _speech_problems(store: Store) -> Iterator[str]:
    """The extraction follows from the text alone, so it can be made again and compared."""
    for article in store.articles():
        if store.direct_quotes([article.id]) != list(direct_speech(article)):
            yield f"the direct speech of article {article.id} is not what its text holds"


def _candidate_problems(folder: Path, names: Sequence[str], passages: int) -> Iterator[str]:
    """What is wrong with the full-text index, and with what scoring reads of passages."""
    terms = TantivyIndex.open(folder / TERMS)
    if len(terms) != passages:
        yield f"{TERMS} holds {len(terms)} passages, the database {passages}"
    for name in names:
        stored = np.concatenate([places_of(()), *stored_places(folder / name)])
        if not np.array_equal(open_places(folder / name, len(stored)), stored):
            yield f"{name}/passages.places.npy holds other places than the database"
        if not _same_terms(folder / name, terms):
            yield f"{name} holds other terms than {TERMS}"


def _same_terms(folder: Path, terms: TantivyIndex) -> bool:
    """Whether the segment in `folder` has by number the terms that the full-text index has of its passages."""
    ids, _ = stored_rows(folder, VECTORS[0])
    numbered = SegmentNumbers.open(folder, len(ids))
    for at in range(0, len(ids), _READ):
        part = ids[at : at + _READ].tolist()
        lines = terms.lines(part)  # of those that are not removed
        for i, numbers in zip(part, numbered.of(np.arange(at, at + len(part))), strict=True):
            if i in lines and not np.array_equal(numbers, numbers_of(lines_in(lines[i]))):
                return False
    return True


def _vector_problems(folder: Path, names: Sequence[str], table: str, index: FaissIndex) -> Iterator[str]:
    for name, vectors in zip(names, index.segments, strict=True):
        if not np.array_equal(stored_rows(folder / name, table), (vectors.ids, vectors.owners)):
            yield f"{name}/{table}.rows.npy holds other ids than the database"
        if not vectors.is_indexed():
            yield f"{name}/{table}.faiss holds other vectors than {table}.npy"
        for at in range(0, len(vectors.ids), _BLOCK):
            lengths = np.linalg.norm(vectors.matrix[at : at + _BLOCK], axis=1)
            for i in vectors.ids[at : at + _BLOCK][np.abs(lengths - 1) > LENGTH].tolist():
                yield f"the vector of {table} {i} is not of length 1"
