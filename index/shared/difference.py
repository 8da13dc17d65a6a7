"""What changed between what was published of an archive and what it is now."""

from __future__ import annotations

from dataclasses import dataclass

from index.archive import LocalArchive
from index.manifest import SUMS, Manifest, digest_of
from index.schema import VECTORS
from index.store import Store
from index.vectors import EXACT


@dataclass(frozen=True, slots=True)
class Difference:
    """A change, by articles.

    Attributes:
        gone: ids of articles that were published and are no longer, or are known otherwise.
        new: ids of articles that were not published as they are.
    """

    gone: tuple[str, ...]
    new: tuple[str, ...]


def difference(archive: LocalArchive, before: Manifest, published: Store) -> Difference | None:
    """What makes of `published`, whose manifest is `before`, what `archive` holds; None where they have no common past.

    Numbers are given to articles, passages and sentences once and in order, so what is not there under its number is
    new, and has a greater number than all there are. That everything else is the same, the sum of digests proves.
    """
    now = archive.manifest
    if (now.schema, now.model, now.passage_size) != (before.schema, before.model, before.passage_size):
        return None
    if any(grown(getattr(before, table)) != grown(getattr(now, table)) for table in VECTORS):
        return None
    here, there = archive.store.numbers(), published.numbers()
    new = {number: i for number, i in here.items() if there.get(number) != i}
    gone = {number: i for number, i in there.items() if here.get(number) != i}
    passages = archive.store.passage_ids(new.values())
    if min(new, default=before.given.articles + 1) <= before.given.articles:
        return None
    if min(passages, default=before.given.passages + 1) <= before.given.passages:
        return None
    digest = int(before.digest, 16) - digest_of(published.articles_with("id", gone.values()))
    digest += digest_of(archive.store.articles_with("id", new.values()))
    if digest % SUMS != int(now.digest, 16):
        return None
    return Difference(tuple(gone.values()), tuple(new.values()))


def grown(vectors: int) -> bool:
    """Whether so many vectors are searched through a graph, and not all compared."""
    return vectors > EXACT
