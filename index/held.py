"""What an archive holds before a change, and the articles there are afterwards, seen together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.archive import Archive
from index.errors import ArchiveDamagedError, ArchiveMismatchError, ArchiveMissingError
from index.ingest import Intake, copy_refusal
from index.records import Article
from index.repetition import with_repeated
from index.sketches import Sketches
from index.sources import STANDARD_INPUT
from index.stories import with_stories, with_versions


@dataclass(frozen=True, slots=True)
class Held:
    """What stands before a change: the archive, where one can be read, and its articles."""

    archive: Archive | None
    articles: list[Article]

    def arranged(self, articles: Sequence[Article]) -> tuple[list[Article], Sketches]:
        """`articles` arranged, and the sketches of all of them, those the archive keeps not made again."""
        sketches = Sketches({} if self.archive is None else self.archive.store.sketches())
        return arrange(articles, sketches), sketches


def held_in(archive: Path) -> Held:
    """What stands at `archive` and can be read; a build does not need it."""
    try:
        former = Archive.open(archive)
        return Held(former, list(former.store.articles()))  # each is checked as it is read
    except (ArchiveMissingError, ArchiveDamagedError, ArchiveMismatchError):
        return Held(None, [])


def arrange(articles: Sequence[Article], sketches: Sketches | None = None) -> list[Article]:
    """`articles` with what only all of them together show: versions, stories, and what is repeated.

    Of versions that say no date the last in order is the newest.
    """
    return with_repeated(with_stories(with_versions(articles), sketches or Sketches()))


def kept_beside(held: Iterable[Article], new: Sequence[Article]) -> list[Article]:
    """What the archive goes on holding beside `new`."""
    known = {article.id for article in new}
    now = {article.source: article for article in new}
    return [
        article
        for article in held
        if article.id not in known
        and (article.source not in now or (article.url is not None and now[article.source].url == article.url))
    ]


def without_copies(held: Iterable[Article], intake: Intake) -> Intake:
    """A text that the archive has from another file, which is still there, is not added again under a new name.

    What came from standard input is there for good: nobody can look whether it went.
    """
    texts = {article.id: article for article in held}
    copies = {
        article.id: copy_refusal(article, twin)
        for article in intake.articles
        if (twin := texts.get(article.id)) is not None
        and twin.source != article.source
        and (twin.source_path == str(STANDARD_INPUT) or Path(twin.source_path).is_file())
    }
    kept = tuple(article for article in intake.articles if article.id not in copies)
    return replace(intake, articles=kept, duplicates=(*intake.duplicates, *copies.values()))
