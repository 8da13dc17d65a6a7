"""What an archive holds beside what is added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from index.ingest import Intake, copy_refusal
from index.records import Article
from index.sources import STANDARD_INPUT
from index.store import Store


def displaced(store: Store, new: Sequence[Article]) -> set[str]:
    """The ids of the articles in `store` that go because another text comes from the same place.

    One with the same address stays, as an older version.
    """
    known = {article.id for article in new}
    now = {article.source: article for article in new}
    return {
        article.id
        for article in store.articles_with("source_file", sorted({article.source_file for article in new}))
        if article.id not in known
        and article.source in now
        and (article.url is None or now[article.source].url != article.url)
    }


def without_copies(store: Store, intake: Intake) -> Intake:
    """A text that the archive has from another file, which is still there, is not added again under a new name.

    What came from standard input is there for good: nobody can look whether it went.
    """
    texts = {article.id: article for article in store.articles_with("id", [article.id for article in intake.articles])}
    copies = {
        article.id: copy_refusal(article, twin)
        for article in intake.articles
        if (twin := texts.get(article.id)) is not None
        and twin.source != article.source
        and (twin.source_path == str(STANDARD_INPUT) or Path(twin.source_path).is_file())
    }
    kept = tuple(article for article in intake.articles if article.id not in copies)
    return replace(intake, articles=kept, duplicates=(*intake.duplicates, *copies.values()))
