"""A data set's documents as an archive: indexed once, used again while they are the same."""

from __future__ import annotations

import hashlib
from pathlib import Path

from index.archive import Archive
from index.build import build_articles
from index.encoder import BUNDLED
from index.errors import ArchiveMismatchError, ArchiveMissingError
from index.ingest import read_sources
from index.language import detect_language
from index.opening import open_archive
from index.records import Article
from index.settings import Place
from qa.evaluation.records import Dataset, DatasetError, DatasetKind, Document


def archive_of(dataset: Dataset, path: Path, sources: Path, model: str | None) -> Archive:
    """The archive at `path` with the documents of `dataset`; built or brought up to date for a BEIR folder.

    Args:
        dataset: the data set.
        path: the archive's folder.
        sources: where the files of a gold set lie.
        model: for a new archive; None takes the one it was made with, or the bundled one.

    Raises:
        ArchiveMismatchError: the archive was made with another model.
        DatasetError: the archive exists and holds other articles than the data set's.
        VirgolettatoError: it cannot be built or opened.
    """
    try:
        former = Archive.open(path)
    except ArchiveMissingError:
        former = None
    if former is not None and model not in (None, former.manifest.model.name):
        raise ArchiveMismatchError(
            f"the archive at {path} was made with the model {former.manifest.model.name}, not {model}",
            "leave out --model, or name another folder with --archive",
        )
    model = model or (former.manifest.model.name if former else BUNDLED)
    articles = _articles(dataset, sources)
    if former is not None:
        _require_its_own(former, dataset, {article.id for article in articles})
    build_articles(path, articles, model)
    return Archive.open(path)


def published(dataset: Dataset, place: Place, sources: Path) -> Archive:
    """The archive that others read at `place`, where it holds the documents of `dataset`; see :func:`archive_of`.

    Raises:
        DatasetError: it holds other articles.
        ArchiveError: it cannot be opened.
    """
    archive = open_archive(place)
    _require_its_own(archive, dataset, {article.id for article in _articles(dataset, sources)})
    return archive


def _articles(dataset: Dataset, sources: Path) -> list[Article]:
    if dataset.kind is DatasetKind.GOLD:
        return read_sources([sources]).whole()
    return list({article.id: article for article in map(_article, dataset.documents)}.values())


def _require_its_own(archive: Archive, dataset: Dataset, wanted: set[str]) -> None:
    """An archive that holds anything but this data set belongs to somebody, and is not written over."""
    held = list(archive.store.articles())
    if dataset.kind is DatasetKind.GOLD:
        foreign = {article.id for article in held} ^ wanted
    else:
        # A corpus's document is its own source; an article from a file has a path.
        foreign = {
            article.id for article in held if article.id not in wanted or article.source_path != article.source_file
        }
    if foreign:
        raise DatasetError(
            f"the archive at {archive.place} does not hold the documents of {dataset.name} and nothing else",
            "name another folder with --archive, or leave it out for a temporary one",
        )


def document_names(dataset: Dataset) -> dict[str, list[str]]:
    """Article id to the ids of the documents that have its text; usually one."""
    names: dict[str, list[str]] = {}
    for document in dataset.documents:
        names.setdefault(_digest(document)[:16], []).append(document.id)
    return names


def _article(document: Document) -> Article:
    digest = _digest(document)
    return Article(
        id=digest[:16],
        text=document.text,
        title=document.title,
        outlet=None,
        author=None,
        published=None,
        language=detect_language(document.text),
        url=None,
        source_file=document.id,
        source_path=document.id,
        sha256=digest,
        source_sha256=digest,
    )


def _digest(document: Document) -> str:
    return hashlib.sha256(document.text.encode("utf-8")).hexdigest()
