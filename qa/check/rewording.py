"""Other wordings and translations of the same words, by meaning."""

from __future__ import annotations

from dataclasses import dataclass

from index.archive import Archive
from index.records import Article, DirectQuote, Span
from qa.check.drafts import Given


@dataclass(frozen=True, slots=True)
class Rewording:
    """A sentence or direct speech that says about the same."""

    article: Article
    span: Span
    speech: DirectQuote | None
    score: float


class Rewordings:
    """Finds them in an archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def of(self, given: Given, quoted: str) -> list[Rewording]:
        """None yet."""
        return []
