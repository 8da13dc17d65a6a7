"""Building, adding and removing: each writes a new generation aside and publishes it in one step."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.archive import Archive, LocalArchive
from index.arranging import Arrangement, arranged, placed
from index.changes import Change, compared, contents_after
from index.encoder import BUNDLED, Encoder, Precision, open_encoder
from index.errors import REDERIVE, ArchiveDamagedError, ArchiveError, ArchiveMismatchError, ArchiveMissingError
from index.generation import write_generation
from index.held import displaced, without_copies
from index.identity import Identity, identify, require_same
from index.inclusions import carried, exclude, include
from index.ingest import Intake, read_sources, reading_here
from index.manifest import Manifest
from index.passages import PASSAGE_SIZE
from index.progress import Bars, progress
from index.publish import building_folder, current_generation, publish, writer_lock
from index.records import Article, ExclusionKind, Span
from index.segmented import SegmentStore
from index.sources import Choice

if TYPE_CHECKING:
    from index.crew import Crew


def build(
    archive: Path,
    sources: Sequence[Path],
    model: str = BUNDLED,
    *,
    precision: Precision | None = None,
    choice: Choice | None = None,
    dry_run: bool = False,
    crew: Crew | None = None,
) -> Change:
    """Make `archive` hold exactly the articles under `sources`. Unchanged articles are not embedded again.

    A `crew` reads and embeds them, where there is one; what comes of it is the same.

    `precision` is the archive's own where it says none, and of a new archive the one that is fastest here.
    Of a file that cannot be read now, the archive keeps what it read before. With `dry_run` nothing is written.

    Raises:
        VirgolettatoError: the sources, the model or the folder cannot be used; the former archive stays as it was.
    """
    intake = read_sources(sources, choice, reading=crew.reading if crew else reading_here)
    lost = {os.path.realpath(refusal.path) for refusal in intake.refusals}

    def arrangement(former: LocalArchive | None, held: Sequence[Article]) -> Arrangement:
        known = {article.id for article in intake.articles}
        kept = [article for article in held if article.source_path in lost and article.id not in known]
        return _rearranged(former, held, [*kept, *carried(intake.articles, held)])

    if dry_run:
        former, held = _held_in(archive)
        change = arrangement(former, held)
        store = SegmentStore(()) if former is None else former.store
        contents = contents_after(store, change.before.values(), change.after.values())
        return compared(change.before, change.after, contents, intake, None, published=False)
    with writer_lock(archive):
        return _build(archive, arrangement, model, precision, intake, crew)


def build_articles(
    archive: Path, articles: list[Article], model: str = BUNDLED, precision: Precision | None = None
) -> Change:
    """Make `archive` hold exactly `articles`, whose ids differ, as they are; for texts that are not files."""
    with writer_lock(archive):
        return _build(archive, lambda _, held: placed(held, articles), model, precision, None)


def _build(
    archive: Path,
    arrangement: Callable[[LocalArchive | None, Sequence[Article]], Arrangement],
    model: str,
    precision: Precision | None,
    intake: Intake | None,
    crew: Crew | None = None,
) -> Change:
    """Publish what `arrangement` makes of an archive and its articles, or of these alone if it was made otherwise."""
    encoder = open_encoder(model)
    former, held = _held_in(archive)
    reusable = former if former is not None and _made_alike(former.manifest, encoder, precision) else None
    if precision is None:
        precision = encoder.fastest() if reusable is None else reusable.manifest.model.precision
    else:
        encoder.encode_passages([], precision=precision)  # refused before any work is done
    identity = identify(encoder, precision)
    if reusable is not None:
        change = arrangement(reusable, held)
        return _published(archive, reusable, change, lambda: encoder, identity, intake, crew=crew)
    change = arrangement(None, held)
    return _published(archive, None, change, lambda: encoder, identity, intake, before=held, crew=crew)


def _held_in(archive: Path) -> tuple[LocalArchive | None, list[Article]]:
    """What stands at `archive` and can be read, and its articles; a build does not need it."""
    try:
        former = Archive.open(archive)
        return former, list(former.store.articles())  # each is checked as it is read
    except (ArchiveMissingError, ArchiveDamagedError):
        return None, []
    except ArchiveMismatchError as error:
        if error.hint == REDERIVE:  # what can be taken over without embedding is not thrown away
            raise
        return None, []


def _rearranged(former: LocalArchive | None, held: Sequence[Article], articles: Sequence[Article]) -> Arrangement:
    """What is to be when the archive holds `articles` and no others; without `former`, of these alone."""
    if former is None:
        return arranged(SegmentStore(()), (), articles)
    plain = {article.id: _plain(article) for article in held}
    addresses = Counter(article.url for article in articles)
    # Which of several versions is the newest is not to depend on which one was held before.
    new = [a for a in articles if plain.get(a.id) != _plain(a) or (a.url is not None and addresses[a.url] > 1)]
    return arranged(former.store, plain.keys() - {article.id for article in articles}, new)


def _plain(article: Article) -> Article:
    """`article` without what other articles make of it."""
    own = tuple(one for one in article.exclusions if one.kind is not ExclusionKind.REPEATED)
    return replace(article, superseded_by=None, story=None, exclusions=own)


def add(
    archive: Path,
    sources: Sequence[Path],
    model: str | None = None,
    *,
    choice: Choice | None = None,
    dry_run: bool = False,
    crew: Crew | None = None,
) -> Change:
    """Add the articles under `sources`, read and embedded by a `crew` where there is one.

    One from a source that is already in the archive takes its former text's place. Where both have the same address,
    the former text is kept as an older version.

    Raises:
        ArchiveMissingError: there is no archive to add to.
        ArchiveMismatchError: `model` is not the archive's.
        VirgolettatoError: as for :func:`build`.
    """
    intake = read_sources(sources, choice, reading=crew.reading if crew else reading_here)
    return add_intake(archive, intake, model, dry_run=dry_run, crew=crew)


def add_intake(
    archive: Path,
    intake: Intake,
    model: str | None = None,
    *,
    dry_run: bool = False,
    open_model: Callable[[str], Encoder] = open_encoder,
    bars: Bars = progress,
    crew: Crew | None = None,
) -> Change:
    """Add what was read, as :func:`add` does; `open_model` opens the archive's model by its name."""
    with contextlib.nullcontext() if dry_run else _changing(archive):
        former = Archive.open(archive, open_model)
        if model is not None and model != former.manifest.model.name:
            raise ArchiveMismatchError(
                f"the archive was made with the model {former.manifest.model.name}, not {model}",
                f"leave out --model, or build it again: python -m index build --model {model}",
            )
        intake = without_copies(former.store, intake)
        new = carried(intake.articles, former.store.articles_with("id", [article.id for article in intake.articles]))
        change = arranged(former.store, displaced(former.store, new), new)
        if dry_run:
            return _compared(former, change, intake, None)
        return _changed(archive, former, change, intake, bars, crew)


def remove(archive: Path, article_ids: Sequence[str]) -> Change:
    """Remove the articles `article_ids`.

    Raises:
        ArchiveError: one of them is not in the archive; nothing is removed then.
    """
    with _changing(archive):
        former = Archive.open(archive)
        _held(former, article_ids)
        return _changed(archive, former, arranged(former.store, set(article_ids), ()), None)


def change_exclusions(archive: Path, article_id: str, spans: Sequence[Span], *, undo: bool = False) -> Change:
    """Make what is excluded at `spans` of an article quotable again; with `undo`, exclude it as before.

    Raises:
        ArchiveError: there is no such article, or nothing to change at one of them; nothing is changed then.
    """
    with _changing(archive):
        former = Archive.open(archive)
        (article,) = _held(former, [article_id])
        for span in spans:
            article = (exclude if undo else include)(article, span)
        return _changed(archive, former, arranged(former.store, (), [article]), None)


def compact(archive: Path) -> Manifest:
    """Write all that `archive` holds into one segment, without what was removed.

    Raises:
        ArchiveMissingError: there is no archive.
        ArchiveError: it cannot be read or written.
    """
    with _changing(archive):
        former = Archive.open(archive)
        if len(former.manifest.segments) == 1 and not former.manifest.segments[0].removed:
            return former.manifest
        nothing = Arrangement({}, {}, {}, {})
        return _publish(archive, former, nothing, lambda: former.encoder, former.manifest.model, compact=True)


def _held(archive: LocalArchive, article_ids: Iterable[str]) -> list[Article]:
    """The articles `article_ids`.

    Raises:
        ArchiveError: one of them is not there.
    """
    wanted = set(article_ids)
    articles = archive.store.articles_with("id", sorted(wanted))
    unknown = sorted(wanted - {article.id for article in articles})
    if unknown:
        raise ArchiveError(
            f"not in the archive: {', '.join(unknown)}", "list the ids with: python -m index info --articles"
        )
    return articles


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


def _changed(
    archive: Path,
    former: LocalArchive,
    change: Arrangement,
    intake: Intake | None,
    bars: Bars = progress,
    crew: Crew | None = None,
) -> Change:
    """Publish a `change` of `former`, under its own model."""
    return _published(
        archive, former, change, lambda: former.encoder, former.manifest.model, intake, bars=bars, crew=crew
    )


def _published(
    archive: Path,
    former: LocalArchive | None,
    change: Arrangement,
    open_model: Callable[[], Encoder],
    identity: Identity,
    intake: Intake | None,
    *,
    before: Iterable[Article] = (),
    bars: Bars = progress,
    crew: Crew | None = None,
) -> Change:
    """Publish `former`, or nothing, with a `change`; `before` is what an archive held that is not taken over from."""
    if former is not None and not change.changed and not change.replaced:
        return _compared(former, change, intake, former.manifest)
    manifest = _publish(archive, former, change, open_model, identity, bars=bars, crew=crew)
    if former is not None:
        return _compared(former, change, intake, manifest, published=True)
    contents = contents_after(SegmentStore(()), (), change.after.values())
    return compared({a.id: a for a in before}, change.after, contents, intake, manifest, published=True)


def _compared(
    former: LocalArchive,
    change: Arrangement,
    intake: Intake | None,
    manifest: Manifest | None,
    *,
    published: bool = False,
) -> Change:
    contents = contents_after(former.store, change.before.values(), change.after.values())
    return compared(change.before, change.after, contents, intake, manifest, published)


def _publish(
    archive: Path,
    former: LocalArchive | None,
    change: Arrangement,
    open_model: Callable[[], Encoder],
    identity: Identity,
    *,
    bars: Bars = progress,
    compact: bool = False,
    crew: Crew | None = None,
) -> Manifest:
    embed = crew.embedder(identity) if crew else None
    with building_folder(archive) as folder:
        manifest = write_generation(folder, former, change, open_model, identity, bars, embed=embed, compact=compact)
        publish(archive, folder, manifest.index_id)
    return manifest
