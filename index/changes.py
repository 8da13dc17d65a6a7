"""What a build, add or remove did to an archive, or would do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.ingest import Intake
from index.manifest import Manifest
from index.records import Article


@dataclass(frozen=True, slots=True)
class Change:
    """A change, by article.

    Attributes:
        added: ids of articles that are new.
        updated: ids of articles that took the place of another text from the same source or address, or of which
            something else is known now.
        removed: ids of articles that are no longer there, those replaced left out.
        unchanged: how many stayed as they were.
        published: False where nothing had to change, or nothing was to be written.
        intake: what was read, and what was not; None where nothing was to be read.
        articles: what the archive holds afterwards.
        manifest: the archive's; None where there is none, because nothing was to be written.
    """

    added: tuple[str, ...]
    updated: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    published: bool
    intake: Intake | None
    articles: tuple[Article, ...]
    manifest: Manifest | None


def compared(
    before: Iterable[Article], now: Iterable[Article], intake: Intake | None, manifest: Manifest | None, published: bool
) -> Change:
    """The change from the articles `before` to those `now`."""
    held = {article.id: article for article in before}
    holds = {article.id: article for article in now}
    former = {key for article in held.values() for key in _keys(article)}
    sources = {article.source for article in holds.values()}
    added: list[str] = []
    updated: list[str] = []
    for i, article in holds.items():
        if i not in held:
            (updated if former.intersection(_keys(article)) else added).append(i)
        # A file that merely lies elsewhere now is not a change.
        elif replace(held[i], source_path=article.source_path, source_sha256=article.source_sha256) != article:
            updated.append(i)
    removed = [i for i, article in held.items() if i not in holds and article.source not in sources]
    unchanged = len(holds) - len(added) - len(updated)
    return Change(
        tuple(added), tuple(updated), tuple(removed), unchanged, published, intake, tuple(holds.values()), manifest
    )


def _keys(article: Article) -> list[object]:
    """What makes another text an update of `article`."""
    return [article.source] if article.url is None else [article.source, article.url]
