"""What a row of a collection says besides its vector: whole numbers alone, so that no name stands in a condition.

A name that is filtered by, of an outlet, a language or a speaker, stands there as 63 bits of its SHA-256.
"""

from __future__ import annotations

import hashlib

from index.records import Article
from index.selection import Selection, day_number
from index.shared.engine import Field

FIELDS = (
    *map(Field, ("owner", "since", "until", "day", "language", "outlet")),
    Field("speakers", "numbers"),
)


def number_of(name: str | None) -> int:
    """The number that stands for `name`; 0 where it is not known."""
    if not name:
        return 0
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:8], "big") >> 1


def tags_of(article: Article) -> dict[str, int]:
    """What is filtered by, of an article."""
    return {
        "day": day_number(article.published) or 0,
        "language": number_of(article.language),
        "outlet": number_of(article.outlet),
    }


def living(generation: int) -> str:
    """The condition for what counts in `generation`."""
    return f"since <= {generation} and until > {generation}"


def condition(generation: int, selection: Selection | None) -> str | None:
    """The condition for what `selection` lets through in `generation`; None where it lets nothing through."""
    asked = [living(generation)]
    if selection is None:
        return asked[0]
    if selection.since:
        asked.append(f"day >= {day_number(selection.since)}")
    if selection.until:
        asked.append(f"day > 0 and day <= {day_number(selection.until)}")
    if selection.language:
        asked.append(f"language == {number_of(selection.language)}")
    if selection.outlets is not None:
        asked.append(f"outlet in {sorted(map(number_of, selection.outlets))}")
    if selection.speakers is not None:
        asked.append(f"array_contains_any(speakers, {sorted(map(number_of, selection.speakers))})")
    if selection.outlets == frozenset() or selection.speakers == frozenset():
        return None
    return " and ".join(asked)
