"""Which articles may be found: what filters come to in one archive, alike for its database, vectors and terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selection:
    """What an article must be like, and a passage of it; None asks nothing.

    Attributes:
        since, until: first and last day of publication, ISO 8601; an article without a date is left out then.
        language: of the article, ISO 639-1.
        outlets: names, as they stand in the archive.
        speakers: names, likewise; only passages with direct speech of one of them are found.
    """

    since: str | None = None
    until: str | None = None
    language: str | None = None
    outlets: frozenset[str] | None = None
    speakers: frozenset[str] | None = None

    def conditions(self) -> tuple[str, list[str]]:
        """What it asks of an article, as an SQL condition on the table of articles and its values."""
        asked: list[tuple[str, Iterable[str]]] = []
        if self.since:
            asked.append(("substr(published, 1, 10) >= ?", [self.since]))
        if self.until:
            asked.append(("substr(published, 1, 10) <= ?", [self.until]))
        if self.language:
            asked.append(("language = ?", [self.language]))
        if self.outlets is not None:
            listed = f"outlet IN ({','.join('?' * len(self.outlets))})"
            asked.append((listed if self.outlets else "FALSE", sorted(self.outlets)))
        conditions = " AND ".join(condition for condition, _ in asked) or "TRUE"
        return conditions, [value for _, values in asked for value in values]


def day_number(published: str | None) -> int | None:
    """A day of publication as a number that grows with it: 20251024; None where there is none."""
    return None if published is None else int(published[:10].replace("-", "").ljust(8, "0"))
