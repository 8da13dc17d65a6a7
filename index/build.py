"""Building, adding and removing: each writes a whole new generation aside and publishes it in one step."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from index.archive import Archive
from index.changes import Change, compared
from index.encoder import BUNDLED, Encoder, Identity, identify, open_encoder, require_same
from index.errors import ArchiveDamagedError, ArchiveError, ArchiveMismatchError, ArchiveMissingError
from index.generation import write_indexes, write_store
from index.ingest import Intake, copy_refusal, read_sources
from index.manifest import Manifest, index_id
from index.passages import PASSAGE_SIZE
from index.progress import Bars, progress
from index.publish import building_folder, publish, writer_lock
from index.records import Article
from index.repetition import with_repeated
from index.sources import Choice
from index.stories import with_stories, with_versions


def build(
    archive: Path,
    sources: Sequence[Path],
    model: str = BUNDLED,
    *,
    choice: Choice | None = None,
    dry_run: bool = False,
) -> Change:
    """Make `archive` hold exactly the articles under `sources`. Unchanged articles are not embedded again.

    Of a file that cannot be read now, the archive keeps what it read before. With `dry_run` nothing is written.

    Raises:
        VirgolettatoError: the sources, the model or the folder cannot be used; the former archive stays as it was.
    """
    intake = read_sources(sources, choice)
    lost = {os.path.realpath(refusal.path) for refusal in intake.refusals}

    def arranged(former: Archive | None) -> list[Article]:
        held = [] if former is None else list(former.store.articles())
        known = {article.id for article in intake.articles}
        return arrange([*(a for a in held if a.source_path in lost and a.id not in known), *intake.articles])

    if dry_run:
        former = _former(archive)
        held = [] if former is None else list(former.store.articles())
        return compared(held, arranged(former), intake, None, published=False)
    with writer_lock(archive):
        former = _former(archive)
        return _build(archive, former, arranged(former), model, intake)


def build_articles(archive: Path, articles: list[Article], model: str = BUNDLED) -> Change:
    """Make `archive` hold exactly `articles`, whose ids differ, as they are; for texts that are not files."""
    with writer_lock(archive):
        return _build(archive, _former(archive), articles, model, None)


def _build(archive: Path, former: Archive | None, articles: list[Article], model: str, intake: Intake | None) -> Change:
    encoder = open_encoder(model)
    identity = identify(encoder)
    reusable = former if former is not None and _made_alike(former.manifest, encoder) else None
    return _publish_articles(archive, former, reusable, articles, lambda: encoder, identity, intake)


def add(
    archive: Path,
    sources: Sequence[Path],
    model: str | None = None,
    *,
    choice: Choice | None = None,
    dry_run: bool = False,
) -> Change:
    """Add the articles under `sources`.

    One from a source that is already in the archive takes its former text's place. Where both have the same address,
    the former text is kept as an older version.

    Raises:
        ArchiveMissingError: there is no archive to add to.
        ArchiveMismatchError: `model` is not the archive's.
        VirgolettatoError: as for :func:`build`.
    """
    return add_intake(archive, read_sources(sources, choice), model, dry_run=dry_run)


def add_intake(
    archive: Path,
    intake: Intake,
    model: str | None = None,
    *,
    dry_run: bool = False,
    open_model: Callable[[str], Encoder] = open_encoder,
    bars: Bars = progress,
) -> Change:
    """Add what was read, as :func:`add` does; a process that has the archive's model open gives it by `open_model`."""
    _existing(archive)
    with contextlib.nullcontext() if dry_run else writer_lock(archive):
        former = Archive.open(archive, open_model)
        if model is not None and model != former.manifest.model.name:
            raise ArchiveMismatchError(
                f"the archive was made with the model {former.manifest.model.name}, not {model}",
                f"leave out --model, or build it again: python -m index build --model {model}",
            )
        held = list(former.store.articles())
        intake = _without_copies(held, intake)
        articles = arrange([*_kept(held, intake.articles), *intake.articles])
        if dry_run:
            return compared(held, articles, intake, None, published=False)
        return _publish_articles(
            archive, former, former, articles, lambda: former.encoder, former.manifest.model, intake, bars
        )


def _kept(held: Iterable[Article], new: Sequence[Article]) -> list[Article]:
    """What the archive goes on holding beside `new`."""
    known = {article.id for article in new}
    now = {article.source: article for article in new}
    return [
        article
        for article in held
        if article.id not in known
        and (article.source not in now or (article.url is not None and now[article.source].url == article.url))
    ]


def _without_copies(held: Iterable[Article], intake: Intake) -> Intake:
    """A text that the archive has from another file, which is still there, is not added again under a new name."""
    texts = {article.id: article for article in held}
    copies = {
        article.id: copy_refusal(article, twin)
        for article in intake.articles
        if (twin := texts.get(article.id)) is not None
        and twin.source != article.source
        and Path(twin.source_path).is_file()
    }
    kept = tuple(article for article in intake.articles if article.id not in copies)
    return replace(intake, articles=kept, duplicates=(*intake.duplicates, *copies.values()))


def arrange(articles: Sequence[Article]) -> list[Article]:
    """`articles` with what only all of them together show: versions, stories, and what is repeated.

    Of versions that say no date the last in order is the newest.
    """
    return with_repeated(with_stories(with_versions(articles)))


def remove(archive: Path, article_ids: Sequence[str], *, open_model: Callable[[str], Encoder] = open_encoder) -> Change:
    """Remove the articles `article_ids`; `open_model` as for :func:`add_intake`.

    Raises:
        ArchiveError: one of them is not in the archive; nothing is removed then.
    """
    with writer_lock(_existing(archive)):
        former = Archive.open(archive, open_model)
        articles = list(former.store.articles())
        unknown = sorted(set(article_ids) - {article.id for article in articles})
        if unknown:
            raise ArchiveError(
                f"not in the archive: {', '.join(unknown)}", "list the ids with: python -m index info --articles"
            )
        kept = arrange([article for article in articles if article.id not in article_ids])
        return _publish_articles(archive, former, former, kept, lambda: former.encoder, former.manifest.model, None)


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
    intake: Intake | None,
    bars: Bars = progress,
) -> Change:
    """Publish an archive of `articles`, taking over from `reusable` what is unchanged."""
    articles = sorted(articles, key=lambda article: (article.source_file, article.id))
    held = [] if former is None else list(former.store.articles())
    if reusable is not None and held == articles:
        return compared(held, articles, intake, reusable.manifest, published=False)
    identifier = index_id(articles, identity)
    with building_folder(archive) as folder:
        store = write_store(folder, reusable, articles, open_model, bars)
        manifest = write_indexes(folder, store, identifier, identity)
        publish(archive, folder, identifier)
    return compared(held, articles, intake, manifest, published=True)
