"""Building, adding and removing: each writes a whole new generation aside and publishes it in one step."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from index.archive import Archive
from index.changes import Change, compared
from index.encoder import BUNDLED, Encoder, Identity, Precision, identify, open_encoder, require_same
from index.errors import ArchiveError, ArchiveMismatchError
from index.generation import write_indexes, write_store
from index.held import Held, held_in, kept_beside, without_copies
from index.inclusions import carried, exclude, include
from index.ingest import Intake, read_sources
from index.manifest import Manifest, index_id
from index.passages import PASSAGE_SIZE
from index.progress import Bars, progress
from index.publish import building_folder, current_generation, publish, writer_lock
from index.records import Article, Span
from index.sketches import Sketches
from index.sources import Choice


def build(
    archive: Path,
    sources: Sequence[Path],
    model: str = BUNDLED,
    *,
    precision: Precision | None = None,
    choice: Choice | None = None,
    dry_run: bool = False,
) -> Change:
    """Make `archive` hold exactly the articles under `sources`. Unchanged articles are not embedded again.

    `precision` is the archive's own where it says none, and of a new archive the one that is fastest here.
    Of a file that cannot be read now, the archive keeps what it read before. With `dry_run` nothing is written.

    Raises:
        VirgolettatoError: the sources, the model or the folder cannot be used; the former archive stays as it was.
    """
    intake = read_sources(sources, choice)
    lost = {os.path.realpath(refusal.path) for refusal in intake.refusals}

    def arranged(held: Held) -> tuple[list[Article], Sketches]:
        known = {article.id for article in intake.articles}
        kept = [article for article in held.articles if article.source_path in lost and article.id not in known]
        return held.arranged([*kept, *carried(intake.articles, held.articles)])

    if dry_run:
        held = held_in(archive)
        return compared(held.articles, arranged(held)[0], intake, None, published=False)
    with writer_lock(archive):
        held = held_in(archive)
        return _build(archive, held, *arranged(held), model, precision, intake)


def build_articles(
    archive: Path, articles: list[Article], model: str = BUNDLED, precision: Precision | None = None
) -> Change:
    """Make `archive` hold exactly `articles`, whose ids differ, as they are; for texts that are not files."""
    with writer_lock(archive):
        return _build(archive, held_in(archive), articles, Sketches(), model, precision, None)


def _build(
    archive: Path,
    held: Held,
    articles: list[Article],
    sketches: Sketches,
    model: str,
    precision: Precision | None,
    intake: Intake | None,
) -> Change:
    encoder = open_encoder(model)
    former = held.archive
    reusable = former if former is not None and _made_alike(former.manifest, encoder, precision) else None
    if precision is None:
        precision = encoder.fastest() if reusable is None else reusable.manifest.model.precision
    identity = identify(encoder, precision)
    return _publish_articles(archive, held, reusable, articles, sketches, lambda: encoder, identity, intake)


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
    with contextlib.nullcontext() if dry_run else _changing(archive):
        former = Archive.open(archive, open_model)
        if model is not None and model != former.manifest.model.name:
            raise ArchiveMismatchError(
                f"the archive was made with the model {former.manifest.model.name}, not {model}",
                f"leave out --model, or build it again: python -m index build --model {model}",
            )
        held = Held(former, list(former.store.articles()))
        intake = without_copies(held.articles, intake)
        new = carried(intake.articles, held.articles)
        articles, sketches = held.arranged([*kept_beside(held.articles, new), *new])
        if dry_run:
            return compared(held.articles, articles, intake, None, published=False)
        return _rearrange(archive, former, held, articles, sketches, intake, bars)


def remove(archive: Path, article_ids: Sequence[str], *, open_model: Callable[[str], Encoder] = open_encoder) -> Change:
    """Remove the articles `article_ids`; `open_model` as for :func:`add_intake`.

    Raises:
        ArchiveError: one of them is not in the archive; nothing is removed then.
    """
    with _changing(archive):
        former = Archive.open(archive, open_model)
        held = Held(former, list(former.store.articles()))
        _require(held.articles, article_ids)
        kept = [article for article in held.articles if article.id not in article_ids]
        return _rearrange(archive, former, held, *held.arranged(kept), None)


def change_exclusions(archive: Path, article_id: str, spans: Sequence[Span], *, undo: bool = False) -> Change:
    """Make what is excluded at `spans` of an article quotable again; with `undo`, exclude it as before.

    Raises:
        ArchiveError: there is no such article, or nothing to change at one of them; nothing is changed then.
    """
    with _changing(archive):
        former = Archive.open(archive)
        held = Held(former, list(former.store.articles()))
        _require(held.articles, [article_id])
        articles = list(held.articles)
        place = next(place for place, article in enumerate(articles) if article.id == article_id)
        for span in spans:
            articles[place] = (exclude if undo else include)(articles[place], span)
        return _rearrange(archive, former, held, *held.arranged(articles), None)


def _require(articles: Iterable[Article], article_ids: Iterable[str]) -> None:
    unknown = sorted(set(article_ids) - {article.id for article in articles})
    if unknown:
        raise ArchiveError(
            f"not in the archive: {', '.join(unknown)}", "list the ids with: python -m index info --articles"
        )


@contextlib.contextmanager
def _changing(archive: Path) -> Iterator[None]:
    """Be the writer of `archive`, which must be there: a mistyped name must not leave an empty folder behind."""
    current_generation(archive)
    with writer_lock(archive):
        yield


def _made_alike(manifest: Manifest, encoder: Encoder, precision: Precision | None) -> bool:
    if manifest.passage_size != PASSAGE_SIZE or manifest.model.name != encoder.name:
        return False
    if precision is not None and manifest.model.precision is not precision:
        return False
    try:
        require_same(manifest.model, encoder)
    except ArchiveMismatchError:
        return False
    return True


def _rearrange(
    archive: Path,
    former: Archive,
    held: Held,
    articles: list[Article],
    sketches: Sketches,
    intake: Intake | None,
    bars: Bars = progress,
) -> Change:
    """Publish `articles` in the place of those `held` in `former`, under its own model."""
    identity = former.manifest.model
    return _publish_articles(archive, held, former, articles, sketches, lambda: former.encoder, identity, intake, bars)


def _publish_articles(
    archive: Path,
    held: Held,
    reusable: Archive | None,
    articles: list[Article],
    sketches: Sketches,
    open_model: Callable[[], Encoder],
    identity: Identity,
    intake: Intake | None,
    bars: Bars = progress,
) -> Change:
    """Publish an archive of `articles`, taking over from `reusable` what is unchanged."""
    articles = sorted(articles, key=lambda article: (article.source_file, article.id))
    if reusable is not None and held.articles == articles:
        return compared(held.articles, articles, intake, reusable.manifest, published=False)
    identifier = index_id(articles, identity)
    with building_folder(archive) as folder:
        store = write_store(folder, reusable, held.articles, articles, open_model, identity.precision, bars)
        store.put_sketches(sketches.used)
        terms = None if reusable is None else reusable.terms
        manifest = write_indexes(folder, store, articles, terms, identifier, identity)
        publish(archive, folder, identifier)
    return compared(held.articles, articles, intake, manifest, published=True)
